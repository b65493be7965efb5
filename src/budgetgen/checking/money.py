"""The unit of amounts in messages: that in which the clerk has them in the workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.values.amounts import PER_WAN

if TYPE_CHECKING:
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book


def money_unit(book: Book, edition: Edition) -> str:
    """The unit in which the amounts of a Book were given: that of the format where it does not say."""
    value = book.cell(edition.house.about, edition.house.money, edition.house.value).value
    return value if isinstance(value, str) and value in PER_WAN else edition.money.tables.unit
