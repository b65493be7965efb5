"""What somebody meets who opens the program for the first time."""

from __future__ import annotations

import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import MultiCellRange

from budgetgen.book.derivation import derive
from budgetgen.edition import load
from budgetgen.reading.grid import read_grid
from budgetgen.writing.workbook.writer import render_workbook
from tests.commands import run
from tests.conftest import ROOT, SAMPLES
from tests.workbooks import opened

EDITION = load("xinjiang-2026")


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    path = tmp_path_factory.mktemp("blank") / "填报.xlsx"
    path.write_bytes(render_workbook(EDITION, values={"单位名称": "某中心"}))
    return path


@pytest.mark.parametrize("command", ["check", "build"])
def test_an_untouched_workbook_is_answered_with_one_list_of_what_to_fill_in(blank, command):
    code, told = run(command, blank)
    assert code == 1
    lines = told.splitlines()
    assert lines[0].startswith("这份填报表还没有填。")
    assert lines[1] == "  单位信息：填公开日期，核对其余各项"
    sheets = [line.strip().partition("：")[0] for line in lines[2:] if line.startswith("  ")]
    assert sheets[:2] == ["收支总体", "收入总体"]
    assert not {"核对清单", "内部抵销", "差额表", "审核说明", "单位信息"} & set(sheets)
    assert "错误 " not in told.replace("错误 处", "")


def test_one_figure_typed_and_the_workbook_is_checked_as_any_other(blank, tmp_path):
    workbook = opened(blank)
    workbook["三公经费"]["C5"] = 1
    workbook.save(tmp_path / "填报.xlsx")
    _, told = run("check", tmp_path / "填报.xlsx")
    assert "这份填报表还没有填" not in told
    assert "未通过" in told


def test_a_sheet_that_few_need_is_hidden_until_it_holds_something(blank):
    assert opened(blank)["内部抵销"].sheet_state == "hidden"
    grid = "内部抵销 | 付款单位 | 收款单位 | 收入项目 | 金额\n | 甲 | 乙 | 上级补助收入 | 1.00"
    book, _ = read_grid(grid, EDITION)
    assert opened(render_workbook(EDITION, book))["内部抵销"].sheet_state == "visible"


def test_what_the_workbook_works_out_says_so(blank):
    sheet = opened(blank)["三公经费"]
    prompts = {
        str(rule.sqref): rule.prompt
        for rule in sheet.data_validations.dataValidation
        if rule.showInputMessage
    }
    automatic = " ".join(place for place, prompt in prompts.items() if prompt == "自动计算，不用填")
    formulas = {
        cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f" and cell.row > 4
    }
    covered = {
        f"{get_column_letter(c)}{r}" for area in MultiCellRange(automatic).ranges for r, c in area.cells
    }
    assert formulas == covered


def test_what_a_filled_workbook_works_out_only_in_part_is_not_called_automatic():
    """The codes of sums stand among those of lines: help in a column of both says which cells are to be filled."""
    grid = "支出总体 | 科目代码 | 基本支出\n | 206 | \n | 20605 | \n | 2060501 | 7.00"
    sheet = opened(render_workbook(EDITION, derive(read_grid(grid, EDITION)[0], EDITION)))["支出总体"]
    for rule in sheet.data_validations.dataValidation:
        cells = [sheet.cell(r, c) for area in rule.sqref.ranges for r, c in area.cells]
        worked = {cell.data_type == "f" for cell in cells}
        if rule.prompt in {"自动计算，不用填", "浅蓝的格自动计算，不用填；浅黄的格要填"}:
            assert (worked == {True}) is (rule.prompt == "自动计算，不用填"), rule.sqref
    prompts = {str(rule.sqref): rule.prompt for rule in sheet.data_validations.dataValidation}
    assert "浅蓝的格自动计算，不用填；浅黄的格要填" in prompts.values()


@pytest.mark.parametrize(
    ("fact", "typed", "meant"),
    [
        ("持平表述", "与上年持平", "与上年预算持平"),
        ("机构类型", "参公事业单位", "参照公务员法管理的事业单位"),
        ("列表序号", "1．", "1."),
    ],
)
def test_choices_take_what_people_write(fact, typed, meant):
    book, findings = read_grid(f"单位信息 | 项目 | 内容\n | {fact} | {typed}", EDITION)
    assert (book.cell("单位信息", fact, "内容").value, findings) == (meant, ())


def test_what_means_no_choice_is_still_told():
    _, findings = read_grid("单位信息 | 项目 | 内容\n | 机构类型 | 企业", EDITION)
    assert [finding.rule for finding in findings] == ["not-a-choice"]


@pytest.mark.parametrize("name", ["xinjiang-2026", "xinjiang-2025", "xinjiang-2024"])
def test_what_people_write_means_a_choice_that_there_is(name):
    for table in load(name).table:
        for block in table.block:
            for told in (*block.columns, *block.rows):
                assert set(told.meant.values()) <= set(told.choices)
                assert set(told.meant).isdisjoint(told.choices)


def test_before_the_amounts_are_filled_in_no_other_figure_is_called_wrong(blank, tmp_path):
    workbook = opened(blank)
    workbook["整体绩效"]["B8"] = 114.46
    workbook.save(tmp_path / "填报.xlsx")
    _, told = run("check", tmp_path / "填报.xlsx")
    assert "先改这些格" not in told
    assert "收入、支出的表还没有金额，填了才指得出哪一格不对。" in told
    assert "money-missing" in told


def test_the_readme_shows_what_the_check_of_that_slip_says(tmp_path):
    """一般公共预算支出!E10 of the sample, one digit mistyped."""
    workbook = opened(SAMPLES / "xinjiang-2026-unit.xlsx")
    workbook["一般公共预算支出"]["E10"] = 294.21
    workbook.save(tmp_path / "填报.xlsx")
    _, told = run("check", tmp_path / "填报.xlsx")
    said = [line.strip() for line in told.replace(f"{tmp_path}/", "").splitlines()]
    begin = said.index("── 先改这些格 ──")
    shown = [line.strip() for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()]
    at = shown.index("── 先改这些格 ──")
    assert shown[at : at + 7] == said[begin : begin + 7]
