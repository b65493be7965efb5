"""How often the advice is right: mistakes of every kind, and of several kinds at once, in a unit's and a department's workbook.

    python -m benchmarks.advice [--cases 60] [--seed 1] [--kind 正负号 …] [--file samples/xinjiang-2026-unit.xlsx …] [--show]

The stored cells of a workbook are changed as clerks mistype, then read, derived, checked and searched as a file is.
Prints for each kind how many mistakes

    先指对    were told first, with the right value, and nothing else was told wrongly
    列出      are among the cells that are said to be possible, where none is named
    指错      had another cell, or a wrong value, told as wrong
    不指      had nothing told of them, but the relation that is broken
    无关系    break no relation, so that nothing can be told

With --show every case in which something was told wrongly.
"""

from __future__ import annotations

import argparse
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.checking.money import money_unit
from budgetgen.localisation.search import localise
from budgetgen.reading.cells import Raw
from budgetgen.reading.workbook import Reading, _sheets, _WorkbookReader, opened, read
from budgetgen.values.amounts import HALF_CENT, PER_WAN, rounded
from budgetgen.values.findings import Severity
from budgetgen.values.places import FilePlace, SheetPlace

if TYPE_CHECKING:
    from budgetgen.edition.declarations import Edition
    from budgetgen.localisation.culprits import Located, Mend
    from budgetgen.reading.sheets import StoredSheet
    from budgetgen.values.findings import Finding
    from budgetgen.values.model import Book

SAMPLES = Path(__file__).parents[1] / "samples"
FILES = (SAMPLES / "xinjiang-2026-unit.xlsx", SAMPLES / "xinjiang-2024-department.xlsx")

Key = tuple[str, str, str]
"""Table, row and column of a figure."""


@dataclass(frozen=True)
class Figure:
    """A figure of the right workbook: where it stands and what it is, in 万元."""

    key: Key
    place: FilePlace | None
    value: Decimal


@dataclass(frozen=True)
class Mistake:
    """What was mistyped.

    Attributes:
        values: what stands in a cell instead, in 万元, or a text that is no number; None for nothing.
        rows: lines that were put in: below that row of a sheet, the cells by the column of the sheet.
        right: the figures that are wrong now, with what they should be; None for nothing.
    """

    values: Mapping[FilePlace | None, Decimal | str | None] = field(default_factory=dict)
    rows: tuple[tuple[FilePlace | None, Mapping[int, Decimal | str]], ...] = ()
    right: Mapping[Key, Decimal | None] = field(default_factory=dict)

    def __or__(self, other: Mistake) -> Mistake:
        """Both at once."""
        return Mistake(
            {**self.values, **other.values}, (*self.rows, *other.rows), {**self.right, **other.right}
        )


@dataclass(frozen=True)
class Workbook:
    """A right workbook whose stored cells can be changed."""

    path: Path

    @cached_property
    def sheets(self) -> tuple[StoredSheet, ...]:
        """Its sheets as stored."""
        stored = _sheets(opened(self.path), lambda _: True)
        return tuple(
            replace(sheet, lines=tuple(tuple(map(_uncomputed, line)) for line in sheet.lines))
            for sheet in stored
        )

    @cached_property
    def edition(self) -> Edition:
        """Its format."""
        return read(self.path).edition

    @cached_property
    def reading(self) -> Reading:
        """As it was read, unharmed."""
        return self._reading(self.sheets)

    @cached_property
    def book(self) -> Book:
        """Derived, unharmed."""
        return derive(self.reading.book, self.edition)

    @cached_property
    def unit(self) -> Decimal:
        """How many of its units make 1 万元."""
        return Decimal(PER_WAN[money_unit(self.book, self.edition)])

    def figures(self, *, given: bool) -> tuple[Figure, ...]:
        """The amounts of the printed tables that somebody typed, or those that are added up from them."""
        return tuple(
            Figure((table.name, row.key, column), row[column].place, value)
            for table in self.edition.printed
            for row in self.book[table.name].rows
            for column in table.measures()
            if row[column].given is given and row[column].place
            if self.edition.kind(table.name, column, row.key) == "money"
            if isinstance(value := row[column].value, Decimal) and value
        )

    def read(self, mistake: Mistake) -> Reading:
        """As it is read with a mistake."""
        return self._reading(tuple(self._changed(sheet, mistake) for sheet in self.sheets))

    def _reading(self, sheets: tuple[StoredSheet, ...]) -> Reading:
        known = {"_", *self.edition.unread_sheets}
        return _WorkbookReader(
            self.path.name, tuple(s for s in sheets if s.name not in known), self.edition
        ).read(self.path)

    def _changed(self, sheet: StoredSheet, mistake: Mistake) -> StoredSheet:
        lines = []
        for line in sheet.lines:
            lines.append(tuple(self._cell(raw, mistake) for raw in line))
            for number, (below, cells) in enumerate(mistake.rows):
                if any(raw.place == below for raw in line):
                    lines.append(self._row(sheet.name, 900 + number, len(line), cells))
        return replace(sheet, lines=tuple(lines))

    def _row(
        self, sheet: str, number: int, length: int, cells: Mapping[int, Decimal | str]
    ) -> tuple[Raw, ...]:
        return tuple(
            Raw(
                self._stored(cells[i]) if i in cells else None,
                place=SheetPlace(sheet, f"{chr(65 + i)}{number}"),
            )
            for i in range(length)
        )

    def _cell(self, raw: Raw, mistake: Mistake) -> Raw:
        if raw.place not in mistake.values:
            return raw
        return Raw(self._stored(mistake.values[raw.place]), place=raw.place)

    def _stored(self, value: Decimal | str | None) -> float | str | None:
        return float(value * self.unit) if isinstance(value, Decimal) else value


def _uncomputed(raw: Raw) -> Raw:
    """A cell without the result of its formula, which a change elsewhere would have made another."""
    return raw._replace(value=None) if raw.formula else raw


Draw = Callable[[random.Random, Workbook], Mistake]


def wrong(figure: Figure, value: Decimal | None) -> Mistake:
    """A figure that is another."""
    return Mistake({figure.place: value}, (), {figure.key: figure.value})


def mistyped(change: Callable[[Decimal, random.Random], Decimal]) -> Draw:
    """A figure that became another by a slip."""

    def draw(chance: random.Random, workbook: Workbook) -> Mistake:
        while True:
            figure = chance.choice(workbook.figures(given=True))
            value = change(figure.value, chance)
            if value != figure.value and value == rounded(value, 6 if workbook.unit > 1 else 2):
                return wrong(figure, value)

    return draw


def transposed(value: Decimal, chance: random.Random) -> Decimal:
    """Two neighbouring digits exchanged."""
    text = list(f"{value:.2f}")
    digits = [i for i, sign in enumerate(text) if sign.isdigit()]
    pairs = [(a, b) for a, b in itertools.pairwise(digits) if text[a] != text[b]]
    if not pairs:
        return value
    a, b = chance.choice(pairs)
    text[a], text[b] = text[b], text[a]
    return Decimal("".join(text))


def doubled(value: Decimal, chance: random.Random) -> Decimal:
    """A digit typed twice."""
    text = f"{value:.2f}"
    where = chance.choice([i for i, sign in enumerate(text.split(".", maxsplit=1)[0]) if sign.isdigit()])
    return Decimal(text[:where] + text[where] + text[where:])


def digit(value: Decimal, chance: random.Random) -> Decimal:
    """One digit that is another."""
    text = list(f"{value:.2f}")
    where = chance.choice([i for i, sign in enumerate(text) if sign.isdigit()])
    text[where] = chance.choice([d for d in "0123456789" if d != text[where]])
    return Decimal("".join(text))


def arbitrary(value: Decimal, chance: random.Random) -> Decimal:
    """Any other figure of that size."""
    return rounded(value * Decimal(str(chance.uniform(0.3, 2))))


def neighbours(figure: Figure, workbook: Workbook) -> list[tuple[Figure | None, FilePlace, str]]:
    """The same column in the lines just above and below: figure or None, place, key."""
    table, key, column = figure.key
    lines = list(workbook.book[table].lines())
    at = next((i for i, row in enumerate(lines) if row.key == key), None)
    if at is None:
        return []
    found = []
    for row in (*lines[max(at - 1, 0) : at], *lines[at + 1 : at + 2]):
        cell = row[column]
        if cell.place and (cell.given or cell.value is None):
            value = cell.value
            own = Figure((table, row.key, column), cell.place, value) if isinstance(value, Decimal) else None
            found.append((own, cell.place, row.key))
    return found


def copied(chance: random.Random, workbook: Workbook) -> Mistake:
    """The figure of the line above or below, typed here."""
    while True:
        figure = chance.choice(workbook.figures(given=True))
        others = [o for o, _, _ in neighbours(figure, workbook) if o and o.value and o.value != figure.value]
        if others:
            return wrong(figure, chance.choice(others).value)


def moved(chance: random.Random, workbook: Workbook) -> Mistake:
    """A figure that stands in the line above or below instead."""
    while True:
        figure = chance.choice(workbook.figures(given=True))
        free = [(place, key) for o, place, key in neighbours(figure, workbook) if o is None]
        if free:
            place, key = chance.choice(free)
            table, _, column = figure.key
            there = Mistake({place: figure.value}, (), {(table, key, column): None})
            return wrong(figure, None) | there


def blank(chance: random.Random, workbook: Workbook) -> Mistake:
    """A figure that was not typed."""
    return wrong(chance.choice(workbook.figures(given=True)), None)


def unreadable(chance: random.Random, workbook: Workbook) -> Mistake:
    """A figure that is no number."""
    figure = chance.choice(workbook.figures(given=True))
    text = chance.choice(["{:.2f}万元", "约{:.2f}", "{:.1f},2", "{:.2f}（含税）"]).format(figure.value)
    return Mistake({figure.place: text})


def total(chance: random.Random, workbook: Workbook) -> Mistake:
    """A number typed over a formula that adds up."""
    figure = chance.choice(workbook.figures(given=False))
    change = chance.choice([transposed, arbitrary, digit, lambda v, _: v * 10, lambda v, _: v * 10000])
    value = change(figure.value, chance)
    return wrong(figure, value if value != figure.value else value + 1)


def inserted(chance: random.Random, workbook: Workbook) -> Mistake:
    """A line under another code, with a figure."""
    edition = workbook.edition
    tables = [t for t in edition.printed if len(t.main.key) == 1 and t.columns[t.main.key[0]].type == "code"]
    while True:
        table = chance.choice(tables)
        known = {row.key for row in workbook.book[table.name].rows}
        kind = table.columns[table.main.key[0]].of
        length = 7 if kind == "function" else 5
        codes = [code for code in edition.codes(kind) if len(code) == length and code not in known]
        figures = [f for f in workbook.figures(given=True) if f.key[0] == table.name]
        if not figures or not codes:
            continue
        model, code = chance.choice(figures), chance.choice(codes)
        line = next(
            line for s in workbook.sheets for line in s.lines if any(raw.place == model.place for raw in line)
        )
        column = next(i for i, raw in enumerate(line) if raw.place == model.place)
        key = next(i for i, raw in enumerate(line) if str(raw.value) == model.key[1])
        value = chance.choice([Decimal("1.00"), Decimal("3.20"), model.value])
        right: dict[Key, Decimal | None] = {(table.name, code, model.key[2]): None}
        return Mistake({}, ((model.place, {key: code, column: value}),), right)


def together(*draws: Draw) -> Draw:
    """Several at once, of different figures."""

    def draw(chance: random.Random, workbook: Workbook) -> Mistake:
        while True:
            mistakes = [one(chance, workbook) for one in draws]
            places = [place for mistake in mistakes for place in mistake.values]
            if len(places) == len(set(places)):
                joined = mistakes[0]
                for mistake in mistakes[1:]:
                    joined |= mistake
                return joined

    return draw


def any_of(*draws: Draw) -> Draw:
    """One of several kinds."""
    return lambda chance, workbook: chance.choice(draws)(chance, workbook)


SIGN = mistyped(lambda value, _: -value)
TEN = mistyped(lambda value, _: value * 10)
POINT = mistyped(lambda value, chance: value * chance.choice([Decimal(100), Decimal("0.1"), Decimal("0.01")]))
YUAN = mistyped(lambda value, _: value * 10_000)
TRANSPOSED = mistyped(transposed)
SLIP = any_of(SIGN, TEN, POINT, YUAN, TRANSPOSED, mistyped(doubled), copied)

KINDS: Mapping[str, Draw] = {
    "正负号": SIGN,
    "十倍": TEN,
    "小数点": POINT,
    "元当万元": YUAN,
    "两位颠倒": TRANSPOSED,
    "多打一位": mistyped(doubled),
    "错一位": mistyped(digit),
    "任意数": mistyped(arbitrary),
    "抄了邻行": copied,
    "填错行": moved,
    "漏填": blank,
    "手填合计": total,
    "插行": inserted,
    "两格": together(SLIP, SLIP),
    "三格": together(SLIP, SLIP, SLIP),
    "两处读不了": together(unreadable, unreadable),
    "读不了+一格": together(unreadable, SLIP),
    "读不了+手填合计": together(unreadable, total),
    "手填合计+一格": together(total, SLIP),
    "插行+一格": together(inserted, SLIP),
    "两处读不了+手填合计+插行+元当万元": together(unreadable, unreadable, total, inserted, YUAN),
}

FIRST, LISTED, WRONG, NOTHING, UNSEEN = OUTCOMES = ("先指对", "列出", "指错", "不指", "无关系")


@dataclass(frozen=True)
class Tried:
    """What came of a mistake.

    Attributes:
        mistake: what was mistyped.
        outcome: one of the outcomes.
        located: what was told.
        book: derived from the wrong workbook.
        findings: of reading and of checking.
    """

    mistake: Mistake
    outcome: str
    located: Located
    book: Book
    findings: tuple[Finding, ...]


def tried(workbook: Workbook, mistake: Mistake) -> Tried:
    """Read, derive, check and search a workbook with a mistake."""
    reading = workbook.read(mistake)
    book = derive(reading.book, workbook.edition)
    own = check(book, workbook.edition, reading.findings)
    located = localise(book, workbook.edition, reading.findings, own)
    findings = (*reading.findings, *own)
    return Tried(mistake, outcome(mistake, located, findings), located, book, findings)


def outcome(mistake: Mistake, located: Located, findings: Sequence[Finding]) -> str:
    """How right what was told is."""
    named = [mend for culprit in located.culprits for mend in culprit.mends]
    if not all(_right(mend, mistake) for mend in named):
        return WRONG
    if named:
        return FIRST
    listed = {
        (mend.spot.table, mend.spot.row, mend.spot.column)
        for culprit in located.culprits
        for mends in (*culprit.alternatives, getattr(culprit, "among", ()))
        for mend in mends
    }
    if not listed.isdisjoint(mistake.right):
        return LISTED
    if listed:
        return WRONG
    broken = any(f.difference is not None and f.severity == Severity.ERROR for f in findings)
    return NOTHING if broken or not mistake.right else UNSEEN


def _right(mend: Mend, mistake: Mistake) -> bool:
    """Whether a figure is wrong, and is told to be what it should be."""
    key = (mend.spot.table, mend.spot.row, mend.spot.column)
    if key not in mistake.right:
        return False
    right = mistake.right[key] or Decimal(0)
    if mend.sign != "==":
        return right >= mend.should if mend.sign == ">=" else right <= mend.should
    return abs(mend.should - right) <= max(HALF_CENT, getattr(mend, "tail", HALF_CENT))


def cases(workbook: Workbook, kind: str, number: int, seed: int) -> Iterator[Tried]:
    """Mistakes of a kind, the same for the same seed."""
    for index in range(number):
        chance = random.Random(f"{workbook.path.name}/{kind}/{seed}/{index}")  # noqa: S311 - no secret
        yield tried(workbook, KINDS[kind](chance, workbook))


def told(one: Tried) -> str:
    """A case in a line: what was mistyped, what was told."""
    wanted = "；".join(f"{'/'.join(key)} = {value}" for key, value in one.mistake.right.items())
    typed = "、".join(f"{place}:{value}" for place, value in one.mistake.values.items())
    mends = (
        "，".join(f"{m.spot.name} {m.now} {m.sign} {m.should}" for m in culprit.mends) or "未指名"
        for culprit in one.located.culprits
    )
    return f"    错：{typed} 应：{wanted} | 指：{'；'.join(mends)}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=60, help="how many of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--file", nargs="+", type=Path, default=list(FILES))
    parser.add_argument("--show", action="store_true", help="the cases in which something was told wrongly")
    asked = parser.parse_args()
    for path in asked.file:
        workbook, sums = Workbook(path), Counter[str]()
        print(path.name, *OUTCOMES, sep="\t")
        for kind in asked.kind:
            found = list(cases(workbook, kind, asked.cases, asked.seed))
            counts = Counter(one.outcome for one in found)
            sums += counts
            print(f"  {kind}", *(counts[name] for name in OUTCOMES), sep="\t", flush=True)
            for one in found if asked.show else ():
                if one.outcome == WRONG:
                    print(told(one))
        print("  合计", *(sums[name] for name in OUTCOMES), sep="\t")


if __name__ == "__main__":
    main()
