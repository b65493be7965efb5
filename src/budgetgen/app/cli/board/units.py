"""budgetgen board units"""

from __future__ import annotations

from pathlib import Path

import click

from budgetgen.app.cli.arguments import BOARD, FILE, database_option, require
from budgetgen.app.console import ChineseCommand
from budgetgen.app.pipeline.unit_files import units_in
from budgetgen.app.progress import shown
from budgetgen.values.findings import UnusableInputError


@click.command(cls=ChineseCommand)
@click.argument("folder", type=FILE, metavar="看板的文件夹")
@click.argument("source", type=FILE, metavar="名单")
@database_option
def command(folder: Path, source: Path, *, database: str) -> None:
    """读入部门的单位名单：.txt、.csv、.xlsx（有“单位编码”一列的，编码也读），或放着各单位填报表的文件夹。

    再次读入时以新的名单为准：新的单位加上，名单里没有了的不再列出，它们报送过的都还在。
    """
    require(BOARD, "board", "部门看板")
    from budgetgen.app.board.store import RefusedError, Visitor, opened_store  # noqa: PLC0415 - an extra, takes time to import

    store = opened_store(folder, database)
    with shown():
        units = units_in(source)
    left = [unit.name for unit in store.units() if unit.name not in units]
    try:
        store.list_units(units, Visitor())
    except RefusedError as error:
        raise UnusableInputError(source, str(error), "改正名单") from error
    click.echo(f"名单里有 {len(units)} 个单位。")
    if left:
        click.echo(f"不再列出：{'、'.join(left)}。它们报送过的都还在。")
