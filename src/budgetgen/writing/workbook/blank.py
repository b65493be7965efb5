"""The blank workbook of a format, written once: it says nothing but what the format and the program say.

It is kept in the user's cache by all that it is made of, as prepared templates are; while nothing of that changes, the
library that writes workbooks is not loaded.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from budgetgen.edition.kept import all_made_of, fingerprint
from budgetgen.edition.library import folders
from budgetgen.values.keeping import Shelf, library, loaded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from budgetgen.edition.declarations import Edition

KEPT: Final = Shelf("blanks", 12)
"""Where they are kept, and how many."""
_LIBRARY: Final = library("xlsxwriter")


def blank_workbook(edition: Edition, values: Mapping[str, str]) -> bytes:
    """The workbook to fill.

    Args:
        edition: the format.
        values: what it already says of the unit: row of the sheet about it → text. Such a one is not kept.

    Raises:
        UnusableInputError: `values` does not fit its row.
    """
    key = "" if values else _fingerprint(edition)
    kept = KEPT.recall(key) if key else None
    if kept is not None:
        return kept
    from budgetgen.writing.workbook.writer import render_workbook  # noqa: PLC0415 - only where none is kept

    made = render_workbook(edition, values=values)
    if key:
        KEPT.keep(key, made)
        KEPT.clear()
    return made


def _fingerprint(edition: Edition) -> str:
    """All that it depends on: the format, and the program and the library as they were loaded; empty where that is not known."""
    declared = fingerprint(edition.id, all_made_of(folders()))
    told = hashlib.sha256(f"{declared}\n{loaded()}{_LIBRARY}".encode())
    return told.hexdigest() if declared else ""
