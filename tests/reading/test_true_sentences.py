"""What is true and ordinary in a document is not told: sentences on which a rule of slips could stumble."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from budgetgen.app.pipeline.inputs import judged
from budgetgen.app.reports.problems import problems
from budgetgen.reading.document.blocks import Text
from budgetgen.reading.document.reader import read_blocks
from budgetgen.values.places import DocumentPlace
from tests.planted import document

UNIT = "示例州数字档案服务中心"
TRUE = (
    f"{UNIT}中心机房由专人值守，保证档案数据安全。",
    "12.4国家宪法日期间开展宣传。",
    "6.26国际禁毒日前后走访企业。",
    "7.5级地震应急演练每年一次。",
    "因公出国方面，我单位未安排此项经费，两年都没有团组。",
    "公务接待方面，我单位未安排此项经费，两年都没有批次。",
    "根据部门预算公开有关规定，按时公开。",
    "编制年度收支预算，执行财政年度收支预算。",
)
READ = {"paragraph-unplaced", "document-read"}


def told(found):
    checked = judged(Path("公开文本.docx"), read_blocks(Path("公开文本.docx"), found), locating=False)
    return {(one.rule, one.message) for one in problems(checked).all if one.rule not in READ}


def with_unit(found, name):
    """The document of a unit of another name."""
    return tuple(replace(b, text=b.text.replace(name, UNIT)) if isinstance(b, Text) else b for b in found)


def test_true_sentences_are_not_told():
    found = document()
    at = next(n for n, b in enumerate(found) if isinstance(b, Text) and b.text.startswith("二、机构设置"))
    added = tuple(Text(words, DocumentPlace(900 + n)) for n, words in enumerate(TRUE))
    assert told((*found[:at], *added, *found[at:])) - told(found) == set()


def test_a_remark_that_stands_below_several_empty_tables_is_no_slip():
    found, remark = [*document()], "我单位本年度没有此项支出，故本表没有数据，以空表列示。"
    tables = [n for n, b in enumerate(found) if not isinstance(b, Text)][7:10]
    for n in reversed(tables):
        found.insert(n + 1, Text(remark, DocumentPlace(950 + n)))
    assert {one for one in told(found) - told(document()) if one[0] == "text-doubled"} == set()


def test_a_word_of_another_kind_on_a_cover_is_told_only_where_it_names_the_disclosure():
    found = document("xinjiang-2024-accounts")
    coded = (found[0], Text("预算单位代码：123001", DocumentPlace(990)), *found[1:])
    assert {one for one in told(coded) if one[0] == "cover-kind"} == set()
