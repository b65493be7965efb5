"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

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
