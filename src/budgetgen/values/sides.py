"""The two sides of what has to be equal: terms with their cells and amounts, worded where they are shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from budgetgen.values.sayings import ONLY, Sayable, Series, saying

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.values.amounts import Amount
    from budgetgen.values.findings import Finding, Spot
    from budgetgen.values.sayings import Field, Stated


@dataclass(frozen=True, slots=True)
class SideTerm(Sayable):
    """A term of a side. Two are equal that say the same, whatever cells they are of.

    Attributes:
        name: how it is called; None for a number that the rule itself gives.
        value: what it comes to; a text where it is none, None where it is blank.
        sign: before it.
        rows: whether it counts rows.
        cells: that it is worked from.
    """

    name: Field
    value: Amount | str | None
    sign: str = "+"
    rows: bool = False
    cells: tuple[Spot, ...] = field(default=(), compare=False)

    @property
    def stated(self) -> Stated:
        """Its name and what it comes to."""
        if self.name is None:
            return saying("given", 数=self.value)
        value = self.value or saying("blank")
        return (
            saying("rows", 名称=self.name, 数=value)
            if self.rows
            else saying("term", 名称=self.name, 数=value)
        )


@dataclass(frozen=True, slots=True)
class RelationSide(Sayable):
    """A side of a relation; terms that are blank or zero are left out: `基本支出 6.00 + 项目支出 4.00 = 10.00`.

    Attributes:
        terms: of its sum.
        value: what it comes to.
    """

    terms: tuple[SideTerm, ...]
    value: Amount | str | None

    @property
    def stated(self) -> Stated:
        """All its terms, and of several what they come to."""
        if not self.terms:
            return saying("unfilled")
        terms = Series(tuple(self._signed), "")
        return (
            saying("sum", 各项=terms, 合计=self.value) if len(self.terms) > 1 else saying("side", 各项=terms)
        )

    @property
    def _signed(self) -> Iterator[Field]:
        for number, term in enumerate(self.terms):
            yield f" {term.sign} " if number else "- " if term.sign == "-" else None
            yield term


class WrittenSide(RelationSide):
    """A side that is one number, told by that alone: of a sentence or a printed cell, and of what it should be."""

    __slots__ = ()

    @classmethod
    def of(cls, number: str, *cells: Spot) -> WrittenSide:
        """The side of a number as it is written.

        Args:
            number: as it is written.
            cells: where it stands, or that it is worked from.
        """
        return cls((SideTerm(None, number, cells=cells),), number)

    @property
    def stated(self) -> Stated:
        """The number."""
        return saying(数=self.value).worded({ONLY: "{数}"})


def sides_of(finding: Finding) -> tuple[RelationSide, ...]:
    """The sides that a finding states, the left one first; none where it is about no number or sum."""
    return tuple(leaf for one in finding.said for leaf in one.leaves if isinstance(leaf, RelationSide))
