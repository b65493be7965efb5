"""The Word template, for an office to restyle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.app.pipeline.asked import edition_of
from budgetgen.app.pipeline.outputs import refuse_existing
from budgetgen.writing.archive import replace_file
from budgetgen.writing.document.base import base_file
from budgetgen.writing.document.writer import default_template

if TYPE_CHECKING:
    from pathlib import Path


def export_template(path: Path, *, edition: str | None = None, base: bool = False) -> Path:
    """Copy the Word template of an edition, for an office to restyle, or the base document that it is drawn on.

    Raises:
        UnusableInputError: the file exists already, or cannot be written.
    """
    refuse_existing(path)
    declared = edition_of(edition)
    replace_file(path, base_file(declared).read_bytes() if base else default_template(declared))
    return path
