"""An Excel file edited where it stands: its parts, how they refer to each other, its shared styles.

Everything that is not touched stays byte for byte: computed values, validations, pictures, what a newer program
put there. openpyxl would drop the values of all formulas, and whatever it does not know.
"""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Final

from lxml import etree

from budgetgen.writing.archive import CONTENT_TYPES, pack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/"
_TYPES, _RELATIONS = f"{_PACKAGE}content-types", f"{_PACKAGE}relationships"

SPREADSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True)

ORDERS: Final[Mapping[str, str]] = {
    "workbook": "fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups"
    " externalReferences definedNames",
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
class Package:
    """The parts of an Excel file by name; they are edited in place.

    Attributes:
        parts: name → content.
    """

    parts: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def read(cls, data: bytes) -> Package:
        """The parts of a file, admitted by `reading.guard`."""
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return cls({name: archive.read(name) for name in archive.namelist() if not name.endswith("/")})

    def data(self) -> bytes:
        """The file; the same parts give the same bytes."""
        return pack(self.parts)

    def tree(self, part: str) -> _Element:
        """A part as XML."""
        return etree.fromstring(self.parts[part], _PARSER)

    def put(self, part: str, root: _Element) -> None:
        """Replace or add a part."""
        self.parts[part] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)

    def free(self, pattern: str) -> str:
        """A name with a number that no part has."""
        taken = {name.lower() for name in self.parts}
        return next(name for n in count(1) if (name := pattern.format(n)).lower() not in taken)

    # --- relations ---

    def related(self, part: str, kind: str) -> str | None:
        """The part that a part refers to as `kind`, the last word of the relation's type; None where it has none."""
        return next((target for _, own, target in self._relations(part) if own == kind), None)

    def target(self, part: str, name: str) -> str | None:
        """The part behind a relation's id."""
        return next((target for own, _, target in self._relations(part) if own == name), None)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Make a part refer to another; the id of the relation."""
        where = _relations_of(part)
        root = self.tree(where) if where in self.parts else etree.Element(f"{{{_RELATIONS}}}Relationships")
        taken = {node.get("Id") for node in root}
        name = next(name for n in count(1) if (name := f"rId{n}") not in taken)
        values = {"Id": name, "Type": f"{OFFICE}/{kind}", "Target": f"/{target}"}
        etree.SubElement(root, f"{{{_RELATIONS}}}Relationship", values)
        self.put(where, root)
        return name

    def unrelate(self, part: str) -> None:
        """Make a part refer to nothing."""
        self.parts.pop(_relations_of(part), None)

    def _relations(self, part: str) -> Iterator[tuple[str, str, str]]:
        """Id, kind and target of a part's relations within the file."""
        where = _relations_of(part)
        for node in self.tree(where) if where in self.parts else ():
            if node.get("TargetMode") != "External":
                kind = node.get("Type", "").rsplit("/", 1)[-1]
                target = posixpath.join(posixpath.dirname(part), node.get("Target", ""))
                yield node.get("Id", ""), kind, posixpath.normpath(target).lstrip("/")

    def declare(self, part: str, content_type: str) -> None:
        """Say what a new part is."""
        self._declare("Override", "PartName", f"/{part}", content_type)

    def declare_all(self, extension: str, content_type: str) -> None:
        """Say what all parts of that extension are."""
        self._declare("Default", "Extension", extension, content_type)

    def _declare(self, tag: str, key: str, value: str, content_type: str) -> None:
        root = self.tree(CONTENT_TYPES)
        if all(node.get(key, "").lower() != value.lower() for node in root):
            etree.SubElement(root, f"{{{_TYPES}}}{tag}", {key: value, "ContentType": content_type})
            self.put(CONTENT_TYPES, root)

    # --- the workbook ---

    @property
    def workbook(self) -> str:
        """The main part."""
        return self.related("", "officeDocument") or "xl/workbook.xml"

    def sheets(self) -> Mapping[str, str]:
        """The worksheets: name → part."""
        found = {}
        for node in self.tree(self.workbook).iter(main("sheet")):
            part = self.target(self.workbook, node.get(f"{{{OFFICE}}}id", ""))
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


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


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
    return etree.fromstring(f'<x xmlns="{MAIN}">{text}</x>', _PARSER)[0]
