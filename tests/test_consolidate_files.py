"""`consolidate` and `why` as a department meets them: files in, workbook out, and its document."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from decimal import Decimal

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from budgetgen.cli import program
from budgetgen.disclosure import compose
from budgetgen.findings import UnusableInputError
from budgetgen.pipeline.build import build
from budgetgen.pipeline.consolidate import Sources, gather
from budgetgen.pipeline.inputs import derived, examine
from budgetgen.pipeline.why import why
from budgetgen.reading.names import read_names
from tests.conftest import COMPARE, PUBLISHED, SAMPLES

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


def changed(path, sheet, label, value):
    """Type a value beside a label."""
    workbook = load_workbook(path)
    row = next(row for row in workbook[sheet].iter_rows() if row[0].value == label)
    row[1].value = value
    workbook.save(path)


@pytest.mark.published
def test_every_figure_of_the_published_tables_stands_in_the_departments_document(tmp_path):
    document = build(DEPARTMENT, tmp_path, draft=True).written[0]
    command = [sys.executable, COMPARE, PUBLISHED / "2024-bureau.docx", document, "--json"]
    scores = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    lost = [row for table, row in scores["lost_rows"] if table.startswith("表")]
    # the published 表7 repeats its row of column numbers in the middle of the table
    assert [row[:3] for row in lost] == [["※", "※", "※"]]


@pytest.mark.parametrize("name", ["bureau", "information", "transfer"])
def test_each_unit_of_the_sample_passes_and_has_a_document_of_its_own(tmp_path, name):
    built = build(UNITS / f"xinjiang-2024-{name}.xlsx", tmp_path)
    assert not built.checked.failed
    assert [path.suffix for path in built.written] == [".docx", ".xlsx"]


def test_the_result_does_not_depend_on_order_or_number_of_workers(units, tmp_path):
    files = tuple(sorted(units.iterdir()))
    names = tmp_path / "名单.txt"
    names.write_text(f"单位名称\n{OFFICE}\n{CENTER}\n{TRANSFER}", encoding="gb18030")
    one = gather(Sources(files, workers=1), output=tmp_path / "部门.xlsx").written.read_bytes()
    (tmp_path / "部门.xlsx").unlink()
    two = gather(Sources(files[::-1], names, workers=2), output=tmp_path / "部门.xlsx").written.read_bytes()
    assert one == two


def test_nothing_is_written_where_units_do_not_fit(units, tmp_path):
    changed(units / "xinjiang-2024-transfer.xlsx", "单位信息", "金额单位", "万元")
    shutil.copy(units / "xinjiang-2024-information.xlsx", units / "信息中心 (1).xlsx")
    (units / "坏.xlsx").write_bytes(b"PK")
    done = run("consolidate", units, "-o", tmp_path / "部门.xlsx", "--workers", 1)
    assert done.return_value == 1
    assert not (tmp_path / "部门.xlsx").exists()
    for told in (
        "xinjiang-2024-transfer.xlsx：金额单位是“万元”，其他单位是“元”",
        "信息中心 (1).xlsx：“乌鲁木齐科技信息服务中心”还有一份：xinjiang-2024-information.xlsx（内容相同）",
        "坏.xlsx：",
        "没有汇总。改正后再试",
    ):
        assert told in done.output


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
    assert compose(checked.book, checked.edition, draft=True).draft.startswith(f"不完整：缺{CENTER}；草稿")
    shown = [[row.text(c) for c in ("单位", "状态", "已汇总")] for row in checked.book["汇总情况"].rows]
    assert shown == [[OFFICE, "通过", "是"], [TRANSFER, "已说明", "是"], [CENTER, "未报送", "否"]]


def test_the_file_that_is_there_is_not_overwritten(units, tmp_path):
    target = tmp_path / "部门.xlsx"
    target.write_text("重要")
    with pytest.raises(UnusableInputError, match="文件已经存在"):
        gather(Sources((*units.iterdir(),), workers=1), output=target)
    assert target.read_text() == "重要"


def test_a_published_unit_document_is_a_unit_too(units, tmp_path):
    document = build(units / "xinjiang-2024-transfer.xlsx", tmp_path / "公开").written[0]
    for path in units.iterdir():
        path.unlink()
    shutil.move(document, units / "公开文本.docx")
    done = gather(Sources((*units.iterdir(),), workers=1), name="科技局", output=tmp_path / "部门.xlsx")
    assert [s.unit for s in done.admission.taken] == [TRANSFER]
    assert derived(done.written).book.cell("支出总体", "2060599", "项目支出").value == Decimal("81.19")


def test_the_departments_workbook_reads_back_as_it_was_written():
    checked = examine(DEPARTMENT)
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
        "支出总体[2060501].合计 292.54（支出总体!C17）",
        "  = 基本支出 + 项目支出（expenditure-row）",
        "    支出总体[2060501].基本支出 292.54（支出总体!D17）",
        "      ← 乌鲁木齐科技信息服务中心 292.54（xinjiang-2024-information.xlsx!支出总体!D9）",
    ]
    assert run("why", DEPARTMENT, "支出总体!C17").output == done.output
    assert run("why", DEPARTMENT, "表3[机构运行].合计").output == done.output


@pytest.mark.parametrize(
    ("text", "problem", "fix"),
    [
        ("支出总[2060501].合计", "没有“支出总”这张表", "支出总体"),
        ("支出总体[2060502].合计", "没有“2060502”这一行", "2060501"),
        ("支出总体[2060501].合记", "没有“合记”这一列", "合计"),
        ("支出总体!ZZ9", "支出总体!ZZ9 不是填报的格", "支出总体!"),
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
