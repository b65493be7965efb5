"""Money and numbers: how figures are rounded, and how many 元 make 万元.

Amounts are `Decimal` in 万元; blank is None and is not zero.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

WAN = "万元"
"""The unit of money of every Book and of all sentences."""
PER_WAN = {WAN: 1, "元": 10_000}
"""How many of each unit of money make 1 万元: those that amounts may be given in."""
UNIT_OF_MONEY = r"(?:[十百千万亿]*|[美港欧日])元"
"""A unit of money, whether amounts may be given in it or not; a pattern."""

PRINTED_PLACES = 2
"""The decimals of amounts and shares in documents, where a format does not say otherwise."""
HALF_CENT = Decimal("0.005")
CENT = Decimal("0.01")
ZERO = Decimal(0)
HUNDRED = Decimal(100)

DASHES = "-‐-―−─━ー"
"""The dashes of people, for the beginning of a class of signs in an expression."""
BLANK = re.compile(rf"[{DASHES}_/\\~]*|无|空|不适用")
"""What clerks type for “nothing”, whatever the dash: blank, not zero."""

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
TOLD = re.compile(r"(?<![\d.])(\d[\d,]{0,30}(?:\.\d{1,20})?)万元")
LEADING = re.compile(r"\D*(\d[\d,]*(?:\.\d+)?)")

DIGITS = "零一二三四五六七八九"
POWERS = {1000: "千", 100: "百", 10: "十", 1: ""}
NUMERALS = f"〇{DIGITS[1:]}{''.join(POWERS.values())}"
"""The signs of Chinese numerals in headings."""
ZEROS = ("〇", "零")
"""Zero in words; any other number in words is no amount of a table."""
LIMIT = Decimal(10) ** 12
"""No public budget reaches 1,000,000,000,000 万元: a larger number is a slip."""


class NotANumberError(ValueError):
    """A text that stands where an amount belongs."""


def nothing(text: str) -> bool:
    """Whether a text is what clerks type for “nothing”."""
    return BLANK.fullmatch("".join(unicodedata.normalize("NFKC", text).split())) is not None


def hollow(text: str) -> bool:
    """Whether a text is a zero, or what clerks type for “nothing”."""
    try:
        return not parse(text)
    except NotANumberError:
        return False


def parse(text: str) -> Decimal | None:
    """An amount as clerks type it.

    Raises:
        NotANumberError: the text is neither a number nor a mark for blank.

    >>> parse(" １，２３４．５ "), parse("—"), parse("(1.5)"), parse("〇")
    (Decimal('1234.5'), None, Decimal('-1.5'), Decimal('0'))
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if nothing(text):
        return None
    plain = re.sub(r"^[-—–−负](?=[\d.])", "-", plain.removeprefix("¥"))
    if accounting := re.fullmatch(r"\(([\d.,]+)\)", plain):
        plain = f"-{accounting[1]}"
    if GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    plain = "0" if plain in ZEROS else plain
    if not NUMBER.fullmatch(plain):
        raise NotANumberError(text)
    return from_number(Decimal(plain))


def from_number(number: Decimal | float) -> Decimal:
    """A stored number without the dust of binary fractions (a cell's 0.1+0.2 is 0.3).

    Raises:
        NotANumberError: NaN, infinite or beyond any budget.
    """
    try:
        value = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    except InvalidOperation as error:  # pragma: no cover - repr of a float always parses
        raise NotANumberError(str(number)) from error
    if not value.is_finite() or abs(value) > LIMIT:
        raise NotANumberError(str(number))
    return (round(value, 8).normalize() + 0) if value != value.to_integral() else Decimal(int(value))


def amounts_in(text: str) -> tuple[Decimal, ...]:
    """The amounts in 万元 that a text tells, in order.

    >>> amounts_in("电费２.85 万元，维修费1.44万元")
    (Decimal('2.85'), Decimal('1.44'))
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return tuple(Decimal(found[1].replace(",", "")) for found in TOLD.finditer(plain))


def number_in(text: str) -> Decimal | None:
    """The first number of a text, None where it has none.

    >>> number_in("≥95%"), number_in("有效提高")
    (Decimal('95'), None)
    """
    found = LEADING.match(unicodedata.normalize("NFKC", text))
    return Decimal(found[1].replace(",", "")) if found else None


def in_wan(value: Decimal, unit: str) -> Decimal:
    """An amount given in `unit` (万元 or 元) as 万元, exactly.

    >>> in_wan(Decimal("123456.78"), "元")
    Decimal('12.345678')
    """
    return value / PER_WAN[unit]


def rounded(value: Decimal, places: int = PRINTED_PLACES) -> Decimal:
    """Half up, as budgets round; never a negative zero.

    >>> rounded(Decimal("0.125")), rounded(Decimal("-0.001"))
    (Decimal('0.13'), Decimal('0.00'))
    """
    quantized = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return abs(quantized) if quantized == 0 else quantized


def tolerance(terms: Decimal | int) -> Decimal:
    """How far two sides may differ by rounding alone, in 万元.

    Each of the `terms` figures on both sides was rounded to 0.01 by itself: 0.005·(n+1) for a sum of n. One that was
    rounded more finely counts less.
    """
    return HALF_CENT * terms


def percentage(part: Decimal, whole: Decimal) -> Decimal:
    """`part` of `whole` in percent, two decimals.

    Raises:
        ZeroDivisionError: `whole` is zero.
    """
    if whole == 0:
        raise ZeroDivisionError
    return rounded(part * HUNDRED / whole)


def written(value: Decimal, places: int = PRINTED_PLACES, *, grouped: bool = True) -> str:
    """An amount as it is printed.

    >>> written(Decimal("1234.5")), written(Decimal("1234.5"), grouped=False)
    ('1,234.50', '1234.50')
    """
    return f"{rounded(value, places):{',' if grouped else ''}.{places}f}"


def plain(value: Decimal, least: int = 2) -> str:
    """A number with all the decimals it has, and at least some: for messages and machine output.

    >>> plain(Decimal("5")), plain(Decimal("0.1250")), plain(Decimal("100"), 0)
    ('5.00', '0.125', '100')
    """
    exponent = value.normalize().as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    return f"{value:.{max(places, least)}f}"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as the clerk has it before them: money, in 万元 here, in the unit of the workbook.

    >>> print(Amount(Decimal("1.5"), "money", "元"), Amount(Decimal("1.5"), "money"), Amount(Decimal(3), "count"))
    15000.00 元 1.50 3

    Attributes:
        value: the number, money in 万元.
        kind: money, number, count, percent.
        unit: of the money of the workbook.
    """

    value: Decimal
    kind: str
    unit: str = WAN

    def __str__(self) -> str:
        if self.kind != "money" or self.unit == WAN:
            return plain(self.value, 0 if self.kind == "count" else 2)
        return f"{plain(self.value * PER_WAN[self.unit])} {self.unit}"


def numeral(number: int) -> str:
    """A Chinese numeral for headings, 1 to 9999: 一, 十, 十一, 一百〇一.

    >>> [numeral(n) for n in (1, 10, 11, 20, 35, 101, 110, 111)]
    ['一', '十', '十一', '二十', '三十五', '一百〇一', '一百一十', '一百一十一']
    """
    if not 0 < number < 10_000:  # noqa: PLR2004
        raise ValueError(number)
    text, gap = "", False
    for power, name in POWERS.items():
        digit = number // power % 10
        if digit:
            text += ("〇" if gap else "") + DIGITS[digit] + name
        gap = not digit and bool(text)
    return text[1:] if 10 <= number < 20 else text  # noqa: PLR2004


def from_numeral(text: str) -> int:
    """A number below 100 in figures or as a Chinese numeral; 0 where it is none.

    >>> from_numeral("12"), from_numeral("三十五"), from_numeral("一十")
    (12, 35, 0)
    """
    return int(text) if text.isdecimal() else _NUMERALS.get(text, 0)


_NUMERALS = {numeral(number): number for number in range(1, 100)}
