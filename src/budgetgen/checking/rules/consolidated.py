"""Rules of a department's workbook: totals that the units explain, transfers decided, drafts rewritten."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from budgetgen.book.facts import fact
from budgetgen.book.spots import spot
from budgetgen.checking.money import money_unit
from budgetgen.checking.rules.registry import marked, rule
from budgetgen.values.amounts import Amount, tolerance
from budgetgen.values.findings import Spot
from budgetgen.values.sayings import saying
from budgetgen.values.sides import RelationSide, SideTerm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.checking.rules.registry import Complaint
    from budgetgen.department.transfers import Transfer
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book, Row


@rule("consolidation-balance")
def _unbalanced(book: Book, edition: Edition) -> Iterator[Complaint]:
    if edition.consolidation is None:
        return
    declared = edition.consolidation.traces
    names = (declared.units, declared.eliminated, declared.adjusted)
    for row in book[declared.differences].lines():
        where = row.text(declared.table), row.text(declared.row), row.text(declared.column)
        if where[0] not in book.tables:
            continue
        own, total = book.cell(*where), book[where[0]].get(where[1])
        parts = [row[name] for name in names]
        expected = parts[0].amount - parts[1].amount + parts[2].amount
        difference = own.amount - expected
        slack = tolerance(own.terms + sum(part.terms for part in parts))
        if abs(difference) <= slack:
            continue
        amount = partial(Amount, kind="money", unit=money_unit(book, edition))
        spots = [spot(edition, where[0], total, where[2])] if total else []
        terms = (
            SideTerm(
                name, amount(row[name].amount), sign, cells=(spot(edition, declared.differences, row, name),)
            )
            for name, sign in zip(names, "+-+", strict=True)
        )
        stated = saying(
            "sides",
            行=None,
            左边=RelationSide(
                (SideTerm(Spot(*where).name, amount(own.amount), cells=tuple(spots)),), amount(own.amount)
            ),
            右边=RelationSide(tuple(terms), amount(expected)),
            差额=amount(difference),
        ).worded(edition.stating)
        yield stated, (spot(edition, declared.differences, row, declared.adjusted), *spots)


@rule("transfer-undecided")
def _undecided(book: Book, edition: Edition) -> Iterator[Complaint]:
    house, listing = edition.house, edition.consolidation
    if listing is None or fact(book, edition, house.kind) != listing.kind:
        return
    declared = listing.transfers
    for row, transfer in _transfers(book, edition, declared.table):
        if not transfer.confirmed:
            amount = transfer.amount.value
            stated = saying(
                付款=transfer.payer or saying("payer"),
                收款=transfer.receiver,
                收入项目=transfer.kind,
                金额=amount if isinstance(amount, Decimal) else saying("blank"),
            )
            yield stated, (spot(edition, declared.table, row, declared.confirmed),)


@rule("transfer-unapplied")
def _unapplied(book: Book, edition: Edition) -> Iterator[Complaint]:
    if edition.consolidation is None:
        return
    declared = edition.consolidation.transfers
    for row, transfer in _transfers(book, edition, declared.table):
        confirmed = transfer.confirmed == declared.yes
        if confirmed == transfer.applied:
            continue
        denied = saying("denied", 确认=declared.confirmed, 是=declared.yes)
        incomplete = None if transfer.complete else saying("incomplete")
        yield (
            saying(缺=incomplete) if confirmed else denied,
            (spot(edition, declared.table, row, declared.confirmed),),
        )


@rule("draft-unreviewed")
def _drafted(book: Book, edition: Edition) -> Iterator[Complaint]:
    return marked(book, edition, edition.consolidation.draft) if edition.consolidation else iter(())


def _transfers(book: Book, edition: Edition, table: str) -> Iterator[tuple[Row, Transfer]]:
    """The rows of the list of transfers, each with what it says."""
    if book[table].rows:
        from budgetgen.department.transfers import transfers_of  # noqa: PLC0415 - a unit has none

        yield from zip(book[table].lines(), transfers_of(book, edition), strict=True)
