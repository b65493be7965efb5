"""This year's targets against those of last year's own file: what is to be reached should not become less."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from budgetgen.book.spots import spot
from budgetgen.values.demands import Demand, asks_less
from budgetgen.values.findings import Finding
from budgetgen.values.sayings import listed, saying
from budgetgen.values.text import unspaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from budgetgen.edition.declarations import Edition
    from budgetgen.edition.declarations.lint import Targets
    from budgetgen.values.model import Book, Row
    from budgetgen.years.priors import Last


def eased(book: Book, edition: Edition, last: Last) -> Iterator[Finding]:
    """Targets that ask less than last year's of the same name: a least that fell, a limit that rose; one line a table."""
    for targets in edition.lint.targets:
        if targets.table not in last.edition.tables:
            continue
        before = _by_name(last.book, targets)
        now = _by_name(book, targets)
        rows = [
            (row, before[name].text(targets.value))
            for name, row in now.items()
            if name in before and _eases(row.text(targets.value), before[name].text(targets.value))
        ]
        if rows:
            each = (
                saying("one", 指标=row.text(targets.indicator), 今年=row.text(targets.value), 去年=then)
                for row, then in rows
            )
            told = saying(表=targets.table, 个数=len(rows), 文件=last.book.file, 各个=listed(each, "；"))
            spots = (spot(edition, targets.table, row, targets.value) for row, _ in rows)
            yield Finding.of(edition.rules["prior-target"], told, *spots)


def _by_name(book: Book, targets: Targets) -> Mapping[tuple[str, str], Row]:
    """The indicators by item and name; those of the same name are not told apart, and left out."""
    rows: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in book[targets.table].lines():
        name = row.text(targets.item) if targets.item else "", unspaced(row.text(targets.indicator))
        rows[name].append(row)
    return {name: found[0] for name, found in rows.items() if len(found) == 1 and name[1]}


def _eases(now: str, then: str) -> bool:
    """Whether a target asks less than another of the same bound and unit; money follows the budget.

    >>> _eases("≥3场", "≥4场"), _eases("≤5天", "≤3天"), _eases("≥3场", "≥4次"), _eases("≤5万元", "≤3万元")
    (True, True, False, False)
    """
    new, old = Demand.of(now), Demand.of(then)
    bounded = new is not None and old is not None and new.sign == old.sign != "=" and not new.of_money
    return bounded and asks_less(new, old)
