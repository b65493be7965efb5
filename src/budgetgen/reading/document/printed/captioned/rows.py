"""The rows of a table without rules: where labels, codes and amounts stand, with the names beside each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

from budgetgen.reading.document.printed.captioned.heads import MOST, WAYS
from budgetgen.reading.document.printed.captioned.placed import (
    LEVEL,
    left_of,
    levels_of,
    line_of,
    right_of,
    stacked_near,
    uncut,
)
from budgetgen.reading.headers import counting_signs
from budgetgen.reading.tables import row_names
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from budgetgen.edition.declarations import Block, Edition
    from budgetgen.reading.document.blocks import PlacedText
    from budgetgen.reading.document.printed.captioned.heads import HeadedColumn

LONGEST: Final = 40
"""How many lines any other cell takes."""
CLEARLY: Final = 0.85
"""How far lines of a cell are apart at most, measured by how far rows are."""
MARGINS: Final = 1.5
"""How wide, in the size of the signs, the margins of two cells beside each other are together at most."""


@dataclass(frozen=True)
class CaptionedRows:
    """The rows of the blocks of a table.

    Attributes:
        edition: the format.
        columns: from the left.
        totals: what rows of totals are called.
    """

    edition: Edition
    columns: tuple[HeadedColumn, ...]
    totals: frozenset[str]

    def of(self, block: Block, held: Mapping[int, Sequence[PlacedText]]) -> list[dict[int, str]] | None:
        """The rows of a block: the text of each column."""
        columns = self.columns
        label = next((n for n in held if columns[n].leaf.type == "label"), None)
        if label is not None and block.rows:
            return self._labelled(block, held, label)
        return self._anchored(held)

    def _labelled(
        self, block: Block, held: Mapping[int, Sequence[PlacedText]], label: int
    ) -> list[dict[int, str]] | None:
        """The rows of labels of the format, whatever lines each takes, with what stands beside each."""
        groups = self._parted(block, [line_of(level) for level in levels_of(held[label])])
        if groups is None:
            return None
        rows: list[dict[int, str]] = [{label: "".join(part.text for part in group)} for group in groups]
        for n, parts in held.items():
            for part in parts if n != label else ():
                beside = [
                    at
                    for at, group in enumerate(groups)
                    if group[0].height - LEVEL * part.size
                    <= part.height
                    <= group[-1].height + LEVEL * part.size
                ]
                if not beside and self.columns[n].leaf.names <= counting_signs(self.edition):
                    continue  # it counts a row of which nothing else is printed
                if len(beside) != 1 or n in rows[beside[0]]:
                    return None
                rows[beside[0]][n] = part.text
        return rows

    def _parted(self, block: Block, lines: Sequence[PlacedText]) -> list[Sequence[PlacedText]] | None:
        """Lines as labels of the format, in the one way that there is."""
        names, totals = self.edition.once(row_names)[id(block)], self.totals
        ways: list[list[list[Sequence[PlacedText]]]] = [[[]]]
        for end in range(1, len(lines) + 1):
            own: list[list[Sequence[PlacedText]]] = []
            for begin in range(max(0, end - MOST), end):
                group = lines[begin:end]
                said = caption("".join(part.text for part in group))
                near = all(stacked_near(a, b) for a, b in pairwise(group))
                if ways[begin] and near and (names.rows(said) or said in totals):
                    own += [[*way, group] for way in ways[begin]]
            ways.append(own[:WAYS])
        return ways[-1][0] if len(ways[-1]) == 1 else None

    def _anchored(self, held: Mapping[int, Sequence[PlacedText]]) -> list[dict[int, str]] | None:
        """The rows in which amounts, codes or totals stand, with the names beside each."""
        columns = self.columns
        exact = {n for n in held if columns[n].leaf.type not in {"name", "item", "text", "label", "choice"}}
        held = {n: uncut(parts) if n in exact else parts for n, parts in held.items()}
        firm = [p for n, parts in held.items() for p in parts if n in exact or caption(p.text) in self.totals]
        anchors = levels_of(firm)
        if any(
            below[0].height - above[-1].height < above[0].size * LEVEL for above, below in pairwise(anchors)
        ):
            return None
        rows: list[dict[int, str]] = [{} for _ in anchors]
        own = {part: at for at, anchor in enumerate(anchors) for part in anchor}
        for n, parts in held.items():
            lines = parts if n in exact else [line_of(level) for level in levels_of(parts)]
            groups = _by_row(lines, own, len(anchors)) if n in exact else _divided(lines, anchors)
            if groups is None or (n not in exact and not self._wrapped(n, groups, anchors)):
                return None
            if n in exact and any(len(group) > 1 for group in groups):
                return None
            for row, group in zip(rows, groups, strict=True):
                row[n] = "".join(part.text for part in group)
        return rows

    def _wrapped(
        self, n: int, groups: Sequence[Sequence[PlacedText]], anchors: Sequence[Sequence[PlacedText]]
    ) -> bool:
        """Whether several lines are surely one cell, and none of them a row without amounts.

        The amounts stand between them, or they are clearly closer than rows, or the one above has no room for more.
        """
        banded = len({part.band for anchor in anchors for part in anchor}) == len(anchors) > 1
        filled = [group for group in groups if group]
        if banded or not filled:
            return True
        lines = [line for group in filled for line in group]
        rows = min((b[0].top - a[-1].top for a, b in pairwise(filled)), default=0.0)
        edge = self._edge(n, lines)
        return all(
            above.height + LEVEL * above.size < anchor[0].height < below.height - LEVEL * below.size
            or below.top - above.top < CLEARLY * rows
            or above.x1 + below.size > edge
            for group, anchor in zip(groups, anchors, strict=True)
            for above, below in pairwise(group)
        )

    def _edge(self, n: int, lines: Sequence[PlacedText]) -> float:
        """Where a column of names ends: as far right of the middle of its caption as names begin left of it.

        Where it is not seen that they begin below each other, the next column tells it.
        """
        left, right, head = left_of(lines), right_of(lines), self.columns[n].head
        ragged = any(p.x1 < right - p.size and abs(p.x0 - left) <= LEVEL * p.size for p in lines)
        if ragged and head.x0 > left + LEVEL * head.parts[0].size:
            return 2 * head.middle - left
        after = (column.head.x0 for column in self.columns[n + 1 :])
        return next(after, float("inf")) - MARGINS * head.parts[0].size


def _by_row(parts: Iterable[PlacedText], own: Mapping[PlacedText, int], count: int) -> list[list[PlacedText]]:
    """Texts by the numbers of their rows."""
    found: list[list[PlacedText]] = [[] for _ in range(count)]
    for part in parts:
        found[own[part]].append(part)
    return found


def _divided(
    lines: Sequence[PlacedText], anchors: Sequence[Sequence[PlacedText]]
) -> list[list[PlacedText]] | None:
    """The lines of a column by the rows that they belong to, in the one way that there is; None where there is none.

    They stand in the middle of their row, or begin with it; where rules part the rows, between these.
    """
    bands = [{part.band for part in anchor} for anchor in anchors]
    if len(set().union(*bands)) == len(anchors) > 1 and all(len(band) == 1 for band in bands):
        groups = [[line for line in lines if {line.band} == band] for band in bands]
        return groups if sum(map(len, groups)) == len(lines) else None
    heights = [median(part.height for part in anchor) for anchor in anchors]
    ways = [way for middle in (True, False) if (way := _one_way(lines, heights, middle=middle)) is not None]
    return ways[0] if ways and all(way == ways[0] for way in ways) else None


def _one_way(
    lines: Sequence[PlacedText], heights: Sequence[float], *, middle: bool
) -> list[list[PlacedText]] | None:
    """Lines by their rows, in whose middle they stand, or at whose head; None where there is no such way or several."""
    ways: dict[int, list[list[list[PlacedText]]]] = {0: [[]]}
    for above, height, below in zip(
        (float("-inf"), *heights), heights, (*heights[1:], float("inf")), strict=False
    ):
        more: dict[int, list[list[list[PlacedText]]]] = defaultdict(list)
        for begin, own in ways.items():
            for end in range(begin, min(begin + LONGEST, len(lines)) + 1):
                group = list(lines[begin:end])
                if group and not _goes_on(group, above, below):
                    break
                if not group or _stands(group, height, middle=middle):
                    more[end] += [[*way, group] for way in own]
        ways = {end: own[:WAYS] for end, own in more.items()}
    whole = ways.get(len(lines), [])
    return whole[0] if len(whole) == 1 else None


def _stands(group: Sequence[PlacedText], height: float, *, middle: bool) -> bool:
    """Whether the lines of a cell stand in the middle of a row, or begin with it."""
    place = (group[0].height + group[-1].height) / 2 if middle else group[0].height
    return abs(place - height) <= LEVEL * group[0].size


def _goes_on(group: Sequence[PlacedText], above: float, below: float) -> bool:
    """Whether a line may be the last of a cell so far: near the one above, and reaching to no row beside its own."""
    slack = LEVEL * group[0].size
    near = len(group) == 1 or stacked_near(group[-2], group[-1])
    return near and above + slack < group[0].height and group[-1].height < below - slack
