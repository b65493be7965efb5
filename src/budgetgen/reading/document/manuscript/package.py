"""A Word document as a reviewer has to see it: every text in it wherever it stands, and what should not be left in it.

`blocks` reads what a document says; this reads all that it carries: headers, notes and text boxes besides the
text, tracked changes, comments, hidden and highlighted text, objects, and what it tells of those who made it.
Source of the element names: ECMA-376, Part 1.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Final

from lxml import etree

from budgetgen.reading.document.layers import hiding_styles, qn
from budgetgen.reading.document.manuscript.residue import is_highlighted, left_in, plain_text
from budgetgen.reading.document.manuscript.texts import asides_of, boxes_of, passages_of
from budgetgen.reading.document.manuscript.values import Manuscript, RemnantKind, Residue
from budgetgen.reading.guard import admit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from lxml.etree import _Element

    from budgetgen.reading.document.manuscript.values import Aside

_TYPE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_ASIDES: Final[Mapping[str, str]] = {
    "header": "页眉",
    "footer": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
}
_STAMPS: Final = ("KSO", "ICV", "ContentTypeId")
"""How properties begin that WPS and Office put into every file."""
_OBJECTS: Final = re.compile(r"word/(embeddings|activeX|charts|diagrams|media|ink|vbaProject)")
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


def read_manuscript(path: Path) -> Manuscript:
    """Read a document as it is.

    Raises:
        UnusableInputError: the file cannot be read.
    """
    return manuscript(admit(path, "docx"))


def manuscript(data: bytes) -> Manuscript:
    """A document that was admitted."""
    return _unpacked(data).manuscript()


def beside(data: bytes) -> tuple[Aside, ...]:
    """What stands beside the text of a document that was admitted, but for text boxes: in headers, notes and the like."""
    return tuple(dict.fromkeys(_unpacked(data).asides))


def _unpacked(data: bytes) -> _Package:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return _Package({name: archive.read(name) for name in archive.namelist()})


@dataclass(frozen=True)
class _Package:
    parts: Mapping[str, bytes]

    def manuscript(self) -> Manuscript:
        document = self._root(self._main())
        body = document.find(qn("w:body"))
        hidden, bright = self._styles()
        roots = (document, *(root for _, root in self.texts))
        residue = [found for root in roots for found in left_in(root, hidden, bright)]
        passages = tuple(passages_of(body)) if body is not None else ()
        asides = (*self.asides, *boxes_of(document, "文本框"))
        residue += [*self._comments(), *self._objects(), *self._properties()]
        return Manuscript(passages, tuple(dict.fromkeys(asides)), tuple(dict.fromkeys(residue)))

    @property
    def asides(self) -> Iterator[Aside]:
        """The texts of its other parts."""
        return (aside for name, root in self.texts for aside in asides_of(name, root))

    @cached_property
    def texts(self) -> tuple[tuple[str, _Element], ...]:
        """The other parts that hold text, by what they are."""
        found = ((name, re.fullmatch(r"word/([a-z]+)\d*\.xml", name)) for name in sorted(self.parts))
        kinds = ((name, _ASIDES.get(one[1])) for name, one in found if one)
        return tuple((kind, self._root(name)) for name, kind in kinds if kind)

    def _root(self, name: str) -> _Element:
        return etree.fromstring(self.parts[name], _parser())

    def _main(self) -> str:
        """The name of the part that holds the text."""
        rels = self._root("_rels/.rels")
        targets = [str(r.get("Target")) for r in rels if str(r.get("Type")).endswith("/officeDocument")]
        return posixpath.normpath(targets[0]).lstrip("/")

    def _styles(self) -> tuple[frozenset[str], frozenset[str]]:
        """The ids of the styles that hide text, and of those that highlight it."""
        if "word/styles.xml" not in self.parts:
            return frozenset(), frozenset()
        styles = self._root("word/styles.xml")
        own = {s.get(qn("w:styleId"), ""): s.find(qn("w:rPr")) for s in styles.findall(qn("w:style"))}
        bright = {name for name, properties in own.items() if is_highlighted(properties)}
        return hiding_styles(styles), frozenset(bright)

    def _comments(self) -> Iterator[Residue]:
        for name in self.parts:
            if re.fullmatch(r"word/comments\d*\.xml", name):
                for comment in self._root(name).iter(qn("w:comment")):
                    yield Residue(RemnantKind.COMMENT, "批注", plain_text(comment))

    def _objects(self) -> Iterator[Residue]:
        for name in sorted(self.parts):
            if _OBJECTS.match(name) and not name.endswith(".rels"):
                yield Residue(RemnantKind.OBJECT, "图片" if "/media/" in name else "嵌入的对象", name)

    # --- what the file tells of itself ---

    def _properties(self) -> Iterator[Residue]:
        for part, names in _TOLD.items():
            if part in self.parts:
                for node in self._root(part).iterchildren("*"):
                    name = names.get(etree.QName(node).localname)
                    if name and (text := (node.text or "").strip()):
                        yield Residue(RemnantKind.PROPERTY, name, text)
        if "docProps/custom.xml" in self.parts:
            for node in self._root("docProps/custom.xml"):
                if not str(node.get("name")).startswith(_STAMPS):
                    yield Residue(
                        RemnantKind.PROPERTY,
                        f"自定义属性“{node.get('name')}”",
                        "".join(map(str, node.itertext())),
                    )
        yield from self._settings()

    def _settings(self) -> Iterator[Residue]:
        """Variables of templates and programs, the folder of the template, and who commented."""
        if "word/settings.xml" in self.parts:
            for variable in self._root("word/settings.xml").iter(qn("w:docVar")):
                name = f"文档变量“{variable.get(qn('w:name'))}”"
                yield Residue(RemnantKind.PROPERTY, name, variable.get(qn("w:val"), ""))
        if "word/_rels/settings.xml.rels" in self.parts:
            for rel in self._root("word/_rels/settings.xml.rels"):
                if rel.get("Type") == f"{_TYPE}attachedTemplate" and re.search(
                    r"[\\/]", str(rel.get("Target"))
                ):
                    yield Residue(RemnantKind.PROPERTY, "模板所在的文件夹", str(rel.get("Target")))
        if "word/people.xml" in self.parts:
            for person in self._root("word/people.xml"):
                author = next((str(v) for k, v in person.attrib.items() if str(k).endswith("author")), "")
                yield Residue(RemnantKind.PROPERTY, "批注和修订的作者", author)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
