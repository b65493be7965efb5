"""What is said of an answer: figures and what each should be, what else may be wrong, and what is explained by them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.book.derivation import derive
from budgetgen.book.figures import with_figures
from budgetgen.book.spots import spot
from budgetgen.checking.rules import complaints
from budgetgen.localisation.certainty import TAIL, Certainty
from budgetgen.localisation.conflict import LACKING, Conflict, absent, finding_of
from budgetgen.localisation.constraints import EQUAL, LEAST, MOST, Constraint
from budgetgen.localisation.culprits import Culprit, Mend
from budgetgen.localisation.evidence import given_only, mended
from budgetgen.values.findings import Finding, Spot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.formula.linear import Place
    from budgetgen.localisation.fitting import Changes

MOST_ANSWERS = 6
"""How many answers are told where one is clearly the likeliest."""
FOLLOWING = frozenset({"reason-missing"})
"""The rules that ask for what goes with a change that a wrong figure may have made."""
SHIFTED = "填错了行"
"""By which slip a figure stands in the line above or below its own."""


@dataclass(frozen=True)
class Telling:
    """What is said of one answer.

    Attributes:
        certainty: what is sure of it.
    """

    certainty: Certainty

    @property
    def conflict(self) -> Conflict:
        """What the answer explains."""
        return self.certainty.conflict

    @property
    def changes(self) -> Changes:
        """The answer."""
        return self.certainty.changes

    def culprit(self, group: frozenset[Place], done: Changes) -> Culprit:
        """Figures that are named, with the other answers where they are but the likeliest.

        Args:
            group: the figures.
            done: the changes told before: what breaks by several figures is told of the last.
        """
        conflict, own, left = self.conflict, self._own(group), self._left(group)
        others = self._instead(group)
        more = [tuple(mend(conflict, p, other, left) for p in other) for other in others[: MOST_ANSWERS - 1]]
        explained = explains(conflict, own, {**done, **own})
        mends = tuple(mend(conflict, p, own, left, why=True) for p in own)
        return Culprit(
            mends, tuple(more), (*explained, *consequences(conflict, own)), capped=len(others) > len(more)
        )

    def undecided(self, group: frozenset[Place], done: Changes) -> Culprit:
        """Figures of which some are wrong, nobody knows which: the likeliest first."""
        conflict, own, left = self.conflict, self._own(group), self._left(group)
        candidates = self._candidates(group)
        among = tuple(
            self._bounded(mend(conflict, p, {p: change}, left, why=True), p, candidates)
            for p, change in candidates.items()
        )
        broken = [c for place in own for c in conflict.by_place[place] if c.broken]
        difference = max((abs(c.centre) for c in broken), default=Decimal(0))
        return Culprit((), (), explains(conflict, own, {**done, **own}), among=among, difference=difference)

    def _own(self, group: frozenset[Place]) -> Changes:
        return {place: change for place, change in self.changes.items() if place in group}

    def _left(self, group: frozenset[Place]) -> Sequence[Constraint]:
        """What the other figures leave to be mended."""
        return self.conflict.left({p: change for p, change in self.changes.items() if p not in group})

    def _candidates(self, group: frozenset[Place]) -> Changes:
        """The figures of which one may be wrong, each with its change if it were the only one."""
        own = self._own(group)
        candidates: Changes = {}
        for answer in self._instead(group, own):
            candidates = {**answer, **candidates}
        for place, change in own.items():
            if place.cell.value is None and not self.certainty.determined(place):
                candidates = {**dict.fromkeys(self.certainty.blank_beside(place), change), **candidates}
        return candidates

    def _instead(self, group: frozenset[Place], own: Changes | None = None) -> list[Changes]:
        """What may be wrong instead of some figures, all others staying, the likeliest first; with these if given."""
        conflict = self.conflict
        found: dict[frozenset[Place], tuple[float, Changes]] = {}
        if own:
            found[frozenset(own)] = conflict.weight(self.changes), own
        for place in sorted(group, key=lambda p: conflict.order[p]):
            for other in conflict.rivals.of(place, self.changes):
                instead = {p: d for p, d in other.items() if p in group or p not in self.changes}
                found.setdefault(frozenset(instead), (conflict.weight(other), instead))
        return [answer for _, answer in sorted(found.values(), key=lambda one: -one[0])]

    def _bounded(self, told: Mend, place: Place, candidates: Changes) -> Mend:
        """What is known of a blank figure for certain, whichever of some figures lack: that it is at least so much."""
        conflict, rivals = self.conflict, self.conflict.rivals
        if place.cell.value is not None or rivals.late:
            return told
        ends = rivals.reach(place, candidates, self.changes, conflict.witnesses) or rivals.reach(
            place, candidates, self.changes
        )
        if ends is None or not 0 < ends[0] < float("inf"):
            return told
        known = (c for c in (*conflict.by_place[place], *conflict.witnesses) if place in c.form)
        bounds = (c.centre / c.form[place] for c in known)
        near = [bound for bound in bounds if abs(bound - Decimal(ends[0])) <= Decimal(str(TAIL))]
        return replace(told, sure=min(near, default=None))


def shifted(conflict: Conflict, answers: Sequence[Changes]) -> Culprit:
    """A figure in the wrong line; where it may as well be another one in another line, none of them is named."""
    explained = tuple(dict.fromkeys(f for own in answers for f in explains(conflict, own, own)))
    mends = [
        tuple(replace(mend(conflict, p, own, ()), why=SHIFTED, sign=EQUAL) for p in own) for own in answers
    ]
    if len(answers) == 1:
        return Culprit(mends[0], (), explained)
    among = tuple(one for together in mends for one in together)
    return Culprit((), (), explained, among=among, difference=max(answers[0].values()))


def mend(
    conflict: Conflict, place: Place, changes: Changes, known: Sequence[Constraint], *, why: bool = False
) -> Mend:
    """What a figure should be, the others of an answer changing with it.

    Args:
        conflict: what the answer explains.
        place: the figure.
        changes: the answer.
        known: what else has to hold.
        why: whether it says by which slip the figure became what it is.
    """
    change, value = changes[place], place.cell.value
    return Mend(
        _spot(conflict, place),
        value if isinstance(value, Decimal) else None,
        place.amount + change,
        _sign(place, known),
        conflict.edition.kind(place.table, place.column, place.key) == "money",
        absent(place),
        conflict.evidence.why(place, change) if why else "",
        tail=conflict.fitting.tail(place, changes, known),
    )


def _sign(place: Place, known: Sequence[Constraint]) -> str:
    """Whether what is broken asks for just so much of a figure, or for at least or at most so much."""
    broken = [c for c in known if c.broken and place in c.form]
    flipped = {LEAST: MOST, MOST: LEAST}
    signs = {c.sign if c.sign == EQUAL or c.form[place] > 0 else flipped[c.sign] for c in broken}
    return signs.pop() if len(signs) == 1 else EQUAL


def _spot(conflict: Conflict, place: Place) -> Spot:
    if place.row is None:
        return Spot(place.table, place.key, place.column)
    return spot(conflict.edition, place.table, place.row, place.column)


def explains(conflict: Conflict, own: Changes, changes: Changes) -> tuple[Finding, ...]:
    """What some figures break, and what is said differently elsewhere and then agrees.

    Args:
        conflict: what is to be explained.
        own: the figures.
        changes: all changes by which it is mended.
    """
    touched = (c for c in (*conflict.broken, *conflict.witnesses) if not own.keys().isdisjoint(c.form))
    gone = (c for c in touched if c.broken and conflict.holds_after(c, changes))
    return tuple(dict.fromkeys(f for c in gone if (f := finding_of(c, conflict.edition))))


def consequences(conflict: Conflict, own: Changes) -> Iterator[Finding]:
    """What is said to lack, and is there, or is no longer asked for, once figures are mended."""
    waiting = [f for f in conflict.said if f.rule in LACKING | FOLLOWING and f.spots]
    if not waiting:
        return
    edition = conflict.edition
    after = with_figures(derive(mended(given_only(conflict.book), own), edition), edition)
    left = {
        (rule, spots[0].table, spots[0].row, spots[0].column)
        for rule in {finding.rule for finding in waiting}
        for _, (_, spots) in complaints(after, edition, rule)
    }
    for finding in waiting:
        first = finding.spots[0]
        if (finding.rule, first.table, first.row, first.column) not in left:
            yield finding


def by_column(culprits: Sequence[Culprit], least: int) -> Iterator[Culprit]:
    """The culprits, those that are blank cells of one column as one.

    Args:
        culprits: those that are named.
        least: so many blank cells at least are told as one.
    """
    groups: dict[tuple[str, str], list[Culprit]] = {}
    for culprit in culprits:
        if column := _blank_column(culprit):
            groups.setdefault(column, []).append(culprit)
    told = set()
    for culprit in culprits:
        column = _blank_column(culprit)
        together = groups.get(column, []) if column else []
        if len(together) < least:
            yield culprit
        elif column not in told:
            told.add(column)
            mends = tuple(one for culprit in together for one in culprit.mends)
            explained = tuple(dict.fromkeys(f for culprit in together for f in culprit.explains))
            yield Culprit(mends, (), explained)


def _blank_column(culprit: Culprit) -> tuple[str, str] | None:
    """The column of which a culprit says that a cell is blank, and what should stand there."""
    first = culprit.mends[0]
    alone = len(culprit.mends) == 1 and not culprit.alternatives and not first.absent
    return (first.spot.table, first.spot.column) if alone and first.now is None else None
