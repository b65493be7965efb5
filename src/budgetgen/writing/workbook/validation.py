"""What may be typed into a cell of the workbook, and what its drop-down offers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import quote_sheetname, xl_range_abs

from budgetgen.values.amounts import LIMIT, PER_WAN

if TYPE_CHECKING:
    from budgetgen.edition.declarations import Column, OwnSheets

FIRST_DAY = date(2000, 1, 1)
LONGEST_LIST = 255
"""Excel's own limit, in characters."""


@dataclass(frozen=True)
class Lists:
    """What drop-downs offer: lists of codes, lists that stand in their validation, or those too long for one.

    Attributes:
        sheets: the program's own sheets, where lists stand.
        long: those too long for a validation, in the order of their columns on their sheet.
    """

    sheets: OwnSheets
    long: list[tuple[str, ...]] = field(default_factory=list)

    def choices(self, column: Column) -> Any:
        """What a drop-down offers: the list itself, or where it stands."""
        if column.type == "code":
            return f"={self.sheets.codes[column.of]}代码"
        if len(",".join(column.choices)) <= LONGEST_LIST and not any("," in text for text in column.choices):
            return list(column.choices)
        if column.choices not in self.long:
            self.long.append(column.choices)
        place = self.long.index(column.choices)
        return (
            f"={quote_sheetname(self.sheets.lists)}!{xl_range_abs(0, place, len(column.choices) - 1, place)}"
        )


def rule_of(column: Column, choices: Any) -> dict[str, Any]:
    """What a cell admits, in xlsxwriter's words; `choices` are those of the column, or where they stand."""
    match column.type:
        case "money" | "number":
            limit = int(LIMIT) * max(PER_WAN.values())
            text = "请填数字，不带单位和文字；没有就空着。"
            return _stop("decimal", "between", -limit, limit, "这里只能填数字", text)
        case "count":
            text = "请填不带小数的数字；没有就空着。"
            return _stop("integer", "between", 0, int(LIMIT), "这里只能填整数", text)
        case "date":
            text = "请填年月日，写成“年-月-日”。"
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
