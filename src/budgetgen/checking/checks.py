"""Checking a derived Book: every relation, and the rules that are no formulas."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.book.figures import with_figures
from budgetgen.book.relations import instances
from budgetgen.book.spots import spot
from budgetgen.book.verdicts import State, judge, repeats
from budgetgen.checking.formulas import DIFFERS, ShownFormulas
from budgetgen.checking.money import in_unit, unit_of
from budgetgen.checking.rules import complaints
from budgetgen.checking.unread import Unread
from budgetgen.edition.declarations import COMPUTED
from budgetgen.formula.evaluation import Scope, evaluate, kind_of, matching
from budgetgen.formula.nodes import Aggregate, Call, CellOf, ColumnOf, Constant, Node, Operation, walk
from budgetgen.saying.phrasing import Frame, Phrasing
from budgetgen.values.amounts import WAN
from budgetgen.values.findings import Finding, Severity, Spot
from budgetgen.values.patterns import slots
from budgetgen.values.sayings import ONLY, saying

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from budgetgen.book.relations import Relation
    from budgetgen.book.verdicts import Verdict
    from budgetgen.edition.declarations import Edition, Rule
    from budgetgen.formula.evaluation import Reference
    from budgetgen.values.model import Book, Row
    from budgetgen.values.sayings import Stated

NUMERIC = frozenset({"money", "number", "count", "percent"})
WHOLE = frozenset({"text-unsaid"})
"""The rules that look at the whole document: while something is unread they would tell what follows from that."""
NAMES = frozenset({"item-variant", "unit-variant"})
"""The rules that hold names against those of all tables."""


def check(book: Book, edition: Edition, read: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """All findings on a derived Book, in the order of the rules; the same complaint once.

    Args:
        book: derived.
        edition: its format.
        read: the findings of reading: what could not be read is complained of once, not again by what follows.
    """
    read = tuple(read)
    unread = Unread.of(book, edition, read)
    figured = unread.certain(with_figures(book, edition))
    found = [*ahead(book, edition), *_relations(book, edition, unread)]
    told = (
        Finding.of(edition.rules[rule], stated, *spots)
        for rule, (stated, spots) in complaints(figured, edition)
        if (rule not in WHOLE or unread.nothing) and (rule not in NAMES or unread.tables)
    )
    known = [
        finding
        for finding in told
        if not any(unread.speaks(s) for s in finding.spots[:1]) and not unread.doubts(finding)
    ]
    shown = [finding for finding in known if finding.rule == DIFFERS]
    found += [finding for finding in known if finding.rule != DIFFERS]
    found += ShownFormulas.of(book, edition, shown, read).told()
    return tuple(_together(dict.fromkeys(found)))


def ahead(book: Book, edition: Edition) -> Iterator[Finding]:
    """That the format of the year is not known yet, and which stands in for it."""
    settings, house = edition.edition, edition.house
    row = book[house.about].get(house.year)
    if settings.ahead:
        told = saying(年=settings.year, 暂按=settings.ahead)
        spots = (spot(edition, house.about, row, house.value),) if row else ()
        yield Finding.of(edition.rules["edition-ahead"], told, *spots)


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


def _relations(book: Book, edition: Edition, unread: Unread) -> Iterator[Finding]:
    for relation, scope in instances(book, edition):
        if not unread.touches(relation, scope) and (finding := complaint(relation, scope, edition)):
            yield finding


def complaint(relation: Relation, scope: Scope, edition: Edition) -> Finding | None:
    """What is said of a relation there; None where it holds, or where it only repeats what is said of its lines."""
    if repeats(relation, scope, edition):
        return None
    verdict = judge(relation, scope)
    if verdict.state in {State.HOLDS, State.BLANK}:
        return None
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
    unit = unit_of(scope.book, edition)
    return saying(
        "sides",
        行=saying("row", 名称=_called(scope.rows[""][1])) if scope.rows else None,
        左边=told(compared.left, scope, unit),
        右边=told(compared.right, scope, unit),
        差额=in_unit(verdict.difference, kind_of(compared.left), unit),
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
    """The filled cells of a row that a relation names, which only compares others with them; else its first."""
    own = [inner.column for inner in walk(node) if isinstance(inner, ColumnOf) and not inner.variable]
    placed = [column for column in row.cells if row[column].place]
    return [column for column in own if column in placed and row.text(column)] or placed[:1]


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
    places = (cell.place for cell in row.cells.values() if cell.place)
    number = re.search(r"!\$?[A-Z]+\$?(\d+)$", next(places, ""))
    return f"第{number[1]}行" if number and re.fullmatch(r"第\d+行", row.key) else row.key


def _read_spot(read: Reference, edition: Edition) -> Spot:
    kind = edition.kind(read.table, read.column, read.key)
    return Spot.at(read.table, read.key, read.column, read.cell, kind)


# --- a formula in words -------------------------------------------------------------------------------------


def told(node: Node, scope: Scope, unit: str = WAN) -> str:
    """A side of a relation with its figures: `基本支出 6.00 + 项目支出 4.00 = 10.00`; blanks and zeros are left out."""
    if not isinstance(node, Operation):
        return _term(node, scope, unit)
    filled = [(sign, term) for sign, term in _terms(node) if evaluate(term, _quiet(scope)).value is not None]
    terms = [(sign, term) for sign, term in filled if evaluate(term, _quiet(scope)).value] or filled[:1]
    words = "".join(f" {sign} {_term(term, scope, unit)}" for sign, term in terms)
    words = words.removeprefix(" + ").strip()
    return f"{words} = {_value(node, scope, unit)}" if len(terms) > 1 else words or "各项都空"


def _terms(node: Node, sign: str = "+") -> Iterator[tuple[str, Node]]:
    """The terms of a sum with their signs."""
    if isinstance(node, Operation) and node.sign in "+-":
        yield from _terms(node.left, sign)
        yield from _terms(node.right, sign if node.sign == "+" else "-" if sign == "+" else "+")
    else:
        yield sign, node


def _term(node: Node, scope: Scope, unit: str) -> str:
    """What a term is called and what it comes to; a number that the rule itself gives, as it is."""
    if isinstance(node, Constant):
        return format(node.value.normalize(), "f") if isinstance(node.value, Decimal) else str(node.value)
    rows = " 行" if isinstance(node, Aggregate) and node.function == "个数" else ""
    return f"{_name(node, scope)} {_value(node, scope, unit)}{rows}"


def _name(node: Node, scope: Scope) -> str:
    """How a term is called: a column of the row at hand by its name, another cell with table and row."""
    match node:
        case ColumnOf(column=column):
            return column
        case CellOf(table=table, column=column):
            quiet = _quiet(scope)
            evaluate(node, quiet)
            return f"{table}[{quiet.read[-1].key}].{column}"
        case Aggregate():
            return _rows(node, scope)
        case Call(function=function, arguments=arguments):
            return f"{''.join(_name(part, scope) for part in arguments)}{function}"
        case Operation():
            return "算得"
    return ""


def _rows(node: Aggregate, scope: Scope) -> str:
    """What is counted, or added up and how many of them."""
    if node.element is None:
        return f"{node.source.table} 共"
    whose = "下级" if node.source.children else node.source.table
    column = node.element.column if isinstance(node.element, ColumnOf) else "金额"
    return f"{whose}各行{column}（{len(list(matching(node, scope)))} 行）"


def _value(node: Node, scope: Scope, unit: str) -> str:
    value = evaluate(node, _quiet(scope)).value
    return in_unit(value, kind_of(node), unit) if isinstance(value, Decimal) else str(value or "空")


def _quiet(scope: Scope) -> Scope:
    """The same scope with an empty list of cells read."""
    return Scope(scope.book, scope.rows, scope.fetch)
