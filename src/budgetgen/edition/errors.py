"""What is wrong with a declaration."""

from __future__ import annotations


class EditionError(Exception):
    """A declaration that does not hold together: all that is wrong, a line each, with file and line where known."""
