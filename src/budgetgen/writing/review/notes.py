"""Cells of an Excel file coloured, with a note at each; what others have noted there stays.

The colour is a conditional format that always holds, so that a cell keeps its own look, and the marks of an
earlier check can be taken off again. A note is two things in the file: its text in a list of comments, and a
box in an older drawing language, VML, which spreadsheet programs still want.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree

from budgetgen.values.addresses import column_of, parted
from budgetgen.values.text import INVISIBLE
from budgetgen.writing.package import OFFICE
from budgetgen.writing.review.parts import SPREADSHEET, child, element, insert, main
from budgetgen.writing.workbook.formats import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element

    from budgetgen.writing.review.parts import Package

AUTHOR: Final = "budgetgen"
HEAD: Final = "【budgetgen 审核】"
"""Begins our notes: by it those of an earlier check are found."""
OURS: Final = f'N("{AUTHOR}")'
"""Begins the condition of our colours: by it those of an earlier check are found."""
ALWAYS: Final = f"{OURS}=0"
"""The condition, true in every cell: a text as a number is 0."""

VML: Final = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
VML_TYPE: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
WIDTH, LINE = 320, 17
"""Of a note's box, in pixels."""
CHARACTERS: Final = 44
"""How many Latin characters a line of it holds."""
SHAPES: Final = 1024
"""How many shapes a drawing has numbers for."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell to be coloured.

    Attributes:
        cell: `E12`.
        colour: RGB.
        text: the note, lines of plain text.
    """

    cell: str
    colour: str
    text: str


def mark(package: Package, part: str, marks: Sequence[Mark]) -> None:
    """Colour and note cells of a sheet, instead of what an earlier check marked on it.

    Args:
        package: the file.
        part: the sheet's part.
        marks: one for each cell.
    """
    root = package.tree(part)
    changed = _uncolour(root)
    if marks or changed:
        _colour(package, root, marks)
        package.put(part, root)
    _note(package, part, marks)


# --- colours ------------------------------------------------------------------------------------------------


def _uncolour(root: _Element) -> bool:
    """Take off our conditional formats; whether there were any."""
    rules = [r for r in root.iter(main("cfRule")) if OURS in _said(r)]
    for rule in rules:
        formatting = rule.getparent()
        assert formatting is not None  # noqa: S101 - a rule stands in a format
        formatting.remove(rule)
        if not len(formatting):
            root.remove(formatting)
    return bool(rules)


def _colour(package: Package, root: _Element, marks: Sequence[Mark]) -> None:
    """A conditional format for each colour, before all others."""
    colours = list(dict.fromkeys(mark.colour for mark in marks))
    for other in root.iter(main("cfRule")):
        other.set("priority", str(int(other.get("priority", "1")) + len(colours)))
    for priority, colour in enumerate(colours, start=1):
        fill = f'<fgColor rgb="FF{colour}"/><bgColor rgb="FF{colour}"/>'
        style = package.style(
            "dxfs", element(f'<dxf><fill><patternFill patternType="solid">{fill}</patternFill></fill></dxf>')
        )
        rule = f'<cfRule type="expression" dxfId="{style}" priority="{priority}"><formula/></cfRule>'
        formatting = element(f"<conditionalFormatting>{rule}</conditionalFormatting>")
        formatting.set("sqref", " ".join(mark.cell for mark in marks if mark.colour == colour))
        formatting[0][0].text = ALWAYS
        insert(root, formatting)


# --- notes --------------------------------------------------------------------------------------------------


def _note(package: Package, part: str, marks: Sequence[Mark]) -> None:
    """The list of comments and the drawing of a sheet, as the marks want them."""
    where = package.related(part, "comments")
    if where is None and not marks:
        return
    if where is None:
        where = package.free("xl/comments{}.xml")
        package.parts[where] = etree.tostring(element("<comments><authors/><commentList/></comments>"))
        package.declare(where, f"{SPREADSHEET}comments+xml")
        package.relate(part, "comments", where)
    comments = package.tree(where)
    cleared = _clear(comments)
    added = _add(comments, marks)
    if cleared or marks:
        package.put(where, comments)
        _draw(package, part, [cell for cell, empty in cleared.items() if empty], added)


def _clear(comments: _Element) -> dict[str, bool]:
    """Take our texts out of the comments: by cell, whether nothing else was said there."""
    cleared: dict[str, bool] = {}
    for comment in list(comments.iter(main("comment"))):
        text = _said(comment)
        if HEAD not in text:
            continue
        own = text[: text.index(HEAD)].rstrip()
        cleared[comment.get("ref", "")] = not own
        for content in list(comment):
            comment.remove(content)
        if own:
            comment.append(_noted(own))
        else:
            child(comments, "commentList").remove(comment)
    return cleared


def _add(comments: _Element, marks: Iterable[Mark]) -> list[Mark]:
    """Put texts into the comments; the marks of the cells that had none."""
    known = {comment.get("ref"): comment for comment in comments.iter(main("comment"))}
    added = []
    for mark in marks:
        text = f"{HEAD}\n{INVISIBLE.sub('', mark.text)}"
        if mark.cell in known:
            _append(known[mark.cell], text)
        else:
            comment = element(f'<comment ref="{mark.cell}" authorId="{_author(comments)}"/>')
            comment.append(_noted(text))
            child(comments, "commentList").append(comment)
            added.append(mark)
    return added


def _author(comments: _Element) -> int:
    """The number of our name in the list of authors."""
    authors = child(comments, "authors")
    names = [author.text for author in authors]
    if AUTHOR not in names:
        authors.append(element(f"<author>{AUTHOR}</author>"))
        names.append(AUTHOR)
    return names.index(AUTHOR)


def _said(node: _Element) -> str:
    """All text in an element."""
    return "".join(str(text) for text in node.itertext())


def _noted(text: str) -> _Element:
    node = element('<text><r><rPr><sz val="9"/><rFont val="宋体"/></rPr><t xml:space="preserve"/></r></text>')
    node[0][1].text = text
    return node


def _append(comment: _Element, text: str) -> None:
    """Another text below what a comment says; a text without runs is made one first."""
    own = comment.find(main("text"))
    if own is None:
        comment.append(_noted(text))
        return
    for plain in own.findall(main("t")):
        run = element("<r/>")
        own.replace(plain, run)
        run.append(plain)
    own.extend(list(_noted(f"\n\n{text}")))


# --- boxes --------------------------------------------------------------------------------------------------


def _draw(package: Package, part: str, removed: Sequence[str], added: Sequence[Mark]) -> None:
    """The boxes of the notes."""
    where = _drawing(package, part)
    drawing = etree.fromstring(package.parts[where], etree.XMLParser(recover=True, resolve_entities=False))
    gone = {_place(cell) for cell in removed}
    for shape in list(drawing.iter(f"{{{VML['v']}}}shape")):
        data = shape.find("x:ClientData[@ObjectType='Note']", VML)
        if data is not None and (data.findtext("x:Row", "", VML), data.findtext("x:Column", "", VML)) in gone:
            shape.getparent().remove(shape)
    numbers = [int(n) for n in re.findall(rb'id="_x0000_s(\d+)"', etree.tostring(drawing))]
    first = max(numbers, default=_block(package, where) * SHAPES) + 1
    for number, mark in enumerate(added, start=first):
        drawing.append(_box(mark, number))
    package.put(where, drawing)


def _drawing(package: Package, part: str) -> str:
    """The VML drawing of a sheet; it is made where there is none."""
    root = package.tree(part)
    legacy = root.find(main("legacyDrawing"))
    known = package.targets(part).get(legacy.get(f"{{{OFFICE}}}id", "")) if legacy is not None else None
    if known in package.parts:
        return known
    where = package.free("xl/drawings/vmlDrawing{}.vml")
    block = max((_block(package, name) for name in package.parts if name.endswith(".vml")), default=0) + 1
    package.parts[where] = _EMPTY.format(block=block).encode()
    package.declare_all("vml", VML_TYPE)
    legacy = insert(root, element("<legacyDrawing/>")) if legacy is None else legacy
    legacy.set(f"{{{OFFICE}}}id", package.relate(part, "vmlDrawing", where))
    package.put(part, root)
    return where


def _block(package: Package, where: str) -> int:
    """The block of numbers that a drawing takes those of its shapes from."""
    blocks = re.findall(rb'data="([\d,]+)"', package.parts[where])
    return max((int(n) for text in blocks for n in text.split(b",") if n), default=1)


def _place(cell: str) -> tuple[str, str]:
    """Row and column from 0, as the drawing says them."""
    column, row = parted(cell)
    return str(row - 1), str(column_of(column) - 1)


def _box(mark: Mark, number: int) -> _Element:
    lines = 2 + sum(lines_of(line, CHARACTERS) for line in mark.text.split("\n"))
    row, column = _place(mark.cell)
    return etree.fromstring(
        _BOX.format(number=number, width=WIDTH, height=LINE * lines, row=row, column=column)
    )


_NAMES: Final = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in VML.items())
_EMPTY: Final = f"""<xml {_NAMES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{{block}}"/>\
</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">\
<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>"""
_BOX: Final = f"""<v:shape {_NAMES} id="_x0000_s{{number}}" type="#_x0000_t202" \
style="position:absolute;margin-left:60pt;margin-top:2pt;width:{{width}}px;height:{{height}}px;z-index:1;\
visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow color="black" \
obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/>\
</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>\
<x:Row>{{row}}</x:Row><x:Column>{{column}}</x:Column></x:ClientData></v:shape>"""
