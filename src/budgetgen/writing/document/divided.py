"""The text of a filled document divided into its tables, each set by itself, and all that stands around them.

A tree takes ten times the memory of its text, and a packed table a small part of it: a department's document of a thousand
tables is never one tree, nor one text, and no more than some rows of a long table are parsed at a time.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree

from budgetgen.writing.document.markup import qn
from budgetgen.writing.package import serialised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from budgetgen.writing.document.markup import Element

_PLACE: Final = '<w:tbl w:taken=""/>'
"""Stands where a table was taken out; an office's template may have one without anything in it."""
_TABLE: Final = re.compile("<(/?)w:tbl(?: [^<>]*)?>")
_ROOT: Final = re.compile("<([^ <>]+)(?: [^<>]*)?>")
_ROW: Final = re.compile("<(/?)w:tr(?: [^<>]*)?(?<!/)>")
_AFTER_ROW: Final = ("<w:tr>", "<w:tr ", "</w:tbl>")
"""What stands behind a row where no more than rows stand in a table."""
_OPENED, _CLOSED = b"<w:tbl>", b"</w:tbl>"
_QUICK: Final = 1
"""How hard tables are packed: they say the same again and again."""
_BLOCK: Final = 1 << 18
"""So many characters are searched at once, and about so many of a table make a piece."""


@dataclass
class DividedTable:
    """A table in pieces of some rows, each a table by itself when it is parsed.

    Attributes:
        opening: the first tag of the document, which declares the names that all may use.
        pieces: packed.
        held: the only piece as it was parsed, until it is put away.
    """

    opening: str
    pieces: list[bytes]
    held: Element | None = None

    def __iter__(self) -> Iterator[Element]:
        """Its pieces in order."""
        for number in range(len(self.pieces)):
            piece = self._parsed(number) if self.held is None else self.held
            if len(self.pieces) == 1:
                self.held = piece
            yield piece

    def changing(self) -> Iterator[Element]:
        """Its pieces in order; each is put away as it stands when the next is asked for."""
        for number, piece in enumerate(self):
            yield piece
            self.pieces[number] = zlib.compress(self._text(number, piece), _QUICK)
        self.held = None

    def unite(self) -> None:
        """Make it one piece."""
        self.pieces = [zlib.compress(b"".join(map(zlib.decompress, self.pieces)), _QUICK)]

    def _bounds(self, number: int) -> tuple[bytes, bytes]:
        """What a piece lacks to be a table."""
        return _OPENED if number else b"", _CLOSED if number < len(self.pieces) - 1 else b""

    def _parsed(self, number: int) -> Element:
        before, behind = self._bounds(number)
        text = before + zlib.decompress(self.pieces[number]) + behind
        name = _ROOT.match(self.opening)
        closing = f"</{name[1]}>" if name else ""
        return etree.fromstring(self.opening.encode() + text + closing.encode())[0]

    def _text(self, number: int, piece: Element) -> memoryview:
        (root,) = piece.iterancestors()
        text = bytes(etree.tostring(root, encoding="UTF-8"))
        before, behind = self._bounds(number)
        end = text.rindex(b"<") - len(behind)
        return memoryview(text)[text.index(b">") + 1 + len(before) : end]


@dataclass(frozen=True)
class DividedText:
    """A document.

    Attributes:
        around: all but its tables, with a place for each.
        tables: those that stand in no other; each is set in its place.
    """

    around: bytes
    tables: Sequence[DividedTable]

    def places(self, around: Element) -> Sequence[Element]:
        """Where the tables were taken out, in order."""
        taken = qn("w:taken")
        return [table for table in around.iter(qn("w:tbl")) if table.get(taken) is not None]

    def joined(self, around: Element) -> Iterator[bytes]:
        """The document again, piece by piece: what stands around, and its tables in their places."""
        first, *others = serialised(around).split(_PLACE.encode())
        yield first
        for table, text in zip(self.tables, others, strict=True):
            yield from map(zlib.decompress, table.pieces)
            yield text


def divide(pieces: Iterable[str], finished: Callable[[str], str]) -> DividedText:
    """Take the tables out of a document while it is written: it never stands in memory as one text.

    Tags that a template's placeholders have torn apart stay where they are: it cannot be parsed then.

    Args:
        pieces: of its text.
        finished: what becomes of a table, and of what stands between two.
    """
    around, tables = list[str](), list[DividedTable]()
    for text, is_table in _stretches(pieces):
        if is_table:
            packed = [zlib.compress(piece.encode(), _QUICK) for piece in _rows(finished(text))]
            root = _ROOT.match(around[0])
            tables.append(DividedTable(root[0] if root else "", packed))
        around.append(_PLACE if is_table else finished(text))
    return DividedText("".join(around).encode(), tables)


def _rows(table: str) -> Iterator[str]:
    """A table in pieces of some rows; whole where it is short, or where more than rows stands in it."""
    ends = list(_row_ends(table)) if len(table) > _BLOCK else []
    start = 0
    if all(table.startswith(_AFTER_ROW, end) for end in ends):
        for end in ends[:-1]:
            if end - start >= _BLOCK:
                yield table[start:end]
                start = end
    yield table[start:]


def _row_ends(table: str) -> Iterator[int]:
    depth = 0
    for mark in _ROW.finditer(table):
        depth += -1 if mark[1] else 1
        if not depth:
            yield mark.end()


def _stretches(pieces: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Every table, and what stands before, between and behind them, in order; and whether it is a table."""
    held, depth = list[str](), 0
    for block in _blocks(pieces):
        end = 0
        for mark in _TABLE.finditer(block):
            closing = bool(mark[1])
            depth += -1 if closing else 1
            if depth == (0 if closing else 1):
                cut = mark.end() if closing else mark.start()
                yield "".join((*held, block[end:cut])), closing
                held, end = [], cut
        held.append(block[end:])
    yield "".join(held), False


def _blocks(pieces: Iterable[str]) -> Iterator[str]:
    """The text in large blocks, none of which ends within a tag."""
    held, size = list[str](), 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _BLOCK:
            text = "".join(held)
            cut = max(text.rfind("<"), 0)
            yield text[:cut]
            held, size = [text[cut:]], len(text) - cut
    yield "".join(held)
