"""`check --annotate` and `rules` as a clerk runs them."""

from __future__ import annotations

import zipfile
from functools import cache

import pytest
from docx import Document
from openpyxl import load_workbook

from budgetgen.app.pipeline.annotate import annotate
from budgetgen.app.pipeline.build import build
from budgetgen.app.pipeline.inputs import examine
from budgetgen.app.pipeline.rules import rules
from budgetgen.book.derivation import derive
from budgetgen.edition import load
from budgetgen.reading.grid import read_grid
from budgetgen.values.findings import UnusableInputError
from budgetgen.writing.workbook.writer import render_workbook
from tests.commands import run
from tests.conftest import SAMPLES

SAMPLE = SAMPLES / "xinjiang-2026-unit.xlsx"
CANARY = "绝密字样"
WRONG = """
单位信息 | 项目 | 内容
 | 单位名称 | 某中心
 | 预算年度 | 2025
基本支出 | 科目代码 | 人员经费 | 公用经费
 | 30101 | 6.00 | 4.00
"""


@cache
def rendered(grid):
    edition = load("xinjiang-2026")
    return render_workbook(edition, derive(read_grid(grid, edition)[0], edition))


@pytest.fixture
def workbook(tmp_path):
    """A workbook of the wrong year, in which 301 has operating costs."""

    def write(grid=WRONG, name="填报.xlsx"):
        path = tmp_path / name
        path.write_bytes(rendered(grid))
        return path

    return write


def told(path):
    """Level, rule, sheet and cell in the sheet of results, of two rules."""
    sheet = load_workbook(path, read_only=True)["审核结果"]
    rows = [row[1:5] for row in sheet.iter_rows(min_row=4, values_only=True)]
    return {row for row in rows if row[1] in {"year-edition", "basic-personnel"}}


def test_annotated_copies_stand_in_a_folder_of_their_own(workbook, tmp_path):
    path = workbook()
    code, said = run("check", path, "--annotate", tmp_path / "审核")
    copy = tmp_path / "审核" / "填报（审核）.xlsx"
    assert (code, said.splitlines()[-1]) == (1, f"已写出 {copy}")
    assert path.read_bytes() == rendered(WRONG)
    assert {row[:3] for row in told(copy)} == {
        ("错误", "year-edition", "单位信息"),
        ("错误", "basic-personnel", "基本支出"),
    }


def test_an_earlier_copy_that_differs_is_kept(workbook, tmp_path):
    checked = examine(workbook())
    first = annotate(checked, tmp_path / "审核")
    assert annotate(checked, tmp_path / "审核") == first
    first.path.write_bytes(b"changed by hand")
    again = annotate(checked, tmp_path / "审核")
    assert again.kept == (("填报（审核）.xlsx", "填报（审核）（旧1）.xlsx"),)
    assert (first.path.parent / "填报（审核）（旧1）.xlsx").read_bytes() == b"changed by hand"


def test_an_annotated_copy_is_annotated_anew_beside_itself(workbook, tmp_path):
    path = workbook(name="填报（审核）.xlsx")
    assert annotate(examine(path), tmp_path).path == tmp_path / "填报（审核）（审核）.xlsx"
    assert path.read_bytes() == rendered(WRONG)


def test_annotated_copies_are_no_workbooks_of_their_folder(workbook, tmp_path):
    workbook()
    workbook(name="填报（审核）.xlsx")
    code, said = run("check", tmp_path)
    assert (code, said.count("未通过（")) == (1, 1)


def test_json_stays_json(workbook, tmp_path):
    code, said = run("check", workbook(), "--format", "json", "--annotate", tmp_path / "审核")
    assert (code, said.splitlines()[0], said.splitlines()[-1]) == (
        1,
        "{",
        f"已写出 {tmp_path / '审核' / '填报（审核）.xlsx'}",
    )


def test_a_folder_that_cannot_be_made(workbook, tmp_path):
    (tmp_path / "占位").write_text("")
    with pytest.raises(UnusableInputError):
        annotate(examine(workbook()), tmp_path / "占位")


def test_a_document_gets_comments(workbook, tmp_path):
    grid = (
        WRONG.replace("2025", "2026") + "支出总体 | 科目代码 | 合计 | 基本支出\n | 2060501 | 12.00 | 6.00\n"
    )
    document = build(workbook(grid), tmp_path / "公开", draft=True).written[0]
    before = document.read_bytes()
    copy = annotate(examine(document), tmp_path / "审核").path
    comments = list(Document(copy).comments)
    assert copy.name == f"{document.stem}（审核）.docx"
    assert {c.author for c in comments} == {"budgetgen"}
    assert comments[0].text.startswith("错误 ")
    assert any(c.text.startswith("错误 expenditure-row\n") for c in comments[1:])
    assert document.read_bytes() == before


def test_no_secret_is_in_what_is_added(workbook, tmp_path):
    path = workbook(
        f"""{WRONG}
        结转用途 | 项目名称 | 金额 | 用途
                 | 特定目标0510022L{CANARY} | -5.00 | {CANARY}
        审核说明 | 规则 | 位置 | 说明 | 说明人
                 | negative | 结转用途[特定目标0510022L{CANARY}].金额 | {CANARY}已停 | 张三
                 | 特定目标0510022L{CANARY} | {CANARY} | {CANARY} | 张三
        """
    )
    _, said = run("check", path, "--all", "--annotate", tmp_path / "审核")
    with zipfile.ZipFile(tmp_path / "审核" / "填报（审核）.xlsx") as copy, zipfile.ZipFile(path) as original:
        added = set(copy.namelist()) - set(original.namelist())
        assert any("comments" in name for name in added)
        assert not any(CANARY.encode() in copy.read(name) for name in added)
    assert CANARY not in said


# --- rules --------------------------------------------------------------------------------------------------


def test_rules_are_listed_by_table(newest):
    said = rules()
    listed = [line.split()[1] for line in said.splitlines() if line.startswith(("错误", "需说明", "提示"))]
    assert sorted(listed) == sorted(newest.rules)
    assert said.splitlines()[0].startswith(
        f"{newest.edition.title}（{newest.id}）：规则 {len(listed)} 条，错误 "
    )
    at = said.index("── 收支总体 ──")
    assert at < said.index("── 基本支出 ──") < said.index("── 填写、文字和文件 ──")
    assert "错误　　basic-personnel                    表6：301、303 类只有人员经费\n" in said
    assert "表5 项目支出总计等于表7 总计（项目支出）\n" in said, "the other tables that a rule looks at"


def test_rules_of_one_severity_and_edition():
    code, said = run("rules", "--severity", "提示", "--edition", "xinjiang-2024")
    levels = {line.split("　")[0] for line in said.splitlines()[1:-1] if line and not line.startswith("──")}
    assert (code, levels) == (0, {"提示"})
    assert "（xinjiang-2024）：规则 " in said.splitlines()[0]
