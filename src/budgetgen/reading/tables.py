"""From the rows of a sheet to a table of the Book, by the edition's declarations.

Columns are found by their captions, rows by their labels, never by position; captions are compared after NFKC
and without white space, never fuzzily.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.book import relations
from budgetgen.book.outline import TOP, Outline, Position
from budgetgen.reading.cells import NOTHING, CellReader, Raw, digits
from budgetgen.reading.strays import Address, said_around, strays
from budgetgen.values import amounts
from budgetgen.values.findings import Finding, Severity, Spot
from budgetgen.values.model import Cell, Row, Table
from budgetgen.values.places import SheetPlace, cells_of
from budgetgen.values.sayings import saying
from budgetgen.values.text import caption, clean, one_line

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Set as AbstractSet
    from decimal import Decimal

    from budgetgen.edition.declarations import Block, Column, Edition, FixedRow, TableDeclaration
    from budgetgen.reading.strays import SaidAround
    from budgetgen.values.places import FilePlace
    from budgetgen.values.sayings import Stated

Line: TypeAlias = Sequence[Raw]
"""One row of a sheet, from column A on."""

NAMING = frozenset({"code", "item", "unit", "label", "name"})
"""The types of columns that say what a row is of."""
COUNTED = re.compile(r"\d{1,2}(?:=[\d+=]*)?")
"""The number of a column, with or without what it is added up from."""
LISTED = re.compile(
    r"(?:其中:|[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十\d]+\)|\d+[、.]?(?=[\u4e00-\u9fff]))+"
)
"""What stands before the words of a label: its number, its code, or that it is a part of the one above."""
MANY = 2
"""A header row is the first row in which that many cells are captions of the table."""


@dataclass(frozen=True)
class Header:
    """Where the columns of a table stand.

    Attributes:
        top: how many rows stand above it.
        rows: how many rows from the top of the sheet to the end of the header.
        places: (block index, column name) → the sheet columns that hold it; several where a code is in parts.
        strangers: sheet columns with a caption that is not declared.
        doubles: captions that stand twice.
        known: what may stand in it: all captions of the table.
        loose: the columns that do not stand below the captions that they are declared below.
    """

    rows: int
    places: Mapping[tuple[int, str], tuple[int, ...]]
    strangers: Mapping[int, str] = field(default_factory=dict)
    doubles: tuple[str, ...] = ()
    top: int = 0
    known: frozenset[str] = frozenset()
    loose: frozenset[tuple[int, str]] = frozenset()


@dataclass(frozen=True)
class _Read:
    """What became of one row of a sheet.

    Attributes:
        names: the columns whose cells were read, or of which it is told that they were not.
        row: of the table.
        findings: on the row and its cells.
    """

    names: Collection[str]
    row: Row | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class TableReader:
    """Reads one table.

    Attributes:
        edition: the format.
        table: the declaration.
        tree: its outline in documents of this kind.
        cells: reads its cells.
        unit: name of the unit that the workbook is of; stands for a blank unit.
        sheet: the sheet's name, for places.
        outside: whether it is told what stands on the sheet and was not read.
    """

    edition: Edition
    table: TableDeclaration
    tree: Outline
    cells: CellReader
    unit: str
    sheet: str
    outside: bool = True

    def read(self, lines: Sequence[Line], header: Header) -> tuple[Table, tuple[Finding, ...]]:
        """The table and what is wrong with its cells and rows, and where something stands that was not read."""
        rows: list[Row] = []
        findings: list[Finding] = []
        seen: set[Address] = set()
        for index, block in enumerate(self.table.block):
            columns = {
                c.name: header.places[index, c.name]
                for c in block.columns
                if (index, c.name) in header.places
            }
            for number, read in enumerate(
                self._rows(block, columns, lines[header.rows :]) if columns else ()
            ):
                findings += read.findings
                rows += [read.row] if read.row else []
                seen |= {(header.rows + number, place) for name in read.names for place in columns[name]}
        left = self._left(lines, header, seen) if self.outside else {}
        return Table(self.table.name, tuple(rows)), (*findings, *strays(self.edition, self.table.name, left))

    def _left(self, lines: Sequence[Line], header: Header, seen: AbstractSet[Address]) -> dict[Address, Raw]:
        """The cells that were not read, besides what the program itself writes around a table."""
        own = said_around(self.edition, self.table.name)
        told = {column for column in header.strangers if _filled_below(lines[header.rows :], column)}
        return {
            (number, column): raw
            for number, line in enumerate(lines)
            for column, raw in enumerate(line)
            if not (raw.blank or (number, column) in seen or (column in told and number >= header.rows))
            and not (column in told and caption(raw.value) == header.strangers[column])
            and not self._expected(raw, number, header, own)
        }

    def _expected(self, raw: Raw, number: int, header: Header, own: SaidAround) -> bool:
        """Whether a cell that is not read says what may stand there."""
        if raw.numeric:
            return False
        text = caption(raw.value)
        if header.top <= number < header.rows and (text in header.known or self._counts(text)):
            return True
        return own.hold(text) or (number < header.top and self._heads(raw))

    def _counts(self, text: str) -> bool:
        """Whether a cell of the header tells the number of a column."""
        own = {caption(self.edition.layout.uncounted), *_counting(self.edition)}
        return text in own or COUNTED.fullmatch(text) is not None

    def _heads(self, raw: Raw) -> bool:
        """Whether a cell above a table may belong to its heading: a formula's words, or in a document any words."""
        return raw.formula or (not self.cells.stored and _number(raw) is None)

    # --- rows ---

    def _rows(
        self, block: Block, columns: Mapping[str, tuple[int, ...]], lines: Sequence[Line]
    ) -> Iterator[_Read]:
        """What became of each line."""
        ordinal = 0
        taken: list[int] = []
        carried: dict[str, Cell] = {}
        merged: dict[FilePlace | None, None] = {}
        called = _RowNames.of(block)
        own = [column for column in block.columns if column.name in columns]
        for line in lines:
            stored = {name: _join(line, where) for name, where in columns.items()}
            if all(self._untouched(column, stored[column.name]) for column in own):
                yield _Read(stored)
                continue
            raws = {name: self._spread(block, name, raw) for name, raw in stored.items()}
            told = tuple(self._covered(block, raws, merged))
            found = self._fixed(block, raws, taken, called)
            if found is not None:
                taken.append(found)
                read = self._fixed_row(block, block.rows[found], raws)
            elif not block.open:
                read = self._stranger(block, raws)
            else:
                ordinal += 1
                read = self._open_row(block, raws, ordinal, carried)
            yield replace(read, findings=(*told, *read.findings))

    def _spread(self, block: Block, name: str, raw: Raw) -> Raw:
        """What names a row names each row that it is merged over; figures and texts are those of one row."""
        column = self.table.columns[name]
        names = name in block.key or column.merge or column.type in NAMING
        if raw.under is None or not raw.blank or not names or _letters(raw) != _letters(raw.under):
            return raw
        return raw.under._replace(place=raw.place)

    def _covered(
        self, block: Block, raws: Mapping[str, Raw], merged: dict[FilePlace | None, None]
    ) -> Iterator[Finding]:
        """The merged cells that hold what is read as of their first cell only, each once; what they cover."""
        for name, raw in raws.items():
            over, column = raw.under, block.column(name)
            if over is None or column is None or column.type == "name":
                continue
            called = column.captions[-1]
            if not raw.blank:
                told = saying("covered", 列=called, 存的=str(raw.value)[:40])
                yield self._finding("cell-merged", told, raw.place, name)
            elif not over.blank and over.place not in merged:
                merged[over.place] = None
                told = saying(列=called, 那一格=cells_of(over.place), 存的=str(over.value)[:40])
                yield self._finding("cell-merged", told, raw.place, name)

    def _untouched(self, column: Column, raw: Raw) -> bool:
        """Whether a cell of a line holds nothing of a person's.

        It is blank, or a formula that shows nothing or 0, as a link to an empty cell does. The workbook's own
        formulas need no result, and their words tell nothing.
        """
        if not raw.formula:
            return raw.blank
        if raw.numeric:
            return bool(raw.value == 0)
        own = column.type == "name" or self._derived(column, relations.ANY, line=True)
        return own or (raw.blank and not raw.uncomputed)

    def _fixed(
        self, block: Block, raws: Mapping[str, Raw], taken: Sequence[int], called: _RowNames
    ) -> int | None:
        """The fixed row that a label names: of several the next one not yet taken, else the one that stands twice."""
        label = block.label
        if label is None and len(block.rows) == 1 and not block.open:
            return None if taken else 0  # a row that needs no name
        if label is None or label.name not in raws:
            return None
        known = called.rows(caption(raws[label.name].value))
        if block.key and any(not raws[key].blank for key in block.key if key != label.name and key in raws):
            return None
        free = [i for i in known if i not in taken]
        after = [i for i in free if i > taken[-1]] if taken else free
        return next(iter((*after, *free, *reversed(known))), None)

    def _fixed_row(self, block: Block, fixed: FixedRow, raws: Mapping[str, Raw]) -> _Read:
        cells: dict[str, Cell] = {}
        findings: list[Finding] = []
        value = block.value.name if block.value else ""
        for column in block.of_row(fixed):
            if column.type == "label":
                cells[column.name] = Cell(fixed.key, raws[column.name].place)
            elif column.name in raws:
                called = column.captions[-1]
                called = fixed.caption if column.name == value else f"{fixed.caption}”的“{called}"
                cells[column.name], complaints = self._cell(
                    raws[column.name], column, fixed.key, line=True, called=called
                )
                findings += complaints
        void = (c.name for c in block.columns if c.name in raws and self._untouched(c, raws[c.name]))
        return _Read({*cells, *void}, Row(fixed.key, "", None, cells), tuple(findings))

    def _open_row(
        self, block: Block, raws: Mapping[str, Raw], ordinal: int, carried: dict[str, Cell]
    ) -> _Read:
        if self._is_total(block, raws):
            money = {name: raw for name, raw in raws.items() if (c := block.column(name)) and c.numeric}
            cells, findings = self._cells(block, money, TOP)
            return _Read(raws, Row(TOP.key, TOP.level, None, cells, line=False), findings)
        if stray := self._stray(block, raws):
            told = saying(原文=one_line(str(stray.value)))
            return _Read(raws, None, (self._untaken("row-not-code", told, stray, raws),))
        place = self.tree.position(self._keys(block, raws), ordinal)
        cells, findings = self._cells(block, raws, place)
        self._carry(block, cells, carried)
        if all(cell.value is None for cell in cells.values()):
            return _Read(raws, None, (*findings, *self._nameless(block, cells)))
        above = self.tree.above(place)
        cells = {**cells, **self._units(block, cells, place)}
        row = Row(place.key, place.level, above.key if above else None, cells, place.line)
        return _Read(raws, row, findings)

    def _nameless(self, block: Block, cells: Mapping[str, Cell]) -> Iterator[Finding]:
        """That the formulas of a line show a number, where nothing is filled in that they could be of."""
        shown = next((cell for cell in cells.values() if cell.shown), None)
        if shown and block.key:
            told = saying("formula", 显示=str(shown.shown), 列=block.key[-1])
            yield self._finding("row-without-key", told, shown.place)

    def _stray(self, block: Block, raws: Mapping[str, Raw]) -> Raw | None:
        """What stands where a code should and is words: a remark below the table."""
        codes = (raws[name] for name in block.key if name in raws and self.table.columns[name].type == "code")
        return next((raw for raw in codes if isinstance(raw.value, str) and _has_words(raw.value)), None)

    def _keys(self, block: Block, raws: Mapping[str, Raw]) -> dict[str, str]:
        """The texts of the key columns; a blank unit is that of the workbook."""
        keys = {}
        units = {column.name: self.unit for column in _own_units(block)}
        for column in block.columns:
            if column.name in block.key and column.name in raws:
                value = self.cells.read(raws[column.name], column, derived=False)[0].value
                keys[column.name] = str(value or units.get(column.name, ""))
        return {name: keys.get(name, units.get(name, "")) for name in block.key}

    def _is_total(self, block: Block, raws: Mapping[str, Raw]) -> bool:
        if self.table.total == "none":
            return False
        texts = {
            caption(raw.value) for name, raw in raws.items() if (c := block.column(name)) and not c.numeric
        }
        totals = _totals(self.edition)
        return bool(texts & totals) and texts <= {*totals, ""}

    def _units(self, block: Block, cells: Mapping[str, Cell], place: Position) -> dict[str, Cell]:
        """A blank unit is the unit of the workbook."""
        return {
            column.name: Cell(self.unit, cells[column.name].place if column.name in cells else None)
            for column in _own_units(block)
            if place.line and cells.get(column.name, Cell()).value is None
        }

    def _carry(self, block: Block, cells: dict[str, Cell], carried: dict[str, Cell]) -> None:
        """A blank cell of a merged column repeats the one above, until a column to its left changes."""
        changed = False
        for column in block.columns:
            if not column.merge or column.name not in cells:
                continue
            if cells[column.name].value is not None:
                changed = changed or cells[column.name].value != carried.get(column.name, Cell()).value
                carried[column.name] = cells[column.name]
            elif changed:
                carried.pop(column.name, None)
            elif column.name in carried:
                cells[column.name] = Cell(carried[column.name].value, cells[column.name].place, given=True)

    def _stranger(self, block: Block, raws: Mapping[str, Raw]) -> _Read:
        label = block.label
        named = raws.get(label.name) if label else None
        if label and named and named.uncomputed:
            return _Read(raws, None, self._cell(named, label, relations.ANY, line=True)[1])
        others = {name: raw for name, raw in raws.items() if raw is not named}
        said = (raw for raw in others.values() if not raw.blank or raw.uncomputed)
        filled = next((raw for raw in said if self.cells.stored or not _void(raw)), None)
        if filled is None:
            return _Read(others)
        name = clean(str(named.value or ""))[0] if named else ""
        held = saying("formula") if filled.uncomputed else saying("value", 值=str(filled.value))
        told = saying(行=name, 内容=held)
        return _Read(raws, None, (self._untaken("row-unknown", told, filled, others),))

    def _untaken(self, rule: str, told: Stated, first: Raw, raws: Mapping[str, Raw]) -> Finding:
        """That a row is not read: at the cell that says so, with all others in which something stands."""
        filled = (raw.place for raw in raws.values() if not raw.blank)
        places = dict.fromkeys((first.place, *filled))
        spots = (Spot(self.table.name, place=place) for place in places)
        return Finding.of(self.edition.rules[rule], told, *spots)

    # --- cells ---

    def _cells(
        self, block: Block, raws: Mapping[str, Raw], place: Position
    ) -> tuple[dict[str, Cell], tuple[Finding, ...]]:
        cells: dict[str, Cell] = {}
        findings: list[Finding] = []
        for column in block.columns:
            if column.name in raws:
                cells[column.name], complaints = self._cell(
                    raws[column.name], column, place.key, line=place.line
                )
                findings += complaints
        return cells, tuple(findings)

    def _cell(
        self, raw: Raw, column: Column, key: str, *, line: bool, called: str = ""
    ) -> tuple[Cell, tuple[Finding, ...]]:
        """A cell and what is wrong with it; it is called by its caption, in a fixed row by that of the row."""
        derived = self._derived(column, key, line=line)
        cell, complaints = self.cells.read(raw, column, derived=derived)
        return cell, tuple(
            self._finding(c.rule, c.of(called or column.captions[-1], self.edition), raw.place, column.name)
            for c in complaints
        )

    def _derived(self, column: Column, key: str, *, line: bool) -> bool:
        """Whether a relation computes a cell, so that a formula in it is the workbook's own."""
        return relations.derives(self.edition, self.table.name, key, column.name, line=line)

    def _finding(self, rule: str, told: Stated, place: FilePlace | None, column: str = "") -> Finding:
        return Finding.of(self.edition.rules[rule], told, Spot(self.table.name, column=column, place=place))


def _has_words(text: str) -> bool:
    """Whether it holds Chinese signs, which no code has."""
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def _letters(raw: Raw) -> str:
    """The column of a cell: E of `支出总体!E12`."""
    return cells_of(raw.place).rstrip("0123456789")


@dataclass(frozen=True)
class _RowNames:
    """What the fixed rows of a block are called.

    Attributes:
        exact: label → the numbers of the rows.
        bare: the label without its mark → likewise.
    """

    exact: Mapping[str, Sequence[int]]
    bare: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, block: Block) -> _RowNames:
        """Those of a block, made once for all its lines."""
        exact: dict[str, list[int]] = {}
        bare: dict[str, list[int]] = {}
        for number, row in enumerate(block.rows):
            labels = {_marked(caption(text)) for text in (row.caption, row.key, *row.aliases)}
            for label in labels:
                exact.setdefault(label, []).append(number)
            for label in {_unlisted(label) for label in labels}:
                bare.setdefault(label, []).append(number)
        return cls(exact, bare)

    def rows(self, text: str) -> Sequence[int]:
        """Those that a label may name; one without a mark of its own may be any that differs by its mark only."""
        bare, exact = _unlisted(text), self.exact.get(_marked(text), ())
        if not bare or (exact and bare != text):
            return exact
        return sorted({*exact, *self.bare.get(bare, ())})


def _unlisted(label: str) -> str:
    found = LISTED.match(label)
    return label[found.end() :] if found else label


def _void(raw: Raw) -> bool:
    """Whether a cell tells that there is nothing: a zero or a sign for it."""
    try:
        return not raw.uncomputed and not amounts.parse(str(raw.value))
    except amounts.NotANumberError:
        return False


@lru_cache(maxsize=4096)
def _marked(label: str) -> str:
    """A label whose number may be followed by any mark: 1. and 1、 are the same; kept, as captions are."""
    return re.sub(r"^(\d+)[、.．]", r"\1.", label)


def _join(line: Line, where: tuple[int, ...]) -> Raw:
    """A cell, or the parts of a code as one; without the result of a part there is none of the whole."""
    if len(where) == 1:
        return line[where[0]] if where[0] < len(line) else NOTHING
    parts = [line[index] if index < len(line) else NOTHING for index in where]
    if missing := next((part for part in parts if part.uncomputed), None):
        return missing
    text = "".join("" if part.blank else digits(part).strip() for part in parts)
    return Raw(text or None, formula=False, place=parts[0].place)


# --- complaints about columns ---------------------------------------------------------------------------------


def column_findings(
    edition: Edition,
    table: TableDeclaration,
    lines: Sequence[Line],
    header: Header,
    place: FilePlace | None,
    called: Stated,
) -> Iterator[Finding]:
    """Columns that are missing, stand twice, or hold something that is not read.

    Args:
        edition: the format.
        table: which was looked for.
        lines: the rows of the sheet or of the printed table.
        header: what was found in them.
        place: the sheet; None where the table stands in none.
        called: the sheet or printed table, for messages.
    """

    def told(rule: str, stated: Stated, place: FilePlace | None = place) -> Finding:
        return Finding.of(edition.rules[rule], stated, Spot(table.name, place=place))

    for index, block in enumerate(table.block):
        for column in block.columns:
            if (index, column.name) in header.places or column.type == "unit":
                continue
            lacks = told("column-missing", saying(何处=called, 列=column.captions[-1]))
            left_out = Spot(table.name, column=column.name, place=place)
            yield replace(lacks, severity=Severity.NOTE, spots=(left_out,)) if column.only else lacks
    for text in header.doubles:
        yield told("column-duplicate", saying(何处=called, 列=text))
    for index, text in header.strangers.items():
        if held := _filled_below(lines[header.rows :], index):
            yield told("column-unknown", saying(列=text), _extent(held))


def _own_units(block: Block) -> Iterator[Column]:
    """The columns of units in which a blank is the unit of the workbook."""
    return (column for column in block.columns if column.type == "unit" and not column.apart)


def _filled_below(lines: Sequence[Line], index: int) -> tuple[Raw, ...]:
    """What stands in a column; formulas without a result only where nothing else does."""
    cells = [line[index] for line in lines if index < len(line)]
    return tuple(c for c in cells if not c.blank) or tuple(c for c in cells if c.uncomputed)


def _extent(cells: Sequence[Raw]) -> FilePlace | None:
    """The range of the cells of a column; in a document, which has no ranges, the first of them."""
    first, last = cells[0].place, cells[-1].place
    if first == last or not isinstance(first, SheetPlace):
        return first
    return first._replace(cells=f"{first.cells}:{cells_of(last)}")


def _number(raw: Raw) -> Decimal | None:
    """The number that a cell holds as such or as a text; None where it holds anything else."""
    try:
        return amounts.parse(str(raw.value))
    except amounts.NotANumberError:
        return None


# --- finding the columns ------------------------------------------------------------------------------------


def path_of(table: TableDeclaration, block: Block, column: Column) -> tuple[str, ...]:
    """The captions of a column from the outermost in, as compared."""
    outer = (block.name,) if len(table.block) > 1 else ()
    return tuple(caption(text) for text in (*outer, *column.captions))


def find_header(
    edition: Edition, table: TableDeclaration, lines: Sequence[Line], ignored: frozenset[str] = frozenset()
) -> Header | None:
    """Where the columns stand; None where there is no header of this table.

    Args:
        edition: the format.
        table: whose header is looked for.
        lines: the rows of the sheet or of the printed table.
        ignored: captions that hold nothing to read.
    """
    paths = [path_of(table, block, column) for block in table.block for column in block.columns]
    parts = {caption(part) for block in table.block for column in block.columns for part in column.parts}
    aliases = {
        caption(alias) for block in table.block for column in block.columns for alias in column.aliases
    }
    captions = frozenset({text for path in paths for text in path} | parts | aliases | ignored)
    top = next((i for i, line in enumerate(lines) if sum(t in captions for t in _texts(line)) >= MANY), None)
    if top is None:
        return None
    end = top + 1
    depth = max(len(path) for path in paths)
    top = _outermost(lines, top, depth, captions)
    while end < len(lines) and _continues(lines[end], captions, _totals(edition), end < top + depth):
        end += 1
    filled = next((i for i in range(end, len(lines)) if any(_texts(lines[i]))), end)
    numbered = filled < len(lines) and _numbers_columns(edition, lines[filled])
    rows = filled + 1 if numbered else end
    header = _places(table, [_texts(line) for line in lines[top:end]], rows, ignored)
    return replace(header, top=top, known=captions)


def _outermost(lines: Sequence[Line], top: int, depth: int, captions: frozenset[str]) -> int:
    """The first row of a header, where rows of one caption, which spans others, stand above the first of several."""
    first = top
    while first > max(0, top - depth + 1) and not captions.isdisjoint(_texts(lines[first - 1])):
        first -= 1
    return first


def _texts(line: Line) -> list[str]:
    return [caption(raw.value) for raw in line]


def _numbers_columns(edition: Edition, line: Line) -> bool:
    """Whether a row numbers the columns: with the sign for one that is not counted, or 1, 2, 3 and nothing else."""
    texts = list(filter(None, _texts(line)))
    counts = [text for text in texts if text not in _counting(edition)]
    in_order = [text.partition("=")[0] == str(number) for number, text in enumerate(counts, start=1)]
    told = len(counts) >= MANY and all(in_order) and all(COUNTED.fullmatch(text) for text in counts)
    return told or caption(edition.layout.uncounted) in texts


def _counting(edition: Edition) -> frozenset[str]:
    """What stands before numbers of rows or columns."""
    return frozenset(map(caption, edition.forms.counting))


def _totals(edition: Edition) -> frozenset[str]:
    """What a total row may be called."""
    return frozenset(caption(name) for name in edition.house.totals)


def _continues(line: Line, captions: frozenset[str], totals: frozenset[str], expected: bool) -> bool:
    """Whether a row belongs to the header: captions, and not the row of the total.

    Within the declared depth one caption is enough, so that a misspelt one beside it is named as such.
    """
    texts = set(filter(None, _texts(line)))
    if texts <= totals or any(raw.formula for raw in line):
        return False
    return bool(texts & captions) if expected else texts <= captions


def _places(table: TableDeclaration, texts: list[list[str]], rows: int, ignored: frozenset[str]) -> Header:
    seen = list(_captions(texts))
    places: dict[tuple[int, str], tuple[int, ...]] = {}
    doubles: list[str] = []
    loose: set[tuple[int, str]] = set()
    outer = {index: captions[:-1] for index, captions in seen}
    for index, block in enumerate(table.block):
        for column in block.columns:
            path = path_of(table, block, column)
            found = _columns_of(path, column, seen)
            loose |= {(index, column.name) for where in found[:1] if outer[where] != path[:-1]}
            if len(found) > 1:
                doubles.append(column.captions[-1])
            if found:
                places[index, column.name] = found[:1]
            elif parts := _parts_of(column, seen):
                places[index, column.name] = parts
    places = _unshared(places, loose)
    used = {i for where in places.values() for i in where}
    strangers = {i: path[-1] for i, path in seen if i not in used and path[-1] not in ignored}
    return Header(rows, places, strangers, tuple(doubles), loose=frozenset(loose))


def _unshared(
    places: Mapping[tuple[int, str], tuple[int, ...]], loose: Collection[tuple[int, str]]
) -> dict[tuple[int, str], tuple[int, ...]]:
    """The columns without those that were found in a place of another: one column of a sheet is one of the table."""
    held = Counter(i for where in places.values() for i in where)
    return {
        key: where for key, where in places.items() if key not in loose or all(held[i] == 1 for i in where)
    }


def _captions(texts: list[list[str]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """For each sheet column: its own lowest caption, under those that span it."""
    for index in range(max(map(len, texts), default=0)):
        own = [depth for depth, row in enumerate(texts) if index < len(row) and row[index]]
        if own:
            above = [next((t for t in reversed(row[: index + 1]) if t), "") for row in texts[: own[-1]]]
            yield index, (*filter(None, above), texts[own[-1]][index])


def _columns_of(
    path: tuple[str, ...], column: Column, seen: list[tuple[int, tuple[str, ...]]]
) -> tuple[int, ...]:
    """The sheet columns of a caption: those under the declared outer captions, else the only one of that name.

    An alias may be the caption above, which nothing divides then.
    """
    names = {path[-1], *(caption(alias) for alias in column.aliases)}
    found = [(index, captions) for index, captions in seen if captions[-1] in names]
    exact = [index for index, captions in found if path[:-1] in (captions[:-1], captions)]
    return tuple(exact or ([found[0][0]] if len(found) == 1 else []))


def _parts_of(column: Column, seen: list[tuple[int, tuple[str, ...]]]) -> tuple[int, ...]:
    """The sheet columns of a code that is printed in parts."""
    where = [
        next((i for i, captions in seen if captions[-1] == caption(part)), None) for part in column.parts
    ]
    return tuple(i for i in where if i is not None) if where and None not in where else ()
