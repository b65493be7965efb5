"""Whole sections that went, came or were written anew: one cause, told on one line with all their paragraphs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.comparison.paragraphs import FIGURE, composed, form, told_paragraph
from budgetgen.comparison.places import DocumentHeadings
from budgetgen.comparison.told import ToldTexts
from budgetgen.comparison.values import Kind
from budgetgen.comparison.wording import sentences
from budgetgen.edition.declarations import FIGURES, FigureColumn
from budgetgen.values.likeness import shortened

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from budgetgen.comparison.matching import Both
    from budgetgen.comparison.told import Texts
    from budgetgen.comparison.values import FigureChange, ReasonChange, Side, WordingChange
    from budgetgen.values.places import FilePlace

BREAK = "\n"
"""Between the paragraphs of a section."""

Text: TypeAlias = "tuple[FilePlace | None, str]"
"""A paragraph's place and text."""


@dataclass(frozen=True)
class Chapters:
    """The sections of two documents of which nothing is left, or nothing was there before.

    Attributes:
        both: the documents.
        texts: what is told of their texts, each with the heading above it.
    """

    both: Both
    texts: Sequence[WordingChange]

    def wording(self) -> Iterator[WordingChange]:
        """The texts, those of a whole section as one, where the first of them stood."""
        met = set[str]()
        for one in self.texts:
            section = self._section(one)
            if section not in self._whole:
                yield one
            elif section not in met:
                met.add(section)
                yield self._folded(section, one.section)

    def figures(self, found: Iterable[FigureChange]) -> tuple[FigureChange, ...]:
        """The figures that are not told by the paragraphs of such sections alone."""
        old, new = (
            {place for section in self._whole for place, _ in under.get(section, ())} for under in self._under
        )

        def within(one: FigureChange) -> bool:
            stands = [place in own for place, own in ((one.old_place, old), (one.new_place, new)) if place]
            return bool(stands) and all(stands)

        return tuple(one for one in found if not within(one))

    def reasons(self, found: Iterable[ReasonChange]) -> tuple[ReasonChange, ...]:
        """The reasons that are not lost, or new, with such a section."""
        said = [sentences(side) for side in (self.both.old, self.both.new)]

        def lost(one: ReasonChange) -> bool:
            spot = (FIGURES, one.figure, FigureColumn.REASON)
            sections = {_plain(told[spot].section) for told in said if spot in told}
            return not (one.old_reason and one.new_reason) and not sections.isdisjoint(self._whole)

        return tuple(one for one in found if not lost(one))

    @cached_property
    def _whole(self) -> frozenset[str]:
        """Such sections, where a paragraph is told to be gone or new."""
        alone = (one for one in self.texts if one.kind in {Kind.WENT, Kind.CAME})
        return frozenset(filter(None, map(self._section, alone)))

    def _section(self, one: WordingChange) -> str:
        """The section without counterpart that a text is told of by; empty where it stands elsewhere as well."""
        own = _plain(one.old_sentence or one.new_sentence)
        if own in self._foreign:
            return own
        section = _plain(one.section)
        sides = ({place for place, _ in under.get(section, ())} | {None} for under in self._under)
        known = all(place in own for place, own in zip((one.old_place, one.place), sides, strict=True))
        return section if known and section in self._foreign else ""

    @cached_property
    def _foreign(self) -> frozenset[str]:
        """The sections of which no paragraph stands there in the other document, nor says in the format's words.

        None is one that stands there under another heading.
        """
        old, new = (
            {section: {_plain(text) for _, text in told} - {section} for section, told in under.items()}
            for under in self._under
        )
        given = [{FIGURE.sub("", text) for text in composed(side)} for side in (self.both.old, self.both.new)]

        def foreign(section: str) -> bool:
            before, after = old.get(section, set()), new.get(section, set())
            own = before.isdisjoint(given[0]) or after.isdisjoint(given[1])
            lone = bool(before or after) and before.isdisjoint(after)
            return own and lone and not (self._elsewhere(before, 0) or self._elsewhere(after, 1))

        return frozenset(filter(foreign, {*old, *new} - {""}))

    def _elsewhere(self, told: Collection[str], side: int) -> bool:
        """Whether the other document has all paragraphs of a section as often, or without an item of their lists.

        Only its heading is another then.
        """
        mine, other = self._often[side], self._often[1 - side]
        lacking = [text for text in told if mine[text] > other[text]]
        return len(told) > len(lacking) and all(
            any(shortened(text, one) for one in other) for text in lacking
        )

    def _folded(self, section: str, heading: str) -> WordingChange:
        (_, old), (place, new) = (self._joined(section, side) for side in (0, 1))
        kind = Kind.CHANGED if old and new else Kind.WENT if old else Kind.CAME
        return replace(told_paragraph(kind, old, new, place), section=heading)

    def _joined(self, section: str, side: int) -> Text:
        """The place of a section, and its paragraphs that the other document has not so often, all if it has each."""
        mine, other = self._often[side], self._often[1 - side]
        under = self._under[side].get(section, ())
        own = [
            one
            for one in under
            if mine[_plain(one[1])] > other[_plain(one[1])] and form(one[1]) not in self._changed[side]
        ]
        told = own or [one for one in under if _plain(one[1]) != section]
        return (told[0][0], BREAK.join(text for _, text in told)) if told else (None, "")

    @cached_property
    def _changed(self) -> Texts:
        """The paragraphs of each document that are told beside those in their place, and with no such section."""
        alone = [one for one in self.texts if self._section(one) not in self._whole]
        return ToldTexts(alone).changed.sentences

    @cached_property
    def _often(self) -> tuple[Counter[str], Counter[str]]:
        """How often each paragraph stands in each document."""
        old, new = (
            Counter(_plain(text) for found in under.values() for _, text in found) for under in self._under
        )
        return old, new

    @cached_property
    def _under(self) -> tuple[Mapping[str, Sequence[Text]], Mapping[str, Sequence[Text]]]:
        """The paragraphs of each document by their headings, these among them."""
        return _sections(self.both.old), _sections(self.both.new)


def _sections(side: Side) -> Mapping[str, Sequence[Text]]:
    return {_plain(heading): found for heading, found in DocumentHeadings(side).sections.items()}


def _plain(text: str) -> str:
    """A paragraph without figures and years."""
    return FIGURE.sub("", form(text))
