"""Two books → everything in which they differ, whatever their formats."""

from budgetgen.comparison.compare import compare
from budgetgen.comparison.values import Changes, Side, Threshold

__all__ = ["Changes", "Side", "Threshold", "compare"]
