"""Slips and edits that may stand in any document, planted where a draw decides: by what a place is, never by its words.

A kind takes a document and a draw, and gives the document with one difference in it, or nothing where it has no place
for one. What is told of it has to hold the trace, and to stand at the place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.comparison.paragraphs import form
from budgetgen.reading.document.blocks import Block, Grid, Text, header_of
from budgetgen.reading.document.reader import read_blocks
from budgetgen.saying.disclosure import compose, headed
from budgetgen.values.model import TOTAL, PrintedTable
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from budgetgen.edition.declarations import Edition
    from budgetgen.reading.cells import Raw
    from budgetgen.reading.workbook import Reading
    from budgetgen.values.places import FilePlace

LONG = 12
"""Signs of a paragraph that says something."""
FRESH = 9000
"""The ordinal of a paragraph that was not there."""
WORDS = (
    "安排",
    "主要",
    "用于",
    "包括",
    "其中",
    "保障",
    "管理",
    "工作",
    "支出",
    "收入",
    "项目",
    "单位",
    "经费",
)
OTHERS = (
    "编列",
    "大多",
    "用作",
    "含有",
    "内含",
    "确保",
    "经办",
    "事务",
    "花费",
    "进项",
    "事项",
    "机构",
    "费用",
)
"""Words of the field, and what a clerk could write instead."""
NEGATIONS = (("不含", "含"), ("未安排", "安排"), ("没有", "有"), ("不", "可"), ("无", "有"))
SENTENCES = ("以上支出均按规定标准核定。", "具体情况以批复文件为准。", "相关资料存档备查。")
CLAUSES = ("，按季度拨付", "，由财务科负责", "，与上年口径一致")
HAN = re.compile(r"[\u4e00-\u9fff]")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
YEAR = re.compile(r"(?<!\d)20\d\d(?=年)")


@dataclass(frozen=True)
class Plant:
    """A document with one difference.

    Attributes:
        blocks: all of it.
        trace: what is told of it holds this.
        place: where it stands; of what is gone, where it stood.
    """

    blocks: tuple[Block, ...]
    trace: str
    place: FilePlace | None


@dataclass(frozen=True)
class Manuscript:
    """A document as something may be planted in it."""

    blocks: tuple[Block, ...]

    @cached_property
    def reading(self) -> Reading:
        """What is read of it."""
        return read_blocks(Path("公开文本.docx"), self.blocks)

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """Its paragraphs."""
        return tuple(b for b in self.blocks if isinstance(b, Text) and not b.beside and b.cell is None)

    @cached_property
    def _given(self) -> Mapping[str, frozenset[str]]:
        """What its Book gives, by what it is."""
        edition = self.reading.edition
        whole = compose(self.reading.book, edition)
        tables = [b for part in whole.parts for b in part.blocks if isinstance(b, PrintedTable)]
        lines = {
            "cover": whole.cover,
            "entry": [text for _, text in whole.entries],
            "part": [part.heading for part in whole.parts],
            "section": [heading for part in whole.parts for heading, _ in headed(part)],
            "title": [table.title for table in tables],
            "above": [
                text
                for table in tables
                for text in (table.preparer, table.money, table.preparer + table.money)
            ],
            "remark": [text for table in tables for text in table.remarks],
            "signature": whole.signature,
        }
        return {kind: frozenset(filter(None, map(form, found))) for kind, found in lines.items()}

    @cached_property
    def _contents(self) -> int:
        """The number of the last paragraph of cover and contents."""
        headings = [t.number for t in self.texts if form(t.text) in self._given["part"]]
        entries = self._given["entry"] | self._given["part"]
        met = set[str]()
        ends = 0
        for text in self.texts:
            if form(text.text) in entries and form(text.text) in met:
                break
            met.add(form(text.text))
            ends = text.number
        return ends if headings else 0

    def of(self, kind: str) -> list[Text]:
        """The paragraphs of a kind; the entries of the contents before their end, all others behind it."""
        early = kind in {"cover", "entry"}
        known = self._given["entry"] | self._given["part"] if kind == "entry" else self._given[kind]
        return [t for t in self.texts if form(t.text) in known and (t.number <= self._contents) is early]

    @cached_property
    def body(self) -> list[Text]:
        """The paragraphs that say something of the unit."""
        known = frozenset().union(*self._given.values())
        return [
            t
            for t in self.texts
            if t.number > self._contents and len(t.text) >= LONG and form(t.text) not in known
        ]

    @cached_property
    def terms(self) -> list[Text]:
        """The paragraphs that explain a term."""
        names = tuple(term.name for term in self.reading.edition.term)
        return [
            t
            for t in self.body
            if re.sub(r"^[\d一二三四五六七八九十（）()、.．]+", "", t.text).startswith(names)
        ]

    @cached_property
    def places(self) -> Mapping[FilePlace, tuple[str, str, str]]:
        """Table, row and column of every cell that was read, by its place."""
        found = {}
        for table in self.reading.book.tables.values():
            for row in table.rows:
                for column, cell in row.cells.items():
                    if cell.place is not None and cell.given and cell.place not in found:
                        found[cell.place] = (table.name, row.key, column)
        return found

    @property
    def grids(self) -> list[Grid]:
        """Its tables."""
        return [b for b in self.blocks if isinstance(b, Grid) and not b.within]

    def cells(self, wanted: Callable[[str, str, str, Raw], bool], *, performance: bool = False) -> list[Raw]:
        """The cells that were read of the numbered tables, or of the performance tables."""
        edition = self.reading.edition
        names = (
            {t.name for t in edition.printed}
            if not performance
            else {t.name for t in edition.table} - {t.name for t in edition.printed}
        )
        return [
            raw
            for grid in self.grids
            for line in grid.lines
            for raw in line
            if not raw.blank
            and raw.place in self.places
            and self.places[raw.place][0] in names
            and wanted(*self.places[raw.place], raw)
        ]

    def with_text(self, one: Text, text: str) -> tuple[Block, ...]:
        """Another text in a paragraph; without one it is gone."""
        changed = (replace(b, text=text) if b is one else b for b in self.blocks)
        return tuple(b for b in changed if b is not one and (not isinstance(b, Text) or b.text))

    def after(self, one: Block, text: str) -> tuple[Block, ...]:
        """A paragraph more behind another."""
        n = next(n for n, b in enumerate(self.blocks) if b is one)
        return (*self.blocks[: n + 1], Text(text, FRESH), *self.blocks[n + 1 :])

    def with_cell(self, place: FilePlace, value: object) -> tuple[Block, ...]:
        """Another value in a cell."""
        return tuple(
            replace(
                b,
                lines=tuple(
                    tuple(
                        r._replace(value=value)
                        if r.place == place and (not r.blank or r.value is None)
                        else r
                        for r in line
                    )
                    for line in b.lines
                ),
            )
            if isinstance(b, Grid) and any(r.place == place for line in b.lines for r in line)
            else b
            for b in self.blocks
        )


PlantKind: TypeAlias = Callable[[Random, Manuscript], "Plant | None"]
TextEdit: TypeAlias = "Callable[[Random, str], str | None]"
"""Another text for a text; None where it has no place for that."""


def shuffled(draw: Random, found: Iterable[object]) -> list:
    """All of them in another order."""
    every = list(found)
    draw.shuffle(every)
    return every


def differing(old: str, new: str) -> str:
    """What of a new text is not in the old one, with a sign or two around it."""
    start = next(
        (n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    end = next((n for n, (a, b) in enumerate(zip(old[::-1], new[::-1], strict=False)) if a != b), 0)
    end = max(start, len(new) - end)
    if numbers := [m for m in NUMBER.finditer(new) if m.start() <= start < m.end() and end <= m.end()]:
        return numbers[0][0]
    return new[max(0, start - 2) : end + 2] or new


# --- paragraphs ---------------------------------------------------------------------------------------------


def edited(pool: Callable[[Manuscript], list[Text]], edit: TextEdit) -> PlantKind:
    """A paragraph of some that reads otherwise."""

    def plant(draw: Random, found: Manuscript) -> Plant | None:
        for one in shuffled(draw, pool(found)):
            new = edit(draw, one.text)
            if new and form(new) != form(one.text):
                return Plant(found.with_text(one, new), differing(one.text, new), one.place)
        return None

    return plant


def lost(pool: Callable[[Manuscript], list[Text]]) -> PlantKind:
    """A paragraph of some that is gone."""

    def plant(draw: Random, found: Manuscript) -> Plant | None:
        for one in shuffled(draw, pool(found))[:1]:
            return Plant(found.with_text(one, ""), one.text, None)
        return None

    return plant


def added(pool: Callable[[Manuscript], list[Text]], texts: Callable[[Text], Sequence[str]]) -> PlantKind:
    """A paragraph more behind one of some."""

    def plant(draw: Random, found: Manuscript) -> Plant | None:
        for one in shuffled(draw, pool(found))[:1]:
            new = draw.choice(list(texts(one)))
            return Plant(found.after(one, new), new, Text(new, FRESH).place)
        return None

    return plant


def moved(pool: Callable[[Manuscript], list[Text]]) -> PlantKind:
    """A paragraph of some that stands elsewhere among them."""

    def plant(draw: Random, found: Manuscript) -> Plant | None:
        among = pool(found)
        if len(among) < 3:
            return None
        one = draw.choice(among)
        n = among.index(one)
        far = [t for m, t in enumerate(among) if m > n + 1 or m < n - 2]
        if not far:
            return None
        target = draw.choice(far)
        rest = [b for b in found.blocks if b is not one]
        at = next(m for m, b in enumerate(rest) if b is target)
        return Plant((*rest[: at + 1], one, *rest[at + 1 :]), one.text, one.place)

    return plant


def moved_far(draw: Random, found: Manuscript) -> Plant | None:
    """A paragraph that stands in another section."""
    heads = [t.number for t in found.of("section")]
    section = {id(t): sum(number < t.number for number in heads) for t in found.body}
    for one in shuffled(draw, found.body)[:20]:
        others = [t for t in found.body if section[id(t)] != section[id(one)]]
        if others:
            target = draw.choice(others)
            rest = [b for b in found.blocks if b is not one]
            at = next(m for m, b in enumerate(rest) if b is target)
            return Plant((*rest[: at + 1], one, *rest[at + 1 :]), one.text, one.place)
    return None


def merged(draw: Random, found: Manuscript) -> Plant | None:
    """Two paragraphs, one after the other, as one."""
    pairs = [(a, b) for a, b in zip(found.body, found.body[1:], strict=False) if b.number == a.number + 1]
    if not pairs:
        return None
    one, other = draw.choice(pairs)
    blocks = tuple(replace(b, text=one.text + other.text) if b is one else b for b in found.blocks)
    return Plant(tuple(b for b in blocks if b is not other), other.text, one.place)


def swapped(draw: Random, found: Manuscript) -> Plant | None:
    """Two paragraphs, one after the other, in each other's place."""
    pairs = [
        (a, b)
        for a, b in zip(found.body, found.body[1:], strict=False)
        if b.number == a.number + 1 and form(a.text) != form(b.text)
    ]
    if not pairs:
        return None
    one, other = draw.choice(pairs)
    blocks = tuple(other if b is one else one if b is other else b for b in found.blocks)
    return Plant(blocks, "", None)


def word(draw: Random, text: str) -> str | None:
    """A word of the field written otherwise."""
    met = [(a, b) for a, b in zip(WORDS, OTHERS, strict=True) if a in text]
    if not met:
        return None
    old, new = draw.choice(met)
    at = draw.choice([m.start() for m in re.finditer(old, text)])
    return text[:at] + new + text[at + len(old) :]


def runs(text: str, length: int) -> list[int]:
    """Where so many Chinese signs stand together."""
    return [n for n in range(len(text) - length) if all(HAN.match(sign) for sign in text[n : n + length])]


def sign(draw: Random, text: str) -> str | None:
    """Another sign in the place of one."""
    where = runs(text, 1)
    if not where:
        return None
    at = draw.choice(where)
    return text[:at] + draw.choice([s for s in "乙丁卯午戌" if s != text[at]]) + text[at + 1 :]


def fewer(count: int, draw: Random, text: str) -> str | None:
    """So many signs lost."""
    where = runs(text, count)
    if not where:
        return None
    at = draw.choice(where)
    return text[:at] + text[at + count :]


def more(texts: Sequence[str], draw: Random, text: str) -> str:
    """A sentence at the end."""
    return text.rstrip("。；") + "。" + draw.choice(texts)


def clause(draw: Random, text: str) -> str | None:
    """A clause before the end of a sentence."""
    ends = [m.start() for m in re.finditer("[。；]", text)]
    at = draw.choice(ends) if ends else None
    return None if at is None else text[:at] + draw.choice(CLAUSES) + text[at:]


def unclaused(draw: Random, text: str) -> str | None:
    """A clause lost."""
    met = list(re.finditer(r"(?<=[^\d])[，,]([^，,。；：:]{3,})(?=[，。；])", text))
    if not met:
        return None
    one = draw.choice(met)
    return text[: one.start()] + text[one.end() :]


def unlisted(draw: Random, text: str) -> str | None:
    """One of several things lost from a list."""
    met = list(re.finditer(r"、[^、，。；：:（）()]{2,}(?=、)", text))
    if not met:
        return None
    one = draw.choice(met)
    return text[: one.start()] + text[one.end() :]


def reordered(draw: Random, text: str) -> str | None:
    """Two things of a list in each other's place."""
    met = list(re.finditer(r"、([^、，。；：:（）()\d]{2,})、([^、，。；：:（）()\d]{2,})(?=、)", text))
    if not met:
        return None
    one = draw.choice(met)
    return text[: one.start()] + f"、{one[2]}、{one[1]}" + text[one.end() :]


def turned(draw: Random, text: str) -> str | None:
    """Two sentences of a paragraph in each other's place."""
    found = re.findall(r"[^。；]+[。；]", text)
    if len(found) < 2 or "".join(found) != text:
        return None
    n = draw.randrange(len(found) - 1)
    found[n], found[n + 1] = found[n + 1], found[n]
    return "".join(found)


def another(pattern: str, change: Callable[[Random, str], str], draw: Random, text: str) -> str | None:
    """Something else in the place of what a pattern finds."""
    met = list(re.finditer(pattern, text))
    if not met:
        return None
    one = draw.choice(met)
    return text[: one.start()] + change(draw, one[0]) + text[one.end() :]


def digits(draw: Random, number: str) -> str:
    """A number with one digit another."""
    where = [
        n
        for n, sign in enumerate(number)
        if sign.isdigit() and not (n == 0 and len(number) > 1 and number[1] != ".")
    ]
    at = draw.choice(where)
    return number[:at] + draw.choice([d for d in "123456789" if d != number[at]]) + number[at + 1 :]


def transposed(_: Random, number: str) -> str:
    """A number with two digits in each other's place, the first such pair; as it is where all are the same."""
    for n, (a, b) in enumerate(pairwise(number)):
        if a.isdigit() and b.isdigit() and a != b and not (n == 0 and b == "0"):
            return number[:n] + b + a + number[n + 2 :]
    return number


def pointed(_: Random, number: str) -> str:
    """An amount with its point one place further on."""
    whole, _, rest = number.replace(",", "").partition(".")
    return f"{whole}{rest[:1]}.{rest[1:]}".lstrip("0")


def misnamed(draw: Random, found: Manuscript) -> Plant | None:
    """The unit by a name that lost a sign, in one paragraph."""
    house, book = found.reading.edition.house, found.reading.book
    unit = str(book.cell(house.about, house.unit, house.value).value or "")
    slip = fewer(1, draw, unit)
    named = edited(
        lambda one: [t for t in one.body if unit and unit in t.text],
        lambda _, text: text.replace(unit, slip, 1) if slip else None,
    )
    return named(draw, found)


def cut_short(_: Random, text: str) -> str | None:
    """An explanation that ends with its first clause."""
    first = re.split("[，；。]", text)[0]
    return f"{first}。" if len(first) + 4 < len(text) else None


def instead(pairs: Mapping[str, str]) -> Callable[[Random, str], str]:
    """What stands for a word."""
    return lambda _, said: pairs[said]


def negated(draw: Random, text: str) -> str | None:
    """A sentence that says the contrary."""
    for old, new in NEGATIONS:
        if old in text:
            return text.replace(old, new, 1)
    return None


def earlier(years: int, draw: Random, text: str) -> str | None:
    """A year that is another; numbers of documents and what lasts apart."""
    met = [m for m in YEAR.finditer(text) if text[: m.start()].count("《") == text[: m.start()].count("》")]
    if not met:
        return None
    at = draw.choice(met)
    return text[: at.start()] + str(int(at[0]) + years) + text[at.end() :]


def every_year(years: int, draw: Random, text: str) -> str | None:
    """All years of a text others."""
    return YEAR.sub(lambda year: str(int(year[0]) + years), text) if len(YEAR.findall(text)) > 1 else None


# --- tables -------------------------------------------------------------------------------------------------


def in_cell(
    wanted: Callable[[Manuscript], list[Raw]], edit: Callable[[Random, object], str | None]
) -> PlantKind:
    """A cell of some that holds something else."""

    def plant(draw: Random, found: Manuscript) -> Plant | None:
        for raw in shuffled(draw, wanted(found))[:30]:
            new = edit(draw, raw.value)
            if new is None or str(new) == str(raw.value):
                continue
            trace = differing(str(raw.value), new) if HAN.search(new) else ""
            return Plant(found.with_cell(raw.place, new), trace, raw.place)
        return None

    return plant


def kind_of(found: Manuscript, table: str, column: str, key: str) -> str:
    """The type of a cell."""
    return found.reading.edition.kind(table, column, key)


def cell_of(
    *kinds: str, performance: bool = False, total: bool | None = None
) -> Callable[[Manuscript], list[Raw]]:
    """Cells of some types."""

    def cells(found: Manuscript) -> list[Raw]:
        return found.cells(
            lambda t, k, c, raw: (
                kind_of(found, t, c, k) in kinds and (total is None or (k == TOTAL) is total)
            ),
            performance=performance,
        )

    return cells


def figure(draw: Random, value: object) -> str | None:
    """Another amount."""
    text = str(value)
    return digits(draw, text) if re.fullmatch(r"[\d,]*\.?\d+", text) and len(text) > 1 else None


def nothing(_: Random, value: object) -> str | None:
    """No amount."""
    return "" if re.search("[1-9]", str(value)) else None


def in_text(edit: TextEdit) -> Callable[[Random, object], str | None]:
    """A text edit for cells."""
    return lambda draw, value: edit(draw, value) if isinstance(value, str) and len(value) > 2 else None


def total_and_sentence(draw: Random, found: Manuscript) -> Plant | None:
    """The same wrong figure in a total and in the sentences that tell it."""
    for raw in shuffled(draw, cell_of("money", total=True)(found))[:20]:
        old = str(raw.value)
        new = transposed(draw, old)
        told = [t for t in found.body if re.search(rf"(?<![\d.,]){re.escape(old)}(?!\d)", t.text)]
        if new != old and told and len(old) > 3:
            blocks = found.with_cell(raw.place, new)
            said = {id(t): re.sub(rf"(?<![\d.,]){re.escape(old)}(?!\d)", new, t.text) for t in told}
            return Plant(
                tuple(replace(b, text=said.get(id(b), b.text)) if isinstance(b, Text) else b for b in blocks),
                "",
                raw.place,
            )
    return None


def dated_headers(found: Manuscript) -> list[Raw]:
    """The cells at the heads of tables that tell a year."""
    return [
        r
        for g in found.grids
        for line in g.lines[:4]
        for r in line
        if isinstance(r.value, str) and YEAR.search(r.value) and len(r.value) < 40
    ]


def goals(found: Manuscript) -> list[Raw]:
    """The long texts of performance tables: goals and what explains indicators."""
    return [r for r in cell_of("text", performance=True)(found) if len(str(r.value)) > 20]


def headers(performance: bool) -> Callable[[Manuscript], list[Raw]]:
    """The cells of the headers of tables."""

    def cells(found: Manuscript) -> list[Raw]:
        edition = found.reading.edition
        own = {t.name for t in edition.printed}
        known = set(map(caption, spoken(edition, performance=performance))) - {""}
        chosen = []
        for grid in found.grids:
            tables = {
                found.places[r.place][0] for line in grid.lines for r in line if r.place in found.places
            }
            if tables and (bool(tables & own) is not performance):
                chosen += [r for line in header_of(grid) for r in line if isinstance(r.value, str)]
        return [r for r in chosen if caption(r.value) in known]

    return cells


def spoken(edition: Edition, *, performance: bool) -> Iterator[str]:
    """The captions of tables' columns, and the labels of performance tables."""
    if not performance:
        for table in edition.printed:
            for column in table.columns.values():
                yield from (*column.captions, *column.aliases, *column.parts)
    for one in edition.performance if performance else ():
        for field in (*one.columns, *(field for line in one.head for field in line)):
            yield from (field.label, *field.aliases)


def labels(found: Manuscript) -> list[Raw]:
    """The captions of rows that the format has."""
    own = {
        caption(row.caption) for table in found.reading.edition.printed for _, row in table.fixed.values()
    } - {""}
    heads = {id(r) for r in headers(performance=False)(found)}
    return [
        r
        for grid in found.grids
        for line in grid.lines
        for r in line
        if isinstance(r.value, str) and caption(r.value) in own and id(r) not in heads
    ]


def row_lost(performance: bool, draw: Random, found: Manuscript) -> Plant | None:
    """A line of a table that is gone."""
    cells = (
        cell_of("money", performance=False, total=False)(found)
        if not performance
        else cell_of("text", "choice", performance=True)(found)
    )
    for raw in shuffled(draw, cells)[:40]:
        table, key, _ = found.places[raw.place]
        if not found.reading.book[table].get(key).line and not performance:
            continue
        grid = next(g for g in found.grids if any(r is raw for line in g.lines for r in line))
        line = next(line for line in grid.lines if any(r is raw for r in line))
        said = [str(r.value) for r in line if isinstance(r.value, str) and HAN.search(r.value)]
        at = next(n for n, r in enumerate(line) if r is raw)
        named = [str(r.value) for r in line[:at] if isinstance(r.value, str) and HAN.search(r.value)]
        if not said or len(said) < (3 if performance else 1):
            continue
        rest = replace(grid, lines=tuple(without_line(grid, line, found)))
        blocks = tuple(rest if b is grid else b for b in found.blocks)
        return Plant(blocks, (named or said)[-1] if not performance else "", None)
    return None


def without_line(grid: Grid, line: Sequence[Raw], found: Manuscript) -> Iterator[tuple[Raw, ...]]:
    """The lines of a table without one: what is merged over those below it stays over them, as a person sees it."""
    at = next(n for n, other in enumerate(grid.lines) if other is line)
    below = grid.lines[at + 1] if at + 1 < len(grid.lines) else ()
    names = {"text", "choice", "item", "unit", "name"}
    for other in grid.lines:
        if other is below:
            yield tuple(
                gone if own.value is None and _kind_at(found, gone) in names else own
                for own, gone in zip(other, line, strict=False)
            )
        elif other is not line:
            yield other


def _kind_at(found: Manuscript, raw: Raw) -> str:
    """The type of a cell; empty for one that was not read."""
    if raw.place not in found.places:
        return ""
    table, key, column = found.places[raw.place]
    return kind_of(found, table, column, key)


def table_lost(draw: Random, found: Manuscript) -> Plant | None:
    """A whole performance table that is gone."""
    own = {t.name for t in found.reading.edition.printed}
    grids = [
        g
        for g in found.grids
        if (tables := {found.places[r.place][0] for line in g.lines for r in line if r.place in found.places})
        and not tables & own
    ]
    if len(grids) < 2:
        return None
    grid = draw.choice(grids)
    return Plant(tuple(b for b in found.blocks if b is not grid), "", None)


def renamed(everywhere: bool, edit: TextEdit) -> PlantKind:
    """The name of a project otherwise, wherever it stands or in one place."""

    def plant(draw: Random, found: Manuscript) -> Plant | None:
        for raw in shuffled(draw, cell_of("item")(found)):
            old = str(raw.value)
            if len(old) < 6 or found.reading.edition.house.secret in old:
                continue
            new = edit(draw, old)
            if not new:
                continue
            if not everywhere:
                return Plant(found.with_cell(raw.place, new), new, raw.place)
            blocks = tuple(
                replace(b, text=b.text.replace(old, new))
                if isinstance(b, Text)
                else replace(
                    b,
                    lines=tuple(
                        tuple(
                            r._replace(value=r.value.replace(old, new)) if isinstance(r.value, str) else r
                            for r in line
                        )
                        for line in b.lines
                    ),
                )
                for b in found.blocks
            )
            return Plant(blocks, new, None)
        return None

    return plant


def pool(kind: str) -> Callable[[Manuscript], list[Text]]:
    """The paragraphs of a kind."""
    return lambda found: found.of(kind)


def body(found: Manuscript) -> list[Text]:
    """The paragraphs that say something of the unit."""
    return found.body


def holding(pattern: str) -> Callable[[Manuscript], list[Text]]:
    """Those of them that hold something."""
    return lambda found: [t for t in found.body if re.search(pattern, t.text)]


def terms(found: Manuscript) -> list[Text]:
    """The paragraphs that explain a term."""
    return found.terms


def numbers_of_tables(found: Manuscript) -> list[Text]:
    """The lines that number tables."""
    return [t for t in found.texts if re.fullmatch(r"表\s*\d+", t.text.strip())]


MOVING = {"增加": "减少", "减少": "增加"}
AMOUNT = r"(?<![\d.])[\d,]+\.\d\d(?=万元|元)"
AMOUNT_ALONE = r"[\d,]*[1-9][\d,]*\.\d\d"
KINDS: Mapping[str, PlantKind] = {
    "段落删去": lost(body),
    "段落新增": added(body, lambda _: SENTENCES),
    "句子添加": edited(body, partial(more, SENTENCES)),
    "半句添加": edited(body, clause),
    "词语改写": edited(body, word),
    "一字之差": edited(body, sign),
    "少一个字": edited(body, partial(fewer, 1)),
    "少两个字": edited(body, partial(fewer, 2)),
    "半句删去": edited(body, unclaused),
    "列举漏一项": edited(body, unlisted),
    "列举次序": edited(body, reordered),
    "段落移动": moved(body),
    "相邻对调": swapped,
    "段落重复": added(body, lambda one: [one.text]),
    "句子对调": edited(body, turned),
    "金额": edited(body, partial(another, AMOUNT, digits)),
    "百分数": edited(body, partial(another, r"[\d,]+\.\d+(?=%)", digits)),
    "增减方向": edited(body, partial(another, "增加|减少", instead(MOVING))),
    "增加0改减少0": edited(
        holding(r"(增加|减少)0(\.00)?万元"), partial(another, r"(增加|减少)(?=0)", instead(MOVING))
    ),
    "意思相反": edited(body, negated),
    "年份未改": edited(body, partial(earlier, -1)),
    "年份写到下年": edited(body, partial(earlier, 1)),
    "年份全未改": edited(body, partial(every_year, -1)),
    "月日": edited(
        body,
        partial(
            another,
            r"\d+(?=月\d+日)|(?<=月)\d+(?=日)",
            lambda draw, n: str(draw.choice([m for m in range(1, 13) if str(m) != n])),
        ),
    ),
    "文号": edited(body, partial(another, r"(?<=[〕\]】])第?\d+(?=号)", digits)),
    "个数": edited(
        body, partial(another, r"(?<![\d.])\d+(?=个|名|人|辆|台|家)", lambda _, n: str(int(n) + 1))
    ),
    "万元写作元": edited(body, partial(another, r"(?<=\d)万元", lambda _draw, _said: "元")),
    "科目级次": edited(
        body, partial(another, "（款）|（项）", instead({"（款）": "（类）", "（项）": "（款）"}))
    ),
    "执行时间后加句": edited(holding("执行时间"), partial(more, SENTENCES)),
    "运行经费改写": edited(holding("运行经费"), word),
    "运行经费删去": lost(holding("运行经费")),
    "节标题改写": edited(pool("section"), partial(fewer, 2)),
    "节标题删去": lost(pool("section")),
    "部分标题改写": edited(pool("part"), partial(fewer, 1)),
    "标题年份未改": edited(pool("section"), partial(earlier, -1)),
    "目录改写": edited(pool("entry"), partial(fewer, 2)),
    "目录少一条": lost(pool("entry")),
    "表题改写": edited(pool("title"), word),
    "表题少一字": edited(pool("title"), partial(fewer, 1)),
    "表序号": edited(numbers_of_tables, digits),
    "编制单位": edited(pool("above"), partial(fewer, 1)),
    "金额单位": edited(pool("above"), partial(another, "万元", lambda _draw, _said: "元")),
    "表下说明删去": lost(pool("remark")),
    "表下说明改写": edited(pool("remark"), word),
    "表下说明相反": edited(pool("remark"), negated),
    "表中数字": in_cell(cell_of("money", total=False), figure),
    "表中合计": in_cell(cell_of("money", total=True), figure),
    "表中数字删去": in_cell(cell_of("money", total=False), nothing),
    "表中一行删去": partial(row_lost, False),
    "科目代码": in_cell(cell_of("code"), figure),
    "科目名称": in_cell(cell_of("name"), in_text(sign)),
    "项目改名一处": renamed(False, sign),
    "项目改名": renamed(True, sign),
    "项目改名少字": renamed(True, partial(fewer, 2)),
    "项目名的年份": renamed(
        True,
        lambda draw, text: (
            re.sub(r"20\d\d", lambda y: str(int(y[0]) - 1), text)
            if re.search(r"20\d\d", text)
            else "2021年" + text
        ),
    ),
    "栏目改写": in_cell(headers(performance=False), in_text(sign)),
    "栏目少字": in_cell(headers(performance=False), in_text(partial(fewer, 1))),
    "行名改写": in_cell(labels, in_text(sign)),
    "行名少字": in_cell(labels, in_text(partial(fewer, 1))),
    "绩效表头": in_cell(headers(performance=True), in_text(partial(fewer, 1))),
    "绩效文字": in_cell(cell_of("text", performance=True), in_text(sign)),
    "绩效文字少字": in_cell(cell_of("text", performance=True), in_text(partial(fewer, 2))),
    "绩效的数": in_cell(
        cell_of("text", performance=True), lambda draw, v: another(r"\d+", digits, draw, str(v))
    ),
    "权重": in_cell(
        cell_of("number", "count", performance=True),
        lambda draw, v: digits(draw, str(v)) if str(v).isdigit() else None,
    ),
    "绩效资金": in_cell(cell_of("money", performance=True), figure),
    "绩效表一行删去": partial(row_lost, True),
    "绩效表删去": table_lost,
    "名词删去": lost(terms),
    "名词改写": edited(terms, word),
    "名词少字": edited(terms, partial(fewer, 2)),
    "名词移动": moved(terms),
    "名词新增": added(
        terms,
        lambda _: ("十九、国库集中支付：指由国库直接付款。", "十八、零余额账户：指财政部门开设的账户。"),
    ),
    "封面改写": edited(pool("cover"), partial(fewer, 1)),
    "落款删去": lost(pool("signature")),
    "落款改写": edited(pool("signature"), partial(fewer, 1)),
    "段落移到别节": moved_far,
    "两段并成一段": merged,
    "名词解释截短": edited(terms, cut_short),
    "单位行删去": lost(pool("above")),
    "少列一个单位": edited(holding(r"\d+(个|家)[^。]*、|下属|所属"), unlisted),
    "百分数正负": edited(body, partial(another, r"(?<![-\d.,])[\d,]+(\.\d+)?(?=%)", lambda _, n: f"-{n}")),
    "数字换位": edited(body, partial(another, AMOUNT, transposed)),
    "小数点": edited(body, partial(another, AMOUNT, pointed)),
    "表中小数点": in_cell(
        cell_of("money", total=False),
        lambda draw, value: pointed(draw, str(value)) if re.fullmatch(AMOUNT_ALONE, str(value)) else None,
    ),
    "单位名称": misnamed,
    "合计与语句同错": total_and_sentence,
    "表中年份": in_cell(dated_headers, in_text(partial(earlier, -1))),
    "表题年份": edited(pool("title"), partial(earlier, -1)),
    "目标里的数": in_cell(goals, lambda draw, v: another(r"\d+", digits, draw, str(v))),
    "公开日期": edited(
        pool("signature"),
        partial(
            another, r"\d+(?=日)", lambda draw, n: str(draw.choice([m for m in range(1, 29) if str(m) != n]))
        ),
    ),
}
"""The kinds, by name."""


def planted(kind: str, draw: Random, found: Manuscript) -> Plant | None:
    """A document with a difference of a kind; None where it has no place for one."""
    return KINDS[kind](draw, found)
