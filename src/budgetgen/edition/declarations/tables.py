"""The tables of a format and the input sheets: columns, rows, levels, blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from functools import cached_property
from typing import Annotated, Literal

from budgetgen.edition.declarations.base import Declared, declaration
from budgetgen.edition.declarations.consolidation import Consolidated
from budgetgen.edition.declarations.money import Scale
from budgetgen.edition.declarations.names import Named, PatternText, Text
from budgetgen.values.amounts import PRINTED_PLACES
from budgetgen.values.model import TOTAL

ColumnType = Literal[
    "label",  # the fixed name of a declared row
    "money",  # 万元 or 元, as 单位信息 says; 万元 in the Book
    "number",  # any other number with decimals (square metres)
    "count",  # a whole number
    "text",  # free text of the clerk
    "item",  # the name of a project: a key that other tables refer to
    "unit",  # the name of a unit; blank means the unit of the workbook
    "code",  # a classification code, kept as text
    "name",  # the name that belongs to a code; filled from the list of codes where blank
    "choice",  # one of a list
    "date",  # a day
]


@declaration
class Column(Declared):
    """One column of a block.

    Attributes:
        name: stable name, an identifier: used in formulas and Word templates.
        header: captions from the outermost down; the last is the column's own. Default: the name.
        aliases: other captions that mean the same.
        parts: a code printed in several columns (类, 款, 项), the captions of these.
        of: for `name`: the column of the code; for `code`: function or economic.
        choices: for `choice`: what may be chosen.
        meant: what people write instead → the choice that it means.
        places: decimals printed.
        merge: cells that repeat the one above are merged when printed, and blank ones filled when read.
        required: a line without it is a finding.
        blank: what is printed for a blank cell, and read as one.
        lead: words that the sentence around it says itself: stripped when read, with closing signs and line ends.
        apart: tells rows of several units apart, for `unit`: a blank is not the workbook's own unit.
        width: in characters, in the workbook and, in proportion, in Word.
        only: 单位 or 部门: documents of the other kind have the column only where something stands in it.
        hint: help shown to the clerk at the cell.
        told: the program says it, and nobody types it.
        counted: of money: totals of its row count it; false of what stands beside them (a budget beside its accounts).
        consolidated: where it differs from its table.
    """

    name: Text
    type: ColumnType = "text"
    header: tuple[Text, ...] = ()
    aliases: tuple[Text, ...] = ()
    parts: tuple[Text, ...] = ()
    of: Annotated[str, Named("coding")] = ""
    choices: tuple[Text, ...] = ()
    meant: Mapping[Text, Text] = field(default_factory=dict)
    places: int = PRINTED_PLACES
    merge: bool = False
    required: bool = False
    blank: Text = ""
    lead: tuple[Text, ...] = ()
    apart: bool = False
    width: float = 12
    only: Annotated[str, Named("kind")] = ""
    hint: Text = ""
    told: bool = False
    counted: bool = True
    consolidated: Consolidated | None = None

    @property
    def captions(self) -> tuple[str, ...]:
        """The header path, never empty."""
        return self.header or (self.name,)

    @property
    def numeric(self) -> bool:
        """Whether its cells hold numbers."""
        return self.type in {"money", "number", "count"}


@declaration
class FixedRow(Declared):
    """A row that every document has.

    Attributes:
        key: stable name, unique in the table.
        label: as printed; the key by default.
        aliases: other labels that mean the same.
        indent: depth of the label.
        top: stands on the first line.
        bottom: stands on the last line, whatever the length of the other block.
        type: overrides the type of the value column, the first after the label.
        choices, meant: likewise.
        default: value of the value column in a new workbook.
        columns: the columns that apply to this row; all by default.
        required: a blank value is a finding.
        hint: help for the clerk.
        measure: what a number is counted in.
        consolidated: where it differs from its table.
        optional: a workbook without it is complete.
        counted: of money: totals of its column count it; false of what stands below them by itself.
    """

    key: Text
    label: Text = ""
    aliases: tuple[Text, ...] = ()
    indent: int = 0
    top: bool = False
    bottom: bool = False
    type: ColumnType | None = None
    choices: tuple[Text, ...] = ()
    meant: Mapping[Text, Text] = field(default_factory=dict)
    default: Text = ""
    columns: tuple[Annotated[str, Named("block column")], ...] = ()
    required: bool = False
    hint: Text = ""
    measure: Text = ""
    consolidated: Consolidated | None = None
    optional: bool = False
    counted: bool = True

    @property
    def caption(self) -> str:
        """The label as printed."""
        return self.label or self.key

    @property
    def remark(self) -> str:
        """The help beside it in the workbook."""
        required = "*（必填）" if self.required else ""
        measure = f"数量单位：{self.measure}" if self.measure else ""
        return required + "；".join(filter(None, (self.hint, measure)))


@declaration
class Level(Declared):
    """One depth of an open table, outermost first; the last is that of its lines.

    Attributes:
        name: 单位, 类, 款, 项, 项目 …
        by: the key column that tells it.
        length: for codes: how many characters; 0 for the whole value.
        only: 单位 or 部门: the level exists only in documents of that kind.
    """

    name: Text
    by: Annotated[str, Named("block column")]
    length: int = 0
    only: Annotated[str, Named("kind")] = ""


@declaration
class Block(Declared):
    """Columns and rows that stand together; a table has one, or several side by side.

    Attributes:
        name: of a block of several; also its outermost caption.
        key: the key columns of an open table.
        levels: the depths of an open table.
        rows: the fixed rows.
        listed: the mark before each of them in print (一、), where only those with an amount are printed.
        ordinals: the caption of a printed column that counts the lines, on from one block to the next (行次).
        figures: the groups of figures whose ids are fixed rows as well.
        open: how many empty lines a new workbook offers; 0 for a table of fixed rows only.
    """

    name: Text = ""
    columns: tuple[Column, ...]
    key: tuple[Annotated[str, Named("block column")], ...] = ()
    levels: tuple[Level, ...] = ()
    rows: tuple[FixedRow, ...] = ()
    listed: PatternText = ""
    ordinals: Text = ""
    figures: bool = False
    open: int = 0

    def column(self, name: str) -> Column | None:
        """A column by its stable name."""
        return self._named.get(name)

    @cached_property
    def _named(self) -> Mapping[str, Column]:
        return {column.name: column for column in reversed(self.columns)}

    def of_type(self, *types: ColumnType) -> tuple[str, ...]:
        """The names of its columns of these types, in order."""
        return tuple(column.name for column in self.columns if column.type in types)

    @cached_property
    def label(self) -> Column | None:
        """The column that names the fixed rows."""
        return next((column for column in self.columns if column.type == "label"), None)

    @cached_property
    def value(self) -> Column | None:
        """The first column after the label: the one that a fixed row may give a type of its own."""
        return next((column for column in self.columns if column.type != "label"), None)

    def of_row(self, row: FixedRow) -> tuple[Column, ...]:
        """The columns as they apply to a fixed row."""
        return self._of_rows[row.key]

    @cached_property
    def _of_rows(self) -> Mapping[str, tuple[Column, ...]]:
        return {row.key: self._applied(row) for row in self.rows}

    def _applied(self, row: FixedRow) -> tuple[Column, ...]:
        value = self.value if row.type or row.choices or row.meant else None
        return tuple(
            replace(
                column,
                type=row.type or column.type,
                choices=row.choices or column.choices,
                meant=row.meant or column.meant,
            )
            if column is value
            else column
            for column in self.columns
            if not row.columns or column.name in row.columns or column.type == "label"
        )


@declaration
class TableDeclaration(Declared):
    """One table of the format, or one input sheet.

    Attributes:
        name: stable Chinese name, also that of its sheet.
        number: of a printed table; 0 for an input sheet.
        mark: how that number is printed where it is not the number itself: 1-1; of any table, of all.
        title: as printed.
        total: where its total row is printed; none where it has none.
        total_name: what that row is called in print.
        money: the scale of its amounts, printed and in the workbook, where it is not that of all tables.
        landscape: printed on a page lying down.
        numbered: a row of column numbers (※ ※ 1 2 …) stands below its header.
        note: printed below the table; a wording.
        empty: printed below the table where it has no figure; a wording.
        guide: help at the top of the sheet.
        aliases: other names of the sheet.
        optional: a workbook without its sheet is complete.
        consolidated: what becomes of it in the department's workbook.
        generated: the program writes it, and only where it holds something.
        seldom: few need it: its sheet is hidden until it holds something.
    """

    name: Text
    number: int = 0
    mark: Text = ""
    title: PatternText = ""
    total: Literal["first", "last", "none"] = "none"
    total_name: Text = TOTAL
    money: Scale | None = None
    landscape: bool = False
    numbered: bool = False
    note: PatternText = ""
    empty: PatternText = ""
    guide: Text = ""
    aliases: tuple[Text, ...] = ()
    optional: bool = False
    consolidated: Consolidated = "none"
    generated: bool = False
    seldom: bool = False
    block: tuple[Block, ...]

    @property
    def ordinal(self) -> str | int:
        """Its number as it is printed and told."""
        return self.mark or self.number

    @property
    def printed(self) -> bool:
        """Whether it is one of the numbered tables of part two."""
        return self.number > 0

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """All columns by name; blocks that share a name share its type."""
        return {column.name: column for block in self.block for column in block.columns}

    def of_type(self, *types: ColumnType) -> tuple[str, ...]:
        """The names of its columns of these types, in order."""
        return tuple(column.name for column in self.columns.values() if column.type in types)

    @cached_property
    def fixed(self) -> Mapping[str, tuple[Block, FixedRow]]:
        """The fixed rows by key, with the block that they stand in."""
        return {row.key: (block, row) for block in self.block for row in block.rows}

    @cached_property
    def main(self) -> Block:
        """The block that is open, or the only one."""
        return next((block for block in self.block if block.open), self.block[0])

    def measures(self, key: str = "") -> tuple[str, ...]:
        """The columns of money: of one fixed row, of the open block, or of all blocks where none is open."""
        own = (self.fixed[key][0],) if key in self.fixed else (self.main,) if self.main.open else self.block
        return tuple(dict.fromkeys(c.name for block in own for c in block.columns if c.type == "money"))
