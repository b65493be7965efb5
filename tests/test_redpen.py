"""Slips that a reviewer marks are told where they stand, and nothing is told of the text without them."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from budgetgen.app.pipeline.inputs import judged
from budgetgen.app.reports.problems import problems
from budgetgen.edition import load
from budgetgen.proofreading.lint import lint, variants
from budgetgen.reading.document.blocks import Text
from budgetgen.reading.document.reader import read_blocks
from tests.planted import document


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("资金执行时间：2026年12月31日—2026年12月25日", ["text-date"]),
        ("资金执行时间：2026年12月31日至2026年1月1日。", ["text-date"]),
        ("资金执行时间：2026年1月1日—2026年12月31日", []),
        ("资金执行时间：2025年12月1日-2026年6月30日", []),
        ("资金执行时间：2026年1月—2026年12月", []),
        ("见2026年12月31日、2026年12月25日的通知", []),
        ("其中其中财政拨款收入5.00万元", ["text-doubled"]),
        ("主要用于用于日常运转", ["text-doubled"]),
        ("根据根据《办法》的规定", ["text-doubled"]),
        ("按照工作安排安排培训资金，会议推进推进项目", []),
        ("因在职人员增加增加工资支出，人员减少减少支出", []),
        ("保障业务开展开展培训，监督政策落实落实资金", []),
        ("根据根据地建设规划，为保证工程顺利进行进行检查", []),
        ("社会保障保障水平提高，科学技术支出支出20.00万元", []),
    ],
)
def test_turned_periods_and_doubled_words_are_told(text, told):
    assert [rule for rule, _ in lint(text, load("xinjiang-2026").lint)] == told


def lines(found):
    path = Path("公开文本.docx")
    checked = judged(path, read_blocks(path, found), locating=False)
    return {(one.rule, one.message, one.spots[0].place) for one in problems(checked).all if one.spots}


def test_the_year_of_a_remark_below_an_empty_table_is_told():
    found = document()
    remark = next(b for b in found if isinstance(b, Text) and "2026年没有使用国有资本" in b.text)
    slipped = [replace(b, text=b.text.replace("2026", "2025")) if b is remark else b for b in found]
    told = {one for one in lines(slipped) - lines(found) if one[0] != "document-read"}
    assert told == {("sentence-year", "正文写 2025 年，应为 2026 年", remark.place)}


def among(found, *texts):
    """A document with more paragraphs behind its first heading."""
    at = next(n for n, b in enumerate(found) if isinstance(b, Text) and b.text.endswith("一、主要职能")) + 1
    return [*found[:at], *(replace(found[at], text=text) for text in texts), *found[at:]]


SAID = "负责辖区内科技成果转化、科普宣传的组织工作，协调各方开展服务。"


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["1.2加强科技成果转化的考核"], {("text-sequence", "有序号“1.2”，没有“1.1”")}),
        (["1.1制定办法", "1.2加强考核"], set()),
        (["1.2万元用于培训"], set()),
        ([SAID, "另有其他工作。", SAID], {("text-doubled", f"“{SAID.replace('，', ',')}”在这一节说了两遍")}),
        ([f"职责：{SAID}", "另有其他工作。", f"职责：{SAID}"], set()),
        (
            ["本单位无下属预算单位。", "本单位无下属预算单位，下设3个科室。"],
            {("text-doubled", "“本单位无下属预算单位”在这一节说了两遍")},
        ),
        (["本单位2026年无下属单位。", "本单位2026年无下属单位，下设3个科室。"], set()),
        (["按照财预〔2027〕3号办理。"], {("text-date", "文号的年份“〔2027〕”比 2026 年的文本公开时还晚")}),
        (["按照财预〔2026〕3号办理。"], set()),
        (
            ["机构运行（99项）支出"],
            {("text-ways", "科目级次的括号写法不一：“（款）”等 4 处，“（99项）”等 1 处")},
        ),
    ],
)
def test_what_a_reader_marks_in_a_paragraph_is_told(texts, told):
    path, found = Path("公开文本.docx"), document()
    said = [
        {
            (one.rule, one.message)
            for one in problems(judged(path, read_blocks(path, blocks), locating=False)).all
        }
        for blocks in (found, among(found, *texts))
    ]
    fresh = {
        one
        for one in said[1] - said[0]
        if one[0] in {"text-sequence", "text-doubled", "text-date", "text-ways"}
    }
    assert fresh == told


@pytest.mark.parametrize(("step", "is_told"), [("0.01", False), ("0.02", True)])
def test_rates_that_the_printed_amounts_do_not_give_are_one_line(step, is_told):
    found = document()
    text = next(b for b in found if isinstance(b, Text) and "运行经费财政拨款预算" in b.text)
    rate = re.search(r"(?<=增长)[\d.]+(?=%)", text.text)[0]
    off = str(Decimal(rate) + Decimal(step))
    slipped = [replace(b, text=b.text.replace(rate, off)) if b is text else b for b in found]
    told = {one for one in lines(slipped) - lines(found) if one[0] != "document-read"}
    expected = ("rate-near", f"增减率由印出的金额算不出：写作 {off}%，算得 {rate}%", text.place)
    assert told == ({expected} if is_told else set())


@pytest.mark.parametrize(
    ("old", "new", "rule", "told"),
    [
        ("单位预算公开", "部门预算公开", "text-ways", "公开的主体写法不一"),
        (
            "七、一般公共预算项目支出情况表",
            "七、一般公共预算基本支出情况表",
            "contents-differs",
            "是同一个题名",
        ),
    ],
)
def test_what_the_first_pages_say_otherwise_is_told(old, new, rule, told):
    found = document()
    text = next(b for b in found if isinstance(b, Text) and old in b.text)
    slipped = [replace(b, text=b.text.replace(old, new)) if b is text else b for b in found]
    fresh = {(one[0], one[2]) for one in lines(slipped) - lines(found) if told in one[1]}
    assert fresh == {(rule, text.place)}


def test_an_entry_of_the_duties_that_breaks_off_is_told():
    entries = [
        f"（{n}）负责辖区内{what}的组织和协调工作，提供服务支撑"
        for n, what in zip("一二三", ("统计", "科普", "创新"), strict=True)
    ]
    found = document()
    whole, cut = (
        among(found, *(f"{one}。" for one in entries)),
        among(found, f"{entries[0]}。", entries[1], f"{entries[2]}。"),
    )
    assert [one[:2] for one in lines(cut) if one[0] == "sentence-unended"] == [
        ("sentence-unended", "1 段末尾没有标点：“调工作，提供服务支撑”")
    ]
    assert [one for one in lines(whole) if one[0] == "sentence-unended"] == []


def test_a_name_whose_end_stands_twice_is_another_form_of_it():
    assert list(variants("某市科技信息服务中心中心", "某市科技信息服务中心", ())) == [
        "某市科技信息服务中心中心"
    ]
    assert list(variants("关于某市科技信息服务中心的说明", "某市科技信息服务中心", ())) == []
