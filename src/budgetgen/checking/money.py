"""The unit of amounts in messages: that in which the clerk has them in the workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.book.facts import fact
from budgetgen.values.amounts import PER_WAN

if TYPE_CHECKING:
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book


def money_unit(book: Book, edition: Edition) -> str:
    """The unit in which the amounts of a Book were given: that of the format where it does not say."""
    unit = fact(book, edition, edition.house.money)
    return unit if unit in PER_WAN else edition.money.tables.unit
