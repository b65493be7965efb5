"""Rows of a PDF that may be two: without the rule between them, the name of one is read as the rest of the other's.

A name over several lines fills each of them but the last. Where a line ends though the next word had room, an office
broke the name by hand, or there are two names; where nothing else in the document says the name whole, that is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from budgetgen.reading.document.blocks import Grid, Text
from budgetgen.values.places import DocumentPlace
from budgetgen.values.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from budgetgen.edition.declarations import Edition, TableDeclaration
    from budgetgen.reading.cells import Line, Raw
    from budgetgen.reading.document.blocks import Block
    from budgetgen.reading.headers import Header

NAMES: Final = frozenset({"name", "item", "label", "unit"})
"""The types of the columns that tell rows apart."""
LINE_END: Final = "\n"


def glued(
    edition: Edition, table: TableDeclaration, lines: Sequence[Line], header: Header, blocks: Sequence[Block]
) -> list[Raw]:
    """The cells of names that may be two, from above.

    Args:
        edition: the format.
        table: whose rows they are.
        lines: with the header.
        header: of them.
        blocks: all of the document: what stands whole in one of them is one name.
    """
    kinds = {(i, c.name): c.type for i, block in enumerate(table.block) for c in block.columns}
    columns = [at for named, where in header.places.items() if kinds.get(named) in NAMES for at in where]
    cells = (line[at] for line in lines[header.rows :] for at in columns if at < len(line))
    return apart(cells, blocks, _official(edition, table))


def apart(cells: Iterable[Raw], blocks: Sequence[Block], official: Iterable[str] = ()) -> list[Raw]:
    """The cells whose lines may be texts of several rows: that are nowhere one, or are each the whole of another cell.

    Args:
        cells: those that may.
        blocks: all of the document.
        official: the forms of names that are known besides.
    """
    broken = [raw for raw in cells if broken_on_page(raw)]
    if not broken:
        return []
    names = {*official, *(fold(text).form for text in _in_cells(blocks))}
    known = LINE_END.join((*names, *(fold(b.text).form for b in blocks if isinstance(b, Text))))
    return [
        raw
        for raw in broken
        if fold(str(raw.value)).form not in known
        or all(fold(part).form in names for part in str(raw.value).split(LINE_END))
    ]


def broken_on_page(raw: Raw) -> bool:
    """Whether a cell stands on a page, where alone rows are known from rules, and has the end of a line."""
    printed = isinstance(raw.place, DocumentPlace) and raw.place.page > 0
    return printed and LINE_END in str(raw.value)


def _official(edition: Edition, table: TableDeclaration) -> Iterator[str]:
    """The names that the format or a classification has for rows of a table."""
    for _, row in table.fixed.values():
        yield from (fold(text).form for text in (row.caption, *row.aliases))
    for kind in {column.of for column in table.columns.values() if column.type == "code"}:
        yield from (fold(name).form for name in edition.codes(kind).values())


def _in_cells(blocks: Sequence[Block]) -> Iterator[str]:
    """What stands in the cells of a document without a line end."""
    grids = (block for block in blocks if isinstance(block, Grid))
    told = (str(raw.value) for grid in grids for line in grid.lines for raw in line if not raw.blank)
    return (text for text in told if LINE_END not in text)
