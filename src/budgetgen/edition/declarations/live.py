"""The sheet of the workbook on which the relations are checked while the clerk types."""

from __future__ import annotations

from typing import Annotated

from budgetgen.edition.declarations.base import Declared, declaration
from budgetgen.edition.declarations.names import Text, Words


@declaration
class LiveChecks(Declared):
    """`[live]` of an edition: the words of the sheet. Braces stand for numbers.

    Attributes:
        sheet: its name.
        title: its title.
        guide: what it shows and what it does not.
        summary: how many relations {通过}, differ {差额}, are not filled in {未填}.
        purpose: what it is for, on the first sheet.
        pointer: what is said of it there.
        captions: of its columns: id, what is checked, where, both sides, difference, result.
        differing: above those that differ now.
        every: above all of them.
        rest: above those that only the program checks.
        more: that more differ than the list above holds: {项} of them.
        passed: result where both sides agree.
        tail: result where they differ by rounding, with the {差额}.
        differs: result where they differ, with the {差额}.
        rows: added to it where that is so in several rows: {行} of them.
        breaks: result of a relation without sides that does not hold in {行} rows.
        blank: result where nothing is filled in.
        program: result of what only the program checks.
    """

    sheet: Text
    title: Text
    guide: Text
    summary: Annotated[str, Words(("通过", "差额", "未填"))]
    purpose: Text
    pointer: Text
    captions: tuple[Text, Text, Text, Text, Text, Text, Text]
    differing: Text
    every: Text
    rest: Text
    more: Annotated[str, Words(("项",))]
    passed: Text
    tail: Annotated[str, Words(("差额",))]
    differs: Annotated[str, Words(("差额",))]
    rows: Annotated[str, Words(("行",))]
    breaks: Annotated[str, Words(("行",))]
    blank: Text
    program: Text
