"""The door: what admits a file before a library opens it."""

from budgetgen.reading.guard.door import admit, admit_parts, admit_pdf, admit_web

__all__ = ["admit", "admit_parts", "admit_pdf", "admit_web"]
