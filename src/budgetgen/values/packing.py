"""Values put away small until they are asked for again: what is kept of a thousand units."""

from __future__ import annotations

import json
import pickle
import zlib
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from budgetgen.values.model import BLANK, Book, Cell, Row, Table
from budgetgen.values.places import DocumentPlace, SheetPlace

if TYPE_CHECKING:
    from budgetgen.values.model import Value
    from budgetgen.values.places import FilePlace


def pack(value: object) -> bytes:
    """A value as few bytes; only for what this run itself reads again."""
    return zlib.compress(pickle.dumps(value))


def unpack(data: bytes) -> Any:
    """The value that was packed."""
    return pickle.loads(zlib.decompress(data))  # noqa: S301 - our own


SHORT: Final = 2
"""What is told of most cells: value and place."""


# --- a Book, as data that any run may read again --------------------------------------------------------------


def pack_book(book: Book) -> bytes:
    """A Book as JSON, tables, rows and cells in the order of their attributes, as few bytes."""
    tables = {name: [_row_told(row) for row in table.rows] for name, table in book.tables.items()}
    told = json.dumps((book.edition, book.file, tables), ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(told.encode())


def unpack_book(data: bytes, *, blanks: bool = True) -> Book:
    """The Book that was packed.

    Args:
        data: the Book.
        blanks: whether it is asked where its blank cells stand; nearly half of all cells are blank.
    """
    edition, file, tables = json.loads(zlib.decompress(data))
    return Book(
        edition,
        file,
        {
            name: Table(name, tuple(_row_of(row, blanks=blanks) for row in rows))
            for name, rows in tables.items()
        },
    )


def _row_told(row: Row) -> tuple[object, ...]:
    cells = {name: _cell_told(cell) for name, cell in row.cells.items()}
    return row.key, row.level, row.parent, row.line, cells


def _row_of(told: list[Any], *, blanks: bool) -> Row:
    key, level, parent, line, cells = told
    found = {
        name: _cell_of(cell) if blanks or cell[0] or len(cell) > SHORT else BLANK
        for name, cell in cells.items()
    }
    return Row(key, level, parent, found, line)


def _cell_told(cell: Cell) -> tuple[object, ...]:
    """Most cells are blank: what a cell does not say at its end is left out."""
    if cell.shown is None and not cell.given and not cell.terms:
        return (_value_told(cell.value), _place_told(cell.place))
    return (
        _value_told(cell.value),
        _place_told(cell.place),
        cell.given,
        str(cell.terms),
        _value_told(cell.shown),
    )


def _cell_of(told: list[Any]) -> Cell:
    if len(told) == SHORT:
        return Cell(_value_of(told[0]), _place_of(told[1]))
    value, place, given, terms, shown = told
    return Cell(_value_of(value), _place_of(place), given, Decimal(terms), _value_of(shown))


def _place_told(place: FilePlace | None) -> object:
    """A place in a workbook as a list, one in a document by the names of what is known of it."""
    return place if place is None or isinstance(place, SheetPlace) else place.parts


def _place_of(told: Any) -> FilePlace | None:
    if isinstance(told, dict):
        return DocumentPlace(**told)
    return SheetPlace(*told) if told else None


def _value_told(value: Value) -> str | None:
    """A value as a text that begins with what it is."""
    match value:
        case None:
            return None
        case str():
            return f"'{value}"
        case Decimal():
            return f"={value}"
    return f"@{value.isoformat()}"


def _value_of(told: str | None) -> Value:
    if told is None:
        return None
    match told[:1]:
        case "'":
            return told[1:]
        case "=":
            return Decimal(told[1:])
    return date.fromisoformat(told[1:])
