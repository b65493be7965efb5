"""What consolidation is made from, and what it knows of its sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgetgen.model import Book, Cell, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.declarations import Edition


@dataclass(frozen=True)
class Unit:
    """One unit of the department.

    Attributes:
        name: as the department lists it.
        book: derived.
    """

    name: str
    book: Book

    def own_office(self, edition: Edition) -> bool:
        """Whether it is the department's own office."""
        return edition.consolidation.own in self.name


def unplaced(cell: Cell) -> Cell:
    """A cell without its place in the unit's file, which is none in the department's."""
    return Cell(cell.value, given=cell.given, terms=cell.terms)


def skeleton(edition: Edition, file: str = "") -> Book:
    """A Book of nothing but the fixed rows."""
    return Book(
        edition.id, file, {name: Table(name, tuple(_fixed(edition, name))) for name in edition.tables}
    )


def _fixed(edition: Edition, table: str) -> Iterator[Row]:
    for key, (block, _) in edition.tables[table].fixed.items():
        yield Row(key, "", None, {block.label.name: Cell(key)} if block.label else {})
