"""Dummy figures that satisfy all relations: every figure is an unknown, every relation that is a sum a row.

A mixed-integer programme, solved by HiGHS: each figure is to be there, and near an amount of its own, so that no two
lines look alike. What relations work out is left blank, for derivation to fill.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Final

import highspy
import numpy as np

from budgetgen.book.relations import SIDES, deriving, instances
from budgetgen.formula.linear import ONE, combined, linear
from budgetgen.formula.nodes import Operation
from budgetgen.specimen.cells import DummyCells
from budgetgen.values.findings import Severity
from budgetgen.values.model import Cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from budgetgen.edition.declarations import Column, Edition
    from budgetgen.formula.evaluation import Scope
    from budgetgen.formula.linear import Linear
    from budgetgen.formula.nodes import Node
    from budgetgen.values.model import Book, Row

Figure = tuple[str, str, str]
"""Table, key of the row, column."""
Sum = tuple[str, "Linear"]
"""What is to be zero (==), at least (>=) or at most so (<=)."""

LARGEST: Final = 9000.0
SEEDS: Final = (7, 4, 9, 5, 3, 8, 6)
"""What figures are near, in turn."""
AMOUNT: Final = Decimal("12.34")
"""What a unit of them is in money, in 万元: sums stay exact to the cent."""
SMALL: Final = 0.001
"""What a unit of a figure costs; that it is there at all gains 1."""
BROKEN: Final = 1000.0
"""What a unit of difference of a relation costs: only where no figures satisfy them all."""
SECONDS: Final = 20.0


@dataclass(frozen=True)
class DummyAmounts:
    """Fills one Book.

    Attributes:
        book: its rows with every sum, without figures.
        edition: its format.
    """

    book: Book
    edition: Edition

    def filled(self) -> Book:
        """The Book with the figures that relations do not work out."""
        values = self._solved()

        def given(table: str, row: Row, column: Column) -> Cell | None:
            value = values.get((table, row.key, column.name))
            if not value or self._derived(table, row.key, column.name):
                return None
            return Cell(value * (AMOUNT if column.type == "money" else ONE), given=True, terms=1)

        return self.cells.holding(given)

    @cached_property
    def cells(self) -> DummyCells:
        """The cells that are to hold figures."""
        return DummyCells(self.book, self.edition)

    def _derived(self, table: str, key: str, column: str) -> bool:
        """Whether some relation works that figure out."""
        row = self.cells.full[table].get(key)
        found = deriving(self.edition, table, key, column)
        return row is not None and any(relation.at(self.cells.full, table, row) for relation in found)

    # --- the programme ---

    @cached_property
    def unknowns(self) -> Mapping[Figure, int]:
        """Each figure → its number."""
        places = (
            (name, row.key, column.name)
            for name, table in self.book.tables.items()
            for row in table.rows
            for column in self.cells.columns(name, row)
        )
        return {place: number for number, place in enumerate(dict.fromkeys(places))}

    def _sums(self) -> Iterator[Sum]:
        """What the relations ask."""
        for relation, scope in instances(self.cells.full, self.edition):
            if relation.rule.severity != Severity.NOTE:
                yield from _asked(relation.node, scope) or ()

    def _solved(self) -> Mapping[Figure, int]:
        """Every figure; of relations that cannot all hold, as few as can be are broken."""
        count, sums = len(self.unknowns), tuple(self._sums())
        solver = _solver()
        costs = np.array([SMALL] * count + [-1.0] * count + [BROKEN] * 2 * len(sums))
        uppers = np.array([LARGEST] * count + [1.0] * count + [highspy.kHighsInf] * 2 * len(sums))
        solver.addVars(len(costs), self._lowers(len(costs)), uppers)
        solver.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        kinds = np.full(count, highspy.HighsVarType.kInteger, dtype=object)
        solver.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kinds)
        for number in range(count):  # there, and as large as its seed
            _bound(solver, ">=", {number: 1.0, count + number: -float(SEEDS[number % len(SEEDS)])}, 0.0)
        for place, (sign, form) in enumerate(sums, start=count):
            told, constant = self._row(form)
            _bound(solver, sign, {**told, 2 * place: 1.0, 2 * place + 1: -1.0}, -constant)
        solver.run()
        if solver.getInfo().primal_solution_status != highspy.kSolutionStatusFeasible:
            return {}
        values = solver.getSolution().col_value
        return {place: round(values[number]) for place, number in self.unknowns.items()}

    def _lowers(self, count: int) -> np.ndarray:
        """No figure is below zero but a change since last year."""
        compared, lowers = self.edition.comparisons, np.zeros(count)
        for (table, key, column), number in self.unknowns.items():
            if table in {compared.prior, compared.reasons} and self._derived(table, key, column):
                lowers[number] = -LARGEST
        return lowers

    def _row(self, form: Linear) -> tuple[dict[int, float], float]:
        """A sum by the numbers of its unknowns, and what is known of it."""
        known = {place: self.unknowns.get((place.table, place.key, place.column)) for place in form.terms}
        told = {number: float(form.terms[place]) for place, number in known.items() if number is not None}
        given = sum(form.terms[place] * place.amount for place, number in known.items() if number is None)
        money = any(
            self.edition.kind(place.table, place.column, place.key) == "money" for place in form.terms
        )
        return told, float((form.constant + given) / (AMOUNT if money else ONE))


def _asked(node: Node, scope: Scope) -> tuple[Sum, ...] | None:
    """What a condition asks, as sums: of alternatives the first that is such; None where it is none."""
    if not isinstance(node, Operation):
        return None
    if node.sign in {"and", "or"}:
        left, right = _asked(node.left, scope), _asked(node.right, scope)
        if node.sign == "or":
            return right if left is None else left
        return None if left is None or right is None else (*left, *right)
    first, second = linear(node.left, scope), linear(node.right, scope)
    if node.sign not in SIDES or first is None or second is None:
        return None
    return ((node.sign, combined([(first, ONE), (second, -ONE)])),)


def _solver() -> highspy.Highs:
    solver: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in {"output_flag": False, "threads": 1, "time_limit": SECONDS}.items():
        solver.setOptionValue(option, value)
    return solver


def _bound(solver: highspy.Highs, sign: str, form: Mapping[int, float], bound: float) -> None:
    lower = -highspy.kHighsInf if sign == "<=" else bound
    upper = highspy.kHighsInf if sign == ">=" else bound
    indices = np.array(list(form), dtype=np.int32)
    solver.addRow(lower, upper, len(form), indices, np.array(list(form.values())))
