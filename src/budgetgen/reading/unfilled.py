"""The lines of a workbook's printed tables that nobody has filled in yet: a code or an item, and no amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.values.findings import Finding, Spot
from budgetgen.values.model import Table
from budgetgen.values.sayings import listed, saying

if TYPE_CHECKING:
    from collections.abc import Sequence

    from budgetgen.edition.declarations import Edition, TableDeclaration
    from budgetgen.values.model import Row
    from budgetgen.values.places import FilePlace

QUOTED = 5
"""So many of them are told by name."""


def without_unfilled(
    table: Table, declared: TableDeclaration, findings: Sequence[Finding], edition: Edition
) -> tuple[Table, tuple[Finding, ...]]:
    """The table without these lines, and what there is to say of them; a line with a cell that was not read stays."""
    if not (declared.printed and declared.main.key):
        return table, ()
    unread = {spot.place for finding in findings for spot in finding.spots}
    idle = [row for row in table.lines() if _idle(row, declared) and unread.isdisjoint(_places(row))]
    if not idle:
        return table, ()
    column = declared.main.key[-1]
    told = saying(
        行数=len(idle),
        列=column,
        各行=listed(row.text(column) for row in idle[:QUOTED]),
        等=saying("more") if len(idle) > QUOTED else None,
    )
    spots = (Spot.at(table.name, row.key, column, row[column], None) for row in idle)
    gone = {id(row) for row in idle}
    kept = tuple(row for row in table.rows if id(row) not in gone)
    return Table(table.name, kept), (Finding.of(edition.rules["line-unfilled"], told, *spots),)


def _idle(row: Row, declared: TableDeclaration) -> bool:
    """Whether a line has what it is known by, and no amount; one that lacks that is told by itself."""
    keyed = row[declared.main.key[-1]].value is not None
    return keyed and row.key not in declared.fixed and all(row[c].value is None for c in declared.measures())


def _places(row: Row) -> set[FilePlace | None]:
    return {cell.place for cell in row.cells.values()}
