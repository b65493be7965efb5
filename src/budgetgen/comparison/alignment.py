"""Two rows of texts side by side: which stands for which by their order. Whoever asks for the order asks here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from budgetgen.comparison.matching import displaced

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Stretch(NamedTuple):
    """What stands in one place of two rows, and differs.

    Attributes:
        old, new: the numbers of the texts of either row; none of what only the other has.
    """

    old: range
    new: range


@dataclass(frozen=True)
class Alignment:
    """Two rows of texts, or the signs of two texts, side by side.

    Attributes:
        before, after: the rows.
    """

    before: Sequence[str]
    after: Sequence[str]

    @cached_property
    def differing(self) -> tuple[Stretch, ...]:
        """Where they differ."""
        codes = SequenceMatcher(None, self.before, self.after, autojunk=False).get_opcodes()
        return tuple(Stretch(range(a, b), range(c, d)) for tag, a, b, c, d in codes if tag != "equal")

    @cached_property
    def gone(self) -> Mapping[int, Stretch]:
        """The texts of the first row that none of the second stands for, each with where the rows differ there."""
        return {n: one for one in self.differing for n in one.old}

    @cached_property
    def come(self) -> Sequence[int]:
        """Those of the second row that stand for none."""
        return [n for one in self.differing for n in one.new]

    @cached_property
    def pairs(self) -> Mapping[int, int]:
        """Which of the second row stands for which of the first."""
        had = set(self.come)
        first = (n for n in range(len(self.before)) if n not in self.gone)
        return dict(zip(first, (n for n in range(len(self.after)) if n not in had), strict=True))

    @cached_property
    def displaced(self) -> frozenset[int]:
        """Which of the second row stand elsewhere than in the first, that has them as often; as few as may be.

        Of what stands once, by the order alone; of what stands several times, where one is gone and one more is elsewhere.

        >>> for before, after in (("甲乙丙乙", "丙甲乙乙"), ("甲乙甲乙", "甲乙乙甲")):
        ...     print(sorted(Alignment(before, after).displaced))
        [0]
        [2]
        """
        often = Counter(self.before), Counter(self.after)
        ranks = {text: n for n, text in enumerate(self.before) if often[0][text] == often[1][text] == 1}
        both = [n for n, text in enumerate(self.after) if text in ranks]
        moved = {both[n] for n in displaced([ranks[self.after[n]] for n in both])}
        gone = Counter(self.before[n] for n in self.gone)
        for n in self.come:
            if gone[text := self.after[n]] and 1 < often[0][text] == often[1][text]:
                gone[text] -= 1
                moved.add(n)
        return frozenset(moved)
