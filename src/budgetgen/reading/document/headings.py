"""Where the parts of a document begin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.reading.document.patterns import Turner
from budgetgen.values.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from budgetgen.edition.declarations import Edition, Part
    from budgetgen.reading.document.patterns import Turned

FEW = 2
"""How many parts told by their whole headings make a document one of that format."""


@dataclass(frozen=True)
class PartHeadings:
    """The headings of the parts of an edition."""

    edition: Edition

    def heads(self, part: Part, text: str) -> bool:
        """Whether a paragraph is the heading of a part."""
        told = fold(text)
        if part.mark:
            return told.form.startswith(fold(part.mark).form)
        return any(turned.match(told) is not None for turned in self._turned[part.number])

    def parted(self, texts: Sequence[str]) -> bool:
        """Whether paragraphs have parts of that format."""
        if any(part.mark and self.heads(part, text) for part in self.edition.part for text in texts):
            return True
        whole = [part for part in self.edition.part if not part.mark]
        return sum(any(self.heads(part, text) for text in texts) for part in whole) >= FEW

    @cached_property
    def _turned(self) -> Mapping[int, tuple[Turned, ...]]:
        turner = Turner(self.edition)
        return {
            part.number: tuple(turner.turn(text) for text in (part.heading, *part.reads) if text)
            for part in self.edition.part
        }
