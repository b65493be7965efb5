"""What a document says in other words than the format, which says it itself: told, and not printed a second time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.reading.document.narrative.leftover import BEGINNING
from budgetgen.saying.rewording import WordedSentence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Review
    from budgetgen.reading.document.blocks import Text
    from budgetgen.reading.document.narrative.leftover import Kept


@dataclass(frozen=True, slots=True)
class Rewording:
    """A sentence of a document that the format says in words of its own.

    Attributes:
        text: as the document says it.
        instead: as the format does.
        beyond: the clauses of it that the format's sentence does not have.
    """

    text: Text
    instead: str
    beyond: tuple[str, ...]


@dataclass(frozen=True)
class SectionWording:
    """The sentences of a section that were kept, beside those that were read and those that the format gives."""

    kept: Sequence[WordedSentence]
    read: Sequence[WordedSentence]
    given: Sequence[WordedSentence]
    words: Review

    @cached_property
    def instead(self) -> Mapping[int, WordedSentence]:
        """What the format says for a kept sentence, by its number: what none that was read is likelier to be."""
        scores = sorted(
            (
                (one.same(self._open[n], self.words), -a, n)
                for a, one in enumerate(self._every)
                for n in self._near
            ),
            reverse=True,
        )
        taken: dict[int, int] = {}
        for score, a, n in scores:
            if score and -a not in taken and n not in taken.values():
                taken[-a] = n
        read = {n for a, n in taken.items() if a >= len(self.kept)}
        found = {a: self._open[n] for a, n in taken.items() if a < len(self.kept)}
        return found | dict(self._inside([n for n in self._near if n not in read], found))

    def _inside(self, near: Sequence[int], found: Collection[int]) -> Iterator[tuple[int, WordedSentence]]:
        """The other kept sentences that one of some of the format's says among other things."""
        for a, one in enumerate(self.kept):
            told = (self._open[n] for n in near if one.within(self._open[n]))
            if a not in found and (instead := next(told, None)):
                yield a, instead

    @cached_property
    def _every(self) -> Sequence[WordedSentence]:
        """Those that were kept, and those that were read in other words."""
        spare = Counter(one.form for one in self.given)
        return (*self.kept, *_left(self.read, spare))

    @cached_property
    def _open(self) -> Sequence[WordedSentence]:
        """Those of the format that were not read in the same words."""
        return _left(self.given, Counter(one.form for one in self.read))

    @cached_property
    def _near(self) -> Sequence[int]:
        """Those among them that a kept one is like."""
        return [
            n
            for n, meant in enumerate(self._open)
            if any(one.same(meant, self.words) or one.within(meant) for one in self.kept)
        ]


def _left(found: Sequence[WordedSentence], spare: Counter[str]) -> list[WordedSentence]:
    """The sentences without so many of each form."""
    left = list[WordedSentence]()
    for one in found:
        if spare[one.form] > 0:
            spare[one.form] -= 1
        else:
            left.append(one)
    return left


@dataclass(frozen=True)
class Rewordings:
    """What was kept of a document beside what its Book says.

    Attributes:
        given: what its Book gives in each section, and below each table.
        read: what was understood, by the section, or the table, that it stands in.
        kept: what was kept, in order.
        words: by which sentences tell which way an amount went.
    """

    given: Mapping[str, Sequence[str]]
    read: Mapping[str, Sequence[str]]
    kept: Sequence[Kept]
    words: Review

    @property
    def told(self) -> tuple[Rewording, ...]:
        """What of the kept the format says itself."""
        return tuple(
            Rewording(replace(one.text, text=own.text), meant.text, own.beyond(meant))
            for one, said in zip(self.kept, self._said, strict=True)
            for own, meant in said
            if meant
        )

    @property
    def left(self) -> tuple[Kept, ...]:
        """The rest, each behind the format's sentence where what it stood behind was one in other words."""
        left: list[Kept] = []
        moved: dict[tuple[str, str], str] = {}
        for one, said in zip(self.kept, self._said, strict=True):
            if own := "".join(part.text for part, meant in said if not meant):
                after = moved.get((one.section, one.after), one.after)
                left.append(replace(one, after=after, text=replace(one.text, text=own)))
            if meant := [meant for _, meant in said if meant]:
                moved[one.section, one.after] = meant[-1].paragraph[:BEGINNING]
        return tuple(left)

    @cached_property
    def _said(self) -> Sequence[Sequence[tuple[WordedSentence, WordedSentence | None]]]:
        """The sentences of each kept paragraph, each with what the format says instead."""
        parts = [(one.section, WordedSentence.parts(one.text.text)) for one in self.kept]
        instead: dict[int, WordedSentence] = {}
        for section in dict.fromkeys(section for section, _ in parts):
            own = [part for place, found in parts if place == section for part in found]
            read, given = (_parts(said.get(section, ())) for said in (self.read, self.given))
            compared = SectionWording(own, read, given, self.words)
            instead |= {id(own[n]): meant for n, meant in compared.instead.items()}
        return [[(part, instead.get(id(part))) for part in found] for _, found in parts]


def _parts(paragraphs: Sequence[str]) -> list[WordedSentence]:
    """The sentences of some paragraphs."""
    return [part for paragraph in paragraphs for part in WordedSentence.parts(paragraph)]
