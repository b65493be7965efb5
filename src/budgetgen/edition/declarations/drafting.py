"""How a reason is proposed: from which lines, and in which words."""

from __future__ import annotations

from typing import Annotated

from budgetgen.edition.declarations.base import Declared, declaration
from budgetgen.edition.declarations.names import (
    FigureName,
    FormulaText,
    Inside,
    Named,
    TableName,
    Text,
    Words,
)


@declaration
class Noun(Declared):
    """How the change of a line is told. {名称} is its name, {额} the amount of the change, in 万元.

    Attributes:
        name: what such a line is.
        new: it was not there last year.
        ended: it is not there any more.
        grown, shrunk: it is there in both years.
        everywhere: it is new, or ended, only where its name stands in no table of the other year: paid otherwise, or
            under another code, it is still there.
    """

    name: Text
    new: Annotated[str, Words(("名称", "额"))]
    ended: Annotated[str, Words(("名称", "额"))]
    grown: Annotated[str, Words(("名称", "额"))]
    shrunk: Annotated[str, Words(("名称", "额"))]
    everywhere: bool = False


@declaration
class DrivingLines(Declared):
    """Lines of a table whose changes together are the change of a figure.

    Attributes:
        each: the table; its lines, or the computed figures.
        where: which of them; 上 is the row of the figure, where it has one.
        called: the column of their name; a text of its own where all are one thing.
        value: formula of a line's amount.
        prior: formula of its amount last year, where this year's file tells it; else last year's file does.
        noun: what they are.
        told_by: the figure whose own reason tells why these lines moved: of its item, that they did is no reason.
    """

    each: TableName
    where: FormulaText = ""
    called: FormulaText
    value: FormulaText
    prior: FormulaText = ""
    noun: Annotated[str, Named("noun")]
    told_by: FigureName | None = None


@declaration
class ReasonSource(Declared):
    """Where the reasons of some figures may come from: of several sources the first that explains the change.

    Attributes:
        figures: their ids.
        lines: taken together.
    """

    figures: tuple[FigureName, ...]
    lines: tuple[DrivingLines, ...]


@declaration
class Paid(Declared):
    """What is paid for some kinds of people.

    Attributes:
        kinds: what they are called where they are counted.
        lines: the lines of what is paid.
    """

    kinds: tuple[Text, ...]
    lines: DrivingLines


@declaration
class Staff(Declared):
    """How many people came and went, which moves what is paid for them.

    Attributes:
        figures: the figures that it moves.
        paid: the lines that it moves, by kinds of people: those of whom no line moved likewise are no reason.
        table: where it stands; `name` is the column of the kind of people, `more` and `fewer` how many came and went.
        grown, shrunk: how it is told: {名称} is the kind, {数} how many.
    """

    figures: tuple[FigureName, ...]
    paid: tuple[Paid, ...]
    table: TableName
    name: Annotated[str, Inside("column", "table")]
    more: Annotated[str, Inside("column", "table")]
    fewer: Annotated[str, Inside("column", "table")]
    grown: Annotated[str, Words(("名称", "数"))]
    shrunk: Annotated[str, Words(("名称", "数"))]


@declaration
class Drafting(Declared):
    """How reasons are proposed.

    Attributes:
        mark: how a proposal begins until somebody has accepted it.
        share: how much of the movement is to be told, in percent.
        against: a driver that goes the other way is told where it is so much of the movement, in percent.
        separator: between what is told.
        why: what is left to be written where lines that stand in both years moved.
        staff: how many people came and went.
    """

    mark: Text
    share: int
    against: int
    separator: Text
    why: Text
    staff: Staff | None = None
    noun: tuple[Noun, ...] = ()
    source: tuple[ReasonSource, ...] = ()
