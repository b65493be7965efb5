"""The numbered tables of a document: which grid is which table, and what stands in it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.book.outline import outline
from budgetgen.reading.cells import CellReader
from budgetgen.reading.document.assembly import fixed_rows
from budgetgen.reading.document.blocks import Text, stand_in, width
from budgetgen.reading.document.printed import scales
from budgetgen.reading.document.printed.bodies import body_of
from budgetgen.reading.document.printed.captions import DEEP, Captions
from budgetgen.reading.document.printed.glued import glued
from budgetgen.reading.document.printed.sums import adds_up
from budgetgen.reading.document.printed.units import with_units
from budgetgen.reading.headers import column_findings, find_header
from budgetgen.reading.tables import TableReader
from budgetgen.values.amounts import PER_WAN
from budgetgen.values.findings import Finding, Spot
from budgetgen.values.model import Row, Table
from budgetgen.values.sayings import listed, saying
from budgetgen.values.text import caption, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition, PerformanceTable, TableDeclaration
    from budgetgen.reading.cells import Line
    from budgetgen.reading.document.blocks import Block, Grid
    from budgetgen.reading.document.facts import Facts
    from budgetgen.reading.headers import Header


FEWEST = 4
"""Of how many columns of amounts one may lack for a table to be known by its header."""


@dataclass
class Placed:
    """What stands where in the part of the tables.

    Attributes:
        lines: the rows of each table that was found, by name.
        empty: the tables of which a sentence says that there is nothing in them.
        denied: the remark below a table that says so in the words of the format, by the table's name.
        money: the unit of money of a table, where it tells one.
        foreign: the same where amounts cannot be given in it.
        understood: how many paragraphs were placed.
        preparers: the preparer that a line names.
        texts: the paragraphs that are no title, preparer or remark.
        below: those of them that stand by a table, by its name, without those that call it empty: that the format says.
        grids: the tables that belong to no title.
        repeated: the tables that say what another said before.
        measured: those that were put together by where their texts stand, by the table's name.
        banded: the names of tables that stand in grids whose rows are divided each in its own way: they are not read.
        performance: the performance tables, each with its declaration.
    """

    lines: dict[str, list[Line]] = field(default_factory=dict)
    empty: set[str] = field(default_factory=set)
    denied: dict[str, Text] = field(default_factory=dict)
    money: dict[str, str] = field(default_factory=dict)
    foreign: dict[str, str] = field(default_factory=dict)
    understood: int = 0
    preparers: dict[Text, str] = field(default_factory=dict)
    texts: list[Text] = field(default_factory=list)
    below: dict[str, list[Text]] = field(default_factory=dict)
    grids: list[Grid] = field(default_factory=list)
    repeated: list[Grid] = field(default_factory=list)
    measured: dict[str, list[Grid]] = field(default_factory=dict)
    banded: set[str] = field(default_factory=set)
    performance: list[tuple[PerformanceTable, Grid]] = field(default_factory=list)


@dataclass
class _Walk:
    """Where the walk through the part of the tables is.

    Attributes:
        owner: the table of the last title, or of the table that stands last; None where that was not understood.
        fresh: whether the title of the owner was the last one, and no table has followed yet.
        sure: whether the title is the edition's own, and not one that only means the same.
        number: the last number of a table.
        before: the line right above; None after a title or a table.
        money: the unit of money that was told above the next table.
    """

    owner: TableDeclaration | None = None
    fresh: bool = False
    sure: bool = False
    number: int | None = None
    before: Text | None = None
    money: str | None = None

    @property
    def above(self) -> str:
        """The words of the line right above."""
        return self.before.text if self.before else ""


@dataclass(frozen=True, slots=True)
class _Fit:
    """How the header of a grid is that of a table.

    Attributes:
        loose: how many columns of amounts do not stand below the captions that they are declared below.
        lacking: how many of them are not there.
        strangers: how many columns the table does not have.
    """

    loose: int
    lacking: int
    strangers: int


@dataclass(frozen=True)
class PrintedReader:
    """Reads the numbered tables.

    Attributes:
        edition: the format.
        facts: of the document.
    """

    edition: Edition
    facts: Facts

    @cached_property
    def captions(self) -> Captions:
        """What the lines around the tables say."""
        return Captions(self.edition, self.facts)

    def _missing(self, table: TableDeclaration, which: str, **more: str) -> Finding:
        stated = saying(which, 表号=table.ordinal, 表=table.name, **more)
        return Finding.of(self.edition.rules["sheet-missing"], stated, Spot(table.name))

    def read(self, blocks: Sequence[Block]) -> tuple[dict[str, Table], tuple[Finding, ...], Placed]:
        """The tables that stand in the blocks of their part, what is wrong with them, and what was placed."""
        placed = self._place(tuple(self.captions.apart(blocks)))
        tables: dict[str, Table] = {}
        findings: list[Finding] = []
        for table in self.edition.printed:
            if table.name in placed.foreign:
                findings.append(self._missing(table, "foreign", 金额单位=placed.foreign[table.name]))
            elif table.name in placed.lines:
                money = placed.money.get(table.name, self.edition.scale(table.name).unit)
                read, found = self._table(table, placed.lines[table.name], money, tables)
                if read and table.name in placed.measured and not self._adds_up(read):
                    placed.grids += placed.measured[table.name]
                    findings.append(self._missing(table, "measured"))
                    continue
                tables |= {table.name: read} if read else {}
                findings += found
            elif table.name in placed.empty:
                tables[table.name] = fixed_rows(table, {})
            else:
                findings.append(
                    self._missing(table, "measured" if table.name in placed.banded else "printed")
                )
        findings += self._rescaled(tables, placed)
        findings += self._denied(tables, placed)
        return tables, tuple(findings), placed

    def _adds_up(self, table: Table) -> bool:
        """Whether the figures of a table do, whose columns were only measured: else a figure may be in another column."""
        return adds_up(self.edition, table, self.facts.kind)

    def _denied(self, tables: Mapping[str, Table], placed: Placed) -> Iterator[Finding]:
        """Tables with amounts below which it is said that they are empty."""
        for name, line in placed.denied.items():
            cells = (
                (cell for row in tables[name].rows for cell in row.cells.values()) if name in tables else ()
            )
            amounts = [cell for cell in cells if isinstance(cell.value, Decimal) and cell.value]
            if amounts:
                spots = Spot(name, place=amounts[0].place), Spot(name, place=line.place, value=line.text)
                stated = saying("empty", 表=name, 原文=line.text)
                yield Finding.of(self.edition.rules["sentence-denied"], stated, *spots)

    def _rescaled(self, tables: dict[str, Table], placed: Placed) -> Iterator[Finding]:
        """Read the tables anew that are in another unit of money than they tell, and tell of it."""
        own = {name: scales.found(self.edition.tables[name], table) for name, table in tables.items()}
        narrative = scales.said_amounts(self.facts.texts)
        for name in own.keys() & placed.lines.keys():
            money = placed.money.get(name, self.edition.scale(name).unit)
            pools = scales.pools(narrative, own, placed.money, name)
            other = scales.other_unit(own[name], money, pools)
            read = (
                self._table(self.edition.tables[name], placed.lines[name], other, tables)[0]
                if other
                else None
            )
            if read:
                tables[name] = read
                rule = "money-differs" if name in placed.money else "money-untold"
                written = {"写的": money} if name in placed.money else {}
                place = next((raw.place for line in placed.lines[name] for raw in line), None)
                stated = saying(表=name, 按=other, **written)
                yield Finding.of(self.edition.rules[rule], stated, Spot(name, place=place))

    def elsewhere(self, own: Sequence[Block], others: Sequence[Block]) -> Iterator[Block]:
        """The tables that lack in their own part and stand outside of it, known by their header, with the lines around.

        Args:
            own: the blocks of their part.
            others: all others.
        """
        placed = self._place(tuple(self.captions.apart(own)))
        wanted = [t for t in self.edition.printed if t.name not in {*placed.lines, *placed.empty}]
        for index, block in enumerate(others if wanted else ()):
            if not isinstance(block, Text) and self._known(block, wanted):
                above = itertools.takewhile(self._leads, reversed(others[:index]))
                yield from (*reversed(list(above)), block)
                yield from itertools.takewhile(self._follows, others[index + 1 :])

    def _known(self, grid: Grid, wanted: Sequence[TableDeclaration]) -> bool:
        """Whether a grid has the header of one of some numbered tables."""
        parts = [part for part in self.captions.apart([grid]) if not isinstance(part, Text)]
        fits = (self._fit(table, part) for part in parts for table in wanted)
        return any(fit is not None and not fit.loose for fit in fits)

    def _leads(self, block: Block) -> bool:
        return isinstance(block, Text) and self.captions.says(block.text)

    def _follows(self, block: Block) -> bool:
        """Whether a block is a remark below a table."""
        return isinstance(block, Text) and any(
            self.captions.below(t, block.text) for t in self.edition.printed
        )

    # --- which grid is which table ---

    def _place(self, blocks: Sequence[Block]) -> Placed:
        placed, at = Placed(), _Walk()
        for block in blocks:
            if not isinstance(block, Text):
                self._take(placed, at, block)
            elif not self._heads(placed, at, block):
                self._stands(placed, at, block)
                at.before = block
        return placed

    def _heads(self, placed: Placed, at: _Walk, line: Text) -> bool:
        """Whether a line is the title of a table or tells its number; a title may be cut in two by a line end."""
        whole = self.captions.whole(at.above + line.text) if at.before in placed.texts else None
        alone = None if whole else self.captions.titled(line.text)
        titled = whole or alone or self.captions.titled(at.above + line.text)
        number, continued = self.captions.number(line.text), self.captions.continues(line.text)
        if titled is None and number is None and not (continued and self.captions.says(line.text)):
            return False
        if titled and not alone and at.before in placed.texts:
            placed.texts.remove(at.before)
            placed.below = {
                name: [t for t in texts if t is not at.before] for name, texts in placed.below.items()
            }
            placed.understood += 1
        placed.understood += 1
        if titled or not continued:
            at.owner, at.fresh, at.number = titled, titled is not None, number or at.number
            at.money = self.facts.money(line.text)
            at.sure = titled is not None and self.captions.entitled(at.above + line.text) is titled
        at.before = None
        return True

    def _stands(self, placed: Placed, at: _Walk, line: Text) -> None:
        """Keep what a line by a table tells: the preparer, the unit of money, a remark; any other is not placed."""
        nothing = at.owner is not None and self.captions.nothing(line.text) and self._lacks(placed, at.owner)
        if nothing and at.owner:
            placed.empty.add(at.owner.name)
        if at.owner and self.captions.empties(at.owner, line.text):
            placed.denied[at.owner.name] = line
        above = self.captions.above(at.owner, line.text, at.above)
        if not (nothing or above or self.captions.below(at.owner, line.text)):
            placed.texts.append(line)
            if at.owner and not self.captions.hollow(line.text):
                placed.below.setdefault(at.owner.name, []).append(line)
            return
        placed.understood += 1
        self._prepared(placed, line, at.before)
        at.money = self.facts.money(line.text) or at.money

    def _lacks(self, placed: Placed, table: TableDeclaration) -> bool:
        """Whether no row of a table has been found yet."""
        lines = placed.lines.get(table.name, [])
        header = find_header(self.edition, table, lines)
        return not lines or (header is not None and header.rows == len(lines))

    def _prepared(self, placed: Placed, line: Text, before: Text | None) -> None:
        """Keep whom a line, or the two lines that it was cut into, names as the preparer."""
        if name := self.facts.prepares(line.text):
            placed.preparers[line] = name
        elif before in placed.preparers:
            whole = self.facts.prepares(before.text + line.text) or ""
            if fold(whole).form == fold(self.facts.unit).form:
                placed.preparers[before] = whole

    def _take(self, placed: Placed, at: _Walk, grid: Grid) -> None:
        """A grid for its table: the one of the title above, the one whose header it has, or one that goes on."""
        owner = self._owner(placed, at, grid)
        before = placed.lines.get(owner.name, []) if owner else []
        if grid.banded:  # sums prove nothing where it is not known over which columns a header reaches
            placed.banded |= {owner.name} if owner else set()
            placed.grids.append(grid)
            at.before, at.money = None, None
            return
        if owner and grid.measured:
            placed.measured.setdefault(owner.name, []).append(grid)
        if owner and not before:
            placed.lines[owner.name] = list(grid.lines)
            if at.money:
                told = placed.money if at.money in PER_WAN else placed.foreign
                told[owner.name] = at.money
        elif owner and (more := self._continued(owner, before, list(grid.lines))):
            if stand_in(more, before):
                placed.repeated.append(grid)
            else:
                before += more
        else:
            placed.grids.append(grid)
        at.owner, at.fresh, at.before, at.money = owner or at.owner, False, None, None

    def _owner(self, placed: Placed, at: _Walk, grid: Grid) -> TableDeclaration | None:
        """The table that a grid is, or goes on with."""
        owner = at.owner if at.owner and at.owner.name not in placed.lines else None
        if owner and at.fresh and find_header(self.edition, owner, grid.lines) is not None:
            return owner  # as nearly every table stands: no other is asked whether it is that
        likest = self._fitting(placed, at.number, grid)
        if owner is None:
            return likest if at.owner is None or (likest and likest.name not in placed.lines) else at.owner
        belied = likest is not None and likest is not owner
        return owner if at.fresh and at.sure and not belied else likest

    def _continued(self, table: TableDeclaration, before: list[Line], more: list[Line]) -> list[Line]:
        """The lines of a further grid without its repeated header; none where it is another table."""
        header = find_header(self.edition, table, more)
        if header is None:
            return more if width(more) == width(before) else []
        own = find_header(self.edition, table, before)
        strangers = set(header.strangers.values()) - set(own.strangers.values() if own else ())
        return [] if strangers or width(more) != width(before) else more[header.rows :]

    def _fitting(self, placed: Placed, number: int | None, grid: Grid) -> TableDeclaration | None:
        """The table whose columns a grid has; of several that have them, the one of the number above, or the next."""
        fits = {table.name: fit for table in self.edition.printed if (fit := self._fit(table, grid))}
        exact = [name for name, fit in fits.items() if not fit.loose]
        if exact:
            return self.edition.tables[
                min(exact, key=lambda name: (fits[name].lacking, fits[name].strangers))
            ]
        whole = [name for name, fit in fits.items() if not (fit.lacking or fit.strangers)]
        tables = [self.edition.tables[name] for name in whole]
        numbered = next((table for table in tables if table.number == number), None)
        last = max((self.edition.tables[name].number for name in placed.lines), default=0)
        return numbered or next((table for table in tables if table.number > last), None)

    def _fit(self, table: TableDeclaration, grid: Grid) -> _Fit | None:
        """How the columns of a grid are those of a table; None where too few are."""
        header = find_header(self.edition, table, grid.lines[:DEEP])
        if header is None:
            return None
        wanted = {(i, c.name) for i, block in enumerate(table.block) for c in block.columns if c.numeric}
        lacking = wanted - header.places.keys()
        if len(lacking) * FEWEST > len(wanted):
            return None
        counting = {caption(text) for text in self.edition.forms.counting}
        strangers = [text for text in header.strangers.values() if text not in counting]
        return _Fit(len(wanted & header.loose), len(lacking), len(strangers))

    # --- what stands in a table ---

    def _table(
        self, table: TableDeclaration, lines: list[Line], money: str, earlier: Mapping[str, Table]
    ) -> tuple[Table | None, tuple[Finding, ...]]:
        """A table and what is wrong with it; none where it has no header, so that nothing of it is known.

        Args:
            table: which.
            lines: its rows.
            money: the unit of its amounts.
            earlier: the tables that were read before, which may name units that it has too.
        """
        header = find_header(self.edition, table, lines)
        fixed = fixed_rows(table, {})
        called = saying("table", 表号=table.ordinal).worded(self.edition.stating)
        if header is None:
            stated = saying("table", 表号=table.ordinal)
            place = next((raw.place for line in lines for raw in line), None)
            missing = Finding.of(self.edition.rules["column-missing"], stated, Spot(table.name, place=place))
            return None, (missing,)
        coded = lines
        lines, header, carried = body_of(self.edition, table, lines, header, money)
        tree = outline(self.edition, table.name, self.facts.kind)
        reader = TableReader(
            self.edition,
            table,
            tree,
            CellReader(money, self.edition.scale(table.name), printed=True),
            self.facts.unit,
            f"表{table.ordinal}",
        )
        read, findings = reader.read(lines, header)
        given: Mapping[str, Row] = {row.key: row for row in reversed(read.rows)}
        rows = [
            *(given.get(row.key, row) for row in fixed.rows),
            *(row for row in read.rows if row.key in table.fixed and row is not given[row.key]),
            *(
                row
                for row in with_units(reader, read.rows, self._units(earlier))
                if row.key not in table.fixed
            ),
        ]
        others = {c.name for c in table.columns.values() if c.only not in {"", self.facts.kind}}
        columns = (
            finding
            for finding in column_findings(self.edition, table, lines, header, None, called)
            if finding.spots[0].column not in others
        )
        return scales.as_rounded(self.edition, table, Table(table.name, tuple(rows)), money), (
            *columns,
            *self._shortened(table, coded, lines),
            *self._glued(table, lines, header),
            *self._carried(table, carried),
            *findings,
        )

    def _units(self, tables: Mapping[str, Table]) -> frozenset[str]:
        """The units that tables name."""
        named = [
            (tables[t.name], c) for t in self.edition.printed if t.name in tables for c in t.columns.values()
        ]
        found = (row.text(c.name) for table, c in named if c.type == "unit" for row in table.rows)
        return frozenset(filter(None, found))

    def _carried(self, table: TableDeclaration, rows: Sequence[str]) -> Iterator[Finding]:
        """Rows that only carry sums from page to page: that they were left out is told once."""
        if rows:
            names = listed(dict.fromkeys(rows), "”、“")
            told = saying(表号=table.ordinal, 行数=len(rows), 名称=names)
            yield Finding.of(self.edition.rules["row-carried"], told, Spot(table.name))

    def _glued(self, table: TableDeclaration, lines: Sequence[Line], header: Header) -> Iterator[Finding]:
        """Rows of a PDF that may be two, told once."""
        cells = glued(self.edition, table, lines, header, self.facts.blocks)
        if cells:
            names = (" ".join(str(raw.value).split()) for raw in cells)
            told = saying(表号=table.ordinal, 行数=len(cells), 名称=listed(names, "”、“"))
            spots = (Spot(table.name, place=raw.place, value=str(raw.value)) for raw in cells)
            yield Finding.of(self.edition.rules["row-glued"], told, *spots)

    def _shortened(
        self, table: TableDeclaration, printed: Sequence[Line], full: Sequence[Line]
    ) -> Iterator[Finding]:
        """Parts of codes that lack the zeros at their head, told once."""
        cells = [
            raw
            for before, after in zip(printed, full, strict=False)
            for raw, own in zip(before, after, strict=False)
            if isinstance(own.value, str) and raw.place == own.place and own.value == f"0{raw.value}"
        ]
        if cells:
            told = saying(
                表号=table.ordinal, 格数=len(cells), 代码=listed((str(raw.value) for raw in cells), "”、“")
            )
            spots = (Spot(table.name, place=raw.place, value=str(raw.value)) for raw in cells)
            yield Finding.of(self.edition.rules["code-short"], told, *spots)
