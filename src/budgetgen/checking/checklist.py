"""The list of what has to be published: each requirement, whether it is met, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgetgen.saying.disclosure import compose, headed
from budgetgen.values.model import Paragraph

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from budgetgen.edition.declarations import Edition
    from budgetgen.edition.declarations.rules import Requirement
    from budgetgen.values.model import Book


@dataclass(frozen=True, slots=True)
class Met:
    """A requirement, and where it is met.

    Attributes:
        requirement: what has to be published.
        places: the tables and the headings under which it stands; none where it is missing.
    """

    requirement: Requirement
    places: tuple[str, ...]


def checklist(
    book: Book, edition: Edition, told: Collection[str] | None, absent: Collection[str] = ()
) -> Iterator[Met]:
    """Every requirement of a format.

    Args:
        book: derived.
        edition: its format.
        told: the statements that a document makes; None of a workbook, whose document makes all that it gives.
        absent: the tables that a document lacks.
    """
    headings = _headings(book, edition)
    for requirement in edition.requirement:
        tables = [name for name in requirement.tables if name not in absent]
        said = [id_ for id_ in requirement.statements if id_ in (headings if told is None else told)]
        places = (
            *(f"表{edition.tables[name].ordinal} {name}" for name in tables),
            *(headings.get(id_, "") or id_ for id_ in said),
        )
        yield Met(requirement, tuple(dict.fromkeys(places)))


def _headings(book: Book, edition: Edition) -> Mapping[str, str]:
    """The heading under which each statement stands in the document that a Book gives."""
    found: dict[str, str] = {}
    for part in compose(book, edition).parts:
        for heading, block in headed(part):
            if isinstance(block, Paragraph) and block.statement:
                found.setdefault(block.statement, heading)
    return found
