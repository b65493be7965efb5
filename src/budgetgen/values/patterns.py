"""Sentence patterns: text with slots in braces. They are filled forwards, and matched backwards."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Slot:
    """What stands in braces: the name of a list, of a phrase or of a `let`, or a formula."""

    name: str


@cache
def pieces(pattern: str) -> tuple[str | Slot, ...]:
    """A pattern as its texts and slots, in order.

    >>> pieces("收支总预算{总额}万元。")
    ('收支总预算', Slot(name='总额'), '万元。')
    """
    parts = re.split(r"\{([^{}]+)\}", pattern)
    return tuple(Slot(part) if index % 2 else part for index, part in enumerate(parts) if part)


def slots(pattern: str) -> tuple[str, ...]:
    """The names of a pattern's slots."""
    return tuple(piece.name for piece in pieces(pattern) if isinstance(piece, Slot))
