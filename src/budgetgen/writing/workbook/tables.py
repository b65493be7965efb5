"""The sheet of one table: title, header, rows, and what may be typed there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import ceil
from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_rowcol_to_cell

from budgetgen.formula.nodes import CellOf, Constant
from budgetgen.saying.phrasing import Phrasing
from budgetgen.values.model import TOTAL
from budgetgen.values.patterns import Slot, pieces
from budgetgen.values.text import width_of
from budgetgen.writing.workbook.formats import (
    DERIVED,
    GUIDE,
    HEADER,
    INPUT,
    MONEY_NOTE,
    NOTHING,
    REMARK,
    REPEATED,
    STAMP,
    TITLE,
    CellStyle,
    lines_of,
    style_of,
)
from budgetgen.writing.workbook.formulas import ExcelFormula
from budgetgen.writing.workbook.layout import HEADER_TOP, captions
from budgetgen.writing.workbook.references import quoted
from budgetgen.writing.workbook.sheet import done
from budgetgen.writing.workbook.validation import rule_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from budgetgen.edition.declarations import Column, FixedRow, TableDeclaration
    from budgetgen.values.model import Cell
    from budgetgen.writing.workbook.filling import Filling
    from budgetgen.writing.workbook.formulas import Formulas
    from budgetgen.writing.workbook.layout import BlockLayout, Line, SheetLayout
    from budgetgen.writing.workbook.sheet import Pen
    from budgetgen.writing.workbook.validation import Lists

LONG = 100
"""A list of that many lines gets a filter."""
WIDE = 100
"""A table of more characters across is printed lying down."""
AUTOMATIC = "自动计算，不用填"
"""The help at a cell that the workbook works out."""
PARTLY = "浅蓝的格自动计算，不用填；浅黄的格要填"
"""The help in a column of which it works out some cells."""
HIGHEST = 26
"""Lines: Excel's rows are no higher than 409 points."""
FREEZABLE = 50
"""Key columns of up to that many characters stay in view."""


@dataclass(frozen=True)
class TableWriter:
    """Writes the sheet of one table.

    Attributes:
        filling: what the workbook is filled with.
        formulas: its formulas.
        layout: of the sheet.
        lists: the long drop-down lists of the workbook.
        pen: writes on the sheet.
    """

    filling: Filling
    formulas: Formulas
    layout: SheetLayout
    lists: Lists
    pen: Pen

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
        hints = [
            line.fixed.remark if line.fixed else "" for block in self.layout.blocks for line in block.lines
        ]
        remarks = [width_of(hint) + 2 for hint in hints]
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
            self._repeats(block)
        self._lines_of_text()
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
        self.pen.height(1, lines_of(self.table.guide, sum(self.widths)))
        if self.filling.stamp:
            self.pen.text(HEADER_TOP - 1, 0, self.filling.stamp, STAMP)
        if self._has_money():
            self._unit(HEADER_TOP - 1, self.layout.width - 1)

    def _unit(self, row: int, column: int) -> None:
        """The unit of money: the table's own, or the one that the workbook names."""
        house, own = self.filling.edition.house, self.table.money
        if own:
            self.pen.text(row, column, own.label, MONEY_NOTE)
        else:
            unit = f"单位：{self.filling.about(house.money)[0]}"
            self.pen.formula(row, column, f'="单位："&{house.money}', unit, MONEY_NOTE)

    def _has_money(self) -> bool:
        types = {column.type for column in self.table.columns.values()}
        return "money" in types or any(row.type == "money" for _, row in self.table.fixed.values())

    def _title(self) -> tuple[str, str]:
        """The title, a formula where it has slots, and how it reads."""
        if not self.table.printed:
            return self.table.name, self.table.name
        number = f"表{self.table.ordinal}　"
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
        edition, book = self.filling.edition, self.filling.book
        if piece.name in edition.phrase:  # said as it is now: Excel does not choose between wordings
            said = f"{{{piece.name}}}"
            return Phrasing(edition, book).text(said) if book else edition.phrase[piece.name].cases[
                -1
            ].says, ""
        about = edition.house.about
        match self.filling.edition.formula(piece.name):
            case CellOf(table=table, key=(Constant(value=str(key)),)) if table == about:
                return self.filling.about(key)
        return f"{{{piece.name}}}", ""

    # --- header ---

    def _header(self) -> None:
        paths = [
            captions(self.table, block, column) for block in self.table.block for column in block.columns
        ]
        if self.layout.remarks is not None:
            paths.append((self.filling.edition.sheets.remarks,))
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
                ceil(lines_of(path[depth], self.widths[index]) / (self.layout.depth - depth))
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
                style = CellStyle(indent=line.fixed.indent)
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
        self.pen.value(line.row, block.places[column.name], text, CellStyle(DERIVED, bold=True))

    def _cell(self, block: BlockLayout, line: Line, column: Column) -> None:
        cell = self.filling.cell(block, line, column)
        place = (line.row, block.places[column.name])
        shown = self.filling.shown(cell, column, self.table.name)
        formula = self._formula(block, line, column)
        if formula is None or _typed_over(column, cell, formula):
            colour = DERIVED if column.told else INPUT
            self.pen.value(*place, shown, style_of(column, colour, locked=column.told, bold=line.adds_up))
            return
        value = formula.empty if shown is None else shown
        named = column.type == "name"
        style = style_of(column, INPUT if named else DERIVED, locked=not named, bold=line.adds_up)
        self.pen.formula(*place, formula.text, value, style)

    def _formula(self, block: BlockLayout, line: Line, column: Column) -> ExcelFormula | None:
        if column.type == "name":
            return self._name(block, line, column)
        return self.formulas.of(block, line, column.name)

    def _name(self, block: BlockLayout, line: Line, column: Column) -> ExcelFormula:
        """The name that belongs to a code."""
        kind = self.table.columns[column.of].of
        code = xl_rowcol_to_cell(line.row, block.places[column.of])
        sheet = self.filling.edition.sheets.codes[kind]
        names, found = f"{sheet}名称", f"MATCH({code},{sheet}代码,0)"
        shown = self.filling.edition.codes(kind).get(line.source.text(column.of), "") if line.source else ""
        return ExcelFormula(f'=IF({code}="","",IFERROR(INDEX({names},{found}),""))', shown)

    def _filler(self, block: BlockLayout) -> None:
        """Cells beside a longer block, and the closing row of a list, hold nothing."""
        used = {line.row for line in block.lines}
        for row in set(range(self.layout.top, self.layout.end + 1)) - used:
            for place in block.places.values():
                self.pen.value(row, place, None, NOTHING)
        if block.open_rows:
            self.pen.height(block.open_rows[1], 0)

    def _lines_of_text(self) -> None:
        """Rows as high as their texts: not every program looks for itself when it opens a file."""
        heights: dict[int, int] = {}
        for block in self.layout.blocks:
            for line in block.lines:
                for name, column in block.columns(line).items():
                    text = self.filling.cell(block, line, column).value
                    if isinstance(text, str) and not column.numeric:
                        needed = lines_of(text, self.widths[block.places[name]])
                        heights[line.row] = max(needed, heights.get(line.row, 1))
        for row, lines in heights.items():
            if lines > 1:
                self.pen.height(row, min(lines, HIGHEST))

    def _repeats(self, block: BlockLayout) -> None:
        """What repeats the cell above in a merged column is greyed: it reads once, and each row still says all of it."""
        if not block.open_rows:
            return
        first, last = block.open_rows
        same: list[str] = []
        for column in (column for column in block.block.columns if column.merge):
            place = block.places[column.name]
            here, above = (xl_rowcol_to_cell(row, place, col_abs=True) for row in (first + 1, first))
            same.append(f'{here}<>"",{here}={above}')
            rule = {"type": "formula", "criteria": f"=AND({','.join(same)})"}
            look = {**rule, "format": self.pen.formats[REPEATED]}
            done(self.pen.sheet.conditional_format(first + 1, place, last - 1, place, look))

    # --- what may be typed ---

    def _rules(self, block: BlockLayout) -> None:
        for line in (line for line in block.lines if line.fixed):
            for column in block.columns(line).values():
                if column.type != "label" and line.fixed:
                    hint = AUTOMATIC if self._automatic(block, line, column) else line.fixed.hint
                    self._rule(block, (line.row, line.row), column, hint)
        if block.open_rows:
            first, end = block.open_rows
            lines = [line for line in block.lines if first <= line.row < end]
            for column in block.block.columns:
                worked = {self._automatic(block, line, column) for line in lines}
                hint = PARTLY if len(worked) > 1 else AUTOMATIC if True in worked else column.hint
                self._rule(block, (first, end - 1), column, hint)

    def _automatic(self, block: BlockLayout, line: Line, column: Column) -> bool:
        """Whether the workbook works a figure out."""
        return column.numeric and self.formulas.of(block, line, column.name) is not None

    def _rule(self, block: BlockLayout, rows: tuple[int, int], column: Column, hint: str) -> None:
        place = block.places[column.name]
        rule = rule_of(column, self.lists.choices(column))
        self.pen.admit((rows[0], place), (rows[1], place), rule, hint)

    def _remarks(self) -> None:
        if self.layout.remarks is None:
            return
        for block in self.layout.blocks:
            for line in block.lines:
                if line.fixed and (text := self._remark(block, line, line.fixed)):
                    self.pen.text(line.row, self.layout.remarks, text, REMARK)

    def _remark(self, block: BlockLayout, line: Line, fixed: FixedRow) -> str:
        """The help beside a fixed row; of one that the workbook works out wholly, that it does."""
        figures = [column for column in block.columns(line).values() if column.type != "label"]
        automatic = bool(figures) and all(self._automatic(block, line, column) for column in figures)
        return self.filling.edition.sheets.worked_out(fixed.remark) if automatic else fixed.remark

    # --- how it is seen and printed ---

    def _view(self) -> None:
        sheet, layout = self.pen.sheet, self.layout
        sheet.freeze_panes(layout.top, self._frozen())
        sheet.repeat_rows(HEADER_TOP, layout.top - 1)
        if any(block.open >= LONG for block in self.table.block):
            sheet.autofilter(layout.top - 1, 0, layout.end, layout.width - 1)
        self.pen.quiet(layout.end, self.right)
        self.pen.page(landscape=self.table.landscape or sum(self.widths) > WIDE, mark=self.filling.stamp)

    def _frozen(self) -> int:
        """The key columns before the first number, where they leave room for it."""
        columns = [column for block in self.table.block for column in block.columns]
        keys = next((index for index, column in enumerate(columns) if column.numeric), 0)
        return keys if len(self.table.block) == 1 and sum(self.widths[:keys]) <= FREEZABLE else 0


def _typed_over(column: Column, cell: Cell, formula: ExcelFormula) -> bool:
    """Whether a person's own figure stands in place of the formula, or a name other than the list's."""
    if column.type == "name":
        return cell.value not in {None, formula.empty}
    return cell.given and cell.value is not None
