"""The values that travel through budgetgen. All are immutable; amounts are `Decimal` in 万元."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from budgetgen.values.amounts import ZERO
from budgetgen.values.text import as_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.values.places import FilePlace

Value: TypeAlias = Decimal | str | date | None

TOTAL = "总计"
"""Key and level of the row that adds a table up."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure or text.

    Attributes:
        value: None is blank, which is not zero.
        place: where it stands; None for a row that stands in no file.
        given: whether a person entered it; a given value is checked, never overwritten.
        terms: how many figures rounded to 0.01 万元 it was added up from: 1 for a figure given in 万元,
            1/100 for one rounded to whole 元, 0 for one known exactly, their sum for a derived one. Its rounding
            error is below 0.005·terms.
        shown: what the workbook's own formula shows in a cell that is derived, to be compared.
    """

    value: Value = None
    place: FilePlace | None = None
    given: bool = False
    terms: Decimal | int = 0
    shown: Value = None

    @property
    def amount(self) -> Decimal:
        """Its number: blank, as any text, is zero."""
        return self.value if isinstance(self.value, Decimal) else ZERO


BLANK = Cell()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table.

    Attributes:
        key: what the row is known by within its table: a code, a row name, or both joined by `/`.
        level: 总计, 类, 款, 项, 单位, 项目 …: the edition's name for its depth.
        parent: the key of the row that it is added up into, None for the topmost.
        cells: by column name.
        line: whether it is a leaf that others are added up from.
    """

    key: str
    level: str
    parent: str | None
    cells: Mapping[str, Cell]
    line: bool = True

    def __getitem__(self, column: str) -> Cell:
        """The cell of a column; blank where the row has none."""
        return self.cells.get(column, BLANK)

    @property
    def place(self) -> FilePlace | None:
        """Where it stands: the place of the first cell that has one."""
        return next((cell.place for cell in self.cells.values() if cell.place), None)

    def text(self, column: str) -> str:
        """A cell as text, empty for blank."""
        value = self.cells.get(column, BLANK).value
        return "" if value is None else str(value)

    def with_cells(self, cells: Mapping[str, Cell]) -> Row:
        """The same row with some cells replaced."""
        return replace(self, cells={**self.cells, **cells})


class _Alike(NamedTuple):
    """The rows with the same text in a column, and where they stand among all."""

    indexes: Sequence[int]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Table:
    """The rows of one table, in reading order; after derivation with every subtotal row."""

    name: str
    rows: tuple[Row, ...] = ()

    @cached_property
    def _by_key(self) -> Mapping[str, Row]:
        return {row.key: row for row in reversed(self.rows)}

    @cached_property
    def _children(self) -> Mapping[str | None, tuple[Row, ...]]:
        groups: dict[str | None, list[Row]] = {}
        for row in self.rows:
            groups.setdefault(row.parent, []).append(row)
        return {parent: tuple(rows) for parent, rows in groups.items()}

    @cached_property
    def _at(self) -> dict[str, tuple[Row, ...]]:
        """Level → its rows. Filled on first use."""
        return {}

    def at(self, level: str) -> tuple[Row, ...]:
        """The rows of a level, or all lines where none is named, in order."""
        if level not in self._at:
            rows = (row for row in self.rows if (row.level == level if level else row.line))
            self._at[level] = tuple(rows)
        return self._at[level]

    @cached_property
    def _by_text(self) -> dict[tuple[str, str], Mapping[str | None, _Alike]]:
        """Column, level → name → its rows: "" for the blank ones, None for numbers. Filled on first use."""
        return {}

    def candidates(self, column: str, text: str, level: str = "", *, settled: bool = True) -> tuple[Row, ...]:
        """The rows `at` a level that may read like a text in a column: those with another name are left out.

        Args:
            column: its name.
            text: what is looked for.
            level: as for `at`.
            settled: whether what is blank stays so, and is not yet to be derived.
        """
        rows, known = self.at(level), self._by_text.get((column, level))
        if known is None:
            known = self._by_text[column, level] = _texts(rows, column)
        name = as_named(text)
        keys = dict.fromkeys((name, None) if settled else (name, None, ""))
        found = [known[key] for key in keys if key in known]
        if len(found) == 1:
            return found[0].rows
        return tuple(rows[index] for index in sorted(chain(*(alike.indexes for alike in found))))

    def get(self, key: str) -> Row | None:
        """The (first) row of that key."""
        return self._by_key.get(key)

    def children(self, key: str) -> tuple[Row, ...]:
        """The rows that the row of that key is the sum of."""
        return self._children.get(key, ())

    def lines(self) -> Iterator[Row]:
        """The leaf rows: those that nothing below adds up to."""
        return iter(self.at(""))


def _texts(rows: tuple[Row, ...], column: str) -> Mapping[str | None, _Alike]:
    groups: dict[str | None, list[int]] = {}
    for index, row in enumerate(rows):
        value = "" if row[column].value is None else row[column].value
        groups.setdefault(as_named(value) if isinstance(value, str) else None, []).append(index)
    return {text: _Alike(indexes, tuple(rows[i] for i in indexes)) for text, indexes in groups.items()}


@dataclass(frozen=True)
class Book:
    """The budget of one unit or department for one year.

    Attributes:
        edition: id of the disclosure format.
        file: name of the file that it was read from.
        tables: by stable name; every table of the edition is there, empty where nothing was given.
    """

    edition: str
    file: str
    tables: Mapping[str, Table] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Table:
        """A table by its stable name."""
        return self.tables[name]

    def cell(self, table: str, key: str, column: str) -> Cell:
        """A cell, blank where the row is absent."""
        row = self.tables[table].get(key)
        return row[column] if row else BLANK

    def with_tables(self, tables: Mapping[str, Table]) -> Book:
        """The same Book with some tables replaced."""
        return replace(self, tables={**self.tables, **tables})


# --- what is printed ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph.

    Attributes:
        text: as printed.
        open: it stands for something still missing; drafts highlight it.
        spots: the cells that it tells, as (table, row key, column).
    """

    text: str
    open: bool = False
    spots: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph in one of the template's styles.

    Attributes:
        style: 一级标题 (一、), 二级标题 (（一）) or 正文.
        runs: its pieces in order.
        statement: id of the statement that it says, empty for headings.
    """

    style: str
    runs: tuple[Run, ...]
    statement: str = ""

    @property
    def text(self) -> str:
        """The whole paragraph."""
        return "".join(run.text for run in self.runs)

    @property
    def spots(self) -> tuple[tuple[str, str, str], ...]:
        """The cells that it tells."""
        return tuple(spot for run in self.runs for spot in run.spots)


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """One of the numbered tables, every cell a text as printed.

    Attributes:
        name: stable name.
        number: 1 …
        title: its title line.
        preparer: 编制单位：…
        money: 单位：万元
        rows: the body rows in printed order: column name → text. Where a table has several blocks the
            name is `block.column`; a code's parts stand under their own captions (类, 款, 项).
        emphasised: indexes of the rows that are printed as sums.
        remarks: the lines below it.
        spots: for each row the cells that it tells, by the same names, as (table, row key, column).
        sums: indexes of all rows that add lines of theirs up; None of a table whose rows are fixed.
        without: the declared columns that this document does not have, by the same names.
        mark: how its number is printed where it is not the number itself: 1-1.
    """

    name: str
    number: int
    title: str
    preparer: str
    money: str
    rows: tuple[Mapping[str, str], ...]
    emphasised: frozenset[int] = frozenset()
    remarks: tuple[str, ...] = ()
    spots: tuple[Mapping[str, tuple[str, str, str]], ...] = ()
    sums: frozenset[int] | None = None
    without: frozenset[str] = frozenset()
    mark: str = ""

    @property
    def ordinal(self) -> str | int:
        """Its number as it is printed and told."""
        return self.mark or self.number


@dataclass(frozen=True, slots=True)
class PerformanceGrid:
    """A performance table.

    Attributes:
        id: which declaration of the edition it follows.
        title: the lines above it.
        head: column name → text.
        rows: the indicator rows: column name → text; blank in a merged column means as above.
        spots: the cells that the head tells, then those of each row, as (table, row key, column).
    """

    id: str
    title: tuple[str, ...]
    head: Mapping[str, str]
    rows: tuple[Mapping[str, str], ...]
    spots: tuple[Mapping[str, tuple[str, str, str]], ...] = ()


Printed: TypeAlias = Paragraph | PrintedTable | PerformanceGrid


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """One of the four parts: its heading and what follows."""

    heading: str
    blocks: tuple[Printed, ...]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The whole document, complete before writing starts.

    Attributes:
        edition: id of the disclosure format; names the Word template.
        unit: full name, for the document properties.
        year: the budget year.
        date: of publication, None while it is not given.
        subject: what kind of document it is.
        cover: lines of the cover.
        contents: heading of the table of contents.
        entries: its entries as (level 1 or 2, text), one for each part and each 一级标题 or table, in order.
        parts: the four parts.
        signature: the closing lines.
        draft: the mark on every page, empty for a document to be published.
        file: the name of the file, without folder and ending.
    """

    edition: str
    unit: str
    year: int
    date: date | None
    subject: str
    cover: tuple[str, ...]
    contents: str
    entries: tuple[tuple[int, str], ...]
    parts: tuple[PrintedPart, ...]
    signature: tuple[str, ...]
    draft: str
    file: str
