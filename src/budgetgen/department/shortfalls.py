"""Confirmed transfers that are more than the units have, told with both sides."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.values.amounts import ZERO, plain
from budgetgen.values.findings import Finding, Spot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from budgetgen.department.transfers import Shortfall
    from budgetgen.edition.declarations import Edition


def told(shortfalls: Iterable[Shortfall], edition: Edition) -> Iterator[Finding]:
    """A finding for each line that does not hold what is to be taken out of it."""
    declared = edition.consolidating.transfers
    for short in shortfalls:
        amount = short.transfer.amount.value
        asked = plain(amount) if isinstance(amount, Decimal) else ""
        spot = Spot(declared.table, "", declared.amount, short.transfer.place, asked)
        rule = edition.rules["transfer-appropriated" if short.appropriated else "transfer-unheld"]
        yield Finding.of(rule, _message(short, asked, edition), spot)


def _message(short: Shortfall, asked: str, edition: Edition) -> str:
    transfer, held = short.transfer, short.held
    unit = transfer.payer if short.where[0] == edition.consolidating.transfers.paid else transfer.receiver
    all_told = "" if plain(short.claimed) == asked else f"（这一格合计要抵销 {plain(short.claimed)} 万元）"
    there = f"{plain(held.amount)} 万元（{held.place}）" if held else "没有数"
    fiscal = "".join(
        f"，其中财政拨款安排 {plain(one.amount)} 万元（{one.place}）" for one in short.appropriated
    )
    free = (held.amount if held else ZERO) - sum((one.amount for one in short.appropriated), ZERO)
    return (
        f"{transfer.payer} 付 {transfer.receiver} {transfer.kind} {asked} 万元{all_told} | "
        f"{unit} 的 {Spot(*short.where).name} {there}{fiscal} | 差 {plain(short.claimed - free)}，没有抵销"
    )
