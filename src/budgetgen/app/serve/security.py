"""Who may ask: this person's own browser, from this page, with requests of a sensible size."""

from __future__ import annotations

import secrets
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Final

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
OTHER_HOST: Final = "请求的地址不对：只能用 127.0.0.1 打开。"
OTHER_ORIGIN: Final = "请求来自别的网页，没有执行。"
TOO_LARGE: Final = f"一次送来的文件太大，超过 {MAX_BODY // MB} MB。请分几次，或删去文件里不需要的图片。"


class Guard:
    """Lets only those in who came by the address with the token.

    Args:
        app: what they come to.
        port: of this server.
        token: stands in the address that the browser is opened at.
        refused: makes the answer of a refusal.
    """

    def __init__(
        self, app: ASGIApp, *, port: int, token: str, refused: Callable[[int, str], Response]
    ) -> None:
        self._app, self._token, self._refused = app, token, refused
        self._host, self._cookie = f"{HOST}:{port}", f"budgetgen-{port}"
        self._session = secrets.token_urlsafe(32)

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

        if scope["path"] == ENTRY and self._knows_token(scope):
            await self._welcome()(scope, receive, answered)
            return
        if problem := self._problem(scope):
            await self._refused(*problem)(scope, receive, answered)
            return
        await self._app(scope, _measured(receive), answered)

    def _knows_token(self, scope: Scope) -> bool:
        given = QueryParams(scope["query_string"]).get("token", "")
        host = Headers(scope=scope).get("host", "")
        return host == self._host and secrets.compare_digest(given.encode(), self._token.encode())

    def _welcome(self) -> RedirectResponse:
        """On to the page, without the token in the address."""
        response = RedirectResponse("/", 303)
        response.set_cookie(self._cookie, self._session, httponly=True, samesite="strict")
        return response

    def _problem(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if headers.get("host", "") != self._host:
            return 400, OTHER_HOST
        origin = headers.get("origin")
        if origin != f"http://{self._host}" and (origin or scope["method"] not in {"GET", "HEAD"}):
            return 403, OTHER_ORIGIN
        if not scope["path"].startswith(OPEN) and not self._has_session(headers):
            return 403, STRANGER
        told = headers.get("content-length", "0")
        return None if told.isdigit() and int(told) <= MAX_BODY else (413, TOO_LARGE)

    def _has_session(self, headers: Headers) -> bool:
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return cookie is not None and secrets.compare_digest(cookie.value.encode(), self._session.encode())


def _measured(receive: Receive) -> Receive:
    """What is received, until it is too much; not every request says before how much it is."""
    size = 0

    async def measured() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MAX_BODY:
            raise HTTPException(413, TOO_LARGE)
        return message

    return measured
