"""Amounts in messages: as the clerk has them in the workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.values.amounts import WAN, YUAN_PER_UNIT, plain

if TYPE_CHECKING:
    from decimal import Decimal

    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book


def unit_of(book: Book, edition: Edition) -> str:
    """The unit in which the amounts of a Book were given: that of the format where it does not say."""
    value = book.cell(edition.house.about, edition.house.money, edition.house.value).value
    return value if isinstance(value, str) and value in YUAN_PER_UNIT else edition.money.tables.unit


def in_unit(value: Decimal, kind: str, unit: str) -> str:
    """A number as the clerk has it before them: money, in 万元 here, in the unit of the workbook."""
    if kind != "money" or unit == WAN:
        return plain(value, 0 if kind == "count" else 2)
    return f"{plain(value * YUAN_PER_UNIT[unit])} {unit}"
