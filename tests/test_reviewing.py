"""What reviewers mark by hand in a document: headings, ends of sentences, figures said twice, uses of other items."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.edition import load
from budgetgen.reading.document.blocks import Text, blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.writing.document.writer import render_document
from tests.conftest import SAMPLES

FORMATS = {"xinjiang-2026-unit": "xinjiang-2026", "shanghai-2024-unit": "shanghai-2024"}


@cache
def printed(sample):
    """The document of a sample as its paragraphs and tables."""
    edition = load(FORMATS[sample])
    book, _ = read_grid((SAMPLES / f"{sample}.txt").read_text(encoding="utf-8"), edition)
    return tuple(blocks(render_document(compose(derive(book, edition), edition), edition)))


def told(sample, rule, start="", old="", new=""):
    """What a rule says of a sample's document, the last paragraph that begins so said otherwise."""
    found = list(printed(sample))
    if start:
        at = max(
            n for n, block in enumerate(found) if isinstance(block, Text) and block.text.startswith(start)
        )
        assert old in found[at].text
        found[at] = replace(found[at], text=new.join(found[at].text.rsplit(old, 1)))
    return [f.message for f in read_blocks(Path("公开文本.docx"), found).findings if f.rule == rule]


ENDED = "单位资金28.00万元", "建设资金，列入本年预算。", "建设资金，列入本年预算"
HEADED = "一、关于乌鲁木齐科技信息服务中心2026年收支", "2026年收支", "年收支"
NUMBERED = "九、关于", "九、", "八、"
SAID_TWICE = "6.“", "2024年预算安排50.37万元", "2024年预算安排53.07万元"


@pytest.mark.parametrize(
    ("sample", "rule", "edit", "words"),
    [
        ("xinjiang-2026-unit", "sentence-unended", ENDED, "1 段末尾没有标点：“设资金，列入本年预算”"),
        (
            "xinjiang-2026-unit",
            "contents-differs",
            HEADED,
            "正文的标题是“一、关于乌鲁木齐科技信息服务中心年收支",
        ),
        ("xinjiang-2026-unit", "text-sequence", NUMBERED, "序号“八、”接在“八、”后面"),
        ("shanghai-2024-unit", "sentence-differs", SAID_TWICE, "正文写 53.07，由表算得 50.37"),
    ],
)
def test_a_slip_of_the_document_is_told_once_and_the_document_itself_has_none(sample, rule, edit, words):
    (message,) = told(sample, rule, *edit)
    assert words in message
    assert told(sample, rule) == []


def test_a_use_that_is_another_items_is_told():
    edition = load("shanghai-2024")
    grid = """
一般公共预算支出 | 科目代码 | 合计 | 基本支出 | 项目支出
 | 2120102 | 9.00 | 9.00 |
 | 2120104 | 5.00 | 5.00 |
支出用途 | 科目代码 | 用途
 | 2120102 | 城乡社区管理事务一般行政管理事务
 | 2120104 | {}
"""
    found = {}
    for use in ("城管执法队伍的日常运行", "城乡社区管理事务一般行政管理事务"):
        book, _ = read_grid(grid.format(use), edition)
        found[use] = [f.message for f in check(derive(book, edition), edition) if f.rule == "use-other"]
    assert found == {
        "城管执法队伍的日常运行": [],
        "城乡社区管理事务一般行政管理事务": ["“城管执法”的用途说的是“一般行政管理事务”"],
    }
