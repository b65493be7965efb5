"""What is wrong with a declaration."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class EditionError(Exception):
    """A declaration that does not hold together: all that is wrong, a line each, with file and line where known."""


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint at the name that was probably meant; empty where none is near.

    >>> nearest("支出总休", ["支出总体", "收入总体"])
    '，您是否指“支出总体”'
    """
    near = get_close_matches(word, sorted(set(known)), n=1, cutoff=0.5)
    return f"，您是否指“{near[0]}”" if near else ""
