"""Arguments and options that several commands share."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from budgetgen.values.findings import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = click.Path(path_type=Path)

edition_option = click.option("--edition", metavar="版式", help="按哪个版式读，默认看文件自己写的")
prior_option = click.option(
    "--prior",
    type=FILE,
    metavar="去年的文件",
    help="去年的公开文本或填报表：空着的上年数由它取，填了的与它核对",
)
everything_option = click.option("--all", "everything", is_flag=True, help="全部列出，不限每张表的条数")
workers_option = click.option(
    "--workers", type=click.IntRange(1), metavar="个数", help="同时处理几个文件，默认每个处理器一个"
)
scheduler_option = click.option(
    "--scheduler",
    metavar="地址",
    help="交给 Dask 集群处理，例如 tcp://10.0.0.5:8786（须安装 budgetgen[cluster]）",
)
format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    metavar="text|json",
    help="输出给人看（text，默认）还是给程序用（json）",
)
output_option = click.option(
    "-o", "--output", "output", type=FILE, metavar="文件", help="写到哪个文件，默认在当前文件夹"
)
database_option = click.option(
    "--database",
    default="",
    envvar="BUDGETGEN_DATABASE",
    metavar="网址",
    help="看板的数据库，例如 postgresql://用户@主机/数据库；默认用文件夹里的 SQLite。也可以写在环境变量 BUDGETGEN_DATABASE 里",
)
BOARD = ("sqlalchemy", "alembic", "argon2", "starlette", "uvicorn", "python_multipart", "filelock")
"""The libraries of a department's board."""


def require(modules: Sequence[str], extra: str, what: str) -> None:
    """Stop where libraries of an extra are not installed.

    Raises:
        UnusableInputError: some are not.
    """
    if missing := [name for name in modules if find_spec(name) is None]:
        fix = f'pip install "budgetgen[{extra}]"（或 budgetgen[all]）'
        raise UnusableInputError("、".join(missing), f"没有安装{what}要用的程序库", fix)
