"""What a formula is, once read: a tree of a few kinds of node, and the one way to walk it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Constant:
    """A number or a text."""

    value: Decimal | str


@dataclass(frozen=True, slots=True)
class ColumnOf:
    """A column of the row that `variable` is bound to; "" is the row at hand."""

    variable: str
    column: str
    kind: str


@dataclass(frozen=True, slots=True)
class CellOf:
    """A cell by table, key and column. The key's parts are joined by `/`."""

    table: str
    key: tuple[Node, ...]
    column: str
    kind: str

    @property
    def fixed(self) -> str | None:
        """The key where it is one that the formula itself says; None where it is looked up."""
        match self.key:
            case (Constant(value=key),):
                return str(key)
        return None


@dataclass(frozen=True, slots=True)
class RowSource:
    """Rows to run over: the lines of a table, its rows of one level, or the children of the row at hand."""

    table: str
    level: str = ""
    children: bool = False


@dataclass(frozen=True, slots=True)
class Aggregate:
    """求和 or 个数 over rows."""

    function: str
    element: Node | None
    variable: str
    source: RowSource
    condition: Node | None


@dataclass(frozen=True, slots=True)
class Operation:
    """Arithmetic, comparison or logic; `sign` as in Python."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function of values; which there are, see `functions`."""

    function: str
    arguments: tuple[Node, ...]


Node: TypeAlias = Constant | ColumnOf | CellOf | Aggregate | Operation | Call


def parts(node: Node) -> tuple[Node, ...]:
    """The nodes right below one, from left to right."""
    match node:
        case CellOf(key=below) | Call(arguments=below):
            return below
        case Operation(left=left, right=right):
            return left, right
        case Aggregate(element=element, condition=condition):
            return tuple(part for part in (element, condition) if part is not None)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """A node and all nodes below it, from left to right."""
    yield node
    for part in parts(node):
        yield from walk(part)


def operands(node: Node) -> Iterator[CellOf | ColumnOf | Aggregate]:
    """The cells, columns and sums that a formula works with, from left to right; not what they are found by."""
    if isinstance(node, CellOf | ColumnOf | Aggregate):
        yield node
        return
    for part in parts(node):
        yield from operands(part)


def filled_by(node: Node) -> ColumnOf | CellOf | None:
    """The cell that an equation fills: its left side, where that is a column of the row at hand or a named cell."""
    match node:
        case Operation(sign="==", left=ColumnOf(variable="") as cell):
            return cell
        case Operation(sign="==", left=CellOf() as cell) if cell.fixed is not None:
            return cell
    return None


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """The same node with what `change` makes of each node right below it."""
    match node:
        case CellOf(key=below):
            return replace(node, key=tuple(map(change, below)))
        case Call(arguments=below):
            return replace(node, arguments=tuple(map(change, below)))
        case Operation(left=left, right=right):
            return replace(node, left=change(left), right=change(right))
        case Aggregate(element=element, condition=condition):
            inner = change(element) if element is not None else None
            return replace(
                node, element=inner, condition=change(condition) if condition is not None else None
            )
    return node


def table_of(node: Node) -> str:
    """The table that a node names; empty where it names none."""
    match node:
        case CellOf(table=table) | Aggregate(source=RowSource(table=table)):
            return table
    return ""


def tables_named(node: Node) -> Iterator[str]:
    """The tables that a formula names, besides that of the row at hand."""
    return (table for inner in walk(node) if (table := table_of(inner)))


def tables_run_over(node: Node) -> Iterator[str]:
    """The tables whose rows a formula adds up or counts."""
    return (part.source.table for part in walk(node) if isinstance(part, Aggregate))


def free_variables(node: Node) -> Iterator[str]:
    """The variables that a formula speaks of and does not bind itself."""
    if isinstance(node, ColumnOf):
        yield node.variable
    own = node.variable if isinstance(node, Aggregate) else None
    for part in parts(node):
        yield from (variable for variable in free_variables(part) if variable != own)
