"""A Word document as a reviewer has to see it: every text in it wherever it stands, and what should not be left in it.

`blocks` reads what a document says; this reads all that it carries: headers, notes and text boxes besides the
text, tracked changes, comments, hidden and highlighted text, objects, and what it tells of those who made it.
Source of the element names: ECMA-376, Part 1.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from typing import TYPE_CHECKING, Final

from docx.oxml.ns import qn
from lxml import etree

from budgetgen.reading.guard import admit
from budgetgen.reading.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from lxml.etree import _Element


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph that is not empty, or a row of a table that is not.

    Attributes:
        cells: the text of a paragraph; those of a row, cell by cell, a cell that continues the one above empty.
        number: the ordinal of the paragraph among these, or of the row in its table.
        table: the ordinal of its table, 0 for a paragraph.
        contents: whether it stands in the table of contents, which Word makes.
    """

    cells: tuple[str, ...]
    number: int
    table: int = 0
    contents: bool = False

    @property
    def text(self) -> str:
        """All of it."""
        return "\t".join(self.cells) if self.table else self.cells[0]

    @property
    def place(self) -> str:
        """Where it stands, as a person counts."""
        return f"第{self.table}个表格第{self.number}行" if self.table else f"第{self.number}段"


@dataclass(frozen=True, slots=True)
class Aside:
    """A text outside the sequence of paragraphs and tables.

    Attributes:
        where: 页眉, 页脚, 脚注, 尾注, 文本框 or 水印.
        text: of one of its paragraphs.
    """

    where: str
    text: str


class Kind(StrEnum):
    """What should not be left in a document."""

    REVISION = "revision"
    COMMENT = "comment"
    HIDDEN = "hidden"
    HIGHLIGHT = "highlight"
    NUMBERING = "numbering"
    FIELD = "field"
    OBJECT = "object"
    PROPERTY = "property"


@dataclass(frozen=True, slots=True)
class Residue:
    """Something that is left in a document beside its text.

    Attributes:
        kind: what it is.
        name: what it is called, in Chinese.
        text: what it says.
    """

    kind: Kind
    name: str
    text: str = ""


@dataclass(frozen=True)
class Manuscript:
    """All of a document.

    Attributes:
        passages: its paragraphs and rows, in order, as they would be with all changes accepted.
        asides: the other texts.
        residue: what is left in it.
    """

    passages: tuple[Passage, ...]
    asides: tuple[Aside, ...] = ()
    residue: tuple[Residue, ...] = ()


def read_manuscript(path: Path) -> Manuscript:
    """Read a document as it is.

    Raises:
        UnusableInputError: the file cannot be read.
    """
    return manuscript(admit(path, "docx"))


def manuscript(data: bytes) -> Manuscript:
    """A document that was admitted."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return _Package({name: archive.read(name) for name in archive.namelist()}).manuscript()


# --- names --------------------------------------------------------------------------------------------------

_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_WATERMARK: Final = "{urn:schemas-microsoft-com:vml}textpath"
_TYPE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_TRANSPARENT: Final = frozenset(
    qn(f"w:{name}") for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink")
)
"""Elements around paragraphs and rows that are no layer of the text."""
_GONE: Final = frozenset({qn("w:del"), qn("w:moveFrom")})
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
_ASIDES: Final[Mapping[str, str]] = {
    "header": "页眉",
    "footer": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
}
_COUNTED: Final = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})
"""Fields that show page numbers: their results are no text of the document."""
_CONTENTS: Final = frozenset({"TOC"})
_STEADY: Final = _COUNTED | _CONTENTS | {"PAGEREF", "HYPERLINK", "REF", "STYLEREF", "SEQ"}
"""Fields that show what stands elsewhere in the document; others show what Word works out, or the time."""
_STAMPS: Final = ("KSO", "ICV", "ContentTypeId")
"""How properties begin that WPS and Office put into every file."""
_OBJECTS: Final = re.compile(r"word/(embeddings|activeX|charts|diagrams|media|ink|vbaProject)")


# --- the parts ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Package:
    parts: Mapping[str, bytes]

    def manuscript(self) -> Manuscript:
        document = self._root(self._main())
        body = document.find(qn("w:body"))
        hidden, bright = self._styles()
        texts = [(name, root) for name, root in self._texts() if root is not None]
        asides = [aside for name, root in texts for aside in _asides(name, root)]
        residue = [
            found
            for root in (document, *(root for _, root in texts))
            for found in _left(root, hidden, bright)
        ]
        passages = tuple(_passages(body)) if body is not None else ()
        asides += _boxes(document, "文本框")
        residue += [*self._comments(), *self._objects(), *self._properties()]
        return Manuscript(passages, tuple(dict.fromkeys(asides)), tuple(dict.fromkeys(residue)))

    def _root(self, name: str) -> _Element:
        return etree.fromstring(self.parts[name], _parser())

    def _main(self) -> str:
        """The name of the part that holds the text."""
        rels = self._root("_rels/.rels")
        targets = [str(r.get("Target")) for r in rels if str(r.get("Type")).endswith("/officeDocument")]
        return targets[0].lstrip("/")

    def _texts(self) -> Iterator[tuple[str, _Element | None]]:
        """The other parts that hold text, by what they are."""
        for name in sorted(self.parts):
            if found := re.fullmatch(r"word/([a-z]+)\d*\.xml", name):
                kind = _ASIDES.get(found[1])
                if kind:
                    yield kind, self._root(name)

    def _styles(self) -> tuple[frozenset[str], frozenset[str]]:
        """The ids of the styles that hide text, and of those that highlight it."""
        if "word/styles.xml" not in self.parts:
            return frozenset(), frozenset()
        styles = self._root("word/styles.xml").findall(qn("w:style"))
        own = {style.get(qn("w:styleId"), ""): style.find(qn("w:rPr")) for style in styles}
        hidden = {name for name, properties in own.items() if _on(properties, "w:vanish")}
        bright = {name for name, properties in own.items() if _highlighted(properties)}
        return frozenset(hidden), frozenset(bright)

    def _comments(self) -> Iterator[Residue]:
        for name in self.parts:
            if re.fullmatch(r"word/comments\d*\.xml", name):
                for comment in self._root(name).iter(qn("w:comment")):
                    yield Residue(Kind.COMMENT, "批注", _plain(comment))

    def _objects(self) -> Iterator[Residue]:
        for name in sorted(self.parts):
            if _OBJECTS.match(name) and not name.endswith(".rels"):
                yield Residue(Kind.OBJECT, "图片" if "/media/" in name else "嵌入的对象", name)

    # --- what the file tells of itself ---

    def _properties(self) -> Iterator[Residue]:
        for part, names in _TOLD.items():
            if part in self.parts:
                for node in self._root(part):
                    name = names.get(etree.QName(node).localname)
                    if name and (text := (node.text or "").strip()):
                        yield Residue(Kind.PROPERTY, name, text)
        if "docProps/custom.xml" in self.parts:
            for node in self._root("docProps/custom.xml"):
                if not str(node.get("name")).startswith(_STAMPS):
                    yield Residue(
                        Kind.PROPERTY, f"自定义属性“{node.get('name')}”", "".join(map(str, node.itertext()))
                    )
        yield from self._settings()

    def _settings(self) -> Iterator[Residue]:
        """Variables of templates and programs, the folder of the template, and who commented."""
        if "word/settings.xml" in self.parts:
            for variable in self._root("word/settings.xml").iter(qn("w:docVar")):
                name = f"文档变量“{variable.get(qn('w:name'))}”"
                yield Residue(Kind.PROPERTY, name, variable.get(qn("w:val"), ""))
        if "word/_rels/settings.xml.rels" in self.parts:
            for rel in self._root("word/_rels/settings.xml.rels"):
                if rel.get("Type") == f"{_TYPE}attachedTemplate" and re.search(
                    r"[\\/]", str(rel.get("Target"))
                ):
                    yield Residue(Kind.PROPERTY, "模板所在的文件夹", str(rel.get("Target")))
        if "word/people.xml" in self.parts:
            for person in self._root("word/people.xml"):
                author = next((str(v) for k, v in person.attrib.items() if str(k).endswith("author")), "")
                yield Residue(Kind.PROPERTY, "批注和修订的作者", author)


_TOLD: Final[Mapping[str, Mapping[str, str]]] = {
    "docProps/core.xml": {
        "creator": "作者",
        "lastModifiedBy": "上次修改者",
        "keywords": "关键词",
        "description": "备注",
        "category": "类别",
        "contentStatus": "状态",
    },
    "docProps/app.xml": {"Company": "公司", "Manager": "经理", "HyperlinkBase": "超链接基础"},
}
"""The properties that name people and places, by part and element."""


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


# --- texts --------------------------------------------------------------------------------------------------


_PAGE: Final = re.compile(r"\t[\s\divxlIVXL—-]*$")
"""The page number at the end of an entry of the contents."""


def _passages(body: _Element) -> Iterator[Passage]:
    paragraphs = tables = 0
    fields = _Fields()
    for node in _children(body):
        if node.tag == qn("w:p"):
            shown = fields.text(node)
            text = clean(_PAGE.sub("", shown) if fields.contents else shown)[0]
            if text.strip():
                paragraphs += 1
                yield Passage((text,), paragraphs, contents=fields.contents)
        elif node.tag == qn("w:tbl"):
            tables += 1
            for number, row in enumerate(_rows(node), start=1):
                cells = tuple(_cell(cell, fields) for cell in _children(row) if cell.tag == qn("w:tc"))
                if any(cells):
                    yield Passage(cells, number, tables)


def _children(node: _Element) -> Iterator[_Element]:
    """The children, those within controls and insertions too."""
    for child in node:
        if child.tag in _TRANSPARENT:
            yield from _children(child)
        elif child.tag not in _GONE:
            yield child


def _rows(table: _Element) -> Iterator[_Element]:
    """The rows, without those that a tracked change deleted."""
    for row in _children(table):
        if row.tag == qn("w:tr") and row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None:
            yield row


def _cell(cell: _Element, fields: _Fields) -> str:
    """The text of a cell, of tables in it too; none where it continues the cell above."""
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    if merge is not None and merge.get(qn("w:val"), "continue") == "continue":
        return ""
    texts = (fields.text(paragraph) for paragraph in _paragraphs(cell))
    return clean("\n".join(texts))[0]


def _paragraphs(node: _Element) -> Iterator[_Element]:
    """The paragraphs below a node, without those of text boxes."""
    for child in _children(node):
        if child.tag == qn("w:p"):
            yield child
        else:
            yield from _paragraphs(child)


class _Fields:
    """Reads the texts of paragraphs, knowing which fields are open: a field may end in another paragraph.

    Attributes:
        contents: whether the paragraph that was read last is of a table of contents.
    """

    def __init__(self) -> None:
        self._open: list[list[str]] = []
        self._shown: list[bool] = []
        self.contents = False

    def text(self, paragraph: _Element) -> str:
        """The text of a paragraph as it is shown, without page numbers."""
        self.contents = False
        return "".join(self._texts(paragraph))

    def _texts(self, node: _Element) -> Iterator[str]:
        for child in node:
            tag = child.tag
            if tag in _GONE or tag in {qn("w:txbxContent"), f"{_MC}Fallback", qn("w:pPr"), qn("w:rPr")}:
                continue
            if tag == qn("w:fldChar"):
                self._mark(child.get(qn("w:fldCharType"), ""))
            elif tag == qn("w:instrText"):
                if self._open:
                    self._open[-1].append(child.text or "")
            elif tag == qn("w:fldSimple") and _instruction([child.get(qn("w:instr"), "")]) in _COUNTED:
                continue
            else:
                if tag in _SIGNS and not self._within(_COUNTED):
                    self.contents = self.contents or self._within(_CONTENTS)
                    yield _sign(child)
                yield from self._texts(child)

    def _mark(self, kind: str) -> None:
        if kind == "begin":
            self._open.append([])
            self._shown.append(False)
        elif kind == "separate" and self._shown:
            self._shown[-1] = True
        elif kind == "end" and self._open:
            self._open.pop()
            self._shown.pop()

    def _within(self, names: frozenset[str]) -> bool:
        """Whether what follows is the result of a field of one of these names."""
        fields = zip(self._open, self._shown, strict=True)
        return any(shown and _instruction(words) in names for words, shown in fields)


_SIGNS: Final = frozenset(
    {qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:noBreakHyphen"), qn("w:ptab"), qn("w:sym"), _MATH}
)


def _sign(node: _Element) -> str:
    """What an element of a run shows."""
    if node.tag in {qn("w:t"), _MATH}:
        return node.text or ""
    if node.tag == qn("w:sym"):
        return chr(int(node.get(qn("w:char"), "F020"), 16))
    if node.tag == qn("w:noBreakHyphen"):
        return "-"
    return "\t" if node.tag in {qn("w:tab"), qn("w:ptab")} else "\n"


def _instruction(words: list[str]) -> str:
    """The name of a field."""
    parts = "".join(words).split()
    return parts[0].upper() if parts else ""


def _asides(where: str, root: _Element) -> Iterator[Aside]:
    fields = _Fields()
    for paragraph in _paragraphs(root):
        if text := clean(fields.text(paragraph))[0].strip():
            yield Aside(where, text)
    for watermark in root.iter(_WATERMARK):
        yield Aside("水印", clean(watermark.get("string", ""))[0])
    yield from _boxes(root, where)


def _boxes(root: _Element, where: str) -> Iterator[Aside]:
    """The texts of text boxes, which stand twice where there is a form for older programs."""
    for box in root.iter(qn("w:txbxContent")):
        fields = _Fields()
        for paragraph in _paragraphs(box):
            if text := clean(fields.text(paragraph))[0].strip():
                yield Aside(where, text)


def _plain(node: _Element) -> str:
    """All the text below a node, deleted or not."""
    kept = (qn("w:t"), qn("w:delText"))
    return "".join(part.text or "" for part in node.iter(*kept))


# --- what is left in a text ---------------------------------------------------------------------------------


def _left(root: _Element, hidden: frozenset[str], bright: frozenset[str]) -> Iterator[Residue]:
    for node in root.iter(*_REVISIONS):
        yield Residue(Kind.REVISION, _REVISIONS[str(node.tag)], _plain(node) or _plain(_around(node)))
    for paragraph in root.iter(qn("w:p")):
        yield from _marked(paragraph, hidden, bright)
    yield from _fields(root)
    for control in root.iter(qn("w:object"), qn("w:control"), qn("w:altChunk"), qn("w:subDoc")):
        yield Residue(Kind.OBJECT, "嵌入的对象", etree.QName(control).localname)


def _around(node: _Element) -> _Element:
    """The paragraph or row that a mark of a change belongs to."""
    above = node.iterancestors(qn("w:r"), qn("w:p"), qn("w:tr"), qn("w:tbl"))
    return next(above, node)


def _marked(paragraph: _Element, hidden: frozenset[str], bright: frozenset[str]) -> Iterator[Residue]:
    """Hidden text, highlighted text and automatic numbers of a paragraph."""
    style = _style(paragraph.find(qn("w:pPr")), "w:pStyle")
    gone, lit = [], []
    for run in paragraph.iter(qn("w:r")):
        properties, text = run.find(qn("w:rPr")), _plain(run)
        own = _style(properties, "w:rStyle")
        if text and (
            _on(properties, "w:vanish") or (_unset(properties, "w:vanish") and {style, own} & hidden)
        ):
            gone.append(text)
        if text and (_highlighted(properties) or {style, own} & bright):
            lit.append(text)
    if gone:
        yield Residue(Kind.HIDDEN, "隐藏的文字", "".join(gone))
    if lit:
        yield Residue(Kind.HIGHLIGHT, "突出显示的文字", "".join(lit))
    number = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
    if number is not None and number.get(qn("w:val")) != "0" and _plain(paragraph):
        yield Residue(Kind.NUMBERING, "自动编号", _plain(paragraph))


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
    for name in map(_instruction, words):
        if name and name not in _STEADY:
            yield Residue(Kind.FIELD, "自动更新的域", name)


def _style(properties: _Element | None, tag: str) -> str:
    found = properties.find(qn(tag)) if properties is not None else None
    return found.get(qn("w:val"), "") if found is not None else ""


def _on(properties: _Element | None, tag: str) -> bool:
    """Whether a property that is on or off is on."""
    found = properties.find(qn(tag)) if properties is not None else None
    return found is not None and found.get(qn("w:val"), "1") not in {"0", "false", "off"}


def _unset(properties: _Element | None, tag: str) -> bool:
    return properties is None or properties.find(qn(tag)) is None


def _highlighted(properties: _Element | None) -> bool:
    found = properties.find(qn("w:highlight")) if properties is not None else None
    return found is not None and found.get(qn("w:val")) != "none"
