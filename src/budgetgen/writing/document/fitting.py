"""Columns of a filled table: those that need less than they have lend it to texts that are broken into lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from docx.oxml.ns import qn
from docx.shared import Twips

from budgetgen.writing.document.contents import text_of
from budgetgen.writing.document.markup import points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.oxml.table import CT_Row, CT_Tbl, CT_Tc

    from budgetgen.edition.declarations import Typography

Sizes: TypeAlias = Mapping[str, tuple[float, float]]
EM: Final = 0.6
"""The width of a Chinese character, in heights of a row of one line."""
_EDGES: Final = 5.0
"""What the edges of a cell take of its width, in points."""
_SAFE: Final = 1.03
"""Other fonts and programs set a little wider."""
_SAFE_FIGURE: Final = 1.3
"""Digits of the widest font that may stand in for Times New Roman; a figure is never broken."""
HALF_WIDTH: Final = 0x2E7F
"""Signs up to here are set half as wide as Chinese ones."""


def ems(text: str) -> float:
    """About how wide a text is, in Chinese characters."""
    return sum(1.0 if ord(sign) > HALF_WIDTH else 0.5 for sign in text)


def sizes_of(typography: Typography) -> Sizes:
    """The font size and the line spacing of each style that says both, by its id, in points."""
    return {style.id: (style.size, style.line) for style in typography.style if style.size and style.line}


def size_of(cell: CT_Tc, least: float, sizes: Sizes) -> tuple[float, float]:
    """The font size and line spacing of a cell; of a style that is not known about those of a row of that height."""
    return sizes.get(cell.p_lst[0].style or "", (EM * least, least))


def room_in(cell: CT_Tc) -> float:
    """The width that the text of a cell finds, in points."""
    return cell.width.pt - _EDGES if cell.width is not None else 0.0


def fit_columns(table: CT_Tbl, sizes: Sizes, caption: float) -> None:
    """Give what some columns can spare to those whose texts are broken into lines.

    Args:
        table: filled.
        sizes: of the styles of its cells.
        caption: what the captions of a column need, in ems.
    """
    grid = [int(column.get(qn("w:w")) or 0) for column in table.tblGrid.iter(qn("w:gridCol"))]
    body = [row for row in table.tr_lst if _is_line(row, len(grid))]
    if not body:
        return
    least = max((row.trHeight_val.pt for row in body if row.trHeight_val is not None), default=0.0)
    columns = [[row.tc_lst[place] for row in body] for place in range(len(grid))]
    needed = [points(max(_needed(cell, least, sizes) for cell in cells)) for cells in columns]
    floor = points(caption * max(size_of(cells[0], least, sizes)[0] for cells in columns) + _EDGES)
    spare = {i: free for i, width in enumerate(grid) if (free := width - max(floor, needed[i])) > 0}
    lack = {i: needed[i] - width for i, width in enumerate(grid) if needed[i] > width}
    moved = _moved(spare, lack)
    if moved:
        _set(table, [width + moved.get(i, 0) for i, width in enumerate(grid)])


def _needed(cell: CT_Tc, least: float, sizes: Sizes) -> float:
    """How wide a cell has to be to hold its text in one line; 0 for none."""
    text = text_of(cell)
    wide = ems(text) * (_SAFE if any(ord(sign) > HALF_WIDTH for sign in text) else _SAFE_FIGURE)
    return wide * size_of(cell, least, sizes)[0] + _EDGES if text else 0.0


def _is_line(row: CT_Row, columns: int) -> bool:
    """Whether a row is none of the head and has a cell in each column."""
    head = row.trPr is not None and row.trPr.find(qn("w:tblHeader")) is not None
    return not head and len(row.tc_lst) == columns


def _moved(spare: Mapping[int, int], lack: Mapping[int, int]) -> Mapping[int, int]:
    """How much each column gains or loses; together nothing."""
    room = min(sum(spare.values()), sum(lack.values()))
    gained = {i: width * room // sum(lack.values()) for i, width in lack.items()}
    lost = {i: -(width * sum(gained.values()) // sum(spare.values())) for i, width in spare.items()}
    rest = sum(gained.values()) + sum(lost.values())
    if not gained or not lost:
        return {}
    return {**gained, **lost, next(iter(gained)): next(iter(gained.values())) - rest}


def _set(table: CT_Tbl, widths: Sequence[int]) -> None:
    """WPS goes by the grid, Word by the cells."""
    for column, width in zip(table.tblGrid.iter(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(width))
    for row in table.tr_lst:
        place = 0
        for cell in row.tc_lst:
            cell.width = Twips(sum(widths[place : place + cell.grid_span]))
            place += cell.grid_span
