"""Two sides → Changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from budgetgen.comparison.causes import traced
from budgetgen.comparison.chapters import Chapters
from budgetgen.comparison.figures import figures, views
from budgetgen.comparison.labels import Labels
from budgetgen.comparison.linkage import linkage, told_figures
from budgetgen.comparison.matching import Both
from budgetgen.comparison.paragraphs import Paragraphs, standing
from budgetgen.comparison.places import placed
from budgetgen.comparison.reasons import reasons
from budgetgen.comparison.restored import by_the_format, restored
from budgetgen.comparison.retold import Retold, beside_names, gone_with, joined, unsaid_in
from budgetgen.comparison.risks import ranked
from budgetgen.comparison.structure import structure
from budgetgen.comparison.successive import Successive
from budgetgen.comparison.told import ToldTexts
from budgetgen.comparison.values import Changes, Threshold
from budgetgen.comparison.wording import wording

if TYPE_CHECKING:
    from budgetgen.comparison.two_years import TwoYears
    from budgetgen.comparison.values import Side


def compare(old: Side, new: Side, threshold: Threshold | None = None) -> Changes:
    """Everything in which two files differ; of two years' documents without what only follows from slips in them.

    Args:
        old: the earlier one.
        new: the later one; its format names things.
        threshold: from which a change is large; by default that of the new format.
    """
    large = threshold or Threshold.read(new.edition.review.threshold)
    both = Both(by_the_format(old), by_the_format(new), large)
    if both.paired or not both.documents:
        return _compared(both)
    found = restored(both, _compared)
    return replace(found, wording=ranked(found.wording, new.edition))


def _compared(both: Both, years: TwoYears | None = None) -> Changes:
    """Everything in which two files differ.

    Args:
        both: the files.
        years: them, where they are two years' documents.
    """
    old, new = both.old, both.new
    linked = both.shift == 1
    spoken = tuple(told_figures(both))
    labels = Labels(both)
    things = labels.structure(structure(both))
    moved = labels.figures(figures(both))
    judged, texts = reasons(both, spoken), labels.wording(wording(both))
    if both.paired:
        judged, texts = standing(both, judged, texts)
        said = labels.headers(Paragraphs(both, moved, judged, texts, things).changes())
        again = ToldTexts(said)
        judged, moved, texts = gone_with(judged, again), unsaid_in(both, moved, again), texts + said
    elif years:
        successive = Successive(years, texts, moved)
        said = tuple(successive.changes())
        retold = Retold(years, ToldTexts(texts + said))
        moved, things = retold.figures(moved), retold.structure(things)
        beside = Retold(years, ToldTexts(said))
        texts = joined(both, beside.apart(beside.wording(texts) + said))
    texts = (*placed(both, beside_names(both, texts, things)), *labels.changes())
    told = ToldTexts(texts).places[1] & new.contradicted
    if both.documents:
        chapters = Chapters(both, texts)
        judged, moved = chapters.reasons(judged), chapters.figures(moved)
        texts = tuple(chapters.wording())
    return Changes(
        old=old,
        new=new,
        threshold=both.threshold,
        linked=linked,
        linkage=tuple(one for one in linkage(both, spoken) if one.place not in told) if linked else (),
        reasons=tuple(one for one in judged if one.place is None or one.place not in told),
        figures=traced(both, moved, things),
        wording=ranked(texts, new.edition),
        structure=things,
        tables=views(both),
    )
