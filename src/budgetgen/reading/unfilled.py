"""The lines of a workbook's printed tables that nobody has filled in yet: a code or an item, and no amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.book.outline import ancestors
from budgetgen.values.findings import Finding, Spot
from budgetgen.values.model import TOTAL, Table
from budgetgen.values.sayings import listed, saying

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from budgetgen.book.outline import Outline
    from budgetgen.edition.declarations import Edition, TableDeclaration
    from budgetgen.values.model import Row
    from budgetgen.values.places import FilePlace

QUOTED = 5
"""So many of them are told by name."""


def without_unfilled(
    table: Table, tree: Outline, findings: Sequence[Finding], edition: Edition
) -> tuple[Table, tuple[Finding, ...]]:
    """The table without these lines, and what there is to say of them; a line with a cell that was not read stays.

    With them goes the 款 or 类 above them that nothing else is added up into: it would be printed without an amount.
    """
    declared = tree.table
    if not (declared.printed and declared.main.key):
        return table, ()
    unread = {spot.place for finding in findings for spot in finding.spots}
    blank = {id(row) for row in table.rows if _blank(row, declared) and unread.isdisjoint(_places(row))}
    needed = _above(tree, (row for row in table.rows if id(row) not in blank))
    idle = [row for row in table.rows if id(row) in blank and row.key not in needed]
    if not idle:
        return table, ()
    above = _above(tree, idle)
    named = [row for row in idle if row.key not in above]
    column = declared.main.key[-1]
    told = saying(
        行数=len(named),
        列=column,
        各行=listed(row.text(column) for row in named[:QUOTED]),
        等=saying("more") if len(named) > QUOTED else None,
    )
    spots = (Spot.at(table.name, row.key, column, row[column], None) for row in named)
    gone = {id(row) for row in idle}
    kept = tuple(row for row in table.rows if id(row) not in gone)
    return Table(table.name, kept), (Finding.of(edition.rules["line-unfilled"], told, *spots),)


def _blank(row: Row, declared: TableDeclaration) -> bool:
    """Whether a row has what it is known by, and no amount; one that lacks that is told by itself."""
    keyed = row[declared.main.key[-1]].value is not None or not row.line
    idle = keyed and row.key not in declared.fixed and row.key != TOTAL
    return idle and all(row[column].value is None for column in declared.measures())


def _above(tree: Outline, rows: Iterable[Row]) -> set[str]:
    """The keys of all rows that these are added up into."""
    return {place.key for row in rows for place in ancestors(tree, row)}


def _places(row: Row) -> set[FilePlace | None]:
    return {cell.place for cell in row.cells.values()}
