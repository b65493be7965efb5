"""budgetgen board account"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from budgetgen.app.cli.arguments import BOARD, FILE, database_option, require
from budgetgen.app.console import ChineseCommand
from budgetgen.values.findings import UnusableInputError

if TYPE_CHECKING:
    from budgetgen.app.board.store import Store
    from budgetgen.app.board.tables import Role

CHOICES = ("unit", "department", "reviewer")


@click.command(cls=ChineseCommand)
@click.argument("folder", type=FILE, metavar="看板的文件夹")
@click.argument("name", required=False, metavar="[账户]")
@click.option(
    "--role",
    type=click.Choice(CHOICES),
    metavar="unit|department|reviewer",
    help="新账户：unit 只看、只报自己的单位，department 退回、批准、汇总，reviewer 全部可看，不能决定",
)
@click.option("--unit", default="", metavar="单位", help="unit 账户是哪个单位的，名单里的全称")
@click.option("--close", "closing", is_flag=True, help="停用这个账户；它做过的都还在")
@database_option
def command(
    folder: Path, name: str | None, *, role: Role | None, unit: str, closing: bool, database: str
) -> None:
    """建账户（--role），改密码（只写账户），停用（--close）；不写账户时列出全部账户。

    密码由程序询问，不写在命令里；至少 10 个字符，数据库里只有它的散列值。
    """
    require(BOARD, "board", "部门看板")
    from budgetgen.app.board.store import RefusedError, opened_store  # noqa: PLC0415 - an extra, takes time to import

    store = opened_store(folder, database)
    if name is None:
        _list(store)
        return
    try:
        told = _changed(store, name.strip(), role, unit, closing=closing)
    except RefusedError as error:
        fix = "不写账户，列出已有的账户；单位的全称见 budgetgen board units 的名单"
        raise UnusableInputError(folder, str(error), fix) from error
    click.echo(told)


def _changed(store: Store, name: str, role: Role | None, unit: str, *, closing: bool) -> str:
    from budgetgen.app.board.passwords import hashed  # noqa: PLC0415 - as above
    from budgetgen.app.board.people import ROLES  # noqa: PLC0415
    from budgetgen.app.board.store import Opening, RefusedError, Visitor  # noqa: PLC0415

    if closing:
        store.change_account(name, Visitor(), active=False)
        return f"已停用账户 {name}。"
    if role is None and store.account(name) is None:
        raise RefusedError(f"没有账户 {name}；新建的，写明 --role")
    password = hashed(_asked(name))
    if role is None:
        store.change_account(name, Visitor(), password=password)
        return f"已改密码：{name}。"
    store.open_accounts([Opening(name, role, password, unit)], Visitor())
    return f"已建账户 {name}（{ROLES[role]}{f'，{unit}' if unit else ''}）。"


def _asked(name: str) -> str:
    from budgetgen.app.board.passwords import TOO_SHORT, acceptable  # noqa: PLC0415 - as above

    password: str = click.prompt(f"账户 {name} 的密码", hide_input=True)
    if not acceptable(password):
        raise UnusableInputError(name, TOO_SHORT, "换一个长一些的密码")
    again: str = click.prompt("再输入一次", hide_input=True)
    if password != again:
        raise UnusableInputError(name, "两次输入的密码不同", "重新运行，再输入一次")
    return password


def _list(store: Store) -> None:
    from budgetgen.app.board.people import ROLES  # noqa: PLC0415 - as above

    units = {unit.id: unit.name for unit in store.units()}
    for account in store.accounts():
        role = next(word for role, word in ROLES.items() if role == account.role)
        own = f"，{units.get(account.unit_id, '单位已不在名单里')}" if account.unit_id else ""
        click.echo(f"{account.name}（{role}{own}）{'' if account.active else '，已停用'}")
