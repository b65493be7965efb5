"""Differences from approved figures in words, as JSON and as a workbook."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from budgetgen.values.amounts import plain
from budgetgen.values.findings import Spot
from budgetgen.values.places import told_place
from budgetgen.writing.workbook.formats import MONEY
from budgetgen.writing.workbook.listing import ListColumn, render_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.department.control import ControlDifference, Matter
    from budgetgen.values.model import Cell, Value

TITLE = "控制数差异"
ALL = "全部单位"
WORDS: Mapping[Matter, str] = {
    "differs": "与控制数不同",
    "unapproved": "没有控制数",
    "unit": "控制数表里没有这个单位",
    "file": "没有这个单位的填报表",
}
COLUMNS = (
    ListColumn("单位", 32),
    ListColumn("情况", 22),
    ListColumn("科目代码", 12),
    ListColumn("表", 20),
    ListColumn("列", 14),
    ListColumn("控制数（万元）", 18, MONEY),
    ListColumn("填报数（万元）", 18, MONEY),
    ListColumn("差额（万元）", 18, MONEY),
    ListColumn("控制数在", 24),
    ListColumn("填报数在", 36),
)


def lines_of(differences: Sequence[ControlDifference]) -> Iterator[str]:
    """A line for each, unit after unit."""
    unit = None
    for one in differences:
        if one.unit != unit:
            unit = one.unit
            yield f"── {unit or ALL} ──"
        yield _line(one)


def summary(differences: int, figures: int, units: int) -> str:
    """The whole in one line."""
    return f"控制数 {figures} 个，比对了 {units} 个单位，差异 {differences} 处。"


def _line(one: ControlDifference) -> str:
    if one.what in {"unit", "file"}:
        return f"  {WORDS[one.what]}" + (f"（{one.file}）" if one.file else "")
    own, approved = _said(one.own, one.file), _said(one.approved, "")
    key, table, column = one.figure
    sides = f"填报 {own} | 控制数 {approved} | 差 {plain(one.difference)}"
    return f"  {Spot(table, key, column).name}：{WORDS[one.what]}：{sides}"


def _said(cell: Cell, file: str) -> str:
    if cell.value is None:
        return "没有"
    return f"{plain(cell.amount)} 万元" + (f"（{cell.place.of_file(file)}）" if cell.place else "")


def as_json(differences: Sequence[ControlDifference], *, ascii_only: bool = False) -> str:
    """The differences for programs, amounts in 万元 as text."""
    return json.dumps([_told(one) for one in differences], ensure_ascii=ascii_only, indent=2)


def _told(one: ControlDifference) -> Mapping[str, str | None]:
    key, table, column = one.figure
    amounts = {"approved": one.approved, "own": one.own}
    return {
        "unit": one.unit or None,
        "what": one.what,
        "code": key or None,
        "table": table or None,
        "column": column or None,
        **{name: None if cell.value is None else plain(cell.amount) for name, cell in amounts.items()},
        "difference": plain(one.difference) if table else None,
        "approved_place": told_place(one.approved.place) or None,
        "file": one.file or None,
        "place": told_place(one.own.place) or None,
    }


def render_differences(differences: Sequence[ControlDifference]) -> bytes:
    """The differences as a workbook."""
    return render_list(TITLE, COLUMNS, map(_row, differences))


def _row(one: ControlDifference) -> Sequence[Value]:
    amounts = (one.approved.value, one.own.value, one.difference if one.figure[1] else None)
    place = "!".join(filter(None, (one.file, told_place(one.own.place))))
    texts = (text or None for text in one.figure)
    return (
        one.unit or ALL,
        WORDS[one.what],
        *texts,
        *amounts,
        told_place(one.approved.place) or None,
        place or None,
    )
