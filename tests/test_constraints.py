"""Relations as bounds on changes: the coefficients, how far rounding reaches, and what a table lacks."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.edition import available, load
from budgetgen.formula.evaluation import Scope, evaluate
from budgetgen.formula.linear import Linear, Place, combined, linear
from budgetgen.localisation.constraints import Constraint, constraints
from budgetgen.localisation.lacking import with_lacking
from budgetgen.localisation.lines import Lines
from budgetgen.reading.grid import read_grid
from budgetgen.values.findings import Finding, Severity, Spot
from budgetgen.values.model import Cell, Row
from budgetgen.values.places import told_place
from tests.findings import at, finding

EDITION = load(available()[0])


# --- formulas as sums ---------------------------------------------------------------------------------------

ROW = Row(
    "2060501",
    "项",
    None,
    {
        "科目代码": Cell("2060501"),
        "合计": Cell(Decimal("10.00"), terms=1),
        "基本支出": Cell(Decimal("7.00"), terms=1),
        "科目名称": Cell("机构运行"),
    },
)
LINES = """支出总体 | 科目代码 | 基本支出
 | 2060501 | 7.00
 | 2060599 | 2.00
 | 2080505 | 1.00
"""


def as_sum(text):
    """A formula at ROW as `coefficient·column … + constant`; None where it is no sum."""
    book, _ = read_grid(LINES, EDITION)
    form = linear(EDITION.formula(text, each="支出总体"), Scope(book, {"": ("支出总体", ROW)}))
    if form is None:
        return None
    return " ".join(
        [*(f"{c.normalize():f}·{p.key}.{p.column}" for p, c in form.terms.items()), f"{form.constant:f}"]
    )


@pytest.mark.parametrize(
    ("formula", "form"),
    [
        ("合计", "1·2060501.合计 0"),
        ("合计 + 5", "1·2060501.合计 5"),
        ("合计 - 基本支出", "1·2060501.合计 -1·2060501.基本支出 0"),
        ("合计 - (基本支出 - 项目支出)", "1·2060501.合计 -1·2060501.基本支出 1·2060501.项目支出 0"),
        ("合计 + 合计", "2·2060501.合计 0"),
        ("合计 - 合计", "0"),
        ("合计 * 3 - 1", "3·2060501.合计 -1"),
        ("3 * (合计 + 2)", "3·2060501.合计 6"),
        ("2 * 3", "6"),
        ("合计 / 4 + 6 / 4", "0.25·2060501.合计 1.50"),
        ("合计 * 基本支出", None),
        ("合计 / 基本支出", None),
        ("合计 / 0", None),
        ("6 / (2 - 2)", None),
        ("占比(合计, 基本支出)", None),
        ("合计 == 基本支出", None),
        ("科目名称", None),
        ("支出总体[2060599].基本支出", "1·2060599.基本支出 0"),
        ("支出总体[2069901].基本支出", "1·2069901.基本支出 0"),
        ("支出总体[科目代码].合计", "1·2060501.合计 0"),
        (
            "求和(行.基本支出 for 行 in 支出总体)",
            "1·2060501.基本支出 1·2060599.基本支出 1·2080505.基本支出 0",
        ),
        (
            '求和(行.基本支出 for 行 in 支出总体 if 前缀(行.科目代码, "206"))',
            "1·2060501.基本支出 1·2060599.基本支出 0",
        ),
        ("求和(行.基本支出 * 2 for 行 in 支出总体 if 行.基本支出 > 2)", "2·2060501.基本支出 0"),
        ("求和(行.基本支出 * 行.合计 for 行 in 支出总体)", None),
        ('求和(行.基本支出 for 行 in 支出总体 if 行.科目代码 == "别的")', "0"),
        ("个数(行 for 行 in 支出总体)", "3"),
    ],
)
def test_a_formula_is_a_sum_of_cells_or_none(formula, form):
    assert as_sum(formula) == form


amounts = st.integers(-500, 500).map(lambda cents: Decimal(cents).scaleb(-2))
sums = st.recursive(
    st.sampled_from(["合计", "基本支出", "项目支出", "支出总体[2060599].基本支出", "3", "0.5"]),
    lambda inner: st.one_of(
        st.builds("({} + {})".format, inner, inner),
        st.builds("({} - {})".format, inner, inner),
        st.builds("({} * {})".format, st.sampled_from(["2", "0.25", "0"]), inner),
        st.builds("({} / {})".format, inner, st.sampled_from(["2", "4"])),
    ),
    max_leaves=6,
)


@given(sums, st.tuples(amounts, amounts, amounts))
def test_a_sum_comes_to_what_its_formula_comes_to(formula, values):
    cells = dict(zip(("合计", "基本支出", "项目支出"), map(Cell, values), strict=True))
    book, _ = read_grid(LINES, EDITION)
    node = EDITION.formula(formula, each="支出总体")
    scope = Scope(book, {"": ("支出总体", Row("2060501", "项", None, cells))})
    form = linear(node, scope)
    assert form.value == evaluate(node, scope).amount
    assert all(form.terms.values()), "no coefficient is zero"


def test_multiples_of_sums_add_up_and_what_cancels_is_gone():
    one, other = (Place("支出总体", "2060501", column, ROW) for column in ("合计", "基本支出"))
    first = Linear({one: Decimal(1), other: Decimal(2)}, Decimal(5))
    second = Linear({one: Decimal(2)}, Decimal(1))
    total = combined([(first, Decimal(2)), (second, Decimal(-1))], Decimal(100))
    assert (total.terms, total.constant, total.value) == ({other: Decimal(4)}, Decimal(109), Decimal(137))


def test_a_place_is_a_cell_of_one_row():
    """The same cell of the same row is one; that of a row of the same key, or of another column, is another."""
    here = Place("支出总体", "2060501", "合计", ROW)
    twin = Row(ROW.key, ROW.level, None, dict(ROW.cells))
    assert here == Place("支出总体", "2060501", "合计", ROW)
    assert here != Place("支出总体", "2060501", "合计", twin)
    assert here != Place("支出总体", "2060501", "基本支出", ROW)
    assert here != Place("收入总体", "2060501", "合计", ROW)
    assert (
        len({here, Place("支出总体", "2060501", "合计", ROW), Place("支出总体", "2060501", "合计", None)})
        == 2
    )


# --- relations as bounds ------------------------------------------------------------------------------------


def bounds(grid, *rules, read=()):
    """The constraints of some rules as `lower ≤ coefficients ≤ upper`, with a mark where broken."""
    book, found = read_grid(grid, EDITION)
    derived = derive(book, EDITION)
    told = []
    for one in constraints(derived, EDITION, (*found, *read)):
        rule = one.source.rule if isinstance(one.source, Finding) else one.source[0].rule.id
        if rule in rules:
            form = " ".join(f"{c:+f}·{p.table}[{p.key}].{p.column}" for p, c in one.form.items())
            low, high = ("" if end is None else f"{end:.4f}" for end in (one.lower, one.upper))
            told.append(f"{low} ≤ {form} ≤ {high}{' !' if one.broken else ''}{'' if one.firm else ' ?'}")
    return told


def test_a_derived_figure_is_replaced_by_what_it_is_added_up_from():
    """Each given figure rounded by itself: half a cent for every one on both sides."""
    grid = """支出总体 | 科目代码 | 合计 | 基本支出 | 项目支出
 | 206 | | 9.00 |
 | 2060501 | 4.00 | 3.00 | 1.00
 | 2060502 | | 2.00 | 5.00
"""
    table = "支出总体"
    assert bounds(grid, "expenditure-row", "hierarchy") == [
        f"-0.0150 ≤ +1·{table}[2060501].合计 -1·{table}[2060501].基本支出 -1·{table}[2060501].项目支出 ≤ 0.0150",
        f"-4.0350 ≤ +1·{table}[206].基本支出 -1·{table}[2060501].基本支出 -1·{table}[2060502].基本支出 ≤ -3.9650 !",
        f"-0.0350 ≤ +1·{table}[2060501].基本支出 +1·{table}[2060501].项目支出 -1·{table}[2060501].合计 ≤ 0.0350",
        f"-4.0150 ≤ +1·{table}[206].基本支出 -1·{table}[2060501].基本支出 -1·{table}[2060502].基本支出 ≤ -3.9850 !",
    ]


@pytest.mark.parametrize(
    ("reception", "bound"),
    [
        ("5.00", "-0.0100 ≤ {} ≤ "),
        ("4.99", "0.0000 ≤ {} ≤ "),
        ("4.98", "0.0100 ≤ {} ≤  !"),
        ("9.00", "-4.0100 ≤ {} ≤ "),
    ],
)
def test_what_is_to_be_at_least_has_no_upper_end(reception, bound):
    grid = f"三公经费 | 项目 | 合计\n | 公务接待 | {reception}\n基本支出 | 科目代码 | 合计\n | 30217 | 5.00"
    form = "+1·三公经费[公务接待].合计 -1·基本支出[30217].合计"
    assert bounds(grid, "operating-three-public-reception") == [bound.format(form)]


@pytest.mark.parametrize(("total", "bound"), [("5.01", " ≤ {} ≤ 0.0000 ?"), ("5.02", " ≤ {} ≤ -0.0100 ! ?")])
def test_what_is_to_be_at_most_has_no_lower_end_and_what_may_be_explained_is_a_witness(total, bound):
    grid = f"三公经费 | 项目 | 合计\n | 总计 | {total}\n上年数 | 指标 | 上年预算数\n | 三公：合计 | 5.00"
    form = "+1·三公经费[总计].合计 -1·上年数[三公：合计].上年预算数"
    assert bounds(grid, "three-public-higher") == [bound.format(form)]


def test_what_is_no_bound_on_figures():
    """Facts of the file, mere information, and what could not be read ask nothing of the figures."""
    about = "单位信息 | 项目 | 内容\n | 预算年度 | 2025\n"
    reserved = "采购与资产 | 项目 | 金额\n | 采购预算 | 10.00\n | 预留中小企业 | 1.00\n"
    assert bounds(about + reserved, "year-edition", "reserved-small", "procurement-small") == [
        "-9.0100 ≤ +1·采购与资产[采购预算].金额 -1·采购与资产[预留中小企业].金额 ≤ "
    ]
    gone = "采购与资产 | 项目 | 金额\n | 采购预算 |\n | 预留中小企业 | 1.00\n"
    assert len(bounds(gone, "procurement-small")) == 1
    torn = finding("cell-error", Severity.ERROR, "", spots=(Spot("采购与资产", place=at("采购与资产!B2")),))
    assert bounds(gone, "procurement-small", read=[torn]) == []


def test_a_sentence_that_gives_another_amount_is_a_witness():
    """By the difference that it tells, of the figure named first; of figures that the Book has, only."""
    grid = "支出总体 | 科目代码 | 基本支出\n | 2060501 | 3.00\n | 2060599 | 4.00"

    def said(row, difference="5.00", table="支出总体", column="基本支出"):
        amount = None if difference is None else Decimal(difference)
        return finding(
            "sentence-differs", Severity.ERROR, "", spots=(Spot(table, row, column),), difference=amount
        )

    one = "4.9900 ≤ +1·支出总体[2060501].基本支出 ≤ 5.0100 ! ?"
    both = "4.9850 ≤ +1·支出总体[2060501].基本支出 +1·支出总体[2060599].基本支出 ≤ 5.0150 ! ?"
    assert bounds(grid, "sentence-differs", read=[said("2060501")]) == [one]
    assert bounds(grid, "sentence-differs", read=[said("206")]) == [both]
    silent = [
        said("2060501", difference=None),
        said("2069901"),
        said("2060501", table="指标"),
        said("2060501", column="科目代码"),
        finding("sentence-differs", Severity.ERROR, "", difference=Decimal(5)),
    ]
    assert bounds(grid, "sentence-differs", read=silent) == []


PLACES = [Place("支出总体", "2060501", column, ROW) for column in ("合计", "基本支出", "项目支出")]


@pytest.mark.parametrize(
    ("sign", "allowed"),
    [
        ("==", "1.98 1.99 2.00 2.01"),
        (">=", "1.98 1.99 2.00 2.01 2.02 9"),
        ("<=", "-9 1.97 1.98 1.99 2.00 2.01"),
    ],
)
def test_changes_that_a_bound_allows(sign, allowed):
    """2.00 with a slack of 0.015, both ends and what lies beside them."""
    source = finding("sentence-differs", Severity.ERROR, "")
    bound = Constraint({PLACES[0]: Decimal(2)}, Decimal("1.995"), Decimal("0.015"), sign, source)
    tried = ["-9", "1.97", "1.98", "1.99", "2.00", "2.01", "2.02", "9"]
    assert " ".join(change for change in tried if bound.allows(Decimal(change))) == allowed
    assert bound.moved({PLACES[0]: Decimal(3), PLACES[1]: Decimal(7)}) == Decimal(6)
    assert bound.moved({PLACES[1]: Decimal(7)}) == 0
    assert not bound.firm


def test_a_figure_that_is_said_to_be_just_one_other_is_known_to_the_cent():
    total, basic, projects = PLACES

    def twin(*parts, sign="=="):
        source = finding("sentence-differs", Severity.ERROR, "")
        form = {total: Decimal(1), basic: Decimal(-1)}
        known = tuple((filled, frozenset(given)) for filled, given in parts)
        return Constraint(form, Decimal(0), Decimal("0.01"), sign, source, known).twin(total)

    assert twin((True, {total}), (True, {basic}))
    assert twin((True, {total, projects}), (True, {basic})), "what is added to it is blank"
    assert twin((True, {total}), (True, {basic}), (False, {projects})), "a blank side says nothing"
    assert not twin((True, {total, basic}), (True, {projects})), "something else is added to it"
    assert not twin((True, {total}), (True, {basic}), (True, {projects})), "two others"
    assert not twin((True, {total}), (False, {basic})), "nothing to compare it with"
    assert not twin((True, {total}), (True, {total}), (True, {basic})), "it stands on both sides"
    assert not twin((True, {total}), (True, {basic}), sign=">=")


# --- rows that lack -----------------------------------------------------------------------------------------


def lacking(grid, *wanted):
    """The rows of the tables that got some, blank ones without amounts, as `key ← parent: 合计`."""
    book, _ = read_grid(grid, EDITION)
    before = derive(book, EDITION)
    after = with_lacking(before, EDITION, wanted)
    return {
        name: [
            f"{'-' if row.line else ''}{row.key} ← {row.parent}: {row.text('合计')}"
            for row in after[name].rows
        ]
        for name in dict.fromkeys(table for table, _ in wanted)
        if after[name] != before[name]
    }


def test_a_line_that_lacks_is_added_once_with_the_sums_above_it():
    assert lacking(LINES, ("支出总体", "2069901"), ("支出总体", "2069901"), ("支出总体", "2060502")) == {
        "支出总体": [
            "总计 ← None: 10",
            "206 ← 总计: 9",
            "20605 ← 206: 9",
            "-2060501 ← 20605: 7",
            "-2060502 ← 20605: ",
            "-2060599 ← 20605: 2",
            "20699 ← 206: ",
            "-2069901 ← 20699: ",
            "208 ← 总计: 1",
            "20805 ← 208: 1",
            "-2080505 ← 20805: 1",
        ]
    }


def test_only_lines_that_are_known_by_a_code_are_added():
    """Not sums, not rows that several keys or none name, not rows that are known by a name."""
    wanted = (
        ("支出总体", "206"),
        ("项目支出", "2060599/甲项目"),
        ("收支总体", "甲"),
        ("项目说明", "甲项目"),
        ("其他说明", "甲"),
    )
    book, _ = read_grid(LINES, EDITION)
    derived = derive(book, EDITION)
    assert with_lacking(derived, EDITION, wanted) is derived
    assert with_lacking(derived, EDITION, ()) is derived


# --- lines to set right first -------------------------------------------------------------------------------

SIDES = """收入总体 | 科目代码 | 单位资金
 | {} | 9.00
 | 2080505 | 3.00
支出总体 | 科目代码 | 基本支出
 | {} | {}
 | 2080505 | 3.00
"""


def set_right(grid):
    """The lines to set right as `place message: rules that it explains`, and the constraints that stay."""
    book, read = read_grid(grid, EDITION)
    derived = derive(book, EDITION)
    found = (*read, *check(derived, EDITION, read))
    known = tuple(constraints(derived, EDITION, read))
    lines = Lines(derived, EDITION, found, known)
    stay = {
        c.source[0].rule.id
        for c in lines.independent(known)
        if not isinstance(c.source, Finding) and c.broken
    }
    told = [
        f"{told_place(line.finding.spots[0].place)} {line.finding.message}: {' '.join(dict.fromkeys(f.rule for f in line.explains))}"
        for line in lines.told()
    ]
    return told, stay


def test_a_code_that_only_one_table_has_is_suspected_where_its_figures_would_fit():
    """Both codes are of the list: either table may be wrong."""
    told, stay = set_right(SIDES.format("2060599", "2060501", "9.00"))
    assert told == [
        "支出总体!A5 代码 2060501，疑为 2060599；也可能是 收入总体!A2 应为 2060501: expenditure-income summary-own-parts income-expenditure"
    ]
    assert "income-expenditure" not in stay


@pytest.mark.parametrize(
    ("amount", "suspected"), [("9.005", True), ("8.995", True), ("9.01", False), ("8.99", False)]
)
def test_a_code_is_suspected_only_where_the_figures_are_the_same_as_printed(amount, suspected):
    told, stay = set_right(SIDES.format("2060599", "2060501", amount))
    assert [line.partition("，")[0] for line in told] == (["支出总体!A5 代码 2060501"] if suspected else [])
    assert ("expenditure-income" in stay) != suspected


@pytest.mark.parametrize(
    ("income", "expenditure", "place", "lacking", "other"),
    [
        ("2060591", "2060501", "收入总体!A2", "income-expenditure", "expenditure-income"),
        ("2060501", "2060591", "支出总体!A5", "expenditure-income", "income-expenditure"),
    ],
)
def test_a_code_of_no_list_is_suspected_and_not_the_known_one(income, expenditure, place, lacking, other):
    """It has no name either: that is told beside it."""
    told, _ = set_right(SIDES.format(income, expenditure, "9.00"))
    assert told == [f"{place} 代码 2060591，疑为 2060501: {lacking} code-unnamed summary-own-parts {other}"]


def test_a_line_that_stands_twice_is_told_even_where_it_breaks_nothing():
    told, _ = set_right("支出总体 | 科目代码 | 基本支出\n | 2060501 | 1.00\n | 2060501 | 2.00")
    assert [line.partition(":")[0] for line in told] == ["支出总体!A3 “2060501”在本表有重复的行"]
