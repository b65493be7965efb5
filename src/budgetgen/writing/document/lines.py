"""Lines of the cover, the closing and the headings of parts that are too long for the page: they end where a person would end them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from math import inf
from typing import TYPE_CHECKING, Final
from unicodedata import category

from budgetgen.edition.declarations.own_styles import PART
from budgetgen.writing.document.filled import set_indents, style_of, text_of
from budgetgen.writing.document.fitting import ems
from budgetgen.writing.document.markup import TWIPS_PER_POINT, qn, text_width
from budgetgen.writing.document.styles import DocumentStyles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from budgetgen.edition.declarations import Layout
    from budgetgen.writing.document.filled import FilledBody
    from budgetgen.writing.package import OfficePackage

BREAK: Final = "\n"
MOST: Final = 4
"""Into more lines than these nothing is divided."""
_SAFE: Final = 0.97
"""Other fonts set a little wider."""
_SPARE: Final = 0.5
"""Characters by which a line that is to wrap is wider than its text: less than the next one needs."""


@dataclass(frozen=True)
class LineRoom:
    """How much stands in a line of the page that a document begins with.

    Attributes:
        styles: of the document.
        width: of the text, in points.
    """

    styles: DocumentStyles
    width: float

    @classmethod
    def of(cls, package: OfficePackage) -> LineRoom:
        """That of a template."""
        section = next(package.tree(package.main).iter(qn("w:sectPr")), None)
        return cls(
            DocumentStyles.of(package), inf if section is None else text_width(section) / TWIPS_PER_POINT
        )

    def holds(self, style: str) -> float:
        """How many Chinese characters of a style, known by its name, stand in a line."""
        identity = self.styles.id_of(style)
        if identity is None:
            return inf
        return (self.width / self.styles.size(identity) - self.styles.indented(identity)) * _SAFE


def broken(text: str, style: str, room: LineRoom, layout: Layout) -> str:
    """A text with the breaks that it needs, where its words allow any; else it is left to wrap.

    Args:
        text: one line.
        style: the name of the style that it is set in.
        room: of the template.
        layout: says where names may be broken.
    """
    return BREAK.join(_divided(text, room.holds(style), layout)) or text


def narrow(body: FilledBody, room: LineRoom, layout: Layout) -> None:
    """Have headings of parts end their lines where a person would.

    By narrower lines: a break, Word would take over into the contents.
    """
    held = room.holds(PART)
    for heading in body.styled(PART):
        if lines := _divided(text_of(heading), held, layout, _wrapped):
            free = held / _SAFE - max(map(ems, lines)) - _SPARE
            centred, size = body.styles.centred(style_of(heading)), body.styles.size(style_of(heading))
            left, right = (free / 2, free / 2) if centred else (0, free)
            set_indents(heading, left, right, size)


def _divided(text: str, held: float, layout: Layout, suited: Callable[[list[str]], bool] = bool) -> list[str]:
    """The fewest lines, as even as can be, into which a text that is too long may be divided; none where there are none."""
    if ems(text) <= held:
        return []
    places = tuple(_places(text, layout))
    for number in range(1, MOST):
        cuts = [_cut(text, at) for at in combinations(places, number)]
        if fitting := [lines for lines in cuts if max(map(ems, lines)) <= held and suited(lines)]:
            return min(fitting, key=lambda lines: sum(ems(line) ** 2 for line in lines))
    return []


def _wrapped(lines: list[str]) -> bool:
    """Whether a text wraps into these lines by itself, where there is room for the longest."""
    room = max(map(ems, lines)) + _SPARE
    return all(ems(line) + 1 > room for line in lines[:-1])


def _places(text: str, layout: Layout) -> Iterator[int]:
    """Behind which signs a line may end: behind a declared word, but inside none that is declared to be whole."""
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
