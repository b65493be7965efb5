"""The changes between two files as people read them: lists with captions, one for each kind of difference.

What is said here is said alike on the screen, in the workbook, on the page and in the comments; those decide
nothing but looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.amounts import plain, rounded, written
from budgetgen.comparison.figures import MONEY, number, title
from budgetgen.comparison.values import Concern, Kind, Matter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from decimal import Decimal

    from budgetgen.comparison.values import (
        Changes,
        FigureChange,
        LinkageBreak,
        Pair,
        ReasonChange,
        Side,
        StructureChange,
        TableView,
        Threshold,
        WordingChange,
    )

MOST_BARS = 10
"""How many lines of a table are drawn."""
SHORT_NAME = 16


class Tone(StrEnum):
    """How an entry is coloured."""

    RISK = "risk"
    CAME = "came"
    WENT = "went"
    NOTE = "note"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with its changed pieces.

    Attributes:
        pieces: (text, whether it is changed) in order.
    """

    pieces: tuple[tuple[str, bool], ...]

    def __str__(self) -> str:
        return "".join(text for text, _ in self.pieces)


Entry: TypeAlias = "str | Decimal | Marked | None"


@dataclass(frozen=True, slots=True)
class Heading:
    """The caption of a column.

    Attributes:
        text: as shown.
        kind: text, money or percent.
        width: in characters.
    """

    text: str
    kind: str = "text"
    width: float = 14


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a list.

    Attributes:
        values: under the headings.
        tone: its colour.
    """

    values: tuple[Entry, ...]
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Listing:
    """One list.

    Attributes:
        id: in English, as in the JSON.
        name: its title.
        guide: what it lists, and how it is read.
        headings: the columns.
        lines: the entries, risks first.
        empty: what is said where there are none.
    """

    id: str
    name: str
    guide: str
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Bars:
    """The largest movements of a table: what is drawn.

    Attributes:
        title: above the chart.
        labels: what the lines are called.
        old, new: their amounts in 万元.
    """

    title: str
    labels: tuple[str, ...]
    old: tuple[Decimal, ...]
    new: tuple[Decimal, ...]


@dataclass(frozen=True)
class Opposed:
    """A table of both files, side by side.

    Attributes:
        name: of its sheet.
        title: with its number.
        columns: of figures; those without any are left out.
        lines: name of the row, its (old, new, change) under each column, tone.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    lines: tuple[tuple[str, tuple[tuple[Decimal, Decimal, Decimal], ...], Tone], ...]


# --- words --------------------------------------------------------------------------------------------------

KINDS: Mapping[Kind, str] = {Kind.CHANGED: "变动", Kind.CAME: "新增", Kind.WENT: "取消"}
TONES: Mapping[Kind, Tone] = {Kind.CHANGED: Tone.PLAIN, Kind.CAME: Tone.CAME, Kind.WENT: Tone.WENT}
MATTERS: Mapping[Matter, str] = {
    Matter.UNIT: "单位",
    Matter.PROJECT: "项目",
    Matter.TABLE: "表",
    Matter.LINE: "行",
    Matter.CODE: "科目代码",
    Matter.SECTION: "章节",
    Matter.COLUMN: "栏目",
}
CONCERNS: Mapping[Concern, tuple[str, str]] = {
    Concern.CONTRADICTS: ("方向可能相反", "核对原因说的方向与增减是否一致"),
    Concern.MISSING: ("变动大而没有原因", "补写原因"),
    Concern.COPIED: ("照抄上年", "核对是否仍是今年的原因"),
    Concern.NEEDLESS: ("没有变动却写了原因", "核对金额；没有变动的可删去原因"),
    Concern.REWRITTEN: ("原因改写", "核对改写后的原因"),
}
"""What a reason is listed for, and what to do."""


def side_names(changes: Changes) -> tuple[str, str]:
    """What the two files are called above a column: by their years where these differ."""
    old, new = changes.old.year, changes.new.year
    return (f"{old}年", f"{new}年") if old != new else ("原文件", "新文件")


def described(side: Side) -> str:
    """A file in words."""
    return f"{side.year}年 {side.unit or '（没有单位名称）'}（{side.book.file}）"


def limit(threshold: Threshold) -> str:
    """A threshold in words."""
    return f"{plain(threshold.value, 0)}%" if threshold.relative else f"{plain(threshold.value)}万元"


def table_name(side: Side, name: str) -> str:
    """A table as readers know it: by its number and its name."""
    table = side.edition.tables.get(name)
    return f"表{table.number} {name}" if table and table.printed else name


def compared(old: str, new: str) -> tuple[Marked, Marked]:
    """Two texts with the pieces that differ."""
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    before = _marked((old[a:b], tag != "equal") for tag, a, b, _, _ in codes)
    return before, _marked((new[c:d], tag != "equal") for tag, _, _, c, d in codes)


def _marked(pieces: Iterable[tuple[str, bool]]) -> Marked:
    """Neighbouring pieces of one kind as one, none empty."""
    told = groupby((piece for piece in pieces if piece[0]), key=itemgetter(1))
    return Marked(tuple(("".join(text for text, _ in run), changed) for changed, run in told))


# --- lists --------------------------------------------------------------------------------------------------


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
        tuple(Line(_linkage_line(one), Tone.RISK) for one in changes.linkage),
        why,
    )


def _linkage_line(one: LinkageBreak) -> tuple[Entry, ...]:
    published: Entry = "没有这个数" if one.published is None else one.published
    return (
        one.name,
        one.told,
        published,
        one.difference,
        one.told_change,
        one.change,
        one.told_rate,
        one.rate,
        one.place,
        one.old_place,
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


def _reason_line(one: ReasonChange) -> Line:
    problem, fix = CONCERNS[one.concern]
    told: tuple[Entry, Entry] = (one.old_reason, one.new_reason)
    if one.concern is Concern.REWRITTEN:
        told = compared(one.old_reason, one.new_reason)
    tone = Tone.RISK if one.concern in {Concern.CONTRADICTS, Concern.MISSING} else Tone.NOTE
    return Line((problem, one.name, one.old, one.new, one.change, one.rate, *told, fix, one.place), tone)


def _figures(changes: Changes) -> Listing:
    old, new = side_names(changes)
    return Listing(
        "figures",
        "数字",
        f"不同的数字，变动大的（达到 {limit(changes.threshold)}）在前。表中金额：万元，按公开的两位小数比较。",
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
            Heading("旧文件位置", width=24),
            Heading("新文件位置", width=24),
        ),
        tuple(_figure_line(changes, one) for one in changes.figures),
        "没有不同。",
    )


def _figure_line(changes: Changes, one: FigureChange) -> Line:
    values: tuple[Entry, ...] = (
        "是" if one.large else "",
        KINDS[one.kind],
        table_name(changes.new, one.table),
        one.name,
        "明细" if one.line else "汇总",
        one.column,
        one.old,
        one.new,
        one.change,
        one.rate,
        one.share,
        one.old_place,
        one.new_place,
    )
    return Line(values, TONES[one.kind] if one.kind is not Kind.CHANGED or not one.large else Tone.NOTE)


def _wording(changes: Changes) -> Listing:
    old, new = side_names(changes)
    return Listing(
        "wording",
        "文字",
        "不同的文字，改动之处标红。固定格式的语句随数字和版式变化，不列；年份顺延的不算不同。",
        (
            Heading("变化", width=8),
            Heading("在哪里", width=40),
            Heading(old, width=70),
            Heading(new, width=70),
            Heading("新文件位置", width=20),
        ),
        tuple(_wording_line(changes, one) for one in changes.wording),
        "没有不同。",
    )


def _wording_line(changes: Changes, one: WordingChange) -> Line:
    shown = compared(one.old_sentence, one.new_sentence)
    return Line((KINDS[one.kind], where(changes, one), *shown, one.place), TONES[one.kind])


def where(changes: Changes, one: WordingChange) -> str:
    """Where a text stands, for people."""
    if one.section:
        return one.section
    if not one.table:
        return "正文"
    if one.table == changes.new.edition.house.about:
        return f"写法 {one.key}"
    return " ".join(filter(None, (table_name(changes.new, one.table), one.name, one.column)))


def _structure(changes: Changes) -> Listing:
    old, new = side_names(changes)
    return Listing(
        "structure",
        "结构",
        "新增、取消的单位、项目、表、行、章节、栏目。“可能改名”只是提示，两边的数字没有合在一起比，请人工确认。",
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


def _structure_line(changes: Changes, one: StructureChange) -> Line:
    kind = "可能改名" if one.likeness is not None else KINDS[one.kind]
    tables = "、".join(table_name(changes.new, name) for name in one.table.split("、") if name)
    names = compared(one.old, one.new) if one.old and one.new else (one.old, one.new)
    tone = Tone.PLAIN if one.template else Tone.NOTE if one.likeness is not None else TONES[one.kind]
    values = (
        kind,
        MATTERS[one.matter],
        *names,
        one.old_amount,
        one.new_amount,
        tables,
        remark(one),
        one.place,
    )
    return Line(values, tone)


def remark(one: StructureChange) -> str:
    """What is to be known of a thing that came or went."""
    if one.likeness is not None:
        return f"名称和金额相近（{plain(rounded(one.likeness * 100), 0)}%），请确认是不是同一{MATTERS[one.matter]}"
    if one.template:
        return "两年的版式不同，不算差异"
    if one.matter is Matter.CODE:
        return "名称相同、代码不同，当作同一科目比较"
    if one.matter is Matter.TABLE:
        return "另一份文件里没有这张表，其中的数字没有比较"
    return ""


# --- tables and charts --------------------------------------------------------------------------------------


def opposed(changes: Changes) -> tuple[Opposed, ...]:
    """The printed tables side by side, in the order of the new format; empty ones are left out."""
    shown = (_opposed(changes, view) for view in changes.tables)
    return tuple(table for table in shown if table.lines)


def _opposed(changes: Changes, view: TableView) -> Opposed:
    columns = tuple(c for c in view.columns if any(any(_amounts(p, c)) for p in view.pairs))
    lines = []
    for pair in view.pairs:
        figures = tuple((old, new, new - old) for c in columns for old, new in (_amounts(pair, c),))
        if any(old or new for old, new, _ in figures):
            lines.append((_named(changes, view.name, pair), figures, _tone(figures)))
    return Opposed(view.name, table_name(changes.new, view.name), columns, tuple(lines))


def _amounts(pair: Pair, column: str) -> tuple[Decimal, Decimal]:
    old, new = pair.cells(column)
    return number(old.value), number(new.value)


def _named(changes: Changes, table: str, pair: Pair) -> str:
    side = changes.new if pair.new else changes.old
    return title(side.edition, table, pair.shown)


def _tone(figures: tuple[tuple[Decimal, Decimal, Decimal], ...]) -> Tone:
    if not any(change for _, _, change in figures):
        return Tone.PLAIN
    if not any(old for old, _, _ in figures):
        return Tone.CAME
    return Tone.NOTE if any(new for _, new, _ in figures) else Tone.WENT


def charts(changes: Changes) -> tuple[Bars, ...]:
    """The largest movements of the tables that the format has drawn."""
    drawn = []
    for table in changes.new.edition.review.charts:
        moved = [one for one in changes.movements() if one.table == table][:MOST_BARS]
        if moved:
            title = f"{table_name(changes.new, table)}：变动最大的 {len(moved)} 行（万元）"
            labels = tuple(short(one.name) for one in moved)
            drawn.append(Bars(title, labels, tuple(o.old for o in moved), tuple(o.new for o in moved)))
    return tuple(drawn)


def short(name: str) -> str:
    """A name that fits beside a bar."""
    return name if len(name) <= SHORT_NAME else name[: SHORT_NAME - 1] + "…"


# --- one line each ------------------------------------------------------------------------------------------


def told(changes: Changes, kind: str) -> Iterator[str]:
    """The entries of a list as single lines, for the screen and for comments."""
    match kind:
        case "linkage":
            yield from map(told_linkage, changes.linkage)
        case "reasons":
            yield from map(told_reason, changes.reasons)
        case "figures":
            yield from (told_figure(changes, one) for one in changes.figures)
        case "wording":
            yield from (told_wording(changes, one) for one in changes.wording)
        case _:
            yield from (told_structure(changes, one) for one in changes.structure)


def told_linkage(one: LinkageBreak) -> str:
    """What is told of last year and was not published."""
    if one.published is None:
        return f"{one.name}：新文件说上年数 {written(one.told)}，旧文件没有这个数"
    if one.difference:
        return (
            f"{one.name}：新文件说上年数 {written(one.told)}，旧文件公开的是 {written(one.published)}，"
            f"差 {written(one.difference)}"
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
    return f"{table_name(changes.new, one.table)} {one.name}{mark} {told_cell(one)}"


def told_cell(one: FigureChange) -> str:
    """A figure that differs, where its row is known."""
    old, new, change = (_counted(value, one.measure) for value in (one.old, one.new, one.change))
    return f"{one.column} {old} → {new}（{_signed(one.change, change)}{_rated(one.rate)}）"


def told_wording(changes: Changes, one: WordingChange) -> str:
    """A text that differs."""
    place = where(changes, one)
    match one.kind:
        case Kind.CAME:
            return f"{place} 新增：{one.new_sentence}"
        case Kind.WENT:
            return f"{place} 取消：{one.old_sentence}"
    return f"{place}：“{one.old_sentence}”改为“{one.new_sentence}”"


def told_structure(changes: Changes, one: StructureChange) -> str:
    """A thing that came or went."""
    matter = MATTERS[one.matter]
    note = f"（{text}）" if (text := remark(one)) else ""
    amounts = " → ".join(written(a) for a in (one.old_amount, one.new_amount) if a is not None)
    amount = f" {amounts}万元" if amounts else ""
    table = f"{table_name(changes.new, one.table)} " if one.matter in {Matter.COLUMN, Matter.LINE} else ""
    if one.kind is Kind.CHANGED:
        kind = "可能改名" if one.likeness is not None else "变动"
        return f"{table}{matter}{kind}：{one.old} → {one.new}{amount}{note}"
    return f"{table}{KINDS[one.kind]}{matter}：{one.old or one.new}{amount}{note}"


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


COUNTED: Mapping[str, Callable[[Changes], int]] = {
    "linkage": lambda changes: len(changes.linkage),
    "reasons": lambda changes: len(changes.reasons),
    "figures": lambda changes: len(changes.figures),
    "wording": lambda changes: len(changes.wording),
    "structure": lambda changes: sum(not change.template for change in changes.structure),
}
"""How many differences each list has; what the format changed is none."""
