"""What a relation says of the figures at hand: judged in one place, for all who tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

from budgetgen.formula.evaluation import evaluate, holds
from budgetgen.formula.values import Result
from budgetgen.values.amounts import ZERO, tolerance

if TYPE_CHECKING:
    from budgetgen.book.relations import Relation
    from budgetgen.edition.declarations import Edition
    from budgetgen.formula.evaluation import Scope

NOTHING = Result(None)


class State(Enum):
    """How a relation stands."""

    HOLDS = "holds"
    TAIL = "tail"
    """Both sides differ by no more than the rounding of their figures."""
    BROKEN = "broken"
    BLANK = "blank"
    """Neither side has a number: there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a relation gives at one row.

    Attributes:
        state: how it stands.
        left, right: both sides, money in 万元; nothing for a condition.
    """

    state: State
    left: Result = NOTHING
    right: Result = NOTHING

    @property
    def difference(self) -> Decimal:
        """Left side minus right side; blank is zero."""
        return self.left.amount - self.right.amount


def judge(relation: Relation, scope: Scope) -> Verdict:
    """How a relation stands where its precondition is met; every cell read is noted in the scope."""
    compared = relation.compared
    if compared is None:
        return Verdict(State.HOLDS if holds(relation.node, scope) else State.BROKEN)
    left, right = evaluate(compared.left, scope), evaluate(compared.right, scope)
    return Verdict(_state(compared.sign, left, right), left, right)


def _state(sign: str, left: Result, right: Result) -> State:
    if not isinstance(left.value, Decimal) and not isinstance(right.value, Decimal):
        return State.BLANK
    difference = left.amount - right.amount
    if _fits(sign, difference, ZERO):
        return State.HOLDS
    return State.TAIL if _fits(sign, difference, tolerance(left.terms + right.terms)) else State.BROKEN


def _fits(sign: str, difference: Decimal, slack: Decimal) -> bool:
    return {"==": abs(difference) <= slack, ">=": difference >= -slack, "<=": difference <= slack}[sign]


def repeats(relation: Relation, scope: Scope, edition: Edition) -> bool:
    """Whether the row at hand is a sum of which nothing was given: it only repeats what its lines say."""
    row = scope.rows[""][1] if scope.rows else None
    if row is None or row.line or relation.rule.rows == "sums":
        return False
    return not any(row[column].given for column in edition.tables[relation.table].measures())
