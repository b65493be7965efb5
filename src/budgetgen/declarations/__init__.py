"""What an edition may declare: the types of everything in `editions/<id>/*.toml`, by subject."""

from budgetgen.declarations.base import Declared
from budgetgen.declarations.computed import (
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
from budgetgen.declarations.consolidation import Consolidated, Consolidation
from budgetgen.declarations.drafting import Drafting, Lines, Noun, Source
from budgetgen.declarations.edition import Edition
from budgetgen.declarations.house import NO, YES, Comparisons, Explanations, House, Layout, Settings, Stays
from budgetgen.declarations.lint import Lint
from budgetgen.declarations.live import LiveChecks
from budgetgen.declarations.performance import PerformanceField, PerformanceTable
from budgetgen.declarations.review import Review
from budgetgen.declarations.rules import FigureDeclaration, Rule
from budgetgen.declarations.sheets import META_EDITION, META_SHEET, OwnSheets
from budgetgen.declarations.tables import Block, Column, ColumnType, FixedRow, Level, TableDeclaration
from budgetgen.declarations.typography import Font, Grid, Margins, Style, Typography
from budgetgen.declarations.wording import (
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
    "TableDeclaration",
    "Term",
    "Typography",
]
