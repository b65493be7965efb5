"""Money: parsing what clerks type, rounding half up, blank apart from zero."""

from __future__ import annotations

import doctest
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgen.values import amounts, patterns

MONEY = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


@pytest.mark.parametrize("module", [amounts, patterns])
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


@pytest.mark.parametrize("part", [1, 0, -1])
def test_percentage_of_nothing_is_no_number(part):
    with pytest.raises(ZeroDivisionError):
        amounts.percentage(Decimal(part), Decimal(0))


# --- rounding and tolerance, held against whole numbers -----------------------------------------------------


def thousandths(number):
    return Decimal(number).scaleb(-3)


@given(st.integers(-(10**9), 10**9))
def test_rounding_is_half_up_away_from_zero(number):
    cents = (abs(number) + 5) // 10
    assert amounts.rounded(thousandths(number)) == Decimal(cents if number >= 0 else -cents).scaleb(-2)


@pytest.mark.parametrize(
    ("exact", "printed"),
    [
        ("0.0049999999", "0.00"),
        ("0.005", "0.01"),
        ("0.0149999999", "0.01"),
        ("0.015", "0.02"),
        ("0.025", "0.03"),
        ("-0.0049999999", "0.00"),
        ("-0.005", "-0.01"),
        ("-0.025", "-0.03"),
        ("12", "12.00"),
    ],
)
def test_ties_and_what_lies_beside_them(exact, printed):
    assert str(amounts.rounded(Decimal(exact))) == amounts.written(Decimal(exact)) == printed


@pytest.mark.parametrize(("places", "printed"), [(0, "1235"), (1, "1234.5"), (4, "1234.5000")])
def test_amounts_are_written_with_the_places_asked_for(places, printed):
    assert amounts.written(Decimal("1234.5"), places, grouped=False) == printed


@pytest.mark.parametrize(("terms", "slack"), [(0, "0"), (1, "0.005"), (2, "0.01"), (4, "0.02"), (9, "0.045")])
def test_each_rounded_figure_allows_half_a_cent(terms, slack):
    assert amounts.tolerance(terms) == Decimal(slack)


@given(st.lists(st.sampled_from([4, 5]), min_size=1, max_size=12))
def test_no_smaller_tolerance_would_do(tails):
    """Where every term is rounded by just half a cent, the sum is off by half a cent for each."""
    exact = [thousandths(10 + tail) for tail in tails]
    off = sum(map(amounts.rounded, exact)) - sum(exact)
    halves = tails.count(5)
    assert off == Decimal("0.005") * halves - Decimal("0.004") * (len(tails) - halves)
    assert abs(off) <= amounts.tolerance(len(tails))


@given(st.integers(-(10**8), 10**8), st.integers(1, 10**8))
def test_a_percentage_is_rounded_once(part, whole):
    hundredths, rest = divmod(abs(part) * 10_000, whole)
    hundredths += 2 * rest >= whole
    sign = -1 if part < 0 else 1
    assert amounts.percentage(Decimal(part), Decimal(whole)) == Decimal(sign * hundredths).scaleb(-2)


# --- numbers as they are stored and typed -------------------------------------------------------------------


@pytest.mark.parametrize("sign", [1, -1])
def test_the_largest_number_of_all_is_read_and_none_beyond(sign):
    most = Decimal(10) ** 12
    assert amounts.from_number(sign * most) == sign * most
    assert amounts.parse(str(sign * most)) == sign * most
    for beyond in (most + Decimal("0.01"), most + 1):
        with pytest.raises(amounts.NotANumberError):
            amounts.from_number(sign * beyond)
        with pytest.raises(amounts.NotANumberError):
            amounts.parse(str(sign * beyond))


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        (Decimal("1.00000001"), "1.00000001"),
        (Decimal("1.000000004"), "1"),
        (Decimal("1.230"), "1.23"),
        (Decimal("1E+3"), "1000"),
        (1e3, "1000"),
        (123456789.1, "123456789.1"),
        (Decimal("100.00"), "100"),
        (Decimal("-0.000000001"), "0"),
        (Decimal("-0.00"), "0"),
        (-0.0, "0"),
        (7, "7"),
    ],
)
def test_a_stored_number_has_one_form(stored, read):
    assert str(amounts.from_number(stored)) == read


@given(
    st.integers(0, 10**12 - 1),
    st.sampled_from(["", ".", ".5", ".50", ".05"]),
    st.sampled_from(["", "-", "+"]),
)
def test_grouping_changes_nothing(number, fraction, sign):
    assert amounts.parse(f"{sign}{number:,}{fraction}") == amounts.parse(f"{sign}{number}{fraction}")


@given(st.text("0123456789", min_size=1, max_size=9), st.integers(1, 8))
def test_a_comma_elsewhere_than_between_groups_is_refused(digits, at):
    """It may stand for a decimal point, or a digit may be lost: the reader does not guess."""
    typed = f"{digits[:at]},{digits[at:]}"
    right = len(digits) > at and at <= 3 and len(digits) - at == 3
    if right:
        assert amounts.parse(typed) == Decimal(digits)
    else:
        with pytest.raises(amounts.NotANumberError):
            amounts.parse(typed)


@pytest.mark.parametrize("typed", ["—5.1", "–5.1", "−5.1", "－5.1", "-5.1", "- 5.1", "(5.1)", "（5.1）"])
def test_every_dash_before_a_number_is_a_minus(typed):
    assert amounts.parse(typed) == Decimal("-5.1")


@pytest.mark.parametrize("typed", ["--5", "5-", "(5", "5)", "(-5)", "()", ".", "-.", "—无", "-(5)", "１万"])
def test_what_only_looks_like_a_number_is_refused(typed):
    with pytest.raises(amounts.NotANumberError):
        amounts.parse(typed)


@pytest.mark.parametrize("typed", ["", *"-—–－−─━～_/＼", "--", "——", "无", "空", "不适用"])
def test_every_mark_for_nothing_is_blank(typed):
    assert amounts.parse(f" {typed} ") is None


# --- numbers within texts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("共1,234.50万元，其中0.5万元", ["1234.50", "0.5"]),
        ("电费2.85 万 元", ["2.85"]),
        ("2026年5万元", ["5"]),
        ("1.2.3万元", []),
        ("12元，3.5亿元，占4%", []),
        (".5万元", []),
    ],
)
def test_amounts_that_a_text_tells(text, told):
    assert amounts.amounts_in(text) == tuple(map(Decimal, told))


@pytest.mark.parametrize(
    ("text", "first"),
    [("≥1,200人次，分3批", "1200"), ("３.５", "3.5"), ("第2.3.4条", "2.3"), ("", None), ("—", None)],
)
def test_first_number_of_a_text(text, first):
    assert amounts.number_in(text) == (None if first is None else Decimal(first))


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=6))
def test_nothing_is_lost_in_messages(value):
    assert Decimal(amounts.plain(value)) == value
    assert len(amounts.plain(value).partition(".")[2]) >= 2


@pytest.mark.parametrize(
    ("value", "least", "shown"),
    [("5", 0, "5"), ("5.10", 0, "5.1"), ("5.1", 2, "5.10"), ("5.125", 2, "5.125"), ("1E+3", 2, "1000.00")],
)
def test_numbers_in_messages_have_the_decimals_they_have(value, least, shown):
    assert amounts.plain(Decimal(value), least) == shown


@pytest.mark.parametrize(("unit", "wan"), [("元", "1.2345"), ("万元", "12345")])
def test_units_of_money(unit, wan):
    assert amounts.in_wan(Decimal(12345), unit) == Decimal(wan)


# --- Chinese numerals ---------------------------------------------------------------------------------------


def number_of(numeral):
    """What a Chinese numeral says, read sign by sign."""
    total, digit = 0, 0
    for sign in numeral:
        if sign in amounts.DIGITS:
            digit = amounts.DIGITS.index(sign)
        elif sign != "〇":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            digit = 0
    return total + digit


def test_every_numeral_says_its_number():
    numerals = [amounts.numeral(number) for number in range(1, 10_000)]
    assert list(map(number_of, numerals)) == list(range(1, 10_000))
    assert [n for n in numerals if "〇〇" in n or n.startswith(("〇", "一十")) or n.endswith("〇")] == []
    assert {sign for numeral in numerals for sign in numeral} == set(amounts.NUMERALS)


@pytest.mark.parametrize(
    ("number", "numeral"),
    [
        (9, "九"),
        (10, "十"),
        (19, "十九"),
        (20, "二十"),
        (105, "一百〇五"),
        (1010, "一千〇一十"),
        (2001, "二千〇一"),
    ],
)
def test_numerals_as_headings_write_them(number, numeral):
    assert amounts.numeral(number) == numeral


@pytest.mark.parametrize("number", [-1, 0, 10_000])
def test_no_numeral_beyond_what_headings_need(number):
    with pytest.raises(ValueError, match=str(number)):
        amounts.numeral(number)
