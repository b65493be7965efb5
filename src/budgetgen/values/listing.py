"""Texts that list several things: how many they are, however they are set apart.

What sets two things apart may as well stand within a name (计划和财务科); only a number that is told settles that.
"""

from __future__ import annotations

import re
from itertools import pairwise, product
from math import prod
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MARK: Final = r"[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[)）]|[.．、](?!\d))"
"""The number before an entry of a list: 1. （1） 一、."""
_SIGNS: Final = "、，,；;/\n"
_NUMBER: Final = re.compile(rf"(?:^|(?<=[\s、，,；;。])){MARK}")
_GLUED: Final = re.compile(
    r"(?<=[^\d\s、，,；;。（(.．])(?=\d{1,2}[.．、](?!\d))|(?<=[^\s])(?=[（(]\d{1,2}[)）])"
)
"""Where a number stands right behind the thing before it: 1.办公室2.业务室."""
_TRIED: Final = 1000
"""So many ways to read a list are tried; where there are more, it is not clear."""
_BRACKETS: Final = re.compile(r"[（(][^（）()]*[)）]")


def members(text: str, joints: Sequence[str], count: int) -> tuple[str, ...]:
    """The things that a text lists, where it is told how many they are; none where that can be read in several ways.

    Args:
        text: as printed.
        joints: words that may stand between the last two.
        count: how many they are said to be.
    """
    parts = _parts(text)
    if len(parts) == count:
        return parts
    choices = [_ways(part, joints) for part in parts]
    if len(parts) > count or prod(map(len, choices)) > _TRIED:
        return ()
    ways = {
        tuple(thing for way in chosen for thing in way)
        for chosen in product(*choices)
        if sum(map(len, chosen)) == count
    }
    return next(iter(ways)) if len(ways) == 1 else ()


def several(text: str, joints: Sequence[str], ends: Sequence[str]) -> tuple[str, ...]:
    """The things that a cell for one thing seems to list; none where it names one.

    Args:
        text: of the cell.
        joints: words that may stand between two.
        ends: how names of such things end: what stands on both sides of a joint then are two of them.
    """
    parts = _parts(text)
    if len(parts) > 1:
        return parts
    split = [way for part in parts for way in _ways(part, joints) if len(way) > 1]
    whole = [way for way in split if all(thing.endswith(tuple(ends)) for thing in way)]
    return whole[0] if whole else ()


def _parts(text: str) -> tuple[str, ...]:
    """The things between signs, line ends and numbers; what stands in brackets is not taken apart."""
    numbered = _GLUED.sub("\n", text) if len(_GLUED.findall(text)) and _NUMBER.match(text.strip()) else text
    bare = _NUMBER.sub("\n", numbered.strip())
    masked = _BRACKETS.sub(lambda found: "\0" * len(found[0]), bare)
    ends = [-1, *(i for i, sign in enumerate(masked) if sign in _SIGNS), len(bare)]
    parts = (bare[start + 1 : end].strip(" \u3000。.") for start, end in pairwise(ends))
    return tuple(filter(None, parts))


def _ways(part: str, joints: Iterable[str]) -> list[tuple[str, ...]]:
    """A part as one thing, and as two at each word that may join them."""
    found = re.finditer("|".join(map(re.escape, sorted(joints, key=len, reverse=True))), part)
    halves = [(part[: joint.start()], part[joint.end() :]) for joint in found]
    return [(part,), *(half for half in halves if all(half))]
