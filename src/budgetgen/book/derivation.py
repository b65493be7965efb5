"""Filling what the relations determine: Book → Book.

A blank cell that a relation has on its left side is computed from the right side, whose own blank cells are
computed first. A given value is never overwritten. Rows that add others up are added where they are missing,
and codes without a name get the name of the list.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.book import outline
from budgetgen.book.facts import fact
from budgetgen.book.relations import deriving, filled
from budgetgen.book.reviewed import with_reviewed
from budgetgen.formula.evaluation import evaluate
from budgetgen.formula.nodes import Operation
from budgetgen.values.model import Book, Cell, Row, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from budgetgen.edition.declarations import Edition
    from budgetgen.formula.evaluation import Fetch

Key = tuple[str, int, str]
"""Table, identity of the row, column."""


def derive(book: Book, edition: Edition) -> Book:
    """The Book with every sum row and every figure that the relations determine."""
    complete = _structured(with_reviewed(book, edition), edition)
    return _Derivation(complete, edition).run()


def deriving_from(book: Book, edition: Edition) -> Fetch:
    """How the cells of a Book are had that has all its sum rows, but only the figures that were given."""
    return _Derivation(book, edition).fetch


# --- structure ----------------------------------------------------------------------------------------------


def _structured(book: Book, edition: Edition) -> Book:
    kind = fact(book, edition, edition.house.kind)
    tables = {
        name: _named(outline.sums(outline.outline(edition, name, kind), table), edition)
        for name, table in book.tables.items()
    }
    return book.with_tables(tables)


def _named(table: Table, edition: Edition) -> Table:
    """The table with the names of codes filled where they are blank."""
    if not edition.tables[table.name].main.of_type("name"):
        return table
    return Table(table.name, tuple(_with_names(row, table.name, edition) for row in table.rows))


def _with_names(row: Row, table: str, edition: Edition) -> Row:
    declared = edition.tables[table]
    filled: dict[str, Cell] = {}
    for column in declared.main.columns:
        code = row.text(column.of) if column.type == "name" else ""
        if code and row[column.name].value is None and (kind := declared.columns[column.of].of):
            name = edition.codes(kind).get(code)
            filled[column.name] = Cell(name, row[column.name].place)
    return row.with_cells(filled) if filled else row


# --- figures ------------------------------------------------------------------------------------------------


@dataclass
class _Derivation:
    """One run: each cell is computed once, on first demand."""

    book: Book
    edition: Edition
    done: dict[Key, Cell] = field(default_factory=dict)
    open: set[Key] = field(default_factory=set)

    def run(self) -> Book:
        return self.book.with_tables({name: self._table(table) for name, table in self.book.tables.items()})

    def _table(self, table: Table) -> Table:
        columns = filled(self.edition, table.name)
        if not columns:
            return table
        return Table(table.name, tuple(self._row(table.name, row, columns) for row in table.rows))

    def _row(self, table: str, row: Row, columns: frozenset[str]) -> Row:
        fetched: Mapping[str, Cell] = {column: self.fetch(table, row, column) for column in columns}
        changed = {c: cell for c, cell in fetched.items() if cell is not row[c]}
        return row.with_cells(changed) if changed else row

    def fetch(self, table: str, row: Row, column: str) -> Cell:
        """A cell; computed where it is blank and a relation has it on its left side."""
        cell = row[column]
        if cell.value is not None:
            return cell
        key = (table, id(row), column)
        if key in self.done:
            return self.done[key]
        if key in self.open:  # a circle of relations: what is not given stays blank
            return cell
        self.open.add(key)
        self.done[key] = self._computed(table, row, column, cell)
        self.open.discard(key)
        return self.done[key]

    def _computed(self, table: str, row: Row, column: str, cell: Cell) -> Cell:
        for relation in deriving(self.edition, table, row.key, column):
            scope = relation.at(self.book, table, row, self.fetch)
            if scope is None:
                continue
            node = relation.node
            result = evaluate(node.right, scope) if isinstance(node, Operation) else None
            if result is not None and isinstance(result.value, Decimal):
                return replace(cell, value=result.value, terms=result.terms)
        return cell
