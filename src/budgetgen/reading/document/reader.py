"""Reading a published document into a Book, by the same declarations that write one."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.book.derivation import derive
from budgetgen.book.figures import with_figures
from budgetgen.department.owners import owned, owned_performance
from budgetgen.reading.document.assembly import assembled, fixed_rows, opened, stated, unrepeated
from budgetgen.reading.document.blocks import BOX, HIDDEN, PICTURE, Grid, Text, header_text, stand_in
from budgetgen.reading.document.facts import Facts
from budgetgen.reading.document.headings import PartHeadings, SectionHeadings, apart, bare
from budgetgen.reading.document.landmarks import Landmarks
from budgetgen.reading.document.narrative.gathered import Gathered
from budgetgen.reading.document.narrative.leftover import Leftover
from budgetgen.reading.document.narrative.meaning import Understanding
from budgetgen.reading.document.narrative.patterns import Turner
from budgetgen.reading.document.narrative.reworded import Rewordings
from budgetgen.reading.document.narrative.sentences import SentenceReader
from budgetgen.reading.document.printed.altered import DeclaredCaptions
from budgetgen.reading.document.printed.captioned.regions import with_captioned
from budgetgen.reading.document.printed.numbered import Placed, PrintedReader
from budgetgen.reading.document.printed.performance import PerformanceReader, counted
from budgetgen.reading.document.published import published_blocks
from budgetgen.reading.document.recognition import edition_of, recognised, refuse_tableless
from budgetgen.reading.document.report import ReadingReport
from budgetgen.reading.document.sealing import BlockSealer
from budgetgen.reading.document.suspects import Suspects
from budgetgen.reading.secrets import dropped_findings, sealer, texts_in, without_secrets
from budgetgen.reading.workbook import BREAK, Reading
from budgetgen.saying.disclosure import compose
from budgetgen.saying.interleaving import by_table, said_at
from budgetgen.values import amounts
from budgetgen.values.model import Book, Row, Table
from budgetgen.values.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from budgetgen.edition.declarations import Edition
    from budgetgen.reading.cells import Line
    from budgetgen.reading.document.blocks import Block
    from budgetgen.reading.document.narrative.agreement import Agreement
    from budgetgen.reading.document.narrative.patterns import Turned
    from budgetgen.reading.document.printed.altered import AlteredCaption
    from budgetgen.reading.secrets import CellSealer, Dropped
    from budgetgen.values.places import FilePlace

PAGE = re.compile(r"[\W\d_]*+(?:第[\W\d_]*+页)?[\W\d_]*+(?:共[\W\d_]*+页)?[\W\d_]*+")
"""A page number, with or without what it is part of."""
PAGED = re.compile(r"([-.·~])\1?\d{1,3}\1{1,2}|第\d{1,3}页[,/]?(?:共\d{1,3}页)?")
"""A page number that was typed into the text."""


def read_document(path: Path, edition: str | None = None) -> Reading:
    """Read a published document.

    Args:
        path: the document.
        edition: id of the format; by default that of the year on the cover.

    Raises:
        UnusableInputError: the file cannot be read, or is no disclosure of a known edition.
    """
    return read_blocks(path, published_blocks(path), edition)


def read_blocks(path: Path, found: Sequence[Block], edition: str | None = None) -> Reading:
    """Read the paragraphs and tables of a published document.

    Args:
        path: the document, for messages.
        found: its paragraphs and tables in order.
        edition: id of the format; by default that of the year on the cover.

    Raises:
        UnusableInputError: it is no disclosure of a known edition.
    """
    chosen = edition_of(path, found, edition)
    found = tuple(apart(with_captioned(found, chosen), chosen))
    refuse_tableless(path, found)
    first = _DocumentReader(path.name, found, chosen)
    reading, suspects = first.read()
    seal = sealer(recognised(path, reading).book, chosen, _texts(found))
    if seal is None:
        reading = first.landmarks.on(suspects.beside(reading))
        return replace(reading, manuscript=ReadDocument(path.name, found, chosen))
    blocks, dropped = BlockSealer(first.gathered.sources, seal, first.heads).blocks(found)
    return ReadDocument(seal.secrets.file(path.name), blocks, chosen, seal.bare, dropped).read()


@dataclass(frozen=True)
class ReadDocument:
    """The paragraphs and tables of a document that was read.

    Attributes:
        file: its name.
        blocks: they, with nothing of secret items but what may be told.
        edition: its format.
        seal: what knows its secret items; None where it tells of none.
        dropped: what was left out of secret items.
    """

    file: str
    blocks: tuple[Block, ...]
    edition: Edition
    seal: CellSealer | None = None
    dropped: tuple[Dropped, ...] = ()

    def read(self) -> Reading:
        """What is read of it."""
        reader = _DocumentReader(self.file, self.blocks, self.edition, guarded=self.seal is not None)
        reading, suspects = reader.read()
        reading = replace(suspects.beside(reading), seal=self.seal, manuscript=self)
        if self.seal is not None:
            book = without_secrets(reading.book, self.edition, self.dropped)
            told = dropped_findings(self.dropped, self.edition)
            reading = replace(reading, book=book, findings=(*reading.findings, *told))
        return reader.landmarks.on(reading)

    def again(self, instead: Mapping[FilePlace, str]) -> Reading:
        """What is read of it with other texts at some places: of paragraphs, with others before them, and of cells.

        A paragraph without one is gone.
        """
        return replace(self, blocks=tuple(_with_texts(self.blocks, instead))).read()

    def line(self, place: FilePlace) -> Line:
        """The row of a table that a cell stands in; empty for any other place."""
        return self._lines.get(place, ())

    @cached_property
    def _lines(self) -> Mapping[FilePlace, Line]:
        lines = [line for block in self.blocks if isinstance(block, Grid) for line in block.lines]
        return {raw.place: line for line in reversed(lines) for raw in line if raw.place}


def _with_texts(found: Sequence[Block], instead: Mapping[FilePlace, str]) -> Iterator[Block]:
    for block in found:
        if isinstance(block, Text):
            *before, text = instead.get(block.place, block.text).split(BREAK)
            yield from (Text(one, 0) for one in before)
            yield from [replace(block, text=text)] if text else ()
            continue
        lines = (
            tuple(
                raw._replace(value=instead[raw.place])
                if raw.place and raw.place in instead and not raw.blank
                else raw
                for raw in line
            )
            for line in block.lines
        )
        yield replace(block, lines=tuple(lines))


def _texts(found: Sequence[Block]) -> Iterator[str]:
    """All texts of a document."""
    for block in found:
        yield from (block.text,) if isinstance(block, Text) else texts_in(block.lines)


def _beside(block: Block) -> bool:
    """Whether a block is no part of the sequence that is read: a header, a note, a page number, a table within a cell."""
    if not isinstance(block, Text):
        return bool(block.within)
    return block.beside not in {"", BOX} or PAGED.fullmatch(fold(block.text).form) is not None


def _shown(found: Sequence[Block]) -> Iterator[tuple[FilePlace | None, str]]:
    """The paragraphs, and the headers of tables as one text, each with its place."""
    for block in found:
        if isinstance(block, Text):
            yield block.place, block.text
            continue
        if header := header_text(block):
            yield next(line[0].place for line in block.lines if line), header


@dataclass(frozen=True)
class _DocumentReader:
    """Reads the paragraphs and tables of a document.

    Attributes:
        file: its name.
        found: its paragraphs and tables.
        edition: its format.
        guarded: whether it holds secret items: then nothing of what stands beside its text is told, and nothing kept.
    """

    file: str
    found: tuple[Block, ...]
    edition: Edition
    guarded: bool = False

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The sequence that is read."""
        return tuple(block for block in self.found if not _beside(block))

    @cached_property
    def beside(self) -> tuple[Block, ...]:
        """What is no part of it."""
        return tuple(block for block in self.found if _beside(block))

    @cached_property
    def gathered(self) -> Gathered:
        """What the sentences gave; filled by `read`."""
        house = self.edition.house
        return Gathered(facts={(house.about, house.kind, house.value): self.facts.kind})

    def read(self) -> tuple[Reading, Suspects]:
        """The tables first: what the sentences say is understood by their figures.

        Beside it what may be suspicious about the texts, which nobody asks of a reading that only tells of secret items.
        """
        house, gathered = self.edition.house, self.gathered
        tables, findings, placed = self._printed.read(self._tables)
        performance = self._performance(gathered, placed)
        empty = {table.name: fixed_rows(table, {}) for table in self.edition.table}
        book = owned_performance(
            self.edition, Book(self.edition.id, self.file, {**empty, **tables, **performance})
        )
        about = fixed_rows(self.edition.tables[house.about], self.facts.about)
        absent = frozenset(table.name for table in self.edition.printed if table.name not in tables)
        known = derive(book.with_tables({house.about: about}), self.edition)
        book = stated(self.edition, book, known)
        reader = SentenceReader(self.edition, with_figures(known, self.edition), gathered, absent)
        self._sections(reader, placed)
        gathered.kept += Leftover(self.edition, (), (), self.guarded).of_tables(placed.below)
        report = ReadingReport(
            self.edition, self.facts, self.blocks, self.beside, gathered, placed, self.guarded
        )
        assumed = tuple(report.assumed())
        whole = owned(
            self.edition,
            assembled(self.edition, book, self._habits(gathered)),
            but={name for told in self.edition.performance for name in (told.heads, told.indicators)},
        )
        complete = self._with_kept(unrepeated(self.edition, whole))
        placed.texts += self._elsewhere()
        placed.grids += (block for block in (*self._outside, *self.beside) if isinstance(block, Grid))
        differing = tuple(report.differing(reader.agreement))
        called = frozenset(text for finding in differing for said in finding.said for text in said.texts)
        suspects = Suspects(
            self.edition, self.blocks, self._narrative, self._outside, self.facts.unit, gathered, called
        )
        found = (*findings, *report.unread(reader.agreement, complete), *assumed, *differing)
        shown = tuple(_shown(self.blocks if self.guarded else self.found))
        told = frozenset(gathered.told)
        altered = tuple(self._altered(placed, complete))
        reading = Reading(complete, self.edition, found, told=told, paragraphs=shown, altered=altered)
        return reading, suspects

    def _altered(self, placed: Placed, book: Book) -> Iterator[AlteredCaption]:
        """The captions of numbered and of performance tables that the format has otherwise."""
        rows = (row for table in book.tables.values() for row in table.rows)
        read = frozenset(cell.place for row in rows for cell in row.cells.values() if cell.place)
        for table in self.edition.printed:
            captions = DeclaredCaptions.printed(table)
            lines = placed.lines.get(table.name)
            unread = (grid.lines for grid in placed.grids if lines is None and captions.fits(grid.lines))
            for found in (lines,) if lines is not None else unread:
                yield from captions.altered(found, read)
        for declared in self.edition.performance:
            captions = DeclaredCaptions.performance(declared)
            own = [grid for one, grid in placed.performance if one is declared]
            for grid in (*own, *(grid for grid in placed.grids if captions.fits(grid.lines))):
                yield from captions.altered(grid.lines, read)

    @property
    def landmarks(self) -> Landmarks:
        """What stands around its places, once it is read."""
        headings = (
            *(self.blocks[at].place for at in self._starts.values()),
            *(h.place for h in self.gathered.headings),
        )
        return Landmarks.of(self.found, frozenset(filter(None, headings)), self._titled)

    def _titled(self, text: str) -> bool | None:
        """Whether a line is the title of a numbered table; None where it is that of a performance table."""
        form = fold(text)
        if any(title.match(form) is not None for title in self._titles):
            return None
        return self._printed.captions.entitled(text) is not None

    def heads(self, text: str) -> bool:
        """Whether a line is a heading or title of the format, with nothing in it but what the unit is."""
        known = frozenset(self.facts.about.values())
        told = (turned.match(form) for form in (fold(text), bare(text)) for turned in self._headings)
        return any(values is not None and all(v in known for v in values.values()) for values in told)

    @cached_property
    def _headings(self) -> tuple[Turned, ...]:
        """The headings of parts and sections and the titles of tables, turned round."""
        turner, edition = Turner(self.edition), self.edition
        declared = (
            *(text for part in edition.part for text in (part.heading, *part.reads)),
            *(text for section in edition.section for text in (section.heading, *section.reads)),
            *(text for table in edition.printed for text in (table.title, *table.aliases)),
        )
        return (*(turner.turn(text) for text in filter(None, declared)), *self._titles)

    @cached_property
    def facts(self) -> Facts:
        """What the document tells of its unit."""
        return Facts(self.edition, self.blocks)

    def _habits(self, gathered: Gathered) -> Gathered:
        """With the facts of the unit, and the office's own style as most of the document shows it.

        Whether it is a unit or a department, no single sentence tells otherwise than the cover and the headings agree on;
        nor by what name it goes, where the cover or the tables tell it.
        """
        house = self.edition.house
        facts = {**self.facts.about, **self.facts.habits(gathered.marks)}
        stood = {(house.about, key, house.value): text for key, text in facts.items()}
        named = ((house.kind, self.facts.kind_is_sure), (house.unit, bool(self.facts.unit)))
        sure = {(house.about, key, house.value) for key, known in named if known}
        said = {**gathered.habits(), **gathered.cells}
        gathered.cells = {**stood, **{place: text for place, text in said.items() if place not in sure}}
        return gathered

    # --- parts ---

    @cached_property
    def _starts(self) -> dict[int, int]:
        """Where the headings of the parts stand."""
        texts = [block.text if isinstance(block, Text) else "" for block in self.blocks]
        return PartHeadings(self.edition).starts(texts)

    @cached_property
    def _parts(self) -> Mapping[int, tuple[Block, ...]]:
        """The blocks of each part."""
        bare = self._bare_tables(self._starts)
        starts = self._starts | bare
        ends = [*sorted(starts.values()), len(self.blocks)]
        first = {number: at + (number not in bare) for number, at in starts.items()}
        return {n: self.blocks[first[n] : next(e for e in ends if e > at)] for n, at in starts.items()}

    def _bare_tables(self, starts: Mapping[int, int]) -> dict[int, int]:
        """Where the tables begin that stand below no heading of their own: at their first title or line, or grid."""
        numbers = [part.number for part in self.edition.part]
        at = numbers.index(self.edition.tables_part)
        if self.edition.part[at].heading:
            return {}
        after = max((starts[number] for number in numbers[:at] if number in starts), default=-1)
        captions = self._printed.captions
        first = (
            index
            for index, block in enumerate(self.blocks)
            if index > after
            and (
                not isinstance(block, Text)
                or captions.entitled(block.text)
                or captions.above(None, block.text, "")
            )
        )
        begin = next(first, None)
        return {} if begin is None else {numbers[at]: begin}

    @property
    def _outside(self) -> tuple[Block, ...]:
        """The blocks of no part: cover, contents, headings of the parts."""
        held = {id(block) for found in (*self._parts.values(), self._tables) for block in found}
        return tuple(block for block in self.blocks if id(block) not in held)

    @cached_property
    def _printed(self) -> PrintedReader:
        return PrintedReader(self.edition, self.facts)

    @cached_property
    def _tables(self) -> tuple[Block, ...]:
        """The blocks of the part that no section belongs to: the tables; and those of tables that stand elsewhere."""
        told_in = {section.part for section in self.edition.section}
        held = {id(b) for part, found in self._parts.items() if part not in told_in for b in found}
        own = [block for block in self.blocks if id(block) in held]
        others = [block for block in self.blocks if id(block) not in held]
        held |= {id(block) for block in self._printed.elsewhere(own, others)}
        return tuple(block for block in self.blocks if id(block) in held)

    def _told(self) -> Iterator[tuple[int, tuple[Block, ...]]]:
        """The parts of the narrative, without the numbered tables that stand in them."""
        told_in = {section.part for section in self.edition.section}
        tables = {id(block) for block in self._tables}
        return (
            (part, tuple(block for block in found if id(block) not in tables))
            for part, found in sorted(self._parts.items())
            if part in told_in
        )

    @property
    def _narrative(self) -> Sequence[Text]:
        """The paragraphs of the narrative."""
        return [block for _, found in self._told() for block in found if isinstance(block, Text)]

    # --- performance tables ---

    def _performance(self, gathered: Gathered, placed: Placed) -> dict[str, Table]:
        """The performance tables of the narrative; the tables in it that are none are noted as not placed."""
        rows: dict[str, list[Row]] = {}
        readers = [PerformanceReader(self.edition, declared) for declared in self.edition.performance]
        for number, grid in enumerate(self._joined(readers, placed), start=1):
            tried = ((reader.declared, reader.read(grid, gathered, number)) for reader in readers)
            declared, read = next((one for one in tried if one[1] is not None), (None, None))
            if declared is None:
                placed.grids.append(grid)
            else:
                placed.performance.append((declared, grid))
            for name, found in (read or {}).items():
                rows.setdefault(name, []).extend(found)
        return {name: Table(name, tuple(counted(found))) for name, found in rows.items()}

    def _joined(self, readers: Sequence[PerformanceReader], placed: Placed) -> list[Grid]:
        """The tables of the narrative, each with those that go on with it; what is repeated is noted."""
        joined: list[Grid] = []
        for grid in (block for _, found in self._told() for block in found if isinstance(block, Grid)):
            before = joined[-1] if joined else None
            rests = (reader.rest(before, grid) for reader in readers) if before else ()
            more = next((rest for rest in rests if rest is not None), None)
            if before is None or more is None:
                joined.append(grid)
            elif more and stand_in(more, before.lines):
                placed.repeated.append(grid)
            else:
                joined[-1] = replace(before, lines=(*before.lines, *more))
        return joined

    # --- the narrative ---

    def _sections(self, reader: SentenceReader, placed: Placed) -> None:
        for number, found in self._told():
            sections = [section for section in self.edition.section if section.part == number]
            held: dict[str, list[Block]] = {}
            current = "" if sections[0].heading else sections[0].id
            texts = [block for block in found if isinstance(block, Text)]
            opened = self._begun(number, texts, reader)
            begun = {id(texts[n]): section for n, section in opened.items()}
            bare = {id(texts[n]): section for n, section in self._unheaded(number, texts, opened, reader)}
            for block in found:
                current = bare.get(id(block), current)
                if isinstance(block, Text) and id(block) in begun:  # lines of one cell stand at one place
                    current = begun[id(block)]
                    held.setdefault(current, [])
                    reader.agreement.starts.setdefault(current, block.place)
                    reader.gathered.headings.append(block)
                elif isinstance(block, Grid) or not self._standing(block, reader.agreement):
                    held.setdefault(current, []).append(block)
            for section, blocks in held.items():
                own = [block for block in blocks if isinstance(block, Text)]
                if section:
                    reader.read(section, own)
                else:
                    reader.gathered.unplaced.extend(own)
                left = Leftover(self.edition, reader.gathered.unplaced, placed.grids, self.guarded)
                station = section or sections[0].id
                reader.gathered.stood |= {text.place: station for text in own}
                reader.gathered.kept += left.of_section(station, blocks)

    def _with_kept(self, book: Book) -> Book:
        """With what is to be printed as it stands: what the format says in other words is not among it."""
        gathered = self.gathered
        if not gathered.kept:
            return book
        given = said_at(compose(derive(book, self.edition), self.edition), self.edition)
        rewordings = Rewordings(given, self._understood(given), gathered.kept, self.edition.review)
        gathered.reworded = rewordings.told
        rows = [one.row(self.edition) for one in rewordings.left]
        stored = self.edition.verbatim.table
        return book.with_tables({stored: opened(self.edition, book[stored], rows)})

    def _understood(self, given: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
        """What was understood of each section; below tables, the remarks that stand as often as tables have them."""
        names = [by_table(table.name) for table in self.edition.printed]
        wanted = Counter(text for name in names for text in given.get(name, ()))
        had = Counter(block.text for block in self._tables if isinstance(block, Text))
        read = {name: [text for text in given.get(name, ()) if had[text] >= wanted[text]] for name in names}
        for one in self.gathered.sources:
            read.setdefault(self.gathered.stood.get(one.place, ""), []).append(one.text)
        return read

    def _begun(self, part: int, texts: Sequence[Text], reader: SentenceReader) -> Mapping[int, str]:
        """The sections by the numbers of the paragraphs that are their headings; a reworded one is told as not read."""
        headings = SectionHeadings(self.edition, part)
        turner = Understanding(self.edition, naming=reader.agreement.naming, made=reader.matcher.made)
        begun: dict[int, str] = {}
        for n, text in enumerate(texts):
            if opened := headings.opened(text.text, turner):
                begun[n] = opened.section
                reader.agreement.entitled(text, opened.turned.match(bare(text.text)))
        reworded = headings.reworded([text.text for text in texts], begun)
        reader.gathered.unplaced.extend(texts[n] for n in reworded)
        return {**begun, **reworded}

    def _unheaded(
        self, part: int, texts: Sequence[Text], opened: Mapping[int, str], reader: SentenceReader
    ) -> Iterator[tuple[int, str]]:
        """Where sections begin whose headings lack: at the first sentence that is theirs, and not the last section's."""
        for before, section, stand in SectionHeadings(self.edition, part).lacking(opened, len(texts)):
            first = (
                n for n in stand if reader.tells(section, texts[n]) and not reader.tells(before, texts[n])
            )
            yield from ((n, section) for n in itertools.islice(first, 1))

    @cached_property
    def _titles(self) -> tuple[Turned, ...]:
        """The titles of performance tables, turned round."""
        turner = Turner(self.edition)
        return tuple(
            turner.turn(t) for table in self.edition.performance for t in (*table.title, *table.reads)
        )

    def _standing(self, text: Text, agreement: Agreement) -> bool:
        """Titles of performance tables and the closing lines: they carry nothing to read."""
        if self.facts.standing(text.text):
            return True
        titled = next((v for title in self._titles if (v := title.match(fold(text.text))) is not None), None)
        agreement.entitled(text, titled)
        return titled is not None

    def _elsewhere(self) -> Iterator[Text]:
        """What no part holds and is not known: text boxes before the first part, headers, footers and notes.

        Of the lines before the first part only those that tell an amount, as no line of the cover or contents does.
        """
        turner, layout = Turner(self.edition), self.edition.layout
        known = [turner.turn(text) for text in (*layout.cover, layout.contents, layout.draft, layout.open)]
        lines = (fold(b.text).form for b in self.blocks if isinstance(b, Text) and not b.beside)
        cover = "".join(itertools.islice(lines, len(layout.cover)))
        for text in (block for block in (*self._outside, *self.beside) if isinstance(block, Text)):
            if text.beside == HIDDEN:
                continue
            if not text.beside or text.beside == PICTURE:
                yield from [text] if text.beside or amounts.amounts_in(text.text) else ()
                continue
            form = fold(text.text)
            said = form.form in cover or any(pattern.match(form) is not None for pattern in known)
            if not said and not PAGE.fullmatch(form.form):
                yield text
