"""What units of one department pay each other: found, shown, and taken out where the department confirms it.

The receiver's income and the payer's expenditure are the same money: added up, both are counted twice. A transfer
is taken out as a Book of its own, with the amount negative in the three lines that hold it; the relations carry
it into every total.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.consolidation.units import skeleton, unplaced
from budgetgen.derivation import derive
from budgetgen.model import BLANK, Cell, Row, Table
from budgetgen.outline import outline
from budgetgen.reading.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.consolidation.units import Unit
    from budgetgen.declarations import Edition
    from budgetgen.model import Book
    from budgetgen.outline import Outline


@dataclass(frozen=True)
class Transfer:
    """Money that one unit pays another.

    Attributes:
        payer, receiver: names of the units; the payer is empty where it is not known.
        kind: the row of income that the receiver has it in.
        amount: the cell with it.
        received_code, paid_code: the function codes that both sides have it under.
        paid_column: the column of expenditure that the payer has it in.
        basis: document or project.
        confirmed: what the department says: 是, 否 or nothing yet.
        state: how both sides fit.
        applied: whether it is taken out.
    """

    payer: str
    receiver: str
    kind: str
    amount: Cell
    received_code: str = ""
    paid_code: str = ""
    paid_column: str = ""
    basis: str = ""
    confirmed: str = ""
    state: str = ""
    applied: bool = False

    @property
    def identity(self) -> tuple[str, str, str, Decimal]:
        """What makes it the same transfer in two sheets."""
        amount = self.amount.value if isinstance(self.amount.value, Decimal) else Decimal(0)
        return caption(self.payer), caption(self.receiver), self.kind, amount

    @property
    def complete(self) -> bool:
        """Whether everything is known that taking it out needs."""
        told = (self.payer, self.receiver, self.kind, self.received_code, self.paid_code, self.paid_column)
        return all(told) and isinstance(self.amount.value, Decimal)


@dataclass(frozen=True, slots=True)
class _Income:
    """Income that may come from within the department."""

    unit: str
    kind: str
    amount: Cell
    code: str


@dataclass(frozen=True, slots=True)
class _Paid:
    """A line of expenditure."""

    unit: str
    code: str
    column: str
    amount: Decimal


@dataclass
class Transfers:
    """The transfers within a department, as its units tell them."""

    edition: Edition
    listed: list[tuple[str, Transfer]] = field(default_factory=list)
    incomes: list[_Income] = field(default_factory=list)
    expenditure: list[_Paid] = field(default_factory=list)

    def add(self, unit: Unit) -> None:
        """What one more unit lists, receives and pays."""
        self.listed += [(unit.name, transfer) for transfer in listed(unit.book, self.edition)]
        self.incomes += self._incomes(unit)
        self.expenditure += self._expenditure(unit)

    def found(self, earlier: Sequence[Transfer] = ()) -> tuple[Transfer, ...]:
        """Every transfer: listed by a unit, or met in the figures; decided as in an earlier workbook.

        Args:
            earlier: those in the department's earlier workbook, with its decisions.
        """
        decided = {transfer.identity: transfer for transfer in earlier}
        known = {transfer.identity: transfer for transfer in self._listed()}
        for transfer in self._met(tuple(known.values())):
            known.setdefault(transfer.identity, transfer)
        for identity, transfer in decided.items():
            known.setdefault(identity, transfer)
        return tuple(self._decided(t, decided.get(identity)) for identity, t in known.items())

    # --- as listed ---

    def _listed(self) -> Iterator[Transfer]:
        """The listed ones, each once, with which side lists it."""
        sides: dict[tuple[str, str, str, Decimal], dict[str, Transfer]] = {}
        for unit, transfer in self.listed:
            sides.setdefault(transfer.identity, {})[caption(unit)] = transfer
        states = self.edition.consolidation.transfers.states
        for (payer, receiver, _, _), told in sides.items():
            one = states["receiver"] if receiver in told else states["payer"]
            state = states["both"] if {payer, receiver} <= told.keys() else one
            first, *others = told.values()
            for other in others:
                first = _joined(first, other)
            yield replace(self._completed(first), state=state, confirmed="")  # the department decides

    def _completed(self, transfer: Transfer) -> Transfer:
        """With the codes that the units' own tables tell."""
        income = next(
            (
                i
                for i in self.incomes
                if caption(i.unit) == caption(transfer.receiver) and i.kind == transfer.kind
            ),
            None,
        )
        paid = self._paid(transfer.payer, transfer.amount.value)
        return replace(
            transfer,
            received_code=transfer.received_code or (income.code if income else ""),
            paid_code=transfer.paid_code or (paid.code if paid else ""),
            paid_column=transfer.paid_column or (paid.column if paid else ""),
        )

    def _paid(self, payer: str, amount: object) -> _Paid | None:
        """The only line of expenditure of that amount."""
        lines = [p for p in self.expenditure if caption(p.unit) == caption(payer) and p.amount == amount]
        return lines[0] if len(lines) == 1 else None

    # --- as met in the figures ---

    def _met(self, known: Sequence[Transfer]) -> Iterator[Transfer]:
        """Income that no one lists, with every unit that spends the same amount."""
        states = self.edition.consolidation.transfers.states
        covered = {(caption(t.receiver), t.kind) for t in known}
        for income in self.incomes:
            if (caption(income.unit), income.kind) in covered:
                continue
            payers = [
                p for p in self.expenditure if p.unit != income.unit and p.amount == income.amount.value
            ]
            for paid in payers:
                yield Transfer(
                    paid.unit,
                    income.unit,
                    income.kind,
                    income.amount,
                    income.code,
                    paid.code,
                    paid.column,
                    state=states["equal"],
                )
            if not payers:
                unknown = states["unknown"]
                yield Transfer("", income.unit, income.kind, income.amount, income.code, state=unknown)

    def _incomes(self, unit: Unit) -> Iterator[_Income]:
        declared = self.edition.consolidation.transfers
        table, column = declared.income
        for kind in self.edition.tables[declared.table].columns[declared.kind].choices:
            cell = unit.book.cell(table, kind, column)
            if cell.value:
                yield _Income(unit.name, kind, unplaced(cell), self._code_of(unit, cell))

    def _code_of(self, unit: Unit, income: Cell) -> str:
        """The code that such income stands under: the only one, or the only one of that amount."""
        table, column = self.edition.consolidation.transfers.by_code
        lines = [row for row in unit.book[table].lines() if row[column].value]
        equal = [row for row in lines if row[column].value == income.value]
        return next((rows[0].key for rows in (lines, equal) if len(rows) == 1), "")

    def _expenditure(self, unit: Unit) -> Iterator[_Paid]:
        declared = self.edition.consolidation.transfers
        columns = self.edition.tables[declared.table].columns[declared.paid_column].choices
        for row in unit.book[declared.paid].lines():
            for column in columns:
                value = row[column].value
                if isinstance(value, Decimal) and value:
                    yield _Paid(unit.name, row.key, column, value)

    # --- as decided ---

    def _decided(self, transfer: Transfer, earlier: Transfer | None) -> Transfer:
        yes = self.edition.consolidation.transfers.yes
        if earlier is None:
            return transfer
        joined = replace(_joined(earlier, transfer), state=transfer.state, confirmed=earlier.confirmed)
        return replace(joined, applied=joined.confirmed == yes and joined.complete)


def _joined(first: Transfer, other: Transfer) -> Transfer:
    """One transfer with what either side tells."""
    return replace(
        first,
        received_code=first.received_code or other.received_code,
        paid_code=first.paid_code or other.paid_code,
        paid_column=first.paid_column or other.paid_column,
        basis=first.basis or other.basis,
    )


# --- the sheet ----------------------------------------------------------------------------------------------


def listed(book: Book, edition: Edition) -> Iterator[Transfer]:
    """The transfers in a Book's own sheet."""
    declared = edition.consolidation.transfers
    for row in book.tables.get(declared.table, Table(declared.table)).lines():
        yield Transfer(
            payer=row.text(declared.payer),
            receiver=row.text(declared.receiver),
            kind=row.text(declared.kind),
            amount=unplaced(row[declared.amount]),
            received_code=row.text(declared.received_code),
            paid_code=row.text(declared.paid_code),
            paid_column=row.text(declared.paid_column),
            basis=row.text(declared.basis),
            confirmed=row.text(declared.confirmed),
            state=row.text(declared.state),
            applied=row.text(declared.applied) == declared.yes,
        )


def table_of(transfers: Sequence[Transfer], edition: Edition) -> Table:
    """The department's sheet."""
    declared = edition.consolidation.transfers
    tree = outline(edition, declared.table, edition.consolidation.kind)
    rows = []
    for ordinal, transfer in enumerate(transfers, start=1):
        texts = {
            declared.payer: transfer.payer,
            declared.receiver: transfer.receiver,
            declared.kind: transfer.kind,
            declared.received_code: transfer.received_code,
            declared.paid_code: transfer.paid_code,
            declared.paid_column: transfer.paid_column,
            declared.basis: transfer.basis,
            declared.confirmed: transfer.confirmed,
            declared.state: transfer.state,
            declared.applied: declared.yes if transfer.applied else "",
        }
        cells = {column: Cell(text, given=True) if text else BLANK for column, text in texts.items()}
        cells[declared.amount] = replace(transfer.amount, given=True)
        rows.append(Row(tree.position({}, ordinal).key, "", None, cells))
    return Table(declared.table, tuple(rows))


def eliminations(transfers: Sequence[Transfer], edition: Edition) -> Book:
    """What is taken out, as a derived Book of negative amounts; empty tables where nothing is."""
    declared = edition.consolidation.transfers
    blank = skeleton(edition, declared.table)
    lines: dict[tuple[str, str, str], Cell] = {}
    for transfer in transfers:
        if transfer.applied:
            for where in _lines(transfer, edition):
                lines[where] = _less(lines.get(where, BLANK), transfer.amount)
    tables = {table: _with_lines(blank[table], lines, edition) for table, _, _ in lines}
    return derive(blank.with_tables(tables), edition)


def _lines(transfer: Transfer, edition: Edition) -> Iterator[tuple[str, str, str]]:
    """The figures that hold a transfer, as (table, row, column): income, income by code, expenditure."""
    declared = edition.consolidation.transfers
    yield declared.income[0], transfer.kind, declared.income[1]
    yield declared.by_code[0], transfer.received_code, declared.by_code[1]
    yield declared.paid, transfer.paid_code, transfer.paid_column


def _less(cell: Cell, amount: Cell) -> Cell:
    value = cell.value if isinstance(cell.value, Decimal) else Decimal(0)
    taken = amount.value if isinstance(amount.value, Decimal) else Decimal(0)
    return Cell(value - taken, given=True, terms=cell.terms + amount.terms)


def _with_lines(blank: Table, lines: dict[tuple[str, str, str], Cell], edition: Edition) -> Table:
    """A table with these figures in its rows."""
    tree = outline(edition, blank.name, edition.consolidation.kind)
    rows = {row.key: row for row in blank.rows}
    for (table, key, column), cell in lines.items():
        if table == blank.name:
            rows[key] = (rows.get(key) or _line(tree, key)).with_cells({column: cell})
    return Table(blank.name, tuple(rows.values()))


def _line(tree: Outline, code: str) -> Row:
    """A line of a table by code."""
    keys = dict.fromkeys(tree.block.key, code)
    place = tree.position(keys, 0)
    above = tree.above(place)
    cells = {column: Cell(text) for column, text in keys.items()}
    return Row(place.key, place.level, above.key if above else None, cells, place.line)
