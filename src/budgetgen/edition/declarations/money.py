"""How amounts of money are printed."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from budgetgen.edition.declarations.base import Declared, declaration
from budgetgen.edition.declarations.names import Text
from budgetgen.values.amounts import CENT, PER_WAN, PRINTED_PLACES, WAN, rounded


@declaration
class Scale(Declared):
    """In which unit amounts are printed, and how.

    Attributes:
        unit: of money.
        places: decimals that amounts are rounded to: relations allow for what that may leave.
        trimmed: without the zeros at their end.
        zero: what a zero is printed as; a blank stays blank.
        label: how the unit is told above a table; it names the unit last.
    """

    unit: Literal["万元", "元"] = "万元"
    places: int = PRINTED_PLACES
    trimmed: bool = False
    zero: Text = ""
    label: Text

    def labelled(self, unit: str) -> str:
        """How another unit is told in the same words."""
        return unit.join(self.label.rsplit(self.unit, 1))

    def rounds(self, unit: str) -> bool:
        """Whether amounts given in a unit were rounded before.

        Those in 万元 were. Those in 元 were where tables print 元; where they print 万元, they are known more closely
        than the tables tell them.
        """
        return unit in {self.unit, WAN}

    def step(self, unit: str) -> Decimal:
        """The smallest part in which amounts of a unit are given, in 万元."""
        places = self.places if unit == self.unit else PRINTED_PLACES
        return Decimal(1).scaleb(-places) / PER_WAN[unit]

    def terms(self, value: Decimal, unit: str) -> Decimal | int:
        """How many roundings to 0.01 万元 are in an amount given in a unit (`Cell.terms`).

        One with more decimals than the tables print was not rounded to theirs: in 元 not at all, in 万元 to 0.01.
        """
        own = self.step(unit) / CENT if self.rounds(unit) and value == rounded(value, self.places) else 0
        return own if unit != WAN or own > 1 else 1

    @property
    def labelled_truly(self) -> bool:
        """Whether the words name the unit that the amounts are in."""
        bare = self.label.rstrip("）)").rstrip()
        return bare.endswith(self.unit) and (self.unit != "元" or not bare.endswith("万元"))


@declaration
class Money(Declared):
    """`[money]` of an edition. Sentences tell amounts in 万元 with two decimals.

    Attributes:
        tables: the scale of all tables that declare none of their own.
    """

    tables: Scale
