"""Where the tables without rules stand in a document, and what stands there once they are put together."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from budgetgen.reading.cells import Raw
from budgetgen.reading.document.blocks import Grid, Text
from budgetgen.reading.document.facts import Facts
from budgetgen.reading.document.headings import PartHeadings
from budgetgen.reading.document.printed.captioned.placed import FIGURE, holds, left_of, right_of, words_of
from budgetgen.reading.document.printed.captioned.table import CaptionedTable
from budgetgen.reading.document.printed.captions import Captions
from budgetgen.reading.headers import COUNTED, find_header
from budgetgen.values.places import DocumentPlace
from budgetgen.values.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from budgetgen.edition.declarations import Edition, TableDeclaration
    from budgetgen.reading.document.blocks import Block, PlacedText

SENTENCE: Final = re.compile(r"[，。；]")


def with_captioned(found: Sequence[Block], edition: Edition) -> tuple[Block, ...]:
    """The paragraphs and tables of a document, with the tables that are known by their captions alone.

    Args:
        found: the paragraphs and tables; where their parts stand is of no more use then.
        edition: the format.
    """
    if not any(block.laid for block in found):
        return tuple(found)
    captions = Captions(edition, Facts(edition, found))
    instead: dict[int, Sequence[Block]] = {}
    numbers = Counter[int]()
    for block in found:
        numbers[block.page] = max(numbers[block.page], block.number if isinstance(block, Grid) else 0)
    for table, indexes in _regions(found, captions):
        region = [found[index] for index in indexes]
        own = _before_remarks(captions, table, region)
        made = None if _any_figures(region[len(own) :]) else _table_in(edition, table, own, numbers)
        instead |= dict(zip(indexes, made, strict=False)) if made else {}
    return tuple(replace(one, laid=()) for n, block in enumerate(found) for one in instead.get(n, (block,)))


def _regions(
    found: Sequence[Block], captions: Captions
) -> Iterator[tuple[TableDeclaration, tuple[int, ...]]]:
    """What stands below the title of each table, up to the next title, or a table with all its rules."""
    owner: TableDeclaration | None = None
    held: list[int] = []
    above, parts = "", PartHeadings(captions.edition)
    for index, block in enumerate(found):
        text = block.text if isinstance(block, Text) else ""
        titled = (captions.titled(text) or captions.titled(above + text)) if text else None
        above = text
        if owner and ((titled or owner) is owner) and (titled or captions.says(text)):
            continue
        heads = captions.number(text) is not None or any(parts.heads(p, text) for p in captions.edition.part)
        if titled or heads or not block.laid:
            if owner and held:
                yield owner, tuple(held)
            owner, held = titled, []
        elif owner:
            held.append(index)
    if owner and held:
        yield owner, tuple(held)


def _before_remarks(captions: Captions, owner: TableDeclaration, region: Sequence[Block]) -> list[Block]:
    """What stands above the first remark below a table, or the first sentence that is wider than half of all."""
    parts = [part for block in region for part in block.laid]
    wide = (right_of(parts) - left_of(parts)) / 2 if parts else 0.0
    amounts = [part for part in parts if FIGURE.fullmatch(part.text) and not COUNTED.fullmatch(part.text)]
    return list(takewhile(lambda block: not _ends(captions, owner, block, amounts, wide), region))


def _ends(
    captions: Captions, owner: TableDeclaration, block: Block, amounts: Sequence[PlacedText], wide: float
) -> bool:
    """Whether a line is a remark below a table: one declared, one that says that there is nothing in it, a sentence.

    A name may have words of these, but never reaches into a column of amounts.
    """
    text = block.text if isinstance(block, Text) else ""
    words = captions.edition.forms.notes
    form = fold(text).form
    noted = any(re.match(rf"[(]?{re.escape(word)}[:\d、.]", form) for word in words)
    if bool(form) and (noted or captions.below(owner, text) or captions.emptied(text)):
        return True
    said = any(SENTENCE.search(part.text) and part.x1 - part.x0 > wide for part in block.laid)
    if _any_figures([block]) or not (said or (form and captions.hollow(text))):
        return False
    return not amounts or any(a.x0 < part.x1 and part.x0 < a.x1 for part in block.laid for a in amounts)


def _any_figures(blocks: Iterable[Block]) -> bool:
    """Whether a figure is printed in paragraphs or tables."""
    return any(FIGURE.fullmatch(part.text) for block in blocks for part in block.laid)


def _table_in(
    edition: Edition, table: TableDeclaration, own: Sequence[Block], numbers: Counter[int]
) -> list[Sequence[Block]] | None:
    """What stands instead of each block: the table in the place of the first that it takes; None where there is none.

    A table that was measured stays, unless it lacks columns, or lines beside it belong to it.

    Args:
        edition: the format.
        table: which it is.
        own: what stands below its title, up to the remarks.
        numbers: the last ordinal that a table has on each page.
    """
    printed = CaptionedTable(edition, table, tuple(words_of(part for block in own for part in block.laid)))
    lines = printed.lines()
    if lines is None or not any(_lacks(edition, table, block, printed.taken) for block in own):
        return None
    page = min(part.page for part in printed.taken)
    numbers[page] += 1
    raws = tuple(_raws(lines, printed.depth, numbers[page], page))
    grid: Grid | None = Grid(raws, numbers[page], page=page, measured=True)
    made: list[Sequence[Block]] = []
    taken = printed.taken
    for block in own:
        left = [p for p in block.laid if p not in taken and not any(holds(one, p) for one in taken)]
        if len(left) == len(block.laid):
            made.append((block,))
            continue
        rest = [Text("".join(part.text for part in left), block.number, page=block.page)] if left else []
        made.append((*rest, grid) if grid else rest)
        grid = None
    return made


def _lacks(edition: Edition, table: TableDeclaration, block: Block, taken: Iterable[PlacedText]) -> bool:
    """Whether a paragraph belongs to a table, or a table that was measured has not all of its columns."""
    if isinstance(block, Text):
        return any(holds(one, part) for part in block.laid for one in taken)
    header = find_header(edition, table, block.lines)
    wanted = {
        (n, c.name) for n, own in enumerate(table.block) for c in own.columns if c.numeric and not c.only
    }
    return block.banded or header is None or bool(header.strangers) or not wanted <= header.places.keys()


def _raws(lines: Sequence[Sequence[str]], depth: int, number: int, page: int) -> Iterator[tuple[Raw, ...]]:
    """The lines as cells; a caption over several columns is one, as in a table with rules."""
    for row, line in enumerate(lines, start=1):
        places: list[DocumentPlace] = []
        for column, text in enumerate(line, start=1):
            goes_on = row <= depth and column > 1 and text and text == line[column - 2]
            places.append(places[-1] if goes_on else DocumentPlace(number, row, column, page=page))
        yield tuple(Raw(text or None, place=place) for text, place in zip(line, places, strict=True))
