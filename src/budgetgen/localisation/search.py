"""Which cell is wrong: the fewest figures whose change lets every relation hold at once.

A wrong figure breaks every relation that it stands in, often a dozen. The relations that hold around them tell
which figure it was, and most often what it should be. A figure is named only where nothing else of that size would
do, or where it is clearly the likeliest; else all figures that may be wrong are told, and none of them as the one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from budgetgen.localisation.certainty import Certainty
from budgetgen.localisation.conflict import Conflict, complained
from budgetgen.localisation.constraints import EQUAL, Constraint, constraints
from budgetgen.localisation.culprits import Culprit, Located, Mend
from budgetgen.localisation.groups import grouped
from budgetgen.localisation.lacking import with_lacking
from budgetgen.localisation.lines import Lines
from budgetgen.localisation.moves import apart, moves
from budgetgen.localisation.rivals import by_place
from budgetgen.localisation.telling import Telling, by_column, shifted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from budgetgen.edition.declarations import Edition
    from budgetgen.formula.linear import Place
    from budgetgen.localisation.fitting import Changes
    from budgetgen.values.findings import Finding
    from budgetgen.values.model import Book

SECONDS = 4.0
"""How long is searched for the smallest answer."""
UNFILLED = frozenset({"money-missing"})
"""The rules that say that the figures that all others follow from are still to be filled in: nothing can be told from these."""
MOST_MENDS = 4
"""So many figures at most are told to be wrong together; larger answers are guesses."""
COLUMN = 3
"""So many blank cells of one column that lack figures are told as one."""
NOT_FILLED = "收入、支出的表还没有金额，填了才指得出哪一格不对。"
NOT_INSTALLED = "没有安装求解程序 highspy，不能指出错在哪一格，只列出不成立的关系。要指出来：pip install budgetgen[localise]"
NO_ANSWER = "有 {} 处不成立的关系没有找到能同时改正它们的单元格，请逐处核对。"
TOO_MANY = "有些不成立的关系要同时改很多格才能成立，指不出是哪几格错了；请逐处核对下面列出的关系。"
NOT_PROVEN = "不成立的关系太多，限时之内找到的改法不一定是最少的。"


def localise(
    book: Book,
    edition: Edition,
    read: Iterable[Finding] = (),
    checked: Iterable[Finding] = (),
    *,
    broken: bool = True,
) -> Located:
    """The figures that are wrong.

    Args:
        book: derived.
        edition: its format.
        read: the findings of reading; what could not be read is left out, and what sentences say of a figure
            counts as one more relation.
        checked: the findings of checking: lines that stand twice or under a wrong code or name are set right
            first, and cells that are said to lack a figure are the likeliest to be wrong.
        broken: whether some sum may not hold, by `some_broken`; where all do, only lines are told.
    """
    found, said = tuple(read), (*read, *checked)
    known = tuple(complained(constraints(book, edition, found), edition)) if broken else ()
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
        left = wrong.independent(complained(constraints(complete, edition, found), edition))
    firm, witnesses = ([c for c in left if c.firm is kind] for kind in (True, False))
    return replace(
        _explained(Conflict(complete, edition, _around(firm), witnesses, said, found)), lines=lines
    )


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


def _explained(conflict: Conflict) -> Located:
    """The culprits: first what stands in the wrong line, then what is wrong otherwise."""
    changes: Changes = {}
    culprits = []
    for answers in apart(moves(conflict.book, conflict.around)):
        culprits.append(shifted(conflict, answers))
        changes |= answers[0]
    if not changes:
        return _smallest(conflict)
    left = conflict.left(changes)
    rest = _smallest(replace(conflict, around=left)) if any(c.broken for c in left) else Located()
    return replace(rest, culprits=(*culprits, *rest.culprits))


def _smallest(conflict: Conflict) -> Located:
    """The figures of the smallest answer, or of the likeliest of that size."""
    from budgetgen.localisation.solver import Programme  # noqa: PLC0415 - only where something is broken

    answer = Programme(conflict.around, conflict.weights, conflict.fitting.grain, SECONDS).solve()
    if answer is None:
        return Located(note=NO_ANSWER.format(len(conflict.broken)))
    changes = _likeliest(conflict, conflict.fitting.settled(answer.changes, conflict.around))
    groups = grouped(conflict, changes)
    culprits = _culprits(Certainty(conflict, changes, answer.proven), groups)
    torn = any(len(group) > MOST_MENDS for group in groups)
    unsure = not answer.proven and not all(culprit.mends for culprit in culprits)
    return Located(culprits=culprits, note=TOO_MANY if torn else NOT_PROVEN if unsure else "")


def _likeliest(conflict: Conflict, changes: Changes) -> Changes:
    """Of the answers of that size one that no single figure in place of another makes likelier."""
    while True:
        others = [other for place in changes for other in conflict.rivals.of(place, changes)]
        best = max(others, key=conflict.weight, default=changes)
        if conflict.weight(best) <= conflict.weight(changes) or conflict.rivals.late:
            return changes
        changes = best


def _culprits(certainty: Certainty, groups: Sequence[frozenset[Place]]) -> tuple[Culprit, ...]:
    """What is told of each group, those that are named first; what several break together is told of the last."""
    telling = Telling(certainty)
    done: Changes = {}
    named, open_ = [], []
    for group in groups:
        if len(group) > MOST_MENDS:
            pass
        elif group <= certainty.named:
            named.append(telling.culprit(group, done))
        else:
            open_.append(telling.undecided(group, done))
        done |= {place: certainty.changes[place] for place in group}
    told = [culprit for culprit in named if not any(map(_one_sided, culprit.mends))]
    return (*by_column(told, COLUMN), *(culprit for culprit in open_ if culprit.explains))


def _one_sided(mend: Mend) -> bool:
    """Whether a figure would be struck out only because another is no larger, which may as well be wrong."""
    return mend.sign != EQUAL and mend.should == 0 and mend.now is not None
