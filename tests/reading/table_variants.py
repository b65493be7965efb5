"""The same tables as other offices publish them: kinds of variants of a document's numbered tables.

A document is taken apart into its tables with the lines above and below each, changed, and put together again.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from budgetgen.edition import load
from budgetgen.reading.cells import Raw
from budgetgen.reading.document.blocks import Grid, Text
from budgetgen.values.places import DocumentPlace
from budgetgen.values.text import caption, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from budgetgen.reading.document.blocks import Block

NUMBER = re.compile(r"表(\d+)")
AMOUNT = re.compile(r"-?[\d,]+(?:[.．]\d+)?")
CODE_PARTS = ("类", "款", "项")
FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


@dataclass(frozen=True)
class Printed:
    """One table.

    Attributes:
        above: the lines between what stands before and the table: number, title, preparer with unit of money.
        lines: its rows.
        below: remarks.
        head: how many of its rows are header.
    """

    above: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    below: tuple[str, ...] = ()
    head: int = 0

    @property
    def codes(self) -> tuple[int, ...]:
        """The columns of the parts of a code."""
        found = next((line for line in self.lines[: self.head] if CODE_PARTS[0] in line), ())
        return tuple(found.index(part) for part in CODE_PARTS if part in found)

    @property
    def first(self) -> int:
        """The first column of amounts."""
        texts = [
            index
            for line in self.lines[self.head :]
            for index, text in enumerate(line)
            if text and not AMOUNT.fullmatch(text)
        ]
        return max(texts, default=max(self.codes, default=0) + 1) + 1

    @property
    def blocked(self) -> bool:
        """Whether two blocks stand side by side in it: then amounts stand left of texts."""
        return bool({"收入", "财政拨款收入"} & {text for line in self.lines[:1] for text in line})

    def body(self, change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Printed:
        """With its rows below the header changed."""
        return replace(
            self, lines=(*self.lines[: self.head], *(change(line) for line in self.lines[self.head :]))
        )

    def amounts(self, change: Callable[[str], str], blank: str = "") -> Printed:
        """With its amounts changed; a blank among them is printed as another sign."""
        own = set(range(self.first, 99)) - set(self.codes)
        if self.blocked:
            own = {i for i in range(99) if not any(_words(line, i) for line in self.lines[self.head :])}

        def changed(line: tuple[str, ...]) -> tuple[str, ...]:
            if not any(line) or "栏次" in line:
                return line
            return tuple(
                text
                if i not in own
                else blank
                if not text
                else change(text)
                if AMOUNT.fullmatch(text)
                else text
                for i, text in enumerate(line)
            )

        return self.body(changed)


def _words(line: Sequence[str], index: int) -> bool:
    return index < len(line) and bool(line[index]) and AMOUNT.fullmatch(line[index]) is None


@dataclass(frozen=True)
class Document:
    """A document taken apart: what stands before its tables, the tables, and what follows."""

    before: tuple[Block, ...]
    tables: tuple[Printed, ...]
    after: tuple[Block, ...]

    def each(self, change: Callable[[Printed], Printed | tuple[Printed, ...]]) -> Document:
        """With each table changed, or in several instead of it."""
        made = [change(table) for table in self.tables]
        flat = itertools.chain(*(one if isinstance(one, tuple) else (one,) for one in made))
        return replace(self, tables=tuple(flat))

    def only(self, change: Callable[[Printed], Printed | tuple[Printed, ...]], *wanted: int) -> Document:
        """With some tables changed, told by their order."""
        chosen = {id(self.tables[index]) for index in wanted if index < len(self.tables)}
        return self.each(lambda table: change(table) if id(table) in chosen else table)

    def performance(
        self, change: Callable[[tuple[tuple[str, ...], ...]], tuple[tuple[str, ...], ...]]
    ) -> Document:
        """With the rows of each performance table changed."""
        return replace(
            self,
            after=tuple(
                _grid(change(_texts(block))) if isinstance(block, Grid) else block for block in self.after
            ),
        )


def _texts(grid: Grid) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(str(raw.value or "") for raw in line) for line in grid.lines)


def _grid(lines: Sequence[Sequence[str]], number: int = 0) -> Grid:
    return Grid(
        tuple(
            tuple(Raw(t or None, place=DocumentPlace(number, r, c)) for c, t in enumerate(line, start=1))
            for r, line in enumerate(lines, start=1)
        ),
        number,
    )


def taken_apart(blocks: Sequence[Block]) -> Document:
    """A document whose tables stand in its second part, each below 表N."""
    blocks = [
        b for b in blocks if not (isinstance(b, Text) and b.beside) and not (isinstance(b, Grid) and b.within)
    ]
    last = {form: i for i, b in enumerate(blocks) if isinstance(b, Text) for form in [fold(b.text).form[:4]]}
    begin, end = last["第二部分"] + 1, last["第三部分"]
    tables: list[Printed] = []
    texts: list[str] = []
    start = begin
    for index in range(begin, end):
        block = blocks[index]
        if isinstance(block, Text):
            texts.append(block.text)
            continue
        top = next((i for i, text in enumerate(texts) if NUMBER.match(text) or text.startswith("编制")), 0)
        if tables:
            tables[-1] = replace(tables[-1], below=tuple(texts[:top]))
        else:
            start = index - len(texts) + top
        lines = _texts(block)
        tables.append(Printed(tuple(texts[top:]), lines, head=_head(lines)))
        texts = []
    tables[-1] = replace(tables[-1], below=tuple(texts))
    return Document(tuple(blocks[:start]), tuple(tables), tuple(blocks[end:]))


def _head(lines: Sequence[Sequence[str]]) -> int:
    """How many rows hold nothing but captions and numbers of columns."""
    known = {"", "※", *CODE_PARTS, *map(str, range(1, 40))}
    for edition in map(load, ("xinjiang-2024", "xinjiang-2025", "xinjiang-2026")):
        for table in edition.printed:
            for block in table.block:
                texts = (t for c in block.columns for t in (*c.captions, *c.aliases))
                known |= {caption(text) for text in (block.name, *texts)}
    inner = (
        i
        for i, line in enumerate(lines)
        if not {caption(text) for text in line} <= known or ({"总计", "合计"} >= set(line) - {""})
    )
    return next(inner, len(lines))


def put_together(document: Document) -> tuple[Block, ...]:
    """The blocks of a document, counted anew."""
    made: list[Block] = list(document.before)
    for table in document.tables:
        made += (Text(text, 0) for text in table.above)
        made += [_grid(table.lines)] if table.lines else []
        made += (Text(text, 0) for text in table.below)
    made += document.after
    return tuple(_counted(made))


def _counted(blocks: Sequence[Block]) -> Iterator[Block]:
    texts, grids = itertools.count(1), itertools.count(1)
    for block in blocks:
        if isinstance(block, Text):
            yield Text(block.text, next(texts))
        else:
            yield _grid(_texts(block), next(grids))


KINDS: dict[str, Callable[[Document], Document]] = {}
FAMILIES: dict[str, list[str]] = {"rows": [], "amounts": [], "performance": [], "captions": [], "places": []}
"""The kinds of one family exclude each other; those of the first ones are applied first."""


def kind(family: str) -> Callable[[Callable[[Document], Document]], Callable[[Document], Document]]:
    """One kind of variant, of a family."""

    def register(function: Callable[[Document], Document]) -> Callable[[Document], Document]:
        _several(family, {function.__name__: function})
        return function

    return register


def _several(family: str, kinds: dict[str, Callable[[Document], Document]]) -> None:
    KINDS.update(kinds)
    FAMILIES[family] += kinds


def mixture(seed: str) -> tuple[str, ...]:
    """One kind of each of three families, in the order to apply them in; the same for the same seed."""
    draw = Random(seed)  # noqa: S311 - a seeded choice
    chosen = draw.sample(list(FAMILIES), 3)
    return tuple(draw.choice(kinds) for family, kinds in FAMILIES.items() if family in chosen)


def varied(document: Document, kinds: Sequence[str]) -> tuple[Block, ...]:
    """The blocks of a document in some kinds of variant at once."""
    for name in kinds:
        document = KINDS[name](document)
    return put_together(document)


# --- captions -----------------------------------------------------------------------------------------------


def _renumbered(say: Callable[[str], str | None]) -> Callable[[Document], Document]:
    def above(table: Printed) -> Printed:
        made = [say(text) if NUMBER.match(text) else text for text in table.above]
        return replace(table, above=tuple(text for text in made if text))

    return lambda document: document.each(above)


_several(
    "captions",
    {
        "title_only": _renumbered(lambda text: NUMBER.sub("", text, count=1)),
        "annex": _renumbered(lambda text: NUMBER.sub(r"附表\1", text, count=1)),
        "annex_dash": _renumbered(lambda text: NUMBER.sub(r"附表2-\1", text, count=1)),
        "public_number": _renumbered(
            lambda text: NUMBER.sub(lambda m: f"公开{int(m[1]):02}表", text, count=1)
        ),
        "number_in_brackets": _renumbered(lambda text: NUMBER.sub(r"（表\1）", text, count=1)),
        "number_colon": _renumbered(lambda text: NUMBER.sub(r"表\1：", text, count=1)),
        "table_number": _renumbered(lambda text: NUMBER.sub(r"预算公开表\1", text, count=1)),
    },
)


@kind("captions")
def number_only(document: Document) -> Document:
    """The number stands above, the title does not."""
    return document.each(
        lambda t: replace(t, above=tuple(x for x in t.above if NUMBER.fullmatch(x) or x.startswith("编制")))
    )


@kind("captions")
def preparer_only(document: Document) -> Document:
    """No number and no title."""
    return document.each(
        lambda t: replace(t, above=tuple(x for x in t.above if "单位：" in x or "单位:" in x))
    )


@kind("captions")
def bare(document: Document) -> Document:
    """Nothing stands above the tables but a word that keeps them apart."""
    return document.each(lambda t: replace(t, above=()))


@kind("captions")
def caption_inside(document: Document) -> Document:
    """The lines above are the first rows of the table."""
    return document.each(_inside(lambda above: (), lambda above: above))


@kind("captions")
def caption_inside_split(document: Document) -> Document:
    """Likewise; preparer and unit of money stand in cells of their own."""

    def cells(table: Printed) -> Printed:
        rows = [(text,) for text in table.above[:-1]]
        last = re.split(r"(?=单位[:：]万元)", table.above[-1]) if table.above else []
        width = max(map(len, table.lines))
        padded = [(*row, *[""] * (width - len(row))) for row in rows]
        ends = [(last[0], *[""] * (width - 2), last[-1])] if len(last) > 1 else []
        return replace(
            table, above=(), lines=(*padded, *ends, *table.lines), head=table.head + len(padded) + len(ends)
        )

    return document.each(cells)


@kind("captions")
def title_inside(document: Document) -> Document:
    """The title alone is in the table."""
    return document.each(
        _inside(
            lambda above: tuple(x for x in above if not x.endswith("情况表")),
            lambda above: tuple(x for x in above if x.endswith("情况表")),
        )
    )


def _inside(
    left: Callable[[tuple[str, ...]], tuple[str, ...]], taken: Callable[[tuple[str, ...]], tuple[str, ...]]
) -> Callable[[Printed], Printed]:
    def moved(table: Printed) -> Printed:
        width = max(map(len, table.lines))
        rows = tuple((text, *[""] * (width - 1)) for text in taken(table.above))
        return replace(
            table, above=left(table.above), lines=(*rows, *table.lines), head=table.head + len(rows)
        )

    return moved


@kind("captions")
def note_inside(document: Document) -> Document:
    """The remarks below are the last row of the table."""

    def moved(table: Printed) -> Printed:
        width = max(map(len, table.lines))
        rows = tuple((text, *[""] * (width - 1)) for text in table.below)
        return replace(table, below=(), lines=(*table.lines, *rows))

    return document.each(moved)


@kind("captions")
def year_in_title(document: Document) -> Document:
    """The title begins with the year and the name of the unit."""
    return document.each(
        lambda t: replace(t, above=tuple(f"2026年{x}" if x.endswith("情况表") else x for x in t.above))
    )


@kind("captions")
def short_title(document: Document) -> Document:
    """The title ends in 表 instead of 情况表, without whose it is."""
    return document.each(
        lambda t: replace(
            t,
            above=tuple(
                re.sub(r"(总体)?情况(明细)?表$", "表", re.sub("^(单位|部门)", "", x)) for x in t.above
            ),
        )
    )


@kind("captions")
def money_apart(document: Document) -> Document:
    """The unit of money stands in a line of its own."""

    def apart(table: Printed) -> Printed:
        return replace(
            table,
            above=tuple(p for x in table.above for p in re.split(r"(?=(?:金额)?单位[:：]万元)", x) if p),
        )

    return document.each(apart)


@kind("captions")
def money_named(document: Document) -> Document:
    """The unit of money is told in other words."""
    return document.each(
        lambda t: replace(
            t, above=tuple(re.sub(r"单位[:：]万元$", "金额单位：人民币万元", x) for x in t.above)
        )
    )


@kind("captions")
def preparer_named(document: Document) -> Document:
    """The preparer is told in other words."""
    return document.each(
        lambda t: replace(
            t,
            above=tuple(
                re.sub(r"^编制(单位|部门)(（单位）|\(单位\))?[:：]", "部门/单位名称：", x) for x in t.above
            ),
        )
    )


@kind("captions")
def preparer_reporting(document: Document) -> Document:
    """Likewise."""
    return document.each(
        lambda t: replace(
            t,
            above=tuple(
                re.sub(r"^编制(单位|部门)(（单位）|\(单位\))?[:：]", "填报单位：", x) for x in t.above
            ),
        )
    )


# --- where the tables stand and end -------------------------------------------------------------------------


@kind("places")
def split_bare(document: Document) -> Document:
    """The longer tables go on in another one without a header."""
    return document.each(lambda t: _split(t, (), header=False) if _long(t) else t)


@kind("places")
def split_with_header(document: Document) -> Document:
    """Likewise, with a header."""
    return document.each(lambda t: _split(t, (), header=True) if _long(t) else t)


@kind("places")
def split_with_caption(document: Document) -> Document:
    """Likewise, with all that stands above and 续."""
    return document.each(
        lambda t: (
            _split(t, tuple(NUMBER.sub(r"表\1（续）", x) for x in t.above), header=True) if _long(t) else t
        )
    )


@kind("places")
def split_continued(document: Document) -> Document:
    """Likewise, with 续表 and no header."""
    return document.each(lambda t: _split(t, ("续表",), header=False) if _long(t) else t)


@kind("places")
def split_numbered(document: Document) -> Document:
    """Likewise, with 续表N."""
    return document.each(
        lambda t: (
            _split(t, tuple(NUMBER.sub(r"续表\1", x) for x in t.above[:1]), header=True) if _long(t) else t
        )
    )


def _long(table: Printed) -> bool:
    return len(table.lines) - table.head > 5


def _split(table: Printed, between: tuple[str, ...], *, header: bool) -> tuple[Printed, ...]:
    half = (table.head + len(table.lines)) // 2
    more = (*(table.lines[: table.head] if header else ()), *table.lines[half:])
    return (
        replace(table, lines=table.lines[:half], below=()),
        Printed(between, more, table.below, table.head if header else 0),
    )


@kind("places")
def header_repeated(document: Document) -> Document:
    """The header stands again in the middle."""

    def repeated(table: Printed) -> Printed:
        half = (table.head + len(table.lines)) // 2
        return replace(table, lines=(*table.lines[:half], *table.lines[: table.head], *table.lines[half:]))

    return document.each(lambda t: repeated(t) if _long(t) else t)


@kind("places")
def at_the_end(document: Document) -> Document:
    """The tables are an appendix after all else."""
    closing = document.before[-1:]
    parts = [b for b in document.before if isinstance(b, Text) and b.text.startswith("第二部分")][-1:]
    kept = tuple(b for b in document.before if b not in parts or b is not parts[-1])
    moved = put_together(Document((), document.tables, ()))
    del closing
    return Document((*kept, *document.after, *parts, *moved), (), ())


@kind("places")
def appendix_without_part(document: Document) -> Document:
    """Likewise, under a heading that is none of a part."""
    moved = put_together(Document((), document.tables, ()))
    return Document((*document.before, *document.after, Text("附件：预算公开报表", 0), *moved), (), ())


@kind("places")
def before_all(document: Document) -> Document:
    """The tables stand before the first part."""
    first = max(
        i for i, b in enumerate(document.before) if isinstance(b, Text) and b.text.startswith("第一部分")
    )
    parts = [b for b in document.before[first:] if isinstance(b, Text) and b.text.startswith("第二部分")][-1:]
    moved = put_together(Document((), document.tables, ()))
    kept = tuple(b for b in document.before[first:] if not any(b is part for part in parts))
    return Document((*document.before[:first], *parts, *moved, *kept, *document.after), (), ())


@kind("places")
def empty_as_text(document: Document) -> Document:
    """A table without a figure is a sentence."""

    def said(table: Printed) -> Printed:
        full = any(AMOUNT.fullmatch(x) for line in table.lines[table.head :] for x in line)
        return table if full else replace(table, lines=(), below=("本单位无此项预算，此表为空。",))

    return document.each(said)


@kind("places")
def empty_as_cell(document: Document) -> Document:
    """A table without a figure has a row that says so."""

    def said(table: Printed) -> Printed:
        full = any(AMOUNT.fullmatch(x) for line in table.lines[table.head :] for x in line)
        row = ("无", *[""] * (max(map(len, table.lines)) - 1))
        return table if full else replace(table, lines=(*table.lines, row))

    return document.each(said)


@kind("places")
def extra_tables(document: Document) -> Document:
    """There is a table of another kind at the end, and one among them."""
    lines = (("采购品目", "采购方式", "数量", "预算金额"), ("办公设备", "集中采购", "3", "5.00"))
    other = Printed(("表 13", "政府采购预算情况表", "单位：万元"), lines)
    return replace(document, tables=(*document.tables[:4], other, *document.tables[4:], other))


# --- rows and columns ---------------------------------------------------------------------------------------


@kind("rows")
def code_in_one(document: Document) -> Document:
    """The parts of a code stand in one column."""
    return document.each(lambda t: _joined(t, "") if t.codes else t)


@kind("rows")
def code_dotted(document: Document) -> Document:
    """Likewise, with points between them."""
    return document.each(lambda t: _joined(t, ".") if t.codes else t)


@kind("rows")
def code_spaced(document: Document) -> Document:
    """Likewise, with blanks between them."""
    return document.each(lambda t: _joined(t, " ") if t.codes else t)


def _joined(table: Printed, between: str) -> Printed:
    codes = table.codes

    def joined(line: tuple[str, ...], *, body: bool) -> tuple[str, ...]:
        parts = [line[i] for i in codes if i < len(line)]
        one = between.join(filter(None, parts)) if body else next(iter(parts[:1]), "")
        one = "" if one in CODE_PARTS else one
        return tuple(
            one if i == codes[0] else t for i, t in enumerate(line) if i == codes[0] or i not in codes
        )

    rows = [joined(line, body=i >= table.head) for i, line in enumerate(table.lines)]
    return replace(table, lines=tuple(rows))


@kind("rows")
def code_in_name(document: Document) -> Document:
    """The code stands before the name, in its cell."""

    def within(table: Printed) -> Printed:
        codes = table.codes
        if not codes:
            return table
        name = max(codes) + 1

        def cells(line: tuple[str, ...], *, body: bool) -> tuple[str, ...]:
            code = "".join(line[i] for i in codes)
            code = code if body and code.isdigit() else ""
            told = f"{code} {line[name]}".strip() if name < len(line) else ""
            return tuple(told if i == name else t for i, t in enumerate(line) if i not in codes)

        rows = [cells(line, body=i >= table.head) for i, line in enumerate(table.lines)]
        return replace(table, lines=tuple(rows))

    return document.each(within)


@kind("rows")
def code_not_repeated(document: Document) -> Document:
    """A part of a code that is that of the row above is blank, as merged cells are."""

    def blanked(table: Printed) -> Printed:
        codes, above, rows = table.codes, ("", "", ""), []
        for i, line in enumerate(table.lines):
            parts = tuple(line[c] if c < len(line) else "" for c in codes)
            if i < table.head or not codes or not any(parts):
                rows.append(line)
                above = ("",) * len(codes)
                continue
            same = [
                bool(p) and parts[: n + 1] == above[: n + 1] and any(parts[n + 1 :])
                for n, p in enumerate(parts)
            ]
            drop = {c for c, s in zip(codes, same, strict=True) if s}
            rows.append(tuple("" if c in drop else t for c, t in enumerate(line)))
            above = parts
        return replace(table, lines=tuple(rows))

    return document.each(blanked)


@kind("rows")
def code_merged(document: Document) -> Document:
    """Likewise, the last part too, where several projects are of one code."""

    def blanked(table: Printed) -> Printed:
        codes, above, rows = table.codes, (), []
        for i, line in enumerate(table.lines):
            parts = tuple(line[c] if c < len(line) else "" for c in codes)
            if i < table.head or not codes or not any(parts):
                rows.append(line)
                above = ()
                continue
            drop = {
                c
                for n, c in enumerate(codes)
                if parts[n] and parts[: n + 1] == above[: n + 1] and len(above) > n
            }
            rows.append(tuple("" if c in drop else t for c, t in enumerate(line)))
            above = parts
        return replace(table, lines=tuple(rows))

    return document.each(blanked)


@kind("rows")
def total_first(document: Document) -> Document:
    """The total of an open table stands first."""
    return document.each(lambda t: _total(t, first=True))


@kind("rows")
def total_last(document: Document) -> Document:
    """The total of an open table stands last."""
    return document.each(lambda t: _total(t, first=False))


def _is_total(line: Sequence[str]) -> bool:
    texts = {caption(x) for x in line if x and not AMOUNT.fullmatch(x)}
    return bool(texts) and texts <= {"总计", "合计"}


def _total(table: Printed, *, first: bool) -> Printed:
    body = table.lines[table.head :]
    own = tuple(line for line in body if _is_total(line))
    rest = tuple(line for line in body if not _is_total(line))
    if table.blocked or not own:
        return table
    return replace(table, lines=(*table.lines[: table.head], *((*own, *rest) if first else (*rest, *own))))


@kind("rows")
def total_renamed(document: Document) -> Document:
    """The total is called 合计 where it is 总计, and 总计 where it is 合计."""
    other = {"总计": "合计", "合计": "总计"}
    return document.each(
        lambda t: t.body(lambda line: tuple(other.get(x, x) for x in line) if _is_total(line) else line)
    )


@kind("rows")
def total_in_code(document: Document) -> Document:
    """The word of the total stands in the first cell."""

    def moved(line: tuple[str, ...]) -> tuple[str, ...]:
        if not _is_total(line):
            return line
        word = next(x for x in line if x and not AMOUNT.fullmatch(x))
        return (word, *("" if x == word else x for x in line[1:]))

    return document.each(lambda t: t if t.blocked else t.body(moved))


@kind("rows")
def total_spaced(document: Document) -> Document:
    """The word of the total is spaced out."""
    return document.each(
        lambda t: t.body(
            lambda line: (
                tuple({"总计": "总　　计", "合计": "合 计"}.get(x, x) for x in line)
                if _is_total(line)
                else line
            )
        )
    )


@kind("rows")
def number_column(document: Document) -> Document:
    """Open tables have a column 序号 on their left."""

    def numbered(table: Printed) -> Printed:
        if table.blocked or not table.codes:
            return table
        count = itertools.count(1)
        rows = [
            ("序号" if i == 0 else "" if i < table.head or _is_total(line) else str(next(count)), *line)
            for i, line in enumerate(table.lines)
        ]
        return replace(table, lines=tuple(rows))

    return document.each(numbered)


@kind("rows")
def remark_column(document: Document) -> Document:
    """Tables have an empty column 备注 on their right."""
    return document.each(
        lambda t: replace(t, lines=tuple((*line, "备注" if i == 0 else "") for i, line in enumerate(t.lines)))
    )


@kind("rows")
def columns_swapped(document: Document) -> Document:
    """Two columns of amounts of 支出总体 and the like have changed places."""
    return document.only(
        lambda t: replace(t, lines=tuple((*line[:-2], line[-1], line[-2]) for line in t.lines)), 2
    )


@kind("rows")
def empty_column(document: Document) -> Document:
    """Each row ends in an empty column; empty rows stand among the others."""

    def wide(table: Printed) -> Printed:
        rows = [(*line, "") for line in table.lines]
        return replace(table, lines=(*rows, tuple("" for _ in rows[0])))

    return document.each(wide)


@kind("rows")
def captions_spaced(document: Document) -> Document:
    """Captions are spaced out and broken."""

    def spaced(text: str) -> str:
        return (
            f"{text[0]}　{text[1]}"
            if len(text) == 2
            else f"{text[:4]}\n{text[4:]}"
            if len(text) > 4
            else text
        )

    return document.each(
        lambda t: replace(
            t,
            lines=(*(tuple(map(spaced, line)) for line in t.lines[: t.head]), *t.lines[t.head :]),
        )
    )


@kind("rows")
def codes_captioned_otherwise(document: Document) -> Document:
    """The columns of a code in one and of its name go by other words."""
    words = {"科目代码": "科目号", "科目名称": "科目及类款项"}
    one = KINDS["code_in_one"](document)
    return one.each(
        lambda t: (
            replace(
                t,
                lines=(
                    *(tuple(words.get(x, x) for x in line) for line in t.lines[: t.head]),
                    *t.lines[t.head :],
                ),
            )
            if t.first == 2 and len(t.lines) > t.head and not t.blocked
            else t
        )
    )


@kind("rows")
def money_in_captions(document: Document) -> Document:
    """The unit of money stands in the captions."""
    return document.each(
        lambda t: replace(
            _untold(t),
            lines=tuple(
                tuple(f"{x}（万元）" if x in {"预算数", "合计", "总计"} and i < t.head else x for x in line)
                for i, line in enumerate(t.lines)
            ),
        )
    )


@kind("rows")
def names_indented(document: Document) -> Document:
    """Names begin with blanks."""
    return document.each(
        lambda t: t.body(lambda line: tuple(f"  　{x}" if x and not AMOUNT.fullmatch(x) else x for x in line))
    )


@kind("rows")
def only_filled(document: Document) -> Document:
    """Tables of fixed rows have no line without a figure."""

    def filled(table: Printed) -> Printed:
        rows = [
            line
            for line in table.lines[table.head :]
            if any(AMOUNT.fullmatch(x) for x in line) or not table.blocked
        ]
        return replace(table, lines=(*table.lines[: table.head], *rows))

    return document.each(filled)


@kind("rows")
def names_without_code(document: Document) -> Document:
    """The lines of 功能分类 in the summaries have no code before their names."""
    return document.each(
        lambda t: (
            t.body(lambda line: tuple(re.sub(r"^2\d\d\s*(?=\D)", "", x) for x in line)) if t.blocked else t
        )
    )


# --- amounts ------------------------------------------------------------------------------------------------

_several(
    "amounts",
    {
        "dashes": lambda d: d.each(lambda t: t.amounts(str, "—")),
        "dashes_in_all": lambda d: d.each(
            lambda t: t.body(
                lambda line: tuple(x or "-" for x in line) if any(map(AMOUNT.fullmatch, line)) else line
            )
        ),
        "slashes": lambda d: d.each(lambda t: t.amounts(str, "/")),
        "zeros": lambda d: d.each(lambda t: t.amounts(str, "0.00")),
        "bare_zeros": lambda d: d.each(lambda t: t.amounts(str, "0")),
        "full_width": lambda d: d.each(lambda t: t.amounts(lambda x: x.translate(FULL_WIDTH))),
        "spaced_amounts": lambda d: d.each(lambda t: t.amounts(lambda x: f" {x} ")),
        "stripped": lambda d: d.each(
            lambda t: t.amounts(lambda x: x.rstrip("0").rstrip(".") if "." in x else x)
        ),
        "separators": lambda d: d.each(lambda t: t.amounts(_grouped)),
        "no_separators": lambda d: d.each(lambda t: t.amounts(lambda x: x.replace(",", ""))),
        "yuan": lambda d: d.each(_in_yuan),
        "yuan_in_one": lambda d: d.only(_in_yuan, 4),
        "yuan_in_some": lambda d: d.only(_in_yuan, 1, 5),
        "yuan_not_told": lambda d: d.only(lambda t: _untold(_in_yuan(t)), 4),
        "money_not_told": lambda d: d.each(_untold),
        "with_unit": lambda d: d.only(lambda t: t.amounts(lambda x: f"{x}万元"), 2),
    },
)


def _grouped(text: str) -> str:
    whole, point, rest = text.replace(",", "").partition(".")
    return f"{int(whole):,}{point}{rest}"


def _in_yuan(table: Printed) -> Printed:
    def yuan(text: str) -> str:
        whole, _, rest = text.replace(",", "").partition(".")
        return f"{int(whole + f'{rest:0<4}'):,}.00"

    told = tuple(re.sub(r"(单位[:：])万元", r"\1元", x) for x in table.above)
    return replace(table.amounts(yuan), above=told)


def _untold(table: Printed) -> Printed:
    return replace(table, above=tuple(re.sub(r"(金额)?单位[:：]万?元$", "", x) for x in table.above))


# --- performance tables -------------------------------------------------------------------------------------


def _header(lines: Sequence[Sequence[str]]) -> int:
    return next(i for i, line in enumerate(lines) if "一级指标" in line)


@kind("performance")
def performance_without_last(document: Document) -> Document:
    """There is no column 上年完成值."""

    def without(lines: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        at = _header(lines)
        index = lines[at].index("上年完成值") if "上年完成值" in lines[at] else None
        if index is None:
            return lines
        return (*lines[:at], *((*line[:index], *line[index + 1 :]) for line in lines[at:]))

    return document.performance(without)


@kind("performance")
def performance_colons(document: Document) -> Document:
    """Labels have a colon, or none where they had one."""

    def told(lines: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        at = _header(lines)
        labels = ("项目", "部门", "预算", "年度", "其中", "其他", "联系", "单位")
        return (
            *(
                tuple(
                    (x.rstrip(":：") if x.endswith(("：", ":")) else f"{x}：")
                    if x.startswith(labels) and len(x) < 12
                    else x
                    for x in line
                )
                for line in lines[:at]
            ),
            *lines[at:],
        )

    return document.performance(told)


@kind("performance")
def performance_unsealed(document: Document) -> Document:
    """Labels tell no seal and no unit of money."""
    return document.performance(
        lambda lines: tuple(
            tuple(re.sub(r"[（(](万元|盖章)[）)]", "", x) if len(x) < 15 else x for x in line)
            for line in lines
        )
    )


@kind("performance")
def performance_unmerged(document: Document) -> Document:
    """Groups of indicators are named in each row."""

    def named(lines: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        at, above, rows = _header(lines), ["", ""], []
        for line in lines[at + 1 :]:
            for i in (0, 1):
                if line[i] and line[i] != above[i]:
                    above[i:] = [line[i], *[""] * (1 - i)]
            rows.append((*above, *line[2:]) if any(line) else line)
        return (*lines[: at + 1], *rows)

    return document.performance(named)


@kind("performance")
def performance_narrow(document: Document) -> Document:
    """The head's cells span no other columns than their own."""

    def narrow(lines: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        at = _header(lines)
        heads = [tuple(x for x in line if x) for line in lines[:at]]
        width = len(lines[at])
        return (*((*line, *[""] * (width - len(line))) for line in heads), *lines[at:])

    return document.performance(narrow)


@kind("performance")
def performance_titled_inside(document: Document) -> Document:
    """The title is the first row."""
    return document.performance(
        lambda lines: (
            ("绩效目标表", *[""] * (len(lines[0]) - 1)),
            ("（2026年）", *[""] * (len(lines[0]) - 1)),
            *lines,
        )
    )


@kind("performance")
def performance_run_together(document: Document) -> Document:
    """Label and value of the head stand in one cell."""

    def together(lines: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        at = _header(lines)
        rows = []
        for line in lines[:at]:
            filled = [x for x in line if x]
            known = filled[0].startswith(("项目名称", "预算单位")) and len(filled) > 1
            one = f"{filled[0].rstrip('：:')}：{filled[1]}" if known else ""
            made = (one, *filled[2:]) if one else None
            rows.append((*made, *[""] * (len(line) - len(made))) if made else line)
        return (*rows, *lines[at:])

    return document.performance(together)


@kind("performance")
def performance_paragraphs(document: Document) -> Document:
    """Indicators of a group stand as paragraphs of one row's cells."""

    def stacked(lines: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        at = _header(lines)
        rows: list[list[str]] = []
        for line in lines[at + 1 :]:
            if rows and not line[0] and not line[1] and all(line[2:]) and all(rows[-1][2:]):
                rows[-1] = [
                    *rows[-1][:2],
                    *(f"{a}\n{b}" for a, b in zip(rows[-1][2:], line[2:], strict=True)),
                ]
            else:
                rows.append(list(line))
        return (*lines[: at + 1], *map(tuple, rows))

    return document.performance(stacked)


def _noted(mark: str) -> Callable[[Document], Document]:
    """The labels of fixed rows bear the mark of a footnote."""

    def noted(line: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f"{text}{mark}" if _words(line, i) else text for i, text in enumerate(line))

    return lambda document: document.each(lambda table: table.body(noted) if table.blocked else table)


_several(
    "rows", {f"footnote_{n}": _noted(mark) for n, mark in enumerate(("注1", "①", "*", " [1]", "（注）", "1"))}
)


@kind("rows")
def sums_of_pages(document: Document) -> Document:
    """Each page ends with its sum, which the next begins with."""

    def paged(table: Printed) -> Printed:
        amounts = tuple("1.00" for _ in table.lines[-1][1:])
        middle = (table.head + len(table.lines)) // 2
        own = (("本页小计", *amounts), ("过次页", *amounts), ("承前页", *amounts))
        return replace(table, lines=(*table.lines[:middle], *own, *table.lines[middle:]))

    return document.each(paged)
