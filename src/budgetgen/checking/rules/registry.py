"""Where the rules that are no formulas are registered, and how they name what they found."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.amounts import plain
from budgetgen.findings import Finding, Spot, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from budgetgen.declarations import Edition, Rule
    from budgetgen.model import Book, Cell, Row

Complaint: TypeAlias = tuple[str, tuple[Spot, ...]]
Check: TypeAlias = "Callable[[Book, Edition], Iterator[Complaint]]"

RULES: dict[str, Check] = {}
"""Rule id → what finds its violations. The rule's words stand in the edition under the same id."""


def rule(name: str) -> Callable[[Check], Check]:
    """Register a rule of code under its id."""

    def register(run: Check) -> Check:
        RULES[name] = run
        return run

    return register


def told_rule(declared: Rule, message: str, spots: tuple[Spot, ...]) -> Finding:
    """A complaint as a finding, in the words of the edition's rule."""
    return Finding(declared.id, declared.severity, quoted(message), declared.fix, declared.basis, spots)


def spot(edition: Edition, table: str, row: Row, column: str) -> Spot:
    """A cell as a finding names it."""
    kind = edition.kind(table, column, row.key) or "text"
    return Spot(table, row.key, column, row[column].place, text_of(row[column], kind))


def text_of(cell: Cell, kind: str = "money") -> str:
    """A cell's value for messages and machines."""
    if isinstance(cell.value, Decimal):
        return plain(cell.value, 0 if kind == "count" else 2)
    return str(cell.value or "")
