"""budgetgen serve"""

from __future__ import annotations

import webbrowser
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

import click

from budgetgen.app.cli.arguments import BOARD, FILE, database_option, require
from budgetgen.app.console import ChineseCommand

if TYPE_CHECKING:
    from budgetgen.app.serve.department import Endpoint

NEEDED = ("starlette", "uvicorn", "python_multipart", "filelock")
HERE = "127.0.0.1"
SOON = 0.5
"""Seconds after which the browser is opened: the server listens already, and answers then."""


@click.command(cls=ChineseCommand)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="端口", help="默认由程序找一个空闲的"
)
@click.option("--no-browser", "quiet", is_flag=True, help="不打开浏览器，只显示地址")
@click.option(
    "--department",
    type=FILE,
    metavar="文件夹",
    help="打开部门看板（先用 budgetgen board init 建立）：各单位登录报送，部门退回、批准、汇总",
)
@database_option
@click.option(
    "--host", default=HERE, metavar="地址", help="看板监听的地址，默认只有本机；别的电脑要用的，还要证书"
)
@click.option(
    "--address",
    "origin",
    default="",
    metavar="网址",
    help="大家打开看板用的网址，与监听的地址不同时写，例如有反向代理时",
)
@click.option("--certificate", type=FILE, metavar="证书.pem", help="看板用 https 的证书")
@click.option("--key", type=FILE, metavar="密钥.pem", help="证书的密钥")
def command(  # noqa: PLR0913 - one for each option
    port: int,
    *,
    quiet: bool,
    department: Path | None,
    database: str,
    host: str,
    origin: str,
    certificate: Path | None,
    key: Path | None,
) -> None:
    """打开本机的网页：把文件拖进去检查，看问题在表上的位置，生成公开文本，不用再写命令。

    只有这台电脑上、由这个地址打开的浏览器能用，不用联网。送进去的文件和生成的文件在程序结束时删除，要留的先下载。

    在网页上点“结束”，或在这个窗口按 Ctrl-C，程序结束。

    加 --department 是部门看板：凭账户登录，各单位报送的文件、检查结果、退回和批准都留在那个文件夹里，不删除；
    按 Ctrl-C 结束，收下的不会丢。
    """
    if department:
        require(BOARD, "board", "部门看板")
        from budgetgen.app.serve.department import Endpoint  # noqa: PLC0415 - an extra, and takes time to import

        _board(department, database, Endpoint(host, port, origin, certificate, key))
    elif origin or certificate or key or host != HERE:
        raise click.UsageError("--host、--address、--certificate、--key 要和 --department 一起用")
    else:
        _page(port, quiet=quiet)


def _page(port: int, *, quiet: bool) -> None:
    require(NEEDED, "serve", "网页")
    from budgetgen.app.serve.server import serve  # noqa: PLC0415 - an extra, and takes time to import

    def opened(address: str) -> None:
        click.echo(
            f"在浏览器里打开 {address}" if quiet else f"正在打开浏览器；没有打开的，在浏览器里打开 {address}"
        )
        click.echo("这个地址只给您自己用，不要发给别人。用完在网页上点“结束”，或在这里按 Ctrl-C。")
        if not quiet:
            timer = Timer(SOON, webbrowser.open, (address,))
            timer.daemon = True
            timer.start()

    serve(port, opened)
    click.echo("已结束，送进来的文件都已删除。")


def _board(folder: Path, database: str, place: Endpoint) -> None:
    from budgetgen.app.serve.department import serve_board  # noqa: PLC0415 - an extra, and takes time to import

    def opened(address: str) -> None:
        click.echo(f"部门看板：{address}")
        click.echo("把这个网址告诉有账户的人。按 Ctrl-C 结束，收下的都留在文件夹里。")

    serve_board(folder, database, place, opened)
    click.echo("已结束，收下的都在。")
