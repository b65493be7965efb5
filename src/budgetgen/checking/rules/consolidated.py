"""Rules of a department's workbook: totals that the units explain, transfers decided, drafts rewritten."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.amounts import plain, tolerance
from budgetgen.checking.rules.registry import marked, rule, spot
from budgetgen.consolidation.transfers import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.checking.rules.registry import Complaint
    from budgetgen.declarations import Edition
    from budgetgen.model import Book


@rule("consolidation-balance")
def _unbalanced(book: Book, edition: Edition) -> Iterator[Complaint]:
    declared = edition.consolidation.traces
    for row in book[declared.differences].lines():
        where = row.text(declared.table), row.text(declared.row), row.text(declared.column)
        if where[0] not in book.tables:
            continue
        own, total = book.cell(*where), book[where[0]].get(where[1])
        parts = [row[c] for c in (declared.units, declared.eliminated, declared.adjusted)]
        expected = parts[0].amount - parts[1].amount + parts[2].amount
        difference = own.amount - expected
        slack = tolerance(own.terms + sum(part.terms for part in parts))
        if abs(difference) <= slack:
            continue
        named = f"{where[0]}[{where[1]}].{where[2]}"
        message = (
            f"{named} {plain(own.amount)} | 单位合计 {plain(parts[0].amount)} − 内部抵销"
            f" {plain(parts[1].amount)} + 本级调整 {plain(parts[2].amount)} = {plain(expected)}"
            f" | 差 {plain(difference)}"
        )
        spots = [spot(edition, declared.differences, row, declared.adjusted)]
        if total:
            spots.append(spot(edition, where[0], total, where[2]))
        yield message, tuple(spots)


@rule("transfer-undecided")
def _undecided(book: Book, edition: Edition) -> Iterator[Complaint]:
    declared, house = edition.consolidation.transfers, edition.house
    if book.cell(house.about, house.kind, house.value).value != edition.consolidation.kind:
        return
    for row, transfer in zip(book[declared.table].lines(), listed(book, edition), strict=True):
        if not transfer.confirmed:
            amount = transfer.amount.value
            told = plain(amount) if isinstance(amount, Decimal) else "金额空着"
            message = (
                f"{transfer.payer or '（付款单位不明）'} 付 {transfer.receiver} {transfer.kind} {told} 万元，"
                "没有确认是否抵销"
            )
            yield message, (spot(edition, declared.table, row, declared.confirmed),)


@rule("transfer-unapplied")
def _unapplied(book: Book, edition: Edition) -> Iterator[Complaint]:
    declared = edition.consolidation.transfers
    for row, transfer in zip(book[declared.table].lines(), listed(book, edition), strict=True):
        confirmed = transfer.confirmed == declared.yes
        if confirmed == transfer.applied:
            continue
        message = "确认了抵销，汇总数里还没有抵销" if confirmed else "汇总数里已经抵销，但“确认”不是“是”"
        if confirmed and not transfer.complete:
            message += "；付款、收款单位，两个科目代码，支出类别和金额都要填"
        yield message, (spot(edition, declared.table, row, declared.confirmed),)


@rule("draft-unreviewed")
def _drafted(book: Book, edition: Edition) -> Iterator[Complaint]:
    return marked(book, edition, edition.consolidation.draft)
