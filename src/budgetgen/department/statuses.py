"""The sheet of a department's units: who has sent what, and whose figures are in it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.values.model import Cell, Row, Table
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from budgetgen.department.submissions import Status
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book


def statuses_table(statuses: Sequence[Status], edition: Edition) -> Table:
    """The department's sheet of its units."""
    declared = edition.consolidating.traces
    rows = (_row(status, ordinal, edition) for ordinal, status in enumerate(statuses, start=1))
    return Table(declared.statuses, tuple(rows))


def _row(status: Status, ordinal: int, edition: Edition) -> Row:
    declared = edition.consolidating.traces
    sent = status.submission
    texts = {
        declared.unit: status.unit,
        declared.file: sent.file if sent else "",
        declared.state: declared.states[status.state],
        declared.taken: declared.foreign if status.foreign else declared.yes if status.taken else declared.no,
        declared.remark: status.remark,
    }
    cells = {column: Cell(text, given=True) for column, text in texts.items() if text}
    if sent and not sent.problem:
        counts = {declared.errors: sent.errors, declared.explains: sent.explains, declared.notes: sent.notes}
        cells |= {column: Cell(Decimal(count), given=True) for column, count in counts.items()}
    return Row(f"第{ordinal}行", "", None, cells)


def incomplete(table: Table, edition: Edition) -> tuple[str, ...]:
    """The units that a department's sheet tells to be missing; one that is there in another file is not."""
    declared = edition.consolidating.traces
    rows = tuple(table.lines())
    there = {caption(row.text(declared.unit)) for row in rows if row.text(declared.taken) == declared.yes}
    left = (row for row in rows if row.text(declared.taken) == declared.no)
    names = (row.text(declared.unit) or row.text(declared.file) for row in left)
    return tuple(dict.fromkeys(name for name in names if caption(name) not in there))


def stamp(book: Book, edition: Edition) -> str:
    """The mark of all that is made of a department that lacks units; empty where none is missing."""
    declared = edition.consolidation
    if declared is None:
        return ""
    missing = incomplete(book[declared.traces.statuses], edition)
    named = "、".join(missing[: declared.named])
    more = declared.more.format(数=len(missing)) if len(missing) > declared.named else ""
    return declared.incomplete.format(缺=named + more) if missing else ""
