"""What the relations say of a cell, as Excel says it.

Formulas keep blank apart from zero: a cell whose operands are all blank shows nothing. They find the lines of
a table by their keys, never by their position, so that a clerk may insert and delete lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

from xlsxwriter.utility import quote_sheetname, xl_col_to_name, xl_rowcol_to_cell

from budgetgen.book import relations
from budgetgen.formula.evaluation import key_of, kind_of
from budgetgen.formula.functions import FUNCTIONS
from budgetgen.formula.nodes import Aggregate, Call, CellOf, ColumnOf, Constant, Node, Operation
from budgetgen.formula.values import Result
from budgetgen.writing.workbook.layout import Address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from budgetgen.book.relations import Relation
    from budgetgen.edition.declarations import Level
    from budgetgen.formula.functions import Function
    from budgetgen.writing.workbook.layout import BlockLayout, Line, SheetLayout, WorkbookLayout


AT_HAND: Final = -1
"""The row of a line that is compiled with its row left open, and what stands for its number."""
ROW: Final = "\0"


@dataclass(frozen=True, slots=True)
class ExcelFormula:
    """A formula of Excel 2010.

    Attributes:
        text: with its leading `=`.
        empty: what it gives in a workbook without figures.
    """

    text: str
    empty: int | str = ""

    def at(self, row: int) -> ExcelFormula:
        """The same with the row that was left open."""
        return ExcelFormula(self.text.replace(ROW, str(row + 1)), self.empty)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as pieces of formula.

    Attributes:
        value: what it is; blank cells are zero in it.
        count: how many numbers are in it: none where all its cells are blank.
        terms: how many of them were rounded by themselves.
    """

    value: str
    count: str
    terms: str


class UncompilableError(Exception):
    """A formula of the declarations that has no form in Excel: the program alone knows what it gives."""


@dataclass(frozen=True)
class Formulas:
    """The live formulas of a workbook.

    Attributes:
        layout: where everything stands.
        known: the formulas so far, those of lines with the row left open: each is asked for when its cell is
            written, when it is said what may be typed there, and when its row is explained.
    """

    layout: WorkbookLayout
    known: dict[tuple[str, ...], ExcelFormula | None] = field(default_factory=dict)

    def of(self, block: BlockLayout, line: Line, column: str) -> ExcelFormula | None:
        """The formula of a cell; None where no relation fills it, or none that Excel can compute."""
        declared = block.columns(line).get(column)
        if declared is None or not declared.numeric:
            return None
        deriving = relations.deriving(self.layout.edition, block.sheet, line.key, column)
        covering = [relation for relation in deriving if _covers(relation, line)]
        if not covering:
            return None
        row = AT_HAND if line.kind == "line" else line.row
        rules = (relation.rule.id for relation in covering)
        key = (block.sheet, block.block.name, column, str(row), *rules)
        if key not in self.known:
            self.known[key] = self._compiled(covering, block, replace(line, row=row), column)
        formula = self.known[key]
        return formula.at(line.row) if formula and row == AT_HAND else formula

    def of_rule(self, rule: str) -> Iterator[tuple[Address, ExcelFormula]]:
        """The cells that a rule fills, each with what it alone gives there."""
        for block in (block for sheet in self.layout.sheets.values() for block in sheet.blocks):
            for line, column in ((own, column) for own in block.lines for column in block.columns(own)):
                deriving = relations.deriving(self.layout.edition, block.sheet, line.key, column)
                mine = [one for one in deriving if one.rule.id == rule and _covers(one, line)]
                if mine and (formula := self._compiled(mine, block, line, column)):
                    yield block.address(line, column), formula

    def number(
        self, node: Node, home: Address, at: tuple[BlockLayout, Line] | None, rounding: Rounding
    ) -> Number:
        """A side of a relation, seen from a cell.

        Args:
            node: the side.
            home: the cell.
            at: the fixed row at hand, None for a relation of no row.
            rounding: how many rounded figures a cell was added up from, as a formula.

        Raises:
            UncompilableError: it has no form in Excel.
        """
        compiler = _Compiler(self.layout, home, _Spot(*at) if at else None)
        terms = compiler.terms(node)
        rounded = [rounding(term.source) if term.source else term.terms for term in terms]
        return Number(
            compiler.sum(terms) or "0",
            compiler.count(terms) or ("1" if terms else "0"),
            "+".join(filter(None, rounded)) if kind_of(node) == "money" else "",
        )

    def condition(self, node: Node, home: Address, at: tuple[BlockLayout, Line] | None) -> bool | str:
        """A condition, seen from a cell: decided, or a formula.

        Raises:
            UncompilableError: it has no form in Excel.
        """
        return _Compiler(self.layout, home, _Spot(*at) if at else None).condition(node)

    def derivation(
        self, block: BlockLayout, line: Line, column: str, home: Address, rounding: Rounding
    ) -> tuple[str, str] | None:
        """What a cell's relations give and how many rounded figures are in it, seen from another cell.

        None where no relation fills it, or none that Excel can compute.
        """
        deriving = relations.deriving(self.layout.edition, block.sheet, line.key, column)
        value, terms = "0", "0"
        steps: list[tuple[str, Number]] = []
        try:
            for relation in (relation for relation in deriving if _covers(relation, line)):
                step = _Compiler(self.layout, home, _Spot(block, line)).step(relation)
                if step and isinstance(relation.node, Operation):
                    side = self.number(relation.node.right, home, (block, line), rounding)
                    steps.append(
                        (f"{step.given}*({side.count}>0)" if step.given else f"{side.count}>0", side)
                    )
        except UncompilableError:
            return None
        for given, side in reversed(steps):
            value = f"IF({given},{side.value},{value})"
            terms = f"IF({given},{side.terms or 0},{terms})"
        return (value, terms) if steps else None

    def _compiled(
        self, covering: Sequence[Relation], block: BlockLayout, line: Line, column: str
    ) -> ExcelFormula | None:
        compiler = _Compiler(self.layout, block.address(line, column), _Spot(block, line))
        try:
            steps = [step for relation in covering if (step := compiler.step(relation))]
        except UncompilableError:
            return None
        return _chained(steps) if steps else None


def _covers(relation: Relation, line: Line) -> bool:
    return relation.rule.rows == "all" or line.adds_up == (relation.rule.rows == "sums")


@dataclass(frozen=True, slots=True)
class _Step:
    """What one relation gives: `value`, where `given` (and something is counted); "" is always."""

    given: str
    count: str
    value: str


def _chained(steps: Sequence[_Step]) -> ExcelFormula:
    """The first relation that has a value, as derivation does."""
    text, empty = '""', "" if steps[0].given or steps[0].count else 0
    for step in reversed(steps):
        conditions = [*filter(None, [step.given]), *([f"{step.count}>0"] if step.count else [])]
        if not conditions:
            text = step.value
        elif step.given:
            text = f"IF(AND({','.join(conditions)}),{step.value},{text})"
        else:
            text = f"IF({step.count}=0,{text},{step.value})"
    return ExcelFormula(f"={text}", empty)


@dataclass(frozen=True, slots=True)
class _Spot:
    """The row that a variable is bound to."""

    block: BlockLayout
    line: Line


@dataclass(frozen=True, slots=True)
class _Span:
    """The lines that a variable runs over, as ranges."""

    block: BlockLayout
    first: int
    last: int


_Place: TypeAlias = "_Spot | _Span"
Rounding: TypeAlias = "Callable[[Address], str]"


@dataclass(frozen=True, slots=True)
class _Term:
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
class _Compiler:
    """Compiles for one cell.

    Attributes:
        layout: where everything stands.
        home: the cell.
        at: the row at hand, None for a relation of no row.
        bound: variable → what it runs over.
    """

    layout: WorkbookLayout
    home: Address
    at: _Spot | None
    bound: Mapping[str, _Place] = field(default_factory=dict)

    def step(self, relation: Relation) -> _Step | None:
        """A relation as a step of the chain; None where it never holds for this row."""
        given = self.condition(relation.where) if relation.where else True
        if given is False:
            return None
        terms = self.terms(relation.node.right) if isinstance(relation.node, Operation) else ()
        if not terms:
            return None
        return _Step("" if given is True else str(given), self.count(terms), self._at_home(self.sum(terms)))

    def _at_home(self, number: str) -> str:
        """A number in the unit of money of the cell's own table."""
        factor = self.at.block.factor if self.at and self.home.sheet == self.at.block.sheet else ""
        return f"({number})/(1{factor})" if factor else number

    # --- numbers ---

    def terms(self, node: Node) -> tuple[_Term, ...]:
        """A number as summands."""
        match node:
            case Constant(value=Decimal() as value):
                return (_Term(1, None, str(value)),)
            case ColumnOf(variable=variable, column=column):
                return self._own(self._place(variable), column)
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

    def _own(self, place: _Place, column: str) -> tuple[_Term, ...]:
        if isinstance(place, _Span):
            raise UncompilableError
        if column not in place.block.columns(place.line):
            return ()
        cell = place.block.address(place.line, column)
        told = self._reference(cell)
        scaled = place.block.scaled(column, told)
        if scaled == told:
            return (_Term(1, cell, source=cell),)
        return (_Term(1, None, scaled, f"COUNT({told})", source=cell),)

    def _cell(self, node: CellOf) -> tuple[_Term, ...]:
        sheet = self.layout.sheets.get(node.table)
        keys = [self.operand(part) for part in node.key]
        known = [str(key.value) for key in keys if isinstance(key, Constant)]
        if sheet and len(known) == len(keys) and (found := sheet.find(key_of(known))):
            return self._own(_Spot(*found), node.column)
        span = _span(sheet) if sheet else None
        if span is None:
            raise UncompilableError
        return self._looked_up(span, keys, node.column)

    def _looked_up(self, span: _Span, keys: Sequence[Constant | str], column: str) -> tuple[_Term, ...]:
        """The line of that key; the sum of the lines below a code that no line has."""
        block = span.block.block
        if len(keys) != len(block.key):
            raise UncompilableError
        same = [self._equal(span, *pair) for pair in zip(block.key, keys, strict=True)]
        exact = self._selected(span, same, column)
        code = keys[0].value if isinstance(keys[0], Constant) else ""
        if len(keys) > 1 or not block.levels or len(str(code)) not in _lengths(block.levels[:-1]):
            return (exact,)
        below = [self._starts(span, block.key[0], quoted(str(code)), len(str(code))), *self._leaf(span)]
        summed = self._selected(span, below, column)
        value = f"IF({exact.count}>0,{exact.value},{summed.value})"
        terms = f"({exact.terms}+{summed.terms})" if exact.terms else ""
        return (_Term(1, None, value, f"({exact.count}+{summed.count})", terms),)

    # --- sums over lines ---

    def _aggregate(self, node: Aggregate) -> tuple[_Term, ...]:
        if node.source.children:
            return self._children(node)
        if node.source.level:
            raise UncompilableError
        sheet = self.layout.sheets.get(node.source.table)
        if sheet is None:
            raise UncompilableError
        fixed = [_Spot(block, line) for block in sheet.blocks for line in block.lines if line.fixed]
        spots = [term for spot in fixed for term in self.binding(node, spot).of_row(node, spot)]
        span = _span(sheet)
        if span is None:
            return tuple(spots)
        return (*spots, *self.binding(node, span).of_lines(node, span, self._leaf(span)))

    def binding(self, node: Aggregate, place: _Place) -> _Compiler:
        """The same with the variable of an aggregate bound."""
        return _Compiler(self.layout, self.home, self.at, {**self.bound, node.variable: place})

    def of_row(self, node: Aggregate, spot: _Spot) -> tuple[_Term, ...]:
        """What one fixed row adds."""
        condition = self.condition(node.condition) if node.condition else True
        if condition is False:
            return ()
        if node.element is None:
            return (_Term(1, None, "1" if condition is True else f"IF({condition},1,0)"),)
        if condition is not True or not isinstance(node.element, ColumnOf):
            raise UncompilableError
        return self._own(spot, node.element.column)

    def of_lines(self, node: Aggregate, span: _Span, conditions: list[str]) -> tuple[_Term, ...]:
        """What the lines add."""
        condition = self.condition(node.condition) if node.condition else True
        if condition is False:
            return ()
        conditions = conditions if condition is True else [*conditions, str(condition)]
        if node.element is None:
            return (_Term(1, None, f"SUMPRODUCT({'*'.join(conditions)}*1)"),)
        if not isinstance(node.element, ColumnOf) or node.element.variable != node.variable:
            raise UncompilableError
        return (self._selected(span, conditions, node.element.column),)

    def _children(self, node: Aggregate) -> tuple[_Term, ...]:
        """The lines below a row that adds up: all, or those that share its keys."""
        if self.at is None:
            raise UncompilableError
        block, line = self.at.block, self.at.line
        if line.kind == "line":
            return ()
        if block.open_rows is None or not isinstance(node.element, ColumnOf):
            raise UncompilableError
        # From the row below on: a range with the cell itself in it would be a circular reference.
        span = _Span(block, max(line.row + 1, block.open_rows[0]), block.open_rows[1])
        shared = self._shared(span, line) if line.kind == "sum" else []
        return (self._selected(span, [*shared, *self._leaf(span)], node.element.column),)

    def _shared(self, span: _Span, line: Line) -> list[str]:
        """The conditions of belonging to a row that adds up."""
        own: dict[str, str] = {}
        for level in span.block.block.levels:
            if line.source is None or not line.source.text(level.by):
                continue
            cell = self._reference(span.block.address(line, level.by))
            own[level.by] = (
                self._starts(span, level.by, cell, level.length)
                if level.length
                else f"({self._range(span, level.by)}={cell})"
            )
            if level.name == line.source.level:
                break
        return list(own.values())

    def _leaf(self, span: _Span) -> list[str]:
        """The conditions of being a line: its code is complete, or its item is named."""
        block = span.block.block
        if not block.key:
            raise UncompilableError
        by = block.levels[-1].by if block.levels else block.key[0]
        length = block.levels[-1].length if block.levels else 0
        column = self._range(span, by)
        return [f"(LEN({column})={length})" if length else f'({column}<>"")']

    def _selected(self, span: _Span, conditions: Sequence[str], column: str) -> _Term:
        """The sum of a column over the lines that meet the conditions.

        SUMPRODUCT rather than SUMIFS: names of items may hold wildcards or begin with an operator.
        """
        chosen, values = "*".join(conditions), self._range(span, column)
        summed = span.block.scaled(column, f"SUMPRODUCT({chosen}*1,{values})")
        count = f"SUMPRODUCT({chosen}*ISNUMBER({values}))"
        rounded = span.block.roundings(values, count)
        terms = rounded if rounded in {"", count} else f"SUMPRODUCT({chosen}*{rounded})"
        return _Term(1, None, summed, count, terms)

    # --- conditions and keys ---

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
                return self._column(self._place(variable), column)
            case CellOf(table=table, key=(Constant(value=key),), column=column):
                sheet = self.layout.sheets.get(table)
                if sheet and (found := sheet.find(str(key))):
                    return self._column(_Spot(*found), column)
        raise UncompilableError

    def _column(self, place: _Place, column: str) -> Constant | str:
        if isinstance(place, _Span):
            return self._range(place, column)
        declared = place.block.columns(place.line).get(column)
        if declared is None:
            return Constant("")
        if place.line.fixed and declared.type == "label":
            return Constant(place.line.key)
        return self._reference(place.block.address(place.line, column))

    def _place(self, variable: str) -> _Place:
        place = self.at if variable == "" else self.bound[variable]
        if place is None:
            raise UncompilableError
        return place

    def _equal(self, span: _Span, column: str, key: Constant | str) -> str:
        values = self._range(span, column)
        same = f"({values}={_said(key)})"
        return same if isinstance(key, Constant) else f'({values}<>"")*{same}'

    def _starts(self, span: _Span, column: str, code: str, length: int) -> str:
        return f"(LEFT({self._range(span, column)},{length})={code})"

    # --- references ---

    def _range(self, span: _Span, column: str) -> str:
        place = span.block.places[column]
        sheet = span.block.sheet
        return self._reference(Address(sheet, span.first, place), Address(sheet, span.last, place))

    def _reference(self, first: Address, last: Address | None = None) -> str:
        """A cell or a range; relative in the row at hand, so that a copied line speaks of itself."""
        last = last or first
        near = first.sheet == self.home.sheet
        fixed = not (near and first.row == last.row == self.home.row)
        text = ":".join(_name(cell, fixed=fixed) for cell in dict.fromkeys((first, last)))
        return text if near else f"{_quoted_sheet(first.sheet)}!{text}"

    def _list(self, cells: Sequence[Address]) -> str:
        return ",".join(self._reference(first, last) for first, last in _runs(cells))

    def count(self, terms: Sequence[_Term]) -> str:
        """How many numbers the summands hold; empty where they make a number in any case."""
        if any(not term.cell and not term.count for term in terms):
            return ""
        cells = [term.cell for term in terms if term.cell]
        counted = [f"COUNT({self._list(cells)})"] if cells else []
        return "+".join([*counted, *(term.count for term in terms if term.count)])

    def sum(self, terms: Sequence[_Term]) -> str:
        text = ""
        for sign, mark in ((1, "+"), (-1, "-")):
            cells = [term.cell for term in terms if term.cell and term.sign == sign]
            text += f"{mark}SUM({self._list(cells)})" if cells else ""
            text += "".join(f"{mark}{term.value}" for term in terms if term.value and term.sign == sign)
        return text.removeprefix("+")


@cache
def _name(cell: Address, *, fixed: bool) -> str:
    if cell.row == AT_HAND:
        return f"{xl_col_to_name(cell.column)}{ROW}"
    return str(xl_rowcol_to_cell(cell.row, cell.column, row_abs=fixed, col_abs=fixed))


def _span(sheet: SheetLayout) -> _Span | None:
    """All lines of a sheet."""
    return next((_Span(block, *block.open_rows) for block in sheet.blocks if block.open_rows), None)


def _lengths(levels: Sequence[Level]) -> set[int]:
    return {level.length for level in levels if level.length}


def _numeric(*nodes: Node) -> bool:
    return any(kind_of(node) in {"money", "number", "count"} for node in nodes)


@cache
def _quoted_sheet(name: str) -> str:
    return str(quote_sheetname(name))


@cache
def reference(first: Address, last: Address | None = None) -> str:
    """A cell or a range, from whatever sheet it is seen."""
    cells = dict.fromkeys((first, last or first))
    return f"{_quoted_sheet(first.sheet)}!{':'.join(_name(cell, fixed=True) for cell in cells)}"


def quoted(value: str) -> str:
    """A text as formulas write it."""
    return '"' + value.replace('"', '""') + '"'


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


def _runs(cells: Sequence[Address]) -> Iterator[tuple[Address, Address]]:
    """Cells as ranges: neighbours in one row or one column are written as one."""
    pending = list(cells)
    while pending:
        run = [pending.pop(0)]
        while pending and _continues(run, pending[0]):
            run.append(pending.pop(0))
        yield run[0], run[-1]


def _continues(run: Sequence[Address], cell: Address) -> bool:
    last = run[-1]
    step = (cell.row - last.row, cell.column - last.column)
    if cell.sheet != last.sheet or step not in {(0, 1), (1, 0)}:
        return False
    return len(run) == 1 or step == (last.row - run[-2].row, last.column - run[-2].column)
