"""Performance tables: a head of labelled cells, then indicator rows."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.reading.cells import CellReader, Complaint, Raw
from budgetgen.reading.document.blocks import same, width
from budgetgen.reading.document.narrative.gathered import UnreadCell
from budgetgen.reading.document.narrative.patterns import Turner
from budgetgen.reading.document.printed.glued import broken_on_page
from budgetgen.values import amounts
from budgetgen.values.amounts import WAN
from budgetgen.values.model import Cell, Row
from budgetgen.values.repeats import in_full
from budgetgen.values.sayings import saying
from budgetgen.values.text import caption, fold, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Column, Edition, PerformanceField, PerformanceTable
    from budgetgen.reading.cells import Line
    from budgetgen.reading.document.blocks import Grid
    from budgetgen.reading.document.narrative.gathered import Gathered
    from budgetgen.reading.document.narrative.patterns import Turned

AMOUNT = re.compile(r"\s*[-－(（]?[\d,，]+[.．]\d+[)）]?\s*")
"""A cell of nothing but an amount; whole numbers stand in many places."""
COLON = re.compile(r"[:：]")
LONG = 40
"""How many signs a label in one cell with its value may have."""
FEWEST = 3
"""How many captions a line of captions holds at least."""
SEVERAL = 2
"""In how many cells paragraphs stand side by side where they are rows."""
UNKEYED = "\0"
"""Begins the key of a row that nothing names, until its place in the table is known."""


@dataclass(frozen=True)
class PerformanceReader:
    """Reads the tables of one performance declaration."""

    edition: Edition
    declared: PerformanceTable

    def read(self, grid: Grid, gathered: Gathered, number: int) -> dict[str, list[Row]] | None:
        """The head and the indicator rows of a table, by name; None where the grid is none of that kind.

        What its labels show of the house style is gathered. The number of the table stands where that of the
        unit will, which is not yet known.
        """
        header = self._header(grid)
        if header is None or not self._headed(grid.lines[:header]):
            return None
        head = self._head(grid.lines[:header], gathered)
        if (grid.measured or grid.level) and not self._proven(grid, header, head):
            return None
        rows = self._head_rows(head, gathered)
        if not rows:
            return None
        indicators = self._indicators(head, grid.lines[header:], gathered)
        for raw in self._left(grid.lines[:header], head):
            _tell(raw, gathered)
        own = {self.declared.owner: Cell(str(number))} if self.declared.owner else {}
        found = {self.declared.heads: rows, self.declared.indicators: indicators}
        return {name: [row.with_cells(own) for row in table] for name, table in found.items()}

    def _headed(self, lines: Sequence[Line]) -> bool:
        """Whether more than half of the labels that begin the rows of the declared head stand in some lines."""
        needed = self._first_labels
        texts = [str(raw.value) for line in lines for raw in line if not raw.blank]
        met = sum(any(self._is(field, text) for text in texts) for field in needed)
        return met * 2 > len(needed)

    @cached_property
    def _first_labels(self) -> Sequence[PerformanceField]:
        """The labels that begin the rows of the declared head."""
        return [line[0] for line in self.declared.head if line[0].label]

    def rest(self, before: Grid, grid: Grid) -> tuple[tuple[Raw, ...], ...] | None:
        """The indicator rows of a grid that goes on with the one before; None where it does not.

        It repeats all above the indicators, or the line of captions alone, or the beginning of the head.
        """
        header, own = self._header(before), self._header(grid)
        if header is None or grid.banded or width(before.lines) != width(grid.lines):
            return None
        if own is not None:
            above = before.lines[: header + 1] if own else before.lines[header : header + 1]
            return grid.lines[own + 1 :] if same(grid.lines[: own + 1], above) else None
        pairs = zip(before.lines[: header + 1], grid.lines, strict=False)
        repeated = sum(1 for _ in itertools.takewhile(lambda pair: same(pair[:1], pair[1:]), pairs))
        more = grid.lines[repeated:]
        if not repeated or any(self._labelled(str(raw.value or "")) for line in more for raw in line[:1]):
            return None
        return more

    # --- whether a table is one whose cells were only measured ---

    def _proven(self, grid: Grid, header: int, head: Mapping[str, Raw]) -> bool:
        """Whether all that stands in a table is what should stand there: else texts were cut, or put in other cells.

        The first label, where no end of a page cut it off; labels and their values; captions; below each of them a text in most rows, and in the first row of them the
        names of all groups: the name of a group may stand beside any of its rows, and then it is not known which are.
        """
        captions = [self._captions.get(caption(raw.value)) for raw in grid.lines[header]]
        known = {at for at, column in enumerate(captions) if column}
        body = list(self._body(grid.lines[header:]))
        rows = [{at for at, raw in enumerate(line) if not raw.blank} for line in body]
        first = [str(raw.value) for raw in grid.lines[0] if not raw.blank][:1]
        single = [at for at in known if captions[at] not in self._groups]
        groups = known - set(single)
        return (
            not grid.cut
            and all(self._is(self._first_labels[0], text) for text in first)
            and not any(self._left(grid.lines[:header], head))
            and all(raw.blank or at in known for at, raw in enumerate(grid.lines[header]))
            and all(filled <= known for filled in rows)
            and all(2 * len(filled & set(single)) > len(single) for filled in rows)
            and all(groups <= filled for filled in rows[:1])
            and not any(len(list(_stacked(line, single))) > 1 for line in body)
        )

    @cached_property
    def _groups(self) -> frozenset[str]:
        """The columns that tell of groups of indicators."""
        columns = self.edition.tables[self.declared.indicators].main.columns
        return frozenset(column.name for column in columns if column.merge)

    # --- the head ---

    @cached_property
    def _labels(self) -> tuple[tuple[PerformanceField, Turned], ...]:
        """All labels, turned round."""
        turner = Turner(self.edition)
        return tuple(
            (field, turner.turn(text))
            for line in self.declared.head
            for field in line
            if field.label
            for text in (field.label, *field.aliases)
        )

    def _is(self, wanted: PerformanceField, text: str) -> bool:
        own = [turned for field, turned in self._labels if field is wanted]
        return any(_met(turned, label) for label in (text, *_before_colons(text)) for turned in own)

    def _labelled(self, text: str) -> tuple[PerformanceField, Turned] | None:
        """The label that a cell holds."""
        return next(((field, turned) for field, turned in self._labels if _met(turned, text)), None)

    def _head(self, lines: Sequence[Line], gathered: Gathered) -> dict[str, Raw]:
        """Column → the cell that stands after its label, or what follows it in its own cell."""
        values: dict[str, Raw] = {}
        for line in lines:
            cells = [raw for raw in line if not raw.blank]
            taken: Raw | None = None
            for left, right in itertools.pairwise([*cells, Raw(None)]):
                if left is taken:
                    continue
                field, value = self._told(left, right, gathered)
                column = self._after(field) if field else ""
                if value is not None and column and column not in values:
                    values[column], taken = value, value
        return values

    def _told(
        self, raw: Raw, following: Raw, gathered: Gathered
    ) -> tuple[PerformanceField | None, Raw | None]:
        """The label of a cell and the cell of its value: what follows it in the same cell, or the cell beside."""
        found = self._labelled(str(raw.value))
        if found is not None:
            gathered.vote(self.edition, found[1].said(fold(str(raw.value))))
            return found[0], None if self._labelled(str(following.value or "")) else following
        for label in _before_colons(str(raw.value)):
            if run := self._labelled(label):
                return run[0], raw._replace(value=str(raw.value)[len(label) + 1 :].strip())
        return None, None

    def _left(self, lines: Sequence[Line], head: Mapping[str, Raw]) -> Iterator[Raw]:
        """The cells of the head that are no label and follow none; of a place that was read, what else stands there."""
        unread = {raw.place for raw in head.values()}
        for raw in (raw for line in lines for raw in line if not raw.blank):
            if raw.place in unread:
                unread.remove(raw.place)
            elif not self._labelled(str(raw.value)):
                yield raw

    def _after(self, label: PerformanceField) -> str:
        """The column whose value follows a label in the declared head; empty for none."""
        for line in self.declared.head:
            shown = [field for field in line if field.label or field.says or field.column]
            for left, right in itertools.pairwise(shown):
                if left is label:
                    return right.column
        return ""

    def _head_rows(self, head: Mapping[str, Raw], gathered: Gathered) -> list[Row]:
        """The row of a head, or the rows of the one head whose facts stand one below the other."""
        table = self.edition.tables[self.declared.heads]
        if not self.declared.by:
            return list(self._stacked(head, gathered))
        columns = (column for column in table.main.columns if column.name in head)
        cells = {column.name: _cell(head[column.name], column, gathered) for column in columns}
        name = str(cells[self.declared.by].value or "") if self.declared.by in cells else ""
        return [Row(name, table.main.levels[-1].name, None, cells)] if name else []

    def _stacked(self, head: Mapping[str, Raw], gathered: Gathered) -> Iterator[Row]:
        table = self.edition.tables[self.declared.heads]
        value = table.main.value
        for key, (block, fixed) in table.fixed.items():
            cells = {block.label.name: Cell(key)} if block.label else {}
            if value and key in head:
                column = next(c for c in block.of_row(fixed) if c.name == value.name)
                cells[value.name] = _cell(head[key], column, gathered)
            yield Row(key, "", None, cells)

    # --- the indicators ---

    def _indicators(
        self, head: Mapping[str, Raw], lines: Sequence[Line], gathered: Gathered
    ) -> Iterator[Row]:
        columns = self.edition.tables[self.declared.indicators].main.columns
        captions = [self._captions.get(caption(raw.value)) for raw in lines[0]]
        places = {column: index for index, column in enumerate(captions) if column}
        known = {*places.values(), *_tell_unknown(lines, captions, gathered)}
        owner = head[self.declared.by].value if self.declared.by else None
        above: dict[str, Cell] = {}
        written = Counter[int]()
        single = [places[column.name] for column in columns if column.name in places and not column.merge]
        body = (row for line in self._body(lines) for row in _stacked(line, single))
        for ordinal, line in enumerate(body, start=1):
            for raw in (raw for index, raw in enumerate(line) if index not in known):
                _tell(raw, gathered)
            gathered.broken += (raw for raw in line if broken_on_page(raw))
            cells = {
                column.name: _cell(line[places[column.name]], _as_printed(column), gathered)
                for column in columns
                if column.name in places and places[column.name] < len(line)
            }
            if all(cell.value is None for cell in cells.values()):
                continue
            groups = [column.name for column in columns if column.merge and column.name in places]
            written.update(_written_out(groups, cells, above))
            cells |= _repeated(groups, cells, above)
            if self.declared.by:
                cells[self.declared.by] = Cell(owner, given=True)
            yield Row(f"{UNKEYED}{ordinal}", "", None, cells)
        self._vote(written, gathered)

    def _body(self, lines: Sequence[Line]) -> Iterator[Line]:
        """The lines below the captions; the name of a group that stands in a line by itself is that of the next one."""
        own = [line for line in lines[1:] if not self._captioned(line)]
        named = self._captions.get(caption(lines[0][0].value)) in self._groups
        name: Raw | None = None
        for line, below in itertools.pairwise([*own, ()]):
            alone = named and [at for at, raw in enumerate(line) if not raw.blank] == [0]
            if alone and below and below[0].blank:
                name = line[0]
            else:
                yield line if name is None else (name, *line[1:])
                name = None

    def _vote(self, written: Counter[int], gathered: Gathered) -> None:
        """What a table tells of how its groups are written."""
        house = self.edition.house
        if self.declared.merging and written:
            choices = self.edition.choices(self.declared.merging)
            votes = gathered.votes.setdefault((house.about, self.declared.merging, house.value), Counter())
            votes[choices[min(written.most_common(1)[0][0], len(choices) - 1)]] += 1

    @cached_property
    def _captions(self) -> Mapping[str, str]:
        return {
            caption(text): field.column
            for field in self.declared.columns
            for text in (field.label, *field.aliases)
        }

    def _header(self, grid: Grid) -> int | None:
        """The line of captions."""
        return next((index for index, line in enumerate(grid.lines) if self._captioned(line)), None)

    def _captioned(self, line: Line) -> bool:
        """Whether a line holds captions of columns, and more of them than other words."""
        filled = [caption(raw.value) for raw in line if not raw.blank]
        found = {self._captions[text] for text in filled if text in self._captions}
        return len(found) >= FEWEST and len(found) * 2 > len(filled)


def _before_colons(text: str) -> Iterator[str]:
    """What stands before the first or second colon of a text that is followed by words."""
    colons = [found.start() for found in itertools.islice(COLON.finditer(text[:LONG]), 2)]
    return (text[:at] for at in colons if at and text[at + 1 :].strip())


def _stacked(line: Line, places: Iterable[int]) -> Iterator[Line]:
    """The rows of indicators that stand one below the other, as paragraphs, in the cells of one row.

    They do where most of its cells have the same number of paragraphs, and none another; a cell of one paragraph
    belongs to the first of them.

    Args:
        line: the row.
        places: of the columns that tell of one indicator, and not of a group.
    """
    cells = [line[at] for at in places if at < len(line) and not line[at].blank]
    several = [raw for raw in cells if "\n" in str(raw.value)]
    counts = {str(raw.value).count("\n") + 1 for raw in several}
    if len(counts) != 1 or len(several) < SEVERAL or len(several) * 2 <= len(cells):
        yield line
        return
    (count,) = counts
    parts = [str(raw.value or "").split("\n") for raw in line]
    for number in range(count):
        yield tuple(
            raw._replace(value=(part[number] if number < len(part) else "") or None)
            for raw, part in zip(line, parts, strict=True)
        )


def _met(turned: Turned, text: str) -> bool:
    """Whether a cell holds a label; a colon at its end does not matter."""
    return turned.match(fold(text)) is not None or turned.match(fold(text.rstrip(":： "))) is not None


def counted(rows: Sequence[Row]) -> Iterator[Row]:
    """Rows that nothing names are known by their place in the table, as in a workbook."""
    for ordinal, row in enumerate(rows, start=1):
        yield replace(row, key=f"第{ordinal}行") if row.key.startswith(UNKEYED) else row


def _cell(raw: Raw, column: Column, gathered: Gathered) -> Cell:
    """A cell; what is lost of it is told."""
    cell, complaints = CellReader(WAN).read(raw, column, derived=False)
    if cell.value is None and complaints:
        gathered.cells_unread.append(UnreadCell(raw.place, complaints[0], column.captions[-1]))
    return cell


def _tell(raw: Raw, gathered: Gathered) -> None:
    """Note a cell that is not read, where it holds an amount."""
    text = str(raw.value or "")
    if AMOUNT.fullmatch(text) or amounts.amounts_in(text):
        stray = Complaint("cell-unread", saying("stray", 原文=one_line(text)))
        gathered.cells_unread.append(UnreadCell(raw.place, stray))


def _tell_unknown(lines: Sequence[Line], captions: Sequence[str | None], gathered: Gathered) -> Iterator[int]:
    """Note the columns whose captions are not known, where anything stands in them: each once, not cell by cell."""
    for index, raw in enumerate(lines[0]):
        if captions[index] is None and not raw.blank and any(_filled(line, index) for line in lines[1:]):
            unknown = Complaint("cell-unread", saying("column", 列=one_line(str(raw.value))))
            gathered.cells_unread.append(UnreadCell(raw.place, unknown))
            yield index


def _filled(line: Line, index: int) -> bool:
    return index < len(line) and not line[index].blank


def _repeated(merged: Sequence[str], cells: Mapping[str, Cell], above: dict[str, Cell]) -> Mapping[str, Cell]:
    """The blank cells that repeat those above; `above` is kept up."""
    own = {name: cells[name].value for name in merged if name in cells}
    full = in_full(merged, own, {name: cell.value for name, cell in above.items()})
    repeated = {name: above[name] for name, value in own.items() if value is None and name in full}
    held = {name: repeated.get(name) or cells[name] for name in own if name in full}
    above.clear()
    above.update(held)
    return repeated


def _written_out(
    groups: Sequence[str], cells: Mapping[str, Cell], above: Mapping[str, Cell]
) -> Iterator[int]:
    """How many of the columns of groups repeat what stands above, where a row is of the same groups as that."""
    told = [cells.get(name, Cell()).value for name in groups]
    same = [
        value is None or value == above.get(name, Cell()).value
        for name, value in zip(groups, told, strict=True)
    ]
    if groups and above and all(same):
        yield sum(value is not None for value in told)


def _as_printed(column: Column) -> Column:
    """A choice is read as it was printed, whether it is one of those in force or not."""
    return replace(column, choices=())
