"""The forms of files that hold a budget, by their endings: which hold a workbook, which a published document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

WORD: Final = frozenset({".docx", ".doc", ".wps"})
PDF: Final = ".pdf"
WEB: Final = frozenset({".html", ".htm", ".mht", ".mhtml"})
DOCUMENTS: Final = WORD | WEB | {PDF}
"""The endings of published documents."""
WORKBOOKS: Final = frozenset({".xlsx", ".xls", ".et"})
"""The endings of workbooks."""


def is_document(path: Path) -> bool:
    """Whether a file is a published document, not a workbook, by its name."""
    return path.suffix.lower() in DOCUMENTS


def is_word(path: Path) -> bool:
    """Whether a file is a document of a word processor, by its name."""
    return path.suffix.lower() in WORD


def new_suffix(path: Path) -> str:
    """The ending of what a file is read as: that of the new format for one of an old one."""
    suffix = path.suffix.lower()
    return ".docx" if suffix in WORD else ".xlsx" if suffix in WORKBOOKS else path.suffix
