"""Writing on one sheet of the workbook, whatever stands on it."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name, xl_range, xl_rowcol_to_cell, xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet

from budgetgen.values.findings import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xlsxwriter.format import Format

    from budgetgen.values.model import Value
    from budgetgen.writing.workbook.formats import CellStyle, Formats

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
"""Same input, same bytes: the date in the document properties is no date of anything."""
LONGEST_TEXT = 32_767
"""Excel's own limit, in characters."""
LONGEST_HEADER = 250
LINE_HEIGHT = 15
PADDING = 5
"""In points."""


_SPECIAL: Final = re.compile(r"[<>&\"\x00-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|\A\s|\s\Z")
"""What of a text is not written as it is."""
_SHORT: Final[Mapping[str, str]] = {
    "String": '<c r="{}" s="{}" t="s"><v>{}</v></c>',
    "Number": '<c r="{}" s="{}"><v>{:.16G}</v></c>',
    "Blank": '<c r="{}" s="{}"/>',
}
"""How cells without formulas are written: their place, their style, and what stands in them."""
_INLINE: Final = '<c r="{}" s="{}" t="inlineStr"><is><t>{}</t></is></c>'


class Sheet(Worksheet):  # type: ignore[misc]  # xlsxwriter declares no types
    """A sheet whose formulas are written as they are."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002 - as inherited
        """Without the search for the functions of later Excels, which takes longer than all other writing.

        No formula has any: `formulas` keeps to Excel 2010. Should xlsxwriter rename this, it only becomes slow.
        """
        return formula.removeprefix("=")

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """The kinds of cell that there are most of, without a search for signs to escape in what cannot have any.

        Should xlsxwriter rename this, it only becomes slow.
        """
        short = self._short(cell) if cell.format else None
        if short:
            place, style = xl_rowcol_to_cell_fast(row, col), cell.format._get_xf_index()  # noqa: SLF001 - as inherited
            self.fh.write(short.format(place, style, *cell))
        else:
            super()._write_cell(row, col, cell)

    def _short(self, cell: Any) -> str | None:
        return _SHORT.get(type(cell).__name__)

    def write_array_formula(self, *cells_and_content: Any) -> int:
        """Without the search for functions that fill several cells: as above."""
        return int(self._write_array_formula(*cells_and_content, "static"))


class StreamedSheet(Sheet):
    """A sheet whose rows, written in their order, leave the memory at once: one of 100,000 costs no more than one of ten."""

    def _initialize(self, init_data: dict[str, Any]) -> None:
        """As xlsxwriter streams whole workbooks; should it rename this, the sheet only takes more memory."""
        super()._initialize({**init_data, "constant_memory": True})

    def _short(self, cell: Any) -> str | None:
        """A text stands in its cell, for there is no list of those that were let go."""
        kind = type(cell).__name__
        if kind == "String":
            return None if _special(cell.string) else _INLINE
        return _SHORT.get(kind)

    def line(self, row: int, cells: Sequence[tuple[int, Value, Format]]) -> bool:
        """A whole row below all others at once; False where a value asks for more than it takes here.

        Args:
            row: its number.
            cells: column, value and look of each, from left to right.
        """
        inside = [_inside(value) for _, value, _ in cells]
        if not (cells and all(inside)):
            return False
        self._write_single_row(row)
        done(self._check_dimensions(row, cells[0][0]) or self._check_dimensions(row, cells[-1][0]))
        number = row + 1
        told = [
            f'<c r="{_letters(column)}{number}" s="{look._get_xf_index()}"{one}'  # noqa: SLF001 - as inherited
            for (column, _, look), one in zip(cells, inside, strict=True)
        ]
        self.fh.write(f'<row r="{number}">{"".join(told)}</row>')
        return True


_letters = cache(xl_col_to_name)


@lru_cache(maxsize=1 << 14)
def _inside(value: Value) -> str:
    """What a cell is after its place and look; empty for a date, and for a text that has to be escaped or is too long.

    It is kept, for a list says the same few again and again.
    """
    if value is None:
        return "/>"
    if isinstance(value, Decimal):
        return f"><v>{float(value):.16G}</v></c>"
    plain = isinstance(value, str) and len(value) <= LONGEST_TEXT and not _special(value)
    return f' t="inlineStr"><is><t>{value}</t></is></c>' if plain else ""


@lru_cache(maxsize=1 << 12)
def _special(text: str) -> bool:
    """Whether a text has to be escaped; kept, for a list names the same few again and again."""
    return _SPECIAL.search(text) is not None


@contextmanager
def written(title: str, *, large: bool = False) -> Iterator[tuple[Workbook, BytesIO]]:
    """A new workbook, and where its bytes are when all is written; the same content gives the same bytes.

    Args:
        title: in the document properties.
        large: its parts are put together in files of a folder that is removed afterwards; in memory they take
            four bytes for each character.
    """
    buffer = BytesIO()
    with TemporaryDirectory(prefix="budgetgen-") as folder:
        workbook = Workbook(buffer, {"in_memory": not large, "tmpdir": folder})
        workbook.set_properties({"title": title, "created": CREATED})
        try:
            yield workbook, buffer
        finally:
            workbook.close()  # its files too, which Windows does not remove while they are open


@dataclass(frozen=True)
class Pen:
    """Writes on one sheet; xlsxwriter's refusals, which it only returns, are raised.

    Attributes:
        sheet: the sheet.
        formats: of the workbook.
        file: name of the file that its content came from, for messages.
    """

    sheet: Worksheet
    formats: Formats
    file: str

    def widths(self, widths: Sequence[float]) -> None:
        """The widths of the columns from A on, in characters."""
        for column, width in enumerate(widths):
            done(self.sheet.set_column(column, column, width))

    def height(self, row: int, lines: int, *, folded: bool = False) -> None:
        """The height of a row, in lines of text; a folded one is opened from the row above."""
        options = {"level": 1, "hidden": True} if folded else {}
        done(self.sheet.set_row(row, LINE_HEIGHT * lines + PADDING, None, options))

    def text(self, row: int, column: int, text: str, style: CellStyle) -> None:
        """A text, never taken for a formula, a number or a link."""
        self._check_length(row, column, text)
        done(self.sheet.write_string(row, column, text, self.formats[style]))

    def value(self, row: int, column: int, value: Value, style: CellStyle) -> None:
        """A value of the Book."""
        match value:
            case None:
                done(self.sheet.write_blank(row, column, None, self.formats[style]))
            case Decimal():
                done(self.sheet.write_number(row, column, float(value), self.formats[style]))
            case date():
                done(self.sheet.write_datetime(row, column, value, self.formats[style]))
            case str():
                self.text(row, column, value, style)

    def line(self, row: int, cells: Sequence[tuple[int, Value, CellStyle]]) -> None:
        """Values of the Book in one row, from left to right; nothing else is written in it."""
        known = [(column, value, self.formats[style]) for column, value, style in cells]
        if not (isinstance(self.sheet, StreamedSheet) and self.sheet.line(row, known)):
            for column, value, style in cells:
                self.value(row, column, value, style)

    def formula(
        self, row: int, column: int, text: str, value: Any, style: CellStyle, *, array: bool = False
    ) -> None:
        """A formula with its value; as an array formula it sees whole columns where one cell is expected."""
        known = float(value) if isinstance(value, Decimal) else value
        if array:
            look = self.formats[style]
            done(self.sheet.write_array_formula(row, column, row, column, text, look, known))
        else:
            done(self.sheet.write_formula(row, column, text, self.formats[style], known))

    def across(self, row: int, left: int, right: int, text: str, style: CellStyle) -> None:
        """A text over several columns."""
        self.merged((row, row), (left, right), text, style)

    def merged(self, rows: tuple[int, int], columns: tuple[int, int], text: str, style: CellStyle) -> None:
        """A text over several rows and columns."""
        if (rows[0], columns[0]) != (rows[1], columns[1]):
            done(self.sheet.merge_range(rows[0], columns[0], rows[1], columns[1], "", self.formats[style]))
        self.text(rows[0], columns[0], text, style)

    def admit(
        self, first: tuple[int, int], last: tuple[int, int], rule: Mapping[str, Any], hint: str
    ) -> None:
        """Say what may be typed in a range, and help with it."""
        help_text = {"input_title": "填报提示", "input_message": hint} if hint else {}
        if help_text or rule["validate"] != "any":
            done(self.sheet.data_validation(*first, *last, {**rule, **help_text}))

    def quiet(self, bottom: int, right: int) -> None:
        """No green triangles at codes kept as text, nor at names that may be overwritten."""
        marks = ("number_stored_as_text", "formula_unlocked", "formula_differs")
        done(self.sheet.ignore_errors(dict.fromkeys(marks, xl_range(0, 0, bottom, right))))

    def page(self, *, landscape: bool, mark: str = "") -> None:
        """A4, one page wide, numbered, with a mark on every page."""
        self.sheet.set_paper(9)
        if landscape:
            self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self.sheet.set_footer("&C第 &P 页 共 &N 页")
        if mark:
            done(self.sheet.set_header(f"&C{mark.replace('&', '&&')[:LONGEST_HEADER]}"))

    def _check_length(self, row: int, column: int, text: str) -> None:
        if len(text) > LONGEST_TEXT:
            place = f"{self.sheet.get_name()}!{xl_rowcol_to_cell(row, column)}"
            problem = f"{place} 的文字有 {len(text)} 个字，单元格最多放 {LONGEST_TEXT} 个"
            raise UnusableInputError(self.file, problem, "缩短这段文字，或分成几行")


def done(code: int | None) -> None:
    """Raise what xlsxwriter only returns."""
    if code:
        raise RuntimeError(f"xlsxwriter: {code}")
