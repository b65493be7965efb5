"""What of two years' documents is told already by a paragraph that is told itself, or was only not understood."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.comparison.matching import alike
from budgetgen.comparison.paragraphs import form
from budgetgen.comparison.values import Kind
from budgetgen.comparison.wording import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from budgetgen.comparison.own_words import OwnWords
    from budgetgen.comparison.values import FigureChange, WordingChange
    from budgetgen.comparison.wording import NarrativeSentence


@dataclass(frozen=True)
class Retold:
    """What else the lists tell of two documents, beside the paragraphs that are told.

    Attributes:
        documents: both, each beside its Book.
        said: the paragraphs that are told.
    """

    documents: tuple[OwnWords, OwnWords]
    said: Sequence[WordingChange]

    def wording(self, texts: Sequence[WordingChange]) -> tuple[WordingChange, ...]:
        """The texts without those that stand in such a paragraph, or were only not understood where they stand."""
        return tuple(
            one
            for one in texts
            if not (not one.new and self._retold(one.old_sentence, 0))
            and not (not one.old and self._retold(one.new_sentence, 1))
            and not (one.old and one.new and self._longer(one))
        )

    def _longer(self, one: WordingChange) -> bool:
        """Whether a text differs only by paragraphs that are told to be gone or new: it was read on into these."""
        old, new = form(one.old_sentence), form(one.new_sentence)
        for gone in self._alone[0]:
            old = old.replace(gone, "")
        for come in self._alone[1]:
            new = new.replace(come, "")
        shift = self.documents[1].side.year - self.documents[0].side.year
        shortened = (old, new) != (form(one.old_sentence), form(one.new_sentence))
        return shortened and alike(old, new, shift)

    def figures(self, found: Sequence[FigureChange]) -> tuple[FigureChange, ...]:
        """The figures without those that lack only since the sentence that tells them was not understood."""
        lacking = {
            one.spot: (self._sentence(one), 1 if one.old == 0 else 0) for one in found if self._lone(one)
        }
        spent = Counter(self.documents[side].plain(text) for text, side in set(lacking.values()) if text)
        instead = self._instead[0] + self._instead[1]

        def known(text: str, side: int) -> bool:
            plain = self.documents[side].plain(text)
            return self._known(text, side) or 0 < spent[plain] <= instead[plain]

        unread = {spot for spot, (text, side) in lacking.items() if text and known(text, side)}
        return tuple(one for one in found if one.spot not in unread)

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
        plain = self.documents[side].plain(text)
        if self._known(text, side) or self._instead[side][plain]:
            return True
        return 0 < self.documents[side].plains[plain] <= self.documents[1 - side].plains[plain]

    def _known(self, text: str, side: int) -> bool:
        """Whether a text of one document is told, or stands in the other one and was not read."""
        own, plain = form(text), self.documents[side].plain(text)
        return (
            any(own in paragraph or paragraph in own for paragraph in self._told[side])
            or plain in self.documents[1 - side].unread
        )

    @cached_property
    def _told(self) -> tuple[frozenset[str], frozenset[str]]:
        """The paragraphs of each document that are told."""
        olds, news = ([one.old for one in self.said], [one.new for one in self.said])
        return frozenset(map(form, filter(None, olds))), frozenset(map(form, filter(None, news)))

    @cached_property
    def _alone(self) -> tuple[Sequence[str], Sequence[str]]:
        """The paragraphs of each that the other has nothing for."""
        return (
            [form(one.old) for one in self.said if one.kind is Kind.WENT],
            [form(one.new) for one in self.said if one.kind is Kind.CAME],
        )

    @cached_property
    def _instead(self) -> tuple[Counter[str], Counter[str]]:
        """What the Book of each document gives in the place of these, where they are in words of its own."""
        old, new = (
            Counter(one.instead for one in document.own if one.instead and form(one.text) in told)
            for document, told in zip(self.documents, self._told, strict=True)
        )
        return old, new

    @cached_property
    def _sentences(self) -> tuple[Mapping[tuple[str, str, str], NarrativeSentence], ...]:
        """What tells each cell, by the Book of each document."""
        return tuple(sentences(document.side) for document in self.documents)
