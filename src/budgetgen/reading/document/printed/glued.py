"""Rows of a PDF that may be two: without the rule between them, the name of one is read as the rest of the other's.

A name over several lines fills each of them but the last. Where a line ends though the next word had room, an office
broke the name by hand, or there are two names; where nothing else in the document says the name whole, that is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from budgetgen.reading.document.blocks import Text
from budgetgen.values.places import DocumentPlace
from budgetgen.values.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    broken = [raw for raw in cells if _printed(raw) and LINE_END in str(raw.value)]
    known = LINE_END.join((*_official(edition, table), *_whole(blocks))) if broken else ""
    return [raw for raw in broken if fold(str(raw.value)).form not in known]


def _printed(raw: Raw) -> bool:
    """Whether a cell stands on a page: there alone rows are known from rules."""
    return isinstance(raw.place, DocumentPlace) and raw.place.page > 0


def _official(edition: Edition, table: TableDeclaration) -> Iterator[str]:
    """The names that the format or a classification has for rows of a table."""
    for _, row in table.fixed.values():
        yield from (fold(text).form for text in (row.caption, *row.aliases))
    for kind in {column.of for column in table.columns.values() if column.type == "code"}:
        yield from (fold(name).form for name in edition.codes(kind).values())


def _whole(blocks: Sequence[Block]) -> Iterator[str]:
    """What a document says without a line end."""
    for block in blocks:
        told = (
            [block.text] if isinstance(block, Text) else (str(r.value) for line in block.lines for r in line)
        )
        yield from (fold(text).form for text in told if LINE_END not in text)
