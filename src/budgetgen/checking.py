"""Checking a derived Book: every relation, and the rules that are no formulas."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.amounts import plain, tolerance
from budgetgen.declarations import COMPUTED
from budgetgen.expressions import (
    Aggregate,
    CellOf,
    ColumnOf,
    Constant,
    Node,
    Operation,
    Scope,
    evaluate,
    holds,
    kind_of,
)
from budgetgen.figures import with_figures
from budgetgen.findings import Finding, Severity, Spot
from budgetgen.phrasing import Phrasing
from budgetgen.relations import relations
from budgetgen.rules import RULES, spot, text_of, told_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from budgetgen.declarations import Edition
    from budgetgen.expressions import Reference, Result
    from budgetgen.model import Book, Row
    from budgetgen.relations import Relation

SIDES = frozenset({"==", ">=", "<="})


def check(book: Book, edition: Edition) -> tuple[Finding, ...]:
    """All findings on a derived Book, in the order of the rules; the same complaint once."""
    figured = with_figures(book, edition)
    found = [
        finding for relation in relations(edition) for finding in _check_relation(relation, book, edition)
    ]
    for rule, run in RULES.items():
        found += [told_rule(edition.rules[rule], *complaint) for complaint in run(figured, edition)]
    return tuple(dict.fromkeys(found))


# --- relations ----------------------------------------------------------------------------------------------


def _check_relation(relation: Relation, book: Book, edition: Edition) -> Iterator[Finding]:
    for row in relation.rows(book):
        scope = Scope(book, {"": (relation.table, row)} if row else {})
        if _silent(relation, row, edition) or not relation.applies(scope):
            continue
        finding = (
            _compare(relation, scope, edition) if _has_sides(relation) else _require(relation, scope, edition)
        )
        if finding:
            yield finding


def _has_sides(relation: Relation) -> bool:
    return isinstance(relation.node, Operation) and relation.node.sign in SIDES and not relation.rule.message


def _silent(relation: Relation, row: Row | None, edition: Edition) -> bool:
    """A sum row of which nothing was given repeats what its lines say, and is not complained of again."""
    if row is None or row.line or relation.rule.rows == "sums":
        return False
    return not any(row[column].given for column in edition.tables[relation.table].measures())


def _compare(relation: Relation, scope: Scope, edition: Edition) -> Finding | None:
    node = relation.node
    assert isinstance(node, Operation)  # noqa: S101 - _has_sides has seen to it
    left, right = evaluate(node.left, scope), evaluate(node.right, scope)
    difference = _number(left) - _number(right)
    if _fits(node.sign, difference, Decimal(0)):
        return None
    rule, spots = relation.rule, _spots(scope.read, edition)
    row = f"“{scope.rows[''][1].key}”：" if scope.rows else ""
    message = f"{row}{told(node.left, scope)} | {told(node.right, scope)} | 差 {plain(difference)}"
    if _fits(node.sign, difference, tolerance(left.terms + right.terms)):
        return Finding(
            rule.id, Severity.NOTE, f"{message}（尾差）", "", rule.basis, spots, difference, tail=True
        )
    return Finding(rule.id, rule.severity, message, rule.fix, rule.basis, spots, difference)


def _fits(sign: str, difference: Decimal, slack: Decimal) -> bool:
    return {"==": abs(difference) <= slack, ">=": difference >= -slack, "<=": difference <= slack}[sign]


def _require(relation: Relation, scope: Scope, edition: Edition) -> Finding | None:
    if holds(relation.node, scope):
        return None
    rule = relation.rule
    own = _own_spots(relation, scope, edition) or _spots(scope.read, edition)
    message = Phrasing(edition, scope.book).text(
        rule.message, Scope(scope.book, scope.rows), each=relation.table
    )
    return Finding(rule.id, rule.severity, message, rule.fix, rule.basis, own)


def _own_spots(relation: Relation, scope: Scope, edition: Edition) -> tuple[Spot, ...]:
    """The cells of the row at hand that the relation names."""
    if "" not in scope.rows:
        return ()
    table, row = scope.rows[""]
    read = [r for r in scope.read if r.row is row]
    columns = [r.column for r in read] or [c for c in row.cells if row[c].place][:1]
    if isinstance(relation.node, ColumnOf):
        columns = [relation.node.column]
    return tuple(spot(edition, table, row, column) for column in dict.fromkeys(columns))


def _number(result: Result) -> Decimal:
    return result.value if isinstance(result.value, Decimal) else Decimal(0)


def _spots(read: Iterable[Reference], edition: Edition) -> tuple[Spot, ...]:
    return tuple(dict.fromkeys(_read_spot(r, edition) for r in read if r.table not in COMPUTED))


def _read_spot(read: Reference, edition: Edition) -> Spot:
    kind = edition.kind(read.table, read.column, read.key) or "text"
    return Spot(read.table, read.key, read.column, read.cell.place, text_of(read.cell, kind))


# --- a formula in words -------------------------------------------------------------------------------------


def told(node: Node, scope: Scope) -> str:
    """A side of a relation with its figures: `基本支出 6.00 + 项目支出 4.00 = 10.00`; blank terms are left out."""
    if not isinstance(node, Operation):
        return f"{_name(node, scope)} {_value(node, scope)}"
    terms = [(sign, term) for sign, term in _terms(node) if evaluate(term, _quiet(scope)).value is not None]
    words = "".join(f" {sign} {_name(term, scope)} {_value(term, scope)}" for sign, term in terms)
    words = words.removeprefix(" + ").strip()
    return f"{words} = {_value(node, scope)}" if len(terms) > 1 else words or "各项都空"


def _terms(node: Node, sign: str = "+") -> Iterator[tuple[str, Node]]:
    """The terms of a sum with their signs."""
    if isinstance(node, Operation) and node.sign in "+-":
        yield from _terms(node.left, sign)
        yield from _terms(node.right, sign if node.sign == "+" else "-" if sign == "+" else "+")
    else:
        yield sign, node


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
            quiet = _quiet(scope)
            evaluate(node, quiet)
            return f"{len(quiet.read)} 行之和"
        case Constant(value=value):
            return str(value)
    return ""


def _value(node: Node, scope: Scope) -> str:
    value = evaluate(node, _quiet(scope)).value
    least = 0 if kind_of(node) == "count" else 2
    return plain(value, least) if isinstance(value, Decimal) else str(value or "空")


def _quiet(scope: Scope) -> Scope:
    """The same scope with an empty list of cells read."""
    return Scope(scope.book, scope.rows, scope.fetch)
