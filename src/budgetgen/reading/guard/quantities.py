"""How much of everything stands in a file, counted in the raw text."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from budgetgen.reading.guard.limits import COUNTED, COVERED, LIMITS, LOOSE, MB, RANGES
from budgetgen.reading.guard.refusals import RefusalError, odd

_TAG: Final = re.compile(rb"<([^ \t\r\n<>/!?]+)")
# Two patterns, not one with a choice: a pattern that begins with a fixed word is ten times faster.
_EXPANDED: Final = (re.compile(rb"mergeCell(\s[^<]*)"), re.compile(rb"hyperlink(\s[^<]*)"))
_REF: Final = re.compile(rb"\sref\s*=\s*([\"'])([^<]*?)\1")
_AREA: Final = re.compile(rb"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")
_SQREF: Final = re.compile(rb"sqref\s*=\s*([\"'])([^<]*?)\1")


def check_amounts(texts: dict[str, bytes], titles: dict[str, str]) -> None:
    """Refuse a file that has too much of something.

    Args:
        texts: the parts that are XML, by name.
        titles: what the sheets are called, by their parts.
    """
    tallies = {part: _tally(text) for part, text in texts.items()}
    for limit in LIMITS:
        amount = sum(tally[limit.name] for tally in tallies.values())
        if amount > limit.most:
            _, worst = max((tally[limit.name], part) for part, tally in tallies.items())
            where = f"，多数在工作表“{titles[worst]}”中" if worst in titles else ""
            raise RefusalError(
                "文件里的{thing}太多：约 {amount:,} 个，最多 {most:,} 个{where}",
                limit.fix,
                thing=limit.thing,
                amount=amount,
                most=limit.most,
                where=where,
            )


def _tally(text: bytes) -> Counter[bytes]:
    tally: Counter[bytes] = Counter()
    start = 0
    while start < len(text):
        # In slices, so that millions of tags are never a list; each begins at a tag.
        end = start + MB
        cut = text.rfind(b"<", start + 1, end) if end < len(text) else -1
        end = end if cut < 0 else cut
        for name, times in Counter(_TAG.findall(text, start, end)).items():
            local = name.rpartition(b":")[2]
            if local in COUNTED:
                tally[local] += times
        start = end
    tally[LOOSE] = max(0, tally[b"p"] - tally[b"tc"])  # each cell of a table holds one at least
    tally[RANGES] = sum(len(found[2].split()) + found[2].count(b"&") for found in _SQREF.finditer(text))
    tally[COVERED] = sum(
        _area(ref[2])
        for expanded in _EXPANDED
        for element in expanded.finditer(text)
        for ref in _REF.finditer(element[1])
    )
    return tally


def _area(ref: bytes) -> int:
    """Count the cells of `A1:C5`, for openpyxl makes an object of each."""
    corners = _AREA.fullmatch(ref)
    if corners is None:
        raise odd("合并单元格或链接的位置写法不对")
    left, top, right, bottom = corners.groups()
    columns = abs(_column(right or left) - _column(left)) + 1
    return columns * (abs(int(bottom or top) - int(top)) + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
