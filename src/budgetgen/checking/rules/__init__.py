"""The rules that are no formulas, by subject. Importing the package registers them all."""

from budgetgen.checking.rules import (
    comparisons,
    consolidated,
    indicators,
    names,
    purposes,
    reviewing,
    shape,
    texts,
    unsaid,
)
from budgetgen.checking.rules.registry import RULES, Complaint, complaints, rule

__all__ = [
    "RULES",
    "Complaint",
    "comparisons",
    "complaints",
    "consolidated",
    "indicators",
    "names",
    "purposes",
    "reviewing",
    "rule",
    "shape",
    "texts",
    "unsaid",
]
