"""A sheet as stored: its rows, read when somebody asks for them, and what decides what of it is seen."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, overload

from budgetgen.reading.cells import NOTHING, Raw
from budgetgen.values.addresses import column_of, corners, letters, parted
from budgetgen.values.places import SheetPlace, cells_of, sheet_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from budgetgen.reading.cells import Line
    from budgetgen.values.places import FilePlace

FALSE = frozenset({None, "0", "false"})
"""How a file says no, or does not say yes."""


@dataclass
class Surroundings:
    """What a sheet says of its rows, columns and cells; filled while it is read.

    Attributes:
        rows: the numbers of the rows that are not shown.
        columns: the first and last of columns that are not shown.
        merges: the corners of merged cells: first column and row, last column and row.
    """

    rows: set[int] = field(default_factory=set)
    columns: list[tuple[int, int]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)

    def row(self, number: int, told: dict[str, str]) -> None:
        """What is told of a row."""
        if told.get("hidden") not in FALSE:
            self.rows.add(number)

    def column(self, told: dict[str, str]) -> None:
        """What is told of some columns."""
        if told.get("hidden") not in FALSE:
            self.columns.append((int(told["min"]), int(told["max"])))

    def merge(self, area: str) -> None:
        """A merged cell: `B8:B10`."""
        self.merges.append(corners(area))


class LaterLines(Sequence["Line"]):
    """The rows of a sheet that are read when somebody asks for them, which hardly anybody does."""

    def __init__(self, read: Callable[[], Sequence[Line]]) -> None:
        self._read = cache(read)

    def __len__(self) -> int:
        return len(self._read())

    @overload
    def __getitem__(self, index: int) -> Line: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Line]: ...

    def __getitem__(self, index: int | slice) -> Line | Sequence[Line]:
        return self._read()[index]


@dataclass(frozen=True)
class StoredSheet:
    """A sheet as stored.

    Attributes:
        name: its own.
        lines: its rows that hold something.
        shown: whether the sheet itself is.
        hidden_rows: the numbers of the rows that are not shown.
        hidden_columns: the letters of the columns that are not shown, of those that hold something.
        number: its ordinal in the file.
        words: all its texts, where it is known that no number was typed there; else None.
    """

    name: str
    lines: Sequence[Line]
    shown: bool = True
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[str] = frozenset()
    number: int = 0
    words: frozenset[str] | None = None

    @classmethod
    def of(
        cls, name: str, lines: Iterable[Line], around: Surroundings, *, shown: bool = True, number: int = 0
    ) -> StoredSheet:
        """A sheet of its rows and what is around them; the rows are asked for first."""
        stored = tuple(lines)
        width = max(map(len, stored), default=0)
        hidden = (
            letters(column) for first, last in around.columns for column in range(first, min(last, width) + 1)
        )
        held = tuple(_merged(stored, around.merges)) if around.merges else stored
        return cls(name, held, shown, frozenset(around.rows), frozenset(hidden), number)

    def hides(self, places: Iterable[FilePlace]) -> Mapping[str, FilePlace]:
        """The rows and columns that are not shown, of those that hold some cells, each run with its first: 第8至12行, E列."""
        found: dict[str, FilePlace] = {}
        rows = _runs(self.hidden_rows)
        columns = _runs(map(column_of, self.hidden_columns))
        for place in places if rows or columns else ():
            letter, row = parted(cells_of(place))
            if run := rows.get(row):
                found.setdefault(f"第{_ends(*map(str, run))}行", place)
            elif run := columns.get(column_of(letter)):
                found.setdefault(f"{_ends(*map(letters, run))}列", place)
        return found


def _runs(numbers: Iterable[int]) -> Mapping[int, tuple[int, int]]:
    """Each number with the first and the last of those next to each other that it is among."""
    placed = enumerate(sorted(numbers))
    runs = ([number for _, number in run] for _, run in groupby(placed, key=lambda one: one[1] - one[0]))
    return {number: (run[0], run[-1]) for run in runs for number in run}


def _ends(first: str, last: str) -> str:
    return first if first == last else f"{first}至{last}"


def _merged(lines: Sequence[Line], merges: Iterable[tuple[int, int, int, int]]) -> Iterator[Line]:
    """The rows, each cell that another is merged over knowing that one.

    Merged cells do not overlap: where there are more of them than cells, the file is not to be trusted.
    """
    grid = {_number(line): list(line) for line in lines}
    numbers = sorted(grid)
    width = max(map(len, lines), default=0)
    left_over = len(numbers) * width
    for left, top, right, bottom in merges:
        rows = numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]
        columns = range(left, min(right, width) + 1)
        left_over -= len(rows) * len(columns)
        if left_over < 0:
            break
        _cover(grid, rows, columns, top)
    yield from map(tuple, grid.values())


def _cover(grid: dict[int, list[Raw]], rows: Sequence[int], columns: range, top: int) -> None:
    sheet = next((sheet_of(raw.place) for row in rows for raw in grid[row] if raw.place), "")
    first = _at(grid.get(top, []), columns.start, SheetPlace(sheet, f"{letters(columns.start)}{top}"))
    for row in rows:
        line = grid[row]
        line += [NOTHING] * (columns.stop - 1 - len(line))
        for column in columns:
            if (row, column) != (top, columns.start):
                own = _at(line, column, SheetPlace(sheet, f"{letters(column)}{row}"))
                line[column - 1] = own._replace(under=first)


def _at(line: Sequence[Raw], column: int, place: SheetPlace) -> Raw:
    """The cell of a column, stored or not, with its place."""
    own = line[column - 1] if column <= len(line) else NOTHING
    return own if own.place else own._replace(place=place)


def _number(line: Line) -> int:
    """The number of a row that holds something."""
    return next(parted(cells_of(raw.place))[1] for raw in line if raw.place)
