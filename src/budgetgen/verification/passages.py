"""The document passage by passage: what is missing, what differs, what is added."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Final

from budgetgen.reading.document.narrative.patterns import unmarked
from budgetgen.values.findings import Spot
from budgetgen.values.sayings import saying
from budgetgen.values.sides import WrittenSide
from budgetgen.values.text import fold
from budgetgen.verification.alignment import align, key
from budgetgen.verification.telling import masked, row_text, sentence
from budgetgen.verification.texts import differences, numeric

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.reading.document.manuscript import Passage
    from budgetgen.values.findings import Finding
    from budgetgen.values.sayings import Stated
    from budgetgen.verification.alignment import Pair
    from budgetgen.verification.origins import Origin, Spots
    from budgetgen.verification.telling import Teller
    from budgetgen.verification.texts import Difference

RULES: Final = {"number": "verify-number", "style": "verify-style"}
SCALES: Final = {"万": "times-wan", "亿": "times-yi"}
"""What is told of an amount that becomes so many times smaller or larger when the sign is dropped or added."""
WORD: Final = re.compile(r"[^\W\d_]")
WHOLE: Final = 1 << 30
"""Beyond the end of any text."""


@dataclass(frozen=True)
class Passages:
    """The passages that should be, and those that are.

    Attributes:
        teller: makes the findings.
        wanted: the disclosure as written.
        origins: where each of these comes from.
        found: the document.
    """

    teller: Teller
    wanted: tuple[Passage, ...]
    origins: tuple[Origin, ...]
    found: tuple[Passage, ...]

    def findings(self) -> Iterator[Finding]:
        """In the order of the document."""
        where = ""
        for absent, pairs in groupby(self._pairs, lambda pair: pair[1] is None):
            if absent:
                yield from self._missing([i for i, _ in pairs if i is not None])
                continue
            for i, j in pairs:
                if j is None:
                    continue
                if i is None:
                    yield self._added(self.found[j], where)
                else:
                    where = self.origins[i].where
                    yield from self._changed(self.wanted[i], self.origins[i], self.found[j])

    @cached_property
    def sections(self) -> dict[int, str]:
        """The section or table of each passage of the document, by its number."""
        where, told = "", {}
        for i, j in self._pairs:
            where = self.origins[i].where if i is not None else where
            if j is not None:
                told[j] = where
        return told

    @cached_property
    def _pairs(self) -> tuple[Pair, ...]:
        return tuple(align(self.wanted, self.found))

    @cached_property
    def _moved(self) -> frozenset[tuple[str, ...]]:
        """The passages that are missing in one place and added in another."""
        gone = Counter(key(self.wanted[i]) for i, j in self._pairs if j is None and i is not None)
        come = Counter(key(self.found[j]) for i, j in self._pairs if i is None and j is not None)
        return frozenset(each for each, count in come.items() if gone[each] == count)

    # --- missing ---

    def _missing(self, gone: Sequence[int]) -> Iterator[Finding]:
        for where, group in groupby(gone, lambda i: self.origins[i].where):
            absent = list(group)
            if len(absent) == self._sizes[where] > 1:
                gone_whole = saying("whole", 何处=where, 个数=len(absent))
                yield self.teller.finding("verify-missing", gone_whole, Spot(where))
                continue
            lost = [i for i in absent if key(self.wanted[i]) not in self._moved]
            rows = [i for i in lost if self.wanted[i].table]
            if len(rows) == self._rows[where] > 1:  # its titles are left standing
                table = saying("table", 表=where, 行数=len(rows))
                yield self.teller.finding("verify-missing", table, Spot(where))
                lost = [i for i in lost if i not in rows]
            yield from map(self._lost, lost)

    @cached_property
    def _sizes(self) -> Counter[str]:
        """How many passages each table and section has."""
        return Counter(origin.where for origin in self.origins)

    @cached_property
    def _rows(self) -> Counter[str]:
        """How many rows each table has."""
        pairs = zip(self.wanted, self.origins, strict=True)
        return Counter(origin.where for passage, origin in pairs if passage.table)

    def _lost(self, i: int) -> Finding:
        passage, origin = self.wanted[i], self.origins[i]
        spots = tuple(spot for n in range(len(origin.cells)) for spot in origin.spots(n, 0, WHOLE))
        text = self.teller.short(row_text(passage))
        stated = saying(_kind(passage), 原文=text, 取自=self.teller.cells(spots))
        return self.teller.finding("verify-missing", stated, Spot(origin.where), spots)

    # --- different ---

    def _changed(self, wanted: Passage, origin: Origin, found: Passage) -> Iterator[Finding]:
        if wanted.contents and fold(found.text).form == unmarked(fold(wanted.text).form):
            return
        if len(wanted.cells) != len(found.cells):
            yield self._reshaped(wanted, origin, found)
            return
        for number, (should, does) in enumerate(zip(wanted.cells, found.cells, strict=True)):
            for difference in differences(fold(should).form, fold(does).form):
                if self._uncovers(difference, should, does):
                    yield self._uncovered(should, origin, found)
                else:
                    yield self._different(difference, number, origin, found)

    def _reshaped(self, wanted: Passage, origin: Origin, found: Passage) -> Finding:
        """A row with more or fewer cells than it should have."""
        should, does = (self.teller.short(row_text(passage)) for passage in (wanted, found))
        secret = self._secret(wanted.text) or self._secret(found.text)
        stated = saying(
            格数=len(found.cells),
            应有=len(wanted.cells),
            文档=saying("withheld") if secret else does,
            应为=should,
        )
        return self.teller.finding("verify-row", stated, Spot(origin.where, place=found.place(origin.where)))

    def _different(self, difference: Difference, cell: int, origin: Origin, passage: Passage) -> Finding:
        spots = origin.spots(cell, difference.begin, difference.end)
        column = origin.columns[cell] if cell < len(origin.columns) else ""
        printed = fold(passage.cells[cell]).printed
        quoted = (
            row_text(passage) if passage.table else sentence(printed, difference.at, len(difference.found))
        )
        stated = saying(
            "passage",
            原文=self.teller.short(quoted),
            的列=saying("of-column", 列=column) if column else None,
            两边=self._sides(difference, spots),
            取自=self.teller.cells(spots),
        ).worded(self.teller.edition.stating)
        label = self.teller.open(next(filter(WORD.search, reversed(passage.cells[:cell])), ""))
        place = passage.place(origin.where, column, label)
        here = Spot(origin.where, "", column, place, self.teller.open(difference.found))
        return self.teller.finding(self._rule(difference, spots), stated, here, spots)

    def _rule(self, difference: Difference, spots: Spots) -> str:
        """What a person wrote may be edited; what follows from figures, or is fixed, may not."""
        typed = bool(spots) and all(map(self.teller.typed, spots))
        return RULES.get(difference.kind) or ("verify-text" if typed else "verify-wording")

    def _uncovers(self, difference: Difference, should: str, does: str) -> bool:
        """Whether words were put where only the code of a secret item may stand: they might be its name."""
        secret = self._secret(should) or self._secret(does)
        return secret and re.search(r"[^\W\d]", difference.found) is not None

    def _uncovered(self, should: str, origin: Origin, found: Passage) -> Finding:
        """Words beside a secret item; they are not repeated."""
        stated = saying("uncovered", 应为=self.teller.short(should))
        here = Spot(origin.where, place=found.place(origin.where), value=masked(found.text))
        return self.teller.finding("verify-secret", stated, here)

    def _sides(self, difference: Difference, spots: Spots) -> Stated:
        """What stands there and what should; of numbers as the sides that the finding is about."""
        wanted, found = self.teller.open(difference.wanted), self.teller.open(difference.found)
        scale = _scale(difference)
        if not found:
            return saying("lacks", 应为=wanted, 倍=scale)
        if not wanted:
            return saying("surplus", 文档=found, 倍=scale)
        if difference.kind != "number":
            return saying("differs", 文档=found, 应为=wanted, 倍=scale)
        should = WrittenSide.of(wanted, *self.teller.sources(spots))
        return saying("differs", 文档=WrittenSide.of(found), 应为=should, 倍=scale)

    # --- added ---

    def _added(self, passage: Passage, where: str) -> Finding:
        text = row_text(passage)
        here = Spot(where, place=passage.place(where), value=self.teller.open(text))
        if key(passage) in self._moved:
            return self.teller.finding("verify-order", saying(原文=self.teller.short(text)), here)
        if self._unveiled:
            here = replace(here, value=masked(text))
            return self.teller.finding("verify-secret", saying(f"unveiled-{_kind(passage)}"), here)
        rule = "verify-untied" if numeric(fold(text).form) else "verify-added"
        stated = saying(f"added-{_kind(passage)}", 原文=self.teller.short(text))
        stated = stated.worded(self.teller.edition.stating)
        return self.teller.finding("verify-secret" if self._secret(text) else rule, stated, here)

    @cached_property
    def _unveiled(self) -> bool:
        """Whether a passage with the code of a secret item is gone: what was added may stand for it."""
        gone = (key(self.wanted[i]) for i, j in self._pairs if j is None and i is not None)
        lost = (each for each in gone if each not in self._moved)
        return any(self._secret("".join(each)) for each in lost)

    def _secret(self, text: str) -> bool:
        return self.teller.secret(text)


def _scale(difference: Difference) -> Stated | None:
    """By how much an amount is changed where only its 万 or 亿 is."""
    for sign, times in SCALES.items():
        if difference.wanted.replace(sign, "") == difference.found.replace(sign, ""):
            return saying(times)
    return None


def _kind(passage: Passage) -> str:
    return "row" if passage.table else "paragraph"
