"""Two documents of different years, paragraph by paragraph: what each says otherwise than its own Book would.

A paragraph that a document has as its Book gives it, figures and years apart, differs from last year's only in what the
other lists tell, or in what only the format changed. What is left is the office's own wording: kept from one year to the
next it is none of the differences, and else it is told beside what the other document has in its place. A paragraph
that the Book gives and the document lacks is told where the other document has it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.comparison.matching import LASTING, YEAR, alike
from budgetgen.comparison.paragraphs import FIGURE, form, told_paragraph
from budgetgen.comparison.values import Kind
from budgetgen.comparison.wording import sentences, statements
from budgetgen.saying.disclosure import compose
from budgetgen.values.likeness import ALIKE, likeness, likest
from budgetgen.values.model import Paragraph, PrintedTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.comparison.matching import Both
    from budgetgen.comparison.values import FigureChange, Side, WordingChange
    from budgetgen.values.likeness import Score
    from budgetgen.values.model import Disclosure, Printed
    from budgetgen.values.places import FilePlace

LEAST = Decimal("0.6")
"""How alike two paragraphs are at least to be one that was changed."""
HALF = Decimal("0.55")
"""Likewise, of those that the other document does not have as well."""
PREFERRED = Decimal("0.2")
"""What a paragraph whose statement the other document does not make is likelier to be the one."""
NONE = Decimal(0)
"""How alike two paragraphs are of which one is a title."""
CELL = 4
"""A shorter text of a cell may stand in a sentence as common words."""
YEARS = {-2: "前年", -1: "上年", 0: "本年", 1: "下年"}
"""What stands for the years around that of a document."""
COLUMNS = "｜"
"""Between the captions of a table's header."""
NUMBER = re.compile(rf"(?P<lasting>{LASTING.pattern})|(?P<year>{YEAR.pattern})|{FIGURE.pattern}")
"""What is set aside of a paragraph, or stays for good."""
ANY, OTHER = "#", "…"
"""What stands for a figure, and for a text that a cell holds."""

CellKey: TypeAlias = tuple[str, str, str]
"""A cell by table, key of the row, column."""
TextSource: TypeAlias = tuple[str, frozenset[CellKey]]
"""What a paragraph is of: its statement and the cells that it tells, or the table that it stands below."""


@dataclass(frozen=True)
class Own:
    """A paragraph that a document says in words of its own.

    Attributes:
        place, text: as printed.
        plain: without figures and years.
        words: without the texts of cells either.
        instead: what the Book gives in its place, likewise; empty where that gives nothing like it.
    """

    place: FilePlace | None
    text: str
    plain: str
    words: str
    instead: str

    @cached_property
    def departs(self) -> tuple[tuple[str, str], ...]:
        """In what it departs from what the Book gives."""
        return _departs(self.instead, self.plain) if self.instead else ()


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
        whole = self._whole
        lines = (line for part in whole.parts for line in (part.heading, *self._lines(part.blocks)))
        entries = (text for _, text in whole.entries)
        told = (*whole.cover, whole.contents, *entries, *lines, *whole.signature)
        return tuple(filter(None, map(self.plain, told)))

    @cached_property
    def _whole(self) -> Disclosure:
        """The document that the Book gives."""
        return compose(self.side.book, self.side.edition)

    @cached_property
    def _composed(self) -> tuple[tuple[TextSource, str], ...]:
        """The paragraphs that the Book gives of cells, and those below its tables, each with what it is of."""
        blocks = [block for part in self._whole.parts for block in part.blocks]
        found: list[tuple[TextSource, str]] = []
        for block in blocks:
            if isinstance(block, Paragraph) and block.spots:
                found.append(((block.statement, frozenset(block.spots)), block.text))
            elif isinstance(block, PrintedTable):
                found += [
                    (("", frozenset({(block.name, self.plain(text), "")})), text) for text in block.remarks
                ]
        return tuple(found)

    @cached_property
    def says(self) -> Mapping[TextSource, str]:
        """The paragraph by what it is of, where the document has it as the Book gives it."""
        had = {plain for _, _, plain in self.printed}
        return {source: text for source, text in self._composed if self.plain(text) in had}

    @cached_property
    def unsaid(self) -> tuple[TextSource, ...]:
        """The paragraphs of cells that the Book gives, and the document has neither so nor in words like those."""
        had, given = [one[2] for one in self.printed], [self.plain(text) for _, text in self._composed]
        near, said = Counter(one.instead for one in self.own), "\n".join(had)
        fewer = Counter(given) - Counter(had) - near
        lacking = {text for text in fewer if said.count(text) + near[text] < given.count(text)}
        if not lacking:
            return ()
        blocks = SequenceMatcher(None, given, had, autojunk=False).get_matching_blocks()
        there = {n for block in blocks for n in range(block.a, block.a + block.size)}
        left = (n for n, text in enumerate(given) if text in lacking and n not in there)
        return tuple(self._composed[n][0] for n in left)

    def is_title(self, plain: str) -> bool:
        """Whether a paragraph is an entry of the contents or a heading, however it is worded."""
        return any(likeness(plain, title, ALIKE) for title in self._titles)

    @cached_property
    def _titles(self) -> frozenset[str]:
        """The entries of the contents and the headings that the Book gives, likewise."""
        parts = self._whole.parts
        tables = (block.title for part in parts for block in part.blocks if isinstance(block, PrintedTable))
        told = (*(text for _, text in self._whole.entries), *(part.heading for part in parts), *tables)
        return frozenset(filter(None, map(self.plain, told)))

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
                unsaid[near[n]] if n in near else "",
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
        return NUMBER.sub(self._number, form(text))

    def _number(self, found: re.Match[str]) -> str:
        """What stands for a number; one that stays for good stands for itself."""
        if found["year"]:
            return YEARS.get(int(found["year"]) - self.side.year, ANY)
        return found["lasting"] or ANY

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
        plain = [one.plain for one in old], [one.plain for one in new]
        paired = {a: b for a, b, _ in likest(*plain, LEAST, self._of_a_kind(*plain))}
        told = {old[a].text for a in paired} | {new[b].text for b in paired.values()}
        worded = [
            *(
                one
                for a, b in sorted(paired.items(), key=itemgetter(1))
                for one in self._changed(old[a].text, new[b].text, new[b].place)
            ),
            *self._alone([one for one in old if one.text not in told], 0),
            *self._alone([one for one in new if one.text not in told], 1),
        ]
        yield from worded
        yield from self._unsaid(worded, 0)
        yield from self._unsaid(worded, 1)
        yield from self._moved()

    def _of_a_kind(self, old: Sequence[str], new: Sequence[str]) -> Score:
        """How alike two paragraphs are; one that is a title and one that is none are not."""
        before, after = (
            [document.is_title(text) for text in texts]
            for document, texts in zip(self.documents, (old, new), strict=True)
        )
        return lambda a, b, alike: alike if before[a] is after[b] else NONE

    def _unsaid(self, worded: Sequence[WordingChange], side: int) -> Iterator[WordingChange]:
        """Paragraphs of cells that a document lacks, and the other has as its Book gives them."""
        mine, other = self.documents[side], self.documents[1 - side]
        spent = Counter(other.plain(one.new if side == 0 else one.old) for one in worded)
        for statement, spots in mine.unsaid:
            there = frozenset(self._there(spot, side) for spot in spots)
            text = other.says.get((statement, there), "")
            if text and spent[other.plain(text)]:
                spent[other.plain(text)] -= 1
            elif text:
                yield told_paragraph(*((Kind.WENT, text, "") if side else (Kind.CAME, "", text)), None)

    def _there(self, spot: CellKey, side: int) -> CellKey:
        """A cell of a document as the other has it."""
        table, key, column = spot
        return table, self._keys[side].get((table, key), key), column

    @cached_property
    def _keys(self) -> tuple[Mapping[tuple[str, str], str], Mapping[tuple[str, str], str]]:
        """The rows of each document by their keys in the other."""
        pairs = [
            (table, pair.old.key, pair.new.key)
            for table, found in self.both.pairs.items()
            for pair in found
            if pair.old and pair.new
        ]
        return {(t, old): new for t, old, new in pairs}, {(t, new): old for t, old, new in pairs}

    def _changed(self, old: str, new: str, place: FilePlace | None) -> Iterator[WordingChange]:
        """A paragraph that reads differently, or in which a year should have moved on with the budget."""
        before, after = form(old), form(new)
        if not alike(before, after, self.both.shift):
            yield told_paragraph(Kind.CHANGED, old, new, place)
        elif any(
            a == b and int(a) - self.both.old.year in YEARS
            for a, b in zip(*(YEAR.findall(LASTING.sub("", text)) for text in (before, after)), strict=True)
        ):
            yield told_paragraph(Kind.STAYED, old, new, place)

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
                yield from self._changed(*((text, one.text, one.place) if side else (one.text, text, place)))

    def _beside(self, found: Sequence[Own], side: int) -> dict[int, tuple[FilePlace | None, str, str]]:
        """The likest paragraphs of the other document, rather those whose statements this one does not make.

        Likeness is tried with the texts of cells first: of a list that is all there is.
        """
        mine, other = self.documents[side], self.documents[1 - side]
        kept, there = (Counter(one[2] for one in document.printed) for document in (mine, other))
        others = [one for one in other.printed if len(one[2]) >= CELL and there[one[2]] > kept[one[2]]]
        lost = self._lost(side)

        own, plain = [one.plain for one in found], [one[2] for one in others]
        titles = [mine.is_title(text) for text in own], [other.is_title(text) for text in plain]

        def preferred(a: int, n: int, alike: Decimal) -> Decimal:
            if titles[0][a] is not titles[1][n]:
                return NONE
            return alike + (PREFERRED if others[n][2] in lost else 0)

        near = {a: others[b] for a, b, _ in likest(own, plain, HALF, preferred)}
        left = [n for n in range(len(found)) if n not in near]
        words = [other.without_cells(text) for text in plain] if left else []
        said = [found[n].words for n in left]
        again = likest(said, words, HALF, lambda a, n, alike: preferred(left[a], n, alike))
        return near | {left[a]: others[b] for a, b, _ in again}

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


def untold(texts: Sequence[WordingChange], said: Sequence[WordingChange]) -> tuple[WordingChange, ...]:
    """The texts without those that stand in a paragraph which is told itself."""
    olds, news = [form(one.old) for one in said if one.old], [form(one.new) for one in said if one.new]
    return tuple(
        one
        for one in texts
        if not (not one.new and _within(one.old_sentence, olds))
        and not (not one.old and _within(one.new_sentence, news))
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
