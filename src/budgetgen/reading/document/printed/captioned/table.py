"""A table put together from the texts below its title: what stands in which column, and in which row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING

from budgetgen.reading.cells import Raw
from budgetgen.reading.document.printed.captioned.heads import CaptionedHeads
from budgetgen.reading.document.printed.captioned.placed import after, left_of, levels_of, right_of, strips_of
from budgetgen.reading.document.printed.captioned.rows import CaptionedRows
from budgetgen.reading.headers import numbers_columns
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.edition.declarations import Edition, TableDeclaration
    from budgetgen.reading.document.blocks import PlacedText
    from budgetgen.reading.document.printed.captioned.heads import HeadedColumn, PrintedCaption, PrintedHead


@dataclass(frozen=True)
class CaptionedTable:
    """What may be a table below its title.

    Attributes:
        edition: the format.
        table: which it is.
        parts: all texts below the title.
    """

    edition: Edition
    table: TableDeclaration
    parts: tuple[PlacedText, ...]

    def lines(self) -> list[list[str]] | None:
        """Its header, one line for each depth of captions, and its rows; None where it cannot be told."""
        rows = self._body() if self._head else None
        if rows is None:
            return None
        paths = [column.leaf.path for column in self._columns]
        return [*([path[n] if n < len(path) else "" for path in paths] for n in range(self.depth)), *rows]

    @property
    def depth(self) -> int:
        """How many lines its header has."""
        return max((len(column.leaf.path) for column in self._columns), default=0)

    @property
    def taken(self) -> frozenset[PlacedText]:
        """The texts that stand in it: all from its captions on."""
        return frozenset(self.parts) - frozenset(self._above)

    @cached_property
    def _above(self) -> list[PlacedText]:
        """What stands above it."""
        top = min((one.top for one in self._head.captions), default=0.0) if self._head else float("inf")
        first = self.parts[0].page if self.parts else 0
        return [part for part in self.parts if part.page == first and part.bottom <= top + 1]

    @property
    def _columns(self) -> tuple[HeadedColumn, ...]:
        return self._head.columns if self._head else ()

    @cached_property
    def _pages(self) -> list[tuple[PlacedText, ...]]:
        """What stands on each page; a header that the end of a page cuts, on the first."""
        pages = [tuple(own) for _, own in groupby(self.parts, key=lambda part: part.page)]
        if len(pages) > 1 and self._heads.on(pages[0]) is None:
            return [tuple(after(pages[0], pages[1])), *pages[2:]]
        return pages

    @cached_property
    def _heads(self) -> CaptionedHeads:
        return CaptionedHeads(self.edition, self.table)

    @cached_property
    def _head(self) -> PrintedHead | None:
        """The header on the first page; None where its columns can be told in no way or in several."""
        return self._heads.on(self._pages[0]) if self._pages else None

    def _body(self) -> list[list[str]] | None:
        """The rows; None where they cannot be told."""
        columns = self._columns
        own: list[PlacedText] = []
        for n, page in enumerate(self._pages):
            again = self._heads.on(page) if n else self._head
            if again and [c.leaf for c in again.columns] != [c.leaf for c in columns]:
                return None
            heads = {part for one in again.captions for part in one.parts} if again else set()
            left = [part for part in page if part not in heads and part not in self._above]
            own = after(own, self._uncounted(left))
        held = self._held(columns, own)
        if held is None:
            return None
        rows = CaptionedRows(self.edition, columns, self._heads.totals)
        sides = [
            rows.of(block, {n: held[n] for n, c in enumerate(columns) if c.leaf.block == index})
            for index, block in enumerate(self.table.block)
        ]
        if any(side is None for side in sides):
            return None
        return [
            [next((row[n] for row in line if row and row.get(n)), "") for n in range(len(columns))]
            for line in zip_longest(*filter(None, sides))
        ]

    def _uncounted(self, parts: Sequence[PlacedText]) -> list[PlacedText]:
        """Texts without a first row that numbers the columns."""
        rows = levels_of(parts)
        first = [Raw(part.text) for part in sorted(rows[0], key=lambda part: part.x0)] if rows else []
        return [part for row in rows[numbers_columns(self.edition, first) :] for part in row] if first else []

    def _held(
        self, columns: Sequence[HeadedColumn], parts: Sequence[PlacedText]
    ) -> list[list[PlacedText]] | None:
        """What stands in each column; None where that is not clear."""
        totals = [part for part in parts if caption(part.text) in self._heads.totals]
        strips = strips_of([part for part in parts if part not in totals])
        placed: dict[int, int] = {}
        for n, strip in enumerate(strips):
            over = [
                m
                for m, column in enumerate(columns)
                if min(column.head.x1, right_of(strip)) > max(column.head.x0, left_of(strip))
            ]
            if len(over) > 1:
                return None
            if over:
                placed[n] = over[0]
        if not self._place_rest(columns, strips, placed):
            return None
        held: list[list[PlacedText]] = [[] for _ in columns]
        for n, m in placed.items():
            if not columns[m].may_hold(strips[n]) and columns[m].leaf.type != "text":
                return None
            held[m] += strips[n]
        for part in totals:
            at = self._named(columns, part)
            if at is None:
                return None
            held[at].append(part)
        return held

    def _place_rest(
        self,
        columns: Sequence[HeadedColumn],
        strips: Sequence[Sequence[PlacedText]],
        placed: dict[int, int],
    ) -> bool:
        """Place what stands below no caption, where one way is left in which it may; whether that is so.

        All amounts stand on the same side of their captions.
        """
        if sorted(placed.values()) != [placed[n] for n in sorted(placed)] or len(set(placed.values())) < len(
            placed
        ):
            return False
        bare = [n for n in range(len(strips)) if n not in placed]
        for _, run in groupby(enumerate(bare), key=lambda pair: pair[1] - pair[0]):
            own = [n for _, n in run]
            first = max((m for n, m in placed.items() if n < own[0]), default=-1)
            last = min((m for n, m in placed.items() if n > own[-1]), default=len(columns))
            free = range(first + 1, last)
            ways = [way for way in _increasing(len(own), free) if _fits(way, own, columns, strips)]
            if len(ways) != 1:
                return False
            placed |= dict(zip(own, ways[0], strict=True))
        return True

    def _named(self, columns: Sequence[HeadedColumn], part: PlacedText) -> int | None:
        """The column that the name of a total belongs to: the nearest that holds names, whatever cells are merged."""
        naming = [m for m, c in enumerate(columns) if c.leaf.type in {"label", "name", "item"}]
        naming = naming or [m for m, c in enumerate(columns) if c.leaf.type in {"text", "code"}]
        return min(naming, key=lambda m: _apart(columns[m].head, part), default=None)


def _increasing(count: int, free: range) -> Iterator[tuple[int, ...]]:
    """All ways to give so many strips, from the left, a place each."""
    if not count:
        yield ()
        return
    for n in free:
        yield from ((n, *rest) for rest in _increasing(count - 1, range(n + 1, free.stop)))


def _fits(
    way: Sequence[int],
    own: Sequence[int],
    columns: Sequence[HeadedColumn],
    strips: Sequence[Sequence[PlacedText]],
) -> bool:
    """Whether strips may stand in columns: none reaches to the caption beside, amounts are all set the same way."""
    pairs = [(strips[n], m) for n, m in zip(own, way, strict=True)]
    within = all(
        (not m or left_of(strip) >= columns[m - 1].head.x1)
        and (m + 1 == len(columns) or right_of(strip) <= columns[m + 1].head.x0)
        and columns[m].may_hold(strip)
        for strip, m in pairs
    )
    sides = {left_of(strip) > columns[m].head.middle for strip, m in pairs if columns[m].leaf.type == "money"}
    return within and len(sides) <= 1


def _apart(head: PrintedCaption, part: PlacedText) -> float:
    return max(head.x0 - part.x1, part.x0 - head.x1, 0.0)
