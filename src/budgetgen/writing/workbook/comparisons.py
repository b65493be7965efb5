"""The relations as comparisons that the workbook makes by itself, and what each of them gives.

A relation of single cells is one comparison; one that holds for many rows is one as well: it counts the rows that
differ and shows the first of them. What Excel cannot compute is left to the program.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Final

from budgetgen.book.relations import relations
from budgetgen.book.verdicts import State, judge, repeats
from budgetgen.formula.evaluation import Scope, kind_of
from budgetgen.formula.nodes import Aggregate, CellOf, ColumnOf, Node, Operation, operands
from budgetgen.writing.workbook.elements import NUMERIC, PLACES, Elements, Rows, all_rows
from budgetgen.writing.workbook.formulas import UncompilableError, reference
from budgetgen.writing.workbook.layout import Address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from budgetgen.book.relations import Relation
    from budgetgen.edition.declarations import Edition
    from budgetgen.formula.values import Result
    from budgetgen.values.model import Book, Row
    from budgetgen.writing.workbook.filling import Filling
    from budgetgen.writing.workbook.formulas import Formulas, Number
    from budgetgen.writing.workbook.layout import BlockLayout, Line, WorkbookLayout

DUST: Final = "0.0000001"
LONGEST: Final = 7500
"""Characters of a formula that may be asked: Excel takes 8192, and these are put into others."""
PASSED, DIFFERS, BLANK = range(3)
"""What a comparison gives."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of the own row that a comparison's formulas refer to, with the row left open.

    Attributes:
        left: the left side.
        right: the right side.
        index: the number of the first row that differs.
        slack: how far a rounded figure may be off, in the workbook's unit of money.
    """

    left: str
    right: str
    index: str
    slack: str


@dataclass(frozen=True)
class Comparison:
    """A relation, and what it is computed with; formulas are without `=`, their own row is left open.

    Attributes:
        relation: the relation.
        lines: the rows at hand; none for a relation of no row.
        block: the block that they stand in.
        left, right: both sides, of the first row that differs; empty for a relation without sides.
        present: how many numbers are compared.
        failing: how many rows differ.
        first: the number of the first of them; empty where there is one row only.
        place: the cell to look at, or the first of its column.
    """

    relation: Relation
    block: BlockLayout | None
    lines: tuple[Line, ...]
    left: str
    right: str
    present: str
    failing: str
    first: str
    place: Address

    @property
    def longest(self) -> int:
        """The characters of its longest formula."""
        return max(map(len, (self.left, self.right, self.present, self.failing, self.first)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a comparison gives for a Book; amounts in 万元.

    Attributes:
        state: PASSED, DIFFERS or BLANK.
        failing: how many rows differ.
        index: the number of the first of them from 1, 0 where none does.
        left, right: both sides, None for blank.
    """

    state: int
    failing: int = 0
    index: int = 0
    left: Decimal | None = None
    right: Decimal | None = None

    @property
    def difference(self) -> Decimal:
        """Left side minus right side."""
        return (self.left or Decimal(0)) - (self.right or Decimal(0))


@dataclass(frozen=True)
class Roundings:
    """How many rounded figures a cell was added up from, as the program knows it of every cell.

    Excel cannot tell a formula from a figure typed over it: a cell that does not hold what its relations give was
    typed. Each cell that relations fill gets a cell of its own that says so.

    Attributes:
        formulas: of the workbook.
        filling: what it is filled with: figures that already stand over a formula.
        home: the first of these cells; the others follow below.
        known: the cell that says it → its formula and what it gives, in order. None where amounts are exact.
    """

    formulas: Formulas
    filling: Filling
    home: Address
    known: dict[Address, tuple[str, Decimal | int]] = field(default_factory=dict)
    _terms: dict[Address, str] = field(default_factory=dict)

    def __call__(self, cell: Address) -> str:
        """The number of them as a piece of formula."""
        if cell not in self._terms:
            self._terms[cell] = self._compiled(cell)
        return self._terms[cell]

    @cached_property
    def _places(self) -> Mapping[Address, tuple[BlockLayout, Line, str]]:
        return {
            block.address(line, column): (block, line, column)
            for sheet in self.formulas.layout.sheets.values()
            for block in sheet.blocks
            for line in block.lines
            for column, declared in block.columns(line).items()
            if declared.type == "money"
        }

    def _compiled(self, cell: Address) -> str:
        if cell not in self._places or self.filling.exact:
            return ""
        block, line, column = self._places[cell]
        held, told = self.filling.cell(block, line, block.columns(line)[column]), reference(cell)
        count = f"COUNT({told})"
        own = block.roundings(told, count)
        if held.given and held.value is not None:
            return own
        derived = self.formulas.derivation(block, line, column, self.home, self)
        if derived is None:
            return own
        value, terms = derived
        place = Address(self.home.sheet, self.home.row + len(self.known), self.home.column)
        typed = f"ABS({block.scaled(column, told)}-({value}))>{DUST}"
        self.known[place] = (
            f"IF({count}=0,0,IF({typed},{block.roundings(told, '1') or 0},{terms}))",
            held.terms,
        )
        return reference(place)


@dataclass(frozen=True)
class Comparer:
    """Makes the comparisons of a workbook.

    Attributes:
        formulas: of the workbook.
        rounding: how many rounded figures a cell was added up from.
        cells: where a comparison's own cells stand.
    """

    formulas: Formulas
    rounding: Roundings
    cells: Cells

    @property
    def layout(self) -> WorkbookLayout:
        """Where everything stands."""
        return self.formulas.layout

    def comparisons(self) -> tuple[Comparison, ...]:
        """All that Excel can compute, in the order of the declarations."""
        return tuple(
            comparison
            for relation in relations(self.layout.edition)
            for comparison in self._comparisons(relation)
        )

    def _comparisons(self, relation: Relation) -> Iterator[Comparison]:
        try:
            compiled = tuple(self._compiled(relation))
        except UncompilableError:
            return
        if all(comparison.longest <= LONGEST for comparison in compiled):
            yield from compiled

    def _compiled(self, relation: Relation) -> Iterator[Comparison]:
        if not relation.table:
            yield self._single(relation, None)
            return
        sheet = self.layout.sheets.get(relation.table)
        if sheet is None:
            raise UncompilableError
        for block in sheet.blocks:
            if block.open_rows:
                yield self._many(relation, all_rows(block))
            else:
                yield from self._fixed(relation, block)

    def _fixed(self, relation: Relation, block: BlockLayout) -> Iterator[Comparison]:
        """Of fixed rows those that the relation holds for, neighbours together."""
        covered = [
            line
            for line in block.lines
            if relation.rule.rows != "sums" and self._may_hold(relation, block, line)
        ]
        numbered = enumerate(covered)
        for _, group in groupby(numbered, key=lambda pair: pair[1].row - pair[0]):
            lines = tuple(line for _, line in group)
            if len(lines) == 1:
                yield self._single(relation, (block, lines[0]))
            else:
                yield self._many(relation, Rows(block, lines, lines[-1].row))

    def _may_hold(self, relation: Relation, block: BlockLayout, line: Line) -> bool:
        return relation.where is None or self._decided(relation.where, (block, line)) is not False

    def _decided(self, condition: Node, at: tuple[BlockLayout, Line] | None) -> bool | None:
        """A condition that is decided by now; None where the clerk decides it."""
        try:
            known = self.formulas.condition(condition, self.rounding.home, at)
        except UncompilableError:
            return None
        return known if isinstance(known, bool) else None

    # --- one row, or none ---

    def _single(self, relation: Relation, at: tuple[BlockLayout, Line] | None) -> Comparison:
        block, lines = (at[0], (at[1],)) if at else (None, ())
        place = self._cell(relation, at)
        elements = Elements(self.layout, Rows(at[0], lines, at[1].row) if at else None)
        decided = relation.where is None or self._decided(relation.where, at) is True
        applies = "1" if decided or relation.where is None else elements.truth(relation.where)
        node = relation.compared
        if node is None:
            failing = f"SUM({applies}*(1-{elements.truth(relation.node)}))"
            return Comparison(relation, block, lines, "", "", f"SUM({applies}*1)", failing, "", place)
        left, right = (self._side(side, at, elements) for side in (node.left, node.right))
        a, b = (f'IF({applies}*({side.count})=0,"",SUM({side.value}))' for side in (left, right))
        terms = "+".join(filter(None, (left.terms, right.terms))) or "0"
        cells = self.cells
        slack = f"{cells.slack}*({terms})+{DUST}"
        beyond = _beyond(node.sign, f"ROUND(N({cells.left})-N({cells.right}),{PLACES})")
        if _derived(relation):
            beyond = f"COUNT({cells.left})*{beyond}"
        return Comparison(
            relation,
            block,
            lines,
            left=a,
            right=b,
            present=f"SUM({applies}*({left.count}+{right.count}))",
            failing=f"SUM({applies}*({beyond}>{slack}))",
            first="",
            place=place,
        )

    def _side(self, node: Node, at: tuple[BlockLayout, Line] | None, elements: Elements) -> Number:
        try:
            return self.formulas.number(node, self.rounding.home, at, self.rounding)
        except UncompilableError:
            return elements.number(node)

    def _cell(self, relation: Relation, at: tuple[BlockLayout, Line] | None) -> Address:
        """The cell to look at: the first that the relation names."""
        for node in operands(relation.node):
            if isinstance(node, ColumnOf) and at and node.variable == "" and node.column in at[0].places:
                return at[0].address(at[1], node.column)
            if isinstance(node, CellOf) and (sheet := self.layout.sheets.get(node.table)):
                found = sheet.find(str(getattr(node.key[0], "value", "")))
                if found:
                    return found[0].address(found[1], node.column)
                return Address(node.table, 0, 0)
            if isinstance(node, Aggregate) and node.source.table in self.layout.sheets:
                return Address(node.source.table, 0, 0)
        raise UncompilableError

    # --- many rows ---

    def _many(self, relation: Relation, rows: Rows) -> Comparison:
        vectors = Elements(self.layout, rows)
        first = Elements(self.layout, rows, self.cells.index)
        applies = self._applies(relation, vectors)
        node = relation.compared
        column = _column(relation, rows)
        if node is not None:
            left, right = vectors.number(node.left), vectors.number(node.right)
            present = f"SUM({applies}*(({left.count}+{right.count})>0))"
            terms = "+".join(filter(None, (left.terms, right.terms))) or "0"
            difference = f"ROUND({left.value}-{right.value},{PLACES})"
            failing = f"{applies}*({_beyond(node.sign, difference)}>{self.cells.slack}*({terms})+{DUST})"
            if _derived(relation):
                failing = f"({left.count}>0)*{failing}"
            one = (first.number(node.left), first.number(node.right))
            a, b = (f'IF({self.cells.index}=0,"",IF(SUM({n.count})=0,"",SUM({n.value})))' for n in one)
        else:
            present = f"SUM({applies}*1)"
            failing = f"{applies}*(1-{vectors.truth(relation.node)})"
            a, b = "", ""
        number = f"ROW({rows.range(column)})-ROW({reference(_top(rows, column))})+1"
        return Comparison(
            relation,
            rows.block,
            rows.lines,
            left=a,
            right=b,
            present=present,
            failing=f"SUM({failing})",
            first=f"MIN(IF({failing}>0,{number}))",
            place=_top(rows, column),
        )

    def _applies(self, relation: Relation, vectors: Elements) -> str:
        """Which rows the relation holds for: 1 or 0 for each.

        A sum that only repeats what its lines say is not complained of again, as in `checking`. Excel cannot tell
        a sum that was typed from its formula: where none is typed by now, one that differs from its lines was.
        """
        conditions = [] if not relation.where else [vectors.truth(relation.where)]
        if relation.compared is None:
            conditions.append(vectors.filled())
        sums = vectors.sums()
        if relation.rule.rows == "sums":
            conditions.append(sums)
        elif relation.rule.rows == "lines":
            conditions.append(f"(1-{sums})")
        elif sums != "0" and not _given(vectors.rows):
            conditions.append(f"(1-{sums}*{self._repeats(relation, vectors)})")
        return "*".join(conditions) or "1"

    def _repeats(self, relation: Relation, vectors: Elements) -> str:
        """Whether a sum is that of its lines."""
        own = next((n for n in operands(relation.node) if _own_number(n)), None)
        if not isinstance(own, ColumnOf):
            return "1"
        held = vectors.number(own)
        below = vectors.children_of(own)
        return f"(ABS(ROUND({held.value}-{below.value},{PLACES}))<{DUST})"


def _derived(relation: Relation) -> bool:
    """Whether a blank left side is filled by the program: there is nothing to compare."""
    return relation.target is not None


def _beyond(sign: str, difference: str) -> str:
    """How far a difference is on the wrong side."""
    return {"==": f"ABS({difference})", ">=": f"-{difference}", "<=": difference}[sign]


def _given(rows: Rows | None) -> bool:
    """Whether somebody has given a sum."""
    sums = (line.source for line in rows.lines if line.adds_up and line.source) if rows else ()
    return any(isinstance(cell.value, Decimal) and cell.given for row in sums for cell in row.cells.values())


def _own_number(node: Node) -> bool:
    return isinstance(node, ColumnOf) and node.variable == "" and node.kind in NUMERIC


def _column(relation: Relation, rows: Rows) -> str:
    """The column to look at: the first of the row at hand that the relation names."""
    own = (
        node.column for node in operands(relation.node) if isinstance(node, ColumnOf) and node.variable == ""
    )
    key = (node.column for node in _keys(relation.node))
    return next((c for c in (*own, *key) if c in rows.block.places), rows.block.block.columns[0].name)


def _keys(node: Node) -> Iterator[ColumnOf]:
    """The columns of the row at hand that other rows are looked up by."""
    for named in operands(node):
        parts = named.key if isinstance(named, CellOf) else ()
        yield from (part for part in parts if isinstance(part, ColumnOf))


def _top(rows: Rows, column: str) -> Address:
    return Address(rows.block.sheet, rows.first, rows.block.places[column])


# --- what they give -----------------------------------------------------------------------------------------


def outcome(comparison: Comparison, book: Book, edition: Edition) -> Outcome:
    """What a comparison gives for a derived Book: what `checking` says of it."""
    relation = comparison.relation
    scopes = (
        (number, Scope(book, {"": (relation.table, row)} if row else {}))
        for number, row in _rows(comparison, book)
    )
    found = [
        (number, _judged(relation, scope))
        for number, scope in scopes
        if not repeats(relation, scope, edition)
    ]
    judged = [(number, one) for number, one in found if one is not None]
    broken = [(number, one) for number, one in judged if one.failing]
    if broken:
        number, one = broken[0]
        return Outcome(DIFFERS, len(broken), number if comparison.first else 0, one.left, one.right)
    if all(one.state == BLANK for _, one in judged):
        return Outcome(BLANK)
    return Outcome(PASSED) if comparison.first else judged[0][1]


def _rows(comparison: Comparison, book: Book) -> Iterator[tuple[int, Row | None]]:
    if not comparison.lines:
        yield 0, None
        return
    for line in comparison.lines:
        row = line.source or book[comparison.relation.table].get(line.key)
        if row is not None and comparison.relation.covers(row):
            yield line.row - comparison.lines[0].row + 1, row


def _judged(relation: Relation, scope: Scope) -> Outcome | None:
    """What a relation gives for one row; None where it does not hold for it."""
    if not relation.applies(scope):
        return None
    verdict = judge(relation, scope)
    left, right = _decimal(verdict.left), _decimal(verdict.right)
    match verdict.state:
        case State.BLANK:
            return Outcome(BLANK)
        case State.BROKEN:
            return Outcome(DIFFERS, 1, 0, left, right)
    return Outcome(PASSED, 0, 0, left, right)


def _decimal(result: Result) -> Decimal | None:
    return result.value if isinstance(result.value, Decimal) else None


def in_money(comparison: Comparison) -> bool:
    """Whether its sides are amounts of money."""
    node = comparison.relation.node
    return isinstance(node, Operation) and "money" in {kind_of(node.left), kind_of(node.right)}
