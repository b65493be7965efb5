"""What a department typed into its workbook after a consolidation, and what of it the next one does not hold."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from budgetgen.department.units import is_named
from budgetgen.values.amounts import plain
from budgetgen.values.findings import Finding, Spot
from budgetgen.values.sayings import saying

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from budgetgen.department.sources import Source
    from budgetgen.department.units import Where
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book, Cell, Row

SHOWN: Final = 24
"""How much of a text is told."""
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


def adjusted(earlier: Book, edition: Edition) -> Iterator[Finding]:
    """What was adjusted by hand in the sheet of totals, and is not in these sums.

    Args:
        earlier: the department's workbook.
        edition: the format.
    """
    declared = edition.consolidating.traces
    for row in earlier[declared.differences].lines():
        amount = row[declared.adjusted].value
        if isinstance(amount, Decimal) and amount:
            total = Spot(row.text(declared.table), row.text(declared.row), row.text(declared.column))
            why = row.text(declared.remark)
            because = saying("why", 原因=why) if why else None
            told = saying(总数=total.name, 金额=amount, 原因=because)
            where = Spot(declared.differences, row.key, declared.adjusted, row[declared.adjusted].place)
            yield Finding.of(edition.rules["adjustment-left"], told, where)


def _numbers(book: Book, edition: Edition) -> Iterator[tuple[Where, Cell]]:
    for table in edition.table:
        if (
            table.generated
            or table.consolidated == "own"
            or table.name == edition.consolidating.transfers.table
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
            unit = saying("wan") if edition.kind(table, column, row) == "money" else None
            summed = saying("amount", 数=now, 单位=unit) if isinstance(now, Decimal) else saying("blank")
            given = plain(cell.value) if isinstance(cell.value, Decimal) else ""
            spot = Spot(table, row, column, cell.place, given)
            told = saying("typed", 格=spot.name, 上次=given, 单位=unit, 这次=summed)
            yield Finding.of(edition.rules["adjustment-left"], told, spot)


def lost_texts(earlier: Book, book: Book, edition: Edition) -> Iterator[Finding]:
    """The texts of an earlier workbook that a department's new Book does not hold; drafts were never its own.

    Args:
        earlier: the department's earlier workbook.
        book: the new one, derived.
        edition: the format.
    """
    for table in edition.table:
        if table.generated or table.name in {edition.house.about, edition.consolidating.transfers.table}:
            continue
        for row in earlier[table.name].rows:
            for column, cell in row.cells.items():
                if _own_text(cell, edition) and table.columns[column].type == "text":
                    yield from _lost_text(table.name, row, column, book, edition)


def _own_text(cell: Cell, edition: Edition) -> bool:
    text = cell.value
    return cell.given and isinstance(text, str) and edition.consolidating.draft not in text


def _lost_text(table: str, row: Row, column: str, book: Book, edition: Edition) -> Iterator[Finding]:
    named, text = is_named(row, table, edition), row.text(column)
    now = book.cell(table, row.key, column).value if named else None
    if text in ({now} if named else {other.text(column) for other in book[table].rows}):
        return
    this = saying("now", 原文=_shortened(str(now))) if now else saying("gone")
    spot = Spot(table, row.key, column, row[column].place, text)
    told = saying(格=spot.name, 上次=_shortened(text), 这次=this)
    yield Finding.of(edition.rules["text-left"], told, spot)


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
