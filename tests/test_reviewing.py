"""What reviewers mark by hand in a document: headings, ends of sentences, figures said twice, uses of other items."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.edition import load
from budgetgen.reading.document.blocks import Grid, Text, blocks
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


USES = """
一般公共预算支出 | 科目代码 | 合计 | 基本支出 | 项目支出
 | 2120102 | 9.00 | 9.00 |
 | 2120104 | 5.00 | 5.00 |
支出用途 | 科目代码 | 用途
 | 2120102 | 城乡社区管理事务一般行政管理事务
 | 2120104 | {}
"""


def test_a_use_that_is_another_items_is_told():
    edition = load("shanghai-2024")
    found = {}
    for use in ("城管执法队伍的日常运行", "城乡社区管理事务一般行政管理事务"):
        book, _ = read_grid(USES.format(use), edition)
        found[use] = [f.message for f in check(derive(book, edition), edition) if f.rule == "use-other"]
    assert found == {
        "城管执法队伍的日常运行": [],
        "城乡社区管理事务一般行政管理事务": ["“城管执法”的用途说的是“一般行政管理事务”"],
    }


def test_uses_that_repeat_the_names_of_their_items_are_told_once():
    edition = load("shanghai-2024")
    found = {}
    for use in ("城管执法", "城管执法队伍的装备和培训"):
        book, _ = read_grid(USES.format(use), edition)
        found[use] = [f.message for f in check(derive(book, edition), edition) if f.rule == "use-bare"]
    assert found == {
        "城管执法": ["2 处用途只重复了科目名称：“一般行政管理事务”、“城管执法”"],
        "城管执法队伍的装备和培训": ["用途只重复了科目名称：“一般行政管理事务”"],
    }


def test_a_use_of_its_own_is_told_by_no_rule_on_uses():
    assert told("shanghai-2024-unit", "use-bare") == []


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (("单位资金28.00", "18.00万元", "1,118.00万元，合1118.00万元"), "金额的千分位写法不一：“1"),
        (("注：本表不含", "，", ","), "文字中的逗号写法不一"),
    ],
)
def test_what_a_document_writes_in_two_ways_is_told_once(edit, words):
    (message,) = told("xinjiang-2026-unit", "text-ways", *edit)
    assert message.startswith(words)
    assert told("xinjiang-2026-unit", "text-ways") == []


def test_codes_of_a_table_that_lack_zeros_are_told_once_and_read():
    found = list(printed("shanghai-2024-unit"))
    at = next(n for n, b in enumerate(found) if isinstance(b, Grid) and _held(b, "基本工资"))
    lines = tuple(
        tuple(raw._replace(value="7") if raw.value == "07" and n == 1 else raw for n, raw in enumerate(line))
        for line in found[at].lines
    )
    edited = [*found[:at], replace(found[at], lines=lines), *found[at + 1 :]]
    before, after = (read_blocks(Path("公开文本.docx"), one) for one in (found, edited))
    assert [f.message for f in after.findings if f.rule == "code-short"] == [
        "表8有 2 格代码少写了前面的零：“7”、“7”"
    ]
    assert [f for f in before.findings if f.rule == "code-short"] == []
    assert after.book["基本支出"] == before.book["基本支出"]


def _held(grid, words):
    return any(words in str(raw.value) for line in grid.lines for raw in line)


def test_a_forgotten_reason_leaves_the_sentence_readable():
    """The figures of the paragraph are compared as ever; that the reason lacks is told of the text."""
    start, old = "（二）公务用车购置及运行费", "主要原因是"
    (block,) = [b for b in printed("shanghai-2024-unit") if isinstance(b, Text) and b.text.startswith(start)]
    said = block.text[block.text.rindex(old) :]
    assert told("shanghai-2024-unit", "paragraph-unplaced", start, said, f"{old}。") == []
    assert len(told("shanghai-2024-unit", "text-unfinished", start, said, f"{old}。")) == 1


@pytest.mark.parametrize("nth", [3, 5])
def test_a_table_under_a_wrong_unit_of_money_is_one_line(nth):
    """Its amounts are read as they are meant; nothing else is told of them."""
    found = list(printed("xinjiang-2026-unit"))
    money = "单位：万元"
    at = [n for n, b in enumerate(found) if isinstance(b, Text) and b.text.endswith(money)][nth]
    edited = [
        *found[:at],
        replace(found[at], text=found[at].text.replace(money, "单位：元")),
        *found[at + 1 :],
    ]
    before, after = (read_blocks(Path("公开文本.docx"), one) for one in (found, edited))
    assert after.book.tables == before.book.tables
    assert {f.rule for f in set(after.findings) - set(before.findings)} == {"money-differs"}
