"""budgetgen board: for those who run the board of a department."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.app.console import LazyGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

SUMMARIES: Mapping[str, str] = {
    "init": "建立看板",
    "units": "读入单位名单",
    "accounts": "成批建账户",
    "account": "建账户，改密码，停用账户",
}

command = LazyGroup(
    package=__name__,
    summaries=SUMMARIES,
    no_args_is_help=True,
    help="部门看板的管理员用：建立看板，读入单位名单，管理账户；再用 budgetgen serve --department 打开看板。",
)
