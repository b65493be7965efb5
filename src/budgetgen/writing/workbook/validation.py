"""What may be typed into a cell of the workbook, and what its drop-down offers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_range_abs

from budgetgen.amounts import LIMIT, YUAN_PER_UNIT
from budgetgen.writing.workbook.layout import CODE_SHEETS, LISTS_SHEET

if TYPE_CHECKING:
    from budgetgen.declarations import Column

FIRST_DAY = date(2000, 1, 1)
LONGEST_LIST = 255
"""Excel's own limit, in characters."""


class Lists(list[tuple[str, ...]]):
    """The drop-down lists that are too long to stand in a validation: they stand on a sheet of their own."""

    def choices(self, column: Column) -> Any:
        """What a drop-down offers: the list itself, or where it stands."""
        if column.type == "code":
            return f"={CODE_SHEETS[column.of]}代码"
        if len(",".join(column.choices)) <= LONGEST_LIST and not any("," in text for text in column.choices):
            return list(column.choices)
        if column.choices not in self:
            self.append(column.choices)
        place = self.index(column.choices)
        return f"={LISTS_SHEET}!{xl_range_abs(0, place, len(column.choices) - 1, place)}"


def rule_of(column: Column, choices: Any) -> dict[str, Any]:
    """What a cell admits, in xlsxwriter's words; `choices` are those of the column, or where they stand."""
    match column.type:
        case "money" | "number":
            limit = int(LIMIT) * max(YUAN_PER_UNIT.values())
            text = "请填数字，不带单位和文字；没有就空着。"
            return _stop("decimal", "between", -limit, limit, "这里只能填数字", text)
        case "count":
            text = "请填不带小数的数字；没有就空着。"
            return _stop("integer", "between", 0, int(LIMIT), "这里只能填整数", text)
        case "date":
            text = "请填年月日，例如 2026-02-27。"
            return _stop("date", "between", FIRST_DAY, date(9999, 12, 31), "这里只能填日期", text)
        case "code":
            text = "科目表里没有这个代码。确实是新增科目的选“是”，并在名称列填上名称。"
            return {**_said("list", "代码不在科目表中", text), "source": choices, "error_type": "warning"}
    if not choices:
        return {"validate": "any"}
    return {**_said("list", "不在可选范围内", "请从下拉列表中选一项。"), "source": choices}


def _stop(kind: str, criteria: str, low: Any, high: Any, title: str, message: str) -> dict[str, Any]:
    return {**_said(kind, title, message), "criteria": criteria, "minimum": low, "maximum": high}


def _said(kind: str, title: str, message: str) -> dict[str, Any]:
    return {"validate": kind, "error_title": title, "error_message": message}
