"""What the reason of a change says of it: it contradicts the figure, or explains nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budgetgen.saying.reasons import contradicts, explains_none

UP, DOWN, SAME = Decimal("0.01"), Decimal("-0.01"), Decimal("0.00")


@pytest.mark.parametrize(
    ("reason", "contradicted"),
    [
        ("在职人员增加", {DOWN, SAME}),
        ("项目减少", {UP, SAME}),
        ("与上年持平", {UP, DOWN}),
        ("人员增加，项目减少", {SAME}),
        ("项目减少，其余与上年持平", {UP}),
        ("本年未安排，人员增加", set()),
        ("缴费基数调整", set()),
        ("退休5人，压减公用经费，但新增1人增加工资2万元", {SAME}),
        ("压减车辆1辆，但车型不同", set()),
    ],
)
def test_a_reason_contradicts_a_change_where_it_speaks_of_others_only(newest, reason, contradicted):
    words = newest.review
    assert {change for change in (UP, DOWN, SAME) if contradicts(reason, change, words)} == contradicted


@pytest.mark.parametrize(
    ("reason", "none"), [("与上年持平", True), ("两年均未安排", True), ("人员增加", False)]
)
def test_a_reason_that_nothing_changed_explains_no_change(newest, reason, none):
    assert explains_none(reason, newest.review) == none
