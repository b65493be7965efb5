"""The sheet of a department's figures with a column for each unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.department.columns import unit_figures, unit_names
from budgetgen.writing.workbook.formats import MONEY
from budgetgen.writing.workbook.listing import ListColumn, write_list

if TYPE_CHECKING:
    from budgetgen.department.columns import UnitColumns
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book
    from budgetgen.writing.workbook.sheet import Pen

TITLE = "{}（万元）"
WIDTH = 16
OTHER = "调整和尾差"


def write_units(pen: Pen, columns: UnitColumns, book: Book, edition: Edition) -> None:
    """A row for each figure: the department's, what it is made of, and that of each unit, as far as it has one."""
    declared = edition.consolidating.traces
    known = (
        ListColumn(declared.table, 20),
        ListColumn(declared.row, 14),
        ListColumn("名称", 26),
        ListColumn(declared.column, 14),
        *(
            ListColumn(name, WIDTH, MONEY)
            for name in (declared.department, declared.units, declared.eliminated, OTHER)
        ),
    )
    units = tuple(ListColumn(name, WIDTH, MONEY, sparse=True) for name in unit_names(columns, edition))
    rows = (
        (
            *(one.table, one.key, one.name or None, one.column),
            *(one.department, one.together, one.eliminated, one.other),
            *one.units,
        )
        for one in unit_figures(columns, book, edition)
    )
    write_list(pen, TITLE.format(edition.sheets.units), (*known, *units), rows)
