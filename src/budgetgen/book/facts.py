"""What a Book says of itself: of which year it is, and whose figures it lacks."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.values.text import caption

if TYPE_CHECKING:
    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book, Table, Value


def stated(book: Book, edition: Edition, row: str) -> Value:
    """What stands in a row of 单位信息."""
    return book.cell(edition.house.about, row, edition.house.value).value


def fact(book: Book, edition: Edition, row: str) -> str:
    """What a Book says of its unit in a row of 单位信息; empty where it does not."""
    return str(stated(book, edition, row) or "")


def year_of(book: Book, edition: Edition) -> int | None:
    """The budget year, None where it is not given."""
    value = stated(book, edition, edition.house.year)
    return int(value) if isinstance(value, Decimal) else None


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
