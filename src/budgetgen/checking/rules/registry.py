"""Where the rules that are no formulas are registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from budgetgen.book.spots import spot
from budgetgen.values.sayings import saying

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from budgetgen.edition.declarations import Edition
    from budgetgen.values.findings import Spot
    from budgetgen.values.model import Book
    from budgetgen.values.sayings import Stated

Complaint: TypeAlias = "tuple[Stated, tuple[Spot, ...]]"
"""What is wrong, and the cells that say so."""
Where: TypeAlias = "Callable[[], Spot]"
"""Gives the cell of a text: few of them are told."""
Check: TypeAlias = "Callable[[Book, Edition], Iterator[Complaint]]"
Search: TypeAlias = "Callable[[Book, Edition], Iterator[tuple[str, Complaint]]]"
"""Finds the violations of several rules on one way through a Book: (rule id, complaint)."""

RULES: dict[str, Search] = {}
"""Rule id → what finds its violations. The rule's words stand in the edition under the same id."""


def rule(name: str) -> Callable[[Check], Check]:
    """Register a rule of code under its id."""

    def register(run: Check) -> Check:
        rules(name)(lambda book, edition: ((name, complaint) for complaint in run(book, edition)))
        return run

    return register


def rules(*names: str) -> Callable[[Search], Search]:
    """Register what finds the violations of several rules."""

    def register(search: Search) -> Search:
        RULES.update(dict.fromkeys(names, search))
        return search

    return register


def complaints(book: Book, edition: Edition, name: str = "") -> Iterator[tuple[str, Complaint]]:
    """All violations of the rules of code, or of one of them, as (rule id, complaint)."""
    for search in dict.fromkeys([RULES[name]] if name else RULES.values()):
        yield from ((found, told) for found, told in search(book, edition) if name in {"", found})


def marked(book: Book, edition: Edition, mark: str) -> Iterator[Complaint]:
    """The texts that still hold a mark which somebody has to take away."""
    for declared in edition.table:
        for row in book[declared.name].rows:
            for name, cell in row.cells.items():
                if isinstance(cell.value, str) and mark in cell.value:
                    yield saying("marked", 列=name, 标记=mark), (spot(edition, declared.name, row, name),)
