"""One readable function per command."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING

from pathvalidate import sanitize_filename

from budgetgen.checking import check
from budgetgen.derivation import derive
from budgetgen.disclosure import compose
from budgetgen.edition import EditionError, available, load
from budgetgen.findings import Severity, UnusableInputError
from budgetgen.reading.document import read_document
from budgetgen.reading.workbook import read
from budgetgen.writing.archive import make_folder, move_file, replace_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from budgetgen.declarations import Edition, Rule
    from budgetgen.findings import Finding
    from budgetgen.model import Book

DOCUMENT = ".docx"
COMPLETED = "（补全）"
DRAFT = "（草稿）"
OLD = "（旧{}）"
LONGEST_NAME = 80


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


def new(path: Path, *, edition: str | None = None, values: Mapping[str, str] | None = None) -> Path:
    """Write the blank workbook of an edition.

    Raises:
        UnusableInputError: the file exists already, or cannot be written.
    """
    from budgetgen.writing.workbook import render_workbook  # noqa: PLC0415 - only commands that write need it

    if path.exists():
        raise UnusableInputError(path, "文件已经存在，没有覆盖", "换一个文件名，或先把原来的文件移走")
    replace_file(path, render_workbook(edition_of(edition), values=values or {}))
    return path


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


def examine(path: Path, *, edition: str | None = None) -> Checked:
    """Read, derive and check a workbook.

    Raises:
        UnusableInputError: the file cannot be worked with.
    """
    if edition:
        edition_of(edition)
    reading = read_document(path, edition) if path.suffix.lower() == DOCUMENT else read(path, edition)
    book = derive(reading.book, reading.edition)
    return Checked(path, book, reading.edition, (*reading.findings, *check(book, reading.edition)))


def build(
    path: Path,
    folder: Path,
    *,
    draft: bool = False,
    edition: str | None = None,
    template: Path | None = None,
) -> Built:
    """Write the document and the completed copy of a workbook.

    Nothing is written where the workbook has errors, unless a draft is asked for. The workbook itself is never
    written to; a file of the same name that holds something else is kept under another name.

    Raises:
        UnusableInputError: the workbook, the template or the folder cannot be worked with.
    """
    from budgetgen.writing.document import render_document  # noqa: PLC0415 - only commands that write need it
    from budgetgen.writing.workbook import render_workbook  # noqa: PLC0415

    checked = examine(path, edition=edition)
    if checked.failed and not draft:
        return Built(checked)
    disclosure = compose(checked.book, checked.edition, draft=draft)
    stem = _file_name(disclosure.file) + (DRAFT if draft else "")
    document, copy = folder / f"{stem}.docx", folder / f"{stem}{COMPLETED}.xlsx"
    if copy.exists() and copy.samefile(path):
        copy = copy.with_stem(copy.stem + COMPLETED)
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


def _file_name(text: str) -> str:
    """A name that every system takes: no bidi marks, reserved names or separators; not too long."""
    name = str(sanitize_filename(text, replacement_text="_")).strip(" .")
    return name[:LONGEST_NAME] or "预算公开"


def _save(path: Path, data: bytes) -> Iterator[tuple[str, str]]:
    """Write a file; what stood there and differs is kept under another name, which is told."""
    if path.is_file() and path.read_bytes() != data:
        old = next(p for n in count(1) if not (p := path.with_stem(path.stem + OLD.format(n))).exists())
        move_file(path, old)
        yield path.name, old.name
    replace_file(path, data)
