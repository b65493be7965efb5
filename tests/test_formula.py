"""The formula language, held against its own description: blanks, zeros, texts, and the figures that were rounded."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from budgetgen.edition import available, load
from budgetgen.formula.evaluation import Scope, evaluate, holds, key_of, kind_of
from budgetgen.formula.nodes import tables_named
from budgetgen.formula.reader import FormulaError
from budgetgen.reading.grid import read_grid
from budgetgen.values.model import Cell, Row

EDITION = load(available()[0])
BOOK, _ = read_grid(
    """支出总体 | 科目代码 | 科目名称 | 合计 | 基本支出 | 项目支出
 | 总计 | | 12.00 | 7.00 | 5.00
 | 2060501 | 机构运行 | 7.00 | 7.00 |
 | 2060599 | 其他 | 3.00 | | 3.00
 | 2080505 | 养老 | 2.00 | 0.00 | 2.00
项目支出 | 科目代码 | 项目名称 | 合计
 | 2060599 | 甲项目 | 3.00
 | 2080505 | 乙项目 | 2.00
""",
    EDITION,
)
ROW = Row(
    "2060501",
    "项",
    None,
    {
        "科目代码": Cell("2060501"),
        "科目名称": Cell("机构运行"),
        "合计": Cell(Decimal("7.005"), terms=3),
        "基本支出": Cell(Decimal("0.00"), terms=1),
    },
)


def worked(formula, row=ROW):
    scope = Scope(BOOK, {"": ("支出总体", row)})
    return evaluate(EDITION.formula(formula, each="支出总体"), scope)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("合计 + 项目支出", "7.005"),
        ("项目支出 - 合计", "-7.005"),
        ("项目支出 + 项目支出", None),
        ("基本支出 + 项目支出", "0.00"),
        ("合计 * 2 - 1 / 4", "13.760"),
        ("合计 * 项目支出", None),
        ("合计 / 项目支出", None),
        ("合计 / 基本支出", None),
        ("合计 / (基本支出 + 2)", "3.5025"),
        ("科目代码 * 2", None),
        ("合计 + 科目代码", "7.005"),
        ("占比(合计, 合计)", "100.00"),
        ("占比(1, 3)", "33.33"),
        ("占比(2, 3)", "66.67"),
        ("占比(合计, 3)", "233.67"),
        ("占比(1, 0.004)", None),
        ("占比(1, 0.005)", "10000.00"),
        ("占比(1, 项目支出)", None),
        ("占比(项目支出, 3)", "0.00"),
        ("占比(1, 科目代码)", None),
        ('所列("甲1.50万元，乙2万元")', "3.50"),
        ('所列("甲")', None),
        ('所列数("甲1.50万元，乙2万元")', "2"),
        ('所列数("甲")', "0"),
        ('所列第("甲1.50万元，乙2万元", 1)', "1.50"),
        ('所列第("甲1.50万元，乙2万元", 2)', "2"),
        ('所列第("甲1.50万元，乙2万元", 3)', None),
        ('所列第("甲1.50万元，乙2万元", 0)', None),
        ('数("≥95%")', "95"),
        ('数("很高")', None),
        ("数(合计)", "7.005"),
        ('年外("2025年和2026年、2027年", 2026)', "2"),
        ('年外("2026 年", 2026)', "0"),
        ('年外("1999年", 2026)', "0"),
        ("个数(行 for 行 in 支出总体)", "3"),
        ("个数(行 for 行 in 支出总体.类)", "0"),
        ("个数(行 for 行 in 支出总体 if 行.基本支出 == 0)", "2"),
        ("个数(行 for 行 in 支出总体 if 填(行.基本支出))", "2"),
        ("个数(行 for 行 in 支出总体 if 有(行.基本支出))", "1"),
        ("求和(行.合计 for 行 in 支出总体)", "12.00"),
        ("求和(行.项目支出 for 行 in 支出总体)", "5.00"),
        ("求和(行.合计 for 行 in 支出总体 if 行.合计 > 2 if 行.合计 < 7)", "3.00"),
        ('求和(行.合计 for 行 in 支出总体 if 行.科目代码 == "别的")', None),
        ("求和(求和(项.合计 for 项 in 项目支出 if 项.科目代码 == 行.科目代码) for 行 in 支出总体)", "5.00"),
        ("支出总体[总计].合计", "12.00"),
        ("支出总体[科目代码].合计", "7.00"),
        ("支出总体[2069901].合计", None),
    ],
)
def test_numbers(formula, value):
    result = worked(formula).value
    assert result == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("formula", "truth"),
    [
        ("有(合计)", True),
        ("有(基本支出)", False),
        ("有(项目支出)", False),
        ('有("")', False),
        ("有(科目名称)", True),
        ("填(基本支出)", True),
        ("填(项目支出)", False),
        ('填("")', False),
        ("项目支出 == 0", True),
        ("项目支出 < 1", True),
        ("项目支出 >= 0", True),
        ("项目支出 > 0", False),
        ('项目支出 == ""', True),
        ("合计 == 7.005", True),
        ("合计 != 7.005", False),
        ("合计 <= 7.005", True),
        ("合计 < 7.005", False),
        ("合计 >= 7.006", False),
        ('科目代码 == "2060501"', True),
        ("科目代码 == 2060501", True),
        ("科目代码 == 合计", False),
        ('科目代码 < "2060502"', True),
        ('前缀(科目代码, "206")', True),
        ('前缀("206", 科目代码)', False),
        ('包含(科目名称, "运")', True),
        ('包含("运", 科目名称)', False),
        ("not 有(合计)", False),
        ("not 有(项目支出)", True),
        ("有(合计) and 有(项目支出)", False),
        ("有(合计) or 有(项目支出)", True),
        ("有(项目支出) or 有(基本支出) or 有(合计)", True),
        ("有(合计) and 填(基本支出) and 有(项目支出)", False),
        ('提到("共1.50万元", 1.5)', True),
        ('提到("共1.50万元", 1.504)', True),
        ('提到("共1.50万元", 1.505)', False),
        ('提到("共15万元", 1.5)', False),
        ('相近("科技中心", "科技中心（本级）")', True),
        ('相近("某市科技中心", "科技中心")', True),
        ('相近("科技信息中心", "科技信息服务中心")', True),
        ('相近("教育局", "科学技术局")', False),
    ],
)
def test_conditions(formula, truth):
    """Blank is zero beside a number and empty beside a text; a text beside a number is compared as it reads."""
    scope = Scope(BOOK, {"": ("支出总体", ROW)})
    assert holds(EDITION.formula(formula, each="支出总体"), scope) == truth


@pytest.mark.parametrize(
    ("formula", "terms"),
    [
        ("合计", 3),
        ("项目支出", 0),
        ("合计 + 基本支出", 4),
        ("合计 - 基本支出", 4),
        ("合计 * 2", 3),
        ("合计 / 2", 3),
        ("5", 0),
        ("求和(行.合计 for 行 in 支出总体)", 3),
        ("求和(行.项目支出 for 行 in 支出总体)", 2),
        ("个数(行 for 行 in 支出总体)", 0),
        ('所列("甲1.50万元，乙2万元")', 2),
        ('所列第("甲1.50万元，乙2万元", 2)', 1),
        ("占比(合计, 合计)", 0),
    ],
)
def test_how_many_rounded_figures_are_in_a_value(formula, terms):
    assert worked(formula).terms == terms


@pytest.mark.parametrize(
    ("formula", "read"),
    [
        ("合计 + 支出总体[总计].项目支出", ["2060501 合计", "总计 项目支出"]),
        ("支出总体[2069901].合计 == 1", ["2069901 合计"]),
        ("求和(行.合计 for 行 in 支出总体 if 行.合计 > 2)", ["2060501 合计", "2060599 合计"]),
        ("有(合计) and 有(基本支出) and 有(科目名称)", ["2060501 合计", "2060501 基本支出"]),
        ("有(合计) or 有(基本支出)", ["2060501 合计"]),
    ],
)
def test_cells_that_were_read_in_order(formula, read):
    """Not those of conditions, and not those that no longer matter."""
    scope = Scope(BOOK, {"": ("支出总体", ROW)})
    evaluate(EDITION.formula(formula, each="支出总体"), scope)
    assert [f"{reference.key} {reference.column}" for reference in scope.read] == read


@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        ("合计", "money"),
        ("科目代码", "code"),
        ("支出总体[总计].合计", "money"),
        ("5", "number"),
        ('"五"', "text"),
        ("个数(行 for 行 in 支出总体)", "count"),
        ("求和(行.合计 for 行 in 支出总体)", "money"),
        ("合计 * 2", "money"),
        ("2 * 合计", "money"),
        ("合计 + 基本支出", "money"),
        ("占比(合计, 合计)", "percent"),
        ("所列(科目名称)", "money"),
        ("所列数(科目名称)", "count"),
        ("所列第(科目名称, 1)", "money"),
        ("数(科目名称)", "number"),
        ("年外(科目名称, 2026)", "count"),
        ("有(合计)", "text"),
        ("合计 == 1", "text"),
    ],
)
def test_kinds_of_values(formula, kind):
    assert kind_of(EDITION.formula(formula, each="支出总体")) == kind


@pytest.mark.parametrize(
    ("formula", "tables"),
    [
        ("合计 + 1", []),
        ("收入总体[支出总体[总计].科目代码].总计", ["收入总体", "支出总体"]),
        (
            "求和(收入总体[行.科目代码].总计 for 行 in 支出总体 if 有(三公经费[总计].合计))",
            ["支出总体", "收入总体", "三公经费"],
        ),
        ("有(收入总体[总计].总计) and not 有(三公经费[总计].合计)", ["收入总体", "三公经费"]),
    ],
)
def test_tables_that_a_formula_names(formula, tables):
    assert list(tables_named(EDITION.formula(formula, each="支出总体"))) == tables


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("合计 +", "写法有误"),
        ("True", "不能写 True/False"),
        ("合记", "没有叫这个名字的列或名称，您是否指“合计”"),
        ("支出总休[总计].合计", "没有这张表，您是否指“支出总体”"),
        ("支出总体[总计].合记", "没有这一列"),
        ("收支总体[甲].预算数", "没有这一行"),
        ('收支总体["甲"].预算数', "没有这一行"),
        ("支出总体[甲].合计", "没有这一行，这张表的行写代码"),
        ("有(合计, 合计)", "应写成 有(值)"),
        ("求和(合计)", "应写成 求和(行.列 for 行 in 表 if 条件)"),
        ("求和((行.合计 for 行 in 支出总体), 1)", "应写成 求和(行.列 for 行 in 表 if 条件)"),
        ("取整(合计)", "没有这个函数"),
        ("求和(行.合计 for 行 in 支出总体.节)", "没有这一级"),
        ("求和(行.合计 for 行 in 支出总体 for 项 in 支出总体)", "应写成 求和(行.列 for 行 in 表 if 条件)"),
        ("求和(行.合计 for 行 in [1])", "不能在“[1]”上求和"),
        ("合计 ** 2", "公式中不能用"),
        ("1 < 合计 < 2", "公式中不能用"),
        ("合计.甲.乙", "应写成 表[行].列 或 行.列"),
    ],
)
def test_what_is_no_formula_is_refused_with_its_reason(formula, said):
    with pytest.raises(FormulaError, match=re.escape(said)):
        EDITION.formula(formula, each="支出总体")


def test_a_key_is_made_of_what_there_is():
    assert [key_of(parts) for parts in (["甲", "", "乙"], ["", ""], [], ["甲"])] == ["甲/乙", "", "", "甲"]
