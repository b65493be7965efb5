"""Which figures of an answer are wrong together: one mended without the other would break a relation that held."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from budgetgen.formula.linear import Place
    from budgetgen.localisation.conflict import Conflict
    from budgetgen.localisation.constraints import Constraint
    from budgetgen.localisation.fitting import Changes


def grouped(conflict: Conflict, changes: Changes) -> Sequence[frozenset[Place]]:
    """The changed figures by themselves or together, those that mend most first.

    Then the smaller groups, in the order of the tables.
    """
    tables = list(conflict.book.tables)

    def order(group: frozenset[Place]) -> tuple[int, int, int, int]:
        touched = {c for place in group for c in conflict.by_place[place] if c.broken}
        first = min((tables.index(place.table), conflict.order[place]) for place in group)
        return -len(touched), len(group), *first

    return sorted(_joined(conflict, changes), key=order)


def _joined(conflict: Conflict, changes: Changes) -> list[frozenset[Place]]:
    """The changed figures, with those without which a relation that held would break."""
    groups = [frozenset({place}) for place in changes]
    while True:
        torn = next(((g, c) for g in groups if (c := _torn(conflict, g, changes))), None)
        if torn is None:
            return groups
        group, constraint = torn
        joined = [g for g in groups if g is group or not g.isdisjoint(constraint.form)]
        if len(joined) == 1:
            return groups
        groups = [g for g in groups if g not in joined] + [frozenset().union(*joined)]


def _torn(conflict: Conflict, group: frozenset[Place], changes: Changes) -> Constraint | None:
    """A constraint that holds, and does not where only that group is mended."""
    own = {place: change for place, change in changes.items() if place in group}
    held = (c for place in own for c in conflict.by_place[place] if not c.broken)
    return next((c for c in held if not conflict.holds_after(c, own)), None)
