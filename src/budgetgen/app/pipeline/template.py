"""The Word template, for an office to restyle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.app.pipeline.asked import edition_of
from budgetgen.app.pipeline.outputs import refuse_existing
from budgetgen.app.progress import begin
from budgetgen.writing.archive import replace_file
from budgetgen.writing.document.writer import default_template

if TYPE_CHECKING:
    from pathlib import Path


def export_template(path: Path, *, edition: str | None = None) -> Path:
    """Copy the Word template of an edition, for an office to restyle.

    Raises:
        UnusableInputError: the file exists already, or cannot be written.
    """
    begin("画模板")
    refuse_existing(path)
    replace_file(path, default_template(edition_of(edition)))
    return path
