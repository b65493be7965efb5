"""One cause, one line: what only follows from another change is folded under it; what may be the same is proposed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budgetgen.app.reports.changes import printed
from budgetgen.comparison import compare
from budgetgen.comparison.values import FigureSpot, Link
from tests.conftest import SAMPLES
from tests.test_comparison import side

SAMPLE = (SAMPLES / "xinjiang-2026-unit.txt").read_text(encoding="utf-8")
MORE = (  # ten more for the first project, carried into every figure that somebody typed
    ("32.21", "42.21"),
    ("284.21", "294.21"),
    ("794.86", "804.86"),
    ("790.06", "800.06"),
    ("425.39", "435.39"),
)


def edited(text, *edits):
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def sample():
    return side(SAMPLE)


def leading(changes):
    return [(one.table, one.column, one.old, one.new) for one in changes.leading]


def test_ten_more_for_a_project_is_one_line(sample):
    changes = compare(sample, side(edited(SAMPLE, *MORE)))
    assert leading(changes) == [("项目支出", "商品和服务支出", Decimal("32.21"), Decimal("42.21"))]
    (followers,) = changes.following.values()
    assert len(followers) == len(changes.figures) - 1 == 52
    first = printed(changes).splitlines()
    assert first[2] == "── 数字 1 处，其中变动达到 10% 的 1 处，另有 52 处随之变动 ──"
    assert first[3].startswith("  表7 项目支出 2060599 2026年科教兴市栏目")
    assert sum(line.startswith("    └ ") for line in printed(changes, everything=True).splitlines()) == 52


def test_a_sum_of_two_changes_follows_from_both(sample):
    both = edited(
        SAMPLE,
        ("32.21", "42.21"),
        ("机房运行维护费 | 2.00 |", "机房运行维护费 | 3.00 |"),
        ("284.21", "295.21"),
        ("794.86", "805.86"),
        ("790.06", "801.06"),
        ("425.39", "436.39"),
    )
    changes = compare(sample, side(both))
    assert [line[2:] for line in leading(changes)] == [
        (Decimal("32.21"), Decimal("42.21")),
        (Decimal(2), Decimal(3)),
    ]
    (total,) = (one for one in changes.figures if one.spot == FigureSpot("支出总体", "总计", "合计"))
    assert [spot.key[:12] for spot in total.causes] == ["2060599/2026", "2060599/“小微企"]


def test_of_two_parts_that_offset_each_other_neither_follows(sample):
    moved = edited(
        SAMPLE,
        ("32.21", "31.21"),
        ("机房运行维护费 | 2.00 |", "机房运行维护费 | 3.00 |"),
    )
    assert len(leading(compare(sample, side(moved)))) == 2


def test_a_figure_that_changed_alone_leads(sample):
    changes = compare(sample, side(edited(SAMPLE, ("425.39", "435.39"))))
    assert {(table, old, new) for table, _, old, new in leading(changes)} == {
        ("支出总体", Decimal("425.39"), Decimal("435.39"))
    }


PROJECTS = """
项目支出 | 科目代码 | 项目名称 | 合计 | 商品和服务支出
"""


def projects(*lines):
    rows = "".join(f" | 2060599 | {name} | {amount} | {amount}\n" for name, amount in lines)
    return side(PROJECTS + rows)


@pytest.mark.parametrize(
    ("old", "new", "link", "said"),
    [
        ([("科普活动经费", "10.00")], [("科普活动专项经费", "12.00")], Link.RENAMED, "可能改名"),
        (
            [("科普活动经费", "10.00")],
            [("科普活动经费（一期）", "4.00"), ("科普活动经费（二期）", "6.00")],
            Link.DIVIDED,
            "可能拆分",
        ),
        (
            [("科普活动经费", "4.00"), ("科普场馆经费", "6.00")],
            [("科普活动场馆经费", "10.00")],
            Link.MERGED,
            "可能合并",
        ),
        ([("机房建设", "8.80")], [("特定目标0510099L", "8.80")], Link.CLOSED, "可能转为涉密"),
    ],
)
def test_what_may_be_the_same_is_proposed_with_its_figures_folded_under_it(old, new, link, said):
    changes = compare(projects(*old), projects(*new))
    (one,) = changes.structure
    assert (one.link, set(one.names)) == (link, {name for name, _ in (*old, *new)})
    assert (one.old_amount, one.new_amount) == tuple(
        sum(Decimal(amount) for _, amount in lines) for lines in (old, new)
    )
    assert leading(changes) == []
    assert said in printed(changes)


def test_what_is_not_the_only_answer_is_not_proposed():
    old = [("机房建设", "8.80"), ("道路维修", "8.80")]
    new = [("特定目标0510099L", "8.80"), ("特定目标0510088L", "8.80")]
    changes = compare(projects(*old), projects(*new))
    assert {one.link for one in changes.structure} == {None}


def test_a_project_that_came_is_one_line_with_all_that_it_brought():
    changes = compare(projects(("甲", "1.00")), projects(("甲", "1.00"), ("乙工程", "5.00")))
    (one,) = changes.structure
    assert leading(changes) == []
    assert {follower.spot.table for follower in changes.following[one.spot]} >= {"项目支出"}


def test_a_total_that_somebody_typed_is_told_beside_all_lines_that_went(sample):
    start = SAMPLE.index("委托业务费 | ")
    lines = SAMPLE[start : SAMPLE.index("\n\n", start)]
    head = lines.splitlines()[0]
    for total, told in (("", []), ("\n | 总计 | 30.00", [Decimal(30)])):
        changes = compare(sample, side(edited(SAMPLE, (lines, f"{head}{total}"))))
        assert [one.new for one in changes.leading] == told
        assert "取消行：委托业务费的全部3行" in printed(changes)


def test_a_code_that_became_two_is_told_with_the_tables(sample):
    other = SAMPLE
    for table, code in (("收入总体", "2150205"), ("支出总体", "2150299")):
        start = other.index(f"\n{table} | ")
        other = other[:start] + other[start:].replace("2150207", code, 1)
    told = [line.split("科目代码")[0].strip() for line in printed(compare(sample, side(other))).splitlines()]
    assert [line for line in told if line in {"表2 收入总体", "表3 支出总体"}] == [
        "表2 收入总体",
        "表3 支出总体",
    ]
