"""Tables with rules: which cells the rules make, and what stands in each."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any, Final

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from budgetgen.reading.document.pdf.banded import Columns, Neighbouring, banded
from budgetgen.reading.document.pdf.columns import NEAR, parting
from budgetgen.reading.document.pdf.lines import joined, lines
from budgetgen.reading.document.pdf.marks import Box
from budgetgen.reading.document.pdf.unruled import unruled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.reading.document.pdf.lines import TextLine
    from budgetgen.reading.document.pdf.marks import SeenPage, Sign

COLUMNS: Final = 2
"""A table has more edges of columns."""
PADDING: Final = 6.0
"""How far from a rule text begins at most, where it begins as near as it may."""


@dataclass(frozen=True)
class RuledCell:
    """A cell of a table on one page.

    Attributes:
        box: where it stands.
        lines: of text in it.
        room: how wide a line in it may be.
    """

    box: Box
    lines: tuple[TextLine, ...]
    room: float

    @property
    def text(self) -> str:
        """What it says."""
        return joined(self.lines, self.room)

    def parted(self, at: int) -> str:
        """What it says, with the end of a line where another row may begin: after so many lines; 0 for nowhere."""
        parts = (self.lines[:at], self.lines[at:])
        return "\n".join(joined(part, self.room) for part in parts if part)


@dataclass(frozen=True)
class RuledTable:
    """A table, or the part of it that stands on one page.

    Attributes:
        page: its number.
        cells: from above, each row from the left.
        order: its ordinal on the page.
        measured: whether its cells follow from what is printed alone: its figures have yet to add up.
        level: whether it has level rules only.
        columns: those below its captions, where all its rows are divided each as it is printed.
        rest: whether it stands in the columns of a table on the page before, and has no captions.
    """

    page: int
    cells: tuple[RuledCell, ...]
    order: int = 0
    measured: bool = False
    level: bool = False
    columns: Columns | None = None
    rest: bool = False

    @cached_property
    def box(self) -> Box:
        """Where it stands."""
        return Box.around([cell.box for cell in self.cells])

    @cached_property
    def edges(self) -> tuple[float, ...]:
        """Where its columns begin and end."""
        return _edges(x for cell in self.cells for x in (cell.box.x0, cell.box.x1))

    @cached_property
    def levels(self) -> tuple[float, ...]:
        """Where its rows begin and end."""
        return _edges(y for cell in self.cells for y in (cell.box.top, cell.box.bottom))

    @property
    def lines(self) -> Iterator[TextLine]:
        """All that stands in it."""
        return (line for cell in self.cells for line in cell.lines)

    def rows(self) -> list[list[RuledCell]]:
        """Its rows: the cells that begin in each, and those that reach into it from above."""
        found: list[list[RuledCell]] = [[] for _ in self.levels[1:]]
        for cell in self.cells:
            for row in range(at(self.levels, cell.box.top), at(self.levels, cell.box.bottom)):
                found[row].append(cell)
        return found


def ruled(sheet: SeenPage, known: Neighbouring) -> list[RuledTable]:
    """The tables of a page: those that rules make, and those whose rules follow from what is printed.

    Frames around texts, one below the other, are none.

    Args:
        sheet: the page.
        known: what other pages tell of its tables.
    """
    edges = [_edge(rule) for rule in sheet.rules]
    merged = [
        edge for edge in merge_edges(edges, NEAR, NEAR, NEAR, NEAR) if edge["width"] + edge["height"] > NEAR
    ]
    rests = _banded(sheet, merged, [], known, going_on=True)
    others = [edge for edge in merged if not any(table.box.holds(edge["x0"], edge["top"]) for table in rests)]
    ended = [*others, *_open_ends(others)]
    parting = list(_parted(others, sheet.signs))
    tables = _tables([*ended, *_open_sides(ended), *parting])
    alike = [
        RuledTable(sheet.number, tuple(_filled(t, sheet.signs)), level=_holds(t, parting))
        for t in tables
        if not _within(t, tables)
    ]
    more = _banded(sheet, others, rests, known, going_on=False)
    found = [*rests, *(table for table in alike if not any(_is_head(table, other) for other in more))]
    found += [table for table in more if not any(_meet_each_other(table, other) for other in found)]
    found += _measured(sheet, others, [table.box for table in found])
    return sorted(found, key=lambda table: (table.box.top, table.box.x0))


def _tables(edges: Iterable[dict[str, Any]]) -> list[list[Box]]:
    """The cells of each table of more than one column that rules make."""
    closed = merge_edges(list(edges), NEAR, NEAR, NEAR, NEAR)
    groups = cells_to_tables(intersections_to_cells(edges_to_intersections(closed, NEAR, NEAR)))
    boxes = [[Box(*box) for box in group] for group in groups]
    return [
        _whole(group)
        for group in boxes
        if len(_edges(x for box in group for x in (box.x0, box.x1))) > COLUMNS
    ]


def _measured(sheet: SeenPage, edges: Sequence[dict[str, Any]], taken: Sequence[Box]) -> Iterator[RuledTable]:
    """The tables that stand outside of others, without rules or with a few."""
    free = _free(sheet, taken)
    for rules in unruled(*_oriented(edges), free):
        for table in _tables(map(_edge, rules)):
            yield RuledTable(sheet.number, tuple(_filled(table, free)), measured=True)


def _holds(cells: Sequence[Box], edges: Sequence[dict[str, Any]]) -> bool:
    """Whether rules stand in a table."""
    return any(cell.holds(edge["x0"], edge["top"]) for cell in cells for edge in edges)


def _is_head(table: RuledTable, other: RuledTable) -> bool:
    """Whether a table has the columns of the head only of one whose rows are not all divided alike."""
    columns = len(other.columns.ends) if other.columns else 0
    return _meet_each_other(table, other) and 2 * len(table.edges[1:]) <= columns + 1


def _meet_each_other(table: RuledTable, other: RuledTable) -> bool:
    """Whether two tables stand at one place."""
    one, two = table.box, other.box
    return one.x0 < two.x1 and two.x0 < one.x1 and one.top < two.bottom - NEAR and two.top < one.bottom - NEAR


def _banded(
    sheet: SeenPage,
    edges: Sequence[dict[str, Any]],
    found: Sequence[RuledTable],
    known: Neighbouring,
    *,
    going_on: bool,
) -> list[RuledTable]:
    """The tables that stand outside of others whose rows are not all divided alike: those that go on, or the others."""
    boxes = [table.box for table in found]
    free = _free(sheet, boxes)
    level, upright = (
        [rule for rule in rules if not any(box.holds(rule.x0, rule.top) for box in boxes)]
        for rules in _oriented(edges)
    )
    return [
        RuledTable(
            sheet.number, _roomy(tuple(_filled(table, free))), measured=True, columns=columns, rest=going_on
        )
        for columns, rules in banded(level, upright, free, known, going_on=going_on)
        for table in _tables(map(_edge, rules))
    ]


def _roomy(cells: tuple[RuledCell, ...]) -> tuple[RuledCell, ...]:
    """Cells whose sides are not known: a line may be as wide as any is in such a cell."""
    widest: dict[tuple[float, float], float] = defaultdict(float)
    for cell in cells:
        key = cell.box.x0, cell.box.x1
        widest[key] = max([widest[key], *(line.box.width for line in cell.lines)])
    return tuple(replace(cell, room=widest[cell.box.x0, cell.box.x1]) for cell in cells)


def _free(sheet: SeenPage, taken: Sequence[Box]) -> list[Sign]:
    """What stands outside of tables."""
    return [sign for sign in sheet.signs if not any(box.holds(*sign.middle) for box in taken)]


def _oriented(edges: Sequence[dict[str, Any]]) -> tuple[list[Box], list[Box]]:
    """The rules that lie, and those that stand."""
    level, upright = (
        [_box(edge) for edge in edges if edge["orientation"] == orientation] for orientation in ("h", "v")
    )
    return level, upright


def at(edges: Sequence[float], place: float) -> int:
    """Which of some edges a place is."""
    index = bisect_left(edges, place)
    near = (i for i in (index - 1, index) if 0 <= i < len(edges))
    return min(near, key=lambda i: abs(edges[i] - place))


def _edges(places: Iterable[float]) -> tuple[float, ...]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > NEAR:
            found.append(place)
    return tuple(found)


# --- rules --------------------------------------------------------------------------------------------------


def _edge(rule: Box) -> dict[str, Any]:
    """A rule as the library takes it."""
    return {
        "x0": rule.x0,
        "x1": rule.x1,
        "top": rule.top,
        "bottom": rule.bottom,
        "width": rule.width,
        "height": rule.height,
        "orientation": "h" if rule.width >= rule.height else "v",
    }


def _open_sides(edges: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rules at the left and right of tables that have none there: where level rules begin and end together."""
    level = [edge for edge in edges if edge["orientation"] == "h"]
    upright = [edge for edge in edges if edge["orientation"] == "v"]
    level.sort(key=lambda edge: (round(edge["x0"] / NEAR), round(edge["x1"] / NEAR), edge["top"]))
    for _, same in groupby(level, key=lambda edge: (round(edge["x0"] / NEAR), round(edge["x1"] / NEAR))):
        for above, below in pairwise(same):
            left, right = above["x0"], above["x1"]
            parted = [u for u in upright if _crosses(u, above, below)]
            if any(left + NEAR < u["x0"] < right - NEAR for u in parted):
                for x in (left, right):
                    if not any(abs(u["x0"] - x) <= NEAR for u in parted):
                        yield _edge(Box(x, above["top"], x, below["top"]))


def _open_ends(edges: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rules above and below tables that have none there: where upright rules cross level ones and end together."""
    level = [edge for edge in edges if edge["orientation"] == "h"]
    for upright in (edge for edge in edges if edge["orientation"] == "v"):
        met = [e for e in level if _meet(e, upright)]
        if met and min(upright["top"] - e["top"] for e in met) < 0:
            widest = max(met, key=lambda edge: edge["width"])
            for y in (upright["top"], upright["bottom"]):
                if not any(abs(edge["top"] - y) <= NEAR for edge in met):
                    yield _edge(Box(widest["x0"], y, widest["x1"], y))


def _meet(level: Mapping[str, Any], upright: Mapping[str, Any]) -> bool:
    """Whether two rules cross or touch."""
    across = level["x0"] - NEAR <= upright["x0"] <= level["x1"] + NEAR
    return bool(across and upright["top"] - NEAR <= level["top"] <= upright["bottom"] + NEAR)


def _parted(edges: Sequence[dict[str, Any]], signs: Sequence[Sign]) -> Iterator[dict[str, Any]]:
    """The upright rules that tables with level rules only do without."""
    return map(_edge, parting(*_oriented(edges), signs))


def _box(edge: Mapping[str, Any]) -> Box:
    return Box(edge["x0"], edge["top"], edge["x1"], edge["bottom"])


def _crosses(upright: Mapping[str, Any], above: Mapping[str, Any], below: Mapping[str, Any]) -> bool:
    """Whether an upright rule goes from one level rule to the other."""
    return bool(upright["top"] <= above["top"] + NEAR and upright["bottom"] >= below["top"] - NEAR)


# --- cells --------------------------------------------------------------------------------------------------


def _whole(cells: Sequence[Box]) -> list[Box]:
    """The cells of a table with those that rules leave open, so that nothing that stands in it is in none."""
    xs = _edges(x for cell in cells for x in (cell.x0, cell.x1))
    ys = _edges(y for cell in cells for y in (cell.top, cell.bottom))
    taken = {
        (row, column)
        for cell in cells
        for row in range(at(ys, cell.top), at(ys, cell.bottom))
        for column in range(at(xs, cell.x0), at(xs, cell.x1))
    }
    lacking = [
        Box(xs[column], ys[row], xs[column + 1], ys[row + 1])
        for row in range(len(ys) - 1)
        for column in range(len(xs) - 1)
        if (row, column) not in taken
    ]
    return [*cells, *lacking]


def _within(table: Sequence[Box], tables: Sequence[Sequence[Box]]) -> bool:
    """Whether a table stands in a cell of another: what stands there is text of that cell."""
    own = Box.around(list(table))
    middle = (own.x0 + own.x1) / 2, (own.top + own.bottom) / 2
    others = (cell for other in tables if other is not table for cell in other)
    return any(cell.holds(*middle) and cell.width > own.width for cell in others)


def _filled(cells: Sequence[Box], signs: Iterable[Sign]) -> Iterator[RuledCell]:
    """Cells with what stands in them, from above, each row from the left."""
    around = Box.around(list(cells))
    held: dict[Box, list[Sign]] = {cell: [] for cell in cells}
    for sign in signs:
        if around.holds(*sign.middle):
            held[min(held, key=lambda cell: _distance(cell, *sign.middle))].append(sign)
    texts = {cell: tuple(lines(own)) for cell, own in held.items()}
    starts = [line.box.x0 - cell.x0 for cell, own in texts.items() for line in own]
    padding = min([PADDING, *(start for start in starts if start > 0)])
    for cell in sorted(cells, key=lambda cell: (cell.top, cell.x0)):
        yield RuledCell(cell, texts[cell], cell.width - 2 * padding)


def _distance(cell: Box, x: float, y: float) -> float:
    """How far outside of a cell a point is."""
    return max(cell.x0 - x, x - cell.x1, cell.top - y, y - cell.bottom, 0.0)
