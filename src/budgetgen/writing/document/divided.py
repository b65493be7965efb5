"""The text of a filled document divided into its tables, each parsed and set by itself, and all that stands around them.

A tree takes ten times the memory of its text, and a packed table a small part of it: a department's document of a thousand
tables is never one tree, nor one text.
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
_QUICK: Final = 1
"""How hard tables are packed: they say the same again and again."""
_BLOCK: Final = 1 << 18
"""So many characters are searched at once."""


@dataclass(frozen=True)
class DividedText:
    """A document.

    Attributes:
        around: all but its tables, with a place for each.
        tables: those that stand in no other, packed; each is set in its place.
        opening: the first tag, which declares the names that all may use.
        closing: the last.
    """

    around: bytes
    tables: list[bytes]
    opening: bytes
    closing: bytes

    def table(self, number: int) -> Element:
        """One of its tables."""
        return etree.fromstring(self.opening + zlib.decompress(self.tables[number]) + self.closing)[0]

    def places(self, around: Element) -> Sequence[Element]:
        """Where the tables were taken out, in order."""
        taken = qn("w:taken")
        return [table for table in around.iter(qn("w:tbl")) if table.get(taken) is not None]

    def put(self, number: int, table: Element) -> None:
        """A table that was parsed, as it now stands."""
        (root,) = table.iterancestors()
        text = bytes(etree.tostring(root, encoding="UTF-8"))
        own = memoryview(text)[text.index(b">") + 1 : -len(self.closing)]
        self.tables[number] = zlib.compress(own, _QUICK)

    def joined(self, around: Element) -> Iterator[bytes]:
        """The document again, piece by piece: what stands around, and its tables in their places."""
        first, *others = serialised(around).split(_PLACE.encode())
        yield first
        for table, piece in zip(self.tables, others, strict=True):
            yield zlib.decompress(table)
            yield piece


def divide(pieces: Iterable[str], finished: Callable[[str], str]) -> DividedText:
    """Take the tables out of a document while it is written: it never stands in memory as one text.

    Tags that a template's placeholders have torn apart stay where they are: it cannot be parsed then.

    Args:
        pieces: of its text.
        finished: what becomes of a table, and of what stands between two.
    """
    around, tables = list[str](), list[bytes]()
    for text, is_table in _stretches(pieces):
        if is_table:
            tables.append(zlib.compress(finished(text).encode(), _QUICK))
        around.append(_PLACE if is_table else finished(text))
    root = _ROOT.match(around[0])
    opening, name = (root[0], root[1]) if root else ("", "")
    return DividedText("".join(around).encode(), tables, opening.encode(), f"</{name}>".encode())


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
