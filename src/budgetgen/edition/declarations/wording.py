"""What is said: parts, sections, statements with their cases, phrases, terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated

from budgetgen.edition.declarations.base import Declared, declaration
from budgetgen.edition.declarations.names import FormulaText, Inside, Named, PatternText, TableName, Text

BODY = "正文"
"""The style of text that is no heading."""
HEADING = "一级标题"
"""The style of headings that the contents list."""


@declaration
class Case(Declared):
    """One way to say a thing: the first whose `when` is true is said.

    Attributes:
        says: the pattern.
        when: the condition.
        reads: other published forms that mean the same.
    """

    says: PatternText
    when: FormulaText = ""
    reads: tuple[PatternText, ...] = ()


@declaration
class ListDeclaration(Declared):
    """A slot that is filled by a smaller pattern, once for each row or figure.

    Attributes:
        each: the table whose rows fill it.
        level: the level of these rows; its lines by default.
        where: a condition on the row.
        cases: the smaller pattern.
        separator: between them.
        numbered: the mark before each: （1）, 1. …
        counted: the slot beside it that tells how many there are.
    """

    each: TableName = ""
    level: Annotated[str, Inside("level", "each")] = ""
    where: FormulaText = ""
    cases: tuple[Case, ...]
    let: Mapping[Text, FormulaText] = field(default_factory=dict)
    list: Mapping[Text, ListDeclaration] = field(default_factory=dict)
    separator: Text = "、"
    numbered: PatternText = ""
    counted: Text = ""


@declaration
class StatementDeclaration(Declared):
    """A sentence, or one for each row or figure.

    Attributes:
        id: stable name.
        section: the section that it is said in.
        style: 正文, 一级标题 …: which style of the template carries it.
        each, level, where: as in a list.
        numbered: the mark before each; a phrase in braces where the house decides.
        run: statements of one run are numbered through; by default each statement is a run of its own.
        let: slots that are formulas.
        list: slots that are lists.
        cases: what is said; nothing where no case holds.
        lines: further paragraphs after it, each with its own cases.
        performance: the performance tables that follow it, by id.
        read: whether published sentences are matched with it; those that cannot be turned round are kept as texts.
    """

    id: Text
    section: Annotated[str, Named("section")]
    style: Annotated[str, Named("paragraph")] = BODY
    each: TableName = ""
    level: Annotated[str, Inside("level", "each")] = ""
    where: FormulaText = ""
    numbered: PatternText = ""
    run: Text = ""
    let: Mapping[Text, FormulaText] = field(default_factory=dict)
    list: Mapping[Text, ListDeclaration] = field(default_factory=dict)
    cases: tuple[Case, ...]
    lines: tuple[tuple[Case, ...], ...] = ()
    performance: Annotated[str, Named("performance")] = ""
    read: bool = True


@declaration
class Section(Declared):
    """One section of a part of text; without a heading it is all of its part.

    Attributes:
        reads: other published headings that mean the same.
        numbered: the mark before its heading.
        style: of its heading; the contents list those of the first rank.
        optional: whether it is left out, heading and all, where nothing is said in it.
    """

    id: Text
    part: int
    heading: PatternText
    numbered: PatternText = "一、"
    style: Annotated[str, Named("paragraph")] = HEADING
    reads: tuple[Text, ...] = ()
    optional: bool = False


@declaration
class Part(Declared):
    """A part of the document, in printed order; the one without sections holds the tables.

    Attributes:
        number: by which sections and the Word template know it.
        mark: how its heading begins in every document; where it has none, its heading as a whole tells it.
        heading: what stands above it; empty where the tables follow without.
        entry: how the contents list it; the heading by default.
        reads: other published headings that mean the same.
        optional: whether it is left out, heading and entry too, where nothing is said in it.
    """

    number: int
    mark: Text = ""
    heading: PatternText
    entry: PatternText = ""
    reads: tuple[PatternText, ...] = ()
    optional: bool = False


@declaration
class Phrase(Declared):
    """A piece of wording that several statements use as a slot."""

    cases: tuple[Case, ...]


@declaration
class Term(Declared):
    """An entry of 名词解释."""

    name: Text
    text: PatternText
