"""The text of a filled document divided into its tables, each parsed and set by itself, and all that stands around them.

A tree takes ten times the memory of its text: a department's document of a thousand tables is never one tree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree

from budgetgen.writing.document.markup import qn
from budgetgen.writing.package import serialised

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.writing.document.markup import Element

_PLACE: Final = '<w:tbl w:taken=""/>'
"""Stands where a table was taken out; an office's template may have one without anything in it."""
_TABLE: Final = re.compile("<(/?)w:tbl(?: [^<>]*)?>")
_ROOT: Final = re.compile("<([^ <>]+)(?: [^<>]*)?>")


@dataclass(frozen=True)
class DividedText:
    """A document.

    Attributes:
        around: all but its tables, with a place for each.
        tables: those that stand in no other.
        opening: the first tag, which declares the names that all may use.
        closing: the last.
    """

    around: bytes
    tables: Sequence[bytes]
    opening: bytes
    closing: bytes

    def parsed(self) -> Iterator[Element]:
        """The tables, one after the other."""
        for table in self.tables:
            yield etree.fromstring(self.opening + table + self.closing)[0]

    def places(self, around: Element) -> Sequence[Element]:
        """Where the tables were taken out, in order."""
        taken = qn("w:taken")
        return [table for table in around.iter(qn("w:tbl")) if table.get(taken) is not None]

    def written(self, table: Element) -> bytes:
        """A table that was parsed, as it now stands."""
        (root,) = table.iterancestors()
        text = bytes(etree.tostring(root, encoding="UTF-8"))
        return text[text.index(b">") + 1 : -len(self.closing)]

    def joined(self, around: Element, tables: Sequence[bytes]) -> bytes:
        """The document again: what stands around, and its tables in their places."""
        pieces = serialised(around).split(_PLACE.encode())
        return b"".join(part for pair in zip(pieces, (*tables, b""), strict=True) for part in pair)


def divide(text: str, dropped: re.Pattern[str]) -> DividedText:
    """Take the tables out of a document.

    Tags that a template's placeholders have torn apart stay where they are: it cannot be parsed then.

    Args:
        text: of the document.
        dropped: what is left out of it, piece by piece: as a whole it is large.
    """
    around, tables = list[str](), list[bytes]()
    depth = end = start = 0
    for mark in _TABLE.finditer(text):
        if not mark[1]:
            start = start if depth else mark.start()
            depth += 1
            continue
        depth -= 1
        if depth == 0:
            around += (dropped.sub("", text[end:start]), _PLACE)
            tables.append(dropped.sub("", text[start : mark.end()]).encode())
            end = mark.end()
    root = _ROOT.match(text)
    opening, name = (root[0], root[1]) if root else ("", "")
    return DividedText(
        "".join((*around, dropped.sub("", text[end:]))).encode(),
        tables,
        opening.encode(),
        f"</{name}>".encode(),
    )
