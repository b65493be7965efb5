"""Which row of the tables a sentence speaks of: by the names that it and the tables give to a thing."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.book.figures import figure_name
from budgetgen.edition.declarations import FIGURES, FigureColumn
from budgetgen.formula.evaluation import Scope, evaluate, kind_of
from budgetgen.formula.nodes import CellOf, ColumnOf, Constant
from budgetgen.reading.document.narrative.knowledge import FROM_TABLES, NUMBERS, Knowledge
from budgetgen.reading.document.narrative.patterns import COLON, Turned, Turner, number
from budgetgen.values.findings import Spot
from budgetgen.values.model import Cell, Row
from budgetgen.values.patterns import slots
from budgetgen.values.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from budgetgen.edition.declarations import Case, Edition, ListDeclaration, StatementDeclaration
    from budgetgen.formula.evaluation import Reference
    from budgetgen.values.model import Book

SEVERAL = 2
"""How many rows are told apart at least."""
Entry: TypeAlias = "tuple[Case, Turned, dict[str, str]]"
"""The case that an entry of a list was said by, its pattern, and what stood in its slots."""


@dataclass(frozen=True)
class Naming:
    """The rows of the tables by their names.

    Attributes:
        edition: how things are called.
        book: the numbered tables, derived, with the computed figures.
        entries: the cases of the entries of lists that were looked at.
    """

    edition: Edition
    book: Book
    entries: dict[object, Entry | None] = field(default_factory=dict)

    @property
    def known(self) -> Knowledge:
        """What these tables determine."""
        return Knowledge(self.edition)

    # --- rows ---

    def rows(self, each: str, level: str) -> list[Row]:
        """The rows of a table: those of a level, or its lines."""
        table = self.book[each]
        return [row for row in table.rows if row.level == level] if level else list(table.lines())

    def row(
        self,
        declared: StatementDeclaration | ListDeclaration,
        turner: Turner,
        values: Mapping[str, str] | None,
    ) -> Row | None:
        """The row of the tables that a sentence speaks of, by its names; for other tables the row that it tells."""
        values = values or {}
        if declared.each not in {FIGURES, *self.known.printed}:
            return said(values) if declared.each else None
        asked = {
            node.column: fold(text).form
            for name, text in values.items()
            if isinstance(node := turner.node(name), ColumnOf)
            and kind_of(node) not in NUMBERS
            and node.column in {*FROM_TABLES, *self._names_in(declared.each)}
        }
        rows = self.rows(declared.each, declared.level)
        found = [r for r in rows if all(fold(r.text(c)).form == text for c, text in asked.items())]
        if not found and asked:
            found = [
                r
                for r in rows
                if set(asked.values())
                & {*self.official(declared.each, r), *self.labels(r), fold(r.text(FigureColumn.ITEM)).form}
                - {""}
            ]
        found = self.likeliest(found, values) if declared.each == FIGURES else found
        return found[0] if len(found) == 1 else None

    def likeliest(self, rows: list[Row], values: Mapping[str, str]) -> list[Row]:
        """Of figures that share a name, those of the amount that is said; else those that have money.

        Args:
            rows: the figures.
            values: what a sentence says.
        """
        if len(rows) < SEVERAL:
            return rows
        told = number(values.get(FigureColumn.AMOUNT, ""))
        equal = [row for row in rows if told is not None and row[FigureColumn.AMOUNT].value == told]
        return equal or [row for row in rows if row[FigureColumn.AMOUNT].value]

    # --- names ---

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What rows of the numbered tables are called, folded."""
        kinds = {"name", "item", "label"}
        tabled = (
            (self.book[table.name].rows, column.name)
            for table in self.edition.printed
            for column in table.columns.values()
            if column.type in kinds
        )
        texts = (fold(row.text(column)).form for rows, column in tabled for row in rows)
        return tuple(dict.fromkeys(text for text in texts if len(text) > 1))

    def slot(self, turner: Turner, declared: ListDeclaration) -> str:
        """The slot of an entry that names its row."""
        nodes = ((name, turner.node(name)) for name in slots(declared.cases[0].says))
        named = (n for n, node in nodes if isinstance(node, ColumnOf) and kind_of(node) not in NUMBERS)
        return next(named, "")

    def names_of(self, each: str, row: Row, column: str) -> set[str]:
        """The names that an entry may give a row: that of the tables, and that of the classification."""
        return {fold(row.text(column)).form, *self.official(each, row), *self.labels(row)}

    def labels(self, row: Row) -> set[str]:
        """What the fixed row that a figure stands in may be called."""
        figure = self.edition.figures.get(row.text(FigureColumn.ID))
        node = self.edition.formula(figure.value) if figure and not figure.each else None
        if not isinstance(node, CellOf) or not isinstance(node.key[0], Constant):
            return set()
        found = self.edition.tables[node.table].fixed.get(str(node.key[0].value))
        labels = (found[1].caption, *found[1].aliases) if found else ()
        return {fold(label.split(COLON)[-1]).form for label in labels}

    def official(self, each: str, row: Row) -> set[str]:
        """The names that the classifications have for the row's codes; a figure has the code of its table's row."""
        figure = self.edition.figures.get(row.text(FigureColumn.ID)) if each == FIGURES else None
        declared = self.edition.tables.get(figure.each if figure else each)
        coded = [column for column in declared.columns.values() if column.type == "code"] if declared else []
        codes = ((c.of, row.text(FigureColumn.CODE if figure else c.name)) for c in coded)
        names = (self.edition.codes(kind).get(code, "") for kind, code in codes)
        return {fold(name).form for name in names if name}

    def _names_in(self, table: str) -> set[str]:
        declared = self.edition.tables.get(table)
        return set(declared.of_type("name", "item", "label", "code")) if declared else set()

    def figure_name(self, row: Row) -> str:
        """What a computed figure is called; empty for other rows."""
        return figure_name(row)

    def name(self, row: Row) -> str:
        """What a row is called in messages."""
        return self.figure_name(row) or row.key

    # --- cells ---

    def sources(self, row: Row) -> tuple[Spot, ...]:
        """The cells of the numbered tables that a figure is read from; a row of a numbered table itself."""
        if not row.text(FigureColumn.ID):
            tables = [t.name for t in self.edition.printed if self.book[t.name].get(row.key) is row]
            return tuple(Spot(table, row.key) for table in tables)
        figure = self.edition.figures[row.text(FigureColumn.ID)]
        line = self.book[figure.each].get(row.text(FigureColumn.CODE)) if figure.each else None
        scope = Scope(self.book, {"": (figure.each, line)} if line else {})
        evaluate(self.edition.formula(figure.value, each=figure.each), scope)
        return tuple(_spot(self.edition, one.table, one.key, one.column, one.cell) for one in scope.read)

    def spots(self, read: Sequence[Reference]) -> tuple[Spot, ...]:
        """The cells of the numbered tables behind what a formula has read."""
        found: dict[Spot, None] = {}
        for one in read:
            if one.table == FIGURES and one.row is not None:
                found |= dict.fromkeys(self.sources(one.row))
            elif one.table in self.known.printed or one.table == self.edition.house.about:
                found[_spot(self.edition, one.table, one.key, one.column, one.cell)] = None
        return tuple(found)


SHORT, DROPPED = 4, 3
"""How long a short name of a unit is at least, and how many signs of its full name it leaves out at the beginning."""


def is_own(edition: Edition, name: str, unit: str) -> bool:
    """Whether a name is the unit's: its own, what it calls itself, or its own without the place before it."""
    told, full = fold(name).form, fold(unit).form
    short = full.endswith(told) and len(told) >= SHORT and len(full) - len(told) >= DROPPED
    return told == full or short or is_self(edition, told)


def is_self(edition: Edition, name: str) -> bool:
    """Whether a name is what a unit calls itself, or the beginning of that: 本 before 单位收入预算."""
    return any(word.startswith(fold(name).form) for word in edition.synonyms.selves)


def said(values: Mapping[str, str]) -> Row:
    """The row that a sentence itself tells."""
    return Row("", "", None, {name: Cell(text) for name, text in values.items()})


def _spot(edition: Edition, table: str, key: str, column: str, cell: Cell) -> Spot:
    return Spot.at(table, key, column, cell, edition.kind(table, column, key))
