"""Where a row belongs: its key, its depth, and the row that it is added up into.

An open table declares its levels from the outermost in (单位 › 类 › 款 › 项目). A row's key columns tell its
level; the rows above it need not be there: `complete` adds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgetgen.formula.evaluation import key_of
from budgetgen.values.model import TOTAL, Cell, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from budgetgen.edition.declarations import Block, Edition, Level, TableDeclaration


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the outline of a table.

    Attributes:
        key: of the row.
        level: name of its level; empty where the table has none.
        line: whether it is a leaf.
        keys: the values of the key columns that make the key.
    """

    key: str
    level: str
    line: bool
    keys: Mapping[str, str]


TOP = Position(TOTAL, TOTAL, line=False, keys={})


@dataclass(frozen=True)
class Outline:
    """The levels of one table in documents of one kind (单位 or 部门)."""

    table: TableDeclaration
    levels: tuple[Level, ...]

    @property
    def block(self) -> Block:
        """The open block."""
        return self.table.main

    def position(self, keys: Mapping[str, str], ordinal: int) -> Position:
        """The place of a row by the texts of its key columns.

        Args:
            keys: key column → text, blank where there is none.
            ordinal: number of the row, its key where nothing else names it.
        """
        if not self.levels:
            name = key_of([keys.get(column, "") for column in self.block.key])
            return Position(name or numbered(ordinal), "", line=True, keys=keys)
        depth = self._depth(keys)
        if depth == len(self.levels) - 1 or self._broken(keys, depth):
            own = [keys.get(column, "") for column in self._key_columns()]
            return Position(key_of(own) or numbered(ordinal), self.levels[-1].name, line=True, keys=keys)
        return self._upper(keys, depth)

    def above(self, place: Position) -> Position | None:
        """The place that a row is added up into."""
        own = next((depth for depth, level in enumerate(self.levels) if level.name == place.level), None)
        if own is None:
            return None
        for depth in range(own - 1, -1, -1):
            if self._told(place.keys, depth) and (upper := self._upper(place.keys, depth)).key != place.key:
                return upper
        return TOP if self.table.total != "none" else None

    def row(self, place: Position, cells: Mapping[str, Cell]) -> Row:
        """The row of a place."""
        above = self.above(place)
        return Row(place.key, place.level, above.key if above else None, cells, place.line)

    def _told(self, keys: Mapping[str, str], depth: int) -> bool:
        """Whether the key columns tell a level; what is no code is part of none."""
        level, text = self.levels[depth], keys.get(self.levels[depth].by, "")
        return len(text) >= max(level.length, 1) and (not level.length or text.isdecimal())

    def _key_columns(self) -> list[str]:
        """The key columns in force: without that of a level that is not printed."""
        unused = {level.by for level in self.block.levels} - {level.by for level in self.levels}
        return [column for column in self.block.key if column not in unused]

    def _upper(self, keys: Mapping[str, str], depth: int) -> Position:
        values: dict[str, str] = {}
        for level in self.levels[: depth + 1]:
            text = keys.get(level.by, "")
            values[level.by] = text[: level.length] if level.length else text
        return Position(key_of(list(values.values())), self.levels[depth].name, line=False, keys=values)

    def _depth(self, keys: Mapping[str, str]) -> int:
        """The deepest level that the key columns tell; -1 for none."""
        return max((depth for depth in range(len(self.levels)) if self._told(keys, depth)), default=-1)

    def _broken(self, keys: Mapping[str, str], depth: int) -> bool:
        """Whether the keys say more than any level can hold: kept as a line, so that nothing is lost."""
        if depth < 0:
            return True
        level = self.levels[depth]
        return bool(level.length) and len(keys.get(level.by, "")) != level.length


def numbered(ordinal: int) -> str:
    """The key of a row that nothing else names."""
    return f"第{ordinal}行"


def outline(edition: Edition, table: str, kind: str) -> Outline:
    """The outline of a table in documents of that kind."""
    declared = edition.tables[table]
    return Outline(
        declared, tuple(level for level in declared.main.levels if edition.printed_in(level, kind))
    )


def sums(tree: Outline, table: Table) -> Table:
    """The table with every row that others are added up into, in printed order."""
    if not tree.levels:
        return table
    rows: dict[str, Row] = {}
    for row in table.rows:
        rows.setdefault(row.key, row)
    for row in table.rows:
        for place in ancestors(tree, row):
            rows.setdefault(place.key, _named(tree, place))
    if tree.table.total != "none":
        rows.setdefault(TOTAL, _named(tree, TOP))
    doubled = [row for row in table.rows if rows[row.key] is not row]
    return Table(table.name, tuple(_ordered(tree, [*rows.values(), *doubled])))


def ancestors(tree: Outline, row: Row) -> Iterator[Position]:
    """The places that a row is added up into, from the nearest to the total; they need not be there."""
    place = tree.above(Position(row.key, row.level, row.line, {c: row.text(c) for c in tree.block.key}))
    while place is not None:
        yield place
        place = tree.above(place)


def _named(tree: Outline, place: Position) -> Row:
    return tree.row(place, {column: Cell(text) for column, text in place.keys.items()})


def _ordered(tree: Outline, rows: list[Row]) -> Iterator[Row]:
    """Total first, then each row before what it adds up; codes in code order, all else as given."""
    children: dict[str | None, list[Row]] = {}
    for row in rows:
        children.setdefault(row.parent, []).append(row)
    coded = {level.name for level in tree.levels if level.length}

    def walk(parent: str | None) -> Iterator[Row]:
        group = children.pop(parent, [])
        if group and group[0].level in coded:
            group = sorted(group, key=lambda row: row.key)
        for row in group:
            yield row
            yield from walk(row.key)

    yield from walk(None)
    for parent in list(children):  # whatever its parent, no row is lost
        yield from walk(parent)
