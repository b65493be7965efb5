"""What was made of last year's file, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.app.reports.findings import understood
from budgetgen.edition.declarations import YES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.app.pipeline.follow import Followed


def noticed(done: Followed) -> Iterator[str]:
    """What there is to say of last year's file, and what of it has no place in the new one."""
    rolled = done.rolled
    for findings, edition in ((done.last.findings, done.last.edition), (rolled.findings, rolled.edition)):
        if findings:
            yield understood(findings, edition)


def to_do(done: Followed) -> Iterator[str]:
    """What is to be done in the new workbook."""
    rolled = done.rolled
    if rolled.unreviewed:
        sheets = "、".join(rolled.unreviewed)
        yield f"沿用了去年的内容：{sheets}。请逐页核对，在“{rolled.edition.carried.table}”选“{YES}”后才能公开。"
    if rolled.anew:
        cells = "、".join(f"{sheet} {count} 格" for sheet, count in rolled.anew.items())
        yield f"金额和原因等不沿用，去年填了的这些要重新填：{cells}。"
