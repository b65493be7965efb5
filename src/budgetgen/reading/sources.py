"""The parts of a department's figures, out of its workbook: for those who ask where a figure comes from.

There may be 100,000 of them, so they are no table of the Book: what only checks or prints it does not read them.
"""

from __future__ import annotations

import sys
from itertools import chain, islice
from typing import TYPE_CHECKING

from budgetgen.department.sources import Source
from budgetgen.reading.cells import CellReader
from budgetgen.reading.headers import find_header
from budgetgen.reading.workbook import WORKBOOK, rows_of
from budgetgen.values.amounts import WAN
from budgetgen.values.model import BLANK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from budgetgen.edition.declarations import Edition
    from budgetgen.reading.cells import Line
    from budgetgen.reading.headers import Header
    from budgetgen.reading.secrets import CellSealer
    from budgetgen.values.model import Cell

HEAD = 10
"""The header stands in the first so many rows that hold something."""


def read_sources(path: Path, edition: Edition, seal: CellSealer | None = None) -> tuple[Source, ...]:
    """The parts, in the order of the sheet; none in a file that consolidation has not written.

    Args:
        path: a workbook or a published document.
        edition: the format.
        seal: what knows the secret items of the file; None where it tells of none.

    Raises:
        UnusableInputError: the file cannot be read.
    """
    if path.suffix.lower() != WORKBOOK or edition.consolidation is None:
        return ()
    table = edition.tables[edition.consolidation.traces.sources]
    lines = rows_of(path, (table.name, *table.aliases))
    head = tuple(islice(lines, HEAD))
    header = find_header(edition, table, head)
    sources = _sources(chain(head[header.rows :], lines), header, edition) if header else iter(())
    return tuple(map(seal.source, sources) if seal else sources)


def _sources(lines: Iterator[Line], header: Header, edition: Edition) -> Iterator[Source]:
    declared = edition.consolidating.traces
    table, row, column, unit, file, place = (
        _column(name, header, edition)
        for name in (
            declared.table,
            declared.row,
            declared.column,
            declared.unit,
            declared.file,
            declared.place,
        )
    )
    amount = _column(declared.amount, header, edition)
    for line in lines:
        yield Source(
            _text(table(line)),
            _text(row(line)),
            _text(column(line)),
            _text(unit(line)),
            _text(file(line)),
            _text(place(line)),
            amount(line).amount,
        )


def _text(cell: Cell) -> str:
    """A text, held once however often it comes: units use the same form."""
    return sys.intern("" if cell.value is None else str(cell.value))


def _column(name: str, header: Header, edition: Edition) -> Callable[[Line], Cell]:
    """What stands in a column of the sheet; nothing where it has no such column."""
    declared = edition.tables[edition.consolidating.traces.sources].columns[name]
    places, cells = header.places.get((0, name), ()), CellReader(WAN)
    known: dict[tuple[str, str], Cell] = {}  # the few texts that stand in thousands of rows

    def read(line: Line) -> Cell:
        raw = next((line[place] for place in places if place < len(line)), None)
        if raw is None:
            return BLANK
        if raw.formula or not isinstance(raw.value, str):
            return cells.read(raw, declared, derived=False)[0]
        shown = (raw.value, raw.code)
        if shown not in known:
            known[shown] = cells.read(raw, declared, derived=False)[0]
        return known[shown]

    return read
