"""Which amounts of money no relation counts: what is typed there is published, and no total tells that it is wrong.

A cell may stand in relations and still be left out: the sum of a column over its lines holds whatever the total of the
row adds up. So where amounts of a row are added up each has to be, and likewise the rows of a column.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from budgetgen.book.derivation import derive
from budgetgen.book.relations import ANY, SIDES, relations
from budgetgen.formula.evaluation import Scope, evaluate
from budgetgen.formula.nodes import Operation
from budgetgen.specimen.cells import DummyCells
from budgetgen.specimen.rows import DummyRows, lined
from budgetgen.values.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, KeysView, Mapping

    from budgetgen.book.relations import Relation
    from budgetgen.edition.declarations import Block, Edition, TableDeclaration
    from budgetgen.formula.evaluation import Reference
    from budgetgen.formula.nodes import Node
    from budgetgen.values.model import Book


class MoneyCell(NamedTuple):
    """An amount as it is declared.

    Attributes:
        table: its table.
        key: of a fixed row; ANY stands for all lines and sums of an open table.
        column: its column.
    """

    table: str
    key: str
    column: str


class Lack(Enum):
    """What an amount is left out of."""

    ROW = "row"
    """Others of its row are added up or compared, and it is not."""
    COLUMN = "column"
    """Others of its column are, and it is not."""
    ALL = "all"
    """No relation holds it against anything."""
    NONE = "none"
    """Nothing, though it is declared that no total counts it."""


@dataclass(frozen=True)
class Uncounted:
    """Amounts that are left out.

    Attributes:
        cell: of a column that is left out in all its rows, that column.
        lack: what they are left out of.
        counting: the rules that count what is counted there, those of most amounts first.
    """

    cell: MoneyCell
    lack: Lack
    counting: tuple[str, ...]


@dataclass(frozen=True)
class Counting:
    """What the relations of one edition count.

    Attributes:
        edition: the format.
        held: of each rule that is an error where it does not hold, what its comparisons hold against each other.
    """

    edition: Edition
    held: Mapping[str, Collection[frozenset[MoneyCell]]]

    @classmethod
    def of(cls, edition: Edition) -> Counting:
        """By a Book of each kind with something in every cell, and by one with nothing: what holds in either counts."""
        held: dict[str, set[frozenset[MoneyCell]]] = defaultdict(set)
        firm = [one for one in relations(edition) if one.rule.severity == Severity.ERROR]
        for kind in edition.choices(edition.house.kind):
            blank = derive(DummyRows(edition, kind).book(), edition)
            books = (DummyCells(blank, edition).full, blank)
            for relation in firm:
                held[relation.rule.id].update(_held(relation, books, edition))
        return cls(edition, held)

    def uncounted(self) -> Iterator[Uncounted]:
        """All amounts that are left out, in the order of the tables."""
        for table in self.edition.table:
            for block in table.block if not table.generated else ():
                cells = _declared(table, block)
                told = tuple(self._rows_of(block, cells))
                yield from told
                if table.printed:
                    yield from self._columns_of(block, cells, {one.cell.column for one in told})

    def _rows_of(self, block: Block, cells: KeysView[MoneyCell]) -> Iterator[Uncounted]:
        """The columns that the totals of their rows do not count."""
        counted = self._beside(cells, lambda one, other: one.key == other.key)
        columns = {cell.column for cell in counted}
        for column in (block.column(name) for name in dict.fromkeys(cell.column for cell in cells)):
            if column and columns and (column.name in columns) != column.counted:
                lack = Lack.ROW if column.counted else Lack.NONE
                cell = next(cell for cell in cells if cell.column == column.name)
                yield Uncounted(cell._replace(key=ANY), lack, self._most(counted.values(), cells))

    def _columns_of(
        self, block: Block, cells: KeysView[MoneyCell], told: Collection[str]
    ) -> Iterator[Uncounted]:
        """The fixed rows that the totals of a column do not count, and what no relation counts at all.

        Of a column that the totals of its rows do not count, and which was told so, the latter is told already.
        """
        counted = self._beside(cells, lambda one, other: one.column == other.column)
        known = {
            cell for groups in self.held.values() for group in groups if len(group) > 1 for cell in group
        }
        aside = {*told, *(column.name for column in block.columns if not column.counted)}
        own = {row.key: row.counted for row in block.rows}
        for cell in cells:
            rules = self._most((found for c, found in counted.items() if c.column == cell.column), cells)
            if own.get(cell.key, True) == (cell in counted):
                continue
            if cell in counted:
                yield Uncounted(cell, Lack.NONE, rules)
            elif cell.key != ANY and rules:
                yield Uncounted(cell, Lack.COLUMN, rules)
            elif cell not in known and cell.column not in aside:
                yield Uncounted(cell, Lack.ALL, ())

    def _beside(
        self, cells: KeysView[MoneyCell], along: Callable[[MoneyCell, MoneyCell], bool]
    ) -> Mapping[MoneyCell, tuple[str, ...]]:
        """The cells of a block that are held against others of it along their row or column, with the rules that do."""
        found: dict[MoneyCell, tuple[str, ...]] = {}
        for rule, groups in self.held.items():
            for group in ([cell for cell in group if cell in cells] for group in groups):
                for cell in group:
                    if any(along(cell, other) for other in group if other != cell):
                        found[cell] = tuple(dict.fromkeys((*found.get(cell, ()), rule)))
        return found

    def _most(self, told: Iterable[tuple[str, ...]], cells: KeysView[MoneyCell]) -> tuple[str, ...]:
        """Rules, those first that count most cells of a block."""
        rules = dict.fromkeys(rule for rules in told for rule in rules)
        return tuple(sorted(rules, key=lambda rule: -max(len(group & cells) for group in self.held[rule])))


def _declared(table: TableDeclaration, block: Block) -> KeysView[MoneyCell]:
    """The amounts of a block, in declared order; those of lines where it is known what they hold."""
    rows = [(row.key, block.of_row(row)) for row in block.rows]
    lines = [(ANY, block.columns)] if block.open and lined(table) else []
    return {
        MoneyCell(table.name, key, column.name): None
        for key, columns in (*rows, *lines)
        for column in columns
        if column.type == "money"
    }.keys()


def _held(relation: Relation, books: tuple[Book, Book], edition: Edition) -> Iterator[frozenset[MoneyCell]]:
    """What the comparisons of a relation hold against each other, at every row that it may hold for."""
    for row in relation.rows(books[0]):
        scopes = [_at(relation, row.key if row else "", book) for book in books]
        if any(map(relation.applies, scopes)):
            for side in _compared(relation.node):
                scope = scopes[0].noting()
                evaluate(side.left, scope)
                evaluate(side.right, scope)
                yield frozenset(cell for read in scope.read if (cell := _money(read, edition)))


def _at(relation: Relation, key: str, book: Book) -> Scope:
    row = book[relation.table].get(key) if relation.table else None
    return Scope(book, {"": (relation.table, row)} if row else {})


def _compared(node: Node) -> Iterator[Operation]:
    """The comparisons of figures that a condition is made of."""
    if isinstance(node, Operation) and node.sign in SIDES:
        yield node
    elif isinstance(node, Operation) and node.sign in {"and", "or"}:
        yield from (*_compared(node.left), *_compared(node.right))


def _money(read: Reference, edition: Edition) -> MoneyCell | None:
    declared = edition.tables.get(read.table)
    if declared is None or edition.kind(read.table, read.column, read.key) != "money":
        return None
    return MoneyCell(read.table, read.key if read.key in declared.fixed else ANY, read.column)
