"""budgetgen explain"""

from __future__ import annotations

import click

from budgetgen.app.console import ChineseCommand
from budgetgen.app.pipeline.explain import explained
from budgetgen.app.reports import findings as report


@click.command(cls=ChineseCommand)
@click.argument("name", metavar="规则编号")
@click.option("--edition", metavar="版式", help="哪个版式的规则，默认最新的一版")
def command(name: str, edition: str | None) -> None:
    """说明一条规则核对什么、为什么、怎么改，提示时说什么，在填报表里是哪个公式，在哪个文件哪一行声明，并给出一个不通过的例子。"""
    click.echo(report.explained(explained(name, edition=edition)))
