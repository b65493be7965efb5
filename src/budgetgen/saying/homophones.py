"""Passages that are said twice and once with other signs of the same sound: what typing by sound leaves behind."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from budgetgen.saying.lint import folded
from budgetgen.values.sayings import saying

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.values.sayings import Stated

CONTEXT = 12
"""So many signs in a row that two passages share tell that they say the same."""
MOST = 2
"""So many signs at most are written otherwise."""
UNHEARD: frozenset[str] = frozenset()
"""The sounds of what is no sign in common use."""
NUMERAL = re.compile(r"[〇零一二三四五六七八九十百千]")
TOLD = 6
"""How many signs beside those that differ are told."""


def homophones(texts: Sequence[str], interchangeable: Iterable[str]) -> Iterator[tuple[int, int, Stated]]:
    """Pairs of texts of which one has a sign of the same sound in the place of another's: their numbers, and what is told.

    Args:
        texts: all that a file says.
        interchangeable: signs of one sound of which either may be right, group by group.
    """
    plain = [folded(text) for text in texts]
    met: set[frozenset[str]] = set()
    for back in (False, True):
        own = [text[::-1] for text in plain] if back else plain
        for first, at, second, to, length in _branches(own):
            one, other = own[first][at : at + length], own[second][to : to + length]
            if back:
                one, other = one[::-1], other[::-1]
            pair = frozenset({one, other})
            if pair not in met and _slip(one, other, interchangeable):
                met.add(pair)
                begins = [
                    (len(text) - n - length if back else n)
                    for text, n in ((own[first], at), (own[second], to))
                ]
                words = [
                    plain[n][max(0, begin - TOLD) : begin + length + TOLD]
                    for n, begin in zip((first, second), begins, strict=True)
                ]
                yield first, second, saying(原文=words[1], 别处=words[0])


def _branches(texts: Sequence[str]) -> Iterator[tuple[int, int, int, int, int]]:
    """Where two texts that shared enough go on with other signs, and soon with the same: text, place, twice; how many.

    Each beginning of what is shared is remembered where it first stood: time grows with the texts.
    """
    first: dict[str, tuple[int, int]] = {}
    for number, text in enumerate(texts):
        for at in range(len(text) - CONTEXT + 1):
            source, to = first.setdefault(text[at : at + CONTEXT], (number, at))
            here, there = at + CONTEXT, to + CONTEXT
            if (source, to) != (number, at) and text[here : here + 1] != texts[source][there : there + 1]:
                ways = (n for n in range(1, MOST + 1) if _rejoins(texts[source], there, text, here, n))
                if length := next(ways, 0):
                    yield source, there, number, here, length


def _rejoins(other: str, to: int, text: str, here: int, length: int) -> bool:
    """Whether two texts are the same again behind some signs, all of which differ."""
    beyond = other[to + length : to + length + 1]
    return (
        bool(beyond)
        and beyond == text[here + length : here + length + 1]
        and all(a != b for a, b in zip(other[to : to + length], text[here : here + length], strict=True))
    )


def _slip(one: str, other: str, interchangeable: Iterable[str]) -> bool:
    """Whether signs sound alike, and are neither numerals nor such as stand for one another."""
    pairs, sounds = list(zip(one, other, strict=True)), _sounds()
    return (
        all(sounds.get(a, UNHEARD) & sounds.get(b, UNHEARD) for a, b in pairs)
        and not NUMERAL.search(one + other)
        and not any(set(pair) <= set(group) for group in interchangeable for pair in pairs)
    )


@cache
def _sounds() -> Mapping[str, frozenset[str]]:
    """How the signs in common use may sound, tones apart (`tools/sounds.py`)."""
    sounds: dict[str, set[str]] = {}
    for line in files(__package__).joinpath("sounds.txt").read_text(encoding="utf-8").splitlines():
        sound, signs = line.split(" ")
        for sign in signs:
            sounds.setdefault(sign, set()).add(sound)
    return {sign: frozenset(own) for sign, own in sounds.items()}
