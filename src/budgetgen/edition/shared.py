"""What all formats share, made that of one format: its words, and without what it has no use for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from budgetgen.edition.files import entries, is_common

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

ROLES: Final = "roles"
"""`[roles]` of an edition: what the examples of rules speak of → what it is here; empty where there is none."""
EXAMPLES: Final = ("passes", "fails")
CONSOLIDATING: Final = "own"
"""What a format declares of consolidation where it is done at all."""


def fitting(data: Mapping[str, Any]) -> dict[str, Any]:
    """The declarations without what the format has no use for.

    Sheets of consolidation where none is done, approved figures of another kind of document or of tables that it
    does not have.
    """
    kept = {**data, "table": [*entries(data.get("table"))]}
    consolidation = kept.get("consolidation", {})
    if CONSOLIDATING not in consolidation:
        spare = set(_sheets(consolidation))
        kept["table"] = [t for t in kept["table"] if t.get("name") not in spare or not is_common(t)]
        kept.pop("consolidation", None)
    control = kept.pop("control", None)
    if control and control.get("kind") == data.get("edition", {}).get("kind"):
        kept["control"] = _having(control, {t.get("name"): set(_columns(t)) for t in kept["table"]})
    return kept


def _sheets(consolidation: Mapping[str, Any]) -> Iterator[str]:
    """The sheets that only a format has that consolidates."""
    yield consolidation.get("transfers", {}).get("table", "")
    traces = consolidation.get("traces", {})
    yield from (traces.get(key, "") for key in ("sources", "differences", "statuses"))


def _columns(table: Mapping[str, Any]) -> Iterator[str]:
    for block in entries(table.get("block")):
        yield from (column.get("name", "") for column in entries(block.get("columns")))


def _having(control: Mapping[str, Any], columns: Mapping[str, Collection[str]]) -> Mapping[str, Any]:
    """The approved figures, of those that all formats share those that the format has."""
    amounts = [
        amount
        for amount in entries(control.get("amount"))
        if not is_common(amount) or amount["figure"][1] in columns.get(amount["figure"][0], ())
    ]
    return {**control, "amount": amounts}


def cast(data: Mapping[str, Any]) -> dict[str, Any]:
    """The declarations with the examples of the common rules in the edition's own words.

    A rule that holds in every format has examples that speak of tables, columns and figures by what they are. Where a
    format has none of that kind, the rule stays and the example is left out.
    """
    roles = data.get(ROLES, {})
    rules = [_played(rule, roles) for rule in entries(data.get("rule"))]
    return {**{key: value for key, value in data.items() if key != ROLES}, "rule": rules}


def _played(rule: Mapping[str, Any], roles: Mapping[str, str]) -> Mapping[str, Any]:
    if not is_common(rule):
        return rule
    told = {name: text for name in EXAMPLES if isinstance(text := rule.get(name), str)}
    words = {cell.strip() for text in told.values() for line in text.splitlines() for cell in line.split("|")}
    if any(roles.get(word) == "" for word in words):
        return {key: value for key, value in rule.items() if key not in EXAMPLES}
    return {**rule, **{name: _spoken(text, roles) for name, text in told.items()}}


def _spoken(text: str, roles: Mapping[str, str]) -> str:
    lines = ("|".join(_cell(cell, roles) for cell in line.split("|")) for line in text.split("\n"))
    return "\n".join(lines)


def _cell(cell: str, roles: Mapping[str, str]) -> str:
    own = roles.get(cell.strip())
    return cell if own is None else cell.replace(cell.strip(), own)
