"""Whether the sentences of a published document say what its tables hold: amounts, shares, names, none left out.

Every slot of a sentence that is a figure of the numbered tables is worked out from them and compared. What a
sentence alone tells (last year's amounts, people, assets, uses) is read, and checked as in a workbook.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from budgetgen.book.facts import fact
from budgetgen.edition.declarations import FALL, FIGURES, RISE, FigureColumn
from budgetgen.formula.evaluation import Scope, evaluate, holds, kind_of
from budgetgen.formula.nodes import Aggregate, Call, CellOf, ColumnOf, Constant, Node, walk
from budgetgen.formula.reader import OUTER
from budgetgen.reading.document.narrative.candidates import entry_of, parts_of
from budgetgen.reading.document.narrative.enumerations import Enumeration
from budgetgen.reading.document.narrative.knowledge import FROM_TABLES, NUMBERS, Knowledge, tables_of
from budgetgen.reading.document.narrative.naming import Naming, is_own, said
from budgetgen.reading.document.narrative.patterns import (
    ENDS,
    Turner,
    number,
    places_left_out,
    printed_percentage,
)
from budgetgen.values import amounts
from budgetgen.values.findings import NARRATIVE, Finding, Spot
from budgetgen.values.model import Cell, Row
from budgetgen.values.patterns import slots
from budgetgen.values.sayings import Stated, listed, saying
from budgetgen.values.sides import WrittenSide
from budgetgen.values.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Case, Edition, ListDeclaration, StatementDeclaration
    from budgetgen.formula.evaluation import Reference
    from budgetgen.formula.values import Result
    from budgetgen.reading.document.blocks import Text
    from budgetgen.reading.document.narrative.candidates import Candidate
    from budgetgen.reading.document.narrative.readings import Readings
    from budgetgen.values.model import Book
    from budgetgen.values.places import FilePlace

DIFFERS = "sentence-differs"
OPENING = 40
"""How much of a paragraph is told."""


class Disagreement(NamedTuple):
    """What a sentence says that the tables do not.

    Attributes:
        finding: both sides and the cells; of an amount, what the sentence says minus what the tables say.
        text: the paragraph; None where it is what no paragraph says.
    """

    finding: Finding
    text: Text | None


@dataclass(frozen=True)
class Sentence:
    """A matched sentence, or an entry of a list.

    Attributes:
        turner: of its statement or list.
        values: what stood in its slots.
        scope: where its formulas are worked out, with the row that it speaks of.
    """

    turner: Turner
    values: Mapping[str, str]
    scope: Scope

    @property
    def row(self) -> Row | None:
        """The row that it speaks of."""
        return self.scope.rows[""][1] if "" in self.scope.rows else None


@dataclass
class Agreement:
    """Compares sentences with the tables while they are read.

    Attributes:
        edition: whose wording.
        book: the numbered tables, derived, with the computed figures.
        absent: the numbered tables that the document does not have.
        paragraph: the one that is being read.
        found: what disagrees, each once.
        met: how often a statement spoke of a row.
        sections: those that were read, each with whether all of it was understood.
        made: the statements that were made.
        starts: where the heading of each section stands, or its first paragraph.
    """

    edition: Edition
    book: Book
    absent: frozenset[str] = frozenset()
    paragraph: Text | None = None
    found: dict[tuple[str, Stated, FilePlace | None], Disagreement] = field(default_factory=dict)
    met: Counter[tuple[str, str]] = field(default_factory=Counter)
    sections: dict[str, bool] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    starts: dict[str, FilePlace | None] = field(default_factory=dict)

    @cached_property
    def naming(self) -> Naming:
        """The rows that sentences speak of."""
        return Naming(self.edition, self.book)

    @cached_property
    def known(self) -> Knowledge:
        """What the tables determine."""
        return Knowledge(self.edition, self.absent)

    def told(self) -> tuple[Disagreement, ...]:
        """All that disagrees, with what the sections leave out and what they say twice."""
        self._complete()
        return tuple(self.found.values())

    def compare(
        self, met: Candidate, values: Mapping[str, str], repeated: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Compare a matched sentence.

        Args:
            met: the pattern that it was said by.
            values: what stood in its slots.
            repeated: what stood in those of them that it fills once more.
        """
        statement, turner = met.statement, met.turner
        self.made.add(statement.id)
        row = self.naming.row(statement, turner, values) if statement.each else None
        if row is None and statement.each:
            return
        scope = Scope(self.book, {"": (statement.each, row)} if row else {})
        if row:
            self.met[statement.id, row.key] += 1
        if row and self.known.lacks(row):
            return
        sentence = Sentence(turner, values, scope)
        self._values(sentence)
        for name, text in repeated:
            self._values(Sentence(turner, {name: text}, scope))
        self._denied(statement, met.case, scope)
        self._lists(sentence)

    def legible(self, turner: Turner, values: Mapping[str, str]) -> None:
        """Tell of numbers of a matched sentence, or of the entries of its lists, that are none: `12,34.50`.

        Args:
            turner: of its statement or list.
            values: what stood in its slots.
        """
        for name, text in values.items():
            if declared := (turner.lists or {}).get(name):
                inner = turner.within(declared)
                for entry in parts_of(self.naming, inner, declared, text):
                    if found := entry_of(self.naming, inner, declared, entry):
                        self.legible(inner, found[2])
            elif self._malformed(turner.node(name), text):
                stated = saying(写作=text, 原文=self._said[:OPENING])
                self._tell("sentence-number", stated, (), wherever=True)

    def entitled(self, text: Text, values: Mapping[str, str] | None) -> None:
        """Compare a heading or a title: its year and its unit.

        Args:
            text: as it stands in the document.
            values: what stood in its slots; None where it matched no pattern.
        """
        self.paragraph = text
        self._values(Sentence(Turner(self.edition), values or {}, Scope(self.book)))

    def changed(self, row: Row, values: Mapping[str, str], prior: Decimal, known: Decimal | None) -> None:
        """Compare what a sentence says of the change since last year.

        Args:
            row: the figure.
            values: what stood in the slots.
            prior: last year's amount, as it follows from the sentence.
            known: as it followed from another sentence.
        """
        name = self.naming.figure_name(row)
        spots = self.naming.sources(row)
        if known is not None and known != prior:
            self._tell("sentence-prior", saying(指标=name, 一处=known, 另一处=prior), spots)
        trend, verb = self.edition.basis(row.key).trend, values.get(FigureColumn.TREND)
        if FigureColumn.PRIOR in values and verb in trend and not self.known.lacks(row):
            said = number(values.get(FigureColumn.AMOUNT, ""))
            moved = (row[FigureColumn.AMOUNT].amount if said is None else said) - prior
            if moved and verb != trend[moved < 0]:
                self._tell("sentence-direction", saying(指标=name, 写作=verb, 上年=prior), spots)
        rate = values.get(FigureColumn.RATE, "")
        told = printed_percentage(rate)
        if told is not None and prior == 0 and not self.known.lacks(row):
            wanted = Decimal(100) if row[FigureColumn.AMOUNT].value else Decimal(0)
            if told != wanted:
                self._tell("sentence-rate", saying(指标=name, 应写=wanted, 正文=rate), spots)

    def directed(self, row: Row, values: Mapping[str, str]) -> None:
        """Compare the verb of a change with that of its rate.

        Args:
            row: the figure.
            values: what stood in the slots.
        """
        verbs = values.get(FigureColumn.DIRECTION), values.get(FigureColumn.TREND)
        trend = self.edition.basis(row.key).trend
        if all(verbs) and verbs not in {(RISE[0], trend[0]), (FALL[0], trend[1])}:
            stated = saying("both", 指标=self.naming.figure_name(row), 写作=verbs[0], 又写=verbs[1])
            self._tell("sentence-direction", stated, self.naming.sources(row))

    def several(self, row: Row, readings: Readings) -> None:
        """Tell that a sentence may be read in several ways, and what each makes of last year's amount.

        Args:
            row: the figure.
            readings: of the sentence.
        """
        name = self.naming.figure_name(row)
        ways = listed((one.told() for one in readings.every), "；")
        if readings.chosen is None:
            self._tell("sentence-ambiguous", saying(指标=name, 读法=ways), self.priors([row]))
        elif readings.chosen != readings.every[0]:
            stated = saying(指标=name, 读法=ways, 上年=readings.chosen.then)
            self._tell("sentence-readings", stated, self.naming.sources(row))

    def of_several(self, rows: Sequence[Row], readings: Sequence[Readings | None]) -> None:
        """Tell that a sentence may speak of several figures, and what it would make of each.

        Args:
            rows: the figures.
            readings: of the sentence, if it speaks of each.
        """
        ways = (
            saying(
                "figure",
                指标=row.key,
                本年=row[FigureColumn.AMOUNT].amount,
                则=saying("then", 上年=one.every[0].then) if one else None,
            )
            for row, one in zip(rows, readings, strict=True)
        )
        stated = saying("several", 原文=self._said[:OPENING], 各种=listed(ways, saying("or")))
        self._tell("sentence-ambiguous", stated, self.priors(rows))

    def priors(self, rows: Sequence[Row]) -> tuple[Spot, ...]:
        """Where last year's amounts and the reasons of figures stand."""
        stored = self.edition.comparisons
        return tuple(
            spot
            for row in rows
            for spot in (
                Spot(stored.prior, row.key, self.edition.basis(row.key).amount),
                Spot(stored.reasons, row.key, stored.reason),
            )
        )

    def _complete(self) -> None:
        self.paragraph = None
        for statement in self.edition.statement:
            if statement.read and statement.each in {FIGURES, *self.known.printed}:
                if self.sections.get(statement.section):
                    self._left_out(statement)
                self._repeated(statement)

    def wanting(self) -> Iterator[tuple[StatementDeclaration, Case]]:
        """The statements of their own that sections do not make which were understood, each with what is to be said."""
        for statement in self.edition.statement:
            alone = not statement.each and statement.read and self.sections.get(statement.section)
            case = self._due(statement) if alone and statement.id not in self.made else None
            if case and not self._leads(statement, case):
                yield statement, case

    def _leads(self, statement: StatementDeclaration, case: Case) -> bool:
        """Whether a statement would only lead in what the section says: its one figure is told item by item."""
        turner = Turner.of(self.edition, statement)
        nodes = [node for name in dict.fromkeys(slots(case.says)) if (node := turner.node(name))]
        house = self.edition.house.about
        figures = sum(kind_of(node) in NUMBERS and house not in tables_of(node, "") for node in nodes)
        after = self.edition.statement[self.edition.statement.index(statement) + 1 :]
        following = next((one for one in after if one.section == statement.section), None)
        return (
            following is not None
            and following.id in self.made
            and figures <= bool(following.each)
            and fold(case.says).form.endswith(":")
        )

    def _due(self, statement: StatementDeclaration) -> Case | None:
        """What a statement says of these tables, or one of the things that it may say; None where that may be nothing."""
        for case in statement.cases:
            truth = (
                self.known.truth(statement, case.when, Scope(self.book), style=None) if case.when else True
            )
            if truth is not False and not case.says:
                return None
            if truth:
                return case
        return None

    def _left_out(self, statement: StatementDeclaration) -> None:
        """The rows that a section should speak of and does not."""
        for row in self._expected(statement):
            if not self.met[statement.id, row.key]:
                self._tell("sentence-missing", saying(名称=self.naming.name(row)), self.naming.sources(row))

    def _repeated(self, statement: StatementDeclaration) -> None:
        """The rows that it speaks of twice."""
        for row in self.naming.rows(statement.each, statement.level):
            if self.met[statement.id, row.key] > 1:
                self._tell("sentence-twice", saying(名称=self.naming.name(row)), self.naming.sources(row))

    # --- slots ---

    def _values(self, sentence: Sentence) -> None:
        for name, text in sentence.values.items():
            node = sentence.turner.node(name)
            if node is None:
                continue
            if _of(node, self._about(self.edition.house.unit)):
                self._unit(text)
            elif kind_of(node) in NUMBERS:
                if self.known.determines(node, sentence.turner.each, sentence.row):
                    self._told(name, node, text, sentence)
                elif kind_of(node) == "percent" and isinstance(node, Call):
                    self._own_share(name, node, text, sentence)
            elif (
                isinstance(node, ColumnOf)
                and sentence.turner.each == FIGURES
                and node.column in FROM_TABLES - {FigureColumn.CODE}
            ):
                self._called(node.column, text, sentence.scope)

    def _number(self, name: str, node: Node, text: str, scope: Scope) -> None:
        """Compare a number of a sentence with what the tables give; a share of nothing is not compared."""
        said, quiet = number(text), Scope(scope.book, scope.rows)
        result = evaluate(node, quiet)
        none = result.value is None and kind_of(node) == "percent"
        if said is None or none or abs(said - result.amount) <= self._slack(node, result, scope, text):
            return
        spots = self.naming.spots(quiet.read) or tuple(
            map(Spot, sorted(tables_of(node, "") & self.known.printed))
        )
        stands = amounts.plain(result.amount, 0 if kind_of(node) == "count" else 2)
        if any(spot.table == self.edition.house.about for spot in spots):
            self._tell("sentence-year", saying(写作=text, 应为=stands), ())
            return
        here = (Spot(NARRATIVE, place=self.paragraph.place),) if self.paragraph else ()
        written, worked = WrittenSide.of(text, *here), WrittenSide.of(stands, *spots)
        stated = saying(名称=self._subject(name, quiet), 写作=written, 算得=worked)
        if kind_of(node) == "percent":
            self._tell("sentence-share", stated, spots)
        else:
            self._tell(DIFFERS, stated, spots, said - result.amount)

    def _own_share(self, name: str, node: Node, text: str, sentence: Sentence) -> None:
        """Compare a share with the amounts that it is one of, where the same sentence tells both."""
        parts = {inner.column for inner in walk(node) if isinstance(inner, ColumnOf) and not inner.variable}
        told = {column: number(sentence.values.get(column, "")) for column in parts}
        cells = any(isinstance(inner, CellOf | Aggregate) for inner in walk(node))
        if cells or not parts or None in told.values():
            return
        row = Row("", "", None, {column: Cell(value) for column, value in told.items()})
        self._share_of(name, node, text, sentence, row)

    def _told(self, name: str, node: Node, text: str, sentence: Sentence) -> None:
        """Compare a number with the tables; a share beside another amount than theirs fits these, or what stands there."""
        row = sentence.row if kind_of(node) == "percent" and isinstance(node, Call) else None
        columns = {one.column for one in walk(node) if isinstance(one, ColumnOf) and not one.variable}
        said = {column: number(sentence.values.get(column, "")) for column in columns}
        other = {
            column: Cell(value)
            for column, value in said.items()
            if row and value is not None and value != row[column].amount
        }
        if not row or not other:
            self._number(name, node, text, sentence.scope)
        elif self._off(node, text, sentence.scope):
            self._share_of(name, node, text, sentence, row.with_cells(other))

    def _off(self, node: Node, text: str, scope: Scope) -> Result | None:
        """What a share is where it is told otherwise; none where it fits, or is not known."""
        wrote, quiet = number(text), Scope(scope.book, scope.rows)
        result = evaluate(node, quiet)
        if wrote is None or result.value is None:
            return None
        return result if abs(wrote - result.amount) > self._slack(node, result, quiet, text) else None

    def _share_of(self, name: str, node: Node, text: str, sentence: Sentence, row: Row) -> None:
        """Compare a share with the amounts of a row as its own sentence tells them."""
        off = self._off(node, text, Scope(self.book, {"": (sentence.turner.each, row)}))
        if off is not None:
            subject, worked = self._subject(name, sentence.scope), amounts.plain(off.amount, 2)
            self._tell("sentence-share", saying("own", 名称=subject, 写作=text, 算得=worked), ())

    def rated(self, row: Row, rate: str, worked: Decimal) -> None:
        """Tell that a printed rate is not that of the change and of last year's amount."""
        told = saying("off", 指标=self.naming.figure_name(row), 正文=rate, 算得=worked)
        self._tell("sentence-rate", told, self.naming.sources(row))

    def _malformed(self, node: Node | None, text: str) -> bool:
        """Whether what stands where a number belongs is none, nor what may stand instead of one."""
        kind = kind_of(node) if node else ""
        if kind not in NUMBERS or fold(text).form in self.edition.unrated:
            return False
        told = number(text)
        return told is None or (kind == "count" and told != told.to_integral())

    def _slack(self, node: Node, result: Result, scope: Scope, text: str) -> Decimal:
        """How far a sentence may be off by rounding alone; nothing for an amount that stands in one cell."""
        if kind_of(node) == "percent":
            whole = self._whole(node, scope)
            off = amounts.HALF_CENT * 2 * amounts.HUNDRED / whole if whole else Decimal(0)
            return amounts.HALF_CENT + places_left_out(text) + off
        return amounts.tolerance(max(ceil(result.terms), 1))

    def _whole(self, node: Node, scope: Scope) -> Decimal:
        """What a share is a share of."""
        if isinstance(node, Call):
            return evaluate(node.arguments[-1], Scope(scope.book, scope.rows)).amount
        row = scope.rows[""][1]
        figure = self.edition.figures[row.text(FigureColumn.ID)]
        return evaluate(self.edition.formula(figure.whole), Scope(self.book)).amount

    def _unit(self, text: str) -> None:
        house = self.edition.house
        own = fact(self.book, self.edition, house.unit)
        if own and fold(text).form.isalnum() and not is_own(self.edition, text, own):
            self._tell("sentence-name", saying("unit", 写作=text, 别处=own), ())

    def _called(self, column: str, text: str, scope: Scope) -> None:
        """A name that a sentence gives to a figure, against the tables'."""
        row = scope.rows[""][1]
        stands = row.text(column)
        if stands and fold(text).form not in {fold(stands).form, "", *self.naming.labels(row)}:
            stated = saying(指标=self.naming.figure_name(row), 列=column, 写作=text, 表中=stands)
            self._tell("sentence-name", stated, self.naming.sources(row))

    def _subject(self, name: str, scope: Scope) -> str | Stated:
        """What a figure is called in messages."""
        if "" not in scope.rows:
            unnamed = saying("unnamed", 原文=self._said[:OPENING], 名称=name)
            return name.partition(".")[0] if "." in name else unnamed
        table, row = scope.rows[""]
        first = next((row.text(column) for column in row.cells if row.text(column)), row.key)
        return self.naming.figure_name(row) or f"{table} {row.key or first} {name}"

    # --- cases ---

    def _denied(self, statement: StatementDeclaration, case: Case, scope: Scope) -> None:
        """A sentence that would not be said of these tables: 未安排 where there is money, or the reverse."""
        read: list[Reference] = []
        noted = Scope(scope.book, scope.rows, scope.fetch, read)
        own = self.known.truth(statement, case.when, noted, style=True) if case.when else True
        groups = (statement.cases, *statement.lines)
        earlier = next((cases[: cases.index(case)] for cases in groups if case in cases), ())
        if own is False or any(
            self.known.truth(statement, c.when, noted, style=None) for c in earlier if c.when
        ):
            self._tell("sentence-denied", saying(原文=self._said[:OPENING]), self.naming.spots(read))

    # --- lists ---

    def _lists(self, outer: Sentence) -> None:
        for name, declared in (outer.turner.lists or {}).items():
            if name in outer.values:
                self._list(declared, outer.values[name], outer)

    def _list(self, declared: ListDeclaration, text: str, outer: Sentence) -> None:
        """Compare the entries of a list, and what they name with what they should."""
        turner = outer.turner.within(declared)
        parts = parts_of(self.naming, turner, declared, text)
        names = [self._entry(declared, turner, entry, outer) for entry in parts]
        wanted = self._wanted(declared, turner, outer.scope)
        if wanted is not None:
            slot = self.naming.slot(turner, declared)
            called = ((row, frozenset(self.naming.names_of(declared.each, row, slot))) for row in wanted)
            self._enumerated(declared, Enumeration(tuple(called), tuple(names)), text, slot)

    def _entry(self, declared: ListDeclaration, turner: Turner, entry: str, outer: Sentence) -> str:
        """Compare an entry; what it names, the whole entry where that is not known."""
        found = entry_of(self.naming, turner, declared, entry)
        values = found[2] if found else {}
        row = self.naming.row(declared, turner, values) if values else None
        if row and self.known.lacks(row):
            values = {}
        if values and (row or declared.each not in {FIGURES, *self.known.printed}):
            scope = self._within(declared, row or said(values), outer.scope)
            inner = Sentence(turner, values, scope)
            self._values(inner)
            self._lists(inner)
        return fold(values.get(self.naming.slot(turner, declared), "")).form or fold(entry).form

    def _wanted(self, declared: ListDeclaration, turner: Turner, scope: Scope) -> list[Row] | None:
        """The rows that a list should name; None where the tables do not tell."""
        if declared.each not in {FIGURES, *self.known.printed}:
            return None
        rows = self.naming.rows(declared.each, declared.level)
        if any(map(self.known.lacks, rows)):
            return None
        if not declared.where:
            return rows
        node = self.edition.formula(declared.where, each=declared.each, outer=turner.outer)
        if not self.known.answers(node, declared.each, turner.outer):
            return None
        return [row for row in rows if holds(node, self._within(declared, row, scope))]

    def _enumerated(self, declared: ListDeclaration, told: Enumeration, text: str, slot: str) -> None:
        """An enumeration names every row that it should, and no other; one that it names wrong is told once."""
        if told.parted(declared.separator):
            return
        for name, row in told.miswritten.items():
            stated = saying("written", 写作=name, 表中=row.text(slot))
            self._tell("sentence-list", stated, self.naming.sources(row))
        missing = [row for row in told.missing if row not in told.miswritten.values()]
        if extra := [name for name in told.extra if name not in told.miswritten]:
            own = tuple(Spot(table) for table in self._behind(declared))
            self._tell("sentence-list", saying("extra", 各项=listed(extra)), own)
        if missing and not fold(text).form.endswith(self.edition.house.others) and not self._open_ended:
            names = listed(row.text(slot) or self.naming.name(row) for row in missing)
            spots = tuple(spot for row in missing for spot in self.naming.sources(row))
            self._tell("sentence-list", saying(各项=names), spots)

    @property
    def _open_ended(self) -> bool:
        """Whether the paragraph's enumeration need not be complete."""
        return fold(self._said).form.rstrip(ENDS).endswith(self.edition.house.others)

    def _behind(self, declared: ListDeclaration) -> tuple[str, ...]:
        """The numbered tables that a list speaks of."""
        if declared.each != FIGURES:
            return (declared.each,)
        spots = (
            spot for row in self.naming.rows(FIGURES, declared.level) for spot in self.naming.sources(row)
        )
        return tuple(dict.fromkeys(spot.table for spot in spots))

    def _expected(self, statement: StatementDeclaration) -> Iterator[Row]:
        """The rows that a statement is to speak of, as far as the tables alone tell."""
        for row in self.naming.rows(statement.each, statement.level):
            if self.known.lacks(row):
                continue
            scope = Scope(self.book, {"": (statement.each, row)})
            wanted = (
                self.known.truth(statement, statement.where, scope, style=True) if statement.where else True
            )
            said = (
                not case.when or self.known.truth(statement, case.when, scope, style=True)
                for case in statement.cases
            )
            if wanted and next(said, False):
                yield row

    def _within(self, declared: ListDeclaration, row: Row, scope: Scope) -> Scope:
        outer = {OUTER: scope.rows[""]} if "" in scope.rows else {}
        return Scope(self.book, {**outer, "": (declared.each, row)})

    def _about(self, key: str) -> tuple[str, str]:
        return self.edition.house.about, key

    # --- telling ---

    @property
    def _said(self) -> str:
        """The words of the paragraph that is being read."""
        return self.paragraph.text if self.paragraph else ""

    def _tell(
        self,
        rule: str,
        stated: Stated,
        spots: tuple[Spot, ...],
        difference: Decimal | None = None,
        *,
        wherever: bool = False,
    ) -> None:
        """Keep what disagrees: once in all, or once in each paragraph."""
        finding = replace(Finding.of(self.edition.rules[rule], stated, *spots), difference=difference)
        place = self.paragraph.place if self.paragraph and wherever else None
        self.found.setdefault((rule, stated, place), Disagreement(finding, self.paragraph))


def _of(node: Node, place: tuple[str, str]) -> bool:
    """Whether a formula is one fixed cell."""
    return (
        isinstance(node, CellOf)
        and node.table == place[0]
        and len(node.key) == 1
        and isinstance(node.key[0], Constant)
        and node.key[0].value == place[1]
    )
