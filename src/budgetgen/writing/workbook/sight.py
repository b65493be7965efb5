"""What a cell sees of the sheets: rows, keys and conditions, decided here where they are known by now."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.formula.evaluation import kind_of
from budgetgen.formula.functions import FUNCTIONS
from budgetgen.formula.nodes import Call, CellOf, ColumnOf, Constant, Node, Operation
from budgetgen.formula.values import Result
from budgetgen.writing.workbook.layout import Address
from budgetgen.writing.workbook.references import quoted, reference_from

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from budgetgen.formula.functions import Function
    from budgetgen.writing.workbook.layout import BlockLayout, Line, WorkbookLayout


class UncompilableError(Exception):
    """A formula of the declarations that has no form in Excel: the program alone knows what it gives."""


@dataclass(frozen=True, slots=True)
class BoundRow:
    """The row that a variable is bound to."""

    block: BlockLayout
    line: Line


@dataclass(frozen=True, slots=True)
class BoundRows:
    """The lines that a variable runs over, as ranges."""

    block: BlockLayout
    first: int
    last: int


Bound: TypeAlias = "BoundRow | BoundRows"


@dataclass(frozen=True)
class Sight:
    """The sheets, seen from a cell.

    Attributes:
        layout: where everything stands.
        home: the cell.
        at: the row at hand, None for a relation of no row.
        bound: variable → what it runs over.
    """

    layout: WorkbookLayout
    home: Address
    at: BoundRow | None
    bound: Mapping[str, Bound] = field(default_factory=dict)

    def binding(self, variable: str, place: Bound) -> Sight:
        """The same with a variable bound."""
        return Sight(self.layout, self.home, self.at, {**self.bound, variable: place})

    def condition(self, node: Node) -> bool | str:
        """A condition: decided here where its cells are known by now, otherwise a formula."""
        match node:
            case Operation(sign="and" | "or" as sign, left=left, right=right):
                return _joined(sign, self.condition(left), self.condition(right))
            case Operation(sign="==" | "!=" as sign, left=left, right=right) if not _numeric(left, right):
                return _compared(sign, self.operand(left), self.operand(right))
            case Call(function="非", arguments=(inner,)):
                found = self.condition(inner)
                return not found if isinstance(found, bool) else f"(1-{found}>0)"
            case Call(function="有" | "填" as function, arguments=(value,)):
                return self._present(value, zero=function == "填")
            case Call(function=function, arguments=arguments):
                return self._called(FUNCTIONS[function], [self.operand(argument) for argument in arguments])
        raise UncompilableError

    def _called(self, function: Function, operands: Sequence[Constant | str]) -> bool | str:
        known = [Result(operand.value) for operand in operands if isinstance(operand, Constant)]
        if len(known) == len(operands):
            return function.value(*known).true
        if function.excel is None:
            raise UncompilableError
        return f"({function.excel(tuple(map(_said, operands)))})"

    def _present(self, node: Node, *, zero: bool) -> bool | str:
        operand = self.operand(node)
        if isinstance(operand, Constant):
            return operand.value not in ({""} if zero else {"", Decimal(0)})
        return f'({operand}<>"")' if zero or not _numeric(node) else f"(ISNUMBER({operand})*({operand}<>0)>0)"

    def operand(self, node: Node) -> Constant | str:
        """A key or one side of a comparison: a constant where it is known by now, otherwise a reference."""
        match node:
            case Constant():
                return node
            case ColumnOf(variable=variable, column=column):
                return self._column(self.place(variable), column)
            case CellOf(table=table, key=(Constant(value=key),), column=column):
                sheet = self.layout.sheets.get(table)
                if sheet and (found := sheet.find(str(key))):
                    return self._column(BoundRow(*found), column)
        raise UncompilableError

    def _column(self, place: Bound, column: str) -> Constant | str:
        if isinstance(place, BoundRows):
            return self.range(place, column)
        declared = place.block.columns(place.line).get(column)
        if declared is None:
            return Constant("")
        if place.line.fixed and declared.type == "label":
            return Constant(place.line.key)
        return self.reference(place.block.address(place.line, column))

    def place(self, variable: str) -> Bound:
        """What a variable is bound to.

        Raises:
            UncompilableError: it is the row at hand, and there is none.
        """
        place = self.at if variable == "" else self.bound[variable]
        if place is None:
            raise UncompilableError
        return place

    def equal(self, span: BoundRows, column: str, key: Constant | str) -> str:
        """The condition that a key of some lines is that one."""
        values = self.range(span, column)
        same = f"({values}={_said(key)})"
        return same if isinstance(key, Constant) else f'({values}<>"")*{same}'

    def starts(self, span: BoundRows, column: str, code: str, length: int) -> str:
        """The condition that a key of some lines begins with a code."""
        return f"(LEFT({self.range(span, column)},{length})={code})"

    def leaf(self, span: BoundRows) -> list[str]:
        """The conditions of being a line: its code is complete, or its item is named."""
        block = span.block.block
        if not block.key:
            raise UncompilableError
        by = block.levels[-1].by if block.levels else block.key[0]
        length = block.levels[-1].length if block.levels else 0
        column = self.range(span, by)
        return [f"(LEN({column})={length})" if length else f'({column}<>"")']

    def range(self, span: BoundRows, column: str) -> str:
        """A column of some lines."""
        place = span.block.places[column]
        sheet = span.block.sheet
        return self.reference(Address(sheet, span.first, place), Address(sheet, span.last, place))

    def reference(self, first: Address, last: Address | None = None) -> str:
        """A cell or a range."""
        return reference_from(self.home, first, last)


def _numeric(*nodes: Node) -> bool:
    return any(kind_of(node) in {"money", "number", "count"} for node in nodes)


def _joined(sign: str, left: bool | str, right: bool | str) -> bool | str:
    """`and` / `or`, also element by element, which AND() and OR() are not."""
    decisive = sign == "or"
    if decisive in (left, right):
        return decisive
    open_sides = [side for side in (left, right) if isinstance(side, str)]
    if len(open_sides) < 2:  # noqa: PLR2004 - two sides
        return open_sides[0] if open_sides else not decisive
    return f"({left}*{right}>0)" if sign == "and" else f"({left}+{right}>0)"


def _compared(sign: str, left: Constant | str, right: Constant | str) -> bool | str:
    if isinstance(left, Constant) and isinstance(right, Constant):
        return (left.value == right.value) == (sign == "==")
    return f"({_said(left)}{'=' if sign == '==' else '<>'}{_said(right)})"


def _said(operand: Constant | str) -> str:
    return quoted(str(operand.value)) if isinstance(operand, Constant) else operand
