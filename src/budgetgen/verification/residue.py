"""What a document carries besides its passages: texts in margins and boxes, marks of drafts, traces of its making."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from budgetgen.reading.document.manuscript import RemnantKind
from budgetgen.saying.phrasing import TO_BE_FILLED
from budgetgen.values.findings import Spot
from budgetgen.values.sayings import saying
from budgetgen.values.text import fold
from budgetgen.verification.telling import masked, row_text
from budgetgen.verification.texts import numeric

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from budgetgen.edition.declarations import Edition
    from budgetgen.reading.document.manuscript import Manuscript, Residue
    from budgetgen.values.findings import Finding
    from budgetgen.verification.telling import Teller

RULES: Final[Mapping[RemnantKind, str]] = {
    RemnantKind.REVISION: "verify-revision",
    RemnantKind.COMMENT: "verify-comment",
    RemnantKind.HIDDEN: "verify-hidden",
    RemnantKind.HIGHLIGHT: "verify-highlight",
    RemnantKind.NUMBERING: "verify-numbering",
    RemnantKind.FIELD: "verify-field",
    RemnantKind.OBJECT: "verify-object",
    RemnantKind.PROPERTY: "verify-metadata",
}


def marks(edition: Edition) -> re.Pattern[str]:
    """What only a draft may say."""
    layout = edition.layout
    missing = re.escape(TO_BE_FILLED.split("{", maxsplit=1)[0])
    fixed = (layout.draft, edition.house.carried, edition.drafting.mark)
    return re.compile("|".join((_counted(edition), f"{missing}[^】]*】?", *map(re.escape, fixed))))


def _counted(edition: Edition) -> str:
    """The mark of a draft with open points, whatever their number."""
    return r"\d+".join(map(re.escape, re.split(r"\{[^{}]*\}", edition.layout.open)))


def drafted(found: Manuscript, edition: Edition) -> bool:
    """Whether a document was made as a draft."""
    mark = re.compile(f"{_counted(edition)}|{re.escape(edition.layout.draft)}")
    return any(mark.search(aside.text) for aside in found.asides)


@dataclass(frozen=True)
class Inspection:
    """What should not be left in a document.

    Attributes:
        teller: makes the findings.
        unit: whose document it is; its name may stand in the properties.
        wanted: the disclosure as written: what it carries itself is no residue.
        found: the document.
        sections: where its passages stand, by their number.
    """

    teller: Teller
    unit: str
    wanted: Manuscript
    found: Manuscript
    sections: Mapping[int, str]

    def findings(self) -> Iterator[Finding]:
        """First the texts, then the marks, then what the file tells of its making."""
        yield from self._asides()
        yield from self._marks()
        yield from self._residue()

    def _asides(self) -> Iterator[Finding]:
        usual = {(aside.where, fold(aside.text).form) for aside in self.wanted.asides}
        for aside in self.found.asides:
            form = fold(aside.text).form
            if (aside.where, form) in usual or self._mark.search(aside.text):
                continue
            rule = "verify-untied" if numeric(form) else "verify-added"
            rule = "verify-secret" if self.teller.secret(aside.text) else rule
            hidden = self.teller.secrets is not None
            counted = saying("aside-count", 何处=aside.where, 字数=len(aside.text))
            told = saying("aside", 何处=aside.where, 原文=self.teller.short(aside.text))
            stated = (counted if hidden else told).worded(self.teller.edition.stating)
            value = masked(aside.text) if hidden else self.teller.open(aside.text)
            yield self.teller.finding(rule, stated, Spot(aside.where, value=value))

    def _marks(self) -> Iterator[Finding]:
        """What only a draft may say."""
        for number, passage in enumerate(self.found.passages):
            if mark := self._mark.search(passage.text):
                stated = saying(记号=self.teller.open(mark[0]), 原文=self.teller.short(row_text(passage)))
                where = self.sections.get(number, "")
                here = Spot(where, place=passage.place(where))
                yield self.teller.finding("verify-mark", stated, here)
        for aside in self.found.asides:
            if mark := self._mark.search(aside.text):
                stated = saying("beside", 何处=aside.where, 记号=self.teller.open(mark[0]))
                yield self.teller.finding("verify-mark", stated, Spot(aside.where))

    @cached_property
    def _mark(self) -> re.Pattern[str]:
        return marks(self.teller.edition)

    def _residue(self) -> Iterator[Finding]:
        usual = set(self.wanted.residue)
        for residue in self.found.residue:
            if residue not in usual and not self._own(residue):
                secret = self.teller.secrets is not None
                where = residue.name.partition("“")[0] if secret else residue.name
                text = None if secret or not residue.text else self.teller.short(residue.text)
                stated = saying("residue", 何处=where, 内容=saying("quoted", 原文=text) if text else None)
                stated = stated.worded(self.teller.edition.stating)
                yield self.teller.finding(RULES[residue.kind], stated, Spot(where))

    def _own(self, residue: Residue) -> bool:
        """Whether a property names nobody but the unit."""
        return residue.kind == RemnantKind.PROPERTY and residue.text == self.unit
