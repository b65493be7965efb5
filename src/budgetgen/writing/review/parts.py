"""An Excel file edited where it stands: its sheets and its shared styles.

Everything that is not touched stays byte for byte: computed values, validations, pictures, what a newer program
put there. openpyxl would drop the values of all formulas, and whatever it does not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree

from budgetgen.writing.package import OFFICE, PARSER, OfficePackage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

SPREADSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml."

ORDERS: Final[Mapping[str, str]] = {
    "workbook": "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups"
    " externalReferences definedNames calcPr",
    "worksheet": "sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection"
    " protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr"
    " conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks"
    " colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing",
    "comments": "authors commentList",
    "styleSheet": "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs",
}
"""The order that the standard wants of an element's children, as far as it is needed here."""


def main(tag: str) -> str:
    """A tag of the spreadsheet language."""
    return f"{{{MAIN}}}{tag}"


@dataclass(frozen=True)
class Package(OfficePackage):
    """The parts of an Excel file by name; they are edited in place."""

    @property
    def workbook(self) -> str:
        """The main part."""
        return self.related("", "officeDocument") or "xl/workbook.xml"

    def sheets(self) -> Mapping[str, str]:
        """The worksheets: name → part."""
        book, found = self.workbook, {}
        targets = self.targets(book)
        for node in self.tree(book).iter(main("sheet")):
            part = targets.get(node.get(f"{{{OFFICE}}}id", ""))
            if part in self.parts:
                found[node.get("name", "")] = part
        return found

    def style(self, group: str, node: _Element) -> int:
        """The index of a shared style (`fonts`, `fills`, `cellXfs`, `dxfs` …); it is added where it is not there."""
        part = self.related(self.workbook, "styles")
        if part is None:
            part = self.free("xl/styles{}.xml")
            self.declare(part, f"{SPREADSHEET}styles+xml")
            self.relate(self.workbook, "styles", part)
            self.parts[part] = _PLAIN
        root = self.tree(part)
        known = child(root, group)
        texts = [_canonical(own) for own in known]
        if _canonical(node) in texts:
            return texts.index(_canonical(node))
        known.append(node)
        known.set("count", str(len(known)))
        self.put(part, root)
        return len(known) - 1


_PLAIN: Final = (
    f'<styleSheet xmlns="{MAIN}"><fonts><font/></fonts>'
    '<fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders><border/></borders><cellXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellXfs></styleSheet>'
).encode()
"""The styles of a workbook without any."""


def _canonical(node: _Element) -> bytes:
    return etree.tostring(node, method="c14n", exclusive=True, with_tail=False)


def child(root: _Element, tag: str) -> _Element:
    """The child of that tag; it is made, in its place, where there is none."""
    found = root.find(main(tag))
    return insert(root, etree.Element(main(tag))) if found is None else found


def insert(root: _Element, node: _Element) -> _Element:
    """Put a child where the standard wants it: behind those of its own kind, and all that come before."""
    order = ORDERS[etree.QName(root).localname].split()
    before = {main(tag) for tag in order[: order.index(etree.QName(node).localname) + 1]}
    root.insert(max((i for i, own in enumerate(root, start=1) if own.tag in before), default=0), node)
    return node


def element(text: str) -> _Element:
    """An element of the spreadsheet language: `<font><b/></font>`."""
    return etree.fromstring(f'<x xmlns="{MAIN}">{text}</x>', PARSER)[0]
