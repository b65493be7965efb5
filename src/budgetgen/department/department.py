"""The department's Book out of the Books of its units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from budgetgen.book.derivation import derive
from budgetgen.department.adjustments import adjusted, lost, lost_texts, typed
from budgetgen.department.columns import UnitColumns, added_up
from budgetgen.department.drafts import kept
from budgetgen.department.eliminations import eliminations
from budgetgen.department.owners import told_apart
from budgetgen.department.pairing import paired
from budgetgen.department.shortfalls import gone, shortfalls
from budgetgen.department.together import Together
from budgetgen.department.transfers import table_of, transfers_of
from budgetgen.department.units import Unit, unplaced
from budgetgen.values.model import Book, Cell, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from budgetgen.department.claims import Claims
    from budgetgen.department.sources import Source
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
        book: the department's; the sheet of totals is not yet derived.
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
    together = Together(edition, department.name)
    for unit in units:
        together.add(unit)
    return concluded(together, department)


def concluded(together: Together, department: Department) -> Consolidated:
    """The Book of a department whose units have been added up; they are used once."""
    return _Conclusion(together.edition, department, together).done()


@dataclass(frozen=True)
class _Conclusion:
    """A department that is put together of what its units have."""

    edition: Edition
    department: Department
    together: Together

    def done(self) -> Consolidated:
        """The department's Book."""
        edition, earlier = self.edition, self.department.earlier
        claims = self._eliminated()
        book, keys = told_apart(edition, Book(edition.id, self.department.name, self._tables(claims)))
        numbers = typed(earlier, self.department.sources, edition) if earlier else {}
        if earlier:
            book = kept(book, earlier, edition, numbers)
        derived = derive(book, edition)
        totals = self.together.balance.table_of(derived, claims.transfers)
        told = (*self._told(claims), *self._left(claims, numbers, derived))
        given = chain.from_iterable(merging.given() for merging in self.together.merging.values())
        sources = tuple(_renamed(self.together.parts.of(given), keys))
        book = derived.with_tables({totals.name: totals})
        return Consolidated(book, told, sources, self.together.parts.columns(added_up(edition)))

    def _eliminated(self) -> Claims:
        """All transfers; those that are confirmed are taken out."""
        edition, earlier = self.edition, self.department.earlier
        claims = paired(self.together.ledger, transfers_of(earlier, edition) if earlier else ())
        if any(transfer.applied and not transfer.inner for transfer in claims.transfers):
            taken = Unit(edition.consolidating.transfers.table, eliminations(claims.transfers, edition))
            self.together.merge(taken)
            self.together.balance.take(taken.book)
        return claims

    def _tables(self, claims: Claims) -> dict[str, Table]:
        """The tables, added up or the department's own office's."""
        edition, several = self.edition, len(self.together.roster.units) > 1
        tables = {name: Table(name) for name in edition.tables}
        tables |= {name: merging.table_of(several=several) for name, merging in self.together.merging.items()}
        tables |= {
            name: _unplaced(table)
            for name, table in self.together.own.items()
            if self._owns(name, several=several)
        }
        tables[edition.house.about] = self.together.roster.about(
            tables[edition.house.about], self.department.name
        )
        if several:
            stored = edition.comparisons.reasons
            tables[stored] = self.together.reasons.drafted(tables[stored])
            institutions = edition.consolidating.institutions.table
            tables[institutions] = self.together.roster.institutions(
                tables[institutions], self.department.earlier
            )
        tables[edition.consolidating.transfers.table] = table_of(claims.transfers, edition)
        return tables

    def _owns(self, table: str, *, several: bool) -> bool:
        """Whether a table of the first unit is the department's: what is left to it is so of a lone unit only."""
        declared = self.edition.tables[table]
        return declared.consolidated == "own" or not (several or declared.generated)

    def _told(self, claims: Claims) -> Iterator[Finding]:
        """What differs among the units, and between them and what the earlier workbook was decided on."""
        earlier = self.department.earlier
        yield from self.together.roster.moneys_differ()
        yield from self.together.roster.paragraphs_left()
        if earlier:
            yield from self.together.roster.changed(earlier)
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
