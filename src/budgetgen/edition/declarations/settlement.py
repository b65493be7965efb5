"""What the figures of final accounts are set against: those of the budget of their year (预决算对照)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated

from budgetgen.edition.declarations.base import Declared, declaration
from budgetgen.edition.declarations.names import FormulaText, Inside, TableName, Text


@declaration
class SettledTable(Declared):
    """A table whose rows are those of a table of the budget, by code.

    Attributes:
        table: of the accounts.
        budget: the table of the budget, in the words of its own format.
        columns: of the accounts → of the budget.
        rows: likewise, of rows that go by another key.
    """

    table: TableName
    budget: Text
    columns: Mapping[Annotated[str, Inside("column", "table")], Text]
    rows: Mapping[Text, Text] = field(default_factory=dict)


@declaration
class SettledCell(Declared):
    """A single figure, where the two formats have tables of another shape.

    Attributes:
        name: what it is called.
        outcome: formula of the accounts.
        budget: formula in the words of the format of the budget.
    """

    name: Text
    outcome: FormulaText
    budget: Text


@declaration
class Settlement(Declared):
    """`[settlement]` of an edition of final accounts.

    Attributes:
        kind: of the editions that its figures are set against.
        figure: single figures.
        table: tables.
    """

    kind: Text
    figure: tuple[SettledCell, ...] = ()
    table: tuple[SettledTable, ...] = ()
