"""The server of a department's board: for all who have an account, from other machines too, until it is ended."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from threading import Thread
from typing import TYPE_CHECKING, Final

import uvicorn
from filelock import FileLock, Timeout

from budgetgen.app.board.store import opened_store
from budgetgen.app.serve.board import Board
from budgetgen.app.serve.checks import Checks
from budgetgen.app.serve.orders import Orders
from budgetgen.app.serve.pages import Site, refused
from budgetgen.app.serve.security import HOST
from budgetgen.app.serve.server import bound, guarded, run
from budgetgen.app.serve.sessions import AccountDoorkeeper, Sessions
from budgetgen.app.serve.workspace import workspace
from budgetgen.values.findings import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from starlette.applications import Starlette

    from budgetgen.app.board.store import Store

SECURE: Final = "https://"
LOCK: Final = "serving.lock"
LETTING_GO: Final = 5.0
"""Seconds that a server which has just been ended, however it was, may take until it holds the board no more."""


@dataclass(frozen=True)
class Endpoint:
    """Where a board is reached.

    Attributes:
        host: the address that is listened to.
        port: 0 for any that is free.
        origin: how people reach it, where something else stands before it: `https://budget.example.cn`.
        certificate, key: for https.
    """

    host: str = HOST
    port: int = 0
    origin: str = ""
    certificate: Path | None = None
    key: Path | None = None

    def reached(self, port: int) -> str:
        """How people reach it."""
        scheme = "https" if self.certificate else "http"
        return self.origin.rstrip("/") or f"{scheme}://{self.host}:{port}"

    def require_privacy(self) -> None:
        """Let no password go over the network for anybody to read.

        Raises:
            UnusableInputError: other machines would reach it without https.
        """
        if not _is_loopback(self.host) and not self.certificate:
            problem = "别的电脑要来登录，密码却会不加密地在网络上传送"
            fix = "用 --certificate 和 --key 给出证书；或只监听 127.0.0.1，前面放一个用 https 的反向代理，用 --address 写明它的网址"
            raise UnusableInputError(f"--host {self.host}", problem, fix)
        if self.host in {"0.0.0.0", "::"} and not self.origin:  # noqa: S104 - it is asked for
            problem = "监听全部地址时，不知道大家用哪个网址打开"
            raise UnusableInputError(
                f"--host {self.host}", problem, "用 --address 写明网址，例如 https://ys.example.cn:8443"
            )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def board_application(store: Store, orders: Orders, *, origin: str, port: int) -> tuple[Starlette, Checks]:
    """The board behind its guard, and what checks for it."""
    sessions = Sessions(store, secure=origin.startswith(SECURE), port=port)
    checks, turned_away = Checks(store, orders), partial(refused, board=True)
    board = Board(store, checks, sessions, Site(orders, lambda: None))
    entry = AccountDoorkeeper(sessions, turned_away)
    return guarded(board.routes(), origin=origin, entry=entry, refused=turned_away), checks


def serve_board(folder: Path, database: str, place: Endpoint, opened: Callable[[str], None]) -> None:
    """Serve a board until the end is asked for.

    Args:
        folder: of the board.
        database: the address of its database; by default that in the folder.
        place: where.
        opened: is told how it is reached.

    Raises:
        UnusableInputError: there is no board, somebody serves it already, or it cannot be served there.
    """
    place.require_privacy()
    store = opened_store(folder, database)
    with _alone(folder), bound(place.host, place.port) as listening, workspace() as temporary:
        tempfile.tempdir = str(temporary)  # what the libraries put aside of uploads stays in there, too
        port = listening.getsockname()[1]
        origin = place.reached(port)
        orders = Orders(temporary)
        app, checks = board_application(store, orders, origin=origin, port=port)
        server = uvicorn.Server(_config(app, place))
        store.vault.sweep()
        # Beside: what waits to be checked may be hundreds, and people are to be answered.
        Thread(target=checks.resume, daemon=True).start()
        run(server, listening, orders, partial(opened, origin))


def _config(app: Starlette, place: Endpoint) -> uvicorn.Config:
    try:
        config = uvicorn.Config(
            app,
            log_level="critical",
            access_log=False,
            ssl_certfile=place.certificate,
            ssl_keyfile=place.key,
        )
        config.load()
    except OSError as error:  # so are errors of a certificate
        problem = "证书或它的密钥用不了"
        raise UnusableInputError(
            place.certificate or "", problem, "核对 --certificate 和 --key（PEM 格式）"
        ) from error
    return config


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a board while it is served: two that check the same submissions would get in each other's way."""
    try:
        with FileLock(folder / LOCK, timeout=LETTING_GO):
            yield
    except Timeout as error:
        raise UnusableInputError(folder, "这个看板已经在运行", "用已经打开的那个，或先结束它") from error
