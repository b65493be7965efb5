"""What stands on a sheet and is not read is told by its place, once for each area; what the program wrote is not."""

from __future__ import annotations

import pytest

from budgetgen.reading.workbook import read
from budgetgen.values.places import told_place
from tests.conftest import ROOT, SAMPLES
from tests.workbooks import opened

SAMPLE = SAMPLES / "xinjiang-2026-unit.xlsx"
FILES = [*SAMPLES.rglob("*.xlsx"), *(ROOT / "templates" / "xlsx").glob("*.xlsx")]


@pytest.fixture
def told(tmp_path):
    """The findings of the sample with values typed into cells (`sheet!cell`), as (rule, places, message)."""

    def tell(typed):
        workbook = opened(SAMPLE)
        for place, value in typed.items():
            sheet, cell = place.split("!")
            workbook[sheet][cell] = value
        workbook.save(tmp_path / "填报.xlsx")
        findings = read(tmp_path / "填报.xlsx").findings
        return [(f.rule, [told_place(spot.place) for spot in f.spots], f.message) for f in findings]

    return tell


def number(value):
    return f"填了 {value}，不在表的行列里，没有读取"


TEXT = "不在表的行列里，没有读取"


NUMBERS = (
    "支出总体!K9",  # right of the table
    "支出总体!K80",  # below it, too
    "职能与机构!H3",  # in a sheet of texts
    "采购与资产!C18",  # beside a fixed row, where hints stand
    "采购与资产!B6",  # in a grey cell of a fixed row
    "单位信息!E1",  # above the table
    "支出总体!A1",  # over the title
    "支出总体!M4",  # beside the captions
    "填报说明!B2",  # on a sheet of the program's own
    "校验!P9",
)
TEXTS = {"支出总体!K9": "见附件", "支出总体!K80": "12.5", "采购与资产!C18": "已核对"}


@pytest.mark.parametrize(
    ("typed", "message"),
    [(dict.fromkeys(NUMBERS, 12.5), number(12.5)), (TEXTS, TEXT)],
    ids=["numbers", "texts"],
)
def test_what_stands_where_nothing_is_read_is_told(told, typed, message):
    assert sorted(told(typed)) == [("outside-table", [place], message) for place in sorted(typed)]


def test_adjoining_cells_are_told_once_and_others_apart(told):
    block = {f"支出总体!{column}{row}": "底稿" for column in "KLM" for row in (8, 9)}
    assert told(block | {"支出总体!O8": 1, "支出总体!K12": "见附件"}) == [
        ("outside-table", ["支出总体!K8:M9"], "相连的 6 格不在表的行列里，其中内容没有读取"),
        ("outside-table", ["支出总体!O8"], number(1)),
        ("outside-table", ["支出总体!K12"], TEXT),
    ]


def test_a_row_that_is_not_taken_names_all_its_cells(told):
    assert told({"三公经费!A20": "其他", "三公经费!B20": 1, "三公经费!D20": 2}) == [
        ("row-unknown", ["三公经费!B20", "三公经费!D20"], "不认识的行“其他”，其中填了“1”，没有读取")
    ]
    assert told({"支出总体!A40": "注：另有", "支出总体!C40": 1, "支出总体!E40": 2}) == [
        (
            "row-not-code",
            ["支出总体!A40", "支出总体!C40", "支出总体!E40"],
            "这一行不是科目：“（略）”，没有读取",
        )
    ]


def test_an_unknown_column_and_an_unknown_sheet_are_told_with_their_range(tmp_path):
    workbook = opened(SAMPLE)
    for row, value in ((4, "备忘"), (9, 1), (11, 2)):
        workbook["委托业务费"].cell(row, 9, value)
    sheet = workbook.create_sheet("底稿")
    sheet["B2"], sheet["D5"] = 1, 2
    workbook.save(tmp_path / "填报.xlsx")
    told = [(f.rule, told_place(f.spots[0].place)) for f in read(tmp_path / "填报.xlsx").findings]
    assert told == [("sheet-unknown", "第34个工作表!B2:D5"), ("column-unknown", "委托业务费!I9:I11")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_is_told_of_a_workbook_that_the_program_wrote(path):
    assert [f.message for f in read(path).findings if f.rule == "outside-table"] == []


def test_nothing_of_a_text_is_repeated(told):
    messages = {rule: message for rule, _, message in told({"支出总体!K9": "特定目标2410010U雷霆"})}
    assert messages["outside-table"] == TEXT
    assert not any("雷霆" in message for message in messages.values())
