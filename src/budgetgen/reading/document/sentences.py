"""Reading the narrative of a published document: the edition's statements, matched instead of said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from budgetgen import amounts
from budgetgen.declarations import COMPUTED, FALL, FIGURES, TERMS
from budgetgen.expressions import (
    Aggregate,
    CellOf,
    ColumnOf,
    Constant,
    Node,
    Operation,
    Scope,
    Source,
    evaluate,
)
from budgetgen.model import Cell, Row
from budgetgen.reading.document.agreement import Agreement
from budgetgen.reading.document.patterns import ENDS, Folded, Said, Turned, Turner, entries, fold, split
from budgetgen.wording import pieces, slots

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.declarations import Case, Edition, ListDeclaration, StatementDeclaration
    from budgetgen.model import Book

BODY = "正文"
CHANGE = "增减额"
JOINT = "；"
"""Between the sentences of one paragraph."""
LEAST = 10
"""How long a sentence must be for a stray sign in it to be overlooked."""
Place: TypeAlias = tuple[str, str, str]
"""Table, row key, column."""


@dataclass
class Gathered:
    """What the sentences gave, not yet a Book.

    Attributes:
        cells: texts of fixed rows.
        facts: of the unit, by the cell that holds them: ways of saying a thing that contradict them are not meant.
        rows: texts of open rows, by table, in order.
        votes: how often a house style was met, by the cell that declares it; "" where another form was.
        priors: last year's amounts by key of the figure.
        rates: published rates that are not those of the printed amounts, by key of the figure.
        reasons: reasons by key of the figure.
        understood: how many paragraphs were placed.
        unplaced: paragraphs that no pattern matched.
        slips: paragraphs understood without a stray sign at their end, with that sign.
        cells_unread: what is wrong with cells of performance tables, with their places.
        marks: the marks before list entries that were seen.
    """

    cells: dict[Place, str] = field(default_factory=dict)
    facts: Mapping[Place, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    votes: dict[Place, Counter[str]] = field(default_factory=dict)
    priors: dict[str, Decimal] = field(default_factory=dict)
    rates: dict[str, Decimal] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    understood: int = 0
    unplaced: list[str] = field(default_factory=list)
    slips: list[tuple[str, str]] = field(default_factory=list)
    cells_unread: list[tuple[str, str]] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    def vote(self, edition: Edition, said: Iterable[Said], each: str = "", outer: str = "") -> None:
        """Count what chosen ways of saying a thing tell of the house style.

        A case of which a choice is the condition is one vote for it; a later case is one against it.

        Args:
            edition: whose wording.
            said: the cases that were met.
            each: the table of the row at hand.
            outer: that of the enclosing row.
        """
        for one in said:
            meant = next((c for c in one.cases if self._meant(edition, one, c, each, outer)), one.case)
            told = _choices(edition, meant.when, each, outer)
            for case in one.cases[: one.cases.index(meant)]:
                if case.when and " and " not in case.when:
                    told = {**dict.fromkeys(_choices(edition, case.when, each, outer), ""), **told}
            for place, text in told.items():
                self.votes.setdefault(place, Counter())[text] += 1

    def _meant(self, edition: Edition, one: Said, case: Case, each: str, outer: str) -> bool:
        """Whether a case says what was said, and wants nothing that the unit is not."""
        wanted = _choices(edition, case.when, each, outer)
        return case.says == one.case.says and all(
            self.facts.get(place, text) == text for place, text in wanted.items()
        )

    def habits(self) -> dict[Place, str]:
        """The house style that most sentences show."""
        chosen = {place: votes.most_common(1)[0][0] for place, votes in self.votes.items()}
        return {place: text for place, text in chosen.items() if text}


@dataclass(frozen=True)
class Candidate:
    """A pattern of a section.

    Attributes:
        statement: whose.
        case: which.
        turned: the pattern turned round.
        weight: how many fixed signs it has: the heaviest match is the right one.
        line: it is a further paragraph of the statement.
        group: id of the sub-heading that the statement stands under.
        outer: the table of the enclosing row.
    """

    statement: StatementDeclaration
    case: Case
    turned: Turned
    weight: int
    line: bool
    group: str
    outer: str = ""


@dataclass
class SentenceReader:
    """Reads the sections of a document.

    Attributes:
        edition: whose wording.
        book: the printed tables, derived, with the computed figures.
        gathered: what was read so far.
        agreement: how it compares with the tables.
    """

    edition: Edition
    book: Book
    gathered: Gathered = field(default_factory=Gathered)
    agreement: Agreement = field(init=False)

    def __post_init__(self) -> None:
        """The agreement is with the same tables."""
        self.agreement = Agreement(self.edition, self.book)

    def read(self, section: str, paragraphs: Sequence[str]) -> None:
        """Read the paragraphs of one section."""
        candidates = sorted(self._candidates(section), key=lambda c: -c.weight)
        row: dict[str, str] | None = None
        group = ""
        texts = [entry for paragraph in paragraphs for entry in entries(paragraph)]
        unplaced = len(self.gathered.unplaced)
        last: tuple[dict[str, str], str] | None = None
        while texts:
            text = texts.pop(0)
            found = self._best(candidates, fold(text), group)
            if last is None and (several := self._several(candidates, text, group, every=found is not None)):
                texts = [*several, *texts]
                continue
            if found is None and texts and self._best(candidates, fold(texts[0]), group) is None:
                found = self._best(
                    candidates, fold(text + texts[0]), group
                )  # a sentence that a line end cut in two
                text += texts.pop(0) if found else ""
            if found is None:
                found, text = self._slipped(candidates, text, group)
            if found is None:
                self._unplaced(text, last)
                continue
            candidate, values = found
            group = candidate.group
            self.gathered.understood += 1
            self._mark(text)
            if candidate.line and row is not None:
                last = self._fill(candidate, values, row)
            else:
                self._chosen(candidate, text)
                self.agreement.paragraph = text
                self.agreement.compare(candidate.statement, candidate.case, values)
                row, last = self._take(candidate, values, candidate.turned.said(fold(text))), None
        self.agreement.sections[section] = unplaced == len(self.gathered.unplaced)

    def _slipped(
        self, candidates: Sequence[Candidate], text: str, group: str
    ) -> tuple[tuple[Candidate, dict[str, str]] | None, str]:
        """The pattern of a sentence that has one stray sign before its end, and the sentence without it."""
        body = text.rstrip(ENDS)
        if len(body) < LEAST or not body[-1].isalpha():
            return None, text
        told = [candidate for candidate in candidates if candidate.weight]
        found = self._best(told, fold(body[:-1]), group)
        if found is None:
            return None, text
        self.gathered.slips.append((text, body[-1]))
        return found, body[:-1]

    def _best(
        self, candidates: Sequence[Candidate], text: Folded, group: str
    ) -> tuple[Candidate, dict[str, str]] | None:
        """The heaviest pattern that matches, its lists too where one does so.

        One that takes any text counts only under its own sub-heading.
        """
        first = None
        for candidate in candidates:
            if not candidate.weight and candidate.group != group:
                continue
            values = candidate.turned.match(text)
            if values is None or self._solved(candidate.statement, values) is None:
                continue
            if first and first[0].weight > candidate.weight:
                break
            if self._listed(candidate.statement.list, candidate.statement.each, values):
                return candidate, values
            first = first or (candidate, values)
        return first

    def _listed(self, lists: Mapping[str, ListDeclaration], outer: str, values: Mapping[str, str]) -> bool:
        """Whether the entries of all lists are such as the lists declare."""
        for name, declared in lists.items():
            turner = Turner(self.edition, declared.each, outer, declared.let, declared.list)
            for entry in split(values.get(name, ""), declared.separator):
                found = _entry(turner, declared, entry)
                if found is None or not self._listed(declared.list, declared.each, found[2]):
                    return False
        return True

    def _several(self, candidates: Sequence[Candidate], text: str, group: str, *, every: bool) -> list[str]:
        """The sentences of a paragraph that says several; none where not every, or hardly any, is known."""
        parts = list(split(text, JOINT))
        told = [candidate for candidate in candidates if candidate.weight]
        known = sum(self._best(told, fold(part), group) is not None for part in parts)
        return parts if len(parts) > 1 and known * (1 if every else 2) >= len(parts) else []

    def _unplaced(self, text: str, last: tuple[dict[str, str], str] | None) -> None:
        """A paragraph that continues a free text belongs to it; any other is told."""
        if last is None:
            self.gathered.unplaced.append(text)
            return
        row, column = last
        row[column] += text
        self.gathered.understood += 1

    def _mark(self, text: str) -> None:
        if text[:1].isdigit() and len(text) > 1 and (mark := text[: 2 + text[1].isdigit()])[-1] in "、.．":
            self.gathered.marks.append(mark[-1])

    # --- candidates ---

    def _candidates(self, section: str) -> Iterator[Candidate]:
        group = ""
        for statement in self.edition.statement:
            if statement.section != section:
                continue
            group = statement.id if statement.style != BODY else group
            if not statement.read:
                continue
            turner = Turner(self.edition, statement.each, "", statement.let, statement.list)
            for case in statement.cases:
                yield from _turned(turner, statement, case, group, line=False)
            for cases in statement.lines:
                for case in cases:
                    yield from _turned(turner, statement, case, group, line=True)

    # --- taking a match ---

    def _take(
        self, candidate: Candidate, values: dict[str, str], said: tuple[Said, ...]
    ) -> dict[str, str] | None:
        statement = candidate.statement
        turner = Turner(self.edition, statement.each, "", statement.let, statement.list)
        for name, declared in statement.list.items():
            if name in values:
                self._list(declared, values[name], statement.each)
        if statement.each == FIGURES:
            figure = self._figure(statement.level, values, compared=self._compared(said))
            if figure and self._silent(candidate):
                self.gathered.priors.setdefault(figure.key, Decimal(0))
            return None
        texts = {**self._row(turner, statement.where, values), **(self._solved(statement, values) or {})}
        if statement.each in self.edition.tables and not self.edition.tables[statement.each].printed:
            return self._joined(statement.each, texts)
        if statement.each == TERMS:
            self._term(statement.section, values)
        return None

    def _joined(self, table: str, texts: dict[str, str]) -> dict[str, str]:
        """A row that an earlier sentence began, with what this one tells of it; else a new row."""
        keys = self.edition.tables[table].main.key
        rows = self.gathered.rows.setdefault(table, [])
        for row in rows if keys else ():
            if all(fold(row.get(key, "")).form == fold(texts.get(key, "")).form for key in keys):
                row |= {column: text for column, text in texts.items() if column not in row}
                return row
        rows.append(texts)
        return texts

    def _solved(self, statement: StatementDeclaration, values: Mapping[str, str]) -> dict[str, str] | None:
        """The columns of the row that no slot names, but that a sum in the sentence tells.

        A slot that sums the rows of which a column equals one of this row (`行.项目名称 == 并入绩效表的项目`) is
        solved for that column. None where the said amount belongs to no name, or to several.
        """
        solved: dict[str, str] = {}
        declared = self.edition.tables.get(statement.each)
        for name in statement.let if declared and not declared.printed else ():
            node = self.edition.formula(statement.let[name], each=statement.each)
            if name in values and (link := _link(node)) and link[2] not in values:
                found = self._names(statement.each, node, link, amounts.parse(values[name]))
                if len(found) != 1:
                    return None
                solved[link[2]] = found.pop()
        return solved

    def _names(self, each: str, node: Node, link: tuple[str, str, str], said: Decimal | None) -> set[str]:
        """The names for which a sum is the amount that was said."""
        table, column, own = link
        names = {row.text(column) for row in self.book[table].lines()} - {""}
        rows = {name: Row(name, "", None, {own: Cell(name)}) for name in names}
        scopes = {name: Scope(self.book, {"": (each, row)}) for name, row in rows.items()}
        return {name for name, scope in scopes.items() if evaluate(node, scope).value == said}

    def _fill(
        self, candidate: Candidate, values: dict[str, str], row: dict[str, str]
    ) -> tuple[dict[str, str], str]:
        """A further paragraph of a statement fills the same row; returns its last text."""
        turner = Turner(self.edition, candidate.statement.each)
        row.update(self._row(turner, "", values))
        return row, next(reversed(row))

    def _row(self, turner: Turner, where: str, values: dict[str, str]) -> dict[str, str]:
        """The columns that the slots name; other cells are set as they are met."""
        row: dict[str, str] = {}
        for name, text in values.items():
            match turner.node(name):
                case ColumnOf(variable="", column=column):
                    row[column] = text
                case CellOf(table=table, key=(Constant(value=str(key)),), column=column):
                    self.gathered.cells.setdefault((table, key, column), text)
        if where:
            row |= _equalities(self.edition.formula(where, each=turner.each, outer=turner.outer))
        return row

    def _chosen(self, candidate: Candidate, text: str) -> None:
        """What the chosen ways of saying a thing tell of the house style."""
        own = () if candidate.line else (Said(candidate.statement.cases, candidate.case),)
        said = (*own, *candidate.turned.said(fold(text)))
        self.gathered.vote(self.edition, said, candidate.statement.each, candidate.outer)

    def _list(self, declared: ListDeclaration, text: str, outer: str) -> None:
        turner = Turner(self.edition, declared.each, outer, declared.let, declared.list)
        for entry in split(text, declared.separator):
            found = _entry(turner, declared, entry)
            if found is None:
                continue
            case, turned, values = found
            said = (Said(declared.cases, case), *turned.said(fold(entry)))
            self.gathered.vote(self.edition, said, declared.each, outer)
            if declared.each == FIGURES:
                compared = self._compared(turned.said(fold(entry)))
                self._figure(declared.level, values, compared=compared)
            elif declared.each not in COMPUTED and not self.edition.tables[declared.each].printed:
                self.gathered.rows.setdefault(declared.each, []).append(
                    self._row(turner, declared.where, values)
                )

    def _term(self, section: str, values: dict[str, str]) -> None:
        """A term that the edition does not have goes where the section's other statement takes it from."""
        known = {fold(term.name).form for term in self.edition.term}
        own = next(
            (s for s in self.edition.statement if s.section == section and s.each in self.edition.tables),
            None,
        )
        if own and not any(fold(text).form in known for text in values.values()):
            row = self._row(Turner(self.edition, own.each), own.where, values)
            self.gathered.rows.setdefault(own.each, []).append(row)

    # --- figures ---

    def _compared(self, said: tuple[Said, ...]) -> bool:
        """Whether a sentence compares with last year: it uses a phrase that tells the change."""
        return any(CHANGE in slots(case.says) for one in said for case in one.cases)

    def _compares(self, says: str) -> bool:
        """Whether a pattern compares with last year."""
        phrases = [self.edition.phrase[name] for name in slots(says) if name in self.edition.phrase]
        return any(CHANGE in slots(case.says) for phrase in phrases for case in phrase.cases)

    def _silent(self, candidate: Candidate) -> bool:
        """Whether a sentence stands for a comparison that is left out, as there is nothing in either year."""
        others = any(self._compares(case.says) for case in candidate.statement.cases)
        return others and not self._compares(candidate.case.says)

    def _figure(self, level: str, values: dict[str, str], *, compared: bool) -> Row | None:
        row = self._figure_row(level, values)
        if row is None:
            return None
        if reason := values.get("原因"):
            self.gathered.reasons.setdefault(row.key, reason)
        amount = row["金额"].value
        if "金额" in values:
            amount = amounts.parse(values["金额"])
        if compared:
            change = amounts.parse(values.get(CHANGE, "0")) or Decimal(0)
            now = amount if isinstance(amount, Decimal) else Decimal(0)
            then = now + change if values.get("增减") == FALL[0] else now - change
            self.agreement.changed(row, values, then, self.gathered.priors.get(row.key))
            for key in (row.key, *(self._parts(row) if not then else ())):
                self.gathered.priors.setdefault(key, then)
            self._rate(row, now, then, values.get("增减率", ""))
        return row

    def _parts(self, row: Row) -> tuple[str, ...]:
        """The figures that last year's amount of a figure is the sum of: nothing in all is nothing in each."""
        declared = next(figure for figure in self.edition.figure if figure.id == row.text("编号"))
        return _keys(self.edition.formula(declared.prior)) if declared.prior else ()

    def _rate(self, row: Row, now: Decimal, then: Decimal, said: str) -> None:
        """A published rate is kept where it is worked from exact amounts, not from the printed ones."""
        stands = row["金额"].value
        if then <= 0 or not said.endswith("%") or stands != now:
            return
        rate = amounts.parse(said.removesuffix("%"))
        if rate is not None and rate != amounts.percentage(abs(now - then), then):
            self.gathered.rates.setdefault(row.key, rate)

    def _figure_row(self, level: str, values: dict[str, str]) -> Row | None:
        """The figure that a sentence speaks of: by its name, by 类 款 项, or the only one of its group."""
        rows = [row for row in self.book[FIGURES].rows if row.level == level]
        asked = {name: fold(values[name]).form for name in ("名称", "类", "款", "项") if name in values}
        found = [row for row in rows if all(fold(row.text(n)).form == text for n, text in asked.items())]
        if not found and "项" in asked:
            found = [row for row in rows if asked["项"] in self._item_names(row)]
        return found[0] if len(found) == 1 else None

    def _item_names(self, row: Row) -> set[str]:
        """The name of an item in the tables, and in the classification."""
        official = self.edition.codes("function").get(row.text("科目代码"), "")
        return {fold(name).form for name in (row.text("项"), official)}


def _turned(
    turner: Turner, statement: StatementDeclaration, case: Case, group: str, *, line: bool
) -> Iterator[Candidate]:
    for says in filter(None, (case.says, *case.reads)):
        weight = sum(len(piece) for piece in pieces(says) if isinstance(piece, str))
        turned = turner.turn(says, numbered="" if line else statement.numbered)
        yield Candidate(statement, case, turned, weight, line, group)


def _entry(
    turner: Turner, declared: ListDeclaration, entry: str
) -> tuple[Case, Turned, dict[str, str]] | None:
    """The case of a list that an entry is said by, with what stood in its slots."""
    for case in declared.cases:
        for says in (case.says, *case.reads):
            turned = turner.turn(says)
            values = turned.match(fold(entry))
            if values is not None:
                return case, turned, values
    return None


def _keys(node: Node) -> tuple[str, ...]:
    """The rows that a sum of cells names."""
    match node:
        case Operation(left=left, right=right):
            return (*_keys(left), *_keys(right))
        case CellOf(key=(Constant(value=str(key)),)):
            return (key,)
    return ()


def _link(node: Node) -> tuple[str, str, str] | None:
    """Of a sum over the rows of which one column equals a column of the row at hand: table and both columns."""
    match node:
        case Aggregate(
            variable=variable,
            source=Source(table=table),
            condition=Operation(
                sign="==",
                left=ColumnOf(variable=theirs, column=column),
                right=ColumnOf(variable="", column=own),
            ),
        ) if theirs == variable:
            return table, column, own
    return None


def _choices(edition: Edition, when: str, each: str, outer: str) -> dict[Place, str]:
    """The choices of fixed rows that a condition wants: `机构类型 == "事业单位"`."""
    return _wanted(edition.formula(when, each=each, outer=outer)) if when else {}


def _wanted(node: Node) -> dict[Place, str]:
    """The fixed cells that a condition compares with a text."""
    match node:
        case Operation(
            sign="==",
            left=CellOf(table=table, key=(Constant(value=str(key)),), column=column),
            right=Constant(value=str(text)),
        ):
            return {(table, key, column): text}
        case Operation(sign="and", left=left, right=right):
            return _wanted(left) | _wanted(right)
    return {}


def _equalities(node: Node) -> dict[str, str]:
    """The columns that a condition fixes: 类别 == "主要职能"."""
    match node:
        case Operation(sign="==", left=ColumnOf(variable="", column=column), right=Constant(value=str(text))):
            return {column: text}
        case Operation(sign="and", left=left, right=right):
            return _equalities(left) | _equalities(right)
    return {}
