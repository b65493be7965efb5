"""Whether two sentences say the same in other words: by their signs, their figures set aside and compared by themselves."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from budgetgen.saying.phrasing import TO_BE_FILLED
from budgetgen.saying.reasons import way
from budgetgen.values.likeness import likeness
from budgetgen.values.listing import MARK
from budgetgen.values.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from budgetgen.edition.declarations import Review

LEAST, SHORT = 0.6, 0.8
"""How alike two sentences are at least to be one in other words, by their signs in order or by their pairs of signs: any,
and short ones that tell no amount."""
LENGTH = 20
"""Of how many signs a sentence is that is not short."""
NAME = 3
"""So many signs in the place of others may be another name; fewer are another word for the same."""
WITHIN, WHOLE = 0.8, 10
"""How much of a sentence of so many signs another one has at least, to say it among other things."""
FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
AMOUNT = re.compile(rf"(?P<number>{FIGURE.pattern})(?![\d年月日])(?P<unit>[万亿]?.?)")
"""A number that is no date, with the first signs of what it counts."""
STOP = re.compile(r"(?<=。)")
CLAUSE = re.compile(r"[，：:。；;、]|,(?!\d)")
GAP = re.compile(re.escape(fold(TO_BE_FILLED).form).replace(r"\{\}", r"[^\[\]]*"))
NUMBERED = re.compile(f"^{MARK}")


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
        return NUMBERED.sub("", GAP.sub("", fold(self.text).form))

    @property
    def gaps(self) -> bool:
        """Whether it has to be filled in yet."""
        return GAP.search(fold(self.text).form) is not None

    @cached_property
    def pairs(self) -> Counter[str]:
        """Its signs, each with the next one."""
        return Counter(map("".join, pairwise(self.form)))

    def shared(self, other: WordedSentence) -> float:
        """What part of their pairs of signs two share."""
        both = (self.pairs & other.pairs).total()
        return 2 * both / max(1, self.pairs.total() + other.pairs.total())

    def like(self, other: WordedSentence) -> float:
        """How alike two are, whatever their figures and the order of their clauses; 0 where that is not much."""
        least = LEAST if self.amounts or len(self.form) >= LENGTH else SHORT
        shared = self.shared(other)
        return max(likeness(self.form, other.form, least), shared if shared >= least else 0)

    def same(self, other: WordedSentence, words: Review) -> float:
        """How alike one that a format gives is, where it tells what this one does; 0 where it is not the same.

        It tells all its amounts of the same things, and goes the same way: what is not printed must not say anything else.
        One is the same, too, that stands here among other words: with gaps that these fill, or with all the amounts.

        Args:
            other: of the format.
            words: by which a sentence tells which way an amount went.
        """
        if way(self.form, words) * way(other.form, words) < 0:
            return 0
        if other.amounts and other.gaps and other.within(self, LEAST):
            return LEAST
        if (other.gaps or (self.amounts and self.amounts == other.amounts)) and other.within(self):
            return LEAST
        if not self._told_in(other) or (not self.amounts and self._names_another(other)):
            return 0
        return self.like(other)

    def _told_in(self, other: WordedSentence) -> bool:
        """Whether another one tells all its amounts, each in the clause that is most like its own."""
        theirs = [clause for clause in other.clauses if clause.amounts]
        for clause in (clause for clause in self.clauses if clause.amounts):
            likest = max(map(clause.shared, theirs), default=0)
            near = (one for one in theirs if clause.shared(one) == likest)
            if not any(Counter(clause.amounts) <= Counter(one.amounts) for one in near):
                return False
        return Counter(self.amounts) <= Counter(other.amounts)

    def _names_another(self, other: WordedSentence) -> bool:
        """Whether it has other words where the other one may have a name."""
        changes = SequenceMatcher(None, self.form, other.form, autojunk=False).get_opcodes()
        return any(
            kind == "replace" and min(end - start, till - since) >= NAME
            for kind, start, end, since, till in changes
        )

    def within(self, other: WordedSentence, least: float = WITHIN) -> bool:
        """Whether another one says nearly all of it, with its amounts, among other things."""
        both = (self.pairs & other.pairs).total()
        told = both >= least * self.pairs.total() and Counter(self.amounts) <= Counter(other.amounts)
        return len(self.form) >= WHOLE and told

    def beyond(self, other: WordedSentence) -> tuple[str, ...]:
        """The clauses that another one does not have."""
        return tuple(
            one.text
            for one in self.clauses
            if 2 * (one.pairs & other.pairs).total() < one.pairs.total()
            or not Counter(one.amounts) <= Counter(other.amounts)
        )

    @cached_property
    def clauses(self) -> Sequence[WordedSentence]:
        """Its parts between commas and the like."""
        return [WordedSentence(text, "") for text in CLAUSE.split(self.text)]

    @cached_property
    def amounts(self) -> tuple[tuple[Decimal, str], ...]:
        """The numbers that it tells, dates apart, each with what it counts."""
        found = AMOUNT.finditer(self._bare)
        return tuple((Decimal(one["number"].replace(",", "")), one["unit"]) for one in found)
