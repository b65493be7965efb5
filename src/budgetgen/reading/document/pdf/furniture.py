"""What the pages of a document carry at their head and foot: no part of its text."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from budgetgen.values.text import unspaced

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from budgetgen.reading.document.pdf.grids import RuledTable
    from budgetgen.reading.document.pdf.lines import TextLine
    from budgetgen.reading.document.pdf.marks import SeenPage

HEAD: Final = "页眉"
FOOT: Final = "页脚"
EDGE: Final = 100.0
"""How far from the edge of a page its head and its foot reach, whatever its size."""
MOST: Final = 0.3
"""What part of a page they take at most, each."""
MANY: Final = 3
"""On how many pages the same stands at the same height at least."""
OFTEN: Final = 0.34
"""On what part of all pages, at least: a title that is repeated where its table goes on stands on fewer."""
LEVEL: Final = 4.0
"""Within how many points two lines stand at the same height."""
NUMBER: Final = re.compile(r"\d+|[〇一二三四五六七八九十]+|[IVXivx]+")
NO_NUMBER: Final = re.compile(r"[^\W\d_]{4}")
"""Words, of which a page number has few."""
PAGE: Final = re.compile(
    r"\W{0,4}(?:第\s{0,4})?[\d〇一二三四五六七八九十IVXivx]{1,6}(?:\s{0,4}页)?\s{0,4}"
    r"(?:\W{0,3}(?:共\s{0,4})?\d{1,4}(?:\s{0,4}页)?)?\W{0,4}"
)
"""A page number, with or without the number of all pages."""
OF_TABLE: Final = re.compile(
    r"(?:附|公开)?表[\d一二三四五六七八九十]{1,3}(?:[-—]\d{1,2})?|(?:附|公开)[\d一二三四五六七八九十]{1,3}表"
    r"|[\u4e00-\u9fff]{1,4}\d{1,3}表"
)
"""The number of a table, without blanks, at the head of the page that the table begins: it counts on as page numbers do."""
COLUMNS: Final = 4
"""So many words stand apart in a row of a table at least; the head of a page has one at each side, and one between."""
ROW: Final = 3
"""So many in a row of its figures at least, some of which are blank."""
WORD: Final = 2
"""Of so many signs a word is at least: signs that are spread over a page are none."""
AMOUNTS: Final = re.compile(r"(?:-?[\d,]{1,20}\.\d\d\s{0,4}){1,40}")

_Key: TypeAlias = tuple[str, str, int, tuple[int, int]]
"""Where a line stands, what it says, at what height, on pages of which size."""


@dataclass(frozen=True)
class LaidPage:
    """A page with its lines of text and its tables.

    Attributes:
        sheet: what stands on it.
        lines: outside of tables.
        tables: with rules.
    """

    sheet: SeenPage
    lines: tuple[TextLine, ...]
    tables: tuple[RuledTable, ...]

    def stands(self, top: float, bottom: float) -> bool:
        """Whether something stands between two heights."""
        boxes = (*(line.box for line in self.lines), *(table.box for table in self.tables))
        return any(box.top < bottom and box.bottom > top for box in boxes)


@dataclass(frozen=True)
class Furniture:
    """What stands at the head and foot of the pages of a document.

    Attributes:
        pages: all of them.
        held: the pages that hold the same text at the same height, by head or foot.
    """

    pages: Sequence[LaidPage]
    held: Mapping[_Key, frozenset[int]]

    @classmethod
    def of(cls, pages: Sequence[LaidPage]) -> Furniture:
        """That of a document."""
        held: dict[_Key, set[int]] = defaultdict(set)
        for index, page in enumerate(pages):
            for line in page.lines:
                if where := _where(page.sheet, line):
                    held[_key(where, line, page.sheet)].add(index)
        return cls(pages, {key: frozenset(found) for key, found in held.items()})

    def where(self, sheet: SeenPage, line: TextLine) -> str:
        """Whether a line is furniture: 页眉 or 页脚; empty where it is text."""
        where = _where(sheet, line)
        if not where or OF_TABLE.fullmatch(unspaced(line.text)) or self._tabled(line):
            return ""
        return where if self._stands(where, sheet, line) or self._stands_elsewhere(where, sheet, line) else ""

    def _tabled(self, line: TextLine) -> bool:
        """Whether a line is one of a table without rules: amounts and nothing else, or words in many columns.

        The header of such a table stands at one height on each page that the table goes on over, and on no others: what
        pages without a table have too is set apart by tab stops.
        """
        if AMOUNTS.fullmatch(line.text):
            return True
        return _columns(line) >= COLUMNS and len(self._untabled.get(_said(line), ())) < MANY

    @cached_property
    def _untabled(self) -> Mapping[str, frozenset[int]]:
        """What stands at the head or foot of pages that have neither a table nor rows of one, with these pages."""
        found: dict[str, set[int]] = defaultdict(set)
        for index, page in enumerate(self.pages):
            placed = [(_where(page.sheet, line), line) for line in page.lines]
            rows = (line for where, line in placed if not where)
            if not page.tables and all(
                _columns(line) < ROW and not AMOUNTS.fullmatch(line.text) for line in rows
            ):
                for said in {_said(line) for where, line in placed if where}:
                    found[said].add(index)
        return {said: frozenset(pages) for said, pages in found.items()}

    def _stands_elsewhere(self, where: str, sheet: SeenPage, line: TextLine) -> bool:
        """Whether a line is that of the pages of another size: of its own there are too few to show it.

        It is the outermost of its page, word by word the same, and as near to the edge.
        """
        text, away = _away(where, sheet, line)
        alike = [page for page in self.pages if page.sheet.size == sheet.size]
        others = (one for page in alike if page.sheet is sheet for one in page.lines if one is not line)
        outer = all(_away(where, sheet, one)[1] >= away for one in others)
        return (
            len(alike) < MANY
            and outer
            and any((where, text, away + step) in self._known for step in (-1, 0, 1))
        )

    @cached_property
    def _known(self) -> frozenset[tuple[str, str, int]]:
        """What is furniture on the pages of one size, with how far from the edge it stands."""
        own = ((page.sheet, line) for page in self.pages for line in page.lines)
        placed = ((where, sheet, line) for sheet, line in own if (where := _where(sheet, line)))
        return frozenset(
            (where, *_away(where, sheet, line))
            for where, sheet, line in placed
            if NO_NUMBER.search(line.text) and self._stands(where, sheet, line)
        )

    def _stands(self, where: str, sheet: SeenPage, line: TextLine) -> bool:
        """Whether a line at the head or foot stands there on the other pages of that size."""
        _, text, height, size = _key(where, line, sheet)
        near = (self.held.get((where, text, height + step, size), frozenset()) for step in (-1, 0, 1))
        same = frozenset[int]().union(*near)
        numbered = PAGE.fullmatch(line.text.strip()) is not None and (len(same) > 1 or where == FOOT)
        return numbered or self._repeated(line, same, size)

    def _repeated(self, line: TextLine, same: frozenset[int], size: tuple[int, int]) -> bool:
        """Whether a line is repeated where no page of that size has text of its own."""
        alike = {index: page for index, page in enumerate(self.pages) if page.sheet.size == size}
        if len(same) < max(MANY, OFTEN * len(alike)):
            return False
        others = (page for index, page in alike.items() if index not in same)
        return not any(page.stands(line.box.top, line.box.bottom) for page in others)


def _columns(line: TextLine) -> int:
    """How many words stand apart in a line."""
    wide = (right.box.x0 - left.box.x1 > left.size for left, right in pairwise(line.signs))
    return sum(count >= WORD for count in Counter(accumulate(wide, initial=0)).values())


def _where(sheet: SeenPage, line: TextLine) -> str:
    edge = min(EDGE, MOST * sheet.height)
    if line.box.bottom < edge:
        return HEAD
    return FOOT if line.box.top > sheet.height - edge else ""


def _key(where: str, line: TextLine, sheet: SeenPage) -> _Key:
    """A line as it is on other pages: whatever its number."""
    return where, _said(line), round(line.box.top / LEVEL), sheet.size


def _away(where: str, sheet: SeenPage, line: TextLine) -> tuple[str, int]:
    """What a line says, and how far it stands from the edge of its page."""
    away = line.box.top if where == HEAD else sheet.height - line.box.bottom
    return "".join(line.text.split()), round(away / LEVEL)


def _said(line: TextLine) -> str:
    return NUMBER.sub("#", "".join(line.text.split()))
