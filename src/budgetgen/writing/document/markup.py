"""The vocabulary of Word documents: elements, runs, fields and the units of length."""

from __future__ import annotations

from typing import Final, TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no other name for it

NAMESPACES: Final = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "xml": "http://www.w3.org/XML/1998/namespace",
    "core": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_PREFIXED: Final = frozenset({"w", "dc", "dcterms"})
"""Their elements keep their prefix; those of the package stand in the default namespace."""

TWIPS_PER_POINT = 20
HALF_POINTS = 2
EIGHTHS = 8
"""The units of lengths: twips, and for fonts and for borders halves and eighths of a point."""


def element(tag: str, *children: Element | str | None, **attributes: object) -> Element:
    """Make an XML element.

    `element("w:tcPr", element("w:gridSpan", val=3))` is `<w:tcPr><w:gridSpan w:val="3"/></w:tcPr>`.

    Args:
        tag: prefix and name.
        children: elements and text; None is left out.
        attributes: those of `w:` elements are `w:` too unless they name another (`xml_space`, `r_id`);
            None is left out.
    """
    prefix = tag.partition(":")[0]
    node = etree.Element(qn(tag), nsmap=_declared(prefix))  # type: ignore[arg-type]  # the stubs know no default namespace
    for key, value in attributes.items():
        if value is not None:
            node.set(_attribute(key, prefix), str(value))
    for child in children:
        if isinstance(child, str):
            node.text = child
        elif child is not None:
            node.append(child)
    return node


def qn(name: str) -> str:
    """The qualified name of `w:tc`, as lxml wants it."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def text_width(section: Element) -> int:
    """The width of the text on the pages of a section, in twips."""
    size, margins = (section.find(qn(tag)) for tag in ("w:pgSz", "w:pgMar"))
    left, right = (length(margins, edge) for edge in ("left", "right"))
    return length(size, "w") - left - right


def length(node: Element | None, name: str) -> int:
    """An attribute that is a length; 0 where there is none."""
    return int(float((node.get(qn(f"w:{name}")) if node is not None else None) or 0))


def _declared(prefix: str) -> dict[str | None, str]:
    return {prefix if prefix in _PREFIXED else None: NAMESPACES[prefix]}


def _attribute(key: str, prefix: str) -> str:
    scope, _, local = key.rpartition("_")
    scope = scope or (prefix if prefix == "w" else "")
    return f"{{{NAMESPACES[scope]}}}{local}" if scope else local


def points(length: float) -> int:
    """Points in twips, the unit of most lengths."""
    return round(length * TWIPS_PER_POINT)


def run(text: str, style: str | None = None) -> Element:
    """A run of text. Its quotation marks and dashes are Chinese ones, whatever stands beside them."""
    return element(
        "w:r",
        element(
            "w:rPr", element("w:rStyle", val=style) if style else None, element("w:rFonts", hint="eastAsia")
        ),
        element("w:t", text, xml_space="preserve"),
    )


def tab() -> Element:
    """A run that is a tab."""
    return element("w:r", element("w:tab"))


def field(instruction: str) -> tuple[Element, ...]:
    """The runs of a field that Word computes."""
    return (
        element("w:r", element("w:fldChar", fldCharType="begin")),
        element("w:r", element("w:instrText", f" {instruction} ", xml_space="preserve")),
        element("w:r", element("w:fldChar", fldCharType="separate")),
        element("w:r", element("w:t", "1")),
        element("w:r", element("w:fldChar", fldCharType="end")),
    )
