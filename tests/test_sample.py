"""The sample as a user meets it: its document against the published one, through LibreOffice, and one change."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from decimal import Decimal

import pytest

from budgetgen.app.pipeline.build import build
from budgetgen.saying.disclosure import compose
from budgetgen.values.model import Paragraph, PrintedTable
from tests.conftest import COMPARE, PUBLISHED, SAMPLES
from tests.workbooks import examined, opened

SAMPLE = SAMPLES / "xinjiang-2026-unit.xlsx"


def texts(path):
    """Every paragraph and every table row of the document of a workbook."""
    checked = examined(path)
    lines = []
    for part in compose(checked.book, checked.edition, draft=True).parts:
        for block in part.blocks:
            if isinstance(block, Paragraph):
                lines.append(block.text)
            elif isinstance(block, PrintedTable):
                lines += [f"{block.name} {list(row.values())}" for row in block.rows]
    return lines


@pytest.mark.published
def test_every_published_figure_stands_in_the_document(tmp_path):
    built = build(SAMPLE, tmp_path)
    done = subprocess.run(
        [sys.executable, COMPARE, PUBLISHED / "2026-center.docx", built.written[0], "--json"],
        capture_output=True,
        check=True,
    )
    scores = json.loads(done.stdout)
    lost = [(re.sub(":.*", "", table), row) for table, row in scores["lost_rows"]]
    # what differs in tables: four goals (texts of the sample's own), the unit's name misspelt in three published
    # performance tables, and the name of a person in charge that the published one prints in another grid column
    assert [row[0] for table, row in lost if table == "项目绩效"] == [
        "预算单位",
        "项目总体目标",
        "项目名称",
        "项目总体目标",
        "预算单位",
        "项目总体目标",
        "预算单位",
        "项目总体目标",
    ]
    assert [table for table, _ in lost if table != "项目绩效"] == []
    # paragraphs whose figures differ: the published count of projects (5, where 4 are listed), its count of secret
    # items (1, where 2 are listed) with which two further sentences share a paragraph
    wrong = [published for published, _, same in scores["differences"] if not same]
    assert [text[:20] for text in wrong] == [
        "2026年,本单位预算绩效管理整体预算绩",
        "(1)本单位上年结转SM项目1个,涉及预",
    ]
    assert scores["numbers"] >= 0.95


@pytest.mark.office
def test_a_workbook_saved_by_libreoffice_gives_the_same_document(tmp_path, convert):
    (converted,) = convert("xlsx", tmp_path / "存", SAMPLE)
    original, saved = build(SAMPLE, tmp_path / "甲"), build(converted, tmp_path / "乙")
    assert [f.message for f in saved.checked.findings] == [f.message for f in original.checked.findings]
    assert saved.written[0].read_bytes() == original.written[0].read_bytes()


def test_one_amount_changes_every_sentence_that_depends_on_it_and_nothing_else(tmp_path):
    workbook = opened(SAMPLE)
    for row in workbook["三公经费"].iter_rows():
        if row[0].value and "运行维护费" in str(row[0].value) and "购置" not in str(row[0].value):
            row[2].value = 2.89
    path = tmp_path / "改.xlsx"
    workbook.save(path)
    before, after = texts(SAMPLE), texts(path)
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert [b for _, b in changed] == [
        "三公经费 ['公务用车购置及运行维护费（小计）', '2.89', '2.89', '', '']",
        "三公经费 ['\\u3000\\u3000公务用车运行维护费', '2.89', '2.89', '', '']",
        "三公经费 ['总计', '2.89', '2.89', '', '']",
        "乌鲁木齐科技信息服务中心2026年财政拨款“三公”经费数为2.89万元，其中：因公出国（境）费用0.00万元，公务用车购置0.00万元，公务用车运行维护费2.89万元，公务接待费0.00万元。",
        changed[-1][1],
    ]
    assert changed[-1][1].startswith("2026年财政拨款“三公”经费预算比上年预算增加1.00万元，增长52.91%，其中：")
    assert "公务用车运行维护费增加1.00万元，增长52.91%，主要原因是" in changed[-1][1]


def test_amounts_in_yuan_give_the_same_document_as_amounts_in_wan(tmp_path):
    workbook = opened(SAMPLE)
    money = {"#,##0.00"}
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float) and cell.number_format in money:
                    cell.value = float(Decimal(str(cell.value)) * 10_000)
                if cell.value == "万元" and sheet.title == "单位信息":
                    cell.value = "元"
    path = tmp_path / "元.xlsx"
    workbook.save(path)
    assert texts(path) == texts(SAMPLE)
