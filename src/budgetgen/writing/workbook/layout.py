"""Where everything stands in the workbook: its sheets, and in each table its rows and columns.

The layout is a value of its own: the writers fill it, the formulas point into it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from budgetgen.values.amounts import PER_WAN, PRINTED_PLACES
from budgetgen.values.model import TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from budgetgen.edition.declarations import Block, Column, Edition, FixedRow, TableDeclaration
    from budgetgen.values.model import Book, Row, Table

ONE = Decimal(1)
HEADER_TOP = 3
"""The header begins below the title, the guide and the unit of money."""
SPARE = 10
"""Empty lines that a filled copy offers at least."""


class Address(NamedTuple):
    """A cell of the workbook; row and column count from 0."""

    sheet: str
    row: int
    column: int


@dataclass(frozen=True)
class Line:
    """One row of a sheet, as far as one block has part in it.

    Attributes:
        row: where it stands, from 0.
        kind: a fixed row, the total, a row that adds lines up, or a line.
        key: of the row; of an empty line a name that no row has.
        fixed: the declaration of a fixed row.
        source: the row of the Book.
    """

    row: int
    kind: Literal["fixed", "total", "sum", "line"]
    key: str
    fixed: FixedRow | None = None
    source: Row | None = None

    @property
    def adds_up(self) -> bool:
        """Whether lines are added up into it."""
        return self.kind in {"total", "sum"}


@dataclass(frozen=True)
class BlockLayout:
    """A block on its sheet.

    Attributes:
        sheet: name of the sheet.
        block: the declaration.
        left: its first column.
        lines: its rows, downwards.
        factor: what makes of its amounts such in the unit of money of the workbook: `*10000`; empty where they are.
        terms: how many roundings to 0.01 万元 are in a rounded amount of it (`Cell.terms`).
        decimals: how many such an amount has.
    """

    sheet: str
    block: Block
    left: int
    lines: tuple[Line, ...]
    factor: str = ""
    terms: Decimal = ONE
    decimals: int = PRINTED_PLACES

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Column name → column of the sheet."""
        return {column.name: self.left + i for i, column in enumerate(self.block.columns)}

    @cached_property
    def by_key(self) -> Mapping[str, Line]:
        """The fixed rows and the total by key: the rows that never move."""
        return {line.key: line for line in self.lines if line.kind in {"fixed", "total"}}

    @cached_property
    def open_rows(self) -> tuple[int, int] | None:
        """First and last row of the lines, with the closing row: a line inserted above it is counted."""
        rows = [line.row for line in self.lines if line.kind in {"sum", "line"}]
        return (rows[0], rows[-1] + 1) if rows else None

    @cached_property
    def _columns(self) -> Mapping[str, Mapping[str, Column]]:
        """The columns by name: those of a line under "", those of a fixed row under its key."""
        fixed = {
            row.key: {column.name: column for column in self.block.of_row(row) if not self._of_lines(column)}
            for row in self.block.rows
        }
        return {"": {column.name: column for column in self.block.columns}, **fixed}

    def columns(self, line: Line) -> Mapping[str, Column]:
        """The columns that apply to a line; in a fixed row the codes of the lines do not."""
        return self._columns[line.fixed.key if line.fixed else ""]

    def keyed(self, line: Line) -> tuple[str, ...]:
        """What decides which lines are added up into a row: its level, and the keys that it has; nothing of any other."""
        if line.kind != "sum" or line.source is None:
            return ()
        keys = (level.by for level in self.block.levels if line.source.text(level.by))
        return (line.source.level, *keys)

    def _of_lines(self, column: Column) -> bool:
        keys = self.block.key if column.type != "label" else ()
        return column.name in keys or (column.type == "name" and column.of in keys)

    def address(self, line: Line, column: str) -> Address:
        """Where a column of a line stands."""
        return Address(self.sheet, line.row, self.places[column])

    def scaled(self, column: str, number: str) -> str:
        """A number of a column in the unit of money of the workbook."""
        money = self.factor and self.block.column(column)
        return f"N({number}){self.factor}" if money and money.type == "money" else number

    def roundings(self, cells: str, count: str) -> str:
        """How many roundings are in amounts of it that are counted so; empty where they are exact."""
        if self.terms == 1:
            return count
        return (
            f"IF(ISNUMBER({cells}),(ROUND({cells},{self.decimals})={cells})*{self.terms},0)"
            if self.terms
            else ""
        )


@dataclass(frozen=True)
class SheetLayout:
    """One sheet.

    Attributes:
        table: the declaration.
        depth: how many header rows.
        blocks: side by side.
        remarks: the column of hints beside fixed rows, None where there are none.
    """

    table: TableDeclaration
    depth: int
    blocks: tuple[BlockLayout, ...]
    remarks: int | None

    @property
    def top(self) -> int:
        """The first row below the header."""
        return HEADER_TOP + self.depth

    @cached_property
    def end(self) -> int:
        """The last row."""
        rows = [line.row for block in self.blocks for line in block.lines]
        closing = [block.open_rows[1] for block in self.blocks if block.open_rows]
        return max((*rows, *closing))

    @cached_property
    def width(self) -> int:
        """How many columns the blocks take."""
        return sum(len(block.block.columns) for block in self.blocks)

    @property
    def idle(self) -> bool:
        """Whether nobody needs it yet: few do, and nothing stands on it."""
        return self.table.seldom and not any(line.source for block in self.blocks for line in block.lines)

    def find(self, key: str) -> tuple[BlockLayout, Line] | None:
        """A row that never moves, by its key."""
        return next(((block, block.by_key[key]) for block in self.blocks if key in block.by_key), None)


@dataclass(frozen=True)
class WorkbookLayout:
    """All sheets of tables, by name, in order."""

    edition: Edition
    sheets: Mapping[str, SheetLayout]


def lay_out(edition: Edition, book: Book | None) -> WorkbookLayout:
    """The layout of a workbook: of the blank one without a Book."""
    tables = [(table, book[table.name] if book else None) for table in edition.table]
    written = ((table, filled) for table, filled in tables if not table.generated or (filled and filled.rows))
    return WorkbookLayout(edition, {table.name: _sheet(edition, table, filled) for table, filled in written})


def captions(table: TableDeclaration, block: Block, column: Column) -> tuple[str, ...]:
    """The header path of a column; of side by side blocks the name stands outermost."""
    return (block.name, *column.captions) if len(table.block) > 1 else column.captions


def _factor(edition: Edition, table: TableDeclaration) -> str:
    """As in `BlockLayout`; a table has a scale of its own only where the workbook has one unit of money."""
    if table.money is None:
        return ""
    named = edition.choices(edition.house.money)[0]
    coarser = PER_WAN[named] // PER_WAN[table.money.unit]
    finer = PER_WAN[table.money.unit] // PER_WAN[named]
    return f"*{coarser}" if coarser > 1 else f"/{finer}" if finer > 1 else ""


def scaled(edition: Edition) -> bool:
    """Whether tables differ in scale, so that each amount has to tell how closely it is known."""
    return len(edition.scales) > 1


def _terms(edition: Edition, table: TableDeclaration) -> Decimal:
    """As in `BlockLayout`; where all tables have one scale, the sheet 校验 allows for it as a whole."""
    if not scaled(edition):
        return ONE
    unit = edition.unit_of(table.name, edition.choices(edition.house.money)[0])
    return Decimal(edition.scale(table.name).terms(ONE, unit))


def _sheet(edition: Edition, table: TableDeclaration, filled: Table | None) -> SheetLayout:
    depth = max(len(captions(table, block, column)) for block in table.block for column in block.columns)
    top = HEADER_TOP + depth
    bottom = top + max(sum(not row.bottom for row in block.rows) for block in table.block)
    blocks: list[BlockLayout] = []
    for block in table.block:
        left = sum(len(before.columns) for before in table.block[: len(blocks)])
        lines = (*_fixed(block, top, bottom, filled), *_open(table, block, top, filled))
        scale = edition.scale(table.name)
        own = _factor(edition, table), _terms(edition, table), scale.places
        blocks.append(BlockLayout(table.name, block, left, lines, *own))
    width = sum(len(block.columns) for block in table.block)
    told = any(row.hint or row.measure or row.required for block in table.block for row in block.rows)
    return SheetLayout(table, depth, tuple(blocks), width if told else None)


def _fixed(block: Block, top: int, bottom: int, filled: Table | None) -> Iterator[Line]:
    for row in (row for row in block.rows if not row.bottom):
        yield Line(top, "fixed", row.key, row, filled.get(row.key) if filled else None)
        top += 1
    for row in (row for row in block.rows if row.bottom):
        yield Line(bottom, "fixed", row.key, row, filled.get(row.key) if filled else None)
        bottom += 1


def _open(table: TableDeclaration, block: Block, top: int, filled: Table | None) -> Iterator[Line]:
    if not block.open:
        return
    top += len(block.rows)
    if table.total != "none":
        yield Line(top, "total", TOTAL, source=filled.get(TOTAL) if filled else None)
        top += 1
    rows = [r for r in filled.rows if r.key not in table.fixed and r.key != TOTAL] if filled else []
    for row in rows:
        yield Line(top, "line" if row.line else "sum", row.key, source=row)
        top += 1
    told = any(column.told for column in block.columns if column.name in block.key)
    empty = max(block.open - len(rows), SPARE if rows and not told else 0)
    yield from (Line(place, "line", f"第{place + 1}行") for place in range(top, top + empty))
