"""What else could be wrong instead of a figure: other answers of the same size, and how far figures may move."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from time import process_time
from typing import TYPE_CHECKING

from budgetgen.localisation.constraints import EQUAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from budgetgen.formula.linear import Place
    from budgetgen.localisation.constraints import Constraint
    from budgetgen.localisation.fitting import Changes, Fitting

BRIEF = 0.5
"""How many seconds the amounts of a few figures are sought."""


def by_place(known: Iterable[Constraint]) -> dict[Place, list[Constraint]]:
    """The constraints in which each figure stands."""
    groups: dict[Place, list[Constraint]] = {}
    for constraint in known:
        for place in constraint.form:
            groups.setdefault(place, []).append(constraint)
    return groups


@dataclass
class Rivals:
    """The answers beside one that is known.

    Attributes:
        around: the constraints that have to hold.
        fitting: how amounts are fitted.
        weights: what a change of each figure costs.
        until: when to stop looking, in seconds of a processor.
    """

    around: Sequence[Constraint]
    fitting: Fitting
    weights: Mapping[Place, float]
    until: float
    _known: dict[tuple[Place, frozenset[tuple[Place, Decimal]]], tuple[Changes, ...]] = field(
        default_factory=dict
    )

    @cached_property
    def by_place(self) -> Mapping[Place, Sequence[Constraint]]:
        """The constraints in which a figure stands."""
        return by_place(self.around)

    @property
    def late(self) -> bool:
        """Whether time is up: what was found is then not all there is."""
        return process_time() > self.until

    @property
    def left(self) -> float:
        """How many seconds are left."""
        return self.until - process_time()

    def of(self, place: Place, changes: Changes) -> tuple[Changes, ...]:
        """The whole answers that have another figure in place of one."""
        key = place, frozenset(changes.items())
        if key not in self._known:
            self._known[key] = tuple(self._others(place, changes))
        return self._known[key]

    def _others(self, place: Place, changes: Changes) -> Iterator[Changes]:
        kept = {p: d for p, d in changes.items() if p != place}
        open_ = [c for c in self._after(kept) if c.broken]
        found = set()
        for other in _common(open_):
            if other not in changes and (own := self._alone(other, open_, kept)) is not None:
                found.add(other)
                yield {**kept, other: own}
        mates = {p for c in open_ for p in c.form if p in kept}
        if not mates:
            return
        reach = {c for mate in mates for c in self.by_place[mate] if c.broken} | {
            c for c in self.by_place[place] if not c.allows(self.eased(c, kept))
        }
        for other in dict.fromkeys(p for c in self.around if c in reach for p in c.form):
            if self.late:
                return
            if other not in changes and other not in found:
                refitted = self._together(other, mates, kept)
                if refitted is not None:
                    yield refitted

    def _alone(self, place: Place, open_: Sequence[Constraint], kept: Changes) -> Decimal | None:
        """By how much one figure has to change so that all holds, where the rest of the answer stays."""
        known = [self.after(c, kept) for c in self.by_place[place]]
        change = self.fitting.settled({place: 0.0}, known)[place]
        mended = all(place in c.form for c in open_)
        return change if change and mended and self._holds(known, {place: change}) else None

    def _together(self, other: Place, mates: Iterable[Place], kept: Changes) -> Changes | None:
        """An answer with another figure, where some others of the answer change otherwise than they did."""
        from budgetgen.localisation.solver import Programme  # noqa: PLC0415 - only where something is broken

        free = {*mates, other}
        rest = {p: d for p, d in kept.items() if p not in free}
        left = self._after(rest)
        if any(c.broken and free.isdisjoint(c.form) for c in left):
            return None
        touched = [c for c in left if not free.isdisjoint(c.form)]
        small = [replace(c, form={p: a for p, a in c.form.items() if p in free}) for c in touched]
        answer = Programme(small, self.weights, self.fitting.grain, BRIEF).solve()
        if answer is None or answer.changes.keys() != free:
            return None
        fitted = self.fitting.settled(answer.changes, touched)
        return {**rest, **fitted} if self._holds(touched, fitted) and all(fitted.values()) else None

    def _holds(self, known: Iterable[Constraint], changes: Changes) -> bool:
        return all(c.allows(self.eased(c, changes)) for c in known)

    def _after(self, changes: Changes) -> list[Constraint]:
        moved = {c for place in changes for c in self.by_place[place]}
        return [self.after(c, changes) if c in moved else c for c in self.around]

    def after(self, constraint: Constraint, changes: Changes) -> Constraint:
        """A constraint on what is left to change."""
        slack = constraint.slack + self.fitting.room(constraint, changes)
        return replace(constraint, centre=constraint.centre - constraint.moved(changes), slack=slack)

    def eased(self, constraint: Constraint, changes: Changes) -> Decimal:
        """The sum of the changes, as near to what is asked as rounding may bring it."""
        moved, room = constraint.moved(changes), self.fitting.room(constraint, changes)
        return min(max(constraint.centre, moved - room), moved + room)

    # --- how far ---

    def reach(
        self, place: Place, free: Iterable[Place], changes: Changes, more: Sequence[Constraint] = ()
    ) -> tuple[float, float] | None:
        """How much a figure may change where some others may as well; None where nothing makes all hold.

        Args:
            place: the figure.
            free: the others.
            changes: an answer: all that is neither free nor the figure itself changes as it says.
            more: constraints that are to hold besides.
        """
        from budgetgen.localisation.solver import extent  # noqa: PLC0415 - only where something is broken

        open_ = {place, *free}
        rest = {p: d for p, d in changes.items() if p not in open_}
        known = [*self._after(rest), *(self.after(c, rest) for c in more)]
        small = (replace(c, form={p: a for p, a in c.form.items() if p in open_}) for c in known)
        return extent([c for c in small if c.form], place, self.fitting.grain)

    def hanging(self, place: Place) -> int:
        """How many filled figures stand in all the same equations: another mistake in one would move the amount."""
        own = self._equations(place)
        if not own:
            return 0
        first = next(iter(own))
        others = (p for p in first.form if p != place and p.cell.value is not None)
        return sum(self._equations(p) == own for p in others)

    def _equations(self, place: Place) -> frozenset[Constraint]:
        return frozenset(c for c in self.by_place[place] if c.sign == EQUAL)

    def blank_siblings(self, place: Place) -> tuple[Place, ...]:
        """The blank figures that are added up together with a blank one."""
        sums = (c for c in self.by_place[place] if c.sign == EQUAL)
        beside = (p for c in sums for p, a in c.form.items() if a * c.form[place] > 0)
        return tuple(dict.fromkeys(p for p in beside if p != place and p.cell.value is None))


def _common(known: Sequence[Constraint]) -> list[Place]:
    """The figures that stand in all of some constraints, in their order."""
    if not known:
        return []
    first, *more = known
    return [place for place in first.form if all(place in c.form for c in more)]
