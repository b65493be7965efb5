"""The cells of figures in a Book that nobody has filled in yet."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.book.facts import fact
from budgetgen.values.model import Cell, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from budgetgen.edition.declarations import Column, Edition
    from budgetgen.values.model import Book, Row


@dataclass(frozen=True)
class DummyCells:
    """The cells of one Book that are to hold figures.

    Attributes:
        book: its rows with every sum, without figures.
        edition: its format.
    """

    book: Book
    edition: Edition

    @cached_property
    def full(self) -> Book:
        """The Book with something in each of them: the preconditions are judged by it."""
        return self.holding(lambda _table, _row, _column: Cell(Decimal(1), given=True))

    def holding(self, told: Callable[[str, Row, Column], Cell | None]) -> Book:
        """The Book with what is told of its figures."""

        def row_with(table: str, row: Row) -> Row:
            cells = {column.name: told(table, row, column) for column in self.columns(table, row)}
            return row.with_cells({name: cell for name, cell in cells.items() if cell})

        tables = self.book.tables.items()
        return self.book.with_tables(
            {name: Table(name, tuple(row_with(name, row) for row in table.rows)) for name, table in tables}
        )

    def columns(self, table: str, row: Row) -> Iterator[Column]:
        """The columns of a row that hold figures, and hold none yet; a rate is only given where it was published."""
        compared, declared = self.edition.comparisons, self.edition.tables[table]
        rates = {basis.rate for basis in compared.basis if table == compared.prior}
        fixed = declared.fixed.get(row.key)
        for column in fixed[0].of_row(fixed[1]) if fixed else declared.main.columns:
            had = column.numeric and column.only in {"", self._kind} and column.name not in rates
            if had and row[column.name].value is None:
                yield column

    @cached_property
    def _kind(self) -> str:
        return fact(self.book, self.edition, self.edition.house.kind)
