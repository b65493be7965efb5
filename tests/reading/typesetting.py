"""The tables of a document set on pages without rules, as offices set them: the same cells, otherwise aligned and broken."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from budgetgen.reading.document.blocks import Grid
from budgetgen.reading.document.pdf.flow import blocks_of
from budgetgen.reading.document.pdf.marks import SeenPage
from tests.reading.pages import signs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.reading.cells import Raw
    from budgetgen.reading.document.blocks import Block
    from budgetgen.reading.document.pdf.marks import Sign

FIGURE = re.compile(r"[-－]?[\d,.，]+%?|")
TOP, LEFT = 60.0, 40.0
PADDING = 4.0
MANY = 100
"""No table takes as many pages."""
NARROW, WIDE = 58.0, 96.0
"""How wide columns of figures and of words are."""


@dataclass(frozen=True)
class Style:
    """How tables are set.

    Attributes:
        figures, words, heads: where in a cell: 0 at its left, 1 at its right, between these in the middle.
        level: whether texts stand in the middle of their rows; else at the head of these.
        high: how high pages are.
        repeated: whether the header is repeated on each page.
        apart: how far rows are apart beyond their lines.
        size: of the font.
    """

    figures: float = 1.0
    words: float = 0.0
    heads: float = 0.5
    level: bool = True
    high: float = 540.0
    repeated: bool = True
    apart: float = 6.0
    size: float = 9.0


@dataclass(frozen=True)
class _Set:
    """A cell as it is set: its columns, its lines, where in the cell."""

    left: float
    right: float
    lines: tuple[str, ...]
    across: float

    def signs(self, top: float, size: float) -> Iterator[list[Sign]]:
        """Its signs, from a height on."""
        for n, line in enumerate(self.lines):
            wide = _wide(line, size)
            room = self.right - self.left - 2 * PADDING - wide
            yield signs(line, self.left + PADDING + self.across * room, top + n * 1.2 * size, size)


def _wide(text: str, size: float) -> float:
    return sum(size / 2 if sign.isascii() else size for sign in text)


def _broken(text: str, room: float, size: float) -> Iterator[str]:
    """The lines that a text takes; figures are not cut."""
    for line in text.split("\n"):
        own = ""
        for sign in line:
            if own and not FIGURE.fullmatch(line) and _wide(own + sign, size) > room:
                yield own
                own = ""
            own += sign
        yield own


def unruled(found: Sequence[Block], style: Style) -> tuple[Block, ...]:
    """The blocks of a document, as they are read where none of its tables has rules."""
    numbered = enumerate(found, start=1)
    return tuple(
        one
        for n, block in numbered
        for one in (_printed(block, style, MANY * n) if isinstance(block, Grid) else (block,))
    )


def _printed(grid: Grid, style: Style, before: int) -> Iterator[Block]:
    """What is read of the pages of a table; among pages of text, so that its header is not taken for that of all pages."""
    filled = [[sign] for n in range(int(style.high)) for sign in signs(f"{n}。", LEFT, float(n))[:1]]
    pages = [_page(before, filled, style), *_pages(grid, style, before + 1)]
    return (block for block in blocks_of(pages, lambda: None) if block.page > before)


def _pages(grid: Grid, style: Style, number: int) -> Iterator[SeenPage]:
    """The pages that a table takes."""
    heads = next((n for n, line in enumerate(grid.lines) if any(map(_counts, line))), 1)
    rows = list(_rows(grid, heads, style))
    top = TOP
    held: list[list[Sign]] = []
    waiting = list(enumerate(rows))
    while waiting:
        n, (high, cells) = waiting.pop(0)
        if top + high > style.high and held:
            yield _page(number, held, style)
            number, top, held = number + 1, TOP, []
            if style.repeated and n >= heads:
                waiting = [*enumerate(rows[:heads]), (n, (high, cells)), *waiting]
                continue
        for cell in cells:
            own = 1.2 * style.size * len(cell.lines)
            held += cell.signs(top + (high - own) / 2 if style.level else top, style.size)
        top += high
    yield _page(number, held, style)


def _page(number: int, held: Sequence[list[Sign]], style: Style) -> SeenPage:
    return SeenPage(number, 900.0, style.high + TOP, tuple(sign for text in held for sign in text))


def _counts(raw: Raw) -> bool:
    return bool(raw.value) and FIGURE.fullmatch(str(raw.value)) is not None


def _rows(grid: Grid, heads: int, style: Style) -> Iterator[tuple[float, list[_Set]]]:
    """How high each row is, and its cells."""
    edges = [LEFT]
    for column in range(max(map(len, grid.lines))):
        figures = all(
            _counts(line[column]) or line[column].blank for line in grid.lines[heads:] if column < len(line)
        )
        edges.append(edges[-1] + (NARROW if figures else WIDE))
    for n, line in enumerate(grid.lines):
        cells: list[_Set] = []
        column = 0
        for _, same in groupby(line, key=lambda raw: raw.place):
            raws = list(same)
            left, right = edges[column], edges[column + len(raws)]
            column += len(raws)
            if text := str(raws[0].value or ""):
                across = (
                    style.heads if n < heads else style.figures if FIGURE.fullmatch(text) else style.words
                )
                cells.append(
                    _Set(left, right, tuple(_broken(text, right - left - 2 * PADDING, style.size)), across)
                )
        lines = max((len(cell.lines) for cell in cells), default=1)
        yield 1.2 * style.size * lines + style.apart, cells
