"""What stands on a sheet or in a printed table and was not read: told once for each area of adjoining cells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.values.addresses import letters
from budgetgen.values.amounts import PER_WAN, hollow
from budgetgen.values.findings import Finding, Spot
from budgetgen.values.patterns import pieces
from budgetgen.values.places import SheetPlace, cells_of, sheet_of
from budgetgen.values.sayings import saying
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition, TableDeclaration
    from budgetgen.reading.cells import Raw
    from budgetgen.values.places import FilePlace
    from budgetgen.values.sayings import Stated

Address: TypeAlias = tuple[int, int]
"""Row and column from 0, among the rows that hold something."""

STRAY = "outside-table"
"""The rule that nothing stands on a sheet that is not read."""
ROW = re.compile(r"(?<!\d)\d+$")
SAID = ".{0,300}"
"""What stands in a slot: a unit, a year, a few names; not so long that it is looked for in a whole book."""


def strays(edition: Edition, table: str, cells: Mapping[Address, Raw]) -> Iterator[Finding]:
    """That some cells were not read, area by area.

    Their texts are not repeated: they may be what nobody is to read, beside the code of a secret item.

    Args:
        edition: the format.
        table: in whose sheet they stand.
        cells: those that were not read; blank ones, zeros and signs for nothing are passed over.
    """
    filled = {a: raw for a, raw in cells.items() if not raw.blank and not hollow(str(raw.value))}
    for area in _areas(filled):
        yield Finding.of(edition.rules[STRAY], _stated(area, filled), *_spots(table, area, filled))


def span(cells: Mapping[Address, Raw]) -> FilePlace | None:
    """Where some cells of a sheet stand: the range from the first to the last, `支出总体!B3:D9`."""
    filled = [address for address, raw in cells.items() if not raw.blank]
    return _range(filled, cells) if filled else None


def _areas(cells: Mapping[Address, Raw]) -> Iterator[tuple[Address, ...]]:
    """The cells in groups of those that touch, each in order."""
    left = set(cells)
    for start in sorted(cells):
        if start not in left:
            continue
        left.remove(start)
        found, edge = [start], [start]
        while edge:
            row, column = edge.pop()
            around = ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1))
            touching = [address for address in around if address in left]
            left.difference_update(touching)
            found += touching
            edge += touching
        yield tuple(sorted(found))


def _stated(area: Sequence[Address], cells: Mapping[Address, Raw]) -> Stated:
    first = cells[area[0]]
    if len(area) > 1:
        return saying("area", 格数=len(area))
    return saying(填了=saying("number", 数=str(first.value)) if first.numeric else None)


def _spots(table: str, area: Sequence[Address], cells: Mapping[Address, Raw]) -> tuple[Spot, ...]:
    """The range of an area on a sheet; a document has no ranges."""
    if isinstance(cells[area[0]].place, SheetPlace):
        return (Spot(table, place=_range(area, cells)),)
    return tuple(dict.fromkeys(Spot(table, place=cells[address].place) for address in area))


def _range(area: Iterable[Address], cells: Mapping[Address, Raw]) -> FilePlace:
    addresses = sorted(area)
    columns = [column for _, column in addresses]
    sheet = sheet_of(cells[addresses[0]].place)
    top, bottom = (_row(cells[addresses[end]]) for end in (0, -1))
    first, last = (
        f"{letters(min(columns) + 1)}{top}",
        f"{letters(max(columns) + 1)}{bottom}",
    )
    return SheetPlace(sheet, first if first == last else f"{first}:{last}")


def _row(raw: Raw) -> str:
    found = ROW.search(cells_of(raw.place))
    return found[0] if found else ""


# --- what the program itself writes around a table ----------------------------------------------------------


@dataclass(frozen=True)
class SaidAround:
    """What is said around a table.

    Attributes:
        fixed: the texts that stand as they are, as they are compared.
        forms: those with slots.
    """

    fixed: frozenset[str]
    forms: re.Pattern[str]

    def hold(self, text: str) -> bool:
        """Whether they say that."""
        return text in self.fixed or self.forms.fullmatch(text) is not None


def said_around(edition: Edition, table: str) -> SaidAround:
    """What the blank or completed workbook says around a table: title, guide, unit of money, hints, marks."""
    return edition.once(_said_around)[table]


def _said_around(edition: Edition) -> Mapping[str, SaidAround]:
    return {table.name: _around(edition, table) for table in edition.table}


def _around(edition: Edition, table: TableDeclaration) -> SaidAround:
    rows = [row for block in table.block for row in block.rows]
    hints = (text for row in rows for text in (row.remark, edition.sheets.worked_out(row.remark)))
    money = (edition.scale(table.name).labelled(unit) for unit in PER_WAN)
    incomplete = (edition.consolidation.incomplete,) if edition.consolidation else ()
    told = (table.name, table.guide, edition.sheets.specimen, *hints, *money, *incomplete)
    texts = list(filter(None, told))
    slotted = [_form(text) for text in texts if not _is_fixed(text)]
    forms = re.compile("|".join([*slotted, rf"(?:\D*\d+(?:-\d+)*)?{_form(table.title or table.name)}"]))
    return SaidAround(frozenset(caption(text) for text in texts if _is_fixed(text)), forms)


def _is_fixed(pattern: str) -> bool:
    return all(isinstance(piece, str) for piece in pieces(pattern))


def _form(pattern: str) -> str:
    """A wording as a pattern of its captions, with anything in its slots."""
    return "".join(re.escape(caption(piece)) if isinstance(piece, str) else SAID for piece in pieces(pattern))
