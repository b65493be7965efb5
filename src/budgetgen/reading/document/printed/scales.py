"""In which unit of money a printed table is, by its amounts: those of the narrative and of other tables are the same.

A table in 元 among others in 万元 says so above it, or does not, or says the opposite. Its amounts tell: they are ten
thousand times those that stand elsewhere.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.values import amounts
from budgetgen.values.amounts import WAN
from budgetgen.values.model import Table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from budgetgen.edition.declarations import Edition, TableDeclaration

ENOUGH = 2
"""How many amounts have to be those of other places for a unit to be told by them; all, where there are fewer."""

CHANCE = 4
"""How many times more amounts have to be those of other places than are those in the unit that was read: a few cents may
be so by chance."""


def found(table: TableDeclaration, read: Table) -> frozenset[Decimal]:
    """The amounts of a table, without zeros; those in 元 are small parts of 万元 where the unit is told wrongly."""
    money = set(table.of_type("money"))
    cells = (row[name].amount for row in read.rows for name in money)
    return frozenset(filter(None, cells))


def other_unit(own: Collection[Decimal], money: str, pools: Iterable[frozenset[Decimal]]) -> str | None:
    """The unit that a table is in where it is not the one it was read in; None where that may be right.

    Args:
        own: its amounts, as read.
        money: in which it was read.
        pools: amounts of other places, the surest first.
    """
    factor = Decimal(amounts.PER_WAN[money])
    as_read = _cents(own)
    for other, share in amounts.PER_WAN.items():
        scaled = _cents(amount * factor / share for amount in own)
        for pool in pools if other != money else ():
            met = len(scaled & pool)
            if met >= min(ENOUGH, len(own)) and met > CHANCE * len(pool & as_read):
                return other
    return None


def _cents(found: Iterable[Decimal]) -> frozenset[Decimal]:
    """Amounts as they are printed in 万元, without zeros."""
    return frozenset(filter(None, map(amounts.rounded, found)))


def as_rounded(edition: Edition, table: TableDeclaration, read: Table, money: str) -> Table:
    """A table read in 元, of which all amounts are whole cents of 万元: they were rounded before, as those in 万元 are.

    Where the format has the table in 元, they are what they are.
    """
    columns = table.of_type("money")
    cells = [row[name] for row in read.rows for name in columns]
    exact = money in {WAN, edition.scale(table.name).unit}
    if exact or any(cell.amount != amounts.rounded(cell.amount) for cell in cells):
        return read
    return Table(
        read.name,
        tuple(
            row.with_cells(
                {name: replace(row[name], terms=1) for name in columns if row[name].value is not None}
            )
            for row in read.rows
        ),
    )


def said_amounts(said: Iterable[str]) -> frozenset[Decimal]:
    """The amounts that paragraphs tell."""
    return frozenset(amount for text in said for amount in amounts.amounts_in(text) if amount)


def pools(
    narrative: frozenset[Decimal], tables: Mapping[str, frozenset[Decimal]], told: Collection[str], name: str
) -> tuple[frozenset[Decimal], ...]:
    """What the amounts of a table are held against: those of the narrative; these with those of tables that tell a unit.

    Args:
        narrative: the amounts that it tells.
        tables: the amounts of each table, as read.
        told: the tables that tell their unit.
        name: of the table.
    """
    others = (_cents(found) for other, found in tables.items() if other in told and other != name)
    return narrative, narrative.union(*others)
