"""What makes a text suspicious by itself."""

from __future__ import annotations

import re
from typing import Annotated

from budgetgen.edition.declarations.base import Declared
from budgetgen.edition.declarations.names import Formula, Inside, TableName, Text


class Counted(Declared):
    """Rows whose number is published: each names one thing.

    Attributes:
        table: its name.
        column: that which names it.
        where: a condition on the row.
    """

    table: TableName
    column: Annotated[str, Inside("column", "table")]
    where: Annotated[str, Formula("table")] = ""


class Lint(Declared):
    """`[lint]` of an edition. Patterns are regular expressions over a text without blanks, signs half-width.

    Attributes:
        residue: what the format's own template says to its user, and placeholders: never to be published.
        doubled: a phrase said twice on end; its first group is the phrase.
        numerals: ordinals that are no numerals.
        mixed: numbers in signs of two widths.
        fine: amounts with more decimals than are printed; the first group is the amount.
        dates: years, months and days, as the groups `year`, `month` and `day`.
        years: the first and the last year that a text of today may mean.
        private: numbers of telephones and identity cards.
        budgeted: an amount that a text calls the budget of its project; the first group that met is the amount.
        selves: how the unit may call itself; a document uses one of them.
        joints: words that may stand between the last two things of a list.
        bodies: how the names of offices and units end.
        counted: the rows of which each names one.
    """

    residue: tuple[re.Pattern[str], ...] = ()
    doubled: re.Pattern[str]
    numerals: re.Pattern[str]
    mixed: re.Pattern[str]
    fine: re.Pattern[str]
    dates: re.Pattern[str]
    years: tuple[int, int]
    private: tuple[re.Pattern[str], ...] = ()
    budgeted: tuple[re.Pattern[str], ...] = ()
    selves: tuple[Text, ...] = ()
    joints: tuple[Text, ...] = ()
    bodies: tuple[Text, ...] = ()
    counted: tuple[Counted, ...] = ()
