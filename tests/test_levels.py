"""Departments within departments: each level is the units below it, less what it took out; however the money is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetgen.book.derivation import derive
from budgetgen.department.admission import admit
from budgetgen.department.department import Department, consolidate
from budgetgen.department.submissions import Submission
from budgetgen.department.transfers import transfers_of
from budgetgen.department.units import Unit
from budgetgen.edition import load
from budgetgen.reading.grid import read_grid
from budgetgen.values.model import Cell, Table

EDITION = load("xinjiang-2026")
OFFICE, LINE = "2060101", "2060501"
"""The codes of the offices' expenditure, and of their units'."""
CENT = 100
"""元 in 0.01 万元, so that an amount is the same in both."""


@dataclass(frozen=True)
class Leaf:
    """A unit without units: what it spends of its own, what it gets of its office, all in 元."""

    name: str
    own: int
    grant: int
    money: str
    taken: bool


@dataclass(frozen=True)
class Branch:
    """A department: its office, the units of the office and the departments within it."""

    name: str
    office: int
    money: str
    leaves: tuple[Leaf, ...]
    branches: tuple[Branch, ...] = ()

    @property
    def office_name(self):
        return f"{self.name}（本级）"


AMOUNTS = st.integers(1, 10_000_000).map(lambda n: n * CENT)
MONEYS = st.sampled_from(["元", "万元"])


@st.composite
def branches(draw, name, depth):
    leaves = tuple(
        Leaf(f"{name}{n}", draw(AMOUNTS), draw(AMOUNTS | st.just(0)), draw(MONEYS), draw(st.booleans()))
        for n in range(draw(st.integers(0, 2)))
    )
    below = range(draw(st.integers(1, 2))) if depth else ()
    return Branch(
        name,
        draw(AMOUNTS),
        draw(MONEYS),
        leaves,
        tuple(draw(branches(f"{name}{'甲乙'[n]}", depth - 1)) for n in below),
    )


# --- as the program has it ----------------------------------------------------------------------------------


def book(name, money, text):
    about = f"""
单位信息 | 项目 | 内容
 | 单位名称 | {name}
 | 公开主体 | 单位
 | 预算年度 | 2026
 | 金额单位 | {money}
"""
    read, findings = read_grid(about + text, EDITION)
    assert findings == ()
    return Unit(name, derive(read, EDITION))


def office(branch):
    grants = sum(leaf.grant for leaf in branch.leaves)
    own, paid = (told(amount, branch.money) for amount in (branch.office, grants))
    return book(
        branch.office_name,
        branch.money,
        f"""
收支总体 | 项目 | 预算数
 | 一般财力 | {told(branch.office + grants, branch.money)}
收入总体 | 科目代码 | 一般公共预算
 | {OFFICE} | {told(branch.office + grants, branch.money)}
支出总体 | 科目代码 | 基本支出 | 项目支出
 | {OFFICE} | {own} | {paid}
""",
    )


def unit(leaf, branch):
    own, grant, whole = (told(amount, leaf.money) for amount in (leaf.own, leaf.grant, leaf.own + leaf.grant))
    paid = f"{branch.office_name} | {leaf.name} | 上级补助收入 | {LINE} | {OFFICE} | 项目支出 | {grant}"
    columns = "付款单位 | 收款单位 | 收入项目 | 收入科目代码 | 支出科目代码 | 支出类别 | 金额"
    return book(
        leaf.name,
        leaf.money,
        f"""
收支总体 | 项目 | 预算数
 | 一般财力 | {own}
 | 上级补助收入 | {grant}
收入总体 | 科目代码 | 一般公共预算 | 单位资金
 | {LINE} | {own} | {grant}
支出总体 | 科目代码 | 基本支出
 | {LINE} | {whole}
"""
        + (f"内部抵销 | {columns}\n | {paid}\n" if leaf.grant else ""),
    )


def told(amount, money):
    return str(amount) if money == "元" else str(Decimal(amount) / 10_000)


def consolidated(name, units, taken):
    """A department's Book, with the transfers to these units taken out and the others kept."""
    once = consolidate(units, EDITION, Department(name))
    first = derive(once.book, EDITION)
    rows = tuple(
        row.with_cells({"确认": Cell("是" if row.text("收款单位") in taken else "否", given=True)})
        for row in first["内部抵销"].rows
    )
    earlier = first.with_tables({"内部抵销": Table("内部抵销", rows)})
    done = consolidate(units, EDITION, Department(name, earlier, once.sources))
    assert {finding.rule for finding in done.findings} <= {"unit-money", "unit-money-mistaken"}
    return derive(done.book, EDITION)


def level_by_level(branch):
    """Each department of its units and of the consolidated workbooks of the departments within it."""
    inner = [Unit(below.name, level_by_level(below)) for below in branch.branches]
    units = [office(branch), *(unit(leaf, branch) for leaf in branch.leaves), *inner]
    return consolidated(branch.name, units, {leaf.name for leaf in branch.leaves if leaf.taken})


def every(branch):
    """All departments of a tree."""
    yield branch
    for below in branch.branches:
        yield from every(below)


def at_once(branch):
    """The units of all levels as units of the uppermost."""
    pairs = [(leaf, one) for one in every(branch) for leaf in one.leaves]
    units = [*map(office, every(branch)), *(unit(*pair) for pair in pairs)]
    return consolidated(branch.name, units, {leaf.name for leaf, _ in pairs if leaf.taken})


def shown(done):
    return {
        "收入": done.cell("收支总体", "收入总计", "预算数").value,
        "补助": done.cell("收支总体", "上级补助收入", "预算数").value or Decimal(0),
        **{code: done.cell("支出总体", code, "合计").value or Decimal(0) for code in (OFFICE, LINE)},
    }


# --- as anybody adds it up ----------------------------------------------------------------------------------


def added_up(branch):
    """Whole 元, over all units of all levels; what was taken out is neither income nor the offices' expenditure."""
    sums: Counter[str] = Counter()
    for one in every(branch):
        sums.update({OFFICE: one.office, "收入": one.office})
        for leaf in one.leaves:
            kept = 0 if leaf.taken else leaf.grant
            sums.update({LINE: leaf.own + leaf.grant, OFFICE: kept, "补助": kept})
            sums.update({"收入": leaf.own + leaf.grant + kept})
    return {name: Decimal(sums[name]) / 10_000 for name in ("收入", "补助", OFFICE, LINE)}


@settings(max_examples=4, deadline=None)
@given(branches("局", 2))
def test_three_levels_give_what_all_their_units_add_up_to_level_by_level_and_at_once(branch):
    assert shown(level_by_level(branch)) == shown(at_once(branch)) == added_up(branch)


TWO = Branch(
    "局", 500, "元", (Leaf("甲", 700, 300, "万元", taken=True),),
    (Branch("中心", 900, "元", (Leaf("站", 1100, 400, "元", taken=True), Leaf("台", 1300, 600, "元", taken=False))),),
)  # fmt: skip


def test_what_a_department_within_the_department_decided_is_not_asked_again():
    done = level_by_level(TWO)
    transfers = [(t.payer, t.receiver, t.confirmed, t.state, t.applied) for t in transfers_of(done, EDITION)]
    assert transfers == [
        ("局（本级）", "甲", "是", "只有收款单位填报", True),
        ("中心（本级）", "站", "是", "下级部门汇总时已经抵销", True),
    ]
    balance = done["差额表"].get("支出总体/总计/合计")
    amounts = [balance[column].value for column in ("单位合计", "内部抵销", "部门数")]
    assert amounts == [Decimal("0.67"), Decimal("0.03"), Decimal("0.64")]


def test_the_units_of_a_department_within_the_department_are_listed_as_units():
    rows = [
        row.text("内容") for row in level_by_level(TWO)["职能与机构"].rows if row.text("类别") == "下属单位"
    ]
    assert rows == ["局（本级）", "甲", "中心（本级）", "站", "台"]


# --- who belongs where --------------------------------------------------------------------------------------


def sent(unit, **facts):
    known = {"year": "2026", "edition": EDITION.id, "money": "元", "kind": "单位", "content": unit}
    return Submission(f"{unit}.xlsx", unit, **{**known, **facts})


OWN = sent("局（本级）", authority="局", code="203001")
CENTRE = sent("中心", kind="部门", code="203067", result=True, units=("中心（本级）", "站"))
POST = sent("站", authority="中心", code="203067002")


@pytest.mark.parametrize(
    ("files", "listed", "faults"),
    [
        pytest.param([OWN, CENTRE], (), [], id="a consolidated workbook is a unit"),
        pytest.param([OWN, POST], (), [], id="the code tells that a unit of the third level belongs"),
        pytest.param(
            [OWN, sent("站", authority="中心")], (),
            ["站.xlsx：“站”的主管部门是“中心”，不是“局”"], id="nothing tells that it does",
        ),
        pytest.param([OWN, sent("站", authority="中心")], ("局（本级）", "站"), [], id="the list tells"),
        pytest.param(
            [OWN, sent("站", code="204001")], (),
            ["站.xlsx：“站”的单位代码是“204001”，不在“203”之下"], id="the code of another department",
        ),
        pytest.param(
            [OWN, CENTRE, POST], (), ["站.xlsx：“站”已经在 中心.xlsx（“中心”）里汇总"], id="counted twice"
        ),
        pytest.param(
            [OWN, sent("中心", kind="部门", units=("站",), lacking=("台",))], (),
            ["中心.xlsx：“中心”汇总时缺 台"], id="a level below is incomplete",
        ),
    ],
)  # fmt: skip
def test_codes_lists_and_departments_tell_which_units_belong(files, listed, faults):
    found = admit(files, EDITION, listed=listed).faults
    assert [finding.message for finding in found] == faults
    assert {finding.rule for finding in found} <= {"unit-of-another", "unit-within", "unit-missing"}


def test_the_department_is_that_of_the_shortest_code():
    third = [sent(f"站{n}", authority="中心", code=f"20306700{n}") for n in range(1, 4)]
    assert admit([*third, OWN], EDITION).name == "局"
    assert [s.unit for s in admit([*third, OWN], EDITION).taken] == ["局（本级）", "站1", "站2", "站3"]
