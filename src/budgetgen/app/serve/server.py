"""The server of the page: one person's, on this machine, until the page or the window is closed."""

from __future__ import annotations

import secrets
import signal
import socket
import tempfile
from contextlib import suppress
from functools import partial
from threading import Timer
from typing import TYPE_CHECKING, Final

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from budgetgen.app.serve.orders import Orders
from budgetgen.app.serve.pages import Site, refused
from budgetgen.app.serve.security import ENTRY, HOST, Guard, TokenDoorkeeper
from budgetgen.app.serve.workspace import workspace
from budgetgen.values.findings import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from budgetgen.app.serve.security import Doorkeeper

LAST: Final = 1.0
"""Seconds that the browser has for the last page."""
ABSENT: Final = "没有这一页，或者它已经随上一次运行删除。请回到首页重新开始。"
FAILED: Final = "程序内部出错，这一步没有完成。请回到首页再试；还不行，把出错的文件交给软件维护人员。"


def application(orders: Orders, *, port: int, token: str, leave: Callable[[], None]) -> Starlette:
    """The pages behind their guard."""
    entry = TokenDoorkeeper(port, token, refused)
    return guarded(Site(orders, leave).routes(), origin=f"http://{HOST}:{port}", entry=entry, refused=refused)


def guarded(
    routes: Sequence[Route], *, origin: str, entry: Doorkeeper, refused: Callable[[int, str], Response]
) -> Starlette:
    """Pages behind their guard; what goes wrong there is told in the same way as a refusal."""

    async def turned_away(request: Request, error: Exception) -> Response:
        del request
        status = error.status_code if isinstance(error, HTTPException) else 500
        known = isinstance(error, HTTPException) and status not in {404, 405}
        return refused(status, error.detail if known and isinstance(error, HTTPException) else ABSENT)

    async def failed(request: Request, error: Exception) -> Response:
        del request, error
        return refused(500, FAILED)

    guard = Middleware(Guard, origin=origin, entry=entry, refused=refused)
    handlers = {HTTPException: turned_away, Exception: failed}
    return Starlette(routes=routes, middleware=[guard], exception_handlers=handlers)


def serve(port: int, opened: Callable[[str], None]) -> None:
    """Serve until the end is asked for.

    Args:
        port: 0 for any that is free.
        opened: is told the address to begin at.

    Raises:
        UnusableInputError: the port is taken.
    """
    with bound(HOST, port) as listening, workspace() as folder:
        tempfile.tempdir = str(folder)  # what the libraries put aside of uploads stays in there, too
        number, token = listening.getsockname()[1], secrets.token_urlsafe(32)
        orders = Orders(folder)
        server = uvicorn.Server(uvicorn.Config(lambda: None, log_level="critical", access_log=False))
        server.config.app = application(orders, port=number, token=token, leave=lambda: _leave(server))
        run(server, listening, orders, partial(opened, f"http://{HOST}:{number}{ENTRY}?token={token}"))


def run(server: uvicorn.Server, listening: socket.socket, orders: Orders, opened: Callable[[], None]) -> None:
    """Say where it is, answer until the end is asked for; then end what is being done."""
    # Else the server would end without cleaning up, if only until it answers.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with suppress(KeyboardInterrupt):  # the way to end it from the window
            opened()
            server.run(sockets=[listening])
    finally:
        orders.close()


def _leave(server: uvicorn.Server) -> None:
    """End soon: the last page is still to be fetched, with its style."""

    def end() -> None:
        server.should_exit = True

    Timer(LAST, end).start()


def bound(host: str, port: int) -> socket.socket:
    """Listen there.

    Raises:
        UnusableInputError: the port is taken, or the address is none of this machine.
    """
    try:
        return socket.create_server((host, port))
    except OSError as error:
        fix = "换一个端口号，或去掉 --port 由程序自己找"
        raise UnusableInputError(f"端口 {port}", "已被别的程序占用，或不能用", fix) from error
