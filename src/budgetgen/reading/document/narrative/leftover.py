"""What of a document the format has no place for: kept as it stands, with the place that it is to be printed at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from budgetgen.proofreading.lint import instruction
from budgetgen.reading.document.blocks import Grid, Text
from budgetgen.saying.interleaving import by_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition
    from budgetgen.reading.document.blocks import Block

BEGINNING = 40
"""So many signs tell a paragraph from its neighbours."""
BETWEEN = "　"
"""Between the cells of a row that is kept as a line."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A paragraph, or a sentence of one, that is to be printed as it was found.

    Attributes:
        section: where, as the rows of the kept are called by.
        after: how the paragraph begins that it stands after; empty for the first of its section.
        text: its words.
    """

    section: str
    after: str
    text: Text

    def row(self, edition: Edition) -> dict[str, str]:
        """The row that keeps it."""
        stored = edition.verbatim
        return {stored.section: self.section, stored.after: self.after, stored.text: self.text.text}


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

    def of_section(self, section: str, blocks: Sequence[Block]) -> Iterator[Kept]:
        """What was not understood of a section.

        Args:
            section: its id.
            blocks: what stands in it, in order.
        """
        left: dict[object, list[Text]] = {}
        for text in self.texts:
            left.setdefault(text.place, []).append(text)
        after = ""
        for block in blocks:
            found = left.pop(block.place, []) if isinstance(block, Text) else self._rows(block)
            if isinstance(block, Text) and [text.text for text in found] != [block.text]:
                after = block.text[:BEGINNING]
            yield from (Kept(section, after, text) for text in filter(self._lasts, found))

    def of_tables(self, below: Mapping[str, Sequence[Text]]) -> Iterator[Kept]:
        """The paragraphs below tables, by the tables' names."""
        for name, texts in below.items():
            yield from (Kept(by_table(name), "", text) for text in filter(self._lasts, texts))

    def _lasts(self, text: Text) -> bool:
        """Whether words stand in the text and belong into another document."""
        return not (text.beside or self.guarded or instruction(text.text, self.edition))

    def _rows(self, grid: Grid) -> list[Text]:
        lines = grid.lines if grid in self.grids else ()
        joined = (BETWEEN.join(str(raw.value) for raw in line if not raw.blank) for line in lines)
        return [Text(line, grid.number, cell=grid.place) for line in joined if line]
