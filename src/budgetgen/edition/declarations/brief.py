"""The disclosure on one page for those who are no finance staff: a few sentences and charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated

from budgetgen.edition.declarations.base import Declared, declaration
from budgetgen.edition.declarations.names import (
    Formula,
    FormulaText,
    Inside,
    PatternText,
    TableName,
    Text,
    Words,
)
from budgetgen.edition.declarations.wording import Case, ListDeclaration


@declaration
class Chart(Declared):
    """A chart of bars: one for each row of a table that has an amount.

    Attributes:
        title: above it.
        each: the table whose rows are drawn, largest first.
        level: the level of these rows; its lines by default.
        where: a condition on the row.
        label: what a bar is called.
        value: its amount, in 万元.
        prior: last year's amount; empty where that is not known.
    """

    title: PatternText
    each: TableName
    level: Annotated[str, Inside("level", "each")] = ""
    where: Annotated[str, Formula("each")] = ""
    label: Annotated[str, Formula("each")]
    value: Annotated[str, Formula("each")]
    prior: Annotated[str, Formula("each")] = ""


@declaration
class Saying(Declared):
    """A sentence of the page.

    Attributes:
        cases: the first whose condition holds is said; nothing where none does.
        let: slots that are formulas.
        list: slots that are lists.
    """

    cases: tuple[Case, ...]
    let: Mapping[Text, FormulaText] = field(default_factory=dict)
    list: Mapping[Text, ListDeclaration] = field(default_factory=dict)


@declaration
class Brief(Declared):
    """`[brief]` of an edition; without charts it has no such page.

    Attributes:
        title: of the page.
        now: what this year's bars are called.
        before: what last year's are called.
        remark: at its end: where the figures come from.
        bars: how many bars a chart has; what is smaller goes into the last.
        rest: what that is called.
        say: the sentences, in order.
        chart: the charts, in order.
    """

    title: PatternText
    now: PatternText
    before: PatternText
    remark: PatternText
    bars: int = 6
    rest: Annotated[str, Words(("项",))]
    say: tuple[Saying, ...] = ()
    chart: tuple[Chart, ...] = ()
