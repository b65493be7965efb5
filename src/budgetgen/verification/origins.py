"""Where each passage of the document that should be comes from: its section, and the cells that it tells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.saying.disclosure import headed
from budgetgen.values.model import Paragraph, PerformanceGrid, PrintedTable
from budgetgen.values.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition
    from budgetgen.reading.document.manuscript import Passage
    from budgetgen.values.model import Disclosure, Printed

Spots: TypeAlias = tuple[tuple[str, str, str], ...]
"""Cells as (table, row key, column)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text with one origin.

    Attributes:
        length: in signs of the folded form.
        spots: the cells that it tells; none for what the format itself says.
    """

    length: int
    spots: Spots = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a passage comes from.

    Attributes:
        where: the table or section that it stands in, as a person finds it.
        cells: the pieces of each of its cells.
        columns: what the cells of a row are called; empty where that is not known.
    """

    where: str = ""
    cells: tuple[tuple[Piece, ...], ...] = ()
    columns: tuple[str, ...] = ()

    def spots(self, cell: int, begin: int, end: int) -> Spots:
        """The cells that a stretch of a text tells; of a place between two signs, those on its left."""
        if cell >= len(self.cells):
            return ()
        found: list[tuple[str, str, str]] = []
        at = 0
        for piece in self.cells[cell]:
            if at < max(end, begin + 1) and at + piece.length > begin:
                found += piece.spots
            at += piece.length
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Known:
    """A passage as the disclosure has it, by its texts; of a row the blank cells are left out."""

    key: tuple[str, ...]
    origin: Origin
    names: tuple[str, ...] = ()


def origins(disclosure: Disclosure, edition: Edition, passages: Sequence[Passage]) -> tuple[Origin, ...]:
    """The origin of each passage of the written disclosure."""
    names = {grid.id: grid.by for grid in edition.performance}
    known = list(_known(disclosure, names))
    keys = [_key(passage) for passage in passages]
    matcher = SequenceMatcher(None, [k.key for k in known], keys, autojunk=False)
    met = {
        block.b + n: known[block.a + n] for block in matcher.get_matching_blocks() for n in range(block.size)
    }
    grids = _heads(disclosure, names)
    where, head, found = disclosure.subject, {}, []
    for number, passage in enumerate(passages):
        if passage.contents:
            where = disclosure.contents
        if number in met:
            where = met[number].origin.where
            head = grids.get(where, {})
            found.append(_placed(met[number], passage))
        elif passage.table:
            found.append(Origin(where, tuple(_headed(cell, head) for cell in passage.cells)))
        else:  # what stands just above a title, the number of its table, belongs to it
            found.append(Origin(met[number + 1].origin.where if number + 1 in met else where))
    return tuple(found)


def _key(passage: Passage) -> tuple[str, ...]:
    if passage.contents:
        return ("",)
    return tuple(form for cell in passage.cells if (form := fold(cell).form))


# --- what the disclosure says -------------------------------------------------------------------------------


def _known(disclosure: Disclosure, names: Mapping[str, str]) -> Iterator[_Known]:
    for part in disclosure.parts:
        if part.heading:
            yield _text(part.heading, part.heading)
        for where, block in headed(part):
            if isinstance(block, Paragraph):
                pieces = tuple(Piece(len(fold(run.text).form), run.spots) for run in block.runs)
                yield _Known((fold(block.text).form,), Origin(where, (pieces,)))
            else:
                yield from _block(block, names)


def _block(block: Printed, names: Mapping[str, str]) -> Iterator[_Known]:
    if isinstance(block, PrintedTable):
        where = table_name(block)
        yield _text(block.title, where)
        for texts, spots in zip(block.rows, block.spots, strict=True):
            yield _row(texts, spots, where)
        yield from (_text(remark, where) for remark in block.remarks)
    elif isinstance(block, PerformanceGrid):
        name = grid_name(block, names)
        yield from (_text(line, name) for line in block.title)
        for texts, spots in zip(block.rows, block.spots[1:], strict=True):
            yield _row(texts, spots, name)


def table_name(table: PrintedTable) -> str:
    """A numbered table as a person finds it."""
    return f"表{table.ordinal} {table.title}"


def grid_name(grid: PerformanceGrid, names: Mapping[str, str]) -> str:
    """A performance table as a person finds it: its caption, and the project that it is of."""
    owner = grid.head.get(names[grid.id], "")
    return f"{grid.title[0]}（{owner}）" if owner else grid.title[0]


def _text(text: str, where: str) -> _Known:
    return _Known((fold(text).form,), Origin(where))


def _row(texts: Mapping[str, str], spots: Mapping[str, tuple[str, str, str]], where: str) -> _Known:
    filled = [(name, form) for name, text in texts.items() if (form := fold(text).form)]
    cells = tuple((Piece(len(form), (spots[name],) if name in spots else ()),) for name, form in filled)
    return _Known(tuple(form for _, form in filled), Origin(where, cells), tuple(texts))


def _placed(known: _Known, passage: Passage) -> Origin:
    """The origin of a row with its blank cells put in."""
    if not passage.table:
        return known.origin
    given = iter(known.origin.cells)
    cells = tuple(next(given, ()) if fold(cell).form else () for cell in passage.cells)
    columns = known.names if len(known.names) == len(cells) else ()
    return replace(known.origin, cells=cells, columns=columns)


def _heads(disclosure: Disclosure, names: Mapping[str, str]) -> dict[str, dict[str, Spots]]:
    """The facts in the head of each performance table by their text."""
    grids = (b for part in disclosure.parts for b in part.blocks if isinstance(b, PerformanceGrid))
    return {
        grid_name(grid, names): {
            fold(text).form: (grid.spots[0][name],)
            for name, text in grid.head.items()
            if name in grid.spots[0]
        }
        for grid in grids
    }


def _headed(cell: str, head: Mapping[str, Spots]) -> tuple[Piece, ...]:
    form = fold(cell).form
    return (Piece(len(form), head.get(form, ())),)
