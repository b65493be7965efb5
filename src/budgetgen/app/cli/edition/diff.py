"""budgetgen edition diff"""

from __future__ import annotations

from pathlib import Path

import click

from budgetgen.app import console
from budgetgen.app.cli import CLEAN, FAILED
from budgetgen.app.cli.arguments import FILE
from budgetgen.app.console import ChineseCommand
from budgetgen.app.pipeline.editions import compare_editions
from budgetgen.app.progress import shown
from budgetgen.app.reports import formats

SUFFIXES = (".md", ".txt", ".json")


@click.command(cls=ChineseCommand)
@click.argument("old", metavar="旧版式")
@click.argument("new", metavar="新版式")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    metavar="text|json",
    help="屏幕上写成什么",
)
@click.option(
    "-o",
    "--output",
    type=FILE,
    metavar="文件",
    help="写到哪个文件：.md（可以直接贴进通知）、.txt、.json。不会覆盖已有的文件",
)
def command(old: str, new: str, form: str, output: Path | None) -> int:
    """列出两个版式（编号或文件夹）之间填报的人看得见的变化，像财政部门的通知那样说。

    公开的表、表头、行、金额的写法、绩效目标表、核对的关系、与上年比较的数、部分和章节、固定语句、名词解释、科目。

    没有变化返回 0，有变化返回 1，版式不能用返回 2。
    """
    if output and output.suffix.lower() not in SUFFIXES:
        raise click.UsageError(f"看不出 {output.name} 要写成什么，-o 的扩展名应是 {'、'.join(SUFFIXES)}")
    with shown():
        done = compare_editions(old, new, output)
    if output:
        click.echo(f"{len(done.changes)} 处变化\n已写出 {output}")
    elif form == "json":
        click.echo(formats.as_json(done.changes, ascii_only=not console.shows_everything()))
    else:
        click.echo(formats.printed(done.changes, done.old, done.new))
    return FAILED if done.changes else CLEAN
