"""Two years side by side: which rows are the same, what the later file says of the earlier year, and to the cent."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from budgetgen.book.derivation import derive
from budgetgen.comparison import Side, Threshold, compare
from budgetgen.comparison.matching import Both, rolled, same_but_years
from budgetgen.edition import available, load
from budgetgen.reading.grid import read_grid

YEARS = {2024: "xinjiang-2024", 2025: "xinjiang-2025", 2026: "xinjiang-2026"}


def side(grid, year=2026):
    edition = load(YEARS[year])
    book, _ = read_grid(
        f"单位信息 | 项目 | 内容\n | 单位名称 | 某中心\n | 预算年度 | {year}\n{grid}", edition
    )
    return Side(derive(book, edition), edition)


# --- last year ----------------------------------------------------------------------------------------------


def breaks(now, then, told, rate=""):
    """What is told of one figure: its amount this year, what was published, what this year's file says of it."""
    old = side(f"收入总体 | 科目代码 | 单位资金\n | 2060501 | {then}", 2025)
    new = side(
        f"""收入总体 | 科目代码 | 单位资金
 | 2060501 | {now}
上年数 | 指标 | 上年预算数 | 增减率
 | 收入：单位资金 | {told} | {rate}
"""
    )
    return [
        (b.name, b.difference, b.told_change, b.change, b.told_rate, b.rate)
        for b in compare(old, new).linkage
    ]


@pytest.mark.parametrize(
    ("now", "then", "rate", "broken"),
    [
        ("50.00", "60.00", "16.64", True),
        ("50.00", "60.00", "16.65", False),
        ("50.00", "60.00", "16.68", False),
        ("50.00", "60.00", "16.69", True),
        ("60.00", "50.00", "19.97", True),
        ("60.00", "50.00", "19.98", False),
        ("60.00", "50.00", "20.02", False),
        ("60.00", "50.00", "20.03", True),
        ("0.03", "0.02", "20.00", False),
        ("0.50", "0.60", "14.87", True),
        ("0.50", "0.60", "14.88", False),
        ("0.50", "0.60", "18.49", False),
        ("0.50", "0.60", "18.50", True),
        ("0.60", "0.50", "17.81", True),
        ("0.60", "0.50", "17.82", False),
        ("0.60", "0.50", "22.22", False),
        ("0.60", "0.50", "22.23", True),
        ("2.00", "-5.00", "1.00", False),
        ("0.03", "0.02", "133.34", True),
        ("0.03", "0.02", "133.33", False),
        ("5.00", "0.01", "40000.00", False),
        ("5.00", "0.00", "7.00", False),
    ],
)
def test_a_rate_is_held_against_amounts_that_were_rounded_themselves(now, then, rate, broken):
    """Both amounts may be off by half a cent and the rate by half a hundredth: nothing outside is right."""
    change = Decimal(now) - Decimal(then)
    told = Decimal(rate) if change > 0 else -Decimal(rate)
    own = (change / Decimal(then) * 100).quantize(Decimal("0.01")) if Decimal(then) else None
    said = [("收入 单位资金", Decimal(0), change, change, told, own)]
    assert breaks(now, then, then, rate) == (said if broken else [])


@pytest.mark.parametrize(
    ("told", "difference"), [("50.00", None), ("50.004", None), ("50.01", "0.01"), ("49.99", "-0.01")]
)
def test_last_years_amount_is_that_which_was_published_to_the_cent(told, difference):
    found = breaks("60.00", "50.00", told)
    assert [one[1] for one in found] == ([] if difference is None else [Decimal(difference)])


def test_the_largest_difference_is_told_first():
    figures = ("财政专户", "1.00", "3.00"), ("单位资金", "9.00", "4.00"), ("政府性基金预算", "2.00", "2.50")
    columns = " | ".join(name for name, _, _ in figures)
    table = "收入总体 | 科目代码 | " + columns + "\n | 2060501 | {}\n"
    last = side(table.format(" | ".join(amount for _, amount, _ in figures)), 2025)
    prior = "上年数 | 指标 | 科目代码 | 上年预算数\n" + "".join(
        f" | 收入：{name} | | {told}\n" for name, _, told in figures
    )
    now = side(table.format("5.00 | 5.00 | 5.00") + prior)
    assert [(b.figure, b.difference) for b in compare(last, now).linkage] == [
        ("收入：单位资金", Decimal("-5.00")),
        ("收入：财政专户", Decimal("2.00")),
        ("收入：政府性基金预算", Decimal("0.50")),
    ]


def test_what_was_not_published_is_told_before_all_differences():
    spent = "支出总体 | 科目代码 | 基本支出\n | 2060501 | 90.00\n"
    last = side(spent, 2025)
    last = Side(last.book, last.edition, frozenset({"收入总体"}))
    prior = "上年数 | 指标 | 上年预算数\n | 支出：基本支出 | 10.00\n | 收入：单位资金 | 4.00\n"
    now = side(spent + prior)
    assert [(b.figure, b.told, b.published, b.difference, b.change) for b in compare(last, now).linkage] == [
        ("收入：单位资金", Decimal("4.00"), None, None, None),
        ("支出：基本支出", Decimal("10.00"), Decimal("90.00"), Decimal("-80.00"), Decimal(0)),
    ]


@pytest.mark.parametrize(
    ("filled", "document", "told"),
    [
        ("7.00", False, [("收入：单位资金", None, Decimal("4.00"), Decimal("1.00"))]),
        ("", False, []),
        ("7.00", True, []),
    ],
)
def test_a_blank_last_year_is_told_of_workbooks_in_which_others_are_filled(filled, document, told):
    """Not of a new year's workbook that nobody has begun with, nor of a document; a blank beside a zero is none."""
    table = "收入总体 | 科目代码 | 单位资金 | 财政专户 | 政府性基金预算\n | 2060501 | {}\n"
    last = side(table.format("4.00 | 7.00 | 0.00"), 2025)
    now = side(
        f"""{table.format("5.00 | 7.00 | 3.00")}上年数 | 指标 | 上年预算数
 | 收入：单位资金 |
 | 收入：财政专户 | {filled}
 | 收入：政府性基金预算 |
"""
    )
    now = replace(now, paragraphs=() if document else None)
    assert [(b.figure, b.told, b.published, b.change) for b in compare(last, now).linkage] == told


def test_last_year_of_a_code_that_changed_is_that_of_the_old_code():
    """It is known by its name; a code that is new had nothing, and one that went is not asked for."""
    last = side(
        """一般公共预算支出 | 科目代码 | 科目名称 | 合计
 | 2060501 | 机构运行 | 5.00
 | 2060599 | 旧科目 | 4.00
""",
        2025,
    )
    now = side(
        """一般公共预算支出 | 科目代码 | 科目名称 | 合计
 | 2060503 | 机构运行 | 6.00
 | 2060504 | 新科目 | 1.00
上年数 | 指标 | 科目代码 | 上年预算数
 | 一般公共预算支出 | 2060503 | 5.50
 | 一般公共预算支出 | 2060504 | 2.00
"""
    )
    assert [(b.figure, b.told, b.published, b.difference) for b in compare(last, now).linkage] == [
        ("一般公共预算支出/2060504", Decimal("2.00"), Decimal(0), Decimal("2.00")),
        ("一般公共预算支出/2060503", Decimal("5.50"), Decimal("5.00"), Decimal("0.50")),
    ]


# --- the same rows ------------------------------------------------------------------------------------------


def paired(table, old, new, column, years=(2026, 2026)):
    """The rows of a table side by side, by a column."""
    both = Both(side(old, years[0]), side(new, years[1]), Threshold.read("10%"))
    return [
        f"{pair.old.text(column) if pair.old else '—'} → {pair.new.text(column) if pair.new else '—'}"
        for pair in both.pairs[table]
        if (pair.old or pair.new).line
    ]


def test_codes_go_before_names_and_what_is_left_stands_where_it_stood():
    """2060501 is itself, whatever it is called; only then is a name sought that stands once in both files."""
    old = """支出总体 | 科目代码 | 科目名称 | 合计
 | 2060401 | 甲 | 1.00
 | 2060501 | 乙 | 2.00
 | 2060502 | 丙 | 3.00
 | 2060503 | 丁 | 4.00
 | 2060599 | 丁 | 5.00
"""
    new = """支出总体 | 科目代码 | 科目名称 | 合计
 | 2060501 | 丙 | 2.00
 | 2060504 | 甲 | 1.00
 | 2060505 | 丁 | 4.00
 | 2060506 | 戊 | 6.00
"""
    assert paired("支出总体", old, new, "科目代码") == [
        "2060501 → 2060501",
        "2060502 → —",
        "2060503 → —",
        "2060599 → —",
        "2060401 → 2060504",
        "— → 2060505",
        "— → 2060506",
    ]


def test_texts_that_are_the_same_but_for_the_year_or_their_kind_go_together_then_the_likest_of_a_group():
    old = """职能与机构 | 类别 | 内容
 | 主要职能 | 负责2025年科学普及工作
 | 主要职能 | 承担科技统计和数据分析
 | 主要职能 | 负责党建
 | 内设机构 | 承担科技统计和数据处理
"""
    new = """职能与机构 | 类别 | 内容
 | 主要职能 | 承担科技统计和数据处理
 | 主要职能 | 承担科技统计与数据分析
 | 主要职能 | 负责2026年科学普及工作
 | 内设机构 | 完全另外的文字
"""
    assert paired("职能与机构", old, new, "内容", (2025, 2026)) == [
        "承担科技统计和数据处理 → 承担科技统计和数据处理",
        "承担科技统计和数据分析 → 承担科技统计与数据分析",
        "负责党建 → —",
        "负责2025年科学普及工作 → 负责2026年科学普及工作",
        "— → 完全另外的文字",
    ]


def test_a_unit_is_itself_whatever_it_is_called_and_an_alias_goes_last():
    """The renamed unit's own projects are matched by key; a project of another unit is another one."""
    grid = """单位信息 | 项目 | 内容
 | 单位名称 | {own}
 | 公开主体 | 部门
项目支出 | 单位 | 科目代码 | 项目名称 | 合计
 | {own} | 2060599 | 科普周 | 1.00
 | 乙所 | 2060599 | 科普周 | 2.00
 | 乙所 | 2060599 | {old} | 3.00
"""
    edition = load(YEARS[2026])
    review = replace(edition.review, aliases=(("旧名项目", "新名工程"),))
    edition = replace(edition, review=review)
    sides = []
    for names in ({"own": "甲局", "old": "旧名项目"}, {"own": "甲委", "old": "新名工程"}):
        book, _ = read_grid(grid.format(**names), edition)
        sides.append(Side(derive(book, edition), edition))
    pairs = Both(*sides, Threshold.read("10%")).pairs["项目支出"]
    assert [f"{p.old.key} → {p.new.key}" for p in pairs if p.old and p.new and p.new.line] == [
        "甲局/2060599/科普周 → 甲委/2060599/科普周",
        "乙所/2060599/科普周 → 乙所/2060599/科普周",
        "乙所/2060599/旧名项目 → 乙所/2060599/新名工程",
    ]


@pytest.mark.parametrize(
    ("old", "new", "shift", "same"),
    [
        ("2025年执行", "2026年执行", 1, True),
        ("2025年执行", "2025年执行", 1, True),
        ("2025年执行", "2027年执行", 1, False),
        ("2025年执行", "2024年执行", 1, False),
        ("2025年执行", "2025年执行2026", 1, False),
        ("2025年至2025年", "2025年至2026年", 1, True),
        ("编号120251", "编号120261", 1, False),
        ("1999年", "2000年", 1, False),
        ("“甲”——乙", '"甲"-乙', 1, True),
        ("甲 乙（丙）", "甲乙(丙)", 1, True),
    ],
)
def test_texts_that_say_the_same_where_each_year_stays_or_moves_on(old, new, shift, same):
    assert same_but_years(old, new, shift) == same


@pytest.mark.parametrize(
    ("text", "shift", "moved"),
    [
        ("2025年1月至2026年", 1, "2026年1月至2027年"),
        ("12025", 1, "12025"),
        ("20251", 1, "20251"),
        ("2025", -1, "2024"),
    ],
)
def test_years_move_on_and_no_other_numbers(text, shift, moved):
    assert rolled(text, shift) == moved


def test_every_edition_of_the_test_is_there():
    assert set(YEARS.values()) <= set(available())
