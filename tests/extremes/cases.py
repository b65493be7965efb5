"""The extreme cases: each a budget that few offices have, and some office has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import cycle
from typing import TYPE_CHECKING

from budgetgen.edition import load
from tests.conftest import BUDGETS

from .budgets import Budget, Line, Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

GENERAL, TRANSFER = "一般公共预算", "上级一般公共预算"
OWN, CARRIED, OTHER_CARRIED = "单位资金", "财政拨款结转", "非财政拨款结转结余"
FUND, CAPITAL, ACCOUNT = "政府性基金预算", "国有资本经营预算", "财政专户"
RUNNING, PROJECTS = "2060501", "2060599"
LAND, RESTRUCTURING, SCHOOL = "2120801", "2230201", "2050205"
SECRET, OTHER_SECRET = "特定目标2410010U", "特定目标2410011U"
LONG = "丝绸之路经济带创新驱动发展试验区配套支撑保障经费及科技成果转移转化示范区公共服务平台运行维护与绩效评价综合管理专项资金二期"
SIGNS = "“甲、乙（丙）”&<丁>项目"

PERSONNEL = Line(RUNNING, GENERAL, "30101", "100")
OPERATING = Line(RUNNING, GENERAL, "30201", "20")
PROJECT = Line(PROJECTS, GENERAL, "甲项目", "30")
VEHICLES = Line(RUNNING, GENERAL, "30231", "1.89")
BASIC = (PERSONNEL, OPERATING)
PLAIN = (*BASIC, PROJECT)
"""What an ordinary unit has; every case differs from it in one thing."""

USUAL = "寻常"
UNITS = {"某局（本级）": "行政单位", "某所": "全额拨款事业单位"}


def own(amount: str) -> Line:
    """A project of 单位资金."""
    return Line(PROJECTS, OWN, "乙项目", amount)


CASES: dict[str, Budget] = {
    USUAL: Budget(PLAIN, PLAIN),
    "只有一家单位的部门": Budget(PLAIN, PLAIN, units={"某局（本级）": "行政单位"}),
    "只有一家事业单位的部门": Budget(PLAIN, PLAIN, units={"某所": "全额拨款事业单位"}),
    "单位资金是负数": Budget((*PLAIN, own("-5")), (*PLAIN, own("100"))),
    "新增的是负数": Budget((*PLAIN, own("-5")), PLAIN),
    "上年是负数": Budget((*PLAIN, own("5")), (*PLAIN, own("-5"))),
    "基本支出是负数": Budget((PERSONNEL._replace(amount="-3"), PROJECT), (PERSONNEL, PROJECT)),
    "一般公共预算正负相抵": Budget(
        (PERSONNEL._replace(amount="5"), PROJECT._replace(amount="-5"), own("10")), PLAIN
    ),
    "基本支出正负相抵": Budget(
        (PERSONNEL._replace(amount="5"), OPERATING._replace(amount="-5"), own("10")), PLAIN
    ),
    "基金正负相抵": Budget(
        (*PLAIN, Line(LAND, FUND, "丙项目", "5"), Line("2120802", FUND, "丙项目", "-5")), PLAIN
    ),
    "只有基本支出": Budget(BASIC, PLAIN),
    "只有一个项目": Budget((PROJECT,), PLAIN),
    "新设单位": Budget(PLAIN),
    "新设单位增长率不可比": Budget(PLAIN, about={"上年为零时的增长率": "不可比"}),
    "新设单位去掉末尾零": Budget(PLAIN, about={"去掉末尾零": "是"}),
    "本年没有预算": Budget((), PLAIN),
    "只有单位资金": Budget((own("10"),)),
    "只有财政专户": Budget((Line(SCHOOL, ACCOUNT, "丁项目", "10"),)),
    "只有财政拨款结转": Budget((Line(PROJECTS, CARRIED, "甲项目", "10"),), PLAIN),
    "只有非财政拨款结转": Budget((Line(PROJECTS, OTHER_CARRIED, "甲项目", "10"),)),
    "只有政府性基金": Budget((Line(LAND, FUND, "丙项目", "10"),)),
    "只有国有资本经营预算": Budget((Line(RESTRUCTURING, CAPITAL, "丙项目", "10"),)),
    "三本预算都有": Budget(
        (*PLAIN, Line(LAND, FUND, "丙项目", "10"), Line(RESTRUCTURING, CAPITAL, "丙项目", "2")), PLAIN
    ),
    "本级和上级": Budget((*PLAIN, PROJECT._replace(source=TRANSFER, amount="10")), PLAIN),
    "只有上级": Budget((PROJECT._replace(source=TRANSFER),), PLAIN),
    "不再安排": Budget(BASIC, (*PLAIN, own("5"))),
    "增长十倍以上": Budget((PERSONNEL, OPERATING._replace(amount="250"), PROJECT), PLAIN),
    "金额很大": Budget((PERSONNEL._replace(amount="1234567.89"), OPERATING), BASIC),
    "不到半分": Budget((*PLAIN, own("0.004"), Line(LAND, FUND, "丙项目", "0.003")), PLAIN),
    "没有变化也写原因": Budget(PLAIN, PLAIN, unchanged="标准没有变化"),
    "三公经费第一次安排": Budget((*PLAIN, VEHICLES, VEHICLES._replace(use="30217", amount="0.5")), PLAIN),
    "三公经费不再安排": Budget(PLAIN, (*PLAIN, VEHICLES)),
    "委托业务费": Budget((*PLAIN, OPERATING._replace(use="30227", amount="5")), PLAIN),
    "有资产": Budget(
        (*PLAIN, VEHICLES),
        (*PLAIN, VEHICLES),
        assets={"房屋": ("1200.5", "300"), "一般公务用车": ("2", "40"), "购置车辆": ("1", "18")},
    ),
    "六十个项目": Budget(
        (*BASIC, *(Line(PROJECTS, GENERAL, f"第{n}项工作经费", str(n)) for n in range(1, 61)))
    ),
    "名称很长，有各种符号": Budget(
        (
            *BASIC,
            Line(PROJECTS, GENERAL, LONG, "3"),
            Line(PROJECTS, GENERAL, SIGNS, "4"),
            Line(PROJECTS, CARRIED, SIGNS, "1"),
            Line(PROJECTS, CARRIED, "戊项目", "2"),
            Line(PROJECTS, CARRIED, "上年结转", "0.5"),
            Line(PROJECTS, CARRIED, "信息化建设2025", "3"),
        ),
        BASIC,
        merged={"戊项目": SIGNS, SIGNS: SIGNS},
    ),
    "金额相同": Budget(
        (*BASIC, *(Line(PROJECTS, GENERAL, name, "3") for name in ("甲项目", "乙项目"))), BASIC
    ),
    "只有涉密项目": Budget(
        (*BASIC, Line(PROJECTS, GENERAL, SECRET, "30"), Line(PROJECTS, CARRIED, OTHER_SECRET, "3")), BASIC
    ),
    "没有绩效目标表": Budget(PLAIN, PLAIN, evaluated=False),
    "只有整体绩效目标": Budget(BASIC, BASIC, goal="完成年度工作任务。"),
}


@dataclass(frozen=True)
class Variant:
    """One of the ways in which a budget is published.

    Attributes:
        edition: id of the format.
        kind: 单位 or 部门.
        money: what the workbook counts in.
    """

    edition: str
    kind: str
    money: str

    @property
    def writer(self) -> Writer:
        """Writes budgets so."""
        return Writer(load(self.edition), self.kind, self.money)

    def of(self, budget: Budget) -> Budget:
        """The budget as one of this kind."""
        if self.kind == "单位":
            return replace(budget, units={})
        return replace(budget, name="某局", units=budget.units or UNITS)


def _variants() -> Iterator[Variant]:
    money = cycle(("万元", "元", "元", "万元"))
    for edition in BUDGETS:  # the writer knows their tables
        for kind in ("单位", "部门"):
            yield Variant(edition, kind, next(money))


VARIANTS = tuple(_variants())
