"""How alike two texts are, and who is likest to whom among many: what cannot reach is set aside before it is worked out."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

Score: TypeAlias = "Callable[[int, int, Decimal], Decimal]"
ALIKE = 0.75
"""From which likeness on one name is a variant of another, and not another name."""
TELLING = re.compile(r"[\d〇零一二三四五六七八九十百东西南北上下大小新老甲乙丙]|中(?!心)")
"""What tells things apart whose names are else the same: numbers, places, which is older or larger; 中心 may be any."""


LEAST_TOLD, MOST_TIMES = 8, 4
"""So many signs tell what a text is of, where the other one is so many times as long at most."""
MOST = 1_000_000
"""How many pairs of equal signs two texts may have to be compared sign for sign: people write no longer ones."""


def comparable(first: Sequence[Hashable], second: Sequence[Hashable]) -> bool:
    """Whether two texts can be compared sign for sign in good time.

    >>> comparable("机房维护", "机房维修"), comparable("一" * 2000, "一" * 2000)
    (True, False)
    """
    met = Counter(second)
    return sum(met[sign] for sign in first) <= MOST


def likeness(first: str, second: str, least: float = 0) -> float:
    """How alike two texts are, 0 to 1; 0 where they cannot reach the least.

    >>> likeness("机房维护", "机房维修"), likeness("机房维护", "道路", 0.5)
    (0.75, 0)
    """
    both = len(first) + len(second)
    if both and 2 * min(len(first), len(second)) / both < least:
        return 0
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if matcher.quick_ratio() < least:
        return 0
    ratio = matcher.ratio() if comparable(first, second) else matcher.quick_ratio()
    return ratio if ratio >= least else 0


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of a text without their order, to see quickly how alike it can be to many others.

    Attributes:
        each: every sign with a number that tells its first from its second occurrence.
    """

    each: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Signs:
        """Those of a text."""
        met = Counter(text)
        return cls(frozenset(f"{sign}{number}" for sign, count in met.items() for number in range(count)))

    def reach(self, other: Signs) -> float:
        """The most that the likeness of two texts can be.

        >>> Signs.of("甲乙甲").reach(Signs.of("甲甲乙"))
        1.0
        """
        both = len(self.each) + len(other.each)
        return 2 * len(self.each & other.each) / both if both else 1.0


def likest(
    old: Sequence[str],
    new: Sequence[str],
    least: Decimal,
    score: Score = lambda _old, _new, alike: alike,
) -> Iterator[tuple[int, int, Decimal]]:
    """Each old text with the new one that it is likest to, likest first; each text is taken once.

    The likeness of two texts is worked out only when no pair is left that could be better.

    Args:
        old: the texts; of pairs that are equally alike the earlier ones are taken.
        new: the texts that they may be like.
        least: the score that a pair must reach.
        score: from the numbers of an old and a new text and their likeness; it never falls as the likeness rises.

    Yields:
        The numbers of both texts, and their score.
    """

    def scored(i: int, j: int, alike: float) -> Decimal:
        return score(i, j, Decimal(str(alike)))

    before, after = [Signs.of(text) for text in old], [Signs.of(text) for text in new]
    reaches = ((i, j, scored(i, j, a.reach(b))) for i, a in enumerate(before) for j, b in enumerate(after))
    waiting = [(-reach, False, i, j) for i, j, reach in reaches if reach >= least]
    heapify(waiting)
    taken_old, taken_new = set[int](), set[int]()
    while waiting:
        reach, exact, i, j = heappop(waiting)
        if i in taken_old or j in taken_new:
            continue
        if exact:
            taken_old.add(i)
            taken_new.add(j)
            yield i, j, -reach
        elif (real := scored(i, j, likeness(old[i], new[j]))) >= least:
            heappush(waiting, (-real, True, i, j))


def shortened(one: str, other: str) -> bool:
    """Whether one text is the other without one passage, and says enough by itself.

    >>> shortened("负责项目的筛选工作,提供技术咨询服务", "负责项目的筛选工作"), shortened("支出预算的情况说明", "支出预算")
    (True, False)
    """
    short, long = sorted((one, other), key=len)
    if len(short) < LEAST_TOLD or len(short) * MOST_TIMES < len(long):
        return False
    before = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return long.endswith(short[before:])


def telling(name: str) -> str:
    """The signs of a name that tell it from its like: names in which they differ are never one name with a slip.

    >>> telling("某市第十二中学"), telling("某市第二中学")
    ('十二中', '二中')
    """
    return "".join(TELLING.findall(name))


def alike(one: str, other: str) -> bool:
    """Whether one name looks like a variant of the other.

    >>> alike("科技信息中心", "科技信息服务中心"), alike("教育局", "科学技术局")
    (True, False)
    """
    return bool(likeness(one, other, ALIKE))
