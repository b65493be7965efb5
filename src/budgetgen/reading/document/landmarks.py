"""What helps a person to find a place of a document: the heading above it, its table's title, its row's and column's captions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from budgetgen.reading.document.blocks import Text, header_of
from budgetgen.values.model import Table
from budgetgen.values.places import DocumentPlace, FilePlace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.reading.cells import Raw
    from budgetgen.reading.document.blocks import Block
    from budgetgen.reading.workbook import Reading
    from budgetgen.values.findings import Finding
    from budgetgen.values.model import Row

ABOVE: Final = 4
"""How many lines may stand between the title of a table and the table, that one included."""
WORD: Final = re.compile(r"[^\W\d_]")

Titled: TypeAlias = Callable[[str], bool | None]
"""Whether a line is the title of a table whose columns have captions; None where it is that of a form without such."""


@dataclass(frozen=True)
class Landmarks:
    """The places of a document, each with what stands around it.

    Attributes:
        known: by themselves, for two places are equal wherever they stand.
    """

    known: Mapping[FilePlace, FilePlace]

    @classmethod
    def of(cls, found: Sequence[Block], headings: frozenset[FilePlace], titled: Titled) -> Landmarks:
        """Those of the blocks of a document.

        Args:
            found: its paragraphs and tables, in order.
            headings: the places of its headings.
            titled: whether a line is the title of a table, with captions or without.
        """
        return cls({place: place for place in _placed(found, headings, titled)})

    def on(self, reading: Reading) -> Reading:
        """What was read, all of it with its places as people find them."""
        tables = {
            name: Table(name, tuple(map(self._row, table.rows)))
            for name, table in reading.book.tables.items()
        }
        told = tuple((self._place(place), text) for place, text in reading.paragraphs or ())
        findings = tuple(map(self._finding, reading.findings))
        altered = tuple(replace(one, place=self._place(one.place)) for one in reading.altered)
        book = reading.book.with_tables(tables)
        return replace(reading, book=book, findings=findings, paragraphs=told, altered=altered)

    def _place(self, place: FilePlace | None) -> FilePlace | None:
        return self.known.get(place, place) if place else place

    def _row(self, row: Row) -> Row:
        placed = {
            name: replace(cell, place=self._place(cell.place))
            for name, cell in row.cells.items()
            if cell.place
        }
        return row.with_cells(placed) if placed else row

    def _finding(self, finding: Finding) -> Finding:
        return replace(finding, spots=tuple(replace(s, place=self._place(s.place)) for s in finding.spots))


def _placed(
    found: Sequence[Block], headings: frozenset[FilePlace], titled: Titled
) -> Iterator[DocumentPlace]:
    heading, lines = "", list[str]()
    for block in found:
        if isinstance(block, Text):
            heading = block.text if block.place in headings else heading
            lines.append(block.text)
            if isinstance(block.place, DocumentPlace):
                yield replace(block.place, heading="" if block.beside else heading)
            continue
        header = header_of(block)
        own = (str(line[0].value) for line in header if len(dict.fromkeys(raw.place for raw in line)) == 1)
        titles = [line for line in (*own, *lines[-ABOVE:]) if titled(line) is not False]
        title = max(titles, key=len, default="")
        lines.clear()
        captions = _columns(header) if not title or titled(title) else {}
        for number, line in enumerate(block.lines):
            at = captions if number >= len(header) else {}
            yield from _cells(line, DocumentPlace(heading=heading, title=title), at)


def _columns(header: Sequence[Sequence[Raw]]) -> Mapping[int, str]:
    """What the columns are called, by the lowest line of the header that says so."""
    found: dict[int, str] = {}
    for line in header:
        said: dict[FilePlace | None, str] = {}
        for column, raw in enumerate(line):
            text = said.setdefault(raw.place, "".join(str(raw.value or "").split()))
            found[column] = text or found.get(column, "")
    return found


def _cells(
    line: Sequence[Raw], around: DocumentPlace, captions: Mapping[int, str]
) -> Iterator[DocumentPlace]:
    """The places of a row: each is called by the nearest words to the left of it, else by the first in the row."""
    words = [
        str(raw.value) if captions and not raw.blank and WORD.search(str(raw.value)) else "" for raw in line
    ]
    label = next(filter(None, words), "")
    seen = set[FilePlace]()
    for column, raw in enumerate(line):
        label = words[column] or label
        if isinstance(raw.place, DocumentPlace) and raw.place not in seen:
            seen.add(raw.place)
            caption = captions.get(column, "")
            yield replace(raw.place, heading=around.heading, title=around.title, label=label, caption=caption)
