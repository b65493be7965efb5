"""budgetgen serve"""

from __future__ import annotations

import webbrowser
from importlib.util import find_spec
from threading import Timer

import click

from budgetgen.app.console import ChineseCommand
from budgetgen.values.findings import UnusableInputError

NEEDED = ("starlette", "uvicorn", "python_multipart", "filelock")
SOON = 0.5
"""Seconds after which the browser is opened: the server listens already, and answers then."""


@click.command(cls=ChineseCommand)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="端口", help="默认由程序找一个空闲的"
)
@click.option("--no-browser", "quiet", is_flag=True, help="不打开浏览器，只显示地址")
def command(port: int, *, quiet: bool) -> None:
    """打开本机的网页：把文件拖进去检查，看问题在表上的位置，生成公开文本，不用再写命令。

    只有这台电脑上、由这个地址打开的浏览器能用，不用联网。送进去的文件和生成的文件在程序结束时删除，要留的先下载。

    在网页上点“结束”，或在这个窗口按 Ctrl-C，程序结束。
    """
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        fix = 'pip install "budgetgen[serve]"（或 budgetgen[all]）'
        raise UnusableInputError("、".join(missing), "没有安装网页要用的程序库", fix)
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
