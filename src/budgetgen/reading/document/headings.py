"""Where the parts of a document begin, and their sections."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from budgetgen.reading.document.blocks import Grid, Text
from budgetgen.reading.document.narrative.patterns import ANY, ANY_NUMERAL, MARK, STOP, Turner, unmarked
from budgetgen.values import amounts
from budgetgen.values.likeness import alike
from budgetgen.values.patterns import pieces
from budgetgen.values.text import Folded, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition, Part
    from budgetgen.reading.cells import Line
    from budgetgen.reading.document.blocks import Block
    from budgetgen.reading.document.narrative.meaning import Understanding
    from budgetgen.reading.document.narrative.patterns import Turned

UNSAID = "…"
"""What stands for a slot of a heading."""
FIGURES = re.compile(rf"[\d{UNSAID}]+")
NUMBERED = re.compile(MARK)
CLOSED = "。：:"
"""What offices put behind a heading."""
OTHER_MARK = re.compile(
    r"[(]?第?(?P<number>[一二三四五六七八九十]{1,3}|\d{1,2}|[IVX]{1,4}|[ivx]{1,4}|[Ⅰ-Ⅻ])[^\d一二三四五六七八九十]{0,4}"
)
"""How else a part may be numbered: by any numeral, and a few signs or words behind it."""
HEADED = 60
"""How long a heading is at most, to be recognised by its meaning or by its likeness."""
FEW = 2
"""How many parts told by their whole headings make a document one of that format, and rows of a table contents."""
PAGE = re.compile(r"[\s.…·-]{0,200}\d{0,3}")
"""What leads to a page in contents, and the number of it."""


@dataclass(frozen=True)
class PartHeadings:
    """The headings of the parts of an edition."""

    edition: Edition

    def heads(self, part: Part, text: str) -> bool:
        """Whether a paragraph is the heading of a part."""
        if part.mark:
            return _in_words(part, text).form.startswith(fold(part.mark).form)
        return self.entitles(part, text)

    def entitles(self, part: Part, text: str) -> bool:
        """Whether a text is the whole heading of a part, its mark and its words."""
        told = _in_words(part, text)
        return any(turned.match(told) is not None for turned in self._turned[part.number])

    def starts(self, texts: Sequence[str]) -> dict[int, int]:
        """Where the parts begin, by their numbers: the words of a heading tell it where its number is wrong or lost.

        The contents repeat the headings, so the last of each counts. One without its number counts where nothing but the
        contents has it with one: headings of other parts stand between the two.

        Args:
            texts: the paragraphs in order; a table is an empty text.
        """
        numbered = self._marked(texts) or self.otherwise(texts)
        starts = {part: n for n, part in numbered.items()}
        for n, text in enumerate(texts):
            part = None if n in numbered else self._worded(fold(text))
            others = (at for at, one in numbered.items() if one != part)
            if part and (part not in starts or any(starts[part] < at < n for at in others)):
                whole = starts | {part: n}
                starts = whole if sorted(whole) == sorted(whole, key=whole.__getitem__) else starts
        return starts

    def _numbered(self, text: str) -> int | None:
        """The part whose numbered heading a paragraph is: that of its words, if it is another than that of its number."""
        own = next((part.number for part in self.edition.part if self.heads(part, text)), None)
        told = fold(text)
        found = self._marks.match(told.form)
        if not found or not found[0]:
            return own
        return self._worded(Folded(told.printed[found.end() :], told.form[found.end() :])) or own

    def _marked(self, texts: Sequence[str]) -> dict[int, int]:
        """The headings of parts that are marked as the format marks them: the part of each, by its place."""
        return {n: part for n, text in enumerate(texts) if (part := self._numbered(text))}

    def otherwise(self, texts: Sequence[str]) -> dict[int, int]:
        """The same where an office marks parts by marks of its own, or not at all: known by their words alone."""
        if self._marked(texts):
            return {}
        found = {}
        for n, text in enumerate(texts):
            if len(text) > HEADED:
                continue
            told = fold(text)
            mark = OTHER_MARK.match(told.form)
            ends = (0, *range(mark.end("number"), mark.end() + 1)) if mark else (0,)
            cut = (self._worded(Folded(told.printed[end:], told.form[end:])) for end in ends)
            if part := next(filter(None, cut), None):
                found[n] = part
        return found if len(set(found.values())) >= FEW else {}

    def _worded(self, text: Folded) -> int | None:
        """The part that has a mark and whose heading is a text but for the mark."""
        known = self._words.items() if text.form else ()
        return next(
            (part for part, words in known if any(one.match(text) is not None for one in words)), None
        )

    @cached_property
    def _marks(self) -> re.Pattern[str]:
        """The marks of the parts, with any number."""
        marks = dict.fromkeys(re.escape(fold(part.mark).form) for part in self.edition.part if part.mark)
        return re.compile("|".join(dict.fromkeys(ANY_NUMERAL.sub(ANY, mark) for mark in marks)))

    @cached_property
    def _words(self) -> Mapping[int, Sequence[Turned]]:
        """The headings of the parts that have marks, without these."""
        turner = Turner(self.edition)
        return {
            part.number: [turner.turn(text.removeprefix(part.mark)) for text in (part.heading, *part.reads)]
            for part in self.edition.part
            if part.mark and part.heading
        }

    def enters(self, text: str) -> bool:
        """Whether a text is the entry of a part or of a table in the contents."""
        told, own = fold(text), bare(text)
        return any(turned.match(told) or turned.match(own) for turned in self._entries)

    @cached_property
    def _entries(self) -> tuple[Turned, ...]:
        turner, entries = Turner(self.edition), (part.entry for part in self.edition.part)
        titles = (table.title for table in self.edition.printed)
        return tuple(turner.turn(text) for text in (*entries, *titles) if text)

    def parted(self, texts: Sequence[str]) -> bool:
        """Whether paragraphs have parts of that format."""
        if any(part.mark and self.heads(part, text) for part in self.edition.part for text in texts):
            return True
        if self.otherwise(texts):
            return True
        whole = [part for part in self.edition.part if not part.mark]
        return sum(any(self.heads(part, text) for text in texts) for part in whole) >= FEW

    @cached_property
    def _turned(self) -> Mapping[int, tuple[Turned, ...]]:
        turner = Turner(self.edition)
        return {
            part.number: tuple(turner.turn(text) for text in (part.heading, *part.reads) if text)
            for part in self.edition.part
        }


@dataclass(frozen=True)
class SectionHeading:
    """The heading of a section, and the same turned round."""

    section: str
    pattern: str
    turned: Turned

    def heads(self, text: str) -> bool:
        """Whether a paragraph is it; of a numbered one the fixed end decides, if its beginning has a slip."""
        text = text.rstrip(CLOSED)
        told, own = fold(text), bare(text)
        if self.turned.match(own) is not None:
            return True
        last = pieces(self.pattern)[-1]
        numbered = own.form != told.form and len(pieces(self.pattern)) > 1
        return numbered and isinstance(last, str) and own.form.endswith(fold(last).form)


@dataclass(frozen=True)
class SectionHeadings:
    """The headings of the sections of a part."""

    edition: Edition
    part: int

    def opened(self, text: str, turner: Understanding) -> SectionHeading | None:
        """The heading that a paragraph is: to the letter, or by the meaning where it is numbered."""
        exact, own = self.exact(text), bare(text)
        if exact is not None or own.form == fold(text).form or len(own.form) > HEADED:
            return exact
        return next((h for h in self._headings if turner.turn(h.pattern).match(own) is not None), None)

    def exact(self, text: str) -> SectionHeading | None:
        """The heading that a paragraph is to the letter."""
        return next((heading for heading in self._headings if heading.heads(text)), None)

    def begun(self, first: str, second: str) -> bool:
        """Whether two lines are a whole numbered heading, of which the first has the number and the first word."""
        own, told = bare(first + second), bare(first)
        if own.form == fold(first + second).form:
            return False
        whole = (h for h in self._headings if h.turned.match(own) is not None)
        begins = (pieces(heading.pattern)[0] for heading in whole)
        return any(
            told.form.startswith(fold(begin).form[:1])
            if isinstance(begin, str)
            else told.form[:1].isdigit()  # a year, not a name
            for begin in begins
        )

    def reworded(self, texts: Sequence[str], opened: Mapping[int, str]) -> Mapping[int, str]:
        """Which further paragraphs are headings: numbered as the others, and like one that lacks between them.

        Args:
            texts: the paragraphs of the part.
            opened: the sections that are known to begin, by the number of their heading's paragraph.

        Returns:
            The sections that begin there in words of the office's own.
        """
        near = dict(self._near(texts, opened))
        once = Counter(near.values())
        return {n: section for n, section in near.items() if once[section] == 1}

    def lacking(self, opened: Mapping[int, str], count: int) -> Iterator[tuple[str, str, range]]:
        """The sections without a heading: each with the one before it, and where that one's paragraphs stand.

        Args:
            opened: the sections that are known to begin, by the number of their heading's paragraph.
            count: of how many paragraphs the part is.
        """
        order = [section.id for section in self.edition.section if section.part == self.part]
        starts = {section: n for n, section in opened.items()}
        for before, section in pairwise(order):
            if before in starts and section not in starts:
                end = min((n for n in opened if n > starts[before]), default=count)
                yield before, section, range(starts[before] + 1, end)

    def _near(self, texts: Sequence[str], opened: Mapping[int, str]) -> Iterator[tuple[int, str]]:
        order = [section.id for section in self.edition.section if section.part == self.part]
        places = {n: order.index(section) for n, section in opened.items()}
        marks = {_mark(texts[n]) for n in opened} - {""}
        for n, text in enumerate(texts):
            if n in opened or _mark(text) not in marks or len(text) > HEADED or text.endswith(STOP):
                continue
            first = max((at for m, at in places.items() if m < n), default=-1) + 1
            end = min((at for m, at in places.items() if m > n), default=len(order))
            lacking = {section for section in order[first:end] if section not in opened.values()}
            words = self._words(text)
            found = {
                h.section
                for h in self._headings
                if h.section in lacking and alike(words, self._words(h.pattern))
            }
            if len(found) == 1:
                yield n, found.pop()

    def _words(self, heading: str) -> str:
        """A heading, or the pattern of one, without its number, the unit and the year."""
        fixed = "".join(piece if isinstance(piece, str) else UNSAID for piece in pieces(heading))
        about = self.edition.lint.about
        told = about.sub("", bare(fixed).form) if about else bare(fixed).form
        return FIGURES.sub("", told)

    @cached_property
    def _headings(self) -> tuple[SectionHeading, ...]:
        turner = Turner(self.edition)
        return tuple(
            SectionHeading(section.id, heading, turner.turn(heading))
            for section in self.edition.section
            if section.part == self.part
            for heading in filter(None, (section.heading, *section.reads))
        )


def apart(found: Iterable[Block], edition: Edition) -> Iterator[Block]:
    """Paragraphs and tables; a heading that only a line end parts from the text behind it is a paragraph of its own.

    One that is printed on several lines is one heading: where it goes on, or only its mark is known, nothing is parted.
    """
    parts = PartHeadings(edition)
    sections = [SectionHeadings(edition, part.number) for part in edition.part]

    def heads(text: str) -> bool:
        part = len(text) <= HEADED and any(parts.entitles(part, text) for part in edition.part)
        return part or any(section.exact(text) is not None for section in sections)

    def entered(text: str) -> bool:
        return heads(text) or parts.enters(text)

    laid_out = itertools.chain.from_iterable(_entries(block, entered) for block in found)
    for block in _whole(laid_out, parts, sections):
        if not (isinstance(block, Text) and block.breaks):
            yield block
            continue
        printed, begin = fold(block.text).printed, 0
        for end, next_end in pairwise((*block.breaks, len(printed))):
            longer = heads(printed[begin:next_end]) and not heads(printed[end:next_end])
            if heads(printed[begin:end]) and not longer:
                yield replace(block, text=printed[begin:end], breaks=())
                begin = end
        yield replace(block, text=printed[begin:], breaks=()) if begin else block


def _entries(block: Block, heads: Callable[[str], bool]) -> Iterator[Block]:
    """A paragraph or table; contents that stand in a table are paragraphs: most of its rows are headings."""
    rows = [_entry(line) for line in block.lines] if isinstance(block, Grid) else []
    entries = [entry for entry in rows if entry]
    if len(entries) < FEW or 2 * sum(heads(entry.text) for entry in entries) < len(entries):
        yield block
    else:
        yield from entries


def _entry(line: Line) -> Text | None:
    """A row as an entry of the contents: its words, without the number of a page; none where nothing stands in it."""
    words = [str(raw.value) for raw in line if not raw.blank and not PAGE.fullmatch(str(raw.value))]
    return Text("".join(words), 0, cell=line[0].place, led=True) if words else None


def _whole(
    found: Iterable[Block], parts: PartHeadings, sections: Sequence[SectionHeadings]
) -> Iterator[Block]:
    """Paragraphs and tables; a heading whose lines were taken for paragraphs, as they end early, is one.

    Its beginning tells it: any words before the end of an unmarked heading could be the name of a unit.
    """
    held: Text | None = None
    for block in found:
        lines = [one.text for one in (held, block) if isinstance(one, Text) and one.cell is None]
        if held and len(lines) > 1 and _goes_on(parts, sections, *lines):
            held = replace(held, text="".join(lines), breaks=())
            continue
        if held:
            yield held
        held = block if isinstance(block, Text) else None
        if held is None:
            yield block
    if held:
        yield held


def _goes_on(parts: PartHeadings, sections: Sequence[SectionHeadings], first: str, second: str) -> bool:
    """Whether two lines are together the whole heading that the first begins, and neither is one alone."""
    if len(first) + len(second) > HEADED:
        return False
    known = parts.edition.part
    if any(part.mark and parts.heads(part, first) for part in known):
        whole = any(parts.entitles(part, first + second) for part in known if parts.heads(part, first))
    else:
        whole = any(section.begun(first, second) for section in sections)
    alone = (
        any(parts.entitles(part, line) for part in known)
        or any(section.exact(line) is not None for section in sections)
        for line in (first, second)
    )
    return whole and not any(alone)


def _in_words(part: Part, text: str) -> Folded:
    """A paragraph with the mark of a part as the format has it, where its number stands in figures: 第1部分."""
    number = amounts.from_numeral(found[0]) if (found := ANY_NUMERAL.search(part.mark)) else None
    figures = part.mark.replace(found[0], str(number), 1) if found and number else ""
    told = fold(text)
    begins = bool(figures) and told.form.startswith(fold(figures).form)
    return fold(part.mark + told.printed[len(figures) :]) if begins else told


def bare(text: str) -> Folded:
    """A paragraph without the mark of its number."""
    return fold(unmarked(fold(text).printed))


def _mark(text: str) -> str:
    """The mark of a paragraph's number, whichever number it is."""
    found = NUMBERED.match(fold(text).printed)
    return ANY_NUMERAL.sub("", found[0]) if found else ""
