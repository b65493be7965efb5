"""budgetgen edition preview"""

from __future__ import annotations

import re
from pathlib import Path

import click

from budgetgen.app.cli import CLEAN, FAILED
from budgetgen.app.cli.arguments import FILE
from budgetgen.app.console import ChineseCommand
from budgetgen.app.pipeline.preview import preview
from budgetgen.app.progress import shown


@click.command(cls=ChineseCommand)
@click.argument("name", metavar="版式或文件夹")
@click.option(
    "-o", "--output", type=FILE, default=Path(), metavar="文件夹", help="写在哪个文件夹里，默认当前文件夹"
)
@click.option(
    "--codes",
    default="",
    metavar="代码",
    help="样例各行用哪些科目，例如 2080505,2210201,30101；写到类、款的，取下面第一个；不写的由程序选",
)
def command(name: str, output: Path, codes: str) -> int:
    """用样例数据填好填报表和公开文本：单位、部门各一份，看表格、措辞和版面。

    数由各条关系配平，文字是“样例……”；每页都印着“样例数据，不得公开”。同名的旧文件改名保留。

    各行的科目是版式自己的科目表里的：语句里写到的，和排在前面的；要看别的，用 --codes 指定。

    各条关系都成立返回 0，有不能同时成立的返回 1 并逐处列出，版式不能用返回 2。
    """
    failed = False
    with shown():
        made = preview(name, output, tuple(re.findall(r"[^\s,，、]+", codes)))
    for done in made:
        for old, new in done.kept:
            click.echo(f"原来的 {old} 改名为 {new}")
        for path in done.written:
            click.echo(f"已写出 {path}")
        if done.bare:
            click.echo(f"{done.kind}没有样例数的表：{'、'.join(done.bare)}")
        if done.findings:
            failed = True
            click.echo(
                f"{done.kind}的样例数据有 {len(done.findings)} 处配不平，请核对这些关系是否能同时成立："
            )
            for finding in done.findings:
                click.echo(f"  {finding.rule}：{finding.message}")
    return FAILED if failed else CLEAN
