"""What a cell shows: a stored number, date or text under its number format (ECMA-376, Part 1, 18.8.31).

A text that the format does not determine on every Chinese machine is None, never a guess: names of months, what
`General` rounds to the width of a column, formats of the system.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from budgetgen.reading.format_codes import (
    FormatSection,
    FormatToken,
    UnknownFormatError,
    section_of,
    sections_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Stored: TypeAlias = float | int | bool | str

GENERAL: Final = "General"
CHINESE: Final[Mapping[int, str]] = MappingProxyType(
    {
        14: "yyyy/m/d",
        22: "yyyy/m/d h:mm",
        27: 'yyyy"年"m"月"',
        28: 'm"月"d"日"',
        29: 'm"月"d"日"',
        30: "m/d/yy",
        31: 'yyyy"年"m"月"d"日"',
        32: 'h"时"mm"分"',
        33: 'h"时"mm"分"ss"秒"',
        34: '上午/下午h"时"mm"分"',
        35: '上午/下午h"时"mm"分"ss"秒"',
        36: 'yyyy"年"m"月"',
        50: 'yyyy"年"m"月"',
        51: 'm"月"d"日"',
        52: 'yyyy"年"m"月"',
        53: 'm"月"d"日"',
        54: 'm"月"d"日"',
        55: '上午/下午h"时"mm"分"',
        56: '上午/下午h"时"mm"分"ss"秒"',
        57: 'yyyy"年"m"月"',
        58: 'm"月"d"日"',
    }
)
"""The formats that a file names by number only and that are others in Chinese programs (18.8.30, zh-cn)."""
LOCAL: Final = frozenset({*range(5, 9), *range(37, 45)})
"""Those that show the currency and the negative numbers as the system does."""
UNKNOWN: Final = "[$-F800]"
"""The format of the system's own, which no file tells."""

NAMED: Final[Mapping[int, str]] = MappingProxyType(
    {
        0: GENERAL,
        1: "0",
        2: "0.00",
        3: "#,##0",
        4: "#,##0.00",
        5: '"$"#,##0_);("$"#,##0)',
        6: '"$"#,##0_);[Red]("$"#,##0)',
        7: '"$"#,##0.00_);("$"#,##0.00)',
        8: '"$"#,##0.00_);[Red]("$"#,##0.00)',
        9: "0%",
        10: "0.00%",
        11: "0.00E+00",
        12: "# ?/?",
        13: "# ??/??",
        14: "mm-dd-yy",
        15: "d-mmm-yy",
        16: "d-mmm",
        17: "mmm-yy",
        18: "h:mm AM/PM",
        19: "h:mm:ss AM/PM",
        20: "h:mm",
        21: "h:mm:ss",
        22: "m/d/yy h:mm",
        37: "#,##0_);(#,##0)",
        38: "#,##0_);[Red](#,##0)",
        39: "#,##0.00_);(#,##0.00)",
        40: "#,##0.00_);[Red](#,##0.00)",
        41: r'_(* #,##0_);_(* \(#,##0\);_(* "-"_);_(@_)',
        42: r'_("$"* #,##0_);_("$"* \(#,##0\);_("$"* "-"_);_(@_)',
        43: r'_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)',
        44: r'_("$"* #,##0.00_)_("$"* \(#,##0.00\)_("$"* "-"??_)_(@_)',
        45: "mm:ss",
        46: "[h]:mm:ss",
        47: "mmss.0",
        48: "##0.0E+0",
        49: "@",
    }
)
"""The formats that programs everywhere know by number (18.8.30)."""
_UNSAID: Final = re.compile(r'"[^"]*"|\[(?!hh?\]|mm?\]|ss?\])[^\[\]]*\]')
"""What stands in quotes or in brackets, but for time elapsed."""
_MOMENT: Final = re.compile(r"(?<![_\\])[dmhysDMHYS]")
_SPENT: Final = re.compile(r"\[hh?\](:mm(:ss(\.0*)?)?)?|\[mm?\](:ss(\.0*)?)?|\[ss?\](\.0*)?", re.IGNORECASE)
_AMOUNT: Final = re.compile(r"\d[\d,]*(?:\.\d+)?(?:E[+-]\d+)?")
_WIDE: Final = 11
"""So many signs of a number every column shows under General that is not too narrow for anything else."""
_SMALL: Final = Decimal("0.0001")
_MANY: Final = 10**11
_EXACT: Final = 15
"""A program computes with so many digits."""
_FIRST_DAY: Final = 61
"""Before the 1st of March 1900 the programs count days differently."""
_LAST_DAY: Final = 2958466
_DAY: Final = 86400
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a cell's date has no zone
_NOON: Final = 12
_WEEKDAYS: Final = "一二三四五六日"
_MINUTES: Final = frozenset({"m", "mm"})


def shown(value: Stored, code: str = GENERAL) -> str | None:
    """What a cell shows, without the blanks that align it; None where that is not certain.

    Args:
        value: as stored; a date as the number of its day, counted from 1900.
        code: the number format.
    """
    try:
        text = _shown(value, code)
    except UnknownFormatError:
        return None
    return text if isinstance(value, str) else re.sub(r" {2,}", " ", text).strip(" ")


def _shown(value: Stored, code: str) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    sections = sections_of(code)
    if isinstance(value, str):
        return _of_text(value, sections)
    number = Decimal(f"{value:.{_EXACT}g}")
    if not number.is_finite():
        raise UnknownFormatError
    section, signed = section_of(number, sections)
    return _numeric(number if signed else abs(number), section)


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What the number format of a cell makes of a number.

    Attributes:
        code: the format.
        moment: whether it shows a day or a time.
        elapsed: whether it shows time elapsed.
    """

    code: str = GENERAL
    moment: bool = False
    elapsed: bool = False


def style_of(number: int, own: Mapping[int, str]) -> NumberFormat:
    """A number format by the number that the file gives it.

    Args:
        number: those below 164 the programs know.
        own: those that the file tells.
    """
    told = own.get(number, NAMED.get(number, ""))
    known = next((one for one, code in NAMED.items() if code == told), number)
    if known in CHINESE:
        return NumberFormat(CHINESE[known], moment=True)
    first = told.partition(";")[0]
    code = UNKNOWN if known in LOCAL else told or UNKNOWN
    is_moment = bool(_MOMENT.search(_UNSAID.sub("", first)))
    return NumberFormat(code, moment=is_moment, elapsed=bool(_SPENT.search(first)))


_PLAIN_SAMPLES: Final = (0.5, 7.25, -12345.0)


@lru_cache(maxsize=256)
def is_plain(code: str) -> bool:
    """Whether a format shows numbers as they are, but for rounding: neither scaled nor hidden."""
    return all(tells(value, code) for value in _PLAIN_SAMPLES)


def tells(value: float, code: str, worth: int = 1) -> bool:
    """Whether what a cell shows is the number stored in it, but for rounding and the sign; so if it is not known.

    Args:
        value: as stored.
        code: the number format.
        worth: how much one of what is shown is worth.
    """
    text = shown(value, code)
    if text is None:
        return True
    found = _AMOUNT.findall(text)
    if len(found) != 1 or "%" in text:
        return not text.strip() and not value
    number, (printed, *_) = abs(Decimal(str(value))) / worth, found
    size = Decimal(printed.replace(",", ""))
    step = Decimal(1).scaleb(int(size.as_tuple().exponent))
    return abs(size - number) <= step / 2


# --- what a section shows -----------------------------------------------------------------------------------


def _of_text(value: str, sections: Sequence[FormatSection]) -> str:
    """A text is shown as it is, where no section is for texts."""
    own = sections[3:4] or [section for section in sections[-1:] if section.has("text")]
    if not own:
        return value
    if own[0].has("stray"):
        raise UnknownFormatError
    return "".join(value if token.kind == "text" else token.text for token in own[0].tokens)


def _numeric(number: Decimal, section: FormatSection) -> str:
    if section.has("date", "elapsed"):
        return _moment(number, section)
    if section.has("general", "text"):
        return _general(number, section)
    if any(token.text == "/" for token in section.tokens if token.kind == "sign"):
        return _fraction(number, section)
    if section.has("stray"):
        raise UnknownFormatError
    if section.has("exponent"):
        return _sign(number) + _scientific(abs(number), section)
    if section.has("digit"):
        return _plain(number, section)
    if number < 0 and section.tokens:
        raise UnknownFormatError
    return "".join(token.text for token in section.tokens)


def _sign(number: Decimal) -> str:
    return "-" if number < 0 else ""


def _general(number: Decimal, section: FormatSection) -> str:
    """As many digits as there are; where a column may show fewer of them, that is not known."""
    text = f"{abs(number):f}"
    if len(text) > _WIDE or 0 < abs(number) < _SMALL or (section.has("text") and len(section.tokens) > 1):
        raise UnknownFormatError
    if section.has("stray", "digit", "sign", "exponent"):
        raise UnknownFormatError
    kinds = {"general", "text"}
    return _sign(number) + "".join(text if token.kind in kinds else token.text for token in section.tokens)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the digits of a number stand in a section.

    Attributes:
        whole: the indexes of the places before the decimal point.
        decimals: those after it.
        grouped: whether thousands are set apart.
        shift: by how many powers of ten the number is shown greater.
        silent: the indexes of signs that show nothing themselves.
    """

    whole: tuple[int, ...]
    decimals: tuple[int, ...]
    grouped: bool
    shift: int
    silent: frozenset[int]


def _layout(tokens: Sequence[FormatToken]) -> _Layout:
    signs = {i: token.text for i, token in enumerate(tokens) if token.kind == "sign"}
    points = [i for i, sign in signs.items() if sign == "."]
    if len(points) > 1:
        raise UnknownFormatError
    point = points[0] if points else len(tokens)
    digits = [i for i, token in enumerate(tokens) if token.kind == "digit"]
    whole, decimals = [i for i in digits if i < point], [i for i in digits if i > point]
    commas = [i for i, sign in signs.items() if sign == ","]
    within = [i for i in commas if whole and whole[0] < i < whole[-1]]
    scaling = [i for i in commas if i not in within]
    if any(tokens[i - 1].text not in {"0", "#", "?", ","} or not i for i in scaling):
        raise UnknownFormatError
    if any(i < decimals[-1] for i in scaling if decimals and i > point):
        raise UnknownFormatError
    percents = sum(sign == "%" for sign in signs.values())
    return _Layout(
        tuple(whole), tuple(decimals), bool(within), 2 * percents - 3 * len(scaling), frozenset(commas)
    )


def _plain(number: Decimal, section: FormatSection) -> str:
    layout = _layout(section.tokens)
    places = len(layout.decimals)
    size = abs(number).scaleb(layout.shift).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if number < 0 and size == 0:
        raise UnknownFormatError
    whole, _, decimals = f"{size:f}".partition(".")
    filled = {
        **_before(whole.lstrip("0"), layout, section.tokens),
        **_after(decimals, layout, section.tokens),
        **dict.fromkeys(layout.silent, ""),
    }
    if layout.decimals and not any(filled[i] for i in layout.decimals):
        raise UnknownFormatError  # a point with nothing after it, which not every program shows
    texts = (filled.get(i, token.text) for i, token in enumerate(section.tokens))
    return _sign(number) + "".join(texts)


def _before(digits: str, layout: _Layout, tokens: Sequence[FormatToken]) -> dict[int, str]:
    """The places before the point: filled from the right, the first one with all that is left."""
    filled: dict[int, str] = {}
    rest = digits
    for place, index in enumerate(reversed(layout.whole)):
        here = rest[-1:]
        rest = rest[:-1]
        if index == layout.whole[0]:
            here, rest = rest + here, ""
        here = here or {"0": "0", "?": " "}.get(tokens[index].text, "")
        filled[index] = _grouped(here, place) if layout.grouped else here
    return filled


def _grouped(digits: str, place: int) -> str:
    """Digits of which the last has a place, counted from the right, with signs between the thousands."""
    if not digits.strip():
        return digits
    signs = []
    for offset, digit in enumerate(reversed(digits)):
        position = place + offset
        signs.append(f"{digit}," if position and position % 3 == 0 else digit)
    return "".join(reversed(signs))


def _after(digits: str, layout: _Layout, tokens: Sequence[FormatToken]) -> dict[int, str]:
    """The places after the point: zeros at the end only where the format asks for them."""
    filled: dict[int, str] = {}
    idle = True
    for index, digit in reversed(list(zip(layout.decimals, digits, strict=True))):
        idle = idle and digit == "0" and tokens[index].text != "0"
        filled[index] = {"#": "", "?": " "}[tokens[index].text] if idle else digit
    return filled


def _scientific(size: Decimal, section: FormatSection) -> str:
    at = next(i for i, token in enumerate(section.tokens) if token.kind == "exponent")
    mantissa, exponent = FormatSection(section.tokens[:at]), section.tokens[at + 1 :]
    layout = _layout(mantissa.tokens)
    width = sum(token.kind == "digit" for token in exponent)
    if len(layout.whole) != 1 or layout.shift or not width:
        raise UnknownFormatError
    power = size.adjusted() if size else 0
    places = Decimal(1).scaleb(-len(layout.decimals))
    if size.scaleb(-power).quantize(places, ROUND_HALF_UP) >= 10:  # noqa: PLR2004 - one digit before the point
        power += 1
    sign = "-" if power < 0 else section.tokens[at].text[1:].replace("-", "")
    rest = "".join(token.text for token in exponent if token.kind != "digit")
    return f"{_plain(size.scaleb(-power), mantissa)}E{sign}{abs(power):0{width}d}{rest}"


_FRACTION: Final = re.compile(r"(?:(?P<whole>[0#]+) +)?(?P<over>[0#?]+)/(?P<under>[0#?]+|[1-9]\d*)")


def _fraction(number: Decimal, section: FormatSection) -> str:
    """The nearest fraction whose denominator has so many digits, or is the given one."""
    spelt = _FRACTION.fullmatch("".join(token.text for token in section.tokens).strip())
    if spelt is None or abs(number) >= _MANY:
        raise UnknownFormatError
    exact, under = Fraction(abs(number)), spelt["under"]
    whole = int(exact) if spelt["whole"] else 0
    near = _near(exact - whole, under)
    if spelt["whole"] and near[0] == near[1]:
        whole, near = whole + 1, (0, near[1])
    if number < 0 and not whole and not near[0]:
        raise UnknownFormatError
    parts = [str(whole)] if whole or "0" in (spelt["whole"] or "") or (spelt["whole"] and not near[0]) else []
    if near[0] or not spelt["whole"]:
        parts.append(f"{near[0]}/{near[1]}")
    return _sign(number) + " ".join(parts)


def _near(exact: Fraction, under: str) -> tuple[int, int]:
    """Numerator and denominator; a given denominator is not reduced."""
    if not under.strip("0#?"):
        near = exact.limit_denominator(10 ** len(under) - 1)
        return near.numerator, near.denominator
    parts = exact * int(under)
    return int(parts + Fraction(1, 2)), int(under)


# --- days and times -----------------------------------------------------------------------------------------


def _moment(number: Decimal, section: FormatSection) -> str:
    """A day or time. Seconds are not rounded, for programs differ in that."""
    tokens = section.tokens
    first = _FIRST_DAY if any(token.text[0] in "yda" for token in tokens if token.kind == "date") else 0
    thousandths = (number * _DAY * 1000).to_integral_value(ROUND_HALF_UP)
    if number < 0 or not first <= number < _LAST_DAY or section.has("stray", "general", "text", "exponent"):
        raise UnknownFormatError
    if section.has("digit") or thousandths % 1000:
        raise UnknownFormatError
    seconds = int(thousandths / 1000)
    moment = _EPOCH + timedelta(seconds=seconds)
    half = section.has("half")
    texts = (
        _date_part(tokens, index, moment, seconds, half=half)
        if token.kind in {"date", "elapsed", "half"}
        else token.text
        for index, token in enumerate(tokens)
    )
    return "".join(texts)


def _date_part(
    tokens: Sequence[FormatToken], index: int, moment: datetime, seconds: int, *, half: bool
) -> str:
    token = tokens[index]
    if token.kind == "elapsed":
        return f"{seconds // {'h': 3600, 'm': 60, 's': 1}[token.text[0]]:0{len(token.text)}d}"
    if token.kind == "half":
        if not token.text.isascii() and moment.hour % _NOON == 0:
            raise UnknownFormatError  # programs call it 12 or 0
        return token.text.split("/")[moment.hour >= _NOON]
    text = token.text
    if text in _MINUTES and _is_minute(tokens, index):
        return f"{moment.minute:0{len(text)}d}"
    hour = (moment.hour % _NOON or _NOON) if half else moment.hour
    numbers = {"m": moment.month, "d": moment.day, "h": hour, "s": moment.second}
    if text[0] in numbers and len(text) <= 2:  # noqa: PLR2004 - longer ones are names
        return f"{numbers[text[0]]:0{len(text)}d}"
    named = {"yy": f"{moment:%y}", "yyyy": f"{moment.year:04d}", "aaaa": f"星期{_WEEKDAYS[moment.weekday()]}"}
    if text not in named:
        raise UnknownFormatError
    return named[text]


def _is_minute(tokens: Sequence[FormatToken], index: int) -> bool:
    """Whether an m is of minutes: after hours or before seconds."""
    kinds = {"date", "elapsed"}
    before = next((t for t in reversed(tokens[:index]) if t.kind in kinds), None)
    after = next((t for t in tokens[index + 1 :] if t.kind in kinds), None)
    return (before is not None and before.text[0] == "h") or (after is not None and after.text[0] == "s")
