"""Texts that the document leaves out: what a clerk has filled in is published, or this is told."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from budgetgen.book.spots import spot
from budgetgen.checking.rules.registry import Complaint, Where, rule
from budgetgen.saying.disclosure import compose
from budgetgen.values.model import Paragraph, PerformanceGrid
from budgetgen.values.places import SheetPlace
from budgetgen.values.sayings import saying

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book, Printed

QUOTED = 20
"""A text is quoted up to so many characters."""


@rule("text-unsaid")
def _unsaid(book: Book, edition: Edition) -> Iterator[Complaint]:
    typed = list(_typed(book, edition))
    if not typed:
        return
    document = compose(book, edition, draft=True)
    printed = {line for part in document.parts for block in part.blocks for line in _lines(_texts(block))}
    said = "\n".join(printed)
    # Each line once, and most are found whole: a department's thousand units say the same over and over.
    unsaid = {line for line in _lines(text for text, _ in typed) - printed if line not in said}
    for text, where in typed:
        if not unsaid.isdisjoint(_lines([text])):
            short = text if len(text) <= QUOTED else f"{text[:QUOTED]}……"
            yield saying(列=where().column, 原文=short), (where(),)


def _typed(book: Book, edition: Edition) -> Iterator[tuple[str, Where]]:
    """The texts that a person typed into a sheet that is published; choices of the house style are none."""
    for table in edition.table:
        if table.optional or table.name == edition.house.about:
            continue
        for row in book[table.name].lines():
            for name, cell in row.cells.items():
                if (
                    cell.given
                    and isinstance(cell.value, str)
                    and isinstance(cell.place, SheetPlace)
                    and edition.kind(table.name, name, row.key) == "text"
                ):
                    yield cell.value, partial(spot, edition, table.name, row, name)


def _lines(texts: Iterable[str]) -> set[str]:
    """All lines of some texts that are not blank."""
    return {line for text in texts for line in map(str.strip, text.split("\n")) if line}


def _texts(block: Printed) -> Iterator[str]:
    """All that a block prints."""
    if isinstance(block, Paragraph):
        yield block.text
        return
    if isinstance(block, PerformanceGrid):
        yield from block.head.values()
    yield from (text for row in block.rows for text in row.values())
