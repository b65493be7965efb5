"""Signs as lines of text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

from budgetgen.reading.document.pdf.marks import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from budgetgen.reading.document.pdf.marks import Sign

LEVEL: Final = 0.5
"""How far apart, in their size, the middles of two signs of one line are."""
BLANK: Final = 0.25
"""How far apart, in their size, two signs are that a blank stands between."""
LEADERS: Final = " .…·．⋯‥"
"""What leads from an entry of the contents to its page."""
LED: Final = 3
"""How many of these do at least."""
PAGES: Final = "0123456789IVXivx"
INDENTS: Final = (0.5, 4.5)
"""By how many signs a first line is set in."""


@dataclass(frozen=True)
class TextLine:
    """A line of text, or a part of one.

    Attributes:
        signs: from left to right.
    """

    signs: tuple[Sign, ...]

    @cached_property
    def box(self) -> Box:
        """Where it stands."""
        return Box.around([sign.box for sign in self.signs])

    @cached_property
    def size(self) -> float:
        """Of most of its signs."""
        return median(sign.size for sign in self.signs)

    @property
    def reach(self) -> float:
        """Where it ends; a mark at its end may hang beyond the margin."""
        last = self.signs[-1]
        return last.box.x0 if _CLOSING.match(last.text) else last.box.x1

    @property
    def bold(self) -> bool:
        """Whether all of it is."""
        return all(sign.bold for sign in self.signs)

    @cached_property
    def text(self) -> str:
        """What it says, with a blank wherever one is seen."""
        said = [self.signs[0].text]
        for left, right in pairwise(self.signs):
            apart = right.box.x0 - left.box.x1 > BLANK * max(left.size, right.size)
            said.append(f" {right.text}" if apart else right.text)
        return "".join(said)


def lines(signs: Iterable[Sign]) -> list[TextLine]:
    """The lines that signs stand in, from above; blanks are not needed, for they are seen."""
    found: list[list[Sign]] = []
    for sign in sorted((s for s in signs if s.text.strip()), key=lambda s: s.middle[1]):
        level = found[-1][-1].middle[1] if found else 0.0
        smaller = min(sign.size, found[-1][-1].size) if found else 0.0
        if found and sign.middle[1] - level < LEVEL * smaller:
            found[-1].append(sign)
        else:
            found.append([sign])
    return [TextLine(tuple(sorted(row, key=lambda sign: sign.box.x0))) for row in found]


def unled(text: str) -> str:
    """An entry of the contents without its page and what leads there; any other text as it is."""
    led = text.rstrip().rstrip(PAGES)
    bare = led.rstrip(LEADERS)
    return bare if len(led[len(bare) :].replace(" ", "")) >= LED else text


def joined(parts: Sequence[TextLine], room: float) -> str:
    """Lines of a cell as its text: a line ends with a paragraph where the next word would have had room in it.

    Args:
        parts: the lines.
        room: how wide a line may be.
    """
    said = parts[0].text if parts else ""
    for above, below in pairwise(parts):
        said += below.text if is_full(above, below, room - indent(above, below)) else f"\n{below.text}"
    return said


def indent(above: TextLine, below: TextLine, shift: float = 0.0) -> float:
    """How far a line of a cell is set in against the one that it may go on with; lines that are centred are not.

    Args:
        above: the line.
        below: the next one.
        shift: how much further left the cell of that stands.
    """
    left, right = (one - other for one, other in zip(_ends(above), _ends(below), strict=True))
    behind = left - shift
    centred = abs(behind + right - shift) < above.size
    return behind if INDENTS[0] < behind / above.size < INDENTS[1] and not centred else 0.0


def _ends(line: TextLine) -> tuple[float, float]:
    return line.box.x0, line.box.x1


def is_full(above: TextLine, below: TextLine, room: float) -> bool:
    """Whether a line had no room for the first word of the next one."""
    return above.box.width + _first_word(below) > room - above.size / 2


def _first_word(line: TextLine) -> float:
    """How wide what cannot be parted at the beginning of a line is: a word or number, or a sign, and what clings to it."""
    end = 1
    while end < len(line.signs) and _clings(line.signs[end - 1].text, line.signs[end].text):
        end += 1
    return line.signs[end - 1].box.x1 - line.signs[0].box.x0


_WORD: Final = re.compile(r"[A-Za-z0-9.,%/\-+:&_]")
_OPENING: Final = re.compile(r"[（(《〈【\[“‘”’\"]")
_CLOSING: Final = re.compile(r"[）)》〉】\]，。；：、！？,.;:!?%“‘”’\"]")
"""What no line ends with, and what none begins with; a quotation mark is taken for either."""


def _clings(left: str, right: str) -> bool:
    both = _WORD.match(right) is not None and (_WORD.match(left) or _CLOSING.match(left)) is not None
    return both or _OPENING.match(left) is not None or _CLOSING.match(right) is not None
