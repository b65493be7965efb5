"""Reading the narrative of a published document: the edition's statements, matched instead of said."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from budgetgen import amounts
from budgetgen.declarations import COMPUTED, FIGURES, TERMS
from budgetgen.expressions import CellOf, ColumnOf, Constant, Node, Operation
from budgetgen.reading.patterns import Folded, Turned, Turner, entries, fold, split
from budgetgen.wording import pieces, slots

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.declarations import Case, Edition, ListDeclaration, StatementDeclaration
    from budgetgen.model import Book, Row

BODY = "正文"
Place: TypeAlias = tuple[str, str, str]
"""Table, row key, column."""


@dataclass
class Gathered:
    """What the sentences gave, not yet a Book.

    Attributes:
        cells: texts of fixed rows.
        rows: texts of open rows, by table, in order.
        priors: last year's amounts by key of the figure.
        reasons: reasons by key of the figure.
        understood: how many paragraphs were placed.
        unplaced: paragraphs that no pattern matched.
        marks: the marks before list entries that were seen.
    """

    cells: dict[Place, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    priors: dict[str, Decimal] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    understood: int = 0
    unplaced: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)


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
    """

    statement: StatementDeclaration
    case: Case
    turned: Turned
    weight: int
    line: bool
    group: str


@dataclass
class SentenceReader:
    """Reads the sections of a document.

    Attributes:
        edition: whose wording.
        book: the printed tables, derived, with the computed figures.
        gathered: what was read so far.
    """

    edition: Edition
    book: Book
    gathered: Gathered = field(default_factory=Gathered)

    def read(self, section: str, paragraphs: Sequence[str]) -> None:
        """Read the paragraphs of one section."""
        candidates = sorted(self._candidates(section), key=lambda c: -c.weight)
        row: dict[str, str] | None = None
        group = ""
        texts = [entry for paragraph in paragraphs for entry in entries(paragraph)]
        last: tuple[dict[str, str], str] | None = None
        while texts:
            text = texts.pop(0)
            found = _best(candidates, fold(text), group)
            if found is None and texts and _best(candidates, fold(texts[0]), group) is None:
                found = _best(
                    candidates, fold(text + texts[0]), group
                )  # a sentence that a line end cut in two
                text += texts.pop(0) if found else ""
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
                row, last = self._take(candidate, values), None

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

    def _take(self, candidate: Candidate, values: dict[str, str]) -> dict[str, str] | None:
        statement = candidate.statement
        turner = Turner(self.edition, statement.each, "", statement.let, statement.list)
        self._assumed(turner, candidate.case.when)
        for name, declared in statement.list.items():
            if name in values:
                self._list(declared, values[name], statement.each)
        if statement.each == FIGURES:
            self._figure(statement.level, values, compared=self._compared(candidate.case.says))
            return None
        row = self._row(turner, statement.where, values)
        if statement.each in self.edition.tables and not self.edition.tables[statement.each].printed:
            self.gathered.rows.setdefault(statement.each, []).append(row)
            return row
        if statement.each == TERMS:
            self._term(values)
        return None

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

    def _assumed(self, turner: Turner, when: str) -> None:
        """What must be so for a case to be said: `机构类型 == "事业单位"` is read off the sentence."""
        if not when:
            return
        match self.edition.formula(when, each=turner.each, outer=turner.outer):
            case Operation(
                sign="==",
                left=CellOf(table=table, key=(Constant(value=str(key)),), column=column),
                right=Constant(value=str(text)),
            ):
                self.gathered.cells.setdefault((table, key, column), text)

    def _list(self, declared: ListDeclaration, text: str, outer: str) -> None:
        turner = Turner(self.edition, declared.each, outer, declared.let, declared.list)
        patterns = [turner.turn(says) for case in declared.cases for says in (case.says, *case.reads)]
        compared = any(self._compared(case.says) for case in declared.cases)
        for entry in split(text, declared.separator):
            values = next(filter(None, (pattern.match(fold(entry)) for pattern in patterns)), None)
            if values is None:
                continue
            if declared.each == FIGURES:
                self._figure(declared.level, values, compared=compared)
            elif declared.each not in COMPUTED and not self.edition.tables[declared.each].printed:
                self.gathered.rows.setdefault(declared.each, []).append(
                    self._row(turner, declared.where, values)
                )

    def _term(self, values: dict[str, str]) -> None:
        """A term of its own; those of the edition stand there already."""
        known = {fold(term.name).form for term in self.edition.term}
        if fold(values["术语"]).form not in known:
            table, kind = "其他说明", "名词解释"
            self.gathered.rows.setdefault(table, []).append({"类别": kind, **values})

    # --- figures ---

    def _compared(self, says: str) -> bool:
        """Whether a pattern compares with last year: it uses one of the phrases."""
        return any(name in self.edition.phrase for name in slots(says))

    def _figure(self, level: str, values: dict[str, str], *, compared: bool) -> None:
        row = self._figure_row(level, values)
        if row is None:
            return
        if reason := values.get("原因"):
            self.gathered.reasons.setdefault(row.key, reason)
        amount = row["金额"].value
        if "金额" in values:
            amount = amounts.parse(values["金额"])
        if compared and (isinstance(amount, Decimal) or "增减额" in values):
            change = amounts.parse(values.get("增减额", "0")) or Decimal(0)
            now = amount if isinstance(amount, Decimal) else Decimal(0)
            self.gathered.priors.setdefault(
                row.key, now + change if values.get("增减") == "减少" else now - change
            )

    def _figure_row(self, level: str, values: dict[str, str]) -> Row | None:
        """The figure that a sentence speaks of: by its name, by 类 款 项, or the only one of its group."""
        rows = [row for row in self.book[FIGURES].rows if row.level == level]
        asked = {name: fold(values[name]).form for name in ("名称", "类", "款", "项") if name in values}
        found = [row for row in rows if all(fold(row.text(n)).form == text for n, text in asked.items())]
        if not found and "项" in asked:
            found = [row for row in rows if fold(row.text("项")).form == asked["项"]]
        return found[0] if len(found) == 1 else None


def _turned(
    turner: Turner, statement: StatementDeclaration, case: Case, group: str, *, line: bool
) -> Iterator[Candidate]:
    for says in filter(None, (case.says, *case.reads)):
        weight = sum(len(piece) for piece in pieces(says) if isinstance(piece, str))
        turned = turner.turn(says, numbered=bool(statement.numbered) and not line)
        yield Candidate(statement, case, turned, weight, line, group)


def _best(
    candidates: Sequence[Candidate], text: Folded, group: str
) -> tuple[Candidate, dict[str, str]] | None:
    """The heaviest pattern that matches; one that takes any text counts only under its own sub-heading."""
    for candidate in candidates:
        if not candidate.weight and candidate.group != group:
            continue
        values = candidate.turned.match(text)
        if values is not None:
            return candidate, values
    return None


def _equalities(node: Node) -> dict[str, str]:
    """The columns that a condition fixes: 类别 == "主要职能"."""
    match node:
        case Operation(sign="==", left=ColumnOf(variable="", column=column), right=Constant(value=str(text))):
            return {column: text}
        case Operation(sign="and", left=left, right=right):
            return _equalities(left) | _equalities(right)
    return {}
