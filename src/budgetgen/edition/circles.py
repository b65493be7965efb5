"""Relations that fill cells from each other: Excel would tell of a circular reference, and derivation leave them blank.

Told as far as it is certain: which row a looked-up cell is in, and which of two conditions holds, is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from budgetgen.formula.nodes import CellOf, ColumnOf, Constant, Operation, filled_by, walk
from budgetgen.formula.reader import FormulaError
from budgetgen.values.model import TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition, Rule
    from budgetgen.formula.nodes import Node

FilledCell: TypeAlias = tuple[str, str, str]
"""Table, row, column."""
LINE: Final = "各明细行"
SUM: Final = "各汇总行"
"""Stand for every row of an open table that has lines added up into it, or is one."""


@dataclass(frozen=True)
class RuleFilling:
    """What one relation fills in one row.

    Attributes:
        rule: the declaration.
        cell: which it fills.
        reads: the cells that it certainly reads for that.
        conditional: whether it does only under a condition; what the condition reads, it reads in any case.
    """

    rule: Rule
    cell: FilledCell
    reads: frozenset[FilledCell]
    conditional: bool


@dataclass(frozen=True)
class Circle:
    """Cells that are filled from each other.

    Attributes:
        cells: each filled from the next, the first again at the end.
        rules: by which that is.
    """

    cells: tuple[FilledCell, ...]
    rules: tuple[Rule, ...]


def circles(edition: Edition) -> Iterator[Circle]:
    """All of them; what is the same in several rows of a table, once."""
    known = [filling for rule in edition.relations if rule.derives for filling in _fillings(edition, rule)]
    always = _together([filling for filling in known if not filling.conditional])
    told: set[frozenset[tuple[str, str]]] = set()
    for filling in known:
        way = _way(filling, always)
        columns = frozenset((table, column) for table, _, column in way)
        if way and columns not in told:
            told.add(columns)
            steps = list(pairwise(way))
            rules = (one.rule for one in known if any(one.cell == a and b in one.reads for a, b in steps))
            yield Circle(way, tuple({rule.id: rule for rule in rules}.values()))


def _together(fillings: Sequence[RuleFilling]) -> Mapping[FilledCell, frozenset[FilledCell]]:
    """What each cell is filled from."""
    found: dict[FilledCell, frozenset[FilledCell]] = {}
    for filling in fillings:
        found[filling.cell] = found.get(filling.cell, frozenset()) | filling.reads
    return found


def _way(filling: RuleFilling, always: Mapping[FilledCell, frozenset[FilledCell]]) -> tuple[FilledCell, ...]:
    """From a cell over what it is filled from back to it; empty where there is no such way."""
    ways: dict[FilledCell, tuple[FilledCell, ...]] = {
        cell: (filling.cell, cell) for cell in sorted(filling.reads)
    }
    left = list(ways)
    while left:
        cell = left.pop(0)
        if cell == filling.cell:
            return ways[cell]
        for further in sorted(always.get(cell, ())):
            if further not in ways:
                ways[further] = (*ways[cell], further)
                left.append(further)
    return ()


def _fillings(edition: Edition, rule: Rule) -> Iterator[RuleFilling]:
    for table in (table for table in rule.each or ("",) if not table or table in edition.tables):
        for column in edition.columns_of(rule, table):
            try:
                node, where = (
                    edition.formula(text, each=table, column=column) if text else None
                    for text in (rule.holds, rule.where)
                )
            except FormulaError:
                continue  # complained of where it is read
            target = filled_by(node) if node else None
            if target is not None and isinstance(node, Operation):
                for row in _rows(edition, rule, target, table):
                    if where is None or _met(where, _label(edition, table, row), row) is not False:
                        read = (_reads(edition, part, table, row) for part in (node.right, where) if part)
                        cell = (target.table if isinstance(target, CellOf) else table, row, target.column)
                        yield RuleFilling(rule, cell, frozenset(chain.from_iterable(read)), where is not None)


def _rows(edition: Edition, rule: Rule, target: ColumnOf | CellOf, table: str) -> Iterator[str]:
    """The rows in which a relation fills its cell."""
    if isinstance(target, CellOf):
        yield str(target.fixed)
        return
    declared = edition.tables[table]
    if rule.rows != "sums":
        yield from (key for key in declared.fixed if edition.kind(table, target.column, key))
    if declared.main.open:
        yield from {"lines": (LINE,), "sums": (SUM, TOTAL), "all": (LINE, SUM, TOTAL)}[rule.rows]


def _label(edition: Edition, table: str, row: str) -> str:
    """The column that holds the name of a fixed row."""
    fixed = edition.tables[table].fixed.get(row) if table else None
    return fixed[0].label.name if fixed and fixed[0].label else ""


def _met(where: Node, label: str, row: str) -> bool | None:
    """Whether a precondition is met in a fixed row, as far as the row's name tells."""
    match where:
        case Operation(sign="and" | "or" as sign, left=left, right=right):
            sides, decisive = [_met(side, label, row) for side in (left, right)], sign == "or"
            return decisive if decisive in sides else None if None in sides else not decisive
        case Operation(sign="==" | "!=" as sign, left=ColumnOf(column=column), right=Constant(value=value)):
            return (value == row) == (sign == "==") if label and column == label else None
    return None


def _reads(edition: Edition, node: Node, table: str, row: str) -> Iterator[FilledCell]:
    """The cells that a formula reads whose row is certain: the one at hand, or one that it names."""
    for part in walk(node):
        match part:
            case ColumnOf(variable="", column=column):
                yield table, row, column
            case CellOf(table=other, fixed=str(key), column=column) if edition.kind(other, column, key):
                yield other, key, column
