"""A formula of the declarations as Excel says it in one cell.

A number is compiled into summands, so that neighbouring cells become one range and blanks can be counted; a
condition is decided here where its cells are known by now.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.formula.evaluation import key_of
from budgetgen.formula.nodes import Aggregate, CellOf, ColumnOf, Constant, Node, Operation
from budgetgen.writing.workbook.references import AT_HAND, BELOW, quoted, runs
from budgetgen.writing.workbook.sight import Bound, BoundRow, BoundRows, Sight, UncompilableError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from budgetgen.book.relations import Relation
    from budgetgen.edition.declarations import Level
    from budgetgen.writing.workbook.layout import Address, Line, SheetLayout


@dataclass(frozen=True, slots=True)
class Branch:
    """What one relation gives: `value`, where `given` (and something is counted); "" is always."""

    given: str
    count: str
    value: str


@dataclass(frozen=True, slots=True)
class Summand:
    """One summand.

    Attributes:
        sign: 1 or -1.
        cell: a single cell, or
        value: a piece of formula
        count: and how many numbers are in it; empty where it is a number in any case.
        terms: how many of them were rounded.
        source: the cell that it is, or that its value is made of.
    """

    sign: int
    cell: Address | None = None
    value: str = ""
    count: str = ""
    terms: str = ""
    source: Address | None = None


@dataclass(frozen=True)
class Compiler:
    """Compiles for one cell.

    Attributes:
        sight: what the cell sees.
    """

    sight: Sight

    def step(self, relation: Relation) -> Branch | None:
        """A relation as a step of the chain; None where it never holds for this row."""
        given = self.sight.condition(relation.where) if relation.where else True
        if given is False:
            return None
        terms = self.terms(relation.node.right) if isinstance(relation.node, Operation) else ()
        if not terms:
            return None
        return Branch("" if given is True else str(given), self.count(terms), self._at_home(self.sum(terms)))

    def _at_home(self, number: str) -> str:
        """A number in the unit of money of the cell's own table."""
        factor = (
            self.sight.at.block.factor
            if self.sight.at and self.sight.home.sheet == self.sight.at.block.sheet
            else ""
        )
        return f"({number})/(1{factor})" if factor else number

    # --- numbers ---

    def terms(self, node: Node) -> tuple[Summand, ...]:
        """A number as summands."""
        match node:
            case Constant(value=Decimal() as value):
                return (Summand(1, None, str(value)),)
            case ColumnOf(variable=variable, column=column):
                return self._own(self.sight.place(variable), column)
            case CellOf():
                return self._cell(node)
            case Aggregate():
                return self._aggregate(node)
            case Operation(sign="+", left=left, right=right):
                return self.terms(left) + self.terms(right)
            case Operation(sign="-", left=left, right=right):
                minus = (replace(term, sign=-term.sign) for term in self.terms(right))
                return (*self.terms(left), *minus)
        raise UncompilableError

    def _own(self, place: Bound, column: str) -> tuple[Summand, ...]:
        if isinstance(place, BoundRows):
            raise UncompilableError
        if column not in place.block.columns(place.line):
            return ()
        cell = place.block.address(place.line, column)
        told = self.sight.reference(cell)
        scaled = place.block.scaled(column, told)
        if scaled == told:
            return (Summand(1, cell, source=cell),)
        return (Summand(1, None, scaled, f"COUNT({told})", source=cell),)

    def _cell(self, node: CellOf) -> tuple[Summand, ...]:
        sheet = self.sight.layout.sheets.get(node.table)
        keys = [self.sight.operand(part) for part in node.key]
        known = [str(key.value) for key in keys if isinstance(key, Constant)]
        if sheet and len(known) == len(keys) and (found := sheet.find(key_of(known))):
            return self._own(BoundRow(*found), node.column)
        span = _lines_of(sheet) if sheet else None
        if span is None:
            raise UncompilableError
        return self._looked_up(span, keys, node.column)

    def _looked_up(self, span: BoundRows, keys: Sequence[Constant | str], column: str) -> tuple[Summand, ...]:
        """The line of that key; the sum of the lines below a code that no line has."""
        block = span.block.block
        if len(keys) != len(block.key):
            raise UncompilableError
        same = [self.sight.equal(span, *pair) for pair in zip(block.key, keys, strict=True)]
        exact = self._selected(span, same, column)
        code = keys[0].value if isinstance(keys[0], Constant) else ""
        if len(keys) > 1 or not block.levels or len(str(code)) not in _lengths(block.levels[:-1]):
            return (exact,)
        below = [
            self.sight.starts(span, block.key[0], quoted(str(code)), len(str(code))),
            *self.sight.leaf(span),
        ]
        summed = self._selected(span, below, column)
        value = f"IF({exact.count}>0,{exact.value},{summed.value})"
        terms = f"({exact.terms}+{summed.terms})" if exact.terms else ""
        return (Summand(1, None, value, f"({exact.count}+{summed.count})", terms),)

    # --- sums over lines ---

    def _aggregate(self, node: Aggregate) -> tuple[Summand, ...]:
        if node.source.children:
            return self._children(node)
        if node.source.level:
            raise UncompilableError
        sheet = self.sight.layout.sheets.get(node.source.table)
        if sheet is None:
            raise UncompilableError
        fixed = [BoundRow(block, line) for block in sheet.blocks for line in block.lines if line.fixed]
        spots = [term for spot in fixed for term in self._binding(node, spot).of_row(node, spot)]
        span = _lines_of(sheet)
        if span is None:
            return tuple(spots)
        return (*spots, *self._binding(node, span).of_lines(node, span, self.sight.leaf(span)))

    def _binding(self, node: Aggregate, place: Bound) -> Compiler:
        return Compiler(self.sight.binding(node.variable, place))

    def of_row(self, node: Aggregate, spot: BoundRow) -> tuple[Summand, ...]:
        """What one fixed row adds."""
        condition = self.sight.condition(node.condition) if node.condition else True
        if condition is False:
            return ()
        if node.element is None:
            return (Summand(1, None, "1" if condition is True else f"IF({condition},1,0)"),)
        if condition is not True or not isinstance(node.element, ColumnOf):
            raise UncompilableError
        return self._own(spot, node.element.column)

    def of_lines(self, node: Aggregate, span: BoundRows, conditions: list[str]) -> tuple[Summand, ...]:
        """What the lines add."""
        condition = self.sight.condition(node.condition) if node.condition else True
        if condition is False:
            return ()
        conditions = conditions if condition is True else [*conditions, str(condition)]
        if node.element is None:
            return (Summand(1, None, f"SUMPRODUCT({'*'.join(conditions)}*1)"),)
        if not isinstance(node.element, ColumnOf) or node.element.variable != node.variable:
            raise UncompilableError
        return (self._selected(span, conditions, node.element.column),)

    def _children(self, node: Aggregate) -> tuple[Summand, ...]:
        """The lines below a row that adds up: all, or those that share its keys."""
        if self.sight.at is None:
            raise UncompilableError
        block, line = self.sight.at.block, self.sight.at.line
        if line.kind == "line":
            return ()
        if block.open_rows is None or not isinstance(node.element, ColumnOf):
            raise UncompilableError
        # From the row below on: a range with the cell itself in it would be a circular reference.
        below = BELOW if line.row == AT_HAND else max(line.row + 1, block.open_rows[0])
        span = BoundRows(block, below, block.open_rows[1])
        shared = self._shared(span, line) if line.kind == "sum" else []
        return (self._selected(span, [*shared, *self.sight.leaf(span)], node.element.column),)

    def _shared(self, span: BoundRows, line: Line) -> list[str]:
        """The conditions of belonging to a row that adds up."""
        own: dict[str, str] = {}
        for level in span.block.block.levels:
            if line.source is None or not line.source.text(level.by):
                continue
            cell = self.sight.reference(span.block.address(line, level.by))
            own[level.by] = (
                self.sight.starts(span, level.by, cell, level.length)
                if level.length
                else f"({self.sight.range(span, level.by)}={cell})"
            )
            if level.name == line.source.level:
                break
        return list(own.values())

    def _selected(self, span: BoundRows, conditions: Sequence[str], column: str) -> Summand:
        """The sum of a column over the lines that meet the conditions.

        SUMPRODUCT rather than SUMIFS: names of items may hold wildcards or begin with an operator.
        """
        chosen, values = "*".join(conditions), self.sight.range(span, column)
        summed = span.block.scaled(column, f"SUMPRODUCT({chosen}*1,{values})")
        count = f"SUMPRODUCT({chosen}*ISNUMBER({values}))"
        rounded = span.block.roundings(values, count)
        terms = rounded if rounded in {"", count} else f"SUMPRODUCT({chosen}*{rounded})"
        return Summand(1, None, summed, count, terms)

    def _list(self, cells: Sequence[Address]) -> str:
        return ",".join(self.sight.reference(first, last) for first, last in runs(cells))

    def count(self, terms: Sequence[Summand]) -> str:
        """How many numbers the summands hold; empty where they make a number in any case."""
        if any(not term.cell and not term.count for term in terms):
            return ""
        cells = [term.cell for term in terms if term.cell]
        counted = [f"COUNT({self._list(cells)})"] if cells else []
        return "+".join([*counted, *(term.count for term in terms if term.count)])

    def sum(self, terms: Sequence[Summand]) -> str:
        """What the summands add up to."""
        text = ""
        for sign, mark in ((1, "+"), (-1, "-")):
            cells = [term.cell for term in terms if term.cell and term.sign == sign]
            text += f"{mark}SUM({self._list(cells)})" if cells else ""
            text += "".join(f"{mark}{term.value}" for term in terms if term.value and term.sign == sign)
        return text.removeprefix("+")


def _lines_of(sheet: SheetLayout) -> BoundRows | None:
    """All lines of a sheet."""
    return next((BoundRows(block, *block.open_rows) for block in sheet.blocks if block.open_rows), None)


def _lengths(levels: Sequence[Level]) -> set[int]:
    return {level.length for level in levels if level.length}
