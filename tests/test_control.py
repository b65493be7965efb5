"""The bureau's approved figures: any layout is read by its captions, every difference is told for unit and code."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from budgetgen.book.derivation import derive
from budgetgen.department.control import ControlComparison
from budgetgen.department.units import Unit
from budgetgen.edition import load
from budgetgen.reading.control import read_control
from budgetgen.reading.grid import read_grid
from budgetgen.values.findings import UnusableInputError
from tests import commands
from tests.conftest import SAMPLES

EDITION = load("xinjiang-2026")
UNITS = SAMPLES / "department-2024"

ONE_ROW = [
    ["2026年部门预算控制数"],
    ["单位：万元"],
    ["预算单位", "单位编码", "科目编码", "科目名称", "控制数", "基本支出", "项目支出"],
    ["甲局（本级）", "203001", "2060101", "行政运行", 100, 70, 30],
    [None, None, "2080505", "养老", 8, 8, None],
    ["信息中心", "203002", "2060501", "机构运行", "50.00", 50, None],
    ["合计", None, None, None, 158, 128, 30],
]
TWO_ROWS = [
    ["部门预算批复表", None, None, None, None, None],
    ["序号", "单位", "功能科目", "支出", None, None],
    [None, None, None, "合计（元）", "基本支出（元）", "项目支出（元）"],
    [1, "甲局（本级）", "2060101 行政运行", 600000, 600000, None],
    [2, "甲局（本级）", "2060101", 400000, 100000, 300000],
    [3, "甲局（本级）", "2080505", 80000, 80000, None],
    [4, "信息中心", "2060501", 500000, 500000, None],
    ["合计", None, None, 1580000, 1280000, 300000],
]
SHEETS = {
    "甲局（本级）": [
        ["科目代码", "总计", "基本支出", "项目支出"],
        ["2060101", 100, 70, 30],
        ["2080505", 8, 8, 0],
    ],
    "二": [
        ["编制单位：信息中心", None, "金额单位：万元"],
        ["科目代码", "总计", "基本支出"],
        ["2060501", 50, 50],
    ],
}


def saved(path, *sheets):
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets:
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path


def amounts(figures, column):
    """Unit and key → the amounts of a column of 支出总体."""
    return {
        (one.unit, one.key): one.cell.value
        for one in figures
        if (one.table, one.column) == ("支出总体", column) and one.cell.value
    }


LINES = {
    ("甲局（本级）", "2060101"): Decimal(100),
    ("甲局（本级）", "2080505"): Decimal(8),
    ("信息中心", "2060501"): Decimal(50),
}


@pytest.mark.parametrize(
    ("sheets", "whole"),
    [
        pytest.param([("控制数", ONE_ROW)], True, id="a blank unit is that above"),
        pytest.param([("批复", TWO_ROWS)], True, id="captions in two rows, in 元, a code in two lines"),
        pytest.param([*SHEETS.items()], False, id="a sheet for each unit"),
    ],
)
def test_any_layout_is_read_by_its_captions(sheets, whole, tmp_path):
    figures = read_control(saved(tmp_path / "控制数.xlsx", *sheets), EDITION, EDITION.control)
    expected = {**LINES, **({("", "总计"): Decimal(158)} if whole else {})}
    assert amounts(figures, "合计") == expected
    assert amounts(figures, "项目支出")["甲局（本级）", "2060101"] == Decimal(30)


def test_a_line_that_is_the_sum_of_the_others_of_its_code_is_not_added_to_them(tmp_path):
    rows = [["单位", "科目编码", "金额"], ["甲", "2060101", 10], ["甲", "2060101", 4], ["甲", "2060101", 6]]
    figures = read_control(saved(tmp_path / "c.xlsx", ("一", rows)), EDITION, EDITION.control)
    assert amounts(figures, "合计") == {("甲", "2060101"): Decimal(10)}


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([["姓名", "电话"], ["某", 1]], "没有找到控制数的表头"),
        ([["单位", "科目编码", "金额"], ["甲", "2060101", "十万"]], "一!C2 “十万”不是数字"),
        (
            [["", "", "单位：千元"], ["单位", "科目编码", "金额"], ["甲", "2060101", 10]],
            "工作表“一”的金额单位是“千元”，控制数只认万元、元",
        ),
        ([["单位", "科目编码", "金额（百万元）"], ["甲", "2060101", 10]], "金额单位是“百万元”"),
    ],
)
def test_a_sheet_that_tells_nothing_or_what_is_no_amount_is_refused(rows, problem, tmp_path):
    with pytest.raises(UnusableInputError, match=problem):
        read_control(saved(tmp_path / "c.xlsx", ("一", rows)), EDITION, EDITION.control)


def unit(name, *lines):
    text = f"单位信息 | 项目 | 内容\n | 单位名称 | {name}\n | 公开主体 | 单位\n支出总体 | 科目代码 | 基本支出 | 项目支出\n"
    book, findings = read_grid(text + "\n".join(f" | {line}" for line in lines), EDITION)
    assert findings == ()
    return Unit(name, derive(book, EDITION))


def test_every_difference_of_a_unit_and_of_the_sum_is_told(tmp_path):
    figures = read_control(saved(tmp_path / "c.xlsx", ("控制数", ONE_ROW)), EDITION, EDITION.control)
    comparison = ControlComparison(EDITION, figures)
    units = [
        unit("甲局（本级）", "2060101 | 70.00 | 30.00", "2080505 | 8.00 | "),
        unit("信息中心", "2060501 | 48.00 | ", "2210201 | 1.00 | "),
        unit("新单位", "2060501 | 1.00 | "),
    ]
    found = [one for one in units for one in comparison.of(one)] + list(comparison.rest(None))
    told = [(one.unit, one.what, one.figure[0], one.figure[2], one.difference) for one in found]
    assert told == [
        ("信息中心", "differs", "2060501", "合计", Decimal("-2.00")),
        ("信息中心", "differs", "2060501", "基本支出", Decimal("-2.00")),
        ("信息中心", "unapproved", "2210201", "合计", Decimal("1.00")),
        ("信息中心", "unapproved", "2210201", "基本支出", Decimal("1.00")),
        ("新单位", "unit", "", "", Decimal(0)),
        ("", "differs", "2060501", "合计", Decimal("-1.00")),
        ("", "differs", "2060501", "基本支出", Decimal("-1.00")),
    ]


def test_the_sum_is_compared_with_the_departments_workbook_where_it_is_there(tmp_path):
    figures = read_control(saved(tmp_path / "c.xlsx", ("控制数", ONE_ROW)), EDITION, EDITION.control)
    comparison = ControlComparison(EDITION, figures)
    units = [
        unit("甲局（本级）", "2060101 | 70.00 | 30.00", "2080505 | 8.00 | "),
        unit("信息中心", "2060501 | 50.00 | "),
    ]
    assert [one for each in units for one in comparison.of(each)] == []
    whole = unit("甲局", "2060101 | 70.00 | 25.00", "2080505 | 8.00 | ", "2060501 | 50.00 | ")
    told = [(one.figure, one.difference) for one in comparison.rest(whole) if one.figure[2] == "项目支出"]
    assert told == [
        (("2060101", "支出总体", "项目支出"), Decimal("-5.00")),
        (("总计", "支出总体", "项目支出"), Decimal("-5.00")),
    ]
    assert [one.unit for one in ControlComparison(EDITION, figures).rest(None)] == [
        "甲局（本级）",
        "信息中心",
    ]


def test_the_command_tells_differences_on_screen_as_json_and_as_a_workbook(tmp_path):
    name = "乌鲁木齐科技信息服务中心"
    rows = [["单位", "科目编码", "合计（元）"], [name, "2060501", 1]]
    approved, output = saved(tmp_path / "控制数.xlsx", ("一", rows)), tmp_path / "差异.xlsx"
    file = UNITS / "xinjiang-2024-information.xlsx"
    code, shown = commands.run("control", approved, file, "-o", output, "--format", "json")
    first, *_ = json.loads(shown[: shown.rindex("]") + 1])
    assert code == 1
    assert (first["unit"], first["code"], first["approved"], first["approved_place"]) == (
        name,
        "2060501",
        "0.0001",
        "一!C2",
    )
    header, row, *_ = load_workbook(output).active.iter_rows(min_row=2, values_only=True)
    assert (header[0], row[0], row[2], row[5]) == ("单位", name, "2060501", 0.0001)
    same = saved(tmp_path / "同.xlsx", ("一", [rows[0], [name, "2060501", float(first["own"]) * 10_000]]))
    code, shown = commands.run("control", same, file)
    assert "2060501].合计" not in shown
