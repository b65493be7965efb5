"""budgetgen import"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from budgetgen.app.batch.inputs import is_many, jobs_of
from budgetgen.app.batch.jobs import Options
from budgetgen.app.cli import CLEAN
from budgetgen.app.cli.arguments import FILE, format_option
from budgetgen.app.cli.batches import How, batch_options, do, required
from budgetgen.app.console import ChineseCommand
from budgetgen.app.pipeline.import_ import import_document
from budgetgen.app.progress import shown
from budgetgen.app.reports import findings as report

if TYPE_CHECKING:
    from pathlib import Path


@click.command(cls=ChineseCommand)
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="公开文本.docx...")
@click.option(
    "-o",
    "--output",
    "output",
    type=FILE,
    metavar="文件",
    help="写到哪个文件，默认在当前文件夹；多个文件或文件夹时是写到哪个文件夹",
)
@batch_options
@format_option
@click.option("--edition", metavar="版式", help="按哪个版式读，默认看封面上的年份")
def command(  # noqa: PLR0913 - one for each option
    files: tuple[Path, ...],
    *,
    output: Path | None,
    edition: str | None,
    workers: int | None,
    scheduler: str | None,
    retry: bool,
    form: str,
) -> int:
    """把公开文本（.docx）读成填好的填报表（.xlsx），并说明哪些没有读懂。不会覆盖已有的文件。

    给出几个文件或文件夹时，每份写到 -o 的文件夹里各自的文件夹，情况列表写成“导入情况”；再次运行只做有变化的。
    """
    if is_many(files):
        out = required(output)
        jobs = jobs_of("import", files, Options(edition), out)
        return do("import", jobs, out, How(workers, scheduler, retry, form))
    with shown():
        done = import_document(files[0], edition=edition, output=output)
    click.echo(report.understood(done.checked.findings, done.checked.edition))
    click.echo(f"已生成 {done.written}")
    return CLEAN
