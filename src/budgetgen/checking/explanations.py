"""What the clerk has explained: findings that ask for an explanation pass with one, errors never do.

An explanation names a rule and a place: the address that the findings print (`支出总体!E12`), row and column
(`支出总体[2060501].合计`), which stay when lines are inserted, the row, or the table; nothing, or 整个文件, for a
finding on the whole file. It belongs to the cell that a finding names first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from budgetgen.book.spots import spot
from budgetgen.values.findings import WHOLE_FILE, Explanation, Finding, Severity, Spot
from budgetgen.values.places import told_place
from budgetgen.values.sayings import listed, saying
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.edition.declarations import Edition, Rule
    from budgetgen.values.model import Book, Row
    from budgetgen.values.sayings import Stated

REFUSED, UNUSED = "explanation-refused", "explanation-unused"
SHOWN = 3
"""How many other places of the same rule are named."""


@dataclass(frozen=True)
class _Entry:
    """A complete row of the table of explanations."""

    row: Row
    rule: str
    place: str
    explanation: Explanation

    def fits(self, finding: Finding) -> bool:
        """Whether it speaks of a finding."""
        if finding.rule != self.rule or finding.severity == Severity.ERROR or finding.tail:
            return False
        steps = _normal(self.place).split("!")  # a printed place may begin with the name of the file
        return not _names(finding).isdisjoint({steps[-1], "!".join(steps[-2:])})


def explain(findings: Sequence[Finding], book: Book, edition: Edition) -> tuple[Finding, ...]:
    """The findings, each with what the Book says to it, and then what is wrong with the explanations themselves.

    Args:
        findings: of reading and of checking, all of them.
        book: with the table of explanations; where the file has none, it is empty.
        edition: the format.
    """
    entries = tuple(_entries(book[edition.explanations.table].rows, edition))
    told = tuple(_explained(finding, entries) for finding in findings)
    return (*told, *(complaint for entry in entries for complaint in _complaints(entry, findings, edition)))


def answered(findings: Sequence[Finding], rows: Sequence[Row], edition: Edition) -> tuple[Finding, ...]:
    """The findings, those that nothing was said to with what is said beside the file, in rows as those of its table."""
    entries = tuple(_entries(rows, edition))
    return tuple(finding if finding.explained else _explained(finding, entries) for finding in findings)


def _entries(rows: Sequence[Row], edition: Edition) -> Iterator[_Entry]:
    """The rows that say who explains what; others break `required-missing`."""
    where = edition.explanations
    for row in rows:
        rule, text, name = (row.text(column) for column in (where.rule, where.text, where.name))
        if rule and text and name:
            yield _Entry(row, rule.strip(), row.text(where.place), Explanation(text, name))


def _explained(finding: Finding, entries: Sequence[_Entry]) -> Finding:
    found = next((entry.explanation for entry in entries if entry.fits(finding)), None)
    return replace(finding, explained=found) if found else finding


def _names(finding: Finding) -> frozenset[str]:
    """All that the place of a finding may be called: of its first cell, or of the whole file."""
    first = finding.spots[0] if finding.spots else Spot("")
    if not first.name and not first.place:
        return frozenset({"", _normal(WHOLE_FILE)})
    row = replace(first, column="")
    known = (told_place(first.place), first.name, row.name, first.table)
    return frozenset(filter(None, map(_normal, known)))


def _normal(place: str) -> str:
    """A place as it is compared: `'支出总体'！$e$12` and `支出总体!E12` are the same."""
    return caption(place).replace("$", "").replace("'", "").upper()


# --- what is wrong with the explanations --------------------------------------------------------------------


def _complaints(entry: _Entry, findings: Sequence[Finding], edition: Edition) -> Iterator[Finding]:
    declared = edition.rules.get(entry.rule)
    if declared and declared.severity == Severity.ERROR:
        yield _finding(REFUSED, saying(规则=entry.rule), entry, edition)
    elif not any(entry.fits(finding) for finding in findings):
        yield _finding(UNUSED, _unused(entry, declared, findings, edition), entry, edition)


def _unused(entry: _Entry, declared: Rule | None, findings: Sequence[Finding], edition: Edition) -> Stated:
    if declared is None:
        near = get_close_matches(entry.rule, edition.rules, n=1)
        return saying("unknown", 规则=entry.rule, 相近=saying("near", 规则=near[0]) if near else None)
    places = [_place(f) for f in findings if f.rule == entry.rule and f.open]
    if not places:
        return saying("nothing", 规则=entry.rule)
    elsewhere = saying("elsewhere", 位置=entry.place, 规则=entry.rule)
    return saying(
        情况=elsewhere if entry.place else saying("nowhere"),
        各处=listed(places[:SHOWN]),
        等=saying("more", 处=len(places)) if len(places) > SHOWN else None,
    )


def _place(finding: Finding) -> str:
    first = finding.spots[0] if finding.spots else Spot("")
    return told_place(first.place) or first.name or WHOLE_FILE


def _finding(rule: str, told: Stated, entry: _Entry, edition: Edition) -> Finding:
    where = edition.explanations
    column = where.place if rule == UNUSED and entry.rule in edition.rules else where.rule
    return Finding.of(edition.rules[rule], told, spot(edition, where.table, entry.row, column))
