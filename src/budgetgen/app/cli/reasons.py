"""budgetgen reasons"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from budgetgen.app.cli.arguments import FILE, edition_option, prior_option
from budgetgen.app.console import ChineseCommand
from budgetgen.app.pipeline.reasons import reasons
from budgetgen.app.progress import shown
from budgetgen.app.reports import findings as report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from budgetgen.app.pipeline.reasons import Drafted


@click.command(cls=ChineseCommand)
@click.argument("file", type=FILE, metavar="填报表.xlsx")
@prior_option
@click.option(
    "-o", "--output", "output", type=FILE, metavar="文件", help="写到哪个文件，默认与填报表同一文件夹"
)
@edition_option
def command(file: Path, prior: Path | None, output: Path | None, edition: str | None) -> None:
    """为没有写原因的增减提出建议：由两年的明细说出主要的增减，写进填报表的副本，都带标记。

    建议不会自动公开：核对改写后，在“增减原因”页删去标记才算采用。明细说明不了的只列出已知的。不改动给出的文件。
    """
    with shown():
        done = reasons(file, prior=prior, output=output, edition=edition)
    click.echo("\n".join(_told(done)))


def _told(done: Drafted) -> Iterator[str]:
    """What was proposed."""
    if not done.proposals:
        yield "各项增减都已写了原因，没有要建议的。"
        return
    yield report.understood(done.checked.findings, done.checked.edition)
    proposed = sum(bool(proposal.text) for proposal in done.proposals)
    yield f"没有写原因的 {len(done.proposals)} 处，提出建议 {proposed} 处。"
    if done.written:
        yield f"已生成 {done.written}，建议都标有“{done.checked.edition.drafting.mark}”"
