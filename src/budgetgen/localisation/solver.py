"""The fewest figures whose change satisfies all constraints: a mixed-integer programme, solved by HiGHS.

Error localisation after Fellegi and Holt (1976), as official statistics edit their data: a figure is either as it
stands or changed by any amount, and the number of changed ones is to be least.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from time import process_time
from typing import TYPE_CHECKING

import highspy
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from budgetgen.formula.linear import Place
    from budgetgen.localisation.constraints import Constraint

PRECISE = 1e-9
"""How far HiGHS may stray: figures are told apart at 0.000001 万元."""
REACH = 3.0
"""No figure is moved by more than that many times the greatest difference."""
PATIENCE = 15
"""So many times as long as it may work, the solver may take by the clock."""
CHANGED = 0.5
STRUCK = 0.9
"""What it costs besides to change a figure to zero: figures are rarely out of place altogether."""
CENT = 0.01


@dataclass(frozen=True)
class Answer:
    """A smallest set of changes.

    Attributes:
        changes: the changed figures, each with one of the amounts that it may change by.
        proven: whether there is no smaller set; not where time ran out.
    """

    changes: Mapping[Place, float]
    proven: bool


@dataclass
class Programme:
    """One programme; answers found are excluded one after the other.

    Attributes:
        constraints: that have to hold.
        weights: what a change of a figure costs: about 1; nearly twice as much where it is struck out.
        grain: by how much rounding may move a figure that is filled in where nothing stood.
        seconds: of the processor, after which the solver gives up: what is found is the same on a busy machine.
    """

    constraints: Sequence[Constraint]
    weights: Mapping[Place, float]
    grain: Decimal
    seconds: float
    _solver: highspy.Highs = field(default_factory=highspy.Highs)
    _until: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        for option, value in {
            "output_flag": False,  # before anything else, which would print a banner
            "log_to_console": False,
            "threads": 1,
            "mip_feasibility_tolerance": PRECISE,
            "primal_feasibility_tolerance": PRECISE,
        }.items():
            self._solver.setOptionValue(option, value)
        self._solver.cbMipInterrupt += self._end_when_late
        self._solver.cbSimplexInterrupt += self._end_when_late
        self._columns()
        for constraint in self._distinct():
            self._bound(constraint)

    def _end_when_late(self, event: highspy.highs.HighsCallbackEvent) -> None:
        if process_time() > self._until:
            event.interrupt()

    @cached_property
    def _index(self) -> Mapping[Place, int]:
        places = dict.fromkeys(place for constraint in self.constraints for place in constraint.form)
        return {place: index for index, place in enumerate(places)}

    @cached_property
    def _limit(self) -> float:
        return 1 + REACH * max((abs(float(c.centre)) for c in self.constraints if c.broken), default=0.0)

    def _columns(self) -> None:
        """For each figure its change, whether it is changed, and whether it is struck out.

        No amount falls below zero.
        """
        count, limit, places = len(self._index), self._limit, list(self._index)
        least = [max(-limit, -float(p.amount)) if p.amount >= 0 else -limit for p in places]
        self._solver.addVars(count, np.array(least), np.full(count, limit))
        self._solver.addVars(2 * count, np.zeros(2 * count), np.ones(2 * count))
        costs = [self.weights[place] for place in places] + [STRUCK] * count
        flags = np.arange(count, 3 * count, dtype=np.int32)
        self._solver.changeColsCost(2 * count, flags, np.array(costs))
        kinds = np.full(2 * count, highspy.HighsVarType.kInteger, dtype=object)
        self._solver.changeColsIntegrality(2 * count, flags, kinds)
        for index, place in enumerate(places):
            self._row(-highspy.kHighsInf, 0.0, {index: 1.0, count + index: -limit})
            self._row(0.0, highspy.kHighsInf, {index: 1.0, count + index: limit})
            if (amount := float(place.amount)) > CENT:
                self._row(CENT - amount, highspy.kHighsInf, {index: 1.0, 2 * count + index: CENT})

    def _distinct(self) -> Iterable[Constraint]:
        """Each constraint once: many relations say the same of the given figures."""
        seen = {(frozenset(c.form.items()), c.centre, c.slack, c.sign): c for c in self.constraints}
        return seen.values()

    def _bound(self, constraint: Constraint) -> None:
        """One constraint; what is filled in where nothing stood may be rounded as well."""
        count = len(self._index)
        blanks = {
            count + self._index[place]: float(abs(coefficient) * self.grain)
            for place, coefficient in constraint.form.items()
            if place.cell.value is None
        }
        form = {self._index[place]: float(coefficient) for place, coefficient in constraint.form.items()}
        lower = -highspy.kHighsInf if constraint.lower is None else float(constraint.lower)
        upper = highspy.kHighsInf if constraint.upper is None else float(constraint.upper)
        if not blanks or not self.grain:
            self._row(lower, upper, form)
            return
        self._row(lower, highspy.kHighsInf, form | blanks)
        self._row(-highspy.kHighsInf, upper, form | {index: -amount for index, amount in blanks.items()})

    def _row(self, lower: float, upper: float, form: Mapping[int, float]) -> None:
        indices, values = np.array(list(form), dtype=np.int32), np.array(list(form.values()))
        self._solver.addRow(lower, upper, len(form), indices, values)

    def solve(self) -> Answer | None:
        """The cheapest set of changes that was not excluded; None where there is none, or none in time."""
        self._until = process_time() + self.seconds
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + PATIENCE * self.seconds)
        self._solver.run()
        status = self._solver.getModelStatus()
        if self._solver.getInfo().primal_solution_status != highspy.kSolutionStatusFeasible:
            return None
        values, count = self._solver.getSolution().col_value, len(self._index)
        changes = {p: values[i] for p, i in self._index.items() if values[count + i] > CHANGED}
        return Answer(changes, status == highspy.HighsModelStatus.kOptimal)

    @property
    def impossible(self) -> bool:
        """Whether the last search has shown that there is no answer."""
        return bool(self._solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible)

    def exclude(self, places: Iterable[Place]) -> None:
        """Let no further answer hold all of these figures."""
        flags = [len(self._index) + self._index[place] for place in places]
        self._row(-highspy.kHighsInf, len(flags) - 1.0, dict.fromkeys(flags, 1.0))

    def at_most(self, number: int) -> None:
        """Let no further answer hold more figures; one that is struck out counts twice."""
        count = len(self._index)
        self._row(-highspy.kHighsInf, float(number), dict.fromkeys(range(count, 3 * count), 1.0))


def extent(constraints: Sequence[Constraint], place: Place, grain: Decimal) -> tuple[float, float] | None:
    """The least and the most that one figure may change by; None where nothing satisfies all constraints.

    Args:
        constraints: on the figures that may change.
        place: one of them.
        grain: by how much rounding may move a figure that is filled in where nothing stood.
    """
    places = {p: index for index, p in enumerate(dict.fromkeys(p for c in constraints for p in c.form))}
    solver: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    least = [-float(p.amount) if p.amount >= 0 else -highspy.kHighsInf for p in places]
    solver.addVars(len(places), np.array(least), np.full(len(places), highspy.kHighsInf))
    for c in constraints:
        room = float(sum(abs(a) for p, a in c.form.items() if p.cell.value is None) * grain)
        lower = -highspy.kHighsInf if c.lower is None else float(c.lower) - room
        upper = highspy.kHighsInf if c.upper is None else float(c.upper) + room
        indices = np.array([places[p] for p in c.form], dtype=np.int32)
        solver.addRow(lower, upper, len(c.form), indices, np.array([float(a) for a in c.form.values()]))
    ends = []
    for sense in (1.0, -1.0):
        solver.changeColCost(places[place], sense)
        solver.run()
        match solver.getModelStatus():
            case highspy.HighsModelStatus.kOptimal:
                ends.append(solver.getSolution().col_value[places[place]])
            case highspy.HighsModelStatus.kUnbounded | highspy.HighsModelStatus.kUnboundedOrInfeasible:
                ends.append(-sense * highspy.kHighsInf)
            case _:
                return None
    return ends[0], ends[1]
