"""Documents that are cited: one title goes by one number throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.saying.lint import folded
from budgetgen.values.sayings import saying

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

    from budgetgen.values.sayings import Stated


def citations(texts: Sequence[str], cited: re.Pattern[str] | None) -> Iterator[tuple[int, int, Stated]]:
    """Texts that cite a document by another number than a text before them: the numbers of both, and what is told.

    Args:
        texts: all that a file says.
        cited: how a document is cited: `title`, or the `words` before its number; `body`, `year` and `number`.
    """
    first: dict[str, tuple[int, re.Match[str]]] = {}
    told: set[tuple[str, str]] = set()
    for place, text in enumerate(texts):
        for found in cited.finditer(folded(text)) if cited else ():
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
    """Whether two numbers are not one: any two of a title; behind words that several may share, one with its digits moved."""
    parts, others = one.group("body", "year", "number"), other.group("body", "year", "number")
    if one["title"] or other["title"]:
        return parts != others
    return parts != others and parts[:2] == others[:2] and sorted(parts[2]) == sorted(others[2])
