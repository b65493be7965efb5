"""The changes between two files as people read them: lists with captions, one for each kind of difference.

What is said here is said alike on the screen, in the workbook, on the page and in the comments; those decide
nothing but looks.
"""

from budgetgen.comparison.listings.lines import (
    led,
    lines_of,
    told_cell,
    told_linkage,
    told_reason,
    told_structure,
    told_wording,
)
from budgetgen.comparison.listings.lists import COUNTED, listings
from budgetgen.comparison.listings.tables import charts, opposed
from budgetgen.comparison.listings.values import (
    Bars,
    Entry,
    Heading,
    Listing,
    ListLine,
    Marked,
    Opposed,
    Tone,
)
from budgetgen.comparison.listings.words import (
    CONCERNS,
    KINDS,
    compared,
    described,
    limit,
    side_names,
    table_name,
)

__all__ = [
    "CONCERNS",
    "COUNTED",
    "KINDS",
    "Bars",
    "Entry",
    "Heading",
    "ListLine",
    "Listing",
    "Marked",
    "Opposed",
    "Tone",
    "charts",
    "compared",
    "described",
    "led",
    "limit",
    "lines_of",
    "listings",
    "opposed",
    "side_names",
    "table_name",
    "told_cell",
    "told_linkage",
    "told_reason",
    "told_structure",
    "told_wording",
]
