"""What an edition may declare: the types of everything in `editions/<id>/*.toml`, by subject."""

from budgetgen.edition.declarations.base import Declared
from budgetgen.edition.declarations.brief import Brief, Chart, Saying
from budgetgen.edition.declarations.computed import (
    COMPUTED,
    FALL,
    FIGURE_COLUMNS,
    FIGURE_NAMES,
    FIGURES,
    RISE,
    TERM,
    TERM_COLUMNS,
    TERMS,
    FigureColumn,
)
from budgetgen.edition.declarations.consolidation import Consolidated, Consolidation
from budgetgen.edition.declarations.control import Control, ControlAmount
from budgetgen.edition.declarations.drafting import Drafting, DrivingLines, Noun, ReasonSource
from budgetgen.edition.declarations.edition import Edition
from budgetgen.edition.declarations.forms import TableForms
from budgetgen.edition.declarations.house import (
    NO,
    YES,
    Basis,
    CarriedSheets,
    Comparisons,
    Explanations,
    House,
    Layout,
    Settings,
    Stays,
    Verbatim,
)
from budgetgen.edition.declarations.lint import Lint
from budgetgen.edition.declarations.live import LiveChecks
from budgetgen.edition.declarations.money import Money, Scale
from budgetgen.edition.declarations.performance import PerformanceField, PerformanceTable
from budgetgen.edition.declarations.review import Review
from budgetgen.edition.declarations.rules import FigureDeclaration, Rule
from budgetgen.edition.declarations.settlement import SettledCell, SettledTable, Settlement
from budgetgen.edition.declarations.sheets import META_EDITION, META_SHEET, OwnSheets
from budgetgen.edition.declarations.synonyms import ANY, Synonyms
from budgetgen.edition.declarations.tables import Block, Column, ColumnType, FixedRow, Level, TableDeclaration
from budgetgen.edition.declarations.typography import Density, Typography
from budgetgen.edition.declarations.wording import (
    BODY,
    HEADING,
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
    "HEADING",
    "META_EDITION",
    "META_SHEET",
    "NO",
    "RISE",
    "TERM",
    "TERMS",
    "TERM_COLUMNS",
    "YES",
    "Basis",
    "Block",
    "Brief",
    "CarriedSheets",
    "Case",
    "Chart",
    "Column",
    "ColumnType",
    "Comparisons",
    "Consolidated",
    "Consolidation",
    "Control",
    "ControlAmount",
    "Declared",
    "Density",
    "Drafting",
    "DrivingLines",
    "Edition",
    "Explanations",
    "FigureColumn",
    "FigureDeclaration",
    "FixedRow",
    "House",
    "Layout",
    "Level",
    "Lint",
    "ListDeclaration",
    "LiveChecks",
    "Money",
    "Noun",
    "OwnSheets",
    "Part",
    "PerformanceField",
    "PerformanceTable",
    "Phrase",
    "ReasonSource",
    "Review",
    "Rule",
    "Saying",
    "Scale",
    "Section",
    "Settings",
    "SettledCell",
    "SettledTable",
    "Settlement",
    "StatementDeclaration",
    "Stays",
    "Synonyms",
    "TableDeclaration",
    "TableForms",
    "Term",
    "Typography",
    "Verbatim",
]
