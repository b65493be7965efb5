"""Figures to set right in words: where each stands, what it is and what it should be."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from budgetgen.checking.money import money_unit
from budgetgen.values.amounts import Amount
from budgetgen.values.findings import Advice, Finding
from budgetgen.values.sayings import listed, saying

if TYPE_CHECKING:
    from collections.abc import Mapping

    from budgetgen.app.pipeline.inputs import Checked
    from budgetgen.edition.declarations import Edition
    from budgetgen.localisation.culprits import Culprit, Mend
    from budgetgen.values.sayings import Field, Series, Stated

BOUNDS: Final = {"==": "equal", ">=": "least", "<=": "most"}
"""How a figure is bounded → the saying that tells so."""


@dataclass(frozen=True)
class Mending:
    """Says of figures what they are and should be, in the words of the edition's advice.

    Attributes:
        edition: whose words.
        unit: of the money of the workbook.
    """

    edition: Edition
    unit: str

    @classmethod
    def of(cls, checked: Checked) -> Mending:
        """That of a file."""
        return cls(checked.edition, money_unit(checked.book, checked.edition))

    def findings(self, checked: Checked) -> tuple[Finding, ...]:
        """The figures to mend as findings, each at its cell, those that may be wrong as one."""
        known = {finding.key for finding in checked.findings}
        culprits = checked.located.culprits
        return (
            *(line.finding for line in checked.located.lines if line.finding.key not in known),
            *(self._mend(mend, culprit) for culprit in culprits for mend in culprit.mends),
            *(self._among(culprit) for culprit in culprits if not culprit.mends),
        )

    def mended(self, culprit: Culprit, mend: Mend) -> Stated:
        """What should stand there, in any of the columns in which it may."""
        if not same_row(culprit):
            return self.should(mend)
        columns = (m.spot.column for mends in ((mend,), *culprit.alternatives) for m in mends)
        return self._lacking(mend, listed(columns, saying("or")), Advice.FIGURE)

    def some(self, culprit: Culprit) -> Stated:
        """That some of the figures are wrong, and by how much."""
        kind = "money" if all(mend.money for mend in culprit.among) else "number"
        amount, number = Amount(culprit.difference or Decimal(0), kind, self.unit), len(culprit.among)
        if number == 1:
            stated = saying("one", 数=amount)
        else:
            blank = all(mend.now is None for mend in culprit.among)
            stated = saying("blanks" if blank else "some", 格数=number, 数=amount)
        return stated.worded(self._words(Advice.AMONG))

    def if_alone(self, mend: Mend) -> Stated:
        """What stands there, what should if nothing else were wrong, and what it is at least."""
        stated = self.should(mend, Advice.AMONG)
        if mend.sure is None:
            return stated
        least = saying("sure", 情况=stated, 数=self._amount(mend, mend.sure))
        return least.worded(self._words(Advice.AMONG))

    def should(self, mend: Mend, advice: Advice = Advice.FIGURE) -> Stated:
        """What stands there and what should, and by which slip the one may have become the other.

        Args:
            mend: the figure.
            advice: whether it is wrong, or may be one of those that are.
        """
        if mend.absent:
            return self._lacking(mend, mend.spot.column, advice)
        blank = saying("blank" if mend.spot.place else "unfilled")
        tailed = mend.tail and mend.sign == "=="
        stated = saying(
            "stands",
            现状=blank if mend.now is None else saying("now", 数=self._amount(mend, mend.now)),
            应为=self._due(mend, advice),
            尾差=saying("tail", 数=self._amount(mend, mend.tail)) if tailed else None,
            错法=saying("slip", 错法=mend.why) if mend.why else None,
        )
        return stated.worded(self._words(Advice.FIGURE))

    def _words(self, advice: Advice) -> Mapping[str, str]:
        return self.edition.rules[advice].says

    def _amount(self, mend: Mend, value: Decimal) -> Amount:
        return Amount(value, "money" if mend.money else "number", self.unit)

    def _due(self, mend: Mend, advice: Advice) -> Stated:
        return saying(BOUNDS[mend.sign], 数=self._amount(mend, mend.should)).worded(self._words(advice))

    def _lacking(self, mend: Mend, columns: Field, advice: Advice) -> Stated:
        stated = saying("lacking", 行=mend.spot.row, 列=columns, 应为=self._due(mend, advice))
        return stated.worded(self._words(Advice.FIGURE))

    def _mend(self, mend: Mend, culprit: Culprit) -> Finding:
        others = tuple(where(other) for other in culprit.mends if other is not mend)
        number = len(culprit.explains)
        stated = saying(
            应为=self.mended(culprit, mend),
            一起=saying("together", 各格=listed(others)) if others else None,
            几处=saying("places", 处=number) if number > 1 else None,
            规则=self._broken(culprit),
        )
        difference = None if mend.now is None or not mend.money else mend.now - mend.should
        found = Finding.of(self.edition.rules[Advice.FIGURE], stated, mend.spot)
        return replace(found, fix="", basis="", difference=difference)

    def _among(self, culprit: Culprit) -> Finding:
        spots = (mend.spot for mend in culprit.among)
        stated = saying(情况=self.some(culprit), 规则=self._broken(culprit))
        found = Finding.of(self.edition.rules[Advice.AMONG], stated, *spots)
        return replace(found, fix="", basis="")

    def _broken(self, culprit: Culprit) -> Series:
        return listed(dict.fromkeys(self.edition.rules[finding.rule].title for finding in culprit.explains))


def mends(checked: Checked) -> tuple[Finding, ...]:
    """The figures to mend of a file, for its annotated copy."""
    return Mending.of(checked).findings(checked)


def where(mend: Mend) -> str:
    """Where a figure stands, and which it is."""
    spot = mend.spot
    if mend.absent:
        return spot.table
    numbered = re.fullmatch(r"第\d+行", spot.row)
    return f"{spot.place}（{spot.column if numbered else spot.name}）" if spot.place else spot.name


def same_row(culprit: Culprit) -> bool:
    """Whether a row lacks, and only the column of the amount is open."""
    (first, *_), others = culprit.mends, culprit.alternatives
    row = first.spot.table, first.spot.row, first.should
    alone = len(culprit.mends) == 1 and all(len(mends) == 1 for mends in others)
    return first.absent and alone and all((m.spot.table, m.spot.row, m.should) == row for (m, *_) in others)
