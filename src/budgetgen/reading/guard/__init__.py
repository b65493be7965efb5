"""The door: what admits a file before a library opens it."""

from budgetgen.reading.guard.door import admit, admit_parts

__all__ = ["admit", "admit_parts"]
