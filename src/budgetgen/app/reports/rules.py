"""The rules of an edition, ordered by what they look at."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from budgetgen.formula.nodes import tables_named
from budgetgen.values.findings import NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from budgetgen.edition.declarations import Edition, Rule
    from budgetgen.values.findings import Severity

WITHOUT_FORMULA = "填写、文字和文件"
"""The group of the rules that are no formulas: they look at all sheets, or at the file."""
WIDEST = 34
"""Ids up to that many signs stand in a column."""


def groups(edition: Edition, severity: Severity | None = None) -> Mapping[str, tuple[Rule, ...]]:
    """The rules by the table that they look at first, in the order of the workbook; those without a formula last.

    Args:
        edition: the format.
        severity: only these; all by default.
    """
    chosen = [rule for rule in edition.rules.values() if severity in {None, rule.severity}]
    first = {rule.id: (*tables(rule, edition), WITHOUT_FORMULA)[0] for rule in chosen}
    names = [*edition.tables, *dict.fromkeys(first.values())]
    found = {name: tuple(rule for rule in chosen if first[rule.id] == name) for name in dict.fromkeys(names)}
    last = found.pop(WITHOUT_FORMULA, ())
    return {name: rules for name, rules in {**found, WITHOUT_FORMULA: last}.items() if rules}


def tables(rule: Rule, edition: Edition) -> tuple[str, ...]:
    """The tables that a rule looks at: whose rows it holds for, then those that its formula names."""
    each = rule.each or ("",)
    formulas = (
        [edition.formula(rule.holds, each=each[0], column=_column(rule, edition))] if rule.holds else []
    )
    named = [table for formula in formulas for table in tables_named(formula)]
    return tuple(dict.fromkeys(table for table in (*rule.each, *named) if table))


def _column(rule: Rule, edition: Edition) -> str:
    """What 各列 may stand for."""
    return next(iter(edition.tables[rule.each[0]].measures()), "") if rule.each else ""


def rules_list(edition: Edition, severity: Severity | None = None) -> str:
    """The list for the console: for each rule severity, id, title, and the other tables that it looks at."""
    found = groups(edition, severity)
    counts = Counter(rule.severity for rules in found.values() for rule in rules)
    told = "，".join(f"{name} {counts[level]} 条" for level, name in NAMES.items() if counts[level])
    lines = [f"{edition.edition.title}（{edition.id}）：规则 {counts.total()} 条，{told}。"]
    for table, rules in found.items():
        lines += ["", f"── {table} ──", *(_line(rule, table, edition) for rule in rules)]
    return "\n".join([*lines, "", "budgetgen explain 编号 说明一条规则核对什么、为什么、怎么改，并举例。"])


def _line(rule: Rule, table: str, edition: Edition) -> str:
    others = [name for name in tables(rule, edition) if name != table]
    more = f"（{'、'.join(others)}）" if others else ""
    return f"{NAMES[rule.severity]:　<3}　{rule.id:<{WIDEST}} {rule.title}{more}"
