"""Where pages of a filled document end: each table stays on one page, or its first and last rows do, with its remarks."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from budgetgen.edition.declarations.own_styles import CLOSING, PART, REMARK, TABLE_NUMBER
from budgetgen.writing.document.filled import (
    CONTINUED,
    KEPT,
    PARAGRAPH,
    RESTARTED,
    SECTION,
    TABLE,
    set_paragraph,
)
from budgetgen.writing.document.fitting import ems, room_in, size_of
from budgetgen.writing.document.markup import TWIPS_PER_POINT, length, points, qn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Typography
    from budgetgen.writing.document.filled import FilledBody, FilledCell, FilledRow, FilledTable
    from budgetgen.writing.document.markup import Element
    from budgetgen.writing.document.styles import Sizes

_LAST_ROWS: Final = 2
"""How many rows go with the last one onto the next page."""
_NEARLY: Final = 1.25
"""A table up to so much higher than a page begins on one of its own: estimates are high."""
_REMARK: Final = 32
"""The height of a remark below a table, in points: two lines."""
_GROUP: Final = 0.6
"""A group of rows is kept on one page where it takes no more than this of one."""
_SAFE: Final = 1.03
"""Other fonts and programs set a little wider and higher."""
_FRESH: Final = qn("w:pageBreakBefore")
_PAGE_SIZE, _MARGINS = map(qn, ("w:pgSz", "w:pgMar"))
_UPRIGHT: Final = ("top", "bottom")


@dataclass(frozen=True)
class Paging:
    """What decides where the pages of a document end.

    Attributes:
        sections: for each place of a table the properties of its section.
        remarks: the paragraphs below tables that belong to them.
        numbers: those above them.
        parts: the headings of parts, which begin pages.
        typography: of the document.
        sizes: how large its styles are set.
    """

    sections: Mapping[Element, Element]
    remarks: frozenset[Element]
    numbers: frozenset[Element]
    parts: frozenset[Element]
    typography: Typography
    sizes: Sizes

    @classmethod
    def of(cls, body: FilledBody, typography: Typography) -> Paging:
        """That of a body in which a place stands for each table."""
        remarks, numbers, parts = (frozenset(body.styled(name)) for name in (REMARK, TABLE_NUMBER, PART))
        return cls(_sections(body.root), remarks, numbers, parts, typography, body.styles.sizes)

    def keep_table(self, table: FilledTable, place: Element) -> FilledTable:
        """A table kept on one page, or of a higher one first and last rows, with the remarks below it."""
        free = _free_height(self.sections.get(place), self.typography)
        below = list(takewhile(lambda node: node in self.remarks, place.itersiblings()))
        room = free - _REMARK * len(below)
        rows, heights = table.rows, self._heights(table.rows)
        if room < sum(heights) <= free * _NEARLY:
            self._begin_page(place)
            rows = [_tightened(row, self.sizes) for row in rows]
            heights = self._heights(rows)
        end = len(rows) if below else len(rows) - 1
        heads = _repeated_heads(rows, heights, free * self.typography.repeated)
        kept = set(range(end) if sum(heights) <= room else _kept(rows, heights, heads, end, free))
        for remark in below[:-1]:
            set_paragraph(remark, KEPT)
        # Kept whole, the end of a row as high as half a page might be cut off.
        paged = (
            row._replace(
                repeated=row.repeated and number < heads, kept=number in kept, parted=height > free / 2
            )
            for number, (row, height) in enumerate(zip(rows, heights, strict=True))
        )
        return replace(table, rows=list(paged))

    def _heights(self, rows: Sequence[FilledRow]) -> Sequence[float]:
        return [_row_height(row, self.sizes) for row in rows]

    def _begin_page(self, place: Element) -> None:
        """Let a table that fills a page begin on one, with the captions above it: two halves are harder to read."""
        above = takewhile(lambda node: node.tag == PARAGRAPH, place.itersiblings(preceding=True))
        first = next((node for node in above if node in self.numbers), None)
        if first is not None and first.getprevious() not in self.parts:
            set_paragraph(first, _FRESH)


def keep_closing(body: FilledBody) -> None:
    """Keep the closing with the text before it."""
    for closing in body.styled(CLOSING)[:1]:
        if (before := closing.getprevious()) is not None and before.tag == PARAGRAPH:
            set_paragraph(before, KEPT)


def _tightened(row: FilledRow, sizes: Sizes) -> FilledRow:
    """A row no higher than its text: a remark alone on a second page is worse."""
    if row.least is None:
        return row
    line = max(size_of(cell, row.least, sizes)[1] for cell in row.cells)
    return row._replace(least=min(points(row.least), points(line + 1)) / points(1))


def _kept(
    rows: Sequence[FilledRow], heights: Sequence[float], heads: int, end: int, free: float
) -> Iterator[int]:
    """The rows of a table over several pages that go with the next one: first and last, and groups under one label.

    A label that is merged over its rows would stand on the first of two pages only, so that a page begins with a label
    wherever its group finds room on one.
    """
    yield from (*range(heads + 1), *range(end - _LAST_ROWS, end))
    room = (free - sum(heights[:heads])) * _GROUP
    whole: set[int] = set()
    for column in (0, 1):
        for group in _groups(rows, heads, column):
            if sum(heights[group.start : group.stop]) <= room and not whole & set(group):
                whole |= set(group)
                yield from range(group.start, min(group.stop - 1, end))


def _groups(rows: Sequence[FilledRow], heads: int, column: int) -> Iterator[range]:
    """The rows under one label that is merged over them, heads apart."""
    merges = [_merge_at(row, column) if place >= heads else "" for place, row in enumerate(rows)]
    for start in (place for place, merge in enumerate(merges) if merge == RESTARTED):
        stop = start + 1
        while stop < len(merges) and merges[stop] == CONTINUED:
            stop += 1
        yield range(start, stop)


def _merge_at(row: FilledRow, column: int) -> str:
    return next((cell.merge for cell in row.cells if cell.place == column), "")


def _repeated_heads(rows: Sequence[FilledRow], heights: Sequence[float], room: float) -> int:
    """How many rows of a head stand on each page of its table: the first alone where all of it takes too much room.

    Word repeats rows from the first one on without a gap; what is marked below one is taken off.
    """
    heads = next((place for place, row in enumerate(rows) if not row.repeated), len(rows))
    return heads if sum(heights[:heads]) <= room else min(heads, 1)


def _sections(root: Element) -> Mapping[Element, Element]:
    """For each table of the body the properties of the section that it stands in: those that follow next."""
    found: dict[Element, Element] = {}
    waiting: list[Element] = []
    for node in root.iter(TABLE, SECTION):
        if node.tag == TABLE:
            waiting.append(node)
        else:
            found |= dict.fromkeys(waiting, node)
            waiting.clear()
    return found


def _free_height(section: Element | None, typography: Typography) -> float:
    """The height that a table finds on a fresh page of its section below its title, in points."""
    size, margins = (section.find(tag) if section is not None else None for tag in (_PAGE_SIZE, _MARGINS))
    if size is None or margins is None:
        return 0
    taken = sum(length(margins, edge) for edge in _UPRIGHT)
    return (length(size, "h") - taken) / TWIPS_PER_POINT - typography.above


def _row_height(row: FilledRow, sizes: Sizes) -> float:
    """About how high a row is with its longest cell broken into lines, in points."""
    least = row.least or 0.0
    return _SAFE * max([least, *(_cell_height(cell, least, sizes) for cell in row.cells)])


def _cell_height(cell: FilledCell, least: float, sizes: Sizes) -> float:
    """About how high the text of a cell is."""
    (size, line), room = size_of(cell, least, sizes), room_in(cell)
    return line * math.ceil(ems(cell.text) * size / room) if room > 0 else line
