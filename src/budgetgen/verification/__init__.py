"""Proving a document against its workbook, also after hand edits: every number stands in a cell or follows from one."""

from budgetgen.verification.proof import Verified, stranger, verify
from budgetgen.verification.residue import drafted

__all__ = ["Verified", "drafted", "stranger", "verify"]
