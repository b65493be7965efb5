"""A rule that lacks between two rows of a PDF: the row below is told wherever it was read as part of the one above."""

from __future__ import annotations

from dataclasses import replace

import pytest

from budgetgen.edition import load
from budgetgen.reading.cells import Raw
from budgetgen.reading.document.blocks import Grid, Text
from budgetgen.reading.document.facts import Facts
from budgetgen.reading.document.narrative.gathered import Gathered
from budgetgen.reading.document.pdf.flow import blocks_of
from budgetgen.reading.document.printed.glued import apart
from budgetgen.reading.document.printed.numbered import PrintedReader
from budgetgen.reading.document.printed.performance import PerformanceReader
from budgetgen.values.places import DocumentPlace
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


FILLED = ("绿化养护和环境卫生维护", "24.00", "24.00", "", "")


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


DECLARED = next(one for one in EDITION.performance if one.by)
COLUMNS = ("三级指标", "指标值")
LABELS = (
    ("预算单位", "某某中心"),
    ("项目名称", "绿化养护"),
    ("项目资金", "年度预算总额", "1.00"),
    ("项目总体目标", "养护绿地"),
)


def indicators(rows, without):
    """The indicators of a page, as they are read, and what is told of cells that may be of two.

    Args:
        rows: below the captions.
        without: above which of them there is no rule.
    """
    captions = [field for field in DECLARED.columns if field.column in COLUMNS]
    head = [*LABELS, ("一级指标", "二级指标", *(field.label for field in captions), "指标值来源", "")]
    group = ("产出指标", "数量指标")
    page = table(1, 90, (60, 130, 200, 306, 380, 450, 500), [*head, *((*group, *row) for row in rows)])
    level = sorted({rule.top for rule in page.rules if rule.width})
    gone = {level[n + len(head)] for n in without}
    found = tuple(
        blocks_of(
            [replace(page, rules=tuple(r for r in page.rules if not r.width or r.top not in gone))],
            lambda: None,
        )
    )
    gathered = Gathered()
    read = PerformanceReader(EDITION, DECLARED).read(found[0], gathered, 1)
    told = [str(raw.value) for raw in apart(gathered.broken, found)]
    return [tuple(row.text(c) for c in COLUMNS) for row in read[DECLARED.indicators]], told


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


def test_a_row_below_a_name_that_fills_its_line_is_told():
    rows = [FILLED, ("绿化养护和环境卫生", "", "", "", ""), ROWS[-1]]
    names = ["绿化养护和环境卫生维护", "绿化养护和环境卫生"]
    assert read(rows) == (names, [])
    assert read(rows, 0) == (["".join(names)], [told(" ".join(names))])


def test_two_names_that_a_sentence_says_one_after_the_other_are_two():
    place = DocumentPlace(1, 1, 1, page=1)
    two, one = (Raw(text, place=place) for text in ("技术咨询\n材料印刷", "技术咨询\n服务费"))
    blocks = [
        Text("用于技术咨询材料印刷、技术咨询服务费", 0),
        Grid(((Raw("技术咨询"),), (Raw("材料印刷"),)), 1),
    ]
    assert apart([two, one], blocks) == [two]


@pytest.mark.parametrize("gone", [(), (1,), (2,), (3,)])
@pytest.mark.parametrize("filled", [False, True])
def test_rows_of_indicators_without_the_rule_between_them_are_two_or_told(gone, filled):
    long = "绿化养护作业面积合格" if filled else "培训人次"
    read = indicators([(long, "≥100"), ("培训场次", "≥5"), ("服务满意", "≥95%")], gone)
    whole = [(long, "≥100"), ("培训场次", "≥5"), ("服务满意", "≥95%")]
    assert read[0] == whole or read[1]
    assert bool(read[1]) <= bool(gone)
