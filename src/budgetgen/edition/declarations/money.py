"""How amounts of money are printed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from budgetgen.edition.declarations.base import Declared
from budgetgen.edition.declarations.names import Text


class Scale(Declared):
    """In which unit amounts are printed, and how.

    Attributes:
        unit: of money.
        places: decimals.
        trimmed: without the zeros at their end.
        zero: what a zero is printed as; a blank stays blank.
        label: how the unit is told above a table; it names the unit last.
    """

    unit: Literal["万元", "元"] = "万元"
    places: int = Field(2, ge=0, le=6)
    trimmed: bool = False
    zero: Text = ""
    label: Text

    def labelled(self, unit: str) -> str:
        """How another unit is told in the same words."""
        return unit.join(self.label.rsplit(self.unit, 1))

    @property
    def labelled_truly(self) -> bool:
        """Whether the words name the unit that the amounts are in."""
        bare = self.label.rstrip("）)").rstrip()
        return bare.endswith(self.unit) and (self.unit != "元" or not bare.endswith("万元"))


class Money(Declared):
    """`[money]` of an edition. Sentences tell amounts in 万元 with two decimals.

    Attributes:
        tables: the scale of all tables that declare none of their own.
    """

    tables: Scale
