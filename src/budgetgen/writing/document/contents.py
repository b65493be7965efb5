"""The table of contents: its entries lead to the headings, and tell the pages where these stand in the document's PDF."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from budgetgen.edition.declarations.own_styles import CONTENTS, PART, SECTION
from budgetgen.writing.document.filled import PARAGRAPH_PROPERTIES, RUN, FilledBody, text_of
from budgetgen.writing.document.markup import element, field, qn, tab
from budgetgen.writing.package import OfficePackage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.values.model import Disclosure
    from budgetgen.writing.document.markup import Element

PLACEHOLDER: Final = 88
"""Stands for every number until they are known: as wide as most of them, so that they move nothing."""


def link_contents(body: FilledBody, disclosure: Disclosure, bookmarks: int, *, renewed: bool) -> None:
    """Make the entries links to the headings in order, inside a field that Word can renew with page numbers.

    Entries that say another thing than the headings, Word would overwrite: they are links only, in no field.

    Args:
        body: whose entries they are.
        disclosure: what they say.
        bookmarks: the highest number that a bookmark has.
        renewed: whether they say what the headings say.
    """
    headings = body.styled(PART, SECTION)
    entries = body.styled(*CONTENTS)
    first = bookmarks + 1
    names = [f"_Toc{number:08}" for number in range(first, first + len(headings))]
    for number, (name, heading) in enumerate(zip(names[: len(entries)], headings, strict=False), start=first):
        _open(heading, element("w:bookmarkStart", id=number, name=name))
        heading.append(element("w:bookmarkEnd", id=number))
    for entry, place in zip(entries, _headings_of(disclosure), strict=False):
        if place < len(names):
            entry.append(element("w:hyperlink", *entry.findall(RUN), anchor=names[place], history=1))
    if entries and renewed:
        begin, instruction, separate, _, end = field('TOC \\o "1-2" \\h \\z \\u')
        _open(entries[0], begin, instruction, separate)
        entries[-1].append(end)


def _headings_of(disclosure: Disclosure) -> Iterator[int]:
    """For each entry of the contents the number of its heading; a part without one begins with the next."""
    parts, place = iter(disclosure.parts), 0
    for level, _ in disclosure.entries:
        yield place
        place += level > 1 or bool(next(parts).heading)


def _open(paragraph: Element, *nodes: Element) -> None:
    """Put something before everything else in a paragraph."""
    place = 0 if paragraph.find(PARAGRAPH_PROPERTIES) is None else 1
    paragraph[place:place] = nodes


def numbered(document: bytes, pages: Sequence[int] = ()) -> bytes:
    """The document with page numbers in its contents, which Word renews like those of its own.

    Args:
        document: whose entries are links to its headings, or have numbers already.
        pages: of the entries in order; without them placeholders.
    """
    package = OfficePackage.read(document)
    body = FilledBody.of(package)
    for place, entry in enumerate(body.styled(*CONTENTS)):
        _number(entry, pages[place] if pages else PLACEHOLDER)
    package.put(package.main, body.root)
    return package.data()


def pages_of(document: bytes, pdf: bytes) -> tuple[int, ...]:
    """The printed page of each entry of the contents; none where one is not found, or pages are numbered anew."""
    body = FilledBody.of(OfficePackage.read(document))
    if any(number.get(qn("w:start")) for number in body.root.iter(qn("w:pgNumType"))):
        return ()
    outline, found = list(_outline(pdf)), list[int]()
    titles = iter(outline)
    for heading in body.styled(PART, SECTION):
        page = next((page for title, page in titles if title == _bare(text_of(heading))), None)
        if page is None:
            return ()
        found.append(page)
    return tuple(found) if len(found) == len(body.styled(*CONTENTS)) else ()


def _number(entry: Element, page: int) -> None:
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
