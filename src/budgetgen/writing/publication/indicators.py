"""The indicators of a performance table, each row in full: who hears or sums them does not see what stands above."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition, PerformanceTable


def merged_columns(declared: PerformanceTable, edition: Edition) -> frozenset[str]:
    """The columns in which the document leaves blank what the row above says."""
    return frozenset(c.name for c in edition.tables[declared.indicators].main.columns if c.merge)


def in_full(rows: Sequence[Mapping[str, str]], merged: Collection[str]) -> Iterator[Mapping[str, str]]:
    """The rows, with what the document leaves blank in these columns."""
    above: Mapping[str, str] = {}
    for row in rows:
        above = {name: text or above.get(name, "") if name in merged else text for name, text in row.items()}
        yield above
