"""A sheet in the usual form, taken by patterns, so that Python is not asked about every element.

Whatever program wrote it, nearly every sheet says its cells alike; one that does not is left to `rows`. That the whole is
XML the parser says first, which takes little time where nobody is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias
from xml.parsers import expat

from budgetgen.reading.cells import Raw
from budgetgen.reading.rows import placed
from budgetgen.reading.sheets import Surroundings
from budgetgen.values.addresses import column_of
from budgetgen.values.places import SheetPlace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.reading.cells import Line
    from budgetgen.reading.rows import Meaning

UsualCell: TypeAlias = tuple[str, str, str, str, str, str, str, str]
"""The letters, number, style and kind of a cell, and the elements of its formula, its value and its own text, each empty
where there is none; last, of a cell in another form, all that stands from there on."""

NOWHERE: Final = SheetPlace("")
_ATTRIBUTES: Final = r'(?: [\w:]+="[^"<>&]*+")*+'
_FORMAT: Final = ' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_BEGIN, _END, _ROW_END = b"<sheetData>", b"</sheetData>", b"</row>"
_ROW: Final = re.compile(rf"<row({_ATTRIBUTES})(/?)>".encode())
_CELL: Final = re.compile(
    r'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?(?:/>|>'
    r"(<f(?: [^<>/]*)?(?:/>|>[^<]*+</f>))?(<v>[^<]*+</v>)?"
    r'(?:<is>(<t(?: xml:space="preserve")?>[^<]*+</t>)</is>)?</c>)'
    r"|([\s\S]+)"
)
_MERGE: Final = re.compile(r'<mergeCell ref="([A-Z0-9:]+)"/>')
_COLUMN: Final = re.compile(rf"<col({_ATTRIBUTES})/>")
_AROUND: Final = re.compile(r"<(?:col|mergeCell)[\s/>]")
_ATTRIBUTE: Final = re.compile(r' (\w+)="([^"]*)"')


class UnusualError(Exception):
    """Something is not in the usual form."""


@dataclass(frozen=True, slots=True)
class UsualSheet:
    """A sheet that is taken to be in the usual form; where it is not, that shows on the way through it.

    It is decoded row by row: as one text, that of a department's parts would take twice its bytes.
    """

    data: bytes

    @classmethod
    def of(cls, data: bytes) -> UsualSheet:
        """The sheet of a part that the door has looked at.

        Raises:
            ExpatError, ValueError: the file is damaged.
        """
        expat.ParserCreate("utf-8", "}").Parse(data, True)
        return cls(data)

    def lines(self, title: str, meaning: Meaning, around: Surroundings) -> Iterator[Line]:
        """The same as `rows_in`.

        Raises:
            UnusualError: it is not in the usual form; the rows given before are the same.
            ValueError: the file is damaged.
        """
        for told, cells in self.rows(around):
            if " hidden=" in told:
                around.row(_numbered(told), _attributes(told))
            if not any(value or formula or inline for *_, formula, value, inline, _ in cells):
                continue
            line: list[Raw] = []
            something = False
            for letter, number, style, kind, formula, value, inline, _ in cells:
                place = SheetPlace(title, letter + number)
                if value or formula or inline:
                    raw = meaning(
                        place,
                        kind or "n",
                        style or "0",
                        _within(value) if value else None,
                        _within(formula) if formula else None,
                        _within(inline) if inline else None,
                    )
                    something = something or raw.value is not None or raw.formula
                else:
                    raw = Raw(None, False, place)
                placed(line, column_of(letter), raw)
            if something:
                yield tuple(line)

    def values(self, meaning: Meaning) -> Iterator[tuple[object, bool]]:
        """What its cells hold, but for the numbers that formulas gave, and whether one gave it; each once.

        Raises:
            UnusualError: as for `lines`.
        """
        rows = self.rows(Surroundings())
        told = {
            (style, kind, formula != "", value, inline)
            for _, cells in rows
            for _, _, style, kind, formula, value, inline, _ in cells
            if (value or inline) and not (formula and kind in {"", "n"})
        }
        for style, kind, computed, value, inline in told:
            held = _within(value) if value else None, None, _within(inline) if inline else None
            yield meaning(NOWHERE, kind or "n", style or "0", *held).value, computed

    def rows(self, around: Surroundings) -> Iterator[tuple[str, list[UsualCell]]]:
        """The attributes and the cells of each row; then what stands around them is noted.

        Raises:
            UnusualError: as for `lines`.
        """
        data, begin = self.data, self.data.find(_BEGIN)
        at = begin + len(_BEGIN)
        while begin >= 0 and (tag := _ROW.match(data, at)):
            at, end = tag.end(), tag.end() if tag[2] else data.find(_ROW_END, tag.end())
            told, cells = tag[1].decode(), _CELL.findall(data[at : max(at, end)].decode())
            if end < 0 or "xmlns" in told or (cells and cells[-1][-1]):
                raise UnusualError
            yield told, cells
            at = end if tag[2] else end + len(_ROW_END)
        if begin < 0 or not data.startswith(_END, at):
            raise UnusualError
        _look_around((data[:begin] + data[at:]).decode(), around)


def _look_around(text: str, around: Surroundings) -> None:
    """Note what stands around the rows."""
    columns, merges = _COLUMN.findall(text), _MERGE.findall(text)
    usual = text.count(" xmlns=") == 1 and _FORMAT in text and "<!" not in text and text.count("<?") <= 1
    if not usual or len(_AROUND.findall(text)) != len(columns) + len(merges):
        raise UnusualError
    for told in columns:
        around.column(_attributes(told))
    for area in merges:
        around.merge(area)


def _numbered(told: str) -> int:
    number = _attributes(told).get("r", "")
    if not number.isdecimal():
        raise UnusualError
    return int(number)


def _attributes(told: str) -> dict[str, str]:
    return dict(_ATTRIBUTE.findall(told))


def _within(element: str) -> str:
    """The text of an element."""
    text = element[element.index(">") + 1 : element.rindex("<")]
    return _words(text) if "&" in text or "\r" in text else text


def _words(text: str) -> str:
    """A text with the signs that XML needs itself."""
    if "&#" in text or "\r" in text:
        raise UnusualError
    told = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&apos;", "'")
    return told.replace("&amp;", "&")
