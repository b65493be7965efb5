"""Every rule has a passing and a failing case: in its declaration, or in a test of reading."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from budgetgen.app.pipeline.inputs import examine
from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.checking.documents import of_document
from budgetgen.checking.rules import RULES
from budgetgen.edition import available, load
from budgetgen.reading.grid import read_grid
from budgetgen.reading.workbook import read
from budgetgen.values.model import Cell
from budgetgen.values.places import told_place
from tests.conftest import PUBLISHED, SAMPLES
from tests.findings import at
from tests.workbooks import opened, reading_of

TESTS = Path(__file__).parent
CASES = [
    (name, rule.id)
    for name in available()
    for rule in load(name).rule
    if rule.holds or rule.passes or rule.fails
]


def breaks(grid, rule, edition):
    """Whether a grid breaks a rule, rounding tails apart."""
    book, _ = read_grid(grid, edition)
    return any(not finding.tail for finding in check(derive(book, edition), edition, only=rule))


@pytest.mark.parametrize(("name", "rule"), CASES)
def test_rule_has_cases_that_pass_and_fail(name, rule):
    edition = load(name)
    declared = edition.rules[rule]
    assert declared.passes, "a rule ships with the smallest grid that satisfies it"
    assert declared.fails, "a rule ships with the smallest grid that breaks it"
    assert not breaks(declared.passes, rule, edition)
    assert breaks(declared.fails, rule, edition)


@pytest.mark.parametrize(("people", "told"), [("", False), ("0", True), ("3", True), ("4", False)])
@pytest.mark.parametrize(
    ("rule", "each", "all_"),
    [("visitors-batches", "接待批次", "接待人次"), ("travellers-groups", "出国团组", "出国人次")],
)
def test_people_that_are_not_told_are_not_too_few(rule, each, all_, people, told):
    grid = f"采购与资产 | 项目 | 数\n | {each} | 4\n | {all_} | {people}\n"
    assert breaks(grid, rule, load("xinjiang-2024-accounts")) == told


@pytest.mark.parametrize("kind", ["passes", "fails"])
def test_of_one_rule_that_is_asked_for_the_same_is_found_as_where_all_are(newest, kind):
    """Asked of a Book in which many are broken: the grids of all rules beside each other."""
    book, _ = read_grid("\n".join(getattr(rule, kind) for rule in newest.rule), newest)
    known = derive(book, newest)
    found = check(known, newest)
    assert len({finding.rule for finding in found}) > 100
    for rule in newest.rules:
        assert check(known, newest, only=rule) == tuple(one for one in found if one.rule == rule), rule


def test_every_rule_of_code_is_declared(edition):
    assert set(RULES) - set(edition.rules) == set()


def test_no_rule_is_without_a_case(edition):
    """A rule without a grid is provoked by a test that names it: rules of reading, and on several files.

    A common rule whose example speaks of what a format does not have, has its example in another format.
    """
    ungridded = [rule.id for rule in edition.rule if not (rule.passes and rule.fails)]
    assert [name for name in ungridded if not (_named_in_a_test(name) or _elsewhere(name))] == []


@cache
def _elsewhere(rule):
    """Whether some edition has a grid for a rule."""
    known = (load(name).rules.get(rule) for name in available())
    return any(declared and declared.passes and declared.fails for declared in known)


def _named_in_a_test(rule):
    return f'"{rule}"' in _tests()


@cache
def _tests():
    """All tests as one text."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted(TESTS.rglob("test_*.py")))


@pytest.mark.parametrize(("shown", "told"), [("10.00", False), ("10.01", True)])
def test_formula_that_shows_another_number_is_told(newest, shown, told):
    book, _ = read_grid("支出总体 | 科目代码 | 基本支出\n | 2060501 | 10.00", newest)
    table = book["支出总体"]
    rows = tuple(
        row.with_cells({"合计": Cell(shown=Decimal(shown), place=at("支出总体!C1"))}) if row.line else row
        for row in table.rows
    )
    known = derive(book.with_tables({"支出总体": replace(table, rows=rows)}), newest)
    assert ("formula-differs" in {finding.rule for finding in check(known, newest)}) == told


def test_every_rule_says_what_to_do(edition):
    silent = [rule.id for rule in edition.rule if not (rule.title and rule.basis and rule.fix)]
    assert silent == []


def test_repeated_lead_of_a_reason_is_told(newest):
    _, told = read_grid("增减原因 | 指标 | 原因\n | 运行经费 | 主要原因是人员增加。", newest)
    _, silent = read_grid("增减原因 | 指标 | 原因\n | 运行经费 | 人员增加", newest)
    assert ([f.rule for f in told], [f.rule for f in silent]) == (["text-repeated"], [])


def test_text_for_a_number_and_a_doubled_caption_are_told(tmp_path):
    """Both are harms that only a workbook can show: the sample, with one cell and one caption changed."""
    book = opened(SAMPLES / "xinjiang-2026-unit.xlsx")
    sheet = book["支出总体"]
    captions = {cell.value: cell for row in sheet.iter_rows(max_row=8) for cell in row if cell.value}
    captions["项目支出"].value = "基本支出"
    rows = book["一般公共预算支出"].iter_rows()
    amount = next(cell for row in rows for cell in row if isinstance(cell.value, int | float))
    amount.value = str(amount.value)
    book.save(tmp_path / "填报表.xlsx")
    rules = {finding.rule for finding in read(tmp_path / "填报表.xlsx").findings}
    assert {"text-number", "column-duplicate"} <= rules
    assert rules.isdisjoint({f.rule for f in reading_of(SAMPLES / "xinjiang-2026-unit.xlsx").findings})


def edited(tmp_path, *edits, sample="xinjiang-2026-unit"):
    """The findings of a sample after edits, as (rule, place, message); rounding tails apart."""
    book = opened(SAMPLES / f"{sample}.xlsx")
    for edit in edits:
        edit(book)
    book.save(tmp_path / "填报表.xlsx")
    findings = examine(tmp_path / "填报表.xlsx").findings
    return [
        (f.rule, told_place(f.spots[0].place) if f.spots else "", f.message) for f in findings if not f.tail
    ]


def put(sheet, place, value):
    def edit(book):
        book[sheet][place] = value

    return edit


def cell_of(sheet, value, column):
    """The address in a column of the row that holds a value."""
    book = opened(SAMPLES / "xinjiang-2026-unit.xlsx")
    row = next(cell.row for row in book[sheet].iter_rows() for cell in row if cell.value == value)
    return f"{column}{row}"


@pytest.mark.parametrize(
    ("at", "new", "rule", "said"),
    [
        (("支出总体", "2060599", "E"), "=#REF!+1", "cell-error", "的公式里有错误值 #REF!：=#REF!+1"),
        (("支出总体", "2060599", "E"), "='[1]甲'!A1", "formula-linked", "引用另一个工作簿：='[1]甲'!A1"),
        (("支出总体", "2060599", "E"), "=1+1", "formula-uncomputed", "公式没有计算结果"),
        (("单位信息", "公开日期", "B"), "2026年2月", "not-a-date", "“公开日期”“2026年2月”不是日期"),
        (("单位信息", "机构类型", "B"), "企业", "not-a-choice", "“机构类型”“企业”不在可选范围内"),
        (("单位信息", "金额单位", "B"), "元", "money-unit-small", "可能填的是万元（相差一万倍）"),
    ],
)
def test_a_cell_that_cannot_be_right_is_told(tmp_path, at, new, rule, said):
    told = edited(tmp_path, put(at[0], cell_of(*at), new))
    assert said in next(message for name, _, message in told if name == rule)
    assert (
        not {"share-remainder", "reason-missing"} & {name for name, _, _ in told}
        or rule == "money-unit-small"
    )


def test_a_remark_below_a_table_is_one_finding(tmp_path):
    told = edited(tmp_path, put("支出总体", "A75", "备注：共100"), put("支出总体", "C75", 100))
    errors = [
        (rule, place) for rule, place, _ in told if rule in {"row-not-code", "code-malformed", "hierarchy"}
    ]
    assert errors == [("row-not-code", "支出总体!A75")]


def test_a_missing_sheet_is_all_that_is_told_of_what_follows_from_it(tmp_path):
    before = {rule for rule, _, _ in edited(tmp_path)}

    def rename(book):
        book["支出总体"].title = "支出总表"

    told = edited(tmp_path, rename)
    assert {rule for rule, _, _ in told} - before == {"sheet-missing", "sheet-unknown"}
    assert "工作表“支出总表”是不是它" in next(message for rule, _, message in told if rule == "sheet-missing")


def test_a_unit_has_one_name_in_its_own_tables(tmp_path):
    place = cell_of("项目支出", "2060599", "A")
    told = edited(tmp_path, put("项目支出", place, "乌鲁木齐科技信息中心"))
    assert [(rule, at) for rule, at, _ in told if rule == "unit-variant"] == [
        ("unit-variant", f"项目支出!{place}")
    ]


def test_a_department_has_units_that_are_alike_only_where_one_is_a_slip(newest):
    grid = """单位信息 | 项目 | 内容
 | 单位名称 | 某市科技局
 | 公开主体 | 部门
项目支出 | 单位 | 科目代码 | 项目名称 | 合计
 | 某市第一科技服务中心 | 2060599 | 甲项目 | 1.00
 | 某市第二科技服务中心 | 2060599 | 乙项目 | 1.00
"""
    more = """项目绩效 | 项目名称 | 预算单位
 | 甲项目 | 某市第一科技服务中心
委托业务费 | 单位 | 项目名称 | 合计
 | 某市第一科技服务站 | 甲项目 | 1.00
"""
    assert not breaks(grid, "unit-variant", newest)
    assert breaks(grid + more, "unit-variant", newest)


ITEMS = """项目支出 | 科目代码 | 项目名称 | 合计
 | 2060599 | 科技人才支持计划 | 1.00
项目说明 | 项目名称
 | {}
结转结余 | 项目 | 合计
 | {} | 1.00
"""


@pytest.mark.parametrize(
    ("told", "carried", "variant"),
    [
        ("科技人才支持计划", "科技人才支持计划", False),
        ("科技人才支持计划", "科技人才扶持计划", True),
        ("科技人才扶持计划", "科技人才扶持计划", True),
        ("科技人才支持计划", "2025年科技人才支持计划", False),
    ],
)
def test_printed_tables_name_a_project_alike(newest, told, carried, variant):
    assert breaks(ITEMS.format(told, carried), "item-variant", newest) == variant


def test_one_project_that_is_unknown_is_told_once(newest):
    grid = "项目绩效指标 | 项目名称 | 三级指标\n | 甲项目 | 一\n | 甲项目 | 二\n | 乙项目 | 三"
    found = check(derive(read_grid(grid, newest)[0], newest), newest)
    assert [len(f.spots) for f in found if f.rule == "indicator-unknown"] == [2, 1]


def test_shares_that_do_not_add_up_at_all_are_not_rounded_ones(newest):
    grid = "收入总体 | 科目代码 | 总计 | 一般公共预算\n | 2060501 | 3.00 | 1.00"
    assert not breaks(grid, "share-remainder", newest)


def test_what_was_taken_out_of_a_reason_is_quoted(newest):
    _, told = read_grid("增减原因 | 指标 | 原因\n | 运行经费 | 主要原因是人员增加。", newest)
    assert told[0].message.endswith("已去掉句子里已有的字或句末标点：“主要原因是”、“。”")


def test_advice_for_a_document_is_not_that_for_a_workbook(newest):
    grid = "项目支出 | 科目代码 | 项目名称 | 合计\n | 2060599 | 甲项目 | 1.00\n | 2060599 | 乙项目 | 1.00"
    book = derive(read_grid(grid, newest)[0], newest)
    told = [
        f
        for f in of_document(check(book, newest), book, newest)
        if f.rule in {"performance-missing", "assets-blank"}
    ]
    assert [(f.rule, f.fix) for f in told] == [
        (rule, newest.rules[rule].fix_document) for rule in ("performance-missing", "assets-blank")
    ]
    assert [name in told[0].message for name in ("甲项目", "乙项目")] == [True, True]


@pytest.mark.published
def test_last_year_of_another_unit_is_told():
    """Last year's document of another unit is taken, and its name is told."""
    this, last = SAMPLES / "xinjiang-2026-unit.xlsx", PUBLISHED / "2025-district.docx"
    told = {finding.rule for finding in examine(this, prior=last).findings}
    assert "prior-unit" in told
    assert "prior-unit" not in {finding.rule for finding in examine(this).findings}
