"""True page numbers in the table of contents: read where the headings stand in the document's PDF."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import docx
from docx.oxml.ns import qn

from budgetgen.edition.declarations.own_styles import CONTENTS, PART, SECTION
from budgetgen.writing.archive import normalise
from budgetgen.writing.document.markup import field, tab

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docx.document import Document
    from docx.oxml.text.paragraph import CT_P

PLACEHOLDER: Final = 88
"""Stands for every number until they are known: as wide as most of them, so that they move nothing."""


def numbered(document: bytes, pages: Sequence[int] = ()) -> bytes:
    """The document with page numbers in its contents, which Word renews like those of its own.

    Args:
        document: whose entries are links to its headings, or have numbers already.
        pages: of the entries in order; without them placeholders.
    """
    word = docx.Document(io.BytesIO(document))
    for place, entry in enumerate(styled(word, *CONTENTS)):
        _number(entry, pages[place] if pages else PLACEHOLDER)
    buffer = io.BytesIO()
    word.save(buffer)
    return normalise(buffer.getvalue())


def pages_of(document: bytes, pdf: bytes) -> tuple[int, ...]:
    """The printed page of each entry of the contents; none where one is not found, or pages are numbered anew."""
    word = docx.Document(io.BytesIO(document))
    if any(number.get(qn("w:start")) for number in word.element.iter(qn("w:pgNumType"))):
        return ()
    outline, found = list(_outline(pdf)), list[int]()
    titles = iter(outline)
    for heading in styled(word, PART, SECTION):
        page = next((page for title, page in titles if title == _bare(text_of(heading))), None)
        if page is None:
            return ()
        found.append(page)
    return tuple(found) if len(found) == len(styled(word, *CONTENTS)) else ()


def styled(document: Document, *names: str) -> list[CT_P]:
    """The paragraphs of the body in some styles.

    Known by name, because Word renames the ids when it saves a template; LibreOffice only makes `TOC 1` of `toc 1`.
    """
    ids = {
        style.styleId for style in document.styles.element.style_lst if str(style.name_val).lower() in names
    }
    return [paragraph for paragraph in document.element.body.p_lst if paragraph.style in ids]


def text_of(node: Any) -> str:
    """All text in a node."""
    return "".join(text.text or "" for text in node.iter(qn("w:t")))


def _number(entry: CT_P, page: int) -> None:
    """Write the number behind the text of an entry, as the result of a field that refers to its heading."""
    link = entry.find(qn("w:hyperlink"))
    if link is None:
        return
    if link.find(f".//{qn('w:instrText')}") is not None:
        link[-2][0].text = str(page)
        return
    begin, instruction, separate, result, end = field(f"PAGEREF {link.get(qn('w:anchor'))} \\h")
    link.extend((tab(), begin, instruction, separate, result, end))
    result[0].text = str(page)


def _outline(pdf: bytes) -> Iterator[tuple[str, int]]:
    """The bookmarks of a PDF with the pages that they lead to, from 1, in order."""
    from pypdf import PdfReader  # noqa: PLC0415 - only where there is a PDF

    reader = PdfReader(io.BytesIO(pdf))
    for mark in _flat(reader.outline):
        page = reader.get_destination_page_number(mark)
        if page is not None:
            yield _bare(str(mark.title)), page + 1


def _flat(outline: list[Any]) -> Iterator[Any]:
    for mark in outline:
        if isinstance(mark, list):
            yield from _flat(mark)
        else:
            yield mark


def _bare(text: str) -> str:
    return "".join(text.split())
