"""The sheet of totals: sum of the units − eliminated ± adjusted = department."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.book.outline import outline
from budgetgen.values.amounts import ZERO, plain
from budgetgen.values.model import BLANK, TOTAL, Cell, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.department.transfers import Transfer
    from budgetgen.department.units import Where
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book


def totals(edition: Edition) -> Iterator[Where]:
    """Every total of the numbered tables: the total row of each, or its fixed rows at the top and the bottom."""
    for table in edition.printed:
        ends = [row.key for block in table.block for row in block.rows if row.top or row.bottom]
        for key in ends or [TOTAL]:
            for column in table.measures(key):
                yield table.name, key, column


@dataclass
class Balance:
    """The totals of the units while they are added up."""

    edition: Edition
    units: dict[Where, Cell] = field(default_factory=dict)
    taken: dict[Where, Cell] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Of the sheet."""
        return self.edition.consolidating.traces.differences

    def add(self, book: Book) -> None:
        """One more unit's totals."""
        _add(self.units, book, self.edition)

    def join(self, later: Balance) -> None:
        """The totals of the units after these."""
        for where, cell in later.units.items():
            _count(self.units, where, cell)

    def take(self, book: Book) -> None:
        """The totals of what is eliminated, which are negative."""
        _add(self.taken, book, self.edition)

    def table_of(self, book: Book, transfers: Sequence[Transfer]) -> Table:
        """The sheet, for the department's derived Book.

        Args:
            book: the department's, derived.
            transfers: those that are taken out explain what is eliminated.
        """
        declared = self.edition.consolidating.traces
        tree = outline(self.edition, self.name, self.edition.consolidating.kind)
        rows = []
        for where in totals(self.edition):
            own, units, taken = book.cell(*where), self.units.get(where, BLANK), self.taken.get(where, BLANK)
            if not (own.value or units.value):
                continue
            keys = dict(zip((declared.table, declared.row, declared.column), where, strict=True))
            amounts = {
                declared.units: _entered(units),
                declared.eliminated: _entered(Cell(-taken.amount, terms=taken.terms)),
                declared.department: _entered(own),
            }
            why = self._why(where, -taken.amount, transfers)
            texts = {**keys, **({declared.remark: why} if why else {})}
            cells = {**{column: Cell(text, given=True) for column, text in texts.items()}, **amounts}
            rows.append(Row(tree.position(keys, 0).key, tree.levels[-1].name, None, cells))
        return Table(self.name, tuple(rows))

    def _why(self, where: Where, eliminated: Decimal, transfers: Sequence[Transfer]) -> str:
        """The transfers that make up what is eliminated from a total; empty for nothing."""
        declared, (_, key, column) = self.edition.consolidating, where
        sheet = self.edition.tables[declared.transfers.table]
        kinds = sheet.columns[declared.transfers.kind].choices
        columns = sheet.columns[declared.transfers.paid_column].choices
        own = [
            one
            for one in transfers
            if one.applied
            and not one.inner
            and (key not in kinds or one.kind == key)
            and (column not in columns or one.paid_column == column)
        ]
        if not eliminated or sum((one.amount.amount for one in own), ZERO) != eliminated:
            return declared.transfers.table if eliminated else ""
        told = [f"{one.payer} 付 {one.receiver} {plain(one.amount.amount)} 万元" for one in own]
        more = [declared.more.format(数=len(told))] if len(told) > declared.named else []
        return declared.separator.join((*told[: declared.named], *more))


def _add(sums: dict[Where, Cell], book: Book, edition: Edition) -> None:
    for where in totals(edition):
        cell = book.cell(*where)
        if isinstance(cell.value, Decimal):
            _count(sums, where, cell)


def _count(sums: dict[Where, Cell], where: Where, cell: Cell) -> None:
    before = sums.get(where, BLANK)
    sums[where] = Cell(before.amount + cell.amount, terms=before.terms + cell.terms)


def _entered(cell: Cell) -> Cell:
    return Cell(cell.amount, given=True, terms=cell.terms)
