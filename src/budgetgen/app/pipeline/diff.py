"""Two files → what differs, on the screen or in a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from budgetgen.app.pipeline.copies import copied
from budgetgen.app.pipeline.inputs import derived, last_of, unjudged
from budgetgen.app.pipeline.outputs import file_name, refuse_existing
from budgetgen.app.progress import begin
from budgetgen.app.reports import changes as report
from budgetgen.app.reports import settlement
from budgetgen.comparison import Changes, Side, Threshold, compare
from budgetgen.comparison.listings import listings
from budgetgen.comparison.opinions import NONE, Opinion, OpinionMark, Opinions, carried
from budgetgen.comparison.settlement import settled, settles
from budgetgen.reading.forms import is_word
from budgetgen.reading.opinions import read_entries
from budgetgen.values.amounts import NotANumberError
from budgetgen.values.findings import UnusableInputError
from budgetgen.writing.archive import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.comparison.settlement import SettledFigure
    from budgetgen.edition.declarations import Settlement
    from budgetgen.reading.cells import Raw
    from budgetgen.reading.workbook import Rereadable
    from budgetgen.values.places import FilePlace

CONTRADICTING = frozenset(
    {
        "sentence-differs",
        "sentence-share",
        "sentence-rate",
        "sentence-direction",
        "sentence-number",
        "sentence-prior",
        "text-small",
    }
)
LOOSE = frozenset({"paragraph-unplaced", "paragraph-reworded", "sentence-differs"})
"""The rules whose findings say what of the narrative no cell holds."""
TEXT = "text"
SUFFIXES = {".txt": TEXT, ".json": "json", ".xlsx": "xlsx", ".html": "html", ".docx": "docx"}
"""Which form a file has by its ending."""
NAME = "{}（与{}比较）"
SUBJECT = "在哪里"
"""The caption of what an opinion is about."""


@dataclass(frozen=True)
class Compared:
    """What a comparison did.

    Attributes:
        changes: what differs.
        written: the file, None where nothing was written.
        opinions: what was said of the differences before.
    """

    changes: Changes
    written: Path | None = None
    opinions: Opinions = NONE


@dataclass(frozen=True)
class Settled:
    """A budget beside the accounts of its year.

    Attributes:
        figures: of both.
        budget, accounts: the two files.
        written: the file, None where nothing was written.
    """

    figures: tuple[SettledFigure, ...]
    budget: Side
    accounts: Side
    written: Path | None = None


def diff(
    old: Path,
    new: Path,
    *,
    form: str = TEXT,
    output: Path | None = None,
    threshold: str | None = None,
    opinions: Path | None = None,
) -> Compared | Settled:
    """Compare two files, each a workbook or a published document, and write what differs.

    A budget and the accounts of its year are not compared but set side by side.

    Args:
        old: the earlier one.
        new: the later one.
        form: text, json, xlsx, html or docx.
        output: where it is written; by default text and JSON are not, the others in the current folder.
        threshold: from which a change is large: `10%`, or an amount in 万元; by default the new format's.
        opinions: what reviewers said of an earlier comparison.

    Raises:
        UnusableInputError: a file, the opinions or the threshold cannot be worked with, the old file is the later one, or the
            file to be written exists already.
    """
    target = output or (None if form in {TEXT, "json"} else Path(f"{_name(old, new)}.{form}"))
    if target:
        refuse_existing(target)
    sides = [derived(path) for path in (old, new)]
    begin("比较")
    old_side, new_side = map(side_of, sides)
    if declared := settles(old_side, new_side):
        return _settled(old_side, new_side, declared, form, target)
    if settles(new_side, old_side):
        problem = "前一个文件是决算，后一个是同一年的预算，次序反了"
        raise UnusableInputError(old, problem, "先写预算，后写决算")
    changes = compare(old_side, new_side, _threshold(threshold))
    if changes.old.year > changes.new.year:
        problem = f"前一个文件是 {changes.old.year} 年的，后一个是 {changes.new.year} 年的，次序反了"
        raise UnusableInputError(old, problem, "先写旧文件，后写新文件")
    said = _opinions(opinions, changes) if opinions else NONE
    if target:
        replace_file(target, _rendered(changes, sides[1], form, said))
    return Compared(changes, target, said)


def _settled(budget: Side, accounts: Side, declared: Settlement, form: str, target: Path | None) -> Settled:
    figures = settled(budget, accounts, declared)
    if form not in {TEXT, "json", "xlsx"}:
        problem = f"预决算对照不能写成 {form}"
        raise UnusableInputError(accounts.book.file, problem, "写成 .xlsx、.txt 或 .json")
    if target and form == "xlsx":
        from budgetgen.writing.changes.settlement import render_settlement  # noqa: PLC0415

        replace_file(target, render_settlement(figures, budget, accounts))
    elif target:
        told = (
            settlement.as_json(figures) if form == "json" else settlement.printed(figures, budget, accounts)
        )
        replace_file(target, f"{told}\n".encode("utf-8-sig" if form == TEXT else "utf-8"))
    return Settled(figures, budget, accounts, target)


def _opinions(path: Path, changes: Changes) -> Opinions:
    """What was said of the differences before, on those that there are now."""
    review = changes.new.edition.review
    mark, *captions = review.opinion
    given = []
    for entry in read_entries(path, (*review.opinion, SUBJECT)):
        if (known := OpinionMark.read(entry[mark])) is None:
            problem = f"“{mark}”列有“{entry[mark]}”，不是 diff 写的编号"
            raise UnusableInputError(path, problem, "恢复这一格，或清空后把意见写到对应的行")
        text, status, reviewer, date = (entry[caption] for caption in captions)
        given.append(Opinion(known, text, status, reviewer, date, entry[SUBJECT]))
    marks = [line.mark for one in listings(changes) for line in one.lines if line.mark]
    return carried(given, marks, review)


def side_of(checked: Checked) -> Side:
    """A file as one side of a comparison."""
    loose = (finding for finding in checked.findings if finding.rule in LOOSE)
    absent = last_of(checked).absent
    return Side(
        checked.book,
        checked.edition,
        absent,
        tuple(loose),
        checked.told,
        checked.paragraphs,
        checked.altered,
        frozenset(_contradicted(checked)),
        _Manuscript(checked.path, checked.manuscript) if checked.manuscript else None,
    )


@dataclass(frozen=True)
class _Manuscript:
    """A document as it may be compared with other words in it."""

    path: Path
    read: Rereadable

    def line(self, place: FilePlace) -> Sequence[Raw]:
        """The row of a table that a cell stands in."""
        return self.read.line(place)

    def side(self, instead: Mapping[FilePlace, str]) -> Side:
        """The document with other texts at some places."""
        return side_of(unjudged(self.path, self.read.again(instead)))


def _contradicted(checked: Checked) -> Iterator[FilePlace]:
    """Where paragraphs of a document say other figures than its tables do."""
    paragraphs = {place for place, _ in checked.paragraphs or ()}
    for finding in checked.findings:
        if finding.rule in CONTRADICTING:
            yield from (spot.place for spot in finding.spots if spot.place and spot.place in paragraphs)


def _threshold(text: str | None) -> Threshold | None:
    try:
        return None if text is None else Threshold.read(text)
    except NotANumberError as error:
        problem = "--threshold 不是百分比，也不是金额"
        raise UnusableInputError(text or "", problem, "写成 10% 或 50（万元）") from error


def _name(old: Path, new: Path) -> str:
    return file_name(NAME.format(new.stem, old.stem))


def _rendered(changes: Changes, new: Checked, form: str, said: Opinions) -> bytes:
    """The file; what a form needs is imported where it is asked for."""
    match form:
        case "xlsx":
            from budgetgen.writing.changes.workbook import render_changes  # noqa: PLC0415

            return render_changes(changes, said)
        case "html":
            from budgetgen.writing.changes.page import render_page  # noqa: PLC0415

            return render_page(changes, said)
        case "docx":
            return _commented(changes, new)
        case "json":
            return f"{report.as_json(changes)}\n".encode()
    return f"{report.printed(changes, everything=True)}\n".encode("utf-8-sig")


def _commented(changes: Changes, new: Checked) -> bytes:
    """The new document with comments; of a workbook or of a document that takes none, its draft."""
    from budgetgen.reading.document.blocks import blocks  # noqa: PLC0415
    from budgetgen.reading.document.reader import read_blocks  # noqa: PLC0415
    from budgetgen.saying.disclosure import compose  # noqa: PLC0415
    from budgetgen.writing.changes.comments import comments  # noqa: PLC0415
    from budgetgen.writing.document.writer import render_document  # noqa: PLC0415
    from budgetgen.writing.review.comments import commented  # noqa: PLC0415

    side = changes.new
    if is_word(new.path):
        data = copied(new)
    else:
        data = render_document(compose(side.book, side.edition, draft=True), side.edition)
    found = tuple(blocks(data))
    printed = read_blocks(new.path, found, side.edition.id).book
    return commented(data, comments(changes, found, printed))
