"""What a text of a declaration is: the name of something declared, a formula, a pattern, or free words.

Every text field of a declaration says so by its type, and is resolved by it when the edition loads
(`budgetgen.edition.resolution`): a field that says nothing about its text cannot be declared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias


@dataclass(frozen=True, slots=True)
class TextKind:
    """Base of what a text may be."""


@dataclass(frozen=True, slots=True)
class Free(TextKind):
    """Words that people read, or a name that is made here."""


@dataclass(frozen=True, slots=True)
class Named(TextKind):
    """The name of something declared elsewhere.

    Attributes:
        what: table, figure, statement, section, part, phrase, style, font, style id, noun, performance, set (a table or a
            performance table), codes; what the resolution knows by that word.
    """

    what: str


@dataclass(frozen=True, slots=True)
class Inside(TextKind):
    """The name of a column or of a row of a table.

    Attributes:
        what: column, row or level; or choice, a word that may be chosen in a column.
        table: the field of the same declaration that names the table.
        column: for a choice: the field that names the column.
    """

    what: str
    table: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Words(TextKind):
    """A text with numbers or names in braces that the program puts in.

    Attributes:
        slots: what may stand in braces.
    """

    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Formula(TextKind):
    """A formula of the edition's language.

    Attributes:
        each: the field of the same declaration that names the table of the row at hand; empty where there is none, or
            where the declaration around it says which.
    """

    each: str = ""


@dataclass(frozen=True, slots=True)
class Pattern(TextKind):
    """A wording: its slots are formulas, phrases, or what its declaration declares beside it."""


@dataclass(frozen=True, slots=True)
class Regular(TextKind):
    """A regular expression."""


Text: TypeAlias = Annotated[str, Free()]
"""Words that people read, or a name that is made here."""
FormulaText: TypeAlias = Annotated[str, Formula()]
PatternText: TypeAlias = Annotated[str, Pattern()]
Expression: TypeAlias = Annotated[str, Regular()]
TableName: TypeAlias = Annotated[str, Named("table")]
FigureName: TypeAlias = Annotated[str, Named("figure")]
StatementName: TypeAlias = Annotated[str, Named("statement")]
FactName: TypeAlias = Annotated[str, Named("fact")]
"""A row of the table about the unit."""
TableColumn: TypeAlias = tuple[Annotated[str, Named("table")], Annotated[str, Inside("column", "0")]]
"""A table, and one of its columns."""
