"""Documents that are cited: one title goes by one number throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.values.sayings import saying
from budgetgen.values.text import unspaced

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

    from budgetgen.values.sayings import Stated

PARTS = "body", "year", "number"
LONG = 3
"""Behind words that several documents may share, a shorter number may be another's."""


def citations(texts: Sequence[str], cited: re.Pattern[str] | None) -> Iterator[tuple[int, int, Stated]]:
    """Texts that cite a document by another number than a text before them: the numbers of both, and what is told.

    Args:
        texts: all that a file says.
        cited: how a document is cited: `title`, or the `words` before its number; `body`, `year` and `number`.
    """
    first: dict[str, tuple[int, re.Match[str]]] = {}
    told: set[tuple[str, str]] = set()
    for place, text in enumerate(texts):
        for found in cited.finditer(unspaced(text)) if cited else ():
            before, known = first.setdefault(_title(found), (place, found))
            pair = _title(found), _number(found)
            if _differs(found, known) and pair not in told:
                told.add(pair)
                yield place, before, saying(题名=_title(found), 写作=_number(found), 别处=_number(known))


def _title(found: re.Match[str]) -> str:
    return found["title"] or found["words"]


def _number(found: re.Match[str]) -> str:
    return found[0][found.start("body") - found.start() :]


def _differs(one: re.Match[str], other: re.Match[str]) -> bool:
    """Whether two numbers are one that was written with a slip: notices of two years, or of two offices, may bear one title.

    A slip moves digits of the number, or writes the office with a sign more, less or otherwise within.
    """
    (body, year, number), (own, then, known) = one.group(*PARTS), other.group(*PARTS)
    if year != then:
        return False
    if body == own:
        titled = one["title"] is not None and other["title"] is not None
        return number != known and sorted(number) == sorted(known) and (titled or len(number) >= LONG)
    return number == known and body[:1] == own[:1] and body[-1:] == own[-1:] and _a_sign_off(body, own)


def _a_sign_off(one: str, other: str) -> bool:
    """Whether one of two texts becomes the other by one sign."""
    short, long = sorted((one, other), key=len)
    at = next((n for n, sign in enumerate(short) if sign != long[n]), len(short))
    return short[at + (len(short) == len(long)) :] == long[at + 1 :]
