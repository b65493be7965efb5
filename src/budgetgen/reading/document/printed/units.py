"""Units in printed tables: which rows are units, and which lines are theirs."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.values import amounts
from budgetgen.values.likeness import alike, telling
from budgetgen.values.model import TOTAL, Cell, Row
from budgetgen.values.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from budgetgen.reading.tables import TableReader


def with_units(reader: TableReader, rows: Sequence[Row], known: Collection[str] = ()) -> list[Row]:
    """The rows of a printed table with each line under its unit.

    A printed table tells a unit by a row of its own, above the rows that it adds up. In tables whose lines have
    names only, it is told by arithmetic: the lines fall into groups, each a first row and those it is the sum of.

    Args:
        reader: of the table.
        rows: of the table, as they were read.
        known: the units that other tables of the document tell.
    """
    block = reader.tree.block
    unit = next(iter(block.of_type("unit")), None)
    name = next(iter(block.of_type("name", "item")), None)
    if unit is None or name is None or not any(level.by == unit for level in reader.tree.levels):
        return list(rows)
    coded = next(iter(block.of_type("code")), None)
    lines = [row for row in rows if row.key != TOTAL]
    units = {fold(text).form for text in (reader.unit, *known)}
    measures = reader.table.measures()
    named = _named_heads(lines, [fold(row.text(name)).form for row in lines], units, measures)
    summed = _coded_heads(lines, coded) if coded else _summed_heads(lines, measures)
    heads = summed or named  # by their names, where a figure is wrong or a line lacks
    placed: list[Row] = [row for row in rows if row.key == TOTAL]
    owner = reader.unit
    for index, line in enumerate(lines):
        owner = line.text(name) if index in heads else owner
        row = line.with_cells({unit: Cell(owner, given=True), **({name: Cell()} if index in heads else {})})
        place = reader.tree.position({column: row.text(column) for column in block.key}, index)
        placed.append(reader.tree.row(place, row.cells))
    return placed


def _named_heads(
    lines: Sequence[Row], names: Sequence[str], units: Collection[str], measures: Sequence[str]
) -> set[int]:
    """Rows with the names of units; with a name only like one, where others have such names or what is below adds up.

    A project may be named nearly as its unit is.
    """
    same = {index for index, name in enumerate(names) if name in units}
    like = {index for index, name in enumerate(names) if index not in same and _like_one(name, units)}
    ends = sorted({*same, *like, len(lines)})
    nexts = dict(itertools.pairwise(ends))
    return same | {n for n in like if same or _sums_up(lines[n : nexts[n]], measures)}


def _sums_up(lines: Sequence[Row], measures: Sequence[str]) -> bool:
    """Whether the first of some lines is the sum of the others in one column at least."""
    columns = ([row[column].amount for row in lines] for column in measures)
    return any(
        first and rest and abs(sum(rest) - first) <= amounts.tolerance(len(lines)) for first, *rest in columns
    )


def _like_one(text: str, units: Collection[str]) -> bool:
    """Whether a text names a unit as it is known with a slip: the end tells a unit from what it does.

    >>> _like_one("某市信息中心", {"某市科学技术局", "某市的信息中心"}), _like_one("某市信息中心经费", {"某市信息中心"})
    (True, False)
    """
    return any(
        text[-1:] == unit[-1:] and telling(text) == telling(unit) and alike(text, unit) for unit in units
    )


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
        if heads := groups(rows):
            return set(heads)
    return set()


def groups(rows: Sequence[tuple[Decimal, ...]]) -> tuple[int, ...] | None:
    """Where the groups of all rows begin, closest sums first; None where they cannot be made.

    Walked from the end: whether the rows from one on fall into groups follows from those after it, so that each row
    is looked at once, and only the rows that a group may begin with are tried as what comes next.

    Args:
        rows: the amounts of each row, by column.
    """
    sums = [tuple(itertools.accumulate(column, initial=Decimal(0))) for column in zip(*rows, strict=True)]
    following: dict[int, int] = {len(rows): len(rows)}  # first row of a group → that of the next
    for start in reversed(range(len(rows))):
        wanted = [total[start + 1] + amount for total, amount in zip(sums, rows[start], strict=True)]
        ends = (end for end in following if end > start + 1)
        found = (
            (off, end) for end in ends if (off := _off(sums, wanted, end)) <= amounts.tolerance(end - start)
        )
        if best := min(found, default=None):
            following[start] = best[1]
    return tuple(_walked(following, len(rows))) if 0 in following else None


def _off(sums: Sequence[Sequence[Decimal]], wanted: Sequence[Decimal], end: int) -> Decimal:
    """How far the sums of the rows before one are from those that are wanted, in the column that is farthest."""
    return max(abs(total[end] - amount) for total, amount in zip(sums, wanted, strict=True))


def _walked(following: Mapping[int, int], end: int) -> Iterator[int]:
    """The groups from the first on, each leading to the next."""
    start = 0
    while start < end:
        yield start
        start = following[start]
