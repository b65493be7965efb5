"""What the workbook is filled with: a Book, or what is declared for the blank one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

from budgetgen.book.facts import stamp
from budgetgen.values.amounts import PER_WAN, parse
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.model import BLANK, Cell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from budgetgen.edition.declarations import Column, Edition
    from budgetgen.values.model import Book, Value
    from budgetgen.writing.workbook.layout import BlockLayout, Line, WorkbookLayout


@dataclass(frozen=True)
class Filling:
    """What the workbook is filled with.

    Attributes:
        layout: where everything stands.
        book: None for the blank workbook.
        presets: what the blank workbook already says of the unit, by row.
        mark: what stands on every sheet, instead of what the Book itself says of what it lacks.
    """

    layout: WorkbookLayout
    book: Book | None
    presets: Mapping[str, Value]
    mark: str = ""

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
    def stamp(self) -> str:
        """The mark on every sheet: of a department's workbook, that it lacks units."""
        return self.mark or (stamp(self.book, self.edition) if self.book else "")

    @cached_property
    def per_wan(self) -> int:
        """How many of the workbook's units of money make 1 万元."""
        return PER_WAN[self.unit]

    @cached_property
    def unit(self) -> str:
        """The unit of money that the workbook names."""
        named = self.about(self.edition.house.money)[0]
        return named if named in PER_WAN else self.edition.money.tables.unit

    @property
    def exact(self) -> bool:
        """Whether amounts in that unit are known to the last sign."""
        return not any(scale.rounds(self.unit) for scale in self.edition.scales)

    def shown(self, cell: Cell, column: Column, table: str) -> Value:
        """A value as it stands on the sheet of a table: money in the unit of that sheet."""
        if column.type == "money" and isinstance(cell.value, Decimal):
            return cell.value * PER_WAN[self.edition.unit_of(table, self.unit)]
        return cell.value


def presets(edition: Edition, values: Mapping[str, str]) -> Mapping[str, Value]:
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
        hint = "数字" if column.numeric else "日期，写成“年-月-日”"
        raise UnusableInputError(place, f"“{text}”填不进这一格", f"改成{hint}") from None
