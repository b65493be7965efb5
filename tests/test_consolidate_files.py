"""`consolidate` and `why` as a department meets them: files in, workbook out, and its document."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from budgetgen.app.cli import program
from budgetgen.app.console import usage_message
from budgetgen.app.pipeline.build import build
from budgetgen.app.pipeline.consolidate import gather
from budgetgen.app.pipeline.inputs import derived, examine
from budgetgen.app.pipeline.unit_files import Sources, files_in
from budgetgen.app.pipeline.why import why
from budgetgen.book.derivation import derive
from budgetgen.edition import load
from budgetgen.reading.grid import read_grid
from budgetgen.reading.names import read_names
from budgetgen.reading.workbook import read
from budgetgen.saying.disclosure import compose
from budgetgen.values.amounts import tolerance
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.places import told_place
from budgetgen.writing.workbook.writer import render_workbook
from tests.conftest import COMPARE, PUBLISHED, SAMPLES
from tests.workbooks import examined

UNITS = SAMPLES / "department-2024"
DEPARTMENT = SAMPLES / "xinjiang-2024-department.xlsx"
OFFICE, CENTER, TRANSFER = (
    "乌鲁木齐市科学技术局（本级）",
    "乌鲁木齐科技信息服务中心",
    "乌鲁木齐市技术创新研发与科技成果转化中心",
)


def run(*arguments):
    return CliRunner().invoke(program, [str(a) for a in arguments], standalone_mode=False)


@pytest.fixture
def units(tmp_path):
    """The three unit workbooks in a folder of their own."""
    folder = tmp_path / "单位"
    shutil.copytree(UNITS, folder, ignore=shutil.ignore_patterns("*.txt"))
    return folder


@pytest.fixture(scope="module")
def together(tmp_path_factory):
    """The department's workbook of the three units as they are."""
    target = tmp_path_factory.mktemp("部门") / "部门.xlsx"
    return gather(Sources(files_in(UNITS).files, workers=1), output=target).written


def changed(path, sheet, label, value):
    """Type a value beside a label."""
    workbook = load_workbook(path)
    row = next(row for row in workbook[sheet].iter_rows() if row[0].value == label)
    row[1].value = value
    workbook.save(path)


def typed(path, **figures):
    """Type values where figures stand: `支出总体[2060501].合计` → value, money in 元."""
    book, workbook = read(path).book, load_workbook(path)
    for name, value in figures.items():
        table, row, column = re.fullmatch(r"(.+)\[(.+)\]\.(.+)", name).groups()
        sheet, _, cell = told_place(book.cell(table, row, column).place).rpartition("!")
        workbook[sheet][cell] = value
    workbook.save(path)


@pytest.mark.published
def test_every_figure_of_the_published_tables_stands_in_the_departments_document(tmp_path):
    document = build(DEPARTMENT, tmp_path, draft=True).written[0]
    command = [sys.executable, COMPARE, PUBLISHED / "2024-bureau.docx", document, "--json"]
    scores = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    lost = [row for table, row in scores["lost_rows"] if table.startswith("表")]
    # the published 表7 repeats its row of column numbers in the middle of the table
    assert [row[:3] for row in lost] == [["※", "※", "※"]]


def test_a_sheet_shows_each_unit_beside_the_total_and_the_parts_have_a_name_for_pivots(together):
    workbook = load_workbook(together)
    header, *rows = list(workbook["各单位"].iter_rows(min_row=2, values_only=True))
    assert header[4:] == ("部门数", "单位合计", "内部抵销", "调整和尾差", OFFICE, CENTER, TRANSFER)
    assert all(round(sum(filter(None, row[8:])) - row[5], 6) == 0 for row in rows)
    total = next(row for row in rows if row[:4] == ("支出总体", "总计", None, "合计"))
    assert (total[6], total[7], total[4]) == (0, 0, total[5])
    sheet, cells = workbook.defined_names["汇总来源数据"].attr_text.split("!")
    first = next(workbook[sheet][cells.replace("$", "")].__iter__())
    assert [cell.value for cell in first][:4] == ["表", "行", "列", "单位"]


@pytest.mark.parametrize("name", ["bureau", "information", "transfer"])
def test_each_unit_of_the_sample_passes_and_has_a_document_of_its_own(tmp_path, name):
    built = build(UNITS / f"xinjiang-2024-{name}.xlsx", tmp_path)
    assert not built.checked.failed
    assert [path.suffix for path in built.written] == [".docx", ".xlsx"]


def test_the_result_does_not_depend_on_order_or_number_of_workers(units, together, tmp_path):
    files = tuple(sorted(units.iterdir()))
    names = tmp_path / "名单.txt"
    names.write_text(f"单位名称\n{OFFICE}\n{CENTER}\n{TRANSFER}", encoding="gb18030")
    again = gather(Sources(files[::-1], names, workers=2), output=tmp_path / "部门.xlsx")
    assert again.written.read_bytes() == together.read_bytes()


def test_nothing_is_written_where_units_do_not_fit(units, tmp_path):
    changed(units / "xinjiang-2024-transfer.xlsx", "单位信息", "预算年度", 2023)
    shutil.copy(units / "xinjiang-2024-information.xlsx", units / "信息中心 (1).xlsx")
    (units / "坏.xlsx").write_bytes(b"PK")
    done = run("consolidate", units, "-o", tmp_path / "部门.xlsx", "--workers", 1)
    assert done.return_value == 1
    assert sorted(path.name for path in tmp_path.glob("*.xlsx")) == ["部门（汇总情况）.xlsx"]
    assert [row[:4] for row in shown(tmp_path / "部门（汇总情况）.xlsx")] == [
        ("单位", "文件", "状态", "已汇总"),
        (OFFICE, "xinjiang-2024-bureau.xlsx", "已说明", "是"),
        (CENTER, "xinjiang-2024-information.xlsx", "已说明", "是"),
        (TRANSFER, "xinjiang-2024-transfer.xlsx", "不能汇总", "否"),
        (CENTER, "信息中心 (1).xlsx", "不能汇总", "否"),
        (None, "坏.xlsx", "不能汇总", "否"),
    ]
    for told in (
        "xinjiang-2024-transfer.xlsx：预算年度是“2023”，其他单位是“2024”",
        "信息中心 (1).xlsx：“乌鲁木齐科技信息服务中心”还有一份：xinjiang-2024-information.xlsx（内容相同）",
        "坏.xlsx：",
        "没有汇总。改正后再试",
        f"报送情况写在 {tmp_path / '部门（汇总情况）.xlsx'}",
    ):
        assert told in done.output


def shown(path):
    """What a table of statuses shows, its title left out."""
    return list(load_workbook(path).active.iter_rows(min_row=3, values_only=True))


def test_how_the_units_stand_is_written_anew_and_no_unit_of_its_own(units):
    (units / "坏.xlsx").write_bytes(b"PK")
    target = units / "部门.xlsx"
    first = gather(Sources(files_in(units, target).files, workers=1), output=target)
    assert first.statuses == units / "部门（汇总情况）.xlsx"
    (units / "坏.xlsx").write_bytes(b"PKPK" * 9)
    (units / "更坏.xlsx").write_bytes(b"PK")
    again = gather(Sources(files_in(units, target).files, workers=1), output=target)
    assert [status.submission.file for status in again.admission.statuses][3:] == ["坏.xlsx", "更坏.xlsx"]
    assert again.replaced == "部门（汇总情况）（旧1）.xlsx"
    assert len(shown(again.statuses)) == 1 + 5


def test_nothing_in_a_folder_is_left_out_without_a_word(units, tmp_path):
    (units / "乡镇").mkdir()
    (units / "转化中心.et").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    (units / "转化中心（汇总情况）.xlsx").write_bytes(b"PK")
    for name in ("名单.txt", "~$部门.xlsx", ".DS_Store", "desktop.ini"):
        (units / name).write_text("")
    done = run("consolidate", units, "-o", tmp_path / "部门.xlsx", "--workers", 1)
    assert done.return_value == 1
    rows = [(row[1], row[2]) for row in shown(tmp_path / "部门（汇总情况）.xlsx")[1:]]
    assert rows[3:] == [("乡镇", "不能汇总"), ("转化中心.et", "不能汇总")]
    assert "文件夹里的其他文件没有读取：名单.txt、转化中心（汇总情况）.xlsx" in done.output


@pytest.mark.published
def test_an_earlier_consolidation_is_a_workbook_and_no_document(units, tmp_path):
    earlier = PUBLISHED / "2024-bureau.docx"
    with pytest.raises(UnusableInputError, match="不是部门的填报表"):
        gather(Sources((*units.iterdir(),), earlier=earlier, workers=1), output=tmp_path / "部门.xlsx")


def test_a_partial_consolidation_says_so_on_every_page(units, tmp_path):
    (units / "xinjiang-2024-information.xlsx").unlink()
    names = tmp_path / "名单.txt"
    names.write_text(f"{OFFICE}\n{CENTER}\n{TRANSFER}\n", encoding="utf-8")
    target = tmp_path / "部门.xlsx"
    refused = gather(Sources((*units.iterdir(),), names, workers=1), output=target)
    assert (refused.written, refused.admission.missing) == (None, (CENTER,))
    gather(Sources((*units.iterdir(),), names, workers=1), output=target, partial=True)
    checked = derived(target)
    assert compose(checked.book, checked.edition).draft == f"不完整：缺{CENTER}"
    sheet = load_workbook(target)["支出总体"]
    assert (sheet["A3"].value, sheet.oddHeader.center.text) == (f"不完整：缺{CENTER}",) * 2
    assert compose(checked.book, checked.edition, draft=True).draft.startswith(f"不完整：缺{CENTER}；草稿")
    shown = [[row.text(c) for c in ("单位", "状态", "已汇总")] for row in checked.book["汇总情况"].rows]
    assert shown == [[OFFICE, "已说明", "是"], [TRANSFER, "已说明", "是"], [CENTER, "未报送", "否"]]


@pytest.mark.parametrize("name", ["部门.docx", "部门.xls", "部门"])
def test_a_departments_workbook_is_called_one(units, tmp_path, name):
    with pytest.raises(UnusableInputError, match=r"部门填报表是 \.xlsx 工作簿"):
        gather(Sources((*units.iterdir(),), workers=1), output=tmp_path / name)


def test_the_file_that_is_there_is_not_overwritten(units, tmp_path):
    target = tmp_path / "部门.xlsx"
    target.write_text("重要")
    with pytest.raises(UnusableInputError, match="文件已经存在"):
        gather(Sources((*units.iterdir(),), workers=1), output=target)
    assert target.read_text() == "重要"


def test_the_result_of_an_earlier_consolidation_in_the_folder_is_skipped(units, together):
    first, second = units / "一.xlsx", units / "二.xlsx"
    shutil.copy(together, first)
    again = run("consolidate", units, "-o", second, "--workers", 1)
    assert again.return_value == 0
    assert again.output.count("一.xlsx 是上次汇总的结果，已跳过") == 1
    assert contents(second) == contents(first)


def contents(path):
    """Every figure and text of a workbook."""
    return {
        (name, row.key, column): cell.value
        for name, table in derived(path).book.tables.items()
        for row in table.rows
        for column, cell in row.cells.items()
    }


def test_a_published_document_beside_workbooks_in_yuan_is_taken_and_its_tail_told(units, together, tmp_path):
    exact = derived(together).book
    own = units / "xinjiang-2024-information.xlsx"
    document = build(own, tmp_path / "公开").written[0]
    own.unlink()
    shutil.move(document, units / "公开文本.docx")
    done = gather(Sources(files_in(units).files, workers=1), output=tmp_path / "部门.xlsx")
    assert done.admission.faults == ()
    checked = examine(done.written)
    assert {f.rule for f in checked.findings if f.severity == "error"} == {"draft-unreviewed"}
    money = [
        checked.book.cell("单位信息", "金额单位", "内容").value,
        exact.cell("单位信息", "金额单位", "内容").value,
    ]
    assert money == ["万元", "元"]
    for where in ENDS:
        total = checked.book.cell(*where)
        assert total.terms > 0
        assert abs(total.value - exact.cell(*where).value) <= tolerance(total.terms)


@pytest.mark.parametrize(
    ("value", "told"), [(0, "--workers 要填不小于 1 的整数"), ("多", "--workers 要填不小于 1 的整数")]
)
def test_a_number_of_workers_that_is_none_is_answered_in_chinese(value, told):
    done = run("consolidate", UNITS, "--workers", value)
    assert usage_message(done.exception) == told


def test_an_earlier_workbook_of_another_year_is_refused(units, tmp_path):
    earlier = tmp_path / "去年.xlsx"
    edition = load("xinjiang-2026")
    book = read_grid("单位信息 | 项目 | 内容\n | 公开主体 | 部门", edition)[0]
    earlier.write_bytes(render_workbook(edition, derive(book, edition)))
    with pytest.raises(UnusableInputError) as error:
        gather(Sources((*units.iterdir(),), earlier=earlier, workers=1), output=tmp_path / "部门.xlsx")
    assert str(error.value) == (
        f"{earlier}：是 新疆维吾尔自治区单位（部门）预算公开（2026年） 的部门填报表，"
        "各单位用的是 新疆维吾尔自治区单位（部门）预算公开（2024年）。\n"
        "  请：--from 用同一年度、上次 consolidate 写出的部门填报表。"
    )
    assert not (tmp_path / "部门.xlsx").exists()


def test_a_published_unit_document_is_a_unit_too(units, tmp_path):
    document = build(units / "xinjiang-2024-transfer.xlsx", tmp_path / "公开").written[0]
    for path in units.iterdir():
        path.unlink()
    shutil.move(document, units / "公开文本.docx")
    done = gather(Sources((*units.iterdir(),), workers=1), name="科技局", output=tmp_path / "部门.xlsx")
    assert [s.unit for s in done.admission.taken] == [TRANSFER]
    assert derived(done.written).book.cell("支出总体", "2060599", "项目支出").value == Decimal("81.19")


def test_the_departments_workbook_reads_back_as_it_was_written():
    checked = examined(DEPARTMENT)
    assert {f.rule for f in checked.findings if f.severity == "error"} == {"draft-unreviewed"}
    trace = why(DEPARTMENT, "三公经费[公务用车运行].一般公共预算")
    assert [(s.unit, s.file, s.place, s.value) for s in trace.sources] == [
        (OFFICE, "xinjiang-2024-bureau.xlsx", "三公经费!C11", Decimal("7.2")),
        (CENTER, "xinjiang-2024-information.xlsx", "三公经费!C11", Decimal("1.8")),
        (TRANSFER, "xinjiang-2024-transfer.xlsx", "三公经费!C11", Decimal("1.8")),
    ]


def test_why_tells_relation_units_and_cells():
    done = run("why", DEPARTMENT, "支出总体[2060501].合计")
    assert done.output.splitlines() == [
        "支出总体[2060501].合计 292.54 万元（支出总体!C17）",
        "  = 基本支出 + 项目支出（expenditure-row）",
        "    支出总体[2060501].基本支出 292.54 万元（支出总体!D17）",
        "      ← 乌鲁木齐科技信息服务中心 292.54 万元（xinjiang-2024-information.xlsx!支出总体!D9）",
    ]
    assert run("why", DEPARTMENT, "支出总体!C17").output == done.output
    assert run("why", DEPARTMENT, "支出总体［2060501］．合计").output == done.output
    assert run("why", DEPARTMENT, "表3[机构运行].合计").output == done.output


@pytest.mark.parametrize(
    ("text", "problem", "fix"),
    [
        ("支出总[2060501].合计", "没有“支出总”这张表", "支出总体"),
        ("支出总体[2060502].合计", "没有“2060502”这一行", "2060501"),
        ("支出总体[2060501].合记", "没有“合记”这一列", "合计"),
        (
            "支出总体!ZZ17",
            "支出总体!ZZ17 不是填报的格",
            "支出总体!D17（支出总体[2060501].基本支出）、支出总体!C17（支出总体[2060501].合计）",
        ),
        ("支出总体!A1", "支出总体!A1 不是填报的格", "支出总体!C6（支出总体[总计].合计）"),
        ("填报说明!A1", "“填报说明”这一页不是填报的表", "换一张表"),
        ("校验!A1", "“校验”这一页不是填报的表", "换一张表"),
        ("合计", "看不懂", "支出总体[总计].合计"),
    ],
)
def test_a_wrong_address_is_answered_with_what_it_may_mean(text, problem, fix):
    with pytest.raises(UnusableInputError) as error:
        why(DEPARTMENT, text)
    assert problem in error.value.problem
    assert fix in error.value.fix


@pytest.mark.parametrize(
    ("text", "names"),
    [("甲\n乙\n", ("甲", "乙")), ("序号,单位名称\n1,甲\n2,乙\n", ("甲", "乙")), ("\n 甲 \n\n", ("甲",))],
)
def test_a_list_of_names(tmp_path, text, names):
    path = tmp_path / "名单.txt"
    path.write_text(text, encoding="utf-8-sig")
    assert read_names(path) == names


@pytest.mark.parametrize("text", ["", "甲\n甲\n"])
def test_a_list_without_names_or_with_one_twice_is_refused(tmp_path, text):
    path = tmp_path / "名单.txt"
    path.write_text(text)
    with pytest.raises(UnusableInputError):
        read_names(path)


# --- what the department decides ----------------------------------------------------------------------------


@pytest.fixture
def receiving(units):
    """The units, of which one receives what another pays: 2.80 万元."""
    typed(
        units / "xinjiang-2024-information.xlsx",
        **{
            "收支总体[上级补助收入].预算数": 28000,
            "收入总体[2060599].单位资金": 28000,
            "支出总体[2060599].项目支出": 426300,
            "上年数[收入：单位资金].上年预算数": 0,
            "增减原因[收入：单位资金].原因": "本级拨入课题经费",
        },
    )
    return units


def test_a_transfer_is_proposed_confirmed_in_the_workbook_and_taken_out_of_the_next(receiving, tmp_path):
    files = Sources(files_in(receiving).files, workers=1)
    first = gather(files, output=tmp_path / "一.xlsx")
    book = derived(first.written).book
    assert [[row.text(c) for c in PROPOSED] for row in book["内部抵销"].lines()] == [
        [OFFICE, CENTER, "上级补助收入", "2.8", "2069999", "项目支出", "", ""]
    ]
    totals = {(t, r, c): book.cell(t, r, c).value for t, r, c in ENDS}
    typed(first.written, **{"内部抵销[第1行].确认": "是"})
    second = gather(replace(files, earlier=first.written), output=tmp_path / "二.xlsx")
    book = derived(second.written).book
    assert {where: totals[where] - book.cell(*where).value for where in ENDS} == dict.fromkeys(
        ENDS, Decimal("2.8")
    )
    assert [book["内部抵销"].rows[0].text(c) for c in ("确认", "已抵销")] == ["是", "是"]
    balance = book["差额表"].get("支出总体/总计/合计")
    assert balance["内部抵销"].value == Decimal("2.8")
    assert not {"transfer-undecided", "transfer-unapplied", "consolidation-balance"} & {
        f.rule for f in examine(second.written).findings
    }
    told = run("why", second.written, "支出总体[2069999].项目支出").output
    assert "← 内部抵销 -2.80 万元" in told


PROPOSED = ("付款单位", "收款单位", "收入项目", "金额", "支出科目代码", "支出类别", "确认", "已抵销")
ENDS = (("收支总体", "收入总计", "预算数"), ("收入总体", "总计", "总计"), ("支出总体", "总计", "合计"))


def test_a_confirmed_transfer_that_the_unit_has_no_income_for_is_told_and_not_taken_out(
    units, together, tmp_path
):
    first, second = tmp_path / "一.xlsx", tmp_path / "二.xlsx"
    workbook = load_workbook(together)
    row = (OFFICE, CENTER, "上级补助收入", "2060501", "2060203", "项目支出", 100000, "文件", "是")
    for column, value in enumerate(row, start=1):
        workbook["内部抵销"].cell(5, column).value = value
    workbook.save(first)
    done = run("consolidate", units, "-o", second, "--from", first, "--workers", 1)
    assert done.return_value == 1
    for told in (
        "确认抵销的数大于单位填报的数，没有抵销：",
        f"内部抵销!G5：{OFFICE} 付 {CENTER} 上级补助收入 10.00 万元 | {CENTER} 的 收支总体[上级补助收入].预算数 没有数 | 差 10.00，没有抵销",
        f"{CENTER} 的 收入总体[2060501].单位资金 没有数 | 差 10.00，没有抵销",
    ):
        assert told in done.output
    before, after = derived(first).book, derived(second).book
    assert [after.cell(*where).value for where in ENDS] == [before.cell(*where).value for where in ENDS]
    assert "transfer-unapplied" in {f.rule for f in examine(second).findings}


def test_why_tells_how_an_amount_is_printed_and_gives_counts_no_unit():
    told = run("why", DEPARTMENT, "支出总体[总计].合计").output.splitlines()[0]
    assert told == "支出总体[总计].合计 3977.0899 万元，公开为 3,977.09（支出总体!C6）"
    counted = run("why", DEPARTMENT, "采购与资产[车辆].数量").output.splitlines()
    assert counted[0] == "采购与资产[车辆].数量 7（采购与资产!B12）"
    assert counted[3] == f"      ← {OFFICE} 3（xinjiang-2024-bureau.xlsx!采购与资产!B13）"


def test_numbers_typed_in_the_departments_workbook_are_kept_or_told_with_their_place(
    units, together, tmp_path
):
    files = Sources(files_in(units).files, workers=1)
    first = shutil.copy(together, tmp_path / "一.xlsx")
    typed(
        first,
        **{
            "整体绩效[上级安排].内容": 50000,
            "三公经费[公务用车运行].一般公共预算": 110000,
            "支出总体[总计].基本支出": 14000000,
        },
    )
    done = gather(replace(files, earlier=first), output=tmp_path / "二.xlsx")
    book = derived(done.written).book
    assert book.cell("整体绩效", "上级安排", "内容").value == Decimal(5)
    assert book.cell("三公经费", "公务用车运行", "一般公共预算").value == Decimal("10.8")
    place = told_place(derived(first).book.cell("支出总体", "总计", "基本支出").place)
    assert [(f.rule, f.message, told_place(f.spots[0].place)) for f in done.findings] == [
        (
            "adjustment-left",
            "支出总体[总计].基本支出 上次填 1400.00 万元，这次汇总是 1422.6496 万元",
            place,
        ),
        (
            "adjustment-left",
            "三公经费[公务用车运行].一般公共预算 上次填 11.00 万元，这次汇总是 10.80 万元",
            "三公经费!C11",
        ),
    ]


@pytest.mark.parametrize(
    ("file", "figure", "told"),
    [
        (
            UNITS / "xinjiang-2024-information.xlsx",
            "支出总体[2060501].基本支出",
            ["支出总体[2060501].基本支出 292.54 万元（支出总体!D9，填写）"],
        ),
        (
            UNITS / "xinjiang-2024-information.xlsx",
            "支出总体[2060501].项目支出",
            ["支出总体[2060501].项目支出 空（支出总体!E9）"],
        ),
        (
            UNITS / "xinjiang-2024-information.xlsx",
            "支出总体[20605].基本支出",
            [
                "支出总体[20605].基本支出 292.54 万元（支出总体!D8）",
                "  = 求和(行.基本支出 for 行 in 下级)（hierarchy）",
                "    支出总体[2060501].基本支出 292.54 万元（支出总体!D9，填写）",
            ],
        ),
    ],
    ids=["given", "blank", "derived"],
)
def test_why_of_a_unit(file, figure, told):
    assert run("why", file, figure).output.splitlines() == told
