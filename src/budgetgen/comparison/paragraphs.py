"""Two documents of one year, paragraph by paragraph: what their figures and texts do not account for is told.

A paragraph that each document has just as its own Book gives it differs only in what the other lists tell already.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.book.figures import with_figures
from budgetgen.comparison.alignment import Alignment
from budgetgen.comparison.figures import number
from budgetgen.comparison.values import Kind, Matter, WordingChange
from budgetgen.edition.declarations import FIGURES, FigureColumn
from budgetgen.reading.document.narrative.patterns import unmarked
from budgetgen.saying.disclosure import compose
from budgetgen.values.likeness import likest
from budgetgen.values.model import Paragraph
from budgetgen.values.text import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.comparison.matching import Both
    from budgetgen.comparison.values import FigureChange, ReasonChange, Side, StructureChange
    from budgetgen.values.model import Row
    from budgetgen.values.places import FilePlace

FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
"""A figure as it is printed; rates are told by their figure alone."""
LEAST = Decimal("0.5")
"""How alike two paragraphs are at least to be one that was changed."""
NAMED_MATTERS = frozenset({Matter.UNIT, Matter.PROJECT})
"""What paragraphs name, and come and go with."""
COUNTED = (
    FigureColumn.AMOUNT,
    FigureColumn.PRIOR,
    FigureColumn.CHANGE,
    FigureColumn.RATE,
    FigureColumn.SHARE,
)
"""What sentences say of a figure."""

Text: TypeAlias = "tuple[FilePlace | None, str]"
"""A paragraph's place and text."""
Remaining: TypeAlias = "tuple[tuple[ReasonChange, ...], tuple[WordingChange, ...]]"
"""Reasons and texts that are to be told."""


@dataclass(frozen=True)
class Paragraphs:
    """The paragraphs of two documents of one year.

    Attributes:
        both: the documents.
        figures, reasons, wording, structure: what is told of them without this.
    """

    both: Both
    figures: Sequence[FigureChange]
    reasons: Sequence[ReasonChange]
    wording: Sequence[WordingChange]
    structure: Sequence[StructureChange]

    def changes(self) -> Iterator[WordingChange]:
        """What is told of by no other list: paragraphs reworded, moved, gone and new."""
        gone, come, pairs = self._differing()
        for (_, old), (place, new) in pairs:
            if (old, new) in self.retold or not self._accounted(old, new):
                yield told_paragraph(Kind.CHANGED, old, new, place)
        moved = Counter(form(text) for _, text in gone) & Counter(form(text) for _, text in come)
        for place, old in gone:
            if not moved[form(old)] and (place in self.lost or not self._known(old, 0)):
                yield told_paragraph(Kind.WENT, old, "", None)
        for place, new in come:
            if moved[form(new)]:
                yield told_paragraph(Kind.MOVED, new, new, place)
            elif not self._known(new, 1):
                yield told_paragraph(Kind.CAME, "", new, place)

    def _differing(self) -> tuple[list[Text], list[Text], list[tuple[Text, Text]]]:
        """The paragraphs that only one document has, and those that are the same one, changed."""
        old, new = (side.paragraphs or () for side in (self.both.old, self.both.new))
        before, after = ([form(text) for _, text in side] for side in (old, new))
        gone, come = list[Text](), list[Text]()
        pairs: list[tuple[Text, Text]] = []
        for had, has in Alignment(before, after).differing:
            alike = likest([before[n] for n in had], [after[n] for n in has], LEAST)
            found = {(had[a], has[b]) for a, b, _ in alike}
            left = [n for n in had if n not in {a for a, _ in found}]
            right = [n for n in has if n not in {b for _, b in found}]
            if len(left) == len(right) == 1:  # between the same neighbours
                found, left, right = found | {(left[0], right[0])}, [], []
            pairs += [(old[a], new[b]) for a, b in sorted(found)]
            gone += [old[n] for n in left]
            come += [new[n] for n in right]
        return gone, come, pairs

    # --- what is told already ---

    @cached_property
    def composed(self) -> tuple[frozenset[str], frozenset[str]]:
        """The paragraphs that the Book of each document gives."""
        return composed(self.both.old), composed(self.both.new)

    @cached_property
    def retold(self) -> frozenset[tuple[str, str]]:
        """The paragraphs by which last year's figures differ: no cell of a table holds these."""
        olds, news = (dict(side.paragraphs or ()) for side in (self.both.old, self.both.new))
        prior = self.both.new.edition.comparisons.prior
        return frozenset(
            (olds.get(one.old_place, ""), news.get(one.new_place, ""))
            for one in self.figures
            if one.table == prior
        )

    @cached_property
    def lost(self) -> frozenset[FilePlace | None]:
        """Where last year's figures stood that are not told any more: they went with their paragraphs."""
        prior = self.both.new.edition.comparisons.prior
        return frozenset(
            one.old_place for one in self.figures if one.table == prior and one.kind is Kind.WENT
        )

    @cached_property
    def moves(self) -> frozenset[tuple[Decimal, Decimal]]:
        """The figures that are told to differ, before and after, with what sentences say of them."""
        told = {(abs(one.old), abs(one.new)) for one in self.figures}
        olds, news = (
            {row.key: row for row in with_figures(side.book, side.edition)[FIGURES].rows}
            for side in (self.both.old, self.both.new)
        )
        return frozenset(told) | {
            (abs(number(olds[key][column].value)), abs(number(news[key][column].value)))
            for key in olds.keys() & news.keys()
            for column in COUNTED
            if not _differs(olds[key], news[key], FigureColumn.PRIOR)
        }

    @cached_property
    def texts(self) -> frozenset[tuple[str, str]]:
        """The texts that are told to differ, before and after."""
        pairs = [
            *((one.old, one.new) for one in self.wording),
            *((one.old_sentence, one.new_sentence) for one in self.wording),
            *((one.old_reason, one.new_reason) for one in self.reasons),
            *((one.old, "") for one in self.structure if one.matter in NAMED_MATTERS),
            *(("", one.new) for one in self.structure if one.matter in NAMED_MATTERS),
        ]
        return frozenset((canonical(old), canonical(new)) for old, new in pairs)

    def _accounted(self, old: str, new: str) -> bool:
        """Whether all in which a paragraph differs follows from what other lists tell."""
        before, after = form(old), form(new)
        if before in self.composed[0] and after in self.composed[1]:
            return True
        for was, now in self.texts:
            if was and now and was in before:
                before = before.replace(was, now)
        if before == after or (self._known(old, 0) and self._known(new, 1)):
            return True
        numbers = [tuple(map(_amount, FIGURE.findall(text))) for text in (before, after)]
        return FIGURE.sub("", before) == FIGURE.sub("", after) and all(
            a == b or (a, b) in self.moves for a, b in zip(*numbers, strict=True)
        )

    def _known(self, text: str, side: int) -> bool:
        """Whether a paragraph that one document has is told by what its Book has, or by another list."""
        own, known = form(text), self.composed
        if own in known[side] and own not in known[1 - side]:
            return True
        return any(said and (said in own or own in said) for pair in self.texts for said in (pair[side],))


def standing(both: Both, reasons: Sequence[ReasonChange], wording: Sequence[WordingChange]) -> Remaining:
    """The reasons and texts that really came or went: what still stands in the other document was only not read."""
    old, new = (frozenset(form(text) for _, text in side.paragraphs or ()) for side in (both.old, both.new))
    olds, news = "\n".join(old), "\n".join(new)
    return (
        tuple(
            one
            for one in reasons
            if (one.old_reason or canonical(one.new_reason) not in olds)
            and (one.new_reason or canonical(one.old_reason) not in news)
        ),
        tuple(
            one
            for one in wording
            if not (one.kind is Kind.WENT and form(one.old_sentence) in new)
            and not (one.kind is Kind.CAME and form(one.new_sentence) in old)
        ),
    )


def _differs(old: Row, new: Row, column: str) -> bool:
    return number(old[column].value) != number(new[column].value)


def form(text: str) -> str:
    """A paragraph as it is compared: without its number, which moves with those before it."""
    return canonical(unmarked(text))


def _amount(text: str) -> Decimal:
    return number(Decimal(text.replace(",", "")))


def composed(side: Side) -> frozenset[str]:
    """The paragraphs that the Book of a file gives, as they are compared."""
    whole = compose(side.book, side.edition)
    blocks = (block for part in whole.parts for block in part.blocks)
    lines = (*whole.cover, *whole.signature, *(text for _, text in whole.entries))
    texts = (*lines, *(block.text for block in blocks if isinstance(block, Paragraph)))
    return frozenset(map(form, texts))


def told_paragraph(kind: Kind, old: str, new: str, place: FilePlace | None) -> WordingChange:
    """A paragraph that differs."""
    return WordingChange(kind, "", "", "", "", "", "", old, new, old, new, place)
