"""What must hold between figures, and which figures are compared with last year's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, ClassVar, Literal

from budgetgen.edition.declarations.base import Declared, declaration
from budgetgen.edition.declarations.names import (
    FigureName,
    Formula,
    FormulaText,
    Named,
    PatternText,
    StatementName,
    TableName,
    Text,
)
from budgetgen.values.findings import Severity


@declaration
class FigureDeclaration(Declared):
    """A figure that the narrative compares with last year's.

    Attributes:
        id: its name in 上年数 and 增减原因.
        group: statements speak of groups.
        name: as spoken of in sentences.
        listed: as spoken of in enumerations; the name by default.
        each: a table: one figure per line of it, known by its code; `value` is then read in that row.
        value: formula of this year's amount.
        whole: formula of the amount that it is a share of.
        always: it is spoken of (未安排) even where there is no money this year or last.
        prior: formula for last year's amount where that is a sum of others.
        same_as: the id of a figure whose reason also serves where both years' amounts are equal.
        reasoned: a change of it wants a reason.
        basis: what it is compared with; the first of the edition by default.
        compared: it has an earlier amount; without, the narrative speaks of it alone.
    """

    id: Text
    group: Text
    name: Text
    listed: Text = ""
    each: TableName = ""
    value: Annotated[str, Formula("each")]
    whole: Annotated[str, Formula("each")] = ""
    always: bool = False
    prior: Annotated[str, Formula("each")] = ""
    same_as: FigureName = ""
    reasoned: bool = True
    basis: Annotated[str, Named("basis")] = ""
    compared: bool = True


@declaration
class Rule(Declared):
    """A relation, or a rule of code under the same kind of id.

    Attributes:
        id: stable, readable, never reused.
        title: what it is about, one line.
        each: the tables whose rows it holds for; empty for a single relation.
        rows: which of these rows: its lines, the rows that add others up, or all.
        where: a precondition on the row.
        holds: the formula; empty for a rule of code.
        derives: the left side is filled from the right where it is blank.
        message: instead of both sides, for relations that are no equations; a wording over the row.
        says: of a rule of code: how it is put what it finds, each saying by name over the slots that the code gives.
        fix_document: what to do instead where the file is a published document, which has no sheets; what
            several places break is then told as one.
        follows: the rules that its findings may follow from: they are told below a finding of these on the same line.
        passes: the smallest grid that satisfies it.
        fails: the smallest grid that breaks it.
    """

    ABOUT: ClassVar[frozenset[str]] = frozenset({"says"})
    id: Text
    title: Text = ""
    each: tuple[TableName, ...] = ()
    rows: Literal["all", "lines", "sums"] = "all"
    where: FormulaText = ""
    holds: FormulaText = ""
    derives: bool = True
    severity: Severity = Severity.ERROR
    message: PatternText = ""
    says: Mapping[Text, Text] = field(default_factory=dict)
    basis: Text = ""
    fix: Text = ""
    fix_document: Text = ""
    follows: tuple[Annotated[str, Named("rule")], ...] = ()
    passes: Text = ""
    fails: Text = ""


@declaration
class Requirement(Declared):
    """Something that the rules of disclosure want published; met where one of its tables or statements stands.

    Attributes:
        id: stable.
        title: what it is.
        basis: which rule wants it.
        tables: printed tables that hold it.
        statements: statements that say it.
    """

    id: Text
    title: Text
    basis: Text
    tables: tuple[TableName, ...] = ()
    statements: tuple[StatementName, ...] = ()
