"""budgetgen edition new"""

from __future__ import annotations

from pathlib import Path

import click

from budgetgen.app.cli.arguments import FILE
from budgetgen.app.console import ChineseCommand
from budgetgen.app.pipeline.editions import begin_edition
from budgetgen.app.progress import shown


@click.command(cls=ChineseCommand)
@click.option("--from", "base", metavar="版式", required=True, help="在哪个版式上修改")
@click.option("--year", type=click.IntRange(2000, 2999), metavar="年份", required=True, help="新版式的年度")
@click.option("-o", "--output", type=FILE, metavar="文件夹", help="写在哪个文件夹里，默认当前文件夹")
def command(base: str, year: int, output: Path | None) -> None:
    """新建另一年的版式：一个文件夹，只有与原版式不同的年度；再把不同之处写进去。不会覆盖已有的文件夹。"""
    with shown():
        home = begin_edition(base, year, output)
    click.echo(f"已建立 {home}")
    click.echo(f"下一步：写上不同之处，用 budgetgen edition check {home} 检查。")
