"""Evaluating a formula over the rows of a Book, noting every cell that it reads."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from budgetgen.formula.functions import FUNCTIONS, TRUTH
from budgetgen.formula.nodes import (
    Aggregate,
    Call,
    CellOf,
    ColumnOf,
    Constant,
    Node,
    Operation,
    free_variables,
)
from budgetgen.formula.values import Result, comparable
from budgetgen.values.model import BLANK, Book, Cell, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

KEY_JOINT = "/"


def key_of(parts: Iterable[str]) -> str:
    """The key of a row out of the values of its key columns."""
    return KEY_JOINT.join(part for part in parts if part)


def kind_of(node: Node) -> str:  # noqa: PLR0911 - one line per form of the language
    """The type of a formula's value: money, count, number, percent, text …."""
    match node:
        case ColumnOf(kind=kind) | CellOf(kind=kind):
            return kind
        case Constant(value=Decimal()):
            return "number"
        case Aggregate(function="个数"):
            return "count"
        case Aggregate(element=element) if element is not None:
            return kind_of(element)
        case Operation(sign=sign, left=left, right=right) if sign in "+-*/":
            return kind_of(right) if isinstance(left, Constant) else kind_of(left)
        case Call(function=function):
            kind = FUNCTIONS[function].kind if function in FUNCTIONS else TRUTH
            return "text" if kind == TRUTH else kind
    return "text"


class Reference(NamedTuple):
    """A cell that an evaluation read."""

    table: str
    row: Row | None
    key: str
    column: str
    cell: Cell


Fetch: TypeAlias = "Callable[[str, Row, str], Cell]"
"""How the cell of a table, row and column is had: one that is not blank always as it stands in the Book."""


def stored(_table: str, row: Row, column: str) -> Cell:
    """A cell as it stands in the Book."""
    return row[column]


@dataclass(frozen=True)
class Scope:
    """Where a formula is evaluated.

    Attributes:
        book: its rows; their values come through `fetch`.
        rows: variable → (table, row).
        fetch: how a cell is had; derivation computes it on the way.
        read: every cell read is noted here, in order.
    """

    book: Book
    rows: Mapping[str, tuple[str, Row]] = field(default_factory=dict)
    fetch: Fetch = stored
    read: list[Reference] = field(default_factory=list)

    def bound(self, variable: str, table: str, row: Row) -> Scope:
        """The same scope with one more row at hand."""
        return Scope(self.book, {**self.rows, variable: (table, row)}, self.fetch, self.read)

    def cell(self, table: str, row: Row | None, key: str, column: str) -> Cell:
        """A cell, noted as read."""
        cell = self.fetch(table, row, column) if row else BLANK
        self.read.append(Reference(table, row, key, column, cell))
        return cell


def evaluate(node: Node, scope: Scope) -> Result:
    """The value of a formula; None for blank."""
    return _EVALUATED[type(node)](node, scope)


def holds(node: Node, scope: Scope) -> bool:
    """Whether a condition is true."""
    return evaluate(node, scope).true


def _constant(node: Constant, _: Scope) -> Result:
    return Result(node.value)


def _column(node: ColumnOf, scope: Scope) -> Result:
    table, row = scope.rows[node.variable]
    return _result(scope.cell(table, row, row.key, node.column))


def _cell(node: CellOf, scope: Scope) -> Result:
    key = key_of([evaluate(part, scope).text for part in node.key])
    return _result(scope.cell(node.table, scope.book[node.table].get(key), key, node.column))


def _operation(node: Operation, scope: Scope) -> Result:
    if node.sign in {"and", "or"}:
        return Result(_truth(node, scope))
    return _operate(node.sign, evaluate(node.left, scope), evaluate(node.right, scope))


def _call(node: Call, scope: Scope) -> Result:
    return FUNCTIONS[node.function].value(*(evaluate(argument, scope) for argument in node.arguments))


def _truth(node: Operation, scope: Scope) -> bool:
    left = evaluate(node.left, scope).true
    if node.sign == "and":
        return left and evaluate(node.right, scope).true
    return left or evaluate(node.right, scope).true


def _result(cell: Cell) -> Result:
    return Result(cell.value, cell.terms)


def matching(node: Aggregate, scope: Scope) -> Iterator[Scope]:
    """A scope for each row that an aggregate runs over and whose condition holds."""
    for row in _rows(node, scope):
        inner = scope.bound(node.variable, node.source.table, row)
        if node.condition is None or holds(node.condition, Scope(inner.book, inner.rows, inner.fetch)):
            yield inner


def _rows(node: Aggregate, scope: Scope) -> Iterable[Row]:
    """The rows that an aggregate runs over, but for those that its condition plainly leaves out."""
    source, table = node.source, scope.book[node.source.table]
    if source.children:
        return table.children(scope.rows[""][1].key)
    at_hand = table.at(source.level)
    for same in _alike(node.condition, node.variable) if node.condition else ():
        found = evaluate(same.other, Scope(scope.book, scope.rows, scope.fetch))
        if same.blank_too and not found.text:
            continue
        # blank is zero beside a number
        settled = not same.blank_too and scope.fetch is stored and not isinstance(found.value, Decimal)
        some = table.candidates(same.column, found.text, source.level, settled=settled)
        at_hand = min(at_hand, some, key=len)
    return at_hand


@dataclass(frozen=True, slots=True)
class _Alike:
    """What a condition asks of each row: that a column reads like something that is the same for every row.

    Attributes:
        column: of the row.
        other: what it is to read like.
        blank_too: whether a blank does as well.
    """

    column: str
    other: Node
    blank_too: bool = False


@cache
def _alike(condition: Node, variable: str) -> tuple[_Alike, ...]:
    """All that must hold for a condition to hold.

    A cell with a text equals just what reads like it, so rows with another text are left out unseen; all others
    (blank, where a figure may yet be derived, or a number) are asked.
    """
    match condition:
        case Operation(sign="and", left=left, right=right):
            return _alike(left, variable) + _alike(right, variable)
        case Operation(sign="==", left=left, right=right):
            return _same(left, right, variable, blank_too=False)
        case Call(function="同属", arguments=(left, right)):
            return _same(left, right, variable, blank_too=True)
    return ()


def _same(left: Node, right: Node, variable: str, *, blank_too: bool) -> tuple[_Alike, ...]:
    for own, other in ((left, right), (right, left)):
        match own:
            case ColumnOf(variable=bound, column=column) if bound == variable:
                free = variable not in free_variables(other)
                return (_Alike(column, other, blank_too),) if free else ()
    return ()


def _aggregate(node: Aggregate, scope: Scope) -> Result:
    if node.element is None:
        return Result(Decimal(sum(1 for _ in matching(node, scope))))
    result = Result(None)
    for inner in matching(node, scope):
        result = _operate("+", result, evaluate(node.element, inner))
    return result


COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _operate(sign: str, left: Result, right: Result) -> Result:
    if sign in COMPARE:
        return Result(COMPARE[sign](*comparable(left, right)))
    a, b = left.value, right.value
    terms = left.terms + right.terms
    if a is None and b is None:
        return Result(None)
    if sign in "+-":
        return Result(left.amount + right.amount if sign == "+" else left.amount - right.amount, terms)
    if not isinstance(a, Decimal) or not isinstance(b, Decimal) or (sign == "/" and b == 0):
        return Result(None)
    return Result(a * b if sign == "*" else a / b, terms)


_EVALUATED: Mapping[type[Node], Callable[[Any, Scope], Result]] = {
    Constant: _constant,
    ColumnOf: _column,
    CellOf: _cell,
    Aggregate: _aggregate,
    Operation: _operation,
    Call: _call,
}
"""How each form of the language is evaluated; looked up, for it is asked a hundred thousand times of a workbook."""
