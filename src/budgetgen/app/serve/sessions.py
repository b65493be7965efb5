"""Who is signed in to the board: by a name and a password, with a cookie for as long as they work."""

from __future__ import annotations

import secrets
import time
from collections import defaultdict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from budgetgen.app.board import passwords
from budgetgen.app.board.store import Visitor
from budgetgen.app.serve.security import MAX_BODY, cookie
from budgetgen.reading.guard.limits import MAX_FILE_BYTES, MB

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.responses import Response
    from starlette.types import Scope

    from budgetgen.app.board.store import Store
    from budgetgen.app.board.tables import Account

SIGN_IN: Final = "/sign-in"
IDLE, LONGEST = 2 * 3600.0, 12 * 3600.0
"""Seconds after which one has to sign in again: without a request, and in any case."""
WINDOW: Final = 15 * 60.0
TRIES, TRIES_OF_ADDRESS = 5, 50
"""Wrong passwords in that time: for a name from one address (or one browser that knew its password), from an address for
any name; a department may share one."""
BROWSERS: Final = 10_000
KNOWN: Final = 180 * 24 * 3600
"""So many browsers are known again, and for so many seconds; a server that is started anew knows none, nor any attempt."""
RENEW, LEAVE = "/password", "/sign-out"
"""All that is open to who has a password that only serves to choose another."""
NOT_YET: Final = "现在的密码只能用一次。请先改密码，再做别的。"
SIGNED_OUT: Final = "还没有登录，或登录已经过期。请先登录。"
TOO_OFTEN: Final = "密码错的次数太多，15 分钟后再试。忘记密码的，请部门的管理员重新设置。"
WRONG: Final = "账户或密码不对。"


class Attempts:
    """Counts attempts to sign in: one is counted before it is tried, so that many at once are no way around it."""

    def __init__(self) -> None:
        self._times: defaultdict[tuple[str, ...], list[float]] = defaultdict(list)
        self._lock = Lock()

    def begin(self, address: str, name: str, browser: str = "") -> bool:
        """Count an attempt, where there may be another.

        A browser from which somebody has signed in by that name counts by itself: whatever others try from the same
        address does not lock out who has worked there before (OWASP's device cookies).
        """
        since = time.monotonic() - WINDOW
        with self._lock:
            for key in list(self._times):
                self._times[key] = [when for when in self._times[key] if when > since]
                if not self._times[key]:
                    del self._times[key]
            keys = self._keys(address, name, browser)
            if any(len(self._times.get(key, ())) >= most for key, most in keys.items()):
                return False
            for key in keys:
                self._times[key].append(time.monotonic())
        return True

    def succeeded(self, address: str, name: str, browser: str = "") -> None:
        """Forget the attempts of who knows the password; of all from that address, this one."""
        with self._lock:
            own, *shared = self._keys(address, name, browser)
            self._times.pop(own, None)
            for key in shared:
                if counted := self._times.get(key):
                    counted.pop()

    def _keys(self, address: str, name: str, browser: str) -> Mapping[tuple[str, ...], int]:
        """What an attempt is counted under, the narrowest first, and how many there may be."""
        if browser:
            return {("", name, browser): TRIES}
        return {(address, name): TRIES, (address,): TRIES_OF_ADDRESS}


@dataclass
class _Session:
    """Attributes: whose, with which password it began, when, and when it was last used."""

    name: str
    password: str
    begun: float = field(default_factory=time.monotonic)
    used: float = field(default_factory=time.monotonic)

    @property
    def over(self) -> bool:
        """Whether it is too old."""
        now = time.monotonic()
        return now - self.used > IDLE or now - self.begun > LONGEST


class Sessions:
    """All who are signed in; whoever restarts the server signs everybody out.

    Args:
        store: knows the accounts.
        secure: whether the pages are reached by https alone.
        port: of the server, which browsers do not tell cookies apart by.
    """

    def __init__(self, store: Store, *, secure: bool, port: int) -> None:
        self._store, self._secure = store, secure
        self._cookie = "__Host-budgetgen" if secure else f"budgetgen-board-{port}"
        self._sessions: dict[str, _Session] = {}
        self._browsers: dict[str, str] = {}
        self._attempts = Attempts()

    def sign_in(self, name: str, password: str, scope: Scope) -> Response | str:
        """On to the board, or why not."""
        account, address = self._store.account(name), address_of(scope)
        who = Visitor(name=account.name if account else "", address=address)  # else it may be a password
        browser = self._browser(scope, name)
        if not self._attempts.begin(address, name, browser):
            return TOO_OFTEN
        known = account if account and account.active else None
        if not passwords.fits(password, known.password if known else None) or known is None:
            self._store.note(who, "sign-in-failed")
            return WRONG
        self._attempts.succeeded(address, name, browser)
        self._store.note(who, "signed-in")
        response = self.begin(known.name, known.password)
        if not browser:
            self._remember(known.name, response)
        return response

    def _browser(self, scope: Scope, name: str) -> str:
        """By what a browser is known from which somebody has signed in by that name; empty for any other."""
        key = cookie(scope, f"{self._cookie}-browser")
        return key if self._browsers.get(key) == name else ""

    def _remember(self, name: str, response: Response) -> None:
        """Know a browser again."""
        for old in tuple(self._browsers)[: max(0, 1 + len(self._browsers) - BROWSERS)]:
            self._browsers.pop(old, None)
        key = secrets.token_urlsafe(32)
        self._browsers[key] = name
        self._set(response, f"{self._cookie}-browser", key, KNOWN)

    def _set(self, response: Response, name: str, key: str, seconds: int | None = None) -> None:
        """A cookie of this page alone, for so long, or until the browser is closed."""
        response.set_cookie(name, key, max_age=seconds, httponly=True, samesite="strict", secure=self._secure)

    def sign_out(self, scope: Scope) -> Response:
        """End a session."""
        self._sessions.pop(cookie(scope, self._cookie), None)
        response = RedirectResponse(SIGN_IN, 303)
        response.delete_cookie(self._cookie, secure=self._secure, httponly=True, samesite="strict")
        return response

    def account(self, scope: Scope) -> Account | None:
        """Who is signed in; whose account was closed, or got another password, no longer is."""
        key = cookie(scope, self._cookie)
        session = self._sessions.get(key)
        if session is None:
            return None
        account = self._store.account(session.name)
        if session.over or not account or not account.active or account.password != session.password:
            self._sessions.pop(key, None)
            return None
        session.used = time.monotonic()
        return account

    def begin(self, name: str, password: str) -> Response:
        """A session for who knows this password; whoever came with another has none any more."""
        for old in [key for key, session in tuple(self._sessions.items()) if session.over]:
            self._sessions.pop(old, None)
        key = secrets.token_urlsafe(32)
        self._sessions[key] = _Session(name, password)
        response = RedirectResponse("/", 303)
        self._set(response, self._cookie, key)
        return response


@dataclass(frozen=True)
class AccountDoorkeeper:
    """For those who have signed in; whoever has not finds the form for it alone.

    Attributes:
        sessions: knows them.
        refused: makes the answer of a refusal.
    """

    sessions: Sessions
    refused: Callable[[int, str], Response]

    async def answer(self, scope: Scope) -> Response | None:
        """A refusal, or the form, for who is not signed in."""
        account = await run_in_threadpool(self.sessions.account, scope)
        if account or scope["path"] == SIGN_IN:
            scope["account"] = account
            return self._renewal(scope) if account and account.temporary else None
        if scope["path"] == "/" and scope["method"] == "GET":
            return RedirectResponse(SIGN_IN, 303)
        return self.refused(401, SIGNED_OUT)

    def _renewal(self, scope: Scope) -> Response | None:
        """On to the form for another password, wherever somebody wants to go."""
        if scope["path"] in {SIGN_IN, RENEW, LEAVE}:
            return None
        return RedirectResponse(RENEW, 303) if scope["method"] == "GET" else self.refused(403, NOT_YET)

    def limit(self, scope: Scope) -> int:
        """A name and a password; of a unit a file or two; of a department what a page for one person takes."""
        account = scope.get("account")
        if account is None:
            return MB
        return MAX_BODY if account.role == "department" else 2 * MAX_FILE_BYTES


def address_of(scope: Scope) -> str:
    """From where a request comes."""
    return scope["client"][0] if scope.get("client") else ""
