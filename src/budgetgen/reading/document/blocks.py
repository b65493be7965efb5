"""A Word document as its paragraphs and tables, in order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias

from docx import Document
from docx.oxml.ns import qn

from budgetgen.reading.cells import Raw
from budgetgen.reading.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph that is not empty.

    Attributes:
        text: cleaned.
        number: its ordinal among these.
    """

    text: str
    number: int

    @property
    def place(self) -> str:
        """Where it stands, as findings name it."""
        return f"文档第{self.number}段"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of grid columns; a merged cell's text stands in its first place only.

    Attributes:
        lines: its rows.
        number: its ordinal in the document.
    """

    lines: tuple[tuple[Raw, ...], ...]
    number: int


Block: TypeAlias = Text | Grid


def blocks(data: bytes) -> Iterator[Block]:
    """The paragraphs and tables of a document that was admitted."""
    return (block for block, _ in _placed(Document(BytesIO(data)).element.body))


def anchors(body: _Element) -> Mapping[str, _Element]:
    """Where the places that findings name stand in a document: place → its paragraph or table cell, in order."""
    found: dict[str, _Element] = {}
    for block, node in _placed(body):
        if isinstance(block, Text):
            found[block.place] = node
        else:
            for index, row in _numbered(node):
                found |= {place: cell for place, cell, _ in _cells(row, block.number, index)}
    return found


def is_paragraph(place: str) -> bool:
    """Whether a place is that of a paragraph, not of a cell."""
    return place.endswith("段")


def _placed(body: _Element) -> Iterator[tuple[Block, _Element]]:
    """The paragraphs and tables with their elements."""
    paragraphs = tables = 0
    for node in body.iterchildren():
        if node.tag == qn("w:p"):
            text = tight(clean(_text(node))[0])
            if text:
                paragraphs += 1
                yield Text(text, paragraphs), node
        elif node.tag == qn("w:tbl"):
            tables += 1
            yield Grid(tuple(_rows(node, tables)), tables), node


def tight(text: str) -> str:
    """A text without the blanks that typesetting leaves around Chinese signs and figures."""
    return re.sub(r"(?<![A-Za-z])[ \u3000]+|[ \u3000]+(?![A-Za-z])", "", text)


def _text(node: _Element) -> str:
    """The text of a paragraph; what tracked changes deleted is not part of it."""
    shown = node.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr"))
    return "".join((part.text or "") if part.tag == qn("w:t") else " " for part in shown)


def _rows(table: _Element, number: int) -> Iterator[tuple[Raw, ...]]:
    for index, row in _numbered(table):
        cells: list[Raw] = []
        for place, cell, span in _cells(row, number, index):
            cells.append(Raw(_cell_text(cell) or None, place=place))
            cells += [Raw(None, place=place)] * (span - 1)
        yield tuple(cells)


def _numbered(table: _Element) -> Iterator[tuple[int, _Element]]:
    """The rows of a table, from 1."""
    return enumerate(table.iter(qn("w:tr")), start=1)


def _cells(row: _Element, table: int, index: int) -> Iterator[tuple[str, _Element, int]]:
    """The cells of a row: place, element, and how many grid columns each takes."""
    column = 1
    for cell in row.iterchildren(qn("w:tc")):
        span, _ = _span(cell)
        yield f"文档第{table}个表第{index}行第{column}列", cell, span
        column += span


def _cell_text(cell: _Element) -> str:
    """The text of a cell; none where it continues the cell above."""
    if _span(cell)[1]:
        return ""
    return tight(clean("\n".join(_text(p) for p in cell.iterchildren(qn("w:p"))))[0])


def _span(cell: _Element) -> tuple[int, bool]:
    """How many grid columns a cell takes, and whether it continues the cell above."""
    properties = cell.find(qn("w:tcPr"))
    if properties is None:
        return 1, False
    span, merge = properties.find(qn("w:gridSpan")), properties.find(qn("w:vMerge"))
    width = int(span.get(qn("w:val"), "1")) if span is not None else 1
    return width, merge is not None and merge.get(qn("w:val"), "continue") == "continue"
