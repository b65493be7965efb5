"""What a file did not say: cells that could not be read, and all that follows from them.

A cell that holds `#REF!` breaks every relation that reads it, or reads what is added up from it. Only the cell
itself is complained of; what relations say of it is not known before it is mended. Likewise with a line that was not
read, or nobody knows of what: the sums of its table, and lines that seem to lack there, are not known.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from budgetgen.book.relations import deriving
from budgetgen.checking.rules.shape import nameless
from budgetgen.edition.declarations import FIGURES, FigureColumn
from budgetgen.formula.evaluation import Scope, evaluate
from budgetgen.formula.nodes import Operation, tables_named, tables_run_over
from budgetgen.values.findings import Severity
from budgetgen.values.model import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from budgetgen.book.relations import Relation
    from budgetgen.edition.declarations import Edition, FigureDeclaration
    from budgetgen.formula.evaluation import Reference
    from budgetgen.formula.nodes import Node
    from budgetgen.values.findings import Finding, Spot
    from budgetgen.values.model import Book, Row
    from budgetgen.values.places import FilePlace

ABSENT = frozenset({"sheet-missing", "column-missing"})
"""The rules of reading whose findings say that a table, or a column of it, was not read."""
DROPPED = frozenset(
    {"row-unknown", "row-not-code", "row-without-key", "row-missing", "sheet-duplicate", "column-duplicate"}
)
"""The rules of reading whose findings say that something of a table was left out, nobody knows what."""
UNTOLD = frozenset({"sentence-untold", "sentence-ambiguous"})
"""The rules of reading whose findings name what sentences may tell that were not understood, or in several ways."""
NAMED = (FigureColumn.ID, FigureColumn.GROUP, FigureColumn.CODE, FigureColumn.NAME, FigureColumn.LISTED)
"""What of a computed figure is known without its amount."""


@dataclass
class Unread:
    """What is not known of a derived Book.

    Attributes:
        book: derived.
        edition: its format.
        places: where something stands that could not be read.
        absent: (table, column) that were not found; an empty column stands for the whole table.
        torn: tables of which lines were left out, or are not known to be of what.
        untold: (table, row, column) that a sentence may tell which was not understood.
    """

    book: Book
    edition: Edition
    places: frozenset[FilePlace | None] = frozenset()
    absent: frozenset[tuple[str, str]] = frozenset()
    torn: frozenset[str] = frozenset()
    untold: frozenset[tuple[str, str, str]] = frozenset()
    _known: dict[tuple[int, str], bool] = field(default_factory=dict)

    @classmethod
    def of(cls, book: Book, edition: Edition, findings: Iterable[Finding]) -> Unread:
        """What the findings of reading say was not read."""
        findings = tuple(findings)
        spots = [spot for finding in findings if finding.rule in UNTOLD for spot in finding.spots]
        untold = frozenset((spot.table, spot.row, spot.column) for spot in spots if spot.column)
        errors = [finding for finding in findings if finding.severity == Severity.ERROR]
        absent = {(s.table, s.column) for f in findings if f.rule in ABSENT for s in f.spots[:1]}
        named = {s.place for f in errors if f.rule not in ABSENT for s in f.spots if s.place}
        known = {place for place in _known(book) if place in named} if named else set()
        left_out = {s.table for f in errors if f.rule in DROPPED for s in f.spots[:1]}
        left_out |= {spot.table for spot in spots if not (spot.column or spot.place)}
        torn = left_out | {table for table, _, _ in nameless(book, edition)}
        return cls(book, edition, frozenset(named - known), frozenset(absent), frozenset(torn), untold)

    @property
    def nothing(self) -> bool:
        """Whether all was read."""
        return not (self.places or self.absent or self.torn)

    @property
    def tables(self) -> bool:
        """Whether all tables were found."""
        return all(column for _, column in self.absent)

    def touches(self, relation: Relation, scope: Scope) -> bool:
        """Whether a relation reads something that is not known there."""
        if self.nothing and not self.untold:
            return False
        return self._reads(relation.node, scope) or (relation.table, "") in self.absent

    def certain(self, book: Book) -> Book:
        """The Book with what its computed figures say only where all that they are worked from is known."""
        if self.nothing:
            return book
        figures = self.edition.figures
        rows = (
            replace(row, cells={name: row[name] for name in NAMED})
            if self._figure(figures[row.text(FigureColumn.ID)], row)
            else row
            for row in book[FIGURES].rows
        )
        return book.with_tables({FIGURES: Table(FIGURES, tuple(rows))})

    def _figure(self, figure: FigureDeclaration, row: Row) -> bool:
        """Whether a figure reads something that is not known."""
        line = self.book[figure.each].get(row.text(FigureColumn.CODE)) if figure.each else None
        scope = Scope(self.book, {"": (figure.each, line)} if line else {})
        if self._reads(self.edition.formula(figure.value, each=figure.each), scope):
            return True
        twin = self.edition.figures.get(figure.same_as)
        # Its reason might serve here as well.
        return twin is not None and not row.text(FigureColumn.REASON) and self._figure(twin, row)

    def doubts(self, finding: Finding) -> bool:
        """Whether it is an error only because of what a sentence may tell that was not understood."""
        told = {(spot.table, spot.row, spot.column) for spot in finding.spots[:1]}
        return finding.severity == Severity.ERROR and not told.isdisjoint(self.untold)

    def speaks(self, spot: Spot) -> bool:
        """Whether what is said of a cell is said of something that could not be read, or is worked from it."""
        if spot.place in self.places:
            return True
        row = self.book[spot.table].get(spot.row) if spot.table in self.book.tables else None
        return not self.nothing and row is not None and self.cell(spot.table, row, spot.column)

    def cell(self, table: str, row: Row, column: str) -> bool:
        """Whether a cell is not known: it could not be read, or is added up from one that could not."""
        key = (id(row), column)
        if key not in self._known:
            self._known[key] = False  # a circle of relations
            self._known[key] = self._unknown(table, row, column)
        return self._known[key]

    def _unknown(self, table: str, row: Row, column: str) -> bool:
        cell = row[column]
        if cell.given:
            return False
        if cell.value is None and (table, row.key, column) in self.untold:
            return True
        if cell.value is None and (cell.place in self.places or (table, column) in self.absent):
            return True
        for relation in deriving(self.edition, table, row.key, column):
            scope = relation.at(self.book, table, row)
            if scope is not None and isinstance(relation.node, Operation):
                return self._reads(relation.node.right, scope)
        return False

    def _reads(self, node: Node, scope: Scope) -> bool:
        if any((table, "") in self.absent for table in tables_named(node)):
            return True
        if not self.torn.isdisjoint(tables_run_over(node)):
            return True
        quiet = Scope(scope.book, scope.rows, scope.fetch)
        evaluate(node, quiet)
        return any(map(self._reference, quiet.read))

    def _reference(self, read: Reference) -> bool:
        if read.row is None:
            return read.table in self.torn
        return self.cell(read.table, read.row, read.column)


def _known(book: Book) -> Iterator[FilePlace | None]:
    """Where something stands that was read, or is derived."""
    for table in book.tables.values():
        for row in table.rows:
            yield from (cell.place for cell in row.cells.values() if cell.value is not None)
