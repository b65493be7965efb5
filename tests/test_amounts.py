"""Money: parsing what clerks type, rounding half up, blank apart from zero."""

from __future__ import annotations

import doctest
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgen import amounts, wording

MONEY = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


@pytest.mark.parametrize("module", [amounts, wording])
def test_docstrings_tell_the_truth(module):
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("１２３．４５", "123.45"),
        ("1,234.50", "1234.5"),
        ("１，２３４，５６７．８９", "1234567.89"),
        (" 12 345.6 ", "12345.6"),
        ("12.", "12"),
        (".5", "0.5"),
        ("-0.00", "0"),
        ("−3.10", "-3.1"),
        ("（3.10）", "-3.1"),
        ("+7", "7"),
        ("0.00", "0"),
    ],
)
def test_numbers_as_clerks_type_them(typed, read):
    assert amounts.parse(typed) == Decimal(read)


@pytest.mark.parametrize("typed", ["", " ", "-", "—", "——", "－", "无", "　"])
def test_marks_for_nothing_are_blank_and_not_zero(typed):
    assert amounts.parse(typed) is None


@pytest.mark.parametrize(
    "typed", ["1.2.3", "12,34.5", "1,2345", "五", "10万元", "1e5", "NaN", "inf", "10%", "12a", "9" * 20]
)
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(amounts.NotANumberError):
        amounts.parse(typed)


@pytest.mark.parametrize(
    ("stored", "read"), [(0.1 + 0.2, "0.3"), (364.68, "364.68"), (1e-12, "0"), (790.0599999999999, "790.06")]
)
def test_dust_of_binary_fractions_is_wiped_off(stored, read):
    assert amounts.from_number(stored) == Decimal(read)


@pytest.mark.parametrize("stored", [float("nan"), float("inf"), 1e13])
def test_numbers_beyond_any_budget_are_refused(stored):
    with pytest.raises(amounts.NotANumberError):
        amounts.from_number(stored)


@given(MONEY)
def test_written_amounts_read_back(value):
    assert amounts.parse(amounts.written(value)) == value
    assert amounts.parse(amounts.written(value, grouped=False)) == value


@given(st.lists(st.decimals(min_value=-(10**6), max_value=10**6, places=6), min_size=1, max_size=40))
def test_tolerance_covers_every_sum_of_rounded_terms(exact):
    printed = sum(map(amounts.rounded, exact))
    assert abs(amounts.rounded(sum(exact)) - printed) <= amounts.tolerance(len(exact) + 1)


def test_percentage_of_nothing_is_no_number():
    with pytest.raises(ZeroDivisionError):
        amounts.percentage(Decimal(1), Decimal(0))
