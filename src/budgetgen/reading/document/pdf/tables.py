"""Tables that go on over pages, as one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from budgetgen.reading.cells import Raw
from budgetgen.reading.document.blocks import Grid, tight
from budgetgen.reading.document.pdf.grids import RuledTable, at
from budgetgen.reading.document.pdf.lines import indent, is_full
from budgetgen.reading.document.pdf.seams import Seams, cells_of
from budgetgen.values.places import DocumentPlace
from budgetgen.values.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.reading.document.pdf.grids import RuledCell

BEGINS: Final = re.compile(
    r"\d{3}(?!\d ?年|\d*[A-Za-z])|[一二三四五六七八九十]{1,3}、|[（(]?\d{1,2}[）).、．](?!\d)|其中"
)
"""How the text of a row of its own begins, whatever stands above it."""
FIGURE: Final = re.compile(r"[-－—]?[\d,，.．%％\s]*")
"""What stands in a cell that no row shares with the one above, unless it is no whole figure."""
TENTHS: Final = re.compile(r"[-－—]?[\d,，]+[.．]\d")
POINTS: Final = (".", "．", ",", "，")
"""No figure begins or ends with one."""

ALIGNED: Final = 5.0
"""How far apart the same column may begin on two pages; no column is as narrow."""
HEADER: Final = 3
"""How many rows of a header may stand before a page ends within it."""


@dataclass(frozen=True)
class _Row:
    """A row of a table on a page.

    Attributes:
        page, table, number: where it stands: the page, the table on it, the row of that.
        cells: that begin in it, by the column that each begins in.
        starts: in which columns its cells begin, those too that reach into it from above.
        width: how many columns the table has.
        seams: after how many lines of a cell another row may begin.
    """

    page: int
    table: int
    number: int
    cells: Mapping[int, tuple[RuledCell, ...]]
    starts: frozenset[int]
    width: int
    seams: Mapping[RuledCell, int] = field(default_factory=dict)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """What stands in each column."""
        return tuple(self._text(self.cells.get(column, ())) for column in range(self.width))

    def _text(self, cells: tuple[RuledCell, ...]) -> str:
        """A cell's text; of one that is torn, both parts'."""
        said = "".join(cell.parted(self.seams.get(cell, 0)) for cell in cells)
        return tight(clean("\n".join(tight(line) for line in said.split("\n")))[0])

    def raws(self) -> tuple[Raw, ...]:
        """The row as cells of a document: all columns of a merged cell are one place."""
        found: list[Raw] = []
        for column, text in enumerate(self.texts):
            merged = found and column not in self.starts
            own = DocumentPlace(self.table, self.number, column + 1, page=self.page)
            place = found[-1].place if merged else own
            found.append(Raw(text or None, place=place))
        return tuple(found)

    @cached_property
    def figured(self) -> bool:
        """Whether a figure stands in it."""
        return any(text and FIGURE.fullmatch(text) for text in self.texts)

    def with_rest(self, column: int, rest: RuledCell) -> _Row:
        """The row with the rest of a cell."""
        return replace(self, cells={**self.cells, column: (*self.cells[column], rest)})


def _owner(rows: Sequence[_Row], column: int) -> int:
    """Which row the cell begins in that stands in a column of the last one; that, where none does."""
    for index in reversed(range(len(rows))):
        if column in rows[index].cells or column not in rows[index].starts:
            return index
    return len(rows) - 1


def _mended(rows: Sequence[_Row], below: _Row) -> tuple[list[_Row], _Row | None]:
    """Rows with what goes on with their last cells in the row at the head of the next page, and what is left of that.

    All of it goes on where each text in it goes on with one above that had no room for its first word; some of it may
    in a header, whose cells reach over its next row.
    """
    rests = {column: cells[0] for column, cells in below.cells.items() if cells[0].lines}
    owners = {column: _owner(rows, column) for column in rests}
    on = {
        column: rest
        for column, rest in rests.items()
        if _continues(rows[owners[column]].cells.get(column, ()), rest)
    }
    header = 0 < len(rows) <= HEADER and not any(row.figured for row in (*rows, below))
    if not on or (len(on) < len(rests) and not header):
        return [*rows], below
    whole = list(rows)
    for column, rest in on.items():
        whole[owners[column]] = whole[owners[column]].with_rest(column, rest)
    left = {column: cells for column, cells in below.cells.items() if column not in on}
    return whole, None if len(on) == len(rests) else replace(below, cells=left)


def _continues(above: Sequence[RuledCell], rest: RuledCell) -> bool:
    text = rest.text.strip()
    if not above or not above[-1].lines:
        return False
    if FIGURE.fullmatch(text):
        if not _cut("".join(above[-1].text.split()), text):
            return False
    elif BEGINS.match(text):
        return False
    last, first = above[-1].lines[-1], rest.lines[0]
    within = indent(last, first, above[-1].box.x0 - rest.box.x0)
    same = abs(above[-1].box.width - rest.box.width) <= ALIGNED
    return same and is_full(last, first, rest.room - within)


def _cut(above: str, below: str) -> bool:
    """Whether two figures are one: the end of a page cut it where no figure ends or begins, or between two decimals."""
    hundredths = TENTHS.fullmatch(above) is not None and len(below) == 1
    pointed = FIGURE.fullmatch(above) is not None and (above.endswith(POINTS) or below.startswith(POINTS))
    return hundredths or pointed


@dataclass
class LongTable:
    """A table over one page or more.

    Attributes:
        parts: what of it stands on each page.
        cut: whether the next page begins with what may go on with it and was not read so.
    """

    parts: list[RuledTable]
    cut: bool = False

    def goes_on(self, more: RuledTable) -> bool:
        """Whether a table at the head of the next page goes on with this one: its columns are among the same."""
        last = self.parts[-1]
        own, other = last.edges, _shifted(more, last.box.x0)
        alike = abs(own[-1] - other[-1]) <= ALIGNED and (_among(own, other) or _among(other, own))
        return more.page == last.page + 1 and alike

    def grid(self) -> Grid:
        """The table of the document."""
        rows: list[_Row] = []
        for part in self.parts:
            own = list(self._rows(part))
            own = own[_repeated(rows, own) :]
            if rows and own:
                rows, left = _mended(rows, own[0])
                own[:1] = [left] if left else []
            rows += own
        first = self.parts[0]
        seams = Seams(list(cells_of([row.cells for row in rows])))
        rows = [replace(row, seams=seams.after(n)) for n, row in enumerate(rows)]
        return Grid(
            tuple(row.raws() for row in rows),
            first.order,
            page=first.page,
            measured=any(part.measured for part in self.parts),
            level=any(part.level for part in self.parts),
            banded=any(part.columns for part in self.parts),
            cut=self.cut,
        )

    def _rows(self, part: RuledTable) -> Iterator[_Row]:
        shift = self.parts[0].box.x0 - part.box.x0
        for index, cells in enumerate(part.rows()):
            placed = {at(self._edges, cell.box.x0 + shift): cell for cell in cells}
            begin = {
                column: (cell,) for column, cell in placed.items() if at(part.levels, cell.box.top) == index
            }
            width = len(self._edges) - 1
            yield _Row(part.page, part.order, index + 1, begin, frozenset(placed), width)

    @cached_property
    def _edges(self) -> tuple[float, ...]:
        """Where the columns of all parts begin and end."""
        left = self.parts[0].box.x0
        found: list[float] = []
        for place in sorted(x for part in self.parts for x in _shifted(part, left)):
            if not found or place - found[-1] > ALIGNED:
                found.append(place)
        return tuple(found)


def _shifted(table: RuledTable, left: float) -> tuple[float, ...]:
    """The columns of a table as if it began at some place: the margins of pages may take turns."""
    return tuple(edge - table.box.x0 + left for edge in table.edges)


def _among(some: Sequence[float], others: Sequence[float]) -> bool:
    return all(abs(others[at(others, edge)] - edge) <= ALIGNED for edge in some)


def _repeated(rows: Sequence[_Row], more: Sequence[_Row]) -> int:
    """How many rows at the head of a page repeat the header."""
    pairs = zip(rows, more, strict=False)
    same = list(takewhile(lambda pair: pair[0].texts == pair[1].texts and any(pair[0].texts), pairs))
    return len(same)
