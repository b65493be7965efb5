"""The figures that the finance bureau has approved against those of the units and of their department."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from budgetgen.values.amounts import ZERO, tolerance
from budgetgen.values.model import BLANK, TOTAL, Cell
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from budgetgen.department.units import Unit
    from budgetgen.edition.declarations import Edition

Figure: TypeAlias = tuple[str, str, str]
"""Key, table, column."""
Matter: TypeAlias = Literal["differs", "unapproved", "unit", "file"]
"""Another amount; none approved; no approved figures for a unit; no file for a unit that has some."""


@dataclass(frozen=True)
class ApprovedFigure:
    """An amount that the bureau has approved.

    Attributes:
        unit: name of the unit as the sheet has it; empty for all units together.
        unit_code: its code, where the sheet tells it.
        key: the code, or 总计.
        table, column: which figure of the unit it is.
        cell: the amount in 万元, where it stands, and how many rounded figures are in it.
    """

    unit: str
    unit_code: str
    key: str
    table: str
    column: str
    cell: Cell

    @property
    def figure(self) -> Figure:
        """Which figure it is."""
        return self.key, self.table, self.column


@dataclass(frozen=True)
class ControlDifference:
    """Where a unit's figure is not the approved one.

    Attributes:
        unit: whose; empty for all units together.
        what: in which way.
        figure: key, table and column; blanks where it is about a whole unit.
        approved, own: both amounts, with their places; blank for none.
        file: of the unit.
    """

    unit: str
    what: Matter
    figure: Figure = ("", "", "")
    approved: Cell = BLANK
    own: Cell = BLANK
    file: str = ""

    @property
    def difference(self) -> Decimal:
        """The unit's less the approved, in 万元."""
        return self.own.amount - self.approved.amount


@dataclass
class ControlComparison:
    """The approved figures beside those of units, one unit at a time.

    Attributes:
        edition: the format.
        figures: as approved.
    """

    edition: Edition
    figures: Sequence[ApprovedFigure]
    sums: dict[Figure, Cell] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.by_unit: defaultdict[str, list[ApprovedFigure]] = defaultdict(list)
        for figure in self.figures:
            self.by_unit[caption(figure.unit)].append(figure)
        self.asked = {one.figure for one in self.figures}
        self.codes = {one.unit_code: caption(one.unit) for one in self.figures if one.unit_code and one.unit}

    def names(self, unit: str, code: str = "") -> str:
        """The caption by which the sheet has a unit; empty where it has it not."""
        told = caption(unit)
        return told if told in self.by_unit else self.codes.get(code, "")

    def of(self, unit: Unit, code: str = "") -> Iterator[ControlDifference]:
        """Every difference of one more unit."""
        for figure in self.asked:
            self._add(figure, unit.book.cell(figure[1], figure[0], figure[2]))
        name = self.names(unit.name, code)
        if not name:
            yield ControlDifference(unit.name, "unit", file=unit.book.file)
            return
        self.met.add(name)
        for approved in self.by_unit[name]:
            own = unit.book.cell(approved.table, approved.key, approved.column)
            if _differ(approved.cell, own):
                yield ControlDifference(
                    unit.name, "differs", approved.figure, approved.cell, own, unit.book.file
                )
        yield from self._unapproved(unit, self.by_unit[name])

    def rest(self, whole: Unit | None) -> Iterator[ControlDifference]:
        """The units without a file; and all of them together.

        Args:
            whole: the department, where there is its workbook: it is what is published; else the sum of the units.
        """
        for name, figures in self.by_unit.items():
            if name and name not in self.met:
                yield ControlDifference(figures[0].unit, "file", approved=figures[0].cell)
        if whole is None and any(name and name not in self.met for name in self.by_unit):
            return  # the sum lacks units that are told
        file = whole.book.file if whole else ""
        for (key, table, column), approved in self._together().items():
            own = whole.book.cell(table, key, column) if whole else self.sums.get((key, table, column), BLANK)
            if _differ(approved, own):
                yield ControlDifference("", "differs", (key, table, column), approved, own, file)

    def _together(self) -> Mapping[Figure, Cell]:
        """What is approved for all units: as the sheet says, else the sum of its units."""
        sums: dict[Figure, Cell] = {}
        for one in (one for one in self.figures if one.unit):
            before = sums.get(one.figure, BLANK)
            sums[one.figure] = Cell(before.amount + one.cell.amount, terms=before.terms + one.cell.terms)
        return {**sums, **{one.figure: one.cell for one in self.by_unit.get("", ())}}

    def _add(self, figure: Figure, own: Cell) -> None:
        before = self.sums.get(figure, BLANK)
        self.sums[figure] = Cell(before.amount + own.amount, terms=before.terms + own.terms)

    def _unapproved(self, unit: Unit, figures: Iterable[ApprovedFigure]) -> Iterator[ControlDifference]:
        """The lines of which nothing is approved, in tables and columns of which lines are."""
        known: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for one in figures:
            known[one.table, one.column].add(one.key)
        for (table, column), keys in known.items():
            lengths = {len(key) for key in keys - {TOTAL}}
            for row in unit.book[table].lines():
                if len(row.key) in lengths and row.key not in keys and row[column].amount:
                    figure = row.key, table, column
                    yield ControlDifference(
                        unit.name, "unapproved", figure, own=row[column], file=unit.book.file
                    )


def _differ(approved: Cell, own: Cell) -> bool:
    slack = tolerance(approved.terms + own.terms) if approved.terms or own.terms else ZERO
    return abs(approved.amount - own.amount) > slack
