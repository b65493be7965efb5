"""How two books are compared."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from budgetgen.edition.declarations.base import Declared, declaration
from budgetgen.edition.declarations.names import FactName, Inside, TableName, Text


@declaration
class Target(Declared):
    """What is to be reached: lowered, or dropped, it is looked at first.

    Attributes:
        table, column: where it stands.
        name: the column that names what is measured.
        weight: the column that tells how much it counts.
        least: how a target begins that is to be reached at least; the sign of an exact one among them.
        most: how one begins that is not to be exceeded.
    """

    table: TableName
    column: Annotated[str, Inside("column", "table")]
    name: Annotated[str, Inside("column", "table")]
    weight: Annotated[str, Inside("column", "table")]
    least: tuple[Text, ...]
    most: tuple[Text, ...]


@declaration
class Review(Declared):
    """`[review]` of an edition.

    Attributes:
        threshold: from which a change is a large one that wants a reason: `10%`, or an amount in 万元.
        similar: how alike two names are to be proposed as one renamed, 0 to 1.
        aliases: groups of names and codes that mean the same in different years.
        remainder: up to which difference from 100 shares that add up to nearly that are rounded ones.
        rises: words of a reason that tell a rise.
        falls: words that tell a fall.
        yet: words behind which a reason tells what counts, against what it grants before them.
        steady: words that tell that nothing changed.
        unbudgeted: words that tell that there is nothing, in one of the years or in both.
        ignored: the facts of the unit that are not compared.
        targets: what is to be reached.
        charts: the tables whose largest movements are drawn.
        opinion: the captions under which reviewers write: the mark of a difference, the opinion, how far it is, who
            said so, and when.
        states: how far an opinion may be.
        reopened: how far it is again where the difference says something else since.
        identity: those that tell which unit it is; the others are ways of writing.
    """

    threshold: Text
    similar: float
    aliases: tuple[tuple[Text, ...], ...] = ()
    remainder: Decimal
    rises: tuple[Text, ...]
    falls: tuple[Text, ...]
    yet: tuple[Text, ...] = ()
    steady: tuple[Text, ...]
    unbudgeted: tuple[Text, ...] = ()
    ignored: tuple[FactName, ...] = ()
    charts: tuple[TableName, ...] = ()
    targets: tuple[Target, ...] = ()
    opinion: tuple[Text, Text, Text, Text, Text]
    states: tuple[Text, ...]
    reopened: Text
    identity: tuple[FactName, ...] = ()
