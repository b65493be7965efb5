"""budgetgen check"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from budgetgen.app import console
from budgetgen.app.batch.inputs import files_of, jobs_of
from budgetgen.app.batch.jobs import Options, sent
from budgetgen.app.cli import CLEAN, FAILED, code_of
from budgetgen.app.cli.arguments import FILE, edition_option, everything_option, format_option, prior_option
from budgetgen.app.cli.batches import How, batch_options, do
from budgetgen.app.console import ChineseCommand
from budgetgen.app.pipeline.inputs import examine
from budgetgen.app.progress import shown
from budgetgen.app.reports import findings as report
from budgetgen.values.findings import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from budgetgen.app.pipeline.inputs import Checked


@click.command(cls=ChineseCommand)
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="文件...")
@format_option
@click.option(
    "-o",
    "--output",
    "output",
    type=FILE,
    metavar="文件夹",
    help="每份的结果和带批注的副本写到这个文件夹里各自的文件夹，屏幕上只列情况",
)
@batch_options
@click.option(
    "--annotate",
    "folder",
    type=FILE,
    metavar="文件夹",
    help="另写一份带批注的副本到这个文件夹：有问题的单元格标颜色、加批注，附“审核结果”页；Word 加批注",
)
@click.option("--checklist", "listed", is_flag=True, help="另列公开检查表：规定要公开的各项有没有、在哪里")
@everything_option
@prior_option
@edition_option
def command(  # noqa: PLR0913 - one for each option
    files: tuple[Path, ...],
    form: str,
    folder: Path | None,
    prior: Path | None,
    edition: str | None,
    *,
    listed: bool,
    everything: bool,
    output: Path | None,
    workers: int | None,
    scheduler: str | None,
    retry: bool,
) -> int:
    """核对一份或多份填报表或公开文本（也可以给放填报表的文件夹），列出错误、需说明和提示。

    “需说明”的核实无误后写在填报表的“审核说明”页，再核对时列为“已说明”；“错误”必须改正。

    文件很多时加 -o：同时核对几份，情况列表写成“核对情况”，再次运行只核对有变化的。

    没有错误返回 0，有错误返回 1，文件不能用返回 2，因内存、磁盘、时间没有做完返回 3（再试一次）。
    """
    if output:
        jobs = jobs_of("check", files, Options(edition, prior=sent(prior)), output)
        return do("check", jobs, output, How(workers, scheduler, retry, form))
    results: list[Checked] = []
    refused: list[UnusableInputError] = []
    for file in files_of("check", files):
        try:
            with shown():
                results.append(examine(file, edition=edition, prior=prior))
        except UnusableInputError as error:
            refused.append(error)
            click.echo(str(error), err=True)
    if form == "json":
        from budgetgen.app.reports.machine import as_json  # noqa: PLC0415 - start-up time counts

        click.echo(as_json(results, refused, ascii_only=not console.shows_everything(), listed=listed))
    else:
        click.echo("\n\n".join(report.printed(result, everything=everything) for result in results))
    if listed and form != "json":
        click.echo("\n\n".join(report.required(result) for result in results))
    if folder:
        _annotate(results, folder, to_stderr=form == "json")
    if refused:
        return min(map(code_of, refused))  # trying again helps no file that cannot be used
    return FAILED if any(result.failed for result in results) else CLEAN


def _annotate(results: Sequence[Checked], folder: Path, *, to_stderr: bool) -> None:
    """Write the annotated copies and say so."""
    from budgetgen.app.pipeline.annotate import annotate  # noqa: PLC0415 - only where it is asked for
    from budgetgen.app.reports.mending import mends  # noqa: PLC0415

    for result in results:
        with shown():
            annotated = annotate(result, folder, mends(result))
        for name, renamed in annotated.kept:
            click.echo(f"原有的 {name} 与本次不同，已改名保留为 {renamed}", err=to_stderr)
        click.echo(f"已写出 {annotated.path}", err=to_stderr)
