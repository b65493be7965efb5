"""The parts of consolidated figures, as the department's workbook keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.model import BLANK, Cell, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from budgetgen.declarations import Edition
    from budgetgen.model import Book


@dataclass(frozen=True, slots=True)
class Source:
    """A part of a consolidated figure.

    Attributes:
        table, row, column: the figure.
        unit: whose part it is, or the sheet that takes it out.
        file: name of the unit's file.
        place: where it stands there, empty for a figure that was worked out.
        value: in 万元, or what the column counts.
    """

    table: str
    row: str
    column: str
    unit: str
    file: str
    place: str
    value: Decimal


def sources_table(parts: Iterable[Source], edition: Edition) -> Table:
    """The sheet of parts, one row for each."""
    name = edition.consolidation.traces.sources
    known: dict[str, Cell] = {"": BLANK}
    rows = (_row(part, ordinal, edition, known) for ordinal, part in enumerate(parts, start=1))
    return Table(name, tuple(rows))


def _row(part: Source, ordinal: int, edition: Edition, known: dict[str, Cell]) -> Row:
    """A row of the sheet; texts that have come before share their cells, for there may be 100,000 rows."""
    declared = edition.consolidation.traces
    texts = {
        declared.table: part.table,
        declared.row: part.row,
        declared.column: part.column,
        declared.unit: part.unit,
        declared.file: part.file,
        declared.place: part.place,
    }
    cells = {
        c: known.get(text) or known.setdefault(text, Cell(text, given=True)) for c, text in texts.items()
    }
    return Row(f"第{ordinal}行", "", None, {**cells, declared.amount: Cell(part.value, given=True)})


def sources_of(book: Book, edition: Edition) -> Iterator[Source]:
    """The parts that a Book tells."""
    declared = edition.consolidation.traces
    for row in book.tables.get(declared.sources, Table(declared.sources)).lines():
        value = row[declared.amount].value
        yield Source(
            row.text(declared.table),
            row.text(declared.row),
            row.text(declared.column),
            row.text(declared.unit),
            row.text(declared.file),
            row.text(declared.place),
            value if isinstance(value, Decimal) else Decimal(0),
        )
