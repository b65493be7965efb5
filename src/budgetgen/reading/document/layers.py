"""The layers of a Word document: what wraps its paragraphs, rows and cells, what is gone, what stands beside the text.

Content controls, tracked insertions, hyperlinks and the like are wrappers around the text and no part of it. What
a tracked change deleted or moved away is gone. A text box hangs on a paragraph without being in it, and has a
second form for older programs, which is not read. Source of the element names: ECMA-376, Part 1.
"""

from __future__ import annotations

from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from docx.oxml import ns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lxml.etree import _Element

qn = cache(ns.qn)
"""The name of an element, `w:p`, in full; kept, for it is asked of every node."""
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_BOX: Final = qn("w:txbxContent")
_WRAPPERS: Final = frozenset(
    {
        *map(qn, ("w:sdt", "w:sdtContent", "w:ins", "w:moveTo", "w:customXml", "w:smartTag", "w:hyperlink")),
        f"{_MC}AlternateContent",
        f"{_MC}Choice",
    }
)
"""Elements around paragraphs, rows and cells that are no layer of the text."""
GONE: Final = frozenset({qn("w:del"), qn("w:moveFrom"), f"{_MC}Fallback"})
"""What is not, or no longer, part of the text."""
BESIDE: Final = GONE | {_BOX, qn("w:pPr"), qn("w:rPr"), qn("w:rt")}
"""What is within a paragraph without being part of its text; how a word is spoken is printed above it."""
SIGNS: Final = frozenset(
    {*map(qn, ("w:t", "w:tab", "w:br", "w:cr", "w:noBreakHyphen", "w:ptab", "w:sym")), _MATH}
)
"""What a run shows."""
SHOWS: Final = "shows"
"""The kind of a sign, beside those of the marks of fields."""


def children(node: _Element) -> Iterator[_Element]:
    """The children, those within wrappers too, without those that are gone."""
    for child in node:
        if child.tag in _WRAPPERS:
            yield from children(child)
        elif child.tag not in GONE:
            yield child


def flow(node: _Element) -> Iterator[_Element]:
    """The paragraphs and tables of a text, those in tables that only frame it too: with one cell in each row."""
    for child in children(node):
        if child.tag != qn("w:tbl"):
            yield child
            continue
        held = [list(cells(row)) for row in rows(child)]
        if all(len(row) == 1 for row in held):
            for (cell,) in held:
                yield from flow(cell)
        else:
            yield child


def shown(body: _Element) -> Iterator[_Element]:
    """The paragraphs and tables of a text, each with the tables of the text boxes that hang on it."""
    for node in flow(body):
        yield node
        yield from (inner for box in boxes(node) for inner in flow(box) if inner.tag == qn("w:tbl"))


def rows(table: _Element) -> Iterator[_Element]:
    """The rows of a table, not of those in its cells, without those that a tracked change deleted."""
    for row in children(table):
        if row.tag == qn("w:tr") and row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None:
            yield row


def cells(row: _Element) -> Iterator[_Element]:
    """The cells of a row, without those that a tracked change deleted."""
    for cell in children(row):
        if cell.tag == qn("w:tc") and cell.find(f"{qn('w:tcPr')}/{qn('w:cellDel')}") is None:
            yield cell


def continues(cell: _Element) -> bool:
    """Whether a cell continues the one above."""
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val"), "continue") == "continue"


def paragraphs(node: _Element) -> Iterator[_Element]:
    """The paragraphs below a node, of tables in it too, without those of text boxes."""
    for child in children(node):
        if child.tag == qn("w:p"):
            yield child
        elif child.tag != _BOX:
            yield from paragraphs(child)


def boxes(node: _Element) -> Iterator[_Element]:
    """The text boxes that hang on a node, each once."""
    for box in node.iter(_BOX):
        if all(around.tag not in GONE for around in box.iterancestors()):
            yield box


def text(paragraph: _Element, hiding: frozenset[str] = frozenset()) -> str:
    """The text of a paragraph as it is shown, fields as they show; tabs and line ends as signs.

    Args:
        paragraph: it.
        hiding: the ids of the styles that hide text.
    """
    style = _style(paragraph, "w:pPr", "w:pStyle") if hiding else ""
    return "".join(_signs(paragraph, style, hiding, list(_commands(paragraph))))


def _signs(
    node: _Element, style: str, hiding: frozenset[str], unseen: Sequence[_Element] = ()
) -> Iterator[str]:
    for child in node:
        if child.tag in SIGNS:
            if child not in unseen:
                yield sign(child)
        elif child.tag not in BESIDE and not (child.tag == qn("w:r") and is_hidden(child, style, hiding)):
            yield from _signs(child, style, hiding, unseen)


def _commands(paragraph: _Element) -> Iterator[_Element]:
    """The signs in the commands of fields: a field may be worked out within the command of another.

    Of a field whose command does not end in the same paragraph all is shown: better too much than a figure lost.
    """
    begun: list[list[_Element] | None] = []  # the signs in each command; None in the result of a field
    for node in _within(paragraph) if _fielded(paragraph) else ():
        kind = node.get(qn("w:fldCharType"), "") if node.tag == qn("w:fldChar") else SHOWS
        if kind == SHOWS:
            held = next((signs for signs in reversed(begun) if signs is not None), None)
            if held is not None:
                held.append(node)
        elif kind == "begin":
            begun.append([])
        elif begun:
            yield from begun.pop() or ()
            if kind == "separate":
                begun.append(None)


def _within(node: _Element) -> Iterator[_Element]:
    """The signs and the marks of fields that are part of a paragraph, not gone from it or beside it."""
    for child in node:
        if child.tag == qn("w:fldChar") or child.tag in SIGNS:
            yield child
        elif child.tag not in BESIDE:
            yield from _within(child)


def _fielded(paragraph: _Element) -> bool:
    """Whether a field begins in a paragraph."""
    return next(paragraph.iter(qn("w:fldChar")), None) is not None


def told(nodes: Iterable[_Element], say: Callable[[_Element], str]) -> Iterator[tuple[_Element, str]]:
    """Paragraphs and tables, each paragraph with its text, which ends where its mark is.

    A paragraph whose mark a tracked change deleted or moved away has none: its text begins the next one's.

    Args:
        nodes: the paragraphs and tables, as they follow each other.
        say: the text of a paragraph.
    """
    begun = ""
    for node, after in zip_longest(held := list(nodes), held[1:]):
        said = begun + say(node) if node.tag == qn("w:p") else ""
        begun = said if _runs_on(node, after) else ""
        yield node, "" if begun else said


def _runs_on(node: _Element, after: _Element | None) -> bool:
    """Whether a paragraph and the next are one, as no mark is between them."""
    if after is None or not node.tag == after.tag == qn("w:p") or node.getparent() is not after.getparent():
        return False
    properties = node.find(f"{qn('w:pPr')}/{qn('w:rPr')}")
    return properties is not None and any(child.tag in GONE for child in properties)


def hidden_text(paragraph: _Element, hiding: frozenset[str]) -> str:
    """The text of a paragraph that is not shown."""
    style = _style(paragraph, "w:pPr", "w:pStyle")
    runs = (run for run in _runs(paragraph) if is_hidden(run, style, hiding))
    return "".join("".join(_signs(run, style, hiding)) for run in runs)


def _runs(node: _Element) -> Iterator[_Element]:
    for child in node:
        if child.tag == qn("w:r"):
            yield child
        elif child.tag not in BESIDE:
            yield from _runs(child)


# --- what hides text ----------------------------------------------------------------------------------------


def hiding_styles(styles: _Element | None) -> frozenset[str]:
    """The ids of the styles that hide text, by themselves or by one that they are based on."""
    own = {
        s.get(qn("w:styleId"), ""): s for s in (styles.findall(qn("w:style")) if styles is not None else ())
    }
    return frozenset(name for name in own if _hides(name, own, frozenset()))


def _hides(name: str, own: Mapping[str, _Element], seen: frozenset[str]) -> bool:
    if name not in own or name in seen:
        return False
    told = _switch(own[name], "w:vanish")
    based = own[name].find(qn("w:basedOn"))
    if told is not None or based is None:
        return bool(told)
    return _hides(based.get(qn("w:val"), ""), own, seen | {name})


def is_hidden(run: _Element, style: str, hiding: frozenset[str]) -> bool:
    """Whether a run is not shown: by itself, or by its own style or that of its paragraph.

    Both together show it again (ECMA-376, Part 1, 17.7.3). What only web pages hide is shown.
    """
    told = _switch(run, "w:vanish")
    if told is None and hiding:
        return (_style(run, "w:rPr", "w:rStyle") in hiding) != (style in hiding)
    return bool(told)


def _switch(node: _Element, tag: str) -> bool | None:
    """A property that is on or off; None where nothing is said of it."""
    properties = node.find(qn("w:rPr"))
    found = None if properties is None else properties.find(qn(tag))
    return None if found is None else found.get(qn("w:val"), "1") not in {"0", "false", "off"}


def _style(node: _Element, properties: str, tag: str) -> str:
    found = node.find(f"{qn(properties)}/{qn(tag)}")
    return found.get(qn("w:val"), "") if found is not None else ""


# --- signs --------------------------------------------------------------------------------------------------


def sign(node: _Element) -> str:
    """What an element of a run shows."""
    if node.tag in {qn("w:t"), _MATH}:
        return node.text or ""
    if node.tag == qn("w:sym"):
        return chr(int(node.get(qn("w:char"), "F020"), 16))
    if node.tag == qn("w:noBreakHyphen"):
        return "-"
    return "\t" if node.tag in {qn("w:tab"), qn("w:ptab")} else "\n"
