"""How many rounded figures a cell of the workbook was added up from, as Excel tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from budgetgen.writing.workbook.layout import Address
from budgetgen.writing.workbook.references import reference

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from budgetgen.writing.workbook.filling import Filling
    from budgetgen.writing.workbook.formulas import Formulas
    from budgetgen.writing.workbook.layout import BlockLayout, Line

DUST: Final = "0.0000001"
"""What the binary fractions of a workbook lose, in 万元."""


@dataclass(frozen=True)
class Roundings:
    """How many rounded figures a cell was added up from, as the program knows it of every cell.

    Excel cannot tell a formula from a figure typed over it: a cell that does not hold what its relations give was
    typed. Each cell that relations fill gets a cell of its own that says so.

    Attributes:
        formulas: of the workbook.
        filling: what it is filled with: figures that already stand over a formula.
        home: the first of these cells; the others follow below.
        known: the cell that says it → its formula and what it gives, in order. None where amounts are exact.
    """

    formulas: Formulas
    filling: Filling
    home: Address
    known: dict[Address, tuple[str, Decimal | int]] = field(default_factory=dict)
    _terms: dict[Address, str] = field(default_factory=dict)

    def __call__(self, cell: Address) -> str:
        """The number of them as a piece of formula."""
        if cell not in self._terms:
            self._terms[cell] = self._compiled(cell)
        return self._terms[cell]

    @cached_property
    def _places(self) -> Mapping[Address, tuple[BlockLayout, Line, str]]:
        return {
            block.address(line, column): (block, line, column)
            for sheet in self.formulas.layout.sheets.values()
            for block in sheet.blocks
            for line in block.lines
            for column, declared in block.columns(line).items()
            if declared.type == "money"
        }

    def _compiled(self, cell: Address) -> str:
        if cell not in self._places or self.filling.exact:
            return ""
        block, line, column = self._places[cell]
        held, told = self.filling.cell(block, line, block.columns(line)[column]), reference(cell)
        count = f"COUNT({told})"
        own = block.roundings(told, count)
        if held.given and held.value is not None:
            return own
        derived = self.formulas.derivation(block, line, column, self.home, self)
        if derived is None:
            return own
        value, terms = derived
        place = Address(self.home.sheet, self.home.row + len(self.known), self.home.column)
        typed = f"ABS({block.scaled(column, told)}-({value}))>{DUST}"
        self.known[place] = (
            f"IF({count}=0,0,IF({typed},{block.roundings(told, '1') or 0},{terms}))",
            held.terms,
        )
        return reference(place)
