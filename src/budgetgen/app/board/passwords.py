"""Passwords: only what the library makes of them is kept."""

from __future__ import annotations

import secrets
from functools import cache
from threading import Semaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 10
LONGEST: Final = 200
TOO_SHORT: Final = f"密码至少 {SHORTEST} 个字符，至多 {LONGEST} 个"
_HASHER: Final = PasswordHasher()
_AT_ONCE: Final = Semaphore(2)
"""Each takes much memory and time, so that guessing does: not to be turned against this machine."""


_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""None of which looks like another."""


def invented() -> str:
    """A password that nobody has thought of, to be typed once."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4))


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password; where there is no account, that takes as long to find out."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or _nobodys(), password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def acceptable(password: str) -> bool:
    """Whether it is long enough to be one."""
    return SHORTEST <= len(password) <= LONGEST


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody")
