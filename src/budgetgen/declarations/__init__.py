"""What an edition may declare: the types of everything in `editions/<id>/*.toml`, by subject."""

from budgetgen.declarations.base import Declared
from budgetgen.declarations.computed import (
    COMPUTED,
    FALL,
    FIGURE_COLUMNS,
    FIGURE_WORDS,
    FIGURES,
    RISE,
    TERM_COLUMNS,
    TERMS,
)
from budgetgen.declarations.edition import Edition
from budgetgen.declarations.house import Comparisons, House, Layout, Settings, Stays
from budgetgen.declarations.performance import PerformanceField, PerformanceTable
from budgetgen.declarations.rules import FigureDeclaration, Rule
from budgetgen.declarations.tables import Block, Column, ColumnType, FixedRow, Level, TableDeclaration
from budgetgen.declarations.typography import Font, Grid, Margins, Style, Typography
from budgetgen.declarations.wording import (
    Case,
    ListDeclaration,
    Part,
    Phrase,
    Section,
    StatementDeclaration,
    Term,
)

__all__ = [
    "COMPUTED",
    "FALL",
    "FIGURES",
    "FIGURE_COLUMNS",
    "FIGURE_WORDS",
    "RISE",
    "TERMS",
    "TERM_COLUMNS",
    "Block",
    "Case",
    "Column",
    "ColumnType",
    "Comparisons",
    "Declared",
    "Edition",
    "FigureDeclaration",
    "FixedRow",
    "Font",
    "Grid",
    "House",
    "Layout",
    "Level",
    "ListDeclaration",
    "Margins",
    "Part",
    "PerformanceField",
    "PerformanceTable",
    "Phrase",
    "Rule",
    "Section",
    "Settings",
    "StatementDeclaration",
    "Stays",
    "Style",
    "TableDeclaration",
    "Term",
    "Typography",
]
