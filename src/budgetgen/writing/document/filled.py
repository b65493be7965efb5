"""A filled document: its paragraphs by their styles, its tables each read into plain values, and what is set in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from lxml import etree

from budgetgen.writing.document.markup import TWIPS_PER_POINT, Element, element, points, qn
from budgetgen.writing.document.styles import VALUE, DocumentStyles

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from budgetgen.writing.package import OfficePackage

BODY, SECTION, TABLE = map(qn, ("w:body", "w:sectPr", "w:tbl"))
ROW, CELL, PARAGRAPH, RUN, TEXT = map(qn, ("w:tr", "w:tc", "w:p", "w:r", "w:t"))
GRID, COLUMN, WIDTH = map(qn, ("w:tblGrid", "w:gridCol", "w:w"))
ROW_PROPERTIES, HEIGHT = map(qn, ("w:trPr", "w:trHeight"))
REPEATED, KEPT, _UNBROKEN = map(qn, ("w:tblHeader", "w:keepNext", "w:cantSplit"))
_PROPERTIES, _CELL_WIDTH, _SPAN, _MERGE = map(qn, ("w:tcPr", "w:tcW", "w:gridSpan", "w:vMerge"))
PARAGRAPH_PROPERTIES, _OWN_STYLE, _TYPE = map(qn, ("w:pPr", "w:pStyle", "w:type"))
_TWIPS: Final = "dxa"
RESTARTED, CONTINUED = "restart", "continue"
_BEFORE_WIDTH: Final = frozenset({qn("w:cnfStyle")})
_BEFORE_MERGE: Final = frozenset(map(qn, ("w:cnfStyle", "w:tcW", "w:gridSpan", "w:hMerge")))
"""What the schema wants before the width of a cell, and before its part in a merge."""
_INDENTS: Final = qn("w:ind")
_BEHIND_INDENTS: Final = frozenset(
    qn(f"w:{name}")
    for name in (
        *("contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment"),
        *("textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange"),
    )
)
"""What the schema wants behind the indents of a paragraph."""


@dataclass(frozen=True)
class FilledBody:
    """A document.

    Attributes:
        root: it.
        styles: of it.
    """

    root: Element
    styles: DocumentStyles

    @classmethod
    def of(cls, package: OfficePackage, root: Element | None = None) -> FilledBody:
        """The body of a package, or one that is to take its place."""
        return cls(package.tree(package.main) if root is None else root, DocumentStyles.of(package))

    def styled(self, *names: str) -> list[Element]:
        """The paragraphs of the body in some styles, known by their names."""
        ids = {identity for name in names for identity in self.styles.ids.get(name, ())}
        return [paragraph for paragraph, style in self._paragraphs if style in ids]

    @cached_property
    def _paragraphs(self) -> Sequence[tuple[Element, str]]:
        """Those that stand in no table, with the ids of their styles."""
        found = self.root.iterfind(f"{BODY}/{PARAGRAPH}")
        return [(paragraph, style_of(paragraph)) for paragraph in found]


class FilledCell(NamedTuple):
    """A cell.

    Attributes:
        place: the column of the grid that it begins in.
        span: how many it spans.
        width: in twips; 0 where it is not told as a length.
        style: the id of that of its first paragraph.
        text: all of it.
        merge: its part in a vertical merge: restart, continue or none.
    """

    place: int
    span: int
    width: int
    style: str
    text: str
    merge: str

    @property
    def points(self) -> float:
        """How wide it is, in points; 0 where that is not told as a length."""
        return self.width / TWIPS_PER_POINT


class FilledRow(NamedTuple):
    """A row.

    Attributes:
        cells: in order.
        least: how high it is at least, in points; None where it is not said.
        repeated: whether it is marked as one of the head, on each page.
        kept: whether it is to stand on the page of the next one.
        parted: whether a page may end within it, whatever is said of it.
    """

    cells: Sequence[FilledCell]
    least: float | None
    repeated: bool
    kept: bool = False
    parted: bool = False


@dataclass(frozen=True)
class FilledTable:
    """What is known of a table and decided on it, as plain values: a small part of what its tree takes.

    Attributes:
        grid: the widths of its columns, in twips.
        rows: in order.
    """

    grid: Sequence[int]
    rows: Sequence[FilledRow]

    @property
    def complete(self) -> bool:
        """Whether its rows have as many columns as its grid: a placeholder may have made or left out cells."""
        if not self.grid:
            return True  # there is nothing to mend
        cells = max((len(row.cells) for row in self.rows), default=0)
        columns = max((row.cells[-1].place + row.cells[-1].span for row in self.rows if row.cells), default=0)
        return cells <= len(self.grid) <= columns


def read_table(pieces: Iterable[Element]) -> FilledTable:
    """A table as it stands in the document, in pieces of some rows: the first has the grid."""
    grid, rows = list[int](), list[FilledRow]()
    for piece in pieces:
        grid += [_number(column.get(WIDTH)) for column in piece.iterfind(f"{GRID}/{COLUMN}")]
        rows += map(_read_row, piece.iterchildren(ROW))
    return FilledTable(grid, rows)


def write_table(pieces: Iterable[Element], was: FilledTable, now: FilledTable) -> None:
    """Make a table what was decided on it.

    Args:
        pieces: of it, in which it stands as it was.
        was: what was read of these.
        now: what it is to be.
    """
    rows = zip(was.rows, now.rows, strict=True)
    for piece in pieces:
        # WPS goes by the grid, Word by the cells.
        for column, width in zip(piece.iterfind(f"{GRID}/{COLUMN}"), now.grid, strict=False):
            if now.grid != was.grid:
                column.set(WIDTH, str(width))
        for node, (old, new) in zip(piece.iterchildren(ROW), rows, strict=False):
            _write_row(node, old, new)


def _read_row(node: Element) -> FilledRow:
    cells: list[FilledCell] = []
    place = 0
    for own in node.iterchildren(CELL):
        cells.append(_read_cell(own, place))
        place += cells[-1].span
    properties = child(node, ROW_PROPERTIES)
    if properties is None:
        return FilledRow(cells, None, repeated=False)
    height = child(properties, HEIGHT)
    least = _number(height.get(VALUE)) / TWIPS_PER_POINT if height is not None else None
    return FilledRow(cells, least, child(properties, REPEATED) is not None)


def _read_cell(node: Element, place: int) -> FilledCell:
    width, span, merge = 0, 1, ""
    properties = child(node, _PROPERTIES)
    for own in properties if properties is not None else ():
        if own.tag == _CELL_WIDTH:
            width = _number(own.get(WIDTH)) if own.get(_TYPE) == _TWIPS else 0
        elif own.tag == _SPAN:
            span = _number(own.get(VALUE)) or 1
        elif own.tag == _MERGE:
            merge = own.get(VALUE) or CONTINUED
    paragraph = child(node, PARAGRAPH)
    style = style_of(paragraph) if paragraph is not None else ""
    return FilledCell(place, span, width, style, text_of(node), merge)


def child(node: Element, tag: str) -> Element | None:
    """The first child of that tag: several times faster than to find it by its path."""
    return next(node.iterchildren(tag), None)


def style_of(paragraph: Element) -> str:
    """The id of the style of a paragraph; empty where it has none of its own."""
    properties = child(paragraph, PARAGRAPH_PROPERTIES)
    style = child(properties, _OWN_STYLE) if properties is not None else None
    return "" if style is None else style.get(VALUE) or ""


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def text_of(node: Element) -> str:
    """All text in a node."""
    return "".join([text.text or "" for text in node.iter(TEXT)])  # many times faster than itertext


def merge_repeats(table: FilledTable, mark: str) -> FilledTable:
    """The table in which each cell that holds nothing but a mark is merged with the one above it."""
    above: dict[int, tuple[int, int]] = {}
    rows = [list(row.cells) for row in table.rows]
    for line, cells in enumerate(rows):
        for index, cell in enumerate(cells):
            if cell.text == mark and cell.place in above:
                up, over = above[cell.place]
                cells[index] = cell._replace(text="", merge=CONTINUED)
                rows[up][over] = rows[up][over]._replace(merge=RESTARTED)
            else:
                above[cell.place] = (line, index)
    merged = (row._replace(cells=cells) for row, cells in zip(table.rows, rows, strict=True))
    return replace(table, rows=list(merged))


def _write_row(node: Element, was: FilledRow, now: FilledRow) -> None:
    for cell, old, new in zip(node.iterchildren(CELL), was.cells, now.cells, strict=True):
        if new is not old:
            _write_cell(cell, old, new)
    if now.least is not None and now.least != was.least:
        for height in node.iterfind(f"{ROW_PROPERTIES}/{HEIGHT}"):
            height.set(VALUE, str(points(now.least)))
    if was.repeated and not now.repeated:
        _drop(node, REPEATED)
    if now.parted:
        _drop(node, _UNBROKEN)
    if now.kept:
        for paragraph in node.iter(PARAGRAPH):
            set_paragraph(paragraph, KEPT)


def _write_cell(node: Element, was: FilledCell, now: FilledCell) -> None:
    if now.text != was.text:
        for paragraph in node.iterchildren(PARAGRAPH):
            for run in paragraph.findall(RUN):
                paragraph.remove(run)
    if now.merge != was.merge:
        _write_merge(_properties_of(node), now.merge)
    if now.width != was.width:
        _write_width(_properties_of(node), now.width)


def _write_merge(properties: Element, merge: str) -> None:
    for old in properties.findall(_MERGE):
        properties.remove(old)
    node = _put(properties, _MERGE, _BEFORE_MERGE)
    if merge != CONTINUED:  # which is what Word takes it for
        node.set(VALUE, merge)


def _write_width(properties: Element, width: int) -> None:
    told = child(properties, _CELL_WIDTH)
    if told is None:
        told = _put(properties, _CELL_WIDTH, _BEFORE_WIDTH)
    told.set(_TYPE, _TWIPS)
    told.set(WIDTH, str(width))


def _drop(row: Element, mark: str) -> None:
    """Take off what is said of a row."""
    for properties in row.iterfind(ROW_PROPERTIES):
        for node in properties.findall(mark):
            properties.remove(node)


def _properties_of(cell: Element) -> Element:
    found = child(cell, _PROPERTIES)
    if found is None:
        found = element("w:tcPr")
        cell.insert(0, found)
    return found


def _put(parent: Element, tag: str, before: Collection[str]) -> Element:
    """A new child behind those that the schema wants before it."""
    node = etree.SubElement(parent, tag)
    place = sum(own.tag in before for own in parent)
    if place < len(parent) - 1:
        parent.insert(place, node)
    return node


def set_indents(paragraph: Element, left: float, right: float, size: float) -> None:
    """Narrow a paragraph that has no indents of its own, by so many characters of a size; where the schema wants that."""
    properties = child(paragraph, PARAGRAPH_PROPERTIES)
    if properties is None or child(properties, _INDENTS) is not None:
        return
    chars = {"leftChars": round(left * 100), "rightChars": round(right * 100)}
    lengths = {"left": round(left * size * TWIPS_PER_POINT), "right": round(right * size * TWIPS_PER_POINT)}
    places = (place for place, node in enumerate(properties) if node.tag in _BEHIND_INDENTS)
    properties.insert(next(places, len(properties)), element("w:ind", **chars, **lengths))


def set_paragraph(paragraph: Element, tag: str) -> None:
    """Say something of a paragraph that the schema wants right behind its style, unless it is said already."""
    properties = child(paragraph, PARAGRAPH_PROPERTIES)
    if properties is None:
        properties = element("w:pPr")
        paragraph.insert(0, properties)
    if child(properties, tag) is None:
        node, place = etree.SubElement(properties, tag), int(properties[0].tag == _OWN_STYLE)
        if len(properties) > place + 1:
            properties.insert(place, node)
