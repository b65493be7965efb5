"""budgetgen diff"""

from __future__ import annotations

from pathlib import Path

import click

from budgetgen.app import console
from budgetgen.app.cli import CLEAN, FAILED
from budgetgen.app.cli.arguments import FILE, everything_option
from budgetgen.app.console import ChineseCommand
from budgetgen.app.pipeline.diff import SUFFIXES, TEXT, Settled, diff
from budgetgen.app.progress import shown
from budgetgen.app.reports import changes as report
from budgetgen.app.reports import settlement

FORMS = ("text", "json", "xlsx", "html", "docx")


@click.command(cls=ChineseCommand)
@click.argument("old", type=FILE, metavar="旧文件")
@click.argument("new", type=FILE, metavar="新文件")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    metavar="|".join(FORMS),
    help="输出什么，默认看 -o 的扩展名；都没有时显示在屏幕上",
)
@click.option(
    "-o",
    "--output",
    "output",
    type=FILE,
    metavar="文件",
    help="写到哪个文件：.xlsx 工作簿、.html 网页、.docx 带批注的新文件、.json、.txt。不会覆盖已有的文件",
)
@click.option(
    "--threshold",
    metavar="10%|50",
    help="变动达到多少算大、必须有原因：百分比或万元数，默认按版式（10%）",
)
@click.option(
    "--opinions",
    type=FILE,
    metavar="文件",
    help="上次比较的意见：填了意见的工作簿（.xlsx），或网页上保存的意见（.json）；带到这次的 .xlsx、.html 里",
)
@everything_option
def command(  # noqa: PLR0913 - one for each option
    old: Path,
    new: Path,
    form: str | None,
    output: Path | None,
    threshold: str | None,
    opinions: Path | None,
    *,
    everything: bool,
) -> int:
    """比较两份文件（填报表或公开文本，可以是不同年份、不同版式），列出不同之处。

    五张单子，要先看的在前：与上年衔接（新文件说的上年数，旧文件有没有公开）、增减原因、数字、文字、结构。
    科目按代码、再按名称对应；改名的项目只提示，不当作同一项。版式不同造成的移位不算不同。

    工作簿和网页里每处可以填意见、状态、审核人、日期，下次用 --opinions 带回；后来又变了的回到“重新核对”。

    同一年的预算和决算（预算写在前面）不逐条比较，而是并排列出预算数、决算数、差额和完成率（预决算对照）。

    没有不同返回 0，有不同返回 1，文件不能用返回 2。
    """
    chosen = _form(form, output)
    if old.exists() and new.exists() and old.samefile(new):
        click.echo(f"前后给出的是同一个文件 {new}，没有可比的；请核对是否写错了文件名。", err=True)
    with shown():
        done = diff(old, new, form=chosen, output=output, threshold=threshold, opinions=opinions)
    if isinstance(done, Settled):
        return _settled(done, chosen)
    if opinions:
        click.echo(report.opinions(done.opinions))
    if done.written:
        click.echo(report.summary(done.changes))
        click.echo(f"已写出 {done.written}")
    elif chosen == "json":
        click.echo(report.as_json(done.changes, ascii_only=not console.shows_everything()))
    else:
        click.echo(report.printed(done.changes, everything=everything))
    return FAILED if done.changes.differs else CLEAN


def _form(form: str | None, output: Path | None) -> str:
    """What is written: as asked for, else as the file's name ends."""
    if output is None:
        return form or TEXT
    named = SUFFIXES.get(output.suffix.lower())
    if form and named and form != named:
        raise click.UsageError(f"--format {form} 和 -o 的扩展名 {output.suffix} 不一致")
    if not (form or named):
        raise click.UsageError(f"看不出 {output.name} 要写成什么，-o 的扩展名应是 {'、'.join(SUFFIXES)}")
    return form or named or TEXT


def _settled(done: Settled, form: str) -> int:
    """Tell a budget beside its accounts; they are expected to differ, but the code says whether they do."""
    if done.written:
        click.echo(f"预决算对照 {len(done.figures)} 个数\n已写出 {done.written}")
    elif form == "json":
        click.echo(settlement.as_json(done.figures, ascii_only=not console.shows_everything()))
    else:
        click.echo(settlement.printed(done.figures, done.budget, done.accounts))
    return FAILED if any(one.difference for one in done.figures) else CLEAN
