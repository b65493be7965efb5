"""Units in printed tables: which rows are units, and which lines are theirs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen import amounts
from budgetgen.model import TOTAL, Cell, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.reading.tables import TableReader


def with_units(reader: TableReader, rows: Sequence[Row]) -> list[Row]:
    """The rows of a printed table with each line under its unit.

    A printed table tells a unit by a row of its own, above the rows that it adds up. In tables whose lines have
    names only, it is told by arithmetic: the lines fall into groups, each a first row and those it is the sum of.
    """
    block = reader.tree.block
    unit = next((column.name for column in block.columns if column.type == "unit"), None)
    name = next((column.name for column in block.columns if column.type in {"name", "item"}), None)
    if unit is None or name is None or not any(level.by == unit for level in reader.tree.levels):
        return list(rows)
    coded = next((column.name for column in block.columns if column.type == "code"), None)
    lines = [row for row in rows if row.key != TOTAL]
    heads = _coded_heads(lines, coded) if coded else _summed_heads(lines, reader.table.measures())
    placed: list[Row] = [row for row in rows if row.key == TOTAL]
    owner = reader.unit
    for index, row in enumerate(lines):
        if index in heads:
            owner = row.text(name)
            cells = {**row.cells, unit: Cell(owner, given=True), name: Cell()}
        else:
            cells = {**row.cells, unit: Cell(owner, given=True)}
        place = reader.tree.position({column: str(cells[column].value or "") for column in block.key}, index)
        above = reader.tree.above(place)
        placed.append(Row(place.key, place.level, above.key if above else None, cells, place.line))
    return placed


def _coded_heads(lines: Sequence[Row], code: str) -> set[int]:
    """Rows without a code are units."""
    return {index for index, row in enumerate(lines) if not row.text(code)}


def _summed_heads(lines: Sequence[Row], measures: Sequence[str]) -> set[int]:
    """The first row of each group that it is the sum of; none where the lines do not fall into such groups.

    A wrong figure in one column leaves the groups of the others.
    """
    used = [column for column in measures if any(row[column].amount for row in lines)]
    but_one = [[column for column in used if column != wrong] for wrong in used]
    for columns in filter(None, (used, *but_one)):
        rows = [tuple(row[column].amount for column in columns) for row in lines]
        if heads := _groups(rows, 0):
            return set(heads)
    return set()


def _groups(rows: Sequence[tuple[Decimal, ...]], start: int) -> tuple[int, ...] | None:
    """Where the groups from a row on begin, closest sums first; None where they cannot be made."""
    if start == len(rows):
        return ()
    for _, end in sorted(_ends(rows, start)):
        rest = _groups(rows, end)
        if rest is not None:
            return (start, *rest)
    return None


def _ends(rows: Sequence[tuple[Decimal, ...]], start: int) -> Iterator[tuple[Decimal, int]]:
    """Where a group that begins there may end, with how far its sum is off."""
    total = [Decimal(0)] * len(rows[start])
    for end in range(start + 1, len(rows)):
        total = [a + b for a, b in zip(total, rows[end], strict=True)]
        off = max(abs(a - b) for a, b in zip(total, rows[start], strict=True))
        if off <= amounts.tolerance(end - start + 1):
            yield off, end + 1
