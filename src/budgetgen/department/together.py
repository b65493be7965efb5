"""What units of a department have together, one added after the other, before anything is decided on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from budgetgen.department.balance import Balance
from budgetgen.department.drafts import Reasons
from budgetgen.department.ledger import Ledger
from budgetgen.department.merging import Merging
from budgetgen.department.roster import Roster
from budgetgen.department.sources import Parts
from budgetgen.department.units import completed
from budgetgen.values.model import Table

if TYPE_CHECKING:
    from budgetgen.department.units import Unit
    from budgetgen.edition.declarations import Edition


@dataclass
class Together:
    """What some units have together.

    Units that stand together may be added up by themselves, and joined to those before them: the same comes out.

    Attributes:
        edition: the format.
        department: the name of the department.
        own: the tables of the first unit that are nobody else's.
    """

    edition: Edition
    department: str
    own: dict[str, Table] = field(default_factory=dict)
    parts: Parts = field(default_factory=Parts)

    def __post_init__(self) -> None:
        self.merging = {
            table.name: Merging(self.edition, table)
            for table in self.edition.table
            if table.consolidated not in {"none", "own"}
        }
        self.roster = Roster(self.edition)
        self.reasons = Reasons(self.edition, self.department)
        self.ledger = Ledger(self.edition)
        self.balance = Balance(self.edition)

    def add(self, unit: Unit) -> None:
        """One more unit."""
        unit = completed(unit, self.edition)
        self.merge(unit)
        for table in self.edition.table:
            if table.consolidated in {"own", "none"} and table.name not in self.own:
                self.own[table.name] = Table(table.name, unit.book[table.name].rows)
        self.reasons.add(unit)
        self.ledger.add(unit)
        self.balance.add(unit.book)
        self.roster.add(unit)

    def merge(self, unit: Unit) -> None:
        """Add up its tables, and remember what went where."""
        self.parts.add(unit, [part for merging in self.merging.values() for part in merging.add(unit)])

    def join(self, later: Together) -> None:
        """The units that stand after these, added up by themselves."""
        keys = {
            (name, old): new
            for name, merging in self.merging.items()
            for old, new in merging.join(later.merging[name].lines)
        }
        for name, table in later.own.items():
            self.own.setdefault(name, table)
        self.parts.join(later.parts, keys)
        self.reasons.join(later.reasons)
        self.ledger.join(later.ledger)
        self.balance.join(later.balance)
        self.roster.join(later.roster)
