"""Pages as one text: tables that go on over pages joined, paragraphs whole, heads and feet apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from budgetgen.reading.document.blocks import HIDDEN, PICTURE, Block, PlacedText, Text, tight
from budgetgen.reading.document.pdf.banded import Neighbouring
from budgetgen.reading.document.pdf.columns import NEAR
from budgetgen.reading.document.pdf.furniture import NUMBER, PAGE, Furniture, LaidPage
from budgetgen.reading.document.pdf.grids import RuledTable, ruled
from budgetgen.reading.document.pdf.lines import TextLine, lines
from budgetgen.reading.document.pdf.paragraphs import PageParagraph, frames, goes_on
from budgetgen.reading.document.pdf.tables import LongTable
from budgetgen.reading.document.pdf.unruled import LEVEL, level_rows, parts
from budgetgen.values.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.reading.document.pdf.banded import Columns
    from budgetgen.reading.document.pdf.marks import Box, SeenPage
    from budgetgen.reading.guard.confined import Beat

WATERMARK: Final = "水印"
WHOLLY: Final = "整页都是图片"
"""Stands for a page without a text of its own; what was recognised in a picture is not to be relied on."""

Item: TypeAlias = PageParagraph | LongTable


def blocks_of(sheets: Sequence[SeenPage], beat: Beat) -> Iterator[Block]:
    """The paragraphs and tables of a document; what stands beside the text comes last."""
    pages: list[LaidPage] = []
    for sheet in sheets:
        pages.append(_page(sheet, Neighbouring(_columns(pages[-1:], -1))))
        _align(pages)
        beat()
    furniture = Furniture.of(pages)
    places = {page.sheet.number: _Places.of(page.sheet) for page in pages}
    counts: Counter[int] = Counter()
    for item in _items([_cleared(page, furniture) for page in pages]):
        if isinstance(item, LongTable):
            measured = (part for part in item.parts if part.measured or part.level)
            own = ((part.page, line) for part in measured for line in part.lines)
            yield replace(item.grid(), laid=_laid(own, places))
        elif text := tight(clean(item.text)[0]):
            counts[item.page] += 1
            laid = _laid(item.placed, places)
            yield Text(text, counts[item.page], page=item.page, led=item.led, breaks=item.breaks, laid=laid)
    yield from _beside(pages, furniture)


@dataclass(frozen=True)
class _Places:
    """Where texts stand on a page.

    Attributes:
        page: its number.
        heights: of its level rules, from above, each with those that lie there.
    """

    page: int
    heights: Sequence[tuple[float, Sequence[Box]]]

    @classmethod
    def of(cls, sheet: SeenPage) -> _Places:
        """Those of a page."""
        heights: list[tuple[float, list[Box]]] = []
        for rule in sorted(sheet.rules, key=lambda rule: rule.top):
            if rule.width > max(rule.height, NEAR):
                if not heights or rule.top - heights[-1][0] > NEAR:
                    heights.append((rule.top, []))
                heights[-1][1].append(rule)
        return cls(sheet.number, heights)

    def of_line(self, line: TextLine) -> Iterator[PlacedText]:
        """The texts of a line."""
        heights = [sign.middle[1] for sign in line.signs]
        level = max(heights) - min(heights) <= LEVEL * line.signs[0].size
        rows = [tuple(parts(line.signs))] if level else level_rows(line.signs)
        for part in (part for row in rows for part in row):
            box, middle = part.box, (part.box.x0 + part.box.x1) / 2
            band = sum(
                top <= (box.top + box.bottom) / 2 and any(r.x0 <= middle <= r.x1 for r in rules)
                for top, rules in self.heights
            )
            yield PlacedText(part.text, self.page, box.x0, box.top, box.x1, box.bottom, part.size, band)


def _laid(lines: Iterable[tuple[int, TextLine]], places: Mapping[int, _Places]) -> tuple[PlacedText, ...]:
    """Where the texts of lines stand, each line with its page."""
    return tuple(text for page, line in lines for text in places[page].of_line(line))


def _columns(pages: Sequence[LaidPage], which: int) -> Columns | None:
    """Those of the first or last table of a page."""
    tables = pages[0].tables if pages else ()
    return tables[which].columns if tables else None


def _align(pages: list[LaidPage]) -> None:
    """Measure columns on earlier pages as the last page shows where they end, if it goes on with these."""
    for n in range(len(pages) - 1, 0, -1):
        found = _columns(pages[n:], 0)
        laid = _page(pages[n - 1].sheet, Neighbouring(found, ahead=True)) if found else pages[n - 1]
        if laid.tables == pages[n - 1].tables:
            return
        pages[n - 1] = laid


def _page(sheet: SeenPage, known: Neighbouring) -> LaidPage:
    tables = tuple(replace(table, order=order) for order, table in enumerate(ruled(sheet, known), start=1))
    boxes = [table.box for table in tables]
    free = (sign for sign in sheet.signs if not any(box.holds(*sign.middle) for box in boxes))
    return LaidPage(sheet, tuple(lines(free)), tables)


def _cleared(page: LaidPage, furniture: Furniture) -> LaidPage:
    """A page without its furniture."""
    return replace(page, lines=tuple(line for line in page.lines if not furniture.where(page.sheet, line)))


def _items(pages: Sequence[LaidPage]) -> list[Item]:
    """Paragraphs and tables, each whole, in order."""
    items: list[Item] = []
    for page, frame in zip(pages, frames(pages), strict=True):
        standing: list[TextLine | RuledTable] = [*page.lines, *page.tables]
        for index, one in enumerate(sorted(standing, key=lambda one: (one.box.top, one.box.x0))):
            last, number = items[-1] if items else None, page.sheet.number
            if not index and isinstance(last, LongTable):
                last.cut = _begins_ruled(page, one, last.parts[-1])
            if isinstance(one, RuledTable):
                if not index and isinstance(last, LongTable) and last.goes_on(one):
                    last.parts.append(one)
                    last.cut = False
                else:
                    _cut(items, one)
                    items.append(LongTable([one]))
            elif isinstance(last, PageParagraph) and goes_on(
                frame, last.lines[-1], one, same_page=bool(index)
            ):
                last.placed.append((number, one))
            else:
                items.append(PageParagraph([(number, one)]))
    return items


def _cut(items: Sequence[Item], table: RuledTable) -> None:
    """Remember of the last table that a rest of it stands apart, whatever is between them."""
    before = next((item for item in reversed(items) if isinstance(item, LongTable)), None)
    if table.rest and before:
        before.cut = True


def _begins_ruled(page: LaidPage, first: TextLine | RuledTable, before: RuledTable) -> bool:
    """Whether a page begins with a rule that is as wide as a table of the page before."""
    return any(
        rule.top <= first.box.top + NEAR
        and abs(rule.width - before.box.width) <= NEAR
        and rule.width > rule.height
        for rule in page.sheet.rules
    )


def _beside(pages: Sequence[LaidPage], furniture: Furniture) -> Iterator[Block]:
    """What stands at the head and foot of pages but their numbers, each once; what is slanted or not seen."""
    said: set[tuple[str, str]] = set()
    counts: Counter[tuple[str, int]] = Counter()
    for page in pages:
        heads = [(furniture.where(page.sheet, line), line.text) for line in page.lines]
        unseen = (
            (PICTURE, WHOLLY) if page.sheet.pictured and not page.sheet.signs else (HIDDEN, page.sheet.hidden)
        )
        for where, told in (*heads, (WATERMARK, page.sheet.slanted), unseen):
            text, number = tight(clean(told)[0]), page.sheet.number
            key = where, NUMBER.sub("#", text)
            if (
                where
                and text
                and not PAGE.fullmatch(text)
                and (key not in said or where in {HIDDEN, PICTURE})
            ):
                said.add(key)
                counts[where, number] += 1
                yield Text(text, counts[where, number], where, page=number)
