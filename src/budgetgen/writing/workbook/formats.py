"""How the cells of the workbook look: colours, formats, widths."""

from __future__ import annotations

from functools import cache
from math import ceil
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from budgetgen.values.text import width_of

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

    from budgetgen.edition.declarations import Column

INPUT, DERIVED, VOID, HEAD, PLAIN = "#FFF9DB", "#DCE9F7", "#EDEDED", "#C9D6E6", ""
TAB_PRINTED, TAB_INPUT, TAB_HELP, TAB_LIVE = "#2F5597", "#BF9000", "#7F7F7F", "#548235"
AGREES, DIFFERS = "#E2F0D9", "#FFC7CE"
GREY_TEXT = "#595959"
FONT = "宋体"
NUMBER_FORMATS = MappingProxyType(
    {"money": "#,##0.00", "number": "General", "count": "0", "date": "yyyy-mm-dd"}
)
TEXT_FORMAT = "@"
"""Text stays as typed: `1-2` is no date, `2050201` no number, `100%` no one."""


class CellStyle(NamedTuple):
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


BARE = CellStyle(border=0)
TITLE = CellStyle(border=0, bold=True, font_size=16, text_wrap=False)
GUIDE = CellStyle(border=0, font_color=GREY_TEXT, valign="top")
STAMP = CellStyle(border=0, bold=True, text_wrap=False, font_color="#9C0006")
MONEY_NOTE = CellStyle(border=0, align="right", text_wrap=False)
HEADER = CellStyle(HEAD, align="center", bold=True)
LABEL = CellStyle()
NOTHING = CellStyle(VOID)
REMARK = CellStyle(border=0, indent=1, font_color=GREY_TEXT, font_size=10)
LINK = CellStyle(font_color="#1F4E9E")
MONEY = CellStyle(num_format="#,##0.00####", align="right", text_wrap=False)
SECTION = CellStyle(HEAD, bold=True, border=0)
SUMMARY = CellStyle(AGREES, bold=True, border=0, font_size=13)
FAINT = CellStyle(font_color=GREY_TEXT)
REPEATED = CellStyle(border=0, font_color="#C9C9C9")
AGREEING = CellStyle(AGREES)
DIFFERING = CellStyle(DIFFERS, bold=True, font_color="#9C0006")


def style_of(column: Column, colour: str, *, locked: bool, bold: bool = False) -> CellStyle:
    """The look of a cell of a column."""
    return _style(column.type, colour, column.numeric, locked, bold)


@cache
def _style(kind: str, colour: str, numeric: bool, locked: bool, bold: bool) -> CellStyle:
    # A formula in a text cell would turn into text when touched.
    text = "General" if kind == "name" else TEXT_FORMAT
    return CellStyle(
        colour,
        NUMBER_FORMATS.get(kind, text),
        "right" if numeric else "left",
        text_wrap=not numeric,
        locked=locked,
        bold=bold,
    )


class Formats(dict[CellStyle, "Format"]):
    """The formats of a workbook by style; each is made when it is first asked for."""

    def __init__(self, workbook: Workbook) -> None:
        super().__init__()
        self._workbook = workbook

    def __missing__(self, style: CellStyle) -> Format:
        said = {name: value for name, value in style._asdict().items() if value or name == "locked"}
        self[style] = self._workbook.add_format(said)
        return self[style]


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column; a character is kept free."""
    return max(1, ceil(width_of(text) / max(width - 1, 1)))
