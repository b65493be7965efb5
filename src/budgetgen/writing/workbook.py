"""Writing the workbook: blank for the clerk to fill, or filled from a Book.

The declarations say what stands where; this module says how it looks and what may be typed. Sheets are protected
without a password: that keeps formulas and headers from being overwritten by accident, it is no security.
"""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from io import BytesIO
from itertools import groupby
from math import ceil
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook
from xlsxwriter.utility import quote_sheetname, xl_range, xl_range_abs, xl_rowcol_to_cell

from budgetgen.amounts import LIMIT, YUAN_PER_UNIT, parse
from budgetgen.expressions import CellOf, Constant
from budgetgen.findings import UnusableInputError
from budgetgen.model import BLANK, TOTAL, Cell
from budgetgen.wording import Slot, pieces
from budgetgen.writing.archive import replace_file
from budgetgen.writing.formulas import HEADER_TOP, Formula, captions, compiled, lay_out, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from budgetgen.declarations import Column, Edition, TableDeclaration
    from budgetgen.model import Book, Value
    from budgetgen.writing.formulas import BlockLayout, Line, SheetLayout, WorkbookLayout

GUIDE_SHEET = "填报说明"
LISTS_SHEET = "列表"
META_SHEET = "_meta"
CODE_SHEETS = MappingProxyType({"function": "功能科目", "economic": "经济科目"})
REMARKS = "说明"
VERSION = 1
"""Of the workbook's make-up, for readers of later programs."""

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
"""Same input, same bytes: the date in the document properties is no date of anything."""
FIRST_DAY = date(2000, 1, 1)
LONGEST_TEXT = 32_767
LONGEST_LIST = 255
"""Excel's own limits, in characters."""
LONG = 100
"""A list of that many lines gets a filter."""
WIDE = 100
"""A table of more characters across is printed lying down."""
FREEZABLE = 50
"""Key columns of up to that many characters stay in view."""
LINE_HEIGHT = 15
PADDING = 5
"""In points."""


def write_workbook(
    edition: Edition, book: Book | None, path: Path, *, values: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Write a workbook to a file; an existing one is replaced. For the rest see `render_workbook`."""
    replace_file(path, render_workbook(edition, book, values=values))


def render_workbook(
    edition: Edition, book: Book | None = None, *, values: Mapping[str, str] = MappingProxyType({})
) -> bytes:
    """A workbook; the same input gives the same bytes.

    Args:
        edition: the format.
        book: what it is filled with; None for the blank workbook.
        values: what the blank workbook already says of the unit: row of the sheet about it → text.

    Raises:
        UnusableInputError: a text is too long for a cell, or `values` does not fit its row.
    """
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"title": edition.edition.title, "created": CREATED})
    figures = _Figures(lay_out(edition, book), book, _presets(edition, values))
    _WorkbookWriter(figures, workbook).write()
    workbook.close()
    return buffer.getvalue()


def _presets(edition: Edition, values: Mapping[str, str]) -> Mapping[str, Value]:
    """What the blank workbook already says of the unit, by row."""
    about = edition.tables[edition.house.about]
    for key in values:
        if key not in about.fixed:
            raise UnusableInputError(
                about.name, f"没有“{key}”这一行", f"改用其中之一：{'、'.join(about.fixed)}"
            )
    columns = {row.key: column for block in about.block for row in block.rows for column in block.of_row(row)}
    return {key: _typed(text, columns[key], f"{about.name}：{key}") for key, text in values.items()}


def _typed(text: str, column: Column, place: str) -> Value:
    """A declared or preset text as the value of a column."""
    try:
        if column.numeric:
            return parse(text)
        return date.fromisoformat(text) if column.type == "date" and text else text or None
    except ValueError:
        hint = "数字" if column.numeric else "日期，例如 2026-02-27"
        raise UnusableInputError(place, f"“{text}”填不进这一格", f"改成{hint}") from None


# --- how it looks -------------------------------------------------------------------------------------------

INPUT, DERIVED, VOID, HEAD, PLAIN = "#FFF9DB", "#DCE9F7", "#EDEDED", "#C9D6E6", ""
TAB_PRINTED, TAB_INPUT, TAB_HELP = "#2F5597", "#BF9000", "#7F7F7F"
GREY_TEXT = "#595959"
FONT = "宋体"
NUMBER_FORMATS = MappingProxyType(
    {"money": "#,##0.00", "number": "General", "count": "0", "date": "yyyy-mm-dd"}
)
TEXT_FORMAT = "@"
"""Text stays as typed: `1-2` is no date, `2050201` no number, `100%` no one."""


@dataclass(frozen=True, slots=True)
class _Style:
    """How a cell looks; the fields are xlsxwriter's names."""

    bg_color: str = PLAIN
    num_format: str = "General"
    align: str = "left"
    valign: str = "vcenter"
    indent: int = 0
    bold: bool = False
    locked: bool = True
    text_wrap: bool = True
    border: int = 1
    border_color: str = "#A6A6A6"
    font_name: str = FONT
    font_size: int = 11
    font_color: str = "#000000"


BARE = _Style(border=0)
TITLE = _Style(border=0, bold=True, font_size=16, text_wrap=False)
GUIDE = _Style(border=0, font_color=GREY_TEXT, valign="top")
MONEY_NOTE = _Style(border=0, align="right", text_wrap=False)
HEADER = _Style(HEAD, align="center", bold=True)
LABEL = _Style()
NOTHING = _Style(VOID)
REMARK = _Style(border=0, indent=1, font_color=GREY_TEXT, font_size=10)
LINK = _Style(font_color="#1F4E9E")


def _style(column: Column, colour: str, *, locked: bool, bold: bool = False) -> _Style:
    """The look of a cell of a column."""
    numeric = column.numeric
    # A formula in a text cell would turn into text when touched.
    text = "General" if column.type == "name" else TEXT_FORMAT
    return _Style(
        colour,
        NUMBER_FORMATS.get(column.type, text),
        "right" if numeric else "left",
        text_wrap=not numeric,
        locked=locked,
        bold=bold,
    )


def _width(text: str) -> int:
    """How many Latin characters wide a text is."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column; a character is kept free."""
    return max(1, ceil(_width(text) / max(width - 1, 1)))


# --- what may be typed --------------------------------------------------------------------------------------


def _rule(column: Column, choices: Any) -> dict[str, Any]:
    """What a cell admits, in xlsxwriter's words; `choices` are those of the column, or where they stand."""
    match column.type:
        case "money" | "number":
            limit = int(LIMIT) * max(YUAN_PER_UNIT.values())
            text = "请填数字，不带单位和文字；没有就空着。"
            return _stop("decimal", "between", -limit, limit, "这里只能填数字", text)
        case "count":
            text = "请填不带小数的数字；没有就空着。"
            return _stop("integer", "between", 0, int(LIMIT), "这里只能填整数", text)
        case "date":
            text = "请填年月日，例如 2026-02-27。"
            return _stop("date", "between", FIRST_DAY, date(9999, 12, 31), "这里只能填日期", text)
        case "code":
            text = "科目表里没有这个代码。确实是新增科目的选“是”，并在名称列填上名称。"
            return {**_said("list", "代码不在科目表中", text), "source": choices, "error_type": "warning"}
    if not choices:
        return {"validate": "any"}
    return {**_said("list", "不在可选范围内", "请从下拉列表中选一项。"), "source": choices}


def _stop(kind: str, criteria: str, low: Any, high: Any, title: str, message: str) -> dict[str, Any]:
    return {**_said(kind, title, message), "criteria": criteria, "minimum": low, "maximum": high}


def _said(kind: str, title: str, message: str) -> dict[str, Any]:
    return {"validate": kind, "error_title": title, "error_message": message}


# --- what is known ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Figures:
    """What the workbook is filled with.

    Attributes:
        layout: where everything stands.
        book: None for the blank workbook.
        presets: what the blank workbook already says of the unit, by row.
    """

    layout: WorkbookLayout
    book: Book | None
    presets: Mapping[str, Value]

    @property
    def edition(self) -> Edition:
        """The format."""
        return self.layout.edition

    def cell(self, block: BlockLayout, line: Line, column: Column) -> Cell:
        """What stands in a cell; in the blank workbook what is declared for it."""
        if self.book:
            return line.source[column.name] if line.source else BLANK
        value = block.block.value
        if line.fixed is None or value is None or column.name != value.name:
            return BLANK
        if block.sheet == self.edition.house.about and line.key in self.presets:
            return Cell(self.presets[line.key], given=True)
        return Cell(_typed(line.fixed.default, column, line.key), given=True)

    def about(self, key: str) -> tuple[str, str]:
        """A row of the sheet about the unit: what it says as text, and the reference of its cell."""
        house = self.edition.house
        found = self.layout.sheets[house.about].find(key)
        if found is None:
            return "", ""
        block, line = found
        value = self.cell(block, line, block.columns(line)[house.value]).value
        place = block.address(line, house.value)
        text = xl_rowcol_to_cell(place.row, place.column, row_abs=True, col_abs=True)
        return "" if value is None else str(value), f"{quote_sheetname(place.sheet)}!{text}"

    @cached_property
    def per_wan(self) -> int:
        """How many of the workbook's units of money make 1 万元."""
        return YUAN_PER_UNIT.get(self.about(self.edition.house.money)[0], 1)

    def shown(self, cell: Cell, column: Column) -> Value:
        """A value as it stands in the workbook: money in its unit."""
        if column.type == "money" and isinstance(cell.value, Decimal):
            return cell.value * self.per_wan
        return cell.value


# --- writing ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Pen:
    """Writes on one sheet; xlsxwriter's refusals, which it only returns, are raised.

    Attributes:
        sheet: the sheet.
        styles: the formats of the workbook so far.
        workbook: makes new ones.
        file: name of the file that its content came from, for messages.
    """

    sheet: Worksheet
    styles: dict[_Style, Format]
    workbook: Workbook
    file: str

    def format(self, style: _Style) -> Format:
        """The format of a style; each is made once."""
        if style not in self.styles:
            said = {name: value for name, value in asdict(style).items() if value or name == "locked"}
            self.styles[style] = self.workbook.add_format(said)
        return self.styles[style]

    def widths(self, widths: Sequence[float]) -> None:
        """The widths of the columns from A on, in characters."""
        for column, width in enumerate(widths):
            _done(self.sheet.set_column(column, column, width))

    def height(self, row: int, lines: int) -> None:
        """The height of a row, in lines of text."""
        _done(self.sheet.set_row(row, LINE_HEIGHT * lines + PADDING))

    def text(self, row: int, column: int, text: str, style: _Style) -> None:
        """A text, never taken for a formula, a number or a link."""
        self._check_length(row, column, text)
        _done(self.sheet.write_string(row, column, text, self.format(style)))

    def value(self, row: int, column: int, value: Value, style: _Style) -> None:
        """A value of the Book."""
        match value:
            case None:
                _done(self.sheet.write_blank(row, column, None, self.format(style)))
            case Decimal():
                _done(self.sheet.write_number(row, column, float(value), self.format(style)))
            case date():
                _done(self.sheet.write_datetime(row, column, value, self.format(style)))
            case str():
                self.text(row, column, value, style)

    def formula(self, row: int, column: int, text: str, value: Any, style: _Style) -> None:
        """A formula with its value."""
        known = float(value) if isinstance(value, Decimal) else value
        _done(self.sheet.write_formula(row, column, text, self.format(style), known))

    def across(self, row: int, left: int, right: int, text: str, style: _Style) -> None:
        """A text over several columns."""
        self.merged((row, row), (left, right), text, style)

    def merged(self, rows: tuple[int, int], columns: tuple[int, int], text: str, style: _Style) -> None:
        """A text over several rows and columns."""
        if (rows[0], columns[0]) != (rows[1], columns[1]):
            _done(self.sheet.merge_range(rows[0], columns[0], rows[1], columns[1], "", self.format(style)))
        self.text(rows[0], columns[0], text, style)

    def admit(
        self, first: tuple[int, int], last: tuple[int, int], rule: Mapping[str, Any], hint: str
    ) -> None:
        """Say what may be typed in a range, and help with it."""
        help_text = {"input_title": "填报提示", "input_message": hint} if hint else {}
        if help_text or rule["validate"] != "any":
            _done(self.sheet.data_validation(*first, *last, {**rule, **help_text}))

    def _check_length(self, row: int, column: int, text: str) -> None:
        if len(text) > LONGEST_TEXT:
            place = f"{self.sheet.get_name()}!{xl_rowcol_to_cell(row, column)}"
            problem = f"{place} 的文字有 {len(text)} 个字，单元格最多放 {LONGEST_TEXT} 个"
            raise UnusableInputError(self.file, problem, "缩短这段文字，或分成几行")


def _done(code: int | None) -> None:
    """Raise what xlsxwriter only returns."""
    if code:
        raise RuntimeError(f"xlsxwriter: {code}")


@dataclass(frozen=True)
class _WorkbookWriter:
    """Writes all sheets.

    Attributes:
        figures: what it is filled with.
        workbook: what is written to.
        styles: the formats so far.
        lists: drop-down lists too long to stand in a validation.
    """

    figures: _Figures
    workbook: Workbook
    styles: dict[_Style, Format] = field(default_factory=dict)
    lists: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def edition(self) -> Edition:
        """The format."""
        return self.figures.edition

    def write(self) -> None:
        """All sheets, the guide first and in view."""
        guide = self._pen(GUIDE_SHEET, TAB_HELP)
        self._guide(guide)
        for sheet in self.figures.layout.sheets.values():
            pen = self._pen(sheet.table.name, TAB_PRINTED if sheet.table.printed else TAB_INPUT)
            _SheetWriter(self, sheet, pen).write()
        for kind, name in CODE_SHEETS.items():
            self._codes(self._pen(name, TAB_HELP), self.edition.codes(kind))
        self._names()
        self._hidden()
        guide.sheet.activate()

    def _pen(self, name: str, tab: str) -> _Pen:
        sheet = self.workbook.add_worksheet(name)
        sheet.set_tab_color(tab)
        sheet.hide_gridlines(2)
        sheet.protect("", dict.fromkeys(PERMITTED, True))
        file = self.figures.book.file if self.figures.book else GUIDE_SHEET
        return _Pen(sheet, self.styles, self.workbook, file)

    def _guide(self, pen: _Pen) -> None:
        pen.widths((24, 14, 100))
        pen.text(0, 0, f"{self.edition.edition.title}填报表", TITLE)
        row = 2
        for text in _steps(self.edition):
            pen.across(row, 0, 2, text, BARE)
            pen.height(row, _lines(text, 138))
            row += 1
        row = self._legend(pen, row + 1)
        self._index(pen, row + 1)
        _page(pen.sheet, landscape=True)

    def _legend(self, pen: _Pen, row: int) -> int:
        for colour, name, text in LEGEND:
            pen.text(row, 0, name, _Style(colour, align="center"))
            pen.across(row, 1, 2, text, BARE)
            row += 1
        return row

    def _index(self, pen: _Pen, row: int) -> None:
        for column, text in enumerate(("工作表（点击打开）", "用途", "怎么填")):
            pen.text(row, column, text, HEADER)
        for table in self.edition.table:
            row += 1
            target = f"internal:{quote_sheetname(table.name)}!A1"
            _done(pen.sheet.write_url(row, 0, target, pen.format(LINK), table.name))
            pen.text(row, 1, f"公开表{table.number}" if table.printed else "填报页", LABEL)
            pen.text(row, 2, table.guide, LABEL)
            pen.height(row, _lines(table.guide, 104))

    def _codes(self, pen: _Pen, codes: Mapping[str, str]) -> None:
        """A list of codes, with the names that drop-downs and formulas know it by."""
        name = pen.sheet.get_name()
        pen.widths((14, 50))
        for row, (code, title) in enumerate((("科目代码", "科目名称"), *codes.items())):
            style = _Style(num_format=TEXT_FORMAT, text_wrap=False) if row else HEADER
            pen.text(row, 0, code, style)
            pen.text(row, 1, title, style)
        for column, what in enumerate(("代码", "名称")):
            place = xl_range_abs(1, column, len(codes), column)
            _done(self.workbook.define_name(f"{name}{what}", f"={quote_sheetname(name)}!{place}"))
        pen.sheet.freeze_panes(1, 0)
        _quiet(pen.sheet, len(codes), 1)
        _page(pen.sheet, landscape=False)

    def _names(self) -> None:
        """The unit of money as a named cell."""
        name = self.edition.house.money
        _done(self.workbook.define_name(name, f"={self.figures.about(name)[1]}"))

    def _hidden(self) -> None:
        meta = self._pen(META_SHEET, TAB_HELP)
        facts = (
            ("edition", self.edition.id),
            ("version", str(VERSION)),
            ("year", str(self.edition.edition.year)),
        )
        for row, (name, value) in enumerate(facts):
            meta.text(row, 0, name, BARE)
            meta.text(row, 1, value, BARE)
        meta.sheet.very_hidden()
        if self.lists:
            self._long_lists(self._pen(LISTS_SHEET, TAB_HELP))

    def _long_lists(self, pen: _Pen) -> None:
        for column, choices in enumerate(self.lists):
            for row, text in enumerate(choices):
                pen.text(row, column, text, BARE)
        pen.sheet.hide()

    def choices(self, column: Column) -> Any:
        """What a drop-down offers: the list itself, or where it stands."""
        if column.type == "code":
            return f"={CODE_SHEETS[column.of]}代码"
        if len(",".join(column.choices)) <= LONGEST_LIST and not any("," in text for text in column.choices):
            return list(column.choices)
        if column.choices not in self.lists:
            self.lists.append(column.choices)
        place = self.lists.index(column.choices)
        return f"={LISTS_SHEET}!{xl_range_abs(0, place, len(column.choices) - 1, place)}"


PERMITTED = ("format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter")
"""What a clerk may do on a protected sheet."""

LEGEND = (
    (INPUT, "浅黄", "请填这里。没有就空着，不要填“无”；“上年数”里上年没有的填 0。"),
    (
        DERIVED,
        "浅蓝",
        "自动计算，不用填。确要自己填的，先撤销工作表保护（没有密码）；填了以您填的为准，并会核对。",
    ),
    (VOID, "灰色", "这一格不用填。"),
)


def _steps(edition: Edition) -> tuple[str, ...]:
    house = edition.house
    return (
        f"一、先填“{house.about}”，特别是“{house.money}”：各表的金额都按这个单位填。",
        "二、再填各表的浅黄格。行不够时，在灰色的末行上面插入行；多余的空行不用删。工作表名称、表头和固定的项目名称不要改。",
        "三、保存后运行 budgetgen check 检查，按提示改到没有错误。",
        "四、运行 budgetgen build 生成 Word 公开文本。",
    )


@dataclass(frozen=True)
class _SheetWriter:
    """Writes the sheet of one table.

    Attributes:
        book: the workbook at large.
        layout: of the sheet.
        pen: writes on it.
    """

    book: _WorkbookWriter
    layout: SheetLayout
    pen: _Pen

    @property
    def table(self) -> TableDeclaration:
        """The declaration."""
        return self.layout.table

    @property
    def right(self) -> int:
        """The last column, remarks included."""
        return self.layout.width - (self.layout.remarks is None)

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """Of the columns, in characters."""
        own = tuple(column.width for block in self.table.block for column in block.columns)
        remarks = [_width(_remark(line)) + 2 for block in self.layout.blocks for line in block.lines]
        return own if self.layout.remarks is None else (*own, max(remarks))

    def write(self) -> None:
        """The whole sheet."""
        self.pen.widths(self.widths)
        self._top()
        self._header()
        for block in self.layout.blocks:
            for line in block.lines:
                self._line(block, line)
            self._filler(block)
            self._rules(block)
        self._remarks()
        self._view()

    # --- above the rows ---

    def _top(self) -> None:
        title, shown = self._title()
        if title.startswith("="):
            self.pen.formula(0, 0, title, shown, TITLE)
        else:
            self.pen.text(0, 0, title, TITLE)
        self.pen.height(0, 2)
        self.pen.across(1, 0, self.right, self.table.guide, GUIDE)
        self.pen.height(1, _lines(self.table.guide, sum(self.widths)))
        if self._has_money():
            house = self.book.edition.house
            text = f'="单位："&{house.money}'
            unit = f"单位：{self.book.figures.about(house.money)[0]}"
            self.pen.formula(HEADER_TOP - 1, self.layout.width - 1, text, unit, MONEY_NOTE)

    def _has_money(self) -> bool:
        types = {column.type for column in self.table.columns.values()}
        return "money" in types or any(row.type == "money" for _, row in self.table.fixed.values())

    def _title(self) -> tuple[str, str]:
        """The title, a formula where it has slots, and how it reads."""
        if not self.table.printed:
            return self.table.name, self.table.name
        number = f"表{self.table.number}　"
        parts = [self._piece(piece) for piece in pieces(self.table.title)]
        shown = number + "".join(text for text, _ in parts)
        if not any(reference for _, reference in parts):
            return shown, shown
        texts = (reference or quoted(text) for text, reference in parts)
        return f"={quoted(number)}&{'&'.join(texts)}", shown

    def _piece(self, piece: str | Slot) -> tuple[str, str]:
        """A piece of the title: how it reads, and the reference of the cell that says it."""
        if isinstance(piece, str):
            return piece, ""
        about = self.book.edition.house.about
        match self.book.edition.formula(piece.name):
            case CellOf(table=table, key=(Constant(value=str(key)),)) if table == about:
                return self.book.figures.about(key)
        return f"{{{piece.name}}}", ""

    # --- header ---

    def _header(self) -> None:
        paths = [
            captions(self.table, block, column) for block in self.table.block for column in block.columns
        ]
        if self.layout.remarks is not None:
            paths.append((REMARKS,))
        for depth in range(self.layout.depth):
            self._captions(paths, depth)
        self._heights(paths)

    def _captions(self, paths: Sequence[tuple[str, ...]], depth: int) -> None:
        """One header row: neighbours under the same captions share a cell, the last caption reaches down."""
        numbered = [(path, index) for index, path in enumerate(paths) if len(path) > depth]
        for path, group in groupby(numbered, key=lambda pair: pair[0][: depth + 1]):
            places = [index for _, index in group]
            last = len(paths[places[0]]) == depth + 1
            rows = (HEADER_TOP + depth, self.layout.top - 1 if last else HEADER_TOP + depth)
            self.pen.merged(rows, (places[0], places[-1]), path[-1], HEADER)

    def _heights(self, paths: Sequence[tuple[str, ...]]) -> None:
        for depth in range(self.layout.depth):
            needed = [
                ceil(_lines(path[depth], self.widths[index]) / (self.layout.depth - depth))
                for index, path in enumerate(paths)
                if len(path) == depth + 1
            ]
            self.pen.height(HEADER_TOP + depth, max(needed, default=1))

    # --- rows ---

    def _line(self, block: BlockLayout, line: Line) -> None:
        applying = block.columns(line)
        for column in block.block.columns:
            place = block.places[column.name]
            if line.fixed and column.type == "label":
                style = _Style(indent=line.fixed.indent)
                self.pen.text(line.row, place, line.fixed.caption, style)
            elif line.kind == "total" and not column.numeric:
                self._total_label(block, line, column)
            elif column.name not in applying:
                self.pen.value(line.row, place, None, NOTHING)
            else:
                self._cell(block, line, applying[column.name])

    def _total_label(self, block: BlockLayout, line: Line, column: Column) -> None:
        first = next(own for own in block.block.columns if own.type != "unit")
        text = TOTAL if column.name == first.name else None
        self.pen.value(line.row, block.places[column.name], text, _Style(DERIVED, bold=True))

    def _cell(self, block: BlockLayout, line: Line, column: Column) -> None:
        cell = self.book.figures.cell(block, line, column)
        place = (line.row, block.places[column.name])
        shown = self.book.figures.shown(cell, column)
        formula = self._formula(block, line, column)
        if formula is None or _typed_over(column, cell, formula):
            self.pen.value(*place, shown, _style(column, INPUT, locked=False, bold=line.adds_up))
            return
        value = formula.empty if shown is None else shown
        named = column.type == "name"
        style = _style(column, INPUT if named else DERIVED, locked=not named, bold=line.adds_up)
        self.pen.formula(*place, formula.text, value, style)

    def _formula(self, block: BlockLayout, line: Line, column: Column) -> Formula | None:
        if column.type == "name":
            return self._name(block, line, column)
        return compiled(self.book.figures.layout, block, line, column.name)

    def _name(self, block: BlockLayout, line: Line, column: Column) -> Formula:
        """The name that belongs to a code."""
        kind = self.table.columns[column.of].of
        code = xl_rowcol_to_cell(line.row, block.places[column.of])
        names, found = f"{CODE_SHEETS[kind]}名称", f"MATCH({code},{CODE_SHEETS[kind]}代码,0)"
        shown = self.book.edition.codes(kind).get(line.source.text(column.of), "") if line.source else ""
        return Formula(f'=IF({code}="","",IFERROR(INDEX({names},{found}),""))', shown)

    def _filler(self, block: BlockLayout) -> None:
        """Cells beside a longer block, and the closing row of a list, hold nothing."""
        used = {line.row for line in block.lines}
        for row in set(range(self.layout.top, self.layout.end + 1)) - used:
            for place in block.places.values():
                self.pen.value(row, place, None, NOTHING)
        if block.open_rows:
            self.pen.height(block.open_rows[1], 0)

    # --- what may be typed ---

    def _rules(self, block: BlockLayout) -> None:
        for line in (line for line in block.lines if line.fixed):
            for column in block.columns(line).values():
                if column.type != "label" and line.fixed:
                    self._rule(block, (line.row, line.row), column, line.fixed.hint)
        if block.open_rows:
            for column in block.block.columns:
                self._rule(block, (block.open_rows[0], block.open_rows[1] - 1), column, column.hint)

    def _rule(self, block: BlockLayout, rows: tuple[int, int], column: Column, hint: str) -> None:
        place = block.places[column.name]
        rule = _rule(column, self.book.choices(column))
        self.pen.admit((rows[0], place), (rows[1], place), rule, hint)

    def _remarks(self) -> None:
        if self.layout.remarks is None:
            return
        for block in self.layout.blocks:
            for line in block.lines:
                if line.fixed and (text := _remark(line)):
                    self.pen.text(line.row, self.layout.remarks, text, REMARK)

    # --- how it is seen and printed ---

    def _view(self) -> None:
        sheet, layout = self.pen.sheet, self.layout
        sheet.freeze_panes(layout.top, self._frozen())
        sheet.repeat_rows(HEADER_TOP, layout.top - 1)
        if any(block.open >= LONG for block in self.table.block):
            sheet.autofilter(layout.top - 1, 0, layout.end, layout.width - 1)
        _quiet(sheet, layout.end, self.right)
        _page(sheet, landscape=self.table.landscape or sum(self.widths) > WIDE)

    def _frozen(self) -> int:
        """The key columns before the first number, where they leave room for it."""
        columns = [column for block in self.table.block for column in block.columns]
        keys = next((index for index, column in enumerate(columns) if column.numeric), 0)
        return keys if len(self.table.block) == 1 and sum(self.widths[:keys]) <= FREEZABLE else 0


def _typed_over(column: Column, cell: Cell, formula: Formula) -> bool:
    """Whether a person's own figure stands in place of the formula, or a name other than the list's."""
    if column.type == "name":
        return cell.value not in {None, formula.empty}
    return cell.given and cell.value is not None


def _remark(line: Line) -> str:
    """The help beside a fixed row."""
    if line.fixed is None:
        return ""
    required = "*（必填）" if line.fixed.required else ""
    measure = f"数量单位：{line.fixed.measure}" if line.fixed.measure else ""
    return required + "；".join(filter(None, (line.fixed.hint, measure)))


def _quiet(sheet: Worksheet, bottom: int, right: int) -> None:
    """No green triangles at codes kept as text, nor at names that may be overwritten."""
    marks = ("number_stored_as_text", "formula_unlocked", "formula_differs")
    _done(sheet.ignore_errors(dict.fromkeys(marks, xl_range(0, 0, bottom, right))))


def _page(sheet: Worksheet, *, landscape: bool) -> None:
    """A4, one page wide, numbered."""
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.set_footer("&C第 &P 页 共 &N 页")
