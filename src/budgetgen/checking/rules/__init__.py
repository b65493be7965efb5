"""The rules that are no formulas, by subject. Importing the package registers them all."""

from budgetgen.checking.rules import comparisons, consolidated, names, shape, texts
from budgetgen.checking.rules.registry import RULES, Check, Complaint, rule, spot, text_of, told_rule

__all__ = [
    "RULES",
    "Check",
    "Complaint",
    "comparisons",
    "consolidated",
    "names",
    "rule",
    "shape",
    "spot",
    "text_of",
    "texts",
    "told_rule",
]
