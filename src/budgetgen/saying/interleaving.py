"""Paragraphs that are printed as they were found, put between those that the format says."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgetgen.edition.declarations import BODY
from budgetgen.values.likeness import likeness
from budgetgen.values.model import Paragraph, PrintedTable, Run
from budgetgen.values.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from budgetgen.edition.declarations import Edition, StatementDeclaration
    from budgetgen.values.model import Disclosure

NEAR = 0.5
"""How alike the beginnings of two paragraphs are at least, for one to be the other in the format's words."""


def by_table(name: str) -> str:
    """What stands in place of a section where a paragraph stands by a table: sections may be called as tables are."""
    return f"《{name}》"


def stations(edition: Edition) -> tuple[str, ...]:
    """Where a paragraph may stand that is printed as it was found: the sections, and the tables, in order."""
    told = (section.id for section in edition.section if section.part != edition.tables_part)
    return (*told, *(by_table(table.name) for table in edition.printed))


def said_at(whole: Disclosure, edition: Edition) -> Mapping[str, Sequence[str]]:
    """What a document says by the format in each section, and below each table."""
    sections = {statement.id: statement.section for statement in edition.statement}
    said: defaultdict[str, list[str]] = defaultdict(list)
    for block in (block for part in whole.parts for block in part.blocks):
        if isinstance(block, PrintedTable):
            said[by_table(block.name)] += block.remarks
        elif isinstance(block, Paragraph) and block.statement:
            said[sections[block.statement]].append(block.text)
    return said


@dataclass(frozen=True, slots=True)
class Verse:
    """A paragraph that is printed as it was found.

    Attributes:
        after: how the paragraph begins that it stands after; empty for the first of its section.
        text: its words.
    """

    after: str
    text: str


def interleaved(
    said: Sequence[Paragraph | StatementDeclaration], verses: Sequence[Verse]
) -> tuple[Paragraph | StatementDeclaration, ...]:
    """What is said in a section, with each verse at its place: after the paragraph that it followed, else at the end."""
    after: dict[int, list[Verse]] = {}
    for verse in verses:
        after.setdefault(_place(said, verse.after), []).append(verse)
    result: list[Paragraph | StatementDeclaration] = []
    for place, block in enumerate((None, *said)):
        result += [block] if block is not None else []
        result += [Paragraph(BODY, (Run(verse.text),)) for verse in after.get(place, ())]
    return tuple(result)


def _place(said: Sequence[Paragraph | StatementDeclaration], after: str) -> int:
    """How many of the paragraphs stand before what stood after one with that beginning; all where there is none."""
    if not after:
        return 0
    begin = fold(after).form
    near = [
        likeness(begin, fold(block.text).form[: len(begin)], NEAR) if isinstance(block, Paragraph) else 0
        for block in said
    ]
    best = max(near, default=0)
    return near.index(best) + 1 if best else len(said)
