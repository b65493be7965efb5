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
from budgetgen.comparison.paragraphs import Paragraphs, gone_with, standing, unsaid_in
from budgetgen.comparison.places import placed
from budgetgen.comparison.reasons import reasons
from budgetgen.comparison.retold import Retold, joined
from budgetgen.comparison.risks import ranked
from budgetgen.comparison.structure import structure
from budgetgen.comparison.successive import Successive
from budgetgen.comparison.values import Changes, Threshold
from budgetgen.comparison.wording import documents, paired, wording
from budgetgen.values.model import Table

if TYPE_CHECKING:
    from budgetgen.comparison.values import Side


def compare(old: Side, new: Side, threshold: Threshold | None = None) -> Changes:
    """Everything in which two files differ.

    Args:
        old: the earlier one.
        new: the later one; its format names things.
        threshold: from which a change is large; by default that of the new format.
    """
    large = threshold or Threshold.read(new.edition.review.threshold)
    old, new = _by_the_format(old), _by_the_format(new)
    both = Both(old, new, large)
    linked = both.shift == 1
    spoken = tuple(told_figures(both))
    labels = Labels(both)
    things = labels.structure(structure(both))
    moved = labels.figures(figures(both))
    judged, texts = reasons(both, spoken), labels.wording(wording(both))
    if paired(both):
        judged, texts = standing(both, judged, texts)
        said = labels.headers(Paragraphs(both, moved, judged, texts, things).changes())
        judged, moved, texts = gone_with(judged, said), unsaid_in(both, moved, said), texts + said
    elif documents(both):
        successive = Successive(both, texts, moved)
        said = tuple(successive.changes())
        retold = Retold(successive.documents, texts + said)
        moved, things = retold.figures(moved), retold.structure(things)
        texts = joined(both, Retold(successive.documents, said).wording(texts) + said)
    texts = (*placed(both, texts), *labels.changes())
    told = {one.place for one in texts} & new.contradicted
    if documents(both):
        chapters = Chapters(both, texts)
        judged, moved = chapters.reasons(judged), chapters.figures(moved)
        texts = tuple(chapters.wording())
    return Changes(
        old=old,
        new=new,
        threshold=large,
        linked=linked,
        linkage=tuple(one for one in linkage(both, spoken) if one.place not in told) if linked else (),
        reasons=tuple(one for one in judged if one.place is None or one.place not in told),
        figures=traced(both, moved, things),
        wording=ranked(texts, new.edition),
        structure=things,
        tables=views(both),
    )


def _by_the_format(side: Side) -> Side:
    """A document beside what its format says: the paragraphs that were kept as they stand are compared by themselves."""
    kept = side.edition.verbatim.table
    if side.paragraphs is None or kept not in side.book.tables:
        return side
    return replace(side, book=side.book.with_tables({kept: Table(kept)}))
