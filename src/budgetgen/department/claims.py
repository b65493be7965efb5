"""What confirmed transfers take from the units' lines, and whether these hold it.

Where one of the three lines that hold a transfer holds less than is to be taken from it, nothing is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.values.amounts import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.department.ledger import Held, Ledger
    from budgetgen.department.transfers import Line, Transfer


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A line of a unit that holds less than is to be taken out of it.

    Attributes:
        transfer: which is not taken out for that reason.
        where: table, row, column.
        held: what the unit has there; None for nothing.
        claimed: what all confirmed transfers together take from it, in 万元.
        appropriated: what of it is appropriation, where the rest is not enough: that stays expenditure of the
            department, whichever of its units spends it.
    """

    transfer: Transfer
    where: tuple[str, str, str]
    held: Held | None
    claimed: Decimal
    appropriated: tuple[Held, ...] = ()


@dataclass(frozen=True)
class Claims:
    """What some transfers together take.

    Attributes:
        ledger: what the units hold.
        transfers: with the department's decisions.
    """

    ledger: Ledger
    transfers: Sequence[Transfer]

    def holds(self, transfer: Transfer) -> bool:
        """Whether a transfer is confirmed, and the lines that hold it hold all that is to be taken from them."""
        return self._confirmed(transfer) and not any(map(self._short, self.ledger.lines(transfer)))

    def shortfalls(self) -> Iterator[Shortfall]:
        """The lines that do not hold what is confirmed to be taken out of them."""
        for transfer in filter(self._confirmed, self.transfers):
            for line in filter(self._short, self.ledger.lines(transfer)):
                claimed = self._claimed[line]
                fiscal = () if claimed > self._amount(line) else tuple(self._appropriated(line))
                yield Shortfall(transfer, line[1:], self.ledger.held.get(line), claimed, fiscal)

    def _confirmed(self, transfer: Transfer) -> bool:
        """Whether it is to be taken out, and everything is known that this needs."""
        confirmed = transfer.confirmed == self.ledger.edition.consolidating.transfers.yes
        return confirmed and transfer.complete and not transfer.inner

    @cached_property
    def _claimed(self) -> Mapping[Line, Decimal]:
        """What all confirmed transfers together take from each line, in 万元."""
        claimed: defaultdict[Line, Decimal] = defaultdict(Decimal)
        for transfer in filter(self._confirmed, self.transfers):
            for line in self.ledger.lines(transfer):
                claimed[line] += transfer.amount.amount
        return claimed

    def _short(self, line: Line) -> bool:
        """Whether more is taken from a line than may be: all but what is spent of appropriation."""
        kept = sum((held.amount for held in self._appropriated(line)), ZERO)
        return self._claimed[line] > self._amount(line) - kept

    def _appropriated(self, line: Line) -> Iterator[Held]:
        declared = self.ledger.edition.consolidating.transfers
        unit, table, row, column = line
        if table == declared.paid:
            found = (self.ledger.held.get((unit, source, row, column)) for source in declared.appropriated)
            yield from filter(None, found)

    def _amount(self, line: Line) -> Decimal:
        held = self.ledger.held.get(line)
        return held.amount if held else ZERO
