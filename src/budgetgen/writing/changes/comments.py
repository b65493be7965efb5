"""The changes between two files as comments on the new document, each where it is spoken of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.comparison.listings import (
    CONCERNS,
    KINDS,
    led,
    side_names,
    table_name,
    told_cell,
    told_linkage,
    told_reason,
    told_structure,
    told_wording,
)
from budgetgen.comparison.values import Kind, Link
from budgetgen.comparison.wording import sentences
from budgetgen.edition.declarations import FIGURES
from budgetgen.reading.document.blocks import Text
from budgetgen.values.likeness import likeness
from budgetgen.values.text import canonical
from budgetgen.writing.review.comments import Comment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.comparison import Changes
    from budgetgen.comparison.values import FigureChange, ReasonChange, WordingChange
    from budgetgen.reading.document.blocks import Block
    from budgetgen.values.model import Book
    from budgetgen.values.places import FilePlace

NEAR = 0.6
"""How alike a paragraph must be to the sentence that is looked for."""
AMOUNT = "金额"


def comments(changes: Changes, found: Sequence[Block], printed: Book) -> Iterator[Comment]:
    """A comment for every finding; the figures of one row share one, and so do findings without a place.

    Args:
        changes: what differs; what only the other format has so is no finding.
        found: the paragraphs and tables of the new document.
        printed: the book read from it, for the places of its cells.
    """
    places = _Places(changes, tuple(b for b in found if isinstance(b, Text)), printed)
    told = list(_told(changes, places))
    if unplaced := [comment.text for comment in told if not comment.place]:
        yield Comment(None, "\n".join(unplaced))
    yield from (comment for comment in told if comment.place)


def _told(changes: Changes, places: _Places) -> Iterator[Comment]:
    for linkage in changes.linkage:
        yield Comment(places.of_figure(linkage.figure), f"【与上年衔接】{told_linkage(linkage)}。")
    for reason in changes.reasons:
        yield Comment(places.of_figure(reason.figure), _reason_text(changes, reason))
    rows: dict[tuple[str, str, Kind], list[FigureChange]] = defaultdict(list)
    for figure in changes.leading:
        rows[figure.table, figure.key, figure.kind].append(figure)
    for row in rows.values():
        yield Comment(places.of_row(row), _row_text(changes, row))
    for wording in changes.wording:
        yield Comment(places.of_wording(wording), f"【文字】{told_wording(changes, wording)}")
    for one in changes.structure:
        if not (one.template or one.link is Link.CLOSED):  # which item became secret is not for the document
            yield Comment(places.of_name(one.new, one.table), f"【结构】{told_structure(changes, one)}")


def _reason_text(changes: Changes, reason: ReasonChange) -> str:
    """A reason that is to be looked at, with the old one where that helps to judge it."""
    _, fix = CONCERNS[reason.concern]
    lines = [f"【增减原因】{told_reason(reason)}", f"请：{fix}。"]
    if reason.old_reason and reason.concern.risky:
        lines.insert(1, f"{side_names(changes)[0]}的原因：{reason.old_reason}")
    return "\n".join(lines)


def _row_text(changes: Changes, row: Sequence[FigureChange]) -> str:
    first = row[0]
    came = "" if first.kind is Kind.CHANGED else f"（{KINDS[first.kind]}）"
    head = f"【数字】{table_name(changes.new, first.table)} {first.name}{came}"
    return "\n".join([head, *(told_cell(one) + led(changes, one.spot) for one in row)])


@dataclass(frozen=True)
class _Places:
    """Where in the new document things stand.

    Attributes:
        changes: what differs.
        texts: the paragraphs.
        printed: the book read from the document.
    """

    changes: Changes
    texts: tuple[Text, ...]
    printed: Book

    @cached_property
    def said(self) -> Mapping[tuple[str, str, str], str]:
        """The sentences of the new file by the cells that they say."""
        return {spot: sentence.text for spot, sentence in sentences(self.changes.new).items()}

    @cached_property
    def forms(self) -> tuple[tuple[FilePlace, str], ...]:
        """The paragraphs as they are compared: (place, form)."""
        return tuple((text.place, canonical(text.text)) for text in self.texts)

    @cached_property
    def named(self) -> Mapping[str, FilePlace]:
        """The names that stand in cells of tables → the first place of each."""
        found: dict[str, FilePlace] = {}
        for table in self.printed.tables.values():
            for cell in (cell for row in table.rows for cell in row.cells.values()):
                if cell.place and isinstance(cell.value, str):
                    found.setdefault(canonical(cell.value), cell.place)
        return found

    def of_figure(self, key: str) -> FilePlace | None:
        """The sentence that speaks of a figure of the narrative."""
        return self.paragraph(self.said.get((FIGURES, key, AMOUNT), ""))

    def of_row(self, row: Sequence[FigureChange]) -> FilePlace | None:
        """A row's first changed cell; the table of one that went; the sentence that says it where no table does."""
        first = row[0]
        found = self.printed[first.table].get(first.key)
        cells = (found[change.column].place for change in row) if found else ()
        told = (self.said.get((first.table, first.key, change.column), "") for change in row)
        return (
            next((place for place in cells if place), None)
            or (found.place if found else None)
            or self.of_table(first.table)
            or self.paragraph(next(filter(None, told), ""))
        )

    def of_table(self, name: str) -> FilePlace | None:
        """The first cell of a table; empty where it is none of the document."""
        table = self.printed.tables.get(name)
        return next((row.place for row in table.rows if row.place), None) if table else None

    def of_wording(self, change: WordingChange) -> FilePlace | None:
        """The sentence or the cell that says a text, else the heading of its section, else its table."""
        found = self.printed.tables[change.table].get(change.key) if change.table else None
        cell = found[change.column].place if found and change.kind is not Kind.WENT else None
        return (
            self.paragraph(change.new_sentence)
            or cell
            or self.named.get(canonical(change.new))
            or self.paragraph(change.section)
            or self.of_table(change.table)
        )

    def of_name(self, name: str, tables: str) -> FilePlace | None:
        """Where a name stands first, else the first of the tables that held it."""
        known = self.named.get(canonical(name)) if name else None
        held = (place for table in tables.split("、") if (place := self.of_table(table)))
        return known or next(held, None) or self.paragraph(name)

    def paragraph(self, text: str) -> FilePlace | None:
        """The paragraph that says a text, or nearly so; empty where none does."""
        wanted = canonical(text)
        if not wanted:
            return None
        exact = [place for place, form in self.forms if wanted in form]
        if exact:
            return exact[-1]  # the contents repeat the headings
        scored = ((likeness(wanted, form, NEAR), place) for place, form in self.forms)
        score, place = max(scored, key=lambda one: one[0], default=(0, None))
        return place if score else None
