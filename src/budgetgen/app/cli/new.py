"""budgetgen new"""

from __future__ import annotations

from pathlib import Path

import click

from budgetgen.app.cli.arguments import FILE, output_option
from budgetgen.app.console import ChineseCommand
from budgetgen.app.pipeline.asked import edition_of
from budgetgen.app.pipeline.new import WORKBOOK_NAME, new
from budgetgen.app.progress import shown


@click.command(cls=ChineseCommand)
@output_option
@click.option(
    "--from",
    "last",
    type=FILE,
    metavar="去年的文件",
    help="去年的公开文本（.docx）或填报表（.xlsx）：带入上年数和沿用的内容",
)
@click.option("--edition", metavar="版式", help="公开版式，默认最新的一版；有 --from 时默认去年的下一年")
@click.option("--name", "name", metavar="单位名称", help="预先填好单位名称；有 --from 时用去年的名称")
def command(output: Path | None, last: Path | None, edition: str | None, name: str | None) -> None:
    """生成一份填报表（.xlsx），用 WPS 或 Excel 填写。不会覆盖已有的文件。

    加 --from 时，去年的预算数填入“上年数”；科目、项目、绩效指标、职能等沿用去年的，逐页列在“核对清单”，核对后选“是”。
    """
    if last and name:
        raise click.UsageError("--from 和 --name 不能同时用：单位名称取自去年的文件")
    if name is not None and not name.strip():
        raise click.UsageError("--name 后面的单位名称是空的")
    if last:
        _follow(last, edition, output)
        return
    declared = edition_of(edition)
    target = output or Path(WORKBOOK_NAME.format(declared.edition))
    values = {declared.house.unit: name} if name else {}
    with shown():
        written = new(target, edition=declared.id, values=values)
    click.echo(f"已生成 {written}")


def _follow(last: Path, edition: str | None, output: Path | None) -> None:
    """Last year's file is read and derived: all that a blank workbook does without."""
    from budgetgen.app.pipeline.follow import follow  # noqa: PLC0415
    from budgetgen.app.reports.followed import noticed, to_do  # noqa: PLC0415

    with shown():
        done = follow(last, edition=edition, output=output)
    told = (*noticed(done), *to_do(done), f"已生成 {done.written}，上年数取自 {done.last.path}")
    click.echo("\n".join(told))
