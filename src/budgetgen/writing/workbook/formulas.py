"""What the relations say of a cell, as Excel says it.

Formulas keep blank apart from zero: a cell whose operands are all blank shows nothing. They find the lines of
a table by their keys, never by their position, so that a clerk may insert and delete lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.book import relations
from budgetgen.formula.evaluation import kind_of
from budgetgen.formula.nodes import Node, Operation
from budgetgen.writing.workbook.compiler import Branch, Compiler
from budgetgen.writing.workbook.references import AT_HAND, NEXT, ROW
from budgetgen.writing.workbook.sight import BoundRow, Sight, UncompilableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from budgetgen.book.relations import Relation
    from budgetgen.writing.workbook.layout import Address, BlockLayout, Line, WorkbookLayout

Rounding: TypeAlias = "Callable[[Address], str]"
"""How many rounded figures a cell was added up from, as a formula."""


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
        text = self.text.replace(ROW, str(row + 1)).replace(NEXT, str(row + 2))
        return ExcelFormula(text, self.empty)


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
        row = AT_HAND if _movable(block, line) else line.row
        rules = (relation.rule.id for relation in covering)
        key = (block.sheet, block.block.name, column, str(row), *block.keyed(line), *rules)
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
        compiler = Compiler(Sight(self.layout, home, BoundRow(*at) if at else None))
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
        return Sight(self.layout, home, BoundRow(*at) if at else None).condition(node)

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
                step = Compiler(Sight(self.layout, home, BoundRow(block, line))).step(relation)
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
        compiler = Compiler(Sight(self.layout, block.address(line, column), BoundRow(block, line)))
        try:
            steps = [step for relation in covering if (step := compiler.step(relation))]
        except UncompilableError:
            return None
        return _chained(steps) if steps else None


def _movable(block: BlockLayout, line: Line) -> bool:
    """Whether a formula is the same in all such lines but for the row: one that adds up has rows below it."""
    if line.kind == "sum" and block.open_rows:
        return line.row + 1 < block.open_rows[1]
    return line.kind == "line"


def _covers(relation: Relation, line: Line) -> bool:
    return relation.rule.rows == "all" or line.adds_up == (relation.rule.rows == "sums")


def _chained(steps: Sequence[Branch]) -> ExcelFormula:
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
