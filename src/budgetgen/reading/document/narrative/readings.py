"""What a sentence may say of a figure and last year, where its own words or the tables contradict each other.

It says this year's amount, the change, whether that is a rise, and the rate. Where the amount is another than in the
tables, or one verb says rise and the other fall, the rate decides; where it does not, nothing is taken for granted.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgetgen.edition.declarations import FALL, RISE, FigureColumn
from budgetgen.reading.document.narrative.patterns import number, printed_percentage
from budgetgen.values import amounts
from budgetgen.values.sayings import Stated, saying

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal


@dataclass(frozen=True)
class Meaning:
    """One reading of a sentence.

    Attributes:
        now: this year's amount.
        change: by how much it is another than last year's.
        fell: whether it is less.
    """

    now: Decimal
    change: Decimal
    fell: bool

    @property
    def then(self) -> Decimal:
        """Last year's amount."""
        return self.now + self.change if self.fell else self.now - self.change

    @property
    def rate(self) -> Decimal | None:
        """The rate that follows; None where there was nothing last year."""
        return amounts.percentage(abs(self.change), self.then) if self.then > 0 else None

    def agrees(self, said: Decimal | None) -> bool:
        """Whether the rate that was said follows."""
        return said is not None and self.rate is not None and abs(self.rate - abs(said)) <= amounts.CENT

    def told(self) -> Stated:
        """It with what follows."""
        rate = saying("rate", 增减率=self.rate) if self.rate is not None else None
        verb = (RISE, FALL)[self.fell][0]
        return saying("reading", 本年=self.now, 增减=verb, 金额=self.change, 上年=self.then, 率=rate)


@dataclass(frozen=True)
class Readings:
    """All readings of a sentence, the plain one first.

    Attributes:
        every: the readings.
        rate: that was said; None for none.
        contradictory: whether its verbs contradict each other.
    """

    every: tuple[Meaning, ...]
    rate: Decimal | None
    contradictory: bool

    @classmethod
    def of(cls, values: Mapping[str, str], now: Sequence[Decimal], trend: tuple[str, str]) -> Readings | None:
        """The readings of what stood in the slots of a sentence; None where it tells no change.

        Args:
            values: what stood in the slots.
            now: what this year's amount may be, as the sentence says first.
            trend: the verbs of a rate that rises, and of one that falls.
        """
        change = number(values.get(FigureColumn.CHANGE, "0"))
        if change is None or not now:
            return None
        fell = values.get(FigureColumn.DIRECTION) == FALL[0]
        verb = values.get(FigureColumn.TREND)
        contradictory = FigureColumn.DIRECTION in values and verb == trend[not fell]
        ways = (fell, not fell) if contradictory and change else (fell,)
        every = tuple(Meaning(*one) for one in itertools.product(dict.fromkeys(now), [change], ways))
        return cls(every, printed_percentage(values.get(FigureColumn.RATE, "")), contradictory)

    @property
    def chosen(self) -> Meaning | None:
        """The plain reading, or the only other one that the said rate follows from; None where that is not known."""
        plain, *_ = self.every
        agreeing = [one for one in self.every if one.agrees(self.rate)]
        if plain in agreeing or len(agreeing) != 1:
            unsure = self.contradictory and len(self.every) > 1 and plain not in agreeing
            return None if unsure else plain
        return agreeing[0]
