"""What is said of transfers: confirmed ones that are more than the units have, decided ones that are told no more."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.values.amounts import ZERO, plain
from budgetgen.values.findings import Finding, Spot
from budgetgen.values.sayings import listed, saying

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from budgetgen.department.claims import Claims, Shortfall
    from budgetgen.department.transfers import Transfer
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.sayings import Stated


def gone(transfers: Iterable[Transfer], edition: Edition) -> Iterator[Finding]:
    """A finding for each transfer that was taken out before and is not in the units' tables any more."""
    declared = edition.consolidating.transfers
    for transfer in transfers:
        if transfer.state == declared.states["gone"]:
            spot = Spot(declared.table, "", declared.amount, transfer.place)
            told = saying(
                付款=transfer.payer,
                收款=transfer.receiver,
                收入项目=transfer.kind,
                金额=transfer.amount.amount,
            )
            yield Finding.of(edition.rules["earlier-stale"], told, spot)


def shortfalls(claims: Claims, edition: Edition) -> Iterator[Finding]:
    """A finding for each line that does not hold what is to be taken out of it."""
    declared = edition.consolidating.transfers
    for short in claims.shortfalls():
        amount = short.transfer.amount.value
        asked = plain(amount) if isinstance(amount, Decimal) else ""
        spot = Spot(declared.table, "", declared.amount, short.transfer.place, asked)
        rule = edition.rules["transfer-appropriated" if short.appropriated else "transfer-unheld"]
        yield Finding.of(rule, _stated(short, asked, edition), spot)


def _stated(short: Shortfall, asked: str, edition: Edition) -> Stated:
    transfer, held = short.transfer, short.held
    unit = transfer.payer if short.where[0] == edition.consolidating.transfers.paid else transfer.receiver
    all_told = None if plain(short.claimed) == asked else saying("claimed", 金额=short.claimed)
    there = saying("held", 金额=held.amount, 格=held.place) if held else saying("none")
    fiscal = (saying("fiscal", 金额=one.amount, 格=one.place) for one in short.appropriated)
    free = (held.amount if held else ZERO) - sum((one.amount for one in short.appropriated), ZERO)
    return saying(
        "short",
        付款=transfer.payer,
        收款=transfer.receiver,
        收入项目=transfer.kind,
        金额=asked,
        合计=all_told,
        单位=unit,
        那一格=Spot(*short.where).name,
        有=there,
        其中=listed(fiscal, ""),
        差额=short.claimed - free,
    ).worded(edition.stating)
