"""Two files → what differs, on the screen or in a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from budgetgen.app.pipeline.copies import copied
from budgetgen.app.pipeline.inputs import derived, last_of
from budgetgen.app.pipeline.outputs import file_name, refuse_existing
from budgetgen.app.reports import changes as report
from budgetgen.comparison import Changes, Side, Threshold, compare
from budgetgen.reading.document.blocks import blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.forms import is_word
from budgetgen.values.amounts import NotANumberError
from budgetgen.values.findings import UnusableInputError
from budgetgen.writing.archive import replace_file

if TYPE_CHECKING:
    from budgetgen.app.pipeline.inputs import Checked

LOOSE = frozenset({"paragraph-unplaced", "sentence-differs"})
"""The rules whose findings say what of the narrative no cell holds."""
TEXT = "text"
SUFFIXES = {".txt": TEXT, ".json": "json", ".xlsx": "xlsx", ".html": "html", ".docx": "docx"}
"""Which form a file has by its ending."""
NAME = "{}（与{}比较）"


@dataclass(frozen=True)
class Compared:
    """What a comparison did.

    Attributes:
        changes: what differs.
        written: the file, None where nothing was written.
    """

    changes: Changes
    written: Path | None = None


def diff(
    old: Path, new: Path, *, form: str = TEXT, output: Path | None = None, threshold: str | None = None
) -> Compared:
    """Compare two files, each a workbook or a published document, and write what differs.

    Args:
        old: the earlier one.
        new: the later one.
        form: text, json, xlsx, html or docx.
        output: where it is written; by default text and JSON are not, the others in the current folder.
        threshold: from which a change is large: `10%`, or an amount in 万元; by default the new format's.

    Raises:
        UnusableInputError: a file or the threshold cannot be worked with, the old file is the later one, or the
            file to be written exists already.
    """
    target = output or (None if form in {TEXT, "json"} else Path(f"{_name(old, new)}.{form}"))
    if target:
        refuse_existing(target)
    sides = [derived(path) for path in (old, new)]
    changes = compare(side_of(sides[0]), side_of(sides[1]), _threshold(threshold))
    if changes.old.year > changes.new.year:
        problem = f"前一个文件是 {changes.old.year} 年的，后一个是 {changes.new.year} 年的，次序反了"
        raise UnusableInputError(old, problem, "先写旧文件，后写新文件")
    if target:
        replace_file(target, _rendered(changes, sides[1], form))
    return Compared(changes, target)


def side_of(checked: Checked) -> Side:
    """A file as one side of a comparison."""
    loose = (finding.message for finding in checked.findings if finding.rule in LOOSE)
    return Side(checked.book, checked.edition, last_of(checked).absent, tuple(loose), checked.told)


def _threshold(text: str | None) -> Threshold | None:
    try:
        return None if text is None else Threshold.read(text)
    except NotANumberError as error:
        problem = "--threshold 不是百分比，也不是金额"
        raise UnusableInputError(text or "", problem, "写成 10% 或 50（万元）") from error


def _name(old: Path, new: Path) -> str:
    return file_name(NAME.format(new.stem, old.stem))


def _rendered(changes: Changes, new: Checked, form: str) -> bytes:
    """The file; what a form needs is imported where it is asked for."""
    match form:
        case "xlsx":
            from budgetgen.writing.changes.workbook import render_changes  # noqa: PLC0415

            return render_changes(changes)
        case "html":
            from budgetgen.writing.changes.page import render_page  # noqa: PLC0415

            return render_page(changes)
        case "docx":
            return _commented(changes, new)
        case "json":
            return f"{report.as_json(changes)}\n".encode()
    return f"{report.printed(changes, everything=True)}\n".encode("utf-8-sig")


def _commented(changes: Changes, new: Checked) -> bytes:
    """The new document with comments; of a workbook or of a document that takes none, its draft."""
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
