"""How people mistype: from what stands in a cell to the figures that it may have been meant to be.

What is declared here is all that is assumed of clerks. Each kind says how often it happens and, for a figure as it
stands, which right figures could have become it: the fewer, the more it says that one of them fits.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from budgetgen.values.amounts import PER_WAN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

YUAN = Decimal(PER_WAN["元"])


@dataclass(frozen=True, slots=True)
class Slip:
    """One kind of mistyping.

    Attributes:
        name: what it is called, in a sentence that begins with 像是.
        share: how many of a hundred mistakes are of this kind.
        meant: the figures that may have become one that stands there.
    """

    name: str
    share: int
    meant: Callable[[Decimal], Iterator[Decimal]]

    def weight(self, typed: Decimal) -> float:
        """How likely just one of these figures is to have become the typed one."""
        return self.share / 100 / max(len(set(self.meant(typed))), 1)


def _sign(typed: Decimal) -> Iterator[Decimal]:
    yield -typed


def _yuan(typed: Decimal) -> Iterator[Decimal]:
    yield typed / YUAN
    yield typed * YUAN


def _point(typed: Decimal) -> Iterator[Decimal]:
    yield from (typed / 10, typed * 10, typed / 100, typed * 100)


def _exchanged(typed: Decimal) -> Iterator[Decimal]:
    digits, point = _digits(typed)
    for i, (one, other) in enumerate(pairwise(digits)):
        if one != other:
            yield _figure(typed, digits[:i] + other + one + digits[i + 2 :], point)


def _repeated(typed: Decimal) -> Iterator[Decimal]:
    """A digit typed twice, or once instead of twice."""
    digits, point = _digits(typed)
    whole = len(digits) - point
    for i, one in enumerate(digits):
        after = point - (i >= whole)
        if digits[i + 1 : i + 2] == one:
            yield _figure(typed, digits[:i] + digits[i + 1 :], after)
        yield _figure(typed, digits[:i] + one + digits[i:], point + (i >= whole))


def _one_more(typed: Decimal) -> Iterator[Decimal]:
    """A digit too many, or one left out."""
    digits, point = _digits(typed)
    whole = len(digits) - point
    for i in range(len(digits)):
        yield _figure(typed, digits[:i] + digits[i + 1 :], point - (i >= whole))
    for i in range(whole + 1):
        for one in "0123456789":
            yield _figure(typed, digits[:i] + one + digits[i:], point)


def _other_digit(typed: Decimal) -> Iterator[Decimal]:
    digits, point = _digits(typed)
    for i, one in enumerate(digits):
        for other in "0123456789":
            if other != one:
                yield _figure(typed, digits[:i] + other + digits[i + 1 :], point)


def _digits(typed: Decimal) -> tuple[str, int]:
    """The digits as a person writes an amount, and how many stand behind the point."""
    text = format(abs(typed).normalize(), "f")
    whole, _, rest = text.partition(".")
    rest = rest.ljust(2, "0")
    return whole + rest, len(rest)


def _figure(typed: Decimal, digits: str, point: int) -> Decimal:
    return Decimal(digits or "0").scaleb(-point).copy_sign(typed)


SLIPS = (
    Slip("正负号错了", 5, _sign),
    Slip("元和万元弄混了", 10, _yuan),
    Slip("小数点错位", 15, _point),
    Slip("两位数字颠倒", 15, _exchanged),
    Slip("一位数字多打或少打了一次", 10, _repeated),
    Slip("一位数字打错", 15, _other_digit),
    Slip("多打或漏打了一位数字", 5, _one_more),
)
"""The kinds, the most telling first; the other quarter of all mistakes is below."""
SURE = 3
"""The slips up to here are so telling that the amount is known to the cent."""
COPIED = 0.1 / 4
"""A tenth of all mistakes is the figure of the line above or below, or of the column beside it, once more."""
ANY = 0.2 / 10_000
"""A fifth is any other figure; of ten thousand, say, one stands there."""
STALE = 10
"""A sum that was typed over is that often not renewed, and then any figure."""
LEFT_BLANK = 0.05 / 10_000
"""A blank cell is to be blank; one in twenty is not, a tenth of those was left out, and any figure may lack."""
TOO_MUCH = LINE_LEFT_OUT = ANY
"""A figure where nothing belongs; a line that was left out."""
SAID_TO_LACK = 0.02
"""A blank cell that a rule says is to be filled."""
SPOKEN_AGAINST = 0.003
"""Each sentence or soft relation that then does not hold."""
FAR_FROM_LAST_YEAR, NEAR_LAST_YEAR = 0.2, 3.0
"""A figure that would be more than three times, or less than a third of, last year's; one within three tenths of it."""


def slips(typed: Decimal, meant: Decimal) -> Iterator[Slip]:
    """The kinds of mistyping by which a figure may have become another, the most telling first."""
    differ = typed and meant and typed != meant
    return (slip for slip in SLIPS if differ and meant in slip.meant(typed))


def telling(typed: Decimal, meant: Decimal) -> int:
    """How telling the slip is by which a figure may have become another: 0 the most; as many as there are for none."""
    return next((i for i, slip in enumerate(SLIPS) if slip in slips(typed, meant)), len(SLIPS))


def slip(one: Decimal, other: Decimal) -> bool:
    """Whether a figure may have become another by a slip: a digit, two digits exchanged, the point, the sign.

    >>> slip(Decimal("3755.20"), Decimal("3765.20")), slip(Decimal("12.30"), Decimal("21.30"))
    (True, True)
    >>> slip(Decimal("5"), Decimal("50000")), slip(Decimal("5"), Decimal("-5")), slip(Decimal(5), Decimal(73))
    (True, True, False)
    """
    return next(slips(one, other), None) is not None
