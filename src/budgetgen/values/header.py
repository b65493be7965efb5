"""The header of a table, told as one text."""

from __future__ import annotations

COLUMNS = "｜"
"""Between its captions."""
LINES = "；"
"""Between its lines."""


def is_header(text: str) -> bool:
    """Whether a text is the header of a table."""
    return COLUMNS in text
