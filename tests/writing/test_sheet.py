"""Rows that are written at once say the same as those written cell by cell."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from budgetgen.values.findings import UnusableInputError
from budgetgen.writing.workbook.formats import BARE, MONEY, Formats
from budgetgen.writing.workbook.sheet import LONGEST_TEXT, Pen, StreamedSheet, written

VALUES = (
    *(
        None,
        "",
        "汇总",
        " 前后有空格 ",
        "甲<乙>&“丙”",
        'a"b',
        "_x0041_",
        "换\n行",
        "制\t表",
        "\x01",
        "=1+1",
        "007",
    ),
    *(Decimal("0.00"), Decimal("1234567.891234"), Decimal("-0.1"), Decimal("1E+3"), date(2026, 1, 30)),
)


def sheet_of(rows, *, at_once):
    """The XML of a streamed sheet with these rows."""
    with written("表", large=True) as (workbook, buffer):
        pen = Pen(workbook.add_worksheet("表", StreamedSheet), Formats(workbook), "文件.xlsx")
        for number, row in enumerate(rows):
            if at_once:
                pen.line(number, row)
            else:
                for column, value, style in row:
                    pen.value(number, column, value, style)
        pen.sheet.freeze_panes(1, 0)
    with zipfile.ZipFile(io.BytesIO(buffer.getvalue())) as package:
        return package.read("xl/worksheets/sheet1.xml"), package.read("xl/styles.xml")


@pytest.mark.parametrize("styles", [(BARE, BARE), (MONEY, BARE), (BARE, MONEY)])
def test_a_row_written_at_once_has_the_bytes_of_its_cells(styles):
    rows = [[(0, one, styles[0]), (30, other, styles[1])] for one, other in product(VALUES, repeat=2)]
    rows[7] = []
    assert sheet_of(rows, at_once=True) == sheet_of(rows, at_once=False)


def test_a_text_that_is_too_long_is_refused_with_its_place():
    with pytest.raises(UnusableInputError, match="表!A2"):
        sheet_of([[(0, "好", BARE)], [(0, "长" * (LONGEST_TEXT + 1), BARE)]], at_once=True)
