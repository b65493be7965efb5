"""Days and times as workbooks store them: numbers counted from 1900 (ECMA-376, Part 1, 18.17.4.1), seldom texts."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final, TypeAlias

Moment: TypeAlias = date | datetime | time | timedelta
_FIRST: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a cell's date has no zone
_LATER: Final = datetime(1904, 1, 1)  # noqa: DTZ001
LATER: Final = (_LATER - _FIRST).days
"""So many days after the usual one the calendar of old Macintosh programs begins."""
_DAY: Final = 86_400_000
"""Milliseconds."""
_LEAP: Final = 60
"""The 29 February 1900, which never was, but is counted."""


def moment(number: float, *, later: bool, elapsed: bool) -> Moment:
    """The day, the time of day, or the time elapsed that a number stands for, to the millisecond.

    Args:
        number: as stored.
        later: whether days are counted from 1904.
        elapsed: whether it is shown as time elapsed: `[h]:mm`.

    Raises:
        OverflowError, ValueError: there is no such day.
    """
    if elapsed:
        return timedelta(milliseconds=round(number * _DAY))
    day, fraction = divmod(number, 1)
    within = timedelta(milliseconds=round(fraction * _DAY))
    if 0 <= number < 1 and not within.days:
        return (_FIRST + within).time()
    if 0 < number < _LEAP and not later:
        day += 1
    return (_LATER if later else _FIRST) + timedelta(days=day) + within


def told_moment(text: str) -> tuple[Moment | None, float]:
    """A day or time that is stored as text, as newer programs may, and its number.

    Raises:
        ValueError: it is none.
    """
    from openpyxl.utils.datetime import from_ISO8601, to_excel  # noqa: PLC0415 - seldom needed, long to import

    found: Moment | None = from_ISO8601(text)  # type: ignore[no-untyped-call]
    return found, float(to_excel(found))  # type: ignore[no-untyped-call]
