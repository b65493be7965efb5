"""The finance bureau's sheet of approved figures: how its columns are called, and which figures they are."""

from __future__ import annotations

from budgetgen.edition.declarations.base import Declared, declaration
from budgetgen.edition.declarations.names import TableColumn, Text


@declaration
class ControlAmount(Declared):
    """A column of approved amounts.

    Attributes:
        captions: how it may be called, the whole caption or what stands before or after an upper one.
        figure: the table, whose rows go by the code, and its column.
    """

    captions: tuple[Text, ...]
    figure: TableColumn


@declaration
class Control(Declared):
    """The sheet of approved figures (控制数, 批复): any layout, columns known by their captions.

    Attributes:
        kind: of what it approves figures (预算): other formats have none.
        unit: captions of the column with the name of the unit, and of the line above the header that names it.
        unit_code: of that with its code.
        code: of that with the code of the line.
        amount: the columns of amounts; where a caption fits several, the first.
        total: what the name of a row that adds up is.
        whole: how such a row of all units is called.
    """

    kind: Text
    unit: tuple[Text, ...]
    unit_code: tuple[Text, ...]
    code: tuple[Text, ...]
    amount: tuple[ControlAmount, ...]
    total: tuple[Text, ...]
    whole: tuple[Text, ...]
