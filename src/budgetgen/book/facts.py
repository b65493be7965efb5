"""What a Book says of its unit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book


def year_of(book: Book, edition: Edition) -> int | None:
    """The budget year, None where it is not given."""
    house = edition.house
    value = book.cell(house.about, house.year, house.value).value
    return int(value) if isinstance(value, Decimal) else None
