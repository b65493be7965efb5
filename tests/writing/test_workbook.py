"""The workbook: what a clerk finds in it, and that spreadsheet programs compute what we wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

import pytest
from openpyxl import load_workbook

from budgetgen.book.derivation import derive
from budgetgen.book.outline import outline
from budgetgen.department.sources import Source
from budgetgen.edition import load
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.model import TOTAL, Book, Cell, Row, Table
from budgetgen.writing.workbook import listing
from budgetgen.writing.workbook.layout import WorkbookLayout, lay_out
from budgetgen.writing.workbook.writer import render_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openpyxl import Workbook

EDITION = load("xinjiang-2026")
BLANK = lay_out(EDITION, None)
SOURCES = "汇总来源"
"""The sheet of the parts of a department's figures, which is no table of the Book."""
GENERATED = ("核对清单", "原文段落", "差额表", "汇总情况")
"""The other sheets that only the program writes, and only where they hold something."""
PART = Source("支出总体", "2060501", "基本支出", "甲", "甲.xlsx", "支出总体!D9", Decimal("1.50"))
INPUT, DERIVED, VOID = "FFFFF9DB", "FFDCE9F7", "FFEDEDED"


def opened(data: bytes, *, values: bool = False) -> Workbook:
    return load_workbook(BytesIO(data), data_only=values)


def glanced(data: bytes, *, values: bool = False) -> Workbook:
    """The same for a few cells: only the sheets that are asked for are read, without their looks."""
    return load_workbook(BytesIO(data), data_only=values, read_only=True)


@pytest.fixture(scope="module")
def empty() -> bytes:
    return render_workbook(EDITION)


@pytest.fixture(scope="module")
def blank(empty) -> Workbook:
    return opened(empty)


@pytest.fixture(scope="module")
def consolidated() -> Workbook:
    """A workbook with every sheet: the blank one and a line in each that the program writes."""
    lines = {name: f"{EDITION.tables[name].main.columns[0].name}\n甲" for name in GENERATED}
    return opened(render_workbook(EDITION, given(lines), sources=[PART]))


def shown_tables(made: str) -> list[str]:
    """The tables that stand in the blank workbook, or in the consolidated one."""
    tables = [table.name for table in EDITION.table if table.name != SOURCES]
    return [name for name in tables if made == "consolidated" or name not in GENERATED]


@pytest.fixture(scope="module")
def school() -> Book:
    return derive(given(SCHOOL), EDITION)


@pytest.fixture(scope="module")
def completed(school) -> bytes:
    """The completed copy of the school's workbook."""
    return render_workbook(EDITION, school)


# --- a Book by hand -----------------------------------------------------------------------------------------


def given(grids: Mapping[str, str], kind: str = "单位") -> Book:
    """A Book of what a clerk typed: for each table a header line of columns and a line for each row.

    A row of a table of fixed rows begins with its key.
    """
    tables = {name: _table(name, grids.get(name, ""), kind) for name in EDITION.tables}
    return Book(EDITION.id, "手工.xlsx", {table.name: table for table in tables.values()})


def _table(name: str, grid: str, kind: str) -> Table:
    declared = EDITION.tables[name]
    head, *lines = [[part.strip() for part in line.split("|")] for line in grid.strip().splitlines()] or [[]]
    typed = [dict(zip(head, line, strict=True)) for line in lines]
    rows = []
    for key, (block, _) in declared.fixed.items():
        label = block.label.name if block.label else ""
        row = next((row for row in typed if row.get(label) == key), {})
        cells = {column: _cell(name, key, column, text) for column, text in row.items() if column != label}
        rows.append(Row(key, "", None, {label: Cell(key), **cells}))
    tree = outline(EDITION, name, kind)
    for number, row in enumerate(
        (row for row in typed if not set(row.values()) & declared.fixed.keys()), start=1
    ):
        cells = {column: _cell(name, "", column, text) for column, text in row.items()}
        place = tree.position({key: row.get(key, "") for key in tree.block.key}, number)
        above = tree.above(place)
        rows.append(Row(place.key, place.level, above.key if above else None, cells, place.line))
    return Table(name, tuple(rows))


def _cell(table: str, key: str, column: str, text: str) -> Cell:
    kind = EDITION.kind(table, column, key or None)
    if not text:
        return Cell()
    if kind in {"money", "count", "number"}:
        return Cell(Decimal(text), given=True, terms=1)
    return Cell(date.fromisoformat(text) if kind == "date" else text, given=True)


SCHOOL = {
    "单位信息": """
        项目     | 内容
        单位名称 | 示例学校
        公开主体 | 单位
        预算年度 | 2026
        金额单位 | 万元
        公开日期 | 2026-02-27
    """,
    "收入总体": """
        科目代码 | 一般公共预算 | 上级一般公共预算 | 单位资金 | 财政拨款结转
        2050201  | 100.10       |                  | 20.25    |
        2050299  |              | 10.00            |          | 3.50
        2080505  | 30.00        |                  |          |
    """,
    "支出总体": """
        科目代码 | 基本支出 | 项目支出
        2050201  | 80.10    | 40.25
        2050299  |          | 13.50
        2080505  | 30.00    |
    """,
    "一般公共预算支出": """
        科目代码 | 基本支出 | 项目支出
        2050201  | 80.10    | 20.00
        2050299  |          | 10.00
        2080505  | 30.00    |
    """,
    "基本支出": """
        科目代码 | 人员经费 | 公用经费
        30101    | 90.10    |
        30201    |          | 20.00
    """,
    "项目支出": """
        科目代码 | 项目名称     | 商品和服务支出 | 对个人和家庭的补助
        2050201  | 校舍*维修?   | 20.00          |
        2050299  | =助学金      |                | 10.00
    """,
    "三公经费": """
        项目         | 一般公共预算
        公务接待     | 0.30
        公务用车运行 | 2.70
    """,
    "项目说明": """
        项目名称     | 政策依据
        校舍*维修?   | 某文件
        =助学金      | =某文件
    """,
    "上年数": """
        指标                   | 科目代码 | 上年预算数
        三公：公务接待费       |          | 0.50
        收入：单位资金         |          | 0
        一般公共预算支出       | 2050201  | 90.10
    """,
    "增减原因": """
        指标                   | 科目代码 | 原因
        一般公共预算支出       | 2050201  | 工资调整
    """,
}

SCHOOL_COMPUTED = {
    ("收入总体", "2050201", "总计"): 120.35,  # 100.10 + 20.25
    ("收入总体", "总计", "一般公共预算"): 130.10,  # 100.10 + 30.00
    ("收入总体", "总计", "总计"): 163.85,  # 130.10 + 10.00 + 20.25 + 3.50
    ("收入总体", "总计", "政府性基金预算"): None,
    ("收支总体", "一般公共预算拨款", "预算数"): 140.10,  # 130.10 + 10.00
    ("收支总体", "收入总计", "预算数"): 163.85,
    ("收支总体", "205", "预算数"): 133.85,  # 80.10 + 40.25 + 13.50
    ("收支总体", "206", "预算数"): None,
    ("收支总体", "208", "预算数"): 30.00,
    ("收支总体", "支出总计", "预算数"): 163.85,
    ("财政拨款收支", "205", "合计"): 110.10,  # 80.10 + 20.00 + 10.00
    ("财政拨款收支", "支出总计", "一般公共预算"): 140.10,
    ("基本支出", "总计", "合计"): 110.10,
    ("项目支出", "总计", "合计"): 30.00,
    ("三公经费", "公务用车", "一般公共预算"): 2.70,
    ("三公经费", "总计", "合计"): 3.00,
    ("项目说明", "校舍*维修?", "预算安排规模"): 20.00,
    ("项目说明", "=助学金", "预算安排规模"): 10.00,
    ("上年数", "三公：公务接待费", "增减额"): -0.20,  # 0.30 - 0.50
    ("上年数", "收入：单位资金", "增减额"): 20.25,  # 20.25 - 0
    ("上年数", "收入：一般公共预算", "增减额"): None,  # no figure of last year
    ("上年数", "三公：合计", "上年预算数"): 0.50,
    ("上年数", "一般公共预算支出/2050201", "本年预算数"): 100.10,
    ("上年数", "一般公共预算支出/2050201", "增减额"): 10.00,
    ("增减原因", "三公：公务接待费", "增减额"): -0.20,
    ("增减原因", "一般公共预算支出/2050201", "增减额"): 10.00,
    ("整体绩效", "财政拨款项目金额", "内容"): 30.00,
    ("整体绩效", "项目个数", "内容"): 0,
}

DEPARTMENT = SCHOOL | {
    "单位信息": SCHOOL["单位信息"].replace("| 单位\n", "| 部门\n").replace("万元", "元"),
    "项目支出": """
        单位   | 科目代码 | 项目名称 | 商品和服务支出
        甲学校 | 2050201  | 维修     | 20.00
        甲学校 | 2080505  | 年金     | 1.23
        乙学校 | 2050201  | 维修     | 8.77
    """,
    "结转结余": """
        单位   | 项目 | 财政拨款人员经费 | 非财政拨款公用经费
        甲学校 | 结转 | 1.50             | 2.00
        乙学校 | 结转 |                  | 0.12345678
    """,
}


def at(workbook: Workbook, layout: WorkbookLayout, table: str, key: str, column: str):
    """A cell of an opened workbook by what it means."""
    for block in layout.sheets[table].blocks:
        for line in block.lines:
            if line.key == key and column in block.places:
                place = block.address(line, column)
                return workbook[table].cell(place.row + 1, place.column + 1)
    raise KeyError(key)


# --- the blank workbook -------------------------------------------------------------------------------------


def test_same_input_same_bytes(completed):
    assert render_workbook(EDITION, derive(given(SCHOOL), EDITION)) == completed


def test_sheets(blank, consolidated):
    tables = [table.name for table in EDITION.table]
    assert consolidated.sheetnames == [
        *("填报说明", EDITION.live.sheet, *tables),
        *("功能科目", "经济科目", "_meta"),
    ]
    tables = [name for name in tables if name not in {*GENERATED, SOURCES}]
    assert blank.sheetnames == ["填报说明", EDITION.live.sheet, *tables, "功能科目", "经济科目", "_meta"]
    assert blank.active.title == "填报说明"
    assert {sheet.title for sheet in blank if sheet.sheet_state != "visible"} == {"_meta", "内部抵销"}
    assert list(blank["_meta"].values) == [("edition", EDITION.id), ("version", "1"), ("year", "2026")]


def test_the_parts_of_a_departments_figures_are_listed_and_protected(consolidated):
    sheet = consolidated[SOURCES]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)] == [
        ["表", "行", "列", "单位", "文件", "单元格", "金额（万元）"],
        ["支出总体", "2060501", "基本支出", "甲", "甲.xlsx", "支出总体!D9", 1.5],
    ]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.protection.sheet) == ("A4", "A3:G4", True)


def test_more_parts_than_a_sheet_has_rows_are_refused(monkeypatch):
    monkeypatch.setattr(listing, "LAST_ROW", 4)
    render_workbook(EDITION, given({}), sources=[PART] * 2)
    with pytest.raises(UnusableInputError, match="“汇总来源”超过 5 行，工作表放不下"):
        render_workbook(EDITION, given({}), sources=[PART] * 3)


def test_guide_leads_to_every_sheet(blank):
    links = {
        link.ref: link.location for row in blank["填报说明"].iter_rows() for c in row if (link := c.hyperlink)
    }
    assert [place.rstrip("!A1").strip("'") for place in links.values()] == [
        EDITION.live.sheet,
        *shown_tables("blank"),
    ]


@pytest.mark.parametrize("made", ["blank", "consolidated"])
def test_headers_and_labels_as_declared(request, made):
    workbook = request.getfixturevalue(made)
    for name in shown_tables(made):
        table = EDITION.tables[name]
        sheet = workbook[table.name]
        texts = [
            cell.value for row in sheet.iter_rows(min_row=4) for cell in row if isinstance(cell.value, str)
        ]
        captions = {text for block in table.block for column in block.columns for text in column.captions}
        assert captions <= set(texts)
        labels = [row.caption for block in table.block for row in block.rows]
        assert sorted(labels) == sorted(
            text for text in texts if text in labels and text not in captions
        ) or all(label in texts for label in labels)


def test_merged_captions(blank):
    merged = {str(area) for area in blank["结转结余"].merged_cells.ranges}
    # title rows apart: 单位 项目 合计 down, the two funds across, 小计 down, 基本支出 across, 项目支出 down
    assert merged == {"A2:K2", "A4:A6", "B4:B6", "C4:C6", "D4:G4", "H4:K4"} | {
        *("D5:D6", "E5:F5", "G5:G6"),
        *("H5:H6", "I5:J5", "K5:K6"),
    }


@pytest.mark.parametrize("made", ["blank", "consolidated"])
def test_input_is_open_and_all_else_is_locked(request, made):
    workbook = request.getfixturevalue(made)
    for name in shown_tables(made):
        sheet = workbook[name]
        assert sheet.protection.sheet
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.protection.locked == (cell.fill.start_color.rgb != INPUT), (
                    f"{name}!{cell.coordinate}"
                )


@pytest.mark.parametrize("made", ["blank", "consolidated"])
def test_formulas_below_the_header_stand_in_derived_cells_and_names(request, made):
    workbook = request.getfixturevalue(made)
    for name in shown_tables(made):
        for row in workbook[name].iter_rows(min_row=4):
            for cell in row:
                if cell.data_type == "f" and cell.fill.start_color.rgb != DERIVED:
                    assert "MATCH(" in cell.value, f"{name}!{cell.coordinate}"


@pytest.mark.parametrize(
    ("table", "key", "column", "colour", "form"),
    [
        ("支出总体", TOTAL, "合计", DERIVED, "#,##0.00"),
        ("支出总体", TOTAL, "科目名称", DERIVED, "General"),
        ("支出总体", "第7行", "科目代码", INPUT, "@"),
        ("支出总体", "第7行", "科目名称", INPUT, "General"),
        ("支出总体", "第7行", "基本支出", INPUT, "#,##0.00"),
        ("上年数", "运行经费", "科目代码", VOID, "General"),
        ("采购与资产", "办公家具", "数量", VOID, "General"),
        ("采购与资产", "房屋", "数量", INPUT, "General"),
        ("单位信息", "公开日期", "内容", INPUT, "yyyy-mm-dd"),
        ("单位信息", "列表序号", "内容", INPUT, "@"),
    ],
)
def test_look_of_a_cell(blank, table, key, column, colour, form):
    cell = at(blank, BLANK, table, key, column)
    assert (cell.fill.start_color.rgb, cell.number_format) == (colour, form)


def rule_of(workbook: Workbook, table: str, key: str, column: str):
    cell = at(workbook, BLANK, table, key, column)
    rules = cell.parent.data_validations.dataValidation
    return next((rule for rule in rules if cell.coordinate in rule.sqref), None)


def test_what_may_be_typed(blank):
    code = rule_of(blank, "支出总体", "第7行", "科目代码")
    assert (code.type, code.formula1, code.errorStyle) == ("list", "功能科目代码", "warning")
    assert rule_of(blank, "基本支出", "第7行", "科目代码").formula1 == "经济科目代码"
    money = rule_of(blank, "支出总体", "第7行", "基本支出")
    assert (money.type, money.errorStyle, money.errorTitle) == ("decimal", None, "这里只能填数字")
    assert rule_of(blank, "采购与资产", "车辆", "数量").type == "whole"
    assert rule_of(blank, "单位信息", "公开日期", "内容").type == "date"
    assert rule_of(blank, "单位信息", "公开主体", "内容").formula1 == '"单位,部门"'
    assert rule_of(blank, "上年数", "第25行", "指标").formula1.startswith('"一般公共预算支出,')
    assert rule_of(blank, "项目说明", "第5行", "资金执行时间").prompt.startswith("例如")
    assert rule_of(blank, "项目说明", "第5行", "政策依据") is None


def test_long_choices_stand_on_a_sheet_of_their_own():
    choices = tuple(f"第{number}种很长的选择" for number in range(40))
    table = EDITION.tables["其他说明"]
    column = replace(table.block[0].columns[0], choices=choices)
    block = replace(table.block[0], columns=(column, *table.block[0].columns[1:]))
    longer = replace(table, block=(block,))
    tables = tuple(longer if old.name == table.name else old for old in EDITION.table)
    workbook = opened(render_workbook(replace(EDITION, table=tables)))
    assert workbook["列表"].sheet_state == "hidden"
    assert [cell.value for cell in workbook["列表"]["A"]] == list(choices)
    assert rule_of(workbook, "其他说明", "第5行", "类别").formula1 == "列表!$A$1:$A$40"


def test_remarks_beside_fixed_rows(blank):
    texts = {row[0]: row[2] for row in blank["单位信息"].iter_rows(min_row=4, max_col=3, values_only=True)}
    assert texts["项目"] == "说明"
    assert texts["预算年度"] == "*（必填）四位年份"
    assert texts["千分位"] == "1,234.50 还是 1234.50"
    assert blank["采购与资产"]["D14"].value == "数量单位：辆"
    assert blank["三公经费"].max_column == 5


def test_names(blank):
    names = {name: defined.attr_text for name, defined in blank.defined_names.items()}
    assert names["金额单位"] == "单位信息!$B$10"
    assert names["功能科目代码"].startswith("功能科目!$A$2:$A$")
    codes = EDITION.codes("economic")
    listed = dict(blank["经济科目"].iter_rows(min_row=2, max_col=2, values_only=True))
    assert listed == dict(codes)


def test_titles_follow_the_subject(blank):
    assert blank["收支总体"]["A1"].value == '="表1\u3000"&单位信息!$B$8&"收支总体情况表"'
    shown = glanced(render_workbook(EDITION, values={"公开主体": "部门"}), values=True)
    assert shown["收支总体"]["A1"].value == "表1\u3000部门收支总体情况表"
    assert shown["收支总体"]["D3"].value == "单位：万元"
    assert shown["结转结余"]["A1"].value == "表12\u3000上年结转结余情况表"


def test_page(blank):
    page = blank["收入总体"].page_setup
    assert (page.paperSize, page.orientation, page.fitToHeight) == (9, "landscape", 0)
    assert blank["支出总体"].page_setup.orientation == "portrait"
    assert blank["收入总体"].print_title_rows == "$4:$5"
    assert blank["收入总体"].freeze_panes == "C6"
    assert blank["收支总体"].freeze_panes == "A6"
    assert blank["项目绩效指标"].auto_filter.ref == "A4:K305"


def test_defaults_and_presets():
    workbook = glanced(render_workbook(EDITION, values={"单位名称": "示例学校", "公开日期": "2026-02-27"}))
    assert at(workbook, BLANK, "单位信息", "单位名称", "内容").value == "示例学校"
    assert at(workbook, BLANK, "单位信息", "公开日期", "内容").value == datetime(2026, 2, 27)
    assert at(workbook, BLANK, "单位信息", "预算年度", "内容").value == 2026
    assert at(workbook, BLANK, "单位信息", "上年为零时的增长率", "内容").value == "100.00%"


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"名称": "x"}, "没有“名称”这一行"),
        ({"公开日期": "今天"}, "“今天”填不进这一格"),
        ({"预算年度": "x"}, "“x”填不进这一格"),
    ],
)
def test_presets_that_do_not_fit(values, problem):
    with pytest.raises(UnusableInputError) as raised:
        render_workbook(EDITION, values=values)
    assert raised.value.problem == problem


# --- the completed copy -------------------------------------------------------------------------------------


def test_given_values_are_values_and_derived_ones_formulas(school, completed):
    stored, shown = glanced(completed), opened(completed, values=True)
    layout = lay_out(EDITION, school)
    assert at(stored, layout, "支出总体", "2050201", "基本支出").value == 80.1
    assert at(stored, layout, "支出总体", "2050201", "合计").value.startswith("=")
    for (table, key, column), expected in SCHOOL_COMPUTED.items():
        assert at(shown, layout, table, key, column).value == pytest.approx(expected), (table, key, column)


def test_a_given_subtotal_stays_a_number():
    book = given(SCHOOL)
    rows = (
        *book["支出总体"].rows,
        Row(TOTAL, TOTAL, None, {"合计": Cell(Decimal("160.00"), given=True)}, line=False),
    )
    book = book.with_tables({"支出总体": Table("支出总体", rows)})
    assert (
        at(glanced(render_workbook(EDITION, book)), lay_out(EDITION, book), "支出总体", TOTAL, "合计").value
        == 160
    )


def test_money_in_yuan():
    book = derive(given(SCHOOL | {"单位信息": SCHOOL["单位信息"].replace("万元", "元")}), EDITION)
    shown = glanced(render_workbook(EDITION, book), values=True)
    layout = lay_out(EDITION, book)
    assert at(shown, layout, "支出总体", "2050201", "基本支出").value == 801_000
    assert at(shown, layout, "收支总体", "收入总计", "预算数").value == 1_638_500
    assert at(shown, layout, "单位信息", "预算年度", "内容").value == 2026
    assert shown["支出总体"]["E3"].value == "单位：元"


def test_texts_are_literal():
    book = given(
        SCHOOL | {"其他说明": "类别 | 内容\n其他需说明的事项 | =1+1\n其他需说明的事项 | http://a.b/"}
    )
    sheet = opened(render_workbook(EDITION, book))["其他说明"]
    assert [(sheet[f"C{row}"].data_type, sheet[f"C{row}"].value) for row in (5, 6)] == [
        ("s", "=1+1"),
        ("s", "http://a.b/"),
    ]
    assert sheet["C6"].hyperlink is None


def test_a_text_too_long_for_a_cell_is_refused():
    book = given({"其他说明": f"类别 | 内容\n其他需说明的事项 | {'字' * 32_767}"})
    assert len(glanced(render_workbook(EDITION, book))["其他说明"]["C5"].value) == 32_767
    book = given({"其他说明": f"类别 | 内容\n其他需说明的事项 | {'字' * 32_768}"})
    with pytest.raises(UnusableInputError, match="其他说明!C5 的文字有 32768 个字"):
        render_workbook(EDITION, book)


def test_a_name_of_its_own_is_kept():
    grid = (
        "科目代码 | 科目名称 | 基本支出\n2050201 | 学前教育 | 1\n2050299 | 本地名称 | 1\n2059988 | 新科目 | 1"
    )
    book = given({"支出总体": grid})
    sheet = glanced(render_workbook(EDITION, book))["支出总体"]
    assert [sheet[f"B{row}"].value for row in (8, 9)] == ["本地名称", "新科目"]
    assert sheet["B7"].value == '=IF(A7="","",IFERROR(INDEX(功能科目名称,MATCH(A7,功能科目代码,0)),""))'


def test_more_lines_than_the_blank_workbook_offers():
    grid = "科目代码 | 项目支出\n" + "\n".join(f"22499{number:02} | 1" for number in range(80))
    book = derive(given({"支出总体": grid}), EDITION)
    shown = glanced(render_workbook(EDITION, book), values=True)["支出总体"]
    assert shown["C6"].value == 80
    codes = [code for (code,) in shown.iter_rows(7, 99, max_col=1, values_only=True)]
    assert codes[:3] == ["224", "22499", "2249900"]
    assert codes[82:] == [None] * 11


# --- as spreadsheet programs compute it ---------------------------------------------------------------------


class Recalculated(NamedTuple):
    """A workbook as it was written, and its values as LibreOffice computes them anew."""

    book: Book | None
    written: bytes
    shown: Workbook


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory, convert, empty) -> Mapping[str, Recalculated]:
    folder = tmp_path_factory.mktemp("recalculated")
    department = derive(given(DEPARTMENT, "部门"), EDITION)
    books = {"blank": None, "given": given(SCHOOL), "department": department}
    written = {name: render_workbook(EDITION, book) if book else empty for name, book in books.items()}
    files = [folder / f"{name}.xlsx" for name in books]
    for file in files:
        file.write_bytes(written[file.stem])
    return {
        file.stem: Recalculated(books[file.stem], written[file.stem], opened(file.read_bytes(), values=True))
        for file in convert("xlsx", folder / "out", *files)
    }


def results(written: bytes, shown: Workbook) -> dict[str, object]:
    """The values of all formulas; blank text and blank are the same."""
    return {
        f"{sheet.title}!{cell.coordinate}": shown[sheet.title][cell.coordinate].value or None
        for sheet in glanced(written)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


@pytest.mark.office
@pytest.mark.parametrize("name", ["blank", "department"])
def test_recalculated_values_are_the_written_ones(recalculated, name):
    _, written, anew = recalculated[name]
    expected, found = results(written, opened(written, values=True)), results(written, anew)
    assert len(expected) > 1000
    assert {place: value for place, value in found.items() if value != pytest.approx(expected[place])} == {}


@pytest.mark.office
def test_formulas_compute_what_is_expected_by_hand(recalculated):
    """From the given figures alone: no value of a formula was written."""
    book, _, shown = recalculated["given"]
    layout = lay_out(EDITION, book)
    for (table, key, column), expected in SCHOOL_COMPUTED.items():
        value = at(shown, layout, table, key, column).value
        assert (None if value == "" else value) == pytest.approx(expected), (table, key, column)


@pytest.mark.office
def test_sums_of_units_and_codes(recalculated):
    book, _, shown = recalculated["department"]
    layout = lay_out(EDITION, book)
    expected = {  # in 元
        ("项目支出", "甲学校"): 212_300,  # 20.00 + 1.23
        ("项目支出", "甲学校/205"): 200_000,
        ("项目支出", "甲学校/20502"): 200_000,
        ("项目支出", "甲学校/208"): 12_300,
        ("项目支出", "乙学校"): 87_700,
        ("项目支出", TOTAL): 300_000,
        ("结转结余", "乙学校"): 1_234.5678,
        ("结转结余", TOTAL): 36_234.5678,
    }
    assert {spot: at(shown, layout, *spot, "合计").value for spot in expected} == pytest.approx(expected)


@pytest.mark.office
@pytest.mark.parametrize("name", ["blank", "given", "department"])
def test_no_error_values(recalculated, name):
    shown = recalculated[name].shown
    cells = (cell for sheet in shown for row in sheet.iter_rows() for cell in row)
    assert [f"{cell.parent.title}!{cell.coordinate}" for cell in cells if cell.data_type == "e"] == []
