"""The department's Book out of the Books of its units."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

from budgetgen.book.derivation import derive
from budgetgen.department.adjustments import adjusted, lost, lost_texts, typed
from budgetgen.department.balance import Balance
from budgetgen.department.columns import UnitColumns, added_up
from budgetgen.department.drafts import Reasons, kept
from budgetgen.department.eliminations import eliminations
from budgetgen.department.ledger import Ledger
from budgetgen.department.merging import Merging
from budgetgen.department.owners import told_apart
from budgetgen.department.pairing import paired
from budgetgen.department.roster import Roster
from budgetgen.department.shortfalls import gone, shortfalls
from budgetgen.department.sources import Parts, Source
from budgetgen.department.transfers import table_of, transfers_of
from budgetgen.department.units import Unit, completed, unplaced
from budgetgen.values.model import Book, Cell, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from budgetgen.department.claims import Claims
    from budgetgen.department.units import Where
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.findings import Finding


@dataclass(frozen=True)
class Department:
    """What the department itself says.

    Attributes:
        name: its full name.
        earlier: its workbook of an earlier consolidation, derived, with its decisions and texts; None for the
            first.
        sources: the parts of figures that the earlier workbook tells.
    """

    name: str
    earlier: Book | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Consolidated:
    """What came out of a consolidation.

    Attributes:
        book: the department's, not yet derived.
        findings: what the department has to look at.
        sources: the parts of every figure that is given.
        columns: what every unit has in every figure of the tables that are added up.
    """

    book: Book
    findings: tuple[Finding, ...]
    sources: tuple[Source, ...]
    columns: UnitColumns


def consolidate(units: Iterable[Unit], edition: Edition, department: Department) -> Consolidated:
    """The Book of a department.

    Args:
        units: in the order in which the department lists them, its own office first; each is used once and
            then let go.
        edition: the format of all of them.
        department: what the department says.
    """
    merging = _Department(edition, department)
    for unit in units:
        merging.add(unit)
    return merging.done()


@dataclass
class _Department:
    """A department while it is put together."""

    edition: Edition
    department: Department
    own: dict[str, Table] = field(default_factory=dict)
    parts: Parts = field(default_factory=Parts)

    def __post_init__(self) -> None:
        self.merging = {
            table.name: Merging(self.edition, table)
            for table in self.edition.table
            if table.consolidated not in {"none", "own"}
        }
        self.roster = Roster(self.edition)
        self.reasons = Reasons(self.edition, self.department.name)
        self.ledger = Ledger(self.edition)
        self.balance = Balance(self.edition)

    def add(self, unit: Unit) -> None:
        """One more unit."""
        unit = completed(unit, self.edition)
        self._merge(unit)
        for table in self.edition.table:
            if table.consolidated in {"own", "none"}:
                self.own.setdefault(table.name, unit.book[table.name])
        self.reasons.add(unit)
        self.ledger.add(unit)
        self.balance.add(unit.book)
        self.roster.add(unit)

    def _merge(self, unit: Unit) -> None:
        """Add up its tables, and remember what went where."""
        self.parts.add(unit, [part for merging in self.merging.values() for part in merging.add(unit)])

    def done(self) -> Consolidated:
        """The department's Book."""
        edition, earlier = self.edition, self.department.earlier
        claims = self._eliminated()
        book, keys = told_apart(edition, Book(edition.id, self.department.name, self._tables(claims)))
        numbers = typed(earlier, self.department.sources, edition) if earlier else {}
        if earlier:
            book = kept(book, earlier, edition, numbers)
        derived = derive(book, edition)
        totals = self.balance.table_of(derived, claims.transfers)
        book = book.with_tables({totals.name: totals})
        told = (*self._told(claims), *self._left(claims, numbers, derived))
        given = chain.from_iterable(merging.given() for merging in self.merging.values())
        sources = tuple(_renamed(self.parts.of(given), keys))
        return Consolidated(book, told, sources, self.parts.columns(added_up(edition)))

    def _eliminated(self) -> Claims:
        """All transfers; those that are confirmed are taken out."""
        edition, earlier = self.edition, self.department.earlier
        claims = paired(self.ledger, transfers_of(earlier, edition) if earlier else ())
        if any(transfer.applied and not transfer.inner for transfer in claims.transfers):
            taken = Unit(edition.consolidating.transfers.table, eliminations(claims.transfers, edition))
            self._merge(taken)
            self.balance.take(taken.book)
        return claims

    def _tables(self, claims: Claims) -> dict[str, Table]:
        """The tables, added up or the department's own office's."""
        edition, several = self.edition, len(self.roster.units) > 1
        tables = {name: Table(name) for name in edition.tables}
        tables |= {name: merging.table_of(several=several) for name, merging in self.merging.items()}
        tables |= {
            name: _unplaced(table) for name, table in self.own.items() if self._owns(name, several=several)
        }
        tables[edition.house.about] = self.roster.about(tables[edition.house.about], self.department.name)
        if several:
            stored = edition.comparisons.reasons
            tables[stored] = self.reasons.drafted(tables[stored])
            institutions = edition.consolidating.institutions.table
            tables[institutions] = self.roster.institutions(tables[institutions], self.department.earlier)
        tables[edition.consolidating.transfers.table] = table_of(claims.transfers, edition)
        return tables

    def _owns(self, table: str, *, several: bool) -> bool:
        """Whether a table of the first unit is the department's: what is left to it is so of a lone unit only."""
        declared = self.edition.tables[table]
        return declared.consolidated == "own" or not (several or declared.generated)

    def _told(self, claims: Claims) -> Iterator[Finding]:
        """What differs among the units, and between them and what the earlier workbook was decided on."""
        earlier = self.department.earlier
        yield from self.roster.moneys_differ()
        yield from self.roster.paragraphs_left()
        if earlier:
            yield from self.roster.changed(earlier)
            yield from gone(claims.transfers, self.edition)
            yield from adjusted(earlier, self.edition)

    def _left(self, claims: Claims, numbers: Mapping[Where, Cell], derived: Book) -> Iterator[Finding]:
        """What was typed into the earlier workbook, or is confirmed, and did not come into the Book."""
        earlier = self.department.earlier
        yield from lost(numbers, derived, self.edition)
        if earlier:
            yield from lost_texts(earlier, derived, self.edition)
        yield from shortfalls(claims, self.edition)


def _renamed(parts: Iterable[Source], keys: Mapping[tuple[str, str], str]) -> Iterator[Source]:
    """The parts with the keys that their rows have now."""
    for part in parts:
        key = keys.get((part.table, part.row), part.row)
        yield part if key == part.row else replace(part, row=key)


def _unplaced(table: Table) -> Table:
    rows = (replace(row, cells={c: unplaced(cell) for c, cell in row.cells.items()}) for row in table.rows)
    return Table(table.name, tuple(rows))
