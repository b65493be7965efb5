"""The relations as comparisons that the workbook makes by itself.

A relation of single cells is one comparison; one that holds for many rows is one as well: it counts the rows that
differ and shows the first of them. What Excel cannot compute is left to the program.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Final

from budgetgen.book.relations import relations
from budgetgen.formula.evaluation import kind_of
from budgetgen.formula.nodes import Aggregate, CellOf, ColumnOf, Node, Operation, operands
from budgetgen.writing.workbook.elements import EXACT_PLACES, NUMERIC, Elements, Rows, all_rows
from budgetgen.writing.workbook.layout import Address
from budgetgen.writing.workbook.references import reference
from budgetgen.writing.workbook.roundings import DUST
from budgetgen.writing.workbook.sight import UncompilableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.book.relations import Relation
    from budgetgen.writing.workbook.formulas import Formulas, Number
    from budgetgen.writing.workbook.layout import BlockLayout, Line, WorkbookLayout
    from budgetgen.writing.workbook.roundings import Roundings

LONGEST: Final = 7500
"""Characters of a formula that may be asked: Excel takes 8192, and these are put into others."""


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
class _Told:
    """What is told of the rows at hand, one or many.

    Attributes:
        left, right: both sides, of one row; empty for a relation without sides.
        present: for each row how many numbers are compared, or whether any is.
        failing: for each row whether it differs.
    """

    left: str
    right: str
    present: str
    failing: str

    @property
    def formulas(self) -> tuple[str, str, str, str]:
        """The sides, and the rows added up."""
        return self.left, self.right, f"SUM({self.present})", f"SUM({self.failing})"


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
        if relation.compared is None:
            told = _met(applies, elements.truth(relation.node))
        else:
            told = self._of_one(relation, relation.compared, at, elements, applies)
        return Comparison(relation, block, lines, *told.formulas, first="", place=place)

    def _of_one(
        self,
        relation: Relation,
        node: Operation,
        at: tuple[BlockLayout, Line] | None,
        elements: Elements,
        applies: str,
    ) -> _Told:
        """The two sides stand in cells of their own, and are compared there."""
        cells = self.cells
        left, right = (self._side(side, at, elements) for side in (node.left, node.right))
        beyond = _beyond(node.sign, f"ROUND(N({cells.left})-N({cells.right}),{EXACT_PLACES})")
        if _derived(relation):
            beyond = f"COUNT({cells.left})*{beyond}"
        a, b = (f'IF({applies}*({side.count})=0,"",SUM({side.value}))' for side in (left, right))
        return _Told(
            a,
            b,
            present=f"{applies}*({left.count}+{right.count})",
            failing=f"{applies}*({beyond}>{cells.slack}*({_terms(left, right)})+{DUST})",
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
        applies = self._applies(relation, vectors)
        if relation.compared is None:
            told = _met(applies, vectors.truth(relation.node))
        else:
            told = self._of_each(relation, relation.compared, vectors, applies)
        column = _column(relation, rows)
        number = f"ROW({rows.range(column)})-ROW({reference(_top(rows, column))})+1"
        return Comparison(
            relation,
            rows.block,
            rows.lines,
            *told.formulas,
            first=f"MIN(IF({told.failing}>0,{number}))",
            place=_top(rows, column),
        )

    def _of_each(self, relation: Relation, node: Operation, vectors: Elements, applies: str) -> _Told:
        """The sides are compared row by row; those of the first row that differs stand in cells of their own."""
        cells = self.cells
        left, right = vectors.number(node.left), vectors.number(node.right)
        difference = f"ROUND({left.value}-{right.value},{EXACT_PLACES})"
        failing = f"{applies}*({_beyond(node.sign, difference)}>{cells.slack}*({_terms(left, right)})+{DUST})"
        first = Elements(self.layout, vectors.rows, cells.index)
        sides = (first.number(node.left), first.number(node.right))
        a, b = (f'IF({cells.index}=0,"",IF(SUM({n.count})=0,"",SUM({n.value})))' for n in sides)
        return _Told(
            a,
            b,
            present=f"{applies}*(({left.count}+{right.count})>0)",
            failing=f"({left.count}>0)*{failing}" if _derived(relation) else failing,
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
        return f"(ABS(ROUND({held.value}-{below.value},{EXACT_PLACES}))<{DUST})"


def _met(applies: str, truth: str) -> _Told:
    """A condition of each row."""
    return _Told("", "", f"{applies}*1", f"{applies}*(1-{truth})")


def _terms(left: Number, right: Number) -> str:
    """How many rounded figures both sides were added up from."""
    return "+".join(filter(None, (left.terms, right.terms))) or "0"


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


def in_money(comparison: Comparison) -> bool:
    """Whether its sides are amounts of money."""
    node = comparison.relation.node
    return isinstance(node, Operation) and "money" in {kind_of(node.left), kind_of(node.right)}
