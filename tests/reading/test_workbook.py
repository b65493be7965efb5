"""A filled workbook becomes a Book, whatever clerks and their programs do to it."""

from __future__ import annotations

import zipfile
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from xlsxwriter import Workbook

from budgetgen.app.pipeline.inputs import examine
from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.edition import folder, merged, parse
from budgetgen.reading.grid import read_grid
from budgetgen.reading.workbook import read
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.places import told_place
from budgetgen.writing.workbook.writer import render_workbook
from tests.conftest import ROOT, SAMPLES
from tests.workbooks import opened, reading_of, values

SAMPLE = SAMPLES / "xinjiang-2026-unit.xlsx"


@pytest.fixture
def edited(tmp_path):
    """The sample after a change to its workbook, saved as a clerk's program saves it."""

    def edit(change):
        workbook = opened(SAMPLE)
        change(workbook)
        path = tmp_path / "填报.xlsx"
        workbook.save(path)
        return path

    return edit


NEVER, EMPTY = 987654321, "空文本"
"""Stand for a result that is not stored, and for one that is the empty text, until the file is written."""


@pytest.fixture
def stored(tmp_path):
    """A workbook as Excel stores it: `=底稿!A5 → 3` is a formula with its result, `=底稿!A5` one without.

    xlsxwriter has no form for the two results that are none.
    """

    def write(**sheets):
        made, path = tmp_path / "未完.xlsx", tmp_path / "填报.xlsx"
        with Workbook(made) as workbook:
            for name, grid in sheets.items():
                sheet = workbook.add_worksheet(name)
                for number, line in enumerate(filter(str.strip, grid.splitlines())):
                    for column, cell in enumerate(line.split("|")):
                        formula, arrow, shown = (part.strip() for part in cell.partition("→"))
                        if formula.startswith("="):
                            result = _number(shown or EMPTY) if arrow else NEVER
                            sheet.write_formula(number, column, formula, None, result)
                        else:
                            sheet.write(number, column, _number(formula))
        with zipfile.ZipFile(made) as whole, zipfile.ZipFile(path, "w") as out:
            for part in whole.namelist():
                text = whole.read(part).decode()
                out.writestr(part, text.replace(f"<v>{NEVER}</v>", "").replace(f">{EMPTY}<", "><"))
        return path

    return write


def _number(text):
    """A number as such; a code of many digits is text, as the workbook holds codes."""
    return float(text) if text.replace(".", "").isdigit() and len(text) < 5 else text


def told(path):
    """(rule, place) of all that reading complains of."""
    return [(f.rule, told_place(f.spots[0].place)) for f in read(path).findings]


def place(workbook, sheet, text, column):
    """The cell in a column (by letter) of the row that holds a text."""
    for row in workbook[sheet].iter_rows():
        for cell in row:
            if cell.value is not None and str(cell.value) == text:
                return workbook[sheet][f"{column}{cell.row}"]
    raise AssertionError(text)


def test_the_sample_reads_as_its_source(newest):
    source, _ = read_grid((SAMPLES / "xinjiang-2026-unit.txt").read_text("utf-8"), newest)
    reading = reading_of(SAMPLE)
    assert values(derive(reading.book, newest)) == values(derive(source, newest))
    assert [f.message for f in reading.findings] == []


def test_moved_columns_spare_and_inserted_rows_change_nothing(edited, newest):
    def shuffle(workbook):
        sheet = workbook["一般公共预算支出"]
        sheet.insert_rows(1, 3)
        for row in (14, 15):
            sheet.insert_rows(row)
        workbook.move_sheet("结转结余", -10)

    assert values(read(edited(shuffle)).book) == values(reading_of(SAMPLE).book)


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
        ("row-unknown", "单位信息!B12"),
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

    assert told(edited(add)) == [("sheet-unknown", "第34个工作表!A1"), ("column-unknown", "委托业务费!I9")]


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
    workbook = opened(SAMPLE)
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


# --- formulas of the office -----------------------------------------------------------------------------------

HEADER = "科目代码 | 科目名称 | 合计 | 基本支出 | 项目支出\n"
GIVEN = {("2060501", "科目代码"): "2060501", ("2060501", "基本支出"): Decimal(8)}
SPENT = {**GIVEN, ("2060501", "项目支出"): Decimal(4)}


@pytest.mark.parametrize(
    ("line", "given", "findings"),
    [
        (
            "=底稿!A5 → 2060501 | =底稿!B5 → 机构运行 | =底稿!C5 → 12 | =底稿!D5 → 8 | =底稿!E5 → 4",
            SPENT,
            [],
        ),
        (
            "=底稿!A5 → 2060501 | =底稿!B5 | =底稿!C5 | =底稿!D5 → 8 | =底稿!E5",
            GIVEN,
            [("formula-uncomputed", "支出总体!E2")],
        ),
        (
            "=底稿!A5 | =底稿!B5 | =底稿!C5 | =底稿!D5 | =底稿!E5",
            {},
            [("formula-uncomputed", f"支出总体!{c}2") for c in "ADE"],
        ),
        (
            "='[1]甲'!A5 | ='[1]甲'!B5 | ='[1]甲'!C5 | ='[1]甲'!D5 | ='[1]甲'!E5",
            {},
            [("formula-linked", f"支出总体!{c}2") for c in "ADE"],
        ),
        (" | =底稿!B5 → | =底稿!C5 → 12 | | ", {}, [("row-without-key", "支出总体!C2")]),
        (' | =IF(A2="","",B1) → | =IF(COUNT(D2:E2)=0,"",1) → | | ', {}, []),
        (" | =IF(A2=1,1,2) | =SUM(D2:E2) | | ", {}, []),
        ("=底稿!A5 → 0 | =底稿!B5 → 0 | =底稿!C5 → 0 | =底稿!D5 → 0 | =底稿!E5 → 0", {}, []),
        ('=IF(底稿!A5="","",底稿!A5) → | =B1 → | =C1 → | =IF(底稿!D5="","",1) → | =E1 →', {}, []),
    ],
    ids=[
        "linked",
        "one without result",
        "none with result",
        "another workbook",
        "linked amount of nothing",
        "the workbook's own",
        "the workbook's own without result",
        "links to empty cells",
        "links that hide blanks",
    ],
)
def test_a_line_of_formulas_is_read_or_told(stored, line, given, findings):
    reading = read(stored(支出总体=HEADER + line))
    rows = {(key, column): value for (_, key, column), value in values(reading.book).items()}
    others = [f for f in reading.findings if f.rule != "sheet-missing"]
    assert rows == given
    assert [(f.rule, told_place(f.spots[0].place)) for f in others] == findings


def test_a_linked_label_without_result_is_told(stored):
    grid = (
        "项目 | 合计\n因公出国（境）费用 | 1\n=底稿!A5 | 5\n自己加的行 | =底稿!B6\n=底稿!A7 → 公务接待费 | 3"
    )
    reading = read(stored(三公经费=grid.replace("项目", "“三公”经费支出内容")))
    given = {key: value for (_, key, column), value in values(reading.book).items() if column == "合计"}
    found = [
        (f.rule, f.message, told_place(f.spots[0].place))
        for f in reading.findings
        if "!" in told_place(f.spots[0].place)
    ]
    assert given == {"因公出国": Decimal(1), "公务接待": Decimal(3)}
    assert found == [
        ("formula-uncomputed", "“‘三公’经费支出内容”公式没有计算结果", "三公经费!A3"),
        ("row-unknown", "不认识的行“自己加的行”，其中填了公式，没有读取", "三公经费!B4"),
    ]


def test_the_part_of_a_code_without_result_is_told(stored):
    grid = "类 | 款 | 项 | 基本支出\n206 | 05 | =底稿!C5 | 8"
    reading = read(stored(支出总体=grid))
    found = [
        (f.rule, told_place(f.spots[0].place))
        for f in reading.findings
        if "!" in told_place(f.spots[0].place)
    ]
    assert found == [("formula-uncomputed", "支出总体!C2")]


def test_the_blank_workbook_has_no_lines(edition):
    reading = read(ROOT / "templates" / "xlsx" / f"{edition.id}.xlsx")
    lines = [
        (name, row.key)
        for name, table in reading.book.tables.items()
        for row in table.lines()
        if row.key not in edition.tables[name].fixed
    ]
    assert (lines, reading.findings) == ([], ())


# --- rows and sheets that stand twice -------------------------------------------------------------------------


def duplicates(findings):
    return [
        (f.rule, f.severity, f.message, [told_place(spot.place) for spot in f.spots])
        for f in findings
        if f.rule in {"row-duplicate", "sheet-duplicate"}
    ]


def test_a_fixed_row_that_stands_twice_is_told(edited):
    def add(workbook):
        workbook["收支总体"]["A32"], workbook["收支总体"]["B32"] = "其中：一般财力", 777

    assert duplicates(examine(edited(add)).findings) == [
        ("row-duplicate", "error", "“其中：一般财力”在本表有重复的行", ["收支总体!A32", "收支总体!A8"])
    ]


def test_a_label_that_several_rows_share_is_no_duplicate(edited):
    """Of rows that may be called alike each is taken once, wherever they stand."""

    def relabel(workbook):
        sheet = workbook["收支总体"]
        sheet["A10"].value = "政府性基金预算拨款"
        sheet["A32"].value, sheet["B32"].value = sheet["A26"].value, 3
        sheet["A26"].value = None

    checked = examine(edited(relabel))
    assert duplicates(checked.findings) == []
    assert checked.book.cell("收支总体", "结转政府性基金预算拨款", "预算数").value == Decimal(3)


def test_a_fixed_row_twice_in_a_grid_is_told(newest):
    grid = "三公经费 | 项目 | 合计\n | 公务接待费 | 1.00\n | 公务接待费 | 2.00"
    book, _ = read_grid(grid, newest)
    assert duplicates(check(derive(book, newest), newest)) == [
        ("row-duplicate", "error", "“公务接待费”在本表有重复的行", ["三公经费!A3", "三公经费!A2"])
    ]


def test_two_totals_are_told_by_a_cell(stored):
    grid = HEADER + "总计 | | | 1 | 2\n2060501 | | | 1 | 2\n总计 | | | 1 | 2"
    assert duplicates(examine(stored(支出总体=grid)).findings) == [
        ("row-duplicate", "error", "“总计”在本表有重复的行", ["支出总体!D4", "支出总体!D2"])
    ]


def test_two_sheets_of_a_table_are_told(edited):
    def double(workbook):
        sheet = workbook.copy_worksheet(workbook["项目支出"])
        sheet.title = "项目支出 "
        workbook.move_sheet(sheet, -40)
        place(workbook, sheet.title, "2060599", "F").value = 777

    reading = read(edited(double))
    assert values(reading.book) == values(reading_of(SAMPLE).book)
    assert duplicates(reading.findings) == [
        (
            "sheet-duplicate",
            "error",
            "“项目支出”有 2 个工作表填了内容：“项目支出”、“项目支出 ”，只读取了“项目支出”",
            ["项目支出", "项目支出 "],
        )
    ]


def test_a_blank_sheet_beside_a_filled_one_is_passed_over(edited):
    def double(workbook):
        workbook["项目支出"].title = "项目支出 "
        blank = workbook.copy_worksheet(workbook["项目支出 "])
        blank.title = "项目支出"
        for row in blank.iter_rows(min_row=5):
            for cell in row:
                cell.value = None
        workbook.create_sheet("三公经费 ")

    reading = read(edited(double))
    assert values(reading.book) == values(reading_of(SAMPLE).book)
    assert reading.findings == ()


def test_a_sheet_of_the_name_that_is_no_table_is_told(edited):
    def add(workbook):
        workbook.create_sheet("项目支出 ")["A1"] = "漏填：甲项目 777"

    (found,) = duplicates(read(edited(add)).findings)
    assert (found[0], found[3]) == ("sheet-duplicate", ["项目支出", "项目支出 "])


@pytest.fixture
def declared(monkeypatch):
    """The newest edition with something declared otherwise, as reading loads it."""

    def declare(**changes):
        edition = parse({**merged(folder(), "xinjiang-2026"), **changes})
        monkeypatch.setattr("budgetgen.reading.workbook.load", lambda _: edition)
        return edition

    return declare


def test_a_sheet_under_an_alias_beside_the_table_is_told(edited, declared, newest):
    tables = merged(folder(), newest.id)["table"]
    declared(table=[{**t, "aliases": ["项目明细"]} if t["name"] == "项目支出" else t for t in tables])

    def add(workbook):
        workbook.move_sheet(workbook.copy_worksheet(workbook["项目支出"]), -40)
        workbook.worksheets[0].title = "项目明细"

    (found,) = duplicates(read(edited(add)).findings)
    assert (found[0], found[3]) == ("sheet-duplicate", ["项目支出", "项目明细"])


# --- what the program itself writes ---------------------------------------------------------------------------


def test_own_sheets_and_columns_are_declared_once_for_writing_and_reading(declared, tmp_path):
    own = {
        "guide": "怎么填",
        "codes": {"function": "功能分类", "economic": "经济分类"},
        "lists": "下拉表",
        "results": "核对结果",
        "remarks": "填写提示",
        "automatic": "不用填",
        "specimen": "样例",
        "units": "各家",
    }
    edition = declared(sheets=own)
    path = tmp_path / "填报.xlsx"
    path.write_bytes(render_workbook(edition))
    names = load_workbook(path).sheetnames
    assert [name for name in names if name not in edition.tables] == [
        *("怎么填", "校验", "功能分类", "经济分类", "_meta")
    ]
    assert "填写提示" in {cell.value for row in load_workbook(path)["单位信息"] for cell in row}
    assert read(path).findings == ()


@pytest.mark.parametrize(
    "cells",
    [
        {"A1": "edition", "B1": None},
        {"A1": None, "B1": "xinjiang-2026"},
        {"A1": "版本", "B1": None, "A2": "edition", "B2": " xinjiang-2026 "},
        {"A1": None, "B1": None, "A2": None, "B2": None, "A3": None, "B3": None},
    ],
    ids=["no id", "no word", "one cell and blanks", "empty"],
)
def test_a_damaged_meta_names_no_edition_or_that_which_is_left(edited, newest, cells):
    def damage(workbook):
        for where, value in cells.items():
            workbook["_meta"][where].value = value

    reading = read(edited(damage))
    assert (reading.edition.id, reading.findings) == (newest.id, ())


@pytest.mark.parametrize(
    ("named", "quoted"),
    [(3, "“3”"), ("=1+1", ""), ("../xinjiang-2026", "“../xinjiang-2026”"), ("很" * 3000, f"“{'很' * 40}”")],
)
def test_what_is_no_edition_is_refused_in_words(edited, named, quoted):
    path = edited(lambda workbook: setattr(workbook["_meta"]["B1"], "value", named))
    if not quoted:
        assert read(path).findings == ()
        return
    with pytest.raises(UnusableInputError) as refused:
        read(path)
    assert refused.value.problem == f"工作簿的版式是{quoted}，这个程序里没有"
