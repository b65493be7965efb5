"""A copy of a Word document with comments at the places that findings name."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Final

from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from budgetgen.reading.document.blocks import anchors
from budgetgen.reading.document.layers import hiding_styles
from budgetgen.values.text import INVISIBLE
from budgetgen.writing.archive import normalise
from budgetgen.writing.document.markup import element

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from docx.document import Document as WordDocument
    from docx.text.run import Run
    from lxml.etree import _Element

    from budgetgen.values.places import FilePlace
    from budgetgen.writing.document.markup import Element

AUTHOR, INITIALS = "budgetgen", "bg"
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
"""Same input, same bytes: the date of a comment is no date of anything."""


@dataclass(frozen=True, slots=True)
class Comment:
    """What is said at a place.

    Attributes:
        place: as findings name it; any that is none of the document is that of the first paragraph.
        text: lines of plain text.
    """

    place: FilePlace | None
    text: str


def commented(data: bytes, comments: Iterable[Comment]) -> bytes:
    """A copy of a Word document with comments; those that are there already stay.

    Args:
        data: the document, admitted by `reading.guard`.
        comments: in the order in which Word lists those of one place.

    Returns:
        The copy; the same input gives the same bytes. Its text is that of the document.
    """
    document, given = Document(BytesIO(data)), tuple(comments)
    styles = _styles(document) if given else {}
    body = document.element.body
    places = anchors(body, hiding_styles(document.styles.element))
    first = next(iter(places.values()), None)
    for comment in given:
        anchor = places.get(comment.place, first) if comment.place else first
        paragraph = _paragraph(body if anchor is None else anchor)
        text = INVISIBLE.sub("", comment.text)
        added = document.add_comment(_runs(paragraph), text, AUTHOR, INITIALS)._comment_elm  # noqa: SLF001 - no public way
        added.date = WRITTEN
        _restyle(added, styles)
        for run in paragraph._p.iter(qn("w:r")):  # noqa: SLF001 - likewise
            marks = run.findall(qn("w:commentReference"))
            if any(mark.get(qn("w:id")) == added.get(qn("w:id")) for mark in marks):
                _restyle(run, styles)
    buffer = BytesIO()
    document.save(buffer)
    return normalise(buffer.getvalue())


_STYLES: Final[Mapping[str, tuple[str, str, tuple[Element, ...]]]] = {
    "CommentText": (
        "annotation text",
        "paragraph",
        (
            element(
                "w:pPr",
                element("w:spacing", before=0, after=0, line=240, lineRule="auto"),
                element("w:ind", left=0, right=0, firstLineChars=0, firstLine=0),
                element("w:jc", val="left"),
            ),
            element("w:rPr", element("w:sz", val=20), element("w:szCs", val=20)),
        ),
    ),
    "CommentReference": (
        "annotation reference",
        "character",
        (element("w:rPr", element("w:sz", val=16), element("w:szCs", val=16)),),
    ),
}
"""The ids of the styles that python-docx sets comments in → their names in Word, kinds and looks."""


def _styles(document: WordDocument) -> Mapping[str, str]:
    """These ids → those of the styles in this document, which get defined where they are not."""
    root = document.styles.element
    known = {str(style.name_val).lower(): style.styleId for style in root.style_lst}
    base = known.get("normal")
    ids: dict[str, str] = {}
    for wanted, (name, kind, look) in _STYLES.items():
        if name not in known:
            taken = set(known.values())
            known[name] = next(own for n in count() if (own := f"{wanted}{n or ''}") not in taken)
            based = element("w:basedOn", val=base) if base and kind == "paragraph" else None
            priority, unhide = element("w:uiPriority", val=99), element("w:unhideWhenUsed")
            parts = (element("w:name", val=name), based, priority, unhide, *map(deepcopy, look))
            root.append(element("w:style", *parts, type=kind, styleId=known[name]))
        ids[wanted] = known[name]
    return ids


def _restyle(root: _Element, styles: Mapping[str, str]) -> None:
    """Let comments be in the styles of this document, whose ids Word and WPS may have renamed."""
    for node in root.iter(qn("w:pStyle"), qn("w:rStyle")):
        if (own := node.get(qn("w:val"), "")) in styles:
            node.set(qn("w:val"), styles[own])


def _paragraph(anchor: _Element) -> Paragraph:
    """The paragraph that carries a comment: a paragraph itself, or the first of a cell."""
    node = anchor if anchor.tag == qn("w:p") else next(anchor.iter(qn("w:p")), None)
    if node is None:  # a body without any paragraph
        node = anchor.makeelement(qn("w:p"))
        anchor.insert(0, node)
    return Paragraph(node, None)  # type: ignore[arg-type]  # its parent is asked for styles only


def _runs(paragraph: Paragraph) -> Sequence[Run]:
    """The runs that a comment stands at; an empty one is made where there is none."""
    return paragraph.runs or [paragraph.add_run()]
