"""Writing the workbook: blank for the clerk to fill, or filled from a Book.

The declarations say what stands where; this module and its helpers say how it looks and what may be typed. Sheets
are protected without a password: that keeps formulas and headers from being overwritten by accident, it is no
security.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from xlsxwriter.utility import quote_sheetname, xl_range_abs

from budgetgen.book.reviewed import without_gone
from budgetgen.department.sources import source_rows
from budgetgen.edition.declarations import META_EDITION, META_SHEET
from budgetgen.writing.workbook.filling import Filling, presets
from budgetgen.writing.workbook.formats import (
    BARE,
    HEADER,
    TAB_HELP,
    TAB_INPUT,
    TAB_LIVE,
    TAB_PRINTED,
    TEXT_FORMAT,
    CellStyle,
    Formats,
)
from budgetgen.writing.workbook.formulas import Formulas
from budgetgen.writing.workbook.guide import write_guide
from budgetgen.writing.workbook.layout import lay_out
from budgetgen.writing.workbook.listing import HEADER_ROW, write_listing
from budgetgen.writing.workbook.overview import OverviewWriter
from budgetgen.writing.workbook.sheet import Pen, Sheet, StreamedSheet, done, written
from budgetgen.writing.workbook.tables import TableWriter
from budgetgen.writing.workbook.units import write_units
from budgetgen.writing.workbook.validation import Lists

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter import Workbook

    from budgetgen.department.columns import UnitColumns
    from budgetgen.department.sources import Source
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book

VERSION = 1
"""Of the workbook's make-up, for readers of later programs."""
PERMITTED = ("format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter")
"""What a clerk may do on a protected sheet."""


def render_workbook(
    edition: Edition,
    book: Book | None = None,
    *,
    values: Mapping[str, str] = MappingProxyType({}),
    sources: Sequence[Source] = (),
    columns: UnitColumns | None = None,
    mark: str = "",
) -> bytes:
    """A workbook; the same input gives the same bytes.

    Args:
        edition: the format.
        book: what it is filled with; None for the blank workbook.
        values: what the blank workbook already says of the unit: row of the sheet about it → text.
        sources: the parts of a department's figures, which get a sheet of their own.
        columns: a department's figures by unit, which get another.
        mark: what stands on every sheet and is printed on every page.

    Raises:
        UnusableInputError: a text is too long for a cell, or `values` does not fit its row.
    """
    book = without_gone(book, edition) if book else None
    with written(edition.edition.title, large=bool(sources)) as (workbook, buffer):
        filling = Filling(lay_out(edition, book), book, presets(edition, values), mark)
        lists = Lists(edition.sheets)
        _WorkbookWriter(filling, workbook, Formats(workbook), lists).write(sources, columns)
    return buffer.getvalue()


@dataclass(frozen=True)
class _WorkbookWriter:
    """Writes all sheets.

    Attributes:
        filling: what it is filled with.
        workbook: what is written to.
        formats: of its cells.
        lists: drop-down lists too long to stand in a validation.
    """

    filling: Filling
    workbook: Workbook
    formats: Formats
    lists: Lists

    @property
    def edition(self) -> Edition:
        """The format."""
        return self.filling.edition

    def write(self, sources: Sequence[Source], columns: UnitColumns | None) -> None:
        """All sheets, the guide first and in view."""
        guide = self._pen(self.edition.sheets.guide, TAB_HELP)
        book, listed = self.filling.book, self.edition.carried.table
        write_guide(guide, self.edition, carried=bool(book and listed in book.tables and book[listed].rows))
        formulas = Formulas(self.filling.layout)
        OverviewWriter(self.filling, formulas, self._pen(self.edition.live.sheet, TAB_LIVE)).write()
        for sheet in self.filling.layout.sheets.values():
            pen = self._pen(sheet.table.name, TAB_PRINTED if sheet.table.printed else TAB_INPUT)
            TableWriter(self.filling, formulas, sheet, self.lists, pen).write()
            if sheet.idle:
                pen.sheet.hide()
        if sources:
            self._sources(sources)
        if columns and self.filling.book:
            write_units(
                self._pen(self.edition.sheets.units, TAB_INPUT, StreamedSheet),
                columns,
                self.filling.book,
                self.edition,
            )
        for kind, name in self.edition.sheets.codes.items():
            self._codes(self._pen(name, TAB_HELP), self.edition.codes(kind))
        self._names()
        self._hidden()
        guide.sheet.activate()

    def _sources(self, sources: Sequence[Source]) -> None:
        """The parts of a department's figures, on a sheet that does not grow in memory."""
        table = self.edition.tables[self.edition.consolidating.traces.sources]
        last = write_listing(
            self._pen(table.name, TAB_INPUT, StreamedSheet), table, source_rows(sources, self.edition)
        )
        place = xl_range_abs(HEADER_ROW, 0, last, len(table.main.columns) - 1)
        done(self.workbook.define_name(f"{table.name}数据", f"={quote_sheetname(table.name)}!{place}"))

    def _pen(self, name: str, tab: str, kind: type[Sheet] = Sheet) -> Pen:
        sheet = self.workbook.add_worksheet(name, kind)
        sheet.set_tab_color(tab)
        sheet.hide_gridlines(2)
        sheet.protect("", dict.fromkeys(PERMITTED, True))
        file = self.filling.book.file if self.filling.book else self.edition.sheets.guide
        return Pen(sheet, self.formats, file)

    def _codes(self, pen: Pen, codes: Mapping[str, str]) -> None:
        """A list of codes, with the names that drop-downs and formulas know it by."""
        name = pen.sheet.get_name()
        pen.widths((14, 50))
        for row, (code, title) in enumerate((("科目代码", "科目名称"), *codes.items())):
            style = CellStyle(num_format=TEXT_FORMAT, text_wrap=False) if row else HEADER
            pen.text(row, 0, code, style)
            pen.text(row, 1, title, style)
        for column, what in enumerate(("代码", "名称")):
            place = xl_range_abs(1, column, len(codes), column)
            done(self.workbook.define_name(f"{name}{what}", f"={quote_sheetname(name)}!{place}"))
        pen.sheet.freeze_panes(1, 0)
        pen.quiet(len(codes), 1)
        pen.page(landscape=False)

    def _names(self) -> None:
        """The unit of money as a named cell."""
        name = self.edition.house.money
        done(self.workbook.define_name(name, f"={self.filling.about(name)[1]}"))

    def _hidden(self) -> None:
        meta = self._pen(META_SHEET, TAB_HELP)
        facts = (
            (META_EDITION, self.edition.id),
            ("version", str(VERSION)),
            ("year", str(self.edition.edition.year)),
        )
        for row, (name, value) in enumerate(facts):
            meta.text(row, 0, name, BARE)
            meta.text(row, 1, value, BARE)
        meta.sheet.very_hidden()
        if self.lists.long:
            self._long_lists(self._pen(self.edition.sheets.lists, TAB_HELP))

    def _long_lists(self, pen: Pen) -> None:
        for column, choices in enumerate(self.lists.long):
            for row, text in enumerate(choices):
                pen.text(row, column, text, BARE)
        pen.sheet.hide()
