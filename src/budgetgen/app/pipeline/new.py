"""A workbook to fill, blank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.app.pipeline.asked import edition_of
from budgetgen.app.pipeline.outputs import refuse_existing
from budgetgen.app.progress import begin
from budgetgen.writing.archive import replace_file
from budgetgen.writing.workbook.blank import blank_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

WORKBOOK_NAME = "{0.year}年{0.kind}公开填报表.xlsx"
"""Of the year and the kind of a format."""


def new(path: Path, *, edition: str | None = None, values: Mapping[str, str] | None = None) -> Path:
    """Write the blank workbook of an edition.

    Raises:
        UnusableInputError: the file exists already, or cannot be written.
    """
    refuse_existing(path)
    begin("写填报表")
    replace_file(path, blank_workbook(edition_of(edition), values or {}))
    return path
