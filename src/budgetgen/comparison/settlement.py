"""A budget and the accounts of its year, side by side: what was planned, what came of it. Amounts are in 万元."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.formula.evaluation import Scope, evaluate
from budgetgen.formula.reader import FormulaError
from budgetgen.values.amounts import ZERO, percentage, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.comparison.values import Side
    from budgetgen.edition.declarations import SettledTable, Settlement
    from budgetgen.values.model import Row, Value

CODED = re.compile(r"\d+")
"""The code that a label begins with: 30101 基本工资."""


@dataclass(frozen=True)
class SettledFigure:
    """One figure of both.

    Attributes:
        table: where it stands in the accounts; empty for a single figure.
        key: its row there, or in the budget where the accounts have none.
        name: what the row is called.
        column: which amount of it.
        budget: as planned; None for blank.
        outcome: as it came out; None for blank.
    """

    table: str
    key: str
    name: str
    column: str
    budget: Decimal | None
    outcome: Decimal | None

    @property
    def difference(self) -> Decimal:
        """Outcome minus budget; blank is zero."""
        return (self.outcome or ZERO) - (self.budget or ZERO)

    @property
    def rate(self) -> Decimal | None:
        """How much of the budget was carried out, in percent; None where nothing was planned, or less than that."""
        planned = rounded(self.budget or ZERO)
        return percentage(rounded(self.outcome or ZERO), planned) if planned > 0 else None


def settles(old: Side, new: Side) -> Settlement | None:
    """How the second file is set against the first; None where it is no account of the first one's year."""
    declared = new.edition.settlement
    if declared is None or old.edition.edition.kind != declared.kind or old.year != new.year:
        return None
    return declared


def settled(budget: Side, accounts: Side, declared: Settlement) -> tuple[SettledFigure, ...]:
    """The figures that either file has, single ones first, then table by table."""
    single = (
        SettledFigure("", "", one.name, "", _worked(budget, one.budget), _worked(accounts, one.outcome))
        for one in declared.figure
    )
    tables = (figure for table in declared.table for figure in _table(budget, accounts, table))
    return tuple(figure for figure in (*single, *tables) if figure.budget or figure.outcome)


def _worked(side: Side, formula: str) -> Decimal | None:
    """A formula in the words of a format; None where the format has no such table, row or column."""
    try:
        return _amount(evaluate(side.edition.formula(formula), Scope(side.book)).value)
    except FormulaError:
        return None


def _amount(value: Value | bool) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _table(budget: Side, accounts: Side, declared: SettledTable) -> Iterator[SettledFigure]:
    planned = budget.edition.tables.get(declared.budget)
    if planned is None or declared.budget in budget.absent or declared.table in accounts.absent:
        return
    columns = {own: other for own, other in declared.columns.items() if other in planned.columns}
    theirs = budget.book[declared.budget]
    met = set[str]()
    for row in accounts.book[declared.table].rows:
        other = theirs.get(_key(accounts, declared, row))
        met |= {other.key} if other else set()
        for own, column in columns.items():
            if accounts.edition.kind(declared.table, own, row.key) is not None:
                yield _figure(declared, row, own, _name(accounts, declared.table, row), other, column)
    for other in theirs.rows:
        for own, column in columns.items() if other.key not in met else ():
            name = _name(budget, declared.budget, other)
            yield SettledFigure(declared.table, other.key, name, own, _amount(other[column].value), None)


def _figure(
    declared: SettledTable, row: Row, own: str, name: str, other: Row | None, column: str
) -> SettledFigure:
    planned = _amount(other[column].value) if other else None
    return SettledFigure(declared.table, row.key, name, own, planned, _amount(row[own].value))


def _key(side: Side, declared: SettledTable, row: Row) -> str:
    """The key that a row of the accounts has in the budget: its own, or the code that its label begins with."""
    if row.key in declared.rows:
        return declared.rows[row.key]
    fixed = side.edition.tables[declared.table].fixed.get(row.key)
    coded = CODED.match(fixed[1].caption) if fixed else None
    return coded[0] if coded else row.key


def _name(side: Side, table: str, row: Row) -> str:
    declared = side.edition.tables[table]
    if row.key in declared.fixed:
        return declared.fixed[row.key][1].caption
    column = next(iter(declared.main.of_type("name", "item")), "")
    name = row.text(column) if column else ""
    return " ".join(dict.fromkeys(filter(None, (row.key, name))))
