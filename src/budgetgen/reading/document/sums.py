"""Whether the figures of a table add up by the relations of its format: asked where its columns were only measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from budgetgen.book.derivation import derive
from budgetgen.book.relations import instances
from budgetgen.book.verdicts import State, judge
from budgetgen.formula.nodes import tables_named
from budgetgen.reading.document.assembly import fixed_rows
from budgetgen.values.findings import Severity
from budgetgen.values.model import Book

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.book.relations import Relation
    from budgetgen.book.verdicts import Verdict
    from budgetgen.edition.declarations import Edition
    from budgetgen.formula.evaluation import Scope
    from budgetgen.values.model import Table

PROVEN: Final = 2
"""So many sums hold at least: one may by chance."""


def adds_up(edition: Edition, table: Table, kind: str) -> bool:
    """Whether some relations within a table hold on figures that are printed, and none is broken.

    Args:
        edition: the format.
        table: as it was read.
        kind: what the document is of: 单位 or 部门.
    """
    house = edition.house
    blank = {declared.name: fixed_rows(declared, {}) for declared in edition.table}
    about = fixed_rows(edition.tables[house.about], {house.kind: kind})
    book = derive(Book(edition.id, "", {**blank, house.about: about, table.name: table}), edition)
    verdicts = list(_within(edition, book, table.name))
    proven = sum(
        verdict.state in {State.HOLDS, State.TAIL} and bool(verdict.left.value) for verdict in verdicts
    )
    return proven >= PROVEN and not any(verdict.state is State.BROKEN for verdict in verdicts)


def _within(edition: Edition, book: Book, table: str) -> Iterator[Verdict]:
    """What the relations say that are about one table alone, of figures that are printed."""
    for relation, scope in instances(book, edition):
        if relation.rule.severity == Severity.ERROR and relation.compared and _about(relation) == {table}:
            verdict = judge(relation, scope)
            if _printed(scope):
                yield verdict


def _about(relation: Relation) -> set[str]:
    named = {*tables_named(relation.node), relation.table}
    return named - {""}


def _printed(scope: Scope) -> bool:
    """Whether what is compared was printed, not worked out from the other side."""
    return bool(scope.read) and scope.read[0].cell.given
