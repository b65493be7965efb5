"""budgetgen why"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from budgetgen.app.cli.arguments import FILE, edition_option
from budgetgen.app.console import ChineseCommand
from budgetgen.app.pipeline import why as pipeline
from budgetgen.app.progress import shown
from budgetgen.values.amounts import plain, rounded, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from budgetgen.department.tracing import Trace

STEP = "  "
MONEY = " 万元"


@click.command(cls=ChineseCommand)
@click.argument("file", type=FILE, metavar="文件")
@click.argument("figure", metavar="数")
@edition_option
def command(file: Path, figure: str, edition: str | None) -> None:
    """说明一个数是怎么来的：由哪条关系式从哪些数算出；部门的汇总数由哪些单位的哪一格相加。

    “数”写成 支出总体[2060501].合计 或 支出总体!E12（带括号或叹号的用引号括起来）。金额以万元计，公开的数
    四舍五入到两位小数。
    """
    with shown():
        trace = pipeline.why(file, figure, edition=edition)
    click.echo("\n".join(_told(trace, "")))


def _told(trace: Trace, indent: str) -> Iterator[str]:
    again = "，见上" if trace.again else ""
    given = "，填写" if trace.cell.given and not trace.sources else ""
    place = f"（{trace.cell.place or '推算'}{given}{again}）"
    yield f"{indent}{trace.figure} {_value(trace)}{place}"
    if trace.rule:
        yield f"{indent}{STEP}= {trace.formula}（{trace.rule.id}）"
    for source in trace.sources:
        where = (
            f"{source.file}!{source.place}"
            if source.place
            else f"{source.file}（推算）"
            if source.file
            else ""
        )
        told = f"（{where}）" if where else ""
        yield f"{indent}{STEP}← {source.unit} {_number(source.value, trace)}{told}"
    if trace.sources and (changed := trace.cell.amount - sum(source.value for source in trace.sources)):
        yield f"{indent}{STEP}← 汇总后改的 {_number(changed, trace)}"
    for part in trace.parts:
        yield from _told(part, indent + STEP * 2)


def _value(trace: Trace) -> str:
    """A value; of an amount that is not printed as it is, also how it is."""
    value = trace.cell.value
    if not isinstance(value, Decimal):
        return str(value or "空")
    printed = f"，公开为 {written(value)}" if trace.money and value != rounded(value) else ""
    return f"{_number(value, trace)}{printed}"


def _number(value: Decimal, trace: Trace) -> str:
    """An amount with its unit, another number with the decimals that it has."""
    return f"{plain(value)}{MONEY}" if trace.money else plain(value, 0)
