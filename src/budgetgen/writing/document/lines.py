"""Lines of the cover and the closing that are too long for the page: they end where a person would end them."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Final
from unicodedata import category

from budgetgen.writing.document.fitting import ems
from budgetgen.writing.document.markup import TWIPS_PER_MM, TWIPS_PER_POINT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.edition.declarations import Edition

BREAK: Final = "\n"
MOST: Final = 4
"""Into more lines than these nothing is divided."""
_SAFE: Final = 0.97
"""Other fonts set a little wider."""


def broken(text: str, style: str, edition: Edition) -> str:
    """A text with the breaks that it needs, where its words allow any; else it is left to wrap.

    Args:
        text: one line.
        style: the name of the style that it is set in.
        edition: says where names may be broken, and how large the style and the page are.
    """
    room = _room(style, edition)
    if ems(text) <= room:
        return text
    places = tuple(_places(text, edition))
    for number in range(1, MOST):
        cuts = [_cut(text, at) for at in combinations(places, number)]
        if fitting := [lines for lines in cuts if max(map(ems, lines)) <= room]:
            return BREAK.join(
                min(fitting, key=lambda lines: sum(ems(line) ** 2 for line in lines))
            )  # the most even
    return text


def _places(text: str, edition: Edition) -> Iterator[int]:
    """Behind which signs a line may end: behind a declared word, but inside none that is declared to be whole."""
    layout = edition.layout
    inside = {
        place
        for word in layout.whole
        for start in _found(word, text)
        for place in range(start + 1, start + len(word))
    }
    ends = {start + len(word) for word in layout.breaks for start in _found(word, text)}
    for place in sorted(ends - inside):
        if text[place : place + 1] and not category(text[place]).startswith(("Pe", "Pf", "Po")):
            yield place


def _found(word: str, text: str) -> Iterator[int]:
    return (start for start in range(len(text)) if text.startswith(word, start))


def _cut(text: str, places: tuple[int, ...]) -> list[str]:
    return [text[start:end] for start, end in pairwise((0, *places, len(text)))]


def _room(style: str, edition: Edition) -> float:
    """How many Chinese characters of a style stand in a line of a standing page."""
    typography = edition.typography
    declared, page = typography.styles[style], typography.portrait
    width = (typography.paper[0] - page.left - page.right) * TWIPS_PER_MM / TWIPS_PER_POINT
    return (width / declared.size - declared.left - declared.right) * _SAFE
