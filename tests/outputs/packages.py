"""What must hold of every package: its parts are declared, its relations lead somewhere, its spaces are kept."""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
    "types": "http://schemas.openxmlformats.org/package/2006/content-types",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
TEXTS = ("w:t", "w:instrText", "w:delText", "x:t")
"""Elements whose white space is dropped unless they say that it is to be kept."""


def tag(name: str) -> str:
    """A name with its namespace: `w:tbl`."""
    prefix, _, local = name.rpartition(":")
    return f"{{{NAMES[prefix]}}}{local}" if prefix else local


class Package:
    """The parts of a Word or Excel file."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.names = archive.namelist()
            self.parts = {name: archive.read(name) for name in self.names}

    @cached_property
    def trees(self) -> dict[str, etree._Element]:
        """The parts that are XML; a part that is none raises."""
        ends = (".xml", ".rels", ".vml")
        return {name: etree.fromstring(data) for name, data in self.parts.items() if name.endswith(ends)}

    def find(self, part: str, name: str) -> Iterator[etree._Element]:
        """The elements of a name in a part, none where the part is not there."""
        return self.trees[part].iter(tag(name)) if part in self.trees else iter(())

    def values(self, part: str, name: str, attribute: str) -> list[str]:
        """An attribute of these elements where they have it."""
        found = (node.get(tag(attribute)) for node in self.find(part, name))
        return [value for value in found if value is not None]

    def relations(self, part: str) -> dict[str, str]:
        """The ids of a part's relations within the package → the parts that they lead to."""
        folder, name = posixpath.split(part)
        nodes = self.find(posixpath.join(folder, "_rels", f"{name}.rels"), "rel:Relationship")
        return {
            node.get("Id"): posixpath.normpath(posixpath.join("/", folder, node.get("Target"))).lstrip("/")
            for node in nodes
            if node.get("TargetMode") != "External"
        }


def repeated(values: Iterable[str]) -> list[str]:
    """The values that come more than once."""
    return sorted(value for value, times in Counter(values).items() if times > 1)


def package_faults(package: Package) -> Iterator[str]:
    """What is wrong with a package, whatever is in it."""
    yield from (f"part twice: {name}" for name in repeated(name.lower() for name in package.names))
    yield from _undeclared(package)
    yield from _astray(package)
    for part, root in package.trees.items():
        for node in root.iter(*map(tag, TEXTS)):
            if (node.text or "").strip(" \t\n\r") != (node.text or "") and node.get(
                tag("xml:space")
            ) != "preserve":
                yield f"{part}: white space is lost: {node.text!r}"


def _undeclared(package: Package) -> Iterator[str]:
    """Parts without a content type, and content types without a part."""
    types = "[Content_Types].xml"
    ends = {end.lower() for end in package.values(types, "types:Default", "Extension")}
    own = package.values(types, "types:Override", "PartName")
    yield from (f"declared twice: {name}" for name in repeated(own))
    yield from (f"declared and not there: {name}" for name in own if name.lstrip("/") not in package.parts)
    for name in package.names:
        if name != types and f"/{name}" not in own and name.rpartition(".")[2].lower() not in ends:
            yield f"no content type: {name}"


def _astray(package: Package) -> Iterator[str]:
    """Relations that lead nowhere, are not there, or come twice; parts that nothing leads to."""
    reached = {"[Content_Types].xml"}
    for part in ["", *package.names]:
        relations = package.relations(part)
        folder, name = posixpath.split(part)
        yield from (
            f"{part}: relation twice: {identity}"
            for identity in repeated(
                package.values(posixpath.join(folder, "_rels", f"{name}.rels"), "rel:Relationship", "Id")
            )
        )
        yield from (f"{part}: leads to nothing: {to}" for to in relations.values() if to not in package.parts)
        reached |= set(relations.values())
        if part in package.trees and not part.endswith(".rels"):
            known = set(
                package.values(posixpath.join(folder, "_rels", f"{name}.rels"), "rel:Relationship", "Id")
            )
            used = {
                str(value)
                for node in package.trees[part].iter()
                for key, value in node.attrib.items()
                if key.startswith(f"{{{NAMES['r']}}}")
            }
            yield from (f"{part}: no such relation: {identity}" for identity in sorted(used - known))
    lost = [name for name in package.names if name not in reached and not name.endswith(".rels")]
    yield from (f"nothing leads to {name}" for name in lost)
