"""The base document of an edition: what its templates look like, styled by anybody in Word or WPS.

Its styles, theme, settings, headers and footers are those of the template; its first section is the page that stands,
its last one the page of what lies down. A table in it is the prototype of all that are set as densely: its first row,
whose first cell names the density, is a head, the cells of its second one are set as texts, amounts and codes are.
All else in it only shows what it looks like.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from budgetgen.edition import folder
from budgetgen.edition.declarations.own_styles import OWN_STYLES
from budgetgen.edition.files import COMMON
from budgetgen.reading.guard import admit
from budgetgen.values.findings import UnusableInputError
from budgetgen.writing.document.markup import EIGHTHS, TWIPS_PER_POINT, element, length, qn, text_width
from budgetgen.writing.document.styles import VALUE, DocumentStyles
from budgetgen.writing.package import OfficePackage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

    from budgetgen.edition.declarations import Edition
    from budgetgen.writing.document.markup import Element

BASE_DOCUMENT: Final = "base.docx"
Role: TypeAlias = Literal["head", "text", "number", "centre"]
"""How a cell is set."""
_REFERENCES: Final = frozenset(map(qn, ("w:headerReference", "w:footerReference")))
_COVER: Final = qn("w:titlePg")
_BEHIND_COVER: Final = frozenset(map(qn, ("w:textDirection", "w:bidi", "w:rtlGutter", "w:docGrid")))
_CELLS: Final[tuple[Role, ...]] = ("text", "number", "centre")
"""How the cells of the second row of a prototype are set."""


@dataclass(frozen=True)
class Page:
    """A page.

    Attributes:
        properties: of its section, without headers and footers.
        first: what only the first section of a document says: its headers and footers, and that it has a cover.
    """

    properties: Element
    first: tuple[Element, ...]

    @property
    def text(self) -> int:
        """The width of the text, in twips."""
        return text_width(self.properties)

    def section(self, *, first: bool) -> Element:
        """The properties of a section of such pages."""
        made = deepcopy(self.properties)
        if first:
            cover = [deepcopy(node) for node in self.first if node.tag == _COVER]
            for node in reversed([node for node in self.first if node.tag in _REFERENCES]):
                made.insert(0, deepcopy(node))
            behind = next((node for node in made if node.tag in _BEHIND_COVER), None)
            for node in cover:
                made.append(node) if behind is None else behind.addprevious(node)
        return made


@dataclass(frozen=True)
class Prototype:
    """How tables of one density are set.

    Attributes:
        properties: of the table.
        row: the least height of a row, in twips.
        styles: of the cells, by role: their ids.
        sizes: of these, in points.
        edges: what the edges of a cell take of its width, in points.
    """

    properties: Element
    row: int
    styles: Mapping[Role, str]
    sizes: Mapping[Role, float]
    edges: float

    def of_width(self, width: int, caption: str) -> Element:
        """The properties of a table so wide, with a caption, whose columns do not follow its texts."""
        made = deepcopy(self.properties)
        for node in made.findall(qn("w:tblCaption")):
            made.remove(node)
        for tag, said in (("w:tblW", {"w": width, "type": "dxa"}), ("w:tblLayout", {"type": "fixed"})):
            found = made.find(qn(tag))
            if found is not None:
                made.replace(found, element(tag, **said))
        made.append(element("w:tblCaption", val=caption))
        return made


@dataclass(frozen=True)
class BaseDocument:
    """A base document, read.

    Attributes:
        package: its parts.
        styles: of it.
        prototypes: of tables, by density.
        pages: the one that stands, the one that lies down.
    """

    package: OfficePackage
    styles: DocumentStyles
    prototypes: Mapping[str, Prototype]
    pages: tuple[Page, Page]

    @classmethod
    def read(cls, data: bytes) -> BaseDocument:
        """A base document out of its file."""
        package = OfficePackage.read(data)
        styles = DocumentStyles.of(package)
        root = package.tree(package.main)
        sections = list(root.iter(qn("w:sectPr")))
        first = tuple(node for node in sections[0] if node.tag in _REFERENCES or node.tag == _COVER)
        standing, lying = (Page(_bare(section), first) for section in (sections[0], sections[-1]))
        return cls(package, styles, dict(_prototypes(root, styles)), (standing, lying))

    def page(self, *, lying: bool) -> Page:
        """The page that a piece of the document is printed on."""
        return self.pages[lying]

    def style(self, name: str) -> str:
        """The id of a style that is there."""
        return self.styles.ids[name.lower()][0]


def base_file(edition: Edition) -> Traversable:
    """The file of an edition's base document: its own, that of the edition that it extends, or that of all."""
    homes = (*edition.homes, folder() / COMMON)
    return next(file for home in homes if (file := home / BASE_DOCUMENT).is_file())


def base_of(edition: Edition) -> BaseDocument:
    """The base document of an edition.

    Raises:
        UnusableInputError: it lacks a style that the program uses, or a prototype that the edition names.
    """
    file = base_file(edition)
    data = admit(file, "docx") if isinstance(file, Path) else file.read_bytes()
    try:
        base = BaseDocument.read(data)
    except (KeyError, ValueError, IndexError, SyntaxError) as error:
        raise UnusableInputError(
            str(file), "这份底稿读不了", "以程序自带的 base.docx 为准，重新改一份"
        ) from error
    lacking = [f"样式“{name}”" for name in OWN_STYLES if base.styles.id_of(name) is None]
    named = [density.name for density in edition.typography.grid]
    lacking += [f"写着“{name}”的表" for name in named if name not in base.prototypes]
    if lacking:
        fix = "在 Word 中打开底稿补上；样式的名称不能改，每种疏密一张两行的表，第一格写它的名称"
        raise UnusableInputError(str(file), f"底稿里没有{'、'.join(lacking)}", fix)
    return base


def _bare(section: Element) -> Element:
    """The properties of a section without what only the first one says; each begins a page."""
    made = deepcopy(section)
    for node in list(made):
        if node.tag in _REFERENCES or node.tag == _COVER:
            made.remove(node)
    if made.find(qn("w:type")) is None:
        made.insert(0, element("w:type", val="nextPage"))
    return made


def _prototypes(root: Element, styles: DocumentStyles) -> Iterator[tuple[str, Prototype]]:
    """The tables whose first cell names a density and whose cells have styles; others only show something."""
    for table in root.iter(qn("w:tbl")):
        rows = [row.findall(qn("w:tc")) for row in table.iterfind(qn("w:tr"))]
        cells = [*rows[0][:1], *(rows[1][: len(_CELLS)] if len(rows) > 1 else ())]
        found = [cell.find(f".//{qn('w:pStyle')}") for cell in cells]
        own = [str(style.get(VALUE)) for style in found if style is not None]
        properties, height = table.find(qn("w:tblPr")), table.findall(f".//{qn('w:trHeight')}")
        if properties is not None and height and len(own) == 1 + len(_CELLS):
            by_role: dict[Role, str] = dict(zip(("head", *_CELLS), own, strict=True))
            sizes = {role: styles.size(identity) for role, identity in by_role.items()}
            name = "".join(node.text or "" for node in cells[0].iter(qn("w:t"))).strip()
            edges = _edges(properties, styles)
            yield name, Prototype(properties, length(height[-1], "val"), by_role, sizes, edges)


def _edges(properties: Element, styles: DocumentStyles) -> float:
    """What padding and border take of a cell's width, as the style of a table says, in points."""
    named = properties.find(qn("w:tblStyle"))
    style = styles.nodes.get(str(named.get(VALUE))) if named is not None else None
    if style is None:
        return 0
    padding, border = (style.find(f".//{qn(tag)}/{qn('w:left')}") for tag in ("w:tblCellMar", "w:tblBorders"))
    return 2 * (length(padding, "w") / TWIPS_PER_POINT + length(border, "sz") / EIGHTHS)
