"""The list of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.catalogue import listed
from budgetgen.pipeline.inputs import edition_of

if TYPE_CHECKING:
    from budgetgen.findings import Severity


def rules(edition: str | None = None, severity: Severity | None = None) -> str:
    """The rules of an edition, the newest by default, as a text.

    Raises:
        UnusableInputError: no such edition.
    """
    return listed(edition_of(edition), severity)
