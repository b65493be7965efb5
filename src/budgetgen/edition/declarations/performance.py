"""The performance tables."""

from __future__ import annotations

import re
from typing import Annotated

from budgetgen.edition.declarations.base import Declared, declaration
from budgetgen.edition.declarations.names import Inside, Named, PatternText, TableName, Text
from budgetgen.values.patterns import slots


@declaration
class PerformanceField(Declared):
    """A cell in the head of a performance table.

    Attributes:
        label: what is printed, a wording; or
        says: likewise, of a fact that the unit's own data tell; or
        column: the column of the heads table (or a name of `[names]`) whose value is.
        span: how many grid columns it takes.
        down: how many rows it takes.
        up: it continues the cell above.
        aliases: other published labels that mean the same.
    """

    label: PatternText = ""
    says: PatternText = ""
    column: Annotated[str, Named("performance column")] = ""
    span: int = 1
    down: int = 1
    up: bool = False
    aliases: tuple[Text, ...] = ()

    @property
    def wording(self) -> str:
        """What stands in it as a pattern, where that depends on the unit's own data; else empty."""
        return self.says or (self.label if slots(self.label) else "")

    @property
    def key(self) -> str:
        """What the Word template knows its text by, where that is no fixed label."""
        return re.sub(r"[{}]", "", self.wording) or self.column


@declaration
class PerformanceTable(Declared):
    """A performance table: a head of labelled cells, then indicator rows.

    Attributes:
        id: what a statement's `performance` refers to.
        title: captions above it.
        reads: other published captions.
        heads: the table of heads, one row per performance table.
        indicators: the table of indicator rows.
        by: the column of `indicators` that tells the head's row; empty where there is one head only.
        owner: the column of both tables that tells whose row it is, where a department has several units.
        merging: the row of 单位信息 that tells of how many columns of groups the repeats are one cell: its choices are all
            of them, all but the last one, and so on.
        head: rows of labelled cells.
        columns: the captions and columns of the indicator rows.
        widths: in characters.
    """

    id: Text
    title: tuple[Text, ...]
    reads: tuple[Text, ...] = ()
    heads: TableName
    indicators: TableName
    by: Annotated[str, Inside("column", "indicators")] = ""
    owner: Annotated[str, Inside("column", "heads"), Inside("column", "indicators")] = ""
    merging: Annotated[str, Named("fact")] = ""
    head: tuple[tuple[PerformanceField, ...], ...]
    columns: tuple[PerformanceField, ...]
    widths: tuple[float, ...]
