"""What the comparisons of a workbook give for a Book: what `checking` says of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.book.verdicts import State, judge, repeats
from budgetgen.formula.evaluation import UNNOTED, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.book.relations import Relation
    from budgetgen.edition.declarations import Edition
    from budgetgen.formula.values import Result
    from budgetgen.values.model import Book, Row
    from budgetgen.writing.workbook.comparisons import Comparison

PASSED, DIFFERS, BLANK = range(3)
"""What a comparison gives."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a comparison gives for a Book; amounts in 万元.

    Attributes:
        state: PASSED, DIFFERS or BLANK.
        failing: how many rows differ.
        index: the number of the first of them from 1, 0 where none does.
        left, right: both sides, None for blank.
    """

    state: int
    failing: int = 0
    index: int = 0
    left: Decimal | None = None
    right: Decimal | None = None

    @property
    def difference(self) -> Decimal:
        """Left side minus right side."""
        return (self.left or Decimal(0)) - (self.right or Decimal(0))


def outcome(comparison: Comparison, book: Book, edition: Edition) -> Outcome:
    """What a comparison gives for a derived Book: what `checking` says of it."""
    relation = comparison.relation
    scopes = (
        (number, Scope(book, {"": (relation.table, row)} if row else {}, read=UNNOTED))
        for number, row in _rows(comparison, book)
    )
    found = [
        (number, _judged(relation, scope))
        for number, scope in scopes
        if not repeats(relation, scope, edition)
    ]
    judged = [(number, one) for number, one in found if one is not None]
    broken = [(number, one) for number, one in judged if one.failing]
    if broken:
        number, one = broken[0]
        return Outcome(DIFFERS, len(broken), number if comparison.first else 0, one.left, one.right)
    if all(one.state == BLANK for _, one in judged):
        return Outcome(BLANK)
    return Outcome(PASSED) if comparison.first else judged[0][1]


def _rows(comparison: Comparison, book: Book) -> Iterator[tuple[int, Row | None]]:
    if not comparison.lines:
        yield 0, None
        return
    for line in comparison.lines:
        row = line.source or book[comparison.relation.table].get(line.key)
        if row is not None and comparison.relation.covers(row):
            yield line.row - comparison.lines[0].row + 1, row


def _judged(relation: Relation, scope: Scope) -> Outcome | None:
    """What a relation gives for one row; None where it does not hold for it."""
    if not relation.applies(scope):
        return None
    verdict = judge(relation, scope)
    left, right = _decimal(verdict.left), _decimal(verdict.right)
    match verdict.state:
        case State.BLANK:
            return Outcome(BLANK)
        case State.BROKEN:
            return Outcome(DIFFERS, 1, 0, left, right)
    return Outcome(PASSED, 0, 0, left, right)


def _decimal(result: Result) -> Decimal | None:
    return result.value if isinstance(result.value, Decimal) else None
