"""What only follows from something else that is told: one cause, one line."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.book.relations import relations
from budgetgen.formula.nodes import tables_run_over

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from decimal import Decimal

    from budgetgen.edition.declarations import Edition
    from budgetgen.values.findings import Finding
    from budgetgen.values.places import FilePlace

Mark: TypeAlias = "FilePlace | tuple[str, str]"
"""A place of the file, or a line of a table."""


def consequences(findings: Sequence[Finding], edition: Edition) -> Mapping[int, int]:
    """The findings that follow from others, each by its number, with that of the finding at the root of it.

    A rule declares from which others its findings may follow. One follows from a finding of these that speaks of one of
    its cells, or of a line that it speaks of; where it looks for something in other tables, only if that one stands in
    one of these too, or at one of their cells: what is wrong elsewhere is not why there is nothing there. What is explained is no cause: the
    explanation says nothing of what follows.
    """
    causes: defaultdict[tuple[str, Mark], list[int]] = defaultdict(list)
    for number, finding in enumerate(findings):
        if not finding.tail and finding.explained is None:
            for mark in _marks(finding):
                causes[finding.rule, mark].append(number)
    found = dict(_following(findings, edition, causes))
    return {number: _root(number, found) for number in found} | dict(_same_tails(findings))


def _same_tails(findings: Sequence[Finding]) -> Iterator[tuple[int, int]]:
    """The tails of one amount that speak of a cell, or of a code in any table, of which another speaks: with the first of these."""
    first: dict[tuple[Decimal, FilePlace | str], int] = {}
    for number, finding in enumerate(findings):
        if finding.tail and finding.difference is not None:
            size = abs(finding.difference)
            spoken = {mark for spot in finding.spots for mark in (spot.place, spot.row) if _tells(mark)}
            marks = [(size, mark) for mark in spoken if mark is not None]
            root = min((first[mark] for mark in marks if mark in first), default=number)
            first |= dict.fromkeys(marks, root)
            if root != number:
                yield number, root


def _tells(mark: FilePlace | str | None) -> bool:
    """Whether a cell or the key of a row is the same thing wherever it is met: a total is one of its own table."""
    return mark is not None and (not isinstance(mark, str) or mark.isdigit())


def _following(
    findings: Sequence[Finding], edition: Edition, causes: Mapping[tuple[str, Mark], Sequence[int]]
) -> Iterator[tuple[int, int]]:
    sought = edition.once(_sought)
    for number, finding in enumerate(findings):
        rules, tables = edition.rules[finding.rule].follows, sought.get(finding.rule)
        places = {spot.place for spot in finding.spots if tables and spot.table in tables}
        met = (
            (one, mark) for rule in rules for mark in _marks(finding) for one in causes.get((rule, mark), ())
        )
        known = (
            one
            for one, mark in met
            if one != number and (not tables or mark in places or _stands_in(findings[one], tables))
        )
        cause = next(known, None)
        if cause is not None and not finding.tail:
            yield number, cause


def _sought(edition: Edition) -> Mapping[str, AbstractSet[str]]:
    """The other tables in whose rows a rule that may follow looks for something, by its id."""
    return {
        one.rule.id: frozenset(tables_run_over(one.node)) - set(one.rule.each)
        for one in relations(edition)
        if one.rule.follows
    }


def _stands_in(finding: Finding, tables: AbstractSet[str]) -> bool:
    return any(spot.table in tables for spot in finding.spots)


def _marks(finding: Finding) -> Iterator[Mark]:
    for spot in finding.spots:
        if spot.place is not None:
            yield spot.place
        if spot.row:
            yield spot.table, spot.row


def _root(number: int, found: Mapping[int, int]) -> int:
    """The last of the causes of causes; the first that is met again where they go round."""
    passed = {number}
    while number in found and found[number] not in passed:
        number = found[number]
        passed.add(number)
    return number
