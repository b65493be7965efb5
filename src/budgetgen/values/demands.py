"""What a target of performance asks for, and whether it asks less than another: `≥4场`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from budgetgen.values.text import unspaced

DEMAND = re.compile(r"(≥|>=|>|≤|<=|<|=)?(\d{1,12}(?:\.\d{1,6})?)([^\d,;、]{0,12})")
"""A target: its bound, its number and what it counts."""
SIGNS = {">=": "≥", "<=": "≤"}
LEAST, MOST = frozenset({"≥", ">", "="}), frozenset({"≤", "<"})
DATES = re.compile(r"(?:19|20)\d\d(?:\.\d{1,2})?(?:年.*)?|20\d{6}|\d{1,2}(?:月|日|号|点|时).*")
"""What may be a year, a month, a day or an hour: later is not less."""
MONEY = re.compile(r".*元.*|[十百千万亿]+")
"""Units of money: a number in 万 alone is nearly always one of 万元."""


@dataclass(frozen=True)
class Demand:
    """A target.

    Attributes:
        sign: ≥, >, ≤, < or =; none where only a number stands.
        number: how much.
        unit: of what.
    """

    sign: str
    number: Decimal
    unit: str

    @classmethod
    def of(cls, text: str) -> Demand | None:
        """The target of a cell; None where it is words, several numbers, or may be a date."""
        found = DEMAND.fullmatch(unspaced(text))
        if not found or DATES.fullmatch(found[2] + found[3]):
            return None
        return cls(SIGNS.get(found[1], found[1] or ""), Decimal(found[2]), found[3])

    @property
    def of_money(self) -> bool:
        """Whether it is, or may be, an amount of money."""
        return bool(MONEY.fullmatch(self.unit))


def asks_less(now: Demand | None, then: Demand | None) -> bool:
    """Whether a target asks less than what was reached, or asked: a least below it, a limit above it; of one unit.

    Limits of money follow the budget, and are not compared.

    >>> asks_less(Demand.of("≥3场"), Demand.of("4场")), asks_less(Demand.of("≤30分钟"), Demand.of("0.5小时"))
    (True, False)
    """
    if not now or not then or now.unit != then.unit or then.sign not in {"", "=", now.sign}:
        return False
    if now.sign in MOST:
        return now.number > then.number and not now.of_money
    return now.sign in LEAST and now.number < then.number
