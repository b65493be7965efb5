"""budgetgen rules"""

from __future__ import annotations

import click

from budgetgen.app.console import ChineseCommand
from budgetgen.app.pipeline.rules import rules
from budgetgen.values.findings import NAMES

SEVERITIES = {name: severity for severity, name in NAMES.items()}


@click.command(cls=ChineseCommand)
@click.option("--edition", metavar="版式", help="哪个版式的规则，默认最新的一版")
@click.option(
    "--severity",
    type=click.Choice(list(SEVERITIES)),
    metavar="|".join(SEVERITIES),
    help="只列这一级别的规则",
)
def command(edition: str | None, severity: str | None) -> None:
    """按表列出全部规则：级别、编号、核对什么；公式用到的其他表写在括号里。"""
    click.echo(rules(edition, SEVERITIES[severity] if severity else None))
