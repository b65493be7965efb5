"""What checking tells, to the cent: what lies just inside a tolerance, just outside it, and what is named first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from budgetgen.checking.checks import check
from budgetgen.derivation import derive
from budgetgen.findings import Finding, Severity, Spot
from budgetgen.model import Cell
from budgetgen.reading.grid import read_grid


def found(grid, edition, *rules):
    """The findings of some rules on a grid."""
    book, read = read_grid(grid, edition)
    return [finding for finding in check(derive(book, edition), edition, read) if finding.rule in rules]


def told(grid, edition, *rules):
    """The findings of some rules as `severity message`; a tail of rounding is called so."""
    return [f"{'tail' if f.tail else f.severity.value} {f.message}" for f in found(grid, edition, *rules)]


def spots(grid, edition, rule):
    """The cells that the findings of a rule name, in order."""
    return [[spot.place or spot.name for spot in f.spots] for f in found(grid, edition, rule)]


# --- tolerances ---------------------------------------------------------------------------------------------

THREE = """支出总体 | 科目代码 | 基本支出
 | 206 | {}
 | 2060501 | 1.00
 | 2060502 | 2.00
 | 2060503 | 4.00
"""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("7.00", None),
        ("7.01", "tail “206”：基本支出 7.01 | 下级各行基本支出（1 行） 7.00 | 差 0.01（尾差）"),
        ("7.02", "tail “206”：基本支出 7.02 | 下级各行基本支出（1 行） 7.00 | 差 0.02（尾差）"),
        ("6.98", "tail “206”：基本支出 6.98 | 下级各行基本支出（1 行） 7.00 | 差 -0.02（尾差）"),
        ("7.03", "error “206”：基本支出 7.03 | 下级各行基本支出（1 行） 7.00 | 差 0.03"),
        ("6.97", "error “206”：基本支出 6.97 | 下级各行基本支出（1 行） 7.00 | 差 -0.03"),
    ],
)
def test_a_sum_of_three_may_be_off_by_two_cents(newest, given, said):
    """Half a cent for each of the three lines and for the sum itself."""
    own = [line for line in told(THREE.format(given), newest, "hierarchy") if "：基本支出" in line]
    assert own == ([] if said is None else [said])


@pytest.mark.parametrize(
    ("sum_", "said"),
    [
        ("70000.00", []),
        (
            "70000.01",
            ["error “206”：基本支出 70000.01 元 | 下级各行基本支出（1 行） 70000.00 元 | 差 0.01 元"],
        ),
    ],
)
def test_amounts_in_yuan_have_no_tails(newest, sum_, said):
    grid = f"""单位信息 | 项目 | 内容
 | 金额单位 | 元
支出总体 | 科目代码 | 基本支出
 | 206 | {sum_}
 | 2060501 | 30000.00
 | 2060502 | 40000.00
"""
    assert [line for line in told(grid, newest, "hierarchy") if "：基本支出" in line] == said


@pytest.mark.parametrize(
    ("reception", "said"),
    [("6.00", None), ("5.00", None), ("4.99", "tail"), ("4.98", "error"), ("0.00", "error"), ("", "error")],
)
def test_at_least_as_much(newest, reception, said):
    grid = f"三公经费 | 项目 | 合计\n | 公务接待 | {reception}\n基本支出 | 科目代码 | 合计\n | 30217 | 5.00"
    lines = told(grid, newest, "operating-three-public-reception")
    assert [line.partition(" ")[0] for line in lines] == ([said] if said else [])


@pytest.mark.parametrize(
    ("total", "said"),
    [("4.00", None), ("5.00", None), ("5.01", "tail"), ("5.02", "explain"), ("99.00", "explain")],
)
def test_at_most_as_much(newest, total, said):
    grid = f"三公经费 | 项目 | 合计\n | 总计 | {total}\n上年数 | 指标 | 上年预算数\n | 三公：合计 | 5.00"
    lines = told(grid, newest, "three-public-higher")
    assert [line.partition(" ")[0] for line in lines] == ([said] if said else [])


def test_a_finding_says_all_that_a_clerk_needs(newest):
    """Both sides, the difference as a number too, the basis, what to do and where."""
    grid = "三公经费 | 项目 | 合计\n | 公务接待 | 4.00\n基本支出 | 科目代码 | 合计\n | 30217 | 5.00"
    rule = newest.rules["operating-three-public-reception"]
    assert found(grid, newest, rule.id) == [
        Finding(
            rule.id,
            Severity.ERROR,
            "三公经费[公务接待].合计 4.00 | 基本支出[30217].合计 5.00 | 差 -1.00",
            rule.fix,
            rule.basis,
            (
                Spot("三公经费", "公务接待", "合计", "三公经费!B2", "4.00"),
                Spot("基本支出", "30217", "合计", "基本支出!B4", "5.00"),
            ),
            Decimal("-1.00"),
        )
    ]
    (tail,) = found(grid.replace("4.00", "4.99"), newest, rule.id)
    assert (tail.severity, tail.fix, tail.difference, tail.tail) == (
        Severity.NOTE,
        "",
        Decimal("-0.01"),
        True,
    )


@pytest.mark.parametrize(
    ("shown", "told"),
    [("10.005", False), ("9.995", False), ("10.0051", True), ("9.9949", True), ("0", True), (None, False)],
)
def test_what_a_formula_shows_may_be_off_by_half_a_cent(newest, shown, told):
    book, _ = read_grid("支出总体 | 科目代码 | 基本支出\n | 2060501 | 10.00", newest)
    table = book["支出总体"]
    (row,) = table.rows
    cell = Cell(shown=None if shown is None else Decimal(shown), place="支出总体!C1")
    changed = book.with_tables({"支出总体": replace(table, rows=(row.with_cells({"合计": cell}),))})
    rules = [f.rule for f in check(derive(changed, newest), newest)]
    assert ("formula-differs" in rules) == told


def test_a_formula_that_shows_a_figure_where_nothing_follows_is_told(newest):
    book, _ = read_grid("支出总体 | 科目代码 | 基本支出\n | 2060501 |", newest)
    table = book["支出总体"]
    (row,) = table.rows
    cell = Cell(shown=Decimal("3.00"), place="支出总体!C1")
    changed = book.with_tables({"支出总体": replace(table, rows=(row.with_cells({"合计": cell}),))})
    (differs,) = (f for f in check(derive(changed, newest), newest) if f.rule == "formula-differs")
    assert differs.message == "表格里的公式显示 3.00，由其他数字推算是 0.00"


# --- what is said, and of which cells -----------------------------------------------------------------------


def test_a_side_is_told_with_its_figures_blanks_and_zeros_left_out(newest):
    """Signs of a difference are kept; one figure alone is no sum; nothing at all is said so."""
    parts = """三公经费 | 项目 | 合计
 | 因公出国 | {}
 | 公务接待 | {}
 | 公务用车 | {}
 | 总计 | 9.00
"""
    said = {
        figures: told(parts.format(*figures), newest, "three-public-total")
        for figures in (("1.00", "0.00", "2.00"), ("", "4.00", ""), ("", "0.00", ""), ("", "", ""))
    }
    names = [f"三公经费[{name}].合计" for name in ("因公出国", "公务接待", "公务用车")]
    assert said == {
        ("1.00", "0.00", "2.00"): [
            f"error “总计”：合计 9.00 | {names[0]} 1.00 + {names[2]} 2.00 = 3.00 | 差 6.00"
        ],
        ("", "4.00", ""): [f"error “总计”：合计 9.00 | {names[1]} 4.00 | 差 5.00"],
        ("", "0.00", ""): [f"error “总计”：合计 9.00 | {names[1]} 0.00 | 差 9.00"],
        ("", "", ""): ["error “总计”：合计 9.00 | 各项都空 | 差 9.00"],
    }


def test_what_is_taken_away_is_told_with_a_minus(newest):
    grid = "上年数 | 指标 | 本年预算数 | 上年预算数 | 增减额\n | 运行经费 | 5.00 | 7.00 | 2.00"
    assert told(grid, newest, "prior-change") == [
        "error “运行经费”：增减额 2.00 | 本年预算数 5.00 - 上年预算数 7.00 = -2.00 | 差 4.00"
    ]


def test_rows_that_are_counted_are_told_as_a_count(newest):
    grid = "整体绩效 | 项目 | 内容\n | 项目个数 | 3\n项目绩效 | 项目名称\n | 甲项目\n | 乙项目"
    assert told(grid, newest, "performance-projects-count") == [
        "explain 整体绩效[项目个数].内容 3 | 项目绩效 共 2 行 | 差 1"
    ]


def test_what_is_added_up_from_lines_is_told_with_how_many(newest):
    grid = """一般公共预算支出 | 科目代码 | 项目支出
 | 2060599 | 5.00
项目支出 | 科目代码 | 项目名称 | 合计
 | 2060599 | 甲项目 | 1.00
 | 2060599 | 乙项目 | 2.00
 | 2060501 | 丙项目 | 2.00
"""
    assert told(grid, newest, "general-projects-item") == [
        "error “2060599”：项目支出 5.00 | 项目支出各行合计（2 行） 3.00 | 差 2.00"
    ]


def test_a_row_without_a_name_is_told_by_its_line_in_the_sheet(newest):
    """The second row of the table stands in line 5 of the grid."""
    grid = """支出总体 | 科目代码 | 基本支出
 | 2060501 | 1.00
项目支出 | 科目代码 | 项目名称 | 合计 | 其他支出
 | 2060599 | 甲项目 | 1.00 | 1.00
 | | | 2.00 | 3.00
"""
    assert told(grid, newest, "project-row") == ["error “第5行”：合计 2.00 | 其他支出 3.00 | 差 -1.00"]


def test_an_amount_stands_first_where_a_code_was_read_before_it(newest):
    """The line that lacks is looked up by its code: what is wrong is the amount."""
    grid = "收入总体 | 科目代码 | 总计\n | 2060501 | 9.00\n支出总体 | 科目代码 | 合计\n | 2060501 | 5.00"
    assert spots(grid, newest, "income-expenditure")[-1] == ["收入总体!B2", "收入总体!A2", "支出总体!B4"]
    outsourced = """项目说明 | 项目名称 | 预算安排规模
 | 甲项目 | 9.00
项目支出 | 科目代码 | 项目名称 | 合计
 | 2060599 | 甲项目 | 1.00
"""
    assert spots(outsourced, newest, "description-amount")[0][0] == "项目说明!B2"


def test_sums_of_which_nothing_was_given_repeat_nothing(newest):
    """A wrong line is told once, not again of its 款, 类 and total; a sum that was given is compared."""
    lines = "支出总体 | 科目代码 | 合计 | 基本支出\n | 2060501 | 9.00 | 5.00"
    assert told(lines, newest, "expenditure-row") == ["error “2060501”：合计 9.00 | 基本支出 5.00 | 差 4.00"]
    given = "支出总体 | 科目代码 | 合计 | 基本支出\n | 206 | 8.00 | 5.00\n | 2060501 | 9.00 | 5.00"
    assert [line.partition("：")[0] for line in told(given, newest, "expenditure-row")] == [
        "error “206”",
        "error “2060501”",
    ]


def test_the_same_words_of_several_rows_of_a_table_are_one_finding(newest):
    """Of two tables they are two."""
    grid = """项目支出 | 科目代码 | 项目名称 | 其他支出
 | 2060599 | 甲项目 | -1.00
 | 2060599 | 乙项目 | -1.00
 | 2060599 | 丙项目 | -2.00
支出总体 | 科目代码 | 基本支出
 | 2060501 | -1.00
基本支出 | 科目代码 | 人员经费
 | 30101 | -1.00
"""
    assert [(f.message, [s.place for s in f.spots]) for f in found(grid, newest, "negative")] == [
        ("基本支出 -1.00", ["支出总体!B6"]),
        ("人员经费 -1.00", ["基本支出!B8"]),
        ("其他支出 -1.00", ["项目支出!C2", "项目支出!C3"]),
        ("其他支出 -2.00", ["项目支出!C4"]),
    ]


@pytest.mark.parametrize(
    ("value", "said"), [("-0.01", ["explain 基本支出 -0.01"]), ("0.00", []), ("0.01", [])]
)
def test_negative_is_below_zero(newest, value, said):
    assert told(f"支出总体 | 科目代码 | 基本支出\n | 2060501 | {value}", newest, "negative") == said


# --- shapes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "code", "wanted"),
    [
        ("支出总体", "2060501", None),
        ("支出总体", "206050", "7"),
        ("支出总体", "20605011", "7"),
        ("支出总体", "２０６０５０１", None),
        ("支出总体", "206o501", "7"),
        ("基本支出", "30101", None),
        ("基本支出", "3010", "5"),
        ("基本支出", "301011", "5"),
    ],
)
def test_a_line_needs_its_whole_code(newest, table, code, wanted):
    column = "合计" if table == "支出总体" else "人员经费"
    lines = told(f"{table} | 科目代码 | {column}\n | {code} | 1.00", newest, "code-malformed")
    assert lines == ([] if wanted is None else [f"error 科目代码“{code}”应为 {wanted} 位数字"])


@pytest.mark.parametrize(
    ("about", "told_", "year"),
    [
        (date(2024, 12, 31), True, 2024),
        (date(2025, 1, 1), False, 0),
        (date(2026, 12, 31), False, 0),
        (date(2027, 1, 1), True, 2027),
    ],
)
def test_a_day_of_publication_lies_in_the_year_or_the_one_before(newest, about, told_, year):
    lines = told(f"单位信息 | 项目 | 内容\n | 公开日期 | {about.isoformat()}", newest, "date-far")
    assert lines == ([f"explain 公开日期 {about.isoformat()}，预算年度是 2026 年"] if told_ else [])
    assert not told_ or about.year == year


def test_a_line_with_content_needs_its_keys(newest):
    """The first key that lacks is told; a line without anything else is none."""
    grid = """项目支出 | 单位 | 科目代码 | 项目名称 | 其他支出
 | | | 甲项目 | 1.00
 | | 2060599 | | 2.00
 | 某所 | 2060599 | 乙项目 |
"""
    assert [(f.message, [s.place for s in f.spots]) for f in found(grid, newest, "row-without-key")] == [
        ("这一行填了内容，但没有“科目代码”", ["项目支出!B2"]),
        ("这一行填了内容，但没有“项目名称”", ["项目支出!C3"]),
    ]


def test_a_row_that_stands_three_times_is_told_twice_each_with_the_first(newest):
    grid = "支出总体 | 科目代码 | 合计\n | 2060501 | 1.00\n | 2060501 | 2.00\n | 2060502 | 3.00\n | 2060501 | 4.00"
    assert spots(grid, newest, "row-duplicate") == [["支出总体!A3", "支出总体!A2", "支出总体!A5"]]


def test_a_code_that_the_list_does_not_know_is_told_only_with_a_name(newest):
    grid = "支出总体 | 科目代码 | 科目名称 | 合计\n | 2060000 | 自造科目 | 1.00\n | 2060001 | | 2.00"
    assert told(grid, newest, "code-unknown", "code-unnamed") == [
        "note 代码表里没有 2060000（自造科目）",
        "error 科目 2060001 没有名称",
    ]


@pytest.mark.parametrize(("name", "told_"), [("机构运行", False), ("机 构\n运行", False), ("机构运转", True)])
def test_a_code_goes_by_its_official_name(newest, name, told_):
    grid = f"支出总体 | 科目代码 | 科目名称 | 合计\n | 2060501 | {name.replace(chr(10), ' ')} | 1.00"
    lines = told(grid, newest, "code-name")
    assert lines == (["note 2060501 写作“机构运转”，代码表是“机构运行”"] if told_ else [])
