"""Two documents of different years, paragraph by paragraph: what each says otherwise than its own Book would.

A paragraph that a document has as its Book gives it, figures and years apart, differs from last year's only in what the
other lists tell, or in what only the format changed. What is left is the office's own wording: kept from one year to the
next it is none of the differences, and else it is told beside what the other document has in its place. A paragraph
that the Book gives and the document lacks is told where the other document has it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING

from budgetgen.comparison.around_tables import around_tables
from budgetgen.comparison.linkage import misrated
from budgetgen.comparison.matching import LASTING, YEAR, same_but_years
from budgetgen.comparison.own_words import (
    ANY_NUMBER,
    CELL,
    COUNT,
    ENTRY,
    LEAST,
    OTHER,
    YEARS,
    counts,
    one_changed,
)
from budgetgen.comparison.paragraphs import FIGURE, form, told_paragraph
from budgetgen.comparison.told import ToldTexts
from budgetgen.comparison.values import Kind
from budgetgen.comparison.wording import statements
from budgetgen.values.likeness import likest
from budgetgen.values.places import DocumentPlace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.comparison.own_words import CellKey, OwnParagraph, TextSource
    from budgetgen.comparison.two_years import TwoYears
    from budgetgen.comparison.values import FigureChange, WordingChange
    from budgetgen.values.likeness import Score
    from budgetgen.values.places import FilePlace

HALF = Decimal("0.55")
"""How alike two paragraphs are at least, of those that the other document does not have as well."""
PREFERRED = Decimal("0.2")
"""What a paragraph whose statement the other document does not make is likelier to be the one."""
FIGURES = Decimal("0.01")
"""Likewise, a paragraph of the same figures."""
NONE = Decimal(0)
"""How alike two paragraphs are of which one is a title."""


@dataclass(frozen=True)
class Successive:
    """The documents of two years.

    Attributes:
        years: both, each beside its own Book.
        texts: what is told of the texts of their cells.
        figures: what is told of their figures.
    """

    years: TwoYears
    texts: Sequence[WordingChange] = ()
    figures: Sequence[FigureChange] = ()

    def changes(self) -> Iterator[WordingChange]:
        """Paragraphs that are worded otherwise than last year, that stand elsewhere, that went or came."""
        old, new = (self._unshared(side) for side in (0, 1))
        plain = [one.plain for one in old], [one.plain for one in new]
        paired = {a: b for a, b, _ in likest(*plain, LEAST, self._of_a_kind(*plain))}
        met = {old[a].text for a in paired} | {new[b].text for b in paired.values()}
        worded = [
            *(
                one
                for a, b in sorted(paired.items(), key=itemgetter(1))
                for one in self._changed(old[a].text, new[b].text, new[b].place)
            ),
            *self._alone([one for one in old if one.text not in met], 0),
            *self._alone([one for one in new if one.text not in met], 1),
        ]
        yield from worded
        yield from self._unsaid(worded, 0)
        yield from self._unsaid(worded, 1)
        told = ToldTexts(worded)
        yield from self._contradicting(told)
        yield from self._counted(told)
        yield from (one for one in around_tables(self.years) if not told.tells(one.new))
        yield from self._moved()

    def _counted(self, told: ToldTexts) -> Iterator[WordingChange]:
        """Paragraphs in own words, alike but for what they count, or a day, that no figure tells to be another.

        Likewise one that counts otherwise than its tables do, in one document.
        Of those that were not understood no figure tells anything: their amounts are compared as well.
        """
        old, new = self.years.documents
        unread = old.unread | new.unread
        own = {one.plain for one in (*old.own, *new.own)} | (old.miscounted ^ new.miscounted)
        before = {plain: text for _, text, plain in old.printed}
        moves = {(abs(one.old), abs(one.new)) for one in self.figures}
        for place, text, plain in new.printed:
            once = old.plains[plain] == new.plains[plain] == 1
            if plain not in own or not once or told.tells(text) or not _headed(place):
                continue
            numbers = ANY_NUMBER if plain in unread else COUNT
            pairs = zip(counts(before[plain], numbers), counts(text, numbers), strict=False)
            if any(a != b and (a, b) not in moves for a, b in pairs):
                yield told_paragraph(Kind.CHANGED, before[plain], text, place)

    def _contradicting(self, told: ToldTexts) -> Iterator[WordingChange]:
        """Paragraphs whose figures are not those of the tables in one document, and are in the other.

        One that says the same in both differs by its table, which is told.
        """
        old, new = self.years.documents
        wrong = [self._contradicted(side) for side in (0, 1)]
        pairs: list[tuple[int | None, int | None]] = [(n, self._counterpart(n, 0)) for n in wrong[0]]
        pairs += [(self._counterpart(n, 1), n) for n in wrong[1]]
        for a, b in pairs:
            if a is None or b is None or (a in wrong[0] and b in wrong[1]):
                continue
            (_, said, _), (place, says, _) = old.printed[a], new.printed[b]
            stays = same_but_years(form(said), form(says), self.years.both.shift)
            if not (stays or told.tells(said) or told.tells(says)):
                yield told_paragraph(Kind.CHANGED, said, says, place)

    def _contradicted(self, side: int) -> list[int]:
        """The paragraphs of a document that say other figures than its tables do; of the later one, linkage tells rates."""
        document = self.years.documents[side]
        places = document.side.contradicted | (frozenset() if side else frozenset(misrated(document.side)))
        return [n for n, one in enumerate(document.printed) if one[0] in places]

    def _counterpart(self, n: int, side: int) -> int | None:
        """The paragraph of the other document in the place of one: the same but for figures, else the likest."""
        mine, other = self.years.documents[side].printed, self.years.documents[1 - side].printed
        plain = mine[n][2]
        if same := [m for m, one in enumerate(other) if one[2] == plain]:
            return same[min(sum(one[2] == plain for one in mine[:n]), len(same) - 1)]
        likely = [m for _, m, _ in likest([plain], [one[2] for one in other], HALF)]
        return likely[0] if likely else self._begun_alike(n, side)

    def _begun_alike(self, n: int, side: int) -> int | None:
        """The only paragraph of the other document that begins with the same clause under the same heading."""
        begins = [
            [
                (plain.split(",")[0], document.plain(getattr(place, "heading", "")))
                for place, _, plain in document.printed
            ]
            for document in self.years.documents
        ]
        same = [m for m, begin in enumerate(begins[1 - side]) if begin == begins[side][n]]
        return same[0] if len(same) == 1 else None

    def _of_a_kind(self, old: Sequence[str], new: Sequence[str]) -> Score:
        """How alike two paragraphs are; one that is a title and one that is none are not."""
        before, after = (
            [document.is_title(text) for text in texts]
            for document, texts in zip(self.years.documents, (old, new), strict=True)
        )
        score = one_changed(old, new)
        return lambda a, b, alike: score(a, b, alike) if before[a] is after[b] else NONE

    def _unsaid(self, worded: Sequence[WordingChange], side: int) -> Iterator[WordingChange]:
        """Paragraphs of cells that a document lacks, and the other has as its Book gives them."""
        mine, other = self.years.of(side)
        spent = Counter(other.plain(one.new if side == 0 else one.old) for one in worded)
        for source in mine.unsaid:
            text = self._said_there(source, side)
            if text and spent[other.plain(text)]:
                spent[other.plain(text)] -= 1
            elif text:
                yield told_paragraph(*((Kind.WENT, text, "") if side else (Kind.CAME, "", text)), None)
            elif side and source in mine.wanting and self._of_new_format(source):
                heading, text = mine.wanting[source]
                yield replace(told_paragraph(Kind.WENT, text, "", None), section=heading)

    def _of_new_format(self, source: TextSource) -> bool:
        """Whether only the new format asks for a line: below a table of its own, or in contents that lacked nothing."""
        other, ((table, _, _), *_) = self.years.documents[0], tuple(source[1])
        if table:
            return table not in other.side.edition.tables
        return source not in other.sources and not any(kind == ENTRY for kind, _ in other.unsaid)

    def _said_there(self, source: TextSource, side: int) -> str:
        """What the other document says of a source: of the same cells, or of half of them by the same statement."""
        other, statement = self.years.documents[1 - side], source[0]
        there = frozenset(self._there(spot, side) for spot in source[1])
        if (statement, there) in other.says:
            return "" if (statement, there) in other.unsaid else other.says[statement, there]
        near = [
            one
            for one in other.says
            if one[0] == statement and len(one[1] & there) * 2 >= len(one[1] | there)
        ]
        return other.says[near[0]] if statement and len(near) == 1 else ""

    def _there(self, spot: CellKey, side: int) -> CellKey:
        """A cell of a document as the other has it."""
        table, key, column = spot
        return table, self._keys[side].get((table, key), key), column

    @cached_property
    def _keys(self) -> tuple[Mapping[tuple[str, str], str], Mapping[tuple[str, str], str]]:
        """The rows of each document by their keys in the other."""
        pairs = [
            (table, pair.old.key, pair.new.key)
            for table, found in self.years.both.pairs.items()
            for pair in found
            if pair.old and pair.new
        ]
        return {(t, old): new for t, old, new in pairs}, {(t, new): old for t, old, new in pairs}

    def _changed(self, old: str, new: str, place: FilePlace | None) -> Iterator[WordingChange]:
        """A paragraph that reads differently, or in which a year should have moved on with the budget."""
        before, after = form(old), form(new)
        if not same_but_years(before, after, self.years.both.shift):
            yield told_paragraph(Kind.CHANGED, old, new, place)
        elif any(
            a == b and int(a) - self.years.both.old.year in YEARS
            for a, b in zip(*(YEAR.findall(LASTING.sub("", text)) for text in (before, after)), strict=True)
        ):
            yield told_paragraph(Kind.STAYED, old, new, place)

    def _unshared(self, side: int) -> list[OwnParagraph]:
        """The paragraphs in a document's own words that the other does not have in the same words, or not so often."""
        mine, other = self.years.of(side)
        words = {one.words for one in other.own if OTHER in one.words}
        departs = {one.departs for one in other.own if one.departs}
        over = mine.plains - other.plains
        left: list[OwnParagraph] = []
        for one in reversed(mine.own):
            kept = one.departs in departs or one.words in words or self._follows(one, side)
            if over[one.plain] and not kept:
                over[one.plain] -= 1
                left.append(one)
        return left[::-1]

    def _follows(self, one: OwnParagraph, side: int) -> bool:
        """Whether a paragraph differs from what its Book gives only in texts of cells that are told to differ."""
        plain, given = self.years.documents[side].plain, one.instead
        for change in self.texts if given else ():
            if change.table and change.old and change.new:
                said, instead = (change.old, change.new)[:: -1 if side else 1]
                given = given.replace(plain(said), plain(instead))
        return given != one.instead and given == one.plain

    def _alone(self, found: Sequence[OwnParagraph], side: int) -> Iterator[WordingChange]:
        """Own words of one document, beside the paragraph that the other has in their place."""
        beside = self._beside(found, side)
        for n, one in enumerate(found):
            place, text, plain = beside.get(n, (None, "", ""))
            if not text:
                kind = Kind.CAME if side else Kind.WENT
                yield told_paragraph(kind, *(("", one.text, one.place) if side else (one.text, "", None)))
            elif plain != one.plain:
                yield from self._changed(*((text, one.text, one.place) if side else (one.text, text, place)))

    def _beside(
        self, found: Sequence[OwnParagraph], side: int
    ) -> dict[int, tuple[FilePlace | None, str, str]]:
        """The likest paragraphs of the other document, rather those whose statements this one does not make.

        Likeness is tried with the texts of cells first: of a list that is all there is.
        """
        mine, other = self.years.of(side)
        kept, there = (Counter(one[2] for one in document.printed) for document in (mine, other))
        others = [one for one in other.printed if len(one[2]) >= CELL and there[one[2]] > kept[one[2]]]
        lost = self._lost(side)

        own, plain = [one.plain for one in found], [one[2] for one in others]
        titles = [mine.is_title(text) for text in own], [other.is_title(text) for text in plain]

        def preferred(a: int, n: int, alike: Decimal) -> Decimal:
            if titles[0][a] is not titles[1][n]:
                return NONE
            same = FIGURE.findall(found[a].text) == FIGURE.findall(others[n][1])
            return alike + (PREFERRED if others[n][2] in lost else 0) + (FIGURES if same else 0)

        near = {a: others[b] for a, b, _ in likest(own, plain, HALF, preferred)}
        left = [n for n in range(len(found)) if n not in near]
        words = [other.without_cells(text) for text in plain] if left else []
        said = [found[n].words for n in left]
        again = likest(said, words, HALF, lambda a, n, alike: preferred(left[a], n, alike))
        return near | {left[a]: others[b] for a, b, _ in again}

    def _lost(self, side: int) -> frozenset[str]:
        """What the other document says by statements that this one does not make."""
        made = self.years.documents[side].side.told or frozenset()
        other = self.years.documents[1 - side]
        told = statements(other.side).items()
        return frozenset(other.plain(said.text) for id_, said in told if (id_, "") not in made)

    def _moved(self) -> Iterator[WordingChange]:
        """Paragraphs that left the place that the format has for them, or came back to it; and those of own words.

        Of several that say the same each is told that stands in another order; else one of them.
        """
        old, new = self.years.documents
        given = frozenset(old.given if old.displaced else new.given)
        departed = {plain for plain in old.displaced.keys() ^ new.displaced.keys() if plain in given}
        before, plains = self.years.plains
        left = {plain: new.displaced.get(plain, n) for n, plain in reversed([*enumerate(plains)])}
        elsewhere = {left[plain] for plain in departed | self._out_of_place if plain in left}
        known = {plains[n] for n in self._reordered}
        lone = {before[n]: old.printed[n] for n in self.years.aligned[0].gone}
        stood = {one[2]: one for one in old.printed} | lone
        for n in sorted(self._reordered | {n for n in elsewhere if plains[n] not in known}):
            place, text, plain = new.printed[n]
            old_place, said, _ = stood.get(plain, (None, text, ""))
            yield replace(told_paragraph(Kind.MOVED, said, text, place), old_place=old_place)

    @property
    def _out_of_place(self) -> frozenset[str]:
        """The paragraphs of the later document that one of both has elsewhere than its format, whose words are others."""
        old, new = self.years.documents
        return frozenset(
            plain
            for source, text in new.says.items()
            if (said := self._said_there(source, 1))
            and (plain := new.plain(text)) not in old.given
            and (plain in new.displaced) is not (old.plain(said) in old.displaced)
        )

    @cached_property
    def _reordered(self) -> frozenset[int]:
        """The paragraphs that stand in another order in both documents, and in one of them in words of its own."""
        old, new = self.years.documents
        own = {one.plain for one in (*old.own, *new.own)}
        return frozenset(n for n in self.years.aligned[0].displaced if self.years.plains[1][n] in own)


def _headed(place: FilePlace | None) -> bool:
    """Whether a paragraph stands below a heading: before those are only dates of the cover and pages of the contents."""
    return isinstance(place, DocumentPlace) and bool(place.heading)
