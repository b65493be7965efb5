"""Budgets in a few lines: every table and text of the workbook follows from the money, of this year and of last."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from budgetgen.book.derivation import derive
from budgetgen.book.figures import with_figures
from budgetgen.edition import load
from budgetgen.edition.declarations import FIGURES, FigureColumn
from budgetgen.reading.grid import read_grid
from budgetgen.values.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book

GENERAL = ("一般公共预算", "上级一般公共预算")
CARRIED = {"财政拨款结转": "财政拨款", "非财政拨款结转结余": "非财政拨款"}
PARTS = {"单位资金": "其他收入", "财政拨款结转": "结转一般公共预算拨款", "非财政拨款结转结余": "结转单位资金"}
"""The line of 表1 that a source of 表2 is told in by the clerk."""
SEPARATE = {
    "政府性基金预算": "政府性基金预算支出",
    "上级政府性基金": "政府性基金预算支出",
    "国有资本经营预算": "国有资本经营预算支出",
}
"""The table that the spending of a source stands in."""
THREE_PUBLIC = {"30212": "因公出国", "30217": "公务接待", "30231": "公务用车运行", "31013": "公务用车购置"}
OUTSOURCED = "30227"
RUNNING = "运转类公用经费"
PERSONNEL = ("301", "303")
ASSETS = ("房屋", "一般公务用车", "执法执勤用车", "其他车辆", "办公家具", "其他资产")
COUNTED = ("大型设备50", "大型设备100", "购置大型设备50", "购置大型设备100")
PROCURED = ("采购货物", "采购工程", "采购服务", "预留中小企业", "预留小微企业")
INDICATORS = """产出指标 | 数量指标 | 完成数量 | >=4项 | 计划标准 |  | 40
效益指标 | 社会效益指标 | 促进作用 | 有效提高 | 计划标准 |  | 20
成本指标 | 经济成本指标 | 控制成本 | 不超过预算 | 计划标准 |  | 20
满意度指标 | 满意度指标 | 服务对象满意度 | >=90% | 计划标准 |  | 10"""


class Line(NamedTuple):
    """Some money: its function code, where it comes from, and what it is for.

    Attributes:
        code: 7 digits.
        source: a column of 表2.
        use: an economic code of 5 digits (基本支出), or the name of a project.
        amount: in 万元, as text.
    """

    code: str
    source: str
    use: str
    amount: str

    @property
    def basic(self) -> bool:
        """Whether it is 基本支出."""
        return self.use.isdigit()

    @property
    def personnel(self) -> bool:
        """Whether it is 人员经费."""
        return self.use[:3] in PERSONNEL and self.basic


@dataclass(frozen=True)
class Budget:
    """A unit's or department's budget.

    Attributes:
        now, last: the money of this year and of the year before.
        name: of the unit.
        about: rows of 单位信息 that differ from the defaults.
        units: the subordinate units of a department: name → kind.
        assets: rows of 采购与资产 as (数量, 金额); all others are 0.
        merged: carried-over projects told in the performance table of another.
        reason: given for every figure that has changed; empty for none.
        unchanged: given for every figure that has not.
        goal: of the whole; empty where there is none.
        evaluated: whether its projects have performance tables.
    """

    now: tuple[Line, ...]
    last: tuple[Line, ...] = ()
    name: str = "某中心"
    about: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    assets: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    reason: str = "按实际需要安排"
    unchanged: str = ""
    goal: str = ""
    evaluated: bool = True


@dataclass(frozen=True)
class Writer:
    """Writes budgets as grids of an edition.

    Attributes:
        edition: the format.
        kind: 单位 or 部门.
        money: 万元 or 元.
    """

    edition: Edition
    kind: str = "单位"
    money: str = "万元"

    def book(self, budget: Budget) -> Book:
        """The derived Book of a budget, with last year's figures and the reasons."""
        book, findings = read_grid(self._now(budget), self.edition)
        assert all(finding.severity == Severity.NOTE for finding in findings), findings
        return derive(book, self.edition)

    def _now(self, budget: Budget) -> str:
        prior = _figures(self.edition.id, self.kind, self.money, budget.last)
        now = _figures(self.edition.id, self.kind, self.money, budget.now)
        return "\n".join(
            (
                self.money_of(budget, budget.now),
                self._texts(budget),
                self._grid("上年数", ("指标", "科目代码", "上年预算数"), self._priors(prior, now)),
                self._grid("增减原因", ("指标", "科目代码", "原因"), self._reasons(budget, prior, now)),
            )
        )

    # --- last year ---

    def _priors(
        self, prior: Mapping[tuple[str, str], Decimal], now: Mapping[tuple[str, str], Decimal]
    ) -> Iterator[tuple[str, ...]]:
        computed = {figure.id for figure in self.edition.figure if figure.prior}
        for key in dict.fromkeys((*now, *prior)):
            if key[0] not in computed:
                yield *key, self._sum([prior.get(key, Decimal(0))]) or "0"

    def _reasons(
        self,
        budget: Budget,
        prior: Mapping[tuple[str, str], Decimal],
        now: Mapping[tuple[str, str], Decimal],
    ) -> Iterator[tuple[str, ...]]:
        unreasoned = {figure.id for figure in self.edition.figure if not figure.reasoned}
        for key, amount in now.items():
            then = prior.get(key, Decimal(0))
            text = budget.reason if amount != then else budget.unchanged if amount else ""
            if text and key[0] not in unreasoned:
                yield *key, text

    # --- money ---

    def money_of(self, budget: Budget, lines: tuple[Line, ...]) -> str:
        """The tables of some money."""
        about = {
            "单位名称": budget.name,
            "公开主体": self.kind,
            "预算年度": str(self.edition.edition.year),
            "金额单位": self.money,
            "机构类型": "事业单位",
            "公开日期": f"{self.edition.edition.year}-02-20",
            "内设机构称谓": "科室",
            "千分位": "是",
            "列表序号": "1.",
            "持平表述": "增加0.00万元",
            "上年为零时的增长率": "100.00%",
            "去掉末尾零": "否",
            "自称": "同公开主体",
            "列举加等": "否",
            "项目序号": "（一）",
            "具体使用情况": "逐项编号",
            "结构写类代码": "否",
            **budget.about,
        }
        general = [line for line in lines if line.source in GENERAL]
        sources = [c.name for c in self.edition.tables["收入总体"].main.columns if c.type == "money"]
        return "\n".join(
            (
                self._grid("单位信息", ("项目", "内容"), about.items()),
                self._grid("收支总体", ("项目", "预算数"), self._parts(lines)),
                self._cross("收入总体", lines, {s: lambda line, s=s: line.source == s for s in sources}),
                self._cross(
                    "支出总体",
                    lines,
                    {"基本支出": lambda line: line.basic, "项目支出": lambda line: not line.basic},
                ),
                self._cross(
                    "一般公共预算支出",
                    general,
                    {"基本支出": lambda line: line.basic, "项目支出": lambda line: not line.basic},
                ),
                *(self._separate(table, lines) for table in dict.fromkeys(SEPARATE.values())),
                self._basic([line for line in general if line.basic]),
                self._projects(budget, [line for line in general if not line.basic]),
                self._three_public(general),
                self._outsourced(budget, general),
                self._carried(budget, lines),
            )
        )

    def _parts(self, lines: tuple[Line, ...]) -> Iterator[tuple[str, str]]:
        for source, part in PARTS.items():
            if total := self._total(line for line in lines if line.source == source):
                yield part, total

    def _cross(self, table: str, lines: Iterable[Line], columns: Mapping[str, Callable[[Line], bool]]) -> str:
        lines = tuple(lines)
        codes = sorted({line.code for line in lines})
        rows = (
            (
                code,
                *(
                    self._total(n for n in lines if n.code == code and chosen(n))
                    for chosen in columns.values()
                ),
            )
            for code in codes
        )
        return self._grid(table, ("科目代码", *columns), rows)

    def _separate(self, table: str, lines: Iterable[Line]) -> str:
        own = [line for line in lines if SEPARATE.get(line.source) == table]
        columns = {
            "人员经费": lambda line: line.personnel,
            "公用经费": lambda line: line.basic and not line.personnel,
            "项目支出": lambda line: not line.basic,
        }
        return self._cross(table, own, columns)

    def _basic(self, lines: list[Line]) -> str:
        rows = []
        for use in sorted({line.use for line in lines}):
            amount = self._total(line for line in lines if line.use == use)
            rows.append((use, amount, "") if use[:3] in PERSONNEL else (use, "", amount))
        return self._grid("基本支出", ("科目代码", "人员经费", "公用经费"), rows)

    def _projects(self, budget: Budget, lines: list[Line]) -> str:
        rows = [
            (self._unit(budget), code, use, self._total(n for n in lines if (n.code, n.use) == (code, use)))
            for code, use in dict.fromkeys((line.code, line.use) for line in lines)
        ]
        return self._grid("项目支出", ("单位", "科目代码", "项目名称", "商品和服务支出"), rows)

    def _three_public(self, lines: list[Line]) -> str:
        rows = [
            (row, self._total(line for line in lines if line.use == use))
            for use, row in THREE_PUBLIC.items()
            if any(line.use == use for line in lines)
        ]
        return self._grid("三公经费", ("项目", "一般公共预算"), rows)

    def _outsourced(self, budget: Budget, lines: list[Line]) -> str:
        own = [line for line in lines if line.use == OUTSOURCED]
        if not own or "委托业务费" not in self.edition.tables:
            return ""
        return self._grid(
            "委托业务费",
            ("单位", "项目名称", "一般公共预算"),
            [(self._unit(budget), RUNNING, self._total(own))],
        )

    def _carried(self, budget: Budget, lines: Iterable[Line]) -> str:
        lines = [line for line in lines if line.source in CARRIED]
        columns = [
            f"{side}{nature}"
            for side, nature in product(CARRIED.values(), ("人员经费", "公用经费", "项目支出"))
        ]
        rows = []
        for name in dict.fromkeys(_carried_name(line) for line in lines):
            cells = dict.fromkeys(columns, "")
            for line in lines:
                if _carried_name(line) == name:
                    nature = "人员经费" if line.personnel else "公用经费" if line.basic else "项目支出"
                    cells[CARRIED[line.source] + nature] = self._total(
                        n for n in lines if _carried_name(n) == name and n.source == line.source
                    )
            rows.append((self._unit(budget), name, *cells.values()))
        return self._grid("结转结余", ("单位", "项目", *columns), rows)

    # --- texts ---

    def _texts(self, budget: Budget) -> str:
        year = self.edition.edition.year
        projects = list(
            dict.fromkeys(line.use for line in budget.now if line.source in GENERAL and not line.basic)
        )
        carried = list(dict.fromkeys(_carried_name(line) for line in budget.now if line.source in CARRIED))
        shown = [name for name in projects if not name.startswith("特定目标")]
        own = [line.use for line in budget.now if line.source in ("单位资金", "财政专户") and not line.basic]
        rest = [name for name in carried if name.startswith("特定目标")]
        run = (
            [RUNNING] if any(line.use == OUTSOURCED and line.source in GENERAL for line in budget.now) else []
        )
        names = dict.fromkeys((*shown, *own)) if budget.evaluated else {}
        return "\n".join(
            (
                self._grid(
                    "职能与机构",
                    ("类别", "内容", "单位性质"),
                    (("主要职能", "负责本地区的业务工作。", ""), *self._institutions(budget)),
                ),
                self._grid(
                    "项目说明",
                    ("项目名称", "承担单位", "政策依据", "资金分配情况", "资金执行时间"),
                    (
                        (
                            name,
                            self._unit(budget) or budget.name,
                            "有关文件",
                            "商品和服务支出",
                            f"{year}年1月1日—{year}年12月31日",
                        )
                        if name in shown
                        else (name, self._unit(budget) or budget.name, "", "", "")
                        for name in projects
                    ),
                ),
                self._grid(
                    "结转用途",
                    ("项目名称", "用途", "并入绩效表的项目"),
                    (
                        (name, "" if name in rest else "办理未完成的业务", budget.merged.get(name, ""))
                        for name in carried
                    ),
                ),
                self._grid("委托业务费用途", ("项目名称", "用途"), ((name, "聘请法律顾问") for name in run))
                if "委托业务费用途" in self.edition.tables
                else "",
                self._grid("采购与资产", ("项目", "数量", "金额"), self._assets(budget)),
                *self._people(),
                self._overall(budget),
                self._grid(
                    "项目绩效",
                    ("项目名称", "财政拨款", "其他资金", "项目负责人", "总体目标"),
                    ((name, *self._funded(budget, name), "某某", "按计划完成年度任务。") for name in names),
                ),
                self._grid(
                    "项目绩效指标",
                    (
                        "项目名称",
                        "一级指标",
                        "二级指标",
                        "三级指标",
                        "指标值",
                        "指标值设置依据",
                        "上年完成值",
                        "权重",
                    ),
                    (
                        (name, *indicator.split("|"))
                        for name in names
                        for indicator in INDICATORS.splitlines()
                    ),
                ),
            )
        )

    def _institutions(self, budget: Budget) -> Iterator[tuple[str, ...]]:
        yield from (("下属单位", name, kind) for name, kind in budget.units.items())

    def _unit(self, budget: Budget) -> str:
        """The unit that carries all the projects of a department."""
        return next(iter(budget.units), budget.name) if self.kind == "部门" else ""

    def _assets(self, budget: Budget) -> Iterator[tuple[str, str, str]]:
        for row in (*PROCURED, *ASSETS, *COUNTED):
            number, money = budget.assets.get(row, ("0", "0"))
            counted = row in COUNTED or row in ("房屋", "一般公务用车", "执法执勤用车", "其他车辆")
            yield row, number if counted else "", "" if row in COUNTED else self._in_money(money)
        yield from (
            (row, number, self._in_money(money))
            for row, (number, money) in budget.assets.items()
            if row == "购置车辆"
        )

    def _people(self) -> Iterator[str]:
        if "人员情况" in self.edition.tables:
            yield self._grid(
                "人员情况",
                ("项目", "人数", "增加", "减少"),
                (
                    ("编制数", "10", "", ""),
                    ("在职", "9", "0", ""),
                    ("退休", "3", "1", ""),
                    ("离休", "0", "0", ""),
                ),
            )

    def _overall(self, budget: Budget) -> str:
        rows = (("年度绩效目标", budget.goal), ("联系人", "某某")) if budget.goal else ()
        return self._grid("整体绩效", ("项目", "内容"), rows)

    def _funded(self, budget: Budget, name: str) -> tuple[str, str]:
        own = [line for line in budget.now if line.use == name]
        merged = [n for n in budget.now if n.source in CARRIED and budget.merged.get(n.use) == name]
        return (
            self._total([*(line for line in own if line.source in GENERAL), *merged]) or "0",
            self._total(line for line in own if line.source in ("单位资金", "财政专户")) or "0",
        )

    # --- cells ---

    def _total(self, lines: Iterable[Line]) -> str:
        return self._sum([Decimal(line.amount) for line in lines])

    def _sum(self, amounts: list[Decimal]) -> str:
        return self._in_money(str(sum(amounts))) if amounts else ""

    def _in_money(self, amount: str) -> str:
        return f"{Decimal(amount) * (10_000 if self.money == '元' else 1):f}"

    def _grid(self, table: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
        return "\n".join((f"{table} | " + " | ".join(columns), *(f" | {' | '.join(row)}" for row in rows)))


@cache
def _figures(
    edition_id: str, kind: str, money: str, lines: tuple[Line, ...]
) -> Mapping[tuple[str, str], Decimal]:
    """The figures of the narrative that some money gives, by id and code."""
    edition = load(edition_id)
    grid = Writer(edition, kind, money).money_of(Budget(lines), lines)
    book = derive(read_grid(grid, edition)[0], edition)
    return {
        (row.text(FigureColumn.ID), row.text(FigureColumn.CODE)): row[FigureColumn.AMOUNT].amount
        for row in with_figures(book, edition)[FIGURES].rows
    }


def _carried_name(line: Line) -> str:
    return "人员经费结转" if line.personnel else "公用经费结转" if line.basic else line.use
