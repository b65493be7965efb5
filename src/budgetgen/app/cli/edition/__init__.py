"""budgetgen edition: for those who declare a format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.app.console import LazyGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

SUMMARIES: Mapping[str, str] = {
    "check": "检查一个版式，运行各规则的正例和反例",
    "new": "新建另一年的版式",
    "preview": "用样例数据填好一份，看印出来的样子",
    "diff": "两个版式之间有什么变化",
}

command = LazyGroup(
    package=__name__,
    summaries=SUMMARIES,
    no_args_is_help=True,
    help="声明版式的人用：检查写好的版式，新建另一年的版式，用样例数据预览，列出两年之间的变化。",
)
