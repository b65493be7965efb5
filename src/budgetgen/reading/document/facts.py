"""What a document tells of its unit and of the office's own style: cover, lines above the tables, closing lines."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.edition.declarations import NO, YES
from budgetgen.reading.document.blocks import Grid, Text
from budgetgen.reading.document.narrative.naming import is_own, is_self
from budgetgen.reading.document.narrative.patterns import Turner
from budgetgen.values.amounts import NUMERALS, UNIT_OF_MONEY, WAN, from_numeral
from budgetgen.values.text import fold, unspaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition
    from budgetgen.reading.document.blocks import Block
    from budgetgen.reading.document.narrative.patterns import Turned
    from budgetgen.values.text import Folded

DAY = re.compile(rf"(\d{{4}}年)(\d{{1,2}}|[{NUMERALS}]{{1,3}})月(\d{{1,2}}|[{NUMERALS}]{{1,3}})日")
COLON = ":"
TOP = 4
"""How many rows of a table may tell what stands above others, and how many lines a cover may be cut into."""
HEADING = 40
"""How long the heading of a part is at most."""
SHORT = re.compile(rf"(?<![\d.])(?<!\d,)(?!0(?:{WAN}|%))\d[\d,]{{0,29}}(?:\.\d)?(?:{WAN}|%)")
FULL = re.compile(rf"\.\d0(?:{WAN}|%)")
"""Amounts without, and with, the zeros at their end; a bare 0 is no sign of either."""
LARGE = re.compile(r"(?:\d,\d{3}|(?<![\d,.])\d{4,20})\.\d{1,20}(?=万?元|%)")
BIG = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{4,}\.\d+")
"""Amounts that would take a thousands separator: within a paragraph, and alone in a cell, where whole ones without may be codes."""


@dataclass(frozen=True)
class Facts:
    """The facts of a document.

    Attributes:
        edition: its format.
        blocks: its paragraphs and tables in order.
    """

    edition: Edition
    blocks: Sequence[Block]

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Its paragraphs."""
        return tuple(block.text for block in self.blocks if isinstance(block, Text))

    @cached_property
    def about(self) -> Mapping[str, str]:
        """The rows of 单位信息: those that it tells, all others by default."""
        return {**self.defaults, **self.called, **self.told}

    @cached_property
    def called(self) -> Mapping[str, str]:
        """The rows of 单位信息 that sentences tell by what they call the unit, none of them otherwise than another."""
        unit, said = self.told.get(self.edition.house.unit, ""), [unspaced(text) for text in self.texts]
        met = {
            (one.row, one.value)
            for one in self.edition.house.called
            if one.row in self.defaults
            for text in said
            if (found := one.words.match(text)) and is_own(self.edition, found["who"], unit)
        }
        rows = Counter(row for row, _ in met)
        return {row: value for row, value in met if rows[row] == 1}

    @cached_property
    def defaults(self) -> Mapping[str, str]:
        """The rows of 单位信息 that have a default."""
        rows = self.edition.tables[self.edition.house.about].fixed.values()
        return {row.key: row.default for _, row in rows if row.default}

    @cached_property
    def told(self) -> Mapping[str, str]:
        """The rows of 单位信息 that it tells by itself; house style apart, which is met later."""
        house = self.edition.house
        told: dict[str, str] = {}
        for pattern, text in (*self._cover(boxed=True), *self._cover(boxed=False)):
            values = self._turner.turn(pattern).match(fold(text)) or {}
            told |= {key: values[name] for name, key in self._named.items() if name in values}
        cover, owner = told.get(house.unit, ""), self._preparer()
        if owner and not (cover and is_own(self.edition, owner, cover)):
            told[house.unit] = owner
        if house.kind not in told and (kind := self._headed_kind()):
            told[house.kind] = kind
        told[house.year] = str(self.edition.edition.year)
        told[house.money] = self.edition.money.tables.unit
        return told | self._dated()

    @property
    def unit(self) -> str:
        """The unit's name, empty where it is not told."""
        return self.about.get(self.edition.house.unit, "")

    @property
    def kind(self) -> str:
        """单位 or 部门."""
        return self.about.get(self.edition.house.kind) or self.edition.kind_by_default

    @property
    def kind_is_sure(self) -> bool:
        """Whether something tells what it is of, and nothing otherwise: the cover, the headings of its parts."""
        own, headed = self.told.get(self.edition.house.kind), self._headed_kind()
        return bool(own) and headed in {"", own}

    def prepares(self, text: str) -> str | None:
        """The preparer that a line above a table names; None where it is no such line."""
        told = fold(self.without_money(text))
        found = (turned.match(told) for turned in self._preparers)
        names = [
            values.get(name) for values in found if values for name in values if name in self._unit_names
        ]
        return next((name for name in names if name), None) or self._named_otherwise(told)

    def _named_otherwise(self, told: Folded) -> str | None:
        """The preparer that a line names in another way than the edition's own."""
        label, colon, _ = told.form.partition(COLON)
        known = colon and label in {fold(text).form for text in self.edition.forms.preparers}
        return (told.printed[len(label) + 1 :] or None) if known else None

    def money(self, text: str) -> str | None:
        """The unit of money that a line above a table tells, also one that is not read; None where it tells none."""
        found = self._money_beside(fold(text))
        return found[1] if found else None

    def without_money(self, text: str) -> str:
        """A line above a table without the unit of money at its end or beginning."""
        told = fold(text)
        found = self._money_beside(told)
        return told.printed[: found.start()] + told.printed[found.end() :] if found else told.printed

    def _money_beside(self, told: Folded) -> re.Match[str] | None:
        """The words at the end or beginning of a line that tell a unit of money: all of them, the unit as first group."""
        return next((found for way in self._money_told if (found := way.search(told.form))), None)

    def standing(self, text: str) -> bool:
        """The closing lines: they carry nothing more to read."""
        form = fold(text).form
        return form == fold(self.unit).form or bool(DAY.fullmatch(form))

    def habits(self, marks: Sequence[str]) -> dict[str, str]:
        """The office's own style: thousands separators, zeros at the end, list numbers; by row of 单位信息.

        Args:
            marks: the marks after Arabic list numbers that were seen.
        """
        house = self.edition.house
        printed = [fold(text).form for text in self.texts]
        short = sum(len(SHORT.findall(text)) for text in printed)
        full = sum(len(FULL.findall(text)) for text in printed)
        found = {house.trimmed: _yes(short > full)}
        cells = [
            str(raw.value) for b in self.blocks if isinstance(b, Grid) for line in b.lines for raw in line
        ]
        large = [number for text in printed for number in LARGE.findall(text)]
        large += [number for text in cells if BIG.fullmatch(number := fold(text).form)]
        if large:
            found[house.grouped] = _yes(sum("," in number for number in large) * 2 > len(large))
        if marks:
            common = max(set(marks), key=marks.count)
            forms = self.edition.choices(house.numbers)
            found[house.numbers] = next((form for form in forms if form.endswith(common)), forms[0])
        return found

    # --- patterns ---

    def _dated(self) -> dict[str, str]:
        """The last line that is a day, in figures."""
        found = filter(None, (DAY.fullmatch(fold(text).form) for text in reversed(self.texts)))
        days = ((day[1], from_numeral(day[2]), from_numeral(day[3])) for day in found)
        last = next((f"{year}{month}月{day}日" for year, month, day in days if month and day), "")
        return {self.edition.house.date: last} if last else {}

    def _headed_kind(self) -> str:
        """What most headings of parts call the unit, 单位 or 部门, where the cover does not tell; empty where none does."""
        house, turner = self.edition.house, self._turner
        turned = [turner.turn(part.heading) for part in self.edition.part if part.heading]
        values = (
            one.match(fold(text)) or {} for text in self.texts if len(text) <= HEADING for one in turned
        )
        kinds = Counter(
            told
            for found in values
            for name, told in found.items()
            if self._named.get(name) == house.kind and told in self.edition.choices(house.kind)
        )
        return kinds.most_common(1)[0][0] if kinds else ""

    def _cover(self, *, boxed: bool) -> Iterator[tuple[str, str]]:
        """The lines of the cover by their patterns: those in text boxes, or the others; however it is cut into lines."""
        texts = [b.text.strip("《》") for b in self.blocks if isinstance(b, Text) and bool(b.beside) == boxed]
        joined = list(itertools.accumulate(texts[:TOP]))
        for whole in map("".join, (*self.edition.layout.covers, self.edition.layout.cover)):
            turned = self._turner.turn(whole)
            if told := next((text for text in joined if turned.match(fold(text)) is not None), None):
                return iter([(whole, told)])
        return zip(self.edition.layout.cover, texts, strict=False)

    @property
    def _turner(self) -> Turner:
        return Turner(self.edition)

    @cached_property
    def _named(self) -> Mapping[str, str]:
        """The short names of formulas that stand for facts of the unit."""
        house = self.edition.house
        pattern = re.compile(rf"{house.about}\[(\w+)\]\.{house.value}")
        return {name: m[1] for name, text in self.edition.names.items() if (m := pattern.fullmatch(text))}

    @cached_property
    def _unit_names(self) -> frozenset[str]:
        return frozenset(name for name, key in self._named.items() if key == self.edition.house.unit)

    @cached_property
    def _preparers(self) -> tuple[Turned, ...]:
        layout = self.edition.layout
        return tuple(self._turner.turn(pattern) for pattern in (*layout.preparers, layout.preparer))

    @cached_property
    def _money_told(self) -> tuple[re.Pattern[str], ...]:
        """How units of money are told above the tables; the longer words first, at the end of a line first."""
        labels = (scale.labelled(WAN) for scale in self.edition.scales)
        said = {fold(words).form for words in (*labels, *self.edition.forms.moneys)}
        longest = sorted(said, key=len, reverse=True)
        ways = [re.escape(words).replace(WAN, f"({UNIT_OF_MONEY})") for words in longest]
        owner = "|".join(re.escape(fold(text).form) for text in self.edition.forms.preparers)
        behind, before = (f"{way}$" for way in ways), (f"^{way}(?=(?:{owner}):)" for way in ways)
        return tuple(map(re.compile, (*behind, *before)))

    def _preparer(self) -> str | None:
        """The unit that most tables name as theirs."""
        named = (name for text in (*self.texts, *self._topmost) if (name := self.prepares(text)))
        names = Counter(name for name in named if not is_self(self.edition, name))
        return next((name for name, _ in names.most_common(1)), None)

    @property
    def _topmost(self) -> Iterator[str]:
        """The cells at the top of tables that may tell what stands above others: those with a colon."""
        grids = (block for block in self.blocks if isinstance(block, Grid))
        cells = (
            str(raw.value) for grid in grids for line in grid.lines[:TOP] for raw in line if not raw.blank
        )
        return (text for text in cells if COLON in text or "：" in text)


def _yes(told: bool) -> str:
    return YES if told else NO
