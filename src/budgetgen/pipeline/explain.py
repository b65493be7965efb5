"""What a rule says."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from budgetgen.findings import UnusableInputError
from budgetgen.pipeline.inputs import edition_of

if TYPE_CHECKING:
    from budgetgen.declarations import Edition, Rule


def rule(name: str, *, edition: str | None = None) -> tuple[Rule, Edition]:
    """A rule by its id.

    Raises:
        UnusableInputError: no such rule.
    """
    declared = edition_of(edition)
    if name not in declared.rules:
        near = get_close_matches(name, declared.rules, n=1)
        fix = f"您是否指“{near[0]}”" if near else "规则的编号印在每条检查结果的第一行"
        raise UnusableInputError(name, "没有这个编号的规则", fix)
    return declared.rules[name], declared
