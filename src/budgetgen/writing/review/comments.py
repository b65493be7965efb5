"""A copy of a Word document with comments at the places that findings name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from budgetgen.reading.document.blocks import anchors
from budgetgen.reading.document.layers import hiding_styles
from budgetgen.text import INVISIBLE
from budgetgen.writing.archive import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from docx.text.run import Run
    from lxml.etree import _Element

AUTHOR, INITIALS = "budgetgen", "bg"
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
"""Same input, same bytes: the date of a comment is no date of anything."""


@dataclass(frozen=True, slots=True)
class Comment:
    """What is said at a place.

    Attributes:
        place: as findings name it, 文档第12段 or 文档第3个表第4行第2列; any other is that of the first paragraph.
        text: lines of plain text.
    """

    place: str
    text: str


def commented(data: bytes, comments: Iterable[Comment]) -> bytes:
    """A copy of a Word document with comments; those that are there already stay.

    Args:
        data: the document, admitted by `reading.guard`.
        comments: in the order in which Word lists those of one place.

    Returns:
        The copy; the same input gives the same bytes. Its text is that of the document.
    """
    document = Document(BytesIO(data))
    body = document.element.body
    places = anchors(body, hiding_styles(document.styles.element))
    first = next(iter(places.values()), None)
    for comment in comments:
        anchor = places.get(comment.place, first)
        runs = _runs(_paragraph(body if anchor is None else anchor))
        text = INVISIBLE.sub("", comment.text)
        document.add_comment(runs, text, AUTHOR, INITIALS)._comment_elm.date = WRITTEN  # noqa: SLF001 - no public way
    buffer = BytesIO()
    document.save(buffer)
    return normalise(buffer.getvalue())


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
