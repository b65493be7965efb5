"""A Word document as a reviewer has to see it."""

from budgetgen.reading.document.manuscript.package import beside, manuscript, read_manuscript
from budgetgen.reading.document.manuscript.values import Aside, Manuscript, Passage, RemnantKind, Residue

__all__ = [
    "Aside",
    "Manuscript",
    "Passage",
    "RemnantKind",
    "Residue",
    "beside",
    "manuscript",
    "read_manuscript",
]
