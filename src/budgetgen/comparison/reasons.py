"""The reasons of changes: missing, needless, copied from last year, contradicting their figure, rewritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.comparison.figures import number, rate
from budgetgen.comparison.matching import same_but_years
from budgetgen.comparison.values import Concern, ReasonChange
from budgetgen.edition.declarations import FigureColumn
from budgetgen.saying.reasons import contradicts, explains_none
from budgetgen.values.text import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from budgetgen.comparison.linkage import Told
    from budgetgen.comparison.matching import Both

ORDER = list(Concern)


def reasons(both: Both, figures: Sequence[Told]) -> tuple[ReasonChange, ...]:
    """The reasons to be looked at, worst first.

    Two files of one year are two states of one text: what was rewritten is told. Otherwise the new file's reasons
    are judged; by the old file's figures only where that is of the year before.

    Args:
        both: the files.
        figures: those of the new file's narrative.
    """
    asked = {figure.id for figure in both.new.edition.figure if figure.reasoned}
    found = [
        change
        for one in figures
        if not both.shift or one.row.text(FigureColumn.ID) in asked
        for change in _of_figure(both, one)
    ]
    return tuple(sorted(found, key=lambda c: (ORDER.index(c.concern), -abs(c.change))))


def _of_figure(both: Both, one: Told) -> Iterator[ReasonChange]:
    stored = both.new.edition.comparisons
    last = both.old.edition.comparisons
    own = both.new.book.cell(stored.reasons, one.row.key, stored.reason)
    old_reason = both.old.book.cell(last.reasons, one.key, last.reason)
    before, after = str(old_reason.value or ""), str(own.value or "")
    old, new = _old_amount(one), one.now
    concerns = (
        _rewritten(before, after)
        if not both.shift
        else _judged(both, before, after, (old, new), spoken=bool(one.row.text(FigureColumn.REASON)))
    )
    for concern in concerns:
        yield ReasonChange(
            concern,
            one.row.key,
            one.name,
            old,
            new,
            new - old,
            rate(new - old, old),
            before,
            after,
            own.place,
        )


def _old_amount(one: Told) -> Decimal:
    """The old file's amount; what the new file says of last year where the old one does not have it."""
    return number((one.published or one.row[FigureColumn.PRIOR]).value)


def _rewritten(before: str, after: str) -> Iterator[Concern]:
    if canonical(before) != canonical(after):
        yield Concern.REWRITTEN


def _judged(
    both: Both, before: str, after: str, amounts: tuple[Decimal, Decimal], *, spoken: bool
) -> Iterator[Concern]:
    """What is to be looked at in a reason of another year.

    Args:
        both: the files.
        before: the old reason.
        after: the figure's own new reason.
        amounts: the old and the new one.
        spoken: whether the new file says any reason at all, be it that of another figure.
    """
    words = both.new.edition.review
    old, new = amounts
    idle = old == new and explains_none(after, words)
    copied = bool(before and after) and same_but_years(before, after, both.shift) and not idle
    against = both.shift == 1 and old != new and contradicts(after, new - old, words)
    if copied:
        yield Concern.OUTDATED if against else Concern.COPIED
    elif against:
        yield Concern.CONTRADICTS
    if both.shift != 1:
        return
    if not spoken and both.threshold.reached(old, new):
        yield Concern.MISSING
    if after and old == new and not (idle or copied):
        yield Concern.NEEDLESS
