"""What changes are called."""

from __future__ import annotations

from decimal import Decimal
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from budgetgen.comparison.listings.values import Marked, Tone
from budgetgen.comparison.values import JOINT, Concern, Kind, Link, Matter, Risk
from budgetgen.values.amounts import plain, rounded
from budgetgen.values.likeness import comparable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from budgetgen.comparison.values import (
        Changes,
        Side,
        StructureChange,
        Threshold,
        WordingChange,
    )


KINDS: Mapping[Kind, str] = {
    Kind.CHANGED: "变动",
    Kind.CAME: "新增",
    Kind.WENT: "取消",
    Kind.MOVED: "移动",
    Kind.STAYED: "年份未改",
}
TONES: Mapping[Kind, Tone] = {
    Kind.CHANGED: Tone.PLAIN,
    Kind.CAME: Tone.CAME,
    Kind.WENT: Tone.WENT,
    Kind.MOVED: Tone.PLAIN,
    Kind.STAYED: Tone.RISK,
}
MATTERS: Mapping[Matter, str] = {
    Matter.UNIT: "单位",
    Matter.PROJECT: "项目",
    Matter.TABLE: "表",
    Matter.LINE: "行",
    Matter.CODE: "科目代码",
    Matter.SECTION: "章节",
    Matter.COLUMN: "栏目",
}
LINKS: Mapping[Link, str] = {
    Link.RENAMED: "可能改名",
    Link.DIVIDED: "可能拆分",
    Link.MERGED: "可能合并",
    Link.RECODED: "可能改了",
    Link.CLOSED: "可能转为涉密",
    Link.SPELT: "名称写法不同",
}
"""How things that went and came are proposed to be the same."""
RISKS: Mapping[Risk, str] = {
    Risk.LOWERED: "目标调低",
    Risk.DROPPED: "指标取消",
    Risk.WEIGHED: "权重变动",
    Risk.STALE: "年份未改",
}
"""What a text is to be looked at first for."""
GROUNDS: Mapping[Link, str] = {
    Link.RENAMED: "名称和金额相近（{likeness}%），请确认是不是同一{matter}",
    Link.DIVIDED: "名称相近，金额相加相等，请确认是不是同一{matter}",
    Link.MERGED: "名称相近，金额相加相等，请确认是不是同一{matter}",
    Link.RECODED: "各栏金额相等，请确认是不是同一行改了代码",
    Link.CLOSED: "金额相等，请确认；两个名称不要同时出现在公开文本里",
    Link.SPELT: "只有标点不同，请确认以哪一个为准",
}
"""Why they are proposed."""
CONCERNS: Mapping[Concern, tuple[str, str]] = {
    Concern.CONTRADICTS: ("方向可能相反", "核对原因说的方向与增减是否一致"),
    Concern.OUTDATED: ("照抄上年，方向可能相反", "按今年的增减重写原因"),
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
    return f"表{table.ordinal} {name}" if table and table.printed else name


def table_names(side: Side, joined: str) -> str:
    """Several tables likewise."""
    return JOINT.join(table_name(side, name) for name in joined.split(JOINT) if name)


def where(changes: Changes, one: WordingChange) -> str:
    """Where a text stands, for people."""
    if one.section:
        return one.section
    if not one.table:
        return "正文"
    if one.table == changes.new.edition.house.about:
        return f"写法 {one.key}"
    return " ".join(filter(None, (table_name(changes.new, one.table), one.name, one.column)))


def remark(one: StructureChange) -> str:
    """What is to be known of a thing that came or went."""
    if one.link is not None:
        likeness = plain(rounded((one.likeness or Decimal(0)) * 100), 0)
        return GROUNDS[one.link].format(matter=MATTERS[one.matter], likeness=likeness)
    if one.template:
        return "两年的版式不同，不算差异"
    if one.matter is Matter.CODE:
        return "名称相同、代码不同，当作同一科目比较"
    if one.matter is Matter.TABLE:
        lacks = f"{one.why}，这张表没有读出来" if one.why else "另一份文件里没有这张表"
        return f"{lacks}，其中的数字没有比较"
    return ""


def compared(old: str, new: str) -> tuple[Marked, Marked]:
    """Two texts with the pieces that differ."""
    if comparable(old, new):
        codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    else:
        codes = [("replace", 0, len(old), 0, len(new))]
    before = _marked((old[a:b], tag != "equal") for tag, a, b, _, _ in codes)
    return before, _marked((new[c:d], tag != "equal") for tag, _, _, c, d in codes)


def _marked(pieces: Iterable[tuple[str, bool]]) -> Marked:
    """Neighbouring pieces of one kind as one, none empty."""
    told = groupby((piece for piece in pieces if piece[0]), key=itemgetter(1))
    return Marked(tuple(("".join(text for text, _ in run), changed) for changed, run in told))
