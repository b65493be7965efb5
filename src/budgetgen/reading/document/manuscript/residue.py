"""What is left in the text of a document: tracked changes, hidden and highlighted text, numbers, fields, objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from budgetgen.reading.document.layers import is_hidden, qn
from budgetgen.reading.document.manuscript.texts import CONTENTS, COUNTED, instruction
from budgetgen.reading.document.manuscript.values import RemnantKind, Residue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

_REVISIONS: Final[Mapping[str, str]] = {
    qn("w:ins"): "插入的文字",
    qn("w:del"): "删除的文字",
    qn("w:moveFrom"): "移走的文字",
    qn("w:moveTo"): "移来的文字",
    qn("w:cellIns"): "插入的单元格",
    qn("w:cellDel"): "删除的单元格",
    qn("w:cellMerge"): "合并的单元格",
    qn("w:rPrChange"): "改过的文字格式",
    qn("w:pPrChange"): "改过的段落格式",
    qn("w:tblPrChange"): "改过的表格格式",
    qn("w:tblGridChange"): "改过的列宽",
    qn("w:trPrChange"): "改过的行格式",
    qn("w:tcPrChange"): "改过的单元格格式",
    qn("w:sectPrChange"): "改过的页面设置",
    qn("w:numberingChange"): "改过的编号",
}
_STEADY: Final = COUNTED | CONTENTS | {"PAGEREF", "HYPERLINK", "REF", "STYLEREF", "SEQ"}
"""Fields that show what stands elsewhere in the document; others show what Word works out, or the time."""


def left_in(root: _Element, hidden: frozenset[str], bright: frozenset[str]) -> Iterator[Residue]:
    """What is left in a part; `hidden` and `bright` are the ids of styles that hide and highlight."""
    for node in root.iter(*_REVISIONS):
        yield Residue(
            RemnantKind.REVISION, _REVISIONS[str(node.tag)], plain_text(node) or plain_text(_around(node))
        )
    for paragraph in root.iter(qn("w:p")):
        yield from _marked(paragraph, hidden, bright)
    yield from _fields(root)
    for control in root.iter(qn("w:object"), qn("w:control"), qn("w:altChunk"), qn("w:subDoc")):
        yield Residue(RemnantKind.OBJECT, "嵌入的对象", etree.QName(control).localname)


def _around(node: _Element) -> _Element:
    """The paragraph or row that a mark of a change belongs to."""
    above = node.iterancestors(qn("w:r"), qn("w:p"), qn("w:tr"), qn("w:tbl"))
    return next(above, node)


def _marked(paragraph: _Element, hidden: frozenset[str], bright: frozenset[str]) -> Iterator[Residue]:
    """Hidden text, highlighted text and automatic numbers of a paragraph."""
    style = _style(paragraph.find(qn("w:pPr")), "w:pStyle")
    gone, lit = [], []
    for run in paragraph.iter(qn("w:r")):
        properties = run.find(qn("w:rPr"))
        own = _style(properties, "w:rStyle")
        if is_hidden(run, style, hidden):
            gone.append(plain_text(run))
        if is_highlighted(properties) or {style, own} & bright:
            lit.append(plain_text(run))
    if any(gone):
        yield Residue(RemnantKind.HIDDEN, "隐藏的文字", "".join(gone))
    if any(lit):
        yield Residue(RemnantKind.HIGHLIGHT, "突出显示的文字", "".join(lit))
    number = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
    if number is not None and number.get(qn("w:val")) != "0" and plain_text(paragraph):
        yield Residue(RemnantKind.NUMBERING, "自动编号", plain_text(paragraph))


def _fields(root: _Element) -> Iterator[Residue]:
    """Fields whose results change by themselves."""
    words: list[list[str]] = []
    for node in root.iter(qn("w:fldChar"), qn("w:instrText"), qn("w:fldSimple")):
        if node.tag == qn("w:fldSimple"):
            words.append([node.get(qn("w:instr"), "")])
        elif node.tag == qn("w:instrText"):
            words[-1:] = [[*words[-1], node.text or ""]] if words else []
        elif node.get(qn("w:fldCharType")) == "begin":
            words.append([])
    for name in map(instruction, words):
        if name and name not in _STEADY:
            yield Residue(RemnantKind.FIELD, "自动更新的域", name)


# --- properties of runs -------------------------------------------------------------------------------------


def plain_text(node: _Element) -> str:
    """All the text below a node, deleted or not."""
    kept = (qn("w:t"), qn("w:delText"))
    return "".join(part.text or "" for part in node.iter(*kept))


def _style(properties: _Element | None, tag: str) -> str:
    found = properties.find(qn(tag)) if properties is not None else None
    return found.get(qn("w:val"), "") if found is not None else ""


_PLAIN: Final = frozenset({"clear", "nil", None})
_WHITE: Final = frozenset({"AUTO", "FFFFFF"})
"""Shading that is not seen: without a pattern, and white."""


def is_highlighted(properties: _Element | None) -> bool:
    """Whether properties of a run highlight it, or shade it in a colour that is seen on paper."""
    if properties is None:
        return False
    lit, shade = properties.find(qn("w:highlight")), properties.find(qn("w:shd"))
    if lit is not None and lit.get(qn("w:val")) != "none":
        return True
    return shade is not None and not (
        shade.get(qn("w:val")) in _PLAIN and shade.get(qn("w:fill"), "auto").upper() in _WHITE
    )
