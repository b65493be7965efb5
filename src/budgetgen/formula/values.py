"""The value of a formula, and what counts as true, as a number, as a text."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from budgetgen.values.amounts import ZERO
from budgetgen.values.text import as_named

if TYPE_CHECKING:
    from budgetgen.values.model import Value


class Result(NamedTuple):
    """The value of a formula, and the number of rounded figures in it."""

    value: Value | bool
    terms: Decimal | int = 0

    @property
    def amount(self) -> Decimal:
        """Its number: blank, as any text, is zero."""
        return self.value if isinstance(self.value, Decimal) else ZERO

    @property
    def text(self) -> str:
        """Its text: blank is the empty text."""
        return "" if self.value is None else str(self.value)

    @property
    def true(self) -> bool:
        """Whether it is true: neither false, nor zero, nor blank."""
        return bool(self.value)


def comparable(left: Result, right: Result) -> tuple[Any, Any]:
    """Two values as they are compared: blank is zero beside a number and empty beside a text; texts are names."""
    a, b = left.value, right.value
    texts = isinstance(a, str) or isinstance(b, str)
    numbers = not texts and (isinstance(a, Decimal) or isinstance(b, Decimal))
    return (left.amount, right.amount) if numbers else (as_named(left.text), as_named(right.text))
