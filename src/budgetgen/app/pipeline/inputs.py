"""Files in: read, derived and checked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from budgetgen.app.pipeline.asked import edition_of
from budgetgen.app.progress import begin
from budgetgen.book.derivation import derive
from budgetgen.book.facts import fact, year_of
from budgetgen.checking.checks import check
from budgetgen.checking.documents import of_document
from budgetgen.checking.explanations import explain
from budgetgen.checking.unread import ABSENT
from budgetgen.edition.declarations import META_SHEET
from budgetgen.localisation.culprits import Located
from budgetgen.reading.forms import is_document
from budgetgen.reading.workbook import opened, read
from budgetgen.values.findings import Finding, Severity, Spot, UnusableInputError
from budgetgen.values.sayings import saying
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from budgetgen.edition.declarations import Edition
    from budgetgen.reading.document.printed.altered import AlteredCaption
    from budgetgen.reading.secrets import CellSealer
    from budgetgen.reading.stored import StoredWorkbook
    from budgetgen.reading.workbook import Reading, Rereadable
    from budgetgen.values.model import Book
    from budgetgen.values.places import FilePlace
    from budgetgen.years.priors import Last


@dataclass(frozen=True)
class Checked:
    """A file that was read, derived and checked.

    Attributes:
        path: the file.
        book: derived.
        edition: its format.
        findings: of reading and of checking.
        located: the figures that are wrong, where relations are broken.
        seal: what knows its secret items; None where it tells of none.
        told: the statements that a document makes; None of a workbook.
        untouched: it is a workbook in which nobody has filled in anything but who the unit is.
        paragraphs: those of a document; None of a workbook.
        altered: the captions of a document's tables that its format has otherwise.
        manuscript: a document as it may be read again with other words; None of a workbook.
    """

    path: Path
    book: Book
    edition: Edition
    findings: tuple[Finding, ...]
    located: Located = field(default_factory=Located)
    seal: CellSealer | None = field(default=None, repr=False)
    told: frozenset[tuple[str, str]] | None = field(default=None, repr=False)
    untouched: bool = False
    paragraphs: tuple[tuple[FilePlace | None, str], ...] | None = field(default=None, repr=False)
    altered: tuple[AlteredCaption, ...] = field(default=(), repr=False)
    manuscript: Rereadable | None = field(default=None, repr=False)

    @property
    def absent(self) -> frozenset[str]:
        """The tables that were not read."""
        found = (spot for f in self.findings if f.rule in ABSENT for spot in f.spots[:1])
        return frozenset(spot.table for spot in found if not spot.column)

    @property
    def failed(self) -> bool:
        """Whether some finding stops a build."""
        return any(finding.severity == Severity.ERROR for finding in self.findings)

    @property
    def unit(self) -> str:
        """The unit's full name, empty where it is not given."""
        house = self.edition.house
        return fact(self.book, self.edition, house.unit)

    @property
    def year(self) -> int | None:
        """The budget year, None where it is not given."""
        return year_of(self.book, self.edition)


def examine(
    path: Path, *, edition: str | None = None, prior: Path | None = None, locating: bool = True
) -> Checked:
    """Read, derive and check a workbook or a published document.

    Args:
        path: the file.
        edition: its format; by default that which the file names.
        prior: last year's workbook or document: last year's figures are taken from it, and compared.
        locating: look for the figures that are wrong, where something is; it takes longest, and not all tell them.

    Raises:
        UnusableInputError: a file cannot be worked with, or `prior` is not of the year before.
    """
    reading = _read(path, edition)
    if prior is not None:
        checked = _compared(path, reading, derived(prior), locating=locating)
    else:
        checked = judged(path, reading, locating=locating)
    return replace(checked, findings=explain(checked.findings, checked.book, checked.edition))


def _read(path: Path, edition: str | None) -> Reading:
    begin(f"读取 {path.name}")
    if edition:
        edition_of(edition)
    if not is_document(path):
        workbook = opened(path)
        marked = META_SHEET in workbook.titles
        return read(path, edition, workbook) if marked else _read_unmarked(path, workbook, edition)
    from budgetgen.reading.document.reader import read_document  # noqa: PLC0415 - not for a workbook

    return read_document(path, edition)


def _read_unmarked(path: Path, workbook: StoredWorkbook, edition: str | None) -> Reading:
    """A workbook that the program did not make: an official form, else a standard workbook that lost its mark."""
    from budgetgen.reading.document.form import is_form, read_form  # noqa: PLC0415 - not for a workbook

    return read_form(path, workbook, edition) if is_form(workbook) else read(path, edition, workbook)


def derived(path: Path, edition: str | None = None) -> Checked:
    """A file that was read and derived; with the findings of reading only."""
    return unjudged(path, _read(path, edition))


def unjudged(path: Path, reading: Reading) -> Checked:
    """What was read of a file, derived and not checked."""
    return Checked(
        path,
        derive(reading.book, reading.edition),
        reading.edition,
        reading.findings,
        seal=reading.seal,
        told=reading.told,
        paragraphs=reading.paragraphs,
        altered=reading.altered,
        manuscript=reading.manuscript,
    )


def judged(path: Path, reading: Reading, *, locating: bool = True) -> Checked:
    """What was read of a file, derived and checked; explanations apart."""
    begin("核对")
    book, edition = derive(reading.book, reading.edition), reading.edition
    own = check(book, edition, reading.findings)
    begun, findings = reading.findings, (*reading.findings, *own)
    if is_document(path):
        begun, findings = (of_document(found, book, edition) for found in (begun, findings))
    checked = Checked(
        path,
        book,
        edition,
        findings,
        seal=reading.seal,
        told=reading.told,
        untouched=_untouched(path, reading),
    )
    unsound = locating and checked.failed and not checked.untouched
    return replace(checked, located=_located(checked, reading, own, len(begun))) if unsound else checked


def _untouched(path: Path, reading: Reading) -> bool:
    about = reading.edition.house.about
    others = (table for table in reading.book.tables.values() if table.name != about)
    filled = any(cell.given for table in others for row in table.rows for cell in row.cells.values())
    return not is_document(path) and not filled and not reading.findings


def _located(checked: Checked, reading: Reading, found: Sequence[Finding], begun: int) -> Located:
    from budgetgen.localisation.constraints import some_broken  # noqa: PLC0415 - only where something is wrong
    from budgetgen.localisation.search import localise  # noqa: PLC0415

    begin("找先改哪些格")
    own = checked.findings[begun:]
    broken = some_broken(reading.findings, found, checked.edition)
    return localise(checked.book, checked.edition, reading.findings, own, broken=broken)


def _compared(path: Path, reading: Reading, last: Checked, *, locating: bool) -> Checked:
    """A file checked with last year's figures from last year's own file."""
    from budgetgen.years.priors import (  # noqa: PLC0415 - only where there is one
        differing,
        misscaled,
        priors,
        unchanged,
        with_priors,
    )
    from budgetgen.years.targets import eased  # noqa: PLC0415

    edition = reading.edition
    given = Checked(path, reading.book, edition, ())
    if given.year and last.year and last.year != given.year - 1:
        problem = (
            f"这是 {last.year} 年的文件；{path.name} 是 {given.year} 年的，上年数要取自 {given.year - 1} 年"
        )
        raise UnusableInputError(last.path, problem, f"去年的文件换成 {given.year - 1} 年的")
    before = last_of(last)
    last_year = priors(before, edition)
    completed = replace(reading, book=with_priors(reading.book, edition, last_year))
    checked = judged(path, completed, locating=locating)
    own = (
        *_other_unit(given, last),
        *differing(checked.book, edition, last.book.file, last_year),
        *misscaled(checked.book, edition, before),
        *unchanged(checked.book, edition, before),
        *eased(checked.book, edition, before),
    )
    return replace(checked, findings=(*checked.findings, *own))


def _other_unit(given: Checked, last: Checked) -> Iterator[Finding]:
    if given.unit and caption(given.unit) != caption(last.unit):
        told = saying(今年=given.unit, 文件=last.path.name, 去年=last.unit)
        house = given.edition.house
        place = given.book.cell(house.about, house.unit, house.value).place
        where = Spot(house.about, house.unit, house.value, place, given.unit)
        yield Finding.of(given.edition.rules["prior-unit"], told, where)


def last_of(checked: Checked) -> Last:
    """Last year's file, with the tables that were not read in it."""
    from budgetgen.years.priors import Last  # noqa: PLC0415 - only where it is compared

    return Last(checked.book, checked.edition, checked.absent)
