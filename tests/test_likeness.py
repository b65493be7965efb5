"""Who is likest to whom: what is told without working out every pair is what working out every pair tells."""

from __future__ import annotations

from decimal import Decimal
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgen.values.likeness import Signs, likeness, likest

texts = st.text(alphabet="甲乙丙", max_size=6)
lists = st.lists(texts, max_size=6)


def matcher(first, second):
    return SequenceMatcher(None, first, second, autojunk=False)


def one_by_one(old, new, least):
    """The likest pairs as they are defined: all worked out, sorted, each text taken once."""
    scored = [
        (Decimal(str(matcher(a, b).ratio())), i, j) for i, a in enumerate(old) for j, b in enumerate(new)
    ]
    before, after = set(), set()
    for score, i, j in sorted(scored, key=lambda found: (-found[0], found[1:])):
        if score >= least and i not in before and j not in after:
            before.add(i)
            after.add(j)
            yield i, j, score


@given(lists, lists, st.sampled_from([Decimal(0), Decimal("0.6"), Decimal(1)]))
def test_the_likest_are_those_of_all_pairs(old, new, least):
    assert list(likest(old, new, least)) == list(one_by_one(old, new, least))


def test_what_else_is_known_of_two_texts_may_raise_their_score():
    amounts = {(0, 1): Decimal(1)}
    found = likest(["机房维护"], ["机房维修", "机房"], Decimal("0.6"), lambda i, j, s: amounts.get((i, j), s))
    assert list(found) == [(0, 1, Decimal(1))]


@given(texts, texts)
def test_no_likeness_is_beyond_its_reach(first, second):
    assert Signs.of(first).reach(Signs.of(second)) == matcher(first, second).quick_ratio()


@pytest.mark.parametrize("least", [0, 0.5, 0.75])
@given(first=texts, second=texts)
def test_a_likeness_below_the_least_is_none(first, second, least):
    ratio = matcher(first, second).ratio()
    assert likeness(first, second, least) == (ratio if ratio >= least else 0)
