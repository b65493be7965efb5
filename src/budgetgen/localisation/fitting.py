"""The amounts of wrong figures: what the relations ask for, within what all of them allow."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.formula.linear import ONE
from budgetgen.localisation.constraints import EQUAL, LEAST
from budgetgen.localisation.slips import SURE, telling
from budgetgen.values.amounts import CENT, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition
    from budgetgen.formula.linear import Place
    from budgetgen.localisation.constraints import Constraint

FUZZ = Decimal("0.000001")
"""How far the solver's numbers are trusted, in 万元."""
PASSES = 6
"""How often the amounts of figures that are wrong together are fitted to one another."""
FEW = 50
"""Of so many possible values at most each is looked at."""

Changes = dict["Place", Decimal]
"""By how much each wrong figure has to change."""


@dataclass(frozen=True)
class Fitting:
    """How amounts are fitted.

    Attributes:
        edition: the format.
        unit: in which unit of money the figures are given.
    """

    edition: Edition
    unit: str

    @property
    def grain(self) -> Decimal:
        """By how much rounding may move an amount that is filled in."""
        scale = self.edition.money.tables
        return scale.step(self.unit) / 2 if scale.rounds(self.unit) else Decimal(0)

    def settled(self, found: Mapping[Place, float], known: Sequence[Constraint]) -> Changes:
        """The amounts that most relations ask for, within what all allow."""
        changes = {place: Decimal(repr(round(change, 6))) for place, change in found.items()}
        touched = [c for c in known if any(place in changes for place in c.form)]
        for _ in range(PASSES if len(changes) > 1 else 1):
            for place in changes:
                changes[place] = self.asked(place, changes, touched)
        return changes

    def asked(self, place: Place, changes: Changes, known: Sequence[Constraint]) -> Decimal:
        """By how much one figure has to change where others change by so much."""
        lower, upper, centres, twins = self.range(place, changes, known)
        now = place.amount
        step = self.step(place)
        wanted = Counter(rounded_to(now + centre, step) for centre in centres)
        inside = {should: n for should, n in wanted.items() if lower <= should - now <= upper}
        middle = sorted(centres)[(len(centres) - 1) // 2] if centres else Decimal(0)
        if not inside:
            return _within(now, min(max(middle, lower), upper), (lower, upper), step)
        exact = Counter(rounded_to(now + centre, step) for centre in twins)
        likest = min(
            _steps(now, lower, upper, step),
            key=lambda s: (telling(now, s), abs(s - now - middle)),
            default=now,
        )
        if telling(now, likest) < min(telling(now, should) for should in inside) and not any(
            map(exact.get, inside)
        ):
            return likest - now
        best = min(
            inside,
            key=lambda s: (
                -exact[s],
                self._beyond(place, s - now, changes, known),
                telling(now, s),
                -inside[s],
                abs(s - now - middle),
            ),
        )
        return best - now

    def _beyond(self, place: Place, change: Decimal, changes: Changes, known: Sequence[Constraint]) -> int:
        """How many relations that set a bound would hold with a change by their tolerance only."""
        bounds = (c for c in known if c.sign != EQUAL and place in c.form)
        moved = ((c, c.moved({**changes, place: change})) for c in bounds)
        return sum(m < c.centre if c.sign == LEAST else m > c.centre for c, m in moved)

    def tail(self, place: Place, changes: Changes, known: Sequence[Constraint]) -> Decimal:
        """How far a figure may be from what it is fitted to, by rounding alone."""
        change = changes[place]
        lower, upper, _, twins = self.range(place, changes, known)
        sure = any(abs(change - twin) <= FUZZ for twin in twins)
        if sure or telling(place.amount, place.amount + change) <= SURE:
            return Decimal(0)
        if not lower.is_finite() or not upper.is_finite():
            return Decimal(0)
        apart = max(upper - change, change - lower) - FUZZ
        step = self.step(place)
        return (apart // step) * step if apart >= step else Decimal(0)

    def idle(self, place: Place, changes: Changes, known: Sequence[Constraint]) -> bool:
        """Whether a figure that a sum asks for may as well become nothing, what is left of it being rounding."""
        lower, upper, _, _ = self.range(place, changes, known)
        asked = any(c.broken and c.sign == EQUAL for c in known)
        return asked and place.amount + changes[place] != 0 and lower <= -place.amount <= upper

    def range(
        self, place: Place, changes: Changes, known: Sequence[Constraint]
    ) -> tuple[Decimal, Decimal, list[Decimal], list[Decimal]]:
        """How much a figure may change, and what is asked for: by the equations in which fewest others change.

        Of these last those apart that say that it is just what another figure is.
        """
        lower, upper = -place.amount if place.amount >= 0 else Decimal("-Infinity"), Decimal("Infinity")
        centres: dict[tuple[bool, int], list[Decimal]] = {}
        twins: list[Decimal] = []
        for constraint in known:
            coefficient = constraint.form.get(place)
            if not coefficient:
                continue
            others = {p: d for p, d in changes.items() if p in constraint.form and p != place}
            rest, room = constraint.moved(others), self.room(constraint, changes)
            ends = [
                None if end is None else (end - rest + extra) / coefficient
                for end, extra in ((constraint.lower, -room), (constraint.upper, room))
            ]
            low, high = ends if coefficient > 0 else reversed(ends)
            lower = lower if low is None else max(lower, low)
            upper = upper if high is None else min(upper, high)
            if constraint.sign == EQUAL or constraint.broken:
                kind = constraint.sign != EQUAL, len(others)
                asked = (constraint.centre - rest) / coefficient
                centres.setdefault(kind, []).append(asked)
                if not others and constraint.twin(place):
                    twins.append(asked)
        return lower, max(lower, upper), centres[min(centres)] if centres else [], twins

    def room(self, constraint: Constraint, changes: Changes) -> Decimal:
        """By how much the figures that are filled in where nothing stood may move a constraint by rounding."""
        form = constraint.form
        blanks = (abs(form[p]) for p in changes if p in form and p.cell.value is None)
        return self.grain * sum(blanks, Decimal(0)) + FUZZ

    def step(self, place: Place) -> Decimal:
        """The smallest part in which a figure is given."""
        kind = self.edition.kind(place.table, place.column, place.key)
        if kind == "count":
            return ONE
        return self.edition.scale(place.table).step(self.unit_of(place)) if kind == "money" else CENT

    def unit_of(self, place: Place) -> str:
        """The unit of money in which a figure is typed."""
        return self.edition.unit_of(place.table, self.unit)


def _within(now: Decimal, change: Decimal, limits: tuple[Decimal, Decimal], step: Decimal) -> Decimal:
    """A change after which the figure is a multiple of the step, where the limits let it."""
    near = rounded_to(now + change, step)
    inside = (v - now for v in (near, near - step, near + step) if limits[0] <= v - now <= limits[1])
    return next(inside, change)


def rounded_to(value: Decimal, step: Decimal) -> Decimal:
    """A value as a multiple of a step."""
    return rounded(value / step, 0) * step


def _steps(now: Decimal, lower: Decimal, upper: Decimal, step: Decimal) -> Iterator[Decimal]:
    """The values that a figure may have, where they are few."""
    first = rounded_to(now + lower, step) if lower.is_finite() else None
    if first is None or not upper.is_finite() or (upper - lower) / step > FEW:
        return
    for number in range(int((upper - lower) / step) + 2):
        if lower <= (value := first + number * step) - now <= upper:
            yield value
