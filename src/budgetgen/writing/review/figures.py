"""Figures put into cells of a workbook where it stands; its own formulas work them out when it is opened."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from lxml import etree

from budgetgen.values.addresses import column_of, parted
from budgetgen.values.amounts import NotANumberError, from_number
from budgetgen.writing.review.parts import Package, child, main

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from lxml.etree import _Element


@dataclass
class FigureSheets:
    """The sheets of a workbook, to look at what stands in a cell and to put a figure there.

    Attributes:
        package: the file.
    """

    package: Package
    _trees: dict[str, _Element] = field(default_factory=dict)
    _rows: dict[str, dict[int, _Element]] = field(default_factory=dict)

    @classmethod
    def of(cls, data: bytes) -> FigureSheets:
        """Those of a file, admitted by `reading.guard`."""
        return cls(Package.read(data))

    def number(self, place: str) -> Decimal | None:
        """The number that is stored in a cell; None for nothing, and for a text."""
        cell = self._cell(place)
        value = None if cell is None or cell.get("t", "n") != "n" else cell.find(main("v"))
        try:
            return None if value is None or not value.text else from_number(float(value.text))
        except (ValueError, NotANumberError):
            return None

    def computes(self, place: str) -> bool:
        """Whether a formula stands in a cell."""
        cell = self._cell(place)
        return cell is not None and cell.find(main("f")) is not None

    def put(self, place: str, figure: Decimal) -> None:
        """Let a cell hold a figure; its look stays."""
        cell = self._cell(place, made=True)
        assert cell is not None  # noqa: S101 - it is made where it was not
        for node in list(cell):
            cell.remove(node)
        cell.attrib.pop("t", "")
        etree.SubElement(cell, main("v")).text = f"{figure:f}"

    def data(self) -> bytes:
        """The file. What its formulas gave before holds no more, and is worked out when it is opened."""
        for part in self._parts.values():
            root = self._tree(part)
            for formula in root.iter(main("f")):
                cell = formula.getparent()
                value = None if cell is None else cell.find(main("v"))
                if cell is not None and value is not None:
                    cell.remove(value)
                    cell.attrib.pop("t", "")
            self.package.put(part, root)
        book = self.package.tree(self.package.workbook)
        child(book, "calcPr").set("fullCalcOnLoad", "1")
        self.package.put(self.package.workbook, book)
        return self.package.data()

    # --- where cells are ---

    @cached_property
    def _parts(self) -> Mapping[str, str]:
        """Looked up once: thousands of cells are asked for."""
        return self.package.sheets()

    def _cell(self, place: str, *, made: bool = False) -> _Element | None:
        sheet, _, address = place.rpartition("!")
        part = self._parts.get(sheet)
        if part is None:
            return None
        letters, number = parted(address)
        row = self._row(part, number, made=made)
        if row is None:
            return None
        found = next((cell for cell in row if cell.get("r") == address), None)
        if found is None and made:
            found = etree.Element(main("c"), {"r": address})
            columns = [column_of(parted(cell.get("r", "A1"))[0]) for cell in row]
            row.insert(bisect_left(columns, column_of(letters)), found)
        return found

    def _row(self, part: str, number: int, *, made: bool) -> _Element | None:
        rows = self._rows.get(part)
        if rows is None:
            found = self._tree(part).iter(main("row"))
            rows = self._rows[part] = {int(row.get("r", "0")): row for row in found}
        if number not in rows and made:
            data = child(self._tree(part), "sheetData")
            rows[number] = etree.Element(main("row"), {"r": str(number)})
            data.insert(sum(other < number for other in rows), rows[number])
        return rows.get(number)

    def _tree(self, part: str) -> _Element:
        if part not in self._trees:
            self._trees[part] = self.package.tree(part)
        return self._trees[part]
