"""Which pattern a sentence was said by: every case of every statement of a section is a candidate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.edition.declarations import BODY
from budgetgen.formula.evaluation import Scope, evaluate
from budgetgen.formula.nodes import Aggregate, ColumnOf, Node, Operation, RowSource
from budgetgen.reading.document.patterns import (
    ENDS,
    JOINT,
    Turned,
    Turner,
    number,
    split,
    weight,
)
from budgetgen.values.model import Cell, Row
from budgetgen.values.text import Folded, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from budgetgen.edition.declarations import Case, Edition, ListDeclaration, StatementDeclaration
    from budgetgen.values.model import Book

LEAST = 10
"""How long a sentence must be for a stray sign in it to be overlooked."""


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


Found: TypeAlias = tuple[Candidate, dict[str, str]]
"""A pattern that matched, and what stood in its slots."""


@dataclass(frozen=True)
class Matcher:
    """Matches sentences.

    Attributes:
        edition: whose statements.
        book: the printed tables, derived, with the computed figures.
    """

    edition: Edition
    book: Book

    def candidates(self, section: str) -> tuple[Candidate, ...]:
        """The patterns of a section, heaviest first."""
        return tuple(sorted(self._candidates(section), key=lambda c: -c.weight))

    def _candidates(self, section: str) -> Iterator[Candidate]:
        group = ""
        for statement in self.edition.statement:
            if statement.section != section:
                continue
            group = statement.id if statement.style != BODY else group
            if not statement.read:
                continue
            turner = Turner.of(self.edition, statement)
            for case in statement.cases:
                yield from _turned(turner, statement, case, group, line=False)
            for cases in statement.lines:
                for case in cases:
                    yield from _turned(turner, statement, case, group, line=True)

    def best(self, candidates: Sequence[Candidate], text: Folded, group: str) -> Found | None:
        """The heaviest pattern that matches, its lists too where one does so.

        One that takes any text counts only under its own sub-heading.
        """
        first = None
        for candidate in candidates:
            if not candidate.weight and candidate.group != group:
                continue
            values = candidate.turned.match(text)
            if values is None or self.solved(candidate.statement, values) is None:
                continue
            if first and first[0].weight > candidate.weight:
                break
            if self._listed(Turner.of(self.edition, candidate.statement), values):
                return candidate, values
            first = first or (candidate, values)
        return first

    def slipped(self, candidates: Sequence[Candidate], text: str, group: str) -> tuple[Found | None, str]:
        """The pattern of a sentence that has one stray sign before its end, and the sentence without it."""
        body = text.rstrip(ENDS)
        if len(body) < LEAST or not body[-1].isalpha():
            return None, text
        told = [candidate for candidate in candidates if candidate.weight]
        found = self.best(told, fold(body[:-1]), group)
        if found is None:
            return None, text
        return found, body[:-1]

    def several(self, candidates: Sequence[Candidate], text: str, group: str, *, every: bool) -> list[str]:
        """The sentences of a paragraph that says several; none where not every, or hardly any, is known."""
        parts = list(split(text, JOINT))
        told = [candidate for candidate in candidates if candidate.weight]
        known = sum(self.best(told, fold(part), group) is not None for part in parts)
        return parts if len(parts) > 1 and known * (1 if every else 2) >= len(parts) else []

    def _listed(self, outer: Turner, values: Mapping[str, str]) -> bool:
        """Whether the entries of all lists are such as the lists declare."""
        for name, declared in (outer.lists or {}).items():
            turner = outer.within(declared)
            for entry in split(values.get(name, ""), declared.separator):
                found = entry_of(turner, declared, entry)
                if found is None or not self._listed(turner, found[2]):
                    return False
        return True

    # --- columns that a sum tells ---

    def solved(self, statement: StatementDeclaration, values: Mapping[str, str]) -> dict[str, str] | None:
        """The columns of the row that no slot names, but that a sum in the sentence tells.

        A slot that sums the rows of which a column equals one of this row (`行.项目名称 == 并入绩效表的项目`) is
        solved for that column; one whose number is none tells nothing. None where the said amount belongs to no name,
        or to several.
        """
        solved: dict[str, str] = {}
        declared = self.edition.tables.get(statement.each)
        for name in statement.let if declared and not declared.printed else ():
            node = self.edition.formula(statement.let[name], each=statement.each)
            link, said = _link(node), number(values.get(name, ""))
            if link and said is not None and link[2] not in values:
                found = self._names(statement.each, node, link, said)
                if len(found) != 1:
                    return None
                solved[link[2]] = found.pop()
        return solved

    def _names(self, each: str, node: Node, link: tuple[str, str, str], said: Decimal) -> set[str]:
        """The names for which a sum is the amount that was said."""
        table, column, own = link
        names = {row.text(column) for row in self.book[table].lines()} - {""}
        rows = {name: Row(name, "", None, {own: Cell(name)}) for name in names}
        scopes = {name: Scope(self.book, {"": (each, row)}) for name, row in rows.items()}
        return {name for name, scope in scopes.items() if evaluate(node, scope).value == said}


def _turned(
    turner: Turner, statement: StatementDeclaration, case: Case, group: str, *, line: bool
) -> Iterator[Candidate]:
    for says in filter(None, (case.says, *case.reads)):
        turned = turner.turn(says, numbered="" if line else statement.numbered)
        yield Candidate(statement, case, turned, weight(says), line, group)


def entry_of(
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


def _link(node: Node) -> tuple[str, str, str] | None:
    """Of a sum over the rows of which one column equals a column of the row at hand: table and both columns."""
    match node:
        case Aggregate(
            variable=variable,
            source=RowSource(table=table),
            condition=Operation(
                sign="==",
                left=ColumnOf(variable=theirs, column=column),
                right=ColumnOf(variable="", column=own),
            ),
        ) if theirs == variable:
            return table, column, own
    return None
