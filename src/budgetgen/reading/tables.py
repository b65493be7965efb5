"""From the rows of a sheet to a table of the Book, by the edition's declarations.

Columns are found by their captions, rows by their labels, never by position; captions are compared after NFKC
and without white space, never fuzzily.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from budgetgen.book import relations
from budgetgen.book.outline import TOP, Outline, Position
from budgetgen.reading.cells import NOTHING, CellReader, Line, Raw, digits
from budgetgen.reading.headers import (
    COUNTED,
    Header,
    counting_signs,
    filled_below,
    is_uncounted,
    total_names,
    without_notes,
)
from budgetgen.reading.strays import Address, said_around, strays
from budgetgen.values import amounts
from budgetgen.values.findings import Finding, Spot
from budgetgen.values.model import Cell, Row, Table
from budgetgen.values.places import cells_of
from budgetgen.values.repeats import in_full
from budgetgen.values.sayings import saying
from budgetgen.values.text import caption, clean, one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from decimal import Decimal

    from budgetgen.edition.declarations import Block, Column, Edition, FixedRow, TableDeclaration
    from budgetgen.reading.strays import SaidAround
    from budgetgen.values.model import Value
    from budgetgen.values.places import FilePlace
    from budgetgen.values.sayings import Stated

NAMING = frozenset({"code", "item", "unit", "label", "name"})
"""The types of columns that say what a row is of."""
LISTED = re.compile(
    r"(?:其中:|[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十\d]+\)|\d+[、.]?(?=[\u4e00-\u9fff]))+"
)
"""What stands before the words of a label: its number, its code, or that it is a part of the one above."""


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
        seen: defaultdict[int, set[int]] = defaultdict(set)
        for index, block in enumerate(self.table.block):
            columns = {
                c.name: header.places[index, c.name]
                for c in block.columns
                if (index, c.name) in header.places
            }
            for number, read in enumerate(
                self._rows(block, columns, lines[header.rows :]) if columns else (), start=header.rows
            ):
                findings += read.findings
                rows += [read.row] if read.row else []
                seen[number].update(*map(columns.__getitem__, read.names))
        left = self._left(lines, header, seen) if self.outside else {}
        return Table(self.table.name, tuple(rows)), (*findings, *strays(self.edition, self.table.name, left))

    def _left(
        self, lines: Sequence[Line], header: Header, seen: Mapping[int, AbstractSet[int]]
    ) -> dict[Address, Raw]:
        """The cells that were not read, by the columns that were in each row; but for what the program writes there."""
        own = said_around(self.edition, self.table.name)
        told = {column for column in header.strangers if filled_below(lines[header.rows :], column)}
        return {
            (number, column): raw
            for number, line in enumerate(lines)
            for column, raw in enumerate(line)
            if not (column in seen[number] or raw.blank or (column in told and number >= header.rows))
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
        own = text in counting_signs(self.edition) or is_uncounted(text, self.edition)
        return own or COUNTED.fullmatch(text) is not None

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
        carried: dict[str, Value] = {}
        merged: dict[FilePlace | None, None] = {}
        called = self.edition.once(row_names)[id(block)]
        total = self._only_total(block, columns, lines)
        idle = _Read(columns)
        for line in lines:
            stored = {name: _join(line, where) for name, where in columns.items()}
            something = (name for name, raw in stored.items() if raw.formula or raw.value is not None)
            if all(self._untouched(name, stored[name]) for name in something):
                yield idle
                continue
            raws = {name: self._spread(block, name, raw) for name, raw in stored.items()}
            told = tuple(self._covered(block, raws, merged))
            found = self._fixed(block, raws, taken, called, total)
            if found is not None:
                taken.append(found)
                read = self._fixed_row(block, block.rows[found], raws)
            elif not block.open:
                read = self._stranger(block, raws)
            else:
                ordinal += 1
                read = self._open_row(block, raws, ordinal, carried)
            yield replace(read, findings=(*told, *read.findings)) if told else read

    def _spread(self, block: Block, name: str, raw: Raw) -> Raw:
        """What names a row names each row that it is merged over; figures and texts are those of one row."""
        if raw.under is None or not raw.blank or _letters(raw) != _letters(raw.under):
            return raw
        column = self.table.columns[name]
        names = name in block.key or column.merge or column.type in NAMING
        return raw.under._replace(place=raw.place) if names else raw

    def _covered(
        self, block: Block, raws: Mapping[str, Raw], merged: dict[FilePlace | None, None]
    ) -> Iterator[Finding]:
        """The merged cells that hold what is read as of their first cell only, each once; what they cover."""
        for name, raw in raws.items():
            over = raw.under
            if over is None or (column := block.column(name)) is None or column.type == "name":
                continue
            called = column.captions[-1]
            if not raw.blank:
                told = saying("covered", 列=called, 存的=str(raw.value)[:40])
                yield self._finding("cell-merged", told, raw.place, name)
            elif not over.blank and over.place not in merged:
                merged[over.place] = None
                told = saying(列=called, 那一格=cells_of(over.place), 存的=str(over.value)[:40])
                yield self._finding("cell-merged", told, raw.place, name)

    def _untouched(self, name: str, raw: Raw) -> bool:
        """Whether a cell of a line holds nothing of a person's.

        It is blank, or a formula that shows nothing or 0, as a link to an empty cell does. The workbook's own
        formulas need no result, and their words tell nothing.
        """
        if not raw.formula:
            return raw.blank
        if raw.numeric:
            return bool(raw.value == 0)
        column = self.table.columns[name]
        own = column.type == "name" or self._derived(column, relations.ANY, line=True)
        return own or (raw.blank and not raw.uncomputed)

    def _fixed(
        self,
        block: Block,
        raws: Mapping[str, Raw],
        taken: Sequence[int],
        called: RowNames,
        total: Sequence[int],
    ) -> int | None:
        """The fixed row that a label names: of several the next one not yet taken, else the one that stands twice."""
        label = block.label
        if label is None and len(block.rows) == 1 and not block.open:
            return None if taken else 0  # a row that needs no name
        if label is None or label.name not in raws:
            return None
        text = raws[label.name].value
        unnoted = without_notes(self.edition, text)
        sums = total if unnoted in total_names(self.edition) else ()
        known = called.rows(caption(text)) or called.rows(unnoted) or sums
        if block.key and any(not raws[key].blank for key in block.key if key != label.name and key in raws):
            return None
        free = [i for i in known if i not in taken]
        after = [i for i in free if i > taken[-1]] if taken else free
        return next(iter((*after, *free, *reversed(known))), None)

    def _only_total(
        self, block: Block, columns: Mapping[str, tuple[int, ...]], lines: Sequence[Line]
    ) -> Sequence[int]:
        """The only fixed row that is a total, for whatever a total may be called.

        None where another row is one by its name, declared or printed: it may be that whose name is cut short.
        """
        names = total_names(self.edition)
        ends = tuple(names)
        found = [at for at, row in enumerate(block.rows) if caption(row.caption).endswith(ends)]
        if block.label is None or len(found) != 1 or caption(block.rows[found[0]].caption) not in names:
            return ()
        where = columns.get(block.label.name, ())
        labels = (without_notes(self.edition, _join(line, where).value) for line in lines if where)
        return found if sum(label.endswith(ends) for label in labels) == 1 else ()

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
        void = (name for name, raw in raws.items() if self._untouched(name, raw))
        return _Read({*cells, *void}, Row(fixed.key, "", None, cells), tuple(findings))

    def _open_row(
        self, block: Block, raws: Mapping[str, Raw], ordinal: int, carried: dict[str, Value]
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
        cells |= self._repeated(block, cells, carried)
        if all(cell.value is None for cell in cells.values()):
            return _Read(raws, None, (*findings, *self._nameless(block, cells)))
        row = self.tree.row(place, {**cells, **self._units(block, cells, place)})
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
        told = [raw.value for name, raw in raws.items() if (c := block.column(name)) and not c.numeric]
        totals = total_names(self.edition)
        texts = {
            text if (text := caption(one)) in totals else without_notes(self.edition, one) for one in told
        }
        return bool(texts & totals) and texts <= {*totals, ""}

    def _units(self, block: Block, cells: Mapping[str, Cell], place: Position) -> dict[str, Cell]:
        """A blank unit is the unit of the workbook."""
        return {
            column.name: Cell(self.unit, cells[column.name].place if column.name in cells else None)
            for column in _own_units(block)
            if place.line and cells.get(column.name, Cell()).value is None
        }

    def _repeated(
        self, block: Block, cells: Mapping[str, Cell], carried: dict[str, Value]
    ) -> Mapping[str, Cell]:
        """The blank merged cells that repeat the row above; what is carried to the next is kept up."""
        merged = [column.name for column in block.columns if column.merge]
        blank = [name for name in merged if name in cells and cells[name].value is None]
        full = in_full(merged, {name: cell.value for name, cell in cells.items()}, carried)
        carried.clear()
        carried.update(full)
        return {name: Cell(full[name], cells[name].place, given=True) for name in blank if name in full}

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
        derived = raw.formula and self._derived(column, key, line=line)
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
class RowNames:
    """What the fixed rows of a block are called.

    Attributes:
        exact: label → the numbers of the rows.
        bare: the label without its mark → likewise.
    """

    exact: Mapping[str, Sequence[int]]
    bare: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, block: Block) -> RowNames:
        """Those of a block."""
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


def row_names(edition: Edition) -> Mapping[int, RowNames]:
    """Those of all blocks of an edition, by their identity."""
    return {id(block): RowNames.of(block) for table in edition.table for block in table.block}


def _unlisted(label: str) -> str:
    found = LISTED.match(label)
    return label[found.end() :] if found else label


def _void(raw: Raw) -> bool:
    """Whether a cell tells that there is nothing: a zero or a sign for it."""
    return not raw.uncomputed and amounts.hollow(str(raw.value))


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


def _own_units(block: Block) -> Iterator[Column]:
    """The columns of units in which a blank is the unit of the workbook."""
    return (column for column in block.columns if column.type == "unit" and not column.apart)


def _number(raw: Raw) -> Decimal | None:
    """The number that a cell holds as such or as a text; None where it holds anything else."""
    try:
        return amounts.parse(str(raw.value))
    except amounts.NotANumberError:
        return None
