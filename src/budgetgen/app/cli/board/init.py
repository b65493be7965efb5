"""budgetgen board init"""

from __future__ import annotations

from pathlib import Path

import click

from budgetgen.app.cli.arguments import BOARD, FILE, database_option, require
from budgetgen.app.console import ChineseCommand


@click.command(cls=ChineseCommand)
@click.argument("folder", type=FILE, metavar="文件夹")
@database_option
def command(folder: Path, *, database: str) -> None:
    """建立一个看板，放在新的或空的文件夹里：数据库和各单位报送的文件，只有运行它的用户能读。

    备份时把整个文件夹拷走；用 PostgreSQL 的，另外备份数据库。
    """
    require(BOARD, "board", "部门看板")
    from budgetgen.app.board.store import opened_store  # noqa: PLC0415 - an extra, and takes time to import

    opened_store(folder, database, new=True)
    click.echo(f"已建立看板 {folder}")
    click.echo(f"下一步：budgetgen board units {folder} 单位名单.xlsx，再用 budgetgen board account 建账户。")
