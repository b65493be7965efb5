"""A right figure in the wrong line: it stands just above or below the line in which it lacks.

That is one mistake, but two cells; taken as two mistakes it would be the unlikeliest of answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.formula.linear import Place
from budgetgen.localisation.rivals import by_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.localisation.constraints import Constraint
    from budgetgen.localisation.fitting import Changes
    from budgetgen.values.model import Book


def moves(book: Book, known: Sequence[Constraint]) -> list[tuple[Changes, frozenset[Constraint]]]:
    """The figures that only have to go to the line above or below, each with the constraints that it mends."""
    groups = by_place(known)
    found = []
    for place, own in groups.items():
        if place.amount and place.cell.given and any(c.broken for c in own):
            for free in _free(book, place, groups):
                changes = {place: -place.amount, free: place.amount}
                alone = [c for c in (*own, *groups[free]) if (place in c.form) != (free in c.form)]
                mended = frozenset(c for c in alone if c.broken)
                both = any(place in c.form for c in mended) and any(free in c.form for c in mended)
                if both and all(c.allows(c.moved(changes)) for c in alone):
                    found.append((changes, mended))
    return found


def _free(book: Book, place: Place, known: Mapping[Place, Sequence[Constraint]]) -> Iterator[Place]:
    """The blank cells of the same column in the lines just above and below."""
    lines = list(book[place.table].lines())
    at = next((i for i, row in enumerate(lines) if row is place.row), None)
    if at is None:
        return
    for row in (*lines[max(at - 1, 0) : at], *lines[at + 1 : at + 2]):
        free = Place(place.table, row.key, place.column, row)
        if row[place.column].value is None and free in known:
            yield free


def apart(
    found: Sequence[tuple[Changes, frozenset[Constraint]]],
) -> Iterator[list[Changes]]:
    """The moves, those that mend the same together: of these only one can be right."""
    left = list(found)
    while left:
        changes, mended = left.pop(0)
        same = [one for one in left if not one[1].isdisjoint(mended)]
        left = [one for one in left if one not in same]
        yield [changes, *(other for other, _ in same)]
