"""The numbers that a department typed into its workbook after a consolidation."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from budgetgen.amounts import plain
from budgetgen.findings import Finding, Spot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from budgetgen.consolidation.sources import Source
    from budgetgen.consolidation.units import Where
    from budgetgen.declarations import Edition
    from budgetgen.model import Book, Cell

DUST: Final = Decimal("0.000001")
"""What amounts lose on their way through the binary fractions of a workbook, in 万元."""


def typed(earlier: Book, sources: Iterable[Source], edition: Edition) -> Mapping[Where, Cell]:
    """The numbers of a department's workbook that are not the sums of the parts told in it, by table, row and column.

    What the program writes, and what the department's own office gives for it, is left out.

    Args:
        earlier: the department's workbook.
        sources: the parts that it tells.
        edition: the format.
    """
    known: defaultdict[Where, Decimal] = defaultdict(Decimal)
    for part in sources:
        known[part.table, part.row, part.column] += part.value
    held: defaultdict[Where, Decimal] = defaultdict(Decimal)
    first: dict[Where, Cell] = {}
    for where, cell in _numbers(earlier, edition):
        held[where] += cell.amount
        first.setdefault(where, cell)
    return {
        where: cell
        for where, cell in first.items()
        if where not in known or abs(held[where] - known[where]) > DUST
    }


def _numbers(book: Book, edition: Edition) -> Iterator[tuple[Where, Cell]]:
    for table in edition.table:
        if (
            table.generated
            or table.consolidated == "own"
            or table.name == edition.consolidation.transfers.table
        ):
            continue
        for row in book[table.name].rows:
            for column, cell in row.cells.items():
                if cell.given and isinstance(cell.value, Decimal):
                    yield (table.name, row.key, column), cell


def lost(numbers: Mapping[Where, Cell], book: Book, edition: Edition) -> Iterator[Finding]:
    """Every one of these numbers that a department's new Book, derived, does not hold."""
    for where, cell in numbers.items():
        now = book.cell(*where).value
        if (
            not isinstance(now, Decimal)
            or not isinstance(cell.value, Decimal)
            or abs(now - cell.value) > DUST
        ):
            table, row, column = where
            unit = " 万元" if edition.kind(table, column, row) == "money" else ""
            summed = f"{plain(now)}{unit}" if isinstance(now, Decimal) else "空"
            given = plain(cell.value) if isinstance(cell.value, Decimal) else ""
            message = f"{table}[{row}].{column} 上次填 {given}{unit}，这次汇总是 {summed}"
            spot = Spot(table, row, column, cell.place, given)
            yield Finding.of(edition.rules["adjustment-left"], message, spot)
