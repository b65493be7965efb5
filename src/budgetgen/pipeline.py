"""One readable function per command."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from pathvalidate import sanitize_filename

from budgetgen.checking import check
from budgetgen.derivation import derive
from budgetgen.disclosure import compose
from budgetgen.edition import EditionError, available, load
from budgetgen.findings import Severity, Spot, UnusableInputError
from budgetgen.priors import Last, differing, priors, with_priors
from budgetgen.reading.document import read_document
from budgetgen.reading.text import caption
from budgetgen.reading.workbook import read
from budgetgen.rolling import roll
from budgetgen.rules import told_rule
from budgetgen.writing.archive import make_folder, move_file, replace_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from budgetgen.declarations import Edition, Rule
    from budgetgen.findings import Finding
    from budgetgen.model import Book
    from budgetgen.reading.workbook import Reading
    from budgetgen.rolling import Rolled

DOCUMENT = ".docx"
COMPLETED = "（补全）"
DRAFT = "（草稿）"
ANEW = "（重新生成）"
OLD = "（旧{}）"
LONGEST_NAME = 180
"""In bytes: most systems take 255, and marks such as （草稿）（补全） follow."""
WORKBOOK_NAME = "{}年预算公开填报表.xlsx"
IMPORTED_NAME = "{}{}年填报表"
ABSENT = frozenset({"sheet-missing", "column-missing"})
"""The rules whose findings say that a table was not read."""


@dataclass(frozen=True)
class Checked:
    """A file that was read, derived and checked.

    Attributes:
        path: the file.
        book: derived.
        edition: its format.
        findings: of reading and of checking.
    """

    path: Path
    book: Book
    edition: Edition
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> bool:
        """Whether some finding stops a build."""
        return any(finding.severity == Severity.ERROR for finding in self.findings)

    @property
    def unit(self) -> str:
        """The unit's full name, empty where it is not given."""
        house = self.edition.house
        return str(self.book.cell(house.about, house.unit, house.value).value or "")

    @property
    def year(self) -> int | None:
        """The budget year, None where it is not given."""
        house = self.edition.house
        value = self.book.cell(house.about, house.year, house.value).value
        return int(value) if isinstance(value, Decimal) else None


@dataclass(frozen=True)
class Built:
    """What a build did.

    Attributes:
        checked: the input.
        written: the files written: document, completed workbook; none where errors stopped the build.
        kept: earlier files of the same name, as (name, new name).
    """

    checked: Checked
    written: tuple[Path, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()


def edition_of(name: str | None) -> Edition:
    """An edition by its id, the newest by default.

    Raises:
        UnusableInputError: no such edition.
    """
    try:
        return load(name or available()[0])
    except EditionError as error:
        raise UnusableInputError(name or "", str(error), "用 --edition 指定现有的版式") from error


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Attributes:
        checked: the published document, with the findings of reading only.
        written: the workbook.
    """

    checked: Checked
    written: Path


@dataclass(frozen=True)
class Followed:
    """What was made of last year's file.

    Attributes:
        last: last year's file, with the findings of reading only.
        rolled: next year's Book, and what has no place in it.
        written: the workbook.
    """

    last: Checked
    rolled: Rolled
    written: Path


def new(path: Path, *, edition: str | None = None, values: Mapping[str, str] | None = None) -> Path:
    """Write the blank workbook of an edition.

    Raises:
        UnusableInputError: the file exists already, or cannot be written.
    """
    from budgetgen.writing.workbook import render_workbook  # noqa: PLC0415 - only commands that write need it

    _refuse_existing(path)
    replace_file(path, render_workbook(edition_of(edition), values=values or {}))
    return path


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise UnusableInputError(path, "文件已经存在，没有覆盖", "换一个文件名，或先把原来的文件移走")


def follow(path: Path, *, edition: str | None = None, output: Path | None = None) -> Followed:
    """Write next year's workbook out of last year's file.

    Args:
        path: last year's workbook or published document.
        edition: the new format; by default that of the year after.
        output: the workbook; by default in the current folder.

    Raises:
        UnusableInputError: no later edition, the file cannot be worked with, or the workbook exists already.
    """
    from budgetgen.writing.workbook import render_workbook  # noqa: PLC0415 - only commands that write need it

    last = _derived(path)
    chosen = _following(last, edition)
    target = output or Path(WORKBOOK_NAME.format(chosen.edition.year))
    _refuse_existing(target)
    rolled = roll(_last(last), chosen)
    rolled = replace(rolled, findings=(*_gap(last, chosen), *rolled.findings))
    replace_file(target, render_workbook(chosen, derive(rolled.book, chosen)))
    return Followed(last, rolled, target)


def _following(last: Checked, wanted: str | None) -> Edition:
    """The edition after last year's: of the next year, else the newest that is later."""
    year = last.year or last.edition.edition.year
    known = [edition_of(wanted)] if wanted else [load(name) for name in available()]
    later = [
        e for e in known if e.edition.year > year and e.edition.region == last.edition.edition.region
    ] or [e for e in known if wanted and e.edition.year > year]
    if not later:
        years = "、".join(str(load(name).edition.year) for name in available())
        problem = f"这是 {year} 年的文件，没有比它更新的版式（{wanted or '现有年份：' + years}）"
        raise UnusableInputError(
            last.path, problem, "升级 budgetgen，或换成更早一年的文件，或用 --edition 指定以后年份的版式"
        )
    return min(later, key=lambda e: (e.edition.year != year + 1, -e.edition.year))


def _gap(last: Checked, chosen: Edition) -> Iterator[Finding]:
    year = last.year or last.edition.edition.year
    if chosen.edition.year != year + 1:
        message = f"去年文件是 {year} 年的，新填报表是 {chosen.edition.year} 年的"
        yield told_rule(chosen.rules["prior-gap"], message, ())


def import_document(path: Path, *, edition: str | None = None, output: Path | None = None) -> Imported:
    """Write the filled workbook of a published document.

    Args:
        path: the document.
        edition: its format; by default that of its year.
        output: the workbook; by default in the current folder.

    Raises:
        UnusableInputError: the document cannot be worked with, or the workbook exists already.
    """
    from budgetgen.writing.workbook import render_workbook  # noqa: PLC0415 - only commands that write need it

    if path.suffix.lower() != DOCUMENT:
        fix = f"给出 {DOCUMENT} 文件；填报表不用导入，直接 check 或 build"
        raise UnusableInputError(path, "不是 Word 公开文本", fix)
    checked = _derived(path, edition)
    name = _file_name(IMPORTED_NAME.format(checked.unit, checked.year or checked.edition.edition.year))
    target = output or Path(f"{name}.xlsx")
    _refuse_existing(target)
    replace_file(target, render_workbook(checked.edition, checked.book))
    return Imported(checked, target)


def export_template(path: Path, *, edition: str | None = None) -> Path:
    """Copy the Word template of an edition, for an office to restyle.

    Raises:
        UnusableInputError: the file exists already, or cannot be written.
    """
    from budgetgen.writing.document import default_template  # noqa: PLC0415 - only this command needs it

    if path.exists():
        raise UnusableInputError(path, "文件已经存在，没有覆盖", "换一个文件名，或先把原来的文件移走")
    replace_file(path, default_template(edition_of(edition).id).read_bytes())
    return path


def examine(path: Path, *, edition: str | None = None, prior: Path | None = None) -> Checked:
    """Read, derive and check a workbook or a published document.

    Args:
        path: the file.
        edition: its format; by default that which the file names.
        prior: last year's workbook or document: last year's figures are taken from it, and compared.

    Raises:
        UnusableInputError: a file cannot be worked with, or `prior` is not of the year before.
    """
    reading = _read(path, edition)
    return _checked(path, reading) if prior is None else _compared(path, reading, _derived(prior))


def _read(path: Path, edition: str | None) -> Reading:
    if edition:
        edition_of(edition)
    return read_document(path, edition) if path.suffix.lower() == DOCUMENT else read(path, edition)


def _derived(path: Path, edition: str | None = None) -> Checked:
    """A file that was read and derived; with the findings of reading only."""
    reading = _read(path, edition)
    return Checked(path, derive(reading.book, reading.edition), reading.edition, reading.findings)


def _checked(path: Path, reading: Reading) -> Checked:
    book = derive(reading.book, reading.edition)
    return Checked(path, book, reading.edition, (*reading.findings, *check(book, reading.edition)))


def _compared(path: Path, reading: Reading, last: Checked) -> Checked:
    """A file checked with last year's figures from last year's own file."""
    edition = reading.edition
    given = Checked(path, reading.book, edition, ())
    if given.year and last.year and last.year != given.year - 1:
        problem = (
            f"这是 {last.year} 年的文件；{path.name} 是 {given.year} 年的，上年数要取自 {given.year - 1} 年"
        )
        raise UnusableInputError(last.path, problem, f"--prior 换成 {given.year - 1} 年的文件")
    known = priors(_last(last), edition)
    checked = _checked(path, replace(reading, book=with_priors(reading.book, edition, known)))
    own = (*_other_unit(given, last), *differing(checked.book, edition, last.book.file, known))
    return replace(checked, findings=(*checked.findings, *own))


def _other_unit(given: Checked, last: Checked) -> Iterator[Finding]:
    if given.unit and caption(given.unit) != caption(last.unit):
        message = f"今年是“{given.unit}”，{last.path.name} 是“{last.unit}”"
        house = given.edition.house
        place = given.book.cell(house.about, house.unit, house.value).place
        where = Spot(house.about, house.unit, house.value, place, given.unit)
        yield told_rule(given.edition.rules["prior-unit"], message, (where,))


def _last(checked: Checked) -> Last:
    """Last year's file, with the tables that were not read in it."""
    absent = {spot.table for f in checked.findings if f.rule in ABSENT for spot in f.spots[:1]}
    return Last(checked.book, checked.edition, frozenset(absent))


def build(
    path: Path,
    folder: Path,
    *,
    draft: bool = False,
    edition: str | None = None,
    template: Path | None = None,
    prior: Path | None = None,
) -> Built:
    """Write the document and the completed copy of a workbook, or of a published document.

    Nothing is written where the input has errors, unless a draft is asked for. The input itself is never
    written to; a file of the same name that holds something else is kept under another name.

    Raises:
        UnusableInputError: the workbook, the template or the folder cannot be worked with.
    """
    from budgetgen.writing.document import render_document  # noqa: PLC0415 - only commands that write need it
    from budgetgen.writing.workbook import render_workbook  # noqa: PLC0415

    checked = examine(path, edition=edition, prior=prior)
    if checked.failed and not draft:
        return Built(checked)
    disclosure = compose(checked.book, checked.edition, draft=draft)
    stem = _file_name(disclosure.file) + (DRAFT if draft else "")
    document = _beside(path, folder / f"{stem}{DOCUMENT}", ANEW)
    copy = _beside(path, folder / f"{stem}{COMPLETED}.xlsx", COMPLETED)
    rendered = {
        document: render_document(disclosure, checked.edition, template),
        copy: render_workbook(checked.edition, checked.book),
    }
    make_folder(folder)
    kept = [told for target, data in rendered.items() for told in _save(target, data)]
    return Built(checked, (document, copy), tuple(kept))


def rule(name: str, *, edition: str | None = None) -> tuple[Rule, Edition]:
    """A rule by its id.

    Raises:
        UnusableInputError: no such rule.
    """
    from difflib import get_close_matches  # noqa: PLC0415 - only where the id is wrong

    declared = edition_of(edition)
    if name not in declared.rules:
        near = get_close_matches(name, declared.rules, n=1)
        fix = f"您是否指“{near[0]}”" if near else "规则的编号印在每条检查结果的第一行"
        raise UnusableInputError(name, "没有这个编号的规则", fix)
    return declared.rules[name], declared


def _beside(path: Path, target: Path, mark: str) -> Path:
    """Where a file is written: never over the input."""
    return target.with_stem(target.stem + mark) if target.exists() and target.samefile(path) else target


def _file_name(text: str) -> str:
    """A name that every system takes: no bidi marks, reserved names or separators; not too long."""
    name = str(sanitize_filename(text, replacement_text="_")).strip(" .")
    short = name.encode()[:LONGEST_NAME].decode(errors="ignore")
    return short or "预算公开"


def _save(path: Path, data: bytes) -> Iterator[tuple[str, str]]:
    """Write a file; what stood there and differs is kept under another name, which is told."""
    if path.is_file() and path.read_bytes() != data:
        old = next(p for n in count(1) if not (p := path.with_stem(path.stem + OLD.format(n))).exists())
        move_file(path, old)
        yield path.name, old.name
    replace_file(path, data)
