"""The Book of a format that nobody has filled in yet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.specimen.amounts import DummyAmounts
from budgetgen.specimen.rows import DummyRows
from budgetgen.values.findings import Severity
from budgetgen.values.model import Book, Table

if TYPE_CHECKING:
    from collections.abc import Collection

    from budgetgen.edition.declarations import Edition
    from budgetgen.specimen.amounts import Figure
    from budgetgen.values.model import Row

ROUNDS: Final = 3
"""How often what rules refuse is left out."""


def specimen(edition: Edition, kind: str, codes: tuple[str, ...] = ()) -> Book:
    """A derived Book with dummy texts, and dummy figures that satisfy all relations.

    What a rule that is no sum refuses stays blank.

    Args:
        edition: the format.
        kind: 单位 or 部门.
        codes: the codes that its lines are to have.
    """
    rows = DummyRows(edition, kind, codes).book()
    given = DummyAmounts(derive(rows, edition), edition).filled()
    book = derive(given, edition)
    refused = _refused(book, edition)
    for _ in range(ROUNDS):
        given = _without(given, refused)
        less = derive(given, edition)
        if not refused or len(_refused(less, edition)) >= len(refused):
            break
        book, refused = less, _refused(less, edition)
    return book


def _refused(book: Book, edition: Edition) -> frozenset[Figure]:
    """The cells that errors name first."""
    errors = (finding for finding in check(book, edition) if finding.severity == Severity.ERROR)
    return frozenset((spot.table, spot.row, spot.column) for error in errors for spot in error.spots[:1])


def _without(book: Book, refused: Collection[Figure]) -> Book:
    def blanked(table: str, row: Row) -> Row:
        kept = {name: cell for name, cell in row.cells.items() if (table, row.key, name) not in refused}
        return replace(row, cells=kept)

    return book.with_tables(
        {
            name: Table(name, tuple(blanked(name, row) for row in table.rows))
            for name, table in book.tables.items()
        }
    )
