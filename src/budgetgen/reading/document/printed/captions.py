"""The lines around the numbered tables: titles, numbers, preparers, units of money, remarks; also as rows of a table."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.reading.document.blocks import Grid, Text
from budgetgen.reading.document.narrative.patterns import Turner
from budgetgen.reading.headers import MANY, without_notes
from budgetgen.values import amounts
from budgetgen.values.amounts import PER_WAN
from budgetgen.values.patterns import pieces, slots
from budgetgen.values.text import caption, fold, unspaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition, TableDeclaration
    from budgetgen.reading.cells import Line, Raw
    from budgetgen.reading.document.blocks import Block
    from budgetgen.reading.document.facts import Facts
    from budgetgen.reading.document.narrative.patterns import Turned

YEAR = re.compile(r"\d{4}年度?")
LONG = 60
"""No title of a table has as many signs."""
MEASURED = re.compile(rf"(.+?)\((?:单位:)?({'|'.join(PER_WAN)})\)")
"""A caption that tells the unit of money."""
MARK = re.compile(r"\d+(?:-\d+)*")
"""What tells a table from others in the line of its number: 3, 1-1."""
AMOUNT = re.compile(r"[-－]?[\d,]+\.\d+|[-－]?\d{1,3}(?:,\d{3})+|\d{3,}")
"""A figure that counts no column."""
DEEP = 12
"""In how many rows captions are looked for."""
FEW = 3
"""In how many cells of a row a title, a preparer and a unit of money may stand."""


@dataclass(frozen=True)
class Captions:
    """What the lines around the tables of a document say.

    Attributes:
        edition: the format.
        facts: of the document.
    """

    edition: Edition
    facts: Facts

    # --- titles and numbers ---

    def number(self, text: str) -> int | None:
        """The number of a table in the line that tells it, with or without the title."""
        found = self._numbered(fold(text).form)
        if found is None:
            return None
        told = MARK.search(found[0])
        if self._marks:
            return self._marks.get(told[0]) if told else None
        return amounts.from_numeral(found["号"])

    @cached_property
    def _marks(self) -> Mapping[str, int]:
        """The numbers of the tables by their marks, where the format numbers them otherwise than one after the other."""
        printed = self.edition.printed if any(table.mark for table in self.edition.printed) else ()
        return {fold(table.mark or str(table.number)).form: table.number for table in printed}

    def titled(self, text: str) -> TableDeclaration | None:
        """The table whose title a line is, as the edition has it or with other words of no weight."""
        return self.entitled(text) or self._alike(self._unnumbered(self._unpriced(text)))

    def continues(self, text: str) -> bool:
        """Whether a line says that a table goes on."""
        form = fold(text).form
        found = self._numbered(form)
        left = form if found is None else form[: found.start("号")] + form[found.end() :]
        return bool(left) and any(fold(word).form in left for word in self.edition.forms.continued)

    @cached_property
    def _numbers(self) -> tuple[re.Pattern[str], ...]:
        marks = "|".join(re.escape(fold(t.mark or str(t.number)).form) for t in self.edition.printed)
        own = f"(?P<号>{marks})".join(
            re.escape(fold(words).form) for words in self.edition.typography.table_number.split("{号}")
        )
        return tuple(
            re.compile(pattern) for pattern in (f"{own}$", *self.edition.forms.numbers) if "号" in pattern
        )

    def _numbered(self, form: str) -> re.Match[str] | None:
        return next((found for pattern in self._numbers if (found := pattern.match(form))), None)

    def _unnumbered(self, form: str) -> str:
        """A line without the number at its beginning and without what says that a table goes on."""
        found = self._numbered(form)
        return self._continuing.sub("", form[found.end() :] if found else form)

    @cached_property
    def _continuing(self) -> re.Pattern[str]:
        said = sorted((fold(word).form for word in self.edition.forms.continued), key=len, reverse=True)
        words = "|".join(map(re.escape, said))
        return re.compile(rf"^[(]?(?:{words})[)]?:?|[(]?(?:{words})[)]?$")

    def entitled(self, text: str) -> TableDeclaration | None:
        """The table whose own title a line is: the fixed end of the title decides."""
        form = self._unnumbered(self._unpriced(text))
        for table in self.edition.printed:
            ending = [piece for piece in pieces(table.title) if isinstance(piece, str)][-1]
            for title in (ending, *table.aliases):
                said = fold(title).form
                if form.endswith(said) and (form == said or slots(table.title)) and self._own(form, said):
                    return table
        return None

    def whole(self, text: str) -> TableDeclaration | None:
        """The table whose title a line is to the letter, from its first sign on."""
        told = fold(self.facts.without_money(text))
        turned = ((table, self._turned[table.title]) for table in self.edition.printed)
        return next((table for table, title in turned if title.match(told) is not None), None)

    @cached_property
    def _turned(self) -> Mapping[str, Turned]:
        turner = Turner(self.edition)
        return {table.title: turner.turn(table.title) for table in self.edition.printed}

    def _unpriced(self, text: str) -> str:
        """A title without the unit of money behind it."""
        return fold(self.facts.without_money(text)).form

    def _own(self, form: str, said: str) -> bool:
        """Whether the words before the fixed end of a title make it no other table's."""
        alike = self._cores.get(self._core(form))
        return alike is None or said in fold(alike.title).form or form == said

    def _alike(self, form: str) -> TableDeclaration | None:
        """The table whose title is the same but for words that titles may lack."""
        ends = form.endswith(tuple(fold(word).form for word in self.edition.forms.endings))
        return self._cores.get(self._core(form)) if ends and len(form) < LONG else None

    @cached_property
    def _cores(self) -> Mapping[str, TableDeclaration]:
        """The tables by what of their titles has weight; none by what two of them share."""
        found: dict[str, TableDeclaration] = {}
        shared: set[str] = set()
        for table in self.edition.printed:
            words = "".join(piece for piece in pieces(table.title) if isinstance(piece, str))
            for core in {self._core(fold(title).form) for title in (words, *table.aliases)}:
                if found.setdefault(core, table) is not table:
                    shared.add(core)
        return {core: table for core, table in found.items() if core and core not in shared}

    def _core(self, form: str) -> str:
        """What of a title has weight."""
        own = fold(self.facts.unit).form
        bare = YEAR.sub("", form).replace(own, "") if own else YEAR.sub("", form)
        return self._fillers.sub("", bare)

    @cached_property
    def _fillers(self) -> re.Pattern[str]:
        words = sorted((fold(word).form for word in self.edition.forms.fillers), key=len, reverse=True)
        return re.compile("|".join(map(re.escape, words)))

    # --- the other lines ---

    def above(self, owner: TableDeclaration | None, text: str, before: str) -> bool:
        """Whether a line names the preparer or the unit of money; or goes on doing so after a line end."""
        if self.facts.prepares(text) or (self.facts.money(text) and not self.facts.without_money(text)):
            return True
        unit = fold(self.facts.unit).form
        joined = fold(self.facts.prepares(before + text) or "").form
        return bool(owner and unit and joined == unit and self.facts.prepares(before))

    def below(self, owner: TableDeclaration | None, text: str) -> bool:
        """Whether a line is a remark that the edition declares for that table."""
        if owner is None:
            return False
        wanted = filter(None, (owner.note, owner.empty, *self.edition.layout.remarks))
        return any(self._remarks[remark].match(fold(text)) is not None for remark in wanted)

    def empties(self, owner: TableDeclaration, text: str) -> bool:
        """Whether a line is the edition's remark that the table is empty."""
        return bool(owner.empty) and self._remarks[owner.empty].match(fold(text)) is not None

    @cached_property
    def _remarks(self) -> Mapping[str, Turned]:
        turner, tables = Turner(self.edition), self.edition.printed
        texts = {*self.edition.layout.remarks, *(t.note for t in tables), *(t.empty for t in tables)}
        return {text: turner.turn(text) for text in texts if text}

    def nothing(self, text: str) -> bool:
        """Whether a line says that there is nothing in a table."""
        form, forms = fold(text).form, self.edition.forms
        if form in forms.none:
            return True
        return any(fold(word).form in form for word in forms.nothing) and not any(amounts.amounts_in(text))

    def hollow(self, text: str) -> bool:
        """Whether a line calls a table empty, in whatever words."""
        pattern = self.edition.lint.emptied
        return self.nothing(text) or bool(pattern and pattern.search(unspaced(text)))

    def emptied(self, text: str) -> bool:
        """Whether a line is nothing but the remark that there is nothing in a table: such a word ends it."""
        form, forms = fold(text).form.rstrip("。.;)"), self.edition.forms
        return form in forms.none or form.endswith(tuple(fold(word).form for word in forms.nothing))

    def says(self, text: str) -> bool:
        """Whether a line is one of those above a table: a title, a number, a preparer, a unit of money."""
        ends = fold(text).form.endswith(tuple(self.edition.forms.endings))
        alone = self._numbered(fold(text).form)
        numbered = alone is not None and not self._unnumbered(fold(text).form)
        return (
            numbered
            or self.above(None, text, "")
            or (len(text) < LONG and self.continues(text) and not self._unnumbered(fold(text).form))
            or bool(ends and self.titled(text))
        )

    # --- lines that are rows of a table ---

    def apart(self, blocks: Sequence[Block]) -> Iterator[Block]:
        """Paragraphs and tables, with the rows of tables that are lines around them as such lines."""
        for block in blocks:
            yield from self._parted(block) if isinstance(block, Grid) else (block,)

    def _parted(self, grid: Grid) -> Iterator[Block]:
        grid, told = self._unmeasured(replace(grid, lines=tuple(self._unmixed(grid.lines))))
        yield from told
        first = self._first(grid.lines)
        last = next(
            (i for i in range(len(grid.lines), first, -1) if not self._closing(grid.lines[i - 1])), first
        )
        held: list[tuple[Raw, ...]] = []
        for index, line in enumerate(grid.lines):
            if first <= index < last and not self._around(line):
                held.append(line)
                continue
            if held:
                yield replace(grid, lines=tuple(held))
                held = []
            yield from (Text(str(raw.value), 0, cell=raw.place) for raw in line if not raw.blank)
        if held:
            yield replace(grid, lines=tuple(held))

    def _unmixed(self, lines: Sequence[tuple[Raw, ...]]) -> Iterator[tuple[Raw, ...]]:
        """The rows of a table, where the label of a row stands in a row of captions, below one: as a row of its own.

        So a page shows rows whose cells are merged with those of the header.
        """
        above = 0
        for line in lines:
            headed = sum(caption(raw.value) in self._columns for raw in line)
            labels = [i for i, raw in enumerate(line) if caption(raw.value) in self._labels]
            if above and headed >= MANY and labels:
                yield tuple(raw._replace(value=None) if i in labels else raw for i, raw in enumerate(line))
                yield tuple(raw if i in labels else raw._replace(value=None) for i, raw in enumerate(line))
            else:
                yield line
            above = headed

    @cached_property
    def _labels(self) -> frozenset[str]:
        """All labels of fixed rows that are no caption of a column."""
        rows = (row for table in self.edition.printed for _, row in table.fixed.values())
        return (
            frozenset(caption(text) for row in rows for text in (row.caption, *row.aliases)) - self._columns
        )

    def _unmeasured(self, grid: Grid) -> tuple[Grid, tuple[Text, ...]]:
        """A table whose captions tell no unit of money and have no footnote, and the line that tells it: 预算数（万元）.

        What is no row of its header stays as it is: a project may be called as a column, with a number behind.
        """
        found: dict[str, Text] = {}

        def bare(raw: Raw) -> Raw:
            unnoted = without_notes(self.edition, raw.value)
            if unnoted in self._columns and caption(raw.value) not in self._columns:
                return raw._replace(value=unnoted)
            told = MEASURED.fullmatch(caption(raw.value))
            if told is None or told[1] not in self._columns:
                return raw
            said = self.edition.money.tables.labelled(told[2])
            found.setdefault(told[2], Text(said, 0, cell=raw.place))
            return raw._replace(value=told[1])

        begin, end = self._headed(grid.lines)
        heads = tuple(tuple(map(bare, line)) for line in grid.lines[begin:end])
        lines = (*grid.lines[:begin], *heads, *grid.lines[end:])
        return replace(grid, lines=lines), tuple(found.values())

    def _headed(self, lines: Sequence[Line]) -> tuple[int, int]:
        """Where the header of a numbered table begins and ends; the first rows where there is none.

        Each of its rows has several captions that are not one merged cell, and no amount.
        """
        rows = [self._heads(line) for line in lines[:DEEP]]
        begin = next((n for n, heads in enumerate(rows) if heads), 0)
        end = next((n for n, heads in enumerate(rows) if n > begin and not heads), len(rows))
        return (begin, end) if any(rows) else (0, len(rows))

    def _heads(self, line: Line) -> bool:
        """Whether a row is one of the header of a numbered table, whatever is added to its captions."""
        own = self.edition.once(_numbered_columns)
        texts = {
            raw.place or n: (caption(raw.value), without_notes(self.edition, raw.value))
            for n, raw in enumerate(line)
            if not raw.blank
        }
        told = [
            not own.isdisjoint({text, bare, *(m[1] for m in [MEASURED.fullmatch(text)] if m)})
            for text, bare in texts.values()
        ]
        return sum(told) >= MANY and not any(AMOUNT.fullmatch(text) for text, _ in texts.values())

    def _first(self, lines: Sequence[Line]) -> int:
        """The first row of a table that is not above it: rows of one cell are where a header follows.

        A header may begin with a row whose captions are not known.
        """
        heads = (
            i for i, line in enumerate(lines) if sum(caption(r.value) in self._columns for r in line) >= MANY
        )
        header = next(heads, 0)
        above = len(list(itertools.takewhile(self._heading, lines[:header])))
        return above if all(len(_filled(line)) > MANY for line in lines[above:header]) else 0

    def _heading(self, line: Line) -> bool:
        """Whether a row above a header stands above the table: it holds nothing, or words that are no column's."""
        texts = _filled(line)
        alone = len(texts) == 1 and caption(texts[0].value) not in self._columns
        return alone or not texts or self._around(line)

    def _closing(self, line: Line) -> bool:
        """Whether a row at the end of a table is a remark, or empty."""
        texts = [str(raw.value) for raw in _filled(line)]
        if len(texts) != 1:
            return not texts
        form = fold(texts[0]).form
        noted = any(re.match(rf"[(]?{re.escape(word)}[:\d、.]", form) for word in self.edition.forms.notes)
        return noted or self.nothing(texts[0]) or any(self.below(t, texts[0]) for t in self.edition.printed)

    def _around(self, line: Line) -> bool:
        """Whether a row tells nothing but what stands above tables; a bare number is a figure there."""
        texts = _filled(line)
        return 0 < len(texts) <= FEW and all(
            isinstance(r.value, str) and not MARK.fullmatch(fold(r.value).form) and self.says(r.value)
            for r in texts
        )

    @cached_property
    def _columns(self) -> frozenset[str]:
        return self.edition.once(_columns)


def _columns(edition: Edition) -> frozenset[str]:
    """All captions of columns of the numbered tables and of performance tables."""
    labels = (
        text
        for table in edition.performance
        for field in table.columns
        for text in (field.label, *field.aliases)
    )
    return edition.once(_numbered_columns) | frozenset(map(caption, labels)) - {""}


def _numbered_columns(edition: Edition) -> frozenset[str]:
    """All captions of columns of the numbered tables."""
    blocks = [block for table in edition.printed for block in table.block]
    columns = [column for block in blocks for column in block.columns]
    own = (text for c in columns for text in (*c.captions, *c.aliases, *c.parts))
    return frozenset(map(caption, (*own, *(block.name for block in blocks)))) - {""}


def _filled(line: Line) -> list[Raw]:
    return [raw for raw in line if not raw.blank]
