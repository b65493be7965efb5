"""Whether the figures of a table add up by the relations of its format: asked where its columns were only measured."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from budgetgen.book.derivation import derive
from budgetgen.book.relations import instances
from budgetgen.book.verdicts import State, judge
from budgetgen.formula.nodes import tables_named
from budgetgen.reading.document.assembly import fixed_rows
from budgetgen.values.findings import Severity
from budgetgen.values.model import TOTAL, Book

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.book.relations import Relation
    from budgetgen.book.verdicts import Verdict
    from budgetgen.edition.declarations import Edition
    from budgetgen.formula.evaluation import Scope
    from budgetgen.values.model import Row, Table

PROVEN: Final = 2
"""So many sums hold at least: one may by chance."""


def adds_up(edition: Edition, table: Table, kind: str) -> bool:
    """Whether some relations within a table hold on figures that are printed, and none is broken; or none is printed.

    Args:
        edition: the format.
        table: as it was read.
        kind: what the document is of: 单位 or 部门.
    """
    if not any(_figures(row) for row in table.rows):
        return True
    house = edition.house
    blank = {declared.name: fixed_rows(declared, {}) for declared in edition.table}
    about = fixed_rows(edition.tables[house.about], {house.kind: kind})
    book = derive(Book(edition.id, "", {**blank, house.about: about, table.name: table}), edition)
    verdicts = list(_within(edition, book, table.name))
    proven = sum(
        verdict.state in {State.HOLDS, State.TAIL} and bool(verdict.left.value) for verdict in verdicts
    )
    return proven >= PROVEN and _whole(edition, table) and not any(v.state is State.BROKEN for v in verdicts)


def _whole(edition: Edition, table: Table) -> bool:
    """Whether the row of the total was printed, where the table has one: without it the rest may stand on another page."""
    total = table.get(TOTAL)
    return edition.tables[table.name].total == "none" or (total is not None and _figures(total))


def _figures(row: Row) -> bool:
    """Whether figures are printed in a row."""
    return any(cell.given for cell in row.cells.values() if isinstance(cell.value, Decimal))


def _within(edition: Edition, book: Book, table: str) -> Iterator[Verdict]:
    """What the relations say that are about one table alone, of figures that are printed."""
    for relation, scope in instances(book, edition):
        if relation.rule.severity == Severity.ERROR and relation.compared and _about(relation) == {table}:
            noting = scope.noting()
            verdict = judge(relation, noting)
            if _printed(noting):
                yield verdict


def _about(relation: Relation) -> set[str]:
    named = {*tables_named(relation.node), relation.table}
    return named - {""}


def _printed(scope: Scope) -> bool:
    """Whether what is compared was printed, not worked out from the other side."""
    return bool(scope.read) and scope.read[0].cell.given
