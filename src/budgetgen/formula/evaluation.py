"""Evaluating a formula over the rows of a Book, noting every cell that it reads."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from decimal import Decimal
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
    RowSource,
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
    return row.cells.get(column, BLANK)


UNNOTED: list[Reference] = []
"""In place of the cells read, where nobody asks for them: to note them takes a quarter of an evaluation."""


@dataclass(slots=True)
class Scope:
    """Where a formula is evaluated; nothing of it changes but what is noted. Not frozen: that takes longer to make.

    Attributes:
        book: its rows; their values come through `fetch`.
        rows: variable → (table, row).
        fetch: how a cell is had; derivation computes it on the way.
        read: every cell read is noted here, in order; nothing in `UNNOTED`.
    """

    book: Book
    rows: Mapping[str, tuple[str, Row]] = field(default_factory=dict)
    fetch: Fetch = stored
    read: list[Reference] = field(default_factory=list)

    def bound(self, variable: str, table: str, row: Row) -> Scope:
        """The same scope with one more row at hand."""
        return Scope(self.book, {**self.rows, variable: (table, row)}, self.fetch, self.read)

    def noting(self) -> Scope:
        """The same scope, with the cells that are read from now on."""
        return Scope(self.book, self.rows, self.fetch)

    def cell(self, table: str, row: Row | None, key: str, column: str) -> Cell:
        """A cell, noted as read."""
        cell = self.fetch(table, row, column) if row else BLANK
        if self.read is not UNNOTED:
            self.read.append(Reference(table, row, key, column, cell))
        return cell


Evaluated: TypeAlias = "Callable[[Scope], Result]"
"""A formula as a function of where it is evaluated."""
_known: dict[int, tuple[Node, Evaluated]] = {}
"""By identity, each with its node so that no other takes its place: to hash a tree takes longer than to evaluate it."""
KNOWN = 1 << 16


def evaluate(node: Node, scope: Scope) -> Result:
    """The value of a formula; None for blank."""
    return _compiled(node)(scope)


def holds(node: Node, scope: Scope) -> bool:
    """Whether a condition is true."""
    return evaluate(node, scope).true


def quietly(node: Node, scope: Scope) -> Result:
    """The value of a formula; the cells that it reads are not noted."""
    return _quiet(_compiled(node), scope)


def _quiet(function: Evaluated, scope: Scope) -> Result:
    noted = len(scope.read)
    result = function(scope)
    del scope.read[noted:]
    return result


def _compiled(node: Node) -> Evaluated:
    """A formula is taken apart once: it is evaluated a hundred thousand times in a workbook."""
    known = _known.get(id(node))
    if known is None:
        if len(_known) >= KNOWN:
            _known.clear()
        known = _known[id(node)] = node, _COMPILED[type(node)](node)
    return known[1]


def _constant(node: Constant) -> Evaluated:
    result = Result(node.value)
    return lambda _: result


def _column(node: ColumnOf) -> Evaluated:
    variable, column = node.variable, node.column

    def value(scope: Scope) -> Result:
        table, row = scope.rows[variable]
        cell = scope.fetch(table, row, column)
        if scope.read is not UNNOTED:
            scope.read.append(Reference(table, row, row.key, column, cell))
        return Result(cell.value, cell.terms)

    return value


def _cell(node: CellOf) -> Evaluated:
    table, column, parts = node.table, node.column, [_compiled(part) for part in node.key]

    def value(scope: Scope) -> Result:
        key = key_of([part(scope).text for part in parts])
        cell = scope.cell(table, scope.book[table].get(key), key, column)
        return Result(cell.value, cell.terms)

    return value


def _operation(node: Operation) -> Evaluated:
    left, right, sign = _compiled(node.left), _compiled(node.right), node.sign
    match sign:
        case "and":
            return lambda scope: Result(left(scope).true and right(scope).true)
        case "or":
            return lambda scope: Result(left(scope).true or right(scope).true)
    if compared := COMPARE.get(sign):
        return lambda scope: Result(compared(*comparable(left(scope), right(scope))))
    return lambda scope: _operate(sign, left(scope), right(scope))


def _call(node: Call) -> Evaluated:
    function, arguments = FUNCTIONS[node.function].value, [_compiled(each) for each in node.arguments]
    return lambda scope: function(*[argument(scope) for argument in arguments])


def matching(node: Aggregate, scope: Scope) -> Iterator[Scope]:
    """A scope for each row that an aggregate runs over and whose condition holds."""
    return _matching(node)(scope)


def _matching(node: Aggregate) -> Callable[[Scope], Iterator[Scope]]:
    rows, variable, table = _rows(node), node.variable, node.source.table
    condition = _compiled(node.condition) if node.condition else None

    def found(scope: Scope) -> Iterator[Scope]:
        for row in rows(scope):
            inner = scope.bound(variable, table, row)
            if condition is None or _quiet(condition, inner).true:
                yield inner

    return found


def _rows(node: Aggregate) -> Callable[[Scope], Iterable[Row]]:
    """The rows that an aggregate runs over, but for those that its condition plainly leaves out."""
    source = node.source
    if source.children:
        return lambda scope: scope.book[source.table].children(scope.rows[""][1].key)
    asked = _alike(node.condition, node.variable) if node.condition else ()
    return lambda scope: _asked(source, asked, scope)


def _asked(source: RowSource, asked: Iterable[_Alike], scope: Scope) -> Iterable[Row]:
    table = scope.book[source.table]
    at_hand = table.at(source.level)
    for same in asked:
        found = quietly(same.other, scope)
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


def _aggregate(node: Aggregate) -> Evaluated:
    rows = _matching(node)
    if node.element is None:
        return lambda scope: Result(Decimal(sum(1 for _ in rows(scope))))
    element = _compiled(node.element)

    def value(scope: Scope) -> Result:
        result = NOTHING
        for inner in rows(scope):
            result = _operate("+", result, element(inner))
        return result

    return value


COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _operate(sign: str, left: Result, right: Result) -> Result:
    a, b = left.value, right.value
    terms = left.terms + right.terms
    if a is None and b is None:
        return Result(None)
    if sign in "+-":
        return Result(left.amount + right.amount if sign == "+" else left.amount - right.amount, terms)
    if not isinstance(a, Decimal) or not isinstance(b, Decimal) or (sign == "/" and b == 0):
        return Result(None)
    return Result(a * b if sign == "*" else a / b, terms)


NOTHING = Result(None)
_COMPILED: Mapping[type[Node], Callable[[Any], Evaluated]] = {
    Constant: _constant,
    ColumnOf: _column,
    CellOf: _cell,
    Aggregate: _aggregate,
    Operation: _operation,
    Call: _call,
}
"""How each form of the language is taken apart."""
