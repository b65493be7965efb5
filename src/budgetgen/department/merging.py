"""One table of the department out of the same table of its units.

A figure that some unit gave is given in the department as well: the sum of what all units have there, given or
derived. One that every unit left to the relations is left to them again. So totals that units rounded by
themselves are added up as they are, and amounts in 元 lose nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.book.outline import TOP, Position, numbered, outline
from budgetgen.department.drafts import gathered
from budgetgen.department.units import unplaced
from budgetgen.values.model import BLANK, TOTAL, Cell, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.book.outline import Outline
    from budgetgen.department.units import Unit, Where
    from budgetgen.edition.declarations import Consolidated, Edition, TableDeclaration

NUMERIC = frozenset({"money", "number", "count"})


@dataclass(slots=True)
class _Figure:
    """A cell while it is added up."""

    value: Decimal | None = None
    terms: Decimal | int = 0
    given: bool = False

    def add(self, cell: Cell) -> None:
        self.join(cell.value if isinstance(cell.value, Decimal) else None, cell.terms, given=cell.given)

    def join(self, value: Decimal | None, terms: Decimal | int, *, given: bool) -> None:
        self.given = self.given or given
        if value is not None:
            self.value = value if self.value is None else self.value + value
            self.terms += terms


@dataclass(slots=True)
class _Line:
    """A row while it is put together."""

    place: Position
    parent: str | None
    texts: dict[str, Cell] = field(default_factory=dict)
    drafts: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    figures: dict[str, _Figure] = field(default_factory=dict)
    left: dict[str, Cell] = field(default_factory=dict)

    def figure(self, column: str) -> _Figure:
        if column not in self.figures:
            self.figures[column] = _Figure()
        return self.figures[column]

    def lacks(self, column: str) -> bool:
        """Whether no text stands there yet: that of the first who says anything stays."""
        return self.texts.get(column, BLANK).value is None

    def join(self, later: _Line) -> None:
        """What later units have in the same row."""
        self.texts |= {column: cell for column, cell in later.texts.items() if self.lacks(column)}
        for column, texts in later.drafts.items():
            self.drafts.setdefault(column, []).extend(texts)
        for column, figure in later.figures.items():
            self.figure(column).join(figure.value, figure.terms, given=figure.given)
        for column, cell in later.left.items():
            self.left.setdefault(column, cell)


@dataclass
class Merging:
    """A table while it is put together.

    Attributes:
        edition: the format.
        table: the declaration.
    """

    edition: Edition
    table: TableDeclaration
    lines: list[_Line] = field(default_factory=list)
    by_key: dict[str, _Line] = field(default_factory=dict)
    becoming: dict[tuple[str, str], tuple[Consolidated, bool]] = field(default_factory=dict)

    def __getstate__(self) -> dict[str, object]:
        """Without what is worked out from the declaration."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def add(self, unit: Unit) -> Iterator[tuple[Where, Cell]]:
        """Take in one more unit's table; its figures come out with those of the department that they go into."""
        for row in unit.book[self.table.name].rows:
            for place, parent in self._places(row, unit):
                yield from self._add(self._line(place, parent), row, unit)

    def join(self, lines: Sequence[_Line]) -> Iterator[tuple[str, str]]:
        """Take in what the units after these have; of figures' rows that have another number now, both keys."""
        for ordinal, line in enumerate(lines, start=1):
            place = self._renumbered(line.place) if line.place.key == numbered(ordinal) else line.place
            if line.figures and place.key != line.place.key:
                yield line.place.key, place.key
            if known := self._known(place):
                known.join(line)
            else:
                line.place = place
                self._append(line)

    def table_of(self, *, several: bool) -> Table:
        """The department's table; a lone unit's texts are the department's, those of several are drafts."""
        rows = (self._row(line, several=several) for line in self.lines)
        return Table(self.table.name, tuple(row for row in rows if row))

    def given(self) -> Iterator[Where]:
        """Every figure that is given."""
        for line in self.lines:
            for column, figure in line.figures.items():
                if figure.given:
                    yield self.table.name, line.place.key, column

    # --- where a unit's row goes ---

    @cached_property
    def tree(self) -> Outline:
        """The outline of the department's table."""
        return outline(self.edition, self.table.name, self.edition.consolidating.kind)

    @cached_property
    def _unit_columns(self) -> tuple[str, ...]:
        return self.table.of_type("unit")

    @cached_property
    def _apart(self) -> Mapping[str, Cell]:
        """What every row has, so that it tells its unit."""
        return {c.name: BLANK for c in self.table.columns.values() if c.apart}

    def _places(self, row: Row, unit: Unit) -> Iterator[tuple[Position, str | None]]:
        if self.table.consolidated == "unit":
            yield from self._under_unit(row, unit)
        elif self.table.consolidated == "append":
            place = self.tree.position(self._keys(row, unit), len(self.lines) + 1)
            yield place, _key(self.tree.above(place))
        else:
            yield Position(row.key, row.level, row.line, {}), row.parent

    def _under_unit(self, row: Row, unit: Unit) -> Iterator[tuple[Position, str | None]]:
        """A line under its unit; a unit's total is that of its rows, and part of the department's."""
        if row.key == TOTAL:
            yield TOP, None
            if any(level.by in self._unit_columns for level in self.tree.levels) and not self._has_units(
                unit
            ):
                place = self.tree.position(dict.fromkeys(self._unit_columns, unit.called or unit.name), 0)
                yield place, _key(self.tree.above(place))
            return
        place = self.tree.position(self._keys(row, unit), len(self.lines) + 1)
        place = replace(place, line=row.line)
        yield place, _key(self.tree.above(place))

    def _renumbered(self, place: Position) -> Position:
        """The place of a row that is added next: one without a name is known by its number."""
        if self.table.consolidated not in {"unit", "append"}:
            return place
        return replace(place, key=self.tree.position(place.keys, len(self.lines) + 1).key)

    def _has_units(self, unit: Unit) -> bool:
        """Whether the unit's own table has rows of units, which are taken as they are."""
        levels = {level.name for level in self.tree.levels if level.by in self._unit_columns}
        return any(row.level in levels for row in unit.book[self.table.name].rows)

    def _keys(self, row: Row, unit: Unit) -> Mapping[str, str]:
        return {c: self._text(row[c], c, unit) for c in self.table.main.key}

    def _text(self, cell: Cell, column: str, unit: Unit) -> str:
        """A text of a key column as the department has it."""
        text = "" if cell.value is None else str(cell.value)
        told = not cell.given and column in self._unit_columns
        return self._owner(column, unit) if told else text

    def _owner(self, column: str, unit: Unit) -> str:
        """The unit of a row that names none; of a department's row it is not known which of its units."""
        return "" if unit.inner and self.table.columns[column].apart else unit.called or unit.name

    def _line(self, place: Position, parent: str | None) -> _Line:
        return self._known(place) or self._append(_Line(place, parent))

    def _known(self, place: Position) -> _Line | None:
        """The row that others of its key are added to; None for the first of them, and for one that stands by itself."""
        merged = self.table.consolidated not in {"unit", "append"} or not place.line
        return self.by_key.get(place.key) if merged else None

    def _append(self, line: _Line) -> _Line:
        self.lines.append(line)
        self.by_key.setdefault(line.place.key, line)
        return line

    # --- what goes there ---

    def _add(self, line: _Line, row: Row, unit: Unit) -> Iterator[tuple[Where, Cell]]:
        fixed = row.key if row.key in self.table.fixed else ""
        for column, cell in {**self._apart, **row.cells}.items():
            mode, counts = self._becoming(column, fixed)
            if mode == "none":
                if column not in line.left:
                    line.left[column] = unplaced(cell)
            elif counts:
                line.figure(column).add(cell)
                if isinstance(cell.value, Decimal):
                    yield (self.table.name, line.place.key, column), cell
            elif mode == "draft" and self._is_text(column):
                if cell.value is not None:
                    line.drafts.setdefault(column, []).append((unit.name, str(cell.value)))
            elif line.lacks(column):
                line.texts[column] = self._told(row, column, cell, unit)

    def _becoming(self, column: str, fixed: str) -> tuple[Consolidated, bool]:
        """What becomes of a cell, and whether it is a number; asked of every cell of a thousand units, so it is kept."""
        where = column, fixed
        if where not in self.becoming:
            counts = self.edition.kind(self.table.name, column, fixed) in NUMERIC
            self.becoming[where] = self._mode(column, fixed), counts
        return self.becoming[where]

    def _told(self, row: Row, column: str, cell: Cell, unit: Unit) -> Cell:
        if column in self._unit_columns and row.line and self.table.consolidated in {"unit", "append"}:
            owner = cell.value if cell.given and cell.value else self._owner(column, unit)
            return Cell(owner, given=True) if owner else BLANK
        return unplaced(cell)

    def _mode(self, column: str, key: str) -> Consolidated:
        """What becomes of a cell: as its column says, else its fixed row, else its table."""
        declared = self.table.columns[column]
        fixed = self.table.fixed.get(key)
        if declared.type == "label":
            return self.table.consolidated
        return declared.consolidated or (fixed and fixed[1].consolidated) or self.table.consolidated

    def _named(self, line: _Line) -> bool:
        """Whether a unit gave a name of its own to a code."""
        columns = self.table.columns
        return any(cell.given and columns[c].type == "name" for c, cell in line.texts.items())

    def _is_text(self, column: str) -> bool:
        return self.table.columns[column].type == "text" and column not in self.table.main.key

    def _row(self, line: _Line, *, several: bool) -> Row | None:
        figures = {c: f for c, f in line.figures.items() if f.given}
        fixed = line.place.key in self.table.fixed
        if not (line.place.line or fixed or figures or self._named(line)):
            return None  # a row that adds others up and of which nothing was given comes by itself
        cells = dict(line.texts) if several else {**line.texts, **line.left}
        cells |= {c: Cell(f.value, given=True, terms=f.terms) for c, f in figures.items()}
        cells |= {c: gathered(self.edition, texts, drafted=several) for c, texts in line.drafts.items()}
        keys = {c: text for c, text in line.place.keys.items() if text}
        cells |= {c: Cell(text) for c, text in keys.items() if cells.get(c, BLANK).value is None}
        return Row(line.place.key, line.place.level, line.parent, cells, line.place.line)


def _key(place: Position | None) -> str | None:
    return place.key if place else None
