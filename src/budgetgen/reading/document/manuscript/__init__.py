"""A Word document as a reviewer has to see it."""

from budgetgen.reading.document.manuscript.package import manuscript, read_manuscript
from budgetgen.reading.document.manuscript.values import Aside, Kind, Manuscript, Passage, Residue

__all__ = ["Aside", "Kind", "Manuscript", "Passage", "Residue", "manuscript", "read_manuscript"]
