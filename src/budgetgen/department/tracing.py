"""Where a figure comes from: figure ← relation ← cells, and in a department figure ← units ← cells."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING

from budgetgen.book.relations import deriving
from budgetgen.formula.evaluation import KEY_JOINT, evaluate
from budgetgen.formula.nodes import Operation
from budgetgen.formula.reader import EACH_COLUMN
from budgetgen.values.addresses import column_of, parted
from budgetgen.values.places import cells_of
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.book.relations import Relation
    from budgetgen.department.sources import Source
    from budgetgen.edition.declarations import Edition, Rule, TableDeclaration
    from budgetgen.values.model import Book, Cell, Row

NAMED = re.compile(r"([^\[\]!]+)\[(.+)\]\s*[.．。]([^\]]+)")
"""支出总体[2060501].合计"""
PLACED = re.compile(r"\s*+'?([^'!！]++)'?\s*+[!！]\s*\$?([A-Za-z]{1,3})\$?(\d+)\s*")
"""支出总体!E12"""
JOINTS = re.compile(r"(?:(?<!\s)\s+)?[,，、/]\s*")
SHOWN = 5
NEAR = 3
"""How many cells are proposed in place of one that is none."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell by its coordinates.

    Attributes:
        table: stable name.
        row: key.
        column: stable name.
    """

    table: str
    row: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}[{self.row}].{self.column}"


@dataclass(frozen=True)
class Trace:
    """A figure and what it comes from.

    Attributes:
        figure: which.
        cell: its value and place.
        rule: the relation that fills it; None for a figure that is given, or blank.
        formula: its right side.
        parts: the figures that the relation reads.
        sources: the units' cells that it was added up from.
        again: it has been traced before, and its parts are not told again.
        money: whether it is an amount, in 万元.
    """

    figure: Figure
    cell: Cell
    rule: Rule | None = None
    formula: str = ""
    parts: tuple[Trace, ...] = ()
    sources: tuple[Source, ...] = ()
    again: bool = False
    money: bool = False


class NotFoundError(Exception):
    """A text that names no cell.

    Attributes:
        problem: what is wrong, in Chinese.
        fix: what it might mean, in Chinese.
    """

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(problem)
        self.problem, self.fix = problem, fix


def trace(book: Book, edition: Edition, figure: Figure, sources: Iterable[Source] = ()) -> Trace:
    """Where a figure of a derived Book comes from, down to what was given.

    Args:
        book: derived.
        edition: its format.
        figure: which.
        sources: the parts of a department's figures.
    """
    parts: dict[Figure, list[Source]] = defaultdict(list)
    for source in sources:
        parts[Figure(source.table, source.row, source.column)].append(source)
    return _Tracing(book, edition, parts).trace(figure)


@dataclass
class _Tracing:
    """One run: a figure that comes up again is not told again."""

    book: Book
    edition: Edition
    sources: Mapping[Figure, Sequence[Source]]
    seen: set[Figure] = field(default_factory=set)

    def trace(self, figure: Figure) -> Trace:
        cell = self.book.cell(figure.table, figure.row, figure.column)
        if figure in self.seen:
            return Trace(figure, cell, again=True, money=self._money(figure))
        self.seen.add(figure)
        told = tuple(self.sources.get(figure, ()))
        relation, read = (None, ()) if cell.given else self._read(figure)
        parts = tuple(self.trace(part) for part in read if part != figure)
        return Trace(figure, cell, *_told(relation), parts, told, money=self._money(figure))

    def _money(self, figure: Figure) -> bool:
        return self.edition.kind(figure.table, figure.column, figure.row) == "money"

    def _read(self, figure: Figure) -> tuple[Relation | None, tuple[Figure, ...]]:
        """The relation that fills a cell, and the figures with a value that it reads."""
        row = self.book[figure.table].get(figure.row)
        for relation in deriving(self.edition, figure.table, figure.row, figure.column):
            scope = relation.at(self.book, figure.table, row) if row else None
            node = relation.node
            if scope is None or not isinstance(node, Operation):
                continue
            noting = scope.noting()
            if isinstance(evaluate(node.right, noting).value, Decimal):
                read = (Figure(r.table, r.key, r.column) for r in noting.read if r.cell.value is not None)
                return relation, tuple(dict.fromkeys(read))
        return None, ()


def _told(relation: Relation | None) -> tuple[Rule | None, str]:
    """The rule of a relation, and its right side for the column at hand."""
    if relation is None:
        return None, ""
    right = relation.rule.holds.partition("==")[2].strip()
    return relation.rule, right.replace(EACH_COLUMN, relation.column) if relation.column else right


# --- finding a cell -----------------------------------------------------------------------------------------


def find(book: Book, edition: Edition, text: str) -> Figure:
    """The cell that a text names: `支出总体[2060501].合计` or `支出总体!E12`.

    Raises:
        NotFoundError: there is no such table, row, column or cell.
    """
    text = unicodedata.normalize("NFKC", text)  # ［］．！ are typed as well
    if placed := PLACED.fullmatch(text):
        return _at(book, edition, placed[1].strip(), f"{placed[2].upper()}{placed[3]}")
    if not (named := NAMED.fullmatch(text)):
        raise NotFoundError(
            f"“{text}”看不懂", "写成 表[行].列，例如 支出总体[总计].合计，或 表!格，例如 支出总体!E12"
        )
    table = _table(edition, named[1].strip())
    row = _row(book, table, named[2])
    return Figure(table.name, row.key, _column(table, row, named[3].strip()))


def _table(edition: Edition, text: str) -> TableDeclaration:
    for table in edition.table:
        names = {table.name, *table.aliases, *([f"表{table.ordinal}"] if table.printed else [])}
        if caption(text) in map(caption, names):
            return table
    raise NotFoundError(f"没有“{text}”这张表", _meant(text, edition.tables))


def _row(book: Book, table: TableDeclaration, text: str) -> Row:
    """By key, by label, or by the name of a code or item where only one row has it."""
    rows = book[table.name].rows
    wanted = caption(KEY_JOINT.join(JOINTS.split(text.strip().strip("\"“”'"))))
    for named in (_keys, _labels):
        found = [row for row in rows if wanted in map(caption, named(table, row))]
        if len(found) == 1 or (found and named is _keys):
            return found[0]
        if found:
            keys = "、".join(row.key for row in found[:SHOWN])
            raise NotFoundError(f"“{table.name}”里有 {len(found)} 行“{text}”", f"写明是哪一行：{keys}")
    names = [name for row in rows for name in (*_keys(table, row), *_labels(table, row))]
    raise NotFoundError(f"“{table.name}”里没有“{text}”这一行", _meant(text, names))


def _keys(_: TableDeclaration, row: Row) -> tuple[str, ...]:
    return (row.key,)


def _labels(table: TableDeclaration, row: Row) -> Iterator[str]:
    if row.key in table.fixed:
        fixed = table.fixed[row.key][1]
        yield from (fixed.caption, *fixed.aliases)
    for column in table.main.columns:
        if column.type in {"name", "item", "code"} and row.key not in table.fixed and row.text(column.name):
            yield row.text(column.name)


def _column(table: TableDeclaration, row: Row, text: str) -> str:
    block = table.fixed[row.key][0] if row.key in table.fixed else table.main
    for column in block.columns:
        if caption(text) in map(caption, (column.name, column.captions[-1], *column.aliases)):
            return column.name
    names = [column.name for column in block.columns]
    raise NotFoundError(f"“{table.name}”的“{row.key}”这一行没有“{text}”这一列", _meant(text, names))


def _at(book: Book, edition: Edition, sheet: str, address: str) -> Figure:
    if caption(sheet) in map(caption, edition.unread_sheets):
        raise NotFoundError(f"“{sheet}”这一页不是填报的表，没有可查的数", "换一张表，例如 支出总体!E12")
    table = _table(edition, sheet)
    cells = {
        cells_of(cell.place): Figure(table.name, row.key, column)
        for row in book[table.name].rows
        for column, cell in row.cells.items()
        if cell.place
    }
    if address not in cells:
        held = {
            place: f
            for place, f in cells.items()
            if isinstance(book.cell(f.table, f.row, f.column).value, Decimal)
        }
        told = "、".join(f"{table.name}!{place}（{held[place]}）" for place in _nearest(address, held))
        fix = f"换一格，离它最近的有 {told}" if told else "换一张表，这张表里没有数"
        raise NotFoundError(f"{table.name}!{address} 不是填报的格", fix)
    return cells[address]


def _nearest(address: str, places: Iterable[str]) -> Sequence[str]:
    """The places nearest to an address: those of its row by their columns, else those of the nearest rows."""
    column, row = parted(address)

    def distance(place: str) -> tuple[int, int]:
        other_column, other_row = parted(place)
        return abs(other_row - row), abs(column_of(other_column) - column_of(column))

    return sorted(places, key=distance)[:NEAR]


def _meant(text: str, known: Iterable[str]) -> str:
    names = list(dict.fromkeys(known))
    near = get_close_matches(text, names, n=3, cutoff=0.4)
    if near:
        return f"您是否指“{'”“'.join(near)}”"
    return (
        f"现有：{'、'.join(names[:SHOWN])}{'……' if len(names) > SHOWN else ''}" if names else "这张表是空的"
    )
