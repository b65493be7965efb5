"""Tables with level rules whose rows are not all divided alike: labels with their values, then columns below captions.

Such are performance tables: what names a group stands beside several rows, and the rules between these stop there. The
columns below the captions are those that no row of them crosses; rows above are divided each as it is printed. So it is
not known how far a header reaches: what is read is to be proven by who knows what should stand there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Final

from budgetgen.reading.document.pdf.columns import (
    BANDS,
    CENTRED,
    FIGURE,
    GAP,
    NEAR,
    Edge,
    covered,
    edges_between,
    held,
    parted,
    runs,
)
from budgetgen.reading.document.pdf.lines import lines
from budgetgen.reading.document.pdf.marks import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.reading.document.pdf.lines import TextLine
    from budgetgen.reading.document.pdf.marks import Sign

COLUMNS: Final = 3
ROWS: Final = 2
"""So many columns, and rows below their captions, such a table has at least."""
LARGER: Final = 1.2
"""By what factor a title is."""
APART: Final = 0.9
"""How wide, in the size of the signs, what parts a label from a value is where the columns below do not part them."""
WITHIN: Final = 0.35
"""How wide it is at most, beside what parts signs of one word, between two texts of one cell."""
TOUCHING: Final = 1.0
"""By how much signs may reach over the end of a rule."""


@dataclass(frozen=True)
class Columns:
    """The columns below the captions of a table.

    Attributes:
        left, right: the sides of the table.
        ends: where they end between these.
    """

    left: float
    right: float
    ends: tuple[Edge, ...]

    def within(self, box: Box) -> tuple[Edge, ...]:
        """The same in a table as wide, on a page whose margin may be another; none in any other table."""
        same, by = abs((self.right - self.left) - box.width) <= NEAR, box.x0 - self.left
        return tuple(Edge(edge.low + by, edge.high + by) for edge in self.ends) if same else ()


@dataclass(frozen=True)
class Neighbouring:
    """What other pages tell of the tables of one.

    Attributes:
        columns: those of a table with which the page before ends, or the next page begins.
        ahead: whether the page may end with the head of that table, above its captions.
    """

    columns: Columns | None = None
    ahead: bool = False


def banded(
    level: Sequence[Box],
    upright: Sequence[Box],
    signs: Sequence[Sign],
    known: Neighbouring,
    *,
    going_on: bool,
) -> Iterator[tuple[Columns, list[Box]]]:
    """The columns and the rules of each such table, with those that it does without.

    Args:
        level: the rules of a page that lie.
        upright: those that stand.
        signs: that stand in no table.
        known: what other pages tell.
        going_on: whether those are wanted that stand in the known columns, or the others.
    """
    found = list(runs(level, upright, signs, _between, 1 if known.columns else BANDS))
    for run in found:
        box = Box.around(list(run))
        parts = tuple(r for r in level if r not in run and _inside(r, box))
        ends = known.columns.within(box) if known.columns else ()
        ahead = known.ahead and box.bottom >= max(other[-1].bottom for other in found)
        table = BandedTable(run, parts, tuple(held(box, signs)), ends, ahead)
        wanted = table.goes_on if going_on else len(run) > BANDS or ahead
        if wanted and (rules := list(table.rules())):
            yield Columns(box.x0, box.x1, table.edges), rules


def _between(run: Sequence[Box], band: Box, signs: Sequence[Sign]) -> bool:
    """Whether a band stands between two tables: several lines that nothing parts, or larger ones."""
    own, others = held(band, signs), held(Box.around(list(run)), signs)
    several = len(lines(own)) > 1 and len(covered(own)) <= 1
    return several or any(sign.size > LARGER * other.size for sign in own[:1] for other in others[:1])


def _inside(rule: Box, box: Box) -> bool:
    return (
        box.top + NEAR < rule.top < box.bottom - NEAR
        and rule.x0 >= box.x0 - NEAR
        and rule.x1 <= box.x1 + NEAR
    )


@dataclass(frozen=True)
class BandedTable:
    """What may be such a table.

    Attributes:
        full: its rules from side to side, from above.
        parts: those within it that are shorter.
        signs: that stand in it.
        known: where columns end of a table that it may go on with, or that may go on with it.
        ahead: whether it may end above the captions.
    """

    full: tuple[Box, ...]
    parts: tuple[Box, ...]
    signs: tuple[Sign, ...]
    known: tuple[Edge, ...]
    ahead: bool = False

    def rules(self) -> Iterator[Box]:
        """All its rules; none where its columns or rows cannot be told."""
        if not self.columns or self._doubtful():
            return
        box, body = self._box, self._bands[self._head :]
        heads = self._all_divided(self._bands[: self._head])
        if heads is None:
            return
        yield from (*self.full, *self.parts, *heads)
        yield from (Box(x, box.top, x, box.bottom) for x in (box.x0, box.x1))
        for band in body:
            if not self._centred(band) and not any(_crossed(x, self._signs[band]) for x in self.columns):
                yield from (Box(x, band.top, x, band.bottom) for x in self.columns)

    @cached_property
    def columns(self) -> tuple[float, ...]:
        """Where the rules between the columns below the captions are."""
        return tuple(edge.place for edge in self.edges)

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Where the columns below the captions end; none where they cannot be told."""
        if self._known_here:
            return self._known_here
        return self._own or (self.known if self.ahead else ())

    @cached_property
    def _own(self) -> tuple[Edge, ...]:
        """The same, by itself."""
        begin = self._captions
        rows = sum(len(self._rows(band)) for band in self._bands[begin + 1 :] if not self._whole(band))
        found = self._captioned(self._edges(begin), begin)
        return (_both(self.known, found) or found) if len(found) >= COLUMNS - 1 and rows >= ROWS else ()

    @cached_property
    def _box(self) -> Box:
        return Box.around(list(self.full))

    @cached_property
    def _bands(self) -> tuple[Box, ...]:
        """What stands between two rules from side to side."""
        return tuple(
            Box(self._box.x0, above.top, self._box.x1, below.top) for above, below in pairwise(self.full)
        )

    @cached_property
    def _signs(self) -> Mapping[Box, list[Sign]]:
        """What stands in each band."""
        return {band: held(band, self.signs) for band in self._bands}

    # --- the columns below the captions ---

    @property
    def goes_on(self) -> bool:
        """Whether all of it stands in the known columns."""
        return bool(self._known_here)

    @cached_property
    def _known_here(self) -> tuple[Edge, ...]:
        """The known columns, as near as it tells them, where all of it stands in them; else none."""
        own, box = covered(self.signs), self._box
        sides = [Edge(box.x0, own[0][0]), Edge(own[-1][1], box.x1)] if own else []
        return _both(self.known, [*self._edges(0), *sides])

    @property
    def _head(self) -> int:
        """How many bands stand above the captions."""
        if self._known_here:
            return 0
        return self._captions if self._own else len(self._bands)

    @cached_property
    def _captions(self) -> int:
        """The band of the captions: with it, but not with the one above, there are far more columns."""
        counts = [len(self._edges(n)) + 1 for n in range(len(self._bands))]
        gains = [count - above for above, count in pairwise([0, *counts])]
        return gains.index(max(gains))

    def _captioned(self, edges: tuple[Edge, ...], begin: int) -> tuple[Edge, ...]:
        """Ends of columns without those that part texts below one caption: there the nearer text belongs to it.

        None where a rule parts them, or as much room as columns: then those are no captions.
        """
        captions = self._signs[self._bands[begin]]
        while edges:
            sides = [self._box.x0, *(edge.place for edge in edges), self._box.x1]
            bare = (
                n
                for n, (left, right) in enumerate(pairwise(sides))
                if not any(left <= sign.middle[0] < right for sign in captions)
            )
            n = next(bare, None)
            if n is None:
                break
            room = WITHIN * max(sign.size for sign in self.signs)
            near = [edge for edge in edges[max(n - 1, 0) : n + 1] if 0 < edge.high - edge.low <= room]
            narrow = min(near, key=lambda edge: edge.high - edge.low, default=None)
            edges = tuple(edge for edge in edges if edge is not narrow) if narrow else ()
        return edges

    def _edges(self, begin: int) -> tuple[Edge, ...]:
        """Where the columns end of all bands from one on; none where a rule within them ends within a text."""
        bands = [band for band in self._bands[begin:] if not self._whole(band)]
        own = [sign for band in bands for sign in self._signs[band]]
        ends = sorted({round(x, 1) for band in bands for x in self._ends(band)})
        if any(_crossed(x, own) for x in ends):
            return ()
        sides = [self._box.x0, *ends, self._box.x1]
        parts = (
            covered([sign for sign in own if left <= sign.middle[0] < right])
            for left, right in pairwise(sides)
        )
        return tuple(_ended(list(parts), ends, self._box))

    def _ends(self, band: Box) -> Iterator[float]:
        """Where rules within a band begin and end."""
        within = (rule for rule in self.parts if band.top + NEAR < rule.top < band.bottom - NEAR)
        for x in (x for rule in within for x in (rule.x0, rule.x1)):
            if self._box.x0 + NEAR < x < self._box.x1 - NEAR:
                yield x

    def _whole(self, band: Box) -> bool:
        """Whether a band is one cell: one text that is not parted, and no rule within."""
        own = covered(self._signs[band])
        return len(own) <= 1 and not list(self._ends(band))

    def _centred(self, band: Box) -> bool:
        """Whether a band is one cell whose text stands in its middle."""
        spans = covered(self._signs[band])
        inner = [(left + right - GAP * self._signs[band][0].size) / 2 for left, right in spans]
        middle = (band.x0 + band.x1) / 2
        return self._whole(band) and all(abs(own - middle) <= CENTRED for own in inner)

    def _rows(self, band: Box) -> list[Box]:
        """The rows of a band: what stands between its rules and those within it."""
        tops = sorted(
            {round(rule.top) for rule in self.parts if band.top + NEAR < rule.top < band.bottom - NEAR}
        )
        return [Box(band.x0, a, band.x1, b) for a, b in pairwise([band.top, *tops, band.bottom])]

    def _doubtful(self) -> bool:
        """Whether a row may be several: two figures stand in one cell, or all its cells hold several lines."""
        edges = [self._box.x0, *self.columns, self._box.x1]
        for row in chain.from_iterable(map(self._rows, self._bands[self._head :])):
            reached = min(
                (r.x0 for r in self.parts if row.top - 1 <= r.top <= row.bottom + 1), default=row.x0
            )
            cells = [
                lines(held(Box(left, row.top, right, row.bottom), self.signs))
                for left, right in pairwise(edges)
                if left >= reached - NEAR
            ]
            if any(map(_torn, cells)) or all(len(cell) > 1 for cell in cells if cell):
                return True
        return False

    # --- what stands above ---

    def _divided(self, region: Box) -> list[Box] | None:
        """The upright rules of a region above the captions, which rules in it divide; None where one ends within a text."""
        inner = [
            rule
            for rule in self.parts
            if region.top + NEAR < rule.top < region.bottom - NEAR
            and min(rule.x1, region.x1) - max(rule.x0, region.x0) > NEAR
        ]
        through = [r.top for r in inner if r.x0 <= region.x0 + NEAR and r.x1 >= region.x1 - NEAR]
        if through:
            tops = pairwise([region.top, *sorted(through), region.bottom])
            return self._all_divided([Box(region.x0, a, region.x1, b) for a, b in tops if b - a > NEAR])
        if not inner:
            return [Box(x, region.top, x, region.bottom) for x in self._cells(region)]
        ends = (x for rule in inner for x in (rule.x0, rule.x1))
        end = next(x for x in ends if region.x0 + NEAR < x < region.x1 - NEAR)
        sides = pairwise([region.x0, end, region.x1])
        found = self._all_divided([Box(a, region.top, b, region.bottom) for a, b in sides])
        if found is None or _crossed(end, held(region, self.signs)):
            return None
        return [Box(end, region.top, end, region.bottom), *found]

    def _all_divided(self, regions: Sequence[Box]) -> list[Box] | None:
        found = [self._divided(region) for region in regions]
        return None if None in found else list(chain.from_iterable(filter(None, found)))

    def _cells(self, region: Box) -> Iterator[float]:
        """Where cells of a row end: where a column below does too, or where much room is."""
        own = held(region, self.signs)
        size = max((sign.size for sign in own), default=0.0)
        for gap in edges_between(covered(own), region):
            inside = [x for x in self.columns if gap.low <= x <= gap.high]
            if inside:
                yield _nearest(inside, gap.place)
            elif gap.high - gap.low >= APART * size:
                yield gap.place


def _nearest(places: Iterable[float], place: float) -> float:
    return min(places, key=lambda other: abs(other - place))


def _both(some: Sequence[Edge], others: Sequence[Edge]) -> tuple[Edge, ...]:
    """Where columns end by two tables that are one; none where one of some ends where none of the others does, or several."""
    pairs = []
    for edge in some:
        near = [o for o in others if max(edge.low, o.low) <= min(edge.high, o.high) + TOUCHING]
        pairs.append([(edge, o) for o in near if o.low == o.high] or [(edge, o) for o in near])
    if any(len(found) != 1 for found in pairs):
        return ()
    spans = [sorted((max(a.low, b.low), min(a.high, b.high))) for ((a, b),) in pairs]
    return tuple(Edge(low, high) for low, high in spans)


def _torn(cell: Sequence[TextLine]) -> bool:
    """Whether two figures stand in a cell, one below the other or side by side."""
    figures = [line for line in cell if FIGURE.fullmatch(line.text.replace(" ", ""))]
    return len(figures) > 1 or any(parted(line.signs) for line in figures)


def _crossed(x: float, signs: Sequence[Sign]) -> bool:
    """Whether something is printed across a place."""
    return any(sign.box.x0 < x - TOUCHING and sign.box.x1 > x + TOUCHING for sign in signs)


def _ended(parts: Sequence[list[tuple[float, float]]], ends: Sequence[float], box: Box) -> Iterator[Edge]:
    """Where columns end: at the ends of rules, and between what is printed.

    Args:
        parts: what is printed between the ends of rules, from the left.
        ends: they.
        box: of the table.
    """
    for part, end in zip(parts, [*ends, None], strict=True):
        yield from edges_between(part, box)
        if end is not None:
            yield Edge(end, end)
