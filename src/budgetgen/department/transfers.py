"""What units of one department pay each other: found, shown, and taken out where the department confirms it.

The receiver's income and the payer's expenditure are the same money: added up, both are counted twice. A transfer
is taken out as a Book of its own, with the amount negative in the three lines that hold it; the relations carry
it into every total. Where one of these lines holds less than is to be taken from it, nothing is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.book.derivation import derive
from budgetgen.book.outline import outline
from budgetgen.department.units import skeleton, unplaced
from budgetgen.values.amounts import ZERO
from budgetgen.values.model import BLANK, Cell, Row, Table
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.book.outline import Outline
    from budgetgen.department.units import Unit
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book
    from budgetgen.values.places import FilePlace


_Identity: TypeAlias = tuple[str, str, str, Decimal, int]
"""Captions of payer and receiver, kind, amount, and how many alike stand above it in its sheet."""


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
        place: where the amount stands in the department's earlier workbook, None where it does not.
        before: how many alike stand above it in its sheet: two of the same amount are two.
        inner: a department within this one has taken it out of its own figures.
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
    place: FilePlace | None = None
    before: int = 0
    inner: bool = False

    @property
    def identity(self) -> _Identity:
        """What makes it the same transfer in two sheets."""
        return caption(self.payer), caption(self.receiver), self.kind, self.amount.amount, self.before

    @property
    def income(self) -> tuple[str, str, Decimal]:
        """The income that it is, whoever pays it."""
        return caption(self.receiver), self.kind, self.amount.amount

    @property
    def complete(self) -> bool:
        """Whether everything is known that taking it out needs."""
        told = (self.payer, self.receiver, self.kind, self.received_code, self.paid_code, self.paid_column)
        return all(told) and self.amount.amount > 0


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


@dataclass(frozen=True, slots=True)
class Held:
    """A line of a unit: its amount in 万元, and where it stands: `信息中心.xlsx!收入总体!C9`."""

    amount: Decimal
    place: FilePlace | None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A line of a unit that holds less than is to be taken out of it.

    Attributes:
        transfer: which is not taken out for that reason.
        where: table, row, column.
        held: what the unit has there; None for nothing.
        claimed: what all confirmed transfers together take from it, in 万元.
        appropriated: what of it is appropriation, where the rest is not enough: that stays expenditure of the
            department, whichever of its units spends it.
    """

    transfer: Transfer
    where: tuple[str, str, str]
    held: Held | None
    claimed: Decimal
    appropriated: tuple[Held, ...] = ()


_Line: TypeAlias = tuple[str, str, str, str]
"""A unit's line, as caption of the unit, table, row, column."""


@dataclass
class Transfers:
    """The transfers within a department, as its units tell them."""

    edition: Edition
    listed: list[tuple[str, Transfer]] = field(default_factory=list)
    incomes: dict[tuple[str, str], _Income] = field(default_factory=dict)
    expenditure: dict[Decimal, list[_Paid]] = field(default_factory=lambda: defaultdict(list))
    held: dict[_Line, Held] = field(default_factory=dict)
    inner: list[Transfer] = field(default_factory=list)
    within: dict[str, str] = field(default_factory=dict)
    """Caption of a unit of a department that is a unit here → caption of that department."""

    def add(self, unit: Unit) -> None:
        """What one more unit lists, receives and pays."""
        inner = set(map(caption, unit.inner))
        self.within |= dict.fromkeys(inner - {caption(unit.name)}, caption(unit.name))
        self.listed += [
            (unit.name, transfer)
            for transfer in listed(unit.book, self.edition)
            if not (unit.inner and self._inside(transfer, unit))
        ]
        self.inner += self._settled(unit)
        for income in self._incomes(unit):
            self.incomes.setdefault((caption(income.unit), income.kind), income)
        for paid in self._expenditure(unit):
            self.expenditure[paid.amount].append(paid)
        self.held.update(self._lines_of(unit))

    def _settled(self, unit: Unit) -> Iterator[Transfer]:
        """What a department within this one has taken out: its codes explain the figures of this one too."""
        told = self.edition.consolidating.transfers.states["inner"]
        for transfer in listed(unit.book, self.edition) if unit.inner else ():
            if transfer.applied and self._inside(transfer, unit):
                yield replace(transfer, state=told, inner=True, place=None)

    def _inside(self, transfer: Transfer, unit: Unit) -> bool:
        """Whether a department within this one pays it to itself: it has decided that, and is not asked again."""
        sides = {self._owner(transfer.payer), self._owner(transfer.receiver)} - {""}
        return sides <= {caption(unit.name)}

    def _owner(self, name: str) -> str:
        """The caption of the unit that has a unit's figures: itself, or the department within this one."""
        return self.within.get(caption(name), caption(name))

    def _lines(self, transfer: Transfer) -> Iterator[_Line]:
        """The units' lines that hold a transfer."""
        for name, table, row, column in _sides(transfer, self.edition):
            yield self._owner(name), table, row, column

    def found(self, earlier: Sequence[Transfer] = ()) -> tuple[Transfer, ...]:
        """Every transfer: listed by a unit, or met in the figures; decided as in an earlier workbook.

        One that is confirmed is applied where the lines that hold it hold all that is to be taken from them.

        Args:
            earlier: those in the department's earlier workbook, with its decisions.
        """
        decided = {transfer.identity: transfer for transfer in earlier if not transfer.inner}
        known = {transfer.identity: transfer for transfer in self._listed()}
        for transfer in self._met(tuple(known.values())):
            known.setdefault(transfer.identity, transfer)
        answers = {t.income for identity, t in decided.items() if identity not in known and t.confirmed}
        known = {identity: t for identity, t in known.items() if t.payer or t.income not in answers}
        told = (
            *(self._decided(transfer, decided.get(identity)) for identity, transfer in known.items()),
            *(self._left(transfer) for identity, transfer in decided.items() if identity not in known),
        )
        short = {line for line, claimed in self._claims(told).items() if claimed > self._free(line)}
        own = (replace(t, applied=self._confirmed(t) and short.isdisjoint(self._lines(t))) for t in told)
        return (*own, *self.inner)

    def shortfalls(self, transfers: Sequence[Transfer]) -> Iterator[Shortfall]:
        """The lines that do not hold what is confirmed to be taken out of them; nothing was.

        Args:
            transfers: as `found`.
        """
        claims = self._claims(transfers)
        for transfer in filter(self._confirmed, transfers):
            for line in self._lines(transfer):
                if claims[line] > self._free(line):
                    fiscal = () if claims[line] > self._amount(line) else tuple(self._appropriated(line))
                    yield Shortfall(transfer, line[1:], self.held.get(line), claims[line], fiscal)

    # --- as listed ---

    def _listed(self) -> Iterator[Transfer]:
        """The listed ones, each once, with which side lists it."""
        sides: dict[_Identity, dict[str, Transfer]] = {}
        for unit, transfer in self.listed:
            sides.setdefault(transfer.identity, {})[caption(unit)] = transfer
        states = self.edition.consolidating.transfers.states
        for (*names, _kind, _amount, _before), told in sides.items():
            payer, receiver = map(self._owner, names)
            one = states["receiver"] if receiver in told else states["payer"]
            state = states["both"] if {payer, receiver} <= told.keys() else one
            first, *others = told.values()
            for other in others:
                first = _joined(first, other)
            yield replace(self._completed(first), state=state, confirmed="")  # the department decides

    def _completed(self, transfer: Transfer) -> Transfer:
        """With the codes that the units' own tables tell."""
        income = self.incomes.get((self._owner(transfer.receiver), transfer.kind))
        paid = self._paid(transfer.payer, transfer.amount)
        return replace(
            transfer,
            received_code=transfer.received_code or (income.code if income else ""),
            paid_code=transfer.paid_code or (paid.code if paid else ""),
            paid_column=transfer.paid_column or (paid.column if paid else ""),
        )

    def _paid(self, payer: str, amount: Cell) -> _Paid | None:
        """The only line of expenditure of that amount."""
        equal = self.expenditure.get(amount.amount, ())
        lines = [paid for paid in equal if caption(paid.unit) == self._owner(payer)]
        return lines[0] if len(lines) == 1 else None

    # --- as met in the figures ---

    def _met(self, known: Sequence[Transfer]) -> Iterator[Transfer]:
        """Income that no one lists, with every unit that spends the same amount."""
        states = self.edition.consolidating.transfers.states
        covered = {(self._owner(t.receiver), t.kind) for t in known}
        for where, income in self.incomes.items():
            if where in covered:
                continue
            equal = self.expenditure.get(income.amount.amount, ())
            payers = [paid for paid in equal if paid.unit != income.unit]
            open_ = Transfer("", income.unit, income.kind, income.amount, income.code)
            if not 0 < len(payers) <= self.edition.consolidating.transfers.most:
                yield replace(open_, state=states["several" if payers else "unknown"])
                continue
            for paid in payers:
                yield replace(
                    open_,
                    payer=paid.unit,
                    paid_code=paid.code,
                    paid_column=paid.column,
                    state=states["equal"],
                )

    def _incomes(self, unit: Unit) -> Iterator[_Income]:
        """What may come from within; not what a department within this one has decided to keep."""
        declared = self.edition.consolidating.transfers
        kept: defaultdict[str, Decimal] = defaultdict(Decimal)
        for transfer in listed(unit.book, self.edition) if unit.inner else ():
            if transfer.confirmed and not transfer.applied and self._inside(transfer, unit):
                kept[transfer.kind] += transfer.amount.amount
        table, column = declared.income
        for kind in self.edition.tables[declared.table].columns[declared.kind].choices:
            cell = unit.book.cell(table, kind, column)
            if left := cell.amount - kept[kind]:
                open_ = replace(unplaced(cell), value=left)
                yield _Income(unit.name, kind, open_, self._code_of(unit, kind, cell))

    def _code_of(self, unit: Unit, kind: str, income: Cell) -> str:
        """The code that such income stands under: the only one, or the only one of that amount."""
        table, column = _by_code(self.edition, kind)
        lines = [row for row in unit.book[table].lines() if row[column].value]
        equal = [row for row in lines if row[column].value == income.value]
        return next((rows[0].key for rows in (lines, equal) if len(rows) == 1), "")

    def _expenditure(self, unit: Unit) -> Iterator[_Paid]:
        declared = self.edition.consolidating.transfers
        columns = self.edition.tables[declared.table].columns[declared.paid_column].choices
        for row in unit.book[declared.paid].lines():
            for column in columns:
                value = row[column].value
                if isinstance(value, Decimal) and value:
                    yield _Paid(unit.name, row.key, column, value)

    # --- as decided ---

    def _decided(self, transfer: Transfer, earlier: Transfer | None) -> Transfer:
        if earlier is None:
            return transfer
        joined = _joined(earlier, transfer)
        return replace(joined, state=transfer.state, confirmed=earlier.confirmed, applied=False)

    def _left(self, transfer: Transfer) -> Transfer:
        """One of the earlier workbook that the units do not tell now.

        What the department has just typed or corrected is as it says. What was taken out before, and is not in
        the units' tables any more, is to be decided anew.
        """
        if not transfer.applied or not transfer.state:
            return replace(transfer, state="", applied=False)
        gone = self.edition.consolidating.transfers.states["gone"]
        return replace(transfer, state=gone, confirmed="", applied=False)

    def _confirmed(self, transfer: Transfer) -> bool:
        """Whether it is to be taken out, and everything is known that this needs."""
        confirmed = transfer.confirmed == self.edition.consolidating.transfers.yes
        return confirmed and transfer.complete and not transfer.inner

    # --- whether the lines hold it ---

    def _lines_of(self, unit: Unit) -> Iterator[tuple[_Line, Held]]:
        """What a unit has in the lines that a transfer may be taken out of."""
        declared = self.edition.consolidating.transfers
        columns = self.edition.tables[declared.table].columns
        table, column = declared.income
        kinds = columns[declared.kind].choices
        found = (unit.book[table].get(kind) for kind in kinds)
        yield from _held(unit, table, filter(None, found), (column,))
        for table, column in dict.fromkeys(_by_code(self.edition, kind) for kind in kinds):
            yield from _held(unit, table, unit.book[table].lines(), (column,))
        for table in (declared.paid, *declared.appropriated):
            yield from _held(unit, table, unit.book[table].lines(), columns[declared.paid_column].choices)

    def _claims(self, transfers: Sequence[Transfer]) -> Mapping[_Line, Decimal]:
        """What all confirmed transfers together take from each line, in 万元."""
        claims: defaultdict[_Line, Decimal] = defaultdict(Decimal)
        for transfer in filter(self._confirmed, transfers):
            for line in self._lines(transfer):
                claims[line] += transfer.amount.amount
        return claims

    def _free(self, line: _Line) -> Decimal:
        """What may be taken from a line: all but what is spent of appropriation."""
        return self._amount(line) - sum((held.amount for held in self._appropriated(line)), ZERO)

    def _appropriated(self, line: _Line) -> Iterator[Held]:
        declared = self.edition.consolidating.transfers
        unit, table, row, column = line
        if table == declared.paid:
            found = (self.held.get((unit, source, row, column)) for source in declared.appropriated)
            yield from filter(None, found)

    def _amount(self, line: _Line) -> Decimal:
        return self.held[line].amount if line in self.held else ZERO


def _held(
    unit: Unit, table: str, rows: Iterable[Row], columns: Sequence[str]
) -> Iterator[tuple[_Line, Held]]:
    """What stands in some rows and columns of a unit's table."""
    for row in rows:
        for column in columns:
            if (cell := row[column]).value:
                place = cell.place.of_file(unit.book.file) if cell.place else None
                yield (caption(unit.name), table, row.key, column), Held(cell.amount, place)


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
    declared = edition.consolidating.transfers
    seen: Counter[_Identity] = Counter()
    for row in book.tables.get(declared.table, Table(declared.table)).lines():
        transfer = Transfer(
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
            place=row[declared.amount].place,
            inner=row.text(declared.state) == declared.states["inner"],
        )
        yield replace(transfer, before=seen[transfer.identity])
        seen[transfer.identity] += 1


def table_of(transfers: Sequence[Transfer], edition: Edition) -> Table:
    """The department's sheet."""
    declared = edition.consolidating.transfers
    tree = outline(edition, declared.table, edition.consolidating.kind)
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
    declared = edition.consolidating.transfers
    blank = skeleton(edition, declared.table)
    lines: dict[tuple[str, str, str], Cell] = {}
    for transfer in transfers:
        if transfer.applied and not transfer.inner:
            for line in _sides(transfer, edition):
                lines[line[1:]] = _less(lines.get(line[1:], BLANK), transfer.amount)
    tables = {table: _with_lines(blank[table], lines, edition) for table, _, _ in lines}
    return derive(blank.with_tables(tables), edition)


def _sides(transfer: Transfer, edition: Edition) -> Iterator[_Line]:
    """The units' lines that hold a transfer: the receiver's income, by code too, and the payer's expenditure."""
    declared = edition.consolidating.transfers
    payer, receiver = caption(transfer.payer), caption(transfer.receiver)
    yield receiver, declared.income[0], transfer.kind, declared.income[1]
    table, column = _by_code(edition, transfer.kind)
    yield receiver, table, transfer.received_code, column
    yield payer, declared.paid, transfer.paid_code, transfer.paid_column


def _by_code(edition: Edition, kind: str) -> tuple[str, str]:
    """The table of income by code, and the column that a kind of income stands in: its own where it has one."""
    table, column = edition.consolidating.transfers.by_code
    return table, kind if kind in edition.tables[table].columns else column


def _less(cell: Cell, amount: Cell) -> Cell:
    value = cell.amount - amount.amount
    return Cell(value, given=True, terms=cell.terms + amount.terms)


def _with_lines(blank: Table, lines: dict[tuple[str, str, str], Cell], edition: Edition) -> Table:
    """A table with these figures in its rows."""
    tree = outline(edition, blank.name, edition.consolidating.kind)
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
