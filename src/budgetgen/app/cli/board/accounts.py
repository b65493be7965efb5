"""budgetgen board accounts"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from budgetgen.app.cli.arguments import BOARD, FILE, database_option, require
from budgetgen.app.console import ChineseCommand
from budgetgen.app.progress import shown
from budgetgen.values.findings import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command(cls=ChineseCommand)
@click.argument("folder", type=FILE, metavar="看板的文件夹")
@click.argument("source", type=FILE, required=False, metavar="[名单]")
@click.option(
    "-o",
    "--output",
    "output",
    type=FILE,
    required=True,
    metavar="密码.csv",
    help="一次性密码写到这个新文件，只有您能读；发完请删去",
)
@database_option
def command(folder: Path, source: Path | None, *, output: Path, database: str) -> None:
    """成批建账户：按名单（.csv、.xlsx，列名是账户、身份、单位），不给名单就给还没有账户的每个单位建一个。

    没有“账户”一列的，用单位编码作账户，没有编码的用单位全称；没有“身份”的是单位账户，另可写部门、审核。不给名单时，
    已经有这个账户（也许停用了）的，在后面加 -2。

    每个账户有一个一次性密码，第一次登录时必须改掉。名单里已有的账户不动（停用了的指出来），所以名单加了人可以再运行一次。有一个建不成，
    就一个也不建。
    """
    require(BOARD, "board", "部门看板")
    from budgetgen.app.board.people import admit, people_in, without_account  # noqa: PLC0415 - an extra, takes time to import
    from budgetgen.app.board.store import RefusedError, Visitor, opened_store  # noqa: PLC0415

    store = opened_store(folder, database)
    people = people_in(source) if source else without_account(store)
    there = {account.name: account.active for account in store.accounts()}
    new = [one for one in people if one.name not in there]
    if new:
        try:
            with shown():
                admit(store, new, output, Visitor())
        except RefusedError as error:
            fix = "改正名单后再运行" if source else "给一份名单，给每个单位写一个账户"
            raise UnusableInputError(source or folder, str(error), f"{fix}，还没有建账户") from error
        click.echo(f"已建 {len(new)} 个账户，一次性密码写在 {output}，只有您能读。逐个发给本人，发完请删去。")
        for one in new:
            if one.taken:
                click.echo(f"{one.unit}的账户是 {one.name}：{one.taken} 已是另一个账户，或已停用。")
    else:
        click.echo("没有要建的账户。")
    _tell_known([one.name for one in people if there.get(one.name)], folder)
    _tell_closed([one.name for one in people if there.get(one.name) is False], folder)


def _tell_known(names: Sequence[str], folder: Path) -> None:
    if names:
        fix = f"忘记密码的，用 budgetgen board account {folder} 账户。"
        click.echo(f"已有、没有改动的 {len(names)} 个：{'、'.join(names)}。{fix}")


def _tell_closed(names: Sequence[str], folder: Path) -> None:
    if names:
        fix = f"要再用的，用 budgetgen board account {folder} 账户 给一个新密码；换了人的，在名单里换一个账户名。"
        click.echo(f"已停用、没有改动、不能登录的 {len(names)} 个：{'、'.join(names)}。{fix}")
