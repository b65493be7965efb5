"""A filled workbook becomes a Book, whatever clerks and their programs do to it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from openpyxl import load_workbook

from budgetgen.derivation import derive
from budgetgen.findings import UnusableInputError
from budgetgen.pipeline.inputs import examine
from budgetgen.reading.grid import read_grid
from budgetgen.reading.workbook import read
from tests.conftest import SAMPLES

SAMPLE = SAMPLES / "xinjiang-2026-unit.xlsx"


@pytest.fixture
def edited(tmp_path):
    """The sample after a change to its workbook, saved as a clerk's program saves it."""

    def edit(change):
        workbook = load_workbook(SAMPLE)
        change(workbook)
        path = tmp_path / "填报.xlsx"
        workbook.save(path)
        return path

    return edit


def told(path):
    """(rule, place) of all that reading complains of."""
    return [(f.rule, f.spots[0].place) for f in read(path).findings]


def place(workbook, sheet, text, column):
    """The cell in a column (by letter) of the row that holds a text."""
    for row in workbook[sheet].iter_rows():
        for cell in row:
            if cell.value is not None and str(cell.value) == text:
                return workbook[sheet][f"{column}{cell.row}"]
    raise AssertionError(text)


def values(book):
    """All that is given in a Book, by table, key and column."""
    return {
        (name, row.key, column): cell.value
        for name, table in book.tables.items()
        for row in table.rows
        for column, cell in row.cells.items()
        if cell.value is not None
    }


def test_the_sample_reads_as_its_source(newest):
    source, _ = read_grid((SAMPLES / "xinjiang-2026-unit.txt").read_text("utf-8"), newest)
    reading = read(SAMPLE)
    assert values(derive(reading.book, newest)) == values(derive(source, newest))
    assert [f.message for f in reading.findings] == []


def test_moved_columns_spare_and_inserted_rows_change_nothing(edited, newest):
    def shuffle(workbook):
        sheet = workbook["一般公共预算支出"]
        sheet.insert_rows(1, 3)
        for row in (14, 15):
            sheet.insert_rows(row)
        workbook.move_sheet("结转结余", -10)

    assert values(read(edited(shuffle)).book) == values(read(SAMPLE).book)


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("十万", "not-a-number"),
        ("#REF!", "cell-error"),
        ("=1/0", "formula-uncomputed"),
        (True, "not-a-number"),
    ],
)
def test_bad_money_is_named_by_its_cell(edited, typed, rule):
    path = edited(
        lambda workbook: setattr(place(workbook, "一般公共预算支出", "2060501", "D"), "value", typed)
    )
    assert told(path) == [(rule, "一般公共预算支出!D9")]


def test_numbers_as_text_are_numbers(edited):
    def retype(workbook):
        place(workbook, "一般公共预算支出", "2060501", "D").value = "３６４．６８ "

    book = read(edited(retype)).book
    assert book.cell("一般公共预算支出", "2060501", "基本支出").value == Decimal("364.68")


def test_missing_sheet_column_and_row_are_named(edited):
    def drop(workbook):
        del workbook["三公经费"]
        workbook["支出总体"]["D5"].value = "改了的表头"
        place(workbook, "单位信息", "公开日期", "A").value = "日期"

    assert told(edited(drop)) == [
        ("row-missing", "单位信息"),
        ("row-unknown", "单位信息!B11"),
        ("column-missing", "支出总体"),
        ("column-unknown", "支出总体!D9"),
        ("sheet-missing", ""),
    ]


def test_strange_sheets_and_columns_are_told(edited):
    def add(workbook):
        workbook.create_sheet("底稿")["A1"] = "草算"
        sheet = workbook["委托业务费"]
        sheet.cell(row=4, column=9, value="备忘")
        sheet.cell(row=9, column=9, value="不要忘")

    assert told(edited(add)) == [("sheet-unknown", ""), ("column-unknown", "委托业务费!I9")]


def test_a_secret_leaves_only_its_code(edited):
    canary = "绝密字样"

    def leak(workbook):
        cell = place(workbook, "结转用途", "特定目标0510022L", "A")
        cell.value = f"特定目标0510022L（{canary}）"
        workbook["结转用途"][f"C{cell.row}"].value = canary
        place(workbook, "结转结余", "特定目标0510022L", "B").value = f"特定目标 0510022L {canary}"

    checked = examine(edited(leak))
    assert canary not in repr(checked.book)
    assert checked.book["结转结余"].get("乌鲁木齐科技信息服务中心/特定目标0510022L")["合计"].value == Decimal(
        "4.8"
    )


def test_another_workbook_is_refused(tmp_path):
    path = tmp_path / "别的.xlsx"
    workbook = load_workbook(SAMPLE)
    for name in workbook.sheetnames[1:]:
        del workbook[name]
    workbook.save(path)
    with pytest.raises(UnusableInputError, match="不是预算公开填报表"):
        read(path)


def test_an_edition_of_the_future_is_refused(edited):
    def newer(workbook):
        for row in workbook["_meta"].iter_rows():
            for cell in row:
                if cell.value == "xinjiang-2026":
                    cell.value = "xinjiang-2099"

    with pytest.raises(UnusableInputError, match="版式是“xinjiang-2099”"):
        read(edited(newer))
