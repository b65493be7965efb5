"""Cells by their letters and numbers: E12, A1:C5."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_CELL: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]+)")
_LETTERS: Final = 26


@cache
def letters(column: int) -> str:
    """The letters of a column, which is counted from 1.

    >>> letters(1), letters(28)
    ('A', 'AB')
    """
    rest, last = divmod(column - 1, _LETTERS)
    return (letters(rest) if rest else "") + chr(ord("A") + last)


@cache
def column_of(text: str) -> int:
    """The number of a column of these letters.

    >>> column_of("A"), column_of("ab")
    (1, 28)
    """
    number = 0
    for letter in text.upper():
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number


def parted(cell: str) -> tuple[str, int]:
    """The letters and the row of a cell.

    Raises:
        ValueError: the text names no cell.

    >>> parted("$E$12")
    ('E', 12)
    """
    found = _CELL.fullmatch(cell)
    if found is None:
        raise ValueError(cell)
    return found[1].upper(), int(found[2])


def corners(area: str) -> tuple[int, int, int, int]:
    """The first column and row and the last column and row of an area; of one cell, twice its own.

    Raises:
        ValueError: the text names no area.

    >>> corners("B8:B10")
    (2, 8, 2, 10)
    """
    first, _, last = area.partition(":")
    (left, top), (right, bottom) = parted(first), parted(last or first)
    return column_of(left), top, column_of(right), bottom


def nth_sheet(number: int) -> str:
    """How a sheet is told whose name may not be.

    >>> nth_sheet(2)
    '第2个工作表'
    """
    return f"第{number}个工作表"
