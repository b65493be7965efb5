"""What becomes of documents and workbooks that are changed at random: nothing may break, hang or get lost.

    python -m benchmarks.robustness FILE … [--count 1000] [--seed 0] [--locate 4] [--only KIND]

Each file (.docx or .xlsx) is opened once. A mutation changes its paragraphs, tables, sheets and cells as a person or
another program might; one in five changes the package instead, its XML or its bytes. Every mutant goes through all
that `check` does: reading, deriving, checking, locating, the report, JSON. An input has failed where

* something else than a refusal in words is raised, or an id that is told does not resolve;
* it takes longer than the limit;
* a figure that the mutation put somewhere stands neither in the Book nor in a finding.

Prints for each kind of mutation how many passed, and on stderr every failure, with its seed, as it comes.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from lxml import etree
from openpyxl.utils import get_column_letter, range_boundaries

from budgetgen.app.pipeline.inputs import Checked, examine, judged
from budgetgen.app.reports.findings import printed
from budgetgen.app.reports.machine import as_json
from budgetgen.app.reports.mending import mends
from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.checking.documents import of_document
from budgetgen.checking.explanations import explain
from budgetgen.reading.cells import Raw
from budgetgen.reading.document.blocks import Grid, Text, blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.guard import admit
from budgetgen.reading.sheets import StoredSheet
from budgetgen.reading.workbook import read_sheets, sheets_of
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.places import DocumentPlace, SheetPlace, told_place
from budgetgen.values.places import cells_of as cells_of_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.edition.declarations import Edition
    from budgetgen.reading.cells import Line
    from budgetgen.reading.document.blocks import Block
    from budgetgen.reading.workbook import Reading

DOCX = ".docx"
LONG = 5
"""Figures of more digits are not met by chance."""
LIMIT = 60
"""Seconds that an input may take, on a machine with other work."""
PACKAGED, BYTES = 0.2, 0.3
"""How many of the mutations change the package, and how many of those its bytes."""
OFTEN = 0.7
"""How many of the figures put into a sentence stand in place of another."""
DIGITS = re.compile(r"\d[\d,，]*(?:\.\d+)?")
WHOLE, TABLE = {"table-unplaced", "table-repeated", "column-missing"}, re.compile(r"文档第\d+个表")
"""The rules that speak of a whole table of a document, and how the places in it begin."""
LABELS = (
    "",
    "合计",
    "总计",
    "项目名称（8）",
    "项目名",
    "备注",
    "0",
    "见附件",
    "科目\n代码",
    "一、",
    "名称（续）",
    "Total",
)
"""What a label or caption may become."""
WORDS = (
    "无",
    "—",
    "0.00",
    "#REF!",
    "约12万元",
    "１２．５",
    "-3.00",
    "1,23.4",
    "特定目标2410010U",
    "2060501",
    "是",
    "",
)
"""What a cell may become."""


@dataclass(frozen=True)
class Put:
    """A figure that a mutation put somewhere.

    Attributes:
        figure: as it stands there.
        place: as findings name it; empty where that is not known.
        ordinal: the place by the sheet's number: in a file with secret items a sheet of any name is told so.
    """

    figure: str
    place: str = ""
    ordinal: str = ""


@dataclass(frozen=True)
class Failure:
    """An input that broke something.

    Attributes:
        kind: of mutation.
        seed: of it.
        problem: what went wrong.
    """

    kind: str
    seed: int
    problem: str


@dataclass
class Score:
    """What a file came to.

    Attributes:
        tried: how many mutations of each kind.
        failures: what went wrong.
        refused: how many were refused in words.
        slowest: in seconds.
    """

    tried: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    refused: int = 0
    slowest: float = 0


# --- one input ----------------------------------------------------------------------------------------------


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Break off what takes longer: by the processor, as others may use it too, and ten times that by the clock."""

    def late(*_: object) -> None:
        raise TimeoutError

    timers = {
        signal.ITIMER_PROF: (signal.SIGPROF, seconds),
        signal.ITIMER_REAL: (signal.SIGALRM, 10 * seconds),
    }
    for timer, (sent, limit) in timers.items():
        signal.signal(sent, late)
        signal.setitimer(timer, limit)
    try:
        yield
    finally:
        for timer in timers:
            signal.setitimer(timer, 0)


def used(checked: Checked) -> None:
    """All that is said of a file, in words and in JSON; every id that is told resolves."""
    told = (*checked.findings, *mends(checked), *(line.finding for line in checked.located.lines))
    for finding in told:
        checked.edition.rules[finding.rule]
    printed(checked, everything=True)
    json.loads(as_json([checked]))


def lost(checked: Checked, puts: Sequence[Put]) -> list[Put]:
    """The figures that stand neither in the Book nor in a finding."""
    held = _Held(checked)
    return [put for put in puts if not held.has(put)]


@dataclass(frozen=True)
class _Held:
    """What is known after an input was read and checked."""

    checked: Checked

    @cached_property
    def figures(self) -> frozenset[Decimal]:
        """All that stands in the Book as a number or within a text, and all that is told."""
        cells = (c for t in self.checked.book.tables.values() for r in t.rows for c in r.cells.values())
        values = [str(value) for cell in cells for value in (cell.value, cell.shown) if value is not None]
        told = [text for f in self.checked.findings for text in (f.message, *(s.value for s in f.spots))]
        return frozenset(number(found[0]) for text in (*values, *told) for found in DIGITS.finditer(text))

    @cached_property
    def places(self) -> tuple[str, ...]:
        """All places that findings name."""
        return tuple(dict.fromkeys(str(s.place) for f in self.checked.findings for s in f.spots if s.place))

    @cached_property
    def tables(self) -> frozenset[str]:
        """The tables of a document of which it is told that they were not read, or twice there."""
        told = (told_place(f.spots[0].place) for f in self.checked.findings if f.rule in WHOLE and f.spots)
        return frozenset(found[0] for place in told if (found := TABLE.match(place)))

    def has(self, put: Put) -> bool:
        """Whether a figure is known: as it is, or by where it stands."""
        wanted = [number(found[0]) for found in DIGITS.finditer(put.figure)]
        if all(self.figures & {one, one / 10000, one * 10000} for one in wanted):
            return True
        table = TABLE.match(put.place)
        if (table and table[0] in self.tables) or self._in_a_code(put.figure):
            return True
        own = [place for place in (put.place, put.ordinal) if place]
        return any(covers(told, place) for told in self.places for place in own)

    def _in_a_code(self, figure: str) -> bool:
        """Whether a figure that became part of a code is told as that: a code has no point."""
        digits = re.sub(r"\D", "", figure)
        told = (f.message for f in self.checked.findings if f.rule.startswith("code-"))
        return len(digits) > LONG and any(digits in re.sub(r"\D", "", message) for message in told)


def number(text: str) -> Decimal:
    """A figure as it is compared."""
    return Decimal(text.replace(",", "").replace("，", "")).normalize()


def covers(place: str, cell: str) -> bool:
    """Whether a place is a cell, or a range or sheet that it stands in."""
    if place == cell or cell.startswith(f"{place}!"):
        return True
    sheet, _, area = place.rpartition("!")
    own, _, address = cell.rpartition("!")
    if sheet != own or ":" not in area or not address:
        return False
    left, top, right, bottom = bounds(area)
    column, row, *_ = bounds(address)
    return left <= column <= right and top <= row <= bottom


def bounds(area: str) -> tuple[int, int, int, int]:
    """Columns and rows of a cell or of an area without open ends: left, top, right, bottom."""
    left, top, right, bottom = range_boundaries(area)
    assert left and top and right and bottom  # noqa: S101, PT018 - places of ours have no open ends
    return left, top, right, bottom


# --- documents ----------------------------------------------------------------------------------------------

Blocks: TypeAlias = "list[Block]"


@dataclass(frozen=True)
class Document:
    """A published document, opened once."""

    path: Path

    @cached_property
    def data(self) -> bytes:
        """The package."""
        return admit(self.path, "docx")

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Its paragraphs and tables."""
        return tuple(blocks(self.data))

    def mutated(self, draw: random.Random, kind: str) -> tuple[Reading, list[Put]]:
        """What is read of the mutant, and the figures that were put into it."""
        found, puts = list(self.blocks), list[Put]()
        DOCUMENT[kind](draw, found, puts)
        return read_blocks(self.path, found), puts


def _figure(draw: random.Random) -> str:
    """An amount that stands nowhere else."""
    return f"{draw.randint(70000, 99999)}.{draw.randint(11, 98)}"


def _some(draw: random.Random, found: Blocks, kind: type[Text | Grid]) -> int:
    return draw.choice([n for n, block in enumerate(found) if isinstance(block, kind)])


def _grid(draw: random.Random, found: Blocks) -> tuple[int, Grid, list[list[Raw]]]:
    filled = [n for n, b in enumerate(found) if isinstance(b, Grid) and any(b.lines)]
    at = draw.choice(filled)
    grid = found[at]
    assert isinstance(grid, Grid)  # noqa: S101 - chosen so
    return at, grid, [list(line) for line in grid.lines]


def _put_lines(found: Blocks, at: int, grid: Grid, lines: list[list[Raw]]) -> None:
    found[at] = replace(grid, lines=tuple(map(tuple, lines)))


def _cell(draw: random.Random, lines: list[list[Raw]]) -> tuple[int, int]:
    row = draw.choice([n for n, line in enumerate(lines) if line])
    return row, draw.randrange(len(lines[row]))


def _d_figure(draw: random.Random, found: Blocks, puts: list[Put]) -> None:
    """A figure in any cell of a table."""
    at, grid, lines = _grid(draw, found)
    row, column = _cell(draw, lines)
    new = _figure(draw)
    lines[row][column] = lines[row][column]._replace(value=new)
    puts.append(Put(new, told_place(lines[row][column].place)))
    _put_lines(found, at, grid, lines)


def _d_word(draw: random.Random, found: Blocks, _: list[Put]) -> None:
    """A word in any cell of a table."""
    at, grid, lines = _grid(draw, found)
    row, column = _cell(draw, lines)
    lines[row][column] = lines[row][column]._replace(value=draw.choice([*WORDS, *LABELS]) or None)
    _put_lines(found, at, grid, lines)


def _d_caption(draw: random.Random, found: Blocks, _: list[Put]) -> None:
    """Another label or caption: of the first rows or the first column."""
    at, grid, lines = _grid(draw, found)
    row, column = _cell(draw, lines)
    row, column = draw.choice([(min(row, draw.randrange(4)), column), (row, 0)])
    if row < len(lines) and column < len(lines[row]):
        lines[row][column] = lines[row][column]._replace(value=draw.choice(LABELS) or None)
    _put_lines(found, at, grid, lines)


def _d_moved(draw: random.Random, found: Blocks, puts: list[Put]) -> None:
    """What stands in a cell in another of its row, or of the table."""
    at, grid, lines = _grid(draw, found)
    filled = [(r, c) for r, line in enumerate(lines) for c, raw in enumerate(line) if not raw.blank]
    if not filled:
        return
    row, column = draw.choice(filled)
    to, other = draw.choice([(row, draw.randrange(len(lines[row]))), _cell(draw, lines)])
    moved, gone = lines[row][column].value, lines[to][other].value
    lines[row][column] = lines[row][column]._replace(value=draw.choice([None, gone]))
    lines[to][other] = lines[to][other]._replace(value=moved)
    if (row, column) != (to, other) and re.search(r"\d[.\d]\d", str(moved)):  # no number of a column
        puts.append(Put(str(moved), told_place(lines[to][other].place)))
    _put_lines(found, at, grid, lines)


def _d_rows(draw: random.Random, found: Blocks, puts: list[Put]) -> None:
    """A row that is gone, stands twice, elsewhere, is empty, or is cut short."""
    at, grid, lines = _grid(draw, found)
    row = draw.randrange(len(lines))
    match draw.randrange(6):
        case 0:
            del lines[row]
        case 1:
            lines.insert(draw.randrange(len(lines) + 1), lines[row])
        case 2:
            lines.insert(draw.randrange(len(lines)), lines.pop(row))
        case 3:
            lines[row] = []
        case 4:
            lines[row] = lines[row][: draw.randrange(len(lines[row]) + 1)]
        case _:
            new = _figure(draw)
            lines[row] = [*lines[row], Raw(new, place=DocumentPlace(table=98))]
            puts.append(Put(new, str(DocumentPlace(table=98))))
    _put_lines(found, at, grid, lines)


def _d_columns(draw: random.Random, found: Blocks, _: list[Put]) -> None:
    """A column that is gone, stands twice or elsewhere; or cells merged into one."""
    at, grid, lines = _grid(draw, found)
    width = max(map(len, lines))
    column, to, form = draw.randrange(width), draw.randrange(width), draw.randrange(4)
    for line in (line for line in lines if column < len(line)):
        match form:
            case 0:
                del line[column]
            case 1:
                line.insert(to, line[column])
            case 2:
                line.insert(to, line.pop(column))
            case _:
                line[column] = line[column]._replace(value=None)
    _put_lines(found, at, grid, lines)


def _d_blocks(draw: random.Random, found: Blocks, _: list[Put]) -> None:
    """A paragraph or table that is gone, stands twice or elsewhere, or is empty."""
    at = _some(draw, found, draw.choice([Text, Grid]))
    block = found[at]
    match draw.randrange(5):
        case 0:
            del found[at]
        case 1:
            found.insert(draw.randrange(len(found)), block)
        case 2:
            found.insert(draw.randrange(len(found)), found.pop(at))
        case 3:
            found[at : at + draw.randrange(1, 30)] = []
        case _:
            found[at] = replace(block, text="（一）") if isinstance(block, Text) else replace(block, lines=())


def _d_sentence(draw: random.Random, found: Blocks, puts: list[Put]) -> None:
    """A figure in a sentence that is another, or one more."""
    texts = [n for n, b in enumerate(found) if isinstance(b, Text) and re.search(r"\d.*万元|%", b.text)]
    if not texts:
        return
    at = draw.choice(texts)
    block, new = found[at], _figure(draw)
    assert isinstance(block, Text)  # noqa: S101 - chosen so
    figures = list(re.finditer(r"\d[\d.,]*(?=万元|%)", block.text))
    one = draw.choice(figures) if figures else None
    if one and draw.random() < OFTEN:
        text = block.text[: one.start()] + new + block.text[one.end() :]
    else:
        places = [
            n
            for n in range(len(block.text) + 1)
            if not re.search(r"[\d.,，]", block.text[max(n - 1, 0) : n + 1])
        ]
        place = draw.choice(places)
        text = (
            block.text[:place] + draw.choice([new, f"，另有{new}万元", f"（{new}万元）"]) + block.text[place:]
        )
    found[at] = replace(block, text=text)
    puts.append(Put(new, told_place(block.place)))


def _d_letters(draw: random.Random, found: Blocks, _: list[Put]) -> None:
    """Letters of a paragraph that are gone, stand twice or in another order; two paragraphs in one, or one in two."""
    at = _some(draw, found, Text)
    block = found[at]
    assert isinstance(block, Text)  # noqa: S101 - chosen so
    text = block.text
    start = draw.randrange(len(text))
    end = min(len(text), start + draw.randrange(1, 12))
    match draw.randrange(5):
        case 0:
            text = text[:start] + text[end:] or "。"
        case 1:
            text = text[:end] + text[start:]
        case 2:
            text = text[:start] + "".join(draw.sample(text[start:end], end - start)) + text[end:]
        case 3:
            found[at : at + 1] = [replace(block, text=text[:end]), replace(block, text=text[end:] or "。")]
            return
        case _:
            following = found[at + 1] if at + 1 < len(found) else block
            text += following.text if isinstance(following, Text) else "主要原因是"
    found[at] = replace(block, text=text)


def _d_added(draw: random.Random, found: Blocks, puts: list[Put]) -> None:
    """A sentence or a table more, with a figure."""
    new, at = _figure(draw), draw.randrange(len(found) + 1)
    if draw.choice([True, False]):
        block: Block = Text(f"另安排专项资金{new}万元。", 9999)
    else:
        rows = (("项目", "金额"), ("甲", new))
        lines = tuple(tuple(Raw(text, place=DocumentPlace(table=99)) for text in row) for row in rows)
        block = Grid(lines, 99)
    found.insert(at, block)
    puts.append(Put(new, told_place(block.place)))


DOCUMENT = {
    "figure in a cell": _d_figure,
    "word in a cell": _d_word,
    "label": _d_caption,
    "cell moved": _d_moved,
    "rows": _d_rows,
    "columns": _d_columns,
    "paragraphs and tables": _d_blocks,
    "figure in a sentence": _d_sentence,
    "letters": _d_letters,
    "one more": _d_added,
}


# --- workbooks ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Workbook:
    """A workbook, opened once."""

    path: Path

    @cached_property
    def data(self) -> bytes:
        """The package."""
        return admit(self.path, "xlsx")

    @cached_property
    def _opened(self) -> tuple[tuple[StoredSheet, ...], Edition]:
        return sheets_of(self.path)

    def mutated(self, draw: random.Random, kind: str) -> tuple[Reading, list[Put]]:
        """What is read of the mutant, and the figures that were put into it."""
        found, edition = self._opened
        book = Cells({sheet.name: cells_of(sheet) for sheet in found}, edition.wordy_sheets)
        puts: list[Put] = []
        WORKBOOK[kind](draw, book, puts)
        return read_sheets(self.path, book.sheets(), edition), [book.numbered(put) for put in puts]


Address: TypeAlias = tuple[int, int]
"""Row and column, from 1."""


def cells_of(sheet: StoredSheet) -> dict[Address, Raw]:
    """What stands in a sheet, by address."""
    found: dict[Address, Raw] = {}
    for line in sheet.lines:
        for raw in line:
            if raw.place:
                left, top, *_ = bounds(cells_of_place(raw.place))
                found[top, left] = raw
    return found


@dataclass
class Cells:
    """The cells of all sheets, and the names of those on which the program writes words only."""

    by_sheet: dict[str, dict[Address, Raw]]
    wordy: tuple[str, ...]

    def put(self, sheet: str, address: Address, value: object) -> Raw:
        """A value in a cell."""
        raw = Raw(value, place=place_of(sheet, address))
        self.by_sheet[sheet][address] = raw
        return raw

    def one(self, draw: random.Random) -> str:
        """A sheet that holds something."""
        return draw.choice([name for name, cells in self.by_sheet.items() if cells])

    def filled(self, sheet: str, *, numbers: bool = False) -> list[Address]:
        """The cells in which something stands, or a number."""
        kinds = int | float if numbers else object
        cells = self.by_sheet[sheet].items()
        return sorted(a for a, raw in cells if raw.value is not None and isinstance(raw.value, kinds))

    def size(self, sheet: str) -> Address:
        """The last row and column."""
        cells = self.by_sheet[sheet]
        return max((r for r, _ in cells), default=1), max((c for _, c in cells), default=1)

    def sheets(self) -> tuple[StoredSheet, ...]:
        """As they are read from a file."""
        named = enumerate(self.by_sheet.items(), 1)
        return tuple(StoredSheet(name, tuple(_lines(name, cells)), number=n) for n, (name, cells) in named)

    def numbered(self, put: Put) -> Put:
        """What was put, with its place by the sheet's number, too."""
        sheet, _, address = put.place.rpartition("!")
        return replace(put, ordinal=f"第{[*self.by_sheet].index(sheet) + 1}个工作表!{address}")


def _lines(sheet: str, cells: dict[Address, Raw]) -> Iterator[Line]:
    rows: dict[int, dict[int, Raw]] = {}
    for (row, column), raw in cells.items():
        if raw.value is not None or raw.formula:
            rows.setdefault(row, {})[column] = raw._replace(place=place_of(sheet, (row, column)))
    for _, line in sorted(rows.items()):
        yield tuple(line.get(column, Raw(None)) for column in range(1, max(line) + 1))


def place_of(sheet: str, address: Address) -> SheetPlace:
    """A cell as findings name it."""
    return SheetPlace(sheet, f"{get_column_letter(address[1])}{address[0]}")


def _amount(draw: random.Random) -> float:
    """An amount that stands nowhere else."""
    return float(_figure(draw))


def _w_put(draw: random.Random, book: Cells, puts: list[Put], sheet: str, address: Address) -> None:
    """A figure in a cell, as a number or in a text; where the program itself writes texts, as a number."""
    value = _amount(draw)
    forms = [value] if sheet in book.wordy else [value, value, f"{value}", f"另有{value}万元"]
    book.put(sheet, address, draw.choice(forms))
    puts.append(Put(str(value), str(place_of(sheet, address))))


def _w_beside(draw: random.Random, book: Cells, puts: list[Put]) -> None:
    """A figure right of a table, or below it."""
    sheet = book.one(draw)
    rows, columns = book.size(sheet)
    right = (draw.randint(1, rows), columns + draw.randint(1, 4))
    below = (rows + draw.randint(1, 5), draw.randint(1, columns + 2))
    _w_put(draw, book, puts, sheet, draw.choice([right, below]))


def _w_anywhere(draw: random.Random, book: Cells, puts: list[Put]) -> None:
    """A figure in any cell of a sheet."""
    sheet = book.one(draw)
    rows, columns = book.size(sheet)
    _w_put(draw, book, puts, sheet, (draw.randint(1, rows), draw.randint(1, columns)))


def _w_blank(draw: random.Random, book: Cells, puts: list[Put]) -> None:
    """A figure in a cell that is blank, or that a formula computes."""
    sheet = book.one(draw)
    rows, columns = book.size(sheet)
    cells = book.by_sheet[sheet]
    free = [
        (r, c)
        for r in range(1, rows + 1)
        for c in range(1, columns + 1)
        if (raw := cells.get((r, c))) is None or raw.value is None or raw.formula
    ]
    if free:
        _w_put(draw, book, puts, sheet, draw.choice(free))


def _w_moved(draw: random.Random, book: Cells, puts: list[Put]) -> None:
    """A number in another column or row."""
    sheet = draw.choice([name for name in book.by_sheet if book.filled(name, numbers=True)])
    row, column = draw.choice(book.filled(sheet, numbers=True))
    to = draw.choice(
        [(row, max(1, column + draw.choice([-2, -1, 1, 2]))), (max(1, row + draw.choice([-1, 1])), column)]
    )
    value = book.by_sheet[sheet].pop((row, column)).value
    book.put(sheet, to, value)
    puts.append(Put(str(value), str(place_of(sheet, to))))


def _w_word(draw: random.Random, book: Cells, _: list[Put]) -> None:
    """A word in any cell."""
    sheet = book.one(draw)
    rows, columns = book.size(sheet)
    address = draw.choice(
        [draw.choice(book.filled(sheet)), (draw.randint(1, rows), draw.randint(1, columns))]
    )
    book.put(sheet, address, draw.choice([*WORDS, *LABELS, True, 1e15, -0.001, 45000]) or None)


INSERTED, GONE, TWICE, BLANKED = range(4)


def _w_rows(draw: random.Random, book: Cells, puts: list[Put]) -> None:
    """Rows or columns that are inserted, gone, twice or blank; what stood in them stands elsewhere."""
    sheet = book.one(draw)
    cells = book.by_sheet[sheet]
    axis = draw.randrange(2)
    at = draw.randint(1, book.size(sheet)[axis])
    form = draw.choice([INSERTED, GONE, TWICE, BLANKED])

    def shifted(address: Address, by: int) -> Address:
        moved = list(address)
        moved[axis] += by
        return moved[0], moved[1]

    kept: dict[Address, Raw] = {}
    for address, raw in cells.items():
        beyond, within = address[axis] > at, address[axis] == at
        if (beyond and form == BLANKED) or address[axis] < at:
            kept[address] = raw
        elif beyond or (within and form in {INSERTED, TWICE}):
            kept[shifted(address, -1 if form == GONE else 1)] = raw
        if within and form == TWICE:
            kept[address] = raw
    book.by_sheet[sheet] = kept
    if form == INSERTED and draw.choice([True, False]):
        other = draw.randint(1, book.size(sheet)[1 - axis])
        _w_put(draw, book, puts, sheet, (at, other) if axis == 0 else (other, at))


def _w_sheets(draw: random.Random, book: Cells, _: list[Put]) -> None:
    """A sheet that is gone, empty, of another name, or there twice."""
    sheet = book.one(draw)
    match draw.randrange(4):
        case 0:
            del book.by_sheet[sheet]
        case 1:
            book.by_sheet[sheet] = {}
        case 2:
            name = draw.choice([f"{sheet} ", f"{sheet}（2）", "Sheet1", sheet[:-1] or "表"])
            book.by_sheet[name] = book.by_sheet.pop(sheet)
        case _:
            book.by_sheet[f" {sheet}"] = dict(book.by_sheet[sheet])


def _w_merged(draw: random.Random, book: Cells, _: list[Put]) -> None:
    """Cells merged into their first."""
    sheet = book.one(draw)
    row, column = draw.choice(book.filled(sheet))
    high, wide = draw.randint(1, 4), draw.randint(1, 4)
    for address in [(r, c) for r in range(row, row + high) for c in range(column, column + wide)][1:]:
        book.by_sheet[sheet].pop(address, None)


def _w_new_sheet(draw: random.Random, book: Cells, puts: list[Put]) -> None:
    """A sheet more, with a figure."""
    name = draw.choice(["底稿", "Sheet1", "收支总体 (2)", "说明"])
    book.by_sheet[name] = {}
    _w_put(draw, book, puts, name, (draw.randint(1, 9), draw.randint(1, 9)))


def _w_pasted(draw: random.Random, book: Cells, puts: list[Put]) -> None:
    """A block of figures pasted somewhere."""
    sheet = book.one(draw)
    rows, columns = book.size(sheet)
    top, left = draw.randint(1, rows + 3), draw.randint(1, columns + 3)
    for row in range(top, top + draw.randint(1, 4)):
        for column in range(left, left + draw.randint(1, 4)):
            value = _amount(draw)
            book.put(sheet, (row, column), value)
            puts.append(Put(str(value), str(place_of(sheet, (row, column)))))


WORKBOOK = {
    "figure beside": _w_beside,
    "figure anywhere": _w_anywhere,
    "figure in a blank cell": _w_blank,
    "number moved": _w_moved,
    "word": _w_word,
    "rows and columns": _w_rows,
    "sheets": _w_sheets,
    "merged": _w_merged,
    "one more sheet": _w_new_sheet,
    "block pasted": _w_pasted,
}


# --- packages -----------------------------------------------------------------------------------------------


def repackaged(draw: random.Random, data: bytes) -> bytes:
    """A package with other bytes, or other XML in a part."""
    if draw.random() < BYTES:
        return _bytes(draw, data)
    with zipfile.ZipFile(BytesIO(data)) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    main = [
        name
        for name in parts
        if re.search(r"(word/document|worksheets/sheet\d+|workbook|sharedStrings)\.xml$", name)
    ]
    name = draw.choice([*main, *main, draw.choice(list(parts))])
    match draw.randrange(5):
        case 0 if len(parts) > 1:
            del parts[name]
        case 1:
            parts[name] = _bytes(draw, parts[name])
        case _:
            parts[name] = _nodes(draw, parts[name])
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for each, content in parts.items():
            package.writestr(each, content)
    return out.getvalue()


def _bytes(draw: random.Random, data: bytes) -> bytes:
    """Bytes changed, cut out or cut off."""
    at = draw.randrange(max(len(data), 1))
    match draw.randrange(3):
        case 0:
            return data[:at] + bytes(draw.randrange(256) for _ in range(draw.randint(1, 4))) + data[at + 1 :]
        case 1:
            return data[:at] + data[at + draw.randint(1, 400) :]
        case _:
            return data[:at]


def _nodes(draw: random.Random, data: bytes) -> bytes:
    """XML with a few nodes gone, twice, elsewhere, without their attributes or text, or with others."""
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError:
        return data
    for _ in range(draw.randint(1, 3)):
        nodes = [node for node in root.iter() if node.getparent() is not None and isinstance(node.tag, str)]
        if nodes:
            _node(draw, draw.choice(nodes), draw.choice(nodes))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _node(draw: random.Random, node: etree._Element, other: etree._Element) -> None:
    parent = node.getparent()
    assert parent is not None  # noqa: S101 - the root is left out
    match draw.randrange(6):
        case 0:
            parent.remove(node)
        case 1:
            parent.insert(parent.index(node), etree.fromstring(etree.tostring(node)))
        case 2 if node not in (other, *other.iterancestors()):
            other.append(node)
        case 3:
            for name in list(node.attrib):
                node.set(name, draw.choice(["", "0", "-1", "99999", "x", node.attrib[name]]))
        case 4:
            node.attrib.clear()
        case _:
            node.text = draw.choice(["", "0", "项目名", "#REF!", "9" * 30, None])


# --- measuring ----------------------------------------------------------------------------------------------


def tried(source: Document | Workbook, seed: int, score: Score, locate: int = 1, only: str = "") -> None:
    """One mutation of a file, by its seed; of every n-th also which figures are wrong, of none where n is 0."""
    draw = random.Random(f"{source.path.name}{seed}")  # noqa: S311 - the same mutations each time
    packaged = draw.random() < PACKAGED
    kinds = DOCUMENT if isinstance(source, Document) else WORKBOOK
    kind = "package" if packaged else draw.choice(list(kinds))
    if only and kind != only:
        return
    score.tried[kind] += 1
    began = time.perf_counter()
    try:
        with limited(LIMIT), tempfile.TemporaryDirectory() as folder:
            problem = (
                _packaged(source, draw, Path(folder))
                if packaged
                else _mutated(source, draw, kind, locate=locate > 0 and seed % locate == 0)
            )
    except UnusableInputError:
        score.refused += 1
        problem = ""
    except TimeoutError:
        problem = f"more than {LIMIT} s"
    except Exception:  # noqa: BLE001 - any of them is what is looked for
        problem = traceback.format_exc(limit=-4)
    score.slowest = max(score.slowest, time.perf_counter() - began)
    if problem:
        score.failures.append(Failure(kind, seed, problem))
        print(f"{source.path.name}: seed {seed}, {kind}: {problem}", file=sys.stderr, flush=True)


def _packaged(source: Document | Workbook, draw: random.Random, folder: Path) -> str:
    path = folder / source.path.name
    path.write_bytes(repackaged(draw, source.data))
    used(examine(path))
    return ""


def _mutated(source: Document | Workbook, draw: random.Random, kind: str, *, locate: bool) -> str:
    reading, puts = source.mutated(draw, kind)
    checked = judged(source.path, reading) if locate else _checked(source.path, reading)
    used(replace(checked, findings=explain(checked.findings, checked.book, checked.edition)))
    return "；".join(f"lost {put.figure} at {put.place}" for put in lost(checked, puts))


def _checked(path: Path, reading: Reading) -> Checked:
    """As `judged`, without looking for the figures that are wrong: that takes longest."""
    book = derive(reading.book, reading.edition)
    found = (*reading.findings, *check(book, reading.edition, reading.findings))
    told = of_document(found, book, reading.edition) if path.suffix.lower() == DOCX else found
    return Checked(path, book, reading.edition, told)


def source_of(path: Path) -> Document | Workbook:
    """A file to mutate."""
    return Document(path) if path.suffix.lower() == DOCX else Workbook(path)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=1000, help="mutations, shared by the files")
    parser.add_argument("--seed", type=int, default=0, help="of the first")
    parser.add_argument(
        "--locate", type=int, default=1, help="only of every n-th look for the wrong figures, 0: of none"
    )
    parser.add_argument("--only", default="", help="only this kind of mutation")
    asked = parser.parse_args()
    failed = 0
    for path in asked.files:
        source, score = source_of(path), Score()
        for seed in range(asked.seed, asked.seed + asked.count // len(asked.files)):
            tried(source, seed, score, asked.locate, asked.only)
        failed += len(score.failures)
        _report(path, score)
    sys.exit(bool(failed))


def _report(path: Path, score: Score) -> None:
    failed = Counter(failure.kind for failure in score.failures)
    print(f"{path.name}: {score.tried.total()} mutations, {len(score.failures)} failed,", end=" ")
    print(f"{score.refused} refused in words, slowest {score.slowest:.1f} s")
    for kind, count in sorted(score.tried.items()):
        print(f"  {kind}\t{count - failed[kind]} / {count}", flush=True)


if __name__ == "__main__":
    main()
