"""What a rule says, where it is declared, and the formula that it is in the workbook."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from budgetgen.app.pipeline.asked import edition_of
from budgetgen.book.relations import relations
from budgetgen.edition import available
from budgetgen.edition.origins import Origins
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.edition.declarations import Edition, Rule
    from budgetgen.edition.files import DeclaredAt


@dataclass(frozen=True)
class ExplainedRule:
    """A rule with what its author and a clerk want to know of it.

    Attributes:
        rule: as it is declared, whatever it changes.
        edition: its format.
        declared: where it stands, and then what it changes: `file:line`.
        live: a cell of the blank workbook that it fills, and the formula that stands there; None where there is none.
    """

    rule: Rule
    edition: Edition
    declared: tuple[str, ...]
    live: tuple[str, str] | None


def explained(name: str, *, edition: str | None = None) -> ExplainedRule:
    """A rule by its id, explained.

    Args:
        name: the id, as findings and the workbook's own sheets print it.
        edition: only of this one; by default the newest that has it.

    Raises:
        UnusableInputError: no such rule, or no such edition.
    """
    found, declared = _rule(name, edition)
    places = (f"{place.file}:{place.line}" for place in _places(found, declared))
    return ExplainedRule(found, declared, tuple(dict.fromkeys(places)), next(_live(found, declared), None))


def _places(rule: Rule, edition: Edition) -> Iterator[DeclaredAt]:
    """Where a rule stands; one that a figure has by being declared, where that does."""
    origins, figure = edition.once(Origins.of), _figure(rule, edition)
    for kind, name in (("rule", rule.id), ("advice", rule.id), ("figure", figure)):
        yield from origins.places(kind, name)


def _figure(rule: Rule, edition: Edition) -> str:
    if rule not in edition.of_figures:
        return ""
    targets = (relation.target for relation in relations(edition) if relation.rule.id == rule.id)
    return next((key for target in targets if target for _, key, _ in (target,)), "")


def _live(rule: Rule, edition: Edition) -> Iterator[tuple[str, str]]:
    """The cells of the blank workbook that a relation fills, with what it alone gives there."""
    if not rule.holds or not rule.derives:
        return
    from budgetgen.writing.workbook.formulas import Formulas  # noqa: PLC0415 - only for such rules
    from budgetgen.writing.workbook.layout import lay_out  # noqa: PLC0415
    from budgetgen.writing.workbook.references import reference  # noqa: PLC0415

    for place, formula in Formulas(lay_out(edition, None)).of_rule(rule.id):
        yield reference(place).replace("$", ""), formula.text


def _rule(name: str, edition: str | None) -> tuple[Rule, Edition]:
    """A rule by its id, of the newest edition that has it."""
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
