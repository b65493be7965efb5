"""What a person sees of a workbook is what is read of it: shown texts, merged cells, hidden rows, columns and sheets."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from budgetgen.reading.workbook import read
from budgetgen.values.places import told_place

OWN = {"format-differs", "format-unclear", "cell-merged", "sheet-hidden"}
GRIDS = {
    "单位信息": """
        项目 | 内容
        单位名称 | 示例中心
        金额单位 | 万元
    """,
    "项目支出": """
        单位 | 科目代码 | 科目名称 | 项目名称 | 项目支出合计 | 工资福利支出 | 商品和服务支出 | 对个人和家庭的补助
        | 总计 | | | 46.21 | | 46.21 |
        | 206 | 科学技术支出 | | 46.21 | | 46.21 |
        示例中心 | 2060599 | | 甲项目 | | | 32.21 |
        示例中心 | 2060599 | | 乙项目 | | | 2 |
        示例中心 | 2060599 | | 丙项目 | | | 12 |
    """,
    "项目绩效指标": """
        项目名称 | 一级指标 | 二级指标 | 三级指标 | 指标值
        甲项目 | 产出指标 | 数量指标 | 信息发布 | ≥60篇
    """,
    "上年数": """
        指标 | 科目代码 | 科目名称 | 本年预算数 | 上年预算数 | 增减额 | 增减率
        收入：单位资金 | | | | 10 | |
    """,
}
"""Each sheet, from A1 on."""


@pytest.fixture
def seen(tmp_path):
    """The Book and the findings on what is seen, as (rule, place, message), of a small workbook after a change."""

    def change(edit):
        workbook = Workbook()
        workbook.remove(workbook.active)
        for name, grid in GRIDS.items():
            sheet = workbook.create_sheet(name)
            for line in filter(str.strip, grid.splitlines()):
                sheet.append([_typed(cell.strip()) for cell in line.split("|")])
        edit(workbook)
        workbook.save(tmp_path / "填报.xlsx")
        reading = read(tmp_path / "填报.xlsx")
        told = [(f.rule, told_place(f.spots[0].place), f.message) for f in reading.findings if f.rule in OWN]
        return reading.book, told

    return change


def _typed(text):
    """A short number as such; a code is text, as the workbook holds codes."""
    number = text.replace(".", "").isdigit() and len(text) <= len("46.21")
    return float(text) if number and text != "206" else text or None


def put(sheet, place, value, code):
    def edit(book):
        book[sheet][place] = value
        book[sheet][place].number_format = code

    return edit


def at(book, table, place):
    """The value read from a cell."""
    cells = (cell for row in book[table].rows for cell in row.cells.values())
    return next((cell.value for cell in cells if told_place(cell.place) == f"{table}!{place}"), None)


def test_nothing_is_told_of_a_plain_workbook(seen):
    assert seen(lambda _: None)[1] == []


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (0.95, "0%", "95%"),
        (1, "0%", "100%"),
        (0.1328, "0.00%", "13.28%"),
        (1200, "#,##0", "1,200"),
        (21.6, '0.00"万元"', "21.60万元"),
        (12, "0000", "0012"),
        (datetime(2026, 12, 25), "yyyy/m/d", "2026/12/25"),
        (datetime(2026, 12, 25), "mm-dd-yy", "2026/12/25"),
        (0.75, "h:mm", "18:00"),
        (1.5, "[h]:mm", "36:00"),
        (0.5, "# ?/?", "1/2"),
        (True, "General", "TRUE"),
        ("九成", '"约"@', "约九成"),
    ],
)
def test_a_column_of_texts_keeps_what_the_cell_shows(seen, value, code, text):
    book, told = seen(put("项目绩效指标", "E2", value, code))
    assert (at(book, "项目绩效指标", "E2"), told) == (text, [])


@pytest.mark.parametrize(
    ("value", "code", "rule", "words"),
    [
        (
            1 / 3,
            "General",
            "format-unclear",
            "“指标值”显示的文字不能确定：存的是 0.3333333333333333，单元格格式 General",
        ),
        (
            5,
            "[DBNum2]General",
            "format-unclear",
            "“指标值”显示的文字不能确定：存的是 5，单元格格式 [DBNum2]General",
        ),
        (5, ";;;", "format-differs", "“指标值”显示不出来，存的是“5”（单元格格式 ;;;）"),
        ("甲", ";;;", "format-differs", "“指标值”显示不出来，存的是“甲”（单元格格式 ;;;）"),
    ],
)
def test_what_a_text_cell_shows_is_not_guessed(seen, value, code, rule, words):
    book, told = seen(put("项目绩效指标", "E2", value, code))
    assert (at(book, "项目绩效指标", "E2"), told) == (None, [(rule, "项目绩效指标!E2", words)])


@pytest.mark.parametrize(
    ("sheet", "place", "value", "code", "words"),
    [
        (
            "上年数",
            "G2",
            0.1328,
            "0.00%",
            "“收入：单位资金”的“增减率”显示为“13.28%”，存的却是 0.1328（单元格格式 0.00%）",
        ),
        (
            "项目支出",
            "G4",
            322100,
            '0!.0,"万元"',
            '“商品和服务支出”显示为“32.2万元”，存的却是 322100（单元格格式 0!.0,"万元"）',
        ),
        ("项目支出", "G4", 32.21, ";;;", "“商品和服务支出”显示不出来，存的是 32.21（单元格格式 ;;;）"),
    ],
)
def test_a_number_that_is_shown_as_another_is_not_read(seen, sheet, place, value, code, words):
    book, told = seen(put(sheet, place, value, code))
    assert (at(book, sheet, place), told) == (None, [("format-differs", f"{sheet}!{place}", words)])


def test_amounts_in_yuan_may_be_shown_in_wan(seen):
    def edit(book):
        book["单位信息"]["B3"] = "元"
        put("项目支出", "G4", 322100, '0!.0,"万元"')(book)

    book, told = seen(edit)
    assert (at(book, "项目支出", "G4"), told) == (Decimal("32.21"), [])


def test_a_code_keeps_the_zeros_that_are_shown(seen):
    book, _ = seen(put("项目支出", "B4", 59, "0000000"))
    assert at(book, "项目支出", "B4") == "0000059"


def test_days_of_the_calendar_of_1904_are_the_same_days(seen):
    def edit(book):
        book.epoch = CALENDAR_MAC_1904
        put("项目绩效指标", "E2", 45000, "yyyy-mm-dd")(book)

    assert at(seen(edit)[0], "项目绩效指标", "E2") == "2027-03-16"


# --- merged cells -------------------------------------------------------------------------------------------


def merge(sheet, area):
    return lambda book: book[sheet].merge_cells(area)


def test_a_merged_code_is_that_of_each_row(seen):
    book, told = seen(merge("项目支出", "B4:B6"))
    assert ([at(book, "项目支出", f"B{row}") for row in (4, 5, 6)], told) == (["2060599"] * 3, [])


@pytest.mark.parametrize("area", ["A4:A6", "A4:B6"])
def test_a_merged_unit_is_that_of_each_row(seen, area):
    book, _ = seen(merge("项目支出", area))
    assert len({at(book, "项目支出", f"A{row}") for row in (4, 5, 6)}) == 1


def test_a_merged_amount_is_that_of_the_first_row(seen):
    book, told = seen(merge("项目支出", "G4:G5"))
    words = "“商品和服务支出”与 G4 合并成一格，“32.21”只读作那一格的"
    assert [at(book, "项目支出", place) for place in ("G4", "G5")] == [Decimal("32.21"), None]
    assert told == [("cell-merged", "项目支出!G5", words)]


def test_a_merge_over_two_columns_of_money_is_told(seen):
    _, told = seen(merge("项目支出", "G4:H4"))
    words = "“对个人和家庭的补助”与 G4 合并成一格，“32.21”只读作那一格的"
    assert told == [("cell-merged", "项目支出!H4", words)]


def test_what_a_merged_cell_covers_is_told(seen):
    """No program of today leaves it there; files of others do."""

    def edit(book):
        book["项目支出"].merge_cells("G4:G5")
        book["项目支出"]._cells[5, 7] = type(book["项目支出"]["G4"])(book["项目支出"], 5, 7, 2)

    _, told = seen(edit)
    assert told == [("cell-merged", "项目支出!G5", "“商品和服务支出”被合并的单元格盖住，看不见，存的是“2”")]


@pytest.mark.parametrize(
    ("named", "item"),
    [(("项目绩效指标", "A2"), name) for name in ("甲项目", "特定目标2410010U")]
    + [(("项目支出", "D5"), "特定目标2410010U")],
)
def test_what_a_blank_cell_covers_is_told_whatever_items_are_secret(seen, named, item):
    def edit(book):
        sheet = book["项目支出"]
        for column, text in enumerate(["示例中心", "2060599", None, "丁项目"], start=1):
            sheet.cell(8, column, text)
        sheet.merge_cells("G7:G8")
        sheet._cells[8, 7] = type(sheet["G4"])(sheet, 8, 7, 5)
        book[named[0]][named[1]] = item

    _, told = seen(edit)
    assert told == [("cell-merged", "项目支出!G8", "“商品和服务支出”被合并的单元格盖住，看不见，存的是“5”")]


def test_an_area_merged_over_blank_rows_makes_no_rows(seen):
    book, told = seen(merge("项目支出", "B6:B9"))
    assert (len([row for row in book["项目支出"].rows if row.text("项目名称")]), told) == (3, [])


# --- hidden -------------------------------------------------------------------------------------------------


def hide_sheet(book):
    book["项目支出"].sheet_state = "hidden"


def hide_row(book):
    book["项目支出"].row_dimensions[5].hidden = True


def hide_rows(book):
    for row in (3, 4, 5, 7):
        book["项目支出"].row_dimensions[row].hidden = True
    book["项目支出"].column_dimensions["G"].hidden = True
    book["项目支出"].column_dimensions["H"].hidden = True


def hide_column(book):
    book["项目支出"].column_dimensions["G"].hidden = True


@pytest.mark.parametrize(
    ("edit", "place", "words"),
    [
        (hide_sheet, "项目支出", "工作表“项目支出”是隐藏的，其中填的内容读取了"),
        (hide_row, "项目支出!A5", "工作表“项目支出”隐藏了第5行，其中填的内容读取了"),
        (hide_rows, "项目支出!G2", "工作表“项目支出”隐藏了G至H列、第3至5行，其中填的内容读取了"),
        (hide_column, "项目支出!G2", "工作表“项目支出”隐藏了G列，其中填的内容读取了"),
    ],
)
def test_what_is_hidden_and_read_is_told(seen, edit, place, words):
    assert seen(edit)[1] == [("sheet-hidden", place, words)]


def test_hidden_rows_and_columns_that_hold_nothing_are_not_told(seen):
    def edit(book):
        book["项目支出"].row_dimensions[9].hidden = True
        book["项目支出"].column_dimensions["O"].hidden = True

    assert seen(edit)[1] == []
