"""A sheet that the program writes as a plain list, in the department's workbook or as one of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.values.findings import UnusableInputError
from budgetgen.writing.workbook.formats import GUIDE, HEADER, PLAIN, TITLE, Formats, lines_of, style_of
from budgetgen.writing.workbook.sheet import Pen, done, written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from budgetgen.edition.declarations import Edition, TableDeclaration
    from budgetgen.values.model import Row, Table

TITLE_ROW, GUIDE_ROW, HEADER_ROW = range(3)
LAST_ROW = 1_048_575
"""Excel's own limit, from 0."""


def render_listing(edition: Edition, table: Table) -> bytes:
    """A workbook of that sheet alone; the same table gives the same bytes.

    Raises:
        UnusableInputError: a text is too long for a cell.
    """
    with written(table.name) as (workbook, buffer):
        pen = Pen(workbook.add_worksheet(table.name), Formats(workbook), table.name)
        write_listing(pen, edition.tables[table.name], table.rows)
    return buffer.getvalue()


def write_listing(pen: Pen, table: TableDeclaration, rows: Iterable[Row]) -> None:
    """Title, guide, header and rows, from the top down, so that a sheet that streams may take them.

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
    for last, row in enumerate(rows, start=HEADER_ROW + 1):
        if last > LAST_ROW:
            raise UnusableInputError(
                pen.file, f"“{table.name}”超过 {LAST_ROW + 1} 行，工作表放不下", "分几次汇总"
            )
        for place, column in enumerate(columns):
            pen.value(last, place, row[column.name].value, style_of(column, PLAIN, locked=True))
    pen.sheet.freeze_panes(HEADER_ROW + 1, 0)
    pen.sheet.repeat_rows(HEADER_ROW)
    done(pen.sheet.autofilter(HEADER_ROW, 0, last, len(columns) - 1))
    pen.page(landscape=True)
