"""A budget beside the accounts of its year, on the screen and for machines."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING

from budgetgen.values.amounts import plain, written
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from budgetgen.comparison import Side
    from budgetgen.comparison.settlement import SettledFigure

SINGLE = "总数"
"""The heading of the figures that stand in no table of both."""


def printed(figures: Sequence[SettledFigure], budget: Side, accounts: Side) -> str:
    """Each figure on a line, below the title of its table."""
    lines = [f"预决算对照，{accounts.unit} {accounts.year} 年（万元）：{len(figures)} 个数"]
    if caption(budget.unit) != caption(accounts.unit):
        lines.insert(
            0, f"两份文件不是同一单位：预算是“{budget.unit}”，决算是“{accounts.unit}”。请核对是否给错了文件。"
        )
    for table, group in groupby(figures, key=lambda one: one.table):
        lines.append(f"── {table or SINGLE} ──")
        lines += (f"  {line}" for line in map(_line, group))
    return "\n".join(lines)


def _line(figure: SettledFigure) -> str:
    name = "：".join(filter(None, (figure.name, figure.column)))
    told = f"预算数 {_told(figure.budget)}，决算数 {_told(figure.outcome)}，差额 {written(figure.difference)}"
    return f"{name} | {told}，完成率 {_rate(figure)}"


def _told(amount: Decimal | None) -> str:
    return "空" if amount is None else written(amount)


def _rate(figure: SettledFigure) -> str:
    return "—（没有预算）" if figure.rate is None else f"{figure.rate}%"


def as_json(figures: Sequence[SettledFigure], *, ascii_only: bool = False) -> str:
    """The figures for machines, amounts as strings in 万元."""
    return json.dumps(list(_entries(figures)), ensure_ascii=ascii_only, indent=2)


def _entries(figures: Sequence[SettledFigure]) -> Iterator[dict[str, str | None]]:
    for one in figures:
        amounts = {
            "budget": one.budget,
            "outcome": one.outcome,
            "difference": one.difference,
            "rate": one.rate,
        }
        names = {"table": one.table, "row": one.key, "name": one.name, "column": one.column}
        yield {**names, **{key: None if value is None else plain(value) for key, value in amounts.items()}}
