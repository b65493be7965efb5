"""Tables that go on over pages, as one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from budgetgen.reading.cells import Raw
from budgetgen.reading.document.blocks import Grid, tight
from budgetgen.reading.document.pdf.grids import RuledTable, at
from budgetgen.reading.document.pdf.lines import is_full
from budgetgen.values.places import DocumentPlace
from budgetgen.values.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.reading.document.pdf.grids import RuledCell

BEGINS: Final = re.compile(
    r"\d{3}(?!\d ?年)|[一二三四五六七八九十]{1,3}、|[（(]?\d{1,2}[）).、．](?!\d)|其中"
)
"""How the text of a row of its own begins, whatever stands above it."""
FIGURE: Final = re.compile(r"[-－—]?[\d,，.%\s]*")
"""What stands in a cell that no row shares with the one above."""

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
    """

    page: int
    table: int
    number: int
    cells: Mapping[int, tuple[RuledCell, ...]]
    starts: frozenset[int]
    width: int

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """What stands in each column."""
        return tuple(self._text(self.cells.get(column, ())) for column in range(self.width))

    def _text(self, cells: tuple[RuledCell, ...]) -> str:
        """A cell's text; of one that is torn, both parts'."""
        said = "".join(cell.text for cell in cells)
        return tight(clean("\n".join(tight(line) for line in said.split("\n")))[0])

    def raws(self) -> tuple[Raw, ...]:
        """The row as cells of a document: all columns of a merged cell are one place."""
        found: list[Raw] = []
        for column, text in enumerate(self.texts):
            merged = found and column not in self.starts
            own = DocumentPlace(self.table, self.number, column + 1, page=self.page)
            place = found[-1].place if merged else str(own)
            found.append(Raw(text or None, place=place))
        return tuple(found)

    def goes_on(self, below: _Row) -> bool:
        """Whether a row at the head of the next page is the rest of this one.

        Each text in it goes on with a text above that had no room for its first word, and none is a figure.
        """
        rests = {column: cells[0] for column, cells in below.cells.items() if cells[0].lines}
        return bool(rests) and all(
            _continues(self.cells.get(column, ()), rest) for column, rest in rests.items()
        )

    @cached_property
    def figured(self) -> bool:
        """Whether a figure stands in it."""
        return any(text and FIGURE.fullmatch(text) for text in self.texts)

    def torn(self, below: _Row) -> tuple[_Row, _Row]:
        """This row with what goes on with its cells in the row at the head of the next page, and that row without.

        So a header is torn some of whose cells reach over its next row.
        """
        rests = {
            column: cells
            for column, cells in below.cells.items()
            if cells[0].lines and _continues(self.cells.get(column, ()), cells[0])
        }
        whole = {**self.cells} | {column: (*self.cells[column], *rest) for column, rest in rests.items()}
        left = {column: cells for column, cells in below.cells.items() if column not in rests}
        return replace(self, cells=whole), replace(below, cells=left)

    def with_rest(self, below: _Row) -> _Row:
        """The row with its rest."""
        rests = {column: cells for column, cells in below.cells.items() if cells[0].lines}
        cells = {**self.cells} | {column: (*self.cells[column], *rest) for column, rest in rests.items()}
        return replace(self, cells=cells)


def _continues(above: Sequence[RuledCell], rest: RuledCell) -> bool:
    text = rest.text.strip()
    if not above or not above[-1].lines or FIGURE.fullmatch(text) or BEGINS.match(text):
        return False
    same = abs(above[-1].box.width - rest.box.width) <= ALIGNED
    return same and is_full(above[-1].lines[-1], rest.lines[0], rest.room)


@dataclass
class LongTable:
    """A table over one page or more.

    Attributes:
        parts: what of it stands on each page.
    """

    parts: list[RuledTable]

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
            if rows and own and rows[-1].goes_on(own[0]):
                rows[-1] = rows[-1].with_rest(own.pop(0))
            elif 0 < len(rows) <= HEADER and own and not any(row.figured for row in (*rows, own[0])):
                rows[-1], own[0] = rows[-1].torn(own[0])
            rows += own
        first = self.parts[0]
        measured = any(part.measured for part in self.parts)
        return Grid(tuple(row.raws() for row in rows), first.order, page=first.page, measured=measured)

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
