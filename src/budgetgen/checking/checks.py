"""Checking a derived Book: every relation, and the rules that are no formulas."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.book.figures import with_figures
from budgetgen.book.relations import instances
from budgetgen.book.reviewed import without_marks
from budgetgen.book.spots import spot
from budgetgen.book.verdicts import State, judge, repeats
from budgetgen.checking.formulas import DIFFERS, ShownFormulas
from budgetgen.checking.money import money_unit
from budgetgen.checking.rules import RULES, complaints
from budgetgen.checking.unread import Unread
from budgetgen.edition.declarations import COMPUTED
from budgetgen.formula.evaluation import Scope, evaluate, kind_of, matching
from budgetgen.formula.nodes import Aggregate, Call, CellOf, ColumnOf, Constant, Node, Operation, walk
from budgetgen.saying.phrasing import Frame, Phrasing
from budgetgen.values.addresses import parted
from budgetgen.values.amounts import Amount
from budgetgen.values.findings import Finding, Severity, Spot
from budgetgen.values.patterns import slots
from budgetgen.values.places import SheetPlace, cells_of
from budgetgen.values.sayings import ONLY, listed, saying
from budgetgen.values.sides import RelationSide, SideTerm

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from budgetgen.book.relations import Relation
    from budgetgen.book.verdicts import Verdict
    from budgetgen.edition.declarations import Edition, Rule
    from budgetgen.formula.evaluation import Reference
    from budgetgen.values.model import Book, Row
    from budgetgen.values.sayings import Field, Stated

NUMERIC = frozenset({"money", "number", "count", "percent"})
WHOLE = frozenset({"text-unsaid"})
"""The rules that look at the whole document: while something is unread they would tell what follows from that."""
AHEAD = "edition-ahead"
"""The rule that tells that another year's format stands in."""
NAMES = frozenset({"item-variant", "unit-variant"})
"""The rules that hold names against those of all tables."""


def check(
    book: Book, edition: Edition, read: Iterable[Finding] = (), *, only: str = ""
) -> tuple[Finding, ...]:
    """All findings on a derived Book, in the order of the rules; the same complaint once.

    Args:
        book: derived.
        edition: its format.
        read: the findings of reading: what could not be read is complained of once, not again by what follows.
        only: the id of the rule that is asked for; by default all are.
    """
    read = tuple(read)
    unread = Unread.of(book, edition, read)
    found = [*(ahead(book, edition) if only in {"", AHEAD} else ()), *_relations(book, edition, unread, only)]
    known = tuple(_of_code(book, edition, unread, only))
    shown = [finding for finding in known if finding.rule == DIFFERS]
    found += [finding for finding in known if finding.rule != DIFFERS]
    found += ShownFormulas.of(book, edition, shown, read).told()
    return tuple(_together(dict.fromkeys(found)))


def _of_code(book: Book, edition: Edition, unread: Unread, only: str) -> Iterator[Finding]:
    """What the rules find that are no formulas."""
    if only and only not in RULES:
        return
    figured = unread.certain(without_marks(with_figures(book, edition), edition))
    for rule, (stated, spots) in complaints(figured, edition, only):
        if (rule not in WHOLE or unread.nothing) and (rule not in NAMES or unread.tables):
            finding = Finding.of(edition.rules[rule], stated, *spots)
            if not any(unread.speaks(s) for s in finding.spots[:1]) and not unread.doubts(finding):
                yield finding


def ahead(book: Book, edition: Edition) -> Iterator[Finding]:
    """That the format of the year is not known yet, and which stands in for it."""
    settings, house = edition.edition, edition.house
    row = book[house.about].get(house.year)
    if settings.ahead:
        told = saying(年=settings.year, 暂按=settings.ahead)
        spots = (spot(edition, house.about, row, house.value),) if row else ()
        yield Finding.of(edition.rules[AHEAD], told, *spots)


def _together(found: Iterable[Finding]) -> Iterator[Finding]:
    """What several rows of a table break alike is told once, with all their cells."""
    groups: dict[tuple[str, tuple[Stated, ...], str], list[Finding]] = {}
    for finding in found:
        table = finding.spots[0].table if finding.spots else ""
        groups.setdefault((finding.rule, finding.said, table), []).append(finding)
    for same in groups.values():
        spots = (spot for finding in same for spot in finding.spots)
        yield replace(same[0], spots=tuple(dict.fromkeys(spots))) if len(same) > 1 else same[0]


# --- relations ----------------------------------------------------------------------------------------------


def _relations(book: Book, edition: Edition, unread: Unread, only: str) -> Iterator[Finding]:
    for relation, scope in instances(book, edition, only):
        if not unread.touches(relation, scope) and (finding := complaint(relation, scope, edition)):
            yield finding


def complaint(relation: Relation, scope: Scope, edition: Edition) -> Finding | None:
    """What is said of a relation there; None where it holds, or where it only repeats what is said of its lines."""
    if repeats(relation, scope, edition):
        return None
    if judge(relation, scope).state in {State.HOLDS, State.BLANK}:
        return None
    scope = scope.noting()
    verdict = judge(relation, scope)
    if relation.compared is None:
        return _required(relation, scope, edition)
    return _differing(relation.rule, relation.compared, verdict, scope, edition)


def _differing(rule: Rule, compared: Operation, verdict: Verdict, scope: Scope, edition: Edition) -> Finding:
    """Both sides with their figures, and by how much they differ."""
    spots = _amount_first(scope, edition)
    stated = both_sides(compared, verdict, scope, edition)
    if verdict.state is State.TAIL:
        tail = (saying("tail", 两边=stated).worded(edition.stating),)
        return Finding(rule.id, Severity.NOTE, tail, "", rule.basis, spots, verdict.difference, tail=True)
    both = (stated.worded(edition.stating),)
    return Finding(rule.id, rule.severity, both, rule.fix, rule.basis, spots, verdict.difference)


def both_sides(compared: Operation, verdict: Verdict, scope: Scope, edition: Edition) -> Stated:
    """The row at hand, both sides of a comparison with their figures, and by how much they differ."""
    sides = _Sides(scope, edition)
    amount = Amount(verdict.difference, kind_of(compared.left), money_unit(scope.book, edition))
    return saying(
        "sides",
        行=saying("row", 名称=_called(scope.rows[""][1])) if scope.rows else None,
        左边=sides.side(compared.left),
        右边=sides.side(compared.right),
        差额=amount,
    )


def _required(relation: Relation, scope: Scope, edition: Edition) -> Finding:
    """What a condition asks for, in the words of its rule."""
    rule = relation.rule
    own = _own_spots(relation, scope, edition) or _spots(scope.read, edition)
    phrasing, frame = Phrasing(edition, scope.book), Frame(Scope(scope.book, scope.rows), relation.table)
    stated = saying(**{slot: phrasing.slot(slot, frame) for slot in slots(rule.message)})
    return Finding(rule.id, rule.severity, (stated.worded({ONLY: rule.message}),), rule.fix, rule.basis, own)


def _own_spots(relation: Relation, scope: Scope, edition: Edition) -> tuple[Spot, ...]:
    """The cells of the row at hand that the relation names."""
    if "" not in scope.rows:
        return ()
    table, row = scope.rows[""]
    read = [r for r in scope.read if r.row is row]
    if isinstance(relation.node, ColumnOf):
        columns = [relation.node.column]
    else:
        columns = [r.column for r in read] or _named_columns(relation.node, row)
    return tuple(spot(edition, table, row, column) for column in dict.fromkeys(columns))


def _named_columns(node: Node, row: Row) -> list[str]:
    """The filled cells of a row that a relation names, which only compares others with them; else its first.

    Those that stand somewhere come first; what a sentence told stands in no cell of its own.
    """
    own = [inner.column for inner in walk(node) if isinstance(inner, ColumnOf) and not inner.variable]
    placed, filled = [c for c in row.cells if row[c].place], [c for c in own if row.text(c)]
    return [column for column in filled if column in placed] or placed[:1] or filled[:1]


def _spots(read: Iterable[Reference], edition: Edition) -> tuple[Spot, ...]:
    return tuple(dict.fromkeys(_read_spot(r, edition) for r in read if r.table not in COMPUTED))


def _amount_first(scope: Scope, edition: Edition) -> tuple[Spot, ...]:
    """The cells read; where the first is a code or name, an amount of the same row stands before it."""
    spots = _spots(scope.read, edition)
    kinds = [edition.kind(s.table, s.column, s.row) in NUMERIC for s in spots]
    if not spots or kinds[0] or not any(kinds):
        return spots
    amounts = [s for s, number in zip(spots, kinds, strict=True) if number]
    own = [s for s in amounts if (s.table, s.row) == (spots[0].table, spots[0].row)]
    first = (own or amounts)[0]
    return first, *(s for s in spots if s != first)


def _called(row: Row) -> str:
    """How a row is called; one that nothing names by its number in the sheet."""
    numbered = isinstance(row.place, SheetPlace) and re.fullmatch(r"第\d+行", row.key)
    return f"第{parted(cells_of(row.place))[1]}行" if numbered else row.key


def _read_spot(read: Reference, edition: Edition) -> Spot:
    kind = edition.kind(read.table, read.column, read.key)
    return Spot.at(read.table, read.key, read.column, read.cell, kind)


# --- the sides of a relation ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sides:
    """Makes the sides of a relation at the rows at hand.

    Attributes:
        scope: where they are worked out.
        edition: the format.
    """

    scope: Scope
    edition: Edition

    def side(self, node: Node) -> RelationSide:
        """A side with its terms; blanks and zeros of a sum are left out."""
        terms = [self._term(sign, term) for sign, term in _summed(node)]
        if isinstance(node, Operation):
            filled = [term for term in terms if term.value is not None]
            terms = [term for term in filled if _weighs(term)] or filled[:1]
        return RelationSide(tuple(terms), self._worked(node)[0])

    def _term(self, sign: str, node: Node) -> SideTerm:
        """What a term is called, what it comes to and from which cells; a number that the rule itself gives, as it is."""
        value, read = self._worked(node)
        if isinstance(node, Constant):
            return SideTerm(None, replace(value, kind="count") if isinstance(value, Amount) else value, sign)
        rows = isinstance(node, Aggregate) and node.function == "个数"
        return SideTerm(self._name(node), value, sign, rows, _spots(read, self.edition))

    def _worked(self, node: Node) -> tuple[Amount | str | None, Sequence[Reference]]:
        """What a part of a side comes to, and the cells that it is worked from."""
        quiet = Scope(self.scope.book, self.scope.rows, self.scope.fetch)
        value = evaluate(node, quiet).value
        if isinstance(value, Decimal):
            return Amount(value, kind_of(node), money_unit(self.scope.book, self.edition)), quiet.read
        return str(value) if value else None, quiet.read

    def _name(self, node: Node) -> Field:
        """How a term is called: a column of the row at hand by its name, another cell with table and row."""
        match node:
            case ColumnOf(column=column):
                return column
            case CellOf(table=table, column=column):
                return f"{table}[{self._worked(node)[1][-1].key}].{column}"
            case Aggregate():
                return self._rows(node)
            case Call(function=function, arguments=arguments):
                return listed((*map(self._name, arguments), function), "")
            case Operation():
                return saying("worked")
        return ""

    def _rows(self, node: Aggregate) -> Stated:
        """What is counted, or added up and how many of them."""
        if node.element is None:
            return saying("counted", 表=node.source.table)
        whose = saying("below") if node.source.children else node.source.table
        column = node.element.column if isinstance(node.element, ColumnOf) else saying("amount")
        return saying("added", 谁的=whose, 列=column, 行数=len(list(matching(node, self.scope))))


def _summed(node: Node, sign: str = "+") -> Iterator[tuple[str, Node]]:
    """The terms of a sum with their signs."""
    if isinstance(node, Operation) and node.sign in "+-":
        yield from _summed(node.left, sign)
        yield from _summed(node.right, sign if node.sign == "+" else "-" if sign == "+" else "+")
    else:
        yield sign, node


def _weighs(term: SideTerm) -> bool:
    """Whether a term says anything: a zero does not."""
    return bool(term.value.value if isinstance(term.value, Amount) else term.value)
