"""Consolidation: units in, department out; whole outcomes, and that nothing is lost or invented on the way."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.department.admission import admit
from budgetgen.department.columns import unit_figures
from budgetgen.department.department import Department, consolidate
from budgetgen.department.drafts import gathered
from budgetgen.department.submissions import Submission
from budgetgen.department.transfers import lines_of, transfers_of
from budgetgen.department.units import Unit, is_own_office
from budgetgen.edition import load
from budgetgen.reading.document.blocks import blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.values.amounts import tolerance
from budgetgen.values.findings import Blame
from budgetgen.values.model import Book, Cell, PerformanceGrid, Row, Table
from budgetgen.writing.document.writer import render_document

EDITION = load("xinjiang-2026")
PROGRAM = {"汇总来源", "差额表", "汇总情况", "内部抵销", "单位信息"}
"""The sheets that tell how the department came about."""

ABOUT = """
单位信息 | 项目 | 内容
 | 单位名称 | {name}
 | 公开主体 | {kind}
 | 预算年度 | 2026
 | 金额单位 | {money}
 | 机构类型 | {nature}
"""


def book(text, edition=EDITION):
    """A derived Book of a grid."""
    read, findings = read_grid(text, edition)
    assert findings == ()
    return derive(read, edition)


def unit(name, text="", *, money="万元", nature="事业单位"):
    return Unit(name, book(ABOUT.format(name=name, kind="单位", money=money, nature=nature) + text))


def department(*units, earlier=None, name="甲部门"):
    done = consolidate(units, EDITION, Department(name, earlier))
    return derive(done.book, EDITION), done.findings


def figures(book, table, *columns):
    """Key → the amounts of some columns, of rows that have one."""
    rows = {row.key: tuple(row[c].value for c in columns) for row in book[table].rows}
    return {key: values for key, values in rows.items() if any(value is not None for value in values)}


def contents(book, *, given=False):
    """Everything that a Book says, places apart: table → rows."""
    return {
        name: [
            (row.key, row.level, row.parent, row.line, dict(sorted(_values(row, given=given).items())))
            for row in table.rows
        ]
        for name, table in book.tables.items()
        if name not in PROGRAM
    }


def _values(row, *, given):
    cells = {c: cell for c, cell in row.cells.items() if cell.value is not None}
    return {c: (cell.value, cell.terms, cell.given) if given else cell.value for c, cell in cells.items()}


# --- sums ---------------------------------------------------------------------------------------------------


def test_amounts_in_yuan_are_summed_exactly_and_rounded_once():
    one = unit("甲", "支出总体 | 科目代码 | 基本支出\n | 2060501 | 10049\n | 2080505 | 49", money="元")
    two = unit("乙", "支出总体 | 科目代码 | 基本支出\n | 2060501 | 10049\n | 2010101 | 1", money="元")
    done, _ = department(one, two)
    assert figures(done, "支出总体", "基本支出") == {
        "总计": (Decimal("2.0148"),),
        "201": (Decimal("0.0001"),),
        "20101": (Decimal("0.0001"),),
        "2010101": (Decimal("0.0001"),),
        "206": (Decimal("2.0098"),),
        "20605": (Decimal("2.0098"),),
        "2060501": (Decimal("2.0098"),),
        "208": (Decimal("0.0049"),),
        "20805": (Decimal("0.0049"),),
        "2080505": (Decimal("0.0049"),),
    }
    assert done["支出总体"].get("2060501")["基本支出"].terms == 0


def test_totals_that_units_rounded_by_themselves_are_added_up_as_they_are_and_the_tail_is_told():
    text = "支出总体 | 科目代码 | 基本支出\n | 总计 | {total}\n | 2060501 | 0.33\n | 2060502 | 0.33"
    done, _ = department(unit("甲", text.format(total="0.67")), unit("乙", text.format(total="0.67")))
    assert done.cell("支出总体", "总计", "基本支出") == Cell(Decimal("1.34"), given=True, terms=2)
    assert done.cell("支出总体", "206", "基本支出").value == Decimal("1.32")
    tails = [f for f in check(done, EDITION) if f.rule == "hierarchy"]
    assert [(f.spots[0].name, f.tail, f.difference) for f in tails] == [
        ("支出总体[总计].合计", True, Decimal("0.02")),
        ("支出总体[总计].基本支出", True, Decimal("0.02")),
    ]


def test_lines_stand_under_their_unit_in_the_given_order():
    line = "项目支出 | 科目代码 | 项目名称 | 商品和服务支出\n | 2060501 | {item} | {amount}"
    first = unit("丙（本级）", line.format(item="丙项目", amount="3.00"))
    done, _ = department(first, unit("甲", line.format(item="甲项目", amount="1.00")))
    assert figures(done, "项目支出", "合计") == {
        "总计": (Decimal("4.00"),),
        "丙（本级）": (Decimal("3.00"),),
        "丙（本级）/206": (Decimal("3.00"),),
        "丙（本级）/20605": (Decimal("3.00"),),
        "丙（本级）/2060501/丙项目": (Decimal("3.00"),),
        "甲": (Decimal("1.00"),),
        "甲/206": (Decimal("1.00"),),
        "甲/20605": (Decimal("1.00"),),
        "甲/2060501/甲项目": (Decimal("1.00"),),
    }


SAME = """
项目支出 | 科目代码 | 项目名称 | 商品和服务支出
 | 2060501 | 运转 | {amount}
项目说明 | 项目名称 | 政策依据 | 资金分配情况 | 资金执行时间
 | 运转 | 预算 | 打印 | 全年
项目绩效 | 项目名称 | 预算单位 | 年度预算总额 | 财政拨款 | 总体目标
 | 运转 | {name} | {amount} | {amount} | 正常
项目绩效指标 | 项目名称 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 权重
 | 运转 | 产出指标 | 数量指标 | {name}的次数 | 1 | 100
委托业务费 | 项目名称 | 一般公共预算
 | 运转 | {amount}
委托业务费用途 | 项目名称 | 用途
 | 运转 | {name}打印
"""
"""A unit whose project is called as another's."""


def same(name, amount):
    return unit(name, SAME.format(name=name, amount=amount))


def test_an_item_that_two_units_have_keeps_its_name_and_is_known_by_its_unit():
    done, findings = department(same("甲", "1.00"), same("乙", "2.00"))
    known = [
        (row.text("项目名称"), row.text("所属单位"), row["预算安排规模"].value)
        for row in done["项目说明"].rows
    ]
    assert known == [("运转", "甲", Decimal(1)), ("运转", "乙", Decimal(2))]
    assert figures(done, "委托业务费用途", "金额") == {"运转/甲": (Decimal(1),), "运转/乙": (Decimal(2),)}
    assert findings == ()
    summed = {"description-amount", "outsourced-use-amount", "performance-amount", "performance-unplaced"}
    assert summed <= EDITION.rules.keys()
    assert not summed & {f.rule for f in check(done, EDITION)}


def test_a_document_prints_the_item_of_each_unit_by_its_name_and_each_with_its_own_indicators():
    done, _ = department(same("甲", "1.00"), same("乙", "2.00"))
    parts = compose(done, EDITION).parts
    grids = [
        block for part in parts for block in part.blocks if isinstance(block, PerformanceGrid) and block.rows
    ]
    told = [
        (grid.head["项目名称"], grid.head["预算单位"], [row["三级指标"] for row in grid.rows])
        for grid in grids
    ]
    assert told == [("运转", "甲", ["甲的次数"]), ("运转", "乙", ["乙的次数"])]


SAME_RULES = {"description-amount", "outsourced-use-amount", "performance-amount"}


def reread(done, change=list):
    """The document of a department, read; its paragraphs and tables changed before."""
    found = change(tuple(blocks(render_document(compose(done, EDITION), EDITION))))
    reading = read_blocks(Path("部门.docx"), tuple(found))
    read = derive(reading.book, reading.edition)
    return read, {f.rule for f in check(read, reading.edition, reading.findings)} & SAME_RULES


def described(found, begin, end):
    """The paragraphs of a document that describe its projects; from one on, before another."""
    starts = [n for n, block in enumerate(found) if getattr(block, "text", "").startswith(begin)]
    ends = [n for n, block in enumerate(found) if getattr(block, "text", "").startswith(end)]
    return starts, next(n for n in ends if n > starts[-1])


def second_first(found):
    (first, second), end = described(found, ("（一）项目名称", "（二）项目名称"), "八、")
    return [*found[:first], *found[second:end], *found[first:second], *found[end:]]


def second_only(found):
    (first, second), _ = described(found, ("（一）项目名称", "（二）项目名称"), "八、")
    return [*found[:first], *found[second:]]


@pytest.mark.parametrize(
    ("change", "known"),
    [
        (list, {"运转/甲": (Decimal(1),), "运转/乙": (Decimal(2),)}),
        (second_first, {"运转/甲": (Decimal(1),), "运转/乙": (Decimal(2),)}),
        (second_only, {"运转/乙": (Decimal(2),)}),
    ],
)
def test_a_sentence_on_an_item_of_several_units_is_of_the_one_that_has_its_amount(change, known):
    done, _ = department(same("甲", "1.00"), same("乙", "2.00"))
    read, told = reread(done, change)
    assert figures(read, "项目说明", "预算安排规模") == known
    assert figures(read, "委托业务费用途", "金额") == {"运转/甲": (Decimal(1),), "运转/乙": (Decimal(2),)}
    assert told == set()


def test_units_are_listed_with_their_kind_and_the_own_office_speaks_for_the_department():
    own = unit(
        "丙（本级）",
        "职能与机构 | 类别 | 内容 | 单位性质\n | 主要职能 | 拟订规划。 | \n | 下属单位 | 甲 | 差额拨款事业单位",
        nature="行政单位",
    )
    done, _ = department(own, unit("甲", "职能与机构 | 类别 | 内容\n | 主要职能 | 看门。"), unit("乙"))
    told = [tuple(row.text(c) for c in ("类别", "内容", "单位性质")) for row in done["职能与机构"].rows]
    assert told == [
        ("主要职能", "拟订规划。", ""),
        ("下属单位", "丙（本级）", "行政单位"),
        ("下属单位", "甲", "差额拨款事业单位"),
        ("下属单位", "乙", ""),
    ]
    assert [done.cell("单位信息", key, "内容").value for key in ("单位名称", "公开主体", "金额单位")] == [
        "甲部门",
        "部门",
        "万元",
    ]


# --- texts --------------------------------------------------------------------------------------------------

CHANGED = """
支出总体 | 科目代码 | 基本支出
 | 2060501 | {now}
上年数 | 指标 | 上年预算数
 | 支出：基本支出 | {then}
增减原因 | 指标 | 原因
 | 支出：基本支出 | {why}
"""


def test_reasons_are_drafted_from_the_units_largest_change_first_and_stop_a_build():
    done, _ = department(
        unit("丙（本级）", CHANGED.format(now="12.00", then="10.00", why="增资")),
        unit("甲", CHANGED.format(now="6.00", then="10.00", why="减员")),
    )
    reason = done.cell("增减原因", "支出：基本支出", "原因").value
    assert reason == (
        "【汇总草稿，请改写】二级单位甲：减员（减少4.00万元，占200.00%）；本级：增资（增加2.00万元，占-100.00%）"
    )
    drafts = [f for f in check(done, EDITION) if f.rule == "draft-unreviewed"]
    assert [(f.severity, f.spots[0].name) for f in drafts] == [("error", "增减原因[支出：基本支出].原因")]


def test_reviewed_texts_are_kept_unless_the_figure_that_they_explain_has_changed():
    units = (
        unit("丙（本级）", CHANGED.format(now="12.00", then="10.00", why="增资")),
        unit("甲", CHANGED.format(now="6.00", then="10.00", why="减员")),
    )
    first, _ = department(*units)
    table = first["增减原因"]
    written = tuple(
        row.with_cells({"原因": Cell("定额变化", given=True)}) if row.key == "支出：基本支出" else row
        for row in table.rows
    )
    earlier = first.with_tables({"增减原因": Table("增减原因", written)})
    again, _ = department(*units, earlier=earlier)
    assert again.cell("增减原因", "支出：基本支出", "原因").value == "定额变化"
    other, _ = department(
        units[0], unit("甲", CHANGED.format(now="7.00", then="10.00", why="减员")), earlier=earlier
    )
    assert str(other.cell("增减原因", "支出：基本支出", "原因").value).startswith("【汇总草稿，请改写】")


def test_a_draft_of_more_units_than_a_cell_takes_says_of_how_many():
    texts = [(f"单位{number:03d}", f"{number:03d}" + "长" * 100) for number in range(400)]
    told = str(gathered(EDITION, texts, drafted=True).value)
    assert 31_800 < len(told) <= 32_767
    assert "单位000" in told
    assert "单位399" not in told
    assert told.endswith("等400家单位")


# --- transfers ----------------------------------------------------------------------------------------------

PAYER = """
收支总体 | 项目 | 预算数
 | 一般财力 | 100.00
收入总体 | 科目代码 | 一般公共预算
 | 2060101 | 100.00
支出总体 | 科目代码 | 基本支出 | 项目支出
 | 2060101 | 70.00 | 30.00
"""
RECEIVER = """
收支总体 | 项目 | 预算数
 | 上级补助收入 | 30.00
收入总体 | 科目代码 | 单位资金
 | 2060501 | 30.00
支出总体 | 科目代码 | 基本支出
 | 2060501 | 30.00
"""


def confirmed(book, answer="是"):
    table = book["内部抵销"]
    rows = tuple(row.with_cells({"确认": Cell(answer, given=True)}) for row in table.rows)
    return book.with_tables({"内部抵销": Table("内部抵销", rows)})


def test_income_from_within_is_proposed_and_not_eliminated():
    done, _ = department(unit("丙（本级）", PAYER), unit("甲", RECEIVER))
    told = [
        (
            t.payer,
            t.receiver,
            t.kind,
            t.amount.value,
            t.received_code,
            t.paid_code,
            t.paid_column,
            t.state,
            t.applied,
        )
        for t in transfers_of(done, EDITION)
    ]
    assert told == [
        (
            "丙（本级）",
            "甲",
            "上级补助收入",
            Decimal("30.00"),
            "2060501",
            "2060101",
            "项目支出",
            "收支金额相同，请核对是否同一笔",
            False,
        )
    ]
    assert done.cell("收支总体", "收入总计", "预算数").value == Decimal("130.00")
    assert "transfer-undecided" in {f.rule for f in check(done, EDITION)}
    assert "transfer-unapplied" in {f.rule for f in check(confirmed(done), EDITION)}


def test_a_confirmed_transfer_is_taken_out_of_every_total_and_the_balance_shows_it():
    units = unit("丙（本级）", PAYER), unit("甲", RECEIVER)
    first, _ = department(*units)
    done, _ = department(*units, earlier=confirmed(first))
    assert figures(done, "支出总体", "合计") == {
        "总计": (Decimal("100.00"),),
        "206": (Decimal("100.00"),),
        "20601": (Decimal("70.00"),),
        "2060101": (Decimal("70.00"),),
        "20605": (Decimal("30.00"),),
        "2060501": (Decimal("30.00"),),
    }
    assert done.cell("收支总体", "收入总计", "预算数").value == Decimal("100.00")
    assert done.cell("收支总体", "上级补助收入", "预算数").value == Decimal("0.00")
    assert done.cell("差额表", "支出总体/总计/项目支出", "说明").value == "丙（本级） 付 甲 30.00 万元"
    shown = figures(done, "差额表", "单位合计", "内部抵销", "部门数")
    assert shown["支出总体/总计/合计"] == (Decimal(130), Decimal(30), Decimal(100))
    assert not {"transfer-undecided", "transfer-unapplied", "consolidation-balance"} & {
        f.rule for f in check(done, EDITION)
    }


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            {"金额": "40.00"},
            [
                "丙（本级） 付 甲 上级补助收入 40.00 万元 | 甲 的 收支总体[上级补助收入].预算数 30.00 万元（示例!收支总体!B8）",
                "丙（本级） 付 甲 上级补助收入 40.00 万元 | 甲 的 收入总体[2060501].单位资金 30.00 万元（示例!收入总体!B10）",
                "丙（本级） 付 甲 上级补助收入 40.00 万元 | 丙（本级） 的 支出总体[2060101].项目支出 30.00 万元（示例!支出总体!C12）",
            ],
        ),
        (
            {"收入项目": "附属单位上缴收入", "支出类别": "基本支出"},
            ["丙（本级） 付 甲 附属单位上缴收入 30.00 万元 | 甲 的 收支总体[附属单位上缴收入].预算数 没有数"],
        ),
        (
            {"付款单位": "丁"},
            ["丁 付 甲 上级补助收入 30.00 万元 | 丁 的 支出总体[2060101].项目支出 没有数"],
        ),
        ({}, []),
    ],
    ids=["too much", "no such income", "no such payer", "held"],
)
def test_what_the_units_do_not_have_is_not_taken_out_and_both_sides_are_told(typed, told):
    units = unit("丙（本级）", PAYER), unit("甲", RECEIVER)
    first, _ = department(*units)
    earlier = confirmed(first)
    (row,) = earlier["内部抵销"].rows
    cells = {c: Cell(Decimal(v) if c == "金额" else v, given=True) for c, v in typed.items()}
    earlier = earlier.with_tables({"内部抵销": Table("内部抵销", (row.with_cells(cells),))})
    done, findings = department(*units, earlier=earlier)
    short = [f for f in findings if f.rule == "transfer-unheld"]
    assert [f.message.partition(" | 差")[0] for f in short] == told
    assert {f.severity for f in short} <= {"error"}
    taken = Decimal(0 if told else 30)
    assert done.cell("收支总体", "收入总计", "预算数").value == Decimal(130) - taken
    assert done.cell("支出总体", "总计", "合计").value == Decimal(130) - taken


def test_what_is_paid_out_of_appropriation_is_told_as_such_and_not_taken_out():
    spent = "一般公共预算支出 | 科目代码 | 基本支出 | 项目支出\n | 2060101 | 70.00 | {}\n"
    for appropriated, told in (
        (
            "12.00",
            (
                "丙（本级） 付 甲 上级补助收入 30.00 万元 | "
                "丙（本级） 的 支出总体[2060101].项目支出 30.00 万元（示例!支出总体!C12），"
                "其中财政拨款安排 12.00 万元（示例!一般公共预算支出!C14） | 差 12.00，没有抵销"
            ),
        ),
        ("0.00", None),
    ):
        units = unit("丙（本级）", PAYER + spent.format(appropriated)), unit("甲", RECEIVER)
        first = consolidate(units, EDITION, Department("甲部门"))
        earlier = confirmed(derive(first.book, EDITION))
        again = consolidate(units, EDITION, Department("甲部门", earlier, first.sources))
        assert [(f.rule, f.message) for f in again.findings] == (
            [("transfer-appropriated", told)] if told else []
        )
        assert [t.applied for t in transfers_of(again.book, EDITION)] == [not told]


def test_two_transfers_that_together_are_more_than_the_line_are_both_left():
    units = unit("丙（本级）", PAYER), unit("甲", RECEIVER), unit("乙", RECEIVER)
    first, _ = department(*units)
    asked = confirmed(first)
    rows = tuple(row for row in asked["内部抵销"].rows if row.text("付款单位") == "丙（本级）")
    done, findings = department(*units, earlier=asked.with_tables({"内部抵销": Table("内部抵销", rows)}))
    paid = "丙（本级） 的 支出总体[2060101].项目支出 30.00 万元（示例!支出总体!C12）"
    assert [f.message for f in findings] == [
        f"丙（本级） 付 {name} 上级补助收入 30.00 万元（这一格合计要抵销 60.00 万元） | {paid} | 差 30.00，没有抵销"
        for name in ("甲", "乙")
    ]
    assert {t.applied for t in transfers_of(done, EDITION)} == {False}
    assert "transfer-unapplied" in {f.rule for f in check(done, EDITION)}


def test_two_transfers_of_the_same_amount_are_two():
    listing = """
内部抵销 | 付款单位 | 收款单位 | 收入项目 | 收入科目代码 | 支出科目代码 | 支出类别 | 金额 | 依据
 | 丙（本级） | 甲 | 上级补助收入 | 2060501 | 2060101 | 项目支出 | 10.00 | 一号文
 | 丙（本级） | 甲 | 上级补助收入 | 2060502 | 2060101 | 项目支出 | 10.00 | 二号文
"""
    income = """
收支总体 | 项目 | 预算数
 | 上级补助收入 | 20.00
收入总体 | 科目代码 | 单位资金
 | 2060501 | 10.00
 | 2060502 | 10.00
支出总体 | 科目代码 | 基本支出
 | 2060501 | 20.00
"""
    units = unit("丙（本级）", PAYER + listing), unit("甲", income + listing)
    first, _ = department(*units)
    assert [(t.basis, t.received_code, t.state) for t in transfers_of(first, EDITION)] == [
        ("一号文", "2060501", "双方填报一致"),
        ("二号文", "2060502", "双方填报一致"),
    ]
    done, _ = department(*units, earlier=confirmed(first))
    assert [t.applied for t in transfers_of(done, EDITION)] == [True, True]
    assert done.cell("收支总体", "上级补助收入", "预算数").value == Decimal("0.00")
    assert done.cell("支出总体", "总计", "合计").value == Decimal("100.00")


def test_a_decision_stays_with_its_transfer_and_one_that_is_gone_is_decided_anew():
    units = unit("丙（本级）", PAYER), unit("甲", RECEIVER)
    first, _ = department(*units)
    applied, _ = department(*units, earlier=confirmed(first))
    changed = unit("丙（本级）", PAYER.replace("30.00", "29.00").replace("100.00", "99.00"))
    done, _ = department(changed, unit("甲", RECEIVER.replace("30.00", "29.00")), earlier=applied)
    assert [(t.amount.value, t.confirmed, t.applied, t.state[:10]) for t in transfers_of(done, EDITION)] == [
        (Decimal("29.00"), "", False, "收支金额相同，请核对"),
        (Decimal("30.00"), "", False, "各单位这次都没有这一"),
    ]
    assert done.cell("收支总体", "收入总计", "预算数").value == Decimal("128.00")


def test_units_and_transfers_that_are_not_as_in_the_earlier_workbook_are_told():
    units = unit("丙（本级）", PAYER), unit("甲", RECEIVER)
    first = consolidate(units, EDITION, Department("甲部门"))
    once = consolidate(
        units, EDITION, Department("甲部门", confirmed(derive(first.book, EDITION)), first.sources)
    )
    now = unit("丙（本级）", PAYER), unit("乙", "")
    again = consolidate(now, EDITION, Department("甲部门", derive(once.book, EDITION), once.sources))
    assert [f.message for f in again.findings if f.rule == "earlier-stale"] == [
        "上次有、这次没有的单位：甲",
        "上次没有、这次有的单位：乙",
        "丙（本级） 付 甲 上级补助收入 30.00 万元，上次抵销了，这次各单位都没有这一笔",
    ]


def test_texts_are_carried_by_name_and_never_by_the_number_of_a_row():
    indicators = """
项目绩效指标 | 项目名称 | 三级指标 | 指标值 | 上年完成值
"""
    first, _ = department(
        unit("丙（本级）", indicators + " | 运转 | 完成率 | 90% | 95%\n | 运转 | 满意度 | 80% | 85%\n"),
        unit("甲", ""),
    )
    again = consolidate(
        (unit("丙（本级）", indicators + " | 运转 | 满意度 | 80%\n"), unit("甲", "")),
        EDITION,
        Department("甲部门", first),
    )
    assert [(r.text("三级指标"), r.text("上年完成值")) for r in again.book["项目绩效指标"].rows] == [
        ("满意度", "")
    ]
    assert [f.message for f in again.findings if f.rule == "text-left"] == [
        "项目绩效指标[第1行].三级指标 上次是“完成率”，这次没有",
        "项目绩效指标[第1行].指标值 上次是“90%”，这次没有",
        "项目绩效指标[第1行].上年完成值 上次是“95%”，这次没有",
        "项目绩效指标[第2行].上年完成值 上次是“85%”，这次没有",
    ]


def test_income_that_many_units_might_have_paid_is_asked_for_once():
    many = [unit(f"乙{n}", "支出总体 | 科目代码 | 基本支出\n | 2060501 | 30.00") for n in range(6)]
    for payers, told in ((many[:5], [f"乙{n}" for n in range(5)]), (many, [""])):
        done, _ = department(unit("甲", RECEIVER), *payers)
        assert [t.payer for t in transfers_of(done, EDITION)] == told
    assert [t.state for t in transfers_of(done, EDITION)] == ["许多单位有同样金额的支出，请填付款单位"]
    (row,) = done["内部抵销"].rows
    answer = {"付款单位": "乙3", "支出科目代码": "2060501", "支出类别": "基本支出", "确认": "是"}
    row = row.with_cells({column: Cell(text, given=True) for column, text in answer.items()})
    earlier = done.with_tables({"内部抵销": Table("内部抵销", (row,))})
    for _ in range(2):  # the answer stays one
        earlier, _ = department(unit("甲", RECEIVER), *many, earlier=earlier)
        assert [(t.payer, t.confirmed, t.applied) for t in transfers_of(earlier, EDITION)] == [
            ("乙3", "是", True)
        ]
        assert earlier.cell("收支总体", "上级补助收入", "预算数").value == Decimal("0.00")


def test_a_figure_changed_after_consolidation_wants_an_adjustment():
    done, _ = department(unit("丙（本级）", PAYER), unit("甲"))
    lines = tuple(
        row.with_cells({"基本支出": Cell(Decimal("75.00"), given=True, terms=1), "合计": Cell()})
        if row.key == "2060101"
        else Row(row.key, row.level, row.parent, {c: x for c, x in row.cells.items() if x.given}, row.line)
        for row in done["支出总体"].rows
    )
    changed = derive(done.with_tables({"支出总体": Table("支出总体", lines)}), EDITION)
    found = [f for f in check(changed, EDITION) if f.rule == "consolidation-balance"]
    assert [f.message for f in found][:1] == [
        "支出总体[总计].合计 105.00 | 单位合计 100.00 - 内部抵销 0.00 + 本级调整 0.00 = 100.00 | 差 5.00"
    ]


def test_an_adjustment_of_the_earlier_workbook_is_told_for_it_is_not_in_the_sums():
    units = unit("丙（本级）", PAYER), unit("甲")
    first, _ = department(*units)
    rows = tuple(
        row.with_cells({"本级调整": Cell(Decimal("5.00"), given=True)})
        if row.key == "支出总体/总计/合计"
        else row
        for row in first["差额表"].rows
    )
    _, findings = department(*units, earlier=first.with_tables({"差额表": Table("差额表", rows)}))
    assert [(f.rule, f.message) for f in findings] == [
        ("adjustment-left", "支出总体[总计].合计 上次调整 5.00 万元")
    ]


# --- sources ------------------------------------------------------------------------------------------------


def test_every_unit_stands_beside_the_figure_that_it_is_part_of():
    units = unit("丙（本级）", PAYER), unit("甲", RECEIVER)
    first = consolidate(units, EDITION, Department("甲部门"))
    earlier = confirmed(derive(first.book, EDITION))
    done = consolidate(units, EDITION, Department("甲部门", earlier, first.sources))
    found = {
        (one.key, one.column): (one.department, one.eliminated, one.units, one.other)
        for one in unit_figures(done.columns, derive(done.book, EDITION), EDITION)
        if one.table == "支出总体" and one.key in {"总计", "2060501"}
    }
    ten = Decimal(10)
    assert found == {
        ("总计", "合计"): (10 * ten, 3 * ten, (10 * ten, 3 * ten), Decimal(0)),
        ("总计", "基本支出"): (10 * ten, Decimal(0), (7 * ten, 3 * ten), Decimal(0)),
        ("总计", "项目支出"): (Decimal(0), 3 * ten, (3 * ten, None), Decimal(0)),
        ("2060501", "合计"): (3 * ten, Decimal(0), (None, 3 * ten), Decimal(0)),
        ("2060501", "基本支出"): (3 * ten, Decimal(0), (None, 3 * ten), Decimal(0)),
    }


def test_every_given_figure_is_the_sum_of_its_sources():
    units = unit("丙（本级）", PAYER), unit("甲", RECEIVER), unit("乙", PAYER)
    consolidated = consolidate(units, EDITION, Department("甲部门"))
    done = derive(consolidated.book, EDITION)
    sums: dict[tuple[str, str, str], Decimal] = {}
    for source in consolidated.sources:
        where = source.table, source.row, source.column
        sums[where] = sums.get(where, Decimal(0)) + source.value
    cells = {
        (name, row.key, column): cell.value
        for name, table in done.tables.items()
        if name not in PROGRAM
        for row in table.rows
        for column, cell in row.cells.items()
        if cell.given and isinstance(cell.value, Decimal)
    }
    assert sums == cells
    assert cells["收入总体", "2060101", "一般公共预算"] == Decimal(200)


# --- properties ---------------------------------------------------------------------------------------------

CODES = ("2060101", "2060501", "2060599", "2080505", "2210201")
AMOUNTS = st.integers(0, 10_000_000)


@st.composite
def departments(draw, money):
    """A department's Book of a few tables, its amounts in whole 元 or in cents of 万元."""
    unit_of_money = st.integers(0, 10_000_000) if money == "元" else AMOUNTS.map(lambda n: Decimal(n) / 100)
    names = draw(st.lists(st.sampled_from("甲乙丙丁"), min_size=1, max_size=4, unique=True))
    codes = draw(st.lists(st.sampled_from(CODES), min_size=1, unique=True))
    text = [ABOUT.format(name="甲部门", kind="部门", money=money, nature="行政单位")]
    text.append("支出总体 | 科目代码 | 基本支出 | 项目支出")
    text += [f" | {code} | {draw(unit_of_money)} | {draw(unit_of_money)}" for code in codes]
    text.append("三公经费 | 项目 | 一般公共预算\n" + f" | 公务接待 | {draw(unit_of_money)}")
    text.append("项目支出 | 单位 | 科目代码 | 项目名称 | 商品和服务支出")
    text += [f" | {name} | {code} | {name}{code} | {draw(unit_of_money)}" for name in names for code in codes]
    text.append(
        "采购与资产 | 项目 | 数量 | 金额\n"
        f" | 一般公务用车 | {draw(st.integers(0, 99))} | {draw(unit_of_money)}"
    )
    text.append("上年数 | 指标 | 科目代码 | 上年预算数")
    text += [f" | 一般公共预算支出 | {code} | {draw(unit_of_money)}" for code in codes]
    return book("\n".join(text)), names


def parts(draw, whole, names, places):
    """k Books that add up to the whole, in 万元 with that many decimals."""
    tables: list[dict[str, Table]] = [{} for _ in names]
    for name, table in whole.tables.items():
        declared = EDITION.tables[name]
        rows: list[list[Row]] = [[] for _ in names]
        for row in table.rows:
            given = {
                c: cell for c, cell in row.cells.items() if cell.given and isinstance(cell.value, Decimal)
            }
            if name == "单位信息" or not row.line:
                texts = {c: cell for c, cell in row.cells.items() if c not in given or name == "单位信息"}
                for own in rows if name == "单位信息" else []:
                    own.append(Row(row.key, row.level, row.parent, texts, row.line))
                continue
            if declared.consolidated == "unit":
                kept = {c: cell for c, cell in row.cells.items() if cell.given}
                rows[names.index(row.text("单位"))].append(
                    Row(row.key, row.level, row.parent, kept, row.line)
                )
                continue
            texts = {c: cell for c, cell in row.cells.items() if not isinstance(cell.value, Decimal)}
            cut = {c: _cut(draw, cell, len(names), 0 if c == "数量" else places) for c, cell in given.items()}
            for index, own in enumerate(rows):
                own.append(
                    Row(
                        row.key,
                        row.level,
                        row.parent,
                        {**texts, **{c: s[index] for c, s in cut.items()}},
                        row.line,
                    )
                )
        for index, own in enumerate(rows):
            tables[index][name] = Table(name, tuple(own))
    return [Unit(n, derive(Book(EDITION.id, n, t), EDITION)) for n, t in zip(names, tables, strict=True)]


def _cut(draw, cell, number, places):
    steps = int(cell.value.scaleb(places))
    cuts = sorted(draw(st.lists(st.integers(0, steps), min_size=number - 1, max_size=number - 1)))
    sizes = [b - a for a, b in zip([0, *cuts], [*cuts, steps], strict=True)]
    return [Cell(Decimal(size).scaleb(-places), given=True, terms=cell.terms) for size in sizes]


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_a_book_in_yuan_split_into_units_is_given_back_exactly(data):
    whole, names = data.draw(departments("元"))
    units = parts(data.draw, whole, names, 4)
    done, findings = department(*units)
    assert findings == ()
    assert _amounts(done) == _amounts(whole)
    shuffled, _ = department(*data.draw(st.permutations(units)))
    assert _amounts(shuffled) == _amounts(whole)


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_a_book_in_wan_split_into_units_and_rounded_is_given_back_within_the_tail(data):
    whole, names = data.draw(departments("元"))
    rounded = [Unit(u.name, derive(_rounded(u.book), EDITION)) for u in parts(data.draw, whole, names, 4)]
    done, _ = department(*rounded)
    far = {
        where: (cell.value, exact)
        for where, exact in _amounts(whole).items()
        if abs((cell := done.cell(*where)).value - exact) > tolerance(cell.terms)
    }
    assert far == {}


@settings(max_examples=10, deadline=None)
@given(st.data(), st.sampled_from(["元", "万元"]))
def test_a_lone_department_gives_itself(data, money):
    whole, _ = data.draw(departments(money))
    done, _ = department(Unit("甲部门", whole))
    assert contents(done, given=True) == contents(whole, given=True)


def _amounts(book):
    """Every figure, zeros apart."""
    return {
        (name, row.key, column): cell.value
        for name, table in book.tables.items()
        if name not in PROGRAM
        for row in table.rows
        for column, cell in row.cells.items()
        if isinstance(cell.value, Decimal) and cell.value
    }


def _rounded(book):
    """A Book as its clerk would have typed it in 万元, with every sum left to the program."""
    tables = {}
    for name, table in book.tables.items():
        rows = []
        for row in table.rows:
            cells = {
                c: Cell(round(cell.value, 2), given=True, terms=1)
                if isinstance(cell.value, Decimal) and EDITION.kind(name, c, row.key) == "money"
                else cell
                for c, cell in row.cells.items()
                if cell.given or not isinstance(cell.value, Decimal)
            }
            rows.append(Row(row.key, row.level, row.parent, cells, row.line))
        tables[name] = Table(name, tuple(row for row in rows if row.line))
    return book.with_tables(tables)


# --- admission ----------------------------------------------------------------------------------------------


def sent(unit, **facts):
    file = facts.pop("file", f"{unit}.xlsx")
    known = {"year": "2026", "edition": EDITION.id, "money": "元", "kind": "单位", "content": file}
    return Submission(file, unit, **{**known, **facts})


def test_every_mismatch_is_named_with_its_file_and_the_good_ones_are_taken_in_order():
    files = [
        sent("丁"),
        sent("甲", authority="科技局"),
        sent("科技局（本级）", authority="科技局"),
        sent("乙", year="2025"),
        sent("己", edition="xinjiang-2025"),
        sent("科技局", kind="部门"),
        sent("庚", authority="教育局"),
        sent("辛", file="辛.xlsx"),
        sent("辛", file="辛 (1).xlsx"),
        sent("壬", content="丁.xlsx"),
        sent("癸", errors=4, first=("支出总体!C9 差 1.00",)),
        Submission("坏.xlsx", problem="工作簿已损坏，读不出内容（换一份）"),
        Submission("大.xlsx", problem="内存不够，没有做完（再试）", blame=Blame.MACHINE),
    ]
    done = admit(files, EDITION)
    assert done.name == "科技局"
    assert [s.unit for s in done.taken] == ["科技局（本级）", "甲"]
    assert [(f.rule, f.message) for f in done.faults] == [
        ("unit-copied", "丁.xlsx：“丁”的数与 壬.xlsx（“壬”）完全相同，不知道是谁的"),
        ("unit-year", "乙.xlsx：预算年度是“2025”，其他单位是“2026”"),
        ("unit-edition", "己.xlsx：版式是“xinjiang-2025”，其他单位是“xinjiang-2026”"),
        ("unit-is-department", "科技局.xlsx：“科技局”是本部门的表，不是单位的表"),
        ("unit-of-another", "庚.xlsx：“庚”的主管部门是“教育局”，不是“科技局”"),
        ("unit-twice", "辛.xlsx：“辛”还有一份：辛 (1).xlsx（内容不同，不知道以哪一份为准）"),
        ("unit-twice", "辛 (1).xlsx：“辛”还有一份：辛.xlsx（内容不同，不知道以哪一份为准）"),
        ("unit-copied", "壬.xlsx：“壬”的数与 丁.xlsx（“丁”）完全相同，不知道是谁的"),
        ("unit-errors", "癸.xlsx：“癸”有 4 处错误：支出总体!C9 差 1.00等"),
        ("unit-unreadable", "坏.xlsx：工作簿已损坏，读不出内容（换一份）"),
        ("unit-unfinished", "大.xlsx：内存不够，没有做完（再试）"),
    ]
    assert done.missing == ("丁", "乙", "己", "辛", "壬", "癸", "坏.xlsx", "大.xlsx")


def test_a_list_of_units_gives_the_order_and_tells_who_is_missing_or_strange():
    done = admit([sent("乙"), sent("甲"), sent("丁")], EDITION, name="局", listed=("甲", "乙", "丙"))
    assert [s.unit for s in done.taken] == ["甲", "乙"]
    assert [(f.rule, f.message) for f in done.faults] == [
        ("unit-unlisted", "丁.xlsx：“丁”不在单位名单里"),
        ("unit-missing", "名单中的“丙”没有报送"),
    ]
    assert done.missing == ("丙",)
    assert [(s.unit, s.state, s.taken) for s in done.statuses] == [
        ("甲", "passed", True),
        ("乙", "passed", True),
        ("丁", "unfit", False),
        ("丙", "missing", False),
    ]


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, "passed"),
        ({"explains": 1, "explained": True}, "explained"),
        ({"explains": 1, "explained": False}, "open"),
        ({"errors": 1}, "failed"),
    ],
)
def test_the_state_of_a_unit(facts, state):
    assert [s.state for s in admit([sent("甲", **facts)], EDITION, name="局").statuses] == [state]


def test_of_two_equal_files_the_first_is_taken():
    done = admit([sent("甲", content="同"), sent("甲", file="甲 (1).xlsx", content="同")], EDITION, name="局")
    assert [s.file for s in done.taken] == ["甲.xlsx"]
    assert [f.message for f in done.faults] == ["甲 (1).xlsx：“甲”还有一份：甲.xlsx（内容相同）"]
    assert done.missing == ()


def test_a_file_that_names_no_unit_is_kept_out():
    done = admit([sent("甲"), sent("", file="无名.xlsx")], EDITION, name="局")
    assert [(f.rule, f.message) for f in done.faults] == [("unit-unnamed", "无名.xlsx：没有填单位名称")]
    assert [s.unit for s in done.taken] == ["甲"]


@pytest.mark.parametrize(
    ("listed", "taken", "faults"),
    [
        (
            (),
            ["丙"],
            [
                "a.xlsx：“甲”的数与 b.xlsx（“乙”）完全相同，不知道是谁的",
                "b.xlsx：“乙”的数与 a.xlsx（“甲”）完全相同，不知道是谁的",
            ],
        ),
        (
            ("乙", "丙"),
            ["乙", "丙"],
            [
                "a.xlsx：“甲”不在单位名单里",
                "a.xlsx：“甲”的数与 b.xlsx（“乙”）完全相同，那是名单里的单位",
            ],
        ),
        (
            ("甲", "乙", "丙"),
            ["丙"],
            [
                "a.xlsx：“甲”的数与 b.xlsx（“乙”）完全相同，不知道是谁的",
                "b.xlsx：“乙”的数与 a.xlsx（“甲”）完全相同，不知道是谁的",
            ],
        ),
    ],
    ids=["no list", "one listed", "both listed"],
)
def test_of_a_copy_under_another_name_none_is_taken_but_the_only_one_of_the_list(listed, taken, faults):
    files = [sent("甲", file="a.xlsx", content="同"), sent("乙", file="b.xlsx", content="同"), sent("丙")]
    done = admit(files, EDITION, name="局", listed=listed)
    assert [s.unit for s in done.taken] == taken
    assert [f.message for f in done.faults] == faults


def test_units_in_yuan_and_in_wan_are_added_up_and_told_in_one_line():
    text = "支出总体 | 科目代码 | 基本支出\n | 2060501 | {}"
    done, findings = department(
        unit("甲", text.format("10049"), money="元"),
        unit("乙", text.format("2.00")),
        unit("丙", text.format("1"), money="元"),
    )
    assert done.cell("支出总体", "总计", "基本支出").value == Decimal("3.0050")
    assert [(f.rule, f.message) for f in findings] == [("unit-money", "乙用“万元”；其余 2 个单位用“元”")]


def test_paragraphs_that_units_print_as_they_found_them_are_told_to_be_left_out():
    rows = "原文段落 | 章节 | 接在 | 内容\n | 名词 | | 甲的一段。\n | 名词 | | 甲的又一段。"
    done, findings = department(unit("甲", rows), unit("乙"), unit("丙", rows.rsplit("\n", 1)[0]))
    assert done[EDITION.verbatim.table].rows == ()
    told = [(f.rule, f.message) for f in findings if f.rule == "paragraph-units"]
    assert told == [("paragraph-units", "“原文段落”不汇总：甲 2 段、丙 1 段")]


def test_a_unit_that_seems_to_have_typed_in_the_other_unit_of_money_is_told():
    text = "支出总体 | 科目代码 | 基本支出\n | 2060501 | {}"
    usual = [unit(name, text.format("12000000"), money="元") for name in "甲乙丙"]
    _, findings = department(*usual, unit("丁", text.format("9000000")), unit("戊", text.format("800.00")))
    assert [(f.rule, f.message) for f in findings] == [
        ("unit-money", "丁、戊用“万元”；其余 3 个单位用“元”"),
        ("unit-money-mistaken", "丁 支出总计 9000000.00 万元，其他单位的中位数是 1200.00 万元"),
    ]


def test_a_department_of_which_a_unit_is_known_in_wan_only_is_in_wan_and_tells_the_tail():
    exact = unit("甲", "支出总体 | 科目代码 | 基本支出\n | 2060501 | 10049", money="元")
    text = "支出总体 | 科目代码 | 基本支出\n | 总计 | 0.67\n | 2060501 | 0.33\n | 2060502 | 0.33"
    done, _ = department(exact, unit("乙", text))
    assert done.cell("单位信息", "金额单位", "内容").value == "万元"
    assert figures(done, "支出总体", "基本支出")["2060501"] == (Decimal("1.3349"),)
    assert [(f.spots[0].name, f.tail) for f in check(done, EDITION) if f.rule == "hierarchy"] == [
        ("支出总体[总计].合计", True),
        ("支出总体[总计].基本支出", True),
    ]
    only, _ = department(exact, unit("丙", money="元"))
    assert only.cell("单位信息", "金额单位", "内容").value == "元"


def test_what_an_earlier_consolidation_wrote_is_left_aside():
    done = admit([sent("科技局", kind="部门", result=True), sent("甲")], EDITION, name="科技局")
    assert (done.skipped, done.faults, done.missing) == (("科技局.xlsx",), (), ())
    assert [s.unit for s in done.statuses] == ["甲"]


def test_the_workbook_of_another_department_is_a_unit():
    done = admit([sent("区科技局", kind="部门", result=True), sent("甲")], EDITION, name="科技局")
    assert (done.skipped, done.faults, done.missing) == ((), (), ())
    alone = admit([sent("科技局", kind="部门", result=True)], EDITION)
    assert (alone.skipped, [f.rule for f in alone.faults]) == ((), ["unit-is-department"])


@pytest.mark.parametrize(
    ("name", "department", "own"),
    [
        ("科技局（本级）", "", True),
        ("科技局(本级)", "", True),
        ("科技局本级", "", True),
        ("本级", "", True),
        ("科技局", "科技局", True),
        ("科技局", "", False),
        ("本级财政服务中心", "科技局", False),
        ("科技局（本级）信息中心", "科技局", False),
        ("", "", False),
    ],
)
def test_the_own_office_is_told_by_the_end_of_its_name_or_is_called_as_the_department(name, department, own):
    assert is_own_office(name, EDITION, department) is own


def test_where_no_table_lists_income_by_code_a_transfer_is_held_by_the_other_lines():
    transfers = replace(EDITION.consolidating.transfers, by_code=None)
    edition = replace(EDITION, consolidation=replace(EDITION.consolidating, transfers=transfers))
    units = unit("丙（本级）", PAYER), unit("甲", RECEIVER)
    done = derive(consolidate(units, edition, Department("甲部门", None)).book, edition)
    (found,) = transfers_of(done, edition)
    assert (found.payer, found.receiver, found.received_code) == ("丙（本级）", "甲", "")
    assert [(line[1], line[3]) for line in lines_of(found, edition)] == [
        ("收支总体", "预算数"),
        ("支出总体", "项目支出"),
    ]
