"""What checking tells, to the cent: what lies just inside a tolerance, just outside it, and what is named first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.checking.documents import of_document
from budgetgen.edition import load
from budgetgen.reading.grid import read_grid
from budgetgen.values.amounts import Amount
from budgetgen.values.findings import Finding, Severity, Spot
from budgetgen.values.model import Cell, Table
from budgetgen.values.places import told_place
from budgetgen.values.sayings import saying
from budgetgen.values.sides import RelationSide, SideTerm, sides_of
from tests.findings import at, finding


def found(grid, edition, *rules):
    """The findings of some rules on a grid."""
    book, read = read_grid(grid, edition)
    return [finding for finding in check(derive(book, edition), edition, read) if finding.rule in rules]


def told(grid, edition, *rules):
    """The findings of some rules as `severity message`; a tail of rounding is called so."""
    return [f"{'tail' if f.tail else f.severity.value} {f.message}" for f in found(grid, edition, *rules)]


def spots(grid, edition, rule):
    """The cells that the findings of a rule name, in order."""
    return [[told_place(spot.place) or spot.name for spot in f.spots] for f in found(grid, edition, rule)]


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
    ("sum_", "said"),
    [
        (
            "70002",
            "tail “206”：基本支出 70002.00 元 | 下级各行基本支出（1 行） 70000.00 元 | 差 2.00 元（尾差）",
        ),
        (
            "69998",
            "tail “206”：基本支出 69998.00 元 | 下级各行基本支出（1 行） 70000.00 元 | 差 -2.00 元（尾差）",
        ),
        ("70003", "error “206”：基本支出 70003.00 元 | 下级各行基本支出（1 行） 70000.00 元 | 差 3.00 元"),
        ("70001.60", "error “206”：基本支出 70001.60 元 | 下级各行基本支出（1 行） 70000.00 元 | 差 1.60 元"),
    ],
)
def test_a_sum_of_three_in_whole_yuan_may_be_off_by_two(sum_, said):
    """Half a 元 for each that tables printed in whole 元 give; one with 角分 was not rounded."""
    grid = f"""支出总体 | 科目代码 | 基本支出
 | 206 | {sum_}
 | 2060501 | 10000
 | 2060502 | 20000
 | 2060503 | 40000
"""
    assert [line for line in told(grid, load("shanghai-2025"), "hierarchy") if "：基本支出" in line] == [said]


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
    (told,) = found(grid, newest, rule.id)
    less, more = Amount(Decimal("4.00"), "money"), Amount(Decimal("5.00"), "money")
    assert [[term.cells for term in side.terms] for side in sides_of(told)] == [
        [told.spots[:1]],
        [told.spots[1:]],
    ]
    assert told.message == "三公经费[公务接待].合计 4.00 | 基本支出[30217].合计 5.00 | 差 -1.00"
    assert told == Finding(
        rule.id,
        Severity.ERROR,
        (
            saying(
                "sides",
                行=None,
                左边=RelationSide((SideTerm("三公经费[公务接待].合计", less),), less),
                右边=RelationSide((SideTerm("基本支出[30217].合计", more),), more),
                差额=Amount(Decimal("-1.00"), "money"),
            ),
        ),
        rule.fix,
        rule.basis,
        (
            Spot("三公经费", "公务接待", "合计", at("三公经费!B2"), "4.00"),
            Spot("基本支出", "30217", "合计", at("基本支出!B4"), "5.00"),
        ),
        Decimal("-1.00"),
    )
    assert told.message == "三公经费[公务接待].合计 4.00 | 基本支出[30217].合计 5.00 | 差 -1.00"
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
    cell = Cell(shown=None if shown is None else Decimal(shown), place=at("支出总体!C1"))
    changed = book.with_tables({"支出总体": replace(table, rows=(row.with_cells({"合计": cell}),))})
    rules = [f.rule for f in check(derive(changed, newest), newest)]
    assert ("formula-differs" in rules) == told


def test_a_formula_that_shows_a_figure_where_nothing_follows_is_told(newest):
    book, _ = read_grid("支出总体 | 科目代码 | 基本支出\n | 2060501 |", newest)
    table = book["支出总体"]
    (row,) = table.rows
    cell = Cell(shown=Decimal("3.00"), place=at("支出总体!C1"))
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
    """The line is looked up by its code: what may be wrong is an amount, that of the same row before others."""
    general = """收入总体 | 科目代码 | 一般公共预算
 | 2060501 | 9.00
一般公共预算支出 | 科目代码 | 合计
 | 2060501 | 5.00
"""
    places = [at for at in spots(general, newest, "income-general")[-1] if "!" in at]
    assert places == ["收入总体!B2", "收入总体!A2", "一般公共预算支出!B4"]
    total = "收入总体 | 科目代码 | 总计\n | 2060501 | 9.00\n支出总体 | 科目代码 | 合计\n | 2060501 | 5.00"
    assert spots(total, newest, "income-expenditure")[-1] == ["收入总体!B2", "收入总体!A2", "支出总体!B4"]


def test_what_a_text_tells_is_called_by_its_column(newest):
    grid = """项目支出 | 科目代码 | 项目名称 | 合计
 | 2060599 | 甲项目 | 5.00
项目说明 | 项目名称 | 资金分配情况
 | 甲项目 | 布展1.00万元，印刷2.50万元
"""
    assert told(grid, newest, "description-sum") == [
        "explain “甲项目”：资金分配情况所列 3.50 | 预算安排规模 5.00 | 差 -1.50"
    ]


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
    assert [(f.message, [told_place(s.place) for s in f.spots]) for f in found(grid, newest, "negative")] == [
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
        (date(2025, 2, 27), True, 2025),
        (date(2025, 9, 30), True, 2025),
        (date(2025, 10, 1), False, 0),
        (date(2026, 12, 31), False, 0),
        (date(2027, 1, 1), True, 2027),
    ],
)
def test_a_day_of_publication_lies_in_the_year_or_late_in_the_one_before(newest, about, told_, year):
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
    assert [
        (f.message, [told_place(s.place) for s in f.spots]) for f in found(grid, newest, "row-without-key")
    ] == [
        ("这一行填了内容，但没有“科目代码”", ["项目支出!B2"]),
        ("这一行填了内容，但没有“项目名称”", ["项目支出!C3"]),
    ]


def test_a_row_that_stands_three_times_is_told_twice_each_with_the_first(newest):
    grid = "支出总体 | 科目代码 | 合计\n | 2060501 | 1.00\n | 2060501 | 2.00\n | 2060502 | 3.00\n | 2060501 | 4.00"
    assert spots(grid, newest, "row-duplicate") == [["支出总体!A3", "支出总体!A2", "支出总体!A5"]]


def test_a_code_that_the_list_does_not_know_is_told_only_with_a_name(newest):
    grid = "支出总体 | 科目代码 | 科目名称 | 合计\n | 2060590 | 自造科目 | 1.00\n | 2060591 | | 2.00"
    assert told(grid, newest, "code-unknown", "code-unnamed") == [
        "note 代码表里没有 2060590（自造科目）",
        "error 科目 2060591 没有名称",
    ]


@pytest.mark.parametrize(("name", "told_"), [("机构运行", False), ("机 构\n运行", False), ("机构运转", True)])
def test_a_code_goes_by_its_official_name(newest, name, told_):
    grid = f"支出总体 | 科目代码 | 科目名称 | 合计\n | 2060501 | {name.replace(chr(10), ' ')} | 1.00"
    lines = told(grid, newest, "code-name")
    assert lines == (["note 2060501 写作“机构运转”，代码表是“机构运行”"] if told_ else [])


OWN_LIST = """
三公经费 | 因公出国
 | 0.00
基本支出 | 科目代码 | 科目名称 | 合计
 | 30202 | 咨询费 | 10000
 | 30203 | 水费 | 10000
 | 30204 | 电费 | 10000
 | 30205 | 邮电费 | 10000
 | 30206 | 差旅费 | 10000
 | 30212 | {名称} | 10000
"""


@pytest.mark.parametrize(
    ("name", "last", "in_workbook", "in_document"),
    [
        ("退休人员活动费", "差旅费", True, False),  # what it says has nothing to do with travelling abroad
        ("因公出国费", "差旅费", True, True),  # reworded
        ("退休人员活动费", "办公用电费用", True, True),  # four names of other codes are no list of its own
    ],
)
def test_a_relation_by_code_is_quiet_in_a_document_whose_table_has_codes_of_its_own(
    name, last, in_workbook, in_document
):
    edition = load("shanghai-2025")
    grid = OWN_LIST.replace("{名称}", name).replace("30206 | 差旅费", f"30206 | {last}")
    book = derive(read_grid(grid, edition)[0], edition)
    found = check(book, edition)
    told_ = [
        "three-public-abroad" in {f.rule for f in each} for each in (found, of_document(found, book, edition))
    ]
    assert told_ == [in_workbook, in_document]


@pytest.mark.parametrize(
    ("code", "lines"),
    [("2060501", ["error 科目 2060501 没有名称"]), ("", [])],
)
def test_a_name_belongs_to_every_code(newest, code, lines):
    book, _ = read_grid(f"支出总体 | 科目代码 | 科目名称 | 合计\n | {code} | | 1.00", newest)
    found_ = [
        f for f in check(book, newest) if f.rule == "code-unnamed"
    ]  # not derived: nothing fills the name
    assert [f"{f.severity.value} {f.message}" for f in found_] == lines


# --- names --------------------------------------------------------------------------------------------------

DEPARTMENT = """单位信息 | 项目 | 内容
 | 单位名称 | 某市科技局
 | 公开主体 | 部门
"""


@pytest.mark.parametrize(
    ("tables", "slip"),
    [
        (("项目支出", "委托业务费 结转结余"), "某市科技讯息中心"),
        (("项目支出 委托业务费", "结转结余"), "某市科技信息中心"),
        (("项目支出", "结转结余"), "某市科技信息中心"),
        (("项目支出 结转结余", "结转结余 委托业务费"), None),
    ],
)
def test_of_two_units_the_one_that_fewer_tables_have_is_the_slip(newest, tables, slip):
    """Of as many tables each, the later one; two that stand side by side in a table are two units."""
    columns = {
        "项目支出": "单位 | 科目代码 | 项目名称",
        "委托业务费": "单位 | 项目名称",
        "结转结余": "单位 | 项目",
    }
    grid = DEPARTMENT
    for name, caption in columns.items():
        grid += f"{name} | {caption} | 合计\n"
        for number, unit in enumerate(("某市科技讯息中心", "某市科技信息中心")):
            if name in tables[number].split():
                code = " | 2060599" if "科目代码" in caption else ""
                grid += f" | {unit}{code} | 项目{number} | 1.00\n"
    other = {"某市科技讯息中心": "某市科技信息中心", "某市科技信息中心": "某市科技讯息中心"}
    said = [] if slip is None else [f"explain 单位写作“{slip}”，别处是“{other[slip]}”"]
    assert told(grid, newest, "unit-variant") == said


@pytest.mark.parametrize(
    ("name", "slip"),
    [
        ("某市科技信息服务中心", False),
        ("某市科技信息服务中心（本级）", False),
        ("001 某市科技信息服务中心", False),
        ("科技信息服务中心", False),
        ("某市科技信息中心", True),
        ("另外的单位", True),
    ],
)
def test_a_unit_alone_knows_itself(newest, name, slip):
    """In short, with its number or with a remark it is still itself; nothing else stands in its tables."""
    grid = f"""单位信息 | 项目 | 内容
 | 单位名称 | 某市科技信息服务中心
 | 公开主体 | 单位
项目支出 | 单位 | 科目代码 | 项目名称 | 合计
 | {name} | 2060599 | 甲项目 | 1.00
"""
    said = [f"explain 单位写作“{name}”，别处是“某市科技信息服务中心”"] if slip else []
    assert told(grid, newest, "unit-variant") == said


def test_projects_are_told_from_their_slips_by_digits_and_remarks(newest):
    grid = """项目支出 | 科目代码 | 项目名称 | 合计
 | 2060599 | 科技人才支持计划 | 1.00
 | 2060599 | 科技人才支持计划第2批 | 1.00
结转结余 | 项目 | 合计
 | 科技人才扶持计划 | 1.00
 | 科技人才支持计划（二期） | 1.00
委托业务费 | 项目名称 | 合计
 | 科技人才支持计划 | 1.00
项目绩效 | 项目名称
 | 科技人才支援计划
 | 科技人才支持计划第3批
 | 科技人才支持计划（本级）
 | 道路养护
"""
    assert told(grid, newest, "item-variant") == [
        "explain 项目写作“科技人才扶持计划”，项目支出等处是“科技人才支持计划”",
        "explain 项目写作“科技人才支援计划”，公开表中是“科技人才支持计划”",
    ]
    assert spots(grid, newest, "item-variant") == [
        ["结转结余!A5", "项目支出!B2", "委托业务费!A8"],
        ["项目绩效!A10", "项目支出!B2", "委托业务费!A8"],
    ]


def test_the_name_that_most_tables_give_a_code_is_taken_for_right(newest):
    """Blanks within it are no other name; a code of one list is not that of another."""
    grid = """支出总体 | 科目代码 | 科目名称 | 合计
 | 2060501 | 机构运转 | 1.00
收入总体 | 科目代码 | 科目名称 | 总计
 | 2060501 | 机构运行 | 1.00
一般公共预算支出 | 科目代码 | 科目名称 | 合计
 | 2060501 | 机 构 运 行 | 1.00
"""
    assert told(grid, newest, "code-variant") == ["explain 2060501 写作“机构运转”，别处是“机构运行”"]
    assert spots(grid, newest, "code-variant") == [["支出总体!B2"]]


# --- texts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("计划支出5万元", None),
        ("计划支出3.00万元", None),
        ("计划支出8.00万元", None),
        ("计划支出9.00万元", "9.00"),
        ("计划支出4.00万元", None),
        ("计划支出10.00万元", None),
        ("计划支出7.01万元", "7.01"),
        ("计划支出1.00万元", "1.00"),
        ("计划支出7.00万元", None),
        ("电费7.01万元", None),
    ],
)
def test_a_budget_that_a_text_tells_is_a_figure_of_its_project_or_the_sum_of_two(newest, text, said):
    """甲项目 has 5.00, 3.00 and 2.00 in one table and 5.00 in another; 乙项目 has others."""
    grid = f"""项目支出 | 科目代码 | 项目名称 | 合计 | 商品和服务支出 | 资本性支出
 | 2060599 | 甲项目 | 5.00 | 3.00 | 2.00
 | 2060599 | 乙项目 | 7.01 | 7.01 |
结转结余 | 项目 | 合计
 | 甲项目 | 5.00
项目说明 | 项目名称 | 资金分配情况
 | 甲项目 | {text}
 | 丙项目 | 计划支出123.00万元
"""
    lines = told(grid, newest, "text-amount")
    assert lines == ([f"explain “甲项目”的资金分配情况说预算是 {said} 万元，各表没有这个数"] if said else [])


def test_a_unit_calls_itself_by_one_word_and_each_is_shown_where_it_stands_first(newest):
    grid = """职能与机构 | 类别 | 内容
 | 主要职能 | 负责本部门党建
 | 主要职能 | 承担本部门统计
 | 主要职能 | 承担本单位其他工作
"""
    assert told(grid, newest, "subject-mixed") == ["explain 文中既称“本单位”，又称“本部门”"]
    assert spots(grid, newest, "subject-mixed") == [["职能与机构!B4", "职能与机构!B2"]]


# --- last year, reasons, shares -----------------------------------------------------------------------------

CHANGED = """收入总体 | 科目代码 | 一般公共预算
 | 2060501 | {}
上年数 | 指标 | 上年预算数
 | 收入：一般公共预算 | {}
增减原因 | 指标 | 原因
 | 收入：一般公共预算 | {}
"""
REASONS = "reason-missing", "reason-direction", "reason-idle"


@pytest.mark.parametrize(
    ("now", "then", "reason", "said"),
    [
        ("5.00", "3.00", "人员增加", []),
        (
            "5.00",
            "3.00",
            "人员减少",
            ["explain “收入 一般公共预算”比上年增加 2.00 万元，原因说的与此不符：人员减少"],
        ),
        ("5.00", "3.00", "人员增加、会议减少", []),
        (
            "5.00",
            "3.00",
            "与上年持平",
            ["explain “收入 一般公共预算”比上年增加 2.00 万元，原因说的与此不符：与上年持平"],
        ),
        ("5.00", "3.00", "上年未安排", []),
        ("5.00", "3.00", "项目未安排，人员减少", []),
        ("5.00", "3.00", "", ["error “收入 一般公共预算”比上年增加 2.00 万元，没有写原因"]),
        ("3.00", "5.00", "人员减少", []),
        (
            "3.00",
            "5.00",
            "人员增加",
            ["explain “收入 一般公共预算”比上年减少 2.00 万元，原因说的与此不符：人员增加"],
        ),
        (
            "5.00",
            "4.99",
            "人员减少",
            ["explain “收入 一般公共预算”比上年增加 0.01 万元，原因说的与此不符：人员减少"],
        ),
        ("5.00", "5.00", "与上年持平", []),
        ("5.00", "5.00", "人员增加", ["note “收入 一般公共预算”与上年相同，原因却说有变化：人员增加"]),
        ("5.00", "5.00", "", []),
        ("5.00", "", "人员增加", []),
    ],
)
def test_a_reason_speaks_of_the_change_that_there_is(newest, now, then, reason, said):
    assert told(CHANGED.format(now, then, reason), newest, *REASONS) == said


@pytest.mark.parametrize(
    ("now", "then", "said"),
    [
        ("5.00", "", ["error “收入 一般公共预算”没有上年预算数（本年：5.00）"]),
        ("", "", ["error “收入 一般公共预算”没有上年预算数（本年：没有）"]),
        ("0.00", "", ["error “收入 一般公共预算”没有上年预算数（本年：0.00）"]),
        ("5.00", "0.00", []),
    ],
)
def test_last_year_is_wanted_of_what_is_always_told(newest, now, then, said):
    lines = told(CHANGED.format(now, then, "人员增加"), newest, "prior-missing")
    assert [line for line in lines if "“收入 一般公共预算”" in line] == said


def test_last_year_is_not_wanted_of_what_there_is_not(newest):
    wanted = [
        f.spots[0].row
        for f in found("支出总体 | 科目代码 | 基本支出\n | 2060501 | 1.00", newest, "prior-missing")
    ]
    assert "支出：基本支出" in wanted
    assert "支出：项目支出" not in wanted


def test_last_year_of_a_code_that_is_gone_is_told_and_of_one_that_stays_is_not(newest):
    grid = """一般公共预算支出 | 科目代码 | 基本支出
 | 2060501 | 1.00
上年数 | 指标 | 科目代码 | 上年预算数
 | 一般公共预算支出 | 2060501 | 1.00
 | 一般公共预算支出 | 2060502 | 1.00
 | 运行经费 | | 1.00
"""
    assert told(grid, newest, "figure-unused") == ["note “一般公共预算支出/2060502”本年没有金额"]


@pytest.mark.parametrize(("remainder", "told_"), [("0.05", True), ("0.01", True), ("0.009", False)])
def test_shares_that_rounding_leaves_short_are_told_up_to_a_bound(newest, remainder, told_):
    review = replace(newest.review, remainder=Decimal(remainder))
    edition = replace(newest, review=review)
    grid = "收入总体 | 科目代码 | 总计 | 一般公共预算 | 政府性基金预算 | 财政专户\n | 2060501 | 3.00 | 1.00 | 1.00 | 1.00"
    lines = told(grid, edition, "share-remainder")
    assert lines == (["note “收入”各项占比相加 99.99%，与 100.00% 差 -0.01"] if told_ else [])


def test_shares_that_make_a_whole_are_not_told(newest):
    grid = "收入总体 | 科目代码 | 总计 | 一般公共预算 | 财政专户\n | 2060501 | 4.00 | 1.00 | 3.00"
    assert told(grid, newest, "share-remainder") == []


# --- departments --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "units", "out", "more", "said"),
    [
        ("100.00", "130.00", "30.00", "", None),
        ("100.00", "130.00", "30.00", "0.00", None),
        ("105.00", "130.00", "30.00", "5.00", None),
        ("100.02", "130.00", "30.00", "0.00", None),
        ("99.98", "130.00", "30.00", "0.00", None),
        ("100.03", "130.00", "30.00", "0.00", "0.03"),
        ("99.97", "130.00", "30.00", "0.00", "-0.03"),
    ],
)
def test_a_total_is_that_of_the_units_less_what_is_eliminated(newest, own, units, out, more, said):
    """Four figures, each rounded by itself: two cents."""
    grid = f"""支出总体 | 科目代码 | 合计
 | 总计 | {own}
差额表 | 表 | 行 | 列 | 单位合计 | 内部抵销 | 本级调整
 | 支出总体 | 总计 | 合计 | {units} | {out} | {more}
 | 没有的表 | 总计 | 合计 | 1.00 | |
"""
    lines = told(grid, newest, "consolidation-balance")
    assert [line.rpartition("差 ")[2] for line in lines] == ([said] if said else [])


def test_a_total_that_the_units_do_not_explain_is_told_with_all_its_parts(newest):
    grid = """支出总体 | 科目代码 | 合计
 | 总计 | 108.00
差额表 | 表 | 行 | 列 | 单位合计 | 内部抵销 | 本级调整
 | 支出总体 | 总计 | 合计 | 130.00 | 30.00 | 5.00
 | 支出总体 | 206 | 合计 | 7.00 | |
"""
    total = "支出总体[总计].合计 108.00 | 单位合计 130.00 - 内部抵销 30.00 + 本级调整 5.00 = 105.00 | 差 3.00"
    missing = "支出总体[206].合计 0.00 | 单位合计 7.00 - 内部抵销 0.00 + 本级调整 0.00 = 7.00 | 差 -7.00"
    assert told(grid, newest, "consolidation-balance") == [f"error {total}", f"error {missing}"]
    assert spots(grid, newest, "consolidation-balance") == [["差额表!F4", "支出总体!B2"], ["差额表!F5"]]


# --- requirements in words ----------------------------------------------------------------------------------


def test_a_requirement_is_told_in_its_words_with_the_cells_of_its_row(newest):
    """Each cell that it reads of the row once; of a row that it only counts by, the cell that it names."""
    grid = """项目支出 | 科目代码 | 项目名称 | 其他支出
 | 2060599 | 甲项目 | 1.00
 | 2060599 | 乙项目 | 1.00
项目说明 | 项目名称 | 资金执行时间
 | 甲项目 | 2024年至2026年
采购与资产 | 项目 | 数量 | 金额
 | 车辆 | |
整体绩效指标 | 一级指标 | 三级指标 | 指标值 | 分值权重
 | 产出 | 场次 | | 10
单位信息 | 项目 | 内容
 | 预算年度 | 2026
"""
    asked = "description-missing", "description-period", "overall-indicator-text"
    assert told(grid, newest, *asked) == [
        "error “乙项目”在“项目说明”页没有对应的行",
        "explain “甲项目”的执行时间“2024年至2026年”不全在 2026 年内",
        "error 有权重 10 的指标没有写三级指标或指标值",
    ]
    assert [spots(grid, newest, rule) for rule in asked] == [
        [["项目支出!B3"]],
        [["项目说明!B5"]],
        [["整体绩效指标!B9", "整体绩效指标!C9"]],
    ]
    (blank,) = (f for f in found(grid, newest, "assets-blank") if "“车辆”" in f.message)
    assert [told_place(spot.place) for spot in blank.spots] == ["采购与资产!B7", "采购与资产!C7"]


def test_a_requirement_of_no_row_names_all_cells_that_it_reads(newest):
    grid = "单位信息 | 项目 | 内容\n | 金额单位 | 元\n支出总体 | 科目代码 | 合计\n | 总计 | 100.00\n | 2060501 | 100.00"
    assert told(grid, newest, "money-unit-small") == [
        "explain “单位信息”的金额单位是“元”，支出总计合 0.01 万元，可能填的是万元（相差一万倍）"
    ]
    assert spots(grid, newest, "money-unit-small") == [["支出总体!B4"]]
    assert spots("", newest, "money-missing") == [["收支总体[收入总计].预算数", "收支总体[支出总计].预算数"]]
    assert spots("", newest, "functions-missing") == [[]]


@pytest.mark.parametrize(
    ("granted", "said"),
    [("9.99", False), ("10.00", False), ("10.01", False), ("10.02", True), ("9.98", True), ("", True)],
)
def test_the_grant_of_a_project_may_be_off_by_a_cent(newest, granted, said):
    grid = f"""项目支出 | 科目代码 | 项目名称 | 合计
 | 2060599 | 甲项目 | 10.00
项目绩效 | 项目名称 | 财政拨款
 | 甲项目 | {granted}
"""
    assert bool(told(grid, newest, "performance-amount")) == said


def test_what_could_not_be_read_is_told_once_and_rules_of_code_say_no_more_of_it(newest):
    """The cell holds an error: that something required lacks there is not told again."""
    grid = "职能与机构 | 类别 | 内容\n | 主要职能 |"
    torn = finding(
        "cell-error", Severity.ERROR, "", spots=(Spot("职能与机构", "", "内容", at("职能与机构!B2")),)
    )
    book, read = read_grid(grid, newest)
    derived = derive(book, newest)
    asked = [
        [
            told_place(f.spots[0].place)
            for f in check(derived, newest, (*read, *more))
            if f.rule == "required-missing" and told_place(f.spots[0].place)
        ]
        for more in ((), (torn,))
    ]
    assert asked == [["职能与机构!B2"], []]


# --- secret items -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told_"),
    [
        ("由特定目标2410010U承担", True),
        ("由特定目标（2410010U）承担", True),
        ("第一行\n特定目标 ABC", True),
        ("特定目标241", True),
        ("特定目标24", False),
        ("特定目标管理", False),
        ("2410010U", False),
    ],
)
def test_the_code_of_a_secret_item_within_a_text_is_told(newest, text, told_):
    book, _ = read_grid("职能与机构 | 类别 | 内容\n | 主要职能 | 统计", newest)
    (row,) = book["职能与机构"].rows
    changed = row.with_cells({"内容": replace(row["内容"], value=text)})
    derived = derive(book.with_tables({"职能与机构": Table("职能与机构", (changed,))}), newest)
    assert [told_place(f.spots[0].place) for f in check(derived, newest) if f.rule == "secret-inside"] == (
        ["职能与机构!B2"] if told_ else []
    )


def test_the_name_of_a_secret_item_is_where_its_code_belongs(newest):
    """It is told of texts beside it, and neither of the name itself nor of amounts."""
    grid = """项目支出 | 科目代码 | 项目名称 | 其他支出
 | 2060599 | 特定目标2410010U | 1.00
项目绩效 | 项目名称 | 预算单位
 | 甲项目 | 特定目标2410010U
"""
    told = read_grid(grid, newest)[1]
    assert [(f.rule, [told_place(s.place) for s in f.spots]) for f in told] == [
        ("secret-text", ["项目绩效!B4"])
    ]


@pytest.mark.parametrize(
    ("name", "told_"), [("特定目标2410010U", False), ("2410010U", True), ("普通项目", False)]
)
def test_what_looks_like_a_secret_code_has_to_be_marked(newest, name, told_):
    grid = f"项目支出 | 科目代码 | 项目名称 | 其他支出\n | 2060599 | {name} | 1.00"
    said = [f"error 名称里有 {name}，像涉密项目的代码，却没有写“特定目标”"] if told_ else []
    assert told(grid, newest, "secret-unmarked") == said
    assert spots(grid, newest, "secret-unmarked") == ([["项目支出!B2"]] if told_ else [])
