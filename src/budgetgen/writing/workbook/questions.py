"""A list of what is wrong with a file, to be written on: few rows with long texts, each as high as its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from budgetgen.writing.workbook.formats import Formats, lines_of
from budgetgen.writing.workbook.listing import LIST_HEADER, write_list
from budgetgen.writing.workbook.sheet import Pen, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from budgetgen.values.model import Value
    from budgetgen.writing.workbook.listing import ListColumn


class QuestionSheet(NamedTuple):
    """A sheet of such a list: its title, its columns, its rows."""

    title: str
    columns: Sequence[ListColumn]
    rows: Sequence[Sequence[Value]]


def render_questions(sheets: Sequence[QuestionSheet]) -> bytes:
    """The workbook; the same rows give the same bytes.

    Raises:
        UnusableInputError: a text is too long for a cell.
    """
    with written(sheets[0].title) as (workbook, buffer):
        formats = Formats(workbook)
        for title, columns, rows in sheets:
            pen = Pen(workbook.add_worksheet(title), formats, title)
            write_list(pen, title, columns, rows)
            for place, row in enumerate(rows, start=LIST_HEADER + 1):
                cells = zip(row, columns, strict=True)
                pen.height(place, max(_lines(value, column.width) for value, column in cells))
    return buffer.getvalue()


def _lines(value: Value, width: float) -> int:
    return sum(lines_of(line, width) for line in value.split("\n")) if isinstance(value, str) else 1
