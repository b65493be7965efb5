"""Two documents of different years, paragraph by paragraph: what each says otherwise than its own Book would.

A paragraph that a document has as its Book gives it, figures and years apart, differs from last year's only in what the
other lists tell, or in what only the format changed. What is left is the office's own wording: kept from one year to the
next it is none of the differences, and else it is told beside what the other document has in its place.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING

from budgetgen.comparison.matching import YEAR
from budgetgen.comparison.paragraphs import FIGURE, form, told_paragraph
from budgetgen.comparison.values import Kind
from budgetgen.comparison.wording import sentences, statements
from budgetgen.saying.disclosure import compose
from budgetgen.values.likeness import likest
from budgetgen.values.model import Paragraph, PrintedTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.comparison.matching import Both
    from budgetgen.comparison.values import FigureChange, Side, WordingChange
    from budgetgen.values.model import Printed
    from budgetgen.values.places import FilePlace

LEAST = Decimal("0.6")
"""How alike two paragraphs are at least to be one that was changed."""
HALF = Decimal("0.55")
"""Likewise, of those that the other document does not have as well."""
PREFERRED = Decimal("0.2")
"""What a paragraph whose statement the other document does not make is likelier to be the one."""
CELL = 4
"""A shorter text of a cell may stand in a sentence as common words."""
YEARS = {-2: "前年", -1: "上年", 0: "本年", 1: "下年"}
"""What stands for the years around that of a document."""
COLUMNS = "｜"
"""Between the captions of a table's header."""
ANY, OTHER = "#", "…"
"""What stands for a figure, and for a text that a cell holds."""


@dataclass(frozen=True, slots=True)
class Own:
    """A paragraph that a document says in words of its own.

    Attributes:
        place, text: as printed.
        plain: without figures and years.
        words: without the texts of cells either.
        departs: in what it departs from what the Book gives in its place; empty where that gives nothing like it.
    """

    place: FilePlace | None
    text: str
    plain: str
    words: str
    departs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Document:
    """A document beside what its Book gives; headers of tables are the format's, and told with its columns."""

    side: Side

    @cached_property
    def printed(self) -> tuple[tuple[FilePlace | None, str, str], ...]:
        """Its paragraphs: place, text, and the text without figures and years."""
        told = ((p, text, self.plain(text)) for p, text in self.side.paragraphs or () if COLUMNS not in text)
        return tuple(one for one in told if one[2])

    @cached_property
    def given(self) -> tuple[str, ...]:
        """The paragraphs that the Book gives, likewise, in order."""
        whole = compose(self.side.book, self.side.edition)
        lines = (line for part in whole.parts for line in (part.heading, *self._lines(part.blocks)))
        entries = (text for _, text in whole.entries)
        told = (*whole.cover, whole.contents, *entries, *lines, *whole.signature)
        return tuple(filter(None, map(self.plain, told)))

    def _lines(self, blocks: Sequence[Printed]) -> Iterator[str]:
        """What stands in paragraphs of its own: those, and the lines around tables."""
        number = self.side.edition.typography.table_number
        for block in blocks:
            if isinstance(block, Paragraph):
                yield block.text
            elif isinstance(block, PrintedTable):
                yield from (number.replace("{号}", ANY), block.title, block.preparer + block.money)
                yield from (block.preparer, block.money, *block.remarks)
            else:
                yield from block.title

    @cached_property
    def own(self) -> tuple[Own, ...]:
        """The paragraphs that the Book does not give, or not so often."""
        spare = Counter(self.given)
        left: list[tuple[FilePlace | None, str, str]] = []
        for one in self.printed:
            if spare[one[2]] > 0:
                spare[one[2]] -= 1
            else:
                left.append(one)
        unsaid = list((spare - Counter()).elements())
        near = {a: b for a, b, _ in likest([one[2] for one in left], unsaid, LEAST)}
        return tuple(
            Own(
                place,
                text,
                plain,
                self.without_cells(plain),
                _departs(unsaid[near[n]], plain) if n in near else (),
            )
            for n, (place, text, plain) in enumerate(left)
        )

    @cached_property
    def displaced(self) -> frozenset[str]:
        """The paragraphs that stand elsewhere than the format has them."""
        codes = SequenceMatcher(
            None, self.given, [one[2] for one in self.printed], autojunk=False
        ).get_opcodes()
        gone = {text for tag, i, to, _, _ in codes if tag != "equal" for text in self.given[i:to]}
        come = {text for tag, _, _, j, end in codes if tag != "equal" for _, _, text in self.printed[j:end]}
        once = Counter(self.given)
        return frozenset(text for text in gone & come if once[text] == 1)

    def plain(self, text: str) -> str:
        """A paragraph without its figures, its years told by how far they are from that of the document."""
        said = YEAR.sub(lambda year: YEARS.get(int(year[1]) - self.side.year, ANY), form(text))
        return FIGURE.sub(ANY, said)

    def without_cells(self, plain: str) -> str:
        """A paragraph without what cells hold."""
        for text in self._cells:
            plain = plain.replace(text, OTHER)
        return plain

    @cached_property
    def _cells(self) -> tuple[str, ...]:
        """The texts that cells hold, longest first: what is told of them is told of the cells."""
        values = (
            cell.value
            for table in self.side.book.tables.values()
            for row in table.rows
            for cell in row.cells.values()
        )
        texts = {self.plain(value) for value in values if isinstance(value, str)}
        return tuple(sorted((text for text in texts if len(text) >= CELL), key=len, reverse=True))


def _departs(given: str, said: str) -> tuple[tuple[str, str], ...]:
    codes = SequenceMatcher(None, given, said, autojunk=False).get_opcodes()
    return tuple((given[a:b], said[c:d]) for tag, a, b, c, d in codes if tag != "equal")


@dataclass(frozen=True)
class Successive:
    """The documents of two years."""

    both: Both

    @cached_property
    def documents(self) -> tuple[_Document, _Document]:
        """Both, each beside its own Book."""
        return _Document(self.both.old), _Document(self.both.new)

    def changes(self) -> Iterator[WordingChange]:
        """Paragraphs that are worded otherwise than last year, that stand elsewhere, that went or came."""
        old, new = (self._unshared(side) for side in (0, 1))
        paired = {a: b for a, b, _ in likest([one.plain for one in old], [one.plain for one in new], LEAST)}
        for a, b in sorted(paired.items(), key=itemgetter(1)):
            yield _changed(old[a].text, new[b].text, new[b].place)
        told = {old[a].text for a in paired} | {new[b].text for b in paired.values()}
        yield from self._alone([one for one in old if one.text not in told], 0)
        yield from self._alone([one for one in new if one.text not in told], 1)
        yield from self._moved()

    def _unshared(self, side: int) -> list[Own]:
        """The paragraphs in a document's own words that the other does not have in the same words."""
        mine, other = self.documents[side].own, self.documents[1 - side].own
        words = {one.words for one in other} | {plain for _, _, plain in self.documents[1 - side].printed}
        departs = {one.departs for one in other if one.departs}
        return [
            one for one in mine if words.isdisjoint({one.words, one.plain}) and one.departs not in departs
        ]

    def _alone(self, found: Sequence[Own], side: int) -> Iterator[WordingChange]:
        """Own words of one document, beside the paragraph that the other has in their place."""
        beside = self._beside(found, side)
        for n, one in enumerate(found):
            place, text, plain = beside.get(n, (None, "", ""))
            if not text:
                kind = Kind.CAME if side else Kind.WENT
                yield told_paragraph(kind, *(("", one.text, one.place) if side else (one.text, "", None)))
            elif plain != one.plain:
                yield _changed(text, one.text, one.place) if side else _changed(one.text, text, place)

    def _beside(self, found: Sequence[Own], side: int) -> dict[int, tuple[FilePlace | None, str, str]]:
        """The likest paragraphs of the other document, rather those whose statements this one does not make.

        Likeness is tried with the texts of cells first: of a list that is all there is.
        """
        mine, other = self.documents[side], self.documents[1 - side]
        kept, there = (Counter(one[2] for one in document.printed) for document in (mine, other))
        others = [one for one in other.printed if len(one[2]) >= CELL and there[one[2]] > kept[one[2]]]
        lost = self._lost(side)

        def preferred(_: int, n: int, alike: Decimal) -> Decimal:
            return alike + (PREFERRED if others[n][2] in lost else 0)

        own, plain = [one.plain for one in found], [one[2] for one in others]
        near = {a: others[b] for a, b, _ in likest(own, plain, HALF, preferred)}
        left = [n for n in range(len(found)) if n not in near]
        words = [other.without_cells(text) for text in plain] if left else []
        said = [found[n].words for n in left]
        return near | {left[a]: others[b] for a, b, _ in likest(said, words, HALF, preferred)}

    def _lost(self, side: int) -> frozenset[str]:
        """What the other document says by statements that this one does not make."""
        made = self.documents[side].side.told or frozenset()
        other = self.documents[1 - side]
        told = statements(other.side).items()
        return frozenset(other.plain(said.text) for id_, said in told if (id_, "") not in made)

    def _moved(self) -> Iterator[WordingChange]:
        """Paragraphs that left the place that the format has for them, or came back to it."""
        before, after = (document.displaced for document in self.documents)
        for place, text, plain in self.documents[1].printed:
            if plain in before ^ after and plain in self.documents[0].given:
                yield told_paragraph(Kind.MOVED, text, text, place)


def _changed(old: str, new: str, place: FilePlace | None) -> WordingChange:
    """A paragraph that reads differently, or that should have moved on with the year."""
    return told_paragraph(Kind.STAYED if form(old) == form(new) else Kind.CHANGED, old, new, place)


def untold(texts: Sequence[WordingChange], said: Sequence[WordingChange]) -> tuple[WordingChange, ...]:
    """The texts without those that stand in a paragraph which is told itself."""
    olds, news = [form(one.old) for one in said if one.old], [form(one.new) for one in said if one.new]
    return tuple(
        one
        for one in texts
        if not (one.kind is Kind.WENT and _within(one.old_sentence, olds))
        and not (one.kind is Kind.CAME and _within(one.new_sentence, news))
    )


def understood(
    both: Both, figures: Sequence[FigureChange], said: Sequence[WordingChange]
) -> tuple[FigureChange, ...]:
    """The figures without those that lack only since the sentence that told them is told as another one now."""
    before = [form(one.old) for one in said if one.old]
    told = sentences(both.old)
    return tuple(
        one
        for one in figures
        if one.new
        or (sentence := told.get((one.table, one.key, one.column))) is None
        or not _within(sentence.text, before)
    )


def _within(text: str, paragraphs: Sequence[str]) -> bool:
    own = form(text)
    return any(own in paragraph or paragraph in own for paragraph in paragraphs)
