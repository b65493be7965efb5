"""Which passage of a document is which of the document that it should be, whatever came, went or changed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from budgetgen.reading.document.narrative.patterns import unmarked
from budgetgen.values.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.reading.document.manuscript import Passage

ALIKE: Final = 0.3
"""Passages less alike than this are not the same one, edited."""
LARGEST: Final = 250_000
"""How many comparisons a gap may take; in a larger one passages are paired by their order."""

Pair: TypeAlias = tuple[int | None, int | None]
"""The numbers of a passage that should be and of one that is; None where it is missing, or added."""


def key(passage: Passage) -> tuple[str, ...]:
    """What a passage is known by: its texts, without typesetting. Word numbers the contents in its own way."""
    forms = tuple(fold(cell).form for cell in passage.cells)
    return ("", unmarked(forms[0])) if passage.contents else forms


def align(wanted: Sequence[Passage], found: Sequence[Passage]) -> Iterator[Pair]:
    """The passages that belong together, in order."""
    left, right = [key(passage) for passage in wanted], [key(passage) for passage in found]
    for tag, i, to, j, end in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from zip(range(i, to), range(j, end), strict=True)
        else:
            yield from _gap(
                [_Shape.of(wanted[n]) for n in range(i, to)],
                [_Shape.of(found[n]) for n in range(j, end)],
                i,
                j,
            )


@dataclass(frozen=True, slots=True)
class _Shape:
    """What makes passages alike: their kind, their cells, their signs and pairs of signs."""

    row: bool
    cells: tuple[str, ...]
    signs: Counter[str]

    @classmethod
    def of(cls, passage: Passage) -> _Shape:
        cells = tuple(fold(cell).form for cell in passage.cells)
        text = "".join(cells)
        return cls(bool(passage.table), cells, Counter([*text, *map("".join, pairwise(text))]))

    def likeness(self, other: _Shape) -> float:
        """From 0 to 1."""
        if self.row != other.row:
            return 0.0
        size = self.signs.total() + other.signs.total()
        alike = 2 * (self.signs & other.signs).total() / size if size else 0.0
        if not self.row or len(self.cells) != len(other.cells):
            return alike
        told = [(a, b) for a, b in zip(self.cells, other.cells, strict=True) if a or b]
        return max(alike, sum(a == b for a, b in told) / len(told)) if told else alike


def _gap(left: Sequence[_Shape], right: Sequence[_Shape], i: int, j: int) -> Iterator[Pair]:
    """The best pairs between two equal passages: those that together are most alike."""
    if not left or not right or len(left) * len(right) > LARGEST:
        yield from ((i + n, None) for n in range(len(left)))
        yield from ((None, j + n) for n in range(len(right)))
        return
    alike = [[a.likeness(b) for b in right] for a in left]
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for a in reversed(range(len(left))):
        for b in reversed(range(len(right))):
            paired = alike[a][b] + best[a + 1][b + 1] if alike[a][b] >= ALIKE else 0.0
            best[a][b] = max(paired, best[a + 1][b], best[a][b + 1])
    a = b = 0
    while a < len(left) and b < len(right):
        if alike[a][b] >= ALIKE and best[a][b] == alike[a][b] + best[a + 1][b + 1]:
            yield i + a, j + b
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            yield i + a, None
            a += 1
        else:
            yield None, j + b
            b += 1
    yield from ((i + n, None) for n in range(a, len(left)))
    yield from ((None, j + n) for n in range(b, len(right)))
