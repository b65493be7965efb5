"""A sheet that the program writes as a plain list, in the department's workbook or as one of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from budgetgen.values.findings import UnusableInputError
from budgetgen.writing.workbook.formats import (
    GUIDE,
    HEADER,
    PLAIN,
    TEXT_FORMAT,
    TITLE,
    CellStyle,
    Formats,
    lines_of,
    style_of,
)
from budgetgen.writing.workbook.sheet import Pen, done, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from budgetgen.edition.declarations import Edition, TableDeclaration
    from budgetgen.values.model import Table, Value

TITLE_ROW, GUIDE_ROW, HEADER_ROW = range(3)
LIST_HEADER = 1
TEXT = CellStyle(num_format=TEXT_FORMAT)
COUNT = CellStyle(num_format="0", align="right", text_wrap=False)
LAST_ROW = 1_048_575
"""Excel's own limit, from 0."""


def render_listing(edition: Edition, table: Table) -> bytes:
    """A workbook of that sheet alone; the same table gives the same bytes.

    Raises:
        UnusableInputError: a text is too long for a cell.
    """
    with written(table.name) as (workbook, buffer):
        pen = Pen(workbook.add_worksheet(table.name), Formats(workbook), table.name)
        columns = edition.tables[table.name].main.columns
        rows = ([row[column.name].value for column in columns] for row in table.rows)
        write_listing(pen, edition.tables[table.name], rows)
    return buffer.getvalue()


class ListColumn(NamedTuple):
    """A column of a list that no edition declares.

    Attributes:
        caption: above it.
        width: in characters.
        style: of its cells.
        sparse: blank cells are not written: one of many columns that hold little.
    """

    caption: str
    width: float
    style: CellStyle = TEXT
    sparse: bool = False


def render_list(title: str, columns: Sequence[ListColumn], rows: Iterable[Sequence[Value]]) -> bytes:
    """A workbook of one such list; the same rows give the same bytes.

    Raises:
        UnusableInputError: a text is too long for a cell.
    """
    with written(title) as (workbook, buffer):
        pen = Pen(workbook.add_worksheet(title), Formats(workbook), title)
        write_list(pen, title, columns, rows)
    return buffer.getvalue()


def write_list(pen: Pen, title: str, columns: Sequence[ListColumn], rows: Iterable[Sequence[Value]]) -> None:
    """Title, header and rows, from the top down, so that a sheet that streams may take them."""
    pen.widths([column.width for column in columns])
    pen.text(TITLE_ROW, 0, title, TITLE)
    for place, column in enumerate(columns):
        pen.text(LIST_HEADER, place, column.caption, HEADER)
    last = LIST_HEADER
    for last, row in enumerate(rows, start=LIST_HEADER + 1):
        cells = ((at, value, column) for at, (column, value) in enumerate(zip(columns, row, strict=True)))
        pen.line(last, [(at, value, c.style) for at, value, c in cells if value is not None or not c.sparse])
    pen.sheet.freeze_panes(LIST_HEADER + 1, 0)
    pen.sheet.repeat_rows(LIST_HEADER)
    done(pen.sheet.autofilter(LIST_HEADER, 0, last, len(columns) - 1))
    pen.page(landscape=True)


def write_listing(pen: Pen, table: TableDeclaration, rows: Iterable[Sequence[Value]]) -> int:
    """Title, guide, header and rows, from the top down, so that a sheet that streams may take them.

    Args:
        pen: writes on the sheet.
        table: the declaration.
        rows: the values of its columns, in order.

    Returns:
        The number of the last row.

    Raises:
        UnusableInputError: a text is too long for a cell, or there are more rows than a sheet has.
    """
    columns = table.main.columns
    widths = [column.width for column in columns]
    pen.widths(widths)
    pen.text(TITLE_ROW, 0, table.name, TITLE)
    pen.across(GUIDE_ROW, 0, len(columns) - 1, table.guide, GUIDE)
    pen.height(GUIDE_ROW, lines_of(table.guide, sum(widths)))
    last = HEADER_ROW
    for place, column in enumerate(columns):
        pen.text(HEADER_ROW, place, column.captions[-1], HEADER)
    styles = [(place, style_of(column, PLAIN, locked=True)) for place, column in enumerate(columns)]
    for last, row in enumerate(rows, start=HEADER_ROW + 1):
        if last > LAST_ROW:
            raise UnusableInputError(
                pen.file, f"“{table.name}”超过 {LAST_ROW + 1} 行，工作表放不下", "分几次汇总"
            )
        pen.line(last, [(place, value, style) for (place, style), value in zip(styles, row, strict=True)])
    pen.sheet.freeze_panes(HEADER_ROW + 1, 0)
    pen.sheet.repeat_rows(HEADER_ROW)
    done(pen.sheet.autofilter(HEADER_ROW, 0, last, len(columns) - 1))
    pen.page(landscape=True)
    return last
