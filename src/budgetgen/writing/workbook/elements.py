"""What the relations say of many rows at once, as array formulas of Excel 2010.

A column of the rows at hand is a vector that stands upright, a column of the rows that a variable runs over one
that lies down: what compares the two is a matrix, and MMULT adds its rows up. The same formulas speak of a single
row where each vector is replaced by one of its elements.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from budgetgen.formula.evaluation import kind_of
from budgetgen.formula.functions import FUNCTIONS
from budgetgen.formula.nodes import (
    Aggregate,
    Call,
    CellOf,
    ColumnOf,
    Constant,
    Node,
    Operation,
    free_variables,
    rebuilt,
)
from budgetgen.values.model import TOTAL
from budgetgen.writing.workbook.formulas import Number
from budgetgen.writing.workbook.layout import Address
from budgetgen.writing.workbook.references import quoted, reference
from budgetgen.writing.workbook.sight import UncompilableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.writing.workbook.layout import BlockLayout, Line, SheetLayout, WorkbookLayout

EXACT_PLACES: Final = 6
"""Decimals that differences are rounded to: 0.01 元 in 万元; what lies below is the dust of binary fractions."""
NUMERIC = frozenset({"money", "number", "count"})
COMPARED: Final = {"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
NOTHING = Number("0", "0", "")


@dataclass(frozen=True)
class Rows:
    """Neighbouring rows of a block.

    Attributes:
        block: the block.
        lines: the rows that the layout knows; a clerk may have inserted others between them.
        last: the last row of the sheet that belongs to them.
    """

    block: BlockLayout
    lines: tuple[Line, ...]
    last: int

    @property
    def first(self) -> int:
        """The first row of the sheet."""
        return self.lines[0].row

    @property
    def fixed(self) -> bool:
        """Whether none can be inserted: their keys are known."""
        return all(line.kind == "fixed" for line in self.lines)

    def range(self, column: str) -> str:
        """A column of them."""
        place, sheet = self.block.places[column], self.block.sheet
        return reference(Address(sheet, self.first, place), Address(sheet, self.last, place))

    def texts(self, column: str) -> str:
        """The texts of a column of them, as they are read: one that may stand once for the rows below it repeats.

        What stands left of it has to be the same still.
        """
        cells = self.range(column)
        merged = [own.name for own in self.block.block.columns if own.merge and own.name in self.block.places]
        if column not in merged:
            return cells
        above = f'ROW({cells}),ROW({cells})/({cells}<>"")'
        text = f"LOOKUP({above},{cells})"
        if left := merged[: merged.index(column)][-1:]:
            whose = self.texts(left[0])
            text = f'IF(LOOKUP({above},{whose})={whose},{text},"")'
        return f'IFERROR({text},"")'


def all_rows(block: BlockLayout) -> Rows:
    """All rows of an open block: its total, its lines and the closing row below them."""
    return Rows(block, block.lines, (block.open_rows or (0, block.lines[-1].row))[1])


def lines_of(sheet: SheetLayout) -> Rows | None:
    """The rows that others look up: those of the open block, without its total."""
    for block in (block for block in sheet.blocks if block.open_rows):
        rows = tuple(line for line in block.lines if line.kind != "total")
        return Rows(block, rows, (block.open_rows or (0, 0))[1])
    return None


@dataclass(frozen=True)
class Elements:
    """Compiles for the rows at hand.

    Attributes:
        layout: where everything stands.
        rows: the rows at hand, None for a relation of no row.
        index: a cell that holds the number of one of them, to speak of that row only.
        bound: variable → the rows that it runs over.
    """

    layout: WorkbookLayout
    rows: Rows | None
    index: str = ""
    bound: Mapping[str, Rows] = field(default_factory=dict)

    # --- numbers ---

    def number(self, node: Node) -> Number:
        """A number for each row."""
        if isinstance(node, CellOf | Aggregate) and (aside := self._aside(node)):
            number = aside.number(_upright(node))
            return Number(f"TRANSPOSE({number.value})", f"TRANSPOSE({number.count})", "")
        match node:
            case Constant(value=Decimal() as value):
                return Number(str(value), "1", "")
            case ColumnOf(variable="", column=column, kind=kind) if kind in NUMERIC and self.rows:
                return self._held(column, kind)
            case CellOf(kind=kind) if kind in NUMERIC:
                return self._cell(node)
            case Aggregate():
                return self._aggregate(node)
            case Operation(sign="+" | "-" | "*" as sign, left=left, right=right):
                a, b = self.number(left), self.number(right)
                terms = "+".join(filter(None, (a.terms, b.terms)))
                return Number(f"({a.value}{sign}{b.value})", f"({a.count}+{b.count})", terms)
        raise UncompilableError

    def _aside(self, node: Node) -> Elements | None:
        """Where a lookup is read that is made for each of the rows that a variable runs over.

        These rows lie down; for it they are the rows at hand, and what it gives is laid down again.
        """
        variables = set(free_variables(node)) & {"", *self.bound}
        if not variables & set(self.bound):
            return None
        if len(variables) > 1:
            raise UncompilableError
        return Elements(self.layout, self.bound[variables.pop()])

    def _held(self, column: str, kind: str) -> Number:
        if self.rows is None or column not in self.rows.block.places:
            return NOTHING
        return _number(self._one(self.rows.range(column)), kind, self.rows.block)

    def _cell(self, node: CellOf) -> Number:
        fixed = self._fixed(node)
        if not fixed:
            return self._looked_up(node)
        return _number(fixed, node.kind, self.layout.sheets[node.table].blocks[0])

    def _fixed(self, node: CellOf) -> str:
        """The reference of a cell that never moves; empty where it is none."""
        sheet = self.layout.sheets.get(node.table)
        match node.key:
            case (Constant(value=key),) if sheet and (found := sheet.find(str(key))):
                return reference(found[0].address(found[1], node.column))
        return ""

    def _looked_up(self, node: CellOf) -> Number:
        """The row of that key; the sum of the lines below a code that no row has."""
        rows, keys = self._keyed(node)
        exact = self._match(rows, keys)
        uppers = [level.length for level in rows.block.block.levels[:-1] if level.length]
        found = _summed(exact, rows, node)
        if len(keys) > 1 or not uppers:
            return found
        code = rows.range(rows.block.block.key[0])
        begins = "+".join(f"(LEN({keys[0]})={n})*({keys[0]}=TRANSPOSE(LEFT({code},{n})))" for n in uppers)
        below = _summed(f"({begins})*TRANSPOSE({leaf(rows)}*1)", rows, node)
        given = f"({found.count}>0)"
        return Number(
            f"IF({given},{found.value},{below.value})",
            f"({found.count}+{below.count})",
            f"IF({given},{found.terms or 0},{below.terms or 0})",
        )

    def _keyed(self, node: CellOf) -> tuple[Rows, list[str]]:
        sheet = self.layout.sheets.get(node.table)
        rows = lines_of(sheet) if sheet else None
        if rows is None or len(node.key) != len(rows.block.block.key) or node.column not in rows.block.places:
            raise UncompilableError
        if any(line.fixed and line.fixed.caption != line.key for line in rows.lines):
            raise UncompilableError
        return rows, [self.text(part) for part in node.key]

    def _match(self, rows: Rows, keys: Sequence[str]) -> str:
        same = (
            f'({key}=TRANSPOSE({rows.range(column)}&""))'
            for column, key in zip(rows.block.block.key, keys, strict=True)
        )
        return "*".join([f'({keys[0]}<>"")', *same])

    # --- sums over rows ---

    def _aggregate(self, node: Aggregate) -> Number:
        if node.source.children:
            return self.children(node)
        sheet = self.layout.sheets.get(node.source.table)
        rows = lines_of(sheet) if sheet else None
        if node.source.level or rows is None or any(line.fixed for line in rows.lines):
            raise UncompilableError
        chosen = f"TRANSPOSE({leaf(rows)}*1)"
        if node.condition:
            inner = replace(self, bound={**self.bound, node.variable: rows})
            chosen = f"{inner.truth(node.condition)}*{chosen}"
        if node.element is None:
            ones = f"(ROW({rows.range(rows.block.block.columns[0].name)})>0)*1"
            return Number(f"MMULT({chosen},{ones})", "1", "")
        match node.element:
            case ColumnOf(variable=variable) if variable == node.variable:
                return _summed(chosen, rows, node.element)
        raise UncompilableError

    def children(self, node: Aggregate) -> Number:
        """What the lines below each row that adds up hold together."""
        if not isinstance(node.element, ColumnOf):
            raise UncompilableError
        return self.children_of(node.element)

    def children_of(self, column: ColumnOf) -> Number:
        """What these lines hold in a column."""
        rows = self.rows
        if rows is None or rows.block.open_rows is None or not rows.block.block.levels:
            raise UncompilableError
        if column.column not in rows.block.places:
            return NOTHING
        below = Rows(rows.block, tuple(line for line in rows.lines if line.kind != "total"), rows.last)
        shared = "*".join([f"(1-{self._total()})", *self._shares(below)])
        shared = f"{self._total()}+{shared}" if len(rows.block.block.levels) > 1 else self._total()
        return _summed(f"({shared})*TRANSPOSE({leaf(below)}*1)", below, column)

    def _shares(self, below: Rows) -> Iterator[str]:
        """The conditions of lying below a row that is no total: each key that it has is theirs."""
        block = below.block.block
        for by in dict.fromkeys(level.by for level in block.levels[:-1]):
            own, theirs = self._text(by), below.range(by)
            lengths = [level.length for level in block.levels[:-1] if level.by == by and level.length]
            same = [f"(LEN({own})={n})*({own}=TRANSPOSE(LEFT({theirs},{n})))" for n in lengths]
            whole = f'({own}=TRANSPOSE({theirs}&""))'
            yield f'(({own}="")+{"+".join(same) or whole}>0)'

    def sums(self) -> str:
        """Which of the rows at hand add others up: 1 or 0 for each."""
        if self.rows is None or not self.rows.block.block.levels:
            return "0"
        told = "+".join(self._told())
        upper = f"{self._open()}*({told}>0)" if told else "0"
        if not self._totalled:
            return upper
        return f"({self._total()}+(1-{self._total()})*{upper})"

    def _told(self) -> Iterator[str]:
        """Whether a level above that of the lines is told."""
        assert self.rows  # noqa: S101 - sums has seen to it
        for level in self.rows.block.block.levels[:-1]:
            text = self._text(level.by)
            yield f"(LEN({text})={level.length})" if level.length else f'({text}<>"")'

    def _open(self) -> str:
        """Whether the level of the lines is not told."""
        assert self.rows  # noqa: S101 - sums has seen to it
        last = self.rows.block.block.levels[-1]
        text = self._text(last.by)
        return f"(LEN({text})<>{last.length})" if last.length else f'({text}="")'

    @property
    def _totalled(self) -> bool:
        """Whether the total is among the rows at hand."""
        return self.rows is not None and any(line.kind == "total" for line in self.rows.lines)

    def _total(self) -> str:
        """Whether a row is the total: it is told where the others have their first key."""
        if self.rows is None or not self._totalled:
            return "0"
        return f"({self._one(self.rows.range(label_of_total(self.rows)))}={quoted(TOTAL)})"

    # --- texts and conditions ---

    def text(self, node: Node) -> str:
        """A text for each row."""
        match node:
            case Constant(value=value):
                return quoted(str(value))
            case ColumnOf(variable="", column=column):
                return self._text(column)
            case ColumnOf(variable=variable, column=column) if variable in self.bound:
                return f'TRANSPOSE({self.bound[variable].texts(column)}&"")'
            case CellOf() if fixed := self._fixed(node):
                return f'({fixed}&"")'
        raise UncompilableError

    def _text(self, column: str) -> str:
        rows = self.rows
        if rows is None:
            raise UncompilableError
        declared = rows.block.block.column(column)
        if declared is None:
            return '""'
        if rows.fixed and declared.type == "label":
            keys = "{" + ";".join(quoted(line.key) for line in rows.lines) + "}"
            return self._one(keys) if len(rows.lines) > 1 else quoted(rows.lines[0].key)
        text = self._one(rows.texts(column))
        if self._totalled and column == label_of_total(rows):
            return f'IF({text}={quoted(TOTAL)},"",{text}&"")'
        return f'({text}&"")'

    def _one(self, vector: str) -> str:
        """The vector, or the element at the index."""
        return f"INDEX({vector},{self.index})" if self.index else vector

    def truth(self, node: Node) -> str:
        """A condition: 1 or 0 for each row."""
        match node:
            case Operation(sign="and", left=left, right=right):
                return f"({self.truth(left)}*{self.truth(right)})"
            case Operation(sign="or", left=left, right=right):
                return f"(({self.truth(left)}+{self.truth(right)}>0)*1)"
            case Operation(sign=sign, left=left, right=right) if sign in COMPARED:
                return f"(({self._compared(sign, left, right)})*1)"
            case Call(function="非", arguments=(inner,)):
                return f"(1-{self.truth(inner)})"
            case Call(function="有" | "填" as function, arguments=(inner,)):
                return self._present(inner, zero=function == "填")
            case Call(function=function, arguments=arguments) if said := FUNCTIONS[function].excel:
                return f"(({said(tuple(map(self.text, arguments)))})*1)"
        raise UncompilableError

    def _compared(self, sign: str, left: Node, right: Node) -> str:
        if {kind_of(left), kind_of(right)} & NUMERIC:
            difference = f"ROUND({self.number(left).value}-{self.number(right).value},{EXACT_PLACES})"
            return f"{difference}{COMPARED[sign]}0"
        if sign not in {"==", "!="}:
            raise UncompilableError
        return f"{self.text(left)}{COMPARED[sign]}{self.text(right)}"

    def _present(self, node: Node, *, zero: bool) -> str:
        match node:
            case ColumnOf(variable=variable, column=column, kind=kind) if variable and kind in NUMERIC:
                values = self.bound[variable].range(column)
                present = f"ISNUMBER({values})" if zero else f"IF(ISNUMBER({values}),{values}<>0,FALSE)"
                return f"TRANSPOSE({present}*1)"
        if kind_of(node) in NUMERIC:
            number = self.number(node)
            return f"(({number.count if zero else number.value}{'>' if zero else '<>'}0)*1)"
        if isinstance(node, CellOf) and not self._fixed(node):
            if aside := self._aside(node):
                return f"TRANSPOSE({aside.truth(Call('有', (_upright(node),)))})"
            return self._found(node)
        return f'(({self.text(node)}<>"")*1)'

    def _found(self, node: CellOf) -> str:
        """Whether a row of that key has something in a column."""
        rows, keys = self._keyed(node)
        return f'((MMULT({self._match(rows, keys)},({rows.range(node.column)}<>"")*1)>0)*1)'

    def filled(self) -> str:
        """Whether anything stands in a row, in a printed table an amount (`reading.unfilled`): 1 or 0 for each."""
        if self.rows is None or self.rows.fixed:
            return "1"
        block = self.rows.block
        declared = self.layout.edition.tables[block.sheet]
        amounts = declared.measures() if declared.printed and declared.main.key else ()
        asked = [column for column in block.places if column in amounts] or block.places
        held = "+".join(f'({self._one(self.rows.range(column))}<>"")' for column in asked)
        return f"(({held}>0)*1)"


def leaf(rows: Rows) -> str:
    """Which rows are lines: upright."""
    block = rows.block.block
    if block.levels:
        last = block.levels[-1]
        column = rows.range(last.by)
        return f"(LEN({column})={last.length})" if last.length else f'({column}<>"")'
    named = [rows.range(column) for column in block.key or block_columns(rows)]
    return "(" + "+".join(f'({column}<>"")' for column in named) + ">0)"


def label_of_total(rows: Rows) -> str:
    """The column that says which row is the total."""
    return next(column.name for column in rows.block.block.columns if column.type != "unit")


def block_columns(rows: Rows) -> tuple[str, ...]:
    """The columns of the rows."""
    return tuple(rows.block.places)


def _upright(node: Node, bound: str = "") -> Node:
    """The same formula where the rows of its only free variable are the rows at hand."""
    match node:
        case ColumnOf(variable=variable) if variable != bound:
            return replace(node, variable="")
        case Aggregate(variable=own):
            return replace(node, condition=node.condition and _upright(node.condition, own))
    return rebuilt(node, lambda part: _upright(part, bound))


def _number(cells: str, kind: str, block: BlockLayout) -> Number:
    count = f"ISNUMBER({cells})*1"
    if kind != "money":
        return Number(f"IF(ISNUMBER({cells}),{cells},0)", count, "")
    value = f"IF(ISNUMBER({cells}),{cells}{block.factor},0)"
    return Number(value, count, block.roundings(cells, count))


def _summed(chosen: str, rows: Rows, node: ColumnOf | CellOf) -> Number:
    """What the chosen rows hold in a column, added up."""
    held = _number(rows.range(node.column), node.kind, rows.block)
    value, count, terms = (
        f"MMULT({chosen},{part})" if part else "" for part in (held.value, held.count, held.terms)
    )
    return Number(value, count, terms)
