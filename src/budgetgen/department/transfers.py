"""What units of one department pay each other: as a value, and as a row of the department's sheet.

The receiver's income and the payer's expenditure are the same money: added up, both are counted twice.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.book.outline import outline
from budgetgen.department.units import unplaced
from budgetgen.values.model import BLANK, Cell, Row, Table
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book
    from budgetgen.values.places import FilePlace


Identity: TypeAlias = "tuple[str, str, str, Decimal, int]"
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
    def identity(self) -> Identity:
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

    def with_told(self, other: Transfer) -> Transfer:
        """The same with what another side tells and this one does not."""
        return replace(
            self,
            received_code=self.received_code or other.received_code,
            paid_code=self.paid_code or other.paid_code,
            paid_column=self.paid_column or other.paid_column,
            basis=self.basis or other.basis,
        )


Line: TypeAlias = tuple[str, str, str, str]
"""A unit's line, as caption of the unit, table, row, column."""


def lines_of(transfer: Transfer, edition: Edition) -> Iterator[Line]:
    """The units' lines that hold a transfer: the receiver's income, by code too, and the payer's expenditure."""
    declared = edition.consolidating.transfers
    payer, receiver = caption(transfer.payer), caption(transfer.receiver)
    yield receiver, declared.income[0], transfer.kind, declared.income[1]
    for table, column in income_by_code(edition, transfer.kind):
        yield receiver, table, transfer.received_code, column
    yield payer, declared.paid, transfer.paid_code, transfer.paid_column


def income_by_code(edition: Edition, kind: str) -> tuple[tuple[str, str], ...]:
    """The table of income by code, and the column that a kind of income stands in: its own where it has one.

    None where the format lists income by no code.
    """
    declared = edition.consolidating.transfers.by_code
    if declared is None:
        return ()
    table, column = declared
    return ((table, kind if kind in edition.tables[table].columns else column),)


def transfers_of(book: Book, edition: Edition) -> Iterator[Transfer]:
    """The transfers in a Book's own sheet."""
    declared = edition.consolidating.transfers
    seen: Counter[Identity] = Counter()
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
