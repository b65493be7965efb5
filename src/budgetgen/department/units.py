"""What consolidation is made from, and what it knows of its sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.book.facts import fact
from budgetgen.department.owners import owned
from budgetgen.values.model import BLANK, TOTAL, Book, Cell, Row, Table
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.edition.declarations import Edition


Where: TypeAlias = tuple[str, str, str]
"""Table, row, column."""


@dataclass(frozen=True)
class Unit:
    """One unit of the department.

    Attributes:
        name: as the department lists it.
        book: derived.
        inner: its own units, where it is a department itself.
        called: as it calls itself in its numbered tables, where that is in one way; else empty.
    """

    name: str
    book: Book
    inner: tuple[str, ...] = ()
    called: str = ""


def is_own_office(name: str, edition: Edition, department: str = "") -> bool:
    """Whether a unit is its department's own office: its name ends with the mark, or is the department's.

    Args:
        name: of the unit.
        edition: the format.
        department: its name, where it is known.
    """
    told = caption(name)
    return bare_name(told, edition) != told or bool(told and told == caption(department))


def bare_name(name: str, edition: Edition) -> str:
    """A name without the mark of the own office at its end: 科技局（本级） → 科技局."""
    own = edition.consolidating.own
    mark = next((m for m in (f"（{own}）", f"({own})", own) if name.endswith(m)), "")
    return name.removesuffix(mark)


def inner_units(book: Book, edition: Edition) -> tuple[str, ...]:
    """The units that a department's Book is made of: those that were taken, else those that it lists; none of a unit's."""
    house = edition.house
    if not edition.several or fact(book, edition, house.kind) != edition.several:
        return ()
    traces, declared = edition.consolidating.traces, edition.consolidating.institutions
    sent = book[traces.statuses].rows
    taken = (row.text(traces.unit) for row in sent if row.text(traces.taken) == traces.yes)
    listed = (
        row.text(declared.name)
        for row in book[declared.table].rows
        if row.text(declared.label) == declared.unit
    )
    return tuple(dict.fromkeys((*filter(None, taken), *filter(None, listed))))


def completed(unit: Unit, edition: Edition) -> Unit:
    """A unit with everything that consolidation asks of it; the rows of its items tell whose they are."""
    called = {
        row.text(column.name)
        for table in edition.printed
        for column in table.main.columns
        if column.type == "unit"
        for row in unit.book[table.name].lines()
        if row[column.name].given and row.text(column.name)
    }
    own = next(iter(called)) if len(called) == 1 else ""
    return Unit(unit.name, owned(edition, unit.book, least=1), inner_units(unit.book, edition), own)


def is_named(row: Row, table: str, edition: Edition) -> bool:
    """Whether a row is known by a name or code of its own, and not only by its number."""
    declared = edition.tables[table]
    keys = declared.main.key
    return (
        row.key == TOTAL
        or row.key in declared.fixed
        or bool(keys and any(map(row.text, keys)))
        or not row.line
    )


def unplaced(cell: Cell) -> Cell:
    """A cell without its place in the unit's file, which is none in the department's."""
    blank = cell.value is None and not cell.given and not cell.terms
    return BLANK if blank else Cell(cell.value, given=cell.given, terms=cell.terms)


def skeleton(edition: Edition, file: str = "") -> Book:
    """A Book of nothing but the fixed rows."""
    return Book(
        edition.id, file, {name: Table(name, tuple(_fixed(edition, name))) for name in edition.tables}
    )


def _fixed(edition: Edition, table: str) -> Iterator[Row]:
    for key, (block, _) in edition.tables[table].fixed.items():
        yield Row(key, "", None, {block.label.name: Cell(key)} if block.label else {})
