"""The sheet of totals: sum of the units − eliminated ± adjusted = department."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.book.outline import outline
from budgetgen.values.model import BLANK, TOTAL, Cell, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

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

    def take(self, book: Book) -> None:
        """The totals of what is eliminated, which are negative."""
        _add(self.taken, book, self.edition)

    def table_of(self, book: Book) -> Table:
        """The sheet, for the department's derived Book."""
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
            cells = {**{column: Cell(text, given=True) for column, text in keys.items()}, **amounts}
            rows.append(Row(tree.position(keys, 0).key, tree.levels[-1].name, None, cells))
        return Table(self.name, tuple(rows))


def _add(sums: dict[Where, Cell], book: Book, edition: Edition) -> None:
    for where in totals(edition):
        cell = book.cell(*where)
        if isinstance(cell.value, Decimal):
            before = sums.get(where, BLANK)
            sums[where] = Cell(before.amount + cell.value, terms=before.terms + cell.terms)


def _entered(cell: Cell) -> Cell:
    return Cell(cell.amount, given=True, terms=cell.terms)
