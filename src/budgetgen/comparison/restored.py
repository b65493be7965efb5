"""Two years' documents, with the slips of each put back into the words of the other: what only follows is not told.

A heading, sentence, caption or code with a slip in it may not be understood, and much that hangs on it then differs as
well. Read again as the other document words it, with its own figures, all that remains is told beside the slip itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.comparison.alignment import Alignment
from budgetgen.comparison.labels import Labels
from budgetgen.comparison.matching import Both, rolled
from budgetgen.comparison.own_words import (
    LEAST,
    NUMBER,
    OTHER,
    SLIP,
    one_changed,
    with_years,
)
from budgetgen.comparison.paragraphs import form, told_paragraph
from budgetgen.comparison.places import placed
from budgetgen.comparison.told import ToldTexts
from budgetgen.comparison.two_years import TwoYears
from budgetgen.comparison.values import Kind, Matter
from budgetgen.reading.document.narrative.patterns import unmarked
from budgetgen.reading.workbook import BREAK
from budgetgen.values.likeness import LEAST_TOLD, likeness, likest
from budgetgen.values.model import Table
from budgetgen.values.places import DocumentPlace

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from budgetgen.comparison.alignment import Stretch
    from budgetgen.comparison.values import Changes, FigureSpot, Pair, Restorable, Side, WordingChange
    from budgetgen.reading.cells import Raw
    from budgetgen.values.likeness import Score
    from budgetgen.values.places import FilePlace

FEW = 4
"""Where more titles differ, or more paragraphs have no counterpart, these are no slips."""
SHORT = 3
"""A slip has at most so many signs."""
BEGUN = 6
"""So many signs are the same where a paragraph begins, and goes on, as another."""
NEARLY = 0.9
"""How alike two beginnings are at least."""
NOWHERE = DocumentPlace()
"""Where a paragraph stands that was put back."""
MASK = "\0"
"""Stands for a number."""
AROUND = 5
"""So many paragraphs before and behind one that lacks may be understood otherwise without it."""


@dataclass(frozen=True)
class WordSlip:
    """What of a document reads otherwise than the other has it.

    Attributes:
        side: which document.
        instead: how it would read, by its place; a code by the places of its parts; empty for what would not stand there.
            What only the other document has there stands as a line of its own before what follows it.
        told: it as a line; None where a change of code or of a figure tells it.
        figure: where the figure of a table is the other document's; None for anything else.
    """

    side: int
    instead: Mapping[FilePlace, str]
    told: WordingChange | None = None
    figure: FigureSpot | None = None


Compared: TypeAlias = "Callable[[Both, TwoYears], Changes]"
"""Compares two documents, each beside its own Book."""


def restored(both: Both, compared: Compared) -> Changes:
    """What two documents differ in, without what only follows from slips in them.

    The tables first, by which sentences are understood; then titles, one by one, told or not; then what is told, and
    last the figures of tables, which sentences may say otherwise.
    """
    years = TwoYears(both)
    first = Restored(years, compared(both, years))
    tables = first.put_back([*first.captions()], compared, figures=True)
    texts = tables = tables.put_back([*tables.codes()], compared)
    for side in (1, 0):
        moved = [*texts.moved(side)]
        for slip in moved if len(moved) <= FEW else ():
            texts = texts.put_back([slip], compared)
    titles = [slip for slip in texts.slips() if texts.of_title(slip)]
    for slip in titles if len(titles) <= FEW else ():
        texts = texts.put_back([slip], compared, figures=True)
    texts = texts.put_back([slip for slip in texts.slips() if texts.tells(slip)], compared)
    for slips in ([*texts.alone(0), *texts.alone(1)], [*texts.cells()]):
        for slip in slips if len(slips) <= FEW else ():
            texts = texts.put_back([slip], compared)
    return texts.found


@dataclass(frozen=True)
class Restored:
    """The documents of two years as they would be without slips.

    Attributes:
        years: the documents, each beside its own Book.
        found: what they differ in.
        told: the slips that were put back already, which `found` tells.
        spots: where figures were put back already: no later comparison finds these, they are told as they were found.
    """

    years: TwoYears
    found: Changes
    told: tuple[WordingChange, ...] = ()
    spots: frozenset[FigureSpot] = frozenset()

    @property
    def both(self) -> Both:
        """The documents."""
        return self.years.both

    def slips(self) -> list[WordSlip]:
        """The paragraphs that nearly stand in the other document."""
        return [*self.reworded(1), *self.reworded(0)]

    def tells(self, slip: WordSlip) -> bool:
        """Whether something is told where a slip stands."""
        return any(_at(one, slip) for one in self.found.wording)

    def of_title(self, slip: WordSlip) -> bool:
        """Whether the other document has a title in the place of a slip: much may hang on it that it does not tell."""
        other = self.years.documents[1 - slip.side]
        said = (slip.told.old, slip.told.new)[1 - slip.side] if slip.told else ""
        return other.is_title(other.plain(said))

    def put_back(self, slips: Sequence[WordSlip], compared: Compared, *, figures: bool = False) -> Restored:
        """The same without slips, and these told beside what else differs; those that make it more to tell stay.

        Where a table is read that was not, more is known of it.

        Args:
            slips: what is put back: all of them, or where that does not do, one by one.
            compared: compares.
            figures: whether figures may be found to differ that did not before: by a table or a section that was not
                read. In the words of the other document a sentence says what nobody wrote: an amount that went down
                went up.
        """
        if not slips:
            return self
        old, new = (by_the_format(self._without(slips, side)) for side in (0, 1))
        both = Both(old, new, self.both.threshold)
        years = TwoYears(both)
        wrong = [slip for slip in slips if _given(slip, years)]
        if wrong:
            return self.put_back([slip for slip in slips if slip not in wrong], compared, figures=figures)
        left = compared(both, years)
        told = (*self.told, *self._lines_of(slips))
        beside = [one for one in _where_written(left.wording, slips) if not any(_at(one, s) for s in slips)]
        spots = self.spots | {slip.figure for slip in slips if slip.figure}
        found = self._changes(left, (*beside, *told), spots)
        read = _absent(both) < _absent(self.both)
        fewer = lines(found) <= lines(self.found) and (figures or _figures(left) <= _figures(self.found))
        if read or fewer:
            return Restored(years, found, told, spots)
        one_by_one = self
        for slip in slips if 1 < len(slips) <= FEW else ():
            one_by_one = one_by_one.put_back([slip], compared, figures=figures)
        return one_by_one

    def _changes(
        self, left: Changes, wording: tuple[WordingChange, ...], spots: frozenset[FigureSpot]
    ) -> Changes:
        """What differs beside slips, with these; a figure that was put back with those that only follow from it."""
        coded = [one for one in self.found.structure if one.matter is Matter.CODE]
        told = [one for one in self.found.figures if not spots.isdisjoint((one.spot, *one.causes))]
        known = {one.spot for one in told}
        return replace(
            left,
            old=self.found.old,
            new=self.found.new,
            figures=(*(one for one in left.figures if one.spot not in known), *told),
            wording=wording,
            structure=(*(one for one in left.structure if one not in coded), *coded),
        )

    def _without(self, slips: Sequence[WordSlip], side: int) -> Side:
        document = (self.both.old, self.both.new)[side]
        instead = {place: text for one in slips if one.side == side for place, text in one.instead.items()}
        return document.manuscript.side(instead) if instead and document.manuscript else document

    def _lines_of(self, slips: Sequence[WordSlip]) -> Iterator[WordingChange]:
        """The slips, each as it was found where that tells all of it, or else by itself."""
        for slip in slips:
            found = [one for one in self.found.wording if _at(one, slip)]
            for told in filter(None, [slip.told]):
                whole = [one for one in found if (one.old, one.new) == (told.old, told.new)]
                yield from whole or [next(placed(self.both, [told]))]

    # --- paragraphs ---

    def reworded(self, side: int) -> Iterator[WordSlip]:
        """The paragraphs of a document in words of its own that are nearly those of the other; of two such the later."""
        mine, other = self.years.of(side)
        more, fewer = mine.plains - other.plains, other.plains - mine.plains
        words = {one.plain for one in mine.own}
        own = [
            one
            for one in mine.printed
            if more[one[2]] and mine.alone_at(one[0]) and (one[2] in words or mine.of_cell(one[2]))
        ]
        others = [
            one
            for one in other.printed
            if fewer[one[2]] and (side or one[2] not in self._late) and not other.of_cell(one[2])
        ]
        plains = [one[2] for one in own], [one[2] for one in others]
        for a, b, _ in likest(*plains, SLIP, _begun_alike(*plains)):
            place, said = own[a][:2]
            text = reworded_as(said, others[b][1]) or slips_as(said, others[b][1])
            if place and text and self._manuscript(side):
                told = (others[b][1], said) if side else (said, others[b][1])
                change = told_paragraph(Kind.CHANGED, *told, place if side else others[b][0])
                yield WordSlip(
                    side, {place: text}, replace(change, old_place=others[b][0] if side else place)
                )

    def alone(self, side: int) -> Iterator[WordSlip]:
        """The paragraphs of a document that the other has nothing like, nor in the words of its own format."""
        mine, other = self.years.of(side)
        more, fewer = mine.plains - other.plains, other.plains - mine.plains
        plains, lacks = self.years.plains[side], self.years.aligned[side].gone
        known = frozenset(mine.given) if side and self._of_two_formats else frozenset[str]()
        left = [
            n
            for n, stretch in lacks.items()
            if more[plain := plains[n]] and with_years(mine.printed[n][1]) not in other.dated
            if self._may_matter(n, stretch, side) and (other.plains[plain] or plain not in known)
        ]
        lone = (
            [plains[n] for n in left],
            [one[2] for one in other.printed if fewer[one[2]] and with_years(one[1]) not in mine.dated],
        )
        near = {a for a, _, _ in likest(*lone, LEAST, one_changed(*lone))}
        for n in (n for at, n in enumerate(left) if at not in near):
            place, text, _ = mine.printed[n]
            behind = lacks[n].new.start
            before, follows, _ = other.printed[behind] if behind < len(other.printed) else (None, "", "")
            if place and before and other.alone_at(before) and self._manuscript(1 - side):
                kind, told = (Kind.CAME, ("", text)) if side else (Kind.WENT, (text, ""))
                change = told_paragraph(kind, *told, place if side else None)
                named = OTHER in other.without_cells(other.plain(text))
                again = text if named else rolled(text, -self.both.shift if side else self.both.shift)
                instead = {before: f"{again}{BREAK}{follows}"}
                yield WordSlip(1 - side, instead, replace(change, old_place=None if side else place))

    def moved(self, side: int) -> Iterator[WordSlip]:
        """The paragraphs of a document that stand elsewhere in the other: each before what follows it there."""
        mine, other = (self.years.documents[n].printed for n in (side, 1 - side))
        aligned = self.years.aligned[1 - side]
        come = {mine[n][2]: mine[n] for n in aligned.come}
        for n in (n for n in aligned.gone if other[n][2] in come):
            place, text, _ = come[other[n][2]]
            behind = next((m for m in range(n + 1, len(other)) if m in aligned.pairs), None)
            told = next((one for one in self._displaced if (one.old_place, one.place)[side] == place), None)
            if place and told and behind is not None and self._manuscript(side):
                before, follows, _ = mine[aligned.pairs[behind]]
                if before and all(map(self.years.documents[side].alone_at, (place, before))):
                    yield WordSlip(side, {place: "", before: f"{text}{BREAK}{follows}"}, told)

    @property
    def _displaced(self) -> Sequence[WordingChange]:
        """What is told to stand elsewhere, where more is told: it may be why."""
        moved = [one for one in self.found.wording if one.kind is Kind.MOVED]
        return moved if len(moved) < lines(self.found) else ()

    @property
    def _of_two_formats(self) -> bool:
        """Whether the documents have different formats: then the later one may say what the earlier format did not."""
        return self.both.old.edition.id != self.both.new.edition.id

    def _may_matter(self, n: int, lacking: Stretch, side: int) -> bool:
        """Whether a paragraph that only one document has may be why others are told.

        Those are near it; of what is told without a place it may be one that lacks among few others.
        """
        if self._told_near(n, side) or self._told_near(lacking.new.start, 1 - side):
            return True
        lost = any(one.place is None and one.old_place is None for one in self.found.wording)
        return lost and len(lacking.new) < len(lacking.old) <= FEW

    def _told_near(self, n: int, side: int) -> bool:
        """Whether a paragraph of a document is told, or one near it: what the other lacks there may be why."""
        near = self.years.documents[side].printed[max(0, n - AROUND) : n + AROUND + 1]
        return any(place in self._told.places[side] for place, _, _ in near if place)

    @cached_property
    def _told(self) -> ToldTexts:
        """The texts that are told."""
        return ToldTexts(self.found.wording)

    @cached_property
    def _late(self) -> frozenset[str]:
        """What the later document says in words of its own."""
        return frozenset(one.plain for one in self.years.documents[1].own)

    def _manuscript(self, side: int) -> Restorable | None:
        return (self.both.old, self.both.new)[side].manuscript

    # --- tables ---

    def captions(self) -> Iterator[WordSlip]:
        """The captions that only one document has otherwise than its format: what is under them may not have been read."""
        labels = Labels(self.both)
        for side, found in enumerate(labels.altered):
            for one in found:
                if one.place and self._manuscript(side):
                    said = (one.meant, one.said) if side else (one.said, one.meant)
                    yield WordSlip(side, {one.place: one.meant}, labels.change(one, *said))

    def codes(self) -> Iterator[WordSlip]:
        """The lines of the later document that have another code than the earlier one has for the same name."""
        for name in self.both.shared:
            codes = self.both.declared(name).main.of_type("code")
            for pair in self.both.pairs[name] if len(codes) == 1 else ():
                if pair.recoded and (instead := self._coded(pair, codes[0])):
                    yield WordSlip(1, instead)

    def cells(self) -> Iterator[WordSlip]:
        """The figures of tables that changed by themselves, where more is told: sentences may say the other ones still."""
        leading = self.found.leading
        for one in leading if len(leading) < lines(self.found) else ():
            old, new = (self._manuscript(side) for side in (0, 1))
            if old and new and one.old_place and one.new_place and self.both.declared(one.table).printed:
                said = [raw.value for raw in old.line(one.old_place) if raw.place == one.old_place]
                texts = [str(value) for value in said if value is not None]
                if texts:
                    yield WordSlip(1, {one.new_place: texts[0]}, figure=one.spot)

    def _coded(self, pair: Pair, column: str) -> Mapping[FilePlace, str]:
        """The parts of the code of a line as the earlier document has them, by their places."""
        place, manuscript = pair.cells(column)[1].place, self._manuscript(1)
        if not (pair.old and pair.new and place and manuscript):
            return {}
        return _parts(manuscript.line(place), pair.new.text(column), pair.old.text(column))


def _given(slip: WordSlip, years: TwoYears) -> bool:
    """Whether a document without slips would say what was taken for one: it is the format's."""
    told, own = slip.told, years.documents[slip.side]
    return (
        told is not None
        and told.kind is Kind.CHANGED
        and own.plain((told.old, told.new)[slip.side]) in own.given
    )


def _at(one: WordingChange, slip: WordSlip) -> bool:
    """Whether a line tells something of where a slip stands: of what only one document has, that it has it."""
    if slip.told is None:
        return False
    sides = {Kind.WENT: 0, Kind.CAME: 1}
    side = sides.get(slip.told.kind, slip.side)
    place, own = ((told.old_place, told.place)[side] for told in (slip.told, one))
    return place is not None and place == own and (slip.told.kind not in sides or one.kind is slip.told.kind)


def _where_written(told: Iterable[WordingChange], slips: Sequence[WordSlip]) -> Iterator[WordingChange]:
    """What is told beside slips, without what is of a paragraph that was only put back; of one that moved, at its place."""
    moved = next((one.told for one in slips if one.told and one.told.kind is Kind.MOVED), None)
    for one in told:
        if NOWHERE not in {one.place, one.old_place}:
            yield one
        elif moved and one.place == NOWHERE:
            yield replace(one, place=moved.place)
        elif moved:
            yield replace(one, old_place=moved.old_place)


def _absent(both: Both) -> frozenset[str]:
    """The tables that one of two documents lacks."""
    return both.old.absent | both.new.absent


def lines(changes: Changes) -> int:
    """How many differences are told that follow from no other, the other format's own apart."""
    real = [one for one in changes.structure if not one.template]
    told = (changes.linkage, changes.reasons, changes.leading, changes.wording, real)
    return sum(map(len, told))


def _figures(changes: Changes) -> frozenset[tuple[object, ...]]:
    """What is told of figures: of those of last year, of reasons, and by the codes and names that they go by."""
    linkage = (
        (one.figure, one.told, one.published, one.told_change, one.told_rate) for one in changes.linkage
    )
    reasons = ((one.figure, one.concern, one.old, one.new, one.new_reason) for one in changes.reasons)
    figures = ((one.spot, one.old, one.new) for one in changes.figures)
    return frozenset((*linkage, *reasons, *figures))


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


def slips_as(said: str, other: str) -> str:
    """A paragraph with its short slips as another has them, that tells more, or less; empty where it has none.

    >>> slips_as("（一）支出（类）行政（类）运行5.00万元", "（二）支出（类）行政（款）运行4.00万元，是2025年增加的人员经费")
    '（一）支出(类)行政(款)运行5.00万元'
    """
    own, instead = form(said), form(other)
    before, after = (NUMBER.sub(MASK, text) for text in (own, instead))
    for old, new in reversed(Alignment(before, after).differing):
        was, now = before[old.start : old.stop], after[new.start : new.stop]
        if max(len(was), len(now)) <= SHORT and MASK not in was + now:
            before = before[: old.start] + now + before[old.stop :]
    numbers = (found[0] for found in NUMBER.finditer(own))
    text = "".join(next(numbers) if sign == MASK else sign for sign in before)
    return said[: len(said) - len(unmarked(said))] + text if text != own else ""


def _begun_alike(old: Sequence[str], new: Sequence[str]) -> Score:
    """How alike two paragraphs are; one that goes on with a reason is as alike as one with a slip to where it does."""
    score = one_changed(old, new)

    def begun(a: int, b: int, alike: Decimal) -> Decimal:
        known, length = score(a, b, alike), min(len(old[a]), len(new[b]))
        if known >= SLIP or length < LEAST_TOLD or old[a][:BEGUN] != new[b][:BEGUN]:
            return known
        return SLIP if likeness(old[a][:length], new[b][:length], NEARLY) else known

    return begun


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
