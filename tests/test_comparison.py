"""Two books compared: what was edited is told, all of it, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetgen.app.pipeline.diff import side_of
from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.comparison import Side, Threshold, compare
from budgetgen.comparison.figures import numbers
from budgetgen.comparison.matching import Both, left_behind, same_but_years
from budgetgen.comparison.values import Kind
from budgetgen.edition import available, load
from budgetgen.reading.grid import read_grid
from budgetgen.values.findings import Finding
from budgetgen.values.model import Cell, Row, Table
from budgetgen.values.sayings import saying
from budgetgen.years.priors import Last
from budgetgen.years.rolling import roll
from tests.conftest import PUBLISHED, SAMPLES
from tests.workbooks import derived_of

DOCUMENTS = ["2024-bureau", "2025-district", "2026-center", "2026-park"]

BOOK = """
单位信息 | 项目 | 内容
 | 单位名称 | 某中心
 | 预算年度 | 2026
 | 公开日期 | 2026-02-27
收支总体 | 项目 | 预算数
 | 一般财力 | 30.00
收入总体 | 科目代码 | 科目名称 | 总计 | 一般公共预算 | 单位资金
 | 2060501 | 机构运行 | 20.00 | 20.00 |
 | 2060599 | 其他科技条件与服务支出 | 12.00 | 10.00 | 2.00
支出总体 | 科目代码 | 科目名称 | 合计 | 基本支出 | 项目支出
 | 2060501 | 机构运行 | 20.00 | 20.00 |
 | 2060599 | 其他科技条件与服务支出 | 12.00 | | 12.00
 | 2080505 | 机关事业单位基本养老保险缴费支出 | 5.00 | 5.00 |
项目支出 | 单位 | 科目代码 | 科目名称 | 项目名称 | 合计 | 商品和服务支出 | 资本性支出
 | 某中心 | 2060599 | 其他科技条件与服务支出 | 科普周活动经费 | 8.00 | 8.00 |
 | 某中心 | 2060599 | 其他科技条件与服务支出 | 机房设备购置 | 4.00 | | 4.00
三公经费 | 项目 | 合计 | 一般公共预算
 | 公务接待 | 0.50 | 0.50
职能与机构 | 类别 | 内容
 | 主要职能 | 负责科学普及工作。
 | 主要职能 | 承担科技统计和数据分析。
 | 内设机构 | 办公室
增减原因 | 指标 | 原因
 | 收入：一般公共预算 | 人员增加
 | 支出：项目支出 | 新增设备购置
项目说明 | 项目名称 | 政策依据 | 预算安排规模 | 资金分配情况 | 资金执行时间
 | 科普周活动经费 | 某字1号文 | 8.00 | 用于布展 | 2026年全年
 | 机房设备购置 | 某字2号文 | 4.00 | 用于购置服务器 | 2026年全年
采购与资产 | 项目 | 数量 | 金额
 | 车辆 | 2 | 30.00
项目绩效 | 项目名称 | 年度预算总额 | 总体目标
 | 科普周活动经费 | 8.00 | 办好科普周
 | 机房设备购置 | 4.00 | 更新机房设备
项目绩效指标 | 项目名称 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 权重
 | 科普周活动经费 | 产出指标 | 数量指标 | 举办活动场次 | ≥5场 | 10
 | 科普周活动经费 | 效益指标 | 社会效益指标 | 参与人次 | ≥500人次 | 20
 | 机房设备购置 | 产出指标 | 数量指标 | 购置服务器台数 | =2台 | 10
其他说明 | 类别 | 术语 | 内容
 | 其他需说明的事项 | | 本年没有其他事项。
"""


def book_of(text, edition="xinjiang-2026"):
    book, findings = read_grid(text, load(edition))
    assert [f.rule for f in findings if f.rule != "secret-text"] == []
    return derive(book, load(edition))


def side(text, edition="xinjiang-2026", **more):
    return Side(book_of(text, edition), load(edition), **more)


def told(changes):
    """Everything that is told, in one order: a thing told twice stands twice."""
    return listed(
        [
            *(("figure", c.table, c.key, c.column, c.kind, c.old, c.new) for c in changes.figures),
            *(("reason", c.concern, c.figure) for c in changes.reasons),
            *(("wording", c.kind, c.table, c.key, c.column) for c in changes.wording),
            *(("structure", c.kind, c.matter, c.old, c.new) for c in changes.structure),
            *(("linkage", c.figure, c.told, c.published) for c in changes.linkage),
        ]
    )


def listed(found):
    return sorted([f"{p:.2f}" if isinstance(p, Decimal) else str(p) for p in one] for one in found)


# --- nothing differs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.xlsx")), ids=lambda path: path.stem)
def test_a_sample_does_not_differ_from_itself(path):
    one = side_of(derived_of(path))
    changes = compare(one, one)
    assert told(changes) == []
    assert not changes.differs


@pytest.mark.published
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_published_document_does_not_differ_from_itself(name):
    one = side_of(derived_of(PUBLISHED / f"{name}.docx"))
    assert told(compare(one, one)) == []


# --- known edits --------------------------------------------------------------------------------------------

BASE = side(BOOK)
EDITION = BASE.edition
BOTH = Both(BASE, BASE, Threshold.read("10%"))
RENAMED = {"科普周活动经费": "科普活动周经费", "机房设备购置": "机房设备购置与维护"}
NEW_LINE = {
    "科目代码": Cell("2069901"),
    "科目名称": Cell("科技奖励"),
    "合计": Cell(Decimal(7)),
    "基本支出": Cell(Decimal(7)),
}


def with_row(book, table, key, row):
    """The book with one row replaced; dropped where it is None."""
    rows = (row if old.key == key else old for old in book[table].rows)
    return book.with_tables({table: Table(table, tuple(r for r in rows if r is not None))})


def number_edits():
    """One edit for every figure of the book."""
    for name in BOTH.shared:
        for row in BASE.book[name].rows:
            for column in numbers(BOTH, name):
                kind = EDITION.kind(name, column, row.key)
                declared = EDITION.tables[name].fixed.get(row.key)
                if kind in {"money", "number", "count"} and (not declared or declared[0].column(column)):
                    yield "number", name, row.key, column


def text_edits():
    for name, column in (
        ("职能与机构", "内容"),
        ("项目说明", "政策依据"),
        ("项目说明", "资金执行时间"),
        ("项目绩效", "总体目标"),
        ("项目绩效指标", "指标值"),
        ("项目绩效指标", "三级指标"),
        ("其他说明", "内容"),
        ("支出总体", "科目名称"),
    ):
        for row in BASE.book[name].rows:
            if row.text(column):
                yield "text", name, row.key, column


def other_edits():
    for row in BASE.book["增减原因"].rows:
        yield "reason", "增减原因", row.key, "原因"
    for row in BASE.book["支出总体"].lines():
        yield "drop", "支出总体", row.key, ""
    for row in BASE.book["职能与机构"].rows:
        yield "drop-text", "职能与机构", row.key, ""
    yield "add", "支出总体", "2069901", ""
    yield from ((kind, "", name, "") for name in RENAMED for kind in ("rename", "drop-project"))
    yield "add-project", "项目支出", "2060599/展品更新", ""


EDITS = [*number_edits(), *text_edits(), *other_edits()]


def figures_of(row, table, kind, *, came):
    """What is told of all figures of a row that came or went."""
    values = {
        c: row[c].value for c in numbers(BOTH, table) if isinstance(row[c].value, Decimal) and row[c].value
    }
    return {
        ("figure", table, row.key, column, kind, *((Decimal(0), value) if came else (value, Decimal(0))))
        for column, value in values.items()
    }


def applied(book, edit, amount):  # noqa: PLR0911 - one for each kind of edit
    """The edited book, and what a comparison must tell."""
    kind, table, key, column = edit
    row = book[table].get(key) if table else None
    match kind:
        case "number":
            old = row[column].value or Decimal(0)
            new = old + amount
            figures = [
                row[c].value
                for c in numbers(BOTH, table)
                if c != column and isinstance(row[c].value, Decimal)
            ]
            others = any(figures)
            became = "changed" if (old and new) or others else "came" if new else "went"
            edited = with_row(book, table, key, row.with_cells({column: Cell(new)}))
            return edited, {("figure", table, key, column, became, old, new)}
        case "text":
            edited = with_row(book, table, key, row.with_cells({column: Cell(row.text(column) + "，修订")}))
            return edited, {("wording", "changed", table, key, column)}
        case "reason":
            edited = with_row(
                book, table, key, row.with_cells({column: Cell(row.text(column) + "，调整结构")})
            )
            return edited, {("reason", "rewritten", key)}
        case "drop":
            return with_row(book, table, key, None), figures_of(row, table, "went", came=False)
        case "drop-text":
            return with_row(book, table, key, None), {("wording", "went", table, key, "")}
        case "add":
            line = Row("2069901", "项", "20699", NEW_LINE)
            edited = book.with_tables({table: Table(table, (*book[table].rows, line))})
            return edited, figures_of(line, table, "came", came=True)
        case "add-project":
            cells = {"科目代码": Cell("2060599"), "项目名称": Cell("展品更新"), "合计": Cell(amount)}
            line = Row(key, "项目", "20605", cells)
            edited = book.with_tables({table: Table(table, (*book[table].rows, line))})
            came = ("structure", "came", "project", "", "展品更新")
            return edited, {came, *figures_of(line, table, "came", came=True)}
        case "drop-project":
            return dropped(book, key)
    return renamed(book, key, RENAMED[key])


def dropped(book, name):
    """A project struck out wherever it stands."""
    tables, expected = {}, {("structure", "went", "project", name, "")}
    for table in book.tables.values():
        rows = [row for row in table.rows if name not in {cell.value for cell in row.cells.values()}]
        gone = [row for row in table.rows if row not in rows]
        if EDITION.tables[table.name].printed:
            expected |= {one for row in gone for one in figures_of(row, table.name, "went", came=False)}
        tables[table.name] = Table(table.name, tuple(rows))
    return book.with_tables(tables), expected


def renamed(book, old, new):
    """A project under another name wherever it stands."""
    tables, expected = {}, {("structure", "changed", "project", old, new)}
    for name, table in book.tables.items():
        rows = []
        for row in table.rows:
            cells = {c: Cell(new) for c, cell in row.cells.items() if cell.value == old}
            after = replace(row.with_cells(cells), key=row.key.replace(old, new)) if cells else row
            if after.key != row.key and EDITION.tables[name].printed:
                expected |= figures_of(row, name, "went", came=False) | figures_of(
                    after, name, "came", came=True
                )
            rows.append(after)
        tables[name] = Table(name, tuple(rows))
    return book.with_tables(tables), expected


def touched(edit):
    """What an edit works on: no two edits of one comparison may work on the same."""
    _, table, key, _ = edit
    project = next((name for name in RENAMED if name in key or name == key), "")
    if table == "项目绩效指标":
        project = BASE.book[table].get(key).text("项目名称")
    return project or (table, key)


amounts = st.decimals(Decimal("0.01"), Decimal(900), places=2)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(EDITS), amounts), max_size=6, unique_by=lambda pair: touched(pair[0]))
)
def test_known_edits_are_told_exactly(edits):
    book, expected = BASE.book, set()
    for edit, amount in edits:
        book, more = applied(book, edit, amount)
        expected |= more
    changes = compare(BASE, Side(book, EDITION))
    assert told(changes) == listed(expected)
    assert changes.differs == bool(expected)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(EDITS), amounts), max_size=3, unique_by=lambda pair: touched(pair[0]))
)
def test_the_other_way_round_the_same_figures_differ(edits):
    book = BASE.book
    for edit, amount in edits:
        book, _ = applied(book, edit, amount)
    there, back = compare(BASE, Side(book, EDITION)), compare(Side(book, EDITION), BASE)
    assert sorted((c.table, c.key, c.column, c.change) for c in there.figures) == sorted(
        (c.table, c.key, c.column, -c.change) for c in back.figures
    )
    assert len(there.wording) == len(back.wording)


# --- across editions ----------------------------------------------------------------------------------------


def filled(last, edition, edits):
    """Next year's book out of last year's, filled with last year's figures and texts, and edited."""
    book = roll(Last(last.book, last.edition, last.absent), edition).book
    own = {edition.house.about, edition.comparisons.prior, edition.comparisons.reasons}
    tables = {
        name: table for name, table in last.book.tables.items() if name in edition.tables and name not in own
    }
    return derive(edits(book.with_tables(tables)), edition)


@pytest.mark.published
def test_a_workbook_rolled_forward_and_filled_differs_in_what_was_filled():
    last = side_of(derived_of(PUBLISHED / "2025-district.docx"))
    edition = load("xinjiang-2026")

    def edits(book):
        row = book["采购与资产"].get("办公家具")
        book = with_row(
            book, "采购与资产", "办公家具", row.with_cells({"金额": Cell(Decimal("99.99"), given=True)})
        )
        goal = next(book["项目绩效"].lines())
        return with_row(
            book, "项目绩效", goal.key, goal.with_cells({"总体目标": Cell("完全改写的目标", given=True)})
        )

    changes = compare(last, Side(filled(last, edition, edits), edition))
    old = last.book.cell("采购与资产", "办公家具", "金额").value
    goal = next(last.book["项目绩效"].lines()).key
    assert {(c.table, c.key, c.column, c.old, c.new) for c in changes.figures} == {
        ("采购与资产", "办公家具", "金额", old, Decimal("99.99"))
    }
    written = {(c.table, c.key, c.column) for c in changes.wording if c.kind is not Kind.STAYED}
    assert written == {("项目绩效", goal, "总体目标")}
    assert changes.reasons == ()
    assert changes.linkage == ()
    assert {c.template for c in changes.structure} == {True}
    assert {(c.kind, c.matter, c.old, c.new) for c in changes.structure} == {
        ("came", "table", "", "委托业务费"),
        ("came", "section", "", "委托业务费"),
        ("went", "column", "上级国有资本经营预算", ""),
    }


LAST = """
单位信息 | 项目 | 内容
 | 单位名称 | 某中心
 | 预算年度 | 2025
收入总体 | 科目代码 | 总计 | 一般公共预算 | 单位资金
 | 2060501 | 110.00 | 100.00 | 10.00
支出总体 | 科目代码 | 合计 | 基本支出 | 项目支出
 | 2060501 | 110.00 | 60.00 | 50.00
一般公共预算支出 | 科目代码 | 合计 | 基本支出 | 项目支出
 | 2060501 | 100.00 | 60.00 | 40.00
增减原因 | 指标 | 原因
 | 收入：一般公共预算 | 2025年新增人员
 | 支出：基本支出 | 人员增加
"""
NEXT = """
单位信息 | 项目 | 内容
 | 单位名称 | 某中心
 | 预算年度 | 2026
收入总体 | 科目代码 | 总计 | 一般公共预算 | 单位资金
 | 2060501 | 130.00 | 120.00 | 10.00
支出总体 | 科目代码 | 合计 | 基本支出 | 项目支出
 | 2060501 | 130.00 | 50.00 | 80.00
一般公共预算支出 | 科目代码 | 合计 | 基本支出 | 项目支出
 | 2060501 | 120.00 | 50.00 | 70.00
上年数 | 指标 | 上年预算数 | 增减率
 | 收入：一般公共预算 | 100.00 |
 | 收入：单位资金 | 9.00 |
 | 支出：基本支出 | 60.00 | 20.00
增减原因 | 指标 | 原因
 | 收入：一般公共预算 | 2026年新增人员
 | 收入：单位资金 | 收入预计增加
 | 支出：基本支出 | 新增人员
"""


def yearly(*edits, last=LAST, edition="xinjiang-2025", threshold=None):
    """Two years compared, the later one edited: (text, other text)."""
    new = NEXT
    for text, other in edits:
        assert text in new
        new = new.replace(text, other)
    return compare(side(last, edition), side(new), threshold and Threshold.read(threshold))


def test_reasons_are_judged_by_what_the_old_file_published():
    assert [(c.concern, c.figure, c.change) for c in yearly().reasons] == [
        ("contradicts", "支出：基本支出", Decimal(-10)),
        ("missing", "支出：项目支出", Decimal(30)),
        ("missing", "一般公共预算：项目支出", Decimal(30)),
        ("missing", "一般公共预算支出/2060501", Decimal(20)),
        ("missing", "一般公共预算：基本支出", Decimal(-10)),
        ("copied", "收入：一般公共预算", Decimal(20)),
        ("needless", "收入：单位资金", Decimal(0)),
    ]


def test_a_copied_reason_of_what_moves_the_other_way_now_is_told_once():
    last = LAST.replace("人员增加", "2025年新增人员")
    changes = yearly(("支出：基本支出 | 新增人员", "支出：基本支出 | 2026年新增人员"), last=last)
    assert [c.concern for c in changes.reasons if c.figure == "支出：基本支出"] == ["outdated"]


def test_what_is_said_of_last_year_is_held_against_what_was_published():
    assert [
        (b.figure, b.told, b.published, b.difference, b.told_change, b.change, b.told_rate, b.rate)
        for b in yearly().linkage
    ] == [
        ("收入：单位资金", 9, 10, -1, 1, 0, Decimal("11.11"), 0),
        ("支出：基本支出", 60, 60, 0, -10, -10, -20, Decimal("-16.67")),
    ]


@pytest.mark.parametrize("rate", ["16.67", "16.66", "16.68"])
def test_a_rate_worked_from_exact_amounts_is_no_difference(rate):
    changes = yearly(("60.00 | 20.00\n增", f"60.00 | {rate}\n增"))
    assert [b.figure for b in changes.linkage] == ["收入：单位资金"]


def test_files_that_are_not_a_year_apart_are_not_linked():
    changes = yearly(last=LAST.replace("2025", "2024"), edition="xinjiang-2024")
    assert (changes.linked, changes.linkage) == (False, ())


@pytest.mark.parametrize(
    ("threshold", "missing", "large"),
    [
        ("25", ["支出：项目支出", "一般公共预算：项目支出"], {Decimal(30)}),
        ("30", ["支出：项目支出", "一般公共预算：项目支出"], {Decimal(30)}),
        ("1000", [], set()),
    ],
)
def test_the_threshold_may_be_an_amount(threshold, missing, large):
    changes = yearly(threshold=threshold)
    assert [c.figure for c in changes.reasons if c.concern == "missing"] == missing
    assert {c.change for c in changes.figures if c.large} == large


@pytest.mark.parametrize(
    ("reason", "concerns"),
    [
        ("人员减少", []),
        ("标准提高", ["contradicts"]),
        ("人员减少，标准提高", []),
        ("与上年持平", ["contradicts"]),
        ("人员减少，标准不变", []),
        ("部分项目本年未安排", []),
        ("上年增加的设备本年没有安排", []),
        ("厉行节约", []),
    ],
)
def test_a_reason_that_speaks_only_of_another_movement_contradicts_a_fall(reason, concerns):
    changes = yearly(("支出：基本支出 | 新增人员", f"支出：基本支出 | {reason}"))
    assert [c.concern for c in changes.reasons if c.figure == "支出：基本支出"] == concerns


@pytest.mark.parametrize(
    ("reason", "rules"),
    [
        ("人员减少", []),
        ("人员增加", ["reason-direction"]),
        ("与上年持平", ["reason-direction"]),
        ("人员减少，标准不变", []),
        ("部分项目本年未安排", []),
    ],
)
def test_the_checks_hold_a_reason_against_its_figure_in_the_same_way(reason, rules):
    book = book_of(NEXT.replace("支出：基本支出 | 新增人员", f"支出：基本支出 | {reason}"))
    asked = {"reason-direction", "reason-idle"}
    told = [f.rule for f in check(book, EDITION) if f.rule in asked and f.spots[0].row == "支出：基本支出"]
    assert told == rules


def test_shares_are_those_of_the_change_of_the_total():
    (line,) = (
        c for c in yearly().figures if (c.table, c.key, c.column) == ("支出总体", "2060501", "项目支出")
    )
    assert (line.change, line.rate, line.share) == (Decimal(30), Decimal(60), Decimal(100))
    (total,) = (c for c in yearly().figures if (c.table, c.key, c.column) == ("支出总体", "总计", "合计"))
    assert (total.change, total.rate, total.share) == (Decimal(20), Decimal("18.18"), Decimal(100))


# --- rows across names --------------------------------------------------------------------------------------


def test_a_line_whose_code_changed_is_matched_by_its_exact_name_and_told():
    before = "支出总体 | 科目代码 | 科目名称 | 合计\n | 2060501 | 机构运行 | 5.00\n"
    after = "支出总体 | 科目代码 | 科目名称 | 合计\n | 2060503 | 机构运行 | 6.00\n"
    changes = compare(side(before), side(after))
    lines = {(c.key, c.old, c.new) for c in changes.figures if c.table == "支出总体" and c.line and c.main}
    assert lines == {("2060503", Decimal(5), Decimal(6))}
    assert [(c.matter, c.old, c.new) for c in changes.structure] == [
        ("code", "2060501 机构运行", "2060503 机构运行")
    ]


def test_declared_aliases_are_the_same_project():
    review = replace(EDITION.review, aliases=(("甲计划", "乙工程"),))
    edition = replace(EDITION, review=review)
    grid = "项目支出 | 科目代码 | 项目名称 | 合计\n | 2060501 | {} | {}\n"
    old, new = (Side(book_of(grid.format(*row)), edition) for row in (("甲计划", "5.00"), ("乙工程", "6.00")))
    changes = compare(old, new)
    assert changes.structure == ()
    assert {(c.old, c.new) for c in changes.figures} == {(Decimal(5), Decimal(6))}


def test_a_rename_is_proposed_and_never_assumed():
    grid = "项目支出 | 科目代码 | 项目名称 | 合计\n | 2060501 | {} | {}\n"
    old = side(
        "单位信息 | 项目 | 内容\n | 预算年度 | 2025\n" + grid.format("2025年科普周活动经费", "5.00"),
        "xinjiang-2025",
    )
    new = side(grid.format("2026年科普周活动专项经费", "6.00"))
    changes = compare(old, new)
    (found,) = (c for c in changes.structure if not c.template)
    assert (found.old, found.new, found.old_amount, found.new_amount) == (
        "2025年科普周活动经费",
        "2026年科普周活动专项经费",
        Decimal(5),
        Decimal(6),
    )
    assert found.likeness is not None
    lines = {(c.kind, c.old, c.new) for c in changes.figures if c.line and c.table == "项目支出"}
    assert lines == {("went", Decimal(5), Decimal(0)), ("came", Decimal(0), Decimal(6))}


@pytest.mark.parametrize(
    ("amount", "drawn"), [("5.00", []), ("7.00", [(Decimal(5), Decimal(7), Decimal(2))])]
)
def test_a_line_that_goes_by_another_name_is_drawn_once_or_not_at_all(amount, drawn):
    grid = "项目支出 | 科目代码 | 项目名称 | 合计\n | 2060501 | {}年科普周活动经费 | {}\n"
    old = side("单位信息 | 项目 | 内容\n | 预算年度 | 2025\n" + grid.format(2025, "5.00"), "xinjiang-2025")
    changes = compare(old, side(grid.format(2026, amount)))
    moved = [one for one in changes.movements() if one.table == "项目支出"]
    assert [(one.old, one.new, one.change) for one in moved] == drawn


def test_a_renamed_item_of_two_codes_is_drawn_by_each():
    grid = "项目支出 | 科目代码 | 项目名称 | 合计\n | 2060501 | {0}年科普周活动经费 | {1}\n | 2060702 | {0}年科普周活动经费 | {2}\n"
    about = "单位信息 | 项目 | 内容\n | 预算年度 | 2025\n"
    old = side(about + grid.format(2025, "50.00", "20.00"), "xinjiang-2025")
    changes = compare(old, side(grid.format(2026, "10.00", "45.00")))
    moved = [(one.old, one.new) for one in changes.movements() if one.table == "项目支出"]
    assert moved == [(Decimal(50), Decimal(10)), (Decimal(20), Decimal(45))]


def test_unlike_names_are_not_proposed_even_with_the_same_amount():
    grid = "项目支出 | 科目代码 | 项目名称 | 合计\n | 2060501 | {} | 5.00\n"
    changes = compare(side(grid.format("科普周活动经费")), side(grid.format("道路维修")))
    assert [(c.kind, c.old, c.new) for c in changes.structure] == [
        ("came", "", "道路维修"),
        ("went", "科普周活动经费", ""),
    ]


def test_secret_items_are_told_by_code_and_amount_and_never_proposed_as_renamed():
    grid = "结转结余 | 项目 | 合计\n | {} | 5.00\n"
    changes = compare(side(grid.format("特定目标123机密工程")), side(grid.format("特定目标124机密工程")))
    assert [(c.kind, c.old, c.new, c.likeness) for c in changes.structure] == [
        ("came", "", "特定目标124", None),
        ("went", "特定目标123", "", None),
    ]
    assert "机密" not in repr(changes)


def test_the_unit_under_another_name_keeps_its_rows():
    grid = (
        "单位信息 | 项目 | 内容\n | 单位名称 | {0}\n结转结余 | 单位 | 项目 | 合计\n | {0} | 科普周 | 5.00\n"
    )
    changes = compare(side(grid.format("某局")), side(grid.format("某科学技术局")))
    assert told(changes) == [["structure", "changed", "unit", "某局", "某科学技术局"]]


def test_a_table_that_one_file_lacks_is_told_and_its_figures_are_not_compared():
    changes = compare(side(BOOK), side(BOOK, absent=frozenset({"三公经费"})))
    assert told(changes) == [["structure", "went", "table", "三公经费", ""]]


def test_blank_and_zero_read_the_same_and_so_do_amounts_that_round_alike():
    grid = "单位信息 | 项目 | 内容\n | 金额单位 | {}\n支出总体 | 科目代码 | 基本支出 | 项目支出\n | 2060501 | {} | {}\n"
    before, after = grid.format("万元", "5.00", "0.00"), grid.format("元", "50040", "")
    assert told(compare(side(before), side(after))) == []


def test_what_reading_told_beside_the_cells_is_compared_too(newest):
    def unread(text):
        return Finding.of(newest.rules["paragraph-unplaced"], saying(原文=text))

    changes = compare(side(BOOK, loose=(unread("甲。"),)), side(BOOK, loose=(unread("甲。"), unread("乙。"))))
    assert [(c.kind, c.new_sentence) for c in changes.wording] == [("came", "没有读懂：乙。")]


def test_years_that_move_on_with_the_budget_are_no_change():
    assert same_but_years("2025年1月1日—2025年12月31日", "2026年1月1日-2026年12月31日", 1)
    assert not same_but_years("2025年", "2027年", 1)
    assert same_but_years("依据2019年文件", "依据2019年文件", 1)


def test_a_sentence_is_told_with_both_readings():
    edited = BOOK.replace("承担科技统计和数据分析。", "承担科技统计、数据分析和评估。")
    (change,) = compare(side(BOOK), side(edited)).wording
    assert (change.statement, change.section, change.old_sentence, change.new_sentence) == (
        "functions",
        "一、主要职能",
        "（二）承担科技统计和数据分析。",
        "（二）承担科技统计、数据分析和评估。",
    )


@pytest.mark.parametrize(
    ("old", "new", "left"),
    [
        ("2025年1月1日—2025年12月31日", "2025年1月1日—2026年12月31日", True),
        ("2025年1月1日至2025年12月31日", "2026年1月1日至2025年12月31日", True),
        ("自2025年1月1日至2025年12月31日", "自2025年1月1日至2026年12月31日", True),
        ("2025年1月起至2025年12月止", "2025年1月起至2026年12月止", True),
        ("2025年1月1日—2025年12月31日", "2026年1月1日—2026年12月31日", False),
        ("2024年7月1日—2025年6月30日", "2024年7月1日—2026年6月30日", False),
        ("科发〔2025〕1号，2025年执行", "科发〔2025〕1号，2026年执行", False),
        ("普发【2025】1号，2025年执行", "普发【2025】1号，2026年执行", False),
        ("按《2025年条例》，2025年执行", "按《2025年条例》，2026年执行", False),
        ("2025—2027年规划，2025年执行", "2025—2027年规划，2026年执行", False),
        ("自2025年实施，2025年执行", "自2025年实施，2026年执行", False),
        ("2025年3月以来的办法，2025年执行", "2025年3月以来的办法，2026年执行", False),
    ],
)
def test_one_year_that_became_two_was_left_behind_unless_it_may_stay(old, new, left):
    assert same_but_years(old, new, 1)
    assert left_behind(old, new) is left


@pytest.mark.parametrize("name", available())
def test_what_a_comparison_asks_of_an_edition_is_declared_soundly(name):
    edition = load(name)
    review = edition.review
    assert Threshold.read(review.threshold).value > 0
    about = edition.tables[edition.house.about].fixed
    assert {*review.ignored, *review.identity} <= set(about)
    assert set(review.charts) <= set(edition.tables)
    assert not {*review.rises} & {*review.falls}
