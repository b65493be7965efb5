"""What of two years' documents is told already by a paragraph that is told itself, or was only not understood."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.comparison.matching import NAMED, rolled, same_but_years
from budgetgen.comparison.own_words import CELL, LEAST, SLIP, one_changed
from budgetgen.comparison.paragraphs import FIGURE, form
from budgetgen.comparison.values import Kind, Link, Matter
from budgetgen.comparison.wording import sentences, statements
from budgetgen.values.likeness import LEAST_TOLD, likest
from budgetgen.values.text import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.comparison.matching import Both
    from budgetgen.comparison.own_words import OwnWords
    from budgetgen.comparison.told import ToldTexts
    from budgetgen.comparison.two_years import TwoYears
    from budgetgen.comparison.values import FigureChange, ReasonChange, StructureChange, WordingChange
    from budgetgen.comparison.wording import NarrativeSentence


@dataclass(frozen=True)
class Retold:
    """What else the lists tell of two documents, beside the paragraphs that are told.

    Attributes:
        years: both documents, each beside its Book.
        told: the paragraphs that are told.
    """

    years: TwoYears
    told: ToldTexts

    def wording(self, texts: Sequence[WordingChange]) -> tuple[WordingChange, ...]:
        """The texts without those that stand in such a paragraph, or were only not understood where they stand."""
        return tuple(one for one in texts if not self._again(one))

    def apart(self, found: Sequence[WordingChange]) -> tuple[WordingChange, ...]:
        """The texts without paragraphs that are told to be gone, or new, and stand within another or elsewhere."""
        changed = [one for one in found if one.kind is Kind.CHANGED]
        return tuple(one for one in found if not (self._taken_in(one, changed) or self._moved_itself(one)))

    def _taken_in(self, one: WordingChange, changed: Sequence[WordingChange]) -> bool:
        """Whether a paragraph that only one document has stands within a paragraph of the other, and that is told."""
        if one.kind not in {Kind.WENT, Kind.CAME}:
            return False
        mine, other = self.years.of(0 if one.kind is Kind.WENT else 1)
        plain = mine.plain(one.old_sentence or one.new_sentence)
        pairs = [
            (said.old_sentence, said.new_sentence)[:: 1 if one.kind is Kind.WENT else -1]
            for said in changed
            if len(plain) >= LEAST_TOLD
        ]
        return any(plain in other.plain(there) and plain not in mine.plain(here) for here, there in pairs)

    def _moved_itself(self, one: WordingChange) -> bool:
        """Whether what the Book gives of a paragraph is told to be gone, and the paragraph itself to stand elsewhere."""
        old, new = self.years.documents
        moved = {new.plain(said.new) for said in self.told.of(Kind.MOVED).lines}
        plain = old.plain(one.old_sentence)
        if one.kind is not Kind.WENT or not moved or plain in old.plains:
            return False
        return any(list(old.plains)[n] in moved for _, n, _ in likest([plain], list(old.plains), LEAST))

    def _again(self, one: WordingChange) -> bool:
        """Whether a text is told already; one that moved stands in both documents, and is if its paragraph is told."""
        if one.kind is Kind.MOVED:
            return form(one.new_sentence) in self.told.forms[1]
        if one.old and one.new:
            return self._longer(one) or self._within_said(one)
        return self._retold(one.old_sentence, 0) if one.old else self._retold(one.new_sentence, 1)

    def _longer(self, one: WordingChange) -> bool:
        """Whether a text differs only by paragraphs that are told themselves: it was read on into these."""
        old, new = form(one.old_sentence), form(one.new_sentence)
        for gone in self.told.forms[0]:
            old = old.replace(gone, "")
        for come in self.told.forms[1]:
            new = new.replace(come, "")
        shift = self.years.both.shift
        shortened = (old, new) != (form(one.old_sentence), form(one.new_sentence))
        return shortened and same_but_years(old, new, shift)

    def _within_said(self, one: WordingChange) -> bool:
        """Whether the document says a text of a cell in no sentence but one in words of its own, which is told.

        A short text may stand in any sentence.
        """
        old, new = form(one.old), form(one.new)
        short = min(len(old), len(new)) < CELL
        if short or not one.statement or form(one.new_sentence) in self._paragraphs:
            return False
        changed = self.told.changed.lines
        return any(old in form(said.old) and new in form(said.new) for said in changed)

    @cached_property
    def _paragraphs(self) -> frozenset[str]:
        """What the later document says."""
        return frozenset(form(text) for _, text, _ in self.years.documents[1].printed)

    def figures(self, found: Sequence[FigureChange]) -> tuple[FigureChange, ...]:
        """The figures without those that lack only since the sentence that tells them was not understood."""
        lacking = {
            one.spot: (self._sentence(one), 1 if one.old == 0 else 0) for one in found if self._lone(one)
        }
        spent = Counter(
            self.years.documents[side].plain(text) for text, side in set(lacking.values()) if text
        )
        instead = self._instead[0] + self._instead[1]

        def known(text: str, side: int) -> bool:
            plain = self.years.documents[side].plain(text)
            return self._known(text, side) or 0 < spent[plain] <= instead[plain]

        unread = {spot for spot, (text, side) in lacking.items() if text and known(text, side)}
        return tuple(one for one in found if one.spot not in unread and not self._within(one))

    def _within(self, one: FigureChange) -> bool:
        """Whether a figure stands in no table, but in a sentence that is told to be reworded, with its figures."""
        spot = one.table, one.key, one.column
        if self.years.documents[1].side.edition.tables[one.table].printed or self._lone(one):
            return False
        says = (told[spot].text if spot in told else "" for told in self._sentences)
        return any(form(text) in self.told.changed.forms[side] for side, text in enumerate(says) if text)

    def structure(self, found: Sequence[StructureChange]) -> tuple[StructureChange, ...]:
        """The changes without facts of the unit that only a sentence tells which is told itself."""
        return tuple(one for one in found if not (one.matter is Matter.UNIT and self._inferred(one.table)))

    def _inferred(self, fact: str) -> bool:
        """Whether a fact decides how a sentence is worded that one of the documents has otherwise."""
        return any(
            plain in self._reworded[side]
            for side, document in enumerate(self.years.documents)
            for plain in _worded_by(document, fact)
        )

    @cached_property
    def _reworded(self) -> tuple[frozenset[str], frozenset[str]]:
        """The paragraphs of each document that are told, without figures and years, and what its Book gives instead."""
        old, new = (
            frozenset({document.plain(text) for text in told} | set(instead))
            for document, told, instead in zip(
                self.years.documents, self.told.forms, self._instead, strict=True
            )
        )
        return old, new

    @staticmethod
    def _lone(one: FigureChange) -> bool:
        """Whether only one document has a figure."""
        return (one.old == 0) is not (one.new == 0)

    def _sentence(self, one: FigureChange) -> str:
        """The sentence that tells a figure which only one document has; empty where none does."""
        told = self._sentences[1 if one.old == 0 else 0].get((one.table, one.key, one.column))
        return told.text if told else ""

    def _retold(self, text: str, side: int) -> bool:
        """Whether a paragraph of one document is told, in its own words too, or stands in the other no less often."""
        plain = self.years.documents[side].plain(text)
        if self._known(text, side) or self._instead[side][plain]:
            return True
        return 0 < self.years.documents[side].plains[plain] <= self.years.documents[1 - side].plains[plain]

    def _known(self, text: str, side: int) -> bool:
        """Whether a text of one document is told, or stands in the other one and was not read."""
        mine, other = self.years.of(side)
        return self.told.touches(text, side) or mine.plain(text) in other.unread

    @cached_property
    def _instead(self) -> tuple[Counter[str], Counter[str]]:
        """What the Book of each document gives in the place of these, where they are in words of its own."""
        old, new = (
            Counter(one.instead for one in document.own if one.instead and form(one.text) in told)
            for document, told in zip(self.years.documents, self.told.forms, strict=True)
        )
        return old, new

    @cached_property
    def _sentences(self) -> tuple[Mapping[tuple[str, str, str], NarrativeSentence], ...]:
        """What tells each cell, by the Book of each document."""
        return tuple(sentences(document.side) for document in self.years.documents)


def _worded_by(document: OwnWords, fact: str) -> Iterator[str]:
    """The paragraphs of a document's Book that are worded by a fact of the unit."""
    edition = document.side.edition
    house = edition.house
    names = [name for name, told in edition.names.items() if f"{house.about}[{fact}]" in told]
    own = {s.id for s in edition.statement if any(name in case.when for name in names for case in s.cases)}
    for id_, said in statements(document.side).items() if names else ():
        if id_ in own:
            yield document.plain(said.text)


def unsaid_in(both: Both, figures: Sequence[FigureChange], said: ToldTexts) -> tuple[FigureChange, ...]:
    """The figures without those of last year that were worked out from a sentence which is told itself."""
    olds, news = (dict(side.paragraphs or ()) for side in (both.old, both.new))
    prior, before, after = both.new.edition.comparisons.prior, *said.texts
    return tuple(
        one
        for one in figures
        if one.table != prior
        or (olds.get(one.old_place) not in before and news.get(one.new_place) not in after)
    )


def gone_with(reasons: Sequence[ReasonChange], said: ToldTexts) -> tuple[ReasonChange, ...]:
    """The reasons without those that went with a paragraph which is told itself."""
    gone = said.of(Kind.WENT).forms[0]
    return tuple(
        one
        for one in reasons
        if one.new_reason or not any(canonical(one.old_reason) in paragraph for paragraph in gone)
    )


def beside_names(
    both: Both, texts: Iterable[WordingChange], things: Iterable[StructureChange]
) -> tuple[WordingChange, ...]:
    """The texts without names in cells that changed as a project or a unit did which is told to be renamed."""
    renamed = {(both.known(one.old), both.known(one.new)) for one in things if one.link is Link.RENAMED}
    return tuple(
        one
        for one in texts
        if not (
            one.column
            and both.declared(one.table).columns[one.column].type in NAMED
            and (both.known(one.old), both.known(one.new)) in renamed
        )
    )


def joined(both: Both, texts: Sequence[WordingChange]) -> tuple[WordingChange, ...]:
    """The texts, those that went and those that came as one where they are much alike: reworded, and read as another."""
    gone = [one for one in texts if one.kind is Kind.WENT and one.old_sentence]
    come = [one for one in texts if one.kind is Kind.CAME and one.new_sentence]
    before = [FIGURE.sub("", rolled(form(one.old_sentence), both.shift)) for one in gone]
    after = [FIGURE.sub("", form(one.new_sentence)) for one in come]
    pairs = likest(before, after, SLIP, one_changed(before, after))
    found = {id(come[b]): gone[a] for a, b, _ in pairs}
    left = {id(one) for one in found.values()}
    return tuple(
        replace(one, kind=Kind.CHANGED, old=found[id(one)].old, old_sentence=found[id(one)].old_sentence)
        if id(one) in found
        else one
        for one in texts
        if id(one) not in left
    )
