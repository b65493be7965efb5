"""The functions of the formula language, each one entry: what it takes, gives, means, and how Excel says it.

A new function is one entry here: reading, evaluating and documenting take it from here, and so does the sheet 校验 where
the function is a condition. Relations with one that gives a number are checked without a live formula.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.formula.values import Result
from budgetgen.values.amounts import amounts_in, number_in, percentage, rounded
from budgetgen.values.demands import Demand, asks_less
from budgetgen.values.likeness import alike
from budgetgen.values.text import as_named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TRUTH = "truth"
"""The kind of what is true or false."""
YEAR = re.compile(r"(20\d\d)年")
ENDS_IN_DIGIT = re.compile(r"[0-9A-Za-z]$")

Texts: TypeAlias = "tuple[str, ...]"


@dataclass(frozen=True)
class Function:
    """A function of values.

    Attributes:
        name: as formulas write it.
        arguments: what it takes, as the documentation calls them.
        kind: of its value: truth, money, count, number or percent.
        meaning: what it gives, in a line.
        value: its value out of those of its arguments.
        excel: how Excel says it over texts, as a truth; none where only the program checks it.
        present: whether it asks for presence, which the compilers say of cells and of ranges each in its own way.
    """

    name: str
    arguments: tuple[str, ...]
    kind: str
    meaning: str
    value: Callable[..., Result]
    excel: Callable[[Texts], str] | None = None
    present: bool = False


def _has(value: Result) -> Result:
    return Result(value.value is not None and value.value not in (0, ""))


def _filled(value: Result) -> Result:
    return Result(value.value is not None and value.value != "")


def _share(part: Result, whole: Result) -> Result:
    """Shares are worked from the printed amounts, as a reader would."""
    if not isinstance(whole.value, Decimal) or rounded(whole.value) == 0:
        return Result(None)
    return Result(percentage(rounded(part.amount), rounded(whole.value)))


def _listed(text: Result) -> Result:
    amounts = amounts_in(text.text)
    return Result(sum(amounts, Decimal(0)) if amounts else None, len(amounts))


def _listed_at(text: Result, number: Result) -> Result:
    amounts, index = amounts_in(text.text), int(number.amount) - 1
    return Result(amounts[index], 1) if 0 <= index < len(amounts) else Result(None)


def _mentioned(text: Result, amount: Result) -> Result:
    return Result(rounded(amount.amount) in map(rounded, amounts_in(text.text)))


def _number(text: Result) -> Result:
    return Result(text.value if isinstance(text.value, Decimal) else number_in(text.text))


def _other_years(text: Result, year: Result) -> Result:
    named = YEAR.findall("".join(text.text.split()))
    return Result(Decimal(sum(one != year.text for one in named)))


def _similar(one: Result, other: Result) -> Result:
    first, second = as_named(one.text), as_named(other.text)
    return Result(first in second or second in first or alike(first, second))


def _below(target: Result, reached: Result) -> Result:
    return Result(asks_less(Demand.of(target.text), Demand.of(reached.text)))


def _together(one: Result, other: Result) -> Result:
    return Result("" in {one.text, other.text} or as_named(one.text) == as_named(other.text))


_ALL = (
    Function("有", ("值",), TRUTH, "不空，也不是 0", _has, present=True),
    Function("填", ("值",), TRUTH, "不空（0 也算填了）", _filled, present=True),
    Function("非", ("条件",), TRUTH, "条件不成立；也可以写 not", lambda value: Result(not value.true)),
    Function(
        "前缀",
        ("文字", "开头"),
        TRUTH,
        "文字以它开头",
        lambda text, start: Result(text.text.startswith(start.text)),
        lambda said: f"LEFT({said[0]},LEN({said[1]}))={said[1]}",
    ),
    Function(
        "后缀",
        ("文字", "结尾"),
        TRUTH,
        "文字以它结尾",
        lambda text, end: Result(text.text.endswith(end.text)),
        lambda said: f"RIGHT({said[0]},LEN({said[1]}))={said[1]}",
    ),
    Function(
        "包含",
        ("文字", "部分"),
        TRUTH,
        "文字里有它",
        lambda text, part: Result(part.text in text.text),
        lambda said: f"ISNUMBER(FIND({said[1]},{said[0]}))",
    ),
    Function(
        "数字结尾",
        ("文字",),
        TRUTH,
        "文字以数字或字母结尾，后面的数会和它连在一起",
        lambda text: Result(bool(ENDS_IN_DIGIT.search(text.text))),
    ),
    Function("占比", ("部分", "全部"), "percent", "由公开的两位小数算的百分比", _share),
    Function("所列", ("文字",), "money", "文字里以万元计的金额之和", _listed),
    Function(
        "所列数",
        ("文字",),
        "count",
        "文字里有几个金额",
        lambda text: Result(Decimal(len(amounts_in(text.text)))),
    ),
    Function("所列第", ("文字", "第几个"), "money", "文字里的第几个金额", _listed_at),
    Function("提到", ("文字", "金额"), TRUTH, "文字里有这个金额", _mentioned),
    Function("数", ("文字",), "number", "文字里的第一个数", _number),
    Function(
        "低于",
        ("指标值", "完成值"),
        TRUTH,
        "指标值要求得比完成值低：单位相同，“≥”“=”的数小了，“≤”的数大了；日期、“≤”的金额不比",
        _below,
    ),
    Function("年外", ("文字", "年"), "count", "文字里有几个年份不是这一年", _other_years),
    Function(
        "同属",
        ("单位", "单位"),
        TRUTH,
        "同一单位的，或者有一边没有写单位",
        _together,
        lambda said: f'(({said[0]}="")+({said[1]}="")+({said[0]}={said[1]})>0)',
    ),
    Function("相近", ("名称", "名称"), TRUTH, "两个名称相同、相含或者很像", _similar),
)
FUNCTIONS: Mapping[str, Function] = {function.name: function for function in _ALL}
"""All functions of values by name."""
AGGREGATES: Mapping[str, str] = {"求和": "各行之和", "个数": "有几行"}
"""The functions that run over rows, and what they give."""
