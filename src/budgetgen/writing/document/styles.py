"""What a Word template looks like: the parts of its package that follow from the edition's `typography` alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from budgetgen.edition.declarations.own_styles import BASE
from budgetgen.writing.document.markup import Element, element, millimetres, points

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.edition.declarations import Margins, Style, Typography

NO_LANGUAGE: Final = "x-none"
"""Of the letters and digits of a text: as Chinese ones, LibreOffice would break figures wherever a line ends."""

TABLE_STYLE: Final = "BudgetTable"

HALF_POINTS = 2
EIGHTHS = 8


# --- pages --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """A page, standing or lying down, in twips."""

    margins: Margins
    width: int
    height: int

    @property
    def text(self) -> int:
        """The width of the text."""
        return self.width - millimetres(self.margins.left) - millimetres(self.margins.right)

    def section(self, *references: Element) -> Element:
        """The properties of a section of such pages; the first carries headers and footers, and has a cover."""
        edges = ("top", "right", "bottom", "left", "header", "footer")
        return element(
            "w:sectPr",
            *references,
            element("w:type", val="nextPage"),
            element(
                "w:pgSz",
                w=self.width,
                h=self.height,
                orient="landscape" if self.width > self.height else None,
            ),
            element(
                "w:pgMar", **{name: millimetres(getattr(self.margins, name)) for name in edges}, gutter=0
            ),
            element("w:titlePg") if references else None,
        )


def page_of(typography: Typography, *, lying: bool) -> Page:
    """The page that an edition prints on."""
    short, long = (millimetres(side) for side in typography.paper)
    return Page(typography.landscape, long, short) if lying else Page(typography.portrait, short, long)


# --- styles -------------------------------------------------------------------------------------------------


def styles_part(typography: Typography) -> Element:
    """All styles, those that Word would otherwise add in its own way among them."""
    base = typography.styles[BASE]
    # Of letters and digits too: who reads it aloud, and the PDF, take the document's language from them.
    language = element("w:lang", val=typography.language, eastAsia=typography.language)
    defaults = element("w:rPr", _fonts(base, typography), *_sizes(base), language)
    return element(
        "w:styles",
        element("w:docDefaults", element("w:rPrDefault", defaults), element("w:pPrDefault")),
        *(_style(style, typography) for style in typography.style),
        _default("character", "DefaultParagraphFont", "Default Paragraph Font"),
        _default("table", "TableNormal", "Normal Table"),
        _table_style(typography),
    )


def _style(style: Style, typography: Typography) -> Element:
    paragraph = style.kind == "paragraph"
    based = None if style.name == BASE or not paragraph else element("w:basedOn", val=BASE)
    return element(
        "w:style",
        element("w:name", val=style.name),
        based,
        element("w:next", val=style.next) if style.next else None,
        element("w:qFormat"),
        element("w:pPr", *_paragraph_properties(style, typography)) if paragraph else None,
        element("w:rPr", *_run_properties(style, typography)),
        type=style.kind,
        styleId=style.id,
        default=1 if style.name == BASE else None,
        customStyle=None if style.name.isascii() else 1,
    )


def _paragraph_properties(style: Style, typography: Typography) -> Iterator[Element | None]:
    """In the order of the schema."""
    edge = page_of(typography, lying=typography.lying).text
    yield element("w:keepNext") if style.keep_next else None
    yield element("w:pageBreakBefore") if style.page_break else None
    yield element("w:widowControl")
    if style.leader:
        yield element("w:tabs", element("w:tab", val="right", leader="dot", pos=edge))
    yield element(
        "w:spacing",
        before=points(style.before),
        after=points(style.after),
        line=points(style.line) if style.line else None,
        lineRule="exact" if style.line else None,
    )
    yield _indents(style)
    yield element("w:jc", val=style.align) if style.align else None
    yield element("w:outlineLvl", val=style.outline - 1) if style.outline else None


def _indents(style: Style) -> Element:
    """In characters, which follow the size when it is changed, and in twips for those that know no characters."""
    attributes: dict[str, object] = {}
    for name, characters in (("left", style.left), ("right", style.right), ("firstLine", style.first_line)):
        attributes |= {f"{name}Chars": round(characters * 100), name: points(characters * style.size)}
    return element("w:ind", **attributes)


def _run_properties(style: Style, typography: Typography) -> Iterator[Element | None]:
    """In the order of the schema."""
    yield _fonts(style, typography) if style.font else None
    yield from (element("w:b"), element("w:bCs")) if style.bold else ()
    yield element("w:color", val=style.colour) if style.colour else None
    yield from _sizes(style) if style.size else ()
    yield element("w:shd", val="clear", color="auto", fill=style.shade) if style.shade else None
    if style.name == BASE:
        yield element("w:lang", val=NO_LANGUAGE, eastAsia=typography.language)


def _fonts(style: Style, typography: Typography) -> Element:
    latin = style.latin or typography.latin
    return element("w:rFonts", ascii=latin, hAnsi=latin, eastAsia=style.font, cs=latin)


def _sizes(style: Style) -> tuple[Element, Element]:
    size = round(style.size * HALF_POINTS)
    return element("w:sz", val=size), element("w:szCs", val=size)


def _default(kind: str, identity: str, name: str) -> Element:
    """A style that Word would otherwise add in its own way."""
    return element("w:style", element("w:name", val=name), type=kind, styleId=identity, default=1)


def _table_style(typography: Typography) -> Element:
    width = round(typography.border * EIGHTHS)
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = (element(f"w:{side}", val="single", sz=width, space=0, color="000000") for side in sides)
    padding = (element(f"w:{side}", w=points(typography.padding), type="dxa") for side in ("left", "right"))
    return element(
        "w:style",
        element("w:name", val="预算表"),
        element("w:basedOn", val="TableNormal"),
        element("w:qFormat"),
        element("w:tblPr", element("w:tblBorders", *lines), element("w:tblCellMar", *padding)),
        type="table",
        styleId=TABLE_STYLE,
        customStyle=1,
    )


def fonts_part(typography: Typography) -> Element:
    """The fonts, with what stands in where one is missing."""
    return element(
        "w:fonts",
        *(
            element(
                "w:font",
                element("w:altName", val=font.instead),
                element("w:charset", val="86"),
                element("w:family", val="auto"),
                name=font.name,
            )
            for font in typography.font
        ),
    )


_COLOURS: Final = {
    "dk1": "000000",
    "lt1": "FFFFFF",
    "dk2": "44546A",
    "lt2": "E7E6E6",
    "accent1": "4472C4",
    "accent2": "ED7D31",
    "accent3": "A5A5A5",
    "accent4": "FFC000",
    "accent5": "5B9BD5",
    "accent6": "70AD47",
    "hlink": "0563C1",
    "folHlink": "954F72",
}
"""What Word offers an office that picks colours."""
_INTENSITIES: Final = 3
"""Subtle, moderate and intense: a theme has each fill, line and effect three times."""


def theme_part(typography: Typography) -> Element:
    """The theme, which Word expects of a document and would otherwise put there with fonts of its own."""
    name = typography.styles[BASE].font
    colours = (element(f"a:{role}", element("a:srgbClr", val=colour)) for role, colour in _COLOURS.items())
    fonts = (
        element(
            f"a:{use}Font",
            element("a:latin", typeface=typography.latin),
            element("a:ea", typeface=name),
            element("a:cs", typeface=typography.latin),
        )
        for use in ("major", "minor")
    )
    return element(
        "a:theme",
        element(
            "a:themeElements",
            element("a:clrScheme", *colours, name=name),
            element("a:fontScheme", *fonts, name=name),
            element(
                "a:fmtScheme",
                _intensities("a:fillStyleLst", "a:solidFill"),
                _intensities("a:lnStyleLst", "a:ln", "a:solidFill"),
                element(
                    "a:effectStyleLst",
                    *(element("a:effectStyle", element("a:effectLst")) for _ in range(_INTENSITIES)),
                ),
                _intensities("a:bgFillStyleLst", "a:solidFill"),
                name=name,
            ),
        ),
        name=name,
    )


def _intensities(tag: str, *nested: str) -> Element:
    """Three times the same, in the colour at hand."""

    def one() -> Element:
        inner = element("a:schemeClr", val="phClr")
        for around in reversed(nested):
            inner = element(around, inner)
        return inner

    return element(tag, *(one() for _ in range(_INTENSITIES)))


def settings_part(typography: Typography) -> Element:
    """How Word treats the document."""
    # Word lays out as its version 2013 and later does, not as in a document of 2003.
    mode = element(
        "w:compatSetting",
        name="compatibilityMode",
        uri="http://schemas.microsoft.com/office/word",
        val=15,
    )
    return element(
        "w:settings",
        element("w:evenAndOddHeaders"),
        element("w:characterSpacingControl", val="compressPunctuation"),
        element("w:compat", mode),
        element("w:themeFontLang", val=typography.language, eastAsia=typography.language),
    )
