"""How the workbooks of units become that of their department."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from budgetgen.declarations.base import Declared

Consolidated = Literal[
    "sum",  # rows of the same key are one: numbers are added, texts are those of the first unit
    "unit",  # lines stand under their unit, unit after unit
    "append",  # lines follow each other, unit after unit
    "own",  # the first unit's, which is the department's own office where there is one
    "draft",  # rows of the same key are one: texts are gathered as a draft for the department to write
    "none",  # left to the department
]
"""What becomes of a table, a column or a fixed row."""


class Transfers(Declared):
    """The sheet of money that units of one department pay each other, and what it is taken out of.

    Attributes:
        table: the sheet; the next seven are its columns, `state` and `applied` are written by the program.
        yes: the word in `confirmed` and `applied`.
        income: the table whose fixed rows are the kinds of income that may come from within, and its column.
        by_code: the table of income by code, and the column that such income stands in.
        paid: the table of expenditure by code; `paid_column` names its column.
        states: what `state` may say: `both` sides list it, `equal` amounts met, only the `payer` or the
            `receiver` lists it, `several` might have paid it, no payer is `unknown`, and one of the
            earlier workbook is `gone` from the units'.
        most: how many payers are proposed for one income; where more spend that amount, none is.
    """

    table: str
    payer: str
    receiver: str
    kind: str
    received_code: str
    paid_code: str
    paid_column: str
    amount: str
    basis: str
    confirmed: str
    state: str
    applied: str
    yes: str
    income: tuple[str, str]
    by_code: tuple[str, str]
    paid: str
    states: Mapping[Literal["both", "equal", "payer", "receiver", "several", "unknown", "gone"], str]
    most: int


class Institutions(Declared):
    """The list of units among the texts about the department.

    Attributes:
        table: where it stands; `label`, `name` and `nature` are its columns.
        unit: the label of a unit.
        kind: the row of 单位信息 that tells what a unit is.
        natures: what that means here; of other kinds the nature stays open.
    """

    table: str
    label: str
    name: str
    nature: str
    unit: str
    kind: str
    natures: Mapping[str, str]


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

    sources: str
    differences: str
    statuses: str
    table: str
    row: str
    column: str
    unit: str
    file: str
    place: str
    amount: str
    units: str
    eliminated: str
    adjusted: str
    department: str
    remark: str
    state: str
    taken: str
    errors: str
    explains: str
    notes: str
    yes: str
    no: str
    foreign: str
    states: Mapping[Literal["missing", "unfit", "failed", "open", "explained", "passed"], str]


class Consolidation(Declared):
    """How a department's workbook is made.

    Attributes:
        kind: what the result is a document of.
        own: how the department's own office is told from its other units: in brackets after the name.
        authority: the row of 单位信息 with the department that a unit belongs to.
        draft: how a drafted text begins until somebody has reviewed it.
        text: a unit's text in a draft, over {单位}, {内容}.
        reason: a unit's reason in a draft, over {称谓}, {单位}, {原因}, {变动}, {占比}.
        ranks: how a unit is called in a reason: the own office, and the others.
        change: {变动}, over {增减} and {金额} in 万元.
        share: {占比}, over {数}; left out where the changes cancel out.
        separator: between the units.
        doubled: the name of an item that two units have, for the later of them, over {项目}, {单位}.
        incomplete: the mark on every page, over {缺}; `more` closes a list of many, over {数}.
        named: how many missing units the mark names.
        advice: what the department does next, over {标记}.
    """

    kind: str
    own: str
    authority: str
    draft: str
    text: str
    reason: str
    ranks: tuple[str, str]
    change: str
    share: str
    separator: str
    doubled: str
    incomplete: str
    more: str
    named: int
    advice: str
    institutions: Institutions
    transfers: Transfers
    traces: Traces
