"""How texts stand to each other on a page: on one line, below each other, in one row."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from budgetgen.reading.document.blocks import PlacedText

FIGURE: Final = re.compile(r"[-－—]?\d[\d,，]*(?:[.．]\d+)?%?|[-－—]{1,2}")
"""An amount, a part of a code, a number; or a dash for none."""
CODE: Final = re.compile(r"\d{3,7}")
CUT: Final = re.compile(r"[-－—]?[\d,，]+(?:[.．]\d\|\d|[.．,，]\|[\d,，.．]+|\|[.．,，][\d,，.．]*)")
ALIGNED: Final = 0.45
"""How far apart, in the size of the signs, the middles of two lines of one caption are at most, or where they begin."""
LEADING: Final = 2.0
"""How far, in the size of the signs, one line of a cell is below the other at most."""
CLOSEST: Final = 0.8
"""How far it is at least."""
LEVEL: Final = 0.35
"""How far apart, in the size of the signs, two texts of one row are at most."""
PITCH: Final = 1.2
"""How far, in the size of the signs, two lines are taken to be apart that the end of a page parts."""
SPACED: Final = 0.55
"""How far, in the size of the signs, two texts of one cell are apart at most, where a blank parts them."""


def words_of(parts: Iterable[PlacedText]) -> Iterator[PlacedText]:
    """Texts, with a code and its name in one cell, which a blank parts, as one."""
    last: PlacedText | None = None
    for part in parts:
        if (
            last
            and beside(last, part, SPACED)
            and CODE.fullmatch(last.text)
            and not FIGURE.fullmatch(part.text)
        ):
            last = joined(last, part)
            continue
        if last:
            yield last
        last = part
    if last:
        yield last


def joined(left: PlacedText, right: PlacedText) -> PlacedText:
    """Two texts of one line as one."""
    return replace(
        left,
        text=left.text + right.text,
        top=min(left.top, right.top),
        x1=right.x1,
        bottom=max(left.bottom, right.bottom),
    )


def after(above: Sequence[PlacedText], below: Sequence[PlacedText]) -> list[PlacedText]:
    """What stands on two pages as if it stood on one, no further apart than lines."""
    if not above or not below:
        return [*above, *below]
    last = max(above, key=lambda part: part.bottom)
    shift = last.bottom + (PITCH - 1) * last.size - min(part.top for part in below)
    bands = max(part.band for part in above)
    moved = (
        replace(part, top=part.top + shift, bottom=part.bottom + shift, band=part.band + bands)
        for part in below
    )
    return [*above, *moved]


def beside(left: PlacedText, right: PlacedText, room: float) -> bool:
    """Whether a text follows another on its line with no more room between."""
    size = max(left.size, right.size)
    level = left.page == right.page and abs(left.height - right.height) <= LEVEL * size
    return level and 0 <= right.x0 - left.x1 <= room * size


def uncut(parts: Sequence[PlacedText]) -> list[PlacedText]:
    """The figures of a column, those whole that take two lines: no figure ends or begins where they are cut."""
    found: list[PlacedText] = []
    for part in sorted(parts, key=lambda part: part.top):
        last = found[-1] if found else None
        if last and stacked(last, part) and CUT.fullmatch(f"{last.text}|{part.text}"):
            found[-1] = replace(last, text=last.text + part.text)
        else:
            found.append(part)
    return found


def line_of(parts: Sequence[PlacedText]) -> PlacedText:
    """The texts of one line of a cell as one."""
    first, *others = sorted(parts, key=lambda part: part.x0)
    for part in others:
        first = joined(first, part)
    return first


def holds(one: PlacedText, part: PlacedText) -> bool:
    """Whether a text is another, or a part of it."""
    return (
        one.page == part.page
        and one.x0 <= part.x0
        and part.x1 <= one.x1
        and one.top <= part.top
        and part.bottom <= one.bottom
    )


def stacked(above: PlacedText, below: PlacedText) -> bool:
    """Whether a text is set below another so that it may go on with it."""
    slack = ALIGNED * below.size
    aligned = abs(above.middle - below.middle) <= slack or abs(above.x0 - below.x0) <= slack
    return aligned and stacked_near(above, below)


def stacked_near(above: PlacedText, below: PlacedText) -> bool:
    """Whether two lines are as far apart as those of one cell."""
    return CLOSEST * below.size <= below.top - above.top <= LEADING * max(below.size, above.size)


def left_of(strip: Sequence[PlacedText]) -> float:
    """Where the leftmost begins."""
    return min(part.x0 for part in strip)


def right_of(strip: Sequence[PlacedText]) -> float:
    """Where the rightmost ends."""
    return max(part.x1 for part in strip)


def strips_of(parts: Iterable[PlacedText]) -> list[list[PlacedText]]:
    """Texts that stand below each other, from the left: nothing is printed between two strips."""
    found: list[list[PlacedText]] = []
    end = float("-inf")
    for part in sorted(parts, key=lambda part: part.x0):
        if part.x0 > end:
            found.append([])
        found[-1].append(part)
        end = max(end, part.x1)
    return found


def levels_of(parts: Iterable[PlacedText]) -> list[list[PlacedText]]:
    """Texts of one row each, from above."""
    found: list[list[PlacedText]] = []
    for part in sorted(parts, key=lambda part: part.height):
        if found and part.height - found[-1][0].height <= LEVEL * part.size:
            found[-1].append(part)
        else:
            found.append([part])
    return found
