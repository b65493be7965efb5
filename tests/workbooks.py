"""Files that do not change: parsed and read once, for that takes longer than what most tests do with them."""

from __future__ import annotations

import pickle
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import Workbook, load_workbook

from budgetgen.app.pipeline.inputs import derived, examine
from budgetgen.reading.workbook import read

if TYPE_CHECKING:
    from pathlib import Path


def opened(source: Path | bytes) -> Workbook:
    """A workbook of one's own, from a file that does not change or from its bytes."""
    workbook = pickle.loads(_kept(source))  # noqa: S301 - written by this process
    assert isinstance(workbook, Workbook)
    return workbook


@cache
def _kept(source: Path | bytes) -> bytes:
    return pickle.dumps(load_workbook(BytesIO(source) if isinstance(source, bytes) else source))


reading_of, derived_of, examined = cache(read), cache(derived), cache(examine)
"""What a file that does not change is read as, what follows from that, how it is judged; nobody can change that either."""


def cells(book):
    """All that a Book holds: table, number of the row and column → value."""
    return {
        (table.name, number, name): cell.value
        for table in book.tables.values()
        for number, row in enumerate(table.rows)
        for name, cell in row.cells.items()
        if cell.value is not None
    }


def values(book):
    """The same by table, key of the row and column."""
    return {
        (name, row.key, column): cell.value
        for name, table in book.tables.items()
        for row in table.rows
        for column, cell in row.cells.items()
        if cell.value is not None
    }
