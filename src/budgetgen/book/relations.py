"""The relations of an edition, ready to use: which cells they fill, which rows they hold for.

A relation is declared once and used twice: `derivation` fills its left side where that is blank, `checking`
compares both sides where it is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.formula.evaluation import UNNOTED, Scope, quietly, stored
from budgetgen.formula.nodes import CellOf, ColumnOf, Node, Operation, filled_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from budgetgen.edition.declarations import Edition, Rule
    from budgetgen.formula.evaluation import Fetch
    from budgetgen.values.model import Book, Row

SIDES = frozenset({"==", ">=", "<="})
"""The comparisons whose sides are figures."""
ANY = ""
"""Stands for every row of a table."""


@dataclass(frozen=True)
class Relation:
    """One rule on the rows of one table, for one column where it speaks of 各列.

    Attributes:
        rule: the declaration.
        table: whose rows it holds for; empty for a single relation.
        column: what 各列 stands for.
        node: the formula.
        where: the precondition.
    """

    rule: Rule
    table: str
    column: str
    node: Node
    where: Node | None

    @property
    def target(self) -> tuple[str, str, str] | None:
        """(table, key or ANY, column) of the cells that it fills; None where it only checks."""
        match filled_by(self.node) if self.rule.derives else None:
            case ColumnOf(column=column):
                return self.table, ANY, column
            case CellOf(table=table, fixed=str(key), column=column):
                return table, key, column
        return None

    @cached_property
    def compared(self) -> Operation | None:
        """The comparison whose both sides are told; None for a condition that is told in the rule's own words."""
        node = self.node
        sided = isinstance(node, Operation) and node.sign in SIDES and not self.rule.message
        return node if sided and isinstance(node, Operation) else None

    def rows(self, book: Book) -> Iterator[Row | None]:
        """The rows that it may hold for, `where` apart; None once for a single relation."""
        if not self.table:
            yield None
            return
        yield from filter(self.covers, book[self.table].rows)

    def covers(self, row: Row) -> bool:
        """Whether it speaks of rows of that depth."""
        return self.rule.rows == "all" or row.line == (self.rule.rows == "lines")

    def at(self, book: Book, table: str, row: Row, fetch: Fetch = stored) -> Scope | None:
        """Where it is evaluated to fill a cell of that row, without a note; None where it does not hold for it."""
        if not self.table:
            scope = Scope(book, {}, fetch, UNNOTED)
        elif self.table == table and self.covers(row):
            scope = Scope(book, {"": (table, row)}, fetch, UNNOTED)
        else:
            return None
        return scope if self.applies(scope) else None

    def applies(self, scope: Scope) -> bool:
        """Whether the precondition is met; the cells that it reads are not noted."""
        return self.where is None or quietly(self.where, scope).true


def instances(book: Book, edition: Edition, only: str = "") -> Iterator[tuple[Relation, Scope]]:
    """Every relation, or those of one rule, at every row that it holds for, in declared order; nothing read is noted."""
    for relation in relations(edition):
        if only not in {"", relation.rule.id}:
            continue
        for row in relation.rows(book):
            scope = Scope(book, {"": (relation.table, row)} if row else {}, read=UNNOTED)
            if relation.applies(scope):
                yield relation, scope


def relations(edition: Edition) -> tuple[Relation, ...]:
    """All relations of an edition, in declared order."""
    return edition.once(_prepare)


def _prepare(edition: Edition) -> tuple[Relation, ...]:
    return tuple(
        Relation(
            rule,
            table,
            column,
            edition.formula(rule.holds, each=table, column=column),
            edition.formula(rule.where, each=table, column=column) if rule.where else None,
        )
        for rule in edition.relations
        for table in rule.each or ("",)
        for column in edition.columns_of(rule, table)
    )


def _targets(edition: Edition) -> Mapping[tuple[str, str, str], tuple[Relation, ...]]:
    found: dict[tuple[str, str, str], tuple[Relation, ...]] = {}
    for relation in relations(edition):
        if target := relation.target:
            found[target] = (*found.get(target, ()), relation)
    return found


def deriving(edition: Edition, table: str, key: str, column: str) -> tuple[Relation, ...]:
    """The relations that may fill a cell, first declared first."""
    targets = edition.once(_targets)
    return (*targets.get((table, key, column), ()), *targets.get((table, ANY, column), ()))


def derives(edition: Edition, table: str, key: str, column: str, *, line: bool) -> bool:
    """Whether some relation may fill that cell, of a line or of a row that adds others up."""
    filling = edition.once(_filling)[line]
    return (table, key, column) in filling or (table, ANY, column) in filling


def _filling(edition: Edition) -> tuple[frozenset[tuple[str, str, str]], frozenset[tuple[str, str, str]]]:
    """The cells that some relation may fill, of rows that add others up and of lines."""
    depths = {target: {r.rule.rows for r in found} for target, found in edition.once(_targets).items()}
    sums, lines = (
        frozenset(target for target, told in depths.items() if told & {"all", own})
        for own in ("sums", "lines")
    )
    return sums, lines


def _filled(edition: Edition) -> Mapping[str, frozenset[str]]:
    columns: dict[str, set[str]] = {}
    for table, _, column in edition.once(_targets):
        columns.setdefault(table, set()).add(column)
    return {table: frozenset(found) for table, found in columns.items()}


def filled(edition: Edition, table: str) -> frozenset[str]:
    """The columns of a table that some relation may fill."""
    return edition.once(_filled).get(table, frozenset())
