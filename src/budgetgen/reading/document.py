"""Reading a published Word document into a Book, by the same declarations that write one."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING

from docx import Document
from docx.oxml.ns import qn

from budgetgen import amounts
from budgetgen.derivation import derive
from budgetgen.edition import available, load
from budgetgen.expressions import KEY_JOINT, key_of
from budgetgen.figures import with_figures
from budgetgen.findings import Finding, Spot, UnusableInputError
from budgetgen.model import TOTAL, Book, Cell, Row, Table
from budgetgen.outline import outline
from budgetgen.reading.blocks import Block, Grid, Text, blocks
from budgetgen.reading.cells import DEFAULT_UNIT, Raw, Reader
from budgetgen.reading.guard import admit
from budgetgen.reading.patterns import Turner, fold, unmarked
from budgetgen.reading.secrets import sealed
from budgetgen.reading.sentences import Gathered, SentenceReader
from budgetgen.reading.tables import DEFAULT_KIND, Line, TableReader, find_header
from budgetgen.reading.text import caption
from budgetgen.reading.workbook import Reading
from budgetgen.wording import pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from budgetgen.declarations import Column, Edition, PerformanceField, PerformanceTable, TableDeclaration

PART = re.compile(r"第([一二三四])部分")
TABLE = re.compile(r"表(\d{1,2})(.*)")
PREPARER = re.compile(r"编制(?:部门|单位|部门\(单位\)):(.+?)(?:单位:(?:万元|元))?")
YEAR = re.compile(r"(20\d{2})年")
DAY = re.compile(r"20\d{2}年\d{1,2}月\d{1,2}日")
NUMERALS = "一二三四"
UNKEYED = "\0"
"""Begins the key of a row that nothing names, until its place in the table is known."""
COVER = 6
"""How many paragraphs the cover may have."""
PICTURES = (qn("w:drawing"), qn("w:pict"))


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
    _refuse_bare(path, data, found)
    reading = _DocumentReader(path, found, _edition(path, found, edition)).read()
    return _recognised(path, reading)


def _refuse_bare(path: Path, data: bytes, found: Sequence[Block]) -> None:
    """A document without a text: empty, or a scan."""
    if any(isinstance(block, Text) or not _bare(block) for block in found):
        return
    if _pictured(data):
        problem = "是扫描件：只有图片，没有文字"
        raise UnusableInputError(
            path, problem, "换成 Word 编辑的原文件；只有扫描件的，用 budgetgen new 手工填"
        )
    raise UnusableInputError(path, "是空文档，没有文字", "检查是否选错了文件")


def _bare(grid: Grid) -> bool:
    return all(raw.blank for line in grid.lines for raw in line)


def _pictured(data: bytes) -> bool:
    """Whether a document has pictures."""
    return next(Document(BytesIO(data)).element.body.iter(*PICTURES), None) is not None


def _edition(path: Path, found: Sequence[Block], wanted: str | None) -> Edition:
    """The edition that was asked for, else that of the year that the cover names."""
    texts = [fold(block.text).form for block in found if isinstance(block, Text)]
    editions = [load(name) for name in available()]
    cover = texts[:COVER]
    if word := next((e.house.accounts for e in editions if any(e.house.accounts in t for t in cover)), None):
        raise UnusableInputError(path, f"这是{word}公开文本，不是预算公开文本", "换成预算公开文本")
    if not any(PART.match(text) for text in texts) or not any(isinstance(block, Grid) for block in found):
        problem = "不是单位（部门）预算公开文本：没有“第一部分”等标题，或没有表格"
        raise UnusableInputError(path, problem, "换一个文件")
    return load(wanted) if wanted else _of_year(path, cover, editions)


def _of_year(path: Path, cover: Sequence[str], editions: Sequence[Edition]) -> Edition:
    """The edition of the year on the cover."""
    year = next((int(m[1]) for text in cover if (m := YEAR.search(text))), None)
    known = "、".join(str(e.edition.year) for e in editions)
    if year is None:
        raise UnusableInputError(
            path, "封面上没有年份，看不出是哪一年的预算公开", f"用 --edition 指定版式，现有年份：{known}"
        )
    chosen = next((e for e in editions if e.edition.year == year), None)
    if chosen is None:
        fix = f"用 --edition 指定最接近的版式，现有年份：{known}"
        raise UnusableInputError(path, f"没有 {year} 年的版式", fix)
    return chosen


def _recognised(path: Path, reading: Reading) -> Reading:
    """A reading that found at least half of its edition's tables; fewer make another format of it."""
    wanted = len(reading.edition.printed)
    absent = {spot.table for f in reading.findings if f.rule == "sheet-missing" for spot in f.spots}
    if len(absent) * 2 > wanted:
        settings = reading.edition.edition
        problem = f"不是{settings.region}的预算公开格式：{wanted} 张表只找到 {wanted - len(absent)} 张"
        raise UnusableInputError(path, problem, "换成本地区的公开文本，或用 --edition 指定它的版式")
    return reading


@dataclass(frozen=True)
class _DocumentReader:
    path: Path
    blocks: tuple[Block, ...]
    edition: Edition

    def read(self) -> Reading:
        findings: list[Finding] = []
        tables, found = self._printed()
        findings += found
        about = self._about()
        book = Book(self.edition.id, self.path.name, {**self._empty(), **tables, **self._performance()})
        known = derive(
            book.with_tables({self.edition.house.about: _fixed(self.edition, self._about_table, about)}),
            self.edition,
        )
        reader = SentenceReader(self.edition, with_figures(known, self.edition))
        self._sections(reader)
        gathered = reader.gathered
        stated = {(self.edition.house.about, k, self.edition.house.value): v for k, v in about.items()}
        self._habits(gathered)
        gathered.cells = {**stated, **gathered.habits(), **gathered.cells}
        complete = _assembled(self.edition, book, gathered)
        findings += self._report(gathered)
        return Reading(sealed(complete, self.edition), self.edition, tuple(findings))

    # --- parts and facts ---

    @cached_property
    def _parts(self) -> Mapping[int, tuple[Block, ...]]:
        """The blocks of each part; the contents repeat the headings, so the last of a heading counts."""
        starts: dict[int, int] = {}
        for index, block in enumerate(self.blocks):
            if isinstance(block, Text) and (m := PART.match(fold(block.text).form)):
                starts[NUMERALS.index(m[1]) + 1] = index
        ends = [*sorted(starts.values()), len(self.blocks)]
        return {n: self.blocks[at + 1 : next(e for e in ends if e > at)] for n, at in starts.items()}

    @property
    def _about_table(self) -> TableDeclaration:
        return self.edition.tables[self.edition.house.about]

    def _texts(self) -> list[str]:
        return [block.text for block in self.blocks if isinstance(block, Text)]

    def _about(self) -> dict[str, str]:
        """The facts of the unit: from the cover, the lines above the tables, and the end."""
        house = self.edition.house
        facts = {row.key: row.default for row in self._about_table.block[0].rows if row.default}
        for pattern, text in zip(self.edition.layout.cover, self._texts(), strict=False):
            turner = Turner(self.edition)
            values = turner.turn(pattern).match(fold(text)) or {}
            facts |= {key: values[name] for name, key in self._named(house).items() if name in values}
        if owner := next((m[1] for t in self._texts() if (m := PREPARER.fullmatch(fold(t).form))), None):
            facts.setdefault(house.unit, owner)
        facts[house.year] = str(self.edition.edition.year)
        facts[house.money] = DEFAULT_UNIT
        if day := next((t for t in reversed(self._texts()[-4:]) if DAY.fullmatch(fold(t).form)), None):
            facts[house.date] = fold(day).printed
        return facts

    def _named(self, house: object) -> dict[str, str]:
        """The short names of formulas that stand for facts of the unit."""
        del house
        pattern = re.compile(rf"{self.edition.house.about}\[(\w+)\]\.{self.edition.house.value}")
        return {name: m[1] for name, text in self.edition.names.items() if (m := pattern.fullmatch(text))}

    def _habits(self, gathered: Gathered) -> None:
        """The office's own style: thousands separators and list numbers."""
        house = self.edition.house
        printed = [fold(b.text).form for b in self._parts.get(3, ()) if isinstance(b, Text)]
        short = sum(len(re.findall(rf"(?<![\d.])[\d,]+(?:\.\d)?(?:{DEFAULT_UNIT}|%)", t)) for t in printed)
        full = sum(len(re.findall(rf"\.\d0(?:{DEFAULT_UNIT}|%)", t)) for t in printed)
        gathered.cells[house.about, house.trimmed, house.value] = "是" if short > full else "否"
        large = [t for t in self._texts() if re.search(r"\d,\d{3}\.|\d{4,}\.\d", t)]
        cells = [
            str(raw.value)
            for b in self.blocks
            if isinstance(b, Grid)
            for line in b.lines
            for raw in line
            if raw.value
        ]
        large += [text for text in cells if re.fullmatch(r"[\d,]{4,}\.\d+", text)]
        if large:
            grouped = sum("," in text for text in large) * 2 > len(large)
            gathered.cells[house.about, house.grouped, house.value] = "是" if grouped else "否"
        if gathered.marks:
            mark = max(set(gathered.marks), key=gathered.marks.count)
            gathered.cells[house.about, house.numbers, house.value] = "1、" if mark == "、" else "1."

    # --- the numbered tables ---

    def _empty(self) -> dict[str, Table]:
        return {table.name: _fixed(self.edition, table, {}) for table in self.edition.table}

    def _printed(self) -> tuple[dict[str, Table], list[Finding]]:
        lines: dict[str, list[Line]] = {}
        owner = None
        for block in self._parts.get(2, ()):
            if isinstance(block, Text):
                owner = self._titled(block.text) or owner
            elif owner:
                lines[owner.name] = self._continued(owner, lines.get(owner.name, []), list(block.lines))
        tables, findings = {}, []
        for table in self.edition.printed:
            if table.name not in lines:
                findings.append(
                    self._finding("sheet-missing", f"没有“表{table.number}”（{table.name}）", table.name)
                )
                continue
            tables[table.name], found = self._table(table, lines[table.name])
            findings += found
        return tables, findings

    def _titled(self, text: str) -> TableDeclaration | None:
        """The table whose title a paragraph is: the fixed end of the title decides."""
        form = fold(text).form
        for table in self.edition.printed:
            ending = [piece for piece in pieces(table.title) if isinstance(piece, str)][-1]
            titles = (ending, *table.aliases)
            if any(form.endswith(fold(title).form) for title in titles) and (
                m := re.sub(r"^表\d+", "", form)
            ):
                prefix = m[: -len(fold(ending).form)]
                if fold(ending).form in m and (not prefix or "{" in table.title):
                    return table
        return None

    def _continued(self, table: TableDeclaration, before: list[Line], more: list[Line]) -> list[Line]:
        """The lines of a table that goes on in a further grid, without its repeated header."""
        header = find_header(table, more, frozenset())
        return [*before, *more[header.rows :]] if before and header else [*before, *more]

    def _table(self, table: TableDeclaration, lines: list[Line]) -> tuple[Table, list[Finding]]:
        header = find_header(table, lines, frozenset())
        if header is None:
            return self._empty()[table.name], [
                self._finding("column-missing", f"表{table.number}找不到表头", table.name)
            ]
        facts = self._about()
        house = self.edition.house
        kind = facts.get(house.kind) or DEFAULT_KIND
        reader = TableReader(
            self.edition,
            table,
            outline(self.edition, table.name, kind),
            Reader(DEFAULT_UNIT),
            facts.get(house.unit, ""),
            f"表{table.number}",
        )
        read, findings = reader.read(lines, header)
        read = Table(table.name, tuple(with_units(reader, read.rows)))
        fixed = _fixed(self.edition, table, {})
        given = {row.key: row for row in read.rows}
        rows = [
            *(given.get(row.key, row) for row in fixed.rows),
            *(r for r in read.rows if r.key not in table.fixed),
        ]
        return Table(table.name, tuple(rows)), list(findings)

    # --- performance tables ---

    def _performance(self) -> dict[str, Table]:
        rows: dict[str, list[Row]] = {}
        for block in self._parts.get(3, ()):
            if isinstance(block, Grid):
                for declared in self.edition.performance:
                    if read := _performance(self.edition, declared, block):
                        for name, found in read.items():
                            rows.setdefault(name, []).extend(found)
                        break
        return {name: Table(name, tuple(_counted(found))) for name, found in rows.items()}

    # --- the narrative ---

    def _sections(self, reader: SentenceReader) -> None:
        for part in self.edition.part:
            sections = [section for section in self.edition.section if section.part == part.number]
            paragraphs: dict[str, list[str]] = {}
            current = sections[0].id if sections and not sections[0].heading else ""
            for block in self._parts.get(part.number, ()):
                if not isinstance(block, Text) or not sections:
                    continue
                opened = next(
                    (
                        s.id
                        for s in sections
                        if any(self._heads(h, block.text) for h in (s.heading, *s.reads) if h)
                    ),
                    None,
                )
                current = opened or current
                if not opened and current:
                    paragraphs.setdefault(current, []).append(block.text)
            for section, texts in paragraphs.items():
                reader.read(section, [t for t in texts if not self._standing(t)])

    def _heads(self, heading: str, text: str) -> bool:
        """Whether a paragraph is the heading of a section."""
        return Turner(self.edition).turn(heading).match(fold(unmarked(fold(text).printed))) is not None

    def _standing(self, text: str) -> bool:
        """Titles of performance tables and the closing lines: they carry nothing to read."""
        form = fold(text).form
        titles = [
            Turner(self.edition).turn(line)
            for table in self.edition.performance
            for line in (*table.title, *table.reads)
        ]
        owner = fold(self._about().get(self.edition.house.unit, "")).form
        return (
            form == owner
            or bool(DAY.fullmatch(form))
            or any(title.match(fold(text)) is not None for title in titles)
        )

    # --- report ---

    def _report(self, gathered: Gathered) -> Iterator[Finding]:
        total = gathered.understood + len(gathered.unplaced)
        text = f"读懂 {gathered.understood} 段，共 {total} 段；表格 {sum(isinstance(b, Grid) for b in self.blocks)} 个"
        yield self._finding("document-read", text, "")
        for told in gathered.differing:
            yield self._finding("sentence-differs", told, "")
        for paragraph in gathered.unplaced:
            yield self._finding("paragraph-unplaced", f"没有读懂：{paragraph}", "")

    def _finding(self, rule: str, message: str, table: str) -> Finding:
        declared = self.edition.rules[rule]
        spots = (Spot(table),) if table else ()
        return Finding(rule, declared.severity, message, declared.fix, declared.basis, spots)


# --- units in printed tables --------------------------------------------------------------------------------


def with_units(reader: TableReader, rows: Sequence[Row]) -> list[Row]:
    """The rows of a printed table with each line under its unit.

    A printed table tells a unit by a row of its own, above the rows that it adds up. In tables whose lines have
    names only, it is told by arithmetic: the lines fall into groups, each a first row and those it is the sum of.
    """
    block = reader.tree.block
    unit = next((column.name for column in block.columns if column.type == "unit"), None)
    name = next((column.name for column in block.columns if column.type in {"name", "item"}), None)
    if unit is None or name is None or not any(level.by == unit for level in reader.tree.levels):
        return list(rows)
    coded = next((column.name for column in block.columns if column.type == "code"), None)
    lines = [row for row in rows if row.key != TOTAL]
    heads = _coded_heads(lines, coded) if coded else _summed_heads(lines, reader.table.measures())
    placed: list[Row] = [row for row in rows if row.key == TOTAL]
    owner = reader.unit
    for index, row in enumerate(lines):
        if index in heads:
            owner = row.text(name)
            cells = {**row.cells, unit: Cell(owner, given=True), name: Cell()}
        else:
            cells = {**row.cells, unit: Cell(owner, given=True)}
        place = reader.tree.position({column: str(cells[column].value or "") for column in block.key}, index)
        above = reader.tree.above(place)
        placed.append(Row(place.key, place.level, above.key if above else None, cells, place.line))
    return placed


def _coded_heads(lines: Sequence[Row], code: str) -> set[int]:
    """Rows without a code are units."""
    return {index for index, row in enumerate(lines) if not row.text(code)}


def _summed_heads(lines: Sequence[Row], measures: Sequence[str]) -> set[int]:
    """The first row of each group that it is the sum of; none where the lines do not fall into such groups."""
    rows = [tuple(_amount(row, column) for column in measures) for row in lines]
    return set(_groups(rows, 0) or ())


def _groups(rows: Sequence[tuple[Decimal, ...]], start: int) -> tuple[int, ...] | None:
    """Where the groups from a row on begin, closest sums first; None where they cannot be made."""
    if start == len(rows):
        return ()
    for _, end in sorted(_ends(rows, start)):
        rest = _groups(rows, end)
        if rest is not None:
            return (start, *rest)
    return None


def _ends(rows: Sequence[tuple[Decimal, ...]], start: int) -> Iterator[tuple[Decimal, int]]:
    """Where a group that begins there may end, with how far its sum is off."""
    total = [Decimal(0)] * len(rows[start])
    for end in range(start + 1, len(rows)):
        total = [a + b for a, b in zip(total, rows[end], strict=True)]
        off = max(abs(a - b) for a, b in zip(total, rows[start], strict=True))
        if off <= amounts.tolerance(end - start + 1):
            yield off, end + 1


def _amount(row: Row, column: str) -> Decimal:
    value = row[column].value
    return value if isinstance(value, Decimal) else Decimal(0)


# --- performance --------------------------------------------------------------------------------------------


def _performance(edition: Edition, declared: PerformanceTable, grid: Grid) -> dict[str, list[Row]] | None:
    """The head and the indicator rows of one performance table; None where the grid is none of that kind."""
    labels = {
        _label(text): cell for line in declared.head for cell in line for text in _texts(cell) if cell.label
    }
    firsts = {_label(str(line[0].value)) for line in grid.lines if line and line[0].value}
    needed = {_label(line[0].label) for line in declared.head if line[0].label}
    if len(firsts & needed) * 2 <= len(needed):
        return None
    captions = {caption(text): c.column for c in declared.columns for text in _texts(c)}
    header = next(
        (
            i
            for i, line in enumerate(grid.lines)
            if sum(caption(r.value) in captions for r in line) > len(captions) // 2
        ),
        None,
    )
    if header is None:
        return None
    head = _head_values(declared, grid.lines[:header], labels)
    return {
        declared.heads: _head_rows(edition, declared, head),
        declared.indicators: list(_indicators(edition, declared, head, grid.lines[header:], captions)),
    }


def _texts(cell: PerformanceField) -> tuple[str, ...]:
    """All that a label may read."""
    return (cell.label, *cell.aliases)


def _counted(rows: Sequence[Row]) -> Iterator[Row]:
    """Rows that nothing names are known by their place in the table, as in a workbook."""
    for ordinal, row in enumerate(rows, start=1):
        yield replace(row, key=f"第{ordinal}行") if row.key.startswith(UNKEYED) else row


def _label(text: str) -> str:
    """A label as it is compared: without its colon and remarks."""
    return re.sub(r"[:：]|\(盖章\)|\(单位\)", "", caption(text))


def _head_values(
    declared: PerformanceTable, lines: Sequence[Line], labels: Mapping[str, object]
) -> dict[str, Raw]:
    """Column → the cell that stands after its label."""
    values: dict[str, Raw] = {}
    for line in lines:
        cells = [raw for raw in line if not raw.blank]
        for left, right in zip(cells, [*cells[1:], Raw(None)], strict=True):
            column = _column_after(declared, _label(str(left.value)))
            if column and column not in values and _label(str(right.value or "")) not in labels:
                values[column] = right
    return values


def _column_after(declared: PerformanceTable, label: str) -> str | None:
    """The column whose value follows a label in the declared head."""
    for line in declared.head:
        shown = [cell for cell in line if cell.label or cell.column]
        for left, right in itertools.pairwise(shown):
            if left.label and right.column and label in map(_label, _texts(left)):
                return right.column
    return None


def _head_rows(edition: Edition, declared: PerformanceTable, head: Mapping[str, Raw]) -> list[Row]:
    table = edition.tables[declared.heads]
    reader = Reader(DEFAULT_UNIT)
    if not declared.by:
        value = table.main.value
        rows = []
        for key, (block, fixed) in table.fixed.items():
            cells = {block.label.name: Cell(key)} if block.label else {}
            if value and key in head:
                column = next(c for c in block.of_row(fixed) if c.name == value.name)
                cells[value.name] = reader.read(head[key], column, derived=False)[0]
            rows.append(Row(key, "", None, cells))
        return rows
    cells = {
        c.name: reader.read(head[c.name], c, derived=False)[0] for c in table.main.columns if c.name in head
    }
    name = str(cells[declared.by].value or "") if declared.by in cells else ""
    return [Row(name, table.main.levels[-1].name, None, cells)] if name else []


def _indicators(
    edition: Edition,
    declared: PerformanceTable,
    head: Mapping[str, Raw],
    lines: Sequence[Line],
    captions: Mapping[str, str],
) -> Iterator[Row]:
    table = edition.tables[declared.indicators]
    places = {
        captions[caption(raw.value)]: i for i, raw in enumerate(lines[0]) if caption(raw.value) in captions
    }
    reader = Reader(DEFAULT_UNIT)
    above: dict[str, Cell] = {}
    for ordinal, line in enumerate(lines[1:], start=1):
        cells = {
            column.name: reader.read(line[places[column.name]], _as_printed(column), derived=False)[0]
            for column in table.main.columns
            if column.name in places and places[column.name] < len(line)
        }
        if not any(cell.value is not None for cell in cells.values()):
            continue
        changed = False
        for column in table.main.columns:
            if column.name in cells and column.merge:
                if cells[column.name].value is not None:
                    changed = changed or cells[column.name].value != above.get(column.name, Cell()).value
                    above[column.name] = cells[column.name]
                elif not changed and column.name in above:
                    cells[column.name] = above[column.name]
        if declared.by:
            cells[declared.by] = Cell(head[declared.by].value if declared.by in head else None, given=True)
        yield Row(f"{UNKEYED}{ordinal}", "", None, cells)


def _as_printed(column: Column) -> Column:
    """Weights are numbers where they are; a slip is kept as the text that was printed."""
    return column.model_copy(update={"choices": ()})


# --- assembling ---------------------------------------------------------------------------------------------


def _fixed(edition: Edition, table: TableDeclaration, texts: Mapping[str, str]) -> Table:
    """The fixed rows of a table, with texts in the value column."""
    del edition
    rows = []
    for key, (block, fixed) in table.fixed.items():
        cells = {block.label.name: Cell(key)} if block.label else {}
        if key in texts and block.value:
            column = next(c for c in block.of_row(fixed) if c.name == block.value.name)
            cells[column.name] = Reader(DEFAULT_UNIT).read(Raw(texts[key]), column, derived=False)[0]
        rows.append(Row(key, "", None, cells))
    return Table(table.name, tuple(rows))


def _assembled(edition: Edition, book: Book, gathered: Gathered) -> Book:
    """The Book with everything that the sentences gave."""
    tables = dict(book.tables)
    for (name, key, column), text in gathered.cells.items():
        if not edition.tables[name].printed:
            tables[name] = _set(edition, tables[name], key, column, text)
    names = _names(edition, book)
    for name, rows in gathered.rows.items():
        tables[name] = _open(edition, tables[name], [_aligned(edition, name, row, names) for row in rows])
    for name in [
        table for declared in edition.performance for table in (declared.heads, declared.indicators)
    ]:
        tables[name] = _renamed(edition, tables[name], names)
    stored = edition.comparisons
    tables[stored.prior] = _compared(edition, tables[stored.prior], stored.amount, gathered.priors)
    if stored.rate:
        tables[stored.prior] = _compared(edition, tables[stored.prior], stored.rate, gathered.rates)
    tables[stored.reasons] = _compared(edition, tables[stored.reasons], stored.reason, gathered.reasons)
    return book.with_tables(tables)


def _plain(name: str) -> str:
    """A name as it is compared: dashes and brackets of any form as one."""
    return re.sub(r"-+", "-", fold(name).form)


def _names(edition: Edition, book: Book) -> dict[str, str]:
    """The names of projects as the numbered tables print them."""
    found: dict[str, str] = {}
    for table in edition.printed:
        for column in (c.name for c in table.columns.values() if c.type == "item"):
            for row in book[table.name].rows:
                if name := row.text(column):
                    found.setdefault(_plain(name), name)
    return found


def _aligned(
    edition: Edition, table: str, row: Mapping[str, str], names: Mapping[str, str]
) -> dict[str, str]:
    """A row whose projects go by the names of the tables."""
    items = {column.name for column in edition.tables[table].columns.values() if column.type == "item"}
    return {c: names.get(_plain(text), text) if c in items else text for c, text in row.items()}


def _renamed(edition: Edition, table: Table, names: Mapping[str, str]) -> Table:
    items = [column.name for column in edition.tables[table.name].columns.values() if column.type == "item"]
    rows = []
    for row in table.rows:
        known = {c: names[_plain(row.text(c))] for c in items if _plain(row.text(c)) in names}
        key = next((name for c, name in known.items() if row.key == row.text(c)), row.key)
        cells = {c: Cell(name, row[c].place, given=True) for c, name in known.items()}
        rows.append(Row(key, row.level, row.parent, {**row.cells, **cells}, row.line))
    return Table(table.name, tuple(rows))


def _set(edition: Edition, table: Table, key: str, column: str, text: str) -> Table:
    declared = edition.tables[table.name]
    if key not in declared.fixed:
        return table
    block, fixed = declared.fixed[key]
    own = next((c for c in block.of_row(fixed) if c.name == column), None)
    if own is None:
        return table
    cell = Reader(DEFAULT_UNIT).read(Raw(text), own, derived=False)[0]
    rows = [row.with_cells({column: cell}) if row.key == key else row for row in table.rows]
    return Table(table.name, tuple(rows))


def _open(edition: Edition, table: Table, rows: Sequence[Mapping[str, str]]) -> Table:
    declared = edition.tables[table.name]
    reader = Reader(DEFAULT_UNIT)
    made = []
    for ordinal, texts in enumerate(rows, start=1):
        cells = {
            c.name: reader.read(Raw(texts[c.name]), c, derived=False)[0]
            for c in declared.main.columns
            if c.name in texts
        }
        key = key_of([str(cells[k].value or "") for k in declared.main.key if k in cells]) or f"第{ordinal}行"
        level = declared.main.levels[-1].name if declared.main.levels else ""
        made.append(Row(key, level, None, cells))
    return Table(table.name, (*table.rows, *made))


def _compared(edition: Edition, table: Table, column: str, values: Mapping[str, Decimal | str]) -> Table:
    """上年数 or 增减原因: fixed rows by their key, further ones by figure and code."""
    declared = edition.tables[table.name].columns[column]
    cells = {key: {column: _value(value, declared)} for key, value in values.items()}
    rows = [row.with_cells(cells.get(row.key, {})) for row in table.rows]
    fixed = {row.key for row in table.rows}
    label, code = edition.tables[table.name].main.key[:2]
    for key, cell in cells.items():
        if key not in fixed and KEY_JOINT in key:
            figure, item = key.split(KEY_JOINT, 1)
            keys = {label: Cell(figure, given=True), code: Cell(item, given=True)}
            rows.append(Row(key, "", None, {**keys, **cell}))
    return Table(table.name, tuple(rows))


def _value(value: Decimal | str, column: Column) -> Cell:
    if isinstance(value, Decimal):
        return Cell(value, given=True, terms=1)
    return Reader(DEFAULT_UNIT).read(Raw(value), column, derived=False)[0]
