"""What the units of a department tell of the money between them: what each lists, receives, pays, and holds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.department.transfers import Line, Transfer, income_by_code, lines_of, transfers_of
from budgetgen.department.units import unplaced
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from budgetgen.department.units import Unit
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Cell, Row
    from budgetgen.values.places import FilePlace


@dataclass(frozen=True, slots=True)
class Income:
    """Income that may come from within the department."""

    unit: str
    kind: str
    amount: Cell
    code: str


@dataclass(frozen=True, slots=True)
class Payment:
    """A line of expenditure."""

    unit: str
    code: str
    column: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Held:
    """A line of a unit: its amount in 万元, and where it stands: `信息中心.xlsx!收入总体!C9`."""

    amount: Decimal
    place: FilePlace | None


@dataclass
class Ledger:
    """What the units tell, one added after the other.

    Attributes:
        edition: their format.
        listed: the transfers in their sheets, each with the unit that lists it.
        incomes: what may come from within, by caption of the unit and kind.
        expenditure: the lines of expenditure, by amount in 万元.
        held: what stands in the lines that a transfer may be taken out of.
        inner: what departments within this one have taken out of their own figures.
        within: caption of a unit of a department that is a unit here → caption of that department.
    """

    edition: Edition
    listed: list[tuple[str, Transfer]] = field(default_factory=list)
    incomes: dict[tuple[str, str], Income] = field(default_factory=dict)
    expenditure: dict[Decimal, list[Payment]] = field(default_factory=dict)
    held: dict[Line, Held] = field(default_factory=dict)
    inner: list[Transfer] = field(default_factory=list)
    within: dict[str, str] = field(default_factory=dict)

    def add(self, unit: Unit) -> None:
        """What one more unit lists, receives and pays."""
        inner = set(map(caption, unit.inner))
        self.within |= dict.fromkeys(inner - {caption(unit.name)}, caption(unit.name))
        for transfer in transfers_of(unit.book, self.edition):
            if not (unit.inner and self._inside(transfer, unit)):
                self.listed.append((unit.name, transfer))
            elif transfer.applied:  # its codes explain the figures of this one too
                told = self.edition.consolidating.transfers.states["inner"]
                self.inner.append(replace(transfer, state=told, inner=True, place=None))
        for income in self._incomes(unit):
            self.incomes.setdefault((caption(income.unit), income.kind), income)
        for paid in self._expenditure(unit):
            self.expenditure.setdefault(paid.amount, []).append(paid)
        self.held.update(self._lines_of(unit))

    def join(self, later: Ledger) -> None:
        """What the units after these tell."""
        self.listed += later.listed
        for where, income in later.incomes.items():
            self.incomes.setdefault(where, income)
        for amount, paid in later.expenditure.items():
            self.expenditure.setdefault(amount, []).extend(paid)
        self.held |= later.held
        self.inner += later.inner
        self.within |= later.within

    def owner(self, name: str) -> str:
        """The caption of the unit that has a unit's figures: itself, or the department within this one."""
        return self.within.get(caption(name), caption(name))

    def lines(self, transfer: Transfer) -> Iterator[Line]:
        """The units' lines that hold a transfer."""
        for name, table, row, column in lines_of(transfer, self.edition):
            yield self.owner(name), table, row, column

    def income(self, transfer: Transfer) -> Income | None:
        """What the receiver of a transfer has of that kind."""
        return self.incomes.get((self.owner(transfer.receiver), transfer.kind))

    def paid(self, transfer: Transfer) -> Payment | None:
        """The payer's only line of expenditure of that amount."""
        equal = self.expenditure.get(transfer.amount.amount, ())
        lines = [paid for paid in equal if caption(paid.unit) == self.owner(transfer.payer)]
        return lines[0] if len(lines) == 1 else None

    def _inside(self, transfer: Transfer, unit: Unit) -> bool:
        """Whether a department within this one pays it to itself: it has decided that, and is not asked again."""
        sides = {self.owner(transfer.payer), self.owner(transfer.receiver)} - {""}
        return sides <= {caption(unit.name)}

    def _incomes(self, unit: Unit) -> Iterator[Income]:
        """What may come from within; not what a department within this one has decided to keep."""
        declared = self.edition.consolidating.transfers
        kept: defaultdict[str, Decimal] = defaultdict(Decimal)
        for transfer in transfers_of(unit.book, self.edition) if unit.inner else ():
            if transfer.confirmed and not transfer.applied and self._inside(transfer, unit):
                kept[transfer.kind] += transfer.amount.amount
        table, column = declared.income
        for kind in self.edition.tables[declared.table].columns[declared.kind].choices:
            cell = unit.book.cell(table, kind, column)
            if left := cell.amount - kept[kind]:
                open_ = replace(unplaced(cell), value=left)
                yield Income(unit.name, kind, open_, self._code_of(unit, kind, cell))

    def _code_of(self, unit: Unit, kind: str, income: Cell) -> str:
        """The code that such income stands under: the only one, or the only one of that amount."""
        lines = [
            (row, row[column].value)
            for table, column in income_by_code(self.edition, kind)
            for row in unit.book[table].lines()
            if row[column].value
        ]
        equal = [line for line in lines if line[1] == income.value]
        return next((rows[0][0].key for rows in (lines, equal) if len(rows) == 1), "")

    def _expenditure(self, unit: Unit) -> Iterator[Payment]:
        declared = self.edition.consolidating.transfers
        columns = self.edition.tables[declared.table].columns[declared.paid_column].choices
        for row in unit.book[declared.paid].lines():
            for column in columns:
                value = row[column].value
                if isinstance(value, Decimal) and value:
                    yield Payment(unit.name, row.key, column, value)

    def _lines_of(self, unit: Unit) -> Iterator[tuple[Line, Held]]:
        """What a unit has in the lines that a transfer may be taken out of."""
        declared = self.edition.consolidating.transfers
        columns = self.edition.tables[declared.table].columns
        table, column = declared.income
        kinds = columns[declared.kind].choices
        found = (unit.book[table].get(kind) for kind in kinds)
        yield from _held(unit, table, filter(None, found), (column,))
        for table, column in dict.fromkeys(
            line for kind in kinds for line in income_by_code(self.edition, kind)
        ):
            yield from _held(unit, table, unit.book[table].lines(), (column,))
        for table in (declared.paid, *declared.appropriated):
            yield from _held(unit, table, unit.book[table].lines(), columns[declared.paid_column].choices)


def _held(unit: Unit, table: str, rows: Iterable[Row], columns: Sequence[str]) -> Iterator[tuple[Line, Held]]:
    """What stands in some rows and columns of a unit's table."""
    for row in rows:
        for column in columns:
            if (cell := row[column]).value:
                place = cell.place.of_file(unit.book.file) if cell.place else None
                yield (caption(unit.name), table, row.key, column), Held(cell.amount, place)
