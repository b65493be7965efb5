"""budgetgen template"""

from __future__ import annotations

from pathlib import Path

import click

from budgetgen.app.cli.arguments import output_option
from budgetgen.app.console import ChineseCommand
from budgetgen.app.pipeline.asked import edition_of
from budgetgen.app.pipeline.template import export_template
from budgetgen.writing.document.base import BASE_DOCUMENT


@click.command(cls=ChineseCommand)
@output_option
@click.option("--edition", metavar="版式", help="公开版式，默认最新的一版")
@click.option("--base", is_flag=True, help="导出底稿 base.docx：改好放进自己版式的文件夹，模板照它现画")
def command(output: Path | None, edition: str | None, base: bool) -> None:
    """导出 Word 模板，改好字体、字号、列宽后用 budgetgen build --template 套用。不会覆盖已有的文件。"""
    declared = edition_of(edition)
    target = output or Path(BASE_DOCUMENT if base else f"{declared.id}.docx")
    click.echo(f"已导出 {export_template(target, edition=declared.id, base=base)}")
