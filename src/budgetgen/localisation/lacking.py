"""Rows that a table lacks: those that broken relations look for and do not find, as rows of blanks.

A line left out of one table breaks what compares it with the others, and every sum above it. Once the row stands
there, blank, its cells can be told to lack a figure like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.book.derivation import derive
from budgetgen.book.facts import fact
from budgetgen.book.outline import outline
from budgetgen.values.model import Cell, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from budgetgen.book.outline import Outline
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book


def with_lacking(book: Book, edition: Edition, wanted: Iterable[tuple[str, str]]) -> Book:
    """A derived Book with a row of blanks for each line that is wanted, where its table knows lines by code.

    Args:
        book: derived.
        edition: its format.
        wanted: table and key of rows that are not there.
    """
    kind = fact(book, edition, edition.house.kind)
    lacking: dict[str, list[Row]] = {}
    for table, key in dict.fromkeys(wanted):
        row = _blank(outline(edition, table, kind), key)
        if row is not None:
            lacking.setdefault(table, []).append(row)
    tables = {name: Table(name, (*book[name].rows, *rows)) for name, rows in lacking.items()}
    return derive(book.with_tables(tables), edition) if tables else book


def _blank(tree: Outline, key: str) -> Row | None:
    """The line of that code, with nothing in it; None where the table's lines are not known by one code."""
    (name, *more) = tree.block.key or ("",)
    column = tree.block.column(name)
    if more or column is None or column.type != "code":
        return None
    place = tree.position({name: key}, 1)
    return tree.row(place, {name: Cell(key)}) if place.line else None
