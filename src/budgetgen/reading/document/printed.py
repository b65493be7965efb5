"""The numbered tables of a document: which grid is which table, and what stands in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.book.outline import outline
from budgetgen.formula.patterns import pieces, slots
from budgetgen.reading.cells import DEFAULT_UNIT, CellReader
from budgetgen.reading.document.assembly import fixed_rows
from budgetgen.reading.document.blocks import Text, stand_in, width
from budgetgen.reading.document.patterns import Turner
from budgetgen.reading.document.units import with_units
from budgetgen.reading.tables import TableReader, column_findings, find_header
from budgetgen.values.findings import Finding, Spot
from budgetgen.values.model import Row, Table
from budgetgen.values.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from budgetgen.edition.declarations import Edition, TableDeclaration
    from budgetgen.reading.document.blocks import Block, Grid
    from budgetgen.reading.document.facts import Facts
    from budgetgen.reading.tables import Line


@dataclass
class Placed:
    """What stands where in the part of the tables.

    Attributes:
        lines: the rows of each table that was found, by name.
        money: the unit of money of a table, where it tells one.
        understood: how many paragraphs were placed.
        preparers: the preparer that a line names.
        texts: the paragraphs that are no title, preparer or remark.
        grids: the tables that belong to no title.
        repeated: the tables that say what another said before.
    """

    lines: dict[str, list[Line]] = field(default_factory=dict)
    money: dict[str, str] = field(default_factory=dict)
    understood: int = 0
    preparers: dict[Text, str] = field(default_factory=dict)
    texts: list[Text] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    repeated: list[Grid] = field(default_factory=list)


@dataclass
class _Walk:
    """Where the walk through the part of the tables is.

    Attributes:
        owner: the table of the last title; None where that was not understood.
        number: the last number of a table.
        before: the line right above; None after a title or a table.
    """

    owner: TableDeclaration | None = None
    number: int | None = None
    before: Text | None = None

    @property
    def above(self) -> str:
        """The words of the line right above."""
        return self.before.text if self.before else ""


@dataclass(frozen=True)
class PrintedReader:
    """Reads the numbered tables.

    Attributes:
        edition: the format.
        facts: of the document.
    """

    edition: Edition
    facts: Facts

    def read(self, blocks: Sequence[Block]) -> tuple[dict[str, Table], tuple[Finding, ...], Placed]:
        """The tables that stand in the blocks of their part, what is wrong with them, and what was placed."""
        placed = self._place(blocks)
        tables: dict[str, Table] = {}
        findings: list[Finding] = []
        for table in self.edition.printed:
            if table.name in placed.lines:
                unit = placed.money.get(table.name, DEFAULT_UNIT)
                tables[table.name], found = self._table(table, placed.lines[table.name], unit)
                findings += found
            else:
                text = f"没有“表{table.number}”（{table.name}）"
                findings.append(told(self.edition, "sheet-missing", text, table.name))
        return tables, tuple(findings), placed

    # --- which grid is which table ---

    def _place(self, blocks: Sequence[Block]) -> Placed:
        placed, at = Placed(), _Walk()
        for block in blocks:
            if not isinstance(block, Text):
                self._take(placed, block, at.owner or self._fitting(at.number, block))
                at.before = None
            elif not self._heads(placed, at, block):
                self._stands(placed, at, block)
                at.before = block
        return placed

    def _heads(self, placed: Placed, at: _Walk, line: Text) -> bool:
        """Whether a line is the title of a table or tells its number; a title may be cut in two by a line end."""
        alone = self._titled(line.text)
        titled = alone or self._titled(at.above + line.text)
        number = self._number(line.text)
        if titled is None and number is None:
            return False
        if titled and not alone and at.before in placed.texts:
            placed.texts.remove(at.before)
            placed.understood += 1
        placed.understood += 1
        at.owner, at.number, at.before = titled, number or at.number, None
        return True

    def _stands(self, placed: Placed, at: _Walk, line: Text) -> None:
        """Keep what a line by a table tells: the preparer, the unit of money, a remark; any other is not placed."""
        if not (self._above(at.owner, line.text, at.above) or self._below(at.owner, line.text)):
            placed.texts.append(line)
            return
        placed.understood += 1
        self._prepared(placed, line, at.before)
        if at.owner and (unit := self.facts.money(line.text)):
            placed.money[at.owner.name] = unit

    def _prepared(self, placed: Placed, line: Text, before: Text | None) -> None:
        """Keep whom a line, or the two lines that it was cut into, names as the preparer."""
        if name := self.facts.prepares(line.text):
            placed.preparers[line] = name
        elif before in placed.preparers:
            whole = self.facts.prepares(before.text + line.text) or ""
            if fold(whole).form == fold(self.facts.unit).form:
                placed.preparers[before] = whole

    def _take(self, placed: Placed, grid: Grid, owner: TableDeclaration | None) -> None:
        """A grid for its table: the first after its title, or one that goes on."""
        before = placed.lines.get(owner.name, []) if owner else []
        if owner and not before:
            placed.lines[owner.name] = list(grid.lines)
        elif owner and (more := self._continued(owner, before, list(grid.lines))):
            if stand_in(more, before):
                placed.repeated.append(grid)
            else:
                before += more
        else:
            placed.grids.append(grid)

    def _continued(self, table: TableDeclaration, before: list[Line], more: list[Line]) -> list[Line]:
        """The lines of a further grid without its repeated header; none where it is another table."""
        header = find_header(self.edition, table, more)
        if header and not header.strangers:
            return more[header.rows :]
        return more if not header and width(more) == width(before) else []

    def _fitting(self, number: int | None, grid: Grid) -> TableDeclaration | None:
        """The table of a number whose title was not understood, where the grid has all of its columns."""
        table = next((t for t in self.edition.printed if t.number == number), None)
        header = find_header(self.edition, table, list(grid.lines)) if table else None
        if table is None or header is None or header.strangers:
            return None
        wanted = ((i, c.name) for i, block in enumerate(table.block) for c in block.columns if c.numeric)
        return table if all(place in header.places for place in wanted) else None

    # --- lines around the tables ---

    @cached_property
    def _numbers(self) -> re.Pattern[str]:
        """The line above a title: 表 1."""
        before, after = self.edition.typography.table_number.split("{号}")
        return re.compile(rf"{re.escape(fold(before).form)}(\d{{1,2}}){re.escape(fold(after).form)}")

    def _number(self, text: str) -> int | None:
        """The number of a table in the line that tells it, with or without the title."""
        found = self._numbers.match(fold(text).form)
        return int(found[1]) if found else None

    def _titled(self, text: str) -> TableDeclaration | None:
        """The table whose title a paragraph is: the fixed end of the title decides."""
        form = self._numbers.sub("", fold(text).form, count=1)
        for table in self.edition.printed:
            ending = [piece for piece in pieces(table.title) if isinstance(piece, str)][-1]
            for title in (ending, *table.aliases):
                said = fold(title).form
                if form.endswith(said) and (form == said or slots(table.title)):
                    return table
        return None

    def _above(self, owner: TableDeclaration | None, text: str, before: str) -> bool:
        """Whether a paragraph names the preparer or the unit of money; or goes on doing so after a line end."""
        if self.facts.prepares(text) or (self.facts.money(text) and not self.facts.without_money(text)):
            return True
        unit = fold(self.facts.unit).form
        joined = fold(self.facts.prepares(before + text) or "").form
        return bool(owner and unit and joined == unit and self.facts.prepares(before))

    def _below(self, owner: TableDeclaration | None, text: str) -> bool:
        """Whether a paragraph is a remark that the edition declares for that table."""
        if owner is None:
            return False
        turner = Turner(self.edition)
        remarks = filter(None, (owner.note, owner.empty, *self.edition.layout.remarks))
        return any(turner.turn(remark).match(fold(text)) is not None for remark in remarks)

    # --- what stands in a table ---

    def _table(
        self, table: TableDeclaration, lines: list[Line], unit: str
    ) -> tuple[Table, tuple[Finding, ...]]:
        header = find_header(self.edition, table, lines)
        fixed = fixed_rows(table, {})
        called = f"表{table.number}"
        if header is None:
            text = f"{called}找不到表头，其中内容没有读取"
            place = next((raw.place for line in lines for raw in line), "")
            return fixed, (told(self.edition, "column-missing", text, table.name, place),)
        tree = outline(self.edition, table.name, self.facts.kind)
        reader = TableReader(self.edition, table, tree, CellReader(unit), self.facts.unit, called)
        read, findings = reader.read(lines, header)
        given: Mapping[str, Row] = {row.key: row for row in reversed(read.rows)}
        rows = [
            *(given.get(row.key, row) for row in fixed.rows),
            *(row for row in read.rows if row.key in table.fixed and row is not given[row.key]),
            *(row for row in with_units(reader, read.rows) if row.key not in table.fixed),
        ]
        columns = column_findings(self.edition, table, lines, header, "", called)
        return Table(table.name, tuple(rows)), (*columns, *findings)


def told(edition: Edition, rule: str, message: str, table: str = "", place: str = "") -> Finding:
    """A finding of reading, of a table or of the whole document."""
    spots = (Spot(table, place=place),) if table else ()
    return Finding.of(edition.rules[rule], message, *spots)
