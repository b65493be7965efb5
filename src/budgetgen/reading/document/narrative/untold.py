"""What sentences that were not understood may have told: it is not known, and neither is what follows from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgetgen.edition.declarations import FIGURES, FigureColumn
from budgetgen.formula.nodes import CellOf, Constant
from budgetgen.reading.document.narrative.patterns import Turner, unmarked
from budgetgen.values.findings import Spot
from budgetgen.values.patterns import slots
from budgetgen.values.text import fold, unspaced

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from budgetgen.edition.declarations import Edition, ListDeclaration, StatementDeclaration
    from budgetgen.reading.document.narrative.gathered import Gathered
    from budgetgen.reading.document.narrative.naming import Naming
    from budgetgen.values.model import Row

FIGURE = re.compile(r"\d(?!年)")


def figured(text: str) -> bool:
    """Whether a paragraph may tell a figure: it has a number beside its list mark and years."""
    return bool(FIGURE.search(re.sub(r"\d{4}年", "", unmarked(fold(text).form))))


@dataclass(frozen=True)
class Untold:
    """What the sections of a document should tell and did not.

    Attributes:
        edition: which statements there are.
        naming: the rows that they speak of.
        gathered: what was read of them.
    """

    edition: Edition
    naming: Naming
    gathered: Gathered

    def spots(self, sections: Collection[str]) -> tuple[Spot, ...]:
        """The cells, and the tables, that only sentences of these sections tell, and no sentence did."""
        told = (
            spot
            for statement in self.edition.statement
            if statement.section in sections and statement.read
            for spot in self.of(statement)
        )
        return tuple(dict.fromkeys(told))

    def named(self, said: Sequence[str]) -> Iterator[tuple[str, Spot]]:
        """Those of the figures that sentences name which were not understood, each with its section."""
        rows = [
            (statement.section, row.key, name)
            for statement in self.edition.statement
            if said and statement.each == FIGURES and statement.read
            for row in self._unsaid(statement.level)
            if (name := unspaced(row.text(FigureColumn.NAME)))
        ]
        for one in said:
            met = [(section, key, name) for section, key, name in rows if name in one]
            longest = max((len(name) for _, _, name in met), default=0)
            keys = dict.fromkeys((section, key) for section, key, name in met if len(name) == longest)
            yield from ((section, spot) for section, key in keys for spot in self._figure(key))

    def of(self, declared: StatementDeclaration | ListDeclaration) -> Iterator[Spot]:
        """Those that only one of them tells."""
        if declared.each == FIGURES:
            yield from self._figures(declared.level)
        elif declared.each in self.edition.tables and not self.edition.tables[declared.each].printed:
            yield Spot(declared.each)
        for inner in declared.list.values():
            yield from self.of(inner)
        yield from self._cells(declared)

    def _figures(self, level: str) -> Iterator[Spot]:
        """Last year's amounts and the reasons of figures of a level."""
        for row in self._unsaid(level):
            yield from self._figure(row.key)

    def _unsaid(self, level: str) -> Iterator[Row]:
        """The figures of a level that something is not told of."""
        told = self.gathered.priors.keys() & self.gathered.reasons.keys()
        return (row for row in self.naming.rows(FIGURES, level) if row.key not in told)

    def _figure(self, key: str) -> Iterator[Spot]:
        stored = self.edition.comparisons
        if key not in self.gathered.priors:
            yield Spot(stored.prior, key, self.edition.basis(key).amount)
        if key not in self.gathered.reasons:
            yield Spot(stored.reasons, key, stored.reason)

    def _cells(self, declared: StatementDeclaration | ListDeclaration) -> Iterator[Spot]:
        """The cells of fixed rows that are no part of a numbered table."""
        turner = Turner(self.edition, declared.each, "", declared.let, declared.list)
        for name in dict.fromkeys(slot for case in declared.cases for slot in slots(case.says)):
            match turner.node(name):
                case CellOf(table=table, key=(Constant(value=str(key)),), column=column) if (
                    table in self.edition.tables and table != self.edition.house.about
                ):
                    told = (table, key, column) in self.gathered.cells
                    if not told and not self.edition.tables[table].printed:
                        yield Spot(table, key, column)
