"""An official form: a workbook with a sheet for each part and each table of the document, read as that document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.edition import sound
from budgetgen.edition.declarations import META_SHEET
from budgetgen.reading.document.blocks import Grid, Text
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.workbook import Reading, every_sheet
from budgetgen.values.text import caption, clean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from budgetgen.edition.declarations import Edition
    from budgetgen.reading.cells import Line
    from budgetgen.reading.document.blocks import Block
    from budgetgen.reading.sheets import StoredSheet
    from budgetgen.reading.stored import StoredWorkbook
    from budgetgen.values.places import FilePlace

HALF = 2


def is_form(workbook: StoredWorkbook) -> bool:
    """Whether a workbook is no standard one, and has the sheets of an official form."""
    titles = workbook.titles
    return META_SHEET not in titles and any(_of(edition, titles) for edition in sound())


def _of(edition: Edition, titles: Collection[str]) -> bool:
    """Whether sheets are those of the tables of a format, without the one that only the standard workbook has."""
    held = sum(
        any(caption(name) in titles for name in (table.name, *table.aliases)) for table in edition.printed
    )
    return held * HALF >= len(edition.printed) and caption(edition.house.about) not in titles


def read_form(path: Path, workbook: StoredWorkbook, edition: str | None = None) -> Reading:
    """Read a filled official form.

    Args:
        path: the workbook.
        workbook: the same, opened.
        edition: id of the format; by default that of the year on its cover.

    Raises:
        UnusableInputError: the file cannot be read, or is of no known edition.
    """
    return read_blocks(path, tuple(_blocks(every_sheet(path, workbook))), edition)


def _blocks(sheets: Sequence[StoredSheet]) -> Iterator[Block]:
    """The sheets in order: paragraphs, and tables where rows have several cells."""
    texts, grids = 0, 0
    for sheet in sheets:
        if any(_several(line) for line in sheet.lines):
            grids += 1
            yield Grid(tuple(map(tuple, sheet.lines)), grids)
            continue
        for text, place in _paragraphs(sheet.lines):
            texts += 1
            yield Text(text, texts, cell=place)


def _several(line: Line) -> bool:
    return sum(not raw.blank for raw in line) > 1


def _paragraphs(lines: Sequence[Line]) -> Iterator[tuple[str, FilePlace | None]]:
    """The lines of the texts that stand in cells."""
    for raw in (raw for line in lines for raw in line if not raw.blank):
        for part in str(raw.value).splitlines():
            if text := clean(part)[0].strip():
                yield text, raw.place
