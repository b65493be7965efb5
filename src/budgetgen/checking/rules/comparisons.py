"""Last year's figures and the reasons of change: what is missing, idle, or points the wrong way."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.book.figures import change_of, figure_name
from budgetgen.book.spots import spot
from budgetgen.checking.rules.registry import Complaint, rule
from budgetgen.edition.declarations import FIGURES, FigureColumn
from budgetgen.saying.reasons import contradicts
from budgetgen.values.amounts import HUNDRED
from budgetgen.values.findings import Spot
from budgetgen.values.sayings import saying

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book, Row


@rule("prior-missing")
def _prior_missing(book: Book, edition: Edition) -> Iterator[Complaint]:
    for row in book[FIGURES].rows:
        told = row[FigureColumn.AMOUNT].value or row[FigureColumn.ALWAYS].value
        if told and row[FigureColumn.PRIOR].value is None and _asked(edition, row):
            amount = row[FigureColumn.AMOUNT]
            none = saying("none") if amount.value is None else amount.amount
            yield (
                saying(指标=figure_name(row), 列=edition.basis(row.key).amount, 本年=none),
                (_figure_spot(book, edition, row),),
            )


def _asked(edition: Edition, row: Row) -> bool:
    """Whether the earlier amount is typed; one that is worked out is asked for where its parts are typed."""
    figure = edition.figures[row.text(FigureColumn.ID)]
    return figure.compared and not figure.prior


@rule("reason-missing")
def _reason_missing(book: Book, edition: Edition) -> Iterator[Complaint]:
    reasoned = {figure.id for figure in edition.figure if figure.reasoned}
    for row in book[FIGURES].rows:
        if (
            row[FigureColumn.CHANGE].value
            and not row[FigureColumn.REASON].value
            and row.text(FigureColumn.ID) in reasoned
        ):
            verb, change = row.text(FigureColumn.DIRECTION), row[FigureColumn.CHANGE].amount
            yield (
                saying(指标=figure_name(row), 增减=verb, 金额=change),
                (_figure_spot(book, edition, row, reasons=True),),
            )


@rule("figure-unused")
def _unused(book: Book, edition: Edition) -> Iterator[Complaint]:
    known = {row.key for row in book[FIGURES].rows}
    for table in (edition.comparisons.prior, edition.comparisons.reasons):
        for row in book[table].lines():
            if row.key not in known and row.text(FigureColumn.CODE):
                yield saying(指标=row.key), (spot(edition, table, row, FigureColumn.CODE),)


def _figure_spot(book: Book, edition: Edition, row: Row, *, reasons: bool = False) -> Spot:
    stored = edition.comparisons
    table, column = (
        (stored.reasons, stored.reason) if reasons else (stored.prior, edition.basis(row.key).amount)
    )
    found = book[table].get(row.key)
    return Spot(table, row.key, column, found[column].place if found else None)


@rule("reason-direction")
def _direction(book: Book, edition: Edition) -> Iterator[Complaint]:
    for row, change, reason in _contradicted(book, edition):
        if change:
            verb = row.text(FigureColumn.DIRECTION)
            yield (
                saying(指标=figure_name(row), 增减=verb, 金额=abs(change), 原因=reason),
                (_figure_spot(book, edition, row, reasons=True),),
            )


@rule("reason-idle")
def _idle(book: Book, edition: Edition) -> Iterator[Complaint]:
    for row, change, reason in _contradicted(book, edition):
        if not change:
            yield (
                saying(指标=figure_name(row), 原因=reason),
                (_figure_spot(book, edition, row, reasons=True),),
            )


def _contradicted(book: Book, edition: Edition) -> Iterator[tuple[Row, Decimal, str]]:
    """The figures whose reasons speak of another change than theirs, each with its change and its reason."""
    for row in book[FIGURES].rows:
        change, reason = change_of(row), row.text(FigureColumn.REASON)
        if change is not None and contradicts(reason, change, edition.review):
            yield row, change, reason


@rule("share-remainder")
def _remainder(book: Book, edition: Edition) -> Iterator[Complaint]:
    """Shares rounded one by one may not add up to 100.00; what is left is told once for each group.

    More than rounding leaves comes from amounts that do not add up, which relations tell.
    """
    groups: dict[str, list[Row]] = {}
    for row in book[FIGURES].rows:
        if isinstance(row[FigureColumn.SHARE].value, Decimal):
            groups.setdefault(row.text(FigureColumn.GROUP), []).append(row)
    for group, rows in groups.items():
        total = sum(
            (v for row in rows if isinstance(v := row[FigureColumn.SHARE].value, Decimal)), Decimal(0)
        )
        if total and 0 < abs(total - HUNDRED) <= edition.review.remainder:
            told = saying(组=group, 合计=total, 差额=total - HUNDRED)
            yield told, tuple(Spot(FIGURES, row.key, FigureColumn.SHARE) for row in rows[:1])
