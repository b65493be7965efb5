"""How amounts of money are printed."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from budgetgen.edition.declarations.base import Declared, declaration
from budgetgen.edition.declarations.names import Text
from budgetgen.values.amounts import CENT, PER_WAN, PRINTED_PLACES, WAN, rounded

SHORT = Decimal("0.01")
"""By how many roundings to 0.01 万元 the whole steps that an allowance holds are fewer."""


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

        One in 元 with more decimals than the tables print was not rounded.
        """
        if unit == WAN:
            return 1
        return self.step(unit) / CENT if self.rounds(unit) and value == rounded(value, self.places) else 0

    def printed_terms(self, value: Decimal, unit: str) -> Decimal | int:
        """The same of an amount that a document prints: one that has no finer part was rounded to the whole step.

        Both sides of a relation then differ by whole steps, and by less than all roundings together: two figures alone
        not at all, which a little less for each of them says.
        """
        own = self.step(unit) / CENT
        whole = own > 1 and value == rounded(value, self.places)
        return own - SHORT if whole else self.terms(value, unit)

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
