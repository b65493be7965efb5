"""Which cell is wrong: the fewest figures whose change lets every relation hold at once.

A wrong figure breaks every relation that it stands in, often a dozen. The relations that hold around them tell
which figure it was, and most often what it should be. Where several answers are equally small, all are told, the
likeliest first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING

from budgetgen.amounts import CENT, HALF_CENT, YUAN_PER_UNIT, rounded
from budgetgen.checking.checks import compare, silent
from budgetgen.checking.money import WAN, unit_of
from budgetgen.checking.rules import complaints, spot
from budgetgen.derivation import derive
from budgetgen.figures import with_figures
from budgetgen.findings import Finding, Spot
from budgetgen.localisation.constraints import EQUAL, LEAST, MOST, Constraint, constraints
from budgetgen.localisation.culprits import Culprit, Located, Mend
from budgetgen.localisation.lacking import with_lacking
from budgetgen.localisation.linear import ONE, Place
from budgetgen.localisation.lines import Lines
from budgetgen.model import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.declarations import Edition
    from budgetgen.model import Book, Cell, Row

SECONDS = 4.0
"""How long is searched for the smallest answer; as long again for equally small ones."""
MOST_ANSWERS = 6
"""How many equally small answers are told."""
MOST_TOGETHER = 3
"""Of larger groups of wrong figures only one answer is sought, and it is said that there may be others."""
FUZZ = Decimal("0.000001")
"""How far the solver's numbers are trusted, in 万元."""
LACKING = frozenset({"prior-missing", "required-missing"})
"""The rules that say that a cell lacks a figure."""
FOLLOWING = frozenset({"reason-missing"})
"""The rules that ask for what goes with a change that a wrong figure may have made."""
LACKS = 0.1
"""By how much such a cell is likelier to be wrong than others."""
MOST_MENDS = 4
"""So many figures at most are told to be wrong together; larger answers are guesses."""
PASSES = 6
"""How often the amounts of figures that are wrong together are fitted to one another."""
NOT_INSTALLED = "没有安装求解程序 highspy，不能指出错在哪一格，只列出不成立的关系。要指出来：pip install budgetgen[localise]"
NO_ANSWER = "有 {} 处不成立的关系没有找到能同时改正它们的单元格，请逐处核对。"
TOO_MANY = "有些不成立的关系要同时改很多格才能成立，指不出是哪几格错了；请逐处核对下面列出的关系。"
NOT_PROVEN = "不成立的关系太多，限时之内找到的改法不一定是最少的。"

Changes = dict[Place, Decimal]
"""By how much each wrong figure has to change."""


def localise(
    book: Book, edition: Edition, read: Iterable[Finding] = (), checked: Iterable[Finding] = ()
) -> Located:
    """The figures that are wrong.

    Args:
        book: derived.
        edition: its format.
        read: the findings of reading; what could not be read is left out, and what sentences say of a figure
            counts as one more relation.
        checked: the findings of checking: lines that stand twice or under a wrong code or name are set right
            first, and cells that are said to lack a figure are the likeliest to be wrong.
    """
    found, said = tuple(read), (*read, *checked)
    known = tuple(constraints(book, edition, found))
    wrong = Lines(book, edition, said, known)
    lines, left = wrong.told(), wrong.independent(known)
    if not any(constraint.broken for constraint in left if constraint.firm):
        return Located(lines)
    try:
        import budgetgen.localisation.solver  # noqa: F401, PLC0415 - only where something is broken
    except ImportError:
        return Located(lines, note=NOT_INSTALLED)
    lacking = [(p.table, p.key) for c in left if c.broken for p in c.form if p.row is None]
    complete = with_lacking(book, edition, lacking)
    if complete is not book:
        left = wrong.independent(constraints(complete, edition, found))
    firm, witnesses = ([c for c in left if c.firm is kind] for kind in (True, False))
    return replace(_Search(complete, edition, _around(firm), tuple(witnesses), said).run(), lines=lines)


def _around(known: Sequence[Constraint]) -> tuple[Constraint, ...]:
    """The broken constraints and all that share a figure with them, directly or by others."""
    by_place, broken = _by_place(known), [constraint for constraint in known if constraint.broken]
    seen: dict[Constraint, None] = dict.fromkeys(broken)
    queue = list(broken)
    while queue:
        for place in queue.pop().form:
            for constraint in by_place.pop(place, ()):
                if constraint not in seen:
                    seen[constraint] = None
                    queue.append(constraint)
    return tuple(constraint for constraint in known if constraint in seen)


def _by_place(known: Iterable[Constraint]) -> dict[Place, list[Constraint]]:
    groups: dict[Place, list[Constraint]] = {}
    for constraint in known:
        for place in constraint.form:
            groups.setdefault(place, []).append(constraint)
    return groups


@dataclass
class _Search:
    """One search.

    Attributes:
        book: derived.
        edition: its format.
        around: the constraints.
        witnesses: what need not hold, but speaks for an answer that lets it hold.
        said: the findings of reading and of checking.
    """

    book: Book
    edition: Edition
    around: tuple[Constraint, ...]
    witnesses: tuple[Constraint, ...] = ()
    said: tuple[Finding, ...] = ()
    started: float = field(default_factory=monotonic)

    @cached_property
    def exact(self) -> bool:
        """Whether amounts are known to the cent of a yuan."""
        return unit_of(self.book, self.edition) != WAN

    @cached_property
    def grain(self) -> Decimal:
        """By how much rounding may move an amount that is filled in."""
        return Decimal(0) if self.exact else HALF_CENT

    @cached_property
    def broken(self) -> tuple[Constraint, ...]:
        return tuple(constraint for constraint in self.around if constraint.broken)

    @cached_property
    def by_place(self) -> Mapping[Place, Sequence[Constraint]]:
        """The constraints in which a figure stands."""
        return _by_place(self.around)

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
            - LACKS * ((p.table, p.key, p.column) in self.lacking)
            for p in self.order  # and in no order of a set: the same input gives the same answer
        }

    @cached_property
    def lacking(self) -> frozenset[tuple[str, str, str]]:
        """The cells that are said to lack a figure."""
        first = (finding.spots[0] for finding in self.said if finding.rule in LACKING and finding.spots)
        return frozenset((spot.table, spot.row, spot.column) for spot in first)

    def run(self) -> Located:
        """The culprits."""
        from budgetgen.localisation.solver import Programme  # noqa: PLC0415 - only where something is broken

        answer = Programme(self.around, self.weights, self.grain, SECONDS).solve()
        if answer is None:
            return Located(note=NO_ANSWER.format(len(self.broken)))
        changes = self._settled(answer.changes, self.around)
        culprits = self._culprits(changes)
        torn = sum(len(group) > MOST_MENDS for group in self._groups(changes))
        notes = (TOO_MANY if torn else "", "" if answer.proven else NOT_PROVEN)
        return Located(culprits=culprits, note="\n".join(filter(None, notes)))

    # --- groups of figures that are wrong together ---

    def _culprits(self, changes: Changes) -> tuple[Culprit, ...]:
        """The groups, those that mend most first; what several break together is told of the last."""
        done: Changes = {}
        culprits = []
        for group in sorted(self._groups(changes), key=self._order):
            if len(group) <= MOST_MENDS:
                culprits.append(self._culprit(group, changes, done))
            done |= {place: changes[place] for place in group}
        return tuple(culprit for culprit in culprits if not any(map(_one_sided, culprit.mends)))

    def _groups(self, changes: Changes) -> list[frozenset[Place]]:
        """The changed figures by themselves, or with those without which a relation that held would break."""
        groups = [frozenset({place}) for place in changes]
        while True:
            torn = next(((g, c) for g in groups if (c := self._torn(g, changes))), None)
            if torn is None:
                return groups
            group, constraint = torn
            joined = [g for g in groups if g is group or not g.isdisjoint(constraint.form)]
            if len(joined) == 1:
                return groups
            groups = [g for g in groups if g not in joined] + [frozenset().union(*joined)]

    def _torn(self, group: frozenset[Place], changes: Changes) -> Constraint | None:
        """A constraint that holds, and does not where only that group is mended."""
        own = {place: change for place, change in changes.items() if place in group}
        held = (c for place in own for c in self.by_place[place] if not c.broken)
        return next((c for c in held if not c.allows(self._eased(c, own))), None)

    def _order(self, group: frozenset[Place]) -> tuple[int, int, int, int]:
        """Those that break most first, then the smaller groups, in the order of the tables."""
        touched = {c for place in group for c in self.by_place[place] if c.broken}
        tables = list(self.book.tables)
        first = min((tables.index(place.table), self.order[place]) for place in group)
        return -len(touched), len(group), *first

    def _culprit(self, group: frozenset[Place], changes: Changes, done: Changes) -> Culprit:
        others = {place: change for place, change in changes.items() if place not in group}
        moved = {c for place in others for c in self.by_place[place]}
        left = [self._after(c, others) if c in moved else c for c in self.around]
        own = {place: change for place, change in changes.items() if place in group}
        answers, capped = self._answers(own, left)
        first, *more = [tuple(self._mend(p, d, left) for p, d in answer.items()) for answer in answers]
        explained = self._explained(answers[0], {**done, **answers[0]})
        return Culprit(first, tuple(more), (*explained, *self._consequences(answers[0])), capped)

    def _after(self, constraint: Constraint, changes: Changes) -> Constraint:
        """A constraint on what is left to change."""
        slack = constraint.slack + self._room(constraint, changes)
        return replace(constraint, centre=constraint.centre - constraint.moved(changes), slack=slack)

    def _explained(self, own: Changes, changes: Changes) -> tuple[Finding, ...]:
        """What these figures break, and what is said differently elsewhere and then agrees."""
        touched = (c for c in (*self.broken, *self.witnesses) if not own.keys().isdisjoint(c.form))
        mended = (c for c in touched if c.broken and c.allows(self._eased(c, changes)))
        return tuple(dict.fromkeys(filter(None, map(self._finding, mended))))

    def _consequences(self, own: Changes) -> Iterator[Finding]:
        """What is said to lack, and is there, or is no longer asked for, once these figures are mended."""
        waiting = [f for f in self.said if f.rule in LACKING | FOLLOWING and f.spots]
        if not waiting:
            return
        mended = with_figures(derive(self._mended(own), self.edition), self.edition)
        left = {
            (rule, spots[0].table, spots[0].row, spots[0].column)
            for rule in {finding.rule for finding in waiting}
            for _, (_, spots) in complaints(mended, self.edition, rule)
        }
        for finding in waiting:
            first = finding.spots[0]
            if (finding.rule, first.table, first.row, first.column) not in left:
                yield finding

    def _mended(self, changes: Changes) -> Book:
        """The Book as it was given, with some figures changed."""
        should = {(id(p.row), p.column): p.amount + change for p, change in changes.items()}

        def cell(row: Row, name: str, old: Cell) -> Cell:
            if (id(row), name) in should:
                return replace(old, value=should[id(row), name], given=True)
            return replace(old, value=None) if isinstance(old.value, Decimal) and not old.given else old

        return self.book.with_tables(
            {
                name: Table(
                    name,
                    tuple(
                        row.with_cells({c: cell(row, c, old) for c, old in row.cells.items()})
                        for row in t.rows
                    ),
                )
                for name, t in self.book.tables.items()
            }
        )

    def _eased(self, constraint: Constraint, changes: Changes) -> Decimal:
        """The sum of the changes, as near to what is asked as rounding may bring it."""
        moved, room = constraint.moved(changes), self._room(constraint, changes)
        return min(max(constraint.centre, moved - room), moved + room)

    def _finding(self, constraint: Constraint) -> Finding | None:
        if isinstance(constraint.source, Finding):
            return constraint.source
        relation, scope = constraint.source
        return None if silent(relation, scope, self.edition) else compare(relation, scope, self.edition)

    # --- equally small answers ---

    def _answers(self, own: Changes, left: Sequence[Constraint]) -> tuple[list[Changes], bool]:
        """All answers of that size, likeliest first; and whether there may be more."""
        if len(own) > MOST_TOGETHER:
            return [own], True
        from budgetgen.localisation.solver import Programme  # noqa: PLC0415 - only where something is broken

        near = _near(left, len(own))
        if not any(constraint.broken for constraint in near):  # rounding alone could mend what is left
            return [own], False
        programme = Programme(near, self.weights, self.grain, SECONDS)
        programme.at_most(len(own) + sum(place.amount + change == 0 for place, change in own.items()))
        answers = [own]
        programme.exclude(own)
        while len(answers) < MOST_ANSWERS and monotonic() - self.started < 2 * SECONDS:
            answer = programme.solve()
            if answer is None:
                return sorted(answers, key=self._unlikely), False
            answers.append(self._settled(answer.changes, near))
            programme.exclude(answer.changes)
        return sorted(answers, key=self._unlikely), True

    def _unlikely(self, changes: Changes) -> tuple[float, ...]:
        """How unlikely an answer is: not said to lack, spoken against, struck out, no slip, many relations."""
        against = sum(not w.allows(w.moved(changes)) for w in self.witnesses)
        struck = sum(place.amount + change == 0 for place, change in changes.items())
        careful = sum(not slip(place.amount, place.amount + change) for place, change in changes.items())
        weight, order = sum(self.weights[p] for p in changes), sum(self.order[p] for p in changes)
        blank = sum((p.table, p.key, p.column) not in self.lacking for p in changes) if self.lacking else 0
        return blank, against, struck, careful, weight, order

    # --- amounts ---

    def _settled(self, found: Mapping[Place, float], known: Sequence[Constraint]) -> Changes:
        """The amounts that most relations ask for, within what all allow."""
        changes = {place: Decimal(repr(round(change, 6))) for place, change in found.items()}
        touched = [c for c in known if any(place in changes for place in c.form)]
        for _ in range(PASSES if len(changes) > 1 else 1):
            for place in changes:
                changes[place] = self._asked(place, changes, touched)
        return changes

    def _asked(self, place: Place, changes: Changes, known: Sequence[Constraint]) -> Decimal:
        lower, upper, centres, twins = self._range(place, changes, known)
        now = place.amount
        step = self._step(place)
        wanted = Counter(rounded_to(now + centre, step) for centre in centres)
        inside = {should: n for should, n in wanted.items() if lower <= should - now <= upper}
        middle = sorted(centres)[(len(centres) - 1) // 2] if centres else Decimal(0)
        if not inside:
            return _within(now, min(max(middle, lower), upper), (lower, upper), step)
        exact = Counter(rounded_to(now + centre, step) for centre in twins)
        slips = [should for should in _steps(now, lower, upper, step) if slip(now, should)]
        if slips and not any(slip(now, should) or exact[should] for should in inside):
            return min(slips, key=lambda should: abs(should - now - middle)) - now
        best = min(inside, key=lambda s: (-exact[s], not slip(now, s), -inside[s], abs(s - now - middle)))
        return best - now

    def _range(
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
            rest, room = constraint.moved(others), self._room(constraint, changes)
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

    def _room(self, constraint: Constraint, changes: Changes) -> Decimal:
        """By how much the figures that are filled in where nothing stood may move a constraint by rounding."""
        blanks = (abs(c) for p, c in constraint.form.items() if p in changes and p.cell.value is None)
        return self.grain * sum(blanks, Decimal(0)) + FUZZ

    def _step(self, place: Place) -> Decimal:
        kind = self.edition.kind(place.table, place.column, place.key)
        if kind == "count":
            return ONE
        return CENT / YUAN_PER_UNIT["元"] if self.exact and kind == "money" else CENT

    # --- telling ---

    def _mend(self, place: Place, change: Decimal, known: Sequence[Constraint]) -> Mend:
        signs = {
            (MOST if c.form[place] < 0 else LEAST)
            if c.sign == LEAST
            else (LEAST if c.form[place] < 0 else MOST)
            for c in known
            if c.broken and place in c.form and c.sign != EQUAL
        }
        equal = any(c.broken and c.sign == EQUAL for c in known if place in c.form)
        value = place.cell.value
        return Mend(
            self._spot(place),
            value if isinstance(value, Decimal) else None,
            place.amount + change,
            EQUAL if equal or len(signs) != 1 else signs.pop(),
            self.edition.kind(place.table, place.column, place.key) == "money",
            place.row is None or not any(cell.place for cell in place.row.cells.values()),
        )

    def _spot(self, place: Place) -> Spot:
        if place.row is None:
            return Spot(place.table, place.key, place.column)
        return spot(self.edition, place.table, place.row, place.column)


def _one_sided(mend: Mend) -> bool:
    """Whether a figure would be struck out only because another is no larger, which may as well be wrong."""
    return mend.sign != EQUAL and mend.should == 0 and mend.now is not None


def _near(known: Sequence[Constraint], hops: int) -> tuple[Constraint, ...]:
    """The constraints that decide on answers of that many figures; all other figures stay as they are."""
    places = {place for c in known if c.broken for place in c.form}
    for _ in range(hops - 1):
        places |= {place for c in known if not places.isdisjoint(c.form) for place in c.form}
    kept = ((c, {p: a for p, a in c.form.items() if p in places}) for c in known)
    return tuple(replace(c, form=form) for c, form in kept if form)


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
    if first is None or not upper.is_finite() or (upper - lower) / step > 50:  # noqa: PLR2004
        return
    for number in range(int((upper - lower) / step) + 2):
        if lower <= (value := first + number * step) - now <= upper:
            yield value


def slip(one: Decimal, other: Decimal) -> bool:
    """Whether a figure may have become another by a slip: a digit, two digits exchanged, the point, the sign.

    >>> slip(Decimal("3755.20"), Decimal("3765.20")), slip(Decimal("12.30"), Decimal("21.30"))
    (True, True)
    >>> slip(Decimal("5"), Decimal("50000")), slip(Decimal("5"), Decimal("-5")), slip(Decimal(5), Decimal(73))
    (True, True, False)
    """
    if not one or not other:
        return False
    if one == -other:
        return True
    a, b = (f"{abs(value):.2f}".replace(".", "") for value in (one, other))
    if a.rstrip("0") == b.rstrip("0"):
        return True
    if abs(len(a) - len(b)) == 1:
        long, short = (a, b) if len(a) > len(b) else (b, a)
        return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
    different = [i for i, pair in enumerate(zip(a, b, strict=False)) if pair[0] != pair[1]]
    if len(a) != len(b):
        return False
    exchanged = len(different) == 2 and different[1] == different[0] + 1  # noqa: PLR2004
    return len(different) == 1 or (
        exchanged and a[different[0]] == b[different[1]] and a[different[1]] == b[different[0]]
    )
