"""Reading a filled workbook into a Book."""

from __future__ import annotations

import warnings
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from lxml.etree import XMLSyntaxError
from openpyxl import load_workbook
from openpyxl.cell.cell import TYPE_FORMULA
from openpyxl.utils.exceptions import InvalidFileException

from budgetgen.amounts import YUAN_PER_UNIT
from budgetgen.edition import EditionError, available, load
from budgetgen.findings import Finding, Spot, UnusableInputError
from budgetgen.model import Book, Table
from budgetgen.outline import outline
from budgetgen.reading.cells import DEFAULT_UNIT, Raw, Reader
from budgetgen.reading.guard import admit
from budgetgen.reading.secrets import sealed
from budgetgen.reading.tables import Line, TableReader, column_findings, find_header
from budgetgen.reading.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from openpyxl.workbook import Workbook

    from budgetgen.declarations import Edition, TableDeclaration

META = "_meta"
OWN_SHEETS = frozenset({"填报说明", "功能科目", "经济科目", "列表", "审核结果", META})
"""Sheets that hold nothing to read."""
OWN_COLUMNS = frozenset({"说明", "计量单位"})
"""Columns that help the clerk and hold nothing to read."""

NOT_A_WORKBOOK = (
    InvalidFileException,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    ParseError,
    XMLSyntaxError,
    zipfile.BadZipFile,
    EOFError,
)
"""What openpyxl raises on a damaged package."""


@dataclass(frozen=True)
class Sheet:
    """A sheet as stored: its rows that hold something."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Reading:
    """What came out of a file.

    Attributes:
        book: not yet derived.
        edition: its format.
        findings: on the cells and rows as they stood.
    """

    book: Book
    edition: Edition
    findings: tuple[Finding, ...]


def read(path: Path, edition: str | None = None) -> Reading:
    """Read a filled workbook.

    Args:
        path: the workbook.
        edition: id of the format; by default that which the workbook names, else the newest.

    Raises:
        UnusableInputError: the file cannot be read, or is no workbook of a known edition.
    """
    sheets = _sheets(path, admit(path, "xlsx"))
    known = _edition(path, sheets, edition)
    return _WorkbookReader(path.name, sheets, known).read(path)


# --- from the file to rows ----------------------------------------------------------------------------------


def _sheets(path: Path, data: bytes) -> Mapping[str, Sheet]:
    """The sheets by caption of their names."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and extensions that openpyxl leaves out hold no figures
        try:
            values = load_workbook(BytesIO(data), read_only=True, data_only=True)
            formulas = load_workbook(BytesIO(data), read_only=True, data_only=False)
            return {caption(name): _sheet(name, values, formulas) for name in values.sheetnames}
        except NOT_A_WORKBOOK as error:
            fix = "用 WPS 或 Excel 打开它，另存为新的 .xlsx 文件后再试；打不开就换一份备份"
            raise UnusableInputError(path, "工作簿已损坏，读不出内容", fix) from error


def _sheet(name: str, values: Workbook, formulas: Workbook) -> Sheet:
    if name not in values.sheetnames or not hasattr(values[name], "iter_rows"):
        return Sheet(name, ())  # a chart sheet
    lines = []
    for shown, stored in zip(_rows(values[name]), _rows(formulas[name]), strict=True):
        if any(cell.value is not None for cell in (*shown, *stored)):
            lines.append(tuple(_raw(name, a, b) for a, b in zip(shown, stored, strict=True)))
    return Sheet(name, tuple(lines))


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()  # WPS writes wrong ones, and cells outside them would be lost
    return iter(sheet.iter_rows())


def _raw(sheet: str, shown: Any, stored: Any) -> Raw:
    if stored.value is None and shown.value is None:
        return Raw(None, place=_place(sheet, stored))
    return Raw(shown.value, stored.data_type == TYPE_FORMULA, _place(sheet, stored))


def _place(sheet: str, cell: Any) -> str:
    return f"{sheet}!{cell.coordinate}" if hasattr(cell, "coordinate") else ""


def _edition(path: Path, sheets: Mapping[str, Sheet], wanted: str | None) -> Edition:
    meta = sheets.get(caption(META))
    named = (
        next((str(line[1].value) for line in meta.lines if caption(line[0].value) == "edition"), "")
        if meta
        else ""
    )
    name = wanted or named or available()[0]
    try:
        return load(name)
    except EditionError as error:
        raise UnusableInputError(
            path,
            f"工作簿的版式是“{name}”，这个程序里没有",
            f"升级 budgetgen，或用 --edition 指定：{'、'.join(available())}",
        ) from error


# --- from rows to tables ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _WorkbookReader:
    file: str
    sheets: Mapping[str, Sheet]
    edition: Edition

    def read(self, path: Path) -> Reading:
        house = self.edition.house
        if not any(self._sheet_of(table) for table in self.edition.table):
            known = "、".join(table.name for table in self.edition.printed[:3])
            fix = "用 budgetgen new 生成填报表，填好后再试"
            raise UnusableInputError(path, f"不是预算公开填报表：没有“{known}”等工作表", fix)
        about, found = self._table(
            self.edition.tables[house.about], DEFAULT_UNIT, self.edition.kind_by_default, ""
        )
        facts = {row.key: row.text(house.value) for row in about.rows}
        unit = facts[house.money] if facts.get(house.money) in YUAN_PER_UNIT else DEFAULT_UNIT
        kind = facts.get(house.kind) or self.edition.kind_by_default
        findings = [*found, *self._strange_sheets()]
        tables = {house.about: about}
        for table in self.edition.table:
            if table.name != house.about:
                tables[table.name], found = self._table(table, unit, kind, facts.get(house.unit, ""))
                findings += found
        book = Book(self.edition.id, self.file, {t.name: tables[t.name] for t in self.edition.table})
        return Reading(sealed(book, self.edition), self.edition, tuple(findings))

    def _sheet_of(self, table: TableDeclaration) -> Sheet | None:
        names = (table.name, *table.aliases)
        return next((self.sheets[caption(name)] for name in names if caption(name) in self.sheets), None)

    def _table(
        self, table: TableDeclaration, unit: str, kind: str, owner: str
    ) -> tuple[Table, tuple[Finding, ...]]:
        sheet = self._sheet_of(table)
        if sheet is None:
            missing = self._finding("sheet-missing", f"没有工作表“{table.name}”", table.name)
            return Table(table.name), () if table.optional else (missing,)
        header = find_header(self.edition, table, sheet.lines, OWN_COLUMNS)
        if header is None:
            text = f"工作表“{sheet.name}”里找不到表头"
            return Table(table.name), (self._finding("column-missing", text, table.name, sheet.name),)
        tree = outline(self.edition, table.name, kind)
        reader = TableReader(self.edition, table, tree, Reader(unit, stored=True), owner, sheet.name)
        read, findings = reader.read(sheet.lines, header)
        columns = column_findings(
            self.edition, table, sheet.lines, header, sheet.name, f"工作表“{sheet.name}”"
        )
        return read, (*columns, *self._fixed_rows(table, read, sheet), *findings)

    def _fixed_rows(self, table: TableDeclaration, read: Table, sheet: Sheet) -> Iterator[Finding]:
        for key, (_, row) in table.fixed.items():
            if read.get(key) is None and not row.optional:
                text = f"工作表“{sheet.name}”没有“{row.caption}”这一行"
                yield self._finding("row-missing", text, table.name, sheet.name)

    def _strange_sheets(self) -> Iterator[Finding]:
        known = {caption(name) for table in self.edition.table for name in (table.name, *table.aliases)}
        known.add(caption(self.edition.live.sheet))
        for name, sheet in self.sheets.items():
            if name not in known and name not in {caption(own) for own in OWN_SHEETS} and sheet.lines:
                yield self._finding(
                    "sheet-unknown", f"工作表“{sheet.name}”不认识，其中内容没有读取", sheet.name
                )

    def _finding(self, rule: str, message: str, table: str, place: str = "") -> Finding:
        declared = self.edition.rules[rule]
        return Finding(
            rule, declared.severity, message, declared.fix, declared.basis, (Spot(table, place=place),)
        )
