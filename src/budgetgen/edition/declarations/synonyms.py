"""How else offices say what the wording of an edition says: declared once, not in every sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from budgetgen.edition.declarations.base import Declared, declaration
from budgetgen.edition.declarations.names import PatternText, Text

ANY = "…"
"""The slot of a way that is any few words without a figure."""


@declaration
class Synonyms(Declared):
    """`[synonyms]` of an edition. Published sentences that no pattern fits are understood with them.

    Attributes:
        ways: wordings that mean the same, by a name that only their author needs: where the wording has one of them,
            any other may stand. Their slots are columns of the figures, names of the edition, or `{…}`.
        verbs: other words for a word that may be chosen (增加, 下降 …).
        leads: what may stand before a sentence.
        fillers: words that may stand before a figure and say nothing of it.
        tails: words that may stand at the end of a sentence and say nothing.
        percent: what stands before a percentage that is said in words.
        selves: what the unit may call itself.
        either: words that mean 单位 or 部门, whichever publishes the document.
    """

    ways: Mapping[Text, tuple[PatternText, ...]] = field(default_factory=dict)
    verbs: Mapping[Text, tuple[Text, ...]] = field(default_factory=dict)
    leads: tuple[PatternText, ...] = ()
    fillers: tuple[Text, ...] = ()
    tails: tuple[Text, ...] = ()
    percent: Text = ""
    selves: tuple[Text, ...] = ()
    either: tuple[Text, ...] = ()
