"""What was carried from last year, once a person has said on the checklist that it was reviewed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from budgetgen.edition.declarations import YES
from budgetgen.values.model import Table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book, Row


def rows_reviewed(book: Book, edition: Edition, *, done: bool) -> tuple[Row, ...]:
    """The rows of the checklist for whole sheets that are, or are not yet, said to be reviewed."""
    stored = edition.carried
    return tuple(
        row
        for row in _listed(book, edition)
        if stored.joint not in row.text(stored.sheet) and (row.text(stored.done) == YES) is done
    )


def with_reviewed(book: Book, edition: Edition) -> Book:
    """The Book without the marks of what was reviewed: the clerk need not take them away text by text.

    A target that stands in for a result keeps its mark until a person has said that it is the result.
    """
    stored = edition.carried
    answered = (row for row in _listed(book, edition) if row.text(stored.done) == stored.real)
    real = {row.text(stored.sheet) for row in answered}
    sheets = {row.text(stored.sheet) for row in rows_reviewed(book, edition, done=True)}
    return book.with_tables(
        {
            name: _unmarked(book[name], edition, standing_in(edition, name), sheets, real)
            for name in sheets | {row.partition(stored.joint)[0] for row in real}
            if name in book.tables
        }
    )


def without_marks(book: Book, edition: Edition) -> Book:
    """The Book as rules look at it: a mark that the checklist asks for is no word of the clerk's."""
    sheets = {row.text(edition.carried.sheet) for row in rows_reviewed(book, edition, done=False)}
    return book.with_tables(
        {name: _unmarked(book[name], edition, {}, sheets, set()) for name in sheets if name in book.tables}
    )


def without_gone(book: Book, edition: Edition) -> Book:
    """The Book without questions on the checklist about items that their table has no more: one may be secret by now."""
    stored = edition.carried
    if stored.table not in book.tables:
        return book
    asked = [(row, row.text(stored.sheet)) for row in book[stored.table].rows]
    sheets = {text.partition(stored.joint)[0] for _, text in asked} & book.tables.keys()
    known = {
        question(name, item_of(row, edition, name), edition) for name in sheets for row in book[name].rows
    }
    kept = (row for row, text in asked if stored.joint not in text or text in known)
    return book.with_tables({stored.table: Table(stored.table, tuple(kept))})


def standing_in(edition: Edition, table: str) -> Mapping[str, str]:
    """The columns of a table that another one's text of last year stands in for, each with that one."""
    return {
        own: other for one in edition.house.stays if one.name == table for own, other in one.becomes.items()
    }


def question(table: str, item: str, edition: Edition) -> str:
    """What the checklist calls the results of an item."""
    return f"{table}{edition.carried.joint}{item}"


def item_of(row: Row, edition: Edition, table: str) -> str:
    """The item that a row of a table tells of; empty where the table has none."""
    return next((row.text(item) for item in edition.tables[table].main.of_type("item")), "")


def _listed(book: Book, edition: Edition) -> tuple[Row, ...]:
    stored = edition.carried
    rows = book[stored.table].lines() if stored.table in book.tables else ()
    return tuple(row for row in rows if row.text(stored.sheet))


def _unmarked(
    table: Table,
    edition: Edition,
    standing: Mapping[str, str],
    sheets: AbstractSet[str],
    real: AbstractSet[str],
) -> Table:
    mark = edition.house.carried
    rows = []
    for row in table.rows:
        known = question(table.name, item_of(row, edition, table.name), edition) in real
        bare = {
            name: replace(cell, value=cell.value.removeprefix(mark))
            for name, cell in row.cells.items()
            if isinstance(cell.value, str) and cell.value.startswith(mark)
            if (known if name in standing else table.name in sheets)
        }
        rows.append(row.with_cells(bare) if bare else row)
    return Table(table.name, tuple(rows))
