"""Figures that come back in a list of questions: what is put into the copy, what is not, and that nothing else changes."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from decimal import Decimal
from unittest import mock

import pytest
from openpyxl import Workbook, load_workbook

from budgetgen.app.pipeline.answers import Answers
from budgetgen.app.pipeline.corrections import corrected, to_correct
from budgetgen.app.pipeline.inputs import derived, examine
from budgetgen.values.places import told_place
from budgetgen.writing.review.figures import FigureSheets
from budgetgen.writing.review.parts import Package
from tests.conftest import SAMPLES
from tests.workbooks import derived_of, opened

SAMPLE = SAMPLES / "xinjiang-2026-unit.xlsx"
CELL = "一般公共预算支出!E10"
NAME = "一般公共预算支出!E10（一般公共预算支出[2060599].项目支出）"
BY = "jia 2026-01-02 03:04"


@pytest.fixture(scope="module")
def checked():
    return derived_of(SAMPLE)


def listed(path, *rows):
    """A list that came back: place, what the list says stands there, the new figure."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "改数"
    sheet.append(["改数"])
    sheet.append(["单元格", "这个数是", "现在的数", "怎么改", "新的数", "说明人"])
    for place, now, new in rows:
        sheet.append([place, "", now, "", new, "经办人"])
    workbook.save(path)
    return Answers(path, BY)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ((CELL, 284.21, 290), f"按问题单改数：{NAME} 284.21 → 290.00（经办人，{BY}）"),
        ((CELL, 284.21, "（1,290.50）"), f"按问题单改数：{NAME} 284.21 → -1290.50（经办人，{BY}）"),
        ((CELL, 284.21, 284.21), ""),
        (
            (CELL, 200, 290),
            f"没有改：{NAME} 的新数 290（经办人，{BY}）：问题单上写的是 200.00，填报表里是 284.21",
        ),
        ((CELL, 284.21, "二百九十"), f"没有改：{NAME} 的新数 二百九十（经办人，{BY}）：“二百九十”不是数"),
        (
            ("没有!A1", None, 5),
            f"没有改：没有!A1 的新数 5（经办人，{BY}）：填报表里没有这一格，或不是填数的格",
        ),
        (
            ("一般公共预算支出!A10", None, 5),
            f"没有改：一般公共预算支出!A10 的新数 5（经办人，{BY}）：填报表里没有这一格，或不是填数的格",
        ),
    ],
    ids=[
        "a figure",
        "as people type it",
        "the same",
        "of another file",
        "no figure",
        "nowhere",
        "no cell for figures",
    ],
)
def test_each_figure_is_put_in_or_told_why_not(checked, tmp_path, row, told):
    done = corrected(checked, [listed(tmp_path / "改.xlsx", row)])
    assert "".join(done.told) == told
    assert (done.data is not None) == told.startswith("按问题单改数")


def test_a_cell_that_a_formula_works_out_is_left(checked, tmp_path):
    places = (place for place in _places(checked) if FigureSheets.of(SAMPLE.read_bytes()).computes(place))
    place = next(places)
    done = corrected(checked, [listed(tmp_path / "改.xlsx", (place, None, 5))])
    assert done.data is None
    assert done.told[0].endswith("这一格由公式计算，不改；改公式用到的数")


def _places(checked):
    table = checked.book["一般公共预算支出"]
    return [told_place(row["合计"].place) for row in table.rows if told_place(row["合计"].place)]


def test_of_several_lists_the_newest_counts(checked, tmp_path):
    lists = [listed(tmp_path / f"{new}.xlsx", (CELL, 284.21, new)) for new in (290, 291)]
    done = corrected(checked, lists)
    assert FigureSheets.of(done.data).number(CELL) == Decimal(291)
    assert len(done.told) == 1


def test_nothing_but_the_cell_and_what_formulas_gave_changes(checked, tmp_path):
    done = corrected(checked, [listed(tmp_path / "改.xlsx", (CELL, 284.21, 290))])
    path = tmp_path / "新.xlsx"
    path.write_bytes(done.data)
    old, new = load_workbook(SAMPLE), load_workbook(path)
    changed = [
        f"{sheet.title}!{cell.coordinate}"
        for sheet in old
        for row in sheet.iter_rows()
        for cell in row
        if said(new[sheet.title][cell.coordinate]) != said(cell)
    ]
    assert changed == [CELL]
    with zipfile.ZipFile(SAMPLE) as before, zipfile.ZipFile(path) as after:
        others = [
            name for name in before.namelist() if "worksheets/sheet" not in name and name != "xl/workbook.xml"
        ]
        assert all(before.read(name) == after.read(name) for name in others)
        assert b'fullCalcOnLoad="1"' in after.read("xl/workbook.xml")


def said(cell):
    """What stands in a cell, formulas as they are written."""
    return getattr(cell.value, "text", cell.value)


@pytest.mark.parametrize(
    ("place", "result"),
    [
        ("一般公共预算支出!E10", "284.21"),
        ("单位信息!B5", "乌鲁木齐科技信息服务中心"),
        ("单位信息!A5", "单位名称"),
    ],
    ids=["a figure", "a text", "the name of a row"],
)
def test_a_workbook_with_somebodys_own_formulas_is_left_to_them(tmp_path, place, result):
    workbook = opened(SAMPLE)
    sheet, _, cell = place.partition("!")
    workbook[sheet][cell] = "=OWN(1)"
    workbook.save(tmp_path / "填报.xlsx")
    checked = derived(_with_result(tmp_path / "填报.xlsx", result))
    done = corrected(checked, [listed(tmp_path / "改.xlsx", ("一般公共预算支出!D10", None, 5))])
    assert done.data is None
    assert done.told[0].startswith(f"“改数”页的新数没有改进去：{place} 是自己写的公式")


def _with_result(path, result):
    """The file as a spreadsheet program stores it: with what the formula gives, a number or a text."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    kind = "" if result[0].isdigit() else ' t="str"'
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            stored = rf"{kind}><f>OWN(1)</f><v>{result}</v>"
            archive.writestr(name, re.sub(r"><f>OWN\(1\)</f><v ?(/|></v)>", stored, data))
    return path


def test_a_figure_finds_its_place_in_a_row_and_on_a_sheet_that_holds_nothing_there():
    sheets = FigureSheets.of(SAMPLE.read_bytes())
    for place in ("三公经费!Z3", "三公经费!B90", "三公经费!A90"):
        sheets.put(place, Decimal("1.5"))
    stored = load_workbook(io.BytesIO(sheets.data()))["三公经费"]
    assert [stored[cell].value for cell in ("Z3", "A90", "B90")] == [1.5, 1.5, 1.5]


def test_a_list_offers_each_cell_once_and_none_that_is_worked_out(tmp_path):
    workbook = opened(SAMPLE)
    workbook["一般公共预算支出"]["E10"] = 294.21
    workbook.save(tmp_path / "填报.xlsx")
    (sheet,) = to_correct(examine(tmp_path / "填报.xlsx"))
    places = [row[0] for row in sheet.rows]
    assert places[0] == CELL
    assert len(places) == len(set(places))
    stored = FigureSheets.of((tmp_path / "填报.xlsx").read_bytes())
    assert not any(stored.computes(place) for place in places)


def test_where_the_sheets_are_is_looked_up_once_for_all_cells():
    """Each cell of a workbook is asked: what is looked up for each makes a long wait of thousands."""
    sheets = FigureSheets.of(SAMPLE.read_bytes())
    with mock.patch.object(Package, "tree", autospec=True, side_effect=Package.tree) as parsed:
        for name in ("收支总体", "三公经费", "没有") * 50:
            sheets.computes(f"{name}!C6")
    assert max(Counter(call.args[1] for call in parsed.mock_calls).values()) == 1
