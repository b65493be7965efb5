"""Columns of a filled table: those that need less than they have lend it to texts that are broken into lines."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from budgetgen.writing.document.markup import points

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.writing.document.filled import FilledCell, FilledRow, FilledTable
    from budgetgen.writing.document.styles import Sizes

EM: Final = 0.6
"""The width of a Chinese character, in heights of a row of one line."""
_EDGES: Final = 5.0
"""What the edges of a cell take of its width, in points."""
_SAFE: Final = 1.03
"""Other fonts and programs set a little wider."""
_SAFE_FIGURE: Final = 1.3
"""Digits of the widest font that may stand in for Times New Roman; a figure is never broken."""
_WIDE: Final = re.compile("[\u2e80-\U0010ffff]")
"""Signs that are set as wide as Chinese ones; all others are half as wide."""


def ems(text: str) -> float:
    """About how wide a text is, in Chinese characters."""
    return (len(text) + (0 if text.isascii() else len(_WIDE.findall(text)))) / 2


def size_of(cell: FilledCell, least: float, sizes: Sizes) -> tuple[float, float]:
    """The font size and line spacing of a cell; of a style that is not known about those of a row of that height."""
    return sizes.get(cell.style) or (EM * least, least)


def room_in(cell: FilledCell) -> float:
    """The width that the text of a cell finds, in points."""
    return cell.points - _EDGES


def fit_columns(table: FilledTable, sizes: Sizes, caption: float) -> FilledTable:
    """Give what some columns can spare to those whose texts are broken into lines.

    Args:
        table: filled.
        sizes: of the styles of its cells.
        caption: what the captions of a column need, in ems.

    Returns:
        The table with the widths that it has now.
    """
    grid = table.grid
    body = [row for row in table.rows if not row.repeated and len(row.cells) == len(grid)]
    if not body:
        return table
    least = max((row.least for row in body if row.least is not None), default=0.0)
    columns = [[row.cells[place] for row in body] for place in range(len(grid))]
    needed = [points(max(_needed(cell, least, sizes) for cell in cells)) for cells in columns]
    floor = points(caption * max(size_of(cells[0], least, sizes)[0] for cells in columns) + _EDGES)
    spare = {i: free for i, width in enumerate(grid) if (free := width - max(floor, needed[i])) > 0}
    lack = {i: needed[i] - width for i, width in enumerate(grid) if needed[i] > width}
    moved = _moved(spare, lack)
    return _resized(table, [width + moved.get(i, 0) for i, width in enumerate(grid)]) if moved else table


def _needed(cell: FilledCell, least: float, sizes: Sizes) -> float:
    """How wide a cell has to be to hold its text in one line; 0 for none."""
    if not cell.text:
        return 0.0
    wide = ems(cell.text) * (_SAFE if _WIDE.search(cell.text) else _SAFE_FIGURE)
    return wide * size_of(cell, least, sizes)[0] + _EDGES


def _moved(spare: Mapping[int, int], lack: Mapping[int, int]) -> Mapping[int, int]:
    """How much each column gains or loses; together nothing."""
    room = min(sum(spare.values()), sum(lack.values()))
    gained = {i: width * room // sum(lack.values()) for i, width in lack.items()}
    lost = {i: -(width * sum(gained.values()) // sum(spare.values())) for i, width in spare.items()}
    rest = sum(gained.values()) + sum(lost.values())
    if not gained or not lost:
        return {}
    return {**gained, **lost, next(iter(gained)): next(iter(gained.values())) - rest}


def _resized(table: FilledTable, grid: Sequence[int]) -> FilledTable:
    return replace(table, grid=grid, rows=[row._replace(cells=list(_wide(row, grid))) for row in table.rows])


def _wide(row: FilledRow, grid: Sequence[int]) -> Iterator[FilledCell]:
    return (cell._replace(width=sum(grid[cell.place : cell.place + cell.span])) for cell in row.cells)
