"""A Word document as a reviewer has to see it."""

from budgetgen.reading.document.manuscript.package import manuscript, read_manuscript
from budgetgen.reading.document.manuscript.values import Aside, Manuscript, Passage, RemnantKind, Residue

__all__ = ["Aside", "Manuscript", "Passage", "RemnantKind", "Residue", "manuscript", "read_manuscript"]
