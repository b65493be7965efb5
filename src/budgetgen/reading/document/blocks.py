"""A Word document as its paragraphs and tables, in order."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING, TypeAlias

from docx import Document

from budgetgen.reading.cells import Raw
from budgetgen.reading.document import layers
from budgetgen.reading.document.layers import qn
from budgetgen.reading.document.manuscript import beside
from budgetgen.values.header import COLUMNS, LINES
from budgetgen.values.places import DocumentPlace
from budgetgen.values.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lxml.etree import _Element

    from budgetgen.values.places import FilePlace


BOX = "文本框"
"""Where the texts of text boxes stand."""
HIDDEN = "隐藏的文字"
"""What is not shown, wherever it stands."""
PICTURE = "图片"
"""What stands for a page that is nothing but a picture."""

HEADER = 4
"""How many lines the header of a table has at most; it ends before the first figure."""
SENTENCES = re.compile(r"(?<=[。；;])[ \t\u3000]*\n")
"""The end of a line that is the end of a sentence."""


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text on a page with nothing but blanks around it, in points from the upper left corner.

    Attributes:
        text: as it is printed.
        page: its number.
        x0, top, x1, bottom: where it stands.
        size: of its signs.
        band: how many level rules of the page lie above it.
    """

    text: str
    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    band: int = 0

    @property
    def middle(self) -> float:
        """From left to right."""
        return (self.x0 + self.x1) / 2

    @property
    def height(self) -> float:
        """Of its middle on the page."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph that is not empty.

    Attributes:
        text: cleaned.
        number: its ordinal among these, of those beside the text among those of the same kind.
        beside: what it stands in beside the text: 文本框, 页眉, 页脚, 脚注 …; empty for the text itself.
        cell: the place of the cell of a table that it stands in; None where it is a paragraph.
        page: the page that it begins on, where the file has pages: then its ordinal is that on the page.
        line: its ordinal among the sentences that stand as lines in one paragraph; 0 where it is all of it.
        breaks: how many of its signs, blanks apart, stand before each line end within it.
        led: whether it led to a page, as an entry of the contents does.
        laid: where its parts stand on pages; none of it where the file has no pages.
    """

    text: str
    number: int
    beside: str = ""
    cell: FilePlace | None = None
    page: int = 0
    line: int = 0
    led: bool = False
    breaks: tuple[int, ...] = ()
    laid: tuple[PlacedText, ...] = ()

    @property
    def place(self) -> FilePlace:
        """Where it stands, as findings name it."""
        own = DocumentPlace(paragraph=self.number, line=self.line, beside=self.beside, page=self.page)
        return self.cell or own


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of grid columns; a merged cell's text stands in its first place only.

    Attributes:
        lines: its rows.
        number: its ordinal in the document; of a table within a cell, that of the table around it.
        within: the place of the cell that it stands in; None for a table of the text.
        page: the page that it begins on, where the file has pages: then its ordinal is that on the page.
        measured: whether its rows and columns follow from where its texts stand: its figures have yet to add up.
        level: whether it has level rules only, so that its columns were measured.
        cut: whether the next page may begin with a rest of it that was not read.
        banded: whether moreover each row is divided as it is printed, so that no header tells how far it reaches.
        laid: where its texts stand on pages, where rules do not part all of them.
    """

    lines: tuple[tuple[Raw, ...], ...]
    number: int
    within: FilePlace | None = None
    page: int = 0
    measured: bool = False
    level: bool = False
    banded: bool = False
    cut: bool = False
    laid: tuple[PlacedText, ...] = ()

    @property
    def name(self) -> str:
        """What findings call it."""
        return f"{DocumentPlace(table=self.number, page=self.page)}{'里的表' if self.within else ''}"

    @property
    def place(self) -> FilePlace | None:
        """Where it begins, as findings name it."""
        return self.within or next((raw.place for line in self.lines for raw in line), None)


def header_of(grid: Grid) -> Sequence[tuple[Raw, ...]]:
    """The lines at the head of a table that hold no figure, as many as a header has."""
    lines = grid.lines[:HEADER]
    return list(takewhile(lambda line: not any(map(str.isdigit, "".join(map(_printed, line)))), lines))


def header_text(grid: Grid) -> str:
    """The header of a table as one text; empty where it has none."""
    told = ([str(raw.value) for raw in line if raw.value is not None] for line in header_of(grid) if line)
    return LINES.join(map(COLUMNS.join, told))


def width(lines: Sequence[Sequence[Raw]]) -> int:
    """How many columns lines have; none where they are none."""
    return max(map(len, lines), default=0)


def same(lines: Sequence[Sequence[Raw]], others: Sequence[Sequence[Raw]]) -> bool:
    """Whether lines say the same."""
    return _values(lines) == _values(others)


def stand_in(lines: Sequence[Sequence[Raw]], held: Sequence[Sequence[Raw]]) -> bool:
    """Whether lines stand among others, one after the other, as they are."""
    wanted, known = (_values(lines), _values(held))
    return any(known[at : at + len(wanted)] == wanted for at in range(len(known)))


def _printed(raw: Raw) -> str:
    return "" if raw.value is None else str(raw.value)


def _values(lines: Sequence[Sequence[Raw]]) -> list[tuple[object, ...]]:
    return [tuple(raw.value for raw in line) for line in lines]


Block: TypeAlias = Text | Grid


def blocks(data: bytes) -> Iterator[Block]:
    """The paragraphs and tables of a document that was admitted.

    Each text box follows the paragraph or table that it hangs on, each table within a cell the one around it. What
    headers, footers and notes say comes last, and what is in the text without being shown.
    """
    document = Document(BytesIO(data))
    body, hiding = document.element.body, layers.hiding_styles(document.styles.element)
    yield from (block for block, _ in _placed(body, hiding))
    ordinals: Counter[str] = Counter()
    for aside in beside(data):
        if text := tight(aside.text):
            ordinals[aside.where] += 1
            yield Text(text, ordinals[aside.where], aside.where)
    if hiding or next(body.iter(qn("w:vanish")), None) is not None:
        hidden = (tight(clean(layers.hidden_text(node, hiding))[0]) for node in body.iter(qn("w:p")))
        yield from (Text(text, number, HIDDEN) for number, text in enumerate(filter(None, hidden), start=1))


def anchors(body: _Element, hiding: frozenset[str] = frozenset()) -> Mapping[FilePlace, _Element]:
    """Where the places that findings name stand in a document: place → its paragraph or table cell, in order.

    Args:
        body: of the document.
        hiding: the ids of the styles that hide text.
    """
    found: dict[FilePlace, _Element] = {}
    for block, node in _placed(body, hiding):
        if isinstance(block, Text):
            found[block.place] = node
        elif not block.within:
            for index, row in _numbered(node):
                found |= {
                    place: cell for place, cell, _ in _cells(row, block.number, index) if cell is not None
                }
    return found


def _placed(body: _Element, hiding: frozenset[str]) -> Iterator[tuple[Block, _Element]]:
    """The paragraphs and tables with their elements; what hangs on one of them with that one."""
    paragraphs = tables = boxed = 0
    say = partial(layers.text, hiding=hiding)
    for node, said in layers.told(layers.flow(body), say):
        if node.tag == qn("w:p"):
            lines = list(_lines(said))
            paragraphs += bool(lines)
            for number, (text, breaks) in enumerate(lines, start=1):
                yield Text(text, paragraphs, line=number if len(lines) > 1 else 0, breaks=breaks), node
        elif node.tag == qn("w:tbl"):
            tables += 1
            yield Grid(tuple(_rows(node, tables, hiding)), tables), node
            yield from ((nested, node) for nested in _nested(node, tables, hiding))
        for inner, line in (
            each for box in layers.boxes(node) for each in layers.told(layers.flow(box), say)
        ):
            if inner.tag == qn("w:tbl"):
                tables += 1
                yield Grid(tuple(_rows(inner, tables, hiding)), tables), inner
            elif inner.tag == qn("w:p") and (text := _on_one_line(line)):
                boxed += 1
                yield Text(text, boxed, BOX), node


def _nested(table: _Element, number: int, hiding: frozenset[str]) -> Iterator[Grid]:
    """The tables in the cells of a table, and in theirs."""
    if next(table.iterdescendants(qn("w:tbl")), None) is None:
        return
    for index, row in _numbered(table):
        for place, cell, _ in _cells(row, number, index):
            for inner in layers.children(cell) if cell is not None else ():
                if inner.tag == qn("w:tbl"):
                    lines = tuple(
                        tuple(Raw(raw.value, place=place) for raw in line)
                        for line in _rows(inner, number, hiding)
                    )
                    yield Grid(lines, number, place)
                    yield from (Grid(g.lines, number, place) for g in _nested(inner, number, hiding))


def tight(text: str) -> str:
    """A text without the blanks that typesetting leaves around Chinese signs and figures."""
    return re.sub(r"(?<![A-Za-z])[ \u3000]+|[ \u3000]+(?![A-Za-z])", "", text)


def _on_one_line(text: str) -> str:
    """The text of a paragraph on one line."""
    return tight(clean(re.sub(r"[\t\n]", " ", text))[0])


def _lines(text: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The text of a paragraph, where sentences stand in it line by line each of them; and the line ends within it."""
    for part in SENTENCES.split(text) if "\n" in text else [text]:
        if line := _on_one_line(part):
            signs = [len("".join(clean(piece)[0].split())) for piece in part.split("\n")]
            yield line, tuple(sorted({*accumulate(signs[:-1])} - {0}))


def _rows(table: _Element, number: int, hiding: frozenset[str]) -> Iterator[tuple[Raw, ...]]:
    for index, row in _numbered(table):
        line: list[Raw] = []
        for place, cell, span in _cells(row, number, index):
            line.append(Raw(_cell_text(cell, hiding) or None if cell is not None else None, place=place))
            line += [Raw(None, place=place)] * (span - 1)
        yield tuple(line)


def _numbered(table: _Element) -> Iterator[tuple[int, _Element]]:
    """The rows of a table, from 1."""
    return enumerate(layers.rows(table), start=1)


def _cells(row: _Element, table: int, index: int) -> Iterator[tuple[DocumentPlace, _Element | None, int]]:
    """The cells of a row: place, element, and how many grid columns each takes.

    Where a row begins or ends within the table, no element stands for the columns that it leaves out.
    """
    column = 1
    before, after = ((None, _count(row, f"w:trPr/w:grid{side}")) for side in ("Before", "After"))
    own = ((cell, _count(cell, "w:tcPr/w:gridSpan", least=1)) for cell in layers.cells(row))
    for cell, span in (before, *own, after):
        if span:
            yield DocumentPlace(table, index, column), cell, span
        column += span


def _cell_text(cell: _Element, hiding: frozenset[str]) -> str:
    """The text of a cell, without that of tables in it; none where it continues the cell above."""
    if layers.continues(cell):
        return ""
    held = layers.told(layers.children(cell), partial(layers.text, hiding=hiding))
    paragraphs = (said for node, said in held if node.tag == qn("w:p"))
    return tight(clean("\n".join(map(_on_one_line, paragraphs)))[0])


def _count(node: _Element, path: str, least: int = 0) -> int:
    """A number of grid columns that the properties of a row or cell tell."""
    found = node.find("/".join(map(qn, path.split("/"))))
    return max(int(found.get(qn("w:val"), "0")), least) if found is not None else least
