"""Findings in words of a test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from budgetgen.values.findings import Finding
from budgetgen.values.places import SheetPlace
from budgetgen.values.sayings import Stated

if TYPE_CHECKING:
    from budgetgen.values.findings import Severity


def worded(words: str) -> Stated:
    """A saying that states nothing but these words."""
    return Stated("it", (("words", words),), {"it": "{words}"})


def finding(rule: str, severity: Severity, words: str, *rest: Any, **more: Any) -> Finding:
    """A finding that states nothing but these words."""
    return Finding(rule, severity, (worded(words),), *rest, **more)


def at(told: str) -> SheetPlace:
    """The place that is told so: `支出总体!E12`."""
    cells, sheet, *file = reversed(told.split("!"))
    return SheetPlace(sheet, cells, *file)
