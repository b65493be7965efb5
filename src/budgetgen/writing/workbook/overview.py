"""The sheet that says, while the clerk types, which relations hold, which differ and by how much."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from xlsxwriter.utility import quote_sheetname, xl_col_to_name, xl_rowcol_to_cell

from budgetgen.book.derivation import derive
from budgetgen.values.amounts import HALF_CENT, PER_WAN, WAN
from budgetgen.values.model import Book, Cell, Row, Table
from budgetgen.writing.workbook.comparisons import Cells, Comparer, Comparison, in_money
from budgetgen.writing.workbook.elements import EXACT_PLACES
from budgetgen.writing.workbook.formats import (
    AGREEING,
    DIFFERING,
    FAINT,
    GUIDE,
    HEADER,
    LABEL,
    LINK,
    MONEY,
    SECTION,
    SUMMARY,
    TITLE,
    CellStyle,
    lines_of,
)
from budgetgen.writing.workbook.layout import ONE, Address, scaled
from budgetgen.writing.workbook.outcomes import BLANK, DIFFERS, PASSED, Outcome, outcome
from budgetgen.writing.workbook.references import ROW, quoted, reference
from budgetgen.writing.workbook.roundings import Roundings
from budgetgen.writing.workbook.sheet import done

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from budgetgen.edition.declarations import Column, LiveChecks, Rule
    from budgetgen.writing.workbook.filling import Filling
    from budgetgen.writing.workbook.formulas import Formulas
    from budgetgen.writing.workbook.layout import BlockLayout, Line, SheetLayout
    from budgetgen.writing.workbook.sheet import Pen

WHAT, WHERE, LEFT, RIGHT, DIFFERENCE, RESULT, ID = range(7)
"""The columns that the clerk sees."""
STATE, FAILING, FIRST, NUMBER, TARGET, ROUNDED = range(7, 13)
"""The columns that hold what these are computed from."""
WIDTHS = (56, 22, 17, 17, 15, 26, 26)
GUIDE_ROW, SUMMARY_ROW, HEADER_ROW = 1, 2, 3
LISTED = 15
"""How many of those that differ stand at the top."""
TOP = HEADER_ROW + 2
"""The first of these."""
EVERY = TOP + LISTED + 2
"""The first of all comparisons, below their own header."""
AMOUNT = "#,##0.00####"


@dataclass(frozen=True)
class OverviewWriter:
    """Writes the sheet.

    Attributes:
        filling: what the workbook is filled with.
        formulas: its formulas.
        pen: writes on the sheet.
    """

    filling: Filling
    formulas: Formulas
    pen: Pen

    @property
    def words(self) -> LiveChecks:
        """The words of the sheet."""
        return self.filling.edition.live

    @cached_property
    def roundings(self) -> Roundings:
        """Of the cells that the comparisons name."""
        return Roundings(self.formulas, self.filling, Address(self.words.sheet, EVERY, ROUNDED))

    @cached_property
    def comparisons(self) -> Sequence[Comparison]:
        """All comparisons."""
        slack = f"${xl_col_to_name(ROUNDED)}${SUMMARY_ROW + 1}"
        cells = Cells(_own(LEFT), _own(RIGHT), _own(FIRST), slack)
        return Comparer(self.formulas, self.roundings, cells).comparisons()

    @cached_property
    def outcomes(self) -> Sequence[Outcome]:
        """What they give for what the workbook is filled with."""
        book = _with_fixed_rows(self.filling)
        return [outcome(comparison, book, self.filling.edition) for comparison in self.comparisons]

    @property
    def last(self) -> int:
        """The row of the last comparison."""
        return EVERY + len(self.comparisons) - 1

    def write(self) -> None:
        """The whole sheet."""
        pen = self.pen
        pen.widths(WIDTHS)
        pen.text(0, 0, self.words.title, TITLE)
        pen.across(GUIDE_ROW, 0, ID, self.words.guide, GUIDE)
        pen.height(GUIDE_ROW, lines_of(self.words.guide, sum(WIDTHS)))
        self._header(HEADER_ROW)
        pen.across(TOP - 1, 0, ID, self.words.differing, SECTION)
        self._header(EVERY - 1)
        for offset, pair in enumerate(zip(self.comparisons, self.outcomes, strict=True)):
            self._comparison(EVERY + offset, *pair)
        self._summary()
        self._differing()
        self._rest()
        for offset, (formula, terms) in enumerate(self.roundings.known.values()):
            pen.formula(EVERY + offset, ROUNDED, f"={formula}", terms, FAINT)
        self._view()

    # --- head ---

    def _header(self, row: int) -> None:
        for column, text in enumerate(self.words.captions):
            self.pen.text(row, column, text, HEADER)

    def _summary(self) -> None:
        column = f"${xl_col_to_name(STATE)}${EVERY + 1}:${xl_col_to_name(STATE)}${self.last + 1}"
        states = {"通过": PASSED, "差额": DIFFERS, "未填": BLANK}
        counts = {name: f"COUNTIF({column},{state})" for name, state in states.items()}
        known = [one.state for one in self.outcomes]
        numbers = {name: str(known.count(state)) for name, state in states.items()}
        text = _told(self.words.summary, numbers)
        self.pen.across(SUMMARY_ROW, 0, ID, "", SUMMARY)
        self.pen.formula(SUMMARY_ROW, 0, f"={_joined(self.words.summary, counts)}", text, SUMMARY)
        self._slack()

    def _slack(self) -> None:
        """How far a rounded figure may be off, in the unit of money that the workbook names."""
        edition = self.filling.edition
        unit = self.filling.about(edition.house.money)[1]
        slacks = {
            name: (HALF_CENT * per_wan * self._roundings(name)).normalize()
            for name, per_wan in PER_WAN.items()
        }
        fine = next(name for name, per_wan in PER_WAN.items() if per_wan > 1)
        slack = f"=IF({unit}={quoted(fine)},{slacks[fine]:f},{slacks[WAN]:f})"
        self.pen.formula(SUMMARY_ROW, ROUNDED, slack, slacks[self.filling.unit] or 0, FAINT)

    def _roundings(self, unit: str) -> Decimal | int:
        """How many roundings to 0.01 万元 are in an amount, where all tables have one scale."""
        edition = self.filling.edition
        return 1 if scaled(edition) else edition.money.tables.terms(ONE, unit)

    # --- those that differ ---

    def _differing(self) -> None:
        differing = [i for i, one in enumerate(self.outcomes) if one.state == DIFFERS]
        for offset in range(LISTED):
            row = TOP + offset
            shown = differing[offset] if offset < len(differing) else None
            numbers = _column(NUMBER, self.last)
            found = f"=IFERROR(MATCH({offset + 1},{numbers},0),0)"
            self.pen.formula(row, FIRST, found, 0 if shown is None else shown + 1, FAINT)
            self._picked(row, TARGET, "" if shown is None else self._target(shown), FAINT)
            self._link(row, "" if shown is None else self._target(shown))
            for column, style in ((ID, LABEL), (WHAT, LABEL), (RESULT, LABEL)):
                text = "" if shown is None else self._texts(shown)[column]
                self._picked(row, column, text, style)
            for column in (LEFT, RIGHT, DIFFERENCE):
                value = "" if shown is None else self._amounts(shown)[column]
                self._picked(row, column, value, MONEY)
        more = f"COUNTIF({_column(STATE, self.last)},{DIFFERS})-{LISTED}"
        text = _told(self.words.more, {"项": str(len(differing) - LISTED)}) if len(differing) > LISTED else ""
        self.pen.across(EVERY - 2, 0, ID, "", SECTION)
        formula = f"=IF({more}>0,{_joined(self.words.more, {'项': f'({more})'})},{quoted(self.words.every)})"
        self.pen.formula(EVERY - 2, 0, formula, text or self.words.every, SECTION)

    def _picked(self, row: int, column: int, value: Decimal | str, style: CellStyle) -> None:
        """A cell of the list: what stands in that column of a comparison."""
        index = f"${xl_col_to_name(FIRST)}${row + 1}"
        found = f"INDEX({_column(column, self.last)},{index})"
        text = f'=IF({index}=0,"",IF({found}="","",{found}))'
        self.pen.formula(row, column, text, value, style)

    # --- a comparison ---

    def _comparison(self, row: int, comparison: Comparison, result: Outcome) -> None:
        pen, index = self.pen, row - EVERY
        texts, amounts = self._texts(index), self._amounts(index)

        def write(
            column: int, text: str, value: Decimal | int | str, style: CellStyle, *, array: bool = False
        ) -> None:
            pen.formula(row, column, f"={text.replace(ROW, str(row + 1))}", value, style, array=array)

        pen.text(row, ID, texts[ID], LABEL)
        pen.text(row, WHAT, texts[WHAT], LABEL)
        pen.height(row, max(lines_of(texts[WHAT], WIDTHS[WHAT]), lines_of(texts[ID], WIDTHS[ID])))
        self._link(row, self._target(index))
        write(TARGET, _target(comparison), self._target(index), FAINT)
        write(FAILING, comparison.failing, result.failing, FAINT, array=True)
        if comparison.first:
            write(FIRST, comparison.first, result.index, FAINT, array=True)
        for column, side in ((LEFT, comparison.left), (RIGHT, comparison.right)):
            if side:
                write(column, side, amounts[column], MONEY, array=True)
            else:
                pen.value(row, column, None, MONEY)
        left, right = _own(LEFT), _own(RIGHT)
        difference = f'IF(COUNT({left},{right})=0,"",ROUND(N({left})-N({right}),{EXACT_PLACES}))'
        write(DIFFERENCE, difference, amounts[DIFFERENCE], MONEY)
        state = f"IF({_own(FAILING)}>0,{DIFFERS},IF({comparison.present}=0,{BLANK},{PASSED}))"
        write(STATE, state, result.state, FAINT, array=True)
        number = self._numbers[index]
        above = f"{xl_col_to_name(NUMBER)}${EVERY}:{xl_col_to_name(NUMBER)}{row}"
        write(NUMBER, f'IF({_own(STATE)}={DIFFERS},COUNT({above})+1,"")', number, FAINT)
        write(RESULT, self._result_formula(comparison), texts[RESULT], LABEL)

    @cached_property
    def _numbers(self) -> Sequence[int | str]:
        """The running numbers of those that differ."""
        count, numbers = 0, list[int | str]()
        for one in self.outcomes:
            count += one.state == DIFFERS
            numbers.append(count if one.state == DIFFERS else "")
        return numbers

    def _texts(self, index: int) -> Mapping[int, str]:
        comparison, result = self.comparisons[index], self.outcomes[index]
        return {
            ID: comparison.relation.rule.id,
            WHAT: self._what(comparison),
            RESULT: self._result(comparison, result),
        }

    def _what(self, comparison: Comparison) -> str:
        relation = comparison.relation
        of = [relation.table if len(relation.rule.each) > 1 else "", relation.column]
        added = "·".join(filter(None, of))
        return f"{relation.rule.title}（{added}）" if added else relation.rule.title

    def _amounts(self, index: int) -> Mapping[int, Decimal | str]:
        comparison, result = self.comparisons[index], self.outcomes[index]
        factor = self.filling.per_wan if in_money(comparison) else 1
        sides = {LEFT: result.left, RIGHT: result.right, DIFFERENCE: result.difference}
        if result.left is None and result.right is None:
            sides[DIFFERENCE] = None
        return {column: "" if side is None else side * factor for column, side in sides.items()}

    def _result(self, comparison: Comparison, result: Outcome) -> str:
        words = self.words
        factor = self.filling.per_wan if in_money(comparison) else 1
        difference = {"差额": _amount(abs(result.difference * factor))}
        if result.state == BLANK:
            return words.blank
        if result.state == PASSED:
            return (
                _told(words.tail, difference) if _equates(comparison) and result.difference else words.passed
            )
        rows = {"行": str(result.failing)}
        if comparison.relation.compared is None:
            return _told(words.breaks, rows)
        return _told(words.differs, difference) + (_told(words.rows, rows) if result.failing > 1 else "")

    def _result_formula(self, comparison: Comparison) -> str:
        words = self.words
        difference = {"差额": f"TEXT(ABS({_own(DIFFERENCE)}),{quoted(AMOUNT)})"}
        rows = {"行": _own(FAILING)}
        passed, differs = quoted(words.passed), _joined(words.breaks, rows)
        if comparison.relation.compared:
            many = f'IF({_own(FAILING)}>1,{_joined(words.rows, rows)},"")'
            differs = f"{_joined(words.differs, difference)}&{many}"
        if _equates(comparison):
            passed = f"IF(N({_own(DIFFERENCE)})=0,{passed},{_joined(words.tail, difference)})"
        return f"CHOOSE({_own(STATE)}+1,{passed},{differs},{quoted(words.blank)})"

    # --- ways to the cells ---

    def _target(self, index: int) -> str:
        comparison = self.comparisons[index]
        place = comparison.place
        row = place.row + max(self.outcomes[index].index, 1) - 1
        return f"{quote_sheetname(place.sheet)}!{xl_rowcol_to_cell(row, place.column)}"

    def _link(self, row: int, target: str) -> None:
        own = f"${xl_col_to_name(TARGET)}${row + 1}"
        self.pen.formula(row, WHERE, f'=IF({own}="","",HYPERLINK("#"&{own},{own}))', target, LINK)

    # --- what only the program checks ---

    def _rest(self) -> None:
        row = self.last + 2
        self.pen.across(row, 0, ID, self.words.rest, SECTION)
        for rule in self._left():
            row += 1
            self.pen.text(row, ID, rule.id, LABEL)
            self.pen.across(row, WHAT, DIFFERENCE, rule.title, LABEL)
            self.pen.text(row, RESULT, self.words.program, LABEL)

    def _left(self) -> Sequence[Rule]:
        """The rules that no comparison speaks of."""
        compared = {comparison.relation.rule.id for comparison in self.comparisons}
        return [rule for rule in self.filling.edition.rule if rule.id not in compared and rule.title]

    # --- how it is seen and printed ---

    def _view(self) -> None:
        sheet, pen = self.pen.sheet, self.pen
        sheet.freeze_panes(HEADER_ROW + 1, 0)
        sheet.repeat_rows(HEADER_ROW)
        sheet.autofilter(EVERY - 1, 0, self.last, ID)
        done(sheet.set_column(STATE, ROUNDED, None, None, {"hidden": True}))
        looks = {PASSED: AGREEING, DIFFERS: DIFFERING, BLANK: FAINT}
        for state, style in looks.items():
            rule = {"type": "formula", "criteria": f"=${xl_col_to_name(STATE)}{EVERY + 1}={state}"}
            done(
                sheet.conditional_format(
                    EVERY, RESULT, self.last, RESULT, {**rule, "format": pen.formats[style]}
                )
            )
        listed = {"type": "formula", "criteria": f"=${xl_col_to_name(FIRST)}{TOP + 1}>0"}
        shown = {**listed, "format": pen.formats[DIFFERING]}
        done(sheet.conditional_format(TOP, RESULT, TOP + LISTED - 1, RESULT, shown))
        counted = {"type": "formula", "criteria": f"=COUNT({_column(NUMBER, self.last)})>0"}
        done(
            sheet.conditional_format(
                SUMMARY_ROW, 0, SUMMARY_ROW, ID, {**counted, "format": pen.formats[DIFFERING]}
            )
        )
        pen.quiet(self.last, ROUNDED)
        pen.page(landscape=True)


def _own(column: int) -> str:
    return f"${xl_col_to_name(column)}{ROW}"


def _column(column: int, last: int) -> str:
    """A column of all comparisons."""
    name = xl_col_to_name(column)
    return f"${name}${EVERY + 1}:${name}${last + 1}"


def _target(comparison: Comparison) -> str:
    """The place of the cell to look at, wherever it has moved to."""
    cell = reference(comparison.place)
    row = f"ROW({cell})+MAX({_own(FIRST)},1)-1" if comparison.first else f"ROW({cell})"
    return f"{quoted(quote_sheetname(comparison.place.sheet) + '!')}&ADDRESS({row},COLUMN({cell}),4)"


def _equates(comparison: Comparison) -> bool:
    """Whether a difference of both sides is a tail, as long as it passes."""
    compared = comparison.relation.compared
    return compared is not None and compared.sign == "=="


def _told(pattern: str, values: Mapping[str, str]) -> str:
    """A pattern with its slots filled."""
    return re.sub(r"\{(\w+)\}", lambda slot: values[slot[1]], pattern)


def _joined(pattern: str, values: Mapping[str, str]) -> str:
    """The same as a formula."""
    pieces = re.split(r"\{(\w+)\}", pattern)
    return "&".join(values[text] if i % 2 else quoted(text) for i, text in enumerate(pieces) if text)


def _amount(value: Decimal) -> str:
    """An amount as TEXT gives it."""
    whole, _, decimals = f"{value:,.6f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def _with_fixed_rows(filling: Filling) -> Book:
    """The Book that the workbook holds: with the fixed rows that it is not filled in, and what these say already."""
    book = filling.book or Book(
        filling.edition.id, "", {name: Table(name) for name in filling.edition.tables}
    )
    added = {name: _unfilled(filling, sheet, book[name]) for name, sheet in filling.layout.sheets.items()}
    if not any(added.values()):
        return book
    tables = {name: Table(name, (*book[name].rows, *rows)) for name, rows in added.items() if rows}
    return derive(book.with_tables(tables), filling.edition)


def _unfilled(filling: Filling, sheet: SheetLayout, table: Table) -> tuple[Row, ...]:
    """The fixed rows that a table lacks."""

    def cell(block: BlockLayout, line: Line, column: Column) -> Cell:
        return Cell(line.key) if column.type == "label" else filling.cell(block, line, column)

    return tuple(
        Row(line.key, "", None, {name: cell(block, line, own) for name, own in block.columns(line).items()})
        for block in sheet.blocks
        for line in block.lines
        if line.fixed and table.get(line.key) is None
    )
