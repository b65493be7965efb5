"""A filled document: its paragraphs by their styles, its tables each read once, and the few things that are set in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from budgetgen.writing.document.markup import TWIPS_PER_POINT, Element, element, qn

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from budgetgen.writing.package import OfficePackage

BODY, SECTION, TABLE = map(qn, ("w:body", "w:sectPr", "w:tbl"))
ROW, CELL, PARAGRAPH, RUN, TEXT = map(qn, ("w:tr", "w:tc", "w:p", "w:r", "w:t"))
GRID, COLUMN, WIDTH = map(qn, ("w:tblGrid", "w:gridCol", "w:w"))
ROW_PROPERTIES, HEIGHT, REPEATED = map(qn, ("w:trPr", "w:trHeight", "w:tblHeader"))
_PROPERTIES, _CELL_WIDTH, _SPAN, _MERGE = map(qn, ("w:tcPr", "w:tcW", "w:gridSpan", "w:vMerge"))
_ALL_PROPERTIES: Final = f"{_PROPERTIES}/*"
PARAGRAPH_PROPERTIES, _OWN_STYLE, VALUE, _TYPE = map(qn, ("w:pPr", "w:pStyle", "w:val", "w:type"))
_STYLE: Final = f"{PARAGRAPH_PROPERTIES}/{_OWN_STYLE}"
_STYLED: Final = frozenset({_OWN_STYLE})
_TWIPS: Final = "dxa"
RESTARTED, CONTINUED = "restart", "continue"
_BEFORE_WIDTH: Final = frozenset({qn("w:cnfStyle")})
_BEFORE_MERGE: Final = frozenset(map(qn, ("w:cnfStyle", "w:tcW", "w:gridSpan", "w:hMerge")))
"""What the schema wants before the width of a cell, and before its part in a merge."""


@dataclass(frozen=True)
class FilledBody:
    """A document.

    Attributes:
        root: it.
        styles: the ids of its styles, by name in small letters. Word renames the ids when it saves a template;
            LibreOffice only makes `TOC 1` of `toc 1`.
    """

    root: Element
    styles: Mapping[str, Collection[str]]

    @classmethod
    def of(cls, package: OfficePackage, root: Element | None = None) -> FilledBody:
        """The body of a package, or one that is to take its place."""
        part = package.related(package.main, "styles")
        styles = package.tree(part).iterfind(qn("w:style")) if part else ()
        named = [(node.find(qn("w:name")), node.get(qn("w:styleId")) or "") for node in styles]
        ids: dict[str, list[str]] = {}
        for name, identity in named:
            if name is not None:
                ids.setdefault((name.get(VALUE) or "").lower(), []).append(identity)
        return cls(package.tree(package.main) if root is None else root, ids)

    def styled(self, *names: str) -> list[Element]:
        """The paragraphs of the body in some styles, known by their names."""
        ids = {identity for name in names for identity in self.styles.get(name, ())}
        return [paragraph for paragraph, style in self._paragraphs if style in ids]

    @cached_property
    def _paragraphs(self) -> Sequence[tuple[Element, str | None]]:
        """Those that stand in no table, with the ids of their styles."""
        found = self.root.iterfind(f"{BODY}/{PARAGRAPH}")
        return [
            (paragraph, None if (style := paragraph.find(_STYLE)) is None else style.get(VALUE))
            for paragraph in found
        ]

    def tables(self) -> list[FilledTable]:
        """The tables that stand in no other."""
        return [read_table(node) for node in self.root.iterfind(f"{BODY}/{TABLE}")]


class FilledCell(NamedTuple):
    """A cell.

    Attributes:
        node: it.
        place: the column of the grid that it begins in.
        span: how many it spans.
        width: in points; 0 where it is not said so.
        style: the id of that of its first paragraph.
        text: all of it.
        merge: its part in a vertical merge: restart, continue or none.
    """

    node: Element
    place: int
    span: int
    width: float
    style: str
    text: str
    merge: str


class FilledRow(NamedTuple):
    """A row.

    Attributes:
        node: it.
        cells: in order.
        least: how high it is at least, in points; None where it is not said.
        repeated: whether it is marked as one of the head, on each page.
    """

    node: Element
    cells: Sequence[FilledCell]
    least: float | None
    repeated: bool


@dataclass(frozen=True)
class FilledTable:
    """A table.

    Attributes:
        node: it.
        grid: the widths of its columns, in twips.
        rows: in order.
    """

    node: Element
    grid: Sequence[int]
    rows: Sequence[FilledRow]

    @property
    def complete(self) -> bool:
        """Whether its rows have as many columns as its grid: a placeholder may have made or left out cells."""
        cells = max((len(row.cells) for row in self.rows), default=0)
        columns = max((row.cells[-1].place + row.cells[-1].span for row in self.rows if row.cells), default=0)
        return cells <= len(self.grid) <= columns


def read_table(node: Element) -> FilledTable:
    """A table as it stands in the document."""
    grid = [_number(column.get(WIDTH)) for column in node.iterfind(f"{GRID}/{COLUMN}")]
    return FilledTable(node, grid, [_read_row(row) for row in node.iterfind(ROW)])


def _read_row(node: Element) -> FilledRow:
    cells: list[FilledCell] = []
    place = 0
    for own in node.iterfind(CELL):
        cells.append(_read_cell(own, place))
        place += cells[-1].span
    properties = node.find(ROW_PROPERTIES)
    if properties is None:
        return FilledRow(node, cells, None, repeated=False)
    height = properties.find(HEIGHT)
    least = _number(height.get(VALUE)) / TWIPS_PER_POINT if height is not None else None
    return FilledRow(node, cells, least, properties.find(REPEATED) is not None)


def _read_cell(node: Element, place: int) -> FilledCell:
    width, span, merge = 0.0, 1, ""
    for own in node.iterfind(_ALL_PROPERTIES):
        if own.tag == _CELL_WIDTH:
            width = _number(own.get(WIDTH)) / TWIPS_PER_POINT if own.get(_TYPE) == _TWIPS else 0.0
        elif own.tag == _SPAN:
            span = _number(own.get(VALUE)) or 1
        elif own.tag == _MERGE:
            merge = own.get(VALUE) or CONTINUED
    paragraph = node.find(PARAGRAPH)
    style = paragraph.find(_STYLE) if paragraph is not None else None
    named = "" if style is None else style.get(VALUE) or ""
    return FilledCell(node, place, span, width, named, text_of(node), merge)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def text_of(node: Element) -> str:
    """All text in a node."""
    return "".join([text.text or "" for text in node.iter(TEXT)])


def merge_repeats(node: Element, mark: str) -> None:
    """Merge each cell of a table that holds nothing but a mark with the one above it."""
    above: dict[int, Element] = {}
    for row in node.iterfind(ROW):
        place = 0
        for cell in row.iterfind(CELL):
            if place in above and text_of(cell) == mark:
                for paragraph in cell.iterfind(PARAGRAPH):
                    for run in paragraph.findall(RUN):
                        paragraph.remove(run)
                _set_merge(cell, None)
                _set_merge(above[place], RESTARTED)
            else:
                above[place] = cell
            span = cell.find(f"{_PROPERTIES}/{_SPAN}")
            place += 1 if span is None else _number(span.get(VALUE)) or 1


def _set_merge(cell: Element, value: str | None) -> None:
    properties = _properties_of(cell)
    for old in properties.findall(_MERGE):
        properties.remove(old)
    _put(properties, element("w:vMerge", val=value), _BEFORE_MERGE)


def set_width(cell: Element, width: int) -> None:
    """Set how wide a cell is, in twips."""
    properties = _properties_of(cell)
    told = properties.find(_CELL_WIDTH)
    if told is None:
        told = _put(properties, element("w:tcW"), _BEFORE_WIDTH)
    told.set(_TYPE, _TWIPS)
    told.set(WIDTH, str(width))


def _properties_of(cell: Element) -> Element:
    found = cell.find(_PROPERTIES)
    if found is None:
        found = element("w:tcPr")
        cell.insert(0, found)
    return found


def _put(parent: Element, node: Element, before: Collection[str]) -> Element:
    """Put a child behind those that the schema wants before it."""
    parent.insert(sum(own.tag in before for own in parent), node)
    return node


def set_paragraph(paragraph: Element, tag: str) -> None:
    """Say something of a paragraph that the schema wants right behind its style, unless it is said already."""
    properties = paragraph.find(PARAGRAPH_PROPERTIES)
    if properties is None:
        properties = element("w:pPr")
        paragraph.insert(0, properties)
    if properties.find(qn(tag)) is None:
        _put(properties, element(tag), _STYLED)
