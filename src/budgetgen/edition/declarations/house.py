"""House style, and where the facts that every stage asks for stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field, replace
from typing import Annotated

from budgetgen.edition.declarations.base import Declared, declaration, keys_of
from budgetgen.edition.declarations.computed import FALL, RISE
from budgetgen.edition.declarations.names import (
    Expression,
    FactName,
    Formula,
    Inside,
    Named,
    PatternText,
    TableName,
    Text,
    Words,
)

YES, NO = "是", "否"
"""How a fact that is one of two is entered."""
NEVER = "\ufdd3"
"""A sign that no text holds: Unicode promises so."""


@declaration
class Stays(Declared):
    """What of a table usually stays from year to year, and is carried into next year's workbook.

    Attributes:
        name: the table.
        kept: columns carried as they are: names and choices.
        reviewed: columns whose texts are carried with the mark of what is to be reviewed.
        becomes: columns that take what another column said last year, marked likewise: last year's target is
            what was to be reached.
        where: which rows; all by default.
    """

    name: TableName
    kept: tuple[Annotated[str, Inside("column", "name")], ...] = ()
    reviewed: tuple[Annotated[str, Inside("column", "name")], ...] = ()
    becomes: Mapping[Annotated[str, Inside("column", "name")], Annotated[str, Inside("column", "name")]] = (
        field(default_factory=dict)
    )
    where: Annotated[str, Formula("name")] = ""


@declaration
class FactCalled(Declared):
    """A fact of the unit that a sentence tells which calls it something.

    Attributes:
        row: the row of 单位信息; a format that has no such row is told nothing.
        value: what stands there then.
        words: what such a sentence begins with, as a regular expression; the group `who` is whom it speaks of.
    """

    row: Text
    value: Text
    words: re.Pattern[str]


@declaration
class CarriedSheets(Declared):
    """Where a person says that what was carried from last year has been reviewed: one row for each sheet.

    What stands in for last year's results has further rows, one for each item: these were targets.

    Attributes:
        table: the table.
        sheet: its column with the name of the sheet.
        kept: the column that says what was carried.
        left: the column that says what is to be filled in anew.
        done: the column in which a person says that it was reviewed.
        joint: between the name of a sheet and the item whose results last year's targets stand in for.
        real: what a person answers there, where those that are left are the results.
    """

    table: TableName
    sheet: Annotated[str, Inside("column", "table")]
    kept: Annotated[str, Inside("column", "table")]
    left: Annotated[str, Inside("column", "table")]
    done: Annotated[str, Inside("column", "table")]
    joint: Text
    real: Text


@declaration
class House(Declared):
    """House style. The first three name the row of 单位信息 that holds the office's choice.

    Attributes:
        grouped: 是 for thousands separators.
        trimmed: 是 for amounts of the narrative without the zeros at their end.
        zero_base: the growth printed where there was nothing last year.
        numbers: the mark after an Arabic list number.
        money: the row of 单位信息 with the unit of money (万元 or 元).
        kind: the row with 单位 or 部门.
        year: the row with the budget year.
        unit: the row with the full name.
        date: the row with the day of publication.
        secret: how the name of a secret item begins; a format without such items has a sign that no text holds.
        secret_code: what the code of such an item looks like, a regular expression.
        withheld: what stands instead of its texts.
        about: the table that all these rows stand in.
        value: its value column.
        carried: how a text carried from last year begins until somebody has reviewed it.
        stays: the texts that are carried.
        totals: what the row that adds a table up may be called.
        others: what ends an enumeration that need not be complete.
        called: the facts that sentences tell by what they call the unit.
    """

    about: TableName
    value: Annotated[str, Inside("column", "about")]
    unit: FactName
    year: FactName
    kind: FactName
    money: FactName
    date: FactName
    grouped: FactName
    trimmed: FactName
    zero_base: FactName
    numbers: FactName
    secret: Text = NEVER
    secret_code: Expression = NEVER
    withheld: Text = NEVER
    carried: Text
    stays: tuple[Stays, ...] = ()
    totals: tuple[Text, ...]
    others: Text
    called: tuple[FactCalled, ...] = ()


_OF_FIGURE = ("指标", "表", "列")


@declaration
class FigureRule(Declared):
    """What is said of a relation that every figure of a kind has by being declared; its formula is the figure's own.

    Attributes:
        id: of the relation; {指标} stands for the figure, {表} and {列} for where it is written.
        title: likewise, what is compared.
        basis: why it must hold.
        fix: what to do.
        fix_document: likewise in a published document.
    """

    id: Annotated[str, Words(("指标",))]
    title: Annotated[str, Words(_OF_FIGURE)]
    basis: Annotated[str, Words(_OF_FIGURE)]
    fix: Annotated[str, Words(_OF_FIGURE)]
    fix_document: Annotated[str, Words(_OF_FIGURE)]

    def of(self, **words: str) -> FigureRule:
        """The same of one figure."""
        return replace(self, **{name: getattr(self, name).format(**words) for name in keys_of(self)})


@declaration
class Basis(Declared):
    """What figures are compared with: last year's budget, its execution, this year's opening budget.

    Attributes:
        name: by which figures name it.
        amount: the column of the earlier amounts, in the table of these.
        rate: the column for a published rate that was worked from exact amounts.
        trend: the verbs of a rate that rises, and of one that falls.
        carried: last year's own file tells these amounts.
    """

    name: Text
    amount: Annotated[str, Inside("column", "prior")]
    rate: Annotated[str, Inside("column", "prior")] = ""
    trend: tuple[Text, Text] = (RISE[1], FALL[1])
    carried: bool = True


@declaration
class Comparisons(Declared):
    """Where last year's figures and the reasons stand.

    Attributes:
        prior: the table of last year's figures, and `current` its column of this year's.
        basis: what they are compared with; the first is that of figures that name none.
        reasons: the table, and `reason` its column, of the reasons.
        stated: the relation that says what a figure is this year.
        summed: the relation that adds up last year's amounts of a figure that consists of others.
    """

    prior: TableName
    current: Annotated[str, Inside("column", "prior")]
    basis: tuple[Basis, ...]
    reasons: TableName
    reason: Annotated[str, Inside("column", "reasons")]
    stated: FigureRule
    summed: FigureRule


@declaration
class Explanations(Declared):
    """Where the clerk explains what the rules ask about.

    Attributes:
        table: the table.
        rule: its column with the id of the rule.
        place: the column with the place that the rule complains of.
        text: the column with the explanation.
        name: the column with the name of who explains.
    """

    table: TableName
    rule: Annotated[str, Inside("column", "table")]
    place: Annotated[str, Inside("column", "table")]
    text: Annotated[str, Inside("column", "table")]
    name: Annotated[str, Inside("column", "table")]


@declaration
class Verbatim(Declared):
    """Where the paragraphs of a published document are kept that the format has no place for, to be printed as they are.

    Attributes:
        table: the table.
        section: its column with the section, or with the table below which a paragraph stands.
        after: the column with the beginning of the paragraph that it stands after; blank for the first of its section.
        text: the column with its words.
    """

    table: TableName
    section: Annotated[str, Inside("column", "table")]
    after: Annotated[str, Inside("column", "table")]
    text: Annotated[str, Inside("column", "table")]


@declaration
class Settings(Declared):
    """`[edition]` of an edition. It is known by region, kind and year.

    Attributes:
        id: the name of its folder.
        kind: what is disclosed: 预算 or 决算.
        function_codes, economic_codes: names of the lists of codes, its own or the program's.
        function_levels, economic_levels: how long such a code is down to each of its levels: 类, 款, 项.
        published: the years in which it is published, counted from its own.
        opening: the month from which on it is published in a year before its own.
        ahead: the year of the edition that stands in for it, whose own format is not there yet; 0 where it is its own.
    """

    id: Text
    title: Text
    year: int
    region: Text
    kind: Text
    function_codes: Annotated[str, Named("codes")]
    economic_codes: Annotated[str, Named("codes")]
    function_levels: tuple[int, ...] = (3, 5, 7)
    economic_levels: tuple[int, ...] = (3, 5)
    published: tuple[int, ...] = (-1, 0)
    opening: int = 10
    ahead: int = 0


@declaration
class Layout(Declared):
    """The words on the cover and around the tables; styles live in the template.

    Attributes:
        cover: its lines.
        covers: other published covers, each by its lines.
        contents: heading of the table of contents.
        table_entries: the mark before a table in it.
        preparer: above each table, left.
        preparers: other published forms of it.
        remarks: other published forms of the remarks below tables; a slot that names nothing is any text.
        uncounted: stands for a column that is not counted, in the row of column numbers.
        draft: the mark on every page of a draft.
        open: likewise where points are open; {处} is their number.
        signature: the closing lines, before the date; without them none is printed.
        breaks: words behind which a line of the cover or the closing may end that is too long for the page.
        whole: words that are not broken inside, where one of these ends in them.
        file: name of the document.
        subject: what kind of document it is.
    """

    cover: tuple[PatternText, ...]
    covers: tuple[tuple[PatternText, ...], ...] = ()
    contents: Text
    table_entries: PatternText = "一、"
    preparer: PatternText
    preparers: tuple[PatternText, ...] = ()
    remarks: tuple[Text, ...] = ()
    uncounted: Text
    draft: Text
    open: Annotated[str, Words(("处",))]
    signature: tuple[PatternText, ...]
    breaks: tuple[Text, ...] = ()
    whole: tuple[Text, ...] = ()
    file: PatternText
    subject: PatternText
