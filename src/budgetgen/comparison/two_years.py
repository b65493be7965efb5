"""The documents of two years, each beside its own Book, and their paragraphs side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.comparison.alignment import Alignment
from budgetgen.comparison.own_words import OwnWords

if TYPE_CHECKING:
    from collections.abc import Sequence

    from budgetgen.comparison.matching import Both


@dataclass(frozen=True)
class TwoYears:
    """The documents of two years: what all asks of them is worked out once.

    Attributes:
        both: the documents.
    """

    both: Both

    @cached_property
    def documents(self) -> tuple[OwnWords, OwnWords]:
        """Each beside its own Book."""
        return OwnWords(self.both.old), OwnWords(self.both.new)

    def of(self, side: int) -> tuple[OwnWords, OwnWords]:
        """One of them, and the other."""
        return self.documents[side], self.documents[1 - side]

    @cached_property
    def plains(self) -> tuple[Sequence[str], Sequence[str]]:
        """The paragraphs of each, without figures and years."""
        old, new = ([plain for *_, plain in document.printed] for document in self.documents)
        return old, new

    @cached_property
    def aligned(self) -> tuple[Alignment, Alignment]:
        """These side by side: those of each beside those of the other."""
        old, new = self.plains
        return Alignment(old, new), Alignment(new, old)
