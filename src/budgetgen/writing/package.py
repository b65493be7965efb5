"""An Office file taken apart: its parts, and how they refer to each other.

Everything that is not touched stays byte for byte.
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
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Self

    from lxml.etree import _Element

OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/"
_TYPES, _RELATIONS = f"{_PACKAGE}content-types", f"{_PACKAGE}relationships"
PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True)


@dataclass(frozen=True)
class OfficePackage:
    """The parts of an Office file by name; they are edited in place.

    Attributes:
        parts: name → content.
    """

    parts: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def read(cls, data: bytes) -> Self:
        """The parts of a file, admitted by `reading.guard`."""
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return cls({name: archive.read(name) for name in archive.namelist() if not name.endswith("/")})

    def data(self, large: Mapping[str, Iterable[bytes]] | None = None) -> bytes:
        """The file; the same parts give the same bytes.

        Args:
            large: parts that are still in pieces.
        """
        return pack({**self.parts, **(large or {})})

    def tree(self, part: str) -> _Element:
        """A part as XML."""
        return etree.fromstring(self.parts[part], PARSER)

    def put(self, part: str, root: _Element) -> None:
        """Replace or add a part."""
        self.parts[part] = serialised(root)

    def free(self, pattern: str) -> str:
        """A name with a number that no part has."""
        taken = {name.lower() for name in self.parts}
        return next(name for n in count(1) if (name := pattern.format(n)).lower() not in taken)

    # --- relations ---

    @property
    def main(self) -> str:
        """The part that the file is about; empty where it has none."""
        return self.related("", "officeDocument") or ""

    def related(self, part: str, kind: str) -> str | None:
        """The part that a part refers to as `kind`, the last word of the relation's type; None where it has none."""
        return next((target for _, own, target in self._relations(part) if own == kind), None)

    def targets(self, part: str) -> Mapping[str, str]:
        """The parts that a part refers to, by the ids of its relations."""
        return {name: target for name, _, target in self._relations(part)}

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

    def declared(self) -> Iterator[tuple[str, str]]:
        """Each part whose kind is declared by its name, with its content type."""
        for node in self.tree(CONTENT_TYPES).iterfind(f"{{{_TYPES}}}Override"):
            yield node.get("PartName", "").lstrip("/"), node.get("ContentType", "")


def serialised(root: _Element) -> bytes:
    """An element as a part of a package."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")
