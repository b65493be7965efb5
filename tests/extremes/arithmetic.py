"""The figures of a narrative worked again from the money, without the program's own tables, shares and rates."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, NamedTuple

from budgetgen.values.model import Paragraph, PerformanceGrid, PrintedTable

from .budgets import GENERAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from budgetgen.values.model import Disclosure

    from .budgets import Budget, Line

CENT = Decimal("0.01")
SOURCES = {
    "一般公共预算": "一般公共预算",
    "上级一般公共预算安排的转移支付资金": "上级一般公共预算",
    "政府性基金预算": "政府性基金预算",
    "国有资本经营预算": "国有资本经营预算",
    "财政专户管理资金": "财政专户",
    "单位资金": "单位资金",
    "财政拨款结转": "财政拨款结转",
    "非财政拨款结转结余": "非财政拨款结转结余",
}
"""What the narrative calls the sources of 表2."""
SENTENCE = re.compile(
    r"(?P<name>[^，：]*?)(?:：20\d\d年预算数为)?(?P<now>-?[\d,]+\.\d\d)万元，(?:占(?P<share>[\d.]+)%，)?"
    r"比上年预算(?P<verb>增加|减少)(?P<change>[\d,.]+)万元(?:，(?:增长|下降)(?P<rate>[\d,.]+)%)?"
)
AMOUNT = re.compile(r"-?[\d,]+\.\d\d(?=万元)")
CHANGE = re.compile(r"(?:增加|减少)[\d,]+\.\d\d万元")


class Told(NamedTuple):
    """What a sentence tells of a figure: this year's amount, its share, the change and its rate."""

    now: Decimal
    share: Decimal | None
    change: Decimal
    rate: Decimal | None


def wrong(disclosure: Disclosure, budget: Budget) -> list[str]:
    """The sentences whose figures are not those of the money, and amounts that stand in no table."""
    blocks = [block for part in disclosure.parts for block in part.blocks]
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    return [*_compared(paragraphs, budget), *_unknown(disclosure, paragraphs, budget)]


# --- sentences that compare with last year ------------------------------------------------------------------


def _compared(paragraphs: list[Paragraph], budget: Budget) -> Iterator[str]:
    kinds = {"基本支出": lambda n: n.basic, "项目支出": lambda n: not n.basic}
    sources = {name: (lambda n, s=source: n.source == s) for name, source in SOURCES.items()}
    general = {name: (lambda n, k=kind: k(n) and n.source in GENERAL) for name, kind in kinds.items()}
    for statement, parts, shared in (
        ("revenue.source", sources, True),
        ("expenditure.kind", kinds, True),
        ("general.scale.kind", general, False),
    ):
        for text in (p.text for p in paragraphs if p.statement == statement):
            if found := SENTENCE.match(text):
                wanted = _wanted(budget, parts, found["name"], shared=shared)
                if _told(found) != wanted:
                    yield f"应为 {wanted}：{text}"
    yield from _items([p.text for p in paragraphs if p.statement == "general.use"], budget)


def _items(texts: list[str], budget: Budget) -> Iterator[str]:
    """The items of the general budget, in the order of their codes."""
    codes = sorted({n.code for n in budget.now if n.source in GENERAL})
    parts = {code: (lambda n, c=code: n.code == c and n.source in GENERAL) for code in codes}
    wanted = [_wanted(budget, parts, code, shared=False) for code in codes if _sum(budget.now, parts[code])]
    told = [_told(found) for text in texts if (found := SENTENCE.search(text))]
    if told != wanted:
        yield f"各项应为 {wanted}，正文写 {told}"


def _wanted(budget: Budget, parts: dict[str, Callable[[Line], bool]], name: str, *, shared: bool) -> Told:
    amounts = [_cents(_sum(budget.now, part)) for part in parts.values()]
    whole = _cents(_sum(budget.now, lambda _: True))
    now, then = (_cents(_sum(lines, parts[name])) for lines in (budget.now, budget.last))
    share = _cents(now * 100 / whole) if shared and whole > 0 and min(amounts) >= 0 else None
    if min(now, then) < 0 and now != then:
        rate = None
    else:
        rate = _cents(abs(now - then) * 100 / then) if then > 0 else Decimal(100 if now > then else 0)
    return Told(now, share, now - then, rate)


def _told(found: re.Match[str]) -> Told:
    change = _number(found["change"])
    return Told(
        _number(found["now"]),
        Decimal(found["share"]) if found["share"] else None,
        -change if found["verb"] == "减少" else change,
        _number(found["rate"]) if found["rate"] else None,
    )


# --- all other amounts --------------------------------------------------------------------------------------


def _unknown(disclosure: Disclosure, paragraphs: list[Paragraph], budget: Budget) -> Iterator[str]:
    """Amounts that no table has, nor 采购与资产, nor the sums of the secret projects."""
    known = {Decimal(0), *map(_number, _printed(disclosure))}
    known |= {_cents(Decimal(money)) for _, money in budget.assets.values()}
    known |= {_cents(_sum(budget.now, lambda n, s=s: n.source == s)) for s in SOURCES.values()}
    known |= {
        _cents(_sum(budget.now, lambda n, s=s: n.use.startswith("特定目标") and n.source in s))
        for s in (GENERAL, ("财政拨款结转", "非财政拨款结转结余"))
    }
    own = ("单位资金", "财政专户")
    known.add(_cents(_sum(budget.now, lambda n: not n.basic and n.source in own)))
    for paragraph in paragraphs:
        for amount in AMOUNT.findall(CHANGE.sub("", paragraph.text)):
            if _number(amount) not in known:
                yield f"各表没有 {amount}：{paragraph.text}"


def _printed(disclosure: Disclosure) -> Iterator[str]:
    for part in disclosure.parts:
        for block in part.blocks:
            rows = block.rows if isinstance(block, PrintedTable) else ()
            heads = (block.head,) if isinstance(block, PerformanceGrid) else ()
            for row in (*rows, *heads):
                yield from filter(re.compile(r"-?[\d,]+\.\d\d").fullmatch, row.values())


def _sum(lines: Iterable[Line], chosen: Callable[[Line], bool]) -> Decimal:
    return sum((Decimal(line.amount) for line in lines if chosen(line)), Decimal(0))


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, rounding=ROUND_HALF_UP) + 0


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
