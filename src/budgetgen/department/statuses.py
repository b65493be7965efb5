"""The sheet of a department's units: who has sent what, and whose figures are in it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.values.model import Cell, Row, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from budgetgen.department.submissions import Status
    from budgetgen.edition.declarations import Edition


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
