"""The header of a table by the captions that its format has for it, wherever they stand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Final

from budgetgen.reading.document.printed.captioned.placed import FIGURE, beside, joined, stacked
from budgetgen.reading.headers import counting_signs, path_of, total_names
from budgetgen.reading.tables import row_names
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from budgetgen.edition.declarations import Block, Column, Edition, TableDeclaration
    from budgetgen.reading.document.blocks import PlacedText

MOST: Final = 12
"""How many texts a caption, or a label, takes at most."""
WIDELY: Final = 3.0
"""The same of the signs of one caption that is set widely."""
WAYS: Final = 2
"""So many ways to read one thing are looked for: with a second, none is taken."""
TRIED: Final = 20_000
"""So many steps are taken at most to find the columns."""


@dataclass(frozen=True)
class PrintedCaption:
    """A caption as it is printed.

    Attributes:
        text: as it is compared.
        parts: its lines.
    """

    text: str
    parts: tuple[PlacedText, ...]

    @cached_property
    def x0(self) -> float:
        """Where it begins."""
        return min(part.x0 for part in self.parts)

    @cached_property
    def x1(self) -> float:
        """Where it ends."""
        return max(part.x1 for part in self.parts)

    @property
    def middle(self) -> float:
        """From left to right."""
        return (self.x0 + self.x1) / 2

    @property
    def top(self) -> float:
        """Its upper side."""
        return self.parts[0].top

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.parts[-1].bottom


@dataclass(frozen=True)
class DeclaredLeaf:
    """A single column of a table, as the format has it.

    Attributes:
        block: the number of the block that it is of.
        path: its captions from the outermost in, as compared.
        names: what its own may be.
        type: what it holds.
    """

    block: int
    path: tuple[str, ...]
    names: frozenset[str]
    type: str


@dataclass(frozen=True)
class HeadedColumn:
    """A column of a printed table: its caption, and what it is.

    Attributes:
        leaf: what it is.
        head: its caption.
    """

    leaf: DeclaredLeaf
    head: PrintedCaption

    def may_hold(self, parts: Sequence[PlacedText]) -> bool:
        """Whether texts are such as may stand in it."""
        figures = all(FIGURE.fullmatch(part.text) for part in parts)
        if self.leaf.type in {"money", "number", "count"}:
            return figures
        return figures if self.leaf.type == "code" else not figures


@dataclass(frozen=True)
class PrintedHead:
    """The header of a printed table.

    Attributes:
        columns: from the left.
        captions: all, those over several columns too.
    """

    columns: tuple[HeadedColumn, ...]
    captions: tuple[PrintedCaption, ...]


@dataclass(frozen=True)
class CaptionedHeads:
    """The headers that a table may have.

    Attributes:
        edition: the format.
        table: which it is.
    """

    edition: Edition
    table: TableDeclaration

    def on(self, page: Sequence[PlacedText]) -> PrintedHead | None:
        """The header on a page: rows of labels begin below it, or beside its lower captions; a total may follow it."""
        labels = [part for part in page if self._is_label(part.text)]
        for bound in (labels, ()):
            captions = self._captions(page, bound)
            for found in (captions[:-1], captions) if self._totalled(captions) else (captions,):
                columns = self._columns_of(found)
                if columns is not None:
                    return PrintedHead(tuple(columns), tuple(found))
        return None

    @cached_property
    def totals(self) -> frozenset[str]:
        """What rows of totals are called."""
        return total_names(self.edition)

    @cached_property
    def _leaves(self) -> tuple[tuple[tuple[DeclaredLeaf, ...], ...], ...]:
        """The columns that the format has, in order, each in all ways that it may be printed: as one, in parts, not at all."""
        return tuple(
            tuple(self._ways(block, index, column))
            for index, block in enumerate(self.table.block)
            for column in block.columns
        )

    def _ways(self, block: Block, index: int, column: Column) -> Iterator[tuple[DeclaredLeaf, ...]]:
        path = path_of(self.table, block, column)
        if column.parts:
            parts = (caption(part) for part in column.parts)
            yield tuple(DeclaredLeaf(index, (*path, part), frozenset({part}), column.type) for part in parts)
        names = frozenset({path[-1], *map(caption, column.aliases)})
        yield (DeclaredLeaf(index, path, names, column.type),)
        if column.only or column.type == "unit":
            yield ()

    @cached_property
    def _words(self) -> frozenset[str]:
        """All that may stand in its header."""
        leaves = (leaf for ways in self._leaves for way in ways for leaf in way)
        own = (text for leaf in leaves for text in (*leaf.path, *leaf.names))
        return frozenset(own) | counting_signs(self.edition)

    @cached_property
    def _own_names(self) -> frozenset[str]:
        """What single columns are called."""
        return frozenset(name for ways in self._leaves for way in ways for leaf in way for name in leaf.names)

    def _is_label(self, text: str) -> bool:
        """Whether a text is the label of a row, and no caption."""
        said = caption(text)
        names = self.edition.once(row_names)
        return said not in self._words and any(
            names[id(block)].rows(said) for block in self.table.block if block.rows and block.label
        )

    def _totalled(self, captions: Sequence[PrintedCaption]) -> bool:
        """Whether the name of a total may follow a header."""
        return bool(captions) and captions[-1].text in self.totals

    def _captions(self, page: Sequence[PlacedText], labels: Sequence[PlacedText]) -> list[PrintedCaption]:
        """The captions on a page above figures and labels; none where anything else stands beside the lowest.

        What stands above these may be over several columns, and is of no column.
        """
        figures = [part.top for part in page if FIGURE.fullmatch(part.text) or part in labels]
        below = min(figures, default=float("inf"))
        left = sorted((p for p in page if p.height < below), key=lambda p: (p.top, p.x0))
        found: list[PrintedCaption] = []
        unknown: list[PlacedText] = []
        while left:
            own = max(self._spelt(left[0], left[1:]), key=lambda one: len(one.text), default=None)
            if own:
                found.append(own)
                left = [part for part in left if part not in own.parts]
            else:
                known = self._is_label(left[0].text) or caption(left[0].text) in self.totals
                unknown += () if known else (left[0],)
                left = left[1:]
        lowest = max(found, key=lambda one: one.top, default=None)
        stray = lowest and any(lowest.top < part.bottom and part.top < lowest.bottom for part in unknown)
        return [] if stray else sorted(found, key=lambda one: one.top)

    def _spelt(self, first: PlacedText, others: Sequence[PlacedText]) -> Iterator[PrintedCaption]:
        """The captions that begin with a text and go on beside or below it."""
        waiting: list[tuple[tuple[PlacedText, ...], PlacedText]] = [((first,), first)]
        while waiting:
            parts, line = waiting.pop()
            said = "".join(caption(part.text) for part in parts)
            if said in self._words:
                yield PrintedCaption(said, parts)
            if len(parts) < MOST and any(word.startswith(said) for word in self._words):
                for part in others:
                    if beside(line, part, WIDELY):
                        waiting.append(((*parts, part), joined(line, part)))
                    elif part.top > line.top and stacked(line, part):
                        waiting.append(((*parts, part), part))

    def _columns_of(self, captions: Sequence[PrintedCaption]) -> list[HeadedColumn] | None:
        """The columns, from the left, those among them that only count the rows."""
        counting = [one for one in captions if one.text in counting_signs(self.edition)]
        order = sorted((one for one in captions if one not in counting), key=lambda one: one.middle)
        ways: list[list[HeadedColumn]] = []
        for leaves in product(*self._leaves) if captions else ():
            wanted = [leaf for way in leaves for leaf in way]
            ways += self._matched(wanted, order)
            if len(ways) >= WAYS:
                return None
        return self._with_counting(ways[0], counting) if ways else None

    def _with_counting(
        self, columns: Sequence[HeadedColumn], counting: Sequence[PrintedCaption]
    ) -> list[HeadedColumn]:
        """Columns with those that count their rows."""
        found = list(columns)
        for one in counting:
            near = min(columns, key=lambda column: abs(column.head.middle - one.middle))
            leaf = DeclaredLeaf(near.leaf.block, (one.text,), frozenset({one.text}), "count")
            found.append(HeadedColumn(leaf, one))
        return sorted(found, key=lambda column: column.head.middle)

    def _matched(
        self, leaves: Sequence[DeclaredLeaf], order: Sequence[PrintedCaption]
    ) -> list[list[HeadedColumn]]:
        """The ways in which captions are those of columns, from the left, and all others stand above these."""
        found: list[list[HeadedColumn]] = []
        waiting: list[tuple[int, tuple[HeadedColumn, ...]]] = [(0, ())]
        steps = 0
        while waiting and len(found) < WAYS and steps < TRIED:
            steps += 1
            at, columns = waiting.pop()
            if len(columns) == len(leaves):
                if self._all_above(columns, order):
                    found.append(list(columns))
                continue
            leaf = leaves[len(columns)]
            begin = columns[-1].head.x1 if columns else float("-inf")
            waiting += [
                (n + 1, (*columns, HeadedColumn(leaf, one)))
                for n, one in enumerate(order[at:], start=at)
                if one.text in leaf.names and one.x0 >= begin and not _below(one, order)
            ]
        return found

    def _all_above(self, columns: Sequence[HeadedColumn], order: Sequence[PrintedCaption]) -> bool:
        """Whether all captions that are no columns' stand above some; totals may stand below all."""
        heads = {column.head for column in columns}
        lowest = max(head.bottom for head in heads)
        for one in order:
            if one in heads or (one.text in self.totals and one.top >= lowest):
                continue
            own = [c for c in columns if one.text in c.leaf.path[:-1] and c.head.top >= one.bottom - 1]
            if not own and one.text not in self._own_names and one.bottom - 1 <= max(h.top for h in heads):
                continue  # it parts nothing that the format tells apart
            if not own or (_shared(own, columns) and not _spans(one, own)):
                return False
        return True


def _below(one: PrintedCaption, others: Iterable[PrintedCaption]) -> bool:
    """Whether another caption stands below a caption."""
    return any(o.top >= one.bottom - 1 and o.x0 < one.x1 and one.x0 < o.x1 for o in others)


def _shared(own: Sequence[HeadedColumn], columns: Sequence[HeadedColumn]) -> bool:
    """Whether others have the caption of some columns too, so that what stands above tells them apart."""
    others = {column.head.text for column in columns if column not in own}
    return any(column.head.text in others for column in own)


def _spans(one: PrintedCaption, own: Sequence[HeadedColumn]) -> bool:
    """Whether a caption stands above columns, no further beside them than twice as much as they are wide."""
    left, right = own[0].head, own[-1].head
    return left.x0 - 2 * (left.x1 - left.x0) <= one.middle <= right.x1 + 2 * (right.x1 - right.x0)
