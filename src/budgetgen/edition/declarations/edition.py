"""A disclosure format, complete."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from budgetgen.edition import codes
from budgetgen.edition.declarations.base import Declared, declaration, texts_of
from budgetgen.edition.declarations.brief import Brief
from budgetgen.edition.declarations.computed import (
    COMPUTED,
    FALL,
    FIGURE_COLUMNS,
    FIGURES,
    RISE,
    FigureColumn,
)
from budgetgen.edition.declarations.consolidation import Consolidation
from budgetgen.edition.declarations.control import Control
from budgetgen.edition.declarations.drafting import Drafting
from budgetgen.edition.declarations.forms import TableForms
from budgetgen.edition.declarations.house import (
    Basis,
    CarriedSheets,
    Comparisons,
    Explanations,
    FigureRule,
    House,
    Layout,
    Settings,
    Verbatim,
)
from budgetgen.edition.declarations.lint import Lint
from budgetgen.edition.declarations.live import LiveChecks
from budgetgen.edition.declarations.money import Money, Scale
from budgetgen.edition.declarations.names import FormulaText, Text
from budgetgen.edition.declarations.performance import PerformanceTable
from budgetgen.edition.declarations.review import Review
from budgetgen.edition.declarations.rules import FigureDeclaration, Requirement, Rule
from budgetgen.edition.declarations.settlement import Settlement
from budgetgen.edition.declarations.sheets import OwnSheets
from budgetgen.edition.declarations.synonyms import Synonyms
from budgetgen.edition.declarations.tables import Level, TableDeclaration
from budgetgen.edition.declarations.typography import Typography
from budgetgen.edition.declarations.wording import Part, Phrase, Section, StatementDeclaration, Term
from budgetgen.edition.errors import EditionError
from budgetgen.formula.evaluation import KEY_JOINT
from budgetgen.formula.reader import EACH_COLUMN, OUTER, Reader
from budgetgen.values.amounts import PER_WAN
from budgetgen.values.model import TOTAL
from budgetgen.values.text import words

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from budgetgen.formula.nodes import Node

T = TypeVar("T")


@declaration
class Edition(Declared):
    """A disclosure format, complete. It is the schema that formulas are read against.

    An edition is itself and no other: what was made of it is kept with it, and never taken for that of another.
    """

    ABOUT: ClassVar[frozenset[str]] = frozenset({"stating"})
    edition: Settings
    house: House
    carried: CarriedSheets
    comparisons: Comparisons
    drafting: Drafting
    explanations: Explanations
    verbatim: Verbatim
    layout: Layout
    money: Money
    forms: TableForms
    consolidation: Consolidation | None = None
    names: Mapping[Text, FormulaText]
    part: tuple[Part, ...]
    section: tuple[Section, ...]
    table: tuple[TableDeclaration, ...]
    figure: tuple[FigureDeclaration, ...] = ()
    rule: tuple[Rule, ...] = ()
    advice: tuple[Rule, ...] = ()
    stating: Mapping[Text, Text] = field(default_factory=dict)
    requirement: tuple[Requirement, ...] = ()
    phrase: Mapping[Text, Phrase] = field(default_factory=dict)
    statement: tuple[StatementDeclaration, ...] = ()
    term: tuple[Term, ...] = ()
    performance: tuple[PerformanceTable, ...] = ()
    typography: Typography
    review: Review
    live: LiveChecks
    sheets: OwnSheets
    lint: Lint
    synonyms: Synonyms = field(default_factory=Synonyms)
    control: Control | None = None
    brief: Brief
    settlement: Settlement | None = None

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __getstate__(self) -> dict[str, Any]:
        """What it declares, where it is, and its words: they take longer to gather than all else to take back."""
        return {**Declared.__getstate__(self), "homes": self.homes, "said": self.said}

    def once(self, make: Callable[[Edition], T]) -> T:
        """What a stage makes of this edition, made once and kept with it."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made

    @cached_property
    def _made(self) -> dict[Callable[[Edition], Any], Any]:
        return {}

    def settle(self, homes: tuple[Traversable, ...]) -> None:
        """Say where its own lists of codes and templates are; once, when it has been loaded."""
        self.__dict__["homes"] = homes

    @cached_property
    def tables_part(self) -> int:
        """The number of the part that holds the tables: the one without sections."""
        told = {section.part for section in self.section}
        return next(part.number for part in self.part if part.number not in told)

    @cached_property
    def homes(self) -> tuple[Traversable, ...]:
        """Its folder, and those of the editions that it extends; none until that is said."""
        return ()

    @property
    def id(self) -> str:
        """The edition's id, the name of its folder."""
        return self.edition.id

    @cached_property
    def tables(self) -> Mapping[str, TableDeclaration]:
        """All tables and input sheets by stable name."""
        return {table.name: table for table in self.table}

    @cached_property
    def printed(self) -> tuple[TableDeclaration, ...]:
        """The numbered tables in order."""
        return tuple(sorted((t for t in self.table if t.printed), key=lambda table: table.number))

    @cached_property
    def unread_sheets(self) -> tuple[str, ...]:
        """The sheets that are no part of the Book: the program's own, and the parts of consolidated figures."""
        parts = (self.consolidation.traces.sources,) if self.consolidation else ()
        return (*self.sheets.names(), self.live.sheet, *parts)

    @property
    def wordy_sheets(self) -> tuple[str, ...]:
        """Those of them on which no number stands but what formulas give."""
        return (self.sheets.guide, *self.sheets.codes.values(), self.sheets.lists, self.live.sheet)

    def choices(self, fact: str) -> tuple[str, ...]:
        """What may be entered in a row of the table about the unit."""
        return self.tables[self.house.about].fixed[fact][1].choices

    @cached_property
    def unrated(self) -> tuple[str, ...]:
        """What may stand instead of a rate where there was nothing last year."""
        return tuple(text for text in self.choices(self.house.zero_base) if not text[0].isdigit())

    @cached_property
    def figures(self) -> Mapping[str, FigureDeclaration]:
        """All figures of the narrative by id."""
        return {figure.id: figure for figure in self.figure}

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """All that a finding may be of, by id: the declared rules, those of the figures, and the advice."""
        return {rule.id: rule for rule in (*self.rule, *self.of_figures, *self.advice)}

    @cached_property
    def of_figures(self) -> tuple[Rule, ...]:
        """The relations that the figures of the narrative have by being declared."""
        stored = self.comparisons
        stated = (
            self._of_figure(stored.stated, figure.id, stored.current, figure.value)
            for figure in self.figure
            if figure.compared and not figure.each
        )
        summed = (
            self._of_figure(stored.summed, figure.id, self.basis(figure.id).amount, figure.prior)
            for figure in self.figure
            if figure.prior
        )
        return (*stated, *summed)

    def _of_figure(self, said: FigureRule, figure: str, column: str, formula: str) -> Rule:
        table = self.comparisons.prior
        holds = f'{table}["{figure}"].{column} == {formula}'
        own = said.of(指标=figure, 表=table, 列=column)
        return Rule(
            id=own.id,
            title=own.title,
            holds=holds,
            basis=own.basis,
            fix=own.fix,
            fix_document=own.fix_document,
        )

    def basis(self, key: str) -> Basis:
        """What a figure is compared with; by its id, or the key of its row."""
        named = self.figures[key.split(KEY_JOINT, maxsplit=1)[0]].basis
        known = self.comparisons.basis
        return next((basis for basis in known if basis.name == named), known[0])

    def verbs(self, column: str) -> tuple[tuple[str, str], ...]:
        """The words for more and less that a column of the computed figures may hold."""
        trends = tuple(dict.fromkeys(basis.trend for basis in self.comparisons.basis))
        known: Mapping[str, tuple[tuple[str, str], ...]] = {
            FigureColumn.DIRECTION: ((RISE[0], FALL[0]),),
            FigureColumn.TREND: trends,
        }
        return known.get(column, ())

    @cached_property
    def relations(self) -> tuple[Rule, ...]:
        """The rules that are formulas; first those that say what a figure of the narrative is."""
        return (*self.of_figures, *(rule for rule in self.rule if rule.holds))

    @cached_property
    def said(self) -> frozenset[str]:
        """All words of the format and of its classifications, in the form of `words`."""
        kinds = (self.codes(kind) for kind in ("function", "economic"))
        listed = (name for known in kinds for name in known.values())
        return frozenset(words(re.sub(r"\{[^{}]*\}", "", text)) for text in (*texts_of(self), *listed))

    def scale(self, table: str) -> Scale:
        """How the amounts of a table are printed."""
        return self.tables[table].money or self.money.tables

    @cached_property
    def scales(self) -> tuple[Scale, ...]:
        """All scales of its tables."""
        own = (table.money for table in self.table)
        return tuple(dict.fromkeys((self.money.tables, *filter(None, own))))

    def unit_of(self, table: str, chosen: object) -> str:
        """The unit of money in which a table stands in a workbook: its own, or the one that the workbook names."""
        own = self.tables[table].money
        named = chosen if isinstance(chosen, str) and chosen in PER_WAN else self.money.tables.unit
        return own.unit if own else named

    @property
    def several(self) -> str | None:
        """What a document of several units is of (部门), where the format consolidates."""
        return self.consolidation.kind if self.consolidation else None

    @property
    def consolidating(self) -> Consolidation:
        """How units are consolidated.

        Raises:
            EditionError: the format does not say.
        """
        if self.consolidation is None:
            raise EditionError(f"版式“{self.id}”没有声明部门汇总（[consolidation]）")
        return self.consolidation

    @property
    def kind_by_default(self) -> str:
        """What a document is of (单位 or 部门) where it does not say."""
        return self.tables[self.house.about].fixed[self.house.kind][1].default

    def codes(self, kind: str) -> Mapping[str, str]:
        """The function or economic classification in force."""
        return codes.load(getattr(self.edition, f"{kind}_codes"), self.homes)

    def code_lengths(self, kind: str) -> tuple[int, ...]:
        """How long a code of a classification is down to each of its levels."""
        lengths: tuple[int, ...] = getattr(self.edition, f"{kind}_levels")
        return lengths

    def columns_of(self, rule: Rule, each: str) -> tuple[str, ...]:
        """What 各列 of a rule stands for in turn; one empty name where it is not used."""
        return self.tables[each].measures() if each and EACH_COLUMN in rule.holds else ("",)

    def kind(self, table: str, column: str, key: str | None = None) -> str | None:
        """The type of a column (of one fixed row); None where there is none."""
        if table in COMPUTED:
            return COMPUTED[table].get(column)
        declared = self.tables[table]
        if key is not None and key in declared.fixed:
            block, row = declared.fixed[key]
            return next((own.type for own in block.of_row(row) if own.name == column), None)
        found = declared.columns.get(column)
        return found.type if found else None

    def has_table(self, table: str) -> bool:
        """Whether a table of that name is declared."""
        return table in COMPUTED or table in self.tables

    def fixed_keys(self, table: str) -> Collection[str]:
        """The keys of a table's fixed rows."""
        if table in COMPUTED:
            return tuple(figure.id for figure in self.figure) if table == FIGURES else ()
        return self.tables[table].fixed.keys()

    def levels(self, table: str) -> Collection[str]:
        """The names of a table's levels."""
        if table in COMPUTED:
            return {figure.group for figure in self.figure} if table == FIGURES else ()
        declared = self.tables[table]
        return [level.name for level in declared.main.levels] + ([TOTAL] if declared.total != "none" else [])

    def vocabulary(self) -> Collection[str]:
        """All names that formulas may use."""
        columns = {name for table in self.table for name in (*table.columns, *table.fixed)}
        return {*self.tables, *columns, *self.names, *FIGURE_COLUMNS}

    @cached_property
    def _formulas(self) -> dict[tuple[str, tuple[tuple[str, str], ...], str], Node]:
        return {}

    def formula(self, text: str, each: str = "", outer: str = "", column: str = "") -> Node:
        """A formula, read once.

        Args:
            text: the formula.
            each: the table of the row at hand.
            outer: the table of the enclosing statement's row.
            column: what 各列 stands for.

        Raises:
            FormulaError: it cannot be read, or names something undeclared.
        """
        variables = tuple((name, table) for name, table in (("", each), (OUTER, outer)) if table)
        known = (text, variables, column)
        if known not in self._formulas:
            self._formulas[known] = Reader(self, dict(variables), column).read(text)
        return self._formulas[known]

    def printed_in(self, level: Level, kind: str) -> bool:
        """Whether documents of that kind (单位 or 部门) have a level."""
        return level.only in {"", kind}
