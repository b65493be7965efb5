"""The rows of a sheet as stored: one way through its XML, without an object for every element."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias
from xml.parsers import expat

from budgetgen.reading.cells import NOTHING
from budgetgen.values.addresses import column_of, letters, parted
from budgetgen.values.places import SheetPlace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from budgetgen.reading.cells import Line, Raw
    from budgetgen.reading.sheets import Surroundings

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROW, _CELL, _MERGE, _COLUMN = f"{_MAIN}row", f"{_MAIN}c", f"{_MAIN}mergeCell", f"{_MAIN}col"
_VALUE, _FORMULA, _INLINE = f"{_MAIN}v", f"{_MAIN}f", f"{_MAIN}is"
_TEXT, _PHONETIC = f"{_MAIN}t", f"{_MAIN}rPh"
_TOLD: Final = frozenset({_VALUE, _FORMULA, _TEXT})
"""The elements whose text is what a cell holds."""
_STEP: Final = 1 << 16
"""So many bytes are parsed at a time, so that a sheet of 100,000 rows is never held as objects."""
_DIGITS: Final = "0123456789"


Meaning: TypeAlias = "Callable[[SheetPlace, str, str, str | None, str | None, str | None], Raw]"
"""What a cell holds, by its place, its kind, its style, and the texts of its value, of its formula and of its own."""


def rows_in(data: bytes, title: str, meaning: Meaning, around: Surroundings) -> Iterator[Line]:
    """The rows that hold something, each when it is asked for; what stands around them is noted.

    Args:
        data: the part of a sheet, which the door has looked at.
        title: the name of the sheet, for places.
        meaning: what its cells hold.
        around: what is to be filled.

    Raises:
        ExpatError, ValueError: the file is damaged.
    """
    sheet = _SheetRows(title, meaning, around)
    parser = expat.ParserCreate("utf-8", "}")  # the door has recoded it, whatever it still declares
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = sheet.start, sheet.end
    parser.CharacterDataHandler = sheet.text.append
    for begin in range(0, len(data), _STEP):
        parser.Parse(data[begin : begin + _STEP], False)
        yield from sheet.ready
        sheet.ready.clear()
    parser.Parse(b"", True)


@dataclass(slots=True)
class _StoredCell:
    """A cell as its elements say: its attributes, and the texts within them."""

    told: Mapping[str, str]
    value: str | None = None
    formula: str | None = None
    inline: str | None = None


@dataclass(slots=True)
class _SheetRows:
    """A sheet while it is parsed."""

    title: str
    meaning: Meaning
    around: Surroundings
    ready: list[Line] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    cell: _StoredCell | None = None
    line: list[Raw] = field(default_factory=list)
    number: int = 0
    something: bool = False
    spoken: bool = False
    columns: dict[str, int] = field(default_factory=dict)

    def start(self, tag: str, told: dict[str, str]) -> None:
        if tag == _CELL:
            self.cell = _StoredCell(told)
        elif tag in _TOLD:
            self.text.clear()
        elif tag == _ROW:
            self.number = int(told.get("r", self.number + 1))
            self.line, self.something = [], False
            self.around.row(self.number, told)
        elif tag == _MERGE:
            self.around.merge(told.get("ref", ""))
        elif tag == _COLUMN:
            self.around.column(told)
        elif tag == _PHONETIC:
            self.spoken = True

    def end(self, tag: str) -> None:
        if tag == _ROW:
            if self.something:
                self.ready.append(tuple(self.line))
        elif tag == _PHONETIC:
            self.spoken = False
        elif cell := self.cell:
            if tag == _CELL:
                self._add(cell)
                self.cell = None
            elif tag == _VALUE:
                cell.value = "".join(self.text)
            elif tag == _FORMULA:
                cell.formula = "".join(self.text)
            elif tag == _INLINE:
                cell.inline = cell.inline or ""
            elif tag == _TEXT and not self.spoken:
                cell.inline = (cell.inline or "") + "".join(self.text)

    def _add(self, cell: _StoredCell) -> None:
        """A cell in its column; where none is told, the next."""
        told, address = cell.told, cell.told.get("r", "")
        column = self._column(address) if address else len(self.line) + 1
        place = SheetPlace(self.title, address or f"{letters(column)}{self.number}")
        raw = self.meaning(
            place, told.get("t", "n"), told.get("s", "0"), cell.value, cell.formula, cell.inline
        )
        self.something = self.something or raw.value is not None or raw.formula
        placed(self.line, column, raw)

    def _column(self, address: str) -> int:
        """The number of the column of an address; each column is looked at once."""
        known = address.rstrip(_DIGITS)
        if known not in self.columns:
            self.columns[known] = column_of(parted(address)[0])
        return self.columns[known]


def placed(line: list[Raw], column: int, raw: Raw) -> None:
    """Put a cell into its column, which is counted from 1."""
    if column == len(line) + 1:
        line.append(raw)
    else:
        line += [NOTHING] * (column - len(line))
        line[column - 1] = raw
