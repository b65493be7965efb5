"""The department's figures with those of each unit beside them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.values.amounts import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.department.units import Where
    from budgetgen.edition.declarations import Edition, TableDeclaration
    from budgetgen.values.model import Book, Row


@dataclass(frozen=True)
class UnitColumns:
    """What every unit has in the figures of the department.

    Attributes:
        units: their names, in order; the sheet of transfers for what is taken out.
        values: by figure, then by the number of the unit, in 万元 or what the column counts.
    """

    units: tuple[str, ...]
    values: Mapping[Where, Mapping[int, Decimal]]


@dataclass(frozen=True)
class UnitsFigure:
    """A figure of the department as a row of that sheet.

    Attributes:
        table, key, name, column: which figure it is.
        department: in 万元, or what the column counts.
        eliminated: what was taken out of it, positive.
        units: of each unit, in order; None for none.
    """

    table: str
    key: str
    name: str
    column: str
    department: Decimal
    eliminated: Decimal
    units: tuple[Decimal | None, ...]

    @property
    def together(self) -> Decimal:
        """The sum of the units."""
        return sum(filter(None, self.units), ZERO)

    @property
    def other(self) -> Decimal:
        """What neither the units nor the transfers explain: adjusted by hand, or rounded."""
        return self.department - self.together + self.eliminated


def added_up(edition: Edition) -> frozenset[str]:
    """The numbered tables whose rows are those of all units together."""
    return frozenset(table.name for table in edition.printed if table.consolidated == "sum")


def unit_figures(columns: UnitColumns, book: Book, edition: Edition) -> Iterator[UnitsFigure]:
    """Every figure of those tables in the order of the department's Book.

    Args:
        columns: what each unit has.
        book: the department's, derived.
        edition: the format.
    """
    tables, taken = added_up(edition), edition.consolidating.transfers.table
    numbers = [number for number, name in enumerate(columns.units) if name != taken]
    out = [number for number, name in enumerate(columns.units) if name == taken]
    for declared in (table for table in edition.printed if table.name in tables):
        for row in book[declared.name].rows:
            for column in declared.measures(row.key):
                values = columns.values.get((declared.name, row.key, column), {})
                own = row[column].value
                if not isinstance(own, Decimal) and not values:
                    continue
                yield UnitsFigure(
                    declared.name,
                    row.key,
                    _name(declared, row),
                    column,
                    row[column].amount,
                    -sum((values.get(number, ZERO) for number in out), ZERO),
                    tuple(values.get(number) for number in numbers),
                )


def unit_names(columns: UnitColumns, edition: Edition) -> Sequence[str]:
    """The units of those figures, in order."""
    return [name for name in columns.units if name != edition.consolidating.transfers.table]


def _name(declared: TableDeclaration, row: Row) -> str:
    """What a row is called beside its key: its caption, or the name of its code."""
    fixed = declared.fixed.get(row.key)
    if fixed:
        return fixed[1].caption
    return next((row.text(name) for name in declared.main.of_type("name")), "")
