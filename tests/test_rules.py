"""Every rule has a passing and a failing case; relations hold them in their declarations."""

from __future__ import annotations

import pytest

from budgetgen.checking import check
from budgetgen.derivation import derive
from budgetgen.edition import available, load
from budgetgen.findings import Severity
from budgetgen.reading.grid import read_grid

RELATIONS = [(name, rule.id) for name in available() for rule in load(name).rule if rule.holds]


def broken(grid, edition):
    """The ids of the rules that a grid breaks, rounding tails apart."""
    book, _ = read_grid(grid, edition)
    found = check(derive(book, edition), edition)
    return {finding.rule for finding in found if finding.severity != Severity.NOTE}


@pytest.mark.parametrize(("name", "rule"), RELATIONS)
def test_relation_has_cases_that_pass_and_fail(name, rule):
    edition = load(name)
    declared = edition.rules[rule]
    assert declared.passes, "a relation ships with the smallest grid that satisfies it"
    assert declared.fails, "a relation ships with the smallest grid that breaks it"
    assert rule not in broken(declared.passes, edition)
    assert rule in broken(declared.fails, edition)


def test_every_rule_says_what_to_do(edition):
    silent = [rule.id for rule in edition.rule if not (rule.title and rule.basis and rule.fix)]
    assert silent == []
