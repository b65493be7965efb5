"""What a workbook's own formulas show: of those that differ only as another cell does, that one is told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.book.derivation import deriving_from
from budgetgen.book.relations import deriving
from budgetgen.formula.evaluation import evaluate
from budgetgen.formula.nodes import Operation
from budgetgen.values.amounts import HALF_CENT, tolerance
from budgetgen.values.model import Table
from budgetgen.values.sayings import listed, saying

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from budgetgen.edition.declarations import Edition
    from budgetgen.formula.evaluation import Fetch, Reference
    from budgetgen.formula.values import Result
    from budgetgen.values.findings import Finding
    from budgetgen.values.model import Book, Cell, Row
    from budgetgen.values.places import FilePlace

DIFFERS, TEXT = "formula-differs", "text-number"
"""The rules that a formula shows another number, and that a number is text, which no formula adds up."""
NAMED = 3
"""So many causes are named."""
_Key: TypeAlias = "FilePlace | tuple[int, str] | None"
"""The place of a cell; row and column where it is derived without a formula."""


@dataclass(frozen=True)
class _Worked:
    """What a relation gives for a cell, and what it read for it."""

    result: Result
    read: tuple[Reference, ...]


@dataclass
class ShownFormulas:
    """The formulas of a workbook that show another number than the other cells come to.

    Attributes:
        book: derived.
        edition: its format.
        found: what differs.
        texts: where numbers stand that are text.
    """

    book: Book
    edition: Edition
    found: tuple[Finding, ...]
    texts: frozenset[FilePlace | None]
    _roots: dict[_Key, frozenset[_Key]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, book: Book, edition: Edition, found: Iterable[Finding], read: Iterable[Finding]
    ) -> ShownFormulas:
        """Those of a Book, with what reading said of its cells."""
        texts = frozenset(spot.place for f in read if f.rule == TEXT for spot in f.spots)
        return cls(book, edition, tuple(found), texts)

    def told(self) -> Iterator[Finding]:
        """Each cause once, with all that follows from it."""
        groups: dict[frozenset[_Key], list[Finding]] = {}
        for finding in self.found:
            groups.setdefault(self._causes(finding.spots[0].place), []).append(finding)
        for causes, same in groups.items():
            yield self._folded(causes, same) if causes else same[0]
            if not causes:
                yield from same[1:]

    def _folded(self, causes: frozenset[_Key], same: list[Finding]) -> Finding:
        """The formulas that differ for the same cells as one finding, the cause first where it is one of them."""
        ordered = sorted(same, key=lambda finding: finding.spots[0].place not in causes)
        first, rest = ordered[0], len(ordered) - 1
        spots = tuple(dict.fromkeys(spot for finding in ordered for spot in finding.spots))
        stated = self.edition.rules[DIFFERS].says
        if causes <= self.texts:
            more = saying("more") if len(causes) > NAMED else None
            named = saying("cells", 各格=listed(sorted(map(str, causes))[:NAMED]), 等=more)
            also = saying("also", 格数=len(ordered)) if rest else None
            told = saying("text", 这一格=first.said[0], 文本=named, 另有=also).worded(stated)
            fix = saying("mend", 文本=named).worded(stated).told()
            return replace(first, said=(told,), fix=fix, spots=spots)
        if not rest:
            return first
        told = saying("following", 这一格=first.said[0], 格数=rest).worded(stated)
        return replace(first, said=(told,), spots=spots)

    # --- what follows from what ---

    def _causes(self, place: _Key) -> frozenset[_Key]:
        """Where the cells stand for which a formula shows another number: itself, or those that it adds up."""
        if place not in self._roots:
            self._roots[place] = frozenset({place})  # a circle of relations
            self._roots[place] = self._traced(place)
        return self._roots[place]

    def _traced(self, place: _Key) -> frozenset[_Key]:
        table, row, column = self._places[place]
        own, shown = self._worked(table, self._twins[id(row)], column), row[column].shown
        assert isinstance(shown, Decimal)  # noqa: S101 - it differs from another number
        if own is None or abs(own.result.amount - shown) > max(tolerance(own.result.terms), HALF_CENT):
            return frozenset({place})
        return frozenset(cause for read in own.read for cause in self._behind(read)) or frozenset({place})

    def _worked(self, table: str, row: Row, column: str) -> _Worked | None:
        """What a cell comes to as the formulas have it."""
        for relation in deriving(self.edition, table, row.key, column):
            scope = relation.at(self._shown, table, row, self._fetch)
            if scope is not None and isinstance(relation.node, Operation):
                noting = scope.noting()
                return _Worked(evaluate(relation.node.right, noting), tuple(noting.read))
        return None

    def _behind(self, read: Reference) -> frozenset[_Key]:
        """What makes a cell that is added up another than its formula shows."""
        if read.row is None:
            return frozenset()
        cell = read.row[read.column]
        if cell.place in self.texts:
            return frozenset({cell.place})
        if cell.place in self._differing:
            return self._causes(cell.place)
        key = id(read.row), read.column
        if key not in self._roots:
            self._roots[key] = frozenset()  # a circle of relations
            own = None if cell.given else self._worked(read.table, read.row, read.column)
            self._roots[key] = (
                frozenset(cause for one in own.read for cause in self._behind(one)) if own else frozenset()
            )
        return self._roots[key]

    @cached_property
    def _differing(self) -> frozenset[FilePlace | None]:
        return frozenset(finding.spots[0].place for finding in self.found)

    @cached_property
    def _places(self) -> Mapping[_Key, tuple[str, Row, str]]:
        return {
            cell.place: (table.name, row, column)
            for table in self.book.tables.values()
            for row in table.rows
            for column, cell in row.cells.items()
            if cell.place in self._differing
        }

    @cached_property
    def _shown(self) -> Book:
        """The Book as its formulas have it: what they show, and nothing where a number is text."""

        def cell(old: Cell) -> Cell:
            if old.place in self.texts:
                return replace(old, value=None)
            if isinstance(old.shown, Decimal):
                return replace(old, value=old.shown, given=True)
            return replace(old, value=None) if isinstance(old.value, Decimal) and not old.given else old

        return self.book.with_tables(
            {
                name: Table(
                    name,
                    tuple(
                        row.with_cells({c: cell(old) for c, old in row.cells.items()}) for row in table.rows
                    ),
                )
                for name, table in self.book.tables.items()
            }
        )

    @cached_property
    def _fetch(self) -> Fetch:
        return deriving_from(self._shown, self.edition)

    @cached_property
    def _twins(self) -> Mapping[int, Row]:
        return {
            id(row): twin
            for name, table in self.book.tables.items()
            for row, twin in zip(table.rows, self._shown[name].rows, strict=True)
        }
