"""The commands as a clerk runs them: what they print, write and return."""

from __future__ import annotations

import json
import zipfile

import pytest
from openpyxl import load_workbook

from budgetgen.app.pipeline.build import build
from budgetgen.app.pipeline.import_ import import_document
from budgetgen.app.pipeline.inputs import examine
from budgetgen.book.derivation import derive
from budgetgen.edition import load
from budgetgen.reading.grid import read_grid
from budgetgen.writing.workbook.writer import render_workbook
from tests.commands import run
from tests.conftest import PUBLISHED, SAMPLES, some
from tests.workbooks import opened

SAMPLE = SAMPLES / "xinjiang-2026-unit.xlsx"
DOCUMENT = "2026年乌鲁木齐科技信息服务中心单位预算公开.docx"
COMPLETED = "2026年乌鲁木齐科技信息服务中心单位预算公开（补全）.xlsx"


@pytest.fixture
def spoiled(tmp_path):
    """The sample with one wrong figure: 10 more in the project spending of 2060599."""
    workbook = opened(SAMPLE)
    for row in workbook["一般公共预算支出"].iter_rows():
        if row[0].value == "2060599":
            row[4].value = 294.21
    path = tmp_path / "填报.xlsx"
    workbook.save(path)
    return path


def test_no_command_shows_help():
    code, said = run()
    assert code == 2
    assert said.startswith("用法：")
    assert "Usage" not in said


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["biuld"], "没有这个命令：biuld，您是否指 build。\n输入 budgetgen --help 查看用法。\n"),
        (["build"], "缺少参数 文件或文件夹。\n输入 budgetgen build --help 查看用法。\n"),
        (
            ["build", "a", "b"],
            "多个文件要用 -o 给出写到哪个文件夹。\n输入 budgetgen build --help 查看用法。\n",
        ),
        (
            ["build", "--darft", "a"],
            "没有选项 --darft，您是否指 --draft。\n输入 budgetgen build --help 查看用法。\n",
        ),
        (
            ["explain", "expenditure-raw"],
            "expenditure-raw：没有这个编号的规则。\n  请：您是否指“expenditure-row”。\n",
        ),
        (
            ["check", "没有.xlsx"],
            "没有.xlsx：找不到这个文件。\n  请：检查文件名和文件夹是否写对，文件是否被移动、改名或删除。\n\n",
        ),
    ],
)
def test_usage_errors_are_chinese_and_return_2(args, said, tmp_path):
    code, printed = run(*args, cwd=tmp_path)
    assert (
        code,
        printed.lstrip("\n") + "\n" * said.endswith("\n\n"),
    ) == (2, said)


def test_check_of_the_sample_is_clean():
    code, said = run("check", SAMPLE)
    assert code == 0
    told = [line for line in said.splitlines() if "提示" in line]
    assert (
        told
        == [  # as published: two units, a target, a kind of cost, the share reserved for the smallest firms
            f"{SAMPLE.name}!采购与资产!C10：提示 reserved-micro",
            f"{SAMPLE.name}!项目绩效指标!E17：提示 indicator-full",
            f"{SAMPLE.name}!项目绩效指标!E44：提示 social-cost",
            f"{SAMPLE.name}!项目绩效指标!G7：提示 indicator-unit",
            f"{SAMPLE}：通过（错误 0 处，需说明 0 处，提示 17 处，已说明 1 处）",
        ]
    )


def test_check_as_json(spoiled):
    code, said = run("check", spoiled, "--format", "json")
    result = json.loads(said)["files"][0]
    assert code == 1
    assert {k: result[k] for k in ("edition", "unit", "year", "errors")} == {
        "edition": "xinjiang-2026",
        "unit": "乌鲁木齐科技信息服务中心",
        "year": 2026,
        "errors": len([f for f in result["findings"] if f["severity"] == "error"]),
    }
    finding = next(f for f in result["findings"] if f["rule"] == "general-projects-item")
    assert finding["message"] == "“2060599”：项目支出 294.21 | 项目支出各行合计（3 行） 284.21 | 差 10.00"
    assert finding["cells"][0] == {
        "table": "一般公共预算支出",
        "row": "2060599",
        "column": "项目支出",
        "place": "一般公共预算支出!E10",
        "address": {"sheet": "一般公共预算支出", "cells": "E10"},
        "value": "294.21",
    }
    left, right = finding["sides"]
    (projects,), (sum_,) = left["terms"], right["terms"]
    assert (finding["difference"], left["amount"], right["amount"]) == ("10.00", "294.21", "284.21")
    assert (projects["name"], projects["cells"]) == ("项目支出", finding["cells"][:1])
    assert (sum_["sign"], sum_["name"], sum_["amount"]) == ("+", "项目支出各行合计（3 行）", "284.21")
    assert sum_["cells"] == finding["cells"][1:]


def test_build_refuses_errors_and_writes_nothing(spoiled):
    code, said = run("build", spoiled)
    assert code == 1
    assert "没有生成公开文本。改正后再试；想先看样子，加 --draft 生成草稿。" in said
    assert [p.name for p in spoiled.parent.iterdir()] == ["填报.xlsx"]


def test_build_draft_of_a_workbook_with_errors(spoiled):
    code, _ = run("build", spoiled, "--draft")
    assert code == 1
    assert sorted(p.name for p in spoiled.parent.iterdir()) == sorted(
        [
            "填报.xlsx",
            DOCUMENT.replace(".docx", "（草稿）.docx"),
            COMPLETED.replace("（补全）", "（草稿）（补全）"),
        ]
    )


def test_build_twice_gives_the_same_bytes_and_keeps_what_a_person_changed(tmp_path):
    assert run("build", SAMPLE, "-o", tmp_path)[0] == 0
    first = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    assert set(first) == {DOCUMENT, COMPLETED}
    assert run("build", SAMPLE, "-o", tmp_path)[0] == 0
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == first

    (tmp_path / DOCUMENT).write_bytes(b"changed by hand")
    code, said = run("build", SAMPLE, "-o", tmp_path)
    old = DOCUMENT.replace(".docx", "（旧1）.docx")
    assert code == 0
    assert f"原有的 {DOCUMENT} 与本次不同，已改名保留为 {old}" in said
    assert (tmp_path / old).read_bytes() == b"changed by hand"
    assert (tmp_path / DOCUMENT).read_bytes() == first[DOCUMENT]


def test_the_completed_copy_builds_the_same_document(tmp_path):
    run("build", SAMPLE, "-o", tmp_path / "甲")
    code, _ = run("build", tmp_path / "甲" / COMPLETED, "-o", tmp_path / "乙")
    assert code == 0
    assert (tmp_path / "甲" / DOCUMENT).read_bytes() == (tmp_path / "乙" / DOCUMENT).read_bytes()


def test_the_clerks_file_is_never_written_to(tmp_path):
    copy = tmp_path / COMPLETED
    copy.write_bytes(SAMPLE.read_bytes())
    assert run("build", copy)[0] == 0
    assert copy.read_bytes() == SAMPLE.read_bytes()
    assert len(list(tmp_path.iterdir())) == 3


def test_new_refuses_to_overwrite(tmp_path):
    code, said = run("new", "--name", "某中心", cwd=tmp_path)
    assert (code, said) == (0, "已生成 2026年预算公开填报表.xlsx\n")
    code, said = run("new", cwd=tmp_path)
    assert code == 2
    assert "文件已经存在，没有覆盖" in said
    assert load_workbook(tmp_path / "2026年预算公开填报表.xlsx")["单位信息"]["B5"].value == "某中心"


def test_an_untouched_new_workbook_says_what_to_fill(tmp_path):
    run("new", "-o", "空白.xlsx", cwd=tmp_path)
    code, said = run("check", "空白.xlsx", cwd=tmp_path)
    assert code == 1
    assert "  单位信息：填单位名称、公开日期，核对其余各项\n" in said
    code, said = run("check", "空白.xlsx", "--all", cwd=tmp_path)
    assert code == 1
    assert "空白.xlsx!单位信息!B5：错误 required-missing\n  “单位名称”必须填" in said


def test_a_console_of_code_page_936_shows_everything(spoiled):
    code, said = run("check", spoiled, "--all", encoding="gbk")
    assert code == 1
    assert "：错误 现为 294.21，应为 284.21" in said


def test_output_folder_that_is_a_file(tmp_path):
    (tmp_path / "占位").write_text("")
    code, said = run("build", SAMPLE, "-o", tmp_path / "占位")
    assert code == 2
    assert "Traceback" not in said
    assert "程序内部出错" not in said


def test_folder_of_workbooks(tmp_path):
    inner = tmp_path / "内"  # what stands beside the folder of a test is of other tests
    inner.mkdir()
    (inner / "甲.xlsx").write_bytes(SAMPLE.read_bytes())
    (inner / "~$甲.xlsx").write_bytes(b"lock")
    code, said = run("check", inner)
    assert code == 0
    assert said.count("通过（") == 1
    assert run("check", inner / "..", cwd=inner)[0] in {0, 2}


def test_explain_shows_an_example():
    code, said = run("explain", "expenditure-row")
    assert code == 0
    assert said.startswith(
        "expenditure-row　错误\n核对什么：合计等于基本支出加项目支出\n关系式：合计 == 基本支出 + 项目支出\n"
    )
    assert "不通过的例子：" in said


# --- published documents, and last year's file --------------------------------------------------------------

LAST_YEAR = """
单位信息 | 项目 | 内容
 | 单位名称 | 乌鲁木齐科技信息服务中心
 | 预算年度 | 2025
一般公共预算支出 | 科目代码 | 合计
 | 2060501 | 6.00
三公经费 | 项目 | 合计
 | 公务接待 | 0.50
职能与机构 | 类别 | 内容
 | 主要职能 | 负责科普。
"""


@pytest.fixture
def document(tmp_path):
    """The sample as published."""
    return build(SAMPLE, tmp_path / "公开").written[0]


@pytest.fixture
def last_year(tmp_path):
    """A workbook of the year before the sample."""

    def write(text=LAST_YEAR):
        edition = load("xinjiang-2025")
        path = tmp_path / "去年.xlsx"
        path.write_bytes(render_workbook(edition, derive(read_grid(text, edition)[0], edition)))
        return path

    return write


def test_import_names_the_workbook_and_does_not_overwrite_it(document, tmp_path):
    code, said = run("import", document, cwd=tmp_path)
    assert code == 0
    assert said.startswith("公开文本读懂了多少：\n  读懂 ")
    assert said.endswith("\n已生成 乌鲁木齐科技信息服务中心2026年填报表.xlsx\n")
    code, said = run("import", document, cwd=tmp_path)
    assert code == 2
    assert "文件已经存在，没有覆盖" in said


def test_import_takes_published_documents_only(tmp_path):
    code, said = run("import", SAMPLE, cwd=tmp_path)
    assert (code, list(tmp_path.iterdir())) == (2, [])
    assert (
        "不是公开文本。\n  请：给出公开文本（.docx、.pdf、.doc、.wps、.html）；填报表不用导入，直接 check 或 build。"
        in said
    )


def test_a_published_document_is_never_written_over(document):
    """Built where it stands, it keeps its name and its bytes."""
    before = document.read_bytes()
    assert run("build", document, "--draft", "-o", document.parent)[0] in {0, 1}
    draft = document.rename(document.with_stem(document.stem + "（草稿）（副本）"))
    target = draft.with_stem(document.stem + "（草稿）")
    target.write_bytes(before)
    assert run("build", target, "--draft", "-o", target.parent)[0] in {0, 1}
    assert target.read_bytes() == before
    assert target.with_stem(target.stem + "（重新生成）").exists()


def test_a_published_document_with_errors_is_not_built(last_year, tmp_path):
    edition = load("xinjiang-2025")
    checked = examine(last_year())
    assert checked.failed
    assert edition.id == checked.edition.id
    document = build(checked.path, tmp_path / "草稿", draft=True).written[0]
    code, said = run("build", document, "-o", tmp_path / "正式")
    assert code == 1
    assert "没有生成公开文本" in said
    assert not (tmp_path / "正式").exists()


def test_new_from_last_year(last_year, tmp_path):
    code, said = run("new", "--from", last_year(), cwd=tmp_path)
    assert (code, said) == (
        0,
        (
            "沿用了去年的内容：单位信息、一般公共预算支出、职能与机构。请逐页核对，在“核对清单”选“是”后才能公开。\n"
            f"已生成 2026年预算公开填报表.xlsx，上年数取自 {tmp_path / '去年.xlsx'}\n"
        ),
    )
    book = examine(tmp_path / "2026年预算公开填报表.xlsx").book
    assert book.cell("单位信息", "单位名称", "内容").value == "乌鲁木齐科技信息服务中心"
    assert book.cell("单位信息", "预算年度", "内容").value == 2026
    code, said = run("new", "--from", last_year(), cwd=tmp_path)
    assert code == 2
    assert "文件已经存在，没有覆盖" in said


def test_new_from_a_file_of_the_newest_year(tmp_path):
    """The next year's format is not there yet: the newest stands in for it, and says so."""
    code, said = run("new", "--from", SAMPLE, cwd=tmp_path)
    assert code == 0
    assert "没有 2027 年的版式，暂按 2026 年的版式核对和生成" in said
    assert said.endswith(f"已生成 2027年预算公开填报表.xlsx，上年数取自 {SAMPLE}\n")
    code, said = run("new", "--from", SAMPLE, "--edition", "xinjiang-2026", cwd=tmp_path)
    assert (code, said) == (
        2,
        (
            f"{SAMPLE}：这是 2026 年的文件，版式 xinjiang-2026 不比它新。\n"
            "  请：升级 budgetgen，或用 --edition 指定以后年份的版式。\n"
        ),
    )


def test_new_from_a_file_two_years_old(last_year, tmp_path):
    """The years are told; the figures are not silently those of the year before."""
    path = last_year(LAST_YEAR.replace("预算年度 | 2025", "预算年度 | 2024"))
    code, said = run("new", "--from", path, "--edition", "xinjiang-2026", cwd=tmp_path)
    assert code == 0
    assert "  去年文件是 2024 年的，新填报表是 2026 年的\n" in said


def test_new_takes_the_name_from_last_year_or_from_the_option(last_year, tmp_path):
    code, said = run("new", "--from", last_year(), "--name", "某中心", cwd=tmp_path)
    assert code == 2
    assert said.startswith("--from 和 --name 不能同时用：单位名称取自去年的文件。\n")


def test_check_with_last_years_file(last_year):
    code, said = run("check", SAMPLE, "--prior", last_year(), "--all")
    assert code == 1
    assert (
        "错误 prior-differs\n"
        "  “一般公共预算支出/2060501”：xinjiang-2026-unit.xlsx!上年数!E25 288.10"
        " | 去年.xlsx!一般公共预算支出!C9 6.00 | 差 282.10\n"
        "  相关单元格：去年.xlsx!一般公共预算支出!C9\n"
        "  请：核对两份文件，改正“上年数”；或清空这一格，由去年的文件取数。\n"
    ) in said


def test_build_with_last_years_file_stops_where_it_differs(last_year, tmp_path):
    code, _ = run("build", SAMPLE, "--prior", last_year(), "-o", tmp_path / "公开")
    assert code == 1
    assert not (tmp_path / "公开").exists()


def test_last_years_file_of_another_unit_or_year(last_year):
    other = last_year(LAST_YEAR.replace("乌鲁木齐科技信息服务中心", "某中心"))
    _, said = run("check", SAMPLE, "--prior", other, "--all")
    assert "需说明 prior-unit\n  今年是“乌鲁木齐科技信息服务中心”，去年.xlsx 是“某中心”\n" in said
    code, said = run("check", SAMPLE, "--prior", SAMPLE)
    assert code == 2
    assert "这是 2026 年的文件；xinjiang-2026-unit.xlsx 是 2026 年的，上年数要取自 2025 年。" in said


@pytest.mark.published
@pytest.mark.parametrize("name", some(["2024-bureau", "2025-district", "2026-center", "2026-park"], 2))
def test_every_published_document_is_imported(name, tmp_path):
    done = import_document(PUBLISHED / f"{name}.docx", output=tmp_path / "填报.xlsx")
    again = examine(done.written)
    assert (again.unit, again.year, again.edition) == (
        done.checked.unit,
        done.checked.year,
        done.checked.edition,
    )
    assert {f.rule for f in done.checked.findings} >= {"document-read"}


def test_a_choice_that_is_none_is_told_in_chinese():
    code, said = run("check", SAMPLE, "--format", "xml")
    assert (code, said.splitlines()[0]) == (2, "--format 只能是 text、json。")


def test_a_file_that_cannot_be_used_stands_in_the_json(tmp_path):
    (tmp_path / "坏.xlsx").write_bytes(b"not a workbook")
    code, said = run("check", SAMPLE, tmp_path / "坏.xlsx", "--format", "json")
    files = json.loads(said[said.index("{") : said.rindex("}") + 1])["files"]
    assert code == 2
    assert [sorted({"errors", "error"} & set(file)) for file in files] == [["errors"], ["error"]]


def test_a_long_unit_name_gives_files_that_can_be_written(tmp_path):
    workbook = opened(SAMPLE)
    for row in workbook["单位信息"].iter_rows():
        if row[0].value == "单位名称":
            row[1].value = "很长的单位名称" * 30
    path = tmp_path / "长.xlsx"
    workbook.save(path)
    code, said = run("build", path, "--draft")
    assert "程序内部出错" not in said
    assert len(list(tmp_path.iterdir())) == 3
    assert code in {0, 1}


def test_a_secret_is_in_no_part_of_any_output(tmp_path):
    canary = "绝密字样"
    workbook = opened(SAMPLE)
    for sheet in ("结转结余", "结转用途"):
        for row in workbook[sheet].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("特定目标0510022L"):
                    cell.value = f"“特定目标0510022L”{canary}"
    for row in workbook["结转用途"].iter_rows():
        if canary in str(row[0].value):
            row[2].value = canary
    path = tmp_path / "密.xlsx"
    workbook.save(path)
    printed = [
        run("check", path, "--all")[1],
        run("check", path, "--format", "json")[1],
        run("build", path, "-o", tmp_path / "出")[1],
    ]
    written = list((tmp_path / "出").iterdir())
    parts = [
        zipfile.ZipFile(file).read(name) for file in written for name in zipfile.ZipFile(file).namelist()
    ]
    assert len(written) == 2
    assert not any(canary in text for text in printed)
    assert not any(canary.encode() in part for part in parts)


def test_a_file_in_the_way_of_the_annotated_copies_is_told(tmp_path):
    (tmp_path / "审核").write_bytes(b"")
    code, said = run("check", SAMPLE, "--annotate", tmp_path / "审核")
    assert (code, "这里已有一个同名的文件" in said) == (2, True)


def test_a_name_that_is_blank_is_refused(tmp_path):
    code, said = run("new", "--name", " ", "-o", tmp_path / "表.xlsx")
    assert (code, "--name" in said, list(tmp_path.iterdir())) == (2, True, [])


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_broken_edition_is_told_with_its_file_and_nothing_is_written(tmp_path, monkeypatch, command):
    own = tmp_path / "版式" / "xinjiang-2026"
    own.mkdir(parents=True)
    (own / "edition.toml").write_text('extends = "xinjiang-2026"\n', encoding="utf-8")
    monkeypatch.setenv("BUDGETGEN_EDITIONS", str(own.parent))
    monkeypatch.chdir(tmp_path)
    code, said = run(command, SAMPLE)
    assert (code, [path.name for path in tmp_path.iterdir()]) == (2, ["版式"])
    assert "版式的声明有错" in said
    assert "xinjiang-2026/edition.toml：extends 绕成了圈" in said
    assert "程序内部出错" not in said
