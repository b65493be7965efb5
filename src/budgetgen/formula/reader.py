"""Reading a formula: its text, in the scope of some rows, as a node whose names are all declared.

A formula is one expression, read by Python's own parser, over Chinese names:

    合计 == 基本支出 + 项目支出                                columns of the row at hand
    收支总体[本年收入].预算数                                  a cell by table, row key and column
    收入总体[科目代码].总计                                    …the key taken from a column of the row at hand
    求和(行.合计 for 行 in 项目支出 if 行.科目代码 == 科目代码)    over the lines of a table
    求和(行.合计 for 行 in 支出总体.类)                         over its rows of one level
    求和(行.合计 for 行 in 下级)                               over the rows that the row at hand adds up
    个数(行 for 行 in 项目支出)                                how many there are
    有(合计) and not 前缀(项目名称, "特定目标")                  functions of values, see `functions`

Blank is None: it dissolves in sums, and counts as zero (or as empty text) in comparisons. Names are resolved
against the declared tables when the edition loads; what does not resolve raises `FormulaError`.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from budgetgen.formula.functions import AGGREGATES, FUNCTIONS
from budgetgen.formula.nodes import Aggregate, Call, CellOf, ColumnOf, Constant, Node, Operation, RowSource
from budgetgen.values.model import TOTAL
from budgetgen.values.text import near_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

EACH_COLUMN = "各列"
"""Stands for every money column in turn: the relation is then one relation per column."""
CHILDREN = "下级"
OUTER = "上"
"""The row of the enclosing statement, within a list."""
PAIRED = "一次比较两个值（==、!=、<、<=、>、>=），几个条件用 and、or 连起来"
ALLOWED = "只用 docs/editions.md“公式”里的写法"
"""What is written instead of what formulas may not hold."""


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


ARITHMETIC: Mapping[type[ast.AST], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
COMPARISONS: Mapping[type[ast.AST], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


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
        instead = PAIRED if isinstance(tree, ast.Compare) else ALLOWED
        raise FormulaError(f"公式中不能用“{ast.unparse(tree)}”：{instead}", ast.unparse(tree))

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
                raise self._no_row(table, key.id)
        node = self._node(key)
        fixed = self.schema.fixed_keys(table)
        if (
            isinstance(node, Constant)
            and fixed
            and str(node.value) not in {*fixed, TOTAL}
            and not self.schema.levels(table)
        ):
            raise self._no_row(table, str(node.value))
        return Constant(str(node.value)) if isinstance(node, Constant) else node

    def _table(self, table: str) -> None:
        if not self.schema.has_table(table):
            raise self._unknown(table, "没有这张表", filter(self.schema.has_table, self.schema.vocabulary()))

    def _call(self, name: str, arguments: list[ast.expr]) -> Node:
        if name in AGGREGATES and len(arguments) == 1 and isinstance(arguments[0], ast.GeneratorExp):
            return self._aggregate(name, arguments[0])
        if name in AGGREGATES:
            raise FormulaError(f"“{name}”应写成 {name}(行.列 for 行 in 表 if 条件)", name)
        function = FUNCTIONS.get(name)
        if function is None:
            raise self._unknown(name, "没有这个函数", (*FUNCTIONS, *AGGREGATES))
        if len(arguments) != len(function.arguments):
            raise FormulaError(f"“{name}”应写成 {name}({', '.join(function.arguments)})", name)
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

    def _source(self, over: ast.expr) -> RowSource:
        match over:
            case ast.Name(id=name) if name == CHILDREN and "" in self.variables:
                return RowSource(self.variables[""], children=True)
            case ast.Name(id=table):
                self._table(table)
                return RowSource(table)
            case ast.Attribute(value=ast.Name(id=table), attr=level):
                self._table(table)
                if level not in self.schema.levels(table):
                    raise self._unknown(level, f"表“{table}”没有这一级")
                return RowSource(table, level)
        raise FormulaError(f"不能在“{ast.unparse(over)}”上求和", ast.unparse(over))

    def _no_row(self, table: str, key: str) -> FormulaError:
        """A row is known by its key, which for lines of codes is the code, not by what it is called."""
        coded = "，这张表的行写代码" if self.schema.levels(table) else ""
        return self._unknown(key, f"表“{table}”没有这一行{coded}", self.schema.fixed_keys(table))

    def _unknown(self, name: str, why: str, among: Iterable[str] | None = None) -> FormulaError:
        known = [*self.schema.vocabulary(), *self.variables] if among is None else among
        return FormulaError(f"“{name}”：{why}{near_name(name, known)}", name)
