"""Which cell is wrong: the fewest figures whose change lets every relation hold at once.

A wrong figure breaks every relation that it stands in, often a dozen. The relations that hold around them tell
which figure it was, and most often what it should be. A figure is named only where nothing else of that size would
do, or where it is clearly the likeliest; else all figures that may be wrong are told, and none of them as the one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from time import process_time
from typing import TYPE_CHECKING

from budgetgen.book.derivation import derive
from budgetgen.book.figures import with_figures
from budgetgen.book.spots import spot
from budgetgen.checking.checks import complaint
from budgetgen.checking.money import unit_of
from budgetgen.checking.rules import complaints
from budgetgen.localisation.constraints import EQUAL, LEAST, MOST, Constraint, conditions, constraints
from budgetgen.localisation.culprits import Culprit, Located, Mend
from budgetgen.localisation.evidence import BY_CHANCE, Evidence, clear, given_only, mended
from budgetgen.localisation.fitting import Changes, Fitting
from budgetgen.localisation.lacking import with_lacking
from budgetgen.localisation.lines import Lines
from budgetgen.localisation.moves import apart, moves
from budgetgen.localisation.rivals import Rivals, by_place
from budgetgen.values.findings import Finding, Severity, Spot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition
    from budgetgen.formula.linear import Place
    from budgetgen.values.model import Book

SECONDS = 4.0
"""How long is searched for the smallest answer."""
LONGEST = 4.0
"""After how many seconds of a processor nothing more is looked for; what is not known to be the only answer by then is not named."""
MOST_ANSWERS = 6
"""How many answers are told where one is clearly the likeliest."""
BRIEF = 0.5
"""So many seconds at least are spent on showing that a figure is in every answer of that size."""
SURELY = 1000
"""So many times likelier than an answer of quite other figures an answer has to be: there may be more of those."""
MOST_HANGING = 3
"""An amount that hangs on more figures that nothing else vouches for is not sure: a second mistake would move it."""
TAIL = 0.2
"""An amount that may lie further apart, in 万元, is no amount but a bound, where no equation says it."""
LACKING = frozenset({"prior-missing", "required-missing"})
"""The rules that say that a cell lacks a figure."""
FOLLOWING = frozenset({"reason-missing"})
"""The rules that ask for what goes with a change that a wrong figure may have made."""
UNFILLED = frozenset({"money-missing"})
"""The rules that say that the figures that all others follow from are still to be filled in: nothing can be told from these."""
LACKS = 0.1
"""By how much such a cell is likelier to be wrong than others."""
MOST_MENDS = 4
"""So many figures at most are told to be wrong together; larger answers are guesses."""
COLUMN = 3
"""So many blank cells of one column that lack figures are told as one."""
SHIFTED = "填错了行"
"""By which slip a figure stands in the line above or below its own."""
NOT_FILLED = "收入、支出的表还没有金额，填了才指得出哪一格不对。"
NOT_INSTALLED = "没有安装求解程序 highspy，不能指出错在哪一格，只列出不成立的关系。要指出来：pip install budgetgen[localise]"
NO_ANSWER = "有 {} 处不成立的关系没有找到能同时改正它们的单元格，请逐处核对。"
TOO_MANY = "有些不成立的关系要同时改很多格才能成立，指不出是哪几格错了；请逐处核对下面列出的关系。"
NOT_PROVEN = "不成立的关系太多，限时之内找到的改法不一定是最少的。"


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
    known = tuple(_complained(constraints(book, edition, found), edition))
    wrong = Lines(book, edition, said, known)
    lines, left = wrong.told(), wrong.independent(known)
    if any(finding.rule in UNFILLED for finding in said):
        return Located(lines, note=NOT_FILLED)
    if not any(constraint.broken for constraint in left if constraint.firm):
        return Located(lines)
    try:
        import budgetgen.localisation.solver  # noqa: F401, PLC0415 - only where something is broken
    except ImportError:
        return Located(lines, note=NOT_INSTALLED)
    lacking = [(p.table, p.key) for c in left if c.broken for p in c.form if p.row is None]
    complete = with_lacking(book, edition, lacking)
    if complete is not book:
        left = wrong.independent(_complained(constraints(complete, edition, found), edition))
    firm, witnesses = ([c for c in left if c.firm is kind] for kind in (True, False))
    return replace(
        _Search(complete, edition, _around(firm), tuple(witnesses), said, found).run(), lines=lines
    )


def _complained(known: Iterable[Constraint], edition: Edition) -> Iterator[Constraint]:
    """The constraints without those that are broken and of which nobody complains: they need not hold."""
    return (c for c in known if not c.broken or finding_of(c, edition) is not None)


def finding_of(constraint: Constraint, edition: Edition) -> Finding | None:
    """What is said of a constraint that is broken; None where it repeats what others say."""
    if isinstance(constraint.source, Finding):
        return constraint.source
    relation, scope = constraint.source
    return complaint(relation, scope, edition)


def _around(known: Sequence[Constraint]) -> tuple[Constraint, ...]:
    """The broken constraints and all that share a figure with them, directly or by others."""
    groups, broken = by_place(known), [constraint for constraint in known if constraint.broken]
    seen: dict[Constraint, None] = dict.fromkeys(broken)
    queue = list(broken)
    while queue:
        for place in queue.pop().form:
            for constraint in groups.pop(place, ()):
                if constraint not in seen:
                    seen[constraint] = None
                    queue.append(constraint)
    return tuple(constraint for constraint in known if constraint in seen)


@dataclass
class _Search:
    """One search.

    Attributes:
        book: derived.
        edition: its format.
        around: the constraints.
        witnesses: what need not hold, but speaks for an answer that lets it hold.
        said: the findings of reading and of checking.
        read: the findings of reading.
    """

    book: Book
    edition: Edition
    around: tuple[Constraint, ...]
    witnesses: tuple[Constraint, ...] = ()
    said: tuple[Finding, ...] = ()
    read: tuple[Finding, ...] = ()
    started: float = field(default_factory=process_time)
    proven: bool = False
    """Whether there is no smaller answer than that which was found."""

    @cached_property
    def fitting(self) -> Fitting:
        """How amounts are fitted."""
        return Fitting(self.edition, unit_of(self.book, self.edition))

    @cached_property
    def rivals(self) -> Rivals:
        """What else could be wrong."""
        return Rivals(self.around, self.fitting, self.weights, self.started + LONGEST)

    @cached_property
    def evidence(self) -> Evidence:
        """What is likelier."""
        return Evidence(
            self.book,
            self.edition,
            self.fitting,
            self.witnesses,
            tuple(conditions(self.book, self.edition, self.read)),
            self.lacking,
        )

    @cached_property
    def broken(self) -> tuple[Constraint, ...]:
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
            - LACKS * ((p.table, p.key, p.column) in self.lacking)
            for p in self.order  # and in no order of a set: the same input gives the same answer
        }

    @cached_property
    def lacking(self) -> frozenset[tuple[str, str, str]]:
        """The cells that are said to lack a figure."""
        first = (finding.spots[0] for finding in self.said if finding.rule in LACKING and finding.spots)
        return frozenset((spot.table, spot.row, spot.column) for spot in first)

    def run(self) -> Located:
        """The culprits: first what stands in the wrong line, then what is wrong otherwise."""
        shifted: Changes = {}
        culprits = []
        for answers in apart(moves(self.book, self.around)):
            culprits.append(self._shifted(answers))
            shifted |= answers[0]
        if not shifted:
            return self.smallest()
        left = self._left(frozenset(), shifted)
        rest = replace(self, around=tuple(left)).smallest() if any(c.broken for c in left) else Located()
        return replace(rest, culprits=(*culprits, *rest.culprits))

    def _shifted(self, answers: Sequence[Changes]) -> Culprit:
        """A figure in the wrong line; where it may as well be another one in another line, none of them is named."""
        explained = dict.fromkeys(f for own in answers for f in self._explained(own, own))
        mends = [
            tuple(replace(self._mend(p, own, ()), why=SHIFTED, sign=EQUAL) for p in own) for own in answers
        ]
        if len(answers) == 1:
            return Culprit(mends[0], (), tuple(explained))
        among = tuple(mend for together in mends for mend in together)
        return Culprit((), (), tuple(explained), among=among, difference=max(answers[0].values()))

    def smallest(self) -> Located:
        """The figures of the smallest answer, or of the likeliest of that size."""
        from budgetgen.localisation.solver import Programme  # noqa: PLC0415 - only where something is broken

        answer = Programme(self.around, self.weights, self.fitting.grain, SECONDS).solve()
        if answer is None:
            return Located(note=NO_ANSWER.format(len(self.broken)))
        self.proven = answer.proven
        changes = self._likeliest(self.fitting.settled(answer.changes, self.around))
        culprits = self._culprits(changes)
        torn = any(len(group) > MOST_MENDS for group in self._groups(changes))
        unsure = not answer.proven and not all(culprit.mends for culprit in culprits)
        return Located(culprits=culprits, note=TOO_MANY if torn else NOT_PROVEN if unsure else "")

    def _likeliest(self, changes: Changes) -> Changes:
        """Of the answers of that size one that no single figure in place of another makes likelier."""
        while True:
            others = [other for place in changes for other in self.rivals.of(place, changes)]
            best = max(others, key=self.evidence.weight, default=changes)
            if self.evidence.weight(best) <= self.evidence.weight(changes) or self.rivals.late:
                return changes
            changes = best

    # --- which figures are named ---

    def _named(self, changes: Changes) -> frozenset[Place]:
        """The figures that are wrong, and by so much, in every answer, or in one that is clearly likelier."""
        likely = [place for place in changes if self._likely(place, changes)]
        if not likely or (self.proven and len(changes) == 1) or self._in_all(likely, changes):
            return frozenset(likely)
        return frozenset(place for place in likely if not self.rivals.late and self._in_all([place], changes))

    def _likely(self, place: Place, changes: Changes) -> bool:
        """Whether no other answer in which one figure is another is nearly as likely.

        Beside what could not be read nobody knows whether a line lacks in one table or is too much in another. A
        figure that may as well be nothing is not sure to be anything.
        """
        unread = any(finding.severity == Severity.ERROR for finding in self.read)
        if _absent(place) and (unread or self._struck(place, changes)):
            return False
        if self.fitting.idle(place, changes, self.by_place[place]):
            return False
        against = self._against(place, changes)
        said = (place.table, place.key, place.column) in self.lacking
        sound = self._clear(changes, against) and (said or self.rivals.hanging(place) <= MOST_HANGING)
        if self.rivals.late or not (sound or self._slipped(place, changes, against)):
            return False
        return self._determined(place, changes)

    def _struck(self, place: Place, changes: Changes) -> bool:
        """Whether a line that its table has not may as well be too much in the only table where it stands."""
        entered = {
            p: -p.amount for p in self.by_place if p.key == place.key and p.amount and p.table != place.table
        }
        if len({p.table for p in entered}) != 1:
            return False
        instead = {p: change for p, change in changes.items() if p != place} | entered
        touched = {c for p in (place, *instead) for c in self.by_place[p]}
        return all(c.allows(self.rivals.eased(c, instead)) for c in touched)

    def _against(self, place: Place, changes: Changes) -> list[Changes]:
        """The answers without a figure, or with it changed by another amount."""
        others = [other for p in changes if p != place for other in self.rivals.of(p, changes)]
        tail = Decimal(str(TAIL))
        differing = [o for o in others if abs(o[place] - changes[place]) > tail]
        return [*self.rivals.of(place, changes), *differing]

    def _clear(self, changes: Changes, against: Sequence[Changes]) -> bool:
        """Whether an answer is clearly the likeliest, however people mistype."""
        weight = self.evidence.weight
        return not against or clear(
            weight(changes, slips=False), (weight(other, slips=False) for other in against)
        )

    def _slipped(self, place: Place, changes: Changes, against: Sequence[Changes]) -> bool:
        """Whether it is clearly the likeliest as a figure looks mistyped, which is hardly by chance."""
        weight = self.evidence.weight
        if not clear(weight(changes), map(weight, against)):
            return False
        among = {p: d for other in (changes, *against) for p, d in other.items() if p.cell.value is not None}
        return self.evidence.by_chance(place, changes[place], among) <= BY_CHANCE

    def _in_all(self, places: Sequence[Place], changes: Changes) -> bool:
        """Whether no answer of that size lacks one of some figures, but a much unlikelier one."""
        from budgetgen.localisation.solver import Programme  # noqa: PLC0415 - only where something is broken

        seconds = max(self.rivals.left, BRIEF)
        programme = Programme(self.around, self.weights, self.fitting.grain, seconds)
        programme.exclude(places)
        programme.at_most(sum(1 + (p.amount + change == 0) for p, change in changes.items()))
        answer = programme.solve()
        if answer is None:
            return programme.impossible
        if len(places) > 1:
            return False
        weight = self.evidence.weight
        return answer.proven and weight(changes) >= SURELY * weight(
            self.fitting.settled(answer.changes, self.around)
        )

    def _determined(self, place: Place, changes: Changes) -> bool:
        """Whether a blank figure has to be so much, whatever is filled in beside it."""
        if place.cell.value is not None:
            return True
        siblings = self._blank_beside(place)
        ends = self.rivals.reach(place, siblings, changes)
        return ends is not None and ends[1] - ends[0] <= TAIL

    def _blank_beside(self, place: Place) -> tuple[Place, ...]:
        """The blank figures that may lack together with one; of one that is said to lack those that are so as well."""
        siblings, said = self.rivals.blank_siblings(place), self.lacking
        known = (place.table, place.key, place.column) in said
        return tuple(p for p in siblings if not known or (p.table, p.key, p.column) in said)

    # --- groups of figures that are wrong together ---

    def _culprits(self, changes: Changes) -> tuple[Culprit, ...]:
        """The groups, those that are named and mend most first; what several break together is told of the last."""
        done: Changes = {}
        named, open_, sure = [], [], self._named(changes)
        for group in sorted(self._groups(changes), key=self._order):
            if len(group) > MOST_MENDS:
                pass
            elif group <= sure:
                named.append(self._culprit(group, changes, done))
            else:
                open_.append(self._undecided(group, changes, done))
            done |= {place: changes[place] for place in group}
        told = [culprit for culprit in named if not any(map(_one_sided, culprit.mends))]
        return (*_columns(told), *(culprit for culprit in open_ if culprit.explains))

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
        return next((c for c in held if not c.allows(self.rivals.eased(c, own))), None)

    def _order(self, group: frozenset[Place]) -> tuple[int, int, int, int]:
        """Those that break most first, then the smaller groups, in the order of the tables."""
        touched = {c for place in group for c in self.by_place[place] if c.broken}
        tables = list(self.book.tables)
        first = min((tables.index(place.table), self.order[place]) for place in group)
        return -len(touched), len(group), *first

    def _culprit(self, group: frozenset[Place], changes: Changes, done: Changes) -> Culprit:
        """Figures that are named, with the other answers where they are but the likeliest."""
        own = {place: change for place, change in changes.items() if place in group}
        left = self._left(group, changes)
        others = self._instead(group, changes)
        more = [tuple(self._mend(p, other, left) for p in other) for other in others[: MOST_ANSWERS - 1]]
        explained = self._explained(own, {**done, **own})
        mends = tuple(self._mend(p, own, left, why=True) for p in own)
        return Culprit(
            mends, tuple(more), (*explained, *self._consequences(own)), capped=len(others) > len(more)
        )

    def _undecided(self, group: frozenset[Place], changes: Changes, done: Changes) -> Culprit:
        """Figures of which some are wrong, nobody knows which: the likeliest first."""
        own = {place: change for place, change in changes.items() if place in group}
        left = self._left(group, changes)
        answers = self._instead(group, changes, own)
        candidates: Changes = {}
        for answer in answers:
            candidates = {**answer, **candidates}
        for place, change in own.items():
            if place.cell.value is None and not self._determined(place, changes):
                candidates = {**dict.fromkeys(self._blank_beside(place), change), **candidates}
        among = tuple(
            self._bounded(self._mend(p, {p: d}, left, why=True), p, candidates, changes)
            for p, d in candidates.items()
        )
        broken = [c for place in own for c in self.by_place[place] if c.broken]
        difference = max((abs(c.centre) for c in broken), default=Decimal(0))
        explained = self._explained(own, {**done, **own})
        return Culprit((), (), explained, among=among, difference=difference)

    def _bounded(self, mend: Mend, place: Place, candidates: Changes, changes: Changes) -> Mend:
        """What is known of a blank figure for certain, whichever of some figures lack: that it is at least so much."""
        if place.cell.value is not None or self.rivals.late:
            return mend
        ends = self.rivals.reach(place, candidates, changes, self.witnesses) or self.rivals.reach(
            place, candidates, changes
        )
        if ends is None or not 0 < ends[0] < float("inf"):
            return mend
        known = (c for c in (*self.by_place[place], *self.witnesses) if place in c.form)
        told = [
            bound
            for c in known
            if abs((bound := c.centre / c.form[place]) - Decimal(ends[0])) <= Decimal(str(TAIL))
        ]
        return replace(mend, sure=min(told, default=None))

    def _instead(
        self, group: frozenset[Place], changes: Changes, own: Changes | None = None
    ) -> list[Changes]:
        """What may be wrong instead of some figures, all others staying, the likeliest first; with these if given."""
        found: dict[frozenset[Place], tuple[float, Changes]] = {}
        if own:
            found[frozenset(own)] = self.evidence.weight(changes), own
        for place in sorted(group, key=lambda p: self.order[p]):
            for other in self.rivals.of(place, changes):
                instead = {p: d for p, d in other.items() if p in group or p not in changes}
                found.setdefault(frozenset(instead), (self.evidence.weight(other), instead))
        return [answer for _, answer in sorted(found.values(), key=lambda one: -one[0])]

    def _left(self, group: frozenset[Place], changes: Changes) -> list[Constraint]:
        """What the other figures leave to be mended."""
        others = {place: change for place, change in changes.items() if place not in group}
        moved = {c for place in others for c in self.by_place[place]}
        return [self.rivals.after(c, others) if c in moved else c for c in self.around]

    # --- what is mended ---

    def _explained(self, own: Changes, changes: Changes) -> tuple[Finding, ...]:
        """What these figures break, and what is said differently elsewhere and then agrees."""
        touched = (c for c in (*self.broken, *self.witnesses) if not own.keys().isdisjoint(c.form))
        mended = (c for c in touched if c.broken and c.allows(self.rivals.eased(c, changes)))
        return tuple(dict.fromkeys(f for c in mended if (f := finding_of(c, self.edition))))

    def _consequences(self, own: Changes) -> Iterator[Finding]:
        """What is said to lack, and is there, or is no longer asked for, once these figures are mended."""
        waiting = [f for f in self.said if f.rule in LACKING | FOLLOWING and f.spots]
        if not waiting:
            return
        after = with_figures(derive(mended(given_only(self.book), own), self.edition), self.edition)
        left = {
            (rule, spots[0].table, spots[0].row, spots[0].column)
            for rule in {finding.rule for finding in waiting}
            for _, (_, spots) in complaints(after, self.edition, rule)
        }
        for finding in waiting:
            first = finding.spots[0]
            if (finding.rule, first.table, first.row, first.column) not in left:
                yield finding

    # --- telling ---

    def _mend(
        self, place: Place, changes: Changes, known: Sequence[Constraint], *, why: bool = False
    ) -> Mend:
        """What a figure should be, the others of an answer changing with it."""
        change = changes[place]
        own = [c for c in known if place in c.form]
        signs = {
            (MOST if c.form[place] < 0 else LEAST)
            if c.sign == LEAST
            else (LEAST if c.form[place] < 0 else MOST)
            for c in own
            if c.broken and c.sign != EQUAL
        }
        equal = any(c.broken and c.sign == EQUAL for c in own)
        value = place.cell.value
        return Mend(
            self._spot(place),
            value if isinstance(value, Decimal) else None,
            place.amount + change,
            EQUAL if equal or len(signs) != 1 else signs.pop(),
            self.edition.kind(place.table, place.column, place.key) == "money",
            _absent(place),
            self.evidence.why(place, change) if why else "",
            tail=self.fitting.tail(place, changes, known),
        )

    def _spot(self, place: Place) -> Spot:
        if place.row is None:
            return Spot(place.table, place.key, place.column)
        return spot(self.edition, place.table, place.row, place.column)


def _absent(place: Place) -> bool:
    """Whether a figure is one of a line that its table has not."""
    return place.row is None or not any(cell.place for cell in place.row.cells.values())


def _one_sided(mend: Mend) -> bool:
    """Whether a figure would be struck out only because another is no larger, which may as well be wrong."""
    return mend.sign != EQUAL and mend.should == 0 and mend.now is not None


def _columns(culprits: Sequence[Culprit]) -> Iterator[Culprit]:
    """The culprits, those that are blank cells of one column as one."""
    groups: dict[tuple[str, str], list[Culprit]] = {}
    for culprit in culprits:
        if column := _blank_column(culprit):
            groups.setdefault(column, []).append(culprit)
    told = set()
    for culprit in culprits:
        column = _blank_column(culprit)
        together = groups.get(column, []) if column else []
        if len(together) < COLUMN:
            yield culprit
        elif column not in told:
            told.add(column)
            mends = tuple(mend for one in together for mend in one.mends)
            explains = tuple(dict.fromkeys(finding for one in together for finding in one.explains))
            yield Culprit(mends, (), explains)


def _blank_column(culprit: Culprit) -> tuple[str, str] | None:
    """The column of which a culprit says that a cell is blank, and what should stand there."""
    first = culprit.mends[0]
    alone = len(culprit.mends) == 1 and not culprit.alternatives and not first.absent
    return (first.spot.table, first.spot.column) if alone and first.now is None else None
