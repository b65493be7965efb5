"""Where two texts differ: numbers against numbers, words against words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from budgetgen.values import amounts
from budgetgen.values.likeness import comparable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

NUMERALS: Final = amounts.DIGITS + "〇两十百千万亿"
TOKEN: Final = re.compile(rf"-?\d(?:[\d,.]*\d)?%?|[{NUMERALS}]+|[A-Za-z]+|.", re.DOTALL)
CLOSE: Final = 2
"""Differences with at most so many equal words between them are one."""
LITTLE: Final = 0.3
"""Texts of which less than this is equal are different as a whole."""

Kind = Literal["number", "style", "words"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where a text is not as it should be.

    Attributes:
        kind: a number differs or is added or missing; one is written in another way; or only words differ.
        begin, end: the place in the text that it should be.
        wanted: what should stand there.
        at: the place in the text that it is.
        found: what stands there.
    """

    kind: Kind
    begin: int
    end: int
    wanted: str
    at: int
    found: str


@dataclass(frozen=True, slots=True)
class Token:
    """A number, a Chinese numeral, a word of letters, or any other sign."""

    text: str
    begin: int

    @property
    def number(self) -> bool:
        """Whether it is a number in digits."""
        return self.text.strip("-%")[-1:].isdigit()

    @property
    def numeral(self) -> bool:
        """Whether it is a Chinese numeral."""
        return self.text[0] in NUMERALS

    @property
    def form(self) -> str:
        """What it is aligned by: one number is as good as another."""
        return "#" if self.number else "〇" if self.numeral else self.text


@lru_cache(maxsize=1 << 14)
def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a text in folded form."""
    return tuple(Token(found[0], found.start()) for found in TOKEN.finditer(text))


def numbers(text: str) -> int:
    """How many numbers in digits a text has."""
    return sum(token.number for token in tokens(text))


def numeric(text: str) -> bool:
    """Whether a text may tell a number, in digits or in Chinese numerals."""
    return any(token.number or token.numeral for token in tokens(text))


def differences(wanted: str, found: str) -> tuple[Difference, ...]:
    """Where a text differs from what it should be; both in folded form.

    >>> [(d.kind, d.wanted, d.found) for d in differences("支出12.00万元，占3%。", "支出21.00万元，占3.00%。")]
    [('number', '12.00', '21.00'), ('style', '3%', '3.00%')]
    """
    if wanted == found:
        return ()
    left, right = tokens(wanted), tokens(found)
    forms = [t.form for t in left], [t.form for t in right]
    matcher = SequenceMatcher(None, *forms, autojunk=False)
    if not comparable(*forms) or matcher.ratio() < LITTLE:
        return (_region(wanted, found, left, right, (0, len(left), 0, len(right))),)
    regions = _joined(_regions(matcher, left, right), left)
    return tuple(_region(wanted, found, left, right, region) for region in regions)


_Region = tuple[int, int, int, int]
"""Token numbers: from, to in the text that it should be, and in the text that it is."""


def _regions(
    matcher: SequenceMatcher[str], left: Sequence[Token], right: Sequence[Token]
) -> Iterator[_Region]:
    for tag, i, to, j, end in matcher.get_opcodes():
        if tag != "equal":
            yield i, to, j, end
            continue
        for step in range(to - i):
            if left[i + step].text != right[j + step].text:
                yield i + step, i + step + 1, j + step, j + step + 1


def _joined(regions: Iterable[_Region], left: Sequence[Token]) -> Iterator[_Region]:
    """The regions, those with hardly a word between them as one; two numbers that differ stay two."""
    held: _Region | None = None
    for region in regions:
        if held is None:
            held = region
            continue
        between = left[held[1] : region[0]]
        if _single(held) and _single(region):
            near = False
        else:
            near = len(between) <= CLOSE and not any(token.number for token in between)
        if near:
            held = held[0], region[1], held[2], region[3]
        else:
            yield held
            held = region
    if held:
        yield held


def _single(region: _Region) -> bool:
    """One token for one token."""
    return region[1] - region[0] == 1 == region[3] - region[2]


def _region(
    wanted: str, found: str, left: Sequence[Token], right: Sequence[Token], region: _Region
) -> Difference:
    i, to, j, end = region
    begin, stop = _begin(left, i, wanted), _begin(left, to, wanted)
    at, until = _begin(right, j, found), _begin(right, end, found)
    kind = _kind(left[i:to], right[j:end])
    return Difference(kind, begin, stop, wanted[begin:stop], at, found[at:until])


def _begin(parts: Sequence[Token], place: int, text: str) -> int:
    return parts[place].begin if place < len(parts) else len(text)


def _kind(left: Sequence[Token], right: Sequence[Token]) -> Kind:
    here, there = [t.text for t in left if t.number], [t.text for t in right if t.number]
    if len(left) == len(right) == 1 and here and there and same(here[0], there[0]):
        return "style"
    if here or there or [t.text for t in left if t.numeral] != [t.text for t in right if t.numeral]:
        return "number"
    return "words"


def same(left: str, right: str) -> bool:
    """Whether two numbers have the same value, however they are written."""
    try:
        values = [amounts.parse(text.removesuffix("%")) for text in (left, right)]
    except amounts.NotANumberError:
        return False
    return values[0] == values[1] and left.endswith("%") == right.endswith("%")
