"""budgetgen verify"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from budgetgen.app import console
from budgetgen.app.batch.inputs import pairs_of
from budgetgen.app.batch.jobs import Options, sent
from budgetgen.app.cli import CLEAN, FAILED
from budgetgen.app.cli.arguments import FILE, edition_option, everything_option, format_option, prior_option
from budgetgen.app.cli.batches import How, batch_options, do, required
from budgetgen.app.console import ChineseCommand
from budgetgen.app.pipeline.verify import prove
from budgetgen.app.progress import shown
from budgetgen.app.reports import findings as report
from budgetgen.app.reports import machine

if TYPE_CHECKING:
    from pathlib import Path


@click.command(cls=ChineseCommand)
@click.argument("document", type=FILE, metavar="公开文本.docx")
@click.argument("workbook", type=FILE, metavar="填报表.xlsx")
@click.option(
    "-o", "--output", "output", type=FILE, metavar="文件夹", help="给出两个文件夹时，结果写到哪个文件夹"
)
@format_option
@batch_options
@click.option("--template", type=FILE, metavar="模板.docx", help="生成时套用的本单位 Word 模板")
@prior_option
@edition_option
@everything_option
def command(  # noqa: PLR0913 - one for each option
    document: Path,
    workbook: Path,
    form: str,
    template: Path | None,
    prior: Path | None,
    edition: str | None,
    *,
    everything: bool,
    output: Path | None,
    workers: int | None,
    scheduler: str | None,
    retry: bool,
) -> int:
    """核对手工改过的公开文本（.docx）：每个数字都要与填报表一致，内容一处不少，没有草稿标记、批注、修订和不应公开的信息。

    全部对得上（只有提示）返回 0，有错误或需说明返回 1，文件不能用返回 2。核对文档不看“审核说明”：改到一致才通过。

    给出两个文件夹（公开文本的、填报表的）时逐对核对：公开文本与填报表同名，或在与填报表同名的文件夹里（build -o
    就这样写）；情况列表写成“核实情况”。
    """
    if document.is_dir() or workbook.is_dir():
        out = required(output)
        jobs = pairs_of(document, workbook, Options(edition, prior=sent(prior), template=sent(template)), out)
        return do("verify", jobs, out, How(workers, scheduler, retry, form))
    with shown():
        proved = prove(document, workbook, edition=edition, template=template, prior=prior)
    if form == "json":
        click.echo(machine.proved_json(proved, ascii_only=not console.shows_everything()))
    else:
        click.echo(report.proved(proved, everything=everything))
    return CLEAN if proved.passed else FAILED
