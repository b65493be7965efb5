"""Copies of files that tell of secret items: what nobody has judged is not copied.

A copy holds all that its file holds, also what no reader shows: properties, comments, names, data behind a picture.
Where a file speaks of a secret item, each text in it must therefore be one that was read and judged, or one of the
format's own; what tells of the making of the file is left out; and for anything else there is no copy, only the
places to look at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from docx.oxml.ns import qn
from lxml import etree

from budgetgen.values.addresses import nth_sheet
from budgetgen.values.text import words
from budgetgen.writing.archive import CONTENT_TYPES
from budgetgen.writing.package import OFFICE
from budgetgen.writing.review.notes import AUTHOR, HEAD
from budgetgen.writing.review.parts import Package, main

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from lxml.etree import _Element

LEFT_OUT: Final = re.compile(
    r"docProps/.*|customXml/.*|xl/printerSettings/.*|xl/calcChain\.xml|word/glossary/.*"
    r"|word/(people|comments(Extended|Ids|Extensible)\w*)\.xml"
    r"|word/_rels/settings\.xml\.rels",
    re.IGNORECASE,
)
"""The parts that tell of the making of a file: a copy does without them."""
PLAIN: Final = re.compile(
    r"\[Content_Types\]\.xml|(.*/)?_rels/[^/]*\.rels"
    r"|xl/(workbook|sharedStrings|styles|metadata)\.xml|xl/theme/[^/]*\.xml"
    r"|xl/worksheets/[^/]*\.xml|xl/comments[^/]*\.xml|xl/drawings/[^/]*\.vml"
    r"|word/(document|styles|stylesWithEffects|settings|webSettings|fontTable|numbering|comments)\.xml"
    r"|word/(header|footer|footnotes|endnotes)\d*\.xml|word/theme/[^/]*\.xml|word/fonts/[^/]*",
    re.IGNORECASE,
)
"""The parts whose texts are judged one by one, or that hold none."""
FREE: Final = frozenset(
    {
        *(
            "name",
            "displayName",
            "caption",
            "title",
            "descr",
            "description",
            "alt",
            "comment",
            "userName",
            "url",
        ),
        *(
            "prompt",
            "promptTitle",
            "error",
            "errorTitle",
            "display",
            "tooltip",
            "location",
            "help",
            "statusBar",
        ),
    }
)
"""The attributes of a workbook that hold texts of people."""
UNSEEN: Final = tuple(
    map(qn, ("w:alias", "w:tag", "w:placeholder", "w:dataBinding", "w:tblCaption", "w:tblDescription"))
) + tuple(
    map(qn, ("w:docVars", "w:mailMerge", "w:attachedTemplate", "w:aliases", "w:ffData", "w:smartTagPr"))
)
"""Elements of a document that nobody sees and that hold texts of people: a copy does without them."""
HINTS: Final = tuple(map(qn, ("w:tooltip", "w:docLocation")))
FIELD: Final = re.compile(
    r"\s*+(?:TOC|PAGE|NUMPAGES|SECTIONPAGES|PAGEREF|HYPERLINK|REF|SEQ)?"
    r"(?:\s*+(?:\\[a-z*@#]|\"[-\d,，\s]*+\"|\"?_[A-Za-z]{0,4}\d++\"?|MERGEFORMAT|Arabic|CHINESENUM\d))*+\s*+",
    re.IGNORECASE,
)
"""A field that shows what stands elsewhere in the document."""
BOOKMARK: Final = re.compile(r"_?(Toc|Hlk|Ref|GoBack|OLE_LINK)?\d*")
LITERAL: Final = re.compile(r'"([^"]*)"')
RELATION: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
THEME: Final = re.compile(rb'(<a:(?:theme|clrScheme|fontScheme|fmtScheme)\b[^<>]*?\bname=)"[^"]*"')
SHORT: Final = 2
"""A numbering sign has at most so many words."""


@dataclass(frozen=True)
class Copying:
    """A file that is to be copied.

    Attributes:
        package: its parts.
        known: the texts that were judged, and those of the format, in the form of `words`.
        judged: the cells of a workbook that were read and judged, by place.
    """

    package: Package
    known: Collection[str]
    judged: Collection[str] = frozenset()

    @classmethod
    def of(cls, data: bytes, known: Collection[str], judged: Collection[str] = frozenset()) -> Copying:
        """A file that was admitted, without the parts that tell of its making."""
        package = Package.read(data)
        gone = {name for name in package.parts if LEFT_OUT.fullmatch(name)}
        for name in gone:
            del package.parts[name]
        for name in [*package.parts]:
            if name.endswith((".xml", ".rels", ".vml")):
                package.parts[name] = _clean(package.parts[name], name, gone)
        _rename_styles(package)
        return cls(package, known, judged)

    def data(self) -> bytes:
        """What may be copied."""
        return self.package.data()

    def places(self) -> tuple[str, ...]:
        """Where something stands that nobody has judged; none where the file may be copied."""
        strange = [name for name in self.package.parts if not PLAIN.fullmatch(name)]
        found = [f"图片、图表、嵌入的内容或外部数据 {len(strange)} 个"] if strange else []
        found += self._linked()
        workbook = any(name.startswith("xl/") for name in self.package.parts)
        found += self._workbook() if workbook else self._document()
        return tuple(dict.fromkeys(found))

    def _linked(self) -> Iterator[str]:
        for name in self.package.parts:
            if name.endswith(".rels"):
                for node in self.package.tree(name).iter(RELATION):
                    if node.get("TargetMode") == "External":
                        yield "指向文件以外的链接"

    def _knows(self, text: str) -> bool:
        form = words(text)
        return not form or form in self.known

    # --- workbooks ---

    def _workbook(self) -> Iterator[str]:
        sheets = self.package.sheets()
        for number, name in enumerate(sheets, start=1):
            if not self._knows(name):
                yield f"{nth_sheet(number)}的名称"
        for number, node in enumerate(self.package.tree(self.package.workbook).iter(main("definedName")), 1):
            own = node.get("name", "").startswith("_xlnm.") or self._knows(node.get("name", ""))
            if not own or not self._formula(node.text or "") or node.get("comment"):
                yield f"名称管理器里第{number}个名称"
        strange = self._strange()
        for number, (name, part) in enumerate(sheets.items(), start=1):
            called = name if self._knows(name) else nth_sheet(number)
            here = frozenset(at.rpartition("!")[2] for at in self.judged if at.startswith(f"{name}!"))
            yield from (f"{called}!{place}" for place in self._sheet(part, strange, here))
        yield from self._beside()
        if strange - self._shared(sheets.values()):
            yield "没有单元格用到的文字"

    @cached_property
    def _strings(self) -> str | None:
        return self.package.related(self.package.workbook, "sharedStrings")

    def _strange(self) -> frozenset[int]:
        """The numbers of the shared strings that are not known."""
        if self._strings not in self.package.parts:
            return frozenset()
        texts = (node for node in self.package.tree(str(self._strings)) if node.tag == main("si"))
        return frozenset(
            i for i, node in enumerate(texts) if not self._knows("".join(map(str, node.itertext())))
        )

    def _shared(self, parts: Collection[str]) -> frozenset[int]:
        """The numbers of the shared strings that cells hold."""
        cells = (cell for part in parts for cell in self.package.tree(part).iter(main("c")))
        values = (cell.findtext(main("v"), "") for cell in cells if cell.get("t") == "s")
        return frozenset(int(value) for value in values if value.isdigit())

    def _sheet(self, part: str, strange: Collection[int], judged: Collection[str]) -> Iterator[str]:
        root = self.package.tree(part)
        for cell in root.iter(main("c")):
            if cell.get("r") in judged:
                continue
            value, kind = cell.findtext(main("v"), ""), cell.get("t")
            texts = "".join(map(str, node.itertext())) if (node := cell.find(main("is"))) is not None else ""
            shared = kind == "s" and value.isdigit() and int(value) in strange
            told = kind == "str" and not self._composed(value)
            if shared or told or not self._knows(texts) or not self._formula(cell.findtext(main("f"), "")):
                yield cell.get("r", "")
        for node in root.iter():
            tag = _local(node)
            if tag not in {"c", "v", "f", "is", "t", "r"}:
                text = node.text or ""
                known = self._formula(text) if tag.startswith("formula") else self._knows(text)
                if not known or any(not self._knows(node.get(name, "")) for name in FREE & {*node.attrib}):
                    yield _CALLED.get(tag, "单元格以外的设置")

    def _composed(self, text: str) -> bool:
        """Whether the result of a formula is made of known words and figures."""
        pieces = re.split(r"[\s\d.,，。；、：:|（）()“”+\-−=]+", text)
        return self._knows(text) or all(map(self._knows, pieces))

    def _formula(self, text: str) -> bool:
        """Whether the words in a formula, and the names of sheets, are known."""
        if self._knows(text):
            return True
        bare = LITERAL.sub(" ", text)
        named = re.findall(r"'([^']*)'|([^\W\d_][\w.]*)", bare)
        return all(map(self._composed, LITERAL.findall(text))) and all(
            (re.fullmatch(r"[A-Z]{1,3}\d*|[A-Z.]+|_xl\w+", own) and not quoted) or self._knows(quoted or own)
            for quoted, own in named
        )

    def _beside(self) -> Iterator[str]:
        """Comments of people, and styles of their own."""
        for name in self.package.parts:
            if re.fullmatch(r"xl/comments[^/]*\.xml", name):
                root = self.package.tree(name)
                for comment in root.iter(main("comment")):
                    text = "".join(map(str, comment.itertext()))
                    if words(text.split(HEAD)[0]):
                        yield f"批注（{comment.get('ref', '')}）"
                authors = [node.text or "" for node in root.iter(main("author"))]
                if any(words(author) not in {"", words(AUTHOR)} for author in authors):
                    yield "批注的作者"
            elif name.endswith(".vml") and words("".join(_shown(self.package.parts[name]))):
                yield "图形里的文字"
            elif name == self.package.related(self.package.workbook, "styles"):
                for node in self.package.tree(name).iter(main("numFmt")):
                    if not all(
                        self._knows(text) or len(text) <= SHORT
                        for text in LITERAL.findall(node.get("formatCode", ""))
                    ):
                        yield "单元格的数字格式"

    # --- documents ---

    def _document(self) -> Iterator[str]:
        for name in self.package.parts:
            if re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes\d*|endnotes\d*)\.xml", name):
                yield from self._part(self.package.tree(name))
            elif re.fullmatch(r"word/comments\d*\.xml", name) and len(self.package.tree(name)):
                yield f"批注 {len(self.package.tree(name))} 处"
            elif name == "word/numbering.xml":
                signs = (node.get(qn("w:val"), "") for node in self.package.tree(name).iter(qn("w:lvlText")))
                if any(len(words(sign)) > SHORT and not self._knows(sign) for sign in signs):
                    yield "自动编号的文字"

    def _part(self, root: _Element) -> Iterator[str]:
        for node in root.iter():
            tag = _local(node)
            if called := _NOT_COPIED.get(tag):
                yield called
            elif tag == "bookmarkStart" and not BOOKMARK.fullmatch(node.get(qn("w:name"), "")):
                yield "书签"
            elif tag in {"instrText", "fldSimple"} and not FIELD.fullmatch(
                node.get(qn("w:instr")) or node.text or ""
            ):
                yield "域"
        if any(words(node.text or "") not in self._joined for node in root.iter(qn("w:t"))):
            yield "正文以外或没有读懂的文字"

    @cached_property
    def _joined(self) -> str:
        return "\n".join(self.known)


_STYLED: Final = tuple(
    map(
        qn,
        (
            "w:pStyle",
            "w:rStyle",
            "w:tblStyle",
            "w:basedOn",
            "w:next",
            "w:link",
            "w:styleLink",
            "w:numStyleLink",
        ),
    )
)
"""The elements that name a style by its id."""
_CALLED: Final = {
    **dict.fromkeys(
        ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"), "页眉或页脚"
    ),
    **dict.fromkeys(("dataValidation", "formula1", "formula2"), "数据有效性"),
    "formula": "条件格式",
    "hyperlink": "超链接",
}
_NOT_COPIED: Final = {
    **dict.fromkeys(("drawing", "pict", "object", "AlternateContent", "control"), "图片、图形或文本框"),
    **dict.fromkeys(("del", "delText", "moveFrom", "cellDel", "ins", "moveTo"), "修订"),
    **dict.fromkeys(
        ("rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange"), "修订"
    ),
    **dict.fromkeys(("vanish", "specVanish"), "隐藏的文字"),
    **dict.fromkeys(("altChunk", "subDoc", "customXml", "smartTag", "permStart"), "嵌入的内容"),
    **dict.fromkeys(("commentReference",), "批注"),
}
"""Elements of a document that hold what nobody has judged, and what they are called."""


def _shown(data: bytes) -> Iterator[str]:
    """The texts in the shapes of an old drawing."""
    root = etree.fromstring(data, etree.XMLParser(recover=True, resolve_entities=False))
    for box in root.iter("{urn:schemas-microsoft-com:vml}textbox"):
        yield from map(str, box.itertext())
    for node in root.iter():
        yield from (node.get(name, "") for name in ("alt", "title", "string"))


def _clean(data: bytes, name: str, gone: Collection[str]) -> bytes:
    """A part without remarks, and without what nobody sees of it."""
    if name.endswith(".vml"):
        return data
    data = THEME.sub(rb'\1"Office"', data)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(data, parser)
    changed = b"<!--" in data or b"<?" in data[5:]
    for node in list(root.iter()):
        changed = _unseen(node, name, gone) or changed
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True) if changed else data


def _rename_styles(package: Package) -> None:
    """Give the styles that a document has made itself ids that say nothing, wherever they are used."""
    if "word/styles.xml" not in package.parts:
        return
    styles = list(package.tree("word/styles.xml").iter(qn("w:style")))
    own = (node.get(qn("w:styleId"), "") for node in styles if node.get(qn("w:customStyle")))
    new = {old: f"own{number}" for number, old in enumerate(own, start=1)}
    for name in [name for name in package.parts if re.fullmatch(r"word/\w+\.xml", name)] if new else ():
        root = package.tree(name)
        for node in root.iter(*_STYLED, qn("w:style")):
            key = qn("w:styleId") if node.tag == qn("w:style") else qn("w:val")
            node.set(key, new.get(node.get(key, ""), node.get(key, "")))
        package.put(name, root)


def _local(node: _Element) -> str:
    """The tag without its namespace; a QName takes several times as long to say it, and a workbook has 40,000 elements."""
    return str(node.tag).rpartition("}")[2]


def _unseen(node: _Element, name: str, gone: Collection[str]) -> bool:
    """Take away what nobody sees of an element; whether there was anything."""
    above, tag = node.getparent(), _local(node)
    making = node.get("PartName", "").lstrip("/") in gone if name == CONTENT_TYPES else tag == "absPath"
    target = (node.get("Target") or "").rpartition("/")[2]
    pointing = tag == "Relationship" and any(each.endswith(f"/{target}") for each in gone) and target
    spoken = node.tag in {main("rPh"), main("phoneticPr")}  # how a text is read aloud
    if above is not None and (making or pointing or spoken or node.tag in UNSEEN):
        above.remove(node)
        return True
    printer = (f"{{{OFFICE}}}id",) if tag == "pageSetup" else ()
    held = [key for key in (*HINTS, *printer, "codeName") if key in node.attrib]
    for key in held:
        del node.attrib[key]
    if tag == "style" and node.get(qn("w:customStyle")) and (named := node.find(qn("w:name"))) is not None:
        named.set(qn("w:val"), f"style {node.getparent().index(node)}")  # type: ignore[union-attr]
        return True
    if tag == "cellStyle" and "builtinId" not in node.attrib:
        node.set("name", f"style {node.getparent().index(node)}")  # type: ignore[union-attr]
        return True
    return bool(held)
