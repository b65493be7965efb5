"""A workbook as stored: its sheets row by row, by patterns where they are in the usual form, else by the parser.

openpyxl would make objects of styles, names and drawings, and parses in Python: it takes several times as long, the
start of the program included. What a parser has to be guarded from, the door has refused before. What comes out is what
openpyxl gives; a test compares both over workbooks of many makers.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import XML, Element

from budgetgen.reading.cells import Raw
from budgetgen.reading.dates import LATER, moment, told_moment
from budgetgen.reading.number_formats import NumberFormat, style_of
from budgetgen.reading.rows import rows_in
from budgetgen.reading.sheets import FALSE
from budgetgen.reading.usual import UnusualError, UsualSheet
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.reading.cells import Line
    from budgetgen.reading.dates import Moment
    from budgetgen.reading.sheets import Surroundings
    from budgetgen.values.places import SheetPlace

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TEXT, _RUN, _ITEM = f"{_MAIN}t", f"{_MAIN}r", f"{_MAIN}si"
_TYPES: Final = "[Content_Types].xml"
_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
VISIBLE: Final = "visible"
ORDINARY: Final = NumberFormat()


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A sheet before it is read.

    Attributes:
        title: its name.
        part: where in the file it is.
        shown: whether it is.
        number: its ordinal in the file.
    """

    title: str
    part: str
    shown: bool
    number: int


@dataclass(frozen=True)
class StoredWorkbook:
    """The parts of a workbook that the door has admitted.

    Attributes:
        parts: those that are XML, by name, in UTF-8.
    """

    parts: Mapping[str, bytes] = field(repr=False)

    @cached_property
    def sheets(self) -> tuple[StoredPart, ...]:
        """Its sheets in order; a chart is none.

        Raises:
            KeyError, ParseError: the file is damaged.
        """
        folder, file = posixpath.split(self._main)
        links = {link.get("Id"): link for link in self._xml(f"{folder}/_rels/{file}.rels")}
        named = [(sheet, links[sheet.get(_ID)]) for sheet in self._workbook.iter(f"{_MAIN}sheet")]
        found = [
            (sheet, part)
            for sheet, link in named
            if "chartsheet" not in link.get("Type", "") and (part := _target(folder, link)) in self.parts
        ]
        return tuple(
            StoredPart(sheet.get("name", ""), part, sheet.get("state", VISIBLE) == VISIBLE, number)
            for number, (sheet, part) in enumerate(found, start=1)
        )

    @property
    def titles(self) -> frozenset[str]:
        """The names of its sheets, as they are compared."""
        return frozenset(caption(sheet.title) for sheet in self.sheets)

    def rows(self, sheet: StoredPart, around: Surroundings) -> Iterator[Line]:
        """The rows that hold something, each when it is asked for; what stands around them is noted.

        What the sheet says of its dimensions is not read: WPS writes wrong ones, and cells outside would be lost.
        """
        data, given = self.parts[sheet.part], 0
        try:
            for line in UsualSheet.of(data).lines(sheet.title, self._raw, around):
                yield line
                given += 1
        except UnusualError:
            yield from islice(rows_in(data, sheet.title, self._raw, around), given, None)

    def words(self, sheet: StoredPart) -> frozenset[str] | None:
        """The texts of a sheet on which no number stands but what formulas give; None of any other."""
        found = set()
        try:
            for value, computed in UsualSheet.of(self.parts[sheet.part]).values(self._raw):
                if isinstance(value, str):
                    found.add(value)
                elif value is not None and not computed:
                    return None
        except UnusualError:
            return None
        return frozenset(found)

    def _raw(
        self,
        place: SheetPlace,
        kind: str,
        style: str,
        text: str | None,
        formula: str | None,
        inline: str | None,
    ) -> Raw:
        """A cell with its computed value."""
        shape = self._styles.get(style, ORDINARY)
        value: object = inline if kind == "inlineStr" else None
        number: float | None = None
        if text and kind != "inlineStr":
            value, number = self._value(kind, text, shape)
        if formula is None:
            return Raw(value, False, place, "", shape.code, number)
        # The empty text that a formula gave is a value, other than that of one never computed.
        if text is not None and value is None and kind == "str":
            value = ""
        return Raw(value, True, place, formula, shape.code, number)

    def _value(self, kind: str, text: str, style: NumberFormat) -> tuple[object, float | None]:
        """What is stored, and the number behind it where it is a day or a time."""
        match kind:
            case "s":
                return self._strings[int(text)], None
            case "n":
                return self._number(text, style)
            case "b":
                return bool(int(text)), None
            case "d":
                return told_moment(text)
        return text, None

    def _number(self, text: str, style: NumberFormat) -> tuple[object, float | None]:
        number = float(text) if "." in text or "e" in text or "E" in text else int(text)
        if not style.moment:
            return number, None
        try:
            found: Moment = moment(number, later=self._later, elapsed=style.elapsed)
        except (OverflowError, ValueError):
            return "#VALUE!", None
        return found, float(number) + (LATER if self._later and hasattr(found, "year") else 0)

    # --- what the cells refer to ---

    @cached_property
    def _strings(self) -> Sequence[str]:
        part = self._named("sharedStrings")
        return tuple(map(_content, self._xml(part).iterfind(_ITEM))) if part else ()

    @cached_property
    def _styles(self) -> Mapping[str, NumberFormat]:
        """The number format of each style, by the number that cells name it by."""
        part = self._named("styles")
        if not part:
            return {}
        root = self._xml(part)
        own = {
            int(each.get("numFmtId", "0")): each.get("formatCode", "") for each in root.iter(f"{_MAIN}numFmt")
        }
        formats = root.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf")
        return {str(n): style_of(int(each.get("numFmtId", "0")), own) for n, each in enumerate(formats)}

    @cached_property
    def _later(self) -> bool:
        """Whether days are counted from 1904, as by old Macintosh programs."""
        properties = self._workbook.find(f"{_MAIN}workbookPr")
        return properties is not None and properties.get("date1904") not in FALSE

    @cached_property
    def _workbook(self) -> Element:
        return self._xml(self._main)

    @cached_property
    def _main(self) -> str:
        return self._of_type(_WORKBOOK) or "xl/workbook.xml"

    def _named(self, kind: str) -> str:
        """The part of a kind; empty where there is none."""
        usual = f"xl/{kind}.xml"
        told = self._of_type(f"application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml")
        return told or (usual if usual in self.parts else "")

    def _of_type(self, content: str) -> str:
        told = (each.get("PartName", "") for each in self._types if each.get("ContentType") == content)
        return next(filter(None, told), "").removeprefix("/")

    @cached_property
    def _types(self) -> Element:
        return self._xml(_TYPES)

    def _xml(self, part: str) -> Element:
        return XML(self.parts[part])


def _target(folder: str, link: Element) -> str:
    return posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/")


def _content(node: Element) -> str:
    """The text of a string, with that of its differently formatted runs; hints at its reading are left out."""
    if len(node) == 1 and node[0].tag == _TEXT:
        return node[0].text or ""
    runs = (each if each.tag == _TEXT else each.find(_TEXT) for each in node if each.tag in {_TEXT, _RUN})
    return "".join(run.text or "" for run in runs if run is not None)
