"""A target asks less than another only where both count the same."""

from __future__ import annotations

import itertools

import pytest

from budgetgen.values.demands import Demand, asks_less

UNITS = ("场", "小时", "分钟", "%", "人次", "个工作日", "年", "")


def less(now, then):
    return asks_less(Demand.of(now), Demand.of(then))


@pytest.mark.parametrize(("unit", "other"), list(itertools.product(UNITS, UNITS)))
def test_only_numbers_of_one_unit_are_compared(unit, other):
    same = unit == other
    assert (less(f"≥3{unit}", f"4{other}"), less(f"<=30{unit}", f"0.5{other}")) == (same, same)
    assert (less(f"≥4{unit}", f"4{other}"), less(f"≤3{unit}", f"3{other}")) == (False, False)


@pytest.mark.parametrize(
    ("now", "then", "told"),
    [
        ("≥3场", "4场", True),
        ("> = 3 场", "＝4场", True),
        ("=1次", "=5次", True),
        ("≥100万元", "120万元", True),
        ("≤5万元", "3万元", False),
        ("≤100万", "80万", False),
        ("≤2亿", "1亿", False),
        ("≤2026年12月25日", "2025年12月20日", False),
        ("≤2026年", "2025年", False),
        ("≤2026年底", "2025年底", False),
        ("≤2026.12", "2025.12", False),
        ("≤20261225", "20251220", False),
        ("≤12月底", "6月底", False),
        ("≤25日", "20日", False),
        ("≤17时", "16时", False),
        ("≤5年", "3年", True),
        ("≤5个月", "3个月", True),
        ("＞3场", "≥4场", False),
        ("≥3场", "≤4场", False),
        ("3场", "4场", False),
        ("≥3场", "完成4场", False),
        ("≥3场", "4场，5场", False),
    ],
)
def test_dates_limits_of_money_other_bounds_and_words_are_not_compared(now, then, told):
    assert less(now, then) is told
