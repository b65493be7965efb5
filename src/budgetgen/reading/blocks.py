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
    from collections.abc import Iterator

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
    paragraphs = tables = 0
    for node in Document(BytesIO(data)).element.body.iterchildren():
        if node.tag == qn("w:p"):
            text = tight(clean(_text(node))[0])
            if text:
                paragraphs += 1
                yield Text(text, paragraphs)
        elif node.tag == qn("w:tbl"):
            tables += 1
            yield Grid(tuple(_rows(node, tables)), tables)


def tight(text: str) -> str:
    """A text without the blanks that typesetting leaves around Chinese signs and figures."""
    return re.sub(r"(?<![A-Za-z])[ \u3000]+|[ \u3000]+(?![A-Za-z])", "", text)


def _text(node: _Element) -> str:
    """The text of a paragraph; what tracked changes deleted is not part of it."""
    shown = node.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr"))
    return "".join((part.text or "") if part.tag == qn("w:t") else " " for part in shown)


def _rows(table: _Element, number: int) -> Iterator[tuple[Raw, ...]]:
    for index, row in enumerate(table.iter(qn("w:tr")), start=1):
        cells: list[Raw] = []
        for cell in row.iterchildren(qn("w:tc")):
            span, continued = _span(cell)
            text = (
                ""
                if continued
                else tight(clean("\n".join(_text(p) for p in cell.iterchildren(qn("w:p"))))[0])
            )
            place = f"文档第{number}个表第{index}行第{len(cells) + 1}列"
            cells.append(Raw(text or None, place=place))
            cells += [Raw(None, place=place)] * (span - 1)
        yield tuple(cells)


def _span(cell: _Element) -> tuple[int, bool]:
    """How many grid columns a cell takes, and whether it continues the cell above."""
    properties = cell.find(qn("w:tcPr"))
    if properties is None:
        return 1, False
    span, merge = properties.find(qn("w:gridSpan")), properties.find(qn("w:vMerge"))
    width = int(span.get(qn("w:val"), "1")) if span is not None else 1
    return width, merge is not None and merge.get(qn("w:val"), "continue") == "continue"
