"""A file as it looks: its sheets, or the tables and paragraphs of a document, cell by cell with their places."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.edition.declarations import META_SHEET
from budgetgen.reading.document.blocks import Grid
from budgetgen.reading.forms import is_document
from budgetgen.reading.number_formats import shown
from budgetgen.reading.secrets import EXPOSING
from budgetgen.reading.workbook import every_sheet, opened
from budgetgen.values.addresses import letters, nth_sheet, parted
from budgetgen.values.amounts import written
from budgetgen.values.places import SheetPlace, cells_of, told_place
from budgetgen.values.text import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.reading.cells import Raw
    from budgetgen.reading.document.blocks import Block
    from budgetgen.reading.sheets import StoredSheet
    from budgetgen.values.model import Value
    from budgetgen.values.places import FilePlace

Shown: TypeAlias = "Callable[[str, FilePlace | None], str]"
"""Takes what stands at a place, and that place; gives what of it is shown."""
PARAGRAPHS = "正文"
"""What the paragraphs of a document are called."""
WITHHELD = "（不显示：文件里有涉密项目）"
GAP = 5
"""So many blank rows between two others are drawn; of more, their numbers tell."""


@dataclass(frozen=True, slots=True)
class PictureCell:
    """A cell: its place, what it shows, whether that is a number, and how many columns and rows it takes."""

    place: str
    text: str = ""
    number: bool = False
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A row with what stands at its head."""

    head: str
    cells: tuple[PictureCell, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A sheet, a table, or the paragraphs of a document.

    Attributes:
        title: its name.
        heads: of its columns.
        rows: those that hold something, and blank ones between them.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[PictureRow, ...]


def pictures(checked: Checked) -> tuple[Picture, ...]:
    """All sheets, or all tables and paragraphs, of a checked file.

    Of a file that tells of secret items only what was read and judged is shown, and the words of the format.

    Raises:
        UnusableInputError: the file cannot be read any more.
    """
    text = _shown(checked)
    if not is_document(checked.path):
        sheets = every_sheet(checked.path, opened(checked.path))
        return tuple(_sheet(sheet, text) for sheet in sheets if sheet.name != META_SHEET)
    from budgetgen.reading.document.published import published_blocks  # noqa: PLC0415 - not for a workbook

    return tuple(_document(published_blocks(checked.path), text))


# --- what a cell shows --------------------------------------------------------------------------------------


def _shown(checked: Checked) -> Shown:
    """What is shown of a cell: what stands there, and of a formula that was never computed what was worked out.

    Where the file tells of secret items: the value as it was read, or a word of the format.
    """
    secretive = checked.seal is not None or any(finding.rule in EXPOSING for finding in checked.findings)
    tables = checked.book.tables.values()
    cells = (cell for table in tables for row in table.rows for cell in row.cells.values())
    read: Mapping[FilePlace | None, Value] = {cell.place: cell.value for cell in cells if cell.place}

    def shown_text(text: str, place: FilePlace | None) -> str:
        if not text:
            return _value(read.get(place))
        if not secretive or not words(text) or words(text) in checked.edition.said:
            return text
        return _value(read[place]) if place in read else WITHHELD

    return shown_text


def _value(value: Value) -> str:
    if isinstance(value, Decimal):
        return written(value)
    return "" if value is None else str(value)


def _seen(raw: Raw) -> str:
    """What a cell shows; where that is not certain, what is stored."""
    stored = raw.value if raw.number is None else raw.number
    text = shown(stored, raw.code) if isinstance(stored, str | int | float) else None
    return text if text is not None else "" if raw.value is None else str(raw.value)


# --- workbooks ----------------------------------------------------------------------------------------------


def _sheet(sheet: StoredSheet, text: Shown) -> Picture:
    width = max(map(len, sheet.lines), default=0)
    name = text(sheet.name, None)
    rows = _rows(sheet, width, text)
    title = nth_sheet(sheet.number) if name == WITHHELD else name
    return Picture(title, tuple(letters(column) for column in range(1, width + 1)), tuple(rows))


def _rows(sheet: StoredSheet, width: int, text: Shown) -> Iterator[PictureRow]:
    """The rows, with the blank ones between them; a cell that another is merged over is a part of that."""
    spans, last = _spans(sheet.lines), 0
    for line in sheet.lines:
        number = next(parted(cells_of(raw.place))[1] for raw in line if raw.place)
        places = {n: _places(sheet.name, n, width) for n in range(max(last + 1, number - GAP), number + 1)}
        yield from (
            PictureRow(str(n), tuple(PictureCell(str(p)) for p in places[n])) for n in places if n != number
        )
        raws: dict[FilePlace, Raw] = {raw.place: raw for raw in line if raw.place}
        shown_places = (p for p in places[number] if p not in raws or raws[p].under is None)
        yield PictureRow(str(number), tuple(_cell(p, raws.get(p), spans, text) for p in shown_places))
        last = number


def _places(sheet: str, row: int, width: int) -> tuple[SheetPlace, ...]:
    return tuple(SheetPlace(sheet, f"{letters(column)}{row}") for column in range(1, width + 1))


def _cell(
    place: FilePlace, raw: Raw | None, spans: Mapping[FilePlace, tuple[int, int]], text: Shown
) -> PictureCell:
    if raw is None or (raw.value is None and not raw.formula):
        return PictureCell(str(place))
    across, down = spans.get(place, (1, 1))
    told = text(_seen(raw), place)
    return PictureCell(str(place), told, raw.numeric or (raw.uncomputed and _is_number(told)), across, down)


def _spans(lines: Sequence[Sequence[Raw]]) -> Mapping[FilePlace, tuple[int, int]]:
    """How many columns and rows a merged cell takes, of those that hold something."""
    covered: dict[FilePlace | None, set[tuple[int, int]]] = {}
    for row, line in enumerate(lines):
        for column, raw in enumerate(line):
            first = raw.under.place if raw.under else raw.place
            covered.setdefault(first, set()).add((column, row))
    return {
        place: (1 + max(columns) - min(columns), 1 + max(rows) - min(rows))
        for place, cells in covered.items()
        if place and len(cells) > 1
        for columns, rows in (zip(*cells, strict=True),)
    }


# --- documents ----------------------------------------------------------------------------------------------


def _document(found: Sequence[Block], text: Shown) -> Iterator[Picture]:
    paragraphs = (block for block in found if not isinstance(block, Grid))
    lines = (PictureCell(str(block.place), text(block.text, block.place)) for block in paragraphs)
    yield Picture(PARAGRAPHS, ("",), tuple(PictureRow(cell.place, (cell,)) for cell in lines))
    for block in found:
        if isinstance(block, Grid):
            width = max(map(len, block.lines), default=0)
            heads = tuple(str(column) for column in range(1, width + 1))
            rows = (PictureRow(str(n), tuple(_across(line, text))) for n, line in enumerate(block.lines, 1))
            yield Picture(block.name, heads, tuple(rows))


def _across(line: Sequence[Raw], text: Shown) -> Iterator[PictureCell]:
    """The cells of a row; grid columns of one place are one cell."""
    for place, raws in groupby(line, lambda raw: raw.place):
        own = list(raws)
        told = str(own[0].value or "")
        yield PictureCell(told_place(place), text(told, place) if told else "", _is_number(told), len(own))


def _is_number(text: str) -> bool:
    return bool(text) and all(sign in "0123456789.,-%" for sign in text)
