"""budgetgen edition check"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from budgetgen.app.cli import CLEAN, FAILED
from budgetgen.app.console import ChineseCommand
from budgetgen.app.pipeline.editions import examine_edition
from budgetgen.app.progress import shown
from budgetgen.edition.files import COMMON
from budgetgen.edition.origins import Doing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.app.pipeline.editions import Examined
    from budgetgen.edition.origins import Overriding

SHARED = """  （在 common/ 里的是各版式共用的举例，金额在本版式以{单位}计：名称不同的写进 [roles]，没有的写 ""，
  那条规则照旧执行、只是不举例；仍不成立的，在自己的 rules.toml 里用这个编号另写 passes、fails）"""
"""What an author does about an example that all formats share."""
MORE = 4
"""So many of the parts of a declaration that differ are named."""


@click.command(cls=ChineseCommand)
@click.argument("name", metavar="版式或文件夹")
def command(name: str) -> int:
    """检查一个版式：写错的名称一次全部说出，运行每条规则的正例和反例，指出没有计入合计的金额、没有关系推算的合计、没有语句的章节、没有用到的说法、科目表里没有的科目；列出新增、改了、去掉了原版式的哪些声明。

    没有问题返回 0；举例不对、缺正例或反例、有没计入合计的金额、有没有关系推算的合计返回 1；版式不能用返回 2。
    """
    with shown():
        done = examine_edition(name)
    click.echo("\n".join(_lines(done)))
    return FAILED if done.broken or done.unshown or done.uncounted or done.underived else CLEAN


def _lines(done: Examined) -> Iterator[str]:
    settings = done.edition.edition
    yield f"{settings.title}（{settings.id}）：{len(done.edition.printed)} 张表，{len(done.edition.rules)} 条规则，{done.examples} 条有举例。"
    lists = {
        "举例不对": done.broken,
        "没有计入合计的金额（填错了核对不出，合计也不含它）": done.uncounted,
        "没有关系推算的合计（只能手填，错了也核对不出）": done.underived,
        "没有语句的章节": done.silent,
        "没有用到的说法（[phrase]）": done.unused,
        "缺正例或反例的规则（passes、fails 缺一不可）": done.unshown,
        "部门汇总时空着的表（没有写 consolidated，各单位的数不相加）": done.unmerged,
        "公式按科目代码取数，科目表里没有这个科目（写错了，或科目表要加）": done.uncoded,
        "表号空缺（后面的表改 number，规则 title 里的表号也改）": done.gaps,
    }
    for title, found in lists.items():
        if found:
            yield f"\n{title} {len(found)} 处："
            yield from (f"  {one}" for one in found)
        if found is done.broken and any(f"（{COMMON}/" in one for one in found):
            yield SHARED.format(单位=done.edition.money.tables.unit)
    if not any(lists.values()):
        yield "举例都对，金额都计入合计，合计都有关系推算，各章节都有语句，各种说法都用到。"
    yield from _overridings(done)


def _overridings(done: Examined) -> Iterator[str]:
    """What is new, what changes or takes away a declaration of another edition; of one from nothing not all that is new."""
    below = "原版式" if done.extends else "各版式共用的声明"
    for doing in Doing:
        told = done.extends or doing is not Doing.NEW
        found = [one for one in done.overridings if told and one.doing is doing]
        if found:
            yield f"\n与{below}相比，{doing.value} {len(found)} 处："
            yield from (f"  {_overriding(one)}" for one in found)


def _overriding(one: Overriding) -> str:
    parts = f"：{'、'.join(one.parts[:MORE])}{f' 等 {len(one.parts)} 项' if len(one.parts) > MORE else ''}"
    before = f"；原在 {one.before}" if one.before else ""
    return f"{one.called}（{one.place}{before}）{parts if one.parts else ''}"
