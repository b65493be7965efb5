"""Checking a derived Book: every relation, and the rules that are no formulas."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.amounts import YUAN_PER_UNIT, plain, tolerance
from budgetgen.checking.rules import RULES, spot, text_of, told_rule
from budgetgen.checking.unread import Unread
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
from budgetgen.relations import instances

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from budgetgen.declarations import Edition
    from budgetgen.expressions import Reference, Result
    from budgetgen.model import Book
    from budgetgen.relations import Relation

SIDES = frozenset({"==", ">=", "<="})
WAN = "万元"
"""The unit of money where a workbook names none, and of every document."""


def check(book: Book, edition: Edition, read: Iterable[Finding] = ()) -> tuple[Finding, ...]:
    """All findings on a derived Book, in the order of the rules; the same complaint once.

    Args:
        book: derived.
        edition: its format.
        read: the findings of reading: what could not be read is complained of once, not again by what follows.
    """
    figured = with_figures(book, edition)
    unread = Unread.of(book, edition, read)
    found = list(_relations(book, edition, unread))
    for rule, run in RULES.items():
        told = (told_rule(edition.rules[rule], *complaint) for complaint in run(figured, edition))
        found += [finding for finding in told if not any(unread.holds(s.place) for s in finding.spots[:1])]
    return tuple(dict.fromkeys(found))


# --- relations ----------------------------------------------------------------------------------------------


def _relations(book: Book, edition: Edition, unread: Unread) -> Iterator[Finding]:
    for relation, scope in instances(book, edition):
        if silent(relation, scope, edition) or unread.touches(relation, scope):
            continue
        finding = (
            compare(relation, scope, edition) if _has_sides(relation) else _require(relation, scope, edition)
        )
        if finding:
            yield finding


def _has_sides(relation: Relation) -> bool:
    return isinstance(relation.node, Operation) and relation.node.sign in SIDES and not relation.rule.message


def silent(relation: Relation, scope: Scope, edition: Edition) -> bool:
    """A sum row of which nothing was given repeats what its lines say, and is not complained of again."""
    row = scope.rows[""][1] if scope.rows else None
    if row is None or row.line or relation.rule.rows == "sums":
        return False
    return not any(row[column].given for column in edition.tables[relation.table].measures())


def compare(relation: Relation, scope: Scope, edition: Edition) -> Finding | None:
    """What is wrong with an equation or inequality there; None where it holds."""
    node = relation.node
    assert isinstance(node, Operation)  # noqa: S101 - _has_sides has seen to it
    left, right = evaluate(node.left, scope), evaluate(node.right, scope)
    difference = _number(left) - _number(right)
    if _fits(node.sign, difference, Decimal(0)):
        return None
    rule, spots, unit = relation.rule, _spots(scope.read, edition), unit_of(scope.book, edition)
    row = f"“{scope.rows[''][1].key}”：" if scope.rows else ""
    sides = f"{told(node.left, scope, unit)} | {told(node.right, scope, unit)}"
    message = f"{row}{sides} | 差 {in_unit(difference, kind_of(node.left), unit)}"
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


def told(node: Node, scope: Scope, unit: str = WAN) -> str:
    """A side of a relation with its figures: `基本支出 6.00 + 项目支出 4.00 = 10.00`; blank terms are left out."""
    if not isinstance(node, Operation):
        return f"{_name(node, scope)} {_value(node, scope, unit)}"
    terms = [(sign, term) for sign, term in _terms(node) if evaluate(term, _quiet(scope)).value is not None]
    words = "".join(f" {sign} {_name(term, scope)} {_value(term, scope, unit)}" for sign, term in terms)
    words = words.removeprefix(" + ").strip()
    return f"{words} = {_value(node, scope, unit)}" if len(terms) > 1 else words or "各项都空"


def unit_of(book: Book, edition: Edition) -> str:
    """The unit in which the amounts of a Book were given: 万元 where it does not say."""
    value = book.cell(edition.house.about, edition.house.money, edition.house.value).value
    return value if isinstance(value, str) and value in YUAN_PER_UNIT else WAN


def in_unit(value: Decimal, kind: str, unit: str) -> str:
    """A number as the clerk has it before them: money, in 万元 here, in the unit of the workbook."""
    if kind != "money" or unit == WAN:
        return plain(value, 0 if kind == "count" else 2)
    return f"{plain(value * YUAN_PER_UNIT[unit])} {unit}"


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


def _value(node: Node, scope: Scope, unit: str) -> str:
    value = evaluate(node, _quiet(scope)).value
    return in_unit(value, kind_of(node), unit) if isinstance(value, Decimal) else str(value or "空")


def _quiet(scope: Scope) -> Scope:
    """The same scope with an empty list of cells read."""
    return Scope(scope.book, scope.rows, scope.fetch)
