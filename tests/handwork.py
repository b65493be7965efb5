"""Differences typed into any workbook where a draw decides: by what a cell is declared to be, never by its words.

A kind takes a workbook and a draw, and gives it with one difference, or nothing where it has no place for one. As many
things are to be told of it as it has causes; of what no reader could mark, none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, cached_property
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeAlias

from openpyxl.utils.cell import coordinate_from_string

from budgetgen.app.pipeline.diff import side_of
from budgetgen.app.pipeline.inputs import derived
from budgetgen.values.amounts import rounded
from budgetgen.values.places import SheetPlace
from budgetgen.values.text import canonical
from tests.workbooks import opened

if TYPE_CHECKING:
    from openpyxl import Workbook

    from budgetgen.comparison import Side
    from budgetgen.edition.declarations import Edition, TableDeclaration
    from budgetgen.values.model import Cell, Row

Raw: TypeAlias = "str | int | float | None"
Content: TypeAlias = Mapping[str, Raw]
"""What a person has typed into a line, by the letter of the column."""
WORDS = {
    "安排": "编列",
    "用于": "用作",
    "保障": "确保",
    "管理": "统管",
    "工作": "事务",
    "支出": "花费",
    "增加": "新增",
    "服务": "支持",
    "开展": "组织",
    "项目": "事项",
}
SYNONYMS = {
    "经费": "费用",
    "维护": "保养",
    "购置": "采购",
    "建设": "营造",
    "服务": "支持",
    "专项": "专门",
    "资金": "款项",
}
TURNED = {"增加": "减少", "减少": "增加", "新增": "取消", "增长": "下降"}
LONG = 12
FORMULA, TEXT = "f", "s"
"""The types of cells, as openpyxl calls them."""
NUMBERED = re.compile(r"\d+(?:\.\d+)?")
YEAR = re.compile(r"20\d\d(?=年)")


@dataclass(frozen=True)
class Typed:
    """A workbook with one difference.

    Attributes:
        content: the file.
        places: where it stands, in either file; any of them has to be told.
        trace: what is told holds this, where no place is told.
        causes: how many things were changed, each by itself; 0 where nobody could mark it.
    """

    content: bytes
    places: frozenset[SheetPlace]
    trace: str = ""
    causes: int = 1


@dataclass(frozen=True)
class Spot:
    """A cell that a person may type into.

    Attributes:
        table: its declaration.
        row, column: where it stands in the Book.
        cell: what was read of it.
        raw: what is stored.
        kind: the type of the cell.
    """

    table: TableDeclaration
    row: Row
    column: str
    cell: Cell
    raw: Raw
    kind: str

    @property
    def place(self) -> SheetPlace:
        """Where it stands in the file."""
        assert isinstance(self.cell.place, SheetPlace)
        return self.cell.place

    @property
    def number(self) -> float:
        """What is stored as a number; 0 for a blank."""
        return float(self.raw) if isinstance(self.raw, int | float) else 0.0

    @property
    def scale(self) -> float:
        """How many of what is stored make one of what is read."""
        value = self.cell.value
        return self.number / float(value) if isinstance(value, Decimal) and value else 1.0

    @property
    def text(self) -> str:
        """What is stored as a text."""
        return self.raw if isinstance(self.raw, str) else ""


@dataclass(frozen=True)
class Line:
    """A line of an open table as it is typed.

    Attributes:
        row: what was read of it.
        number: of the sheet's row.
        content: what is typed into it.
    """

    row: Row
    number: int
    content: Content

    def with_texts(self, change: Callable[[str], str]) -> Line:
        """The same with its texts changed."""
        return replace(
            self, content={k: change(v) if isinstance(v, str) else v for k, v in self.content.items()}
        )


@dataclass(frozen=True)
class Ledger:
    """A workbook as something may be typed into it."""

    content: bytes

    @cached_property
    def side(self) -> Side:
        """What is read of it."""
        return read(self.content)

    @property
    def edition(self) -> Edition:
        """Its format."""
        return self.side.edition

    @cached_property
    def workbook(self) -> Workbook:
        """What is stored; not to be changed."""
        return opened(self.content)

    @cached_property
    def spots(self) -> tuple[Spot, ...]:
        """Every cell that holds no formula."""
        return tuple(self._spots())

    def _spots(self) -> Iterator[Spot]:
        met = set[SheetPlace]()
        for declared in self.edition.table:
            for row in self.side.book[declared.name].rows:
                for column, cell in row.cells.items():
                    place = cell.place
                    if isinstance(place, SheetPlace) and place not in met and place.cells == place.first:
                        met.add(place)
                        stored = self.workbook[place.sheet][place.cells]
                        raw = stored.value
                        if stored.data_type != FORMULA:
                            kind = self.edition.kind(declared.name, column, row.key)
                            yield Spot(declared, row, column, cell, raw, kind)

    @cached_property
    def figures(self) -> list[Spot]:
        """Amounts and numbers, but those of last year and the weights."""
        prior = self.edition.comparisons.prior
        weights = {(t.table, t.weight) for t in self.edition.review.targets}
        return [
            s
            for s in self.spots
            if s.kind in {"money", "number", "count"}
            and s.table.name not in {prior, self.edition.house.about}
            and not s.table.generated
            and (s.table.name, s.column) not in weights
        ]

    @property
    def filled(self) -> list[Spot]:
        """Those of them that hold something."""
        return [s for s in self.figures if s.number]

    def texts(self, *, least: int = LONG) -> list[Spot]:
        """Free texts, but reasons."""
        own = {self.edition.comparisons.reasons, self.edition.house.about, self.edition.explanations.table}
        return [
            s
            for s in self.spots
            if s.kind == "text" and len(s.text) >= least and s.table.name not in own and not s.table.generated
        ]

    @property
    def reasons(self) -> list[Spot]:
        """The reasons of changes."""
        return [
            s
            for s in self.spots
            if s.table.name == self.edition.comparisons.reasons and s.kind == "text" and s.text
        ]

    def lines(self, name: str) -> list[Line]:
        """The lines of an open table."""
        declared = self.edition.tables[name]
        found = []
        for row in self.side.book[name].rows:
            places = {c: cell.place for c, cell in row.cells.items() if isinstance(cell.place, SheetPlace)}
            if places and row.key not in declared.fixed and row.key != "总计":
                found.append(self._line(row, places))
        return found

    def _line(self, row: Row, places: Mapping[str, SheetPlace]) -> Line:
        content: dict[str, Raw] = {}
        number = 0
        for column, place in places.items():
            letter, number = coordinate_from_string(place.first)
            stored = self.workbook[place.sheet][place.first]
            raw, value = stored.value, row[column].value
            formula = stored.data_type == FORMULA
            content[letter] = None if formula else value if raw is None and isinstance(value, str) else raw
        return Line(row, number, content)

    def open_tables(self, *, printed: bool | None = None, least: int = 2) -> list[str]:
        """The open tables that have so many lines."""
        return [
            t.name
            for t in self.edition.table
            if t.main.open
            and not t.generated
            and t.name != self.edition.explanations.table
            and printed in {None, t.printed}
            and len(self.lines(t.name)) >= least
        ]

    def typed(self, values: Mapping[SheetPlace, Raw]) -> bytes:
        """The file with other values in some cells."""
        book = opened(self.content)
        for place, value in values.items():
            _type(book[place.sheet][place.cells], value)
        return saved(book)

    def relined(self, tables: Mapping[str, Sequence[Line]]) -> bytes:
        """The file with other lines in some tables."""
        book = opened(self.content)
        for name, lines in tables.items():
            old = self.lines(name)
            sheet = book[self.sheet(name)]
            start = min(line.number for line in old)
            end = max(line.number for line in old)
            letters = sorted({letter for line in old for letter in line.content})
            for number in range(start, max(end, start + len(lines) - 1) + 1):
                content = lines[number - start].content if number - start < len(lines) else {}
                for letter in letters:
                    _type(sheet[f"{letter}{number}"], content.get(letter))
        return saved(book)

    def sheet(self, name: str) -> str:
        """The sheet that a table stands on."""
        return next(
            cell.place.sheet
            for row in self.side.book[name].rows
            for cell in row.cells.values()
            if isinstance(cell.place, SheetPlace)
        )

    def places(self, name: str, line: Line) -> frozenset[SheetPlace]:
        """The cells of a line."""
        sheet = self.sheet(name)
        return frozenset(SheetPlace(sheet, f"{letter}{line.number}") for letter in line.content)

    def codes(self, name: str, column: str) -> Mapping[str, str]:
        """The codes that a column may hold, with their names."""
        return self.edition.codes(self.edition.tables[name].columns[column].of)

    @cached_property
    def projects(self) -> Mapping[str, list[Spot]]:
        """The cells that name each project, secret ones apart."""
        found: dict[str, list[Spot]] = {}
        for spot in self.spots:
            if spot.kind == "item" and spot.text and not spot.text.startswith(self.edition.house.secret):
                found.setdefault(canonical(spot.text), []).append(spot)
        return found


def _type(cell: Any, value: Raw) -> None:
    """A value as it is typed into a cell; a text is none of Excel's formulas, whatever it begins with: =4次."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = TEXT


@cache
def read(content: bytes) -> Side:
    """A workbook as it is compared."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "填报表.xlsx")
        path.write_bytes(content)
        return side_of(derived(path))


def saved(book: Workbook) -> bytes:
    """A workbook as a file."""
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


Kind: TypeAlias = Callable[[Ledger, Random], "Typed | None"]
KINDS: dict[str, Kind] = {}


def kind(name: str) -> Callable[[Kind], Kind]:
    """Registers a kind."""

    def register(function: Kind) -> Kind:
        KINDS[name] = function
        return function

    return register


def chosen(draw: Random, found: Iterable[Spot]) -> Spot | None:
    """One of several, None of none."""
    among = list(found)
    return draw.choice(among) if among else None


def one(ledger: Ledger, spot: Spot, value: Raw, *, causes: int = 1) -> Typed:
    """Another value in a cell."""
    return Typed(ledger.typed({spot.place: value}), frozenset({spot.place}), "", causes)


# --- figures ------------------------------------------------------------------------------------------------


def _turned(value: float, draw: Random) -> float:
    digits = list(f"{value:.2f}" if value % 1 else f"{value:.0f}")
    pairs = [n for n in range(len(digits) - 1) if digits[n] != digits[n + 1] and "." not in digits[n : n + 2]]
    if not pairs:
        return value
    n = draw.choice(pairs)
    digits[n], digits[n + 1] = digits[n + 1], digits[n]
    return float("".join(digits))


def _without(value: float, draw: Random) -> float:
    digits = f"{value:.2f}" if value % 1 else f"{value:.0f}"
    n = draw.choice([n for n, sign in enumerate(digits) if sign != "."])
    return float(digits[:n] + digits[n + 1 :] or "0")


CHANGES: Mapping[str, Callable[[float, Random], float]] = {
    "金额改动": lambda value, draw: round(value * draw.choice((0.7, 1.2, 1.5)) + draw.randint(1, 9), 2),
    "数字倒置": _turned,
    "漏一位数": _without,
    "元当万元": lambda value, _: round(value * 10000, 2),
    "小数点错位": lambda value, _: round(value * 10, 2),
    "负号": lambda value, _: -value,
    "尾差": lambda value, _: round(value + 0.01, 2),
}


def _changed(change: Callable[[float, Random], float]) -> Kind:
    def typed(ledger: Ledger, draw: Random) -> Typed | None:
        spot = chosen(draw, (s for s in ledger.filled))
        if spot is None:
            return None
        was = spot.number / spot.scale
        value = change(was, draw) if spot.kind != "count" else round(change(was, draw))
        same = rounded(Decimal(str(value))) == rounded(Decimal(str(was)))
        return None if same else one(ledger, spot, round(value * spot.scale, 6))

    return typed


KINDS |= {name: _changed(change) for name, change in CHANGES.items()}


@kind("金额清空")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    spot = chosen(draw, ledger.filled)
    return spot and one(ledger, spot, None)


@kind("金额补填")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    spot = chosen(draw, (s for s in ledger.figures if s.raw is None))
    scale = max(
        (s.scale for s in ledger.filled if spot and s.kind == spot.kind and s.table == spot.table),
        default=1.0,
    )
    return spot and one(ledger, spot, draw.randint(1, 90) * scale)


def _rows_of(ledger: Ledger) -> Mapping[tuple[str, int], list[Spot]]:
    found: dict[tuple[str, int], list[Spot]] = {}
    for spot in ledger.figures:
        found.setdefault((spot.table.name, coordinate_from_string(spot.place.cells)[1]), []).append(spot)
    return found


def _swapped(ledger: Ledger, a: Spot, b: Spot, causes: int = 2) -> Typed:
    places = frozenset({a.place, b.place})
    return Typed(ledger.typed({a.place: b.raw, b.place: a.raw}), places, "", causes)


@kind("左右两格对调")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    pairs = [
        (a, b)
        for spots in _rows_of(ledger).values()
        for a, b in pairwise(spots)
        if a.raw != b.raw and (a.number or b.number) and a.kind == b.kind
    ]
    return _swapped(ledger, *draw.choice(pairs)) if pairs else None


def _below(spots: Sequence[Spot]) -> list[tuple[Spot, Spot]]:
    """Cells one below the other."""
    return [(a, b) for a, b in pairwise(spots) if a.number != b.number and a.kind == b.kind]


def _columns_of(spots: Iterable[Spot]) -> list[list[Spot]]:
    found: dict[tuple[str, str], list[Spot]] = {}
    for spot in spots:
        found.setdefault((spot.place.sheet, coordinate_from_string(spot.place.cells)[0]), []).append(spot)
    return list(found.values())


@kind("上下两格对调")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    pairs = [pair for spots in _columns_of(ledger.filled) for pair in _below(spots)]
    return _swapped(ledger, *draw.choice(pairs)) if pairs else None


@kind("错填一行")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    pairs = [
        pair
        for spots in _columns_of(ledger.figures)
        for pair in _below(spots)
        if bool(pair[0].number) != bool(pair[1].number)
    ]
    return _swapped(ledger, *draw.choice(pairs)) if pairs else None


@kind("错填一栏")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    pairs = [
        (a, b)
        for spots in _rows_of(ledger).values()
        for a, b in pairwise(spots)
        if bool(a.number) != bool(b.number) and a.kind == b.kind
    ]
    return _swapped(ledger, *draw.choice(pairs)) if pairs else None


def _as_text(change: Callable[[str], str]) -> Kind:
    """The same number otherwise typed: nobody can mark it."""

    def typed(ledger: Ledger, draw: Random) -> Typed | None:
        spot = chosen(draw, ledger.filled)
        return spot and one(ledger, spot, change(f"{spot.number:,.2f}"), causes=0)

    return typed


KINDS |= {
    "数字成文本": _as_text(str),
    "全角数字": _as_text(
        lambda text: text.translate(str.maketrans("0123456789.,", "０１２３４５６７８９．，"))
    ),
    "数字带空格": _as_text(lambda text: f" {text} "),
    "数字带单引号": _as_text(lambda text: text.replace(",", "")),
}

# --- lines --------------------------------------------------------------------------------------------------


def _of_table(ledger: Ledger, draw: Random, *, printed: bool | None = None, least: int = 2) -> str:
    tables = [
        name
        for name in ledger.open_tables(printed=printed, least=least)
        if name not in {ledger.edition.comparisons.prior, ledger.edition.comparisons.reasons}
    ]
    return draw.choice(tables) if tables else ""


def _leaves(ledger: Ledger, name: str) -> list[Line]:
    return [line for line in ledger.lines(name) if line.row.line]


@kind("删一行")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    if not (name := _of_table(ledger, draw)):
        return None
    line = draw.choice(_leaves(ledger, name))
    rest = [other for other in ledger.lines(name) if other is not line and other.number != line.number]
    words = [v for v in line.content.values() if isinstance(v, str)]
    trace = max(words, key=len, default="")
    return Typed(ledger.relined({name: rest}), ledger.places(name, line), trace)


@kind("重复一行")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    if not (name := _of_table(ledger, draw)):
        return None
    lines = ledger.lines(name)
    line = draw.choice(_leaves(ledger, name))
    n = next(n for n, other in enumerate(lines) if other.number == line.number)
    again = replace(line, number=line.number + 1)
    found = ledger.relined({name: [*lines[: n + 1], again, *lines[n + 1 :]]})
    return Typed(found, ledger.places(name, line) | ledger.places(name, again))


@kind("添一行科目")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    tables = [
        name
        for name in ledger.open_tables(printed=True, least=1)
        if [c.type for c in ledger.edition.tables[name].main.columns].count("code") == 1
        and not any(c.type == "item" for c in ledger.edition.tables[name].main.columns)
    ]
    if not tables:
        return None
    name = draw.choice(tables)
    lines = ledger.lines(name)
    code = _column(ledger, name, "code")
    there = {line.row.text(code) for line in lines}
    known = [c for c in ledger.codes(name, code) if c not in there and len(c) == max(map(len, there))]
    money = ledger.edition.tables[name].measures()[-1]
    line = lines[-1]
    letters = {
        c: coordinate_from_string(cell.place.first)[0] for c, cell in line.row.cells.items() if cell.place
    }
    scale = max((s.scale for s in ledger.filled if s.table.name == name), default=1.0)
    content = {letters[code]: draw.choice(known), letters[money]: 7.25 * scale}
    new = Line(line.row, line.number + 1, content)
    return Typed(ledger.relined({name: [*lines, new]}), ledger.places(name, new))


def _column(ledger: Ledger, name: str, kind: str) -> str:
    return next((c.name for c in ledger.edition.tables[name].columns.values() if c.type == kind), "")


@kind("科目行移动")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    """Codes in another order say the same."""
    tables = [n for n in ledger.open_tables(printed=True, least=3) if _column(ledger, n, "code")]
    if not tables:
        return None
    name = draw.choice(tables)
    lines = ledger.lines(name)
    leaves = [n for n, line in enumerate(lines) if line.row.line]
    pairs = [(a, b) for a, b in pairwise(leaves) if b == a + 1]
    if not pairs:
        return None
    a, b = draw.choice(pairs)
    lines[a], lines[b] = lines[b], lines[a]
    return Typed(ledger.relined({name: lines}), frozenset(), "", 0)


@kind("文字行移动")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    """A paragraph of a list elsewhere in it."""
    listed = {s.each for s in ledger.edition.statement}
    tables = [
        n
        for n in ledger.open_tables(printed=False, least=3)
        if n in listed and not ledger.edition.tables[n].main.key and not ledger.edition.tables[n].fixed
    ]
    if not tables:
        return None
    name = draw.choice(tables)
    lines = ledger.lines(name)
    grouping = [c.name for c in ledger.edition.tables[name].columns.values() if c.type in {"item", "choice"}]
    groups = {line.number: [line.row.text(c) for c in grouping] for line in lines}
    n = draw.randrange(len(lines) - 1)
    if groups[lines[n].number] != groups[lines[n + 1].number] or lines[n].content == lines[n + 1].content:
        return None
    places = ledger.places(name, lines[n]) | ledger.places(name, lines[n + 1])
    lines[n], lines[n + 1] = lines[n + 1], lines[n]
    return Typed(ledger.relined({name: lines}), places)


@kind("一页清空")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    if not (name := _of_table(ledger, draw, least=1)):
        return None
    lines = ledger.lines(name)
    return Typed(ledger.relined({name: []}), frozenset(), name, min(1, len(lines)))


@kind("删去一页")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    if not (name := _of_table(ledger, draw, printed=True, least=1)):
        return None
    book = opened(ledger.content)
    book.remove(book[ledger.sheet(name)])
    return Typed(saved(book), frozenset(), name)


def _codes(ledger: Ledger) -> list[Spot]:
    return [s for s in ledger.spots if s.kind == "code" and s.row.line and s.table.printed]


@kind("科目代码改")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    spot = chosen(draw, _codes(ledger))
    if spot is None:
        return None
    code = str(spot.raw)
    there = {str(s.raw) for s in ledger.spots if s.kind == "code"}
    near = [
        c
        for c in ledger.codes(spot.table.name, spot.column)
        if len(c) == len(code) and c != code and c[: len(code) - 2] == code[:-2] and c not in there
    ]
    return one(ledger, spot, draw.choice(near)) if near else None


@kind("科目代码改类")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    spot = chosen(draw, _codes(ledger))
    if spot is None:
        return None
    code = str(spot.raw)
    far = [c for c in ledger.codes(spot.table.name, spot.column) if len(c) == len(code) and c[:3] != code[:3]]
    return one(ledger, spot, draw.choice(far)) if far else None


# --- projects -----------------------------------------------------------------------------------------------


def _renamed(ledger: Ledger, spots: Sequence[Spot], name: str, *, causes: int = 1) -> Typed:
    places = frozenset(spot.place for spot in spots)
    return Typed(ledger.typed(dict.fromkeys(places, name)), places, name, causes)


def _project(
    ledger: Ledger, draw: Random, wanted: Callable[[str], str | None]
) -> tuple[list[Spot], str] | None:
    found = [
        (spots, new)
        for spots in ledger.projects.values()
        if (new := wanted(spots[0].text)) and new != spots[0].text
    ]
    return draw.choice(found) if found else None


def _replaced(words: Mapping[str, str]) -> Callable[[str], str | None]:
    def change(text: str) -> str | None:
        return next((text.replace(old, new, 1) for old, new in words.items() if old in text), None)

    return change


RENAMES: Mapping[str, Callable[[str], str | None]] = {
    "项目改名同义": _replaced(SYNONYMS),
    "项目改名年份": lambda text: YEAR.sub(lambda year: str(int(year[0]) - 1), text, count=1),
    "项目改名加字": lambda text: f"{text}（二期）",
    "项目改名少字": lambda text: text[:-2] if len(text) > 6 else None,
}


def _rename(change: Callable[[str], str | None]) -> Kind:
    def typed(ledger: Ledger, draw: Random) -> Typed | None:
        found = _project(ledger, draw, change)
        return _renamed(ledger, *found) if found else None

    return typed


KINDS |= {name: _rename(change) for name, change in RENAMES.items()}


@kind("项目换成别的")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    """Another name altogether: one went and one came."""
    found = _project(ledger, draw, lambda _: "乡村卫生室改造提升工程")
    return _renamed(ledger, *found, causes=2) if found else None


@kind("项目改名标点")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    """Other widths of the same signs: nobody marks it."""
    found = _project(ledger, draw, lambda text: text.translate(str.maketrans("（）：，", "():,")))
    return _renamed(ledger, *found, causes=0) if found else None


@kind("项目改名一处")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    found = _project(ledger, draw, lambda text: text + "项目" if not text.endswith("项目") else text[:-2])
    return found and _renamed(ledger, [draw.choice(found[0])], found[1])


@kind("项目转涉密")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    """It stands under its code alone, and nothing else is said of it."""
    house = ledger.edition.house
    among = [s for s in ledger.projects.values() if any(x.table.printed for x in s)]
    if not among or not house.secret.isprintable():
        return None
    spots = draw.choice(among)
    name = f"{house.secret}2410077X"
    book = opened(ledger.content)
    printed = [s for s in spots if s.table.printed]
    for spot in printed:
        book[spot.place.sheet][spot.place.cells].value = name
    other = Ledger(saved(book))
    known = canonical(spots[0].text)
    tables: dict[str, list[Line]] = {}
    for table in {s.table.name for s in spots if not s.table.printed and s.table.main.open}:
        items = [c.name for c in ledger.edition.tables[table].columns.values() if c.type == "item"]
        tables[table] = [line for line in ledger.lines(table) if canonical(line.row.text(items[0])) != known]
    return Typed(other.relined(tables), frozenset(s.place for s in spots), name)


def _main_lines(ledger: Ledger) -> tuple[str, list[Line]]:
    """The printed table of projects, with its lines of open projects."""
    for name in ledger.open_tables(printed=True, least=1):
        declared = ledger.edition.tables[name]
        if any(c.type == "item" for c in declared.main.columns):
            lines = [
                x
                for x in _leaves(ledger, name)
                if not x.row.text(_column(ledger, name, "item")).startswith(ledger.edition.house.secret)
            ]
            if lines:
                return name, lines
    return "", []


@kind("项目拆成两个")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    """Each of its lines becomes two, with half of the amounts."""
    among = [k for k, s in ledger.projects.items() if any(x.table.printed for x in s)]
    if not among:
        return None
    known = draw.choice(among)
    tables = {s.table.name for s in ledger.projects[known] if s.table.main.open}
    found = {table: list(_halved(ledger, table, known)) for table in tables}
    odd = any(
        rounded(half := spot.cell.value / 2) != half
        for spot in ledger.figures
        if spot.table.printed and isinstance(spot.cell.value, Decimal)
        for item in [spot.row.text(c.name) for c in spot.table.columns.values() if c.type == "item"]
        if canonical(item) == known
    )
    return None if odd else Typed(ledger.relined(found), frozenset(), "一期")


def _halved(ledger: Ledger, table: str, known: str) -> Iterator[Line]:
    column = _column(ledger, table, "item")
    own = [line for line in ledger.lines(table) if canonical(line.row.text(column)) == known]
    for line in ledger.lines(table):
        if line not in own:
            yield line
        elif line == own[0]:
            for part in ("一期", "二期"):
                yield from (_half(one, one.row.text(column), part) for one in own)


def _half(line: Line, item: str, part: str) -> Line:
    content = {
        k: f"{v}（{part}）" if v == item else round(v / 2, 6) if isinstance(v, float | int) else v
        for k, v in line.content.items()
    }
    return replace(line, content=content)


@kind("添一个项目")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    name, lines = _main_lines(ledger)
    if not name:
        return None
    line = draw.choice(lines)
    item = line.row.text(_column(ledger, name, "item"))
    content = {k: "社区图书角添置经费" if v == item else v for k, v in line.content.items()}
    rest = ledger.lines(name)
    n = next(n for n, other in enumerate(rest) if other.number == line.number)
    new = replace(line, content=content)
    found = ledger.relined({name: [*rest[: n + 1], new, *rest[n + 1 :]]})
    return Typed(found, frozenset(), "社区图书角")


@kind("删一个项目")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    """It is gone from all sheets."""
    among = [k for k, s in ledger.projects.items() if any(x.table.printed for x in s)]
    if not among:
        return None
    known = draw.choice(among)
    tables = {s.table.name for s in ledger.projects[known] if s.table.main.open}
    kept = {
        table: [
            line
            for line in ledger.lines(table)
            if canonical(line.row.text(_column(ledger, table, "item"))) != known
        ]
        for table in tables
    }
    return Typed(ledger.relined(kept), frozenset(), ledger.projects[known][0].text)


@kind("删一个单位")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    """All that a department has of one of its units is gone."""
    units = {
        s.text
        for s in ledger.spots
        if s.kind == "unit"
        and s.text
        and s.table.printed
        and canonical(s.text) != canonical(ledger.side.unit)
    }
    if not units:
        return None
    unit = draw.choice(sorted(units))
    tables = {s.table.name for s in ledger.spots if s.kind == "unit" and s.text == unit and s.table.main.open}
    kept = {
        table: [
            line
            for line in ledger.lines(table)
            if unit
            not in {
                line.row.text(c.name)
                for c in ledger.edition.tables[table].columns.values()
                if c.type == "unit"
            }
        ]
        for table in tables
    }
    return Typed(ledger.relined(kept), frozenset(), unit)


# --- performance --------------------------------------------------------------------------------------------


def _targets(ledger: Ledger, wanted: str = "") -> list[Spot]:
    return [
        s
        for s in ledger.spots
        for t in ledger.edition.review.targets
        if s.table.name == t.table and s.column == t.column and s.text and re.search(wanted, s.text)
    ]


def _aim(wanted: str, change: Callable[[str, Random], str]) -> Kind:
    def typed(ledger: Ledger, draw: Random) -> Typed | None:
        spot = chosen(draw, _targets(ledger, wanted))
        if spot is None:
            return None
        new = change(spot.text, draw)
        return None if canonical(new) == canonical(spot.text) else one(ledger, spot, new)

    return typed


def _scaled(by: float) -> Callable[[str, Random], str]:
    return lambda text, _: NUMBERED.sub(lambda n: f"{max(float(n[0]) * by, 0):g}", text, count=1)


SIGNS = {"≥": "≤", "≤": "≥", ">=": "<=", "<=": ">=", "=": "≥"}
KINDS |= {
    "指标值调低": _aim(r"^[≥>]", _scaled(0.5)),
    "指标值调高": _aim(r"^[≥>]", _scaled(2)),
    "指标单位改": _aim(
        r"\d[个家场次%条]",
        lambda text, _: re.sub(r"(?<=\d)[个家场次%条]", lambda u: {"%": "个"}.get(u[0], "项"), text),
    ),
    "指标方向改": _aim(r"^[≥≤<>=]", lambda text, _: re.sub(r"^(≥|≤|>=|<=|=)", lambda s: SIGNS[s[0]], text)),
    "指标值清空": _aim(r".", lambda *_: ""),
    "期限改": _aim(
        r"\d月\d", lambda text, _: re.sub(r"(\d+)月", lambda m: f"{int(m[1]) - 1 or 2}月", text, count=1)
    ),
}


def _weight(ledger: Ledger, draw: Random) -> Typed | None:
    names = {(t.table, t.weight) for t in ledger.edition.review.targets}
    spot = chosen(draw, (s for s in ledger.spots if (s.table.name, s.column) in names and s.number))
    return spot and one(ledger, spot, spot.number + draw.choice((1, 2, -1)))


KINDS["权重改"] = _weight


def _indicator_cell(column: str, change: Callable[[str], str]) -> Kind:
    def typed(ledger: Ledger, draw: Random) -> Typed | None:
        names = {t.table for t in ledger.edition.review.targets}
        spot = chosen(
            draw, (s for s in ledger.spots if s.table.name in names and s.column == column and s.text)
        )
        return spot and one(ledger, spot, change(spot.text))

    return typed


KINDS |= {
    "指标改名": _indicator_cell(
        "三级指标", lambda text: text.replace("数量", "总量") if "数量" in text else text + "情况"
    ),
    "设置依据改": _indicator_cell(
        "指标值设置依据", lambda text: "行业标准" if text != "行业标准" else "历史标准"
    ),
    "赋分规则改": _indicator_cell(
        "指标赋分规则", lambda text: "直接赋分" if text != "直接赋分" else "按照完成比例赋分"
    ),
    "佐证资料改": _indicator_cell("佐证资料", lambda _: "验收报告"),
    "完成值改": _indicator_cell("上年完成值", lambda text: "88%" if text != "88%" else "90%"),
    "指标换组": _indicator_cell("二级指标", lambda text: "质量指标" if text != "质量指标" else "数量指标"),
    "指标换级": _indicator_cell("一级指标", lambda text: "效益指标" if text != "效益指标" else "产出指标"),
}


@kind("指标删去")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    targets = [t for t in ledger.edition.review.targets if len(ledger.lines(t.table)) > 1]
    if not targets:
        return None
    target = draw.choice(targets)
    lines = ledger.lines(target.table)
    line = draw.choice(lines)
    rest = [other for other in lines if other is not line]
    return Typed(
        ledger.relined({target.table: rest}), ledger.places(target.table, line), line.row.text(target.name)
    )


@kind("指标新增")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    targets = [t for t in ledger.edition.review.targets if len(ledger.lines(t.table)) > 1]
    if not targets:
        return None
    target = draw.choice(targets)
    lines = ledger.lines(target.table)
    n = draw.randrange(len(lines))
    old = {lines[n].row.text(target.name): "夜间值守轮次", lines[n].row.text(target.column): "≥31轮"}
    new = lines[n].with_texts(lambda text: old.get(text, text))
    return Typed(
        ledger.relined({target.table: [*lines[: n + 1], new, *lines[n + 1 :]]}), frozenset(), "夜间值守轮次"
    )


# --- reasons ------------------------------------------------------------------------------------------------


@kind("原因抄别项")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    a, b = chosen(draw, ledger.reasons), chosen(draw, ledger.reasons)
    return one(ledger, a, b.text) if a and b and canonical(a.text) != canonical(b.text) else None


@kind("原因删去")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    spot = chosen(draw, ledger.reasons)
    return spot and one(ledger, spot, None)


@kind("原因反向")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    change = _replaced(TURNED)
    spot = chosen(draw, (s for s in ledger.reasons if change(s.text)))
    return spot and one(ledger, spot, change(spot.text))


@kind("原因改写")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    spot = chosen(draw, ledger.reasons)
    return spot and one(ledger, spot, spot.text + "，并相应调整公务活动安排")


@kind("原因里数字改")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    spot = chosen(draw, (s for s in ledger.reasons if re.search(r"\d+(?=[人个项次])", s.text)))
    return spot and one(
        ledger, spot, re.sub(r"\d+(?=[人个项次])", lambda n: str(int(n[0]) + 3), spot.text, count=1)
    )


# --- texts --------------------------------------------------------------------------------------------------


def _text(change: Callable[[str, Random], str | None], *, causes: int = 1, least: int = LONG) -> Kind:
    def typed(ledger: Ledger, draw: Random) -> Typed | None:
        found = [
            (s, new) for s in ledger.texts(least=least) if (new := change(s.text, draw)) and new != s.text
        ]
        if not found:
            return None
        spot, new = draw.choice(found)
        return one(ledger, spot, new, causes=causes)

    return typed


def _put(text: str, draw: Random, signs: str, instead_of: int = 0) -> str:
    """Some signs put somewhere into a text, or instead of so many of its own."""
    n = draw.randrange(2, len(text))
    return text[:n] + signs + text[n + instead_of :]


def _more(pattern: str, change: Callable[[str], str]) -> Callable[[str, Random], str | None]:
    return lambda text, _: re.sub(pattern, lambda m: change(m[0]), text, count=1)


KINDS |= {
    "文字改词": _text(lambda text, _: _replaced(WORDS)(text)),
    "文字删半句": _text(lambda text, _: re.sub(r"[，、][^，。；、]+(?=[。；]|$)", "", text, count=1)),
    "文字添半句": _text(lambda text, _: text.rstrip("。") + "，并按季度通报情况"),
    "文字漏一字": _text(lambda text, draw: _put(text, draw, "", 1)),
    "文字里金额改": _text(_more(r"\d+(?:\.\d+)?(?=万元)", lambda n: f"{float(n) + 3.1:g}")),
    "文号改": _text(_more(r"(?<=〕)\d+(?=号)", lambda n: str(int(n) + 1))),
    "日期改": _text(_more(r"\d+(?=月)", lambda n: str(int(n) % 12 + 1))),
    "年份改": _text(_more(r"20\d\d(?=年)", lambda n: str(int(n) - 2))),
    "文字里空格": _text(lambda text, draw: _put(text, draw, " "), causes=0),
    "文字里换行": _text(lambda text, draw: _put(text, draw, "\n"), causes=0),
    "全角半角": _text(lambda text, _: text.translate(str.maketrans("，（）；：", ",();:")), causes=0),
}


@kind("文字清空")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    spot = chosen(draw, (s for s in ledger.texts() if len(s.row.cells) > 2))
    return spot and one(ledger, spot, None)


@kind("两段文字对调")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    """The texts of two lines of a table with names change places."""
    pairs = [
        (a, b)
        for spots in _columns_of(s for s in ledger.texts() if s.table.main.key or s.table.fixed)
        for a, b in pairwise(spots)
        if canonical(a.text) != canonical(b.text)
    ]
    return _swapped(ledger, *draw.choice(pairs)) if pairs else None


@kind("文字填错栏")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    """A text in the next column, which was empty."""
    pairs = []
    for spot in ledger.texts():
        beside = [
            s
            for s in ledger.spots
            if s.row is spot.row and s.kind == "text" and s.raw is None and s.column != spot.column
        ]
        pairs += [(spot, other) for other in beside[:1]]
    return _swapped(ledger, *draw.choice(pairs)) if pairs else None


# --- last year, the unit ------------------------------------------------------------------------------------


def _priors(ledger: Ledger) -> list[Spot]:
    return [
        s
        for s in ledger.spots
        if s.table.name == ledger.edition.comparisons.prior and s.kind == "money" and s.number
    ]


@kind("上年数改")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    spot = chosen(draw, _priors(ledger))
    return spot and one(ledger, spot, spot.number + draw.choice((1.5, 10, -0.3)) * spot.scale)


@kind("上年数清空")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    spot = chosen(draw, _priors(ledger))
    return spot and one(ledger, spot, None)


@kind("上年数两行对调")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    pairs = [pair for spots in _columns_of(_priors(ledger)) for pair in _below(spots)]
    return _swapped(ledger, *draw.choice(pairs)) if pairs else None


@kind("单位信息改")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    house = ledger.edition.house
    left = {*ledger.edition.review.ignored, house.unit, "公开主体"}
    spots = []
    for spot in ledger.spots:
        if (
            spot.table.name == house.about
            and spot.kind == "choice"
            and spot.text
            and spot.row.key not in left
        ):
            block, row = ledger.edition.tables[house.about].fixed[spot.row.key]
            choices = next((c.choices for c in block.of_row(row) if c.name == house.value), ())
            spots += [(spot, c) for c in choices if c != spot.text]
    return one(ledger, *draw.choice(spots)) if spots else None


@kind("单位改名")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    house = ledger.edition.house
    own = canonical(ledger.side.unit)
    spots = [s for s in ledger.spots if s.kind in {"unit", "text"} and canonical(s.text) == own]
    name = ledger.side.unit + "本级"
    return (
        Typed(ledger.typed({s.place: name for s in spots}), frozenset(s.place for s in spots), name)
        if house
        else None
    )


@kind("选项改")
def _(ledger: Ledger, draw: Random) -> Typed | None:
    """Another choice in a list."""
    found = []
    for spot in ledger.spots:
        if spot.kind == "choice" and spot.text and spot.table.main.open and not spot.table.generated:
            column = spot.table.main.column(spot.column)
            found += [(spot, c) for c in (column.choices if column else ()) if c != spot.text]
    if not found:
        return None
    spot, other = draw.choice(found)
    places = {cell.place for cell in spot.row.cells.values() if isinstance(cell.place, SheetPlace)}
    return Typed(ledger.typed({spot.place: other}), frozenset(places))
