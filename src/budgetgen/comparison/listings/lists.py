"""The lists of changes, one for each kind of difference."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from budgetgen.comparison.listings.lines import led, led_by
from budgetgen.comparison.listings.values import Entry, Heading, Listing, ListLine, Tone
from budgetgen.comparison.listings.words import (
    CONCERNS,
    KINDS,
    LINKS,
    MATTERS,
    RISKS,
    TONES,
    compared,
    limit,
    remark,
    side_names,
    table_name,
    table_names,
    where,
)
from budgetgen.comparison.opinions import OpinionMark
from budgetgen.comparison.values import Concern, Kind
from budgetgen.values.places import told_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from budgetgen.comparison.values import (
        Changes,
        FigureChange,
        FigureSpot,
        LinkageBreak,
        ReasonChange,
        StructureChange,
        WordingChange,
    )
    from budgetgen.values.places import FilePlace


def listings(changes: Changes) -> tuple[Listing, ...]:
    """All lists, risks first."""
    return (_linkage(changes), _reasons(changes), _figures(changes), _wording(changes), _structure(changes))


def _linkage(changes: Changes) -> Listing:
    old, new = side_names(changes)
    why = "全部一致。" if changes.linked else "两份文件不是相邻的两年，不核对。"
    return Listing(
        "linkage",
        "与上年衔接",
        f"新文件说的上年数、增减额、增减率，与旧文件公开的不一致之处。金额：万元。({old} → {new})",
        (
            Heading("指标", width=44),
            Heading("新文件说的上年数", "money"),
            Heading("旧文件公开的", "money"),
            Heading("差", "money"),
            Heading("新文件说的增减额", "money"),
            Heading("应为", "money"),
            Heading("新文件说的增减率", "percent"),
            Heading("应为", "percent"),
            Heading("新文件位置", width=22),
            Heading("旧文件位置", width=22),
        ),
        tuple(
            ListLine(
                _linkage_line(one),
                Tone.RISK,
                mark=OpinionMark.of(
                    ("linkage", one.figure), (one.told, one.published, one.told_rate, one.rate)
                ),
            )
            for one in changes.linkage
        ),
        why,
    )


def _found_at(place: FilePlace | None) -> str:
    """A place with what helps to find it, where no other column of the list says that."""
    return f"{told_place(place)}{f'（{place.around}）' if place and place.around else ''}"


def _linkage_line(one: LinkageBreak) -> tuple[Entry, ...]:
    published: Entry = "没有这个数" if one.published is None else one.published
    return (
        one.name,
        "没有填" if one.told is None else one.told,
        published,
        one.difference,
        one.told_change,
        one.change,
        one.told_rate,
        one.rate,
        _found_at(one.place),
        _found_at(one.old_place),
    )


def _reasons(changes: Changes) -> Listing:
    old, new = side_names(changes)
    return Listing(
        "reasons",
        "增减原因",
        f"需要看一看的增减原因。变动达到 {limit(changes.threshold)} 的算大。金额：万元。",
        (
            Heading("问题", width=20),
            Heading("指标", width=40),
            Heading(old, "money"),
            Heading(new, "money"),
            Heading("增减额", "money"),
            Heading("增减率", "percent"),
            Heading(f"{old}的原因", width=44),
            Heading(f"{new}的原因", width=44),
            Heading("请", width=30),
            Heading("新文件位置", width=18),
        ),
        tuple(_reason_line(one) for one in changes.reasons),
        "没有需要看的。",
    )


def _reason_line(one: ReasonChange) -> ListLine:
    problem, fix = CONCERNS[one.concern]
    told: tuple[Entry, Entry] = (one.old_reason, one.new_reason)
    if one.concern is Concern.REWRITTEN:
        told = compared(one.old_reason, one.new_reason)
    tone = Tone.RISK if one.concern.risky else Tone.NOTE
    mark = OpinionMark.of(
        ("reasons", one.figure, one.concern), (one.old, one.new, one.old_reason, one.new_reason)
    )
    values = (problem, one.name, one.old, one.new, one.change, one.rate, *told, fix, _found_at(one.place))
    return ListLine(values, tone, mark=mark)


def _figures(changes: Changes) -> Listing:
    old, new = side_names(changes)
    return Listing(
        "figures",
        "数字",
        f"不同的数字，变动大的（达到 {limit(changes.threshold)}）在前；按勾稽关系只是随别处变动的，收在起因之下。"
        "表中金额：万元，按公开的两位小数比较。",
        (
            Heading("变动大", width=8),
            Heading("变化", width=8),
            Heading("表", width=22),
            Heading("行", width=44),
            Heading("明细或汇总", width=11),
            Heading("栏目", width=20),
            Heading(old, "money"),
            Heading(new, "money"),
            Heading("增减额", "money"),
            Heading("增减率", "percent"),
            Heading("占本栏总增减", "percent"),
            Heading("随动", width=34),
            Heading("旧文件位置", width=24),
            Heading("新文件位置", width=24),
        ),
        tuple(_folded(changes)),
        "没有不同。",
    )


def _folded(changes: Changes) -> Iterator[ListLine]:
    """The figures that follow from nothing else, each with those that follow from it; then those of whole things."""
    for one in changes.leading:
        yield _figure_line(changes, one, led(changes, one.spot).lstrip("，"))
        yield from _led(changes, one.spot, f"随 {one.name} {one.column}")
    for thing in changes.structure:
        yield from _led(changes, thing.spot, f"随 {thing.new or thing.old}（见“结构”）")


def _led(changes: Changes, spot: FigureSpot, cause: str) -> Iterator[ListLine]:
    for one in changes.following.get(spot, ()):
        others = f" 等 {len(one.causes)} 处" if len(one.causes) > 1 else ""
        yield replace(_figure_line(changes, one, cause + others), folded=True, mark=None)


def _figure_line(changes: Changes, one: FigureChange, along: str) -> ListLine:
    values: tuple[Entry, ...] = (
        "是" if one.large else "",
        RISKS[one.risk] if one.risk else KINDS[one.kind],
        table_name(changes.new, one.table),
        one.name,
        "明细" if one.line else "汇总",
        one.column,
        one.old,
        one.new,
        one.change,
        one.rate,
        one.share,
        along,
        told_place(one.old_place),
        told_place(one.new_place),
    )
    tone = TONES[one.kind] if one.kind is not Kind.CHANGED or not one.large else Tone.NOTE
    tone = Tone.RISK if one.risk else tone
    mark = OpinionMark.of(("figures", one.table, one.key, one.column), (one.old, one.new))
    return ListLine(values, tone, mark=mark, anchor=(one.table, one.key))


def _wording(changes: Changes) -> Listing:
    old, new = side_names(changes)
    return Listing(
        "wording",
        "文字",
        "不同的文字，改动之处标红；目标调低、指标取消、年份没有改的在前。固定格式的语句随数字和版式变化，不列；年份顺延的不算不同。",
        (
            Heading("变化", width=8),
            Heading("在哪里", width=40),
            Heading(old, width=70),
            Heading(new, width=70),
            Heading("旧文件位置", width=20),
            Heading("新文件位置", width=20),
        ),
        tuple(_wording_line(changes, one) for one in changes.wording),
        "没有不同。",
    )


def _wording_line(changes: Changes, one: WordingChange) -> ListLine:
    shown = compared(one.old_sentence, one.new_sentence)
    told = () if one.table else (one.kind, one.old or one.new)
    mark = OpinionMark.of(
        ("wording", one.table, one.key, one.column, *told), (one.old_sentence, one.new_sentence)
    )
    kind = RISKS[one.risk] if one.risk else KINDS[one.kind]
    tone = Tone.RISK if one.risk else TONES[one.kind]
    values = (kind, where(changes, one), *shown, told_place(one.old_place), told_place(one.place))
    return ListLine(values, tone, mark=mark, anchor=(one.table, one.key))


def _structure(changes: Changes) -> Listing:
    old, new = side_names(changes)
    return Listing(
        "structure",
        "结构",
        "新增、取消的单位、项目、表、行、章节、栏目。“可能……”只是提示，两边的数字没有合在一起比，请人工确认。",
        (
            Heading("变化", width=10),
            Heading("什么", width=10),
            Heading(f"{old}的名称", width=44),
            Heading(f"{new}的名称", width=44),
            Heading(f"{old}金额", "money"),
            Heading(f"{new}金额", "money"),
            Heading("在哪里", width=40),
            Heading("说明", width=40),
            Heading("新文件位置", width=22),
        ),
        tuple(_structure_line(changes, one) for one in changes.structure),
        "没有不同。",
    )


def _structure_line(changes: Changes, one: StructureChange) -> ListLine:
    kind = LINKS[one.link] if one.link else KINDS[one.kind]
    names = compared(one.old, one.new) if one.old and one.new else (one.old, one.new)
    tone = Tone.PLAIN if one.template else Tone.NOTE if one.link else TONES[one.kind]
    values = (
        kind,
        MATTERS[one.matter],
        *names,
        one.old_amount,
        one.new_amount,
        table_names(changes.new, one.table),
        "，".join(filter(None, (remark(one), led_by(changes, one).lstrip("，")))),
        told_place(one.place),
    )
    mark = OpinionMark.of(("structure", one.matter, one.old, one.new), (one.old_amount, one.new_amount))
    return ListLine(values, tone, mark=None if one.template else mark)


COUNTED: Mapping[str, Callable[[Changes], int]] = {
    "linkage": lambda changes: len(changes.linkage),
    "reasons": lambda changes: len(changes.reasons),
    "figures": lambda changes: len(changes.leading),
    "wording": lambda changes: len(changes.wording),
    "structure": lambda changes: sum(not change.template for change in changes.structure),
}
"""How many differences each list has; what the format changed is none, nor is a figure that only follows."""
