"""The texts of a document as they are shown, with all changes accepted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from budgetgen.reading.document.layers import (
    BESIDE,
    SIGNS,
    boxes,
    continues,
    flow,
    paragraphs,
    qn,
    rows,
    shown,
    sign,
    told,
)
from budgetgen.reading.document.layers import cells as cells_of
from budgetgen.reading.document.manuscript.values import Aside, Passage
from budgetgen.values.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element

_WATERMARK: Final = "{urn:schemas-microsoft-com:vml}textpath"
COUNTED: Final = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})
"""Fields that show page numbers: their results are no text of the document."""
CONTENTS: Final = frozenset({"TOC"})
_PAGE: Final = re.compile(r"[\s\divxlIVXL—-]*")
"""What a page number may be of, at the end of an entry of the contents, behind a tab."""


def _unpaged(entry: str) -> str:
    """An entry of the contents without its page number."""
    found = _PAGE.match(entry[::-1])
    tab = entry.find("\t", len(entry) - (found.end() if found else 0))
    return entry if tab < 0 else entry[:tab]


def passages_of(body: _Element) -> Iterator[Passage]:
    """The paragraphs and rows of a body that are not empty, in order."""
    numbered = tables = 0
    fields = _Fields()
    for node, said in told(shown(body), fields.text):
        if node.tag == qn("w:p"):
            text = clean(_unpaged(said) if fields.contents else said)[0]
            if text.strip():
                numbered += 1
                yield Passage((text,), numbered, contents=fields.contents)
        elif node.tag == qn("w:tbl"):
            tables += 1
            for number, row in enumerate(rows(node), start=1):
                cells = tuple(_cell(cell, fields) for cell in cells_of(row))
                if any(cells):
                    yield Passage(cells, number, tables)


def asides_of(where: str, root: _Element) -> Iterator[Aside]:
    """The texts of a part that is no body: its paragraphs, watermarks and text boxes."""
    yield from _asides(where, paragraphs(root))
    for watermark in root.iter(_WATERMARK):
        yield Aside("水印", clean(watermark.get("string", ""))[0])
    for box in boxes(root):
        yield from _asides(where, paragraphs(box))


def boxes_of(body: _Element, where: str) -> Iterator[Aside]:
    """The texts of the text boxes of a body; a table in one is a passage."""
    for box in boxes(body):
        yield from _asides(where, (node for node in flow(box) if node.tag == qn("w:p")))


def _asides(where: str, nodes: Iterable[_Element]) -> Iterator[Aside]:
    fields = _Fields()
    for paragraph in nodes:
        if text := clean(fields.text(paragraph))[0].strip():
            yield Aside(where, text)


def _cell(cell: _Element, fields: _Fields) -> str:
    """The text of a cell, of tables in it too; none where it continues the cell above."""
    if continues(cell):
        return ""
    return clean("\n".join(fields.text(paragraph) for paragraph in paragraphs(cell)))[0]


# --- fields -------------------------------------------------------------------------------------------------


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
            if tag in BESIDE:
                continue
            if tag == qn("w:fldChar"):
                self._mark(child.get(qn("w:fldCharType"), ""))
            elif tag == qn("w:instrText"):
                if self._open:
                    self._open[-1].append(child.text or "")
            elif tag == qn("w:fldSimple") and instruction([child.get(qn("w:instr"), "")]) in COUNTED:
                continue
            else:
                if tag in SIGNS and not self._within(COUNTED):
                    self.contents = self.contents or self._within(CONTENTS)
                    yield sign(child)
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
        return any(shown and instruction(words) in names for words, shown in fields)


def instruction(words: list[str]) -> str:
    """The name of a field."""
    parts = "".join(words).split()
    return parts[0].upper() if parts else ""
