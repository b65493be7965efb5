"""Putting the document together: Book → Disclosure. After this nothing is decided any more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING

from budgetgen.book.facts import fact, stamp, stated, year_of
from budgetgen.book.figures import with_figures
from budgetgen.edition.declarations import HEADING, StatementDeclaration
from budgetgen.formula.evaluation import Scope, evaluate
from budgetgen.saying.interleaving import Verse, by_table, interleaved
from budgetgen.saying.narrative import Narrator
from budgetgen.saying.phrasing import Phrasing
from budgetgen.values.model import (
    TOTAL,
    Disclosure,
    Paragraph,
    PerformanceGrid,
    PrintedPart,
    PrintedTable,
    Row,
    Run,
)
from budgetgen.values.repeats import without_repeats
from budgetgen.values.text import as_named, caption

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import (
        Block,
        Column,
        Edition,
        Part,
        PerformanceTable,
        TableDeclaration,
    )
    from budgetgen.values.model import Book, Printed

INDENT = "　"


def compose(book: Book, edition: Edition, *, draft: bool = False) -> Disclosure:
    """The document of a derived Book.

    Args:
        book: derived and, unless it is a draft, without errors.
        edition: its format.
        draft: mark every page, telling how many points are open, and print proposed reasons as open points.
    """
    return _Composer(with_figures(book, edition, proposals=draft), edition).compose(draft=draft)


def headed(part: PrintedPart) -> Iterator[tuple[str, Printed]]:
    """Each block of a part with the heading that it stands under; a heading under itself."""
    heading = part.heading
    for block in part.blocks:
        if isinstance(block, Paragraph) and block.style == HEADING:
            heading = block.text
        yield heading, block


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of a printed table.

    Attributes:
        texts: by the name of the printed column.
        spots: the cells that these tell.
        sums: whether it adds others up.
    """

    texts: Mapping[str, str]
    spots: Mapping[str, tuple[str, str, str]]
    sums: bool = False


def _joined(sides: Sequence[_Line]) -> _Line:
    """The lines of several blocks as one."""
    texts = {name: text for side in sides for name, text in side.texts.items()}
    return _Line(texts, {name: spot for side in sides for name, spot in side.spots.items()})


def _ordinals(declared: TableDeclaration, number: int, length: int) -> dict[str, str]:
    """The numbers of a line in its blocks, which are counted through."""
    blocks = enumerate(declared.block)
    return {f"{b.name}.{b.ordinals}": str(place * length + number) for place, b in blocks if b.ordinals}


@dataclass(frozen=True)
class _Composer:
    book: Book
    edition: Edition

    @cached_property
    def phrasing(self) -> Phrasing:
        return Phrasing(self.edition, self.book)

    @cached_property
    def narrator(self) -> Narrator:
        return Narrator(self.edition, self.book)

    def compose(self, *, draft: bool) -> Disclosure:
        house, layout = self.edition.house, self.edition.layout
        parts = tuple(map(self._part, self.edition.part))
        day, year = stated(self.book, self.edition, house.date), year_of(self.book, self.edition)
        closing = [self.phrasing.text(line) for line in layout.signature]
        return Disclosure(
            edition=self.edition.id,
            unit=fact(self.book, self.edition, house.unit),
            year=self.edition.edition.year if year is None else year,
            date=day if isinstance(day, date) else None,
            subject=self.phrasing.text(layout.subject),
            cover=tuple(self.phrasing.text(line) for line in layout.cover),
            contents=layout.contents,
            entries=tuple(self._entries(parts)),
            parts=parts,
            signature=(*closing, self.phrasing.value(day, "date")) if day and closing else tuple(closing),
            draft="；".join(
                filter(
                    None, (stamp(self.book, self.edition), self._mark(_open_points(parts)) if draft else "")
                )
            ),
            file=self.phrasing.text(layout.file),
        )

    def _mark(self, points: int) -> str:
        """The mark of a draft, telling how many points are open."""
        layout = self.edition.layout
        return layout.open.format(处=points) if points else layout.draft

    # --- parts ---

    def _part(self, part: Part) -> PrintedPart:
        own = self._tables() if part.number == self.edition.tables_part else self._sections(part.number)
        blocks = tuple(own)
        heading = "" if part.optional and not blocks else self.phrasing.text(part.heading)
        return PrintedPart(heading, blocks)

    def _tables(self) -> Iterator[PrintedTable]:
        return (self._table(table) for table in self.edition.printed)

    def _sections(self, part: int) -> Iterator[Printed]:
        ordinal = 0
        for section in (section for section in self.edition.section if section.part == part):
            said = interleaved(tuple(self.narrator.phrase(section.id)), self._kept(section.id))
            if section.optional and not said:
                continue
            if section.heading:
                ordinal += 1
                mark = self.phrasing.mark(section.numbered, ordinal)
                yield Paragraph(section.style, (Run(mark + self.phrasing.text(section.heading)),))
            for block in said:
                if isinstance(block, StatementDeclaration):
                    yield from self._performance(block.performance)
                else:
                    yield block

    def _kept(self, where: str) -> tuple[Verse, ...]:
        """The paragraphs of a section, or by a table, that are printed as they were found."""
        stored = self.edition.verbatim
        rows = (row for row in self.book[stored.table].rows if row.text(stored.section) == where)
        told = ((row.text(stored.after), row.text(stored.text)) for row in rows)
        return tuple(Verse(after, text) for after, text in told if text)

    def _entries(self, parts: tuple[PrintedPart, ...]) -> Iterator[tuple[int, str]]:
        for declared, part in zip(self.edition.part, parts, strict=True):
            if part.blocks or not declared.optional:
                yield 1, self.phrasing.text(declared.entry) or part.heading
            for block in part.blocks:
                if isinstance(block, PrintedTable):
                    yield 2, self.phrasing.mark(self.edition.layout.table_entries, block.number) + block.title
                elif isinstance(block, Paragraph) and block.style == HEADING:
                    yield 2, block.text

    # --- tables ---

    def _table(self, declared: TableDeclaration) -> PrintedTable:
        rows = self._rows(declared)
        lines = [line for block in declared.block for line in self._block_rows(declared, block)]
        empty = declared.empty if not any(self._has_figure(declared, row) for row in lines) else ""
        return PrintedTable(
            name=declared.name,
            number=declared.number,
            mark=declared.mark,
            title=self.phrasing.text(declared.title),
            preparer=self.phrasing.text(self.edition.layout.preparer),
            money=self.edition.scale(declared.name).label,
            rows=tuple(line.texts for line in rows),
            emphasised=frozenset(index for index, line in enumerate(rows) if line.sums),
            sums=frozenset(i for i, row in enumerate(lines) if not row.line) if declared.main.open else None,
            remarks=(
                *(self.phrasing.text(line) for line in (declared.note, empty) if line),
                *(verse.text for verse in self._kept(by_table(declared.name))),
            ),
            spots=tuple(line.spots for line in rows),
            without=self._without(declared),
        )

    def _without(self, declared: TableDeclaration) -> frozenset[str]:
        """The columns of documents of another kind, where nothing stands in any of them."""
        kind, several = fact(self.book, self.edition, self.edition.house.kind), len(declared.block) > 1
        others = {
            f"{block.name}.{column.name}" if several else column.name: column.name
            for block in declared.block
            for column in block.columns
            if column.only not in {"", kind}
        }
        held = (row[name].value for row in self.book[declared.name].rows for name in others.values())
        return frozenset() if any(value is not None for value in held) else frozenset(others)

    def _rows(self, declared: TableDeclaration) -> list[_Line]:
        """The lines of a table as they are printed: several blocks stand side by side."""
        if len(declared.block) > 1:
            return self._beside(declared)
        (block,) = declared.block
        rows = self._block_rows(declared, block)
        return [self._line(declared, block, row, "", sums=row.key == TOTAL) for row in rows]

    def _beside(self, declared: TableDeclaration) -> list[_Line]:
        columns = self._sides(declared)
        blank = [_Line({f"{b.name}.{c.name}": "" for c in b.columns}, {}) for b in declared.block]
        length = max(map(len, columns))
        lines = [
            _joined([side or empty for side, empty in zip(line, blank, strict=True)])
            for line in zip_longest(*columns)
        ]
        numbered = [
            replace(line, texts={**line.texts, **_ordinals(declared, number, length)})
            for number, line in enumerate(lines, start=1)
        ]
        if any(row.bottom for block in declared.block for row in block.rows):
            numbered[-1] = replace(numbered[-1], sums=True)
        return numbered

    def _sides(self, declared: TableDeclaration) -> list[list[_Line | None]]:
        """Several blocks, stretched so that their bottom rows stand on the last line."""
        sides = [self._side(declared, block) for block in declared.block]
        length = max(len(upper) + len(bottom) for upper, bottom in sides)
        return [[*upper, *[None] * (length - len(upper) - len(bottom)), *bottom] for upper, bottom in sides]

    def _side(self, declared: TableDeclaration, block: Block) -> tuple[list[_Line], list[_Line]]:
        """The rows of one of several blocks, and its bottom rows."""
        upper: list[_Line] = []
        bottom: list[_Line] = []
        for fixed in block.rows:
            row = self.book[declared.name].get(fixed.key) or Row(fixed.key, "", None, {})
            line = self._line(declared, block, row, f"{block.name}.")
            if fixed.bottom:
                bottom.append(line)
            elif not block.listed:
                upper.append(line)
            elif self._has_figure(declared, row):
                upper.append(self._marked(line, block, len(upper) + 1))
        return upper, bottom

    def _marked(self, line: _Line, block: Block, number: int) -> _Line:
        """A row with its number before its label."""
        label = block.label
        key = f"{block.name}.{label.name}" if label else ""
        told = self.phrasing.mark(block.listed, number) + line.texts.get(key, "")
        return replace(line, texts={**line.texts, key: told}) if label else line

    def _line(
        self, declared: TableDeclaration, block: Block, row: Row, prefix: str, *, sums: bool = False
    ) -> _Line:
        texts = self._texts(declared, block, row, prefix)
        spots = {
            f"{prefix}{part}": (declared.name, row.key, column.name)
            for column in block.columns
            for part in column.parts or (column.name,)
        }
        return _Line(texts, {name: spot for name, spot in spots.items() if name in texts}, sums)

    def _block_rows(self, declared: TableDeclaration, block: Block) -> list[Row]:
        """The rows of a block in printed order."""
        table = self.book[declared.name]
        fixed = [table.get(row.key) or Row(row.key, "", None, {}) for row in block.rows]
        if not block.open:
            return fixed
        total = [row for row in table.rows if row.key == TOTAL]
        others = [row for row in table.rows if row.key != TOTAL]
        return [*total, *fixed, *others] if declared.total == "first" else [*fixed, *others, *total]

    def _has_figure(self, declared: TableDeclaration, row: Row) -> bool:
        values = (row[column].value for column in declared.measures(row.key))
        return any(isinstance(value, Decimal) and value != 0 for value in values)

    def _texts(self, declared: TableDeclaration, block: Block, row: Row, prefix: str) -> Mapping[str, str]:
        texts: dict[str, str] = {}
        for column in block.columns:
            if column.type == "unit":
                continue
            if column.parts:
                texts |= self._parts(row.text(column.name), column, prefix)
            else:
                texts[f"{prefix}{column.name}"] = self._text(declared, row, column)
        named = _named(declared, block, row)
        return texts | ({f"{prefix}{named[0]}": named[1]} if named else {})

    def _parts(self, code: str, column: Column, prefix: str) -> dict[str, str]:
        """A code in its printed columns: 206 | 05 | 01."""
        cuts = (0, *self.edition.code_lengths(column.of))
        return {
            f"{prefix}{part}": code[cuts[i] : cuts[i + 1]] if len(code) >= cuts[i + 1] else ""
            for i, part in enumerate(column.parts)
        }

    def _text(self, declared: TableDeclaration, row: Row, column: Column) -> str:
        if column.type == "label":
            fixed = declared.fixed.get(row.key)
            return INDENT * fixed[1].indent + fixed[1].caption if fixed else row.text(column.name)
        value = row[column.name].value
        if column.type == "money" and isinstance(value, Decimal):
            return self.phrasing.amount(value, self.edition.scale(declared.name))
        if column.numeric:
            return self.phrasing.value(value, column.type) if value else ""
        return self.phrasing.value(value, column.type)

    # --- performance ---

    def _performance(self, name: str) -> Iterator[PerformanceGrid]:
        declared = next(table for table in self.edition.performance if table.id == name)
        title = tuple(self.phrasing.text(line) for line in declared.title)
        if not declared.by:
            rows = self.book[declared.indicators].lines()
            yield self._grid(declared, title, self._single_head(declared), None, tuple(rows))
            return
        for head in self.book[declared.heads].lines():
            columns = self.edition.tables[declared.heads].main.columns
            texts = {column.name: self._cell_text(head, column) for column in columns}
            item = as_named(head.text(declared.by))
            found = self.book[declared.indicators].candidates(declared.by, item)
            own = tuple(
                row
                for row in found
                if as_named(row.text(declared.by)) == item and _of_one(declared, head, row)
            )
            yield self._grid(declared, title, texts, head, own)

    def _grid(
        self,
        declared: PerformanceTable,
        title: tuple[str, ...],
        head: Mapping[str, str],
        owner: Row | None,
        rows: tuple[Row, ...],
    ) -> PerformanceGrid:
        """A performance table; where there is no owner, the facts of its head stand one below the other."""
        value = self.edition.tables[declared.heads].main.value
        stacked = value.name if value else ""
        facts = {c: (declared.heads, owner.key, c) if owner else (declared.heads, c, stacked) for c in head}
        printed = tuple(self._indicators(declared, rows))
        spots = (
            {c: (declared.indicators, row.key, c) for c in texts}
            for row, texts in zip(rows, printed, strict=True)
        )
        return PerformanceGrid(
            declared.id, title, {**self._worded(declared), **head}, printed, (facts, *spots)
        )

    def _worded(self, declared: PerformanceTable) -> Mapping[str, str]:
        """The cells of a head that are wordings: labels as the office writes them."""
        fields = (field for line in declared.head for field in line if field.wording)
        return {field.key: self.phrasing.text(field.wording) for field in fields}

    def _single_head(self, declared: PerformanceTable) -> Mapping[str, str]:
        """The head of the one table whose facts stand one below the other."""
        table = self.edition.tables[declared.heads]
        value = table.main.value
        texts: dict[str, str] = {}
        for cell in (cell for line in declared.head for cell in line if cell.column):
            if value and cell.column in table.fixed:
                row = self.book[declared.heads].get(cell.column)
                kind = self.edition.kind(declared.heads, value.name, cell.column) or "text"
                texts[cell.column] = self.phrasing.value(row[value.name].value, kind) if row else ""
            else:
                texts[cell.column] = str(
                    evaluate(self.edition.formula(cell.column), Scope(self.book)).value or ""
                )
        return texts

    def _indicators(self, declared: PerformanceTable, rows: tuple[Row, ...]) -> Iterator[Mapping[str, str]]:
        """The indicator rows of one table; what repeats the row above is blank in merged columns."""
        known_by = {declared.by, declared.owner}
        columns = [c for c in self.edition.tables[declared.indicators].main.columns if c.name not in known_by]
        groups = [column.name for column in columns if column.merge]
        named = next((column.name for column in columns if not column.merge), "")
        merged = groups[: len(groups) - self._written_out(declared)]
        above: dict[str, str] = {}
        for row in rows:
            texts = {column.name: self._cell_text(row, column) for column in columns}
            yield without_repeats(merged if row.text(named) else groups, texts, above)
            above = texts

    def _written_out(self, declared: PerformanceTable) -> int:
        """Of how many columns of groups the office writes every row, the last ones."""
        chosen = fact(self.book, self.edition, declared.merging) if declared.merging else ""
        choices = self.edition.choices(declared.merging) if chosen else ()
        return choices.index(chosen) if chosen in choices else 0

    def _cell_text(self, row: Row, column: Column) -> str:
        value = row[column.name].value
        if column.type == "money":
            return self.phrasing.value(value, "money")
        if column.numeric:
            return self.phrasing.value(value, "number", column.places) if value is not None else ""
        return row.text(column.name) or column.blank


def _of_one(declared: PerformanceTable, head: Row, row: Row) -> bool:
    """Whether an indicator is of the unit of a head; where one of them tells none, it is."""
    owners = {caption(one.text(declared.owner)) for one in (head, row)} if declared.owner else set[str]()
    return len(owners - {""}) < 2  # noqa: PLR2004 - two rows of one unit


def _named(declared: TableDeclaration, block: Block, row: Row) -> tuple[str, str] | None:
    """Where the name of a total or unit row is printed: the first column of names, or what the lines go by."""
    units = block.of_type("unit")
    name = next(iter((*block.of_type("name", "item"), *block.key)), None)
    if name is None or row.line:
        return None
    if row.level == TOTAL:
        return name, declared.total_name
    return (name, row.text(units[0])) if units and row.level in _unit_levels(block, units) else None


def _unit_levels(block: Block, units: tuple[str, ...]) -> set[str]:
    return {level.name for level in block.levels if level.by in units}


def _open_points(parts: tuple[PrintedPart, ...]) -> int:
    paragraphs = (block for part in parts for block in part.blocks if isinstance(block, Paragraph))
    return sum(run.open for paragraph in paragraphs for run in paragraph.runs)
