"""What is taken out of a department's sums, as a Book of its own.

The amount of a transfer is negative in the three lines that hold it; the relations carry it into every total.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.book.derivation import derive
from budgetgen.book.outline import outline
from budgetgen.department.transfers import lines_of
from budgetgen.department.units import skeleton
from budgetgen.values.model import BLANK, Cell, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from budgetgen.book.outline import Outline
    from budgetgen.department.transfers import Transfer
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book


def eliminations(transfers: Iterable[Transfer], edition: Edition) -> Book:
    """What is taken out, as a derived Book of negative amounts; empty tables where nothing is."""
    declared = edition.consolidating.transfers
    blank = skeleton(edition, declared.table)
    lines: dict[tuple[str, str, str], Cell] = {}
    for transfer in transfers:
        if transfer.applied and not transfer.inner:
            for line in lines_of(transfer, edition):
                lines[line[1:]] = _less(lines.get(line[1:], BLANK), transfer.amount)
    tables = {table: _with_lines(blank[table], lines, edition) for table, _, _ in lines}
    return derive(blank.with_tables(tables), edition)


def _less(cell: Cell, amount: Cell) -> Cell:
    value = cell.amount - amount.amount
    return Cell(value, given=True, terms=cell.terms + amount.terms)


def _with_lines(blank: Table, lines: dict[tuple[str, str, str], Cell], edition: Edition) -> Table:
    """A table with these figures in its rows."""
    tree = outline(edition, blank.name, edition.consolidating.kind)
    rows = {row.key: row for row in blank.rows}
    for (table, key, column), cell in lines.items():
        if table == blank.name:
            rows[key] = (rows.get(key) or _line(tree, key)).with_cells({column: cell})
    return Table(blank.name, tuple(rows.values()))


def _line(tree: Outline, code: str) -> Row:
    """A line of a table by code."""
    keys = dict.fromkeys(tree.block.key, code)
    return tree.row(tree.position(keys, 0), {column: Cell(text) for column, text in keys.items()})
