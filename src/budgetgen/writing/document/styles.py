"""What a Word document says of its styles: their ids, and how large they are set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from budgetgen.writing.document.markup import HALF_POINTS, TWIPS_PER_POINT, qn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.writing.document.markup import Element
    from budgetgen.writing.package import OfficePackage

Sizes: TypeAlias = Mapping[str, tuple[float, float]]
"""The font size and the exact line spacing of styles that have both, by their ids, in points."""
VALUE: Final = qn("w:val")
_ID, _LINE, _RULE = map(qn, ("w:styleId", "w:line", "w:lineRule"))
_USUAL: Final = 10.5
_SIZE: Final = f"{qn('w:rPr')}/{qn('w:sz')}"
_INDENT: Final = f"{qn('w:pPr')}/{qn('w:ind')}"
_ALIGNED: Final = f"{qn('w:pPr')}/{qn('w:jc')}"
_SPACING: Final = f"{qn('w:pPr')}/{qn('w:spacing')}"


@dataclass(frozen=True)
class DocumentStyles:
    """The styles of a document.

    Attributes:
        nodes: them, by id.
        ids: by name in small letters. Word renames the ids when it saves a template; LibreOffice only makes `TOC 1`
            of `toc 1`.
        sizes: how large they are set.
    """

    nodes: Mapping[str, Element]
    ids: Mapping[str, tuple[str, ...]]
    sizes: Sizes

    @classmethod
    def of(cls, package: OfficePackage) -> DocumentStyles:
        """Those of a package."""
        part = package.related(package.main, "styles")
        found = package.tree(part).iterfind(qn("w:style")) if part else ()
        nodes = {node.get(_ID) or "": node for node in found}
        ids: dict[str, tuple[str, ...]] = {}
        for identity, node in nodes.items():
            name = node.find(qn("w:name"))
            if name is not None:
                called = (name.get(VALUE) or "").lower()
                ids[called] = (*ids.get(called, ()), identity)
        sizes = {identity: (_size(identity, nodes), _line(identity, nodes)) for identity in nodes}
        return cls(nodes, ids, {identity: both for identity, both in sizes.items() if all(both)})

    def size(self, identity: str) -> float:
        """The font size of a style, in points; that of most texts where it is not told."""
        return _size(identity, self.nodes) or _USUAL

    def indented(self, identity: str) -> float:
        """How far a style is indented on both sides, in characters of it."""
        return sum(_indent(identity, edge, self.nodes, self.size(identity)) for edge in ("left", "right"))

    def centred(self, identity: str) -> bool:
        """Whether a style sets its lines in the middle."""
        told = (node.find(_ALIGNED) for node in _chain(identity, self.nodes))
        return next((said.get(VALUE) == "center" for said in told if said is not None), False)

    def id_of(self, name: str) -> str | None:
        """The id of a style by its name; None where there is none."""
        return next(iter(self.ids.get(name.lower(), ())), None)


def _size(identity: str, nodes: Mapping[str, Element]) -> float:
    told = (node.find(_SIZE) for node in _chain(identity, nodes))
    return next((_number(size.get(VALUE)) / HALF_POINTS for size in told if size is not None), 0)


def _line(identity: str, nodes: Mapping[str, Element]) -> float:
    told = (node.find(_SPACING) for node in _chain(identity, nodes))
    lines = (spacing for spacing in told if spacing is not None and spacing.get(_LINE))
    said = next(lines, None)
    exact = said is not None and said.get(_RULE) == "exact"
    return _number(said.get(_LINE)) / TWIPS_PER_POINT if said is not None and exact else 0


def _indent(identity: str, edge: str, nodes: Mapping[str, Element], size: float) -> float:
    """An indent, which is told in hundredths of characters, or else as a length."""
    told = [node for style in _chain(identity, nodes) if (node := style.find(_INDENT)) is not None]
    for name, one in ((f"{edge}Chars", 100.0), (edge, size * TWIPS_PER_POINT)):
        if said := next((text for node in told if (text := node.get(qn(f"w:{name}")))), ""):
            return float(said) / one
    return 0


def _chain(identity: str, nodes: Mapping[str, Element]) -> Iterator[Element]:
    """A style, and those that it is based on."""
    seen: set[str] = set()
    while identity in nodes and identity not in seen:
        seen.add(identity)
        yield nodes[identity]
        base = nodes[identity].find(qn("w:basedOn"))
        identity = "" if base is None else base.get(VALUE) or ""


def _number(text: str | None) -> float:
    return float(text) if text and text.isdigit() else 0
