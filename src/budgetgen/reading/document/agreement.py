"""Whether the sentences of a published document say what its tables hold: amounts, shares, names, none left out.

Every slot of a sentence that is a figure of the numbered tables is worked out from them and compared. What a
sentence alone tells (last year's amounts, people, assets, uses) is read, and checked as in a workbook.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from budgetgen import amounts
from budgetgen.checking.rules import text_of
from budgetgen.declarations import FALL, FIGURES, RISE
from budgetgen.expressions import (
    OUTER,
    Aggregate,
    Call,
    CellOf,
    ColumnOf,
    Constant,
    FormulaError,
    Node,
    Operation,
    Scope,
    evaluate,
    holds,
    kind_of,
)
from budgetgen.findings import Spot
from budgetgen.model import Cell, Row
from budgetgen.reading.document.patterns import Turner, fold, split
from budgetgen.wording import slots

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.declarations import Case, Edition, ListDeclaration, StatementDeclaration
    from budgetgen.expressions import Reference, Result
    from budgetgen.model import Book

NUMBERS = frozenset({"money", "number", "count", "percent"})
FROM_TABLES = frozenset({"编号", "组", "科目代码", "名称", "列名", "金额", "占比", "必列", "类", "款", "项"})
"""The columns of the computed figures that the numbered tables alone determine."""
DIFFERS = "sentence-differs"
AMOUNT, ITEM = "金额", "项"
CODED = {"科目代码": "function"}
"""The code of a computed figure."""
PREFIX = "："
"""Parts the label of a row from what stands before it: 其中：公务用车购置."""
OPEN_END = "等"
"""What ends an enumeration that need not be complete."""
OPENING = 40
"""How much of a paragraph is told."""


class Disagreement(NamedTuple):
    """What a sentence says that the tables do not.

    Attributes:
        rule: the id of the rule.
        message: both sides.
        text: the paragraph.
        spots: the cells.
        difference: what the sentence says minus what the tables say, of an amount.
    """

    rule: str
    message: str
    text: str
    spots: tuple[Spot, ...]
    difference: Decimal | None = None


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


@dataclass
class Agreement:
    """Compares sentences with the tables while they are read.

    Attributes:
        edition: whose wording.
        book: the numbered tables, derived, with the computed figures.
        paragraph: the one that is being read.
        found: what disagrees, each once.
        met: how often a statement spoke of a row.
        sections: those that were read, each with whether all of it was understood.
    """

    edition: Edition
    book: Book
    paragraph: str = ""
    found: dict[tuple[str, str], Disagreement] = field(default_factory=dict)
    met: Counter[tuple[str, str]] = field(default_factory=Counter)
    sections: dict[str, bool] = field(default_factory=dict)

    def told(self) -> tuple[Disagreement, ...]:
        """All that disagrees, with what the sections leave out and what they say twice."""
        self._complete()
        return tuple(self.found.values())

    def compare(self, statement: StatementDeclaration, case: Case, values: Mapping[str, str]) -> None:
        """Compare a matched sentence.

        Args:
            statement: whose.
            case: the case that was met.
            values: what stood in its slots.
        """
        turner = Turner(self.edition, statement.each, "", statement.let, statement.list)
        row = self._row(statement, turner, values) if statement.each else None
        if row is None and statement.each:
            return
        scope = Scope(self.book, {"": (statement.each, row)} if row else {})
        if row:
            self.met[statement.id, row.key] += 1
        sentence = Sentence(turner, values, scope)
        self._values(sentence)
        self._denied(statement, case, scope)
        for name, declared in statement.list.items():
            if name in values:
                self._list(declared, values[name], sentence)

    def changed(self, row: Row, values: Mapping[str, str], prior: Decimal, known: Decimal | None) -> None:
        """Compare what a sentence says of the change since last year.

        Args:
            row: the figure.
            values: what stood in the slots.
            prior: last year's amount, as it follows from the sentence.
            known: as it followed from another sentence.
        """
        name = self._figure_name(row)
        spots = self._sources(row)
        if known is not None and known != prior:
            words = f"“{name}”的上年数，由一处的增减算得 {amounts.plain(known)}，由另一处算得 {amounts.plain(prior)}"
            self._tell("sentence-prior", words, spots)
        verbs = values.get("增减"), values.get("升降")
        if all(verbs) and verbs not in {RISE, FALL}:
            self._tell("sentence-direction", f"“{name}”写“{verbs[0]}”，又写“{verbs[1]}”", spots)
        rate = values.get("增减率", "")
        if rate.endswith("%") and prior == 0:
            said = amounts.parse(rate.removesuffix("%"))
            wanted = Decimal(100) if row[AMOUNT].value else Decimal(0)
            if said != wanted:
                words = f"“{name}”上年为零，增减率应写 {amounts.plain(wanted)}%，正文写 {rate}"
                self._tell("sentence-rate", words, spots)

    def _complete(self) -> None:
        self.paragraph = ""
        for statement in self.edition.statement:
            if not statement.read or statement.each not in {FIGURES, *self._printed}:
                continue
            if self.sections.get(statement.section):
                for row in self._expected(statement):
                    if not self.met[statement.id, row.key]:
                        self._tell("sentence-missing", f"正文没有说到“{self._name(row)}”", self._sources(row))
            for row in self._rows(statement.each, statement.level):
                if self.met[statement.id, row.key] > 1:
                    self._tell("sentence-twice", f"正文把“{self._name(row)}”说了两次", self._sources(row))

    # --- slots ---

    def _values(self, sentence: Sentence) -> None:
        for name, text in sentence.values.items():
            node = sentence.turner.node(name)
            if node is None:
                continue
            if _of(node, self._about(self.edition.house.unit)):
                self._unit(text)
            elif kind_of(node) in NUMBERS and self._determined(node, sentence):
                self._number(name, node, text, sentence.scope)
            elif isinstance(node, ColumnOf) and sentence.turner.each == FIGURES and node.column not in CODED:
                self._called(node.column, text, sentence.scope)

    def _number(self, name: str, node: Node, text: str, scope: Scope) -> None:
        said = amounts.parse(text.removesuffix("%")) if not text.startswith("不") else None
        quiet = Scope(scope.book, scope.rows)
        result = evaluate(node, quiet)
        if said is None or abs(said - _number(result)) <= self._slack(node, result, scope):
            return
        spots = self._spots(quiet.read) or tuple(map(Spot, sorted(_tables(node, "") & self._printed)))
        stands = amounts.plain(_number(result), 0 if kind_of(node) == "count" else 2)
        if any(spot.table == self.edition.house.about for spot in spots):
            self._tell("sentence-year", f"正文写 {text} 年，应为 {stands} 年", ())
            return
        rule = "sentence-share" if kind_of(node) == "percent" else DIFFERS
        subject = self._subject(name, quiet)
        difference = said - _number(result) if rule == DIFFERS else None
        self._tell(rule, f"“{subject}”正文写 {text}，由表算得 {stands}", spots, difference)

    def _slack(self, node: Node, result: Result, scope: Scope) -> Decimal:
        """How far a sentence may be off by rounding alone; nothing for an amount that stands in one cell."""
        if kind_of(node) == "percent":
            whole = self._whole(node, scope)
            off = amounts.HALF_CENT * 2 * amounts.HUNDRED / whole if whole else Decimal(0)
            return amounts.HALF_CENT + off
        return amounts.tolerance(max(result.terms, 1))

    def _whole(self, node: Node, scope: Scope) -> Decimal:
        """What a share is a share of."""
        if isinstance(node, Call):
            return _number(evaluate(node.arguments[-1], Scope(scope.book, scope.rows)))
        row = scope.rows[""][1]
        figure = next(figure for figure in self.edition.figure if figure.id == row.text("编号"))
        return _number(evaluate(self.edition.formula(figure.whole), Scope(self.book)))

    def _unit(self, text: str) -> None:
        house = self.edition.house
        own = str(self.book.cell(house.about, house.unit, house.value).value or "")
        if own and fold(text).form.isalnum() and fold(text).form != fold(own).form:
            self._tell("sentence-name", f"单位写作“{text}”，别处是“{own}”", ())

    def _called(self, column: str, text: str, scope: Scope) -> None:
        """A name that a sentence gives to a figure, against the tables'."""
        row = scope.rows[""][1]
        stands = row.text(column)
        if stands and fold(text).form not in {fold(stands).form, "", *self._labels(row)}:
            words = f"“{self._figure_name(row)}”的{column}写作“{text}”，表中是“{stands}”"
            self._tell("sentence-name", words, self._sources(row))

    def _subject(self, name: str, scope: Scope) -> str:
        """What a figure is called in messages."""
        if "" not in scope.rows:
            return name.partition(".")[0] if "." in name else f"{self.paragraph[:OPENING]}…”的“{name}"
        table, row = scope.rows[""]
        first = next((row.text(column) for column in row.cells if row.text(column)), row.key)
        return self._figure_name(row) or f"{table} {row.key or first} {name}"

    # --- cases ---

    def _denied(self, statement: StatementDeclaration, case: Case, scope: Scope) -> None:
        """A sentence that would not be said of these tables: 未安排 where there is money, or the reverse."""
        read: list[Reference] = []
        noted = Scope(scope.book, scope.rows, scope.fetch, read)
        own = self._truth(statement, case.when, noted, style=True) if case.when else True
        earlier = statement.cases[: statement.cases.index(case)]
        if own is False or any(self._truth(statement, c.when, noted, style=None) for c in earlier if c.when):
            words = f"正文写“{self.paragraph[:OPENING]}”，与表不符"
            self._tell("sentence-denied", words, self._spots(read))

    def _truth(
        self, statement: StatementDeclaration, when: str, scope: Scope, *, style: bool | None
    ) -> bool | None:
        """Whether a condition holds; None where the tables do not tell. Choices of style count as `style`."""
        return self._told(self.edition.formula(when, each=statement.each), statement.each, scope, style)

    def _told(self, node: Node, each: str, scope: Scope, style: bool | None) -> bool | None:
        match node:
            case Operation(sign="and" | "or" as sign, left=left, right=right):
                sides = {self._told(left, each, scope, style), self._told(right, each, scope, style)}
                decisive = sign == "or"
                return decisive if decisive in sides else None if None in sides else not decisive
            case Call(function="非", arguments=(inner,)):
                told = self._told(inner, each, scope, style)
                return None if told is None else not told
        if self.edition.house.about in _tables(node, each):
            return style
        return holds(node, scope) if self._known(node, each) else None

    # --- lists ---

    def _list(self, declared: ListDeclaration, text: str, outer: Sentence) -> None:
        turner = Turner(self.edition, declared.each, outer.turner.each, declared.let, declared.list)
        names: list[str] = []
        for entry in split(text, declared.separator):
            values = _entry(turner, declared, entry)
            row = self._row(declared, turner, values) if values else None
            if values and (row or declared.each not in {FIGURES, *self._printed}):
                scope = self._within(declared, row or _said(values), outer.scope)
                inner = Sentence(turner, values, scope)
                self._values(inner)
                for name, below in declared.list.items():
                    if name in values:
                        self._list(below, values[name], inner)
            named = fold((values or {}).get(self._naming(turner, declared), "")).form
            names.append(named or fold(entry).form)
        self._listed(declared, turner, names, text, outer.scope)

    def _listed(
        self, declared: ListDeclaration, turner: Turner, names: Sequence[str], text: str, scope: Scope
    ) -> None:
        """An enumeration names every row that it should, and no other."""
        if declared.each not in {FIGURES, *self._printed}:
            return
        rows = self._rows(declared.each, declared.level)
        node = (
            self.edition.formula(declared.where, each=declared.each, outer=turner.outer)
            if declared.where
            else None
        )
        if node is not None and not self._known(node, declared.each, turner.outer):
            return
        wanted = [r for r in rows if node is None or holds(node, self._within(declared, r, scope))]
        naming = self._naming(turner, declared)
        called = [(row, self._names_of(declared.each, row, naming)) for row in wanted]
        known = {name for _, own in called for name in own}
        if any(separator in name for name in known for separator in declared.separator):
            return  # names that hold the separator cannot be told apart
        extra = [name for name in dict.fromkeys(names) if name not in known]
        missing = [row for row, own in called if not own & set(names)]
        spots = tuple(spot for row in missing for spot in self._sources(row))
        if extra:
            own = tuple(Spot(table) for table in self._behind(declared))
            self._tell("sentence-list", f"正文列有“{'、'.join(extra)}”，表中没有金额", own)
        if missing and not fold(text).form.endswith(OPEN_END) and not self._open_ended:
            told = "、".join(self._name(row) for row in missing)
            self._tell("sentence-list", f"正文漏列“{told}”", spots)

    @property
    def _open_ended(self) -> bool:
        """Whether the paragraph's enumeration ends in 等."""
        return fold(self.paragraph).form.rstrip("。.").endswith(OPEN_END)

    def _naming(self, turner: Turner, declared: ListDeclaration) -> str:
        """The slot of an entry that names its row."""
        nodes = ((name, turner.node(name)) for name in slots(declared.cases[0].says))
        named = (n for n, node in nodes if isinstance(node, ColumnOf) and kind_of(node) not in NUMBERS)
        return next(named, "")

    def _names_of(self, each: str, row: Row, column: str) -> set[str]:
        """The names that an entry may give a row: that of the tables, and that of the classification."""
        return {fold(row.text(column)).form, *self._official(each, row), *self._labels(row)}

    def _labels(self, row: Row) -> set[str]:
        """What the fixed row that a figure stands in may be called."""
        figure = next((f for f in self.edition.figure if f.id == row.text("编号") and not f.each), None)
        node = self._formula(figure.value, "") if figure else None
        if not isinstance(node, CellOf) or not isinstance(node.key[0], Constant):
            return set()
        found = self.edition.tables[node.table].fixed.get(str(node.key[0].value))
        labels = (found[1].caption, *found[1].aliases) if found else ()
        return {fold(label.split(PREFIX)[-1]).form for label in labels}

    def _behind(self, declared: ListDeclaration) -> tuple[str, ...]:
        """The numbered tables that a list speaks of."""
        if declared.each != FIGURES:
            return (declared.each,)
        spots = (spot for row in self._rows(FIGURES, declared.level) for spot in self._sources(row))
        return tuple(dict.fromkeys(spot.table for spot in spots))

    # --- rows ---

    def _row(
        self,
        declared: StatementDeclaration | ListDeclaration,
        turner: Turner,
        values: Mapping[str, str] | None,
    ) -> Row | None:
        """The row of the tables that a sentence speaks of, by its names; for other tables the row that it tells."""
        values = values or {}
        if declared.each not in {FIGURES, *self._printed}:
            return _said(values) if declared.each else None
        asked = {
            node.column: fold(text).form
            for name, text in values.items()
            if isinstance(node := turner.node(name), ColumnOf)
            and kind_of(node) not in NUMBERS
            and node.column in {*FROM_TABLES, *self._names_in(declared.each)}
        }
        rows = self._rows(declared.each, declared.level)
        found = [r for r in rows if all(fold(r.text(c)).form == text for c, text in asked.items())]
        if not found and asked:
            found = [
                r
                for r in rows
                if set(asked.values())
                & {*self._official(declared.each, r), *self._labels(r), fold(r.text(ITEM)).form} - {""}
            ]
        return found[0] if len(found) == 1 else None

    def _official(self, each: str, row: Row) -> set[str]:
        """The names that the classification has for the row's code."""
        declared = self.edition.tables.get(each)
        coded = {c.name: c.of for c in declared.columns.values() if c.type == "code"} if declared else CODED
        names = (self.edition.codes(kind).get(row.text(column), "") for column, kind in coded.items())
        return {fold(name).form for name in names if name}

    def _names_in(self, table: str) -> set[str]:
        declared = self.edition.tables.get(table)
        kinds = {"name", "item", "label", "code"}
        return {c.name for c in declared.columns.values() if c.type in kinds} if declared else set()

    def _rows(self, each: str, level: str) -> list[Row]:
        table = self.book[each]
        return [row for row in table.rows if row.level == level] if level else list(table.lines())

    def _expected(self, statement: StatementDeclaration) -> Iterator[Row]:
        """The rows that a statement is to speak of, as far as the tables alone tell."""
        for row in self._rows(statement.each, statement.level):
            scope = Scope(self.book, {"": (statement.each, row)})
            wanted = self._truth(statement, statement.where, scope, style=True) if statement.where else True
            said = (
                not case.when or self._truth(statement, case.when, scope, style=True)
                for case in statement.cases
            )
            if wanted and next(said, False):
                yield row

    def _within(self, declared: ListDeclaration, row: Row, scope: Scope) -> Scope:
        outer = {OUTER: scope.rows[""]} if "" in scope.rows else {}
        return Scope(self.book, {**outer, "": (declared.each, row)})

    # --- what is known ---

    @property
    def _printed(self) -> frozenset[str]:
        return frozenset(table.name for table in self.edition.printed)

    def _about(self, key: str) -> tuple[str, str]:
        return self.edition.house.about, key

    def _known(self, node: Node, each: str, outer: str = "") -> bool:
        """Whether the numbered tables, the year, and what the sentence itself names determine a formula."""
        house = self.edition.house
        for table, key, column in _reads(node, each, outer):
            own = table in {each, outer} and kind_of_column(self.edition, table, column) not in NUMBERS
            year = (table, key) == (house.about, house.year)
            figure = table == FIGURES and column in FROM_TABLES
            if not (table in self._printed or year or figure or (own and table != FIGURES)):
                return False
        return True

    def _determined(self, node: Node, sentence: Sentence) -> bool:
        """Whether a formula is known, and all that it reads of a row that the sentence tells was told."""
        each = sentence.turner.each
        if not self._known(node, each):
            return False
        own = sentence.scope.rows.get("")
        if own is None or each in {FIGURES, *self._printed}:
            return True
        return all(column in own[1].cells for table, _, column in _reads(node, each) if table == each)

    # --- telling ---

    def _tell(
        self, rule: str, message: str, spots: tuple[Spot, ...], difference: Decimal | None = None
    ) -> None:
        told = Disagreement(rule, message, self.paragraph, spots, difference)
        self.found.setdefault((rule, message), told)

    def _spots(self, read: Sequence[Reference]) -> tuple[Spot, ...]:
        found: dict[Spot, None] = {}
        for one in read:
            if one.table == FIGURES and one.row is not None:
                found |= dict.fromkeys(self._sources(one.row))
            elif one.table in self._printed or one.table == self.edition.house.about:
                found[_spot(self.edition, one.table, one.key, one.column, one.cell)] = None
        return tuple(found)

    def _sources(self, row: Row) -> tuple[Spot, ...]:
        """The cells of the numbered tables that a figure is read from; a row of a numbered table itself."""
        if not row.text("编号"):
            tables = [t.name for t in self.edition.printed if self.book[t.name].get(row.key) is row]
            return tuple(Spot(table, row.key) for table in tables)
        figure = next(figure for figure in self.edition.figure if figure.id == row.text("编号"))
        line = self.book[figure.each].get(row.text("科目代码")) if figure.each else None
        scope = Scope(self.book, {"": (figure.each, line)} if line else {})
        evaluate(self._formula(figure.value, figure.each), scope)
        return tuple(_spot(self.edition, one.table, one.key, one.column, one.cell) for one in scope.read)

    def _formula(self, text: str, each: str) -> Node:
        return self.edition.formula(text, each=each)

    def _figure_name(self, row: Row) -> str:
        if not row.text("编号"):
            return ""
        return " ".join(filter(None, (row.text("组"), row.text("科目代码"), row.text("名称"))))

    def _name(self, row: Row) -> str:
        return self._figure_name(row) or row.key


def _of(node: Node, place: tuple[str, str]) -> bool:
    """Whether a formula is one fixed cell."""
    return (
        isinstance(node, CellOf)
        and node.table == place[0]
        and len(node.key) == 1
        and isinstance(node.key[0], Constant)
        and node.key[0].value == place[1]
    )


def kind_of_column(edition: Edition, table: str, column: str) -> str:
    """The type of a column; text where the table has none of that name."""
    try:
        return edition.kind(table, column) or "text"
    except (KeyError, FormulaError):
        return "text"


def _reads(node: Node, each: str, outer: str = "") -> Iterator[tuple[str, str, str]]:
    """All that a formula may read: table, key of a fixed row, column."""
    match node:
        case ColumnOf(variable="", column=column):
            yield each, "", column
        case ColumnOf(variable=variable, column=column) if variable == OUTER:
            yield outer, "", column
        case CellOf(table=table, key=key, column=column):
            only = key[0].value if len(key) == 1 and isinstance(key[0], Constant) else ""
            yield table, str(only), column
            for part in key:
                yield from _reads(part, each, outer)
        case Aggregate(element=element, source=source, condition=condition):
            yield source.table, "", ""
            for inner in (element, condition):
                yield from _reads(inner, each, outer) if inner is not None else ()
        case Operation(left=left, right=right):
            yield from _reads(left, each, outer)
            yield from _reads(right, each, outer)
        case Call(arguments=arguments):
            for argument in arguments:
                yield from _reads(argument, each, outer)


def _tables(node: Node, each: str) -> set[str]:
    return {table for table, _, _ in _reads(node, each) if table}


def _said(values: Mapping[str, str]) -> Row:
    """The row that a sentence itself tells."""
    return Row("", "", None, {name: Cell(text) for name, text in values.items()})


def _entry(turner: Turner, declared: ListDeclaration, entry: str) -> dict[str, str] | None:
    """What stood in the slots of an entry; None where no case of the list says it."""
    for case in declared.cases:
        for says in (case.says, *case.reads):
            values = turner.turn(says).match(fold(entry))
            if values is not None:
                return values
    return None


def _number(result: Result) -> Decimal:
    return result.value if isinstance(result.value, Decimal) else Decimal(0)


def _spot(edition: Edition, table: str, key: str, column: str, cell: Cell) -> Spot:
    kind = edition.kind(table, column, key) or "text"
    return Spot(table, key, column, cell.place, text_of(cell, kind))
