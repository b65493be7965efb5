"""budgetgen control"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from budgetgen.app import console
from budgetgen.app.cli import CLEAN, FAILED, UNUSABLE
from budgetgen.app.cli.arguments import FILE, edition_option, format_option, scheduler_option, workers_option
from budgetgen.app.console import ChineseCommand
from budgetgen.app.pipeline.control import control
from budgetgen.app.pipeline.unit_files import Sources, files_in
from budgetgen.app.progress import shown
from budgetgen.app.reports import control as report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from budgetgen.app.pipeline.control import Controlled


@click.command(cls=ChineseCommand)
@click.argument("approved", type=FILE, metavar="控制数.xlsx")
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="文件或文件夹...")
@click.option("-o", "--output", "output", type=FILE, metavar="文件.xlsx", help="差异另写成工作簿")
@click.option(
    "--money",
    type=click.Choice(["万元", "元"]),
    metavar="万元|元",
    help="控制数表没有写明金额单位时用哪个，默认万元",
)
@workers_option
@scheduler_option
@format_option
@edition_option
def command(  # noqa: PLR0913 - one for each option
    approved: Path,
    files: tuple[Path, ...],
    *,
    output: Path | None,
    money: str | None,
    workers: int | None,
    scheduler: str | None,
    form: str,
    edition: str | None,
) -> int:
    """把财政部门下达的控制数（或批复数）与各单位的填报表、与汇总数逐单位、逐科目比对。

    控制数表样式不限，按列名认单位、科目编码和金额。给出的文件里有部门的填报表时，合计与它比对，否则与各单位之和
    比对。

    没有差异返回 0，有差异返回 1，文件不能用返回 2。
    """
    found = tuple(path for file in files for path in files_in(file, output).files if path != approved)
    with shown():
        done = control(
            approved,
            Sources(found, edition=edition, workers=workers, scheduler=scheduler),
            money=money,
            output=output,
        )
    if form == "json":
        click.echo(report.as_json(done.differences, ascii_only=not console.shows_everything()))
    else:
        click.echo("\n".join(_told(done)))
    for file, problem in done.unread:
        click.echo(f"{file}：{problem}", err=True)
    if output:
        click.echo(f"已写出 {output}", err=form == "json")
    return UNUSABLE if done.unread else FAILED if done.differences else CLEAN


def _told(done: Controlled) -> Iterator[str]:
    yield from report.lines_of(done.differences)
    yield report.summary(len(done.differences), done.figures, done.units)
