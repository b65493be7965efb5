"""A sheet that the program writes, as a workbook of its own for people to read."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from xlsxwriter import Workbook

from budgetgen.writing.workbook.formats import HEADER, LABEL, TITLE, Formats
from budgetgen.writing.workbook.sheet import Pen
from budgetgen.writing.workbook.writer import CREATED

if TYPE_CHECKING:
    from budgetgen.declarations import Edition
    from budgetgen.model import Table

TITLE_ROW, HEADER_ROW = 0, 1


def render_listing(edition: Edition, table: Table) -> bytes:
    """The workbook; the same table gives the same bytes.

    Raises:
        UnusableInputError: a text is too long for a cell.
    """
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"title": table.name, "created": CREATED})
    pen = Pen(workbook.add_worksheet(table.name), Formats(workbook), table.name)
    columns = edition.tables[table.name].main.columns
    pen.widths([column.width for column in columns])
    pen.text(TITLE_ROW, 0, table.name, TITLE)
    for place, column in enumerate(columns):
        pen.text(HEADER_ROW, place, column.captions[-1], HEADER)
        for number, row in enumerate(table.rows, start=HEADER_ROW + 1):
            pen.value(number, place, row[column.name].value, LABEL)
    pen.sheet.freeze_panes(HEADER_ROW + 1, 0)
    pen.sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(table.rows), len(columns) - 1)
    pen.page(landscape=True)
    workbook.close()
    return buffer.getvalue()
