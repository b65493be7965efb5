"""Which pattern a sentence was said by: every case of every statement of a section is a candidate."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.edition.declarations import BODY, FIGURES, FigureColumn
from budgetgen.formula.evaluation import Scope, evaluate
from budgetgen.formula.nodes import Aggregate, ColumnOf, Node, Operation, RowSource
from budgetgen.reading.document.narrative.meaning import Made, Understanding
from budgetgen.reading.document.narrative.naming import Entry, Naming
from budgetgen.reading.document.narrative.patterns import (
    ENDS,
    MARK,
    STOP,
    Turned,
    Turner,
    number,
    split,
    weight,
)
from budgetgen.values.model import Cell, Row
from budgetgen.values.patterns import pieces
from budgetgen.values.text import Folded, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from budgetgen.edition.declarations import Case, Edition, ListDeclaration, StatementDeclaration
    from budgetgen.values.model import Book

LEAST = 10
"""How long a sentence must be for a stray sign in it to be overlooked."""
LEAST_WORDED = 2
"""How many fixed signs a pattern must have to be recognised by the meaning."""
FEW, LIKE = 6, 2
"""With more signs than these, one in so many of a pattern's signs stands in what it may fit by the meaning."""


@dataclass(frozen=True)
class Candidate:
    """A pattern of a section.

    Attributes:
        statement: whose.
        case: which.
        turner: its scope.
        says: the pattern.
        weight: how many fixed signs it has: the heaviest match is the right one.
        line: which further paragraph of the statement it is; 0 for its first.
        group: id of the sub-heading that the statement stands under.
        outer: the table of the enclosing row.
    """

    statement: StatementDeclaration
    case: Case
    turner: Turner
    says: str
    weight: int
    line: int
    group: str
    outer: str = ""

    @cached_property
    def turned(self) -> Turned:
        """The pattern turned round."""
        return self.turner.turn(self.says, numbered="" if self.line else self.statement.numbered)

    @cached_property
    def _signs(self) -> frozenset[str]:
        """The signs that it has beside slots, without punctuation."""
        return frozenset(filter(str.isalnum, "".join(p for p in pieces(self.says) if isinstance(p, str))))

    def likely(self, text: Folded) -> bool:
        """Whether it is worth trying: of its signs some stand in the text, where it has more than a few."""
        shared = len(self._signs.intersection(text.form))
        return len(self._signs) <= FEW or shared * LIKE >= len(self._signs)

    def strange(self, *, marked: bool) -> bool:
        """Whether it takes any text, and one with a number or without as others do that take any: these are meant."""
        return not self.weight and marked != bool(self.statement.numbered)

    @property
    def loose(self) -> bool:
        """Whether it fits by the meaning: then the heaviest need not be the right one."""
        return isinstance(self.turner, Understanding)


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
    made: Made = field(default_factory=Made)

    @cached_property
    def naming(self) -> Naming:
        """The rows that sentences speak of."""
        return Naming(self.edition, self.book)

    def candidates(self, section: str, *, loose: bool = False) -> tuple[Candidate, ...]:
        """The patterns of a section, heaviest first.

        Args:
            section: its id.
            loose: those that fit by the meaning, of sentences that say more than free words.
        """
        found = self._candidates(section, loose=loose)
        least = LEAST_WORDED if loose else 0
        return tuple(sorted((c for c in found if c.weight >= least), key=lambda c: -c.weight))

    def _turner(self, statement: StatementDeclaration, *, loose: bool) -> Turner:
        if loose:
            return Understanding.among(self.naming, statement, self.made)
        return Turner.of(self.edition, statement)

    def _candidates(self, section: str, *, loose: bool) -> Iterator[Candidate]:
        group = ""
        for statement in self.edition.statement:
            if statement.section != section:
                continue
            group = statement.id if statement.style != BODY else group
            if not statement.read:
                continue
            turner = self._turner(statement, loose=loose)
            for case in statement.cases:
                yield from _turned(turner, statement, case, group, line=0)
            for line, cases in enumerate(statement.lines, start=1):
                for case in cases:
                    yield from _turned(turner, statement, case, group, line=line)

    def best(self, candidates: Sequence[Candidate], text: Folded, group: str) -> Found | None:
        """The heaviest pattern that matches, its lists too where one does so.

        One that takes any text counts only under its own sub-heading. An entry may have lost its number; a whole sentence
        without one is no entry of a numbered list where it may be something else.
        """
        first, marked = None, re.match(MARK, text.form) is not None
        told = marked or self._is_sentence(text.form)
        for candidate in (
            sorted(candidates, key=lambda one: one.strange(marked=marked)) if told else candidates
        ):
            if not candidate.weight and candidate.group != group:
                continue
            if candidate.loose and not candidate.likely(text):
                continue
            values = candidate.turned.match(text)
            if values is None or self.solved(candidate.statement, values) is None:
                continue
            if first and first[0].weight > candidate.weight and not candidate.loose:
                break
            found = candidate, unsigned(candidate.turner.edition, candidate.statement.each, values)
            if self.sure(found):
                return found
            first = first or found
        return first

    def _is_sentence(self, form: str) -> bool:
        """Whether a text is more than the name of an office, which may have a stop behind it."""
        return form.endswith(STOP) and not form.rstrip(STOP).endswith(self.edition.forms.offices)

    def sure(self, found: Found) -> bool:
        """Whether the row that a sentence names is known, and its lists are such as they are declared."""
        candidate, values = found
        told = candidate.line > 0 or known(self.naming, candidate.statement, candidate.turner, values)
        return told and self._listed(candidate.turner, values)

    def adds(
        self, outer: Turner, declared: ListDeclaration, before: str, text: str, added: str
    ) -> bool | None:
        """Whether all that a list names beyond what it named before is a row of its table.

        None where that tells nothing: it has no table, or all that was added is in the reason of an entry.
        """
        if declared.each not in {FIGURES, *self.naming.known.printed}:
            return None
        turner, plain = outer.within(declared), text.removesuffix(self.naming.edition.house.others)
        named, parts = (parts_of(self.naming, turner, declared, each) for each in (before, plain))
        found = [entry_of(self.naming, turner, declared, part) for part in parts if part not in named]
        rest = fold(added).form.rstrip(ENDS)
        if any(rest in fold(one[2].get(FigureColumn.REASON, "")).form for one in found if one):
            return None
        return all(
            one is not None and known(self.naming, declared, turner, one[2]) and self._listed(turner, one[2])
            for one in found
        )

    def slipped(self, candidates: Sequence[Candidate], text: str, group: str) -> tuple[Found | None, str]:
        """The pattern of a sentence that has one stray sign before its end, and the sentence without it."""
        body = text.rstrip(ENDS)
        if len(body) < LEAST or not body[-1].isalpha():
            return None, text
        told = [candidate for candidate in candidates if candidate.weight]
        found = self.best(told, fold(body[:-1]), group)
        if found is None or (found[0].loose and not self.sure(found)):
            return None, text
        return found, body[:-1]

    def _listed(self, outer: Turner, values: Mapping[str, str]) -> bool:
        """Whether the entries of all lists are such as the lists declare."""
        for name, declared in (outer.lists or {}).items():
            turner = outer.within(declared)
            for entry in parts_of(self.naming, turner, declared, values.get(name, "")):
                found = entry_of(self.naming, turner, declared, entry)
                if found is None or not known(self.naming, declared, turner, found[2]):
                    return False
                if not self._listed(turner, found[2]):
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
    turner: Turner, statement: StatementDeclaration, case: Case, group: str, *, line: int
) -> Iterator[Candidate]:
    for says in filter(None, (case.says, *case.reads)):
        yield Candidate(statement, case, turner, says, weight(says), line, group)


def entry_of(naming: Naming, turner: Turner, declared: ListDeclaration, entry: str) -> Entry | None:
    """The case of a list that an entry is said by, with what stood in its slots.

    One that names a row of the tables is rather meant than one that names nothing they have, and to the letter rather
    than by the meaning. Each entry is looked at by several, and its case is found once.
    """
    key = id(declared), turner.outer, isinstance(turner, Understanding), entry
    if key not in naming.entries:
        naming.entries[key] = _entry_of(naming, turner, declared, entry)
    return naming.entries[key]


def _entry_of(naming: Naming, turner: Turner, declared: ListDeclaration, entry: str) -> Entry | None:
    first = None
    for way in (turner.plain, turner) if isinstance(turner, Understanding) else (turner,):
        for found in _entries(way, declared, fold(entry)):
            if known(naming, declared, way, found[2]):
                return found
            first = first or found
    return first


def parts_of(naming: Naming, turner: Turner, declared: ListDeclaration, text: str) -> tuple[str, ...]:
    """The entries of a list; what is none by itself belongs to the one before, if that is one with it."""
    parts: list[str] = []
    for sign, part in split(text, declared.separator, naming.names):
        whole = f"{parts[-1]}{sign}{part}" if parts else ""
        if not whole or _is_entry(naming, turner, declared, part):
            parts.append(part)
        elif _is_entry(naming, turner, declared, whole):
            parts[-1] = whole
        else:
            parts.append(part)
    return tuple(parts)


def _is_entry(naming: Naming, turner: Turner, declared: ListDeclaration, text: str) -> bool:
    """Whether a text is an entry of a list, about a row that there is."""
    found = entry_of(naming, turner, declared, text)
    return found is not None and known(naming, declared, turner, found[2])


def _entries(turner: Turner, declared: ListDeclaration, entry: Folded) -> Iterator[Entry]:
    for case in declared.cases:
        for says in (case.says, *case.reads):
            turned = turner.turn(says)
            values = turned.match(entry)
            if values is not None:
                yield case, turned, unsigned(turner.edition, declared.each, values)


def known(
    naming: Naming,
    declared: StatementDeclaration | ListDeclaration,
    turner: Turner,
    values: Mapping[str, str],
) -> bool:
    """Whether the row of the numbered tables that is spoken of is there; true where it is of none of them."""
    tabled = declared.each in {FIGURES, *naming.known.printed}
    return not tabled or naming.row(declared, turner, values) is not None


def unsigned(edition: Edition, each: str, values: dict[str, str]) -> dict[str, str]:
    """What a sentence says of a change, without a sign: 增加-1.00万元 is 减少1.00万元."""
    if each != FIGURES:
        return values
    plain = dict(values)
    for amount, verb in (
        (FigureColumn.CHANGE, FigureColumn.DIRECTION),
        (FigureColumn.RATE, FigureColumn.TREND),
    ):
        told, said = number(values.get(amount, "")), values.get(verb, "")
        words = next((pair for pair in edition.verbs(verb) if said in pair), ())
        if told is not None and told < 0 and words:
            plain[amount] = values[amount].replace("-", "", 1)
            plain[verb] = words[1 - words.index(said)]
    return plain


def _link(node: Node) -> tuple[str, str, str] | None:
    """Of a sum over the rows of which one column equals a column of the row at hand: table and both columns."""
    match node:
        case Aggregate(variable=variable, source=RowSource(table=table), condition=condition) if condition:
            equal = (_equal(part, variable) for part in _conjuncts(condition))
            return next(((table, *columns) for columns in equal if columns), None)
    return None


def _conjuncts(condition: Node) -> Iterator[Node]:
    match condition:
        case Operation(sign="and", left=left, right=right):
            yield from _conjuncts(left)
            yield from _conjuncts(right)
        case _:
            yield condition


def _equal(condition: Node, variable: str) -> tuple[str, str] | None:
    match condition:
        case Operation(
            sign="==", left=ColumnOf(variable=theirs, column=column), right=ColumnOf(variable="", column=own)
        ) if theirs == variable:
            return column, own
    return None
