"""What only follows from something else that is told: one cause, one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition
    from budgetgen.values.findings import Finding
    from budgetgen.values.places import FilePlace

Mark: TypeAlias = "FilePlace | tuple[str, str]"
"""A place of the file, or a line of a table."""


def consequences(findings: Sequence[Finding], edition: Edition) -> Mapping[int, int]:
    """The findings that follow from others, each by its number, with that of the finding at the root of it.

    A rule declares from which others its findings may follow. One follows from a finding of these that speaks of one of
    its cells, or of a line that it speaks of. What is explained is no cause: the explanation says nothing of what follows.
    """
    causes: dict[tuple[str, Mark], int] = {}
    for number, finding in enumerate(findings):
        if not finding.tail and finding.explained is None:
            for mark in _marks(finding):
                causes.setdefault((finding.rule, mark), number)
    found = dict(_following(findings, edition, causes))
    return {number: _root(number, found) for number in found}


def _following(
    findings: Sequence[Finding], edition: Edition, causes: Mapping[tuple[str, Mark], int]
) -> Iterator[tuple[int, int]]:
    for number, finding in enumerate(findings):
        rules = edition.rules[finding.rule].follows
        met = (causes.get((rule, mark)) for rule in rules for mark in _marks(finding))
        cause = next((one for one in met if one not in {None, number}), None)
        if cause is not None and not finding.tail:
            yield number, cause


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
