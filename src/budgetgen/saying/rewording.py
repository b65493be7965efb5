"""Whether two sentences say the same in other words: by their signs, their figures set aside and compared by themselves."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from budgetgen.saying.phrasing import TO_BE_FILLED
from budgetgen.values.likeness import likeness
from budgetgen.values.text import fold

LEAST, SHORT, OTHER = 0.6, 0.8, 0.85
"""How alike two sentences are at least to be one in other words, by their signs in order or by their pairs of signs: any,
short ones that tell no amount, and those that tell other amounts."""
LENGTH = 20
"""Of how many signs a sentence is that is not short."""
WITHIN, WHOLE = 0.8, 10
"""How much of a sentence of so many signs another one has at least, to say it among other things."""
FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
AMOUNT = re.compile(rf"{FIGURE.pattern}(?![\d年月日])")
STOP = re.compile(r"(?<=。)")
CLAUSE = re.compile(r"[，,：:。；;]")
GAP = re.compile(re.escape(fold(TO_BE_FILLED).form).replace(r"\{\}", "[^】]*"))
MARK = re.compile(
    r"^(?:\d{1,2}[.、](?!\d)|[(][一二三四五六七八九十\d]{1,3}[)]|[一二三四五六七八九十]{1,3}、)"
)
"""The number before an entry of a list."""


@dataclass(frozen=True)
class WordedSentence:
    """A sentence of a paragraph, compared without its figures and the number before it."""

    text: str
    paragraph: str

    @classmethod
    def parts(cls, paragraph: str) -> list[WordedSentence]:
        """Those of a paragraph."""
        return [cls(text, paragraph) for text in STOP.split(paragraph) if text]

    @cached_property
    def form(self) -> str:
        """As it is compared."""
        return FIGURE.sub("#", self._bare).strip("。;")

    @cached_property
    def _bare(self) -> str:
        """Without gaps and without the number before it."""
        return MARK.sub("", GAP.sub("", fold(self.text).form))

    @property
    def gaps(self) -> bool:
        """Whether it has to be filled in yet."""
        return GAP.search(fold(self.text).form) is not None

    @cached_property
    def pairs(self) -> Counter[str]:
        """Its signs, each with the next one."""
        return Counter(map("".join, pairwise(self.form)))

    def like(self, other: WordedSentence) -> float:
        """How alike two are, whatever their figures and the order of their clauses; 0 where that is not much."""
        both = (self.pairs & other.pairs).total()
        alike = 2 * both / max(1, self.pairs.total() + other.pairs.total())
        least = LEAST if self.amounts or len(self.form) >= LENGTH else SHORT
        return max(likeness(self.form, other.form, least), alike if alike >= least else 0)

    def same(self, other: WordedSentence) -> float:
        """How alike one that a format gives is, where it tells what this one does; 0 where it is not the same.

        Two things may go by names that are much alike: then they tell other amounts. One is the same, too, that stands
        here among other words: with gaps that these fill, or with all the amounts.
        """
        if other.amounts and other.gaps and other.within(self, LEAST):
            return LEAST
        if (other.gaps or (self.amounts and self.amounts == other.amounts)) and other.within(self):
            return LEAST
        if not self.amounts <= other.amounts and not other.amounts:
            return 0
        alike = self.like(other)
        half = 2 * (self.amounts & other.amounts).total() >= self.amounts.total()
        return alike if half or alike >= OTHER else 0

    def within(self, other: WordedSentence, least: float = WITHIN) -> bool:
        """Whether another one says nearly all of it, with its amounts, among other things."""
        both = (self.pairs & other.pairs).total()
        told = both >= least * self.pairs.total() and self.amounts <= other.amounts
        return len(self.form) >= WHOLE and told

    def beyond(self, other: WordedSentence) -> tuple[str, ...]:
        """The clauses that another one does not have."""
        clauses = ((clause, WordedSentence(clause, "")) for clause in CLAUSE.split(self.text))
        return tuple(
            clause
            for clause, one in clauses
            if 2 * (one.pairs & other.pairs).total() < one.pairs.total() or not one.amounts <= other.amounts
        )

    @cached_property
    def amounts(self) -> Counter[Decimal]:
        """The numbers that it tells, dates and zero apart."""
        told = (Decimal(said.replace(",", "")) for said in AMOUNT.findall(self._bare))
        return Counter(filter(None, told))
