"""`edition preview`: what an author sees before anybody has filled in the format; its dummy figures add up."""

from __future__ import annotations

import shutil
from itertools import product

import docx
import pytest

from budgetgen.app.pipeline import preview as pipeline
from budgetgen.checking.checks import check
from budgetgen.edition import FOLDERS, available, load
from budgetgen.saying.disclosure import compose
from budgetgen.specimen.specimen import specimen
from budgetgen.values.findings import Severity
from budgetgen.values.model import PrintedTable
from budgetgen.writing import libreoffice
from tests.commands import run
from tests.conftest import ROOT
from tests.workbooks import examined, opened

MARK = "样例数据，不得公开"
EXAMPLE = ROOT / "docs" / "example" / "sample-2025"


@pytest.fixture(autouse=True)
def without_office(monkeypatch):
    """Counting pages takes longest, and is tried elsewhere."""
    monkeypatch.setattr(libreoffice, "available", lambda: False)


def errors(findings):
    return [f"{f.rule} {f.message}" for f in findings if f.severity == Severity.ERROR]


@pytest.mark.parametrize("name", available())
def test_the_dummy_figures_of_every_format_add_up(name):
    edition = load(name)
    for kind in edition.choices(edition.house.kind):
        book = specimen(edition, kind)
        assert errors(check(book, edition)) == []
        document = compose(book, edition, draft=True)
        tables = [
            block for part in document.parts for block in part.blocks if isinstance(block, PrintedTable)
        ]
        bare = edition.layout.remarks and [
            t.name for t in tables if any("空表" in line for line in t.remarks)
        ]
        assert bare in ((), []), f"{kind}：{bare}"
        told = compose(book, edition).parts
        said = {block.statement for part in told for block in part.blocks if getattr(block, "statement", "")}
        assert len(said) > len(edition.statement) / 2, "its wording is seen"


def test_the_columns_of_units_are_left_out_of_a_department():
    edition = load("shanghai-2025")
    held = {
        kind: {
            c
            for row in specimen(edition, kind)["收支总体"].rows
            for c in row.cells
            if row[c].value is not None
        }
        for kind in ("单位", "部门")
    }
    assert held["单位"] - held["部门"] == {"人员经费", "公用经费", "项目支出"}


def test_a_preview_is_marked_passes_check_and_keeps_what_was_there(tmp_path, monkeypatch):
    code, told = run("edition", "preview", EXAMPLE, "-o", tmp_path)
    workbook, document = (tmp_path / f"sample-2025单位样例.{end}" for end in ("xlsx", "docx"))
    assert (code, sorted(tmp_path.iterdir())) == (0, sorted((workbook, document))), told
    monkeypatch.setenv(FOLDERS, str(EXAMPLE.parent))
    found = examined(workbook).findings
    assert (errors(found), [f.message for f in found if f.rule == "outside-table"]) == ([], [])
    assert {sheet["A3"].value for sheet in opened(workbook) if sheet.title in {"收支总体", "单位信息"}} == {
        MARK
    }
    headers = {p.text for section in docx.Document(document).sections for p in section.header.paragraphs}
    assert headers == {MARK}
    assert (
        "样例单位" in docx.Document(document).paragraphs[1].text + docx.Document(document).paragraphs[2].text
    )
    workbook.write_bytes(b"mine")
    code, told = run("edition", "preview", EXAMPLE, "-o", tmp_path)
    assert f"{workbook.name} 改名为" in told
    assert b"mine" in {path.read_bytes() for path in tmp_path.iterdir()}


def test_next_years_edition_is_previewed_at_once(tmp_path):
    run("edition", "new", "--from", "shanghai-2025", "--year", "2027", "-o", tmp_path)
    code, told = run("edition", "preview", tmp_path / "shanghai-2027", "-o", tmp_path / "样例")
    names = {f"shanghai-2027{kind}样例.{end}" for kind, end in product(("单位", "部门"), ("xlsx", "docx"))}
    assert (code, {path.name for path in (tmp_path / "样例").iterdir()}) == (0, names), told


def test_relations_that_cannot_all_hold_are_told(tmp_path):
    home = tmp_path / "sample-2025"
    shutil.copytree(EXAMPLE, home)
    with (home / "rules.toml").open("a", encoding="utf-8") as rules:
        rules.write(
            '\n[[rule]]\nid = "never"\ntitle = "其他收入是支出的两倍"\nderives = false\n'
            'holds = "收支总体[其他收入].预算数 == 收支总体[支出总计].预算数 + 收支总体[收入总计].预算数"\n'
            'basis = "无"\nfix = "删去"\n'
            'passes = """\n收支总体 | 项目 | 预算数\n | 其他收入 | 5\n | 收入总计 | 5\n"""\n'
            'fails = """\n收支总体 | 项目 | 预算数\n | 其他收入 | 5\n | 收入总计 | 4\n"""\n'
            '[[rule]]\nid = "some"\ntitle = "其他收入不少于一千"\nderives = false\n'
            'holds = "收支总体[其他收入].预算数 >= 1000"\nbasis = "无"\nfix = "删去"\n'
            'passes = """\n收支总体 | 项目 | 预算数\n | 其他收入 | 1000\n"""\n'
            'fails = """\n收支总体 | 项目 | 预算数\n | 其他收入 | 5\n"""\n'
        )
    code, told = run("edition", "preview", home, "-o", tmp_path / "样例")
    assert code == 1, told
    assert "处配不平，请核对这些关系是否能同时成立" in told
    assert "  never：收支总体[其他收入].预算数" in told


def test_without_its_solver_a_preview_says_what_lacks(tmp_path, monkeypatch):
    monkeypatch.setattr(pipeline, "find_spec", lambda name: None)
    code, told = run("edition", "preview", EXAMPLE, "-o", tmp_path / "样例")
    assert (code, "pip install budgetgen[localise]" in told, (tmp_path / "样例").exists()) == (2, True, False)
