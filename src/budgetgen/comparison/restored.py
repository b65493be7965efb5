"""Two years' documents, with the slips of each put back into the words of the other: what only follows is not told.

A heading, sentence, caption or code with a slip in it may not be understood, and much that hangs on it then differs as
well. Read again as the other document words it, with its own figures, all that remains is told beside the slip itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.comparison.labels import Labels
from budgetgen.comparison.matching import Both
from budgetgen.comparison.own_words import NUMBER, OwnWords
from budgetgen.comparison.paragraphs import form, told_paragraph
from budgetgen.comparison.places import placed
from budgetgen.comparison.values import Kind, Matter
from budgetgen.reading.document.narrative.patterns import unmarked
from budgetgen.values.likeness import likest
from budgetgen.values.model import Table

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from budgetgen.comparison.values import Changes, Pair, Restorable, Side, WordingChange
    from budgetgen.reading.cells import Raw
    from budgetgen.values.places import FilePlace

SLIP = Decimal("0.75")
"""How alike two paragraphs are at least, figures and years apart, to be one with a slip."""


@dataclass(frozen=True)
class WordSlip:
    """What of a document reads otherwise than the other has it.

    Attributes:
        side: which document.
        instead: how it would read, by its place; a code by the places of its parts.
        told: it as a line; None where a change of code tells it.
    """

    side: int
    instead: Mapping[FilePlace, str]
    told: WordingChange | None = None


Compared: TypeAlias = "Callable[[Both, tuple[OwnWords, OwnWords]], Changes]"
"""Compares two documents, each beside its own Book."""


def restored(both: Both, compared: Compared) -> Changes:
    """What two documents differ in, without what only follows from slips in them.

    The tables first: sentences are understood by these.
    """
    words = _words(both)
    first = Restored(both, words, compared(both, words))
    tables = first.put_back([*first.captions(), *first.codes()], compared)
    return tables.put_back([*tables.reworded(1), *tables.reworded(0)], compared).found


def _words(both: Both) -> tuple[OwnWords, OwnWords]:
    return OwnWords(both.old), OwnWords(both.new)


@dataclass(frozen=True)
class Restored:
    """The documents of two years as they would be without slips.

    Attributes:
        both: the documents.
        documents: both, each beside its own Book.
        found: what they differ in as they are.
    """

    both: Both
    documents: tuple[OwnWords, OwnWords]
    found: Changes

    def put_back(self, slips: Sequence[WordSlip], compared: Compared) -> Restored:
        """The same without slips, and these told beside what else differs; as it is where that is no less to tell."""
        if not slips:
            return self
        old, new = (by_the_format(self._without(slips, side)) for side in (0, 1))
        both = Both(old, new, self.both.threshold)
        words = _words(both)
        wrong = [slip for slip in slips if slip.told and _given(slip.told, words, slip.side)]
        if wrong:
            return self.put_back([slip for slip in slips if slip not in wrong], compared)
        found = self._changes(slips, compared(both, words))
        return Restored(both, words, found) if lines(found) <= lines(self.found) else self

    def _changes(self, slips: Sequence[WordSlip], left: Changes) -> Changes:
        """What differs beside slips, and these."""
        coded = [one for one in self.found.structure if one.matter is Matter.CODE]
        return replace(
            left,
            old=self.found.old,
            new=self.found.new,
            wording=tuple(self._told(slips, left)),
            structure=(*(one for one in left.structure if one not in coded), *coded),
        )

    def _without(self, slips: Sequence[WordSlip], side: int) -> Side:
        document = (self.both.old, self.both.new)[side]
        instead = {place: text for one in slips if one.side == side for place, text in one.instead.items()}
        return document.manuscript.side(instead) if instead and document.manuscript else document

    def _told(self, slips: Sequence[WordSlip], left: Changes) -> Iterator[WordingChange]:
        """What is left of the texts, and the slips, each as it was found, or else by itself; each place once."""

        def at(one: WordingChange, slip: WordSlip) -> bool:
            return (one.old_place, one.place)[slip.side] in slip.instead

        told = [slip for slip in slips if slip.told]
        yield from (one for one in left.wording if not any(at(one, slip) for slip in told))
        for slip in told:
            own = [one for one in self.found.wording if at(one, slip)]
            yield own[0] if own else next(placed(self.both, filter(None, [slip.told])))

    # --- paragraphs ---

    def reworded(self, side: int) -> Iterator[WordSlip]:
        """The paragraphs of a document in words of its own that are nearly those of the other; of two such the later."""
        mine, other = self.documents[side], self.documents[1 - side]
        more, fewer = mine.plains - other.plains, other.plains - mine.plains
        words = {one.plain for one in mine.own}
        own = [one for one in mine.printed if more[one[2]] and (one[2] in words or mine.of_cell(one[2]))]
        others = [
            one
            for one in other.printed
            if fewer[one[2]] and (side or one[2] not in self._late) and not other.of_cell(one[2])
        ]
        for a, b, _ in likest([one[2] for one in own], [one[2] for one in others], SLIP):
            place, said = own[a][:2]
            text = reworded_as(said, others[b][1])
            if place and text and self._manuscript(side):
                told = (others[b][1], said) if side else (said, others[b][1])
                change = told_paragraph(Kind.CHANGED, *told, place if side else others[b][0])
                yield WordSlip(
                    side, {place: text}, replace(change, old_place=others[b][0] if side else place)
                )

    @cached_property
    def _late(self) -> frozenset[str]:
        """What the later document says in words of its own."""
        return frozenset(one.plain for one in self.documents[1].own)

    def _manuscript(self, side: int) -> Restorable | None:
        return (self.both.old, self.both.new)[side].manuscript

    # --- tables ---

    def captions(self) -> Iterator[WordSlip]:
        """The captions for which a table of one document was not read."""
        labels = Labels(self.both)
        for side, found in enumerate(labels.altered):
            for one in found:
                if one.place and one.table in labels.unread and self._manuscript(side):
                    said = (one.meant, one.said) if side else (one.said, one.meant)
                    yield WordSlip(side, {one.place: one.meant}, labels.change(one, *said))

    def codes(self) -> Iterator[WordSlip]:
        """The lines of the later document that have another code than the earlier one has for the same name."""
        for name in self.both.shared:
            codes = [c.name for c in self.both.declared(name).main.columns if c.type == "code"]
            for pair in self.both.pairs[name] if len(codes) == 1 else ():
                if pair.recoded and (instead := self._coded(pair, codes[0])):
                    yield WordSlip(1, instead)

    def _coded(self, pair: Pair, column: str) -> Mapping[FilePlace, str]:
        """The parts of the code of a line as the earlier document has them, by their places."""
        place, manuscript = pair.cells(column)[1].place, self._manuscript(1)
        if not (pair.old and pair.new and place and manuscript):
            return {}
        return _parts(manuscript.line(place), pair.new.text(column), pair.old.text(column))


def _given(told: WordingChange, words: Sequence[OwnWords], side: int) -> bool:
    """Whether a document without slips would say what was taken for one: it is the format's."""
    return words[side].plain((told.old, told.new)[side]) in words[side].given


def lines(changes: Changes) -> int:
    """How many differences are told that follow from no other, the other format's own apart."""
    real = [one for one in changes.structure if not one.template]
    told = (changes.linkage, changes.reasons, changes.leading, changes.wording, real)
    return sum(map(len, told))


def reworded_as(said: str, other: str) -> str:
    """A paragraph in the words of another, with its own figures and years; empty where it has not as many, or as it is.

    >>> reworded_as("（一）事项支出5.00万元，占3.20%", "（二）项目支出4.00万元，占2.80%")
    '（一）项目支出5.00万元,占3.20%'
    """
    own, instead = form(said), form(other)
    figures, places = ([*NUMBER.finditer(text)] for text in (own, instead))
    if [_kind(one) for one in figures] != [_kind(one) for one in places]:
        return ""
    ends = [0, *(end for one in places for end in one.span()), len(instead)]
    words = [instead[a:b] for a, b in zip(ends[::2], ends[1::2], strict=True)]
    kept = [(b if b["lasting"] else a)[0] for a, b in zip(figures, places, strict=True)]
    text = words[0] + "".join(figure + more for figure, more in zip(kept, words[1:], strict=True))
    return said[: len(said) - len(unmarked(said))] + text if text != own else ""


def _kind(found: re.Match[str]) -> str:
    """What kind of number is found; a figure has none."""
    return found.lastgroup or ""


def _parts(line: Sequence[Raw], said: str, other: str) -> Mapping[FilePlace, str]:
    """The cells side by side that hold a code together, each with its part of another of the same length."""
    cells = [(raw.place, str(raw.value).strip()) for raw in line if raw.place and not raw.blank]
    cells = list(dict.fromkeys(cells))
    for n, _ in enumerate(cells):
        ends = [0, *accumulate(len(text) for _, text in cells[n:])]
        size = ends.index(len(said)) if len(said) in ends else 0
        if size and "".join(text for _, text in cells[n : n + size]) == said and len(said) == len(other):
            spans = pairwise(ends[: size + 1])
            parts = zip(cells[n : n + size], spans, strict=True)
            return {place: other[a:b] for (place, text), (a, b) in parts if text != other[a:b]}
    return {}


def by_the_format(side: Side) -> Side:
    """A document beside what its format says: the paragraphs that were kept as they stand are compared by themselves."""
    kept = side.edition.verbatim.table
    if side.paragraphs is None or kept not in side.book.tables:
        return side
    return replace(side, book=side.book.with_tables({kept: Table(kept)}))
