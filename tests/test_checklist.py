"""What has to be published: whether it is there, and where."""

from __future__ import annotations

import json

import pytest

from budgetgen.app.pipeline.inputs import derived
from budgetgen.checking.checklist import checklist
from budgetgen.edition import load
from tests.commands import run
from tests.conftest import PUBLISHED, SAMPLES
from tests.test_comparison import book_of

EDITION = load("xinjiang-2026")


def missing(told=None, absent=()):
    book = book_of("单位信息 | 项目 | 内容\n | 单位名称 | 某中心\n | 预算年度 | 2026\n")
    return [one.requirement.id for one in checklist(book, EDITION, told, absent) if not one.places]


def test_what_no_table_and_no_statement_holds_is_missing():
    everything = {statement.id for statement in EDITION.statement}
    assert missing(everything) == []
    assert missing(everything - {"other.procurement"}, {"三公经费"}) == ["three-public", "procurement"]


def test_it_stands_in_the_output_with_its_places():
    code, told = run("check", "--checklist", SAMPLES / "xinjiang-2026-unit.xlsx")
    assert code == 0
    assert "── 公开检查表：18 项，缺 0 项 ──" in told
    assert "有　机关运行经费（预算法第十四条）：十三、其他重要事项的情况说明" in told


@pytest.mark.parametrize("name", ["shanghai-2024", "shanghai-2025"])
def test_a_format_of_a_district_has_its_own(name):
    edition, sample = load(name), derived(SAMPLES / "shanghai-2024-unit.xlsx").book
    told = {statement.id for statement in edition.statement} - {"running", "goals"}
    lacking = [
        one.requirement.id
        for one in checklist(sample, edition, told, {"政府性基金预算支出"})
        if not one.places
    ]
    assert (len(edition.requirement), lacking) == (17, ["fund", "operating", "performance"])


def test_machines_get_it_too():
    _, told = run("check", "--checklist", "--format", "json", SAMPLES / "xinjiang-2026-unit.xlsx")
    listed = {one["id"]: one for one in json.loads(told)["files"][0]["checklist"]}
    assert len(listed) == 18
    assert listed["three-public"]["met"]
    assert listed["three-public"]["places"][0] == "表10 三公经费"


@pytest.mark.published
@pytest.mark.parametrize("name", ["2024-bureau", "2025-district", "2026-center"])
def test_nothing_is_missing_in_a_published_document_that_holds_all(name):
    _, told = run("check", "--checklist", PUBLISHED / f"{name}.docx")
    assert "18 项，缺 0 项" in told
