"""What was carried from last year, once a person has said on the checklist that it was reviewed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from budgetgen.edition.declarations import YES
from budgetgen.values.model import Table

if TYPE_CHECKING:
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book, Row


def rows_reviewed(book: Book, edition: Edition, *, done: bool) -> tuple[Row, ...]:
    """The rows of the checklist that are, or are not yet, said to be reviewed."""
    stored = edition.carried
    rows = book[stored.table].lines() if stored.table in book.tables else ()
    return tuple(row for row in rows if row.text(stored.sheet) and (row.text(stored.done) == YES) is done)


def with_reviewed(book: Book, edition: Edition) -> Book:
    """The Book without the marks of what was reviewed: the clerk need not take them away text by text."""
    return _bare(book, edition, done=True)


def without_marks(book: Book, edition: Edition) -> Book:
    """The Book as rules look at it: a mark that the checklist asks for is no word of the clerk's."""
    return _bare(book, edition, done=False)


def _bare(book: Book, edition: Edition, *, done: bool) -> Book:
    sheets = [row.text(edition.carried.sheet) for row in rows_reviewed(book, edition, done=done)]
    return book.with_tables({name: _unmarked(book[name], edition) for name in sheets if name in book.tables})


def _unmarked(table: Table, edition: Edition) -> Table:
    mark = edition.house.carried
    rows = []
    for row in table.rows:
        bare = {
            name: replace(cell, value=cell.value.removeprefix(mark))
            for name, cell in row.cells.items()
            if isinstance(cell.value, str) and cell.value.startswith(mark)
        }
        rows.append(row.with_cells(bare) if bare else row)
    return Table(table.name, tuple(rows))
