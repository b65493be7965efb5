"""Which texts that differ are to be looked at first: targets lowered, targets dropped, years that stayed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from budgetgen.comparison.values import Kind, Risk
from budgetgen.values.amounts import number_in
from budgetgen.values.text import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable

    from budgetgen.comparison.values import WordingChange
    from budgetgen.edition.declarations import Edition
    from budgetgen.edition.declarations.review import Target

ORDER = list(Risk)


def ranked(changes: Iterable[WordingChange], edition: Edition) -> tuple[WordingChange, ...]:
    """The texts that differ, those of a risk first, worst first; the others as they stood."""
    targets = {target.table: target for target in edition.review.targets}
    heads = {one.heads for one in edition.performance if one.by}
    judged = [
        replace(one, risk=_risk(one, targets.get(one.table), whole=one.table in heads)) for one in changes
    ]
    return tuple(sorted(judged, key=lambda one: ORDER.index(one.risk) if one.risk else len(ORDER)))


def _risk(one: WordingChange, target: Target | None, *, whole: bool) -> Risk | None:
    """Why a text is to be looked at first; the row of a whole table of targets stands for all of them."""
    if one.kind is Kind.STAYED:
        return Risk.STALE
    if whole and one.kind is Kind.WENT:
        return Risk.DROPPED
    if target is None:
        return None
    if one.kind is Kind.WENT:
        return Risk.DROPPED
    changed = one.kind is Kind.CHANGED and one.column == target.column
    return Risk.LOWERED if changed and lowered(one.old, one.new, target) else None


def lowered(old: str, new: str, target: Target) -> bool:
    """Whether a target asks for less than it did: of the same kind, with another number."""
    before, after = canonical(old), canonical(new)
    was, now = number_in(before), number_in(after)
    if was is None or now is None:
        return False
    most = tuple(map(canonical, target.most))
    if before.startswith(most) and after.startswith(most):
        return now > was
    least = tuple(map(canonical, target.least))
    return before.startswith(least) and after.startswith(least) and now < was
