"""Passages that are said twice and once with other signs of the same sound: what typing by sound leaves behind."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from budgetgen.values.listing import MARK
from budgetgen.values.sayings import saying
from budgetgen.values.text import unspaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.values.sayings import Stated

CONTEXT = 12
"""So many signs in a row that two passages share tell that they say the same."""
MOST = 2
"""So many signs at most are written otherwise."""
UNHEARD: frozenset[str] = frozenset()
"""The sounds of what is no sign in common use."""
ELSEWHERE = 2
"""In so many other places at least stands what is a word, and no slip that was made twice."""
BESIDE = 2
"""By so many signs on each side a word is known to stand somewhere else."""
LISTED = re.compile(MARK)
NUMERAL = re.compile(r"[〇零一二三四五六七八九十百千]")
TOLD = 6
"""How many signs beside those that differ are told, where no mark is near."""
STOP = re.compile(r"[,.、。;:()]")


def homophones(texts: Sequence[str], interchangeable: Iterable[str]) -> Iterator[tuple[int, int, Stated]]:
    """Pairs of texts of which one has a sign of the same sound in the place of another's: their numbers, and what is told.

    The one whose signs stand together more rarely is told as the slip; its number is the second.

    Args:
        texts: all that a file says.
        interchangeable: signs of one sound of which either may be right, group by group.
    """
    plain = [unspaced(text) for text in texts]
    met: set[frozenset[str]] = set()
    for back in (False, True):
        own = [text[::-1] for text in plain] if back else plain
        for first, at, second, to, length in _branches(own):
            one, other = own[first][at : at + length], own[second][to : to + length]
            if back:
                one, other = one[::-1], other[::-1]
            pair = frozenset({one, other})
            if pair not in met and sounds_alike(one, other, interchangeable):
                places = [
                    (plain[n], len(text) - start - length if back else start)
                    for n, text, start in ((first, own[first], at), (second, own[second], to))
                ]
                if _meant(places, length, plain):
                    continue
                met.add(pair)
                known = [_known(*place, length, plain) for place in places]
                right, wrong = (0, 1) if known[0] >= known[1] else (1, 0)
                words = [_excerpt(*place, length) for place in places]
                numbers = first, second
                yield numbers[right], numbers[wrong], saying(原文=words[wrong], 别处=words[right])


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


def sounds_alike(one: str, other: str, interchangeable: Iterable[str]) -> bool:
    """Whether signs sound alike, and are neither numerals nor such as stand for one another."""
    pairs, sounds = list(zip(one, other, strict=True)), _sounds()
    return (
        all(sounds.get(a, UNHEARD) & sounds.get(b, UNHEARD) for a, b in pairs)
        and not NUMERAL.search(one + other)
        and not any(set(pair) <= set(group) for group in interchangeable for pair in pairs)
    )


def uncommon(sign: str) -> bool:
    """Whether a sign is none in common use: one that only looks like another."""
    return "\u4e00" <= sign <= "\u9fff" and sign not in _sounds()


def _meant(places: Sequence[tuple[str, int]], length: int, texts: Sequence[str]) -> bool:
    """Whether both ways are meant: they tell entries of one list apart, or stand in words that are used elsewhere too."""
    rests = {LISTED.sub("", text[:begin]) + text[begin + length :] for text, begin in places}
    listed = all(LISTED.match(text) for text, _ in places)
    return (listed and len(rests) == 1) or all(_established(*place, length, texts) for place in places)


def _known(text: str, begin: int, length: int, texts: Sequence[str]) -> int:
    """How often signs stand beside one of those next to them: what is right stands in other places too."""
    near = text[max(0, begin - 1) : begin + length], text[begin : begin + length + 1]
    return max(sum(whole.count(words) for whole in texts) for words in near)


def _excerpt(text: str, begin: int, length: int) -> str:
    """Signs with what stands around them: from a mark to a mark, where these are not far."""
    before, behind = text[max(0, begin - CONTEXT) : begin], text[begin + length : begin + length + CONTEXT]
    start = max((one.end() for one in STOP.finditer(before)), default=max(0, len(before) - TOLD))
    end = STOP.search(behind)
    return before[start:] + text[begin : begin + length] + behind[: end.start() if end else TOLD]


def _established(text: str, begin: int, length: int, texts: Sequence[str]) -> bool:
    """Whether signs often stand beside the same sign between others: a word, not a slip that was copied or made twice."""
    spans = [(begin - 1, begin + length), (begin, begin + length + 1)]
    return any(
        len(set(_surroundings(text, start, end, texts))) >= ELSEWHERE
        for start, end in spans
        if start >= 0 and end <= len(text)
    )


def _surroundings(text: str, start: int, end: int, texts: Sequence[str]) -> Iterator[str]:
    """What stands around some signs of a text wherever they stand between others."""
    for whole in texts:
        for found in re.finditer(re.escape(text[start:end]), whole):
            if _otherwise(whole, found.start(), text, start, end - start):
                yield whole[max(0, found.start() - BESIDE) : found.end() + BESIDE]


def _otherwise(one: str, at: int, other: str, to: int, length: int) -> bool:
    """Whether the same signs in two texts have other signs on both sides."""
    before = one[max(0, at - BESIDE) : at] != other[max(0, to - BESIDE) : to]
    return before and one[at + length : at + length + BESIDE] != other[to + length : to + length + BESIDE]


@cache
def _sounds() -> Mapping[str, frozenset[str]]:
    """How the signs in common use may sound, tones apart (`tools/sounds.py`)."""
    sounds: dict[str, set[str]] = {}
    for line in files(__package__).joinpath("sounds.txt").read_text(encoding="utf-8").splitlines():
        sound, signs = line.split(" ")
        for sign in signs:
            sounds.setdefault(sign, set()).add(sound)
    return {sign: frozenset(own) for sign, own in sounds.items()}
