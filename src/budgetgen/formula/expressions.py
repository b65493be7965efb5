"""The formula language of the declarations.

A formula is one expression, read by Python's own parser, over Chinese names:

    合计 == 基本支出 + 项目支出                                columns of the row at hand
    收支总体[本年收入].预算数                                  a cell by table, row key and column
    收入总体[科目代码].总计                                    …the key taken from a column of the row at hand
    求和(行.合计 for 行 in 项目支出 if 行.科目代码 == 科目代码)    over the lines of a table
    求和(行.合计 for 行 in 支出总体.类)                         over its rows of one level
    求和(行.合计 for 行 in 下级)                               over the rows that the row at hand adds up
    个数(行 for 行 in 项目支出)     有(x): neither blank nor zero     填(x): not blank     占比(部分, 全部)     前缀(文字, 开头)     后缀(文字, 结尾)     包含(文字, 部分)
    数字结尾(文字): whether it ends in a digit or Latin letter, so that a number behind it would run into it
    所列(文字): the sum of the amounts in 万元 that a text tells     所列数(文字): how many     提到(文字, 金额): whether it is one of them
    所列第(文字, n): the n-th of them     数(文字): the first number in a text     年外(文字, 年): how many years it names that are not that year
    相近(名称, 名称): whether one name is the other, a part of it, or a variant of it

Blank is None: it dissolves in sums, and counts as zero (or as empty text) in comparisons. Names are resolved
against the declared tables when the edition loads; what does not resolve raises `FormulaError`.
"""

from __future__ import annotations

import ast
import operator
import re
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from budgetgen.values.amounts import ZERO, number_in, percentage, rounded, told
from budgetgen.values.likeness import alike
from budgetgen.values.model import BLANK, TOTAL, Book, Cell, Row, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

EACH_COLUMN = "各列"
"""Stands for every money column in turn: the relation is then one relation per column."""
CHILDREN = "下级"
OUTER = "上"
"""The row of the enclosing statement, within a list."""
KEY_JOINT = "/"


def key_of(parts: Iterable[str]) -> str:
    """The key of a row out of the values of its key columns."""
    return KEY_JOINT.join(part for part in parts if part)


class FormulaError(ValueError):
    """A formula that cannot be read or names something undeclared.

    Attributes:
        word: the part that is wrong.
    """

    def __init__(self, text: str, word: str = "") -> None:
        super().__init__(text)
        self.word = word


class Schema(Protocol):
    """What formulas need to know of an edition."""

    @property
    def names(self) -> Mapping[str, str]:
        """Short names for formulas."""

    def kind(self, table: str, column: str, key: str | None = None) -> str | None:
        """The type of a column (of one fixed row), None where there is no such column."""

    def has_table(self, table: str) -> bool:
        """Whether a table of that name is declared."""

    def fixed_keys(self, table: str) -> Collection[str]:
        """The keys of a table's fixed rows."""

    def levels(self, table: str) -> Collection[str]:
        """The names of a table's levels."""

    def vocabulary(self) -> Collection[str]:
        """All names that formulas may use: for suggestions."""


# --- what a formula is, once read ---------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Source:
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
    source: Source
    condition: Node | None


@dataclass(frozen=True, slots=True)
class Operation:
    """Arithmetic, comparison or logic; `sign` as in Python."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function of values: 有 填 占比 前缀 后缀 包含 非."""

    function: str
    arguments: tuple[Node, ...]


Node: TypeAlias = Constant | ColumnOf | CellOf | Aggregate | Operation | Call

ARITHMETIC: Mapping[type[ast.AST], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
COMPARISONS: Mapping[type[ast.AST], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
FUNCTIONS: Mapping[str, int] = {
    "有": 1,
    "填": 1,
    "占比": 2,
    "前缀": 2,
    "后缀": 2,
    "数字结尾": 1,
    "包含": 2,
    "所列": 1,
    "所列数": 1,
    "所列第": 2,
    "提到": 2,
    "数": 1,
    "年外": 2,
    "相近": 2,
}
TEXT_KINDS: Mapping[str, str] = {
    "占比": "percent",
    "所列": "money",
    "所列第": "money",
    "所列数": "count",
    "年外": "count",
    "数": "number",
}
"""What the functions that give a number give."""
YEAR = re.compile(r"(20\d\d)年")
AGGREGATES = frozenset({"求和", "个数"})


# --- reading ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reader:
    """Reads formulas of one scope.

    Attributes:
        schema: the edition.
        variables: variable → table; "" is the row at hand.
        column: what 各列 stands for.
    """

    schema: Schema
    variables: Mapping[str, str] = field(default_factory=dict)
    column: str = ""

    def read(self, text: str) -> Node:
        """A formula as a node.

        Raises:
            FormulaError: syntax, or an unknown name.
        """
        try:
            tree = ast.parse(text.strip(), mode="eval").body
        except SyntaxError as error:
            raise FormulaError(f"公式“{text}”写法有误（第 {error.offset} 个字符附近）", text) from error
        return self._node(tree)

    def _node(self, tree: ast.AST) -> Node:  # noqa: C901, PLR0911 - one line per form of the language
        match tree:
            case ast.Constant(value=bool()):
                raise FormulaError("公式中不能写 True/False", "True")
            case ast.Constant(value=int() | float() as number):
                return Constant(Decimal(str(number)))
            case ast.Constant(value=str(text)):
                return Constant(text)
            case ast.Name(id=name):
                return self._name(name)
            case ast.Attribute(value=value, attr=column):
                return self._attribute(value, column)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
                return Operation(ARITHMETIC[type(op)], self._node(left), self._node(right))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARISONS:
                return Operation(COMPARISONS[type(op)], self._node(left), self._node(right))
            case ast.BoolOp(op=op, values=values):
                return self._logic("and" if isinstance(op, ast.And) else "or", values)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Call("非", (self._node(operand),))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self._call(name, arguments)
        raise FormulaError(f"公式中不能用“{ast.unparse(tree)}”", ast.unparse(tree))

    def _logic(self, sign: str, values: list[ast.expr]) -> Node:
        first, *rest = (self._node(value) for value in values)
        for node in rest:
            first = Operation(sign, first, node)
        return first

    def _name(self, name: str) -> Node:
        column = self.column if name == EACH_COLUMN and self.column else name
        if "" in self.variables and (kind := self.schema.kind(self.variables[""], column)):
            return ColumnOf("", column, kind)
        if name in self.schema.names:
            return Reader(self.schema).read(self.schema.names[name])
        raise self._unknown(name, "没有叫这个名字的列或名称")

    def _attribute(self, value: ast.expr, name: str) -> Node:
        column = self.column if name == EACH_COLUMN and self.column else name
        match value:
            case ast.Name(id=variable) if variable in self.variables:
                kind = self.schema.kind(self.variables[variable], column)
                if kind is None:
                    raise self._unknown(column, f"表“{self.variables[variable]}”没有这一列")
                return ColumnOf(variable, column, kind)
            case ast.Subscript(value=ast.Name(id=table), slice=key):
                return self._cell(table, key, column)
        raise FormulaError(f"“{ast.unparse(value)}.{name}”应写成 表[行].列 或 行.列", name)

    def _cell(self, table: str, key: ast.expr, column: str) -> Node:
        self._table(table)
        parts = key.elts if isinstance(key, ast.Tuple) else [key]
        nodes = tuple(self._key(table, part) for part in parts)
        only = nodes[0].value if len(nodes) == 1 and isinstance(nodes[0], Constant) else None
        kind = self.schema.kind(table, column, str(only) if only is not None else None)
        if kind is None:
            raise self._unknown(column, f"表“{table}”没有这一列")
        return CellOf(table, nodes, column, kind)

    def _key(self, table: str, key: ast.expr) -> Node:
        if isinstance(key, ast.Name):
            known = key.id == TOTAL or key.id in self.schema.fixed_keys(table)
            in_scope = "" in self.variables and self.schema.kind(self.variables[""], key.id) is not None
            if known and not in_scope:
                return Constant(key.id)
            if not in_scope:
                raise self._unknown(key.id, f"表“{table}”没有这一行")
        node = self._node(key)
        fixed = self.schema.fixed_keys(table)
        if (
            isinstance(node, Constant)
            and fixed
            and str(node.value) not in {*fixed, TOTAL}
            and not self.schema.levels(table)
        ):
            raise self._unknown(str(node.value), f"表“{table}”没有这一行")
        return Constant(str(node.value)) if isinstance(node, Constant) else node

    def _table(self, table: str) -> None:
        if not self.schema.has_table(table):
            raise self._unknown(table, "没有这张表", filter(self.schema.has_table, self.schema.vocabulary()))

    def _call(self, name: str, arguments: list[ast.expr]) -> Node:
        if name in AGGREGATES and len(arguments) == 1 and isinstance(arguments[0], ast.GeneratorExp):
            return self._aggregate(name, arguments[0])
        if name not in FUNCTIONS or len(arguments) != FUNCTIONS[name]:
            raise self._unknown(name, "没有这个函数，或参数个数不对")
        return Call(name, tuple(self._node(argument) for argument in arguments))

    def _aggregate(self, function: str, generator: ast.GeneratorExp) -> Node:
        match generator.generators:
            case [ast.comprehension(target=ast.Name(id=variable), iter=over, ifs=conditions)]:
                source = self._source(over)
            case _:
                raise FormulaError(
                    f"“{ast.unparse(generator)}”应写成 求和(行.列 for 行 in 表 if 条件)", function
                )
        inner = Reader(self.schema, {**self.variables, variable: source.table}, self.column)
        element = None if function == "个数" else inner._node(generator.elt)
        condition = inner._logic("and", conditions) if conditions else None
        return Aggregate(function, element, variable, source, condition)

    def _source(self, over: ast.expr) -> Source:
        match over:
            case ast.Name(id=name) if name == CHILDREN and "" in self.variables:
                return Source(self.variables[""], children=True)
            case ast.Name(id=table):
                self._table(table)
                return Source(table)
            case ast.Attribute(value=ast.Name(id=table), attr=level):
                self._table(table)
                if level not in self.schema.levels(table):
                    raise self._unknown(level, f"表“{table}”没有这一级")
                return Source(table, level)
        raise FormulaError(f"不能在“{ast.unparse(over)}”上求和", ast.unparse(over))

    def _unknown(self, name: str, why: str, among: Iterable[str] = ()) -> FormulaError:
        known = list(among) or [*self.schema.vocabulary(), *self.variables]
        near = get_close_matches(name, sorted(known), n=1, cutoff=0.5)
        hint = f"，您是否指“{near[0]}”" if near else ""
        return FormulaError(f"“{name}”：{why}{hint}", name)


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
            return TEXT_KINDS.get(function, "text")
    return "text"


# --- evaluating ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell that an evaluation read."""

    table: str
    row: Row | None
    key: str
    column: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Result:
    """The value of a formula, and the number of rounded figures in it."""

    value: Value | bool
    terms: int = 0

    @property
    def amount(self) -> Decimal:
        """Its number: blank, as any text, is zero."""
        return _number(self.value)


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


def evaluate(node: Node, scope: Scope) -> Result:  # noqa: PLR0911 - one line per form of the language
    """The value of a formula; None for blank."""
    match node:
        case Constant(value=value):
            return Result(value)
        case ColumnOf(variable=variable, column=column):
            table, row = scope.rows[variable]
            return _result(scope.cell(table, row, row.key, column))
        case CellOf(table=table, key=parts, column=column):
            key = key_of([_text(evaluate(part, scope).value) for part in parts])
            return _result(scope.cell(table, scope.book[table].get(key), key, column))
        case Aggregate():
            return _aggregate(node, scope)
        case Operation(sign="and" | "or"):
            return Result(_truth(node, scope))
        case Operation(sign=sign, left=left, right=right):
            return _operate(sign, evaluate(left, scope), evaluate(right, scope))
        case Call(function=function, arguments=arguments):
            return _call(function, [evaluate(argument, scope) for argument in arguments])


def walk(node: Node) -> Iterator[Node]:
    """A node and all nodes below it, from left to right."""
    yield node
    match node:
        case CellOf(key=parts) | Call(arguments=parts):
            below: tuple[Node | None, ...] = parts
        case Operation(left=left, right=right):
            below = left, right
        case Aggregate(element=element, condition=condition):
            below = element, condition
        case _:
            below = ()
    for part in below:
        if part is not None:
            yield from walk(part)


def tables_named(node: Node) -> Iterator[str]:
    """The tables that a formula names, besides that of the row at hand."""
    for part in walk(node):
        match part:
            case CellOf(table=table) | Aggregate(source=Source(table=table)):
                yield table


def tables_run_over(node: Node) -> Iterator[str]:
    """The tables whose rows a formula adds up or counts."""
    return (part.source.table for part in walk(node) if isinstance(part, Aggregate))


def holds(node: Node, scope: Scope) -> bool:
    """Whether a condition is true."""
    return _true(evaluate(node, scope).value)


def _truth(node: Operation, scope: Scope) -> bool:
    left = _true(evaluate(node.left, scope).value)
    if node.sign == "and":
        return left and _true(evaluate(node.right, scope).value)
    return left or _true(evaluate(node.right, scope).value)


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
    wanted = _equated(node.condition, node.variable) if node.condition else None
    if wanted is None:
        return table.at(source.level)
    column, other = wanted
    value = evaluate(other, Scope(scope.book, scope.rows, scope.fetch)).value
    settled = scope.fetch is stored and not isinstance(value, Decimal)  # blank is zero beside a number
    return table.candidates(column, _text(value), source.level, settled=settled)


@cache
def _equated(condition: Node, variable: str) -> tuple[str, Node] | None:
    """The column that a condition, first of all, equates with something that is the same for every row.

    A cell with a text equals just what reads like it, so rows with another text are left out unseen; all others
    (blank, where a figure may yet be derived, or a number) are asked.
    """
    match condition:
        case Operation(sign="and", left=left):
            return _equated(left, variable)
        case Operation(sign="==", left=ColumnOf(variable=own, column=column), right=other) if own == variable:
            return None if _speaks_of(other, variable) else (column, other)
        case Operation(sign="==", left=other, right=ColumnOf(variable=own, column=column)) if own == variable:
            return None if _speaks_of(other, variable) else (column, other)
    return None


def _speaks_of(node: Node, variable: str) -> bool:
    """Whether a formula reads the row that a variable is bound to."""
    return any(isinstance(part, ColumnOf) and part.variable == variable for part in walk(node))


def _aggregate(node: Aggregate, scope: Scope) -> Result:
    if node.element is None:
        return Result(Decimal(sum(1 for _ in matching(node, scope))))
    result = Result(None)
    for inner in matching(node, scope):
        result = _operate("+", result, evaluate(node.element, inner))
    return result


def _text(value: Value | bool) -> str:
    return "" if value is None else str(value)


def _true(value: Value | bool) -> bool:
    return bool(value)


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
        return Result(COMPARE[sign](*_comparable(left.value, right.value)))
    a, b = left.value, right.value
    terms = left.terms + right.terms
    if a is None and b is None:
        return Result(None)
    if sign in "+-":
        x, y = _number(a), _number(b)
        return Result(x + y if sign == "+" else x - y, terms)
    if not isinstance(a, Decimal) or not isinstance(b, Decimal) or (sign == "/" and b == 0):
        return Result(None)
    return Result(a * b if sign == "*" else a / b, terms)


def _number(value: Value | bool) -> Decimal:
    return value if isinstance(value, Decimal) else ZERO


def _comparable(left: Value | bool, right: Value | bool) -> tuple[Any, Any]:
    """Blank is zero beside a number and empty beside a text."""
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        if isinstance(left, str) or isinstance(right, str):
            return _text(left), _text(right)
        return _number(left), _number(right)
    return _text(left), _text(right)


def _call(function: str, arguments: list[Result]) -> Result:  # noqa: C901, PLR0911, PLR0912 - one line per function
    value = arguments[0].value
    match function:
        case "有":
            return Result(value is not None and value not in (0, ""))
        case "填":
            return Result(value is not None and value != "")
        case "非":
            return Result(not _true(value))
        case "前缀":
            return Result(_text(value).startswith(_text(arguments[1].value)))
        case "后缀":
            return Result(_text(value).endswith(_text(arguments[1].value)))
        case "数字结尾":
            return Result(bool(re.search(r"[0-9A-Za-z]$", _text(value))))
        case "包含":
            return Result(_text(arguments[1].value) in _text(value))
        case "所列" | "所列数" | "所列第" | "提到":
            return _of_amounts(function, told(_text(value)), arguments[1:])
        case "数":
            return Result(value if isinstance(value, Decimal) else number_in(_text(value)))
        case "年外":
            named = YEAR.findall("".join(_text(value).split()))
            return Result(Decimal(sum(year != _text(arguments[1].value) for year in named)))
        case "相近":
            one, other = _text(value), _text(arguments[1].value)
            return Result(one in other or other in one or alike(one, other))
        case _:  # 占比: shares are worked from the printed amounts, as a reader would
            whole = arguments[1].value
            if not isinstance(whole, Decimal) or rounded(whole) == 0:
                return Result(None)
            return Result(percentage(rounded(_number(value)), rounded(whole)))


def _of_amounts(function: str, amounts: tuple[Decimal, ...], arguments: list[Result]) -> Result:
    """What is asked of the amounts that a text tells."""
    match function:
        case "所列":
            return Result(sum(amounts, Decimal(0)) if amounts else None, len(amounts))
        case "所列数":
            return Result(Decimal(len(amounts)))
        case "提到":
            return Result(rounded(_number(arguments[0].value)) in map(rounded, amounts))
        case _:  # 所列第
            index = int(_number(arguments[0].value)) - 1
            return Result(amounts[index], 1) if 0 <= index < len(amounts) else Result(None)
