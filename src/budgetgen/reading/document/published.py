"""A published document in any form that it is published in, as its paragraphs and tables."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from budgetgen.reading.document.blocks import Grid, Text, blocks
from budgetgen.reading.document.manuscript import Aside, Manuscript, Passage, read_manuscript
from budgetgen.reading.document.pdf import pdf_blocks
from budgetgen.reading.document.printed.captioned.regions import with_captioned
from budgetgen.reading.document.recognition import refuse_bare
from budgetgen.reading.document.web import web_blocks
from budgetgen.reading.forms import PDF, WEB, is_word
from budgetgen.reading.guard import admit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from budgetgen.edition.declarations import Edition
    from budgetgen.reading.document.blocks import Block


def published_blocks(path: Path) -> tuple[Block, ...]:
    """The paragraphs and tables of a document, in order.

    Raises:
        UnusableInputError: the file cannot be read, or holds no text.
    """
    suffix = path.suffix.lower()
    if suffix == PDF:
        return pdf_blocks(path)
    if suffix in WEB:
        return web_blocks(path)
    data = admit(path, "docx")
    found = tuple(blocks(data))
    refuse_bare(path, data, found)
    return found


def published_manuscript(path: Path, edition: Edition) -> Manuscript:
    """All that a document carries; of one that is printed, all that is printed.

    Args:
        path: the document.
        edition: its format, by which tables without rules are known.

    Raises:
        UnusableInputError: the file cannot be read, or holds no text.
    """
    if is_word(path):
        return read_manuscript(path)
    found = with_captioned(published_blocks(path), edition)
    asides = (Aside(b.beside, b.text) for b in found if isinstance(b, Text) and b.beside)
    return Manuscript(tuple(_passages(found)), tuple(dict.fromkeys(asides)))


def _passages(found: Sequence[Block]) -> Iterator[Passage]:
    paragraphs = tables = 0
    for block in found:
        if isinstance(block, Grid):
            tables += 1
            for number, line in enumerate(block.lines, start=1):
                # The places of a merged cell are one.
                cells = tuple(str(next(raws).value or "") for _, raws in groupby(line, lambda raw: raw.place))
                if any(cells):
                    yield Passage(cells, number, tables)
        elif not block.beside:
            paragraphs += 1
            yield Passage((block.text,), paragraphs, contents=block.led)
