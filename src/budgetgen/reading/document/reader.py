"""Reading a published Word document into a Book, by the same declarations that write one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.derivation import derive
from budgetgen.figures import with_figures
from budgetgen.findings import Spot
from budgetgen.lint import lint, selves, variants
from budgetgen.model import Book, Row, Table
from budgetgen.reading.document.assembly import assembled, fixed_rows, stated, unrepeated
from budgetgen.reading.document.blocks import Grid, Text, blocks
from budgetgen.reading.document.facts import Facts
from budgetgen.reading.document.patterns import Turner, fold, unmarked
from budgetgen.reading.document.performance import PerformanceReader, counted
from budgetgen.reading.document.printed import Placed, PrintedReader, told
from budgetgen.reading.document.recognition import edition_of, recognised, refuse_bare
from budgetgen.reading.document.sentences import Gathered, SentenceReader
from budgetgen.reading.guard import admit
from budgetgen.reading.secrets import sealed, sealed_findings
from budgetgen.reading.workbook import Reading
from budgetgen.wording import pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from budgetgen.declarations import Edition
    from budgetgen.findings import Finding
    from budgetgen.reading.document.agreement import Agreement
    from budgetgen.reading.document.blocks import Block
    from budgetgen.reading.document.patterns import Turned

NARRATIVE = "正文"
"""What findings call the place of a sentence."""


def read_document(path: Path, edition: str | None = None) -> Reading:
    """Read a published document.

    Args:
        path: the document.
        edition: id of the format; by default that of the year on the cover.

    Raises:
        UnusableInputError: the file cannot be read, or is no disclosure of a known edition.
    """
    data = admit(path, "docx")
    found = tuple(blocks(data))
    refuse_bare(path, data, found)
    return read_blocks(path, found, edition)


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
    return recognised(path, _DocumentReader(path.name, tuple(found), chosen).read())


@dataclass(frozen=True)
class _DocumentReader:
    file: str
    blocks: tuple[Block, ...]
    edition: Edition

    def read(self) -> Reading:
        """The tables first: what the sentences say is understood by their figures."""
        house = self.edition.house
        gathered = Gathered(facts={(house.about, house.kind, house.value): self.facts.kind})
        tables, findings, placed = PrintedReader(self.edition, self.facts).read(self._tables)
        performance, strange = self._performance(gathered)
        empty = {table.name: fixed_rows(table, {}) for table in self.edition.table}
        book = Book(self.edition.id, self.file, {**empty, **tables, **performance})
        about = fixed_rows(self.edition.tables[house.about], self.facts.about)
        known = derive(book.with_tables({house.about: about}), self.edition)
        book = stated(self.edition, book, known)
        reader = SentenceReader(self.edition, with_figures(known, self.edition), gathered)
        self._sections(reader)
        complete = unrepeated(self.edition, assembled(self.edition, book, self._habits(gathered)))
        placed.grids += strange
        report = (
            *findings,
            *self._report(gathered, placed),
            *self._disagreeing(reader.agreement),
            *self._linted(),
        )
        return Reading(sealed(complete, self.edition), self.edition, sealed_findings(report, self.edition))

    @cached_property
    def facts(self) -> Facts:
        """What the document tells of its unit."""
        return Facts(self.edition, self.blocks)

    def _habits(self, gathered: Gathered) -> Gathered:
        """With the facts of the unit, and the office's own style as most of the document shows it."""
        house = self.edition.house
        facts = {**self.facts.about, **self.facts.habits(gathered.marks)}
        stood = {(house.about, key, house.value): text for key, text in facts.items()}
        gathered.cells = {**stood, **gathered.habits(), **gathered.cells}
        return gathered

    # --- parts ---

    @cached_property
    def _parts(self) -> Mapping[int, tuple[Block, ...]]:
        """The blocks of each part; the contents repeat the headings, so the last of a heading counts."""
        marks = {part.number: fold(part.mark).form for part in self.edition.part}
        starts: dict[int, int] = {}
        for index, block in enumerate(self.blocks):
            form = fold(block.text).form if isinstance(block, Text) else ""
            starts |= {number: index for number, mark in marks.items() if form.startswith(mark)}
        ends = [*sorted(starts.values()), len(self.blocks)]
        return {n: self.blocks[at + 1 : next(e for e in ends if e > at)] for n, at in starts.items()}

    @property
    def _tables(self) -> tuple[Block, ...]:
        """The blocks of the part that no section belongs to: the tables."""
        told_in = {section.part for section in self.edition.section}
        return tuple(b for part, found in sorted(self._parts.items()) if part not in told_in for b in found)

    def _told(self) -> Iterator[tuple[int, tuple[Block, ...]]]:
        """The parts of the narrative."""
        told_in = {section.part for section in self.edition.section}
        return ((part, found) for part, found in sorted(self._parts.items()) if part in told_in)

    # --- performance tables ---

    def _performance(self, gathered: Gathered) -> tuple[dict[str, Table], list[Grid]]:
        """The performance tables of the narrative, and the tables in it that are none."""
        rows: dict[str, list[Row]] = {}
        strange: list[Grid] = []
        readers = [PerformanceReader(self.edition, declared) for declared in self.edition.performance]
        for grid in (block for _, found in self._told() for block in found if isinstance(block, Grid)):
            read = next((r for reader in readers if (r := reader.read(grid, gathered)) is not None), None)
            if read is None:
                strange.append(grid)
            for name, found in (read or {}).items():
                rows.setdefault(name, []).extend(found)
        return {name: Table(name, tuple(counted(found))) for name, found in rows.items()}, strange

    # --- the narrative ---

    def _sections(self, reader: SentenceReader) -> None:
        for number, found in self._told():
            sections = [section for section in self.edition.section if section.part == number]
            paragraphs: dict[str, list[str]] = {}
            current = "" if sections[0].heading else sections[0].id
            for text in (block.text for block in found if isinstance(block, Text)):
                opened = next((h.section for h in self._headings[number] if h.heads(text)), None)
                current = opened or current
                if opened or self._standing(text):
                    continue
                if current:
                    paragraphs.setdefault(current, []).append(text)
                else:
                    reader.gathered.unplaced.append(text)
            for section, texts in paragraphs.items():
                reader.read(section, texts)

    @cached_property
    def _headings(self) -> Mapping[int, tuple[_Heading, ...]]:
        """The headings of the sections of each part."""
        turner = Turner(self.edition)
        return {
            part.number: tuple(
                _Heading(section.id, heading, turner.turn(heading))
                for section in self.edition.section
                for heading in filter(None, (section.heading, *section.reads))
                if section.part == part.number
            )
            for part in self.edition.part
        }

    @cached_property
    def _titles(self) -> tuple[Turned, ...]:
        """The titles of performance tables, turned round."""
        turner = Turner(self.edition)
        return tuple(
            turner.turn(t) for table in self.edition.performance for t in (*table.title, *table.reads)
        )

    def _standing(self, text: str) -> bool:
        """Titles of performance tables and the closing lines: they carry nothing to read."""
        return self.facts.standing(text) or any(title.match(fold(text)) is not None for title in self._titles)

    # --- report ---

    def _report(self, gathered: Gathered, placed: Placed) -> Iterator[Finding]:
        unplaced = (*placed.texts, *gathered.unplaced)
        understood = gathered.understood + placed.understood
        grids = sum(isinstance(block, Grid) for block in self.blocks)
        counts = f"读懂 {understood} 段，共 {understood + len(unplaced)} 段；读懂 {grids - len(placed.grids)} 个表格，共 {grids} 个"
        yield told(self.edition, "document-read", counts)
        for grid in placed.grids:
            text = f"没有读懂文档第{grid.number}个表（{_opening(grid)}……）"
            yield told(self.edition, "table-unplaced", text, NARRATIVE, grid.lines[0][0].place)
        for place, wrong in gathered.cells_unread:
            yield told(self.edition, "cell-unread", f"{place}：{wrong}", NARRATIVE, place)
        for paragraph, slip in gathered.slips:
            text = f"按没有“{slip}”读懂：{paragraph}"
            yield told(self.edition, "sentence-slip", text, NARRATIVE, self._place(paragraph))
        for paragraph in unplaced:
            where = self._place(paragraph)
            yield told(self.edition, "paragraph-unplaced", f"没有读懂：{paragraph}", NARRATIVE, where)

    def _disagreeing(self, agreement: Agreement) -> Iterator[Finding]:
        """What sentences say that the tables do not: the cells first, then the paragraph."""
        for one in agreement.told():
            where = self._place(one.text)
            spots = (*one.spots, Spot(NARRATIVE, place=where, value=one.text)) if where else one.spots
            finding = told(self.edition, one.rule, one.message)
            yield replace(finding, spots=spots, difference=one.difference)

    def _linted(self) -> Iterator[Finding]:
        """What is suspicious about the texts by themselves, each complaint once."""
        complaints: dict[tuple[str, str], tuple[Spot, ...]] = {}
        for text, place in self._standing_texts():
            for complaint in (*lint(text, self.edition.lint), *self._other_names(text)):
                spots = complaints.get(complaint, ())
                complaints[complaint] = (*spots, Spot(NARRATIVE, place=place, value=text))
        for (rule, words), spots in complaints.items():
            yield replace(told(self.edition, rule, words), spots=spots)
        yield from self._mixed()

    def _standing_texts(self) -> Iterator[tuple[str, str]]:
        """All texts with their places: paragraphs, and cells of tables."""
        for block in self.blocks:
            if isinstance(block, Text):
                yield block.text, block.place
            else:
                yield from ((str(r.value), r.place) for line in block.lines for r in line if not r.blank)

    def _other_names(self, text: str) -> Iterator[tuple[str, str]]:
        own = self.facts.unit
        for name in variants(text, own):
            yield "unit-variant", f"单位写作“{name}”，别处是“{own}”"

    def _mixed(self) -> Iterator[Finding]:
        """The unit calls itself by one name throughout the narrative."""
        texts = [b for _, found in self._told() for b in found if isinstance(b, Text)]
        said = selves((text.text for text in texts), self.edition.lint)
        if len(said) > 1:
            firsts = (next(t for t in texts if name in t.text) for name in said)
            spots = tuple(Spot(NARRATIVE, place=t.place, value=t.text) for t in firsts)
            words = "”，又称“".join(said)
            yield replace(told(self.edition, "subject-mixed", f"文中既称“{words}”"), spots=spots)

    def _place(self, text: str) -> str:
        """Where the paragraph that holds a sentence stands."""
        texts = (block for block in self.blocks if isinstance(block, Text))
        return next((block.place for block in texts if text and text in block.text), "")


@dataclass(frozen=True)
class _Heading:
    """The heading of a section, and the same turned round."""

    section: str
    pattern: str
    turned: Turned

    def heads(self, text: str) -> bool:
        """Whether a paragraph is it; of a numbered one the fixed end decides, if its beginning has a slip."""
        told = fold(text)
        bare = fold(unmarked(told.printed))
        if self.turned.match(bare) is not None:
            return True
        last = pieces(self.pattern)[-1]
        numbered = bare.form != told.form and len(pieces(self.pattern)) > 1
        return numbered and isinstance(last, str) and bare.form.endswith(fold(last).form)


def _opening(grid: Grid) -> str:
    """The first words of a table, to know it by."""
    words = (str(raw.value) for line in grid.lines for raw in line if not raw.blank)
    return " ".join(word for word, _ in zip(words, range(3), strict=False))
