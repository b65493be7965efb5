"""A rule that lacks between two rows of a PDF: the row below is told wherever it was read as part of the one above."""

from __future__ import annotations

from dataclasses import replace

import pytest

from budgetgen.edition import load
from budgetgen.reading.document.facts import Facts
from budgetgen.reading.document.pdf.flow import blocks_of
from budgetgen.reading.document.printed.numbered import PrintedReader
from tests.reading.pages import signs, table

EDITION = load("xinjiang-2026")
TITLE = "财政拨款委托业务费支出情况表"
EDGES = (60, 180, 260, 360, 440, 550)
HEAD = ("项目名称", "合计", "一般公共预算", "政府性基金", "国有资本经营预算")
ROWS = [
    ("技术咨询", "24.00", "24.00", "", ""),
    ("材料印刷", "", "", "", ""),
    ("会议场地", "", "", "", ""),
    ("总计", "24.00", "24.00", "", ""),
]
LONG = ("绿化养护和环境卫生维护\n的全部作业", "24.00", "24.00", "", "")


def read(rows, *without, above=()):
    """The names of the rows of a page but for the total, and what is told of rows that may be two.

    Args:
        rows: below the header.
        without: which rules between them lack.
        above: lines of text above the title.
    """
    said = [signs(line, 60, 40 + 16 * n) for n, line in enumerate((*above, TITLE))]
    page = table(1, 90, EDGES, [HEAD, *rows], said)
    level = sorted({rule.top for rule in page.rules if rule.width})
    gone = {level[n + 2] for n in without}
    sheet = replace(page, rules=tuple(r for r in page.rules if not r.width or r.top not in gone))
    found = tuple(blocks_of([sheet], lambda: None))
    tables, findings, _ = PrintedReader(EDITION, Facts(EDITION, found)).read(found)
    names = [name for row in tables["委托业务费"].rows if (name := row.text("项目名称"))]
    return names, [finding.message for finding in findings if finding.rule == "row-glued"]


def told(*names):
    return f"表11有 {len(names)} 行的名称没有写满一行就换行，可能是两行、中间少了横线，读作一行：“{'”、“'.join(names)}”"


@pytest.mark.parametrize(
    ("without", "names", "said"),
    [
        ((), ["技术咨询", "材料印刷", "会议场地"], []),
        ((0,), ["技术咨询材料印刷", "会议场地"], [told("技术咨询 材料印刷")]),
        ((1,), ["技术咨询", "材料印刷会议场地"], [told("材料印刷 会议场地")]),
        ((0, 1), ["技术咨询材料印刷会议场地"], [told("技术咨询 材料印刷 会议场地")]),
    ],
)
def test_a_row_without_amounts_below_a_rule_that_lacks_is_told(without, names, said):
    assert read(ROWS, *without) == (names, said)


def test_a_name_that_fills_its_lines_is_one():
    assert read([LONG, ROWS[-1]]) == (["绿化养护和环境卫生维护的全部作业"], [])


@pytest.mark.parametrize(("above", "said"), [((), [told("技术 咨询")]), (("技术咨询安排 24.00 万元。",), [])])
def test_a_name_that_is_broken_by_hand_is_one_where_the_document_says_it_whole(above, said):
    assert read([("技术\n咨询", *ROWS[0][1:]), ROWS[-1]], above=above) == (["技术咨询"], said)
