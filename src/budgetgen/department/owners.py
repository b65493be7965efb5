"""Whose row it is, where several units of a department have an item of the same name.

The numbered tables tell the unit; the text and the performance tables of a document do not, or in other words,
and the other sheets of an older workbook neither. A row is of the unit that alone has its amount under its name;
else they list the items in the order of the units: where as many rows have a name as units have it, each is of one.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.formula.evaluation import key_of
from budgetgen.values.model import BLANK, Book, Cell, Row, Table
from budgetgen.values.text import as_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from budgetgen.edition.declarations import ColumnType, Edition, TableDeclaration

SEVERAL = 2
Amounts: TypeAlias = "Mapping[str, frozenset[Decimal]]"
"""The units that have an item in a table, in order, each with the amounts that it has there."""


def owned(edition: Edition, book: Book, *, least: int = SEVERAL, but: AbstractSet[str] = frozenset()) -> Book:
    """The Book with the units of the rows that tell none.

    Args:
        edition: the format.
        book: whose numbered tables tell the units.
        least: how many units have an item at least for its rows to be told apart.
        but: tables that are left as they are.
    """
    known, tables = list(_units(edition, book, least)), {}
    for declared in edition.table:
        item, owner = _column(declared, "item"), apart(declared)
        if owner and declared.name not in but:
            tables[declared.name] = _named(book[declared.name], (item, owner), declared, known)
    return book.with_tables(tables)


def owned_performance(edition: Edition, book: Book) -> Book:
    """The same of the rows that performance tables gave.

    Until now they are known by the number of their table, which stands in the column of the unit.
    """
    known, tables = list(_units(edition, book, SEVERAL)), {}
    for declared in edition.performance:
        if declared.owner:
            heads = Table(declared.heads, tuple(_blank(book[declared.heads], declared.owner)))
            columns = declared.by, declared.owner
            named = tables[heads.name] = _named(heads, columns, edition.tables[heads.name], known)
            pairs = zip(book[declared.heads].rows, named.rows, strict=True)
            owners = {old.text(declared.owner): new[declared.owner] for old, new in pairs}
            tables[declared.indicators] = _following(book[declared.indicators], declared.owner, owners)
    return book.with_tables(tables)


def told_apart(edition: Edition, book: Book) -> tuple[Book, Mapping[tuple[str, str], str]]:
    """The Book in which only rows of items that several units have tell their unit.

    Units call themselves in several ways: where an item is of one of them, its name is enough.

    Returns:
        The Book, and table and former key → key of every row that was changed.
    """
    tables: dict[str, Table] = {}
    keys: dict[tuple[str, str], str] = {}
    doubled = _doubled(edition, book)
    for declared in edition.table:
        item, owner = _column(declared, "item"), apart(declared)
        if not owner:
            continue
        rows = [
            row if as_named(row.text(item)) in doubled else _of(row, declared, {owner: BLANK})
            for row in book[declared.name].rows
        ]
        pairs = zip(book[declared.name].rows, rows, strict=True)
        keys |= {(declared.name, old.key): new.key for old, new in pairs if old.key != new.key}
        tables[declared.name] = Table(declared.name, tuple(rows))
    return book.with_tables(tables), keys


def _doubled(edition: Edition, book: Book) -> AbstractSet[str]:
    """The items that rows of several units have in one table."""
    found: set[str] = set()
    for declared in edition.table:
        item, unit = _column(declared, "item"), apart(declared) or _column(declared, "unit")
        owners: dict[str, set[str]] = {}
        for row in book[declared.name].lines() if item and unit else ():
            owners.setdefault(as_named(row.text(item)), set()).add(row.text(unit))
        found |= {name for name, units in owners.items() if len(units) > 1}
    return found


def apart(declared: TableDeclaration) -> str:
    """The column that tells rows of several units apart; empty where there is none."""
    return next((column.name for column in declared.main.columns if column.apart), "")


def _column(declared: TableDeclaration, kind: ColumnType) -> str:
    return next(iter(declared.main.of_type(kind)), "")


def _units(edition: Edition, book: Book, least: int) -> Iterator[Mapping[str, Amounts]]:
    """Item → the units that have it in a numbered table."""
    for declared in edition.printed:
        item, unit = _column(declared, "item"), _column(declared, "unit")
        found: dict[str, dict[str, frozenset[Decimal]]] = {}
        for row in book[declared.name].lines() if item and unit else ():
            if row.text(item) and row.text(unit):
                units = found.setdefault(as_named(row.text(item)), {})
                units[row.text(unit)] = units.get(row.text(unit), frozenset()) | _amounts(row)
        yield {name: units for name, units in found.items() if len(units) >= least}


def _amounts(row: Row) -> frozenset[Decimal]:
    return frozenset(cell.value for cell in row.cells.values() if isinstance(cell.value, Decimal))


def _blank(table: Table, owner: str) -> Iterator[Row]:
    return (row.with_cells({owner: BLANK}) for row in table.rows)


def _named(
    table: Table,
    columns: tuple[str, str],
    declared: TableDeclaration,
    known: Sequence[Mapping[str, Amounts]],
) -> Table:
    """The rows that tell no unit with theirs: the only one that has their item, or their amount of it; else in order."""
    (item, owner), rows, keyed = columns, list(table.rows), declared.main.key
    places: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        if not row.text(owner):
            places.setdefault(as_named(row.text(item)), []).append(index)
    for name, indexes in places.items():
        alike = [units[name] for units in known if name in units]
        owners = _owners([rows[index] for index in indexes], alike, keyed=bool(keyed))
        for index, unit in zip(indexes, owners, strict=True):
            if unit:
                rows[index] = _of(rows[index], declared, {owner: Cell(unit, given=True)})
    return Table(table.name, tuple(rows))


def _owners(rows: Sequence[Row], alike: Sequence[Amounts], *, keyed: bool) -> Sequence[str]:
    """The units of the rows of one item, by the tables that have it; empty where that is not known."""
    by_amount = (_by_amount(rows, units) for units in alike if keyed)
    in_order = (
        tuple(units) * (len(rows) if len(units) == 1 else 1)
        for units in alike
        if len(units) == 1 or (keyed and len(units) == len(rows))
    )
    return next(filter(None, (*by_amount, *in_order)), [""] * len(rows))


def _by_amount(rows: Sequence[Row], units: Amounts) -> Sequence[str] | None:
    """The units that alone have the amount of each row, each of another one; None where that does not tell all."""
    having = [[unit for unit, amounts in units.items() if _amounts(row) & amounts] for row in rows]
    found = [owners[0] for owners in having if len(owners) == 1]
    return found if len(set(found)) == len(rows) else None


def _of(row: Row, declared: TableDeclaration, cells: Mapping[str, Cell]) -> Row:
    told = row.with_cells(cells)
    key = key_of(map(told.text, declared.main.key)) if declared.main.key else row.key
    return replace(told, key=key)


def _following(table: Table, owner: str, owners: Mapping[str, Cell]) -> Table:
    rows = (row.with_cells({owner: owners.get(row.text(owner), BLANK)}) for row in table.rows)
    return Table(table.name, tuple(rows))
