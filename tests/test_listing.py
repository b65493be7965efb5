"""How many things a text lists, however they are set apart."""

from __future__ import annotations

from itertools import product

import pytest

from budgetgen.edition import available, load
from budgetgen.values.listing import members, several

WORDS = load(available()[0]).lint
NAMES = ("办公室", "业务室", "人事科")


@pytest.mark.parametrize(
    ("text", "count", "things"),
    [
        ("办公室和业务室", 2, ("办公室", "业务室")),
        ("办公室和业务室", 1, ("办公室和业务室",)),
        ("计划和财务科和办公室", 2, ()),
        ("计划和财务科、办公室", 2, ("计划和财务科", "办公室")),
        ("办公室、人事科以及业务室", 3, ("办公室", "人事科", "业务室")),
        ("办公室、人事科", 3, ()),
        ("办公室、人事科", 1, ()),
        ("党政办公室（人事、财务）、业务室", 2, ("党政办公室（人事、财务）", "业务室")),
    ],
)
def test_the_number_that_is_told_settles_what_is_listed(text, count, things):
    assert members(text, WORDS.joints, count) == things


@pytest.mark.parametrize(("sign", "joint"), [*product("、，,；;\n", ["、", *WORDS.joints])])
def test_things_are_set_apart_by_any_sign_and_the_last_by_any_word(sign, joint):
    text = f"{NAMES[0]}{sign}{NAMES[1]}{joint}{NAMES[2]}"
    assert members(text, WORDS.joints, 3) == NAMES


NUMBERED = [
    *product(["{}.", "{}．", "{}、", "（{}）", "({})", " {}. "], ["123", "一二三"], ["\n", "；", "、"]),
    *product(["{}.", "{}．", "{}、", "（{}）", "({})"], ["123"], [""]),
]
"""The mark, the numerals, and what stands between; 二. right behind a name may belong to it."""


@pytest.mark.parametrize(("form", "numerals", "sign"), NUMBERED)
def test_numbered_things_are_told_apart(form, numerals, sign):
    text = sign.join(form.format(n) + name for n, name in zip(numerals, NAMES, strict=True))
    assert several(text, WORDS.joints, WORDS.bodies) == NAMES


def test_a_list_that_can_be_read_in_too_many_ways_is_not_clear():
    assert members("、".join(["甲和乙"] * 60), WORDS.joints, 90) == ()


@pytest.mark.parametrize(
    "name",
    [
        "计划和财务科",
        "规划与建设管理处",
        "党政办公室（人事、财务）",
        "机关及离退休人员服务中心",
        "一科",
        "第2中心",
        "2.5产业办公室",
    ],
)
def test_a_name_is_one_thing(name):
    assert several(name, WORDS.joints, WORDS.bodies) == ()


@pytest.mark.parametrize(
    "text", ["办公室、业务室", "办公室和业务室", "信息中心及生产力促进中心", "办公室\n业务室"]
)
def test_a_cell_that_lists_several_says_so(text):
    assert len(several(text, WORDS.joints, WORDS.bodies)) == 2
