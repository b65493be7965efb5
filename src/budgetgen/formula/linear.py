"""Formulas as sums: what a relation says of its cells, where it says it in sums and differences.

`合计 == 基本支出 + 项目支出` is 合计 - 基本支出 - 项目支出 = 0. What is no sum (a share, a count, a condition) has no
such form: only a check can tell whether it holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.formula.evaluation import Scope, evaluate, kind_of, matching
from budgetgen.formula.nodes import Aggregate, CellOf, ColumnOf, Constant, Node, Operation
from budgetgen.values.model import BLANK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from budgetgen.values.model import Cell, Row

NUMERIC = frozenset({"money", "number", "count"})
ONE = Decimal(1)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A cell that can stand in a sum; equal where it is the same cell of the same row.

    Attributes:
        table: its table.
        key: the key of its row.
        column: its column.
        row: None where the table has no such row: it counts as zero, and may be what lacks.
    """

    table: str
    key: str
    column: str
    row: Row | None

    @property
    def cell(self) -> Cell:
        """What stands there."""
        return self.row[self.column] if self.row else BLANK

    @property
    def amount(self) -> Decimal:
        """What stands there as a number: blank is zero."""
        return self.cell.amount

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Place)
            and self.row is other.row
            and (self.column, self.key, self.table) == (other.column, other.key, other.table)
        )

    def __hash__(self) -> int:
        return hash((self.table, self.key, self.column, id(self.row)))


@dataclass(frozen=True, slots=True)
class Linear:
    """A sum of cells, each with a coefficient, and a constant.

    Attributes:
        terms: coefficients by cell; never zero.
        constant: what is added.
    """

    terms: Mapping[Place, Decimal] = field(default_factory=dict)
    constant: Decimal = Decimal(0)

    @property
    def value(self) -> Decimal:
        """What it comes to with the cells as they stand."""
        return self.constant + sum(c * place.amount for place, c in self.terms.items())


def combined(parts: Iterable[tuple[Linear, Decimal]], constant: Decimal = Decimal(0)) -> Linear:
    """The sum of multiples of sums."""
    terms: dict[Place, Decimal] = {}
    for part, factor in parts:
        constant += factor * part.constant
        for place, coefficient in part.terms.items():
            terms[place] = terms.get(place, Decimal(0)) + factor * coefficient
    return Linear({place: coefficient for place, coefficient in terms.items() if coefficient}, constant)


def linear(node: Node, scope: Scope) -> Linear | None:  # noqa: PLR0911 - one line per form of the language
    """A formula as a sum of the cells that it reads there; None where it is none.

    Conditions of sums are taken as they stand.
    """
    match node:
        case Constant(value=Decimal() as number):
            return Linear(constant=number)
        case ColumnOf(variable=variable, column=column):
            table, row = scope.rows[variable]
            return _cell(node, Place(table, row.key, column, row))
        case CellOf(table=table, column=column):
            quiet = Scope(scope.book, scope.rows, scope.fetch)
            evaluate(node, quiet)
            found = quiet.read[-1]
            if not found.key:  # a line that is known by nothing: nothing is said of any other
                return None
            return _cell(node, Place(table, found.key, column, found.row))
        case Aggregate(element=None):
            value = evaluate(node, Scope(scope.book, scope.rows, scope.fetch)).value
            return Linear(constant=value) if isinstance(value, Decimal) else None
        case Aggregate(element=element) if element is not None:
            return _sum(linear(element, inner) for inner in matching(node, scope))
        case Operation(sign=sign, left=left, right=right):
            return _operation(sign, linear(left, scope), linear(right, scope))
    return None


def _cell(node: Node, place: Place) -> Linear | None:
    value = place.cell.value
    number = kind_of(node) in NUMERIC and (value is None or isinstance(value, Decimal))
    return Linear({place: ONE}) if number else None


def _sum(parts: Iterable[Linear | None]) -> Linear | None:
    known: list[tuple[Linear, Decimal]] = []
    for part in parts:
        if part is None:
            return None
        known.append((part, ONE))
    return combined(known)


def _operation(sign: str, left: Linear | None, right: Linear | None) -> Linear | None:
    if left is None or right is None:
        return None
    if sign in {"+", "-"}:
        return combined([(left, ONE), (right, ONE if sign == "+" else -ONE)])
    if sign == "*" and not (left.terms and right.terms):
        form, factor = (left, right.constant) if left.terms else (right, left.constant)
        return combined([(form, factor)])
    if sign == "/" and right.constant and not right.terms:
        return combined([(left, 1 / right.constant)])
    return None
