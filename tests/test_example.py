"""The complete edition of three tables that the guide shows: it is checked, filled, built and read back."""

from __future__ import annotations

import pytest

from budgetgen.book.derivation import derive
from budgetgen.edition import FOLDERS, load
from budgetgen.reading.document.reader import read_document
from budgetgen.reading.grid import read_grid
from budgetgen.writing.workbook.writer import render_workbook
from tests.commands import run
from tests.conftest import ROOT
from tests.workbooks import values

FILLED = """单位信息 | 项目 | 内容
 | 单位名称 | 示例学校
 | 公开主体 | 单位
 | 预算年度 | 2025
 | 金额单位 | 万元
 | 公开日期 | 2025-02-20
 | 千分位 | 是
 | 列表序号 | 1.
 | 上年为零时的增长率 | 100.00%
 | 去掉末尾零 | 否
收支总体 | 项目 | 预算数
 | 财政拨款收入 | 1200.00
 | 其他收入 | 30.00
支出总体 | 科目代码 | 基本支出 | 项目支出
 | 2050202 | 1000.00 | 130.00
 | 2080505 | 100.00 |
三公经费 | 项目 | 预算数
 | 公务接待 | 1.50
上年数 | 指标 | 上年预算数
 | 收入：财政拨款 | 1000.00
增减原因 | 指标 | 原因
 | 收入：财政拨款 | 人员增加
"""


@pytest.fixture
def example(monkeypatch):
    """The edition of the guide, looked for where it lies."""
    monkeypatch.setenv(FOLDERS, str(ROOT / "docs" / "example"))
    return load("sample-2025")


def test_the_example_of_the_guide_is_complete(example, tmp_path):
    code, told = run("edition", "check", example.id)
    assert (code, "举例都对，合计都有关系推算，各章节都有语句" in told) == (0, True), told
    book = derive(read_grid(FILLED, example)[0], example)
    (tmp_path / "填报表.xlsx").write_bytes(render_workbook(example, book))
    code, told = run("build", tmp_path / "填报表.xlsx", "-o", tmp_path)
    assert code == 0, told
    document = next(tmp_path.glob("*.docx"))
    read = read_document(document)
    unread = [f.message for f in read.findings if f.rule in {"paragraph-unplaced", "table-unplaced"}]
    assert (read.edition.id, unread) == (example.id, [])
    assert values(derive(read.book, example)) == values(book)
    assert run("verify", document, tmp_path / "填报表.xlsx")[0] == 0
