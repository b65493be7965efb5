"""Pages of a PDF in sight: PDFs written by hand, and pages given as what stands on them."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from budgetgen.reading.document.pdf.marks import Box, SeenPage, Sign

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDE, HIGH, LEFT = 600.0, 800.0, 60.0
SIZE = 10.0


def signs(text: str, x: float, top: float, size: float = SIZE) -> list[Sign]:
    """A text from a place on, each sign as wide as it is high; figures and the like half as wide."""
    found: list[Sign] = []
    for sign in text:
        width = size / 2 if sign.isascii() else size
        found.append(Sign(sign, Box(x, top, x + width, top + size), size))
        x += width
    return found


def rules(columns: Sequence[float], rows: Sequence[float]) -> list[Box]:
    """All rules of a table."""
    upright = [Box(x, rows[0], x, rows[-1]) for x in columns]
    return [*upright, *(Box(columns[0], y, columns[-1], y) for y in rows)]


def sheet(number: int, said: Iterable[Iterable[Sign]], ruled: Iterable[Box] = ()) -> SeenPage:
    """A page."""
    return SeenPage(number, WIDE, HIGH, tuple(sign for text in said for sign in text), tuple(ruled))


def table(
    number: int,
    top: float,
    columns: Sequence[float],
    rows: Sequence[Sequence[str]],
    above: Iterable[Iterable[Sign]] = (),
) -> SeenPage:
    """A page with a table that has all its rules; a line end within a cell is one on the page."""
    levels, said = [top], [*above]
    for row in rows:
        for x, cell in zip(columns, row, strict=False):
            said += [signs(line, x + 3, levels[-1] + 3 + 12 * n) for n, line in enumerate(cell.split("\n"))]
        levels.append(levels[-1] + 6 + 12 * max(cell.count("\n") + 1 for cell in row))
    return sheet(number, said, rules(columns, levels))


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects; the first is its catalogue."""
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    index = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(data))
    return data + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + index + trailer


def stream(content: bytes, more: bytes = b"") -> bytes:
    """A packed stream."""
    packed = zlib.compress(content, 9)
    return b"<</Length %d/Filter/FlateDecode%b>>stream\n%b\nendstream" % (len(packed), more, packed)


def paged(content: bytes, *others: bytes, resources: bytes = b"<<>>") -> bytes:
    """A PDF of one page; the fifth object and those after it are the others."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources %b>>" % resources
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page,
        stream(content),
        *others,
    )


LAUGHS = [
    stream(
        b"/F Do " * 20,
        b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>" % number,
    )
    for number in range(6, 26)
]
ENDLESS = paged(b"/F Do", *LAUGHS, stream(b"0 0 m"), resources=b"<</XObject<</F 5 0 R>>>>")
"""A PDF whose one page is drawn by drawing another twenty times, twenty levels deep."""
