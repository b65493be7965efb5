"""The indicators of a performance table, each row in full: who hears or sums them does not see what stands above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.values.repeats import in_full

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition, PerformanceTable


def merged_columns(declared: PerformanceTable, edition: Edition) -> Sequence[str]:
    """The columns in which the document leaves blank what the row above says, from left to right."""
    return [c.name for c in edition.tables[declared.indicators].main.columns if c.merge]


def rows_in_full(rows: Sequence[Mapping[str, str]], merged: Sequence[str]) -> Iterator[Mapping[str, str]]:
    """The rows, with what the document leaves blank in these columns."""
    above: Mapping[str, str] = {}
    for row in rows:
        above = in_full(merged, {name: text or None for name, text in row.items()}, above)
        yield {**row, **above}
