"""What a document says in words of its own: beside what its own Book gives, figures and years apart."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.comparison.alignment import Alignment
from budgetgen.comparison.matching import LASTING, YEAR
from budgetgen.comparison.paragraphs import FIGURE, form
from budgetgen.saying.disclosure import compose
from budgetgen.values.header import is_header
from budgetgen.values.likeness import ALIKE, likeness, likest, shortened
from budgetgen.values.model import Paragraph, PrintedTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.comparison.values import Side
    from budgetgen.values.likeness import Score
    from budgetgen.values.model import Disclosure, Printed
    from budgetgen.values.places import FilePlace

LEAST = Decimal("0.6")
"""How alike two paragraphs are at least to be one that was changed."""
SLIP = Decimal("0.75")
"""How alike two paragraphs are at least, figures and years apart, to be one with a slip."""
CELL = 4
"""A shorter text of a cell may stand in a sentence as common words."""
YEARS = {-2: "前年", -1: "上年", 0: "本年", 1: "下年"}
"""What stands for the years around that of a document."""
RELATIVE = re.compile("|".join(YEARS.values()))
NUMBER = re.compile(
    rf"(?P<lasting>{LASTING.pattern}|(?<=[〕\]])第?\d+(?=号))|(?P<year>{YEAR.pattern})|{FIGURE.pattern}"
)
"""What is set aside of a paragraph, or stays for good."""
ENTRY, TITLE = "目录", "标题"
"""Of what a line of the contents is, and a heading."""
WHOLE = r"(?<![\d.,])(?!20\d\d(?:\d{4})?(?!\d))\d[\d,]*+(?!周?年|页)"
"""The whole part of a number that is no year, with the word for one or without, no age in years, and no page."""
COUNT = re.compile(rf"{WHOLE}(?![.%％万亿元])")
"""A whole number that is no money either: a count, a month, a day."""
ANY_NUMBER = re.compile(rf"{WHOLE}(?:\.\d++)?+(?!年)")
"""Such a number of any kind."""
ANY, OTHER = "#", "…"
"""What stands for a figure, and for a text that a cell holds."""

CellKey: TypeAlias = tuple[str, str, str]
"""A cell by table, key of the row, column."""
TextSource: TypeAlias = tuple[str, frozenset[CellKey]]
"""What a paragraph is of: its statement and the cells that it tells; or what kind of line it is, and of which table."""


@dataclass(frozen=True)
class OwnParagraph:
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
class OwnWords:
    """A document beside what its Book gives; headers of tables are the format's, and told with its columns."""

    side: Side

    @cached_property
    def printed(self) -> tuple[tuple[FilePlace | None, str, str], ...]:
        """Its paragraphs: place, text, and the text without figures and years."""
        told = ((p, text, self.plain(text)) for p, text in self.side.paragraphs or () if not is_header(text))
        return tuple(one for one in told if one[2])

    @cached_property
    def plains(self) -> Counter[str]:
        """How often each of them stands in it."""
        return Counter(plain for _, _, plain in self.printed)

    @cached_property
    def dated(self) -> frozenset[str]:
        """Its paragraphs without figures, their years as they are."""
        return frozenset(with_years(text) for _, text, _ in self.printed)

    @cached_property
    def unread(self) -> frozenset[str]:
        """Those that reading did not understand."""
        stated = {text for finding in self.side.loose for text in finding.texts}
        return frozenset(plain for _, text, plain in self.printed if text in stated)

    @cached_property
    def given(self) -> tuple[str, ...]:
        """The paragraphs that the Book gives, likewise, in order."""
        whole = self._whole
        lines = (line for part in whole.parts for line in (part.heading, *self._lines(part.blocks)))
        entries = (text for _, text in whole.entries)
        told = (*whole.cover, whole.contents, *entries, *lines, *whole.signature)
        return tuple(filter(None, map(self.plain, told)))

    @cached_property
    def miscounted(self) -> frozenset[str]:
        """The paragraphs that count otherwise than the Book does, which gives each of them once."""
        whole = (b for part in self._whole.parts for b in part.blocks if isinstance(b, Paragraph))
        given = {self.plain(block.text): block.text for block in whole}
        often = Counter(self.given)
        return frozenset(
            plain
            for _, text, plain in self.printed
            if often[plain] == 1 and plain in given and counts(text) != counts(given[plain])
        )

    @cached_property
    def _whole(self) -> Disclosure:
        """The document that the Book gives."""
        return compose(self.side.book, self.side.edition)

    @cached_property
    def _composed(self) -> tuple[tuple[TextSource, str], ...]:
        """What the Book gives of cells, around its tables, as headings, on cover and at the end; each with what it is of."""
        whole = self._whole
        lines = [self._line("", text) for text in whole.cover]
        lines += [self._line(ENTRY, text) for _, text in whole.entries]
        for part in whole.parts:
            lines += [self._line(TITLE, part.heading), *(line for b in part.blocks for line in self._of(b))]
        lines += [self._line("", text) for text in whole.signature]
        return tuple((source, text) for source, text in lines if text)

    def _of(self, block: Printed) -> Iterator[tuple[TextSource, str]]:
        """What a block of the Book's document gives, each with what it is of."""
        if isinstance(block, PrintedTable):
            yield from (self._line("", text, block.name) for text in (block.title, *block.remarks))
        elif isinstance(block, Paragraph) and block.spots:
            yield (block.statement, frozenset(block.spots)), block.text
        elif isinstance(block, Paragraph) and not block.statement:
            yield self._line(TITLE, block.text)

    def _line(self, kind: str, text: str, table: str = "") -> tuple[TextSource, str]:
        return (kind, frozenset({(table, self.plain(text), "")})), text

    @cached_property
    def sources(self) -> frozenset[TextSource]:
        """What these are of."""
        return frozenset(source for source, _ in self._composed)

    @cached_property
    def says(self) -> Mapping[TextSource, str]:
        """The paragraph by what it is of, where the document has it as the Book gives it."""
        return {source: text for source, text in self._composed if self.plain(text) in self.plains}

    @cached_property
    def unsaid(self) -> tuple[TextSource, ...]:
        """The paragraphs of cells that the Book gives, and the document has neither so nor in words like those."""
        had, given = [one[2] for one in self.printed], [self.plain(text) for _, text in self._composed]
        near, said = Counter(one.instead for one in self.own), "\n".join(had)
        fewer = Counter(given) - Counter(had) - near
        lines = {self.plain(text) for (kind, _), text in self._composed if kind in {"", ENTRY, TITLE}}
        lacking = {
            text
            for text in fewer
            if (self.plains[text] if text in lines else said.count(text)) + near[text] < given.count(text)
        }
        if not lacking:
            return ()
        left = [self._composed[n][0] for n in Alignment(given, had).gone if given[n] in lacking]
        entries = [source for source in left if source[0] == ENTRY]
        listed = len(entries) * 2 <= len(self._whole.entries)
        return tuple(source for source in left if listed or source[0] != ENTRY)

    @cached_property
    def wanting(self) -> Mapping[TextSource, tuple[str, str]]:
        """The headings that stand there and not in the contents, which have those beside them; the remarks below tables.

        Those only where most of them stand. Each with what it lacks in.
        """
        entries = [self._line(ENTRY, text) for _, text in self._whole.entries]
        lacking = [source in self.unsaid for source, _ in entries]
        beside = zip((False, *lacking), (*lacking[1:], False), strict=False)
        contents = "".join(self.side.edition.layout.contents.split())
        found = {
            source: (contents, text)
            for (source, text), lacks, around in zip(entries, lacking, beside, strict=True)
            if lacks and not any(around) and self.plains[self.plain(text)]
        }
        tables = [b for part in self._whole.parts for b in part.blocks if isinstance(b, PrintedTable)]
        remarks = {
            self._line("", text, one.name)[0]: (one.title, text) for one in tables for text in one.remarks
        }
        lost = {source: told for source, told in remarks.items() if source in self.unsaid}
        return found | (lost if 2 * len(lost) < len(remarks) else {})

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

    @cached_property
    def above_tables(self) -> Mapping[str, frozenset[str]]:
        """What may stand between title and table, likewise, by the tables: preparer, unit of money, both in one line."""
        tables = (b for part in self._whole.parts for b in part.blocks if isinstance(b, PrintedTable))
        return {
            one.name: frozenset(map(self.plain, (one.preparer, one.money, one.preparer + one.money)))
            for one in tables
        }

    def _lines(self, blocks: Sequence[Printed]) -> Iterator[str]:
        """What stands in paragraphs of its own: those, and the lines around tables."""
        number = self.side.edition.typography.table_number
        for block in blocks:
            if isinstance(block, Paragraph):
                yield block.text
            elif isinstance(block, PrintedTable):
                yield from (
                    number.replace("{号}", str(block.ordinal)),
                    block.title,
                    block.preparer + block.money,
                )
                yield from (block.preparer, block.money, *block.remarks)
            else:
                yield from block.title

    @cached_property
    def own(self) -> tuple[OwnParagraph, ...]:
        """The paragraphs that the Book does not give, or not so often."""
        spare = Counter(self.given)
        left: list[tuple[FilePlace | None, str, str]] = []
        for one in self.printed:
            if spare[one[2]] > 0:
                spare[one[2]] -= 1
            else:
                left.append(one)
        unsaid = list((spare - Counter()).elements())
        plains = [plain for _, _, plain in left]
        near = {a: b for a, b, _ in likest(plains, unsaid, LEAST, one_changed(plains, unsaid))}
        return tuple(
            OwnParagraph(
                place,
                text,
                plain,
                self.without_cells(plain),
                unsaid[near[n]] if n in near else "",
            )
            for n, (place, text, plain) in enumerate(left)
        )

    @cached_property
    def displaced(self) -> Mapping[str, int]:
        """The paragraphs that stand elsewhere than the format has them, each with the number of the last such one."""
        plains = [plain for _, _, plain in self.printed]
        return {plains[n]: n for n in sorted(Alignment(self.given, plains).displaced)}

    def plain(self, text: str) -> str:
        """A paragraph without its figures, its years told by how far they are from that of the document.

        The number of a table is no figure.
        """
        said = form(text)
        return said if self._numbering.fullmatch(said) else NUMBER.sub(self._number, said)

    @cached_property
    def _numbering(self) -> re.Pattern[str]:
        """The lines that number tables; none where there are none."""
        said = form(self.side.edition.typography.table_number)
        return re.compile(re.escape(said).replace(re.escape("{号}"), r"\d+(?:-\d+)*") or r"(?!)")

    def _number(self, found: re.Match[str]) -> str:
        """What stands for a number; one that stays for good stands for itself."""
        if found["year"]:
            return YEARS.get(int(found["year"]) - self.side.year, ANY)
        return found["lasting"] or ANY

    def alone_at(self, place: FilePlace | None) -> bool:
        """Whether a paragraph is all that stands at its place: in a cell of a workbook there may be several."""
        return self._paragraphs_at[place] == 1

    @cached_property
    def _paragraphs_at(self) -> Counter[FilePlace | None]:
        return Counter(place for place, _, _ in self.printed)

    def of_cell(self, plain: str) -> bool:
        """Whether a paragraph is nothing but what a cell holds."""
        return plain in self._cells

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


def with_years(text: str) -> str:
    """A paragraph without its figures; its years stand as they are: a name may keep the year that it was given in."""
    return NUMBER.sub(lambda found: found["year"] or found["lasting"] or ANY, form(text))


def one_changed(old: Sequence[str], new: Sequence[str]) -> Score:
    """How alike two paragraphs are; one that lost or gained a passage, years apart, is as alike as one with a slip."""
    before, after = ([RELATIVE.sub(ANY, text) for text in texts] for texts in (old, new))
    return lambda a, b, alike: max(alike, SLIP) if shortened(before[a], after[b]) else alike


def counts(text: str, pattern: re.Pattern[str] = COUNT) -> list[Decimal]:
    """The numbers of a kind in a paragraph, in order."""
    return [Decimal(found[0].replace(",", "")) for found in pattern.finditer(form(text))]


def _departs(given: str, said: str) -> tuple[tuple[str, str], ...]:
    stretches = Alignment(given, said).differing
    return tuple((given[old.start : old.stop], said[new.start : new.stop]) for old, new in stretches)
