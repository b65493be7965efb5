"""A budget beside the accounts of its year as a workbook: one sheet, a line for each figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from budgetgen.writing.workbook.formats import BARE, HEADER, LABEL, TAB_PRINTED, TITLE, CellStyle, Formats
from budgetgen.writing.workbook.sheet import Pen, Sheet, done, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from budgetgen.comparison import Side
    from budgetgen.comparison.settlement import SettledFigure

SHEET = "预决算对照"
CAPTIONS: Final = ("表", "项目", "列", "预算数", "决算数", "差额", "完成率（%）")
WIDTHS: Final = (22, 44, 14, 16, 16, 16, 14)
HEAD: Final = 2
AMOUNT = CellStyle(num_format="#,##0.00")


def render_settlement(figures: Sequence[SettledFigure], budget: Side, accounts: Side) -> bytes:
    """The workbook; the same input gives the same bytes.

    Raises:
        UnusableInputError: a text is too long for a cell.
    """
    with written(f"{budget.book.file} → {accounts.book.file}") as (workbook, buffer):
        sheet = workbook.add_worksheet(SHEET, Sheet)
        sheet.set_tab_color(TAB_PRINTED)
        _fill(Pen(sheet, Formats(workbook), accounts.book.file), figures, budget, accounts)
    return buffer.getvalue()


def _fill(pen: Pen, figures: Sequence[SettledFigure], budget: Side, accounts: Side) -> None:
    pen.widths(WIDTHS)
    pen.text(0, 0, f"{accounts.unit} {accounts.year} 年{SHEET}（万元）", TITLE)
    pen.text(1, 0, f"预算：{budget.book.file}　决算：{accounts.book.file}", BARE)
    for column, text in enumerate(CAPTIONS):
        pen.text(HEAD, column, text, HEADER)
    for row, one in enumerate(figures, start=HEAD + 1):
        for column, text in enumerate((one.table, one.name, one.column)):
            pen.text(row, column, text, LABEL)
        for column, amount in enumerate((one.budget, one.outcome, one.difference, one.rate), start=3):
            pen.value(row, column, amount, AMOUNT)
    pen.sheet.freeze_panes(HEAD + 1, 0)
    done(pen.sheet.autofilter(HEAD, 0, HEAD + len(figures), len(CAPTIONS) - 1))
    pen.quiet(HEAD + len(figures), len(CAPTIONS) - 1)
    pen.page(landscape=True)
