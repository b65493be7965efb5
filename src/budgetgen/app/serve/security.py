"""Who may ask: those who may come, from their own pages, with requests of a sensible size.

How large each file in one may be, the guard says that opens it (`reading/guard/limits`).
"""

from __future__ import annotations

import secrets
from http.cookies import CookieError, SimpleCookie
from math import inf
from typing import TYPE_CHECKING, Final, Protocol

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from budgetgen.reading.guard.limits import MB

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST: Final = "127.0.0.1"
MAX_BODY: Final = 400 * MB
"""All files of a request: the workbooks of a large department."""
ENTRY: Final = "/enter"
OPEN: Final = "/static/"
"""What is the program's own, and anyone may see: how a refusal looks."""
POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
STRANGER: Final = "这个地址只给打开它的人用。请从 budgetgen serve 打开的窗口进入；关掉了的，用它显示的地址再打开，或重新运行。"
OTHER_HOST: Final = "请求的地址不对：只能用 {} 打开。"
OTHER_ORIGIN: Final = "请求来自别的网页，没有执行。"
TOO_LARGE: Final = "一次送来的文件太大，超过 {} MB。请分几次，或删去文件里不需要的图片。"


class Doorkeeper(Protocol):
    """How people come in: by an address that only they know, or by signing in."""

    async def answer(self, scope: Scope) -> Response | None:
        """The answer to a request that is about coming in, or lacks it; None where it is to go on."""

    def limit(self, scope: Scope) -> int:
        """How many bytes it may bring."""


class Guard:
    """Lets only those in who may come, from their own pages, with requests of a sensible size.

    Args:
        app: what they come to.
        origin: how the pages are reached: `http://127.0.0.1:8123`.
        entry: knows who may come.
        refused: makes the answer of a refusal.
    """

    def __init__(
        self, app: ASGIApp, *, origin: str, entry: Doorkeeper, refused: Callable[[int, str], Response]
    ) -> None:
        self._app, self._entry, self._refused = app, entry, refused
        self._origin, self._host = origin, origin.partition("://")[2]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Admit a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if problem := self._problem(scope):
            await self._refused(*problem)(scope, receive, answered)
        elif not scope["path"].startswith(OPEN) and (answer := await self._entry.answer(scope)):
            await answer(scope, receive, answered)
        elif _told_size(scope) > (limit := self._entry.limit(scope)):
            await self._refused(413, TOO_LARGE.format(limit // MB))(scope, receive, answered)
        else:
            await self._app(scope, _measured(receive, limit), answered)

    def _problem(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if headers.get("host", "") != self._host:
            return 400, OTHER_HOST.format(self._host)
        origin = headers.get("origin")
        if origin != self._origin and (origin or scope["method"] not in {"GET", "HEAD"}):
            return 403, OTHER_ORIGIN
        return None


class TokenDoorkeeper:
    """For the one person who came by the address with the token.

    Args:
        port: of this server.
        token: stands in the address that the browser is opened at.
        refused: makes the answer of a refusal.
    """

    def __init__(self, port: int, token: str, refused: Callable[[int, str], Response]) -> None:
        self._token, self._refused = token, refused
        self._cookie, self._session = f"budgetgen-{port}", secrets.token_urlsafe(32)

    async def answer(self, scope: Scope) -> Response | None:
        """On to the page, without the token in the address; or a refusal."""
        given = QueryParams(scope["query_string"]).get("token", "")
        if scope["path"] == ENTRY and secrets.compare_digest(given.encode(), self._token.encode()):
            response = RedirectResponse("/", 303)
            response.set_cookie(self._cookie, self._session, httponly=True, samesite="strict")
            return response
        own = secrets.compare_digest(cookie(scope, self._cookie).encode(), self._session.encode())
        return None if own else self._refused(403, STRANGER)

    def limit(self, scope: Scope) -> int:
        """The files of a large department."""
        del scope
        return MAX_BODY


def cookie(scope: Scope, name: str) -> str:
    """The value of a cookie; empty where there is none."""
    try:
        found = SimpleCookie(Headers(scope=scope).get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def _told_size(scope: Scope) -> float:
    """How large a request says that it is; without bounds where it says nonsense."""
    told = Headers(scope=scope).get("content-length", "0")
    return int(told) if told.isascii() and told.isdigit() else inf


def _measured(receive: Receive, limit: int) -> Receive:
    """What is received, until it is too much; not every request says before how much it is."""
    size = 0

    async def measured() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise HTTPException(413, TOO_LARGE.format(limit // MB))
        return message

    return measured
