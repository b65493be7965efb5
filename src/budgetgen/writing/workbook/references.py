"""Cells and texts as formulas of Excel write them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from xlsxwriter.utility import quote_sheetname, xl_col_to_name, xl_rowcol_to_cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.writing.workbook.layout import Address

AT_HAND: Final = -1
"""The row of a line that is compiled with its row left open, and what stands for its number."""
BELOW: Final = -2
NEXT: Final = "\1"
"""The same of the row below it."""
ROW: Final = "\0"


@cache
def _sheet(name: str) -> str:
    return str(quote_sheetname(name))


@cache
def reference(first: Address, last: Address | None = None) -> str:
    """A cell or a range, from whatever sheet it is seen."""
    cells = dict.fromkeys((first, last or first))
    return f"{_sheet(first.sheet)}!{':'.join(_cell(cell, fixed=True) for cell in cells)}"


def reference_from(home: Address, first: Address, last: Address | None = None) -> str:
    """A cell or a range, as a cell sees it: relative in its own row, so that a copied line speaks of itself."""
    last = last or first
    near = first.sheet == home.sheet
    fixed = not (near and first.row == last.row == home.row)
    text = ":".join(_cell(cell, fixed=fixed) for cell in dict.fromkeys((first, last)))
    return text if near else f"{_sheet(first.sheet)}!{text}"


@cache
def _cell(cell: Address, *, fixed: bool) -> str:
    if cell.row == AT_HAND:
        return f"{xl_col_to_name(cell.column)}{ROW}"
    if cell.row == BELOW:
        return f"${xl_col_to_name(cell.column)}${NEXT}"
    return str(xl_rowcol_to_cell(cell.row, cell.column, row_abs=fixed, col_abs=fixed))


def quoted(value: str) -> str:
    """A text as formulas write it."""
    return '"' + value.replace('"', '""') + '"'


def runs(cells: Sequence[Address]) -> Iterator[tuple[Address, Address]]:
    """Cells as ranges: neighbours in one row or one column are written as one."""
    pending = list(cells)
    while pending:
        run = [pending.pop(0)]
        while pending and _continues(run, pending[0]):
            run.append(pending.pop(0))
        yield run[0], run[-1]


def _continues(run: Sequence[Address], cell: Address) -> bool:
    last = run[-1]
    step = (cell.row - last.row, cell.column - last.column)
    if cell.sheet != last.sheet or step not in {(0, 1), (1, 0)}:
        return False
    return len(run) == 1 or step == (last.row - run[-2].row, last.column - run[-2].column)
