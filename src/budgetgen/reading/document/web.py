"""A saved web page as the paragraphs and tables of a document."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Final

from lxml import etree, html

from budgetgen.reading.cells import Raw
from budgetgen.reading.document.blocks import HIDDEN, Block, Grid, Text, tight
from budgetgen.reading.guard import admit_web
from budgetgen.reading.guard.limits import LIMITS
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.places import DocumentPlace
from budgetgen.values.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.etree import _Element

MAIN: Final = 0.8
"""How much of a page's text its article is, at least; the rest is what the site puts around it."""
SPANS: Final = 1_000
"""How many rows or columns a cell may span (HTML, 4.9.11)."""
MOST_CELLS: Final = next(limit.most for limit in LIMITS if limit.name == b"tc")
CHARSET: Final = re.compile(rb"<meta[^>]{0,200}charset\s{0,8}=\s{0,8}[\"']?([\w-]{1,40})", re.IGNORECASE)
CHINESE: Final = "gb18030"
_PARTS: Final = frozenset({"gb2312", "gbk"})
"""Older names under which pages are written in it; by the letter, some signs would be others."""
PROBE: Final = 4096
_SILENT: Final = frozenset(
    {"script", "style", "head", "noscript", "template", "option", "button", "textarea"}
)
_INLINE: Final = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "del",
        "em",
        "font",
        "i",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
    ]
)
_COUNT: Final = re.compile(r"[0-9]{1,7}")
_UNSEEN: Final = re.compile(r"display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden")


def web_blocks(path: Path) -> tuple[Block, ...]:
    """The paragraphs and tables of a page, in order.

    Raises:
        UnusableInputError: it cannot be read, or holds no text.
    """
    root = _parsed(_page(admit_web(path)))
    found = _Walk()
    if root is not None:
        found.flow(_article(root))
        found.close()
    if not found.blocks:
        raise UnusableInputError(path, "网页里没有文字", "检查是否选错了文件；正文在附件里的，下载附件")
    if found.cells > MOST_CELLS:
        raise UnusableInputError(path, "网页里的表格太大，处理不了", "检查是否选错了文件")
    return (*found.blocks, *found.unseen)


def _page(data: bytes) -> bytes:
    """The page itself, of one that is saved with its pictures."""
    if b"MIME-Version:" not in data[:PROBE]:
        return data
    parts = message_from_bytes(data, policy=policy.compat32).walk()
    page = next((part for part in parts if part.get_content_type() == "text/html"), None)
    payload = page.get_payload(decode=True) if page else b""
    return payload if isinstance(payload, bytes) else b""


def _parsed(data: bytes) -> _Element | None:
    try:
        return html.document_fromstring(
            _decoded(data), parser=html.HTMLParser(no_network=True, huge_tree=False)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _decoded(data: bytes) -> str:
    """A page in its own encoding: what it declares, unless it is plainly another."""
    told = CHARSET.search(data[:PROBE])
    name = told[1].decode("ascii", "replace").lower() if told else ""
    names = ["utf-8-sig", CHINESE if name in _PARTS else name, CHINESE]
    for name in filter(_known, names):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    return data.decode(CHINESE, "replace")


def _known(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return bool(name)


def _article(root: _Element) -> _Element:
    """The innermost element that holds most of the text."""
    body = root.find("body")
    node = root if body is None else body
    whole = _length(node)
    while (inner := max(node, key=_length, default=None)) is not None:
        if inner.tag in {"table", "p"} or _length(inner) < MAIN * whole:
            break
        node = inner
    return node


def _length(node: _Element) -> int:
    return 0 if _is_silent(node) else sum(map(len, node.itertext()))


def _is_silent(node: _Element) -> bool:
    return not isinstance(node.tag, str) or node.tag in _SILENT


def _is_unseen(node: _Element) -> bool:
    return node.get("hidden") is not None or _UNSEEN.search(node.get("style", "").lower()) is not None


@dataclass
class _Walk:
    """What was found so far.

    Attributes:
        blocks: paragraphs and tables.
        unseen: the texts that are not shown.
        cells: how many cells the tables have.
    """

    blocks: list[Block] = field(default_factory=list)
    unseen: list[Text] = field(default_factory=list)
    cells: int = 0
    _said: list[str] = field(default_factory=list)
    _paragraphs: int = 0
    _tables: int = 0

    def flow(self, node: _Element) -> None:
        """Take a part of the page."""
        self._said.append(node.text or "")
        for child in node:
            self._child(child)
            self._said.append(child.tail or "")

    def close(self) -> None:
        """End the paragraph."""
        text = tight(clean(re.sub(r"\s+", " ", "".join(self._said)))[0])
        self._said.clear()
        if text:
            self._paragraphs += 1
            self.blocks.append(Text(text, self._paragraphs))

    def _child(self, child: _Element) -> None:
        if _is_silent(child):
            return
        if _is_unseen(child):
            if text := tight(clean("".join(map(str, child.itertext())))[0]):
                self.unseen.append(Text(text, len(self.unseen) + 1, HIDDEN))
            return
        if child.tag in _INLINE:
            self.flow(child)
            return
        self.close()
        if child.tag == "table" and not _lays_out(child):
            self._table(child)
        else:
            self.flow(child)
        self.close()

    def _table(self, table: _Element) -> None:
        self._tables += 1
        lines = tuple(_lines(table, self._tables))
        self.cells += sum(map(len, lines))
        if any(not raw.blank for line in lines for raw in line):
            self.blocks.append(Grid(lines, self._tables))


def _lays_out(table: _Element) -> bool:
    """Whether a table only places what stands in it: others, or one text."""
    nested = any(inner is not table for inner in table.iter("table"))
    return nested or not any(len(list(_cells(row))) > 1 for row in _rows(table))


def _rows(table: _Element) -> Iterator[_Element]:
    return table.iter("tr")


def _cells(row: _Element) -> Iterator[_Element]:
    return row.iterchildren("td", "th")


def _lines(table: _Element, number: int) -> Iterator[tuple[Raw, ...]]:
    """The rows of a table; a merged cell's text stands in its first place only, which is that of its whole row."""
    covered: dict[int, int] = {}
    room = MOST_CELLS
    for index, row in enumerate(_rows(table), start=1):
        line: list[str | None] = []
        first: dict[int, int] = {}
        for cell in _cells(row):
            while covered.get(len(line), 0):
                line.append(None)
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            covered |= {len(line) + step: high for step in range(wide)}
            first |= {len(line) + step: len(line) for step in range(wide)}
            line += [_text(cell), *[None] * (wide - 1)]
        width = max(len(line), max((c + 1 for c, left in covered.items() if left), default=0))
        line += [None] * (width - len(line))
        covered = {column: left - 1 for column, left in covered.items() if left > 1}
        room -= len(line)
        if room < 0:
            return
        yield tuple(
            Raw(text or None, place=DocumentPlace(number, index, first.get(column, column) + 1))
            for column, text in enumerate(line)
        )


def _span(cell: _Element, name: str) -> int:
    told = cell.get(name, "1").strip()
    return min(max(int(told), 1), SPANS) if _COUNT.fullmatch(told) else 1


def _text(cell: _Element) -> str:
    """The text of a cell, a line for each paragraph in it."""
    walk = _Walk()
    walk.flow(cell)
    walk.close()
    return clean("\n".join(block.text for block in walk.blocks if isinstance(block, Text)))[0]
