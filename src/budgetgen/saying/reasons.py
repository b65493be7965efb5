"""What the reason of a change says of it, by the words that an edition declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from budgetgen.edition.declarations import Review


def contradicts(reason: str, change: Decimal, words: Review) -> bool:
    """Whether a reason speaks of other movements than that of its figure, and not of that one.

    That nothing changed (持平) is such another movement where the figure did change. That something is not budgeted
    (未安排) contradicts no movement: it explains a fall by this year, a rise by last year, and zero by both.

    Args:
        reason: of the change.
        change: this year's amount less last year's, as printed.
        words: of the edition.
    """
    movements = {1: words.rises, -1: words.falls, 0: words.steady}
    own = movements.pop((change > 0) - (change < 0))
    others = tuple(word for other in movements.values() for word in other)
    return not _says(reason, (*own, *words.unbudgeted)) and _says(_main(reason, words), others)


def explains_none(reason: str, words: Review) -> bool:
    """Whether a reason says that nothing changed, or that there is nothing."""
    return _says(reason, (*words.steady, *words.unbudgeted))


def way(text: str, words: Review) -> int:
    """1 where a text tells of what went up, -1 of what went down, 0 of both or neither."""
    return _says(text, words.rises) - _says(text, words.falls)


def _main(reason: str, words: Review) -> str:
    """What a reason says behind the last word that sets it against what it grants before: 新增1辆，但车型不同."""
    start = max((reason.rfind(word) + len(word) for word in words.yet if word in reason), default=0)
    return reason[start:]


def _says(reason: str, words: Iterable[str]) -> bool:
    return any(word in reason for word in words)
