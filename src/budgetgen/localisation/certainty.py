"""Which figures of an answer may be named: those that are wrong in every answer, or in one that is clearly likelier."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.localisation.conflict import Conflict, absent
from budgetgen.localisation.evidence import BY_CHANCE, clear
from budgetgen.values.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from budgetgen.formula.linear import Place
    from budgetgen.localisation.fitting import Changes
    from budgetgen.localisation.solver import Programme

BRIEF = 0.5
"""So many seconds at least are spent on showing that a figure is in every answer of that size."""
SURELY = 1000
"""So many times likelier than an answer of quite other figures an answer has to be: there may be more of those."""
MOST_HANGING = 3
"""An amount that hangs on more figures that nothing else vouches for is not sure: a second mistake would move it."""
TAIL = 0.2
"""An amount that may lie further apart, in 万元, is no amount but a bound, where no equation says it."""


@dataclass(frozen=True)
class Certainty:
    """What is sure of an answer.

    Attributes:
        conflict: what is to be explained.
        changes: the answer.
        proven: whether there is no smaller one.
    """

    conflict: Conflict
    changes: Changes
    proven: bool

    @cached_property
    def named(self) -> frozenset[Place]:
        """The figures that may be named."""
        likely = [place for place in self.changes if self._likely(place)]
        only = self.proven and len(self.changes) == 1
        if not likely or only or self._all_needed(likely):
            return frozenset(likely)
        return frozenset(p for p in likely if not self.conflict.rivals.late and self._needed(p))

    def _likely(self, place: Place) -> bool:
        """Whether no other answer in which one figure is another is nearly as likely.

        Beside what could not be read nobody knows whether a line lacks in one table or is too much in another. A
        figure that may as well be nothing is not sure to be anything.
        """
        conflict, rivals = self.conflict, self.conflict.rivals
        unread = any(finding.severity == Severity.ERROR for finding in conflict.read)
        if absent(place) and (unread or self._struck(place)):
            return False
        if conflict.fitting.idle(place, self.changes, conflict.by_place[place]):
            return False
        against = self._against(place)
        vouched = conflict.lacks(place) or rivals.hanging(place) <= MOST_HANGING
        sound = vouched and self._clear(against)
        if rivals.late or not (sound or self._slipped(place, against)):
            return False
        return self.determined(place)

    def _struck(self, place: Place) -> bool:
        """Whether a line that its table has not may as well be too much in the only table where it stands."""
        figures = self.conflict.by_place
        entered = {
            p: -p.amount for p in figures if p.key == place.key and p.amount and p.table != place.table
        }
        if len({p.table for p in entered}) != 1:
            return False
        instead = {p: change for p, change in self.changes.items() if p != place} | entered
        touched = {c for p in (place, *instead) for c in figures[p]}
        return all(self.conflict.holds_after(c, instead) for c in touched)

    def _against(self, place: Place) -> list[Changes]:
        """The answers without a figure, or with it changed by another amount."""
        rivals, changes = self.conflict.rivals, self.changes
        others = (other for p in changes if p != place for other in rivals.of(p, changes))
        differing = [other for other in others if abs(other[place] - changes[place]) > Decimal(str(TAIL))]
        return [*rivals.of(place, changes), *differing]

    def _clear(self, against: Sequence[Changes]) -> bool:
        """Whether the answer is clearly the likeliest, however people mistype."""
        weight = self.conflict.evidence.weight
        return not against or clear(
            weight(self.changes, slips=False), (weight(other, slips=False) for other in against)
        )

    def _slipped(self, place: Place, against: Sequence[Changes]) -> bool:
        """Whether it is clearly the likeliest as a figure looks mistyped, which is hardly by chance."""
        conflict, changes = self.conflict, self.changes
        if not clear(conflict.weight(changes), map(conflict.weight, against)):
            return False
        among = {p: d for other in (changes, *against) for p, d in other.items() if p.cell.value is not None}
        return conflict.evidence.by_chance(place, changes[place], among) <= BY_CHANCE

    def _all_needed(self, places: Sequence[Place]) -> bool:
        """Whether every answer of that size changes all of some figures."""
        programme = self._without(places)
        return programme.solve() is None and programme.impossible

    def _needed(self, place: Place) -> bool:
        """Whether every answer of that size changes a figure, or those that do not are much unlikelier."""
        programme = self._without([place])
        answer = programme.solve()
        if answer is None:
            return programme.impossible
        conflict = self.conflict
        other = conflict.fitting.settled(answer.changes, conflict.around)
        return answer.proven and conflict.weight(self.changes) >= SURELY * conflict.weight(other)

    def _without(self, places: Sequence[Place]) -> Programme:
        """Asks for an answer that is no larger and leaves at least one of some figures as it is."""
        from budgetgen.localisation.solver import Programme  # noqa: PLC0415 - only where something is broken

        conflict = self.conflict
        seconds = max(conflict.rivals.left, BRIEF)
        programme = Programme(conflict.around, conflict.weights, conflict.fitting.grain, seconds)
        programme.exclude(places)
        programme.at_most(sum(1 + (p.amount + change == 0) for p, change in self.changes.items()))
        return programme

    def determined(self, place: Place) -> bool:
        """Whether a blank figure has to be so much, whatever is filled in beside it."""
        if place.cell.value is not None:
            return True
        ends = self.conflict.rivals.reach(place, self.blank_beside(place), self.changes)
        return ends is not None and ends[1] - ends[0] <= TAIL

    def blank_beside(self, place: Place) -> tuple[Place, ...]:
        """The blank figures that may lack together with one; of one that is said to lack those that are so as well."""
        lacks = self.conflict.lacks
        siblings = self.conflict.rivals.blank_siblings(place)
        return tuple(p for p in siblings if lacks(p) or not lacks(place))
