"""Stated what a proof found: with the place in the document, and the cells of the workbook behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from budgetgen.edition.declarations import FIGURES, FigureColumn
from budgetgen.reading.secrets import ordinary
from budgetgen.values.findings import Finding, Spot
from budgetgen.values.sayings import listed, saying
from budgetgen.values.text import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from budgetgen.edition.declarations import Edition
    from budgetgen.reading.document.manuscript import Passage
    from budgetgen.reading.secrets import Secrets
    from budgetgen.values.model import Book
    from budgetgen.values.sayings import Stated
    from budgetgen.verification.origins import Spots

SHOWN: Final = 60
"""About how many signs of a text are quoted."""
SOURCES: Final = 3
"""How many cells are named where a number follows from several."""
ENDS: Final = "。；;"
"""What ends a sentence."""
OWN: Final = (FigureColumn.AMOUNT, FigureColumn.PRIOR)
"""The columns of the computed figures that stand in the workbook; the others are worked from these."""


@dataclass(frozen=True)
class Teller:
    """Makes findings.

    Attributes:
        book: the workbook, with its computed tables.
        edition: its format.
        secrets: the secret items of both; None for none: else nothing is told of what stands beside the text.
    """

    book: Book
    edition: Edition
    secrets: Secrets | None = None

    def finding(self, rule: str, stated: Stated, here: Spot, spots: Spots = ()) -> Finding:
        """A finding about a place in the document and cells of the workbook."""
        return Finding.of(self.edition.rules[rule], stated, here, *self.sources(spots))

    def cells(self, spots: Spots) -> Stated | None:
        """The cells that a text comes from."""
        sources = self.sources(spots)
        if not sources:
            return None
        told = (source.place or saying("derived", 格=source.name) for source in sources[:SOURCES])
        more = saying("more", 格数=len(sources)) if len(sources) > SOURCES else None
        return saying("sources", 各格=listed(told), 等=more).worded(self.edition.stating)

    def short(self, text: str) -> str:
        """A text as it is quoted."""
        return short(self.open(text))

    def open(self, text: str) -> str:
        """A text without what stands beside the code of a secret item: that might be its name."""
        secret = self.edition.house.secret
        if self.secrets and self.secrets.speaks(text):
            return " | ".join(map(self._only, text.split(" | ")))
        return re.sub(rf"({secret}\W*[0-9A-Za-z]*)[^\s，。；、）)“”|]+", r"\1…", text)

    def _only(self, text: str) -> str:
        """A text, or of one that speaks of a secret item what is no word of anybody's own."""
        if not (self.secrets and self.secrets.speaks(text)):
            return text
        code = self.secrets.code(text)
        own = re.sub(rf".*?{re.escape(code)}", "", text, count=1, flags=re.DOTALL)
        return code + "".join(
            piece if not words(piece) or ordinary(piece, self.edition) else "…"
            for piece in re.split(r"([^\w.]+|\d[\d,.]*)", own)
        )

    def secret(self, text: str) -> bool:
        """Whether a text is one about a secret item: words that are put there might be its name."""
        house = self.edition.house
        known = house.secret in text or house.withheld in text
        return known or (self.secrets is not None and self.secrets.speaks(text))

    def typed(self, spot: tuple[str, str, str]) -> bool:
        """Whether a cell holds a text of a person's own; names, choices and what figures say are none."""
        return all(
            self.edition.kind(table, column, row) == "text" for table, row, column in self._behind(*spot)
        )

    def sources(self, spots: Spots) -> tuple[Spot, ...]:
        """The cells of the workbook behind some cells: those of computed tables follow from others."""
        cells = dict.fromkeys(cell for spot in spots for cell in self._behind(*spot))
        return tuple(self._source(*cell) for cell in cells)

    def _behind(self, table: str, row: str, column: str) -> Iterable[tuple[str, str, str]]:
        stored = self.edition.comparisons
        if table != FIGURES:
            return ((table, row, column),)
        if column == FigureColumn.REASON:
            return ((stored.reasons, row, stored.reason),)
        return ((table, row, own) for own in ((column,) if column in OWN else OWN))

    def _source(self, table: str, row: str, column: str) -> Spot:
        found = self.book[table].get(row)
        cell = found[column] if found else None
        if cell is None:
            return Spot(table, row, column)
        told = Spot.at(table, row, column, cell, self.edition.kind(table, column, row))
        place = cell.place.of_file(self.book.file) if cell.place else None
        return replace(told, place=place, value=self.open(told.value))


def row_text(passage: Passage) -> str:
    """A passage on one line, the cells of a row apart."""
    return " | ".join(cell for cell in passage.cells if cell) if passage.table else passage.text


def masked(text: str) -> str:
    """A text of which only is left how many numbers it has.

    >>> masked("雷霆2号 | 101.31")
    '…0… … 000.00'
    """
    return re.sub(r"\d", "0", re.sub(r"[^\d.,%\s]+", "…", text))


def short(text: str) -> str:
    """A text as it is quoted: on one line, its middle left out where it is long."""
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= SHOWN else f"{text[: SHOWN // 2]}…{text[-SHOWN // 2 :]}"


def sentence(text: str, at: int, length: int) -> str:
    """The sentence around a place."""
    begin = max(text.rfind(sign, 0, at) for sign in ENDS) + 1
    ends = [end for sign in ENDS if (end := text.find(sign, at + length)) >= 0]
    return text[begin : min(ends) + 1 if ends else len(text)]
