"""What a rule says."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from budgetgen.app.pipeline.asked import edition_of
from budgetgen.edition import available
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from budgetgen.edition.declarations import Edition, Rule


def rule(name: str, *, edition: str | None = None) -> tuple[Rule, Edition]:
    """A rule by its id, of the newest edition that has it.

    Args:
        name: the id, as findings and the workbook's own sheets print it.
        edition: only of this one.

    Raises:
        UnusableInputError: no such rule, or no such edition.
    """
    searched = [edition_of(edition)] if edition else [edition_of(known) for known in available()]
    known = {
        caption(own): (found, declared)
        for declared in reversed(searched)
        for own, found in declared.rules.items()
    }
    if caption(name) in known:
        return known[caption(name)]
    near = get_close_matches(caption(name), known, n=1)
    fix = f"您是否指“{known[near[0]][0].id}”" if near else "规则的编号印在每条检查结果的第一行"
    raise UnusableInputError(name, "没有这个编号的规则", fix)
