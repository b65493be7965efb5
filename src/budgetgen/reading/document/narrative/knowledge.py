"""What the numbered tables of a document determine: which formulas they answer, and which conditions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.edition.declarations import FIGURES, FigureColumn
from budgetgen.formula.evaluation import Scope, holds
from budgetgen.formula.nodes import Aggregate, Call, CellOf, ColumnOf, Constant, Node, Operation, tables_named
from budgetgen.formula.reader import OUTER, FormulaError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.edition.declarations import Edition, StatementDeclaration
    from budgetgen.values.model import Row

NUMBERS = frozenset({"money", "number", "count", "percent"})
FROM_TABLES = frozenset(
    {
        FigureColumn.ID,
        FigureColumn.GROUP,
        FigureColumn.CODE,
        FigureColumn.NAME,
        FigureColumn.LISTED,
        FigureColumn.AMOUNT,
        FigureColumn.SHARE,
        FigureColumn.ALWAYS,
        FigureColumn.CLASS,
        FigureColumn.SECTION,
        FigureColumn.ITEM,
    }
)
"""The columns of the computed figures that the numbered tables alone determine."""


@dataclass(frozen=True)
class Knowledge:
    """What the numbered tables of an edition can tell.

    Attributes:
        edition: which tables there are, and which of them are printed.
        absent: those of them that the document does not have.
    """

    edition: Edition
    absent: frozenset[str] = frozenset()

    @property
    def printed(self) -> frozenset[str]:
        """The numbered tables that are there."""
        return frozenset(table.name for table in self.edition.printed) - self.absent

    def lacks(self, row: Row) -> bool:
        """Whether a computed figure is not known, as it is worked from a table that is not there."""
        return row.text(FigureColumn.ID) in self._lacking

    @cached_property
    def _lacking(self) -> frozenset[str]:
        """The ids of the figures that are worked from tables which are not there."""
        return frozenset(
            figure.id
            for figure in (self.edition.figure if self.absent else ())
            for text in filter(None, (figure.value, figure.whole))
            if self.absent & {figure.each, *tables_named(self.edition.formula(text, each=figure.each))}
        )

    def answers(self, node: Node, each: str, outer: str = "") -> bool:
        """Whether the numbered tables, the year, and what the sentence itself names determine a formula."""
        house = self.edition.house
        for table, key, column in _reads(node, each, outer):
            own = table in {each, outer} and _kind(self.edition, table, column) not in NUMBERS
            year = (table, key) == (house.about, house.year)
            figure = table == FIGURES and column in FROM_TABLES and key not in self._lacking
            if not (table in self.printed or year or figure or (own and table != FIGURES)):
                return False
        return True

    def determines(self, node: Node, each: str, own: Row | None) -> bool:
        """Whether a formula is known, and all that it reads of a row that the sentence tells was told."""
        if not self.answers(node, each):
            return False
        if own is None or each in {FIGURES, *self.printed}:
            return True
        return all(column in own.cells for table, _, column in _reads(node, each) if table == each)

    def truth(
        self, statement: StatementDeclaration, when: str, scope: Scope, *, style: bool | None
    ) -> bool | None:
        """Whether a condition holds; None where the tables do not tell.

        Choices of style, and what the words of the sentence itself decide, count as `style`.
        """
        return self._told(self.edition.formula(when, each=statement.each), statement.each, scope, style)

    def _told_by_itself(self, each: str) -> bool:
        """Whether the rows of a table are only those that sentences tell: what follows from them is style too."""
        return each != FIGURES and each in self.edition.tables and not self.edition.tables[each].printed

    def _told(self, node: Node, each: str, scope: Scope, style: bool | None) -> bool | None:
        match node:
            case Operation(sign="and" | "or" as sign, left=left, right=right):
                sides = {self._told(left, each, scope, style), self._told(right, each, scope, style)}
                decisive = sign == "or"
                return decisive if decisive in sides else None if None in sides else not decisive
            case Call(function="非", arguments=(inner,)):
                told = self._told(inner, each, scope, style)
                return None if told is None else not told
        named = tables_of(node, each)
        if self.edition.house.about in named or (named == {each} and self._told_by_itself(each)):
            return style
        return holds(node, scope) if self.answers(node, each) else None


def _kind(edition: Edition, table: str, column: str) -> str:
    """The type of a column; text where the table has none of that name."""
    try:
        return edition.kind(table, column) or "text"
    except (KeyError, FormulaError):
        return "text"


def _reads(node: Node, each: str, outer: str = "") -> Iterator[tuple[str, str, str]]:
    """All that a formula may read: table, key of a fixed row, column."""
    match node:
        case ColumnOf(variable="", column=column):
            yield each, "", column
        case ColumnOf(variable=variable, column=column) if variable == OUTER:
            yield outer, "", column
        case CellOf(table=table, key=key, column=column):
            only = key[0].value if len(key) == 1 and isinstance(key[0], Constant) else ""
            yield table, str(only), column
            for part in key:
                yield from _reads(part, each, outer)
        case Aggregate(element=element, source=source, condition=condition):
            yield source.table, "", ""
            for inner in (element, condition):
                yield from _reads(inner, each, outer) if inner is not None else ()
        case Operation(left=left, right=right):
            yield from _reads(left, each, outer)
            yield from _reads(right, each, outer)
        case Call(arguments=arguments):
            for argument in arguments:
                yield from _reads(argument, each, outer)


def tables_of(node: Node, each: str) -> set[str]:
    """The tables that a formula reads."""
    return {table for table, _, _ in _reads(node, each) if table}
