"""Findings on a published document: what is mended in a sheet of a workbook is mended otherwise there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from budgetgen.book.relations import relations
from budgetgen.checking.checks import NAMES
from budgetgen.checking.consequences import consequences
from budgetgen.checking.rules.shape import own_lists
from budgetgen.checking.unread import ABSENT
from budgetgen.formula.nodes import CellOf, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from budgetgen.edition.declarations import Edition
    from budgetgen.values.findings import Finding
    from budgetgen.values.model import Book


def of_document(findings: Sequence[Finding], book: Book, edition: Edition) -> tuple[Finding, ...]:
    """The findings with the advice for documents.

    What such a rule finds in several places is told as one finding with all their cells: they are no cells that
    one could go to. A table that is missing is told by itself. A relation that names a row by its code says nothing
    of a table whose codes are those of a list of its own; in a workbook the names follow the codes.
    """
    groups: dict[object, list[Finding]] = {}
    mistaken, following = _mistaken(book, edition), consequences(findings, edition)
    for number, finding in enumerate(findings):
        if finding.rule not in mistaken:
            kind = _kind(finding, edition)
            groups.setdefault(number if kind is None else (kind, following.get(number)), []).append(finding)
    return tuple(_one(found, edition) for found in groups.values())


def _kind(finding: Finding, edition: Edition) -> object:
    """What findings have in common that are told as one: the rule, or a name that it finds misspelt; None for none."""
    if finding.rule in NAMES:
        return finding.rule, dict(finding.said[0].fields).get("写作", finding.said)
    together = edition.rules[finding.rule].fix_document and finding.rule not in ABSENT
    return (finding.rule, finding.tail) if together else None


def _mistaken(book: Book, edition: Edition) -> frozenset[str]:
    """The relations that name a row by a code which means something else there."""
    own = own_lists(book, edition)
    every = relations(edition) if own else ()
    return frozenset(
        relation.rule.id
        for relation in every
        if any((cell.table, cell.fixed) in own for cell in walk(relation.node) if isinstance(cell, CellOf))
    )


def _one(found: Sequence[Finding], edition: Edition) -> Finding:
    first = found[0]
    fix = edition.rules[first.rule].fix_document
    spots = tuple(dict.fromkeys(spot for finding in found for spot in finding.spots))
    if first.rule in NAMES:
        return replace(max(found, key=lambda one: len(one.spots)), spots=spots)
    if not fix or first.tail:
        return first
    said = tuple(dict.fromkeys(one for finding in found for one in finding.said))
    return replace(first, said=said, fix=fix, spots=spots)
