"""The parts of consolidated figures, and the rows in which the department's workbook keeps them."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, NamedTuple

from budgetgen.department.columns import UnitColumns
from budgetgen.values.amounts import ZERO
from budgetgen.values.packing import pack, unpack
from budgetgen.values.places import told_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from decimal import Decimal

    from budgetgen.department.units import Unit, Where
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Cell, Value


@dataclass(frozen=True, slots=True)
class Source:
    """A part of a consolidated figure.

    Attributes:
        table, row, column: the figure.
        unit: whose part it is, or the sheet that takes it out.
        file: name of the unit's file.
        place: where it stands there, empty for a figure that was worked out.
        value: in 万元, or what the column counts.
    """

    table: str
    row: str
    column: str
    unit: str
    file: str
    place: str
    value: Decimal


class _Packed(NamedTuple):
    """The parts that one unit has.

    Attributes:
        name, file: of the unit.
        data: where in the department, where in its file, and what.
        keys: table and key → the key that the row has by now, where it has another.
    """

    name: str
    file: str
    data: bytes
    keys: Mapping[tuple[str, str], str]

    def renamed(self, keys: Mapping[tuple[str, str], str]) -> _Packed:
        """The same where rows that are known by their number have another now."""
        before = {(table, old): keys.get((table, key), key) for (table, old), key in self.keys.items()}
        return self._replace(keys={**keys, **before})

    def parts(self) -> Iterator[tuple[Where, str, Decimal]]:
        """One after the other."""
        for where, place, value in unpack(self.data):
            key = self.keys.get(where[:2]) if self.keys else None
            yield (where[0], key, where[2]) if key else where, place, value


@dataclass
class Parts:
    """The parts of all units' figures, given or derived: each unit's are packed, for there may be 300,000."""

    units: list[_Packed] = field(default_factory=list)

    def add(self, unit: Unit, parts: Sequence[tuple[Where, Cell]]) -> None:
        """One more unit's, with the figures of the department that they go into."""
        told = [(where, told_place(cell.place), cell.value) for where, cell in parts]
        self.units.append(_Packed(unit.name, unit.book.file, pack(told), {}))

    def join(self, later: Parts, keys: Mapping[tuple[str, str], str]) -> None:
        """Those of the units after these; table and former key → key of the rows that have another now."""
        self.units += (unit.renamed(keys) for unit in later.units)

    def of(self, figures: Iterable[Where]) -> tuple[Source, ...]:
        """Those of some figures, in the order of the figures, each unit after unit."""
        order = {where: (ordinal, where) for ordinal, where in enumerate(figures)}
        found = sorted(self._of(order), key=itemgetter(0))
        return tuple(source for _, source in found)

    def columns(self, tables: AbstractSet[str]) -> UnitColumns:
        """Every figure of some tables with what each unit has in it."""
        values: dict[Where, dict[int, Decimal]] = {}
        for number, unit in enumerate(self.units):
            for where, _, value in unit.parts():
                if where[0] in tables:
                    own = values.setdefault(where, {})
                    own[number] = own.get(number, ZERO) + value
        return UnitColumns(tuple(unit.name for unit in self.units), values)

    def _of(self, order: Mapping[Where, tuple[int, Where]]) -> Iterator[tuple[int, Source]]:
        for unit in self.units:
            for where, place, value in unit.parts():
                if where in order:
                    ordinal, known = order[where]  # its texts are held once
                    yield ordinal, Source(*known, unit.name, unit.file, sys.intern(place), value)


def source_rows(parts: Iterable[Source], edition: Edition) -> Iterator[Sequence[Value]]:
    """The rows of the sheet of parts, the values of its columns; each made when it is asked for: there may be 100,000."""
    declared = edition.consolidating.traces
    told = {
        declared.table: "table",
        declared.row: "row",
        declared.column: "column",
        declared.unit: "unit",
        declared.file: "file",
        declared.place: "place",
        declared.amount: "value",
    }
    values = attrgetter(*(told[column.name] for column in edition.tables[declared.sources].main.columns))
    return ([None if value == "" else value for value in values(part)] for part in parts)
