"""A document as other offices lay theirs out, and printed pages as other programs turn them: what it says stays the same."""

from __future__ import annotations

import re
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from pypdf import PdfReader, PdfWriter, Transformation
from pypdf.generic import RectangleObject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lxml.etree import _Element

SIDES: Final = ("top", "left", "bottom", "right", "insideH", "insideV")
LEVEL: Final = frozenset({"top", "bottom", "insideH"})
FRAME: Final = frozenset({"top", "left", "bottom", "right"})
AFTER: Final = ("shd", "tblLayout", "tblCellMar", "tblLook", "tblCaption")
"""What of the properties of a table stands behind its borders."""
INNER: Final = frozenset({"insideH", "insideV"})
TORN: Final = 7200
"""How high pages are, in twentieths of a point, on which every table tears."""
WIDE: Final = 1.25
"""How much larger a font is at which names take another line."""
AMOUNT: Final = re.compile(r"-?\d{4,}(?:\.\d+)")


def _bordered(document: Any, sides: frozenset[str], kind: str = "single") -> None:
    """Tables with rules of a kind at these sides of their cells only."""
    borders = "".join(
        f'<w:{side} w:val="{kind if side in sides else "nil"}" w:sz="4" w:space="0"/>' for side in SIDES
    )
    for own in list(document.element.body.iter(qn("w:tcBorders"))):
        own.getparent().remove(own)
    for told in document.element.body.iter(qn("w:tblPr")):
        for own in told.findall(qn("w:tblBorders")):
            told.remove(own)
        behind = next((node for name in AFTER if (node := told.find(qn(f"w:{name}"))) is not None), None)
        rules = parse_xml(f"<w:tblBorders {nsdecls('w')}>{borders}</w:tblBorders>")
        told.append(rules) if behind is None else behind.addprevious(rules)


def _shaded(document: Any, wanted: Callable[[int, _Element], bool]) -> None:
    """Tables without rules, some of whose rows stand on a ground of their own.

    Args:
        document: to be changed.
        wanted: whether a row does, by its ordinal and itself.
    """
    _bordered(document, frozenset())
    for table in document.element.body.iter(qn("w:tbl")):
        rows = (row for n, row in enumerate(table.iter(qn("w:tr"))) if wanted(n, row))
        for told in (told for row in rows for told in row.iter(qn("w:tcPr"))):
            for own in told.findall(qn("w:shd")):
                told.remove(own)
            told.append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="D9E2F3"/>'))


def _is_head(row: _Element) -> bool:
    """Whether a row is repeated on each page."""
    return row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None


def _headed(document: Any) -> None:
    """Tables with a rule above, below the header and below them only."""
    _bordered(document, frozenset({"top", "bottom"}))
    for table in document.element.body.iter(qn("w:tbl")):
        heads = list(filter(_is_head, table.iter(qn("w:tr"))))
        for told in heads[-1].iter(qn("w:tcPr")) if heads else ():
            rule = parse_xml(
                f'<w:tcBorders {nsdecls("w")}><w:bottom w:val="single" w:sz="4" w:space="0"/></w:tcBorders>'
            )
            told.append(rule)


def _landscape(document: Any) -> None:
    """All pages lie on their long side."""
    for size in document.element.body.iter(qn("w:pgSz")):
        sides = sorted((int(size.get(qn("w:w"))), int(size.get(qn("w:h")))))
        size.set(qn("w:w"), str(sides[1]))
        size.set(qn("w:h"), str(sides[0]))
        size.set(qn("w:orient"), "landscape")


def _without(document: Any, *names: str) -> None:
    for name in names:
        for node in list(document.element.body.iter(qn(f"w:{name}"))):
            node.getparent().remove(node)


def _torn(document: Any) -> None:
    """Pages so low that every table tears, and its rows with it."""
    _without(document, "cantSplit", "keepNext")
    for size in document.element.body.iter(qn("w:pgSz")):
        size.set(qn("w:h"), str(TORN))


def _large(document: Any) -> None:
    """In tables a font at which names take another line."""
    _without(document, "cantSplit", "keepNext")
    for size in _nodes(document, "sz"):
        size.set(qn("w:val"), str(round(int(size.get(qn("w:val"))) * WIDE)))


def _font(document: Any, name: str) -> None:
    """Everything in another font."""
    for fonts in _nodes(document, "rFonts"):
        for key in list(fonts.attrib):
            if key != qn("w:hint"):
                del fonts.attrib[key]
        for key in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{key}"), name)


def _nodes(document: Any, name: str) -> Iterator[_Element]:
    for root in (document.element.body, document.styles.element):
        yield from root.iter(qn(f"w:{name}"))


def _grouped(document: Any) -> None:
    """Amounts in tables with commas at the thousands."""
    for table in document.element.body.iter(qn("w:tbl")):
        for text in table.iter(qn("w:t")):
            if AMOUNT.fullmatch(text.text or ""):
                whole, _, rest = text.text.partition(".")
                text.text = f"{int(whole):,}.{rest}"


def _aligned(document: Any, how: str) -> None:
    """The cells of tables set otherwise."""
    for table in document.element.body.iter(qn("w:tbl")):
        for told in table.iter(qn("w:pPr")):
            for own in told.findall(qn("w:jc")):
                told.remove(own)
            told.append(parse_xml(f'<w:jc {nsdecls("w")} w:val="{how}"/>'))


def _headings(document: Any) -> None:
    """With a header and another kind of page number."""
    for section in document.sections:
        section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
        section.header.paragraphs[0].text = "预算公开材料"
        foot = section.footer.paragraphs[0]
        for node in list(foot._p):
            foot._p.remove(node)
        for said, field in (("第", "PAGE"), ("页 共", "NUMPAGES"), ("页", "")):
            foot.add_run(said)
            if field:
                foot._p.append(
                    parse_xml(
                        f'<w:fldSimple {nsdecls("w")} w:instr="{field}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
                    )
                )


def _both(changed: Any, *changes: Callable[[Any], None]) -> None:
    for change in changes:
        change(changed)


_UNRULED = partial(_bordered, sides=frozenset[str]())
_LEVEL = partial(_bordered, sides=LEVEL)


def _unrepeated(document: Any) -> None:
    """Tables whose headers stand on their first page only."""
    _without(document, "tblHeader")


LAYOUTS: Final[Mapping[str, Callable[[Any], None]]] = {
    "plain": lambda _: None,
    "level": _LEVEL,
    "headed": _headed,
    "unruled": _UNRULED,
    "inner": partial(_bordered, sides=INNER),
    "dotted": partial(_bordered, sides=frozenset(SIDES), kind="dotted"),
    "framed": partial(_bordered, sides=FRAME),
    "shaded": partial(_shaded, wanted=lambda _, row: _is_head(row)),
    "striped": partial(_shaded, wanted=lambda n, _: n % 2 == 0),
    "landscape": _landscape,
    "torn": _torn,
    "torn_unrepeated": lambda d: _both(d, _torn, _unrepeated),
    "large": _large,
    "large_unrepeated": lambda d: _both(d, _large, _unrepeated),
    "large_level": lambda d: _both(d, _large, _LEVEL),
    "large_unruled": lambda d: _both(d, _large, _UNRULED),
    "torn_level": lambda d: _both(d, _torn, _unrepeated, _LEVEL),
    "torn_unruled": lambda d: _both(d, _torn, _unrepeated, _UNRULED),
    "droid": partial(_font, name="Droid Sans Fallback"),
    "ming": partial(_font, name="AR PL UMing CN"),
    "serif": partial(_font, name="Noto Serif CJK SC"),
    "mono": partial(_font, name="Noto Sans Mono CJK SC"),
    "grouped": _grouped,
    "distributed": partial(_aligned, how="distribute"),
    "justified": partial(_aligned, how="both"),
    "centred": partial(_aligned, how="center"),
    "headings": _headings,
}
"""How a document may be laid out."""


def laid_out(data: bytes, change: Callable[[Any], None]) -> bytes:
    """A document in another layout."""
    document = Document(BytesIO(data))
    change(document)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _turned(page: Any, degrees: int) -> None:
    """A page that was scanned or bound turned: its text stands upright on it as shown."""
    page.rotate(degrees)


def _shown(page: Any, degrees: int) -> None:
    """A page whose content is turned in the file, and turned back as shown."""
    page.rotate(degrees)
    page.transfer_rotation_to_content()
    page.rotate(-degrees)


def _moved(page: Any) -> None:
    """A page whose corner is not where places are counted from, cut to what is shown."""
    page.add_transformation(Transformation().translate(50, 70))
    left, low, right, high = (float(one) for one in page.mediabox)
    page.mediabox = RectangleObject((left + 10, low + 20, right + 90, high + 120))
    page.cropbox = RectangleObject((left + 50, low + 70, right + 50, high + 70))


TURNS: Final[Mapping[str, Callable[[Any], None]]] = {
    **{f"turned_{degrees}": partial(_turned, degrees=degrees) for degrees in (90, 180, 270)},
    **{f"shown_{degrees}": partial(_shown, degrees=degrees) for degrees in (90, 180, 270)},
    "moved": _moved,
    "moved_turned": lambda page: _both(page, _moved, partial(_turned, degrees=90)),
}
"""How printed pages may be turned."""


def turned(data: bytes, change: Callable[[Any], None]) -> bytes:
    """A PDF whose pages are turned."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    for page in writer.pages:
        change(page)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()
