"""Tables without rules, or with a few level ones: the rules that they do without follow from amounts set one below the other.

Only what is certain is taken: rows of one line, columns that nothing printed crosses, headers that stand in the middle of
their own columns in one way only. Whether the figures add up is asked later, of what the format says.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice, pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

from budgetgen.reading.document.pdf.columns import (
    GAP,
    NEAR,
    Edge,
    divisions,
    edges_between,
    headed_columns,
)
from budgetgen.reading.document.pdf.lines import TextLine
from budgetgen.reading.document.pdf.marks import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from budgetgen.reading.document.pdf.marks import Sign

AMOUNT: Final = re.compile(r"[-－—]?\d[\d,，]*(?:\.\d+)?%?")
TOLD: Final = re.compile(r"[.,，]")
"""What tells an amount from a code or a number: some of those in a column have it."""
ROWS: Final = 3
"""So many amounts end one below the other at least for a column."""
AMOUNTS: Final = 2
"""So many such columns make a table."""
APART: Final = 4.0
"""How far, in the size of the signs, two lines of a table are apart at most."""
EVEN: Final = 0.75
"""How near to each other, in the usual distance, two rows are at least: nearer ones may be two lines of one."""
LEVEL: Final = 0.2
"""How far apart, in their size, the middles of two signs of one row are."""
WRAPPED: Final = 1.45
"""How far, in the size of the signs, the lines of one header are apart at most."""
HEADS: Final = 24
"""So many lines a header takes at most."""
LARGER: Final = 1.2
"""A line that is so much larger than those of the table is its title."""
MIDDLE: Final = 2.0
"""How far the middles of two lines of one header are apart at most."""
SIDE: Final = 24.0
"""How far beyond that they may be, where texts are centred."""
MOST: Final = 200
"""So many headers a table has at most."""
HEADERS: Final = 8
"""So many of them divide columns among them at most."""
WAYS: Final = 64
"""So many ways to divide columns among headers are looked at."""
SLIGHT: Final = 0.5
"""By how much two headers, one below the other, overlap at most."""
ROOM: Final = 2.0
"""How far beyond what is printed the sides of a table are."""


@dataclass(frozen=True)
class HeaderCell:
    """A header, of one line or of several that are centred below each other.

    Attributes:
        parts: its lines.
    """

    parts: tuple[TextLine, ...]

    @cached_property
    def box(self) -> Box:
        """Where it stands."""
        return Box.around([part.box for part in self.parts])

    @property
    def middle(self) -> float:
        """From left to right."""
        return (self.box.x0 + self.box.x1) / 2


@dataclass(frozen=True)
class Spanning:
    """A header over several columns.

    Attributes:
        cell: it.
        first, last: where its columns begin and end.
        below: the upper side of what stands under it.
    """

    cell: HeaderCell
    first: Edge
    last: Edge
    below: float


def unruled(level: Sequence[Box], upright: Sequence[Box], signs: Sequence[Sign]) -> Iterator[tuple[Box, ...]]:
    """The rules that each table does without.

    Args:
        level: the rules of a page that lie.
        upright: those that stand.
        signs: that stand in no table.
    """
    rows = level_rows(signs)
    for body in _bodies(rows):
        for count in range(_most_heads(rows, body), 0, -1):
            begin = body.start - count
            table = UnruledTable(
                tuple(rows[begin : body.start]), tuple(rows[body.start : body.stop]), tuple(level)
            )
            torn = begin > 0 and any(
                _goes_on(part, below) for part in rows[begin - 1] for below in rows[begin]
            )
            found = () if torn or len(table.cells) > MOST else tuple(table.rules())
            if found and not any(_meets(table.box, rule) for rule in upright):
                yield found
                break


def _most_heads(rows: Sequence[tuple[TextLine, ...]], body: range) -> int:
    """How many lines above a table its header may take: such as are no larger, and not further apart, than those of it."""
    size, count = rows[body.start][0].size, 0
    while count < min(HEADS, body.start):
        above, below = rows[body.start - count - 1], rows[body.start - count]
        if above[0].size > LARGER * size or below[0].box.top - above[0].box.top > APART * size:
            break
        count += 1
    return count


def _meets(box: Box, rule: Box) -> bool:
    return rule.x0 < box.x1 and rule.x1 > box.x0 and rule.top < box.bottom and rule.bottom > box.top


def level_rows(signs: Iterable[Sign]) -> list[tuple[TextLine, ...]]:
    """Signs of one height, parted where columns may be; headers of one and of two lines stand at several heights."""
    found: list[list[Sign]] = []
    for sign in sorted((s for s in signs if s.text.strip()), key=lambda s: s.middle[1]):
        level = found and sign.middle[1] - found[-1][-1].middle[1] <= LEVEL * sign.size
        found[-1].append(sign) if level else found.append([sign])
    return [tuple(parts(sorted(row, key=lambda sign: sign.box.x0))) for row in found]


def parts(row: Sequence[Sign]) -> Iterator[TextLine]:
    """A row of signs, parted where columns may be."""
    begin = 0
    for n, (left, right) in enumerate(pairwise(row), start=1):
        if right.box.x0 - left.box.x1 > GAP * max(left.size, right.size):
            yield TextLine(tuple(row[begin:n]))
            begin = n
    yield TextLine(tuple(row[begin:]))


def _bodies(rows: Sequence[tuple[TextLine, ...]]) -> Iterator[range]:
    """From the first to the last row of each table: rows in which amounts end where others do."""
    start = 0
    while start < len(rows):
        stop = start + 1
        while stop < len(rows) and _follows(rows[stop - 1], rows[stop]):
            stop += 1
        columns = _amount_columns(rows[start:stop])
        figured = [n for n in range(start, stop) if _in_columns(rows[n], columns)]
        if len(columns) >= AMOUNTS and len(figured) >= ROWS:
            numbered = figured[0] - 1 if figured[0] > start and _numbers(rows[figured[0] - 1]) else figured[0]
            yield range(numbered, figured[-1] + 1)
        start = stop


def _follows(above: Sequence[TextLine], below: Sequence[TextLine]) -> bool:
    near = below[0].box.top - above[0].box.top < APART * below[0].size
    return near and below[0].size < LARGER * above[0].size


def _amount_columns(rows: Iterable[Sequence[TextLine]]) -> list[float]:
    """Where the amounts of columns end."""
    amounts = [part for row in rows for part in row if AMOUNT.fullmatch(part.text)]
    ends = Counter(round(part.box.x1) for part in amounts)
    told = {round(part.box.x1) for part in amounts if TOLD.search(part.text)}
    found: list[float] = []
    for end in sorted(ends):
        near = sum(count for other, count in ends.items() if abs(other - end) <= 1)
        if near >= ROWS and {end - 1, end, end + 1} & told and not (found and end - found[-1] <= NEAR):
            found.append(end)
    return found


def _in_columns(row: Sequence[TextLine], columns: Sequence[float]) -> bool:
    return any(
        AMOUNT.fullmatch(part.text) and abs(part.box.x1 - end) <= NEAR for part in row for end in columns
    )


def _numbers(row: Sequence[TextLine]) -> bool:
    """Whether a row numbers the columns."""
    told = [part.text for part in row if part.text.isdecimal()]
    return len(told) >= AMOUNTS and told == [str(n) for n in range(1, len(told) + 1)]


@dataclass(frozen=True)
class UnruledTable:
    """What may be a table.

    Attributes:
        head: the lines of its header, from above, each as what may stand in columns of its own.
        body: its rows.
        level: the level rules of the page.
    """

    head: tuple[tuple[TextLine, ...], ...]
    body: tuple[tuple[TextLine, ...], ...]
    level: tuple[Box, ...]

    @cached_property
    def box(self) -> Box:
        """What is printed of it, with a little around it."""
        own = Box.around([part.box for row in (*self.head, *self.body) for part in row])
        return Box(own.x0 - ROOM, own.top - ROOM, own.x1 + ROOM, own.bottom + ROOM)

    def rules(self) -> Iterator[Box]:
        """All rules that it does without; none where rows, columns or headers are not certain."""
        certain = self._even and not self._wrapped and not self._parted and len(self._edges) > AMOUNTS
        spanning = self._spanning() if certain else None
        if spanning is None or not (spanning or self._told_apart):
            return
        left, right = self._edges[0].place, self._edges[-1].place
        yield from (Box(left, y, right, y) for y in (self.box.top, *self._boundaries, self.box.bottom))
        lower = {one: self._between(one.cell.box.bottom, one.below) for one in spanning}
        yield from (Box(one.first.place, y, one.last.place, y) for one, y in lower.items())
        for edge in self._edges:
            within = [y for one, y in lower.items() if one.first.place < edge.place < one.last.place]
            yield Box(edge.place, max([self.box.top, *within]), edge.place, self.box.bottom)

    # --- rows ---

    @cached_property
    def _even(self) -> bool:
        """Whether each line of the body is a row: none stands so near to another that it may go on with it."""
        middles = [row[0].signs[0].middle[1] for row in self.body]
        steps = [below - above for above, below in pairwise(middles)]
        return min(steps) >= EVEN * median(steps)

    @cached_property
    def _wrapped(self) -> bool:
        """Whether a name may go on in the next line: one as wide as any is followed by a line with nothing but a name."""
        names = [_name(row) for row in self.body]
        widest = max((name.box.x1 for name in names if name), default=0.0)
        return any(
            name is not None
            and name.box.x1 > widest - name.size
            and len(below) == 1
            and _name(below) is not None
            for name, below in zip(names, self.body[1:], strict=False)
        )

    @property
    def _parted(self) -> bool:
        """Whether a rule lies between its rows: then all of them would have one, and lines between two are one row."""
        first, last = self.body[_numbers(self.body[0])][0].box.bottom, self.body[-1][0].box.top
        return any(
            first < rule.top < last
            and min(rule.x1, self.box.x1) - max(rule.x0, self.box.x0) > self.box.width / 2
            for rule in self.level
        )

    @cached_property
    def _boundaries(self) -> list[float]:
        """Between the header and the first row, and between rows."""
        rows = [Box.around([part.box for part in row]) for row in (self.head[-1], *self.body)]
        return [self._between(above.bottom, below.top) for above, below in pairwise(rows)]

    def _between(self, above: float, below: float) -> float:
        """Where the rule between two lines is, or would be."""
        own = (rule.top for rule in self.level if above - ROOM <= rule.top <= below + ROOM)
        return next(own, (above + below) / 2)

    # --- columns ---

    @cached_property
    def cells(self) -> list[HeaderCell]:
        """The headers; lines that are centred below each other without more room between them are one."""
        found: list[list[TextLine]] = []
        for part in (part for row in self.head for part in row):
            own = (cell for cell in found if _goes_on(cell[-1], part))
            cell = next(own, None)
            found.append([part]) if cell is None else cell.append(part)
        return [HeaderCell(tuple(parts)) for parts in found]

    @cached_property
    def _leaves(self) -> list[HeaderCell]:
        """The headers of single columns: nothing else of the header stands below them, nor room for it."""
        lowest = max(cell.box.bottom for cell in self.cells)
        middle = (self.box.top + ROOM + lowest) / 2
        return [
            cell
            for cell in self.cells
            if (cell.box.top + cell.box.bottom) / 2 >= middle - NEAR
            and not any(
                other.box.top >= cell.box.bottom - SLIGHT and _over(cell, other) for other in self.cells
            )
        ]

    @cached_property
    def _edges(self) -> tuple[Edge, ...]:
        """Where columns begin and end; none where it is not clear which header a column has."""
        head = self.body[0][0].box.top - NEAR
        leaves = [sign for cell in self._leaves for part in cell.parts for sign in part.signs]
        body = [sign for row in self.body for part in row for sign in part.signs]
        spans = headed_columns([*leaves, *body], head)
        if len(spans) != len(self._leaves):
            return ()
        inner = edges_between(spans, self.box)
        left, right = Edge(self.box.x0 - SIDE, self.box.x0), Edge(self.box.x1, self.box.x1 + SIDE)
        return (left, *inner, right)

    @cached_property
    def _told_apart(self) -> bool:
        """Whether no two columns have the same header: those above would tell them apart."""
        said = ["".join(part.text for part in cell.parts) for cell in self._leaves]
        return len(said) == len(set(said))

    def _spanning(self) -> list[Spanning] | None:
        """The headers over several columns, each with these; None where they can be divided in no way or in several."""
        tops = sorted(self._leaves, key=lambda cell: cell.box.x0)
        upper = [cell for cell in self.cells if cell not in self._leaves]
        found: list[Spanning] = []
        upper.sort(key=lambda cell: -round(cell.box.bottom))
        for _, same in groupby(upper, key=lambda cell: round(cell.box.bottom)):
            cells = sorted(same, key=lambda cell: cell.box.x0)
            more = self._level(cells, tops)
            if more is None:
                return None
            for one in more:
                for n, edge in enumerate(self._edges[:-1]):
                    if one.first.place <= edge.place < one.last.place:
                        tops[n] = one.cell
            found += more
        return found

    def _level(self, cells: Sequence[HeaderCell], tops: Sequence[HeaderCell]) -> list[Spanning] | None:
        """Headers of one height over the columns whose own headers stand below them.

        Args:
            cells: they.
            tops: what stands uppermost of each column; in the middle of the whole height it has no header above.
        """
        found: list[Spanning] = []
        for run in self._runs(cells, tops):
            first, last = self._edges[run[0]], self._edges[run[-1] + 1]
            own = [cell for cell in cells if first.low < cell.middle < last.high]
            if not own:
                continue
            if len(own) > HEADERS or (len(own) == 1 and len(run) == len(tops)):
                return None  # over all columns stands a title
            inner = self._edges[run[0] + 1 : run[-1] + 1]
            ways = divisions([cell.middle for cell in own], (first,), inner, last)
            marks = {tuple(map(self._nearest, way)) for way in islice(ways, WAYS)}
            if len(marks) != 1:
                return None
            for cell, (left, right) in zip(own, pairwise(marks.pop()), strict=True):
                top = min(below.box.top for below in tops[left:right])
                found.append(Spanning(cell, self._edges[left], self._edges[right], top))
        return found if len(found) == len(cells) else None

    def _runs(self, cells: Sequence[HeaderCell], tops: Sequence[HeaderCell]) -> Iterator[list[int]]:
        """The columns side by side whose own headers stand below these."""
        top, bottom = min(cell.box.top for cell in cells), max(cell.box.bottom for cell in cells)
        middle = (top + max(cell.box.bottom for cell in self.cells)) / 2
        below = [
            n
            for n, cell in enumerate(tops)
            if cell.box.top >= bottom - SLIGHT
            and not (cell in self._leaves and abs((cell.box.top + cell.box.bottom) / 2 - middle) <= MIDDLE)
        ]
        for _, group in groupby(enumerate(below), key=lambda pair: pair[1] - pair[0]):
            yield [n for _, n in group]

    def _nearest(self, edge: Edge) -> int:
        return min(range(len(self._edges)), key=lambda n: abs(self._edges[n].place - edge.place))


def _name(row: Sequence[TextLine]) -> TextLine | None:
    """The last text of a row that is no amount or code."""
    return next((part for part in reversed(row) if not AMOUNT.fullmatch(part.text)), None)


def _goes_on(above: TextLine, below: TextLine) -> bool:
    """Whether a line of a header goes on with the next."""
    apart = abs((above.box.x0 + above.box.x1) - (below.box.x0 + below.box.x1)) / 2
    return apart <= MIDDLE and 0 < below.box.top - above.box.top <= WRAPPED * below.size


def _over(above: HeaderCell, below: HeaderCell) -> bool:
    return above.box.x0 < below.box.x1 and below.box.x0 < above.box.x1
