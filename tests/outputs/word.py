"""What Word wants of a document, and LibreOffice and the schemas do not tell."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

from tests.outputs.packages import Package, repeated, tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

MAIN, STYLES, COMMENTS = "word/document.xml", "word/styles.xml", "word/comments.xml"
NUMBERS, SETTINGS, CORE = "word/numbering.xml", "word/settings.xml", "docProps/core.xml"
KINDS = {
    "w:pStyle": "paragraph",
    "w:rStyle": "character",
    "w:tblStyle": "table",
    "w:basedOn": "",
    "w:next": "",
    "w:link": "",
}
"""What refers to a style, and of which kind it has to be."""
LONGEST_BOOKMARK = 40
PARAGRAPH_IDS = 0x80000000
EMS = {**dict.fromkeys("0123456789", 0.5), **dict.fromkeys(",.:;/|", 0.28), "-": 0.33, "%": 0.83}
"""The widths of the signs of figures in Times New Roman; any other Latin sign is taken for a wide letter."""
UNBROKEN = re.compile(r"[0-9A-Za-z,.%\-]+")
"""What Word does not break into lines."""


def value(node: _Element | None, attribute: str = "w:val") -> str:
    """An attribute, empty where there is none."""
    return "" if node is None else node.get(tag(attribute), "")


def word_faults(package: Package) -> Iterator[str]:
    """What Word would put right, refuse, or show otherwise than meant."""
    for check in (_styles, _numbers, _bookmarks, _comments, _ids, _fields, _tables, _languages):
        yield from check(package)


def _styles(package: Package) -> Iterator[str]:
    """Every style that is referred to is there and of the right kind; none ends a chain of its own."""
    nodes = list(package.find(STYLES, "w:style"))
    kinds = {value(node, "w:styleId"): value(node, "w:type") for node in nodes}
    yield from (f"style twice: {name}" for name in repeated(value(node, "w:styleId") for node in nodes))
    names = [value(node.find(tag("w:name"))).lower() for node in nodes]
    yield from (f"style name twice: {name}" for name in repeated(names))
    for part in package.trees:
        for name, wanted in KINDS.items():
            for used in sorted(set(package.values(part, name, "w:val"))):
                if kinds.get(used) is None or wanted not in ("", kinds[used]):
                    yield f"{part}: {name} of no {wanted or 'known'} style: {used}"
    for node in nodes:
        if node.find(f"{tag('w:rPr')}/{tag('w:highlight')}") is not None:
            yield f"Word ignores the highlighting of a style: {value(node, 'w:styleId')}"


def _numbers(package: Package) -> Iterator[str]:
    """Every list that is referred to is there."""
    known = {*package.values(NUMBERS, "w:num", "w:numId"), "0"}
    for part in package.trees:
        lost = set(package.values(part, "w:numId", "w:val")) - known
        yield from (f"{part}: no such list: {name}" for name in sorted(lost))


def _bookmarks(package: Package) -> Iterator[str]:
    """Marks come in pairs, are called by one name each, and links lead to them."""
    starts = list(package.find(MAIN, "w:bookmarkStart"))
    names = [value(node, "w:name") for node in starts]
    ids = [value(node, "w:id") for node in starts]
    yield from (
        f"bookmark twice: {name}" for name in repeated(name.lower() for name in names) + repeated(ids)
    )
    if sorted(ids) != sorted(package.values(MAIN, "w:bookmarkEnd", "w:id")):
        yield "bookmarks that do not end"
    yield from (
        f"bookmark name: {n}" for n in names if len(n) > LONGEST_BOOKMARK or not re.fullmatch(r"\w+", n)
    )
    lost = set(package.values(MAIN, "w:hyperlink", "w:anchor")) - set(names)
    yield from (f"link to no bookmark: {name}" for name in sorted(lost))


def _comments(package: Package) -> Iterator[str]:
    """Every comment has a range and a reference, and the other way round."""
    ids = package.values(COMMENTS, "w:comment", "w:id")
    yield from (f"comment twice: {name}" for name in repeated(ids))
    for mark in ("w:commentRangeStart", "w:commentRangeEnd", "w:commentReference"):
        if sorted(package.values(MAIN, mark, "w:id")) != sorted(ids):
            yield f"{mark} do not match the comments"


def _ids(package: Package) -> Iterator[str]:
    """Pictures and paragraphs are told apart by their numbers."""
    for part in package.trees:
        yield from (f"{part}: object twice: {i}" for i in repeated(package.values(part, "wp:docPr", "id")))
    paragraphs = [
        node.get(tag("w14:paraId"))
        for part in package.trees
        for name in ("w:p", "w:tr")
        for node in package.find(part, name)
        if node.get(tag("w14:paraId"))
    ]
    yield from (f"paragraph twice: {name}" for name in repeated(paragraphs))
    yield from (f"paragraph id too high: {name}" for name in paragraphs if int(name, 16) >= PARAGRAPH_IDS)


def _fields(package: Package) -> Iterator[str]:
    """Every field that begins also ends, in the part where it began."""
    for part in package.trees:
        depth = 0
        for kind in package.values(part, "w:fldChar", "w:fldCharType"):
            depth += {"begin": 1, "end": -1}.get(kind, 0)
            if depth < 0:
                break
        if depth:
            yield f"{part}: fields that do not end"


# --- tables -------------------------------------------------------------------------------------------------


def _tables(package: Package) -> Iterator[str]:
    for part in package.trees:
        for number, table in enumerate(package.find(part, "w:tbl"), start=1):
            yield from (f"{part} table {number}: {fault}" for fault in _table(package, table))


def _table(package: Package, table: _Element) -> Iterator[str]:
    """Cells fill the grid, merges begin above, heads stand on top without a gap, figures have room."""
    grid = [int(value(column, "w:w")) for column in table.find(tag("w:tblGrid"))]
    edges = list(accumulate(grid, initial=0))
    total = value(table.find(f"{tag('w:tblPr')}/{tag('w:tblW')}"), "w:w")
    if total != str(edges[-1]):
        yield f"the table is {total} wide, its columns {edges[-1]}"
    above: dict[int, int] = {}
    heads = []
    for number, row in enumerate(table.findall(tag("w:tr")), start=1):
        heads.append(row.find(f"{tag('w:trPr')}/{tag('w:tblHeader')}") is not None)
        place, merged = 0, {}
        for cell in row.findall(tag("w:tc")):
            span = int(value(cell.find(f"{tag('w:tcPr')}/{tag('w:gridSpan')}")) or 1)
            if place + span > len(grid):
                yield f"row {number} has more columns than the table"
                break
            yield from (
                f"row {number}: {fault}" for fault in _cell(package, cell, edges[place + span] - edges[place])
            )
            merge = cell.find(f"{tag('w:tcPr')}/{tag('w:vMerge')}")
            if merge is not None:
                if value(merge) != "restart" and above.get(place) != span:
                    yield f"row {number}: a cell continues none above"
                merged[place] = span
            place += span
        if place != len(grid):
            yield f"row {number} has {place} columns, the table {len(grid)}"
        above = merged
    if True not in heads:
        yield "no row is a head"
    elif heads != sorted(heads, reverse=True):
        yield "heads below other rows"


def _cell(package: Package, cell: _Element, width: int) -> Iterator[str]:
    if (told := value(cell.find(f"{tag('w:tcPr')}/{tag('w:tcW')}"), "w:w")) != str(width):
        yield f"a cell is {told} wide, its columns {width}"
    if cell[-1].tag != tag("w:p"):
        yield "a cell does not end with a paragraph"
    for paragraph in cell.findall(tag("w:p")):
        style = value(paragraph.find(f"{tag('w:pPr')}/{tag('w:pStyle')}"))
        text = "".join(node.text or "" for node in paragraph.iter(tag("w:t")))
        needed = max(map(_ems, UNBROKEN.findall(text)), default=0) * _size(package, style) / 2 * 20
        if "{" not in text and needed > width - _margins(package):
            yield f"{text!r} needs {needed:.0f} of {width - _margins(package)}"


def _ems(text: str) -> float:
    return sum(EMS.get(sign, 0.6) for sign in text)


def _size(package: Package, style: str) -> int:
    """The size of the letters of a paragraph style, in half points."""
    for node in package.find(STYLES, "w:style"):
        if value(node, "w:styleId") == style:
            return int(value(node.find(f"{tag('w:rPr')}/{tag('w:sz')}")))
    return 0


def _margins(package: Package) -> int:
    """What the cells of the table style leave free left and right."""
    return sum(
        int(value(side, "w:w")) for margins in package.find(STYLES, "w:tblCellMar") for side in margins
    )


# --- language -----------------------------------------------------------------------------------------------


def _languages(package: Package) -> Iterator[str]:
    """A Chinese document says so, or it is read aloud, spelled and printed to PDF as an English one.

    The figures of its text are of no language: LibreOffice breaks Chinese ones in their middle.
    """
    attributes = ("w:val", "w:eastAsia")
    for part, name, above, wanted in (
        (STYLES, "w:lang", "w:docDefaults", ("zh-CN", "zh-CN")),
        (STYLES, "w:lang", "w:style", ("x-none", "zh-CN")),
        (SETTINGS, "w:themeFontLang", "w:settings", ("zh-CN", "zh-CN")),
    ):
        nodes = [
            node
            for node in package.find(part, name)
            if next(node.iterancestors(tag(above)), None) is not None
        ]
        told = {tuple(value(node, attribute) for attribute in attributes) for node in nodes}
        if told != {wanted}:
            yield f"language of {above}: {sorted(told)}"
