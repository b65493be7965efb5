"""What of a document the format has no place for: kept as it stands, with the place that it is to be printed at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgetgen.reading.document.blocks import Grid, Text
from budgetgen.saying.interleaving import by_table
from budgetgen.saying.lint import instruction

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition
    from budgetgen.reading.document.blocks import Block

BEGINNING = 40
"""So many signs tell a paragraph from its neighbours."""
BETWEEN = "　"
"""Between the cells of a row that is kept as a line."""


@dataclass(frozen=True)
class Leftover:
    """What was not understood of a document.

    Not kept is what stands beside the text, as a text box: it may be a secret's mark; and what the template says to its
    user. Of a document with secret items nothing is kept: what cannot be understood cannot be told to be harmless.

    Attributes:
        edition: the format.
        texts: the paragraphs, and the sentences of paragraphs.
        grids: the tables.
        guarded: whether the document holds secret items.
    """

    edition: Edition
    texts: Sequence[Text]
    grids: Collection[Grid]
    guarded: bool

    def of_section(self, section: str, blocks: Sequence[Block]) -> Iterator[dict[str, str]]:
        """The rows that keep what was not understood of a section.

        Args:
            section: its id.
            blocks: what stands in it, in order.
        """
        left: dict[object, list[str]] = {}
        for text in self.texts:
            left.setdefault(text.place, []).append(text.text)
        after = ""
        for block in blocks:
            found = left.pop(block.place, []) if isinstance(block, Text) else self._rows(block)
            if isinstance(block, Text) and found != [block.text]:
                after = block.text[:BEGINNING]
            kept = () if isinstance(block, Text) and block.beside else filter(self._lasts, found)
            yield from (self._row(section, after, words) for words in kept)

    def of_tables(self, below: Mapping[str, Sequence[Text]]) -> Iterator[dict[str, str]]:
        """The rows that keep the paragraphs below tables, by the tables' names."""
        for name, texts in below.items():
            kept = (text.text for text in texts if not text.beside and self._lasts(text.text))
            yield from (self._row(by_table(name), "", words) for words in kept)

    def _lasts(self, words: str) -> bool:
        """Whether words that stand in the text belong into another document."""
        return not (self.guarded or instruction(words, self.edition))

    def _rows(self, grid: Grid) -> list[str]:
        lines = grid.lines if grid in self.grids else ()
        joined = (BETWEEN.join(str(raw.value) for raw in line if not raw.blank) for line in lines)
        return [line for line in joined if line]

    def _row(self, section: str, after: str, words: str) -> dict[str, str]:
        stored = self.edition.verbatim
        return {stored.section: section, stored.after: after, stored.text: words}
