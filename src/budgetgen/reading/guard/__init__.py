"""The door: what admits a file before a library opens it."""

from budgetgen.reading.guard.door import admit

__all__ = ["admit"]
