"""Changes in one line each, for the screen and for comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.comparison.chapters import BREAK
from budgetgen.comparison.figures import MONEY
from budgetgen.comparison.listings.words import (
    CONCERNS,
    KINDS,
    LINKS,
    MATTERS,
    RISKS,
    remark,
    table_name,
    table_names,
    where,
)
from budgetgen.comparison.values import Concern, Kind, Matter
from budgetgen.values.amounts import plain, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from budgetgen.comparison.values import (
        Changes,
        FigureChange,
        FigureSpot,
        LinkageBreak,
        ReasonChange,
        StructureChange,
        WordingChange,
    )


def lines_of(changes: Changes, kind: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The entries of a list as single lines, for the screen; each with those of the figures that only follow from it."""
    match kind:
        case "linkage":
            yield from ((told_linkage(one), ()) for one in changes.linkage)
        case "reasons":
            yield from ((told_reason(one), ()) for one in changes.reasons)
        case "figures":
            yield from ((told_figure(changes, one), _led(changes, one.spot)) for one in changes.leading)
        case "wording":
            yield from ((told_wording(changes, one), ()) for one in changes.wording)
        case _:
            yield from ((told_structure(changes, one), _led(changes, one.spot)) for one in changes.structure)


def _led(changes: Changes, spot: FigureSpot) -> tuple[str, ...]:
    return tuple(told_figure(changes, one) for one in changes.following.get(spot, ()))


def told_linkage(one: LinkageBreak) -> str:
    """What is told of last year and was not published."""
    if one.told is None or one.published is None:
        told = "没有填上年数" if one.told is None else f"说上年数 {written(one.told)}"
        published = "没有这个数" if one.published is None else f"公开的是 {written(one.published)}"
        return f"{one.name}：新文件{told}，旧文件{published}"
    if one.difference:
        return (
            f"{one.name}：新文件说上年数 {written(one.told)}，旧文件公开的是 {written(one.published)}，"
            f"差 {written(one.difference)}"
            + (f"；增减率 {_percent(one.told_rate)} 与它自己说的上年数也不符" if one.misrated else "")
        )
    return f"{one.name}：新文件说增减率 {_percent(one.told_rate)}，按两年公开的数是 {_percent(one.rate)}"


def told_reason(one: ReasonChange) -> str:
    """A reason that is to be looked at."""
    problem, _ = CONCERNS[one.concern]
    said = f"：{one.new_reason}" if one.new_reason else ""
    if one.concern is Concern.REWRITTEN:
        said = f"：“{one.old_reason}”改为“{one.new_reason}”"
    return (
        f"{one.name} {written(one.old)} → {written(one.new)}（{_moved(one.change, one.rate)}）{problem}{said}"
    )


def told_figure(changes: Changes, one: FigureChange) -> str:
    """A figure that differs."""
    mark = "" if one.kind is Kind.CHANGED else f"（{KINDS[one.kind]}）"
    risk = f"【{RISKS[one.risk]}】" if one.risk else ""
    return f"{risk}{table_name(changes.new, one.table)} {one.name}{mark} {told_cell(one)}{led(changes, one.spot)}"


def led(changes: Changes, spot: FigureSpot) -> str:
    """How many figures only follow from something, behind what is told of it."""
    count = len(changes.following.get(spot, ()))
    return f"，带动其他数字 {count} 处" if count else ""


def led_by(changes: Changes, one: StructureChange) -> str:
    """Likewise behind a thing that came or went; lines and columns are known by no name that figures follow from."""
    return led(changes, one.spot) if one.names or one.matter is Matter.TABLE else ""


def told_cell(one: FigureChange) -> str:
    """A figure that differs, where its row is known."""
    old, new, change = (_counted(value, one.measure) for value in (one.old, one.new, one.change))
    return f"{one.column} {old} → {new}（{_signed(one.change, change)}{_rated(one.rate)}）"


def told_wording(changes: Changes, one: WordingChange) -> str:
    """A text that differs."""
    place = (f"【{RISKS[one.risk]}】" if one.risk else "") + where(changes, one)
    old, new = (text if one.table else _first(text) for text in (one.old_sentence, one.new_sentence))
    match one.kind:
        case Kind.CAME:
            return f"{place} 新增：{new}"
        case Kind.WENT:
            return f"{place} 取消：{old}"
        case Kind.MOVED | Kind.STAYED:
            return f"{place} {KINDS[one.kind]}：{new}"
    return f"{place}：“{old}”改为“{new}”"


def _first(text: str) -> str:
    """The first paragraph of a whole section, with how many there are."""
    first, *more = text.split(BREAK)
    return f"{first}……（整节，共{len(more) + 1}段）" if more else first


def told_structure(changes: Changes, one: StructureChange) -> str:
    """A thing that came or went."""
    matter = MATTERS[one.matter]
    note = f"（{text}）" if (text := remark(one)) else ""
    amounts = " → ".join(written(a) for a in (one.old_amount, one.new_amount) if a is not None)
    amount = f" {amounts}万元" if amounts else ""
    table = f"{table_names(changes.new, one.table)} " if _in_tables(changes, one) else ""
    more = led_by(changes, one)
    if one.kind is Kind.CHANGED:
        kind = LINKS[one.link] if one.link else "变动"
        return f"{table}{matter}{kind}：{one.old} → {one.new}{amount}{note}{more}"
    return f"{table}{KINDS[one.kind]}{matter}：{one.old or one.new}{amount}{note}{more}"


def _in_tables(changes: Changes, one: StructureChange) -> bool:
    """Whether it is to be said in which tables a thing is: a code only where it became several."""
    codes = [other.old for other in changes.structure if other.matter is Matter.CODE]
    return one.matter in {Matter.COLUMN, Matter.LINE} or (
        one.matter is Matter.CODE and codes.count(one.old) > 1
    )


def _moved(change: Decimal, rate: Decimal | None) -> str:
    return _signed(change, written(change)) + _rated(rate)


def _rated(rate: Decimal | None) -> str:
    return "" if rate is None else f"，{_signed(rate, _percent(rate))}"


def _signed(value: Decimal, text: str) -> str:
    return f"+{text}" if value > 0 else text


def _counted(value: Decimal, measure: str) -> str:
    """A figure as printed: amounts with two decimals, whole numbers of other things without."""
    return plain(value, 0) if measure != MONEY and value == value.to_integral() else written(value)


def _percent(rate: Decimal | None) -> str:
    return "没有" if rate is None else f"{written(rate)}%"
