"""Which cell is wrong: the smallest answers, their amounts, and what they explain."""

from __future__ import annotations

import json
import random
import re
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from budgetgen.app.pipeline.inputs import Checked
from budgetgen.app.reports import findings as report
from budgetgen.app.reports.machine import as_json
from budgetgen.app.reports.mending import mends
from budgetgen.book import relations
from budgetgen.book.derivation import derive
from budgetgen.book.relations import instances
from budgetgen.checking.checks import check
from budgetgen.formula.linear import linear
from budgetgen.localisation import search as localisation
from budgetgen.localisation import telling
from budgetgen.localisation.constraints import some_broken
from budgetgen.localisation.culprits import Located
from budgetgen.localisation.search import NOT_INSTALLED, localise
from budgetgen.localisation.slips import slip
from budgetgen.localisation.solver import Programme
from budgetgen.reading.grid import read_grid
from budgetgen.reading.workbook import read
from budgetgen.values.findings import Advice, Severity, Spot
from budgetgen.values.model import Table
from budgetgen.values.places import told_place
from tests.conftest import PUBLISHED, SAMPLES
from tests.findings import finding
from tests.workbooks import examined

YEAR = """
单位信息 | 项目 | 内容
 | 预算年度 | 2026
"""
INCOME = """
收支总体 | 项目 | 预算数
 | 其他收入 | 16.00
收入总体 | 科目代码 | 总计 | 单位资金
 | 2060501 | 9.00 | 9.00
 | 2060599 | 4.00 | 4.00
 | 2080505 | 3.00 | 3.00
"""
EXPENDITURE = """
支出总体 | 科目代码 | 合计 | 基本支出 | 项目支出
 | 总计 | 16.00 | 10.00 | 6.00
 | 206 | 13.00 | 9.00 | 4.00
 | 20605 | 13.00 | 9.00 | 4.00
 | 2060501 | 9.00 | 9.00 |
 | 2060599 | 4.00 | | 4.00
 | 208 | 3.00 | 1.00 | 2.00
 | 20805 | 3.00 | 1.00 | 2.00
 | 2080505 | 3.00 | 1.00 | 2.00
"""
BALANCED = YEAR + INCOME + EXPENDITURE
PROCUREMENT = (
    YEAR
    + """
采购与资产 | 项目 | 金额
 | 采购预算 | {}
 | 采购货物 | 3.00
 | 采购服务 | 1.00
"""
)


@pytest.fixture(scope="module")
def sample():
    """The sample workbook as read."""
    return read(SAMPLES / "xinjiang-2026-unit.xlsx", None)


def worked(grid, edition):
    """A grid, read, derived and checked as a file is."""
    book, read = read_grid(grid, edition)
    derived = derive(book, edition)
    return Checked(
        Path("示例.xlsx"),
        derived,
        edition,
        (*read, *check(derived, edition, read)),
        localise(derived, edition, read),
    )


def told(mends):
    """An answer in words."""
    return "，".join(f"{m.spot.name} {m.sign} {m.should}" for m in mends)


def culprits(grid, edition):
    """The first answer of each culprit."""
    return [told(culprit.mends) for culprit in worked(grid, edition).located.culprits]


def all_answers(grid, edition):
    """All answers where there is one culprit."""
    (culprit,) = worked(grid, edition).located.culprits
    return [told(culprit.mends), *map(told, culprit.alternatives)]


# --- one wrong figure ---------------------------------------------------------------------------------------


def test_nothing_is_wrong_where_all_relations_hold(newest):
    assert worked(BALANCED, newest).located == Located()


@pytest.mark.parametrize(
    ("right", "wrong", "culprit"),
    [
        (
            "| 2080505 | 3.00 | 1.00 | 2.00",
            "| 2080505 | 3.00 | 1.00 | 7.00",
            "支出总体[2080505].项目支出 == 2.00",
        ),
        ("| 20605 | 13.00 |", "| 20605 | 130.00 |", "支出总体[20605].合计 == 13.00"),
        ("| 总计 | 16.00 | 10.00 |", "| 总计 | 16.00 | 20.00 |", "支出总体[总计].基本支出 == 10.00"),
        ("| 2060599 | 4.00 |", "| 2060599 | |", None),
        ("| 总计 | 16.00 | 10.00 |", "| 总计 | | 10.00 |", None),
    ],
)
def test_the_wrong_figure_is_named_with_what_it_must_be(newest, right, wrong, culprit):
    assert right in BALANCED
    assert culprits(BALANCED.replace(right, wrong), newest) == ([culprit] if culprit else [])


def test_it_explains_every_relation_that_it_breaks(newest):
    wrong = worked(BALANCED.replace("| 206 | 13.00 |", "| 206 | 31.00 |"), newest)
    errors = {f for f in wrong.findings if "31.00" in f.message or "34.00" in f.message}
    assert {f.rule for f in errors} >= {"hierarchy", "expenditure-row"}
    assert set(wrong.located.culprits[0].explains) == errors


def test_a_line_is_to_blame_where_the_sums_follow_from_it(newest):
    lines = (
        YEAR
        + INCOME
        + """
支出总体 | 科目代码 | 合计 | 基本支出 | 项目支出
 | 2060501 | 9.00 | 9.00 |
 | 2060599 | 4.00 | | 4.00
 | 2080505 | 8.00 | 1.00 | 2.00
"""
    )
    assert culprits(lines, newest) == ["支出总体[2080505].合计 == 3.00"]


def test_a_blank_cell_can_be_what_is_wrong(newest):
    blank = BALANCED.replace("| 2060599 | 4.00 | 4.00", "| 2060599 | 4.00 |")
    assert culprits(blank, newest) == ["收入总体[2060599].单位资金 == 4.00"]


def test_a_row_can_be_what_lacks(newest):
    without = BALANCED.replace(" | 2080505 | 3.00 | 3.00\n", "")
    (culprit,) = worked(without, newest).located.culprits
    assert [told([mend]) for mend in culprit.mends] == ["收入总体[2080505].单位资金 == 3.00"]


# --- several answers, several errors ------------------------------------------------------------------------


def test_equally_small_answers_are_all_told_and_the_slip_first(newest):
    assert all_answers(PROCUREMENT.format("40.00"), newest) == [
        "采购与资产[采购预算].金额 == 4.00",
        "采购与资产[采购货物].金额 == 39.00",
        "采购与资产[采购服务].金额 == 37.00",
        "采购与资产[采购工程].金额 == 36.00",
    ]


def open_to(grid, edition):
    """The figures of which some are wrong where none can be named: each with what it would be if it were the only one."""
    (culprit,) = worked(grid, edition).located.culprits
    assert culprit.mends == ()
    return {told([mend]) for mend in culprit.among}


def test_where_any_of_several_figures_may_be_wrong_none_is_named(newest):
    checked = worked(PROCUREMENT.format("5.50"), newest)
    (culprit,) = checked.located.culprits
    assert (culprit.mends, culprit.alternatives, culprit.difference) == ((), (), Decimal("1.50"))
    assert {told([mend]) for mend in culprit.among} == {
        "采购与资产[采购预算].金额 == 4.00",
        "采购与资产[采购货物].金额 == 4.50",
        "采购与资产[采购服务].金额 == 2.50",
        "采购与资产[采购工程].金额 == 1.50",
    }
    lines = report.printed(checked).splitlines()
    assert lines[:4] == [
        "── 这些地方有错，指不出是哪一格 ──",
        "示例.xlsx：错误 这 4 格中有一格或几格不对，合起来差 1.50，使下列 1 处不成立：",
        f"  - 采购与资产!B4：{culprit.explains[0].message}",
        "  如果只错一格，可能是：",
    ]
    assert "先改 1 格" not in report.summary(checked)
    assert report.summary(checked).endswith("；另有 1 处指不出是哪一格）")
    (told_at,) = mends(checked)
    assert (told_at.rule, len(told_at.spots), told_at.difference) == (Advice.AMONG, 4, None)
    (file,) = json.loads(as_json([checked]))["files"]
    assert (file["culprits"][0]["cells"], file["culprits"][0]["difference"]) == ([], "1.50")
    assert {cell["if_alone"] for cell in file["culprits"][0]["among"]} == {"4.00", "4.50", "2.50", "1.50"}


def test_too_many_answers_are_capped_and_said_to_be(newest, monkeypatch):
    monkeypatch.setattr(telling, "MOST_ANSWERS", 2)
    checked = worked(PROCUREMENT.format("40.00"), newest)
    (culprit,) = checked.located.culprits
    assert culprit.capped
    assert len(culprit.alternatives) == 1
    assert "可能还有其他同样少的改法" in report.printed(checked)


@pytest.mark.parametrize("seed", range(12))
def test_however_many_figures_are_wrong_something_is_told(newest, seed):
    """Answers may explain one another, down to rounding: nothing is left for the solver to do, and that is no error."""
    draw = random.Random(seed)  # noqa: S311 - the same errors each time
    figures = list(re.finditer(r"\d+\.\d\d", BALANCED))
    wrong = BALANCED
    for found in sorted(draw.sample(figures, 6), key=lambda f: -f.start()):
        other = str(
            Decimal(found[0]) + draw.choice([Decimal("0.01"), Decimal("0.02"), Decimal(1), Decimal(7)])
        )
        wrong = wrong[: found.start()] + other + wrong[found.end() :]
    checked = worked(wrong, newest)
    assert checked.located.culprits or checked.located.note or not checked.failed


def test_a_programme_in_which_nothing_is_broken_changes_nothing():
    answer = Programme((), {}, Decimal(0), 1.0).solve()
    assert answer is None or answer.changes == {}


def test_independent_errors_are_told_one_by_one(newest):
    wrong = BALANCED.replace("| 2080505 | 3.00 | 1.00", "| 2080505 | 8.00 | 1.00").replace(
        "| 206 | 13.00 |", "| 206 | 31.00 |"
    )
    located = worked(wrong, newest).located
    assert {told(c.mends) for c in located.culprits} == {
        "支出总体[206].合计 == 13.00",
        "支出总体[2080505].合计 == 3.00",
    }
    explained = [finding for culprit in located.culprits for finding in culprit.explains]
    assert len(explained) == len(set(explained)) == 8


def test_an_inequality_says_at_least_or_at_most(newest):
    grid = PROCUREMENT.format("4.00") + " | 预留中小企业 | 12.00\n"
    assert "采购与资产[预留中小企业].金额 <= 4.00" in all_answers(grid, newest)


# --- lines before figures -----------------------------------------------------------------------------------


def lines(checked):
    """The lines to set right first, each with the rules that wait for it."""
    return [(line.finding.message, {f.rule for f in line.explains}) for line in checked.located.lines]


def full(grid, edition):
    """As `worked`, with the findings of checking told to the search, as a file is."""
    checked = worked(grid, edition)
    _, read = read_grid(grid, edition)
    own = checked.findings[len(read) :]
    located = localise(checked.book, edition, read, own)
    if not some_broken(read, own, edition):
        assert localise(checked.book, edition, read, own, broken=False) == located
    return replace(checked, located=located)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("| 2080505 | 3.00 | 3.00", "| 20805051 | 3.00 | 3.00", "code-malformed"),
        ("预算年度 | 2026", "预算年度 | 2027", ""),
    ],
)
def test_what_the_search_tells_where_no_sum_is_broken_it_tells_without_the_sums(newest, old, new, rule):
    checked = full(BALANCED.replace(old, new), newest)
    assert not rule or rule in {f.rule for f in checked.findings}


def test_a_broken_sum_is_known_by_what_was_found_and_a_note_is_none(newest):
    def broken(grid):
        checked = worked(grid, newest)
        read = read_grid(grid, newest)[1]
        return some_broken(read, checked.findings[len(read) :], newest)

    noted = (
        BALANCED
        + "\n采购与资产 | 项目 | 金额\n | 采购预算 | 4.00\n | 采购货物 | 4.00\n | 预留中小企业 | 0.01\n"
    )
    assert {f.rule for f in worked(noted, newest).findings if f.severity == Severity.NOTE}
    assert (broken(BALANCED), broken(noted)) == (False, False)
    assert broken(BALANCED.replace("| 206 | 13.00 |", "| 206 | 31.00 |")) is True


def test_a_line_that_stands_twice_is_told_before_any_figure(newest):
    twice = BALANCED.replace(
        " | 2060599 | 4.00 | | 4.00\n", " | 2060599 | 4.00 | | 4.00\n | 2060599 | 4.00 | | 4.00\n"
    )
    checked = full(twice, newest)
    assert [message for message, _ in lines(checked)] == ["“2060599”在本表有重复的行"]
    assert {"hierarchy"} <= lines(checked)[0][1]
    assert checked.located.culprits == ()


def test_other_figures_are_still_told_beside_a_line_that_stands_twice(newest):
    twice = BALANCED.replace(
        " | 2080505 | 3.00 | 3.00\n", " | 2080505 | 3.00 | 3.00\n | 2080505 | 3.00 | 3.00\n"
    )
    wrong = twice.replace("| 206 | 13.00 |", "| 206 | 31.00 |")
    assert told(full(wrong, newest).located.culprits[0].mends) == "支出总体[206].合计 == 13.00"


def test_a_wrong_code_is_told_with_the_code_whose_figures_it_has(newest):
    checked = full(BALANCED.replace("| 2060599 | 4.00 | | 4.00", "| 2060598 | 4.00 | | 4.00"), newest)
    (line,) = checked.located.lines
    assert (line.finding.message, line.finding.spots[0].column) == ("代码 2060598，疑为 2060599", "科目代码")
    assert checked.located.culprits == ()
    assert "代码 2060598，疑为 2060599" in report.printed(checked)


def test_a_cell_that_is_said_to_lack_is_likelier_than_a_filled_one(newest, sample):
    blank = next(row for row in sample.book["上年数"].rows if row.key == "支出：基本支出")
    rows = tuple(
        row.with_cells({"上年预算数": replace(row["上年预算数"], value=None, given=False)})
        if row is blank
        else row
        for row in sample.book["上年数"].rows
    )
    book = derive(sample.book.with_tables({"上年数": Table("上年数", rows)}), newest)
    (culprit,) = localise(book, newest, sample.findings, check(book, newest, sample.findings)).culprits
    assert told(culprit.mends) == "上年数[支出：基本支出].上年预算数 == 288.10"
    assert {f.rule for f in culprit.explains} == {"prior-balance", "prior-missing", "reason-missing"}


def test_the_cent_is_that_of_the_same_line_in_another_table(newest):
    sums = BALANCED.replace("| 20605 | 13.00 |", "| 20605 | 12.99 |").replace(
        "| 206 | 13.00 |", "| 206 | 12.99 |"
    )
    blank = sums.replace("| 2060599 | 4.00 | | 4.00", "| 2060599 | | | ")
    assert "支出总体[2060599].项目支出 == 4.00" in all_answers(blank, newest)


def test_an_answer_of_many_figures_is_not_told_as_such(newest, monkeypatch):
    monkeypatch.setattr(localisation, "MOST_MENDS", 0)
    located = worked(PROCUREMENT.format("40.00"), newest).located
    assert located == Located(note=localisation.TOO_MANY)


def test_a_row_that_is_not_there_is_said_to_lack(newest):
    checked = worked(BALANCED.replace(" | 2080505 | 3.00 | 3.00\n", ""), newest)
    assert "收入总体：错误 缺“2080505”这一行（单位资金应为 3.00）" in report.printed(checked)


def test_what_may_all_be_rounding_is_no_figure(newest):
    amounts = {"30101": "91.023", "30102": "58.314", "30103": "43.371", "30107": "26.652", "30701": "1.00"}
    typed = YEAR + "基本支出 | 科目代码 | 人员经费\n"
    typed += "".join(f" | {code} | {amount}\n" for code, amount in amounts.items())
    typed += "支出总体 | 科目代码 | 基本支出\n | 2060501 | 219.37\n"
    typed += "收入总体 | 科目代码 | 一般公共预算\n | 2060501 | 219.37\n"
    typed += "一般公共预算支出 | 科目代码 | 基本支出\n | 2060501 | 219.37\n"
    named = [told([mend]) for culprit in worked(typed, newest).located.culprits for mend in culprit.mends]
    assert named == []


# --- rounding and units -------------------------------------------------------------------------------------


def test_rounding_tails_are_not_mended(newest):
    grid = BALANCED.replace("| 206 | 13.00 |", "| 206 | 13.01 |").replace("| 208 | 3.00 |", "| 208 | 30.00 |")
    assert culprits(grid, newest) == ["支出总体[208].合计 == 3.00"]


def test_a_workbook_in_yuan_is_exact_and_speaks_of_yuan(newest):
    grid = re.sub(r"(\d+)\.00", r"\g<1>0000.00", BALANCED).replace(
        "| 20605 | 130000.00", "| 20605 | 130000.01"
    )
    checked = worked(grid.replace("| 预算年度", "| 金额单位 | 元\n | 预算年度"), newest)
    assert [told(c.mends) for c in checked.located.culprits] == ["支出总体[20605].合计 == 13.000000"]
    printed = report.printed(checked)
    assert "现为 130000.01 元，应为 130000.00 元" in printed
    assert "基本支出 90000.00 元 + 项目支出 40000.00 元 = 130000.00 元 | 差 0.01 元" in printed


@pytest.mark.parametrize(
    ("one", "other", "likely"),
    [
        ("3755.20", "3765.20", True),
        ("12.30", "21.30", True),
        ("5", "50000", True),
        ("5", "-5", True),
        ("123.00", "23.00", True),
        ("5", "73", False),
        ("0", "5", False),
        ("12.34", "43.21", False),
    ],
)
def test_a_slip_of_the_pen_is_known(one, other, likely):
    assert slip(Decimal(one), Decimal(other)) is likely
    assert slip(Decimal(other), Decimal(one)) is likely


# --- witnesses ----------------------------------------------------------------------------------------------


def test_a_sentence_speaks_for_an_answer_and_is_explained_by_it(newest):
    book, read = read_grid(PROCUREMENT.format("9.00"), newest)
    spot = Spot("采购与资产", "采购货物", "金额")
    said = finding("sentence-differs", Severity.ERROR, "正文写 8.00", spots=(spot,), difference=Decimal(5))
    (alone,) = localise(derive(book, newest), newest, read).culprits
    (witnessed,) = localise(derive(book, newest), newest, (*read, said)).culprits
    assert alone.mends == ()
    assert told(witnessed.mends) == "采购与资产[采购货物].金额 == 8.00"
    assert said in witnessed.explains


# --- advice that is safe to obey ------------------------------------------------------------------------------


OVERALL = """
收支总体 | 项目 | 预算数
 | 其他收入 | 30.00
收入总体 | 科目代码 | 上级一般公共预算 | 单位资金
 | 2060501 | 12.00 | 30.00
支出总体 | 科目代码 | 基本支出
 | 2060501 | 42.00
一般公共预算支出 | 科目代码 | 基本支出
 | 2060501 | 12.00
基本支出 | 科目代码 | 人员经费
 | 30101 | 12.00
整体绩效 | 项目 | 内容
 | 年度绩效目标 | 做好服务
 | 上级安排 | {}
 | 本级安排 | {}
"""


def test_a_blank_cell_that_is_only_bounded_gets_no_value_but_the_bound(newest):
    checked = worked(YEAR + OVERALL.format("", ""), newest)
    (culprit,) = [c for c in checked.located.culprits if "overall-year" in {f.rule for f in c.explains}]
    assert culprit.mends == ()
    sure = {mend.spot.row: mend.sure for mend in culprit.among}
    assert sure == {"上级安排": Decimal("12.00"), "本级安排": None, "其他资金": None}
    printed = report.printed(checked)
    assert "这 3 格都空着，其中有一格或几格漏填，共差 42.00" in printed
    assert "无论如何不小于 12.00" in printed


LINES = ("91.02", "58.31", "43.37", "26.65", "16.24")


@pytest.mark.parametrize(
    ("line", "typed", "why"),
    [
        (2, "-43.37", "正负号错了"),
        (0, "910200.00", "元和万元弄混了"),
        (3, "266.50", "小数点错位"),
        (1, "85.31", "两位数字颠倒"),
    ],
)
def test_of_many_lines_under_one_sum_the_mistyped_one_is_named(newest, line, typed, why):
    lines = [typed if i == line else amount for i, amount in enumerate(LINES)]
    total = sum(map(Decimal, LINES))
    grid = (
        YEAR
        + "基本支出 | 科目代码 | 人员经费\n"
        + "".join(
            f" | {code} | {amount}\n"
            for code, amount in zip(("30101", "30102", "30103", "30107", "30108"), lines, strict=True)
        )
    )
    grid += (
        f"支出总体 | 科目代码 | 基本支出\n | 2060501 | {total}\n"
        f"收入总体 | 科目代码 | 一般公共预算\n | 2060501 | {total}\n"
        f"一般公共预算支出 | 科目代码 | 基本支出\n | 2060501 | {total}\n"
    )
    first = worked(grid, newest).located.culprits[0]
    assert [(m.spot.table, m.should, m.why) for m in first.mends] == [("基本支出", Decimal(LINES[line]), why)]


def test_a_figure_in_the_wrong_line_is_one_mistake(newest):
    grid = (
        YEAR
        + """
收支总体 | 项目 | 预算数
 | 其他收入 | 9.00
收入总体 | 科目代码 | 单位资金 | 财政专户
 | 2060501 | 9.00 |
 | 2060599 | | 5.00
支出总体 | 科目代码 | 基本支出
 | 2060501 | 14.00
"""
    )
    (culprit,) = worked(grid, newest).located.culprits
    assert told(culprit.mends) == "收入总体[2060599].财政专户 == 0，收入总体[2060501].财政专户 == 5"
    assert {mend.why for mend in culprit.mends} == {telling.SHIFTED}


def test_a_blank_column_is_one_entry(newest):
    grid = (
        YEAR
        + """
收入总体 | 科目代码 | 总计 | 单位资金
 | 2060501 | 9.00 |
 | 2060599 | 4.00 |
 | 2080505 | 3.00 |
收支总体 | 项目 | 预算数
 | 其他收入 | 16.00
支出总体 | 科目代码 | 合计 | 基本支出
 | 2060501 | 9.00 | 9.00
 | 2060599 | 4.00 | 4.00
 | 2080505 | 3.00 | 3.00
"""
    )
    checked = worked(grid, newest)
    (culprit,) = checked.located.culprits
    assert told(culprit.mends) == (
        "收入总体[2060501].单位资金 == 9.00，收入总体[2060599].单位资金 == 4.00，收入总体[2080505].单位资金 == 3.00"
    )
    assert "示例.xlsx：错误 这 3 格一起改" in report.printed(checked)


def test_a_line_without_a_code_silences_the_sums_of_its_table(newest):
    grid = BALANCED.replace(" | 2060599 | 4.00 | | 4.00\n", " | | 4.00 | | 4.00\n")
    checked = worked(grid, newest)
    assert checked.located.culprits == ()
    assert "row-without-key" in {f.rule for f in checked.findings}
    assert not [f for f in checked.findings if f.severity == Severity.ERROR and f.difference is not None]


def test_a_name_that_lacks_elsewhere_is_linked_only_with_what_compares_the_two(newest):
    grid = (
        YEAR
        + """
项目支出 | 科目代码 | 项目名称 | 商品和服务支出
 | 2060599 | 甲项目 | 4.00
项目绩效 | 项目名称 | 财政拨款
 | 甲项目 | 4.00
项目绩效指标 | 项目名称 | 权重
 | 甲项目 | 40
"""
    )
    checked = full(grid, newest)
    assert "description-missing" in {f.rule for f in checked.findings}
    assert "performance-weights" in {f.rule for f in checked.findings}
    linked = {f.rule for line in checked.located.lines for f in line.explains}
    assert "performance-weights" not in linked


def test_a_relation_that_is_looked_up_by_nothing_brings_no_culprit(newest, monkeypatch):
    """Whatever an edition declares: where no firm relation is complained of, nothing is wrong."""
    income = next(r for r in relations.relations(newest) if r.rule.id == "income-expenditure")
    holds = "合计 == 收入总体[科目代码].总计"
    rule = replace(income.rule, id="phantom", each=("支出总体",), where="", holds=holds)
    phantom = replace(
        income, rule=rule, table="支出总体", node=newest.formula(rule.holds, each="支出总体"), where=None
    )
    real = relations.relations(newest)
    monkeypatch.setattr(relations, "relations", lambda _: (*real, phantom))
    lines_only = "\n".join(line for line in BALANCED.splitlines() if not line.startswith(" | 总计 |"))
    assert worked(lines_only, newest).located == Located()


# --- what could not be read ---------------------------------------------------------------------------------


def test_a_cell_that_cannot_be_read_is_complained_of_once(newest):
    checked = worked(BALANCED.replace("| 2060501 | 9.00 | 9.00 |", "| 2060501 | 9.00 | #REF! |"), newest)
    sides = {"hierarchy", "expenditure-row", "formula-differs"}
    assert [f.rule for f in checked.findings if f.rule in {"cell-error", *sides}] == ["cell-error"]
    assert checked.located == Located()


def test_other_errors_are_still_found_beside_it(newest):
    grid = BALANCED.replace("| 2060501 | 9.00 | 9.00 |", "| 2060501 | 9.00 | #REF! |")
    assert culprits(grid.replace("| 208 | 3.00 |", "| 208 | 8.00 |"), newest) == [
        "支出总体[208].合计 == 3.00"
    ]


# --- the solver is absent -----------------------------------------------------------------------------------


def test_without_the_solver_it_says_so_and_lists_the_relations(newest, monkeypatch):
    monkeypatch.setitem(sys.modules, "highspy", None)
    monkeypatch.delitem(sys.modules, "budgetgen.localisation.solver", raising=False)
    checked = worked(BALANCED.replace("| 206 | 13.00 |", "| 206 | 31.00 |"), newest)
    assert checked.located == Located(note=NOT_INSTALLED)
    printed = report.printed(checked)
    assert NOT_INSTALLED in printed
    assert printed.count("错误 hierarchy") == 2


# --- what is told -------------------------------------------------------------------------------------------


def test_the_culprit_is_printed_first_and_its_consequences_only_there(newest):
    checked = worked(BALANCED.replace("| 206 | 13.00 |", "| 206 | 31.00 |"), newest)
    lines = report.printed(checked).splitlines()
    assert lines[:2] == [
        "── 先改这些格 ──",
        "示例.xlsx!支出总体!B11（支出总体[206].合计）：错误 现为 31.00，应为 13.00（像是两位数字颠倒），改正后下列 5 处都成立：",
    ]
    assert not any("错误 hierarchy" in line or "错误 expenditure-row" in line for line in lines)


def test_the_json_names_the_cells_and_points_to_what_they_explain(newest):
    checked = worked(BALANCED.replace("| 206 | 13.00 |", "| 206 | 31.00 |"), newest)
    (file,) = json.loads(as_json([checked]))["files"]
    (culprit,) = file["culprits"]
    assert culprit["cells"] == [
        {
            "table": "支出总体",
            "row": "206",
            "column": "合计",
            "place": "支出总体!B11",
            "address": {"sheet": "支出总体", "cells": "B11"},
            "value": "31.00",
            "relation": "==",
            "should": "13.00",
            "tail": "0.00",
            "why": "两位数字颠倒",
        }
    ]
    assert culprit["alternatives"] == []
    explained = {file["findings"][index]["rule"] for index in culprit["explains"]}
    assert explained >= {"hierarchy", "expenditure-row"}


# --- formulas as sums ---------------------------------------------------------------------------------------


def test_every_equation_of_amounts_is_a_sum(newest, sample):
    book = derive(sample.book, newest)
    forms = [
        (relation, linear(relation.node.left, scope))
        for relation, scope in instances(book, newest)
        if relation.rule.id in {"hierarchy", "summary-year"}
    ]
    assert forms
    assert all(form is not None for _, form in forms)


# --- whole files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["收入总体", "支出总体", "一般公共预算支出", "基本支出", "项目支出"])
def test_a_wrong_figure_in_a_full_workbook_is_the_first_culprit(newest, sample, table):
    rows = sample.book[table].rows
    money = newest.tables[table].measures()
    right, column = next((row, c) for row in rows for c in money if row[c].given)
    value = right[column].value
    wrong = right.with_cells({column: replace(right[column], value=value + 10)})
    changed = Table(table, tuple(wrong if row is right else row for row in rows))
    book = derive(sample.book.with_tables({table: changed}), newest)
    first = localise(book, newest, sample.findings).culprits[0]
    assert told([m for m in first.mends if told_place(m.spot.place) == told_place(right[column].place)]) == (
        f"{table}[{right.key}].{column} == {value}"
    )


# --- published documents ------------------------------------------------------------------------------------


@pytest.mark.published
def test_a_document_with_many_errors_is_located_in_time():
    checked = examined(PUBLISHED / "2026-park.docx")
    answers = {told([mend]) for culprit in checked.located.culprits for mend in culprit.mends}
    assert {
        "收入总体[20604].总计 == 3755.20",
        "收入总体[2060501].一般公共预算 == 135.71",
        "收入总体[2060404].一般公共预算 == 3755.20",
        "支出总体[206].合计 == 3890.91",
        "一般公共预算支出[206].合计 == 3890.91",
    } <= answers
    assert checked.located.note == ""


@pytest.mark.published
@pytest.mark.parametrize("name", ["2024-bureau.docx"])
def test_a_document_that_adds_up_has_no_culprit(name):
    assert examined(PUBLISHED / name).located == Located()


@pytest.mark.published
def test_figures_that_are_wrong_together_are_told_as_exactly_as_one():
    """A budget and where it is paid from: each is measured with the other as it should be."""
    first = examined(PUBLISHED / "2026-center.docx").located.culprits[0]
    assert [(mend.spot.column, mend.now, mend.should, mend.tail) for mend in first.mends] == [
        ("年度预算总额", Decimal("32.21"), Decimal("43.44"), Decimal("0.01")),
        ("财政拨款", Decimal("32.21"), Decimal("43.44"), Decimal("0.01")),
    ]
