"""The list of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.app.pipeline.asked import edition_of
from budgetgen.app.reports.rules import rules_list

if TYPE_CHECKING:
    from budgetgen.values.findings import Severity


def rules(edition: str | None = None, severity: Severity | None = None) -> str:
    """The rules of an edition, the newest by default, as a text.

    Raises:
        UnusableInputError: no such edition.
    """
    return rules_list(edition_of(edition), severity)
