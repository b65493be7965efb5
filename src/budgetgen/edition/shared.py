"""What all formats share, made that of one format: its words, and without what it has no use for."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from budgetgen.edition.files import PLACES, SHAPES, entries, is_common, place_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

ROLES: Final = "roles"
"""`[roles]` of an edition: what the examples of rules speak of → what it is here; empty where there is none."""
EXAMPLES: Final = ("passes", "fails")
EVERY_FIGURE: Final = "{各指标}"
"""Stands in an example for each figure in turn whose earlier amount is typed."""
CONSOLIDATING: Final = "own"
"""What a format declares of consolidation where it is done at all."""


def fitting(data: Mapping[str, Any]) -> dict[str, Any]:
    """The declarations without what the format has no use for.

    Sheets of consolidation where none is done, approved figures of another kind of document or of tables that it
    does not have.
    """
    kept = dict(data)
    consolidation, control = kept.get("consolidation", {}), kept.get("control", {})
    if isinstance(consolidation, Mapping) and CONSOLIDATING not in consolidation:
        spare = set(_sheets(consolidation))
        if isinstance(tables := kept.get("table"), list):
            kept["table"] = [t for t in tables if _told(t, "name") not in spare or not is_common(t)]
        kept.pop("consolidation", None)
    if isinstance(control, Mapping):
        kept.pop("control", None)
        if control and control.get("kind") == _told(data.get("edition"), "kind"):
            own = {str(t.get("name")): set(_columns(t)) for t in entries(kept.get("table"))}
            kept["control"] = _having(control, own)
    return kept


def _told(declared: object, key: str) -> Any:
    """What a declaration says; nothing where it is none."""
    return declared.get(key) if isinstance(declared, Mapping) else None


def _sheets(consolidation: Mapping[str, Any]) -> Iterator[str]:
    """The sheets that only a format has that consolidates."""
    yield _told(consolidation.get("transfers"), "table")
    traces = consolidation.get("traces")
    yield from (_told(traces, key) for key in ("sources", "differences", "statuses"))


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


def misshapen(data: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with what is gone when the types of declarations are judged, with its place."""
    for top in (SHAPES, ROLES):
        told = data.get(top, {})
        if not isinstance(told, Mapping):
            yield f"{place_of(data, (top,))}{top}：应是一组“名称 = 内容”"
            continue
        kind, said = (str, "应是文字，写在引号里") if top == ROLES else (Mapping, "应是一组“名称 = 内容”")
        for name in (name for name, own in told.items() if name != PLACES and not isinstance(own, kind)):
            yield f"{place_of(data, (top, name), name)}{top}.{name}：{said}"


def cast(data: Mapping[str, Any]) -> dict[str, Any]:
    """The declarations with the examples of the common rules in the edition's own words.

    A rule that holds in every format has examples that speak of tables, columns and figures by what they are. Where a
    format has none of that kind, the rule stays and the example is left out.
    """
    told = data.get(ROLES)
    known = told if isinstance(told, Mapping) else {}
    roles = {name: own for name, own in known.items() if isinstance(own, str)}
    figures = tuple(_asked(data))
    rules = [_played(rule, roles, figures) for rule in entries(data.get("rule"))]
    return {**{key: value for key, value in data.items() if key != ROLES}, "rule": rules}


def _asked(data: Mapping[str, Any]) -> Iterator[str]:
    """The figures whose earlier amount is typed, on the first basis of comparison."""
    bases = entries(_told(data.get("comparisons"), "basis"))
    first = next((basis.get("name") for basis in bases), None)
    for figure in entries(data.get("figure")):
        typed = figure.get("compared") is not False and not (figure.get("each") or figure.get("prior"))
        if typed and figure.get("basis", first) == first:
            yield str(figure.get("id"))


def _played(rule: Mapping[str, Any], roles: Mapping[str, str], figures: Sequence[str]) -> Mapping[str, Any]:
    if not is_common(rule):
        return rule
    told = {name: _for_each(text, figures) for name in EXAMPLES if isinstance(text := rule.get(name), str)}
    words = {cell.strip() for text in told.values() for line in text.splitlines() for cell in line.split("|")}
    if any(roles.get(word) == "" for word in words):
        return {key: value for key, value in rule.items() if key not in EXAMPLES}
    return {**rule, **{name: _spoken(text, roles) for name, text in told.items()}}


def _for_each(text: str, figures: Sequence[str]) -> str:
    """An example with a line for each figure in place of the line that speaks of all."""
    lines = text.split("\n")
    every = (
        [line.replace(EVERY_FIGURE, figure) for figure in figures] if EVERY_FIGURE in line else [line]
        for line in lines
    )
    return "\n".join(chain.from_iterable(every))


def _spoken(text: str, roles: Mapping[str, str]) -> str:
    lines = ("|".join(_cell(cell, roles) for cell in line.split("|")) for line in text.split("\n"))
    return "\n".join(lines)


def _cell(cell: str, roles: Mapping[str, str]) -> str:
    own = roles.get(cell.strip())
    return cell if own is None else cell.replace(cell.strip(), own)
