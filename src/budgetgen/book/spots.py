"""How a cell of a Book is named in a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.values.findings import Spot

if TYPE_CHECKING:
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Row


def spot(edition: Edition, table: str, row: Row, column: str) -> Spot:
    """A cell as a finding names it."""
    return Spot.at(table, row.key, column, row[column], edition.kind(table, column, row.key))
