"""The tables of both files side by side, and the charts of their largest movements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.comparison.figures import number, title
from budgetgen.comparison.listings.values import Bars, Opposed, Tone
from budgetgen.comparison.listings.words import (
    table_name,
)

if TYPE_CHECKING:
    from decimal import Decimal

    from budgetgen.comparison.values import (
        Changes,
        Pair,
        TableView,
    )


MOST_BARS = 10
"""How many lines of a table are drawn."""
SHORT_NAME = 16


def opposed(changes: Changes) -> tuple[Opposed, ...]:
    """The printed tables side by side, in the order of the new format; empty ones are left out."""
    shown = (_opposed(changes, view) for view in changes.tables)
    return tuple(table for table in shown if table.lines)


def _opposed(changes: Changes, view: TableView) -> Opposed:
    columns = tuple(c for c in view.columns if any(any(_amounts(p, c)) for p in view.pairs))
    lines, keys = [], []
    for pair in view.pairs:
        figures = tuple((old, new, new - old) for c in columns for old, new in (_amounts(pair, c),))
        if any(old or new for old, new, _ in figures):
            lines.append((_named(changes, view.name, pair), figures, _tone(figures)))
            keys.append(pair.shown.key)
    return Opposed(view.name, table_name(changes.new, view.name), columns, tuple(lines), tuple(keys))


def _amounts(pair: Pair, column: str) -> tuple[Decimal, Decimal]:
    old, new = pair.cells(column)
    return number(old.value), number(new.value)


def _named(changes: Changes, table: str, pair: Pair) -> str:
    side = changes.new if pair.new else changes.old
    return title(side.edition, table, pair.shown)


def _tone(figures: tuple[tuple[Decimal, Decimal, Decimal], ...]) -> Tone:
    if not any(change for _, _, change in figures):
        return Tone.PLAIN
    if not any(old for old, _, _ in figures):
        return Tone.CAME
    return Tone.NOTE if any(new for _, new, _ in figures) else Tone.WENT


def charts(changes: Changes) -> tuple[Bars, ...]:
    """The largest movements of the tables that the format has drawn."""
    drawn = []
    for table in changes.new.edition.review.charts:
        moved = [one for one in changes.movements() if one.table == table][:MOST_BARS]
        if moved:
            title = f"{table_name(changes.new, table)}：变动最大的 {len(moved)} 行（万元）"
            labels = tuple(short(one.name) for one in moved)
            drawn.append(Bars(title, labels, tuple(o.old for o in moved), tuple(o.new for o in moved)))
    return tuple(drawn)


def short(name: str) -> str:
    """A name that fits beside a bar."""
    return name if len(name) <= SHORT_NAME else name[: SHORT_NAME - 1] + "…"
