"""What is to be explained: the relations that do not hold, all that hangs together with them, and what is known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from time import process_time
from typing import TYPE_CHECKING

from budgetgen.checking.checks import complaint
from budgetgen.checking.money import money_unit
from budgetgen.localisation.constraints import EQUAL, Constraint, conditions
from budgetgen.localisation.evidence import Evidence
from budgetgen.localisation.fitting import Changes, Fitting
from budgetgen.localisation.rivals import Rivals, by_place
from budgetgen.values.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition
    from budgetgen.formula.linear import Place
    from budgetgen.values.model import Book

LONGEST = 4.0
"""After how many seconds of a processor nothing more is looked for; what is not known to be the only answer by then is not named."""
LACKING = frozenset({"prior-missing", "required-missing"})
"""The rules that say that a cell lacks a figure."""
LACKS = 0.1
"""By how much such a cell is likelier to be wrong than others."""


@dataclass(frozen=True)
class Conflict:
    """Relations that do not hold, and what is known around them.

    Attributes:
        book: derived.
        edition: its format.
        around: the constraints.
        witnesses: what need not hold, but speaks for an answer that lets it hold.
        said: the findings of reading and of checking.
        read: the findings of reading.
        started: when, in seconds of a processor.
    """

    book: Book
    edition: Edition
    around: Sequence[Constraint]
    witnesses: Sequence[Constraint] = ()
    said: Sequence[Finding] = ()
    read: Sequence[Finding] = ()
    started: float = field(default_factory=process_time)

    @cached_property
    def fitting(self) -> Fitting:
        """How amounts are fitted."""
        return Fitting(self.edition, money_unit(self.book, self.edition))

    @cached_property
    def rivals(self) -> Rivals:
        """What else could be wrong."""
        return Rivals(self.around, self.fitting, self.weights, self.started + LONGEST)

    @cached_property
    def evidence(self) -> Evidence:
        """What is likelier."""
        known = tuple(conditions(self.book, self.edition, self.read))
        return Evidence(self.book, self.edition, self.fitting, self.witnesses, known, self._lacking)

    @cached_property
    def broken(self) -> tuple[Constraint, ...]:
        """The constraints that do not hold."""
        return tuple(constraint for constraint in self.around if constraint.broken)

    @cached_property
    def by_place(self) -> Mapping[Place, Sequence[Constraint]]:
        """The constraints in which a figure stands."""
        return by_place(self.around)

    @cached_property
    def order(self) -> Mapping[Place, int]:
        """The figures in the order in which the relations name them: sums before their parts."""
        return {place: index for index, place in enumerate(self.by_place)}

    @cached_property
    def weights(self) -> Mapping[Place, float]:
        """What a change costs: a little more where many relations speak for the figure, or nothing stands.

        Less where the figure is said to lack.
        """
        witnesses = Counter(p for c in self.around if c.sign == EQUAL and not c.broken for p in c.form)
        return {
            p: 1
            + 0.001 * min(witnesses[p], 9)
            + 0.01 * (not p.amount)
            + 0.01 * (not p.row)
            - LACKS * self.lacks(p)
            for p in self.order  # and in no order of a set: the same input gives the same answer
        }

    def lacks(self, place: Place) -> bool:
        """Whether a cell is said to lack a figure."""
        return (place.table, place.key, place.column) in self._lacking

    @cached_property
    def _lacking(self) -> frozenset[tuple[str, str, str]]:
        first = (finding.spots[0] for finding in self.said if finding.rule in LACKING and finding.spots)
        return frozenset((spot.table, spot.row, spot.column) for spot in first)

    def holds_after(self, constraint: Constraint, changes: Changes) -> bool:
        """Whether a constraint holds once figures change, as near as rounding may bring it."""
        return constraint.allows(self.rivals.eased(constraint, changes))

    def left(self, changes: Changes) -> tuple[Constraint, ...]:
        """What some changes leave to be mended."""
        moved = {c for place in changes for c in self.by_place[place]}
        return tuple(self.rivals.after(c, changes) if c in moved else c for c in self.around)

    def weight(self, changes: Changes) -> float:
        """How likely an answer is; only to be compared."""
        return self.evidence.weight(changes)


def complained(known: Iterable[Constraint], edition: Edition) -> Iterator[Constraint]:
    """The constraints without those that are broken and of which nobody complains: they need not hold."""
    return (c for c in known if not c.broken or finding_of(c, edition) is not None)


def finding_of(constraint: Constraint, edition: Edition) -> Finding | None:
    """What is said of a constraint that is broken; None where it repeats what others say."""
    if isinstance(constraint.source, Finding):
        return constraint.source
    relation, scope = constraint.source
    return complaint(relation, scope, edition)


def absent(place: Place) -> bool:
    """Whether a figure is one of a line that its table has not."""
    return place.row is None or not any(cell.place for cell in place.row.cells.values())
