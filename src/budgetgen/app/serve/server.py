"""The server of the page: one person's, on this machine, until the page or the window is closed."""

from __future__ import annotations

import secrets
import signal
import socket
import tempfile
from contextlib import suppress
from threading import Timer
from typing import TYPE_CHECKING, Final

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from budgetgen.app.serve.orders import Orders
from budgetgen.app.serve.pages import Site, refused
from budgetgen.app.serve.security import ENTRY, HOST, Guard
from budgetgen.app.serve.workspace import workspace
from budgetgen.values.findings import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

LAST: Final = 1.0
"""Seconds that the browser has for the last page."""
ABSENT: Final = "没有这一页，或者它已经随上一次运行删除。请回到首页重新开始。"
FAILED: Final = "程序内部出错，这一步没有完成。请回到首页再试；还不行，把出错的文件交给软件维护人员。"


def application(orders: Orders, *, port: int, token: str, leave: Callable[[], None]) -> Starlette:
    """The pages behind their guard."""
    guard = Middleware(Guard, port=port, token=token, refused=refused)
    handlers = {HTTPException: _refused, Exception: _failed}
    return Starlette(routes=Site(orders, leave).routes(), middleware=[guard], exception_handlers=handlers)


def serve(port: int, opened: Callable[[str], None]) -> None:
    """Serve until the end is asked for.

    Args:
        port: 0 for any that is free.
        opened: is told the address to begin at.

    Raises:
        UnusableInputError: the port is taken.
    """
    with _bound(port) as listening, workspace() as folder:
        tempfile.tempdir = str(folder)  # what the libraries put aside of uploads stays in there, too
        number, token = listening.getsockname()[1], secrets.token_urlsafe(32)
        orders = Orders(folder)
        server = uvicorn.Server(uvicorn.Config(lambda: None, log_level="critical", access_log=False))
        server.config.app = application(orders, port=number, token=token, leave=lambda: _leave(server))
        opened(f"http://{HOST}:{number}{ENTRY}?token={token}")
        signal.signal(
            signal.SIGTERM, signal.default_int_handler
        )  # else the server would end without cleaning up
        try:
            with suppress(KeyboardInterrupt):  # the way to end it from the window
                server.run(sockets=[listening])
        finally:
            orders.close()


def _leave(server: uvicorn.Server) -> None:
    """End soon: the last page is still to be fetched, with its style."""

    def end() -> None:
        server.should_exit = True

    Timer(LAST, end).start()


def _bound(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        fix = "换一个端口号，或去掉 --port 由程序自己找"
        raise UnusableInputError(f"端口 {port}", "已被别的程序占用，或不能用", fix) from error


async def _refused(request: Request, error: Exception) -> Response:
    del request
    known = isinstance(error, HTTPException) and error.status_code not in {404, 405}
    status = error.status_code if isinstance(error, HTTPException) else 500
    return refused(status, error.detail if known and isinstance(error, HTTPException) else ABSENT)


async def _failed(request: Request, error: Exception) -> Response:
    del request, error
    return refused(500, FAILED)
