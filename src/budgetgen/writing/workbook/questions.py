"""A list of what is wrong with a file, to be written on: few rows with long texts, each as high as its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.writing.workbook.formats import Formats, lines_of
from budgetgen.writing.workbook.listing import LIST_HEADER, write_list
from budgetgen.writing.workbook.sheet import Pen, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from budgetgen.writing.workbook.listing import ListColumn


def render_questions(
    title: str, columns: Sequence[ListColumn], rows: Sequence[Sequence[str | None]]
) -> bytes:
    """The workbook; the same rows give the same bytes.

    Raises:
        UnusableInputError: a text is too long for a cell.
    """
    with written(title) as (workbook, buffer):
        pen = Pen(workbook.add_worksheet(title), Formats(workbook), title)
        write_list(pen, title, columns, rows)
        for place, row in enumerate(rows, start=LIST_HEADER + 1):
            cells = zip(row, columns, strict=True)
            pen.height(place, max(_lines(text or "", column.width) for text, column in cells))
    return buffer.getvalue()


def _lines(text: str, width: float) -> int:
    return sum(lines_of(line, width) for line in text.split("\n"))
