"""budgetgen import"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from budgetgen.app.cli.arguments import FILE, output_option
from budgetgen.app.console import ChineseCommand
from budgetgen.app.pipeline.import_ import import_document
from budgetgen.app.reports import findings as report

if TYPE_CHECKING:
    from pathlib import Path


@click.command(cls=ChineseCommand)
@click.argument("file", type=FILE, metavar="公开文本.docx")
@output_option
@click.option("--edition", metavar="版式", help="按哪个版式读，默认看封面上的年份")
def command(file: Path, output: Path | None, edition: str | None) -> None:
    """把一份公开文本（.docx）读成填好的填报表（.xlsx），并说明哪些没有读懂。不会覆盖已有的文件。"""
    done = import_document(file, edition=edition, output=output)
    click.echo(report.understood(done.checked.findings, done.checked.edition))
    click.echo(f"已生成 {done.written}")
