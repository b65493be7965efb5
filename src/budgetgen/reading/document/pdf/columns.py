"""Tables with level rules only: the upright ones that they do without stand where nothing is printed.

Where what is printed does not tell the columns, there is no table: better unread than a figure in another column.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final

from budgetgen.reading.document.pdf.lines import lines
from budgetgen.reading.document.pdf.marks import Box

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from budgetgen.reading.document.pdf.marks import Sign

NEAR: Final = 3.0
"""How far from each other two rules are at most that are meant as one, or as meeting."""
BANDS: Final = 3
"""Between how many level rules of one width at least a table stands; fewer may be a head and a foot."""
COLUMNS: Final = 2
"""A table has more edges of columns."""
GAP: Final = 0.3
"""How wide, in the size of the signs beside it, what parts two columns is at least."""
PARTED: Final = 1.0
"""How wide it is between two headers that each stand over several columns."""
CENTRED: Final = 3.0
"""By how much the room left of a header and that right of it differ at most, in the columns that it stands over."""
SAME: Final = 1.0
"""How far apart at most two texts begin that are set below each other."""
HEADS: Final = 8
"""How many headers over several columns stand in a row at most."""
BESIDE: Final = 2
"""Under so many rules, or more, of a table another may stand."""
HEADER: Final = 3
"""How many bands of a table its header takes at most."""
FIGURE: Final = re.compile(r"[-－—]?\d[\d,，]*(?:\.\d+)?%?")
AMOUNT: Final = re.compile(r"[-－—]?\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?%?|[-－—]?\d+\.\d+%?|\d{5,}")
"""A figure that is no number of a table or year."""
DIGIT: Final = re.compile(r"[\d.,，%]")


def parting(level: Sequence[Box], upright: Sequence[Box], signs: Sequence[Sign]) -> Iterator[Box]:
    """The upright rules that tables with level rules only do without.

    Args:
        level: the rules of a page that lie.
        upright: those that stand.
        signs: that stand on it.
    """
    for run in runs(level, upright, signs, _between):
        yield from LevelTable(run, tuple(level), tuple(signs)).uprights()


def runs(
    level: Sequence[Box],
    upright: Sequence[Box],
    signs: Sequence[Sign],
    between: Callable[[Sequence[Box], Box, Sequence[Sign]], bool],
    least: int = BANDS,
) -> Iterator[tuple[Box, ...]]:
    """Level rules of one width, one below the other, that are the rows of a table.

    Args:
        level: the rules of a page that lie.
        upright: those that stand.
        signs: that stand on it.
        between: whether a band below some rules stands between two tables.
        least: between how many of them a table stands.
    """
    widths: dict[tuple[float, float], list[Box]] = defaultdict(list)
    for rule in sorted(level, key=lambda rule: rule.top):
        alike = (key for key in widths if max(abs(key[0] - rule.x0), abs(key[1] - rule.x1)) <= NEAR)
        widths[next(alike, (rule.x0, rule.x1))].append(rule)
    for same in widths.values():
        run: list[Box] = same[:1]
        found = [run]
        for above, below in pairwise(same):
            band = Box(above.x0, above.top, above.x1, below.top)
            nested = any(_within(rule, band) for rule in level)
            if _crossed(band, upright) or (not nested and between(run, band, signs)):
                run = []
                found.append(run)
            run.append(below)
        wider = [Box.around(others) for others in widths.values() if len(others) > 1]
        for one in found:
            if len(one) > least and not any(_within(one[0], box) for box in wider):
                yield tuple(one)


def _within(rule: Box, band: Box) -> bool:
    """Whether a rule parts rows of a band, beside what stands next to all of them."""
    return (
        band.top + NEAR < rule.top < band.bottom - NEAR
        and rule.x0 > band.x0 + NEAR
        and abs(rule.x1 - band.x1) <= NEAR
    )


def _crossed(band: Box, upright: Sequence[Box]) -> bool:
    """Whether an upright rule stands in a band."""
    return any(
        band.x0 - NEAR <= rule.x0 <= band.x1 + NEAR
        and min(rule.bottom, band.bottom) - max(rule.top, band.top) > NEAR
        for rule in upright
    )


def _between(run: Sequence[Box], band: Box, signs: Sequence[Sign]) -> bool:
    """Whether a band stands between two tables: several lines without an amount, across what parts the columns above."""
    if len(run) < BESIDE:
        return False
    said = held(band, signs)
    above = held(Box(band.x0, run[-min(len(run), HEADER)].top, band.x1, band.top), signs)
    texts = covered(said)
    gaps = edges_between(covered(above), band)
    crossing = not gaps or any(left < gap.low and right > gap.high for left, right in texts for gap in gaps)
    return len(lines(said)) > 1 and crossing and not _told(band, signs, AMOUNT)


@dataclass(frozen=True)
class Edge:
    """Where a column ends and the next begins: somewhere between two places, at which something is printed.

    Attributes:
        low, high: they.
    """

    low: float
    high: float

    @property
    def place(self) -> float:
        """Where the rule would be."""
        return (self.low + self.high) / 2

    def near(self, x: float) -> bool:
        """Whether a rule that ends there ends with the column."""
        return self.low - NEAR <= x <= self.high + NEAR


def divisions(
    middles: Sequence[float], before: tuple[Edge, ...], inner: Sequence[Edge], last: Edge
) -> Iterator[tuple[Edge, ...]]:
    """All ways in which headers divide columns, each in the middle of its own.

    Args:
        middles: of the headers that are left.
        before: where those before begin, and the last of them ends, as near as is known.
        inner: where columns end.
        last: where the last header ends.
    """
    own = before[-1]
    wanted = Edge(2 * middles[0] - own.high - CENTRED, 2 * middles[0] - own.low + CENTRED)
    if len(middles) == 1:
        if wanted.low <= last.high and last.low <= wanted.high:
            yield (*before, last)
        return
    for edge in inner:
        narrowed = Edge(max(edge.low, wanted.low), min(edge.high, wanted.high))
        if edge.low > own.high and narrowed.low <= narrowed.high:
            for rest in divisions(middles[1:], (narrowed,), inner, last):
                yield (*before[:-1], own, edge, *rest[1:])


@dataclass(frozen=True)
class LevelTable:
    """A table with level rules only.

    Attributes:
        full: its rules from side to side, from above.
        level: all level rules of the page.
        signs: all signs of the page.
    """

    full: tuple[Box, ...]
    level: tuple[Box, ...]
    signs: tuple[Sign, ...]

    def uprights(self) -> Iterator[Box]:
        """The rules between its columns and at its sides; none where the columns cannot be told."""
        if len(self._edges) <= COLUMNS or self._doubtful():
            return
        bounds = {area: self._bounds(area) for area in self._spanned}
        if not all(bounds.values()):
            return
        for edge in self._edges:
            top = self._box.top
            for area in sorted(bounds, key=lambda area: area.top):
                if area.x0 + NEAR < edge.place < area.x1 - NEAR and edge not in bounds[area]:
                    if area.top > top:
                        yield Box(edge.place, top, edge.place, area.top)
                    top = area.bottom
            yield Box(edge.place, top, edge.place, self._box.bottom)

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
    def _body(self) -> int:
        """The first band with a figure; that after the one with most texts, where there is none."""
        figured = (n for n, band in enumerate(self._bands) if _told(band, self.signs, FIGURE))
        counts = [len(covered(held(band, self.signs))) for band in self._bands]
        return next(figured, counts.index(max(counts)) + 1)

    @cached_property
    def _parts(self) -> tuple[Box, ...]:
        """The rules that do not go from side to side: below headers over several columns."""
        box = self._box
        return tuple(
            rule
            for rule in self.level
            if box.top + NEAR < rule.top < box.bottom - NEAR
            and rule.x0 >= box.x0 - NEAR
            and rule.x1 <= box.x1 + NEAR
            and rule.width < box.width - 2 * NEAR
        )

    @cached_property
    def _spanned(self) -> tuple[Box, ...]:
        """Where headers stand over several columns: above a rule, as wide as that."""
        upper = (*self.full[1 : max(self._body, 1)], *self._parts)
        found: list[Box] = []
        for rule in upper:
            middle = (rule.x0 + rule.x1) / 2
            above = (
                r.top for r in (*self.full, *self._parts) if r.x0 < middle < r.x1 and r.top < rule.top - NEAR
            )
            found.append(Box(rule.x0, max(above, default=self._box.top), rule.x1, rule.top))
        return tuple(found)

    @cached_property
    def _edges(self) -> tuple[Edge, ...]:
        """Where its columns begin and end; none where a rule below a header ends within a column."""
        box, own = self._box, held(self._box, self.signs)
        leaves = [sign for sign in own if not any(area.holds(*sign.middle) for area in self._spanned)]
        head = self._bands[0].top if not self._body else self._bands[self._body - 1].bottom
        gaps = edges_between(headed_columns(leaves, head), box)
        ends = (x for rule in self._parts for x in (rule.x0, rule.x1))
        inner = [x for x in ends if box.x0 + NEAR < x < box.x1 - NEAR]
        if not all(any(gap.near(x) for gap in gaps) for x in inner):
            return ()
        told = ((next(filter(gap.near, inner), None), gap) for gap in gaps)
        parting = (gap if x is None else Edge(x, x) for x, gap in told)
        return (Edge(box.x0, box.x0), *parting, Edge(box.x1, box.x1))

    def _bounds(self, area: Box) -> tuple[Edge, ...]:
        """Where the headers in an area begin and end: each in the middle of its columns; none where that is not clear."""
        heads = _joined(covered(held(area, self.signs)), PARTED * self._size)
        first, last = ((next((e for e in self._edges if e.near(x)), None)) for x in (area.x0, area.x1))
        if first is None or last is None or len(heads) > HEADS:
            return ()
        inner = [edge for edge in self._edges if first.high < edge.low and edge.high < last.low]
        middles = [(left + right - GAP * self._size) / 2 for left, right in heads] or [
            (area.x0 + area.x1) / 2
        ]
        if len(heads) <= 1:
            return (first, last)
        found = list(islice(divisions(middles, (first,), inner, last), 2))
        if found:
            return found[0] if len(found) == 1 else ()
        return self._left_set([left for left, _ in heads], first, inner, last)

    def _left_set(
        self, begins: Sequence[float], first: Edge, inner: Sequence[Edge], last: Edge
    ) -> tuple[Edge, ...]:
        """The same where headers begin with their first columns: each where what is printed of a column does.

        Args:
            begins: where the headers begin.
            first: where the first begins.
            inner: where columns end.
            last: where the last ends.
        """
        own = [sign.box.x0 for sign in held(self._box, self.signs) if sign.box.x0 >= first.low]
        if begins[0] - min(own, default=0.0) > SAME:
            return ()
        told = [[edge for edge in inner if abs(edge.high - begin) <= SAME] for begin in begins[1:]]
        return (first, *(edge for (edge,) in told), last) if all(len(one) == 1 for one in told) else ()

    @cached_property
    def _size(self) -> float:
        return max((sign.size for sign in held(self._box, self.signs)), default=0.0)

    def _doubtful(self) -> bool:
        """Whether two figures stand in one cell: rows or columns are not told apart."""
        for band in self._bands[self._body :]:
            for left, right in pairwise(self._edges):
                said = lines(held(Box(left.place, band.top, right.place, band.bottom), self.signs))
                figures = sum(FIGURE.fullmatch(line.text.replace(" ", "")) is not None for line in said)
                if figures > 1 or (figures and any(parted(line.signs) for line in said)):
                    return True
        return False


def parted(signs: Sequence[Sign]) -> bool:
    """Whether two digits stand further apart than those of one figure."""
    return any(
        DIGIT.match(left.text) and DIGIT.match(right.text) and right.box.x0 - left.box.x1 > GAP * left.size
        for left, right in pairwise(signs)
    )


def held(box: Box, signs: Iterable[Sign]) -> list[Sign]:
    """The signs in a box, without blanks."""
    return [sign for sign in signs if sign.text.strip() and box.holds(*sign.middle)]


def _told(band: Box, signs: Iterable[Sign], wanted: re.Pattern[str]) -> bool:
    """Whether a figure of that kind stands in a band."""
    return any(wanted.fullmatch(part) for line in lines(held(band, signs)) for part in line.text.split())


def covered(signs: Iterable[Sign]) -> list[tuple[float, float]]:
    """From where to where something is printed, at any height, with what parts signs of one word."""
    return _joined(sorted((sign.box.x0, sign.box.x1 + GAP * sign.size) for sign in signs), 0.0)


def headed_columns(signs: Sequence[Sign], head: float) -> list[tuple[float, float]]:
    """From where to where the columns are printed; nothing where it is not clear which header a column has.

    A header in the middle of its column need not stand above what is set to the right or left of that.

    Args:
        signs: of a table, without headers over several columns.
        head: where its header ends.
    """
    spans = covered(signs)
    heads = [_printed(span, (sign for sign in signs if sign.middle[1] < head)) for span in spans]
    bodies = [_printed(span, (sign for sign in signs if sign.middle[1] >= head)) for span in spans]
    if not any(heads):
        return spans
    own: dict[int, int] = {}
    for n, body in enumerate(bodies):
        if body and not heads[n]:
            near = (n + side for side in _header_sides(body) if 0 <= n + side < len(spans))
            bare = [m for m in near if heads[m] and not bodies[m] and m not in own]
            if len(bare) != 1:
                return []
            own[bare[0]] = n
    parts = [(n, own.get(n, n)) for n in range(len(spans)) if n not in own.values()]
    return [(min(spans[a][0], spans[b][0]), max(spans[a][1], spans[b][1])) for a, b in parts]


def _printed(span: tuple[float, float], signs: Iterable[Sign]) -> list[Box]:
    """The lines of a column."""
    return [line.box for line in lines(sign for sign in signs if span[0] <= sign.middle[0] <= span[1])]


def _header_sides(body: Sequence[Box]) -> tuple[int, ...]:
    """On which side of a column its header may stand: to the left of what is set to the right."""
    left, right = (
        max(places) - min(places) <= NEAR for places in ([box.x0 for box in body], [box.x1 for box in body])
    )
    if left == right:
        return (-1, 1)
    return (-1,) if right else (1,)


def _joined(spans: Sequence[tuple[float, float]], near: float) -> list[tuple[float, float]]:
    """Spans, those as one that are no further apart."""
    found: list[tuple[float, float]] = []
    for left, right in spans:
        if found and left <= found[-1][1] + near:
            found[-1] = found[-1][0], max(found[-1][1], right)
        else:
            found.append((left, right))
    return found


def edges_between(spans: Sequence[tuple[float, float]], box: Box) -> list[Edge]:
    """What is left between spans."""
    return [
        Edge(left[1], right[0]) for left, right in pairwise(spans) if box.x0 < left[1] and right[0] < box.x1
    ]
