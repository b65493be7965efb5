"""How the workbooks of units become that of their department."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from budgetgen.edition.declarations.base import Declared, declaration
from budgetgen.edition.declarations.names import FactName, Inside, Named, TableColumn, TableName, Text, Words

Consolidated = Literal[
    "sum",  # rows of the same key are one: numbers are added, texts are those of the first unit
    "unit",  # lines stand under their unit, unit after unit
    "append",  # lines follow each other, unit after unit
    "own",  # the first unit's, which is the department's own office where there is one
    "draft",  # rows of the same key are one: texts are gathered as a draft for the department to write
    "none",  # left to the department
]
"""What becomes of a table, a column or a fixed row."""


@declaration
class TransferSheet(Declared):
    """The sheet of money that units of one department pay each other, and what it is taken out of.

    Attributes:
        table: the sheet; the next seven are its columns, `state` and `applied` are written by the program.
        yes: the word in `confirmed` and `applied`.
        income: the table whose fixed rows are the kinds of income that may come from within, and its column.
        by_code: the table of income by code, and the column of such income that has none of its own name; none where
            income is listed by no code.
        paid: the table of expenditure by code; `paid_column` names its column.
        appropriated: the tables of expenditure out of appropriation, by the same codes and columns as `paid`.
        states: what `state` may say: `both` sides list it, `equal` amounts met, only the `payer` or the
            `receiver` lists it, `several` might have paid it, no payer is `unknown`, one of the
            earlier workbook is `gone` from the units', and a department within this one has taken out an
            `inner` one.
        most: how many payers are proposed for one income; where more spend that amount, none is.
    """

    table: TableName
    payer: Annotated[str, Inside("column", "table")]
    receiver: Annotated[str, Inside("column", "table")]
    kind: Annotated[str, Inside("column", "table")]
    received_code: Annotated[str, Inside("column", "table")]
    paid_code: Annotated[str, Inside("column", "table")]
    paid_column: Annotated[str, Inside("column", "table")]
    amount: Annotated[str, Inside("column", "table")]
    basis: Annotated[str, Inside("column", "table")]
    confirmed: Annotated[str, Inside("column", "table")]
    state: Annotated[str, Inside("column", "table")]
    applied: Annotated[str, Inside("column", "table")]
    yes: Annotated[str, Inside("choice", "table", "confirmed")]
    income: TableColumn
    by_code: TableColumn | None = None
    paid: TableName
    appropriated: tuple[TableName, ...] = ()
    states: Mapping[
        Literal["both", "equal", "payer", "receiver", "several", "unknown", "gone", "inner"], Text
    ]
    most: int


@declaration
class Institutions(Declared):
    """The list of units among the texts about the department.

    Attributes:
        table: where it stands; `label`, `name` and `nature` are its columns.
        unit: the label of a unit.
        kind: the row of 单位信息 that tells what a unit is.
        natures: what that means here; of other kinds the nature stays open.
    """

    table: TableName
    label: Annotated[str, Inside("column", "table")]
    name: Annotated[str, Inside("column", "table")]
    nature: Annotated[str, Inside("column", "table")]
    unit: Annotated[str, Inside("choice", "table", "label")]
    kind: FactName
    natures: Mapping[
        Annotated[str, Named("fact choice")], Annotated[str, Inside("choice", "table", "nature")]
    ]


@declaration
class Traces(Declared):
    """The sheets that tell where a consolidated figure comes from.

    Attributes:
        sources: the sheet of parts, with `table`, `row`, `column`, `unit`, `file`, `place` and `amount`.
        differences: the sheet of totals, with the first three of these and `units` (their sum), `eliminated`,
            `adjusted`, `department` and `remark`.
        statuses: the sheet of units, with `unit`, `file`, `state`, `taken`, `errors`, `explains`, `notes`,
            `remark`.
        yes, no, foreign: the words in `taken`; the last for what is no unit of the department.
        states: what `state` may say.
    """

    sources: TableName
    differences: TableName
    statuses: TableName
    table: Annotated[str, Inside("column", "sources"), Inside("column", "differences")]
    row: Annotated[str, Inside("column", "sources"), Inside("column", "differences")]
    column: Annotated[str, Inside("column", "sources"), Inside("column", "differences")]
    unit: Annotated[str, Inside("column", "sources"), Inside("column", "statuses")]
    file: Annotated[str, Inside("column", "sources"), Inside("column", "statuses")]
    place: Annotated[str, Inside("column", "sources")]
    amount: Annotated[str, Inside("column", "sources")]
    units: Annotated[str, Inside("column", "differences")]
    eliminated: Annotated[str, Inside("column", "differences")]
    adjusted: Annotated[str, Inside("column", "differences")]
    department: Annotated[str, Inside("column", "differences")]
    remark: Annotated[str, Inside("column", "differences"), Inside("column", "statuses")]
    state: Annotated[str, Inside("column", "statuses")]
    taken: Annotated[str, Inside("column", "statuses")]
    errors: Annotated[str, Inside("column", "statuses")]
    explains: Annotated[str, Inside("column", "statuses")]
    notes: Annotated[str, Inside("column", "statuses")]
    yes: Annotated[str, Inside("choice", "statuses", "taken")]
    no: Annotated[str, Inside("choice", "statuses", "taken")]
    foreign: Annotated[str, Inside("choice", "statuses", "taken")]
    states: Mapping[Literal["missing", "unfit", "failed", "open", "explained", "passed"], Text]


@declaration
class Consolidation(Declared):
    """How a department's workbook is made. A format that names no department has none.

    Attributes:
        kind: what the result is a document of.
        own: how the department's own office is told from its other units: in brackets after the name.
        authority: the row of 单位信息 with the department that a unit belongs to.
        code: the row of 单位信息 with its code; that of a unit begins with that of its department.
        step: how many signs longer the code of a unit is.
        draft: how a drafted text begins until somebody has reviewed it.
        text: a unit's text in a draft, over {单位}, {内容}.
        reason: a unit's reason in a draft, over {称谓}, {单位}, {原因}, {变动}, {占比}.
        ranks: how a unit is called in a reason: the own office, and the others.
        change: {变动}, over {增减} and {金额} in 万元.
        share: {占比}, over {数}; left out where the changes cancel out.
        separator: between the units.
        incomplete: the mark on every page, over {缺}; `more` closes a list of many, over {数}.
        named: how many missing units the mark names.
        advice: what the department does next, over {标记}.
    """

    kind: Annotated[str, Named("kind")]
    own: Text
    authority: FactName
    code: FactName
    step: int
    draft: Text
    text: Annotated[str, Words(("单位", "内容"))]
    reason: Annotated[str, Words(("称谓", "单位", "原因", "变动", "占比"))]
    ranks: tuple[Text, Text]
    change: Annotated[str, Words(("增减", "金额"))]
    share: Annotated[str, Words(("数",))]
    separator: Text
    incomplete: Annotated[str, Words(("缺",))]
    more: Annotated[str, Words(("数",))]
    named: int
    advice: Annotated[str, Words(("标记",))]
    institutions: Institutions
    transfers: TransferSheet
    traces: Traces
