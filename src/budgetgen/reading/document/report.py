"""What is told of reading a document: what was read, what was not, and what it says otherwise than its tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.proofreading.lint import instruction, variants
from budgetgen.reading.document.blocks import BOX, HIDDEN, PICTURE, Grid, Text
from budgetgen.reading.document.narrative.naming import is_own
from budgetgen.reading.document.narrative.untold import Untold, figured
from budgetgen.reading.document.printed.glued import apart
from budgetgen.values.amounts import WAN, parse, rounded
from budgetgen.values.findings import NARRATIVE, Finding, Spot
from budgetgen.values.patterns import pieces
from budgetgen.values.sayings import Stated, listed, saying
from budgetgen.values.text import unspaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.edition.declarations import Edition
    from budgetgen.reading.document.blocks import Block
    from budgetgen.reading.document.facts import Facts
    from budgetgen.reading.document.narrative.agreement import Agreement
    from budgetgen.reading.document.narrative.gathered import Gathered
    from budgetgen.reading.document.printed.numbered import Placed
    from budgetgen.values.model import Book

MONEY = re.compile(rf"(?<![\d.,])(\d[\d,]{{0,20}}(?:\.\d{{1,4}})?){WAN}")
GAP = "…"
"""What stands for a slot where the words of a pattern are told."""


@dataclass(frozen=True)
class ReadingReport:
    """What is told of one reading.

    Attributes:
        edition: the format.
        facts: of the document.
        blocks: the sequence that was read.
        beside: what is no part of it.
        gathered: what the sentences gave.
        placed: what stands where among the tables.
        guarded: whether the document holds secret items: then nothing of what stands beside its text is told.
    """

    edition: Edition
    facts: Facts
    blocks: Sequence[Block]
    beside: Sequence[Block]
    gathered: Gathered
    placed: Placed
    guarded: bool

    def unread(self, agreement: Agreement, book: Book) -> Iterator[Finding]:
        """How much was read into a Book, and each thing that was not."""
        yield from self._read()
        yield from self._texts(book)
        yield from self._untold(agreement)
        yield from self._lacking(agreement)

    def differing(self, agreement: Agreement) -> Iterator[Finding]:
        """What the document says otherwise than its cover or its tables."""
        yield from self._prepared()
        yield from self._disagreeing(agreement)

    def _read(self) -> Iterator[Finding]:
        gathered, placed = self.gathered, self.placed
        unplaced = (*placed.texts, *gathered.unplaced)
        understood = gathered.understood + placed.understood
        grids = sum(isinstance(block, Grid) for block in self.blocks)
        summary = self._finding(
            "document-read",
            saying(
                读懂段=understood,
                共段=understood + len(unplaced),
                读懂表=grids - len(placed.grids),
                共表=grids,
            ),
        )
        whole = not (unplaced or placed.grids or gathered.cells_unread)
        yield replace(summary, fix="") if whole else summary
        for grid in placed.grids:
            told = saying(表格=grid.name, 开头=_opening(grid))
            yield self._finding("table-unplaced", told, Spot(NARRATIVE, place=grid.place))
        for grid in placed.repeated:
            told = saying(表格=grid.name, 开头=_opening(grid))
            yield self._finding("table-repeated", told, Spot(NARRATIVE, place=grid.place))
        for cell in gathered.cells_unread:
            yield self._finding("cell-unread", cell.stated(self.edition), Spot(NARRATIVE, place=cell.place))
        yield from self._glued()
        for sentence, slip in gathered.slips:
            told = saying(没有=slip, 原文=sentence.text)
            yield self._finding("sentence-slip", told, Spot(NARRATIVE, place=sentence.place))
        for block in self.beside:
            if isinstance(block, Text) and block.beside == HIDDEN:
                counted = saying("count", 字数=len(block.text))
                told = counted if self.guarded else saying(原文=block.text)
                yield self._finding("text-hidden", told, Spot(NARRATIVE, place=block.place))
        for sentence, count, parts in gathered.miscounted:
            told = saying(说是=count, 读出=len(parts), 各项=listed(parts, "；"))
            yield self._finding("list-miscounted", told, Spot(NARRATIVE, place=sentence.place))

    def _glued(self) -> Iterator[Finding]:
        """Rows of indicators of a PDF that may be two, told once."""
        cells = apart(self.gathered.broken, self.blocks)
        if cells:
            names = listed((" ".join(str(raw.value).split()) for raw in cells), "”、“")
            spots = (Spot(NARRATIVE, place=raw.place) for raw in cells)
            yield self._finding("row-glued", saying("indicators", 格数=len(cells), 原文=names), *spots)

    def _texts(self, book: Book) -> Iterator[Finding]:
        """The sentences that the format says in other words, and the paragraphs that were not understood."""
        for one in self.gathered.reworded:
            own, meant = one.text.text, one.instead
            told = saying(原文=own, 版式=meant)
            if one.beyond:
                told = saying("beyond", 原文=own, 版式=meant, 多出=listed(one.beyond, "”“"))
            yield self._finding("paragraph-reworded", told, Spot(NARRATIVE, place=one.text.place))
        for text in (*self.placed.texts, *self.gathered.unplaced):
            if not text.beside and instruction(text.text, self.edition):
                continue  # it is told as what it is
            if unspaced(text.text) in variants(text.text, self.facts.unit, self.edition.forms.offices):
                continue  # the unit's name misspelt, and told as that
            if left := self._left(text):
                told, names, spots = self._worded(replace(text, text=left)), *self._misnamed(text, book)
                told = saying("misnamed", 原文=left, 科目=listed(names, "”、“")) if names else told
                yield self._finding("paragraph-unplaced", told, Spot(NARRATIVE, place=text.place), *spots)

    def _misnamed(self, text: Text, book: Book) -> tuple[Sequence[str], Sequence[Spot]]:
        """The item whose use a paragraph seems to tell under other names: its names from the 类 on, and the cells; or none.

        It is the only one with the first amount told of which no use is told, and the paragraph names its 类.
        """
        uses, amounts = self.edition.lint.uses, MONEY.findall(unspaced(text.text))
        if uses is None or not uses.code or not amounts or text.beside:
            return (), ()
        told = {row.text(uses.code) for row in book[uses.table].rows if row.text(uses.text)}
        rows = {row.text(uses.codes): row for row in book[uses.amounts].rows}
        left = (row for row in book[uses.amounts].lines() if row.text(uses.codes) not in told)
        met = [row for row in left if _amounts_to(row[uses.amount].value, amounts[0])]
        code = met[0].text(uses.codes) if len(met) == 1 else ""
        above = [own for n in range(1, len(code) + 1) if (own := rows.get(code[:n]))]
        names = [row.text(uses.names) for row in above]
        if not names or unspaced(names[0]) not in unspaced(text.text):
            return (), ()
        return names, (Spot(uses.amounts, met[0].key, uses.amount), Spot(uses.table, code, uses.text))

    def _left(self, text: Text) -> str:
        """What of a paragraph that was not understood is not told as reworded."""
        left = text.text
        for one in self.gathered.reworded:
            if one.text.place == text.place:
                left = left.replace(one.text.text, "", 1)
        return left

    def _finding(self, rule: str, told: Stated, *spots: Spot) -> Finding:
        return Finding.of(self.edition.rules[rule], told, *spots)

    def _untold(self, agreement: Agreement) -> Iterator[Finding]:
        """What sentences that were not understood may tell."""
        gathered = self.gathered
        untold = Untold(self.edition, agreement.naming, gathered)
        meant = [(one.text, one.instead) for one in gathered.reworded]
        meant += [(text, text.text) for text in gathered.unplaced]
        plain = [(text, unspaced(words)) for text, words in meant if not figured(words)]
        named = [(text, *one) for text, words in plain for one in untold.named([words])]
        spots = dict.fromkeys([*untold.spots(gathered.doubtful), *(spot for _, _, spot in named)])
        if spots:
            doubtful = gathered.doubtful | {section for _, section, _ in named}
            titles = [section.id for section in self.edition.section if section.id in doubtful]
            tables = listed(dict.fromkeys(spot.table for spot in spots), "”、“")
            texts = [text for text in gathered.unplaced if figured(text.text)]
            texts += dict.fromkeys(text for text, _, _ in named)
            unread = (Spot(NARRATIVE, place=text.place) for text in texts)
            told = saying(各节=listed(titles, "”“"), 各表=tables)
            yield self._finding("sentence-untold", told, *spots, *unread)

    def _lacking(self, agreement: Agreement) -> Iterator[Finding]:
        """The statements that are not made, each with the cells that it would have told."""
        untold = Untold(self.edition, agreement.naming, self.gathered)
        for statement, case in agreement.wanting():
            words = (piece if isinstance(piece, str) else GAP for piece in pieces(case.says))
            told = saying(章节=statement.section, 原文=re.sub(rf"{GAP}+", GAP, "".join(words)))
            start = Spot(NARRATIVE, place=agreement.starts[statement.section])
            yield self._finding("statement-missing", told, start, *untold.of(statement))

    def _worded(self, text: Text) -> Stated:
        """That a paragraph was not understood; what headers and notes say is not repeated: it may be a secret's mark."""
        if not text.beside or (text.beside == BOX and not self.guarded):
            return saying(原文=text.text)
        if text.beside == PICTURE:
            return saying("picture", 图片=text.text)
        return saying("beside", 何处=text.beside, 字数=len(text.text))

    def assumed(self) -> Iterator[Finding]:
        """The rows of 单位信息 that no sentence tells: their defaults stand for them."""
        house, gathered = self.edition.house, self.gathered
        shown = {*self.facts.told, *self.facts.called, *self.facts.habits(gathered.marks)}
        voted = {*gathered.votes, *gathered.cells}
        rows = {
            key: text
            for key, text in self.facts.defaults.items()
            if key not in shown and (house.about, key, house.value) not in voted
        }
        if rows:
            facts = listed(saying("fact", 名称=key, 默认=text) for key, text in rows.items())
            spots = (Spot(house.about, key, house.value) for key in rows)
            yield self._finding("fact-assumed", saying(各项=facts), *spots)

    def _prepared(self) -> Iterator[Finding]:
        """Tables that name another preparer than the unit, each name once."""
        own = self.facts.unit
        others: dict[str, list[Spot]] = {}
        for line, name in self.placed.preparers.items():
            if not is_own(self.edition, name, own):
                others.setdefault(name, []).append(Spot(NARRATIVE, place=line.place, value=line.text))
        for name, spots in others.items():
            told = saying("preparer", 个数=len(spots), 写作=name, 别处=own)
            yield self._finding("unit-variant", told, *spots)

    def _disagreeing(self, agreement: Agreement) -> Iterator[Finding]:
        """What sentences say that the tables do not: the cells first, then the paragraph."""
        for one in agreement.told():
            said = (Spot(NARRATIVE, place=one.text.place, value=one.text.text),) if one.text else ()
            yield replace(one.finding, spots=(*one.finding.spots, *said))


def _amounts_to(value: object, told: str) -> bool:
    """Whether a cell's amount is one that a text tells in 万元."""
    return isinstance(value, Decimal) and rounded(value) == parse(told)


def _opening(grid: Grid) -> str:
    """The first words of a table, to know it by."""
    words = (str(raw.value) for line in grid.lines for raw in line if not raw.blank)
    return " ".join(word for word, _ in zip(words, range(3), strict=False))
