"""Rows of a table that may be two, as the rule between them lacks: told by where their figures stand beside their names.

Of one row figures and names stand at one height: both begin, both end, or both have their middle there, whichever is the
table's way. Where a name goes on below its figure otherwise than names of the table do, another may begin.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.reading.document.pdf.grids import RuledCell
    from budgetgen.reading.document.pdf.lines import TextLine

FIGURE: Final = re.compile(r"[-－—]?[\d,，.．%％\s]*\d[%％]?")
SAME: Final = 0.25
"""How far apart, in the size of the signs, two heights are that are meant as one."""
WIDER: Final = 1.15
"""How many times as far from each other as lines of one text those of two are at least."""
TOP, MIDDLE, BOTTOM = 0, 1, 2


@dataclass(frozen=True)
class Seams:
    """Where rows of a table may be two.

    Attributes:
        rows: the cells that begin in each row, from above.
    """

    rows: Sequence[Sequence[RuledCell]]

    def after(self, row: int) -> Mapping[RuledCell, int]:
        """The cells of a row in which another row may begin: each with the number of lines before it."""
        figures = self._figures(row)
        end = min((cell.box.bottom for cell in self.rows[row]), default=0.0)
        others = (c for c in self.rows[row] if len(c.lines) > 1 and c.box.bottom - end < c.lines[0].size / 2)
        found = ((cell, self._seam(cell, figures)) for cell in others)
        return {cell: at for cell, at in found if at}

    def _seam(self, cell: RuledCell, figures: Sequence[TextLine]) -> int:
        """After how many lines of a cell another row may begin; 0 for nowhere."""
        pitches = [below.box.top - above.box.top for above, below in pairwise(cell.lines)]
        usual = self._pitch * cell.lines[0].size
        wide = [n for n, pitch in enumerate(pitches, start=1) if usual and pitch > WIDER * usual]
        if wide:
            return wide[0]
        if not figures or self._way_of(cell.lines, figures) or not self._high(cell):
            return 0
        own = (n for n in range(1, len(cell.lines)) if _ways(cell.lines[:n], figures))
        return next(own, len(cell.lines) - 1)

    def _way_of(self, lines: Sequence[TextLine], figures: Sequence[TextLine]) -> bool:
        """Whether lines stand beside figures as the names of the table do; in the middle, where none tells how."""
        return (self._way if self._way is not None else MIDDLE) in _ways(lines, figures)

    def _high(self, cell: RuledCell) -> bool:
        """Whether a row is as high as two of the table."""
        return bool(self._least) and cell.box.bottom - cell.box.top >= 2 * self._least - 1

    def _figures(self, row: int) -> Sequence[TextLine]:
        """The figures of a row; none where they stand at several heights."""
        found = [cell.lines[0] for cell in self.rows[row] if _is_figure(cell)]
        tops = [line.box.top for line in found]
        return found if found and max(tops) - min(tops) <= SAME * found[0].size else ()

    @cached_property
    def _least(self) -> float:
        """How high the lowest row of one line is; 0 where there is none."""
        single = (row for row in self.rows if max((len(cell.lines) for cell in row), default=0) == 1)
        return min((cell.box.bottom - cell.box.top for row in single for cell in row), default=0.0)

    @cached_property
    def _pitch(self) -> float:
        """How far from each other the lines of one text are, in the size of their signs; 0 where that is not told."""
        found = [
            (below.box.top - above.box.top) / above.size
            for row in self.rows
            for cell in row
            for above, below in pairwise(cell.lines)
        ]
        return min(found, default=0.0)

    @cached_property
    def _way(self) -> int | None:
        """At which height figures stand beside most names of several lines, where these tell it."""
        told = Counter[int]()
        for number, row in enumerate(self.rows):
            figures = self._figures(number)
            for cell in row if figures else ():
                ways = _ways(cell.lines, figures) if len(cell.lines) > 1 else frozenset()
                told.update(ways if len(ways) == 1 else ())
        (most, count), *others = [*told.most_common(), (None, 0)]
        return most if count > 1 and all(count > other for _, other in others) else None


def _is_figure(cell: RuledCell) -> bool:
    return len(cell.lines) == 1 and FIGURE.fullmatch(cell.lines[0].text) is not None


def _ways(lines: Sequence[TextLine], figures: Sequence[TextLine]) -> frozenset[int]:
    """In which ways lines stand at one height with figures."""
    top, bottom = lines[0].box.top, lines[-1].box.bottom
    first, last = median(f.box.top for f in figures), median(f.box.bottom for f in figures)
    apart = {TOP: top - first, MIDDLE: (top + bottom - first - last) / 2, BOTTOM: bottom - last}
    near = SAME * lines[0].size
    return frozenset(way for way, by in apart.items() if abs(by) <= near)


def cells_of(rows: Sequence[Mapping[int, Sequence[RuledCell]]]) -> Iterator[list[RuledCell]]:
    """The cells of rows that are whole."""
    for row in rows:
        yield [cells[0] for cells in row.values() if len(cells) == 1]
