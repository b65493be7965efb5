"""What an edition may declare: the types of everything in `editions/<id>/*.toml`, by subject."""

from budgetgen.edition.declarations.base import Declared
from budgetgen.edition.declarations.computed import (
    COMPUTED,
    FALL,
    FIGURE_COLUMNS,
    FIGURE_NAMES,
    FIGURE_WORDS,
    FIGURES,
    RISE,
    TERM_COLUMNS,
    TERMS,
    FigureColumn,
)
from budgetgen.edition.declarations.consolidation import Consolidated, Consolidation
from budgetgen.edition.declarations.drafting import Drafting, Lines, Noun, Source
from budgetgen.edition.declarations.edition import Edition
from budgetgen.edition.declarations.house import (
    NO,
    YES,
    Comparisons,
    Explanations,
    House,
    Layout,
    Settings,
    Stays,
)
from budgetgen.edition.declarations.lint import Lint
from budgetgen.edition.declarations.live import LiveChecks
from budgetgen.edition.declarations.performance import PerformanceField, PerformanceTable
from budgetgen.edition.declarations.review import Review
from budgetgen.edition.declarations.rules import FigureDeclaration, Rule
from budgetgen.edition.declarations.sheets import META_EDITION, META_SHEET, OwnSheets
from budgetgen.edition.declarations.synonyms import ANY, Synonyms
from budgetgen.edition.declarations.tables import Block, Column, ColumnType, FixedRow, Level, TableDeclaration
from budgetgen.edition.declarations.typography import Font, Grid, Margins, Style, Typography
from budgetgen.edition.declarations.wording import (
    BODY,
    Case,
    ListDeclaration,
    Part,
    Phrase,
    Section,
    StatementDeclaration,
    Term,
)

__all__ = [
    "ANY",
    "BODY",
    "COMPUTED",
    "FALL",
    "FIGURES",
    "FIGURE_COLUMNS",
    "FIGURE_NAMES",
    "FIGURE_WORDS",
    "META_EDITION",
    "META_SHEET",
    "NO",
    "RISE",
    "TERMS",
    "TERM_COLUMNS",
    "YES",
    "Block",
    "Case",
    "Column",
    "ColumnType",
    "Comparisons",
    "Consolidated",
    "Consolidation",
    "Declared",
    "Drafting",
    "Edition",
    "Explanations",
    "FigureColumn",
    "FigureDeclaration",
    "FixedRow",
    "Font",
    "Grid",
    "House",
    "Layout",
    "Level",
    "Lines",
    "Lint",
    "ListDeclaration",
    "LiveChecks",
    "Margins",
    "Noun",
    "OwnSheets",
    "Part",
    "PerformanceField",
    "PerformanceTable",
    "Phrase",
    "Review",
    "Rule",
    "Section",
    "Settings",
    "Source",
    "StatementDeclaration",
    "Stays",
    "Style",
    "Synonyms",
    "TableDeclaration",
    "Term",
    "Typography",
]
