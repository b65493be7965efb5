"""The figures of the narrative, what is not known of them, and last year's: to the cent, and blank apart from zero."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budgetgen.book.derivation import derive
from budgetgen.book.figures import change_of, figure_name, with_figures
from budgetgen.checking.checks import check
from budgetgen.checking.unread import Unread
from budgetgen.edition import load
from budgetgen.edition.declarations import FIGURES, FigureColumn
from budgetgen.reading.grid import read_grid
from budgetgen.values.findings import Severity, Spot
from budgetgen.values.model import Cell, Row
from budgetgen.years.priors import Last, differing, priors, with_priors
from tests.findings import at, finding

GRID = """单位信息 | 项目 | 内容
 | 首次安排增长率 | {base}
收入总体 | 科目代码 | 单位资金
 | 2060501 | {now}
上年数 | 指标 | 上年预算数 | 增减率
 | 收入：单位资金 | {then} | {rate}
"""


def figure(edition, now, then, rate="", base="", key="收入：单位资金"):
    """A figure as `verb change rate`, by the columns of its change; empty where it is not known."""
    book, _ = read_grid(GRID.format(now=now, then=then, rate=rate, base=base), edition)
    row = with_figures(derive(book, edition), edition)[FIGURES].get(key)
    told = (FigureColumn.DIRECTION, FigureColumn.TREND, FigureColumn.CHANGE, FigureColumn.RATE)
    return " ".join(row.text(column) for column in told).strip(), change_of(row)


@pytest.mark.parametrize(
    ("now", "then", "said", "change"),
    [
        ("60.00", "50.00", "增加 增长 10.00 20.00", "10.00"),
        ("50.00", "60.00", "减少 下降 10.00 16.67", "-10.00"),
        ("50.00", "50.00", "增加 增长 0.00 0.00", "0"),
        ("50.004", "50.00", "增加 增长 0.00 0.00", "0"),
        ("50.005", "50.00", "增加 增长 0.01 0.02", "0.01"),
        ("0.00", "50.00", "减少 下降 50.00 100.00", "-50.00"),
        ("", "50.00", "减少 下降 50.00 100.00", "-50.00"),
        ("0.00", "0.00", "增加 增长 0.00 0.00", "0"),
        ("0.00", "", "", None),
        ("0.005", "", "", None),
        ("", "", "", None),
        ("50.00", "", "", None),
    ],
)
def test_a_change_is_worked_from_printed_amounts(newest, now, then, said, change):
    """Where last year is blank nothing is told of it: what nobody filled in is no zero, and nothing stayed the same."""
    assert figure(newest, now, then) == (said, None if change is None else Decimal(change))


def test_a_rate_that_was_published_is_kept_and_from_nothing_there_is_none(newest):
    assert figure(newest, "60.00", "50.00", "20.01")[0] == "增加 增长 10.00 20.01"
    assert figure(newest, "60.00", "0.00")[0].startswith("增加 增长 60.00")
    assert figure(newest, "60.00", "0.00", "7.00")[0] == figure(newest, "60.00", "0.00")[0]


@pytest.mark.parametrize(
    ("part", "rest", "share"),
    [
        ("1.00", "2.00", "33.33"),
        ("2.00", "1.00", "66.67"),
        ("", "3.00", "0.00"),
        ("0.00", "0.00", ""),
        ("", "", ""),
    ],
)
def test_a_share_is_one_of_something(newest, part, rest, share):
    grid = f"收入总体 | 科目代码 | 单位资金 | 财政专户\n | 2060501 | {part} | {rest}"
    book = with_figures(derive(read_grid(grid, newest)[0], newest), newest)
    assert book[FIGURES].get("收入：单位资金").text(FigureColumn.SHARE) == share


def test_a_figure_is_called_by_group_code_and_name_each_once():
    def called(**texts):
        return figure_name(Row("", "", None, {column: Cell(text) for column, text in texts.items()}))

    names = FigureColumn.ID, FigureColumn.GROUP, FigureColumn.CODE, FigureColumn.NAME
    said = [
        called(**dict(zip(names, texts, strict=True)))
        for texts in (
            ("一", "收入", None, "单位资金"),
            ("一", "支出", "2060501", "机构运行"),
            ("一", "运行经费", None, "运行经费"),
            ("一", None, None, "甲"),
            (None, "收入", None, "单位资金"),
        )
    ]
    assert said == ["收入 单位资金", "支出 2060501 机构运行", "运行经费", "甲", ""]


# --- what could not be read ---------------------------------------------------------------------------------

TORN = """收入总体 | 科目代码 | 总计 | 一般公共预算 | 单位资金
 | 2060501 | 9.00 | | 4.00
 | 2080505 | 3.00 | | 3.00
支出总体 | 科目代码 | 合计 | 基本支出
 | 2060501 | 8.00 | 8.00
 | 2080505 | 4.00 | 3.00
"""


def complaints(edition, *read):
    """What relations say of a Book of which something was not read: rule and row."""
    book, _ = read_grid(TORN, edition)
    asked = (
        "income-row",
        "expenditure-row",
        "hierarchy",
        "income-expenditure",
        "summary-income-table",
        "summary-balance",
    )
    return [(f.rule, f.spots[0].row) for f in check(derive(book, edition), edition, read) if f.rule in asked]


def not_read(place, severity=Severity.ERROR, rule="cell-error", table="收入总体", column="一般公共预算"):
    return finding(rule, severity, "", spots=(Spot(table, "2060501", column, at(place) if place else None),))


def test_only_what_follows_from_a_cell_that_could_not_be_read_is_silent(newest):
    """The blank amount of 2060501 may be what lacks to 9.00: its line, the sums above and what compares them."""
    every = complaints(newest)
    torn = complaints(newest, not_read("收入总体!C2"))
    assert ("income-row", "2060501") in every
    assert ("expenditure-row", "2080505") in torn, "it has nothing to do with it"
    assert ("income-expenditure", "2080505") in torn
    assert ("income-expenditure", "2060501") in torn, "the total of the line was given"
    assert ("income-row", "2060501") not in torn
    assert ("hierarchy", "206") not in torn
    assert set(torn) < set(every)


@pytest.mark.parametrize(
    "read",
    [
        not_read("收入总体!C9"),
        not_read("收入总体!C2", Severity.EXPLAIN),
        not_read("收入总体!D2"),
        not_read(""),
        not_read("收入总体!C2", rule="column-missing", column="科目名称"),
    ],
    ids=["elsewhere", "no error", "read all the same", "nowhere", "another column"],
)
def test_all_else_is_complained_of(newest, read):
    assert complaints(newest, read) == complaints(newest)


def test_of_a_column_or_a_table_that_is_absent_nothing_is_known(newest):
    column = complaints(newest, not_read("", rule="column-missing"))
    assert ("income-row", "2060501") not in column
    assert ("income-row", "2080505") not in column
    assert ("expenditure-row", "2080505") in column
    table = complaints(newest, not_read("", rule="sheet-missing", column=""))
    assert table == [one for one in complaints(newest) if one in table]
    assert {rule for rule, _ in table} == {"expenditure-row", "hierarchy"}


def test_figures_worked_from_what_could_not_be_read_are_not_known(newest):
    """What the other line comes to is not the sum; a figure of another column, and its name, are known."""
    grid = """支出总体 | 科目代码 | 基本支出 | 项目支出
 | 2060501 | | 1.00
 | 2080505 | 3.00 | 2.00
"""
    book = derive(read_grid(grid, newest)[0], newest)
    unread = Unread.of(book, newest, [not_read("支出总体!B2", table="支出总体", column="基本支出")])
    figured = unread.certain(with_figures(book, newest))[FIGURES]
    keys = "支出：基本支出", "支出：项目支出"
    assert [figured.get(key).text(FigureColumn.AMOUNT) for key in keys] == ["", "3"]
    assert [figured.get(key).text(FigureColumn.NAME) for key in keys] == ["基本支出", "项目支出"]
    assert set(map(str, unread.places)) == {"支出总体!B2"}


# --- last year's amounts ------------------------------------------------------------------------------------


def last(grid, absent=()):
    edition = load("xinjiang-2025")
    book, _ = read_grid(grid, edition)
    return Last(derive(book, edition), edition, frozenset(absent))


SPENT = """一般公共预算支出 | 科目代码 | 基本支出
 | 2060501 | 5.00
 | 2060599 | 2.00
 | 2060501 | 1.50
"""


def test_amounts_of_one_code_in_two_rows_are_added_up(newest):
    known = priors(last(SPENT), newest)
    found = {key: known.get(f"一般公共预算支出/{key}") for key in ("2060501", "2060599", "2069901")}
    assert {key: (str(cell.value), cell.terms) for key, cell in found.items()} == {
        "2060501": ("6.5", 2),
        "2060599": ("2", 1),
        "2069901": ("0", 0),
    }
    assert known.get("没有的表/2060501") is None
    assert known.get("没有的数") is None


def test_a_code_is_not_known_where_its_table_lacks(newest):
    known = priors(last("", ["一般公共预算支出"]), newest)
    assert known.get("一般公共预算支出/2060501") is None
    assert known.get("政府性基金预算支出/2060501").value == 0


@pytest.mark.parametrize(
    ("own", "difference"),
    [
        ("6.50", None),
        ("6.505", None),
        ("6.495", None),
        ("6.506", "0.006"),
        ("6.494", "-0.006"),
        ("6.51", "0.01"),
        ("", None),
    ],
)
def test_last_years_amount_may_be_off_by_half_a_cent(newest, own, difference):
    grid = f"上年数 | 指标 | 科目代码 | 上年预算数\n | 一般公共预算支出 | 2060501 | {own}"
    book, _ = read_grid(grid, newest)
    found = list(differing(book, newest, "去年.docx", priors(last(SPENT), newest)))
    assert [f.difference for f in found] == ([] if difference is None else [Decimal(difference)])


def test_a_differing_amount_is_told_with_both_places(newest):
    grid = "上年数 | 指标 | 科目代码 | 上年预算数\n | 一般公共预算支出 | 2060599 | 3.00\n | 一般公共预算支出 | 2069901 | 1.00"
    book, _ = read_grid(grid, newest)
    known = priors(last("一般公共预算支出 | 科目代码 | 合计\n | 2060599 | 2.00"), newest)
    assert [f.message for f in differing(book, newest, "去年.docx", known)] == [
        "“一般公共预算支出/2060599”：示例!上年数!C2 3.00 | 去年.docx!一般公共预算支出!B2 2.00 | 差 1.00",
        "“一般公共预算支出/2069901”：示例!上年数!C3 1.00 | 去年.docx!（推算） 0.00 | 差 1.00",
    ]


def test_blank_amounts_are_filled_from_last_year_and_given_ones_stay(newest):
    grid = """一般公共预算支出 | 科目代码 | 基本支出
 | 2060501 | 9.00
 | 2060599 | 9.00
 | 2060599 | 1.00
 | 2060502 | 9.00
上年数 | 指标 | 科目代码 | 上年预算数
 | 一般公共预算支出 | 2060501 | 1.00
 | 运行经费 | | 4.00
"""
    book, _ = read_grid(grid, newest)
    filled = with_priors(book, newest, priors(last(SPENT), newest))["上年数"]
    rows = [(row.key, str(row["上年预算数"].value), row["上年预算数"].given) for row in filled.rows]
    told = [row for row in rows if row[0].startswith(("一般公共预算支出", "运行", "支出：基本"))]
    assert told == [
        ("支出：基本支出", "0", False),
        ("运行经费", "4", True),
        ("一般公共预算支出/2060501", "1", True),
        ("一般公共预算支出/2060599", "2", False),
        ("一般公共预算支出/2060502", "0", False),
    ]


# --- reasons ------------------------------------------------------------------------------------------------


def reasons(edition, rows, *, proposals=False, spent="3.00"):
    """The reasons of the figures that have one."""
    grid = f"""支出总体 | 科目代码 | 基本支出
 | 2060501 | {spent}
一般公共预算支出 | 科目代码 | 基本支出
 | 2060501 | 3.00
上年数 | 指标 | 上年预算数
 | 支出：基本支出 | 2.00
 | 一般公共预算：基本支出 | 2.00
增减原因 | 指标 | 原因
{rows}"""
    book = with_figures(derive(read_grid(grid, edition)[0], edition), edition, proposals=proposals)
    told = {row.key: row.text(FigureColumn.REASON) for row in book[FIGURES].rows}
    return {key: text for key, text in told.items() if text}


def test_a_reason_that_nobody_accepted_is_none_but_in_a_draft(newest):
    """What is written beside it stays."""
    mark = newest.drafting.mark
    rows = f" | 支出：基本支出 | {mark}人员增加\n | 运行经费 | 新增设备"
    assert reasons(newest, rows) == {"运行经费": "新增设备"}
    assert reasons(newest, rows, proposals=True)["支出：基本支出"] == f"{mark}人员增加"
    assert reasons(newest, " | 支出：基本支出 | 人员增加") == {
        "支出：基本支出": "人员增加",
        "一般公共预算：基本支出": "人员增加",
    }


def test_a_reason_serves_another_figure_only_where_both_years_are_the_same(newest):
    written = " | 支出：基本支出 | 人员增加"
    assert set(reasons(newest, written)) == {"支出：基本支出", "一般公共预算：基本支出"}
    assert set(reasons(newest, written, spent="4.00")) == {"支出：基本支出"}
    own = f"{written}\n | 一般公共预算：基本支出 | 另有原因"
    assert reasons(newest, own)["一般公共预算：基本支出"] == "另有原因"


def test_a_figure_is_listed_by_its_short_name_or_its_name_and_knows_the_rows_above(newest):
    grid = "一般公共预算支出 | 科目代码 | 科目名称 | 基本支出\n | 2060501 | 机构运行 | 3.00"
    book = with_figures(derive(read_grid(grid, newest)[0], newest), newest)
    row = book[FIGURES].get("一般公共预算支出/2060501")
    above = [row.text(level) for level in ("类", "款", "项")]
    assert above == ["科学技术支出", "科技条件与服务", "机构运行"]
    for figure in newest.figure:
        if not figure.each:
            listed = book[FIGURES].get(figure.id).text(FigureColumn.LISTED)
            assert listed == (figure.listed or figure.name)
