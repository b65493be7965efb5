"""The changes between two files on the screen, and for machines."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from budgetgen.comparison.listings import COUNTED, described, limit, lines_of, listings
from budgetgen.values.amounts import plain
from budgetgen.values.places import parts_of, told_place
from budgetgen.values.text import caption

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import DataclassInstance

    from budgetgen.comparison import Changes, Side
    from budgetgen.comparison.listings import Listing
    from budgetgen.comparison.opinions import Opinions

PER_LIST = 4
"""How many entries of a list are shown unless all are asked for: five lists are about a screen."""
WIDEST = 76
"""Characters of an entry that are shown unless all is asked for."""
LINKAGE = "linkage"
LISTS = ("figures", "reasons", "wording", "structure", LINKAGE)


def printed(changes: Changes, *, everything: bool = False) -> str:
    """The lists, risks first; a few entries of each unless all are asked for."""
    lines = [*_strangers(changes), f"旧：{described(changes.old)}", f"新：{described(changes.new)}"]
    if not changes.differs:
        lines.append("没有差异。")
    for listing in listings(changes):
        lines += _list(changes, listing.id, listing.name, everything=everything)
    if any(COUNTED[name](changes) > PER_LIST for name in LISTS) and not everything:
        lines.append("加 --all 全部列出；加 -o 比较.xlsx（或 .html、.docx）写成便于审阅的文件。")
    return "\n".join(lines)


def _strangers(changes: Changes) -> Iterator[str]:
    """That the files are not of the same unit: nearly everything differs then."""
    old, new = changes.old.unit, changes.new.unit
    if caption(old) != caption(new):
        yield f"两份文件不是同一单位：旧文件是“{old}”，新文件是“{new}”。单位没有改名的，请核对是否给错了文件。"


def summary(changes: Changes) -> str:
    """How many differences each list has, on one line; before it, whether they are of different units."""
    counts = (_counted(listing, COUNTED[listing.id](changes)) for listing in listings(changes))
    return "\n".join([*_strangers(changes), "，".join(counts) if changes.differs else "没有差异。"])


def _counted(listing: Listing, count: int) -> str:
    """How many there are; of the list that proves something, what none means: that all agrees, or was not compared."""
    told = f"（{listing.empty.rstrip('。')}）" if not count and listing.id == LINKAGE else ""
    return f"{listing.name} {count} 处{told}"


def opinions(said: Opinions) -> str:
    """How many earlier opinions came back, and which are to be looked at again."""
    words = f"带回意见 {len(said.current)} 条，其中所说的又变了、要重新核对的 {said.reopened} 条"
    return words + (f"；{len(said.settled)} 条所说的差异已经没有了" if said.settled else "")


def _list(changes: Changes, kind: str, name: str, *, everything: bool) -> Iterator[str]:
    entries = list(lines_of(changes, kind))
    if not entries:
        return
    count = COUNTED[kind](changes)
    other = f"，另有版式变化 {len(entries) - count} 处" if len(entries) > count else ""
    yield f"── {name} {count} 处{_of_figures(changes) if kind == 'figures' else ''}{other} ──"
    for entry, following in entries if everything else entries[:PER_LIST]:
        yield f"  {entry if everything else _cut(entry)}"
        yield from (f"    └ {one}" for one in following if everything)
    if len(entries) > PER_LIST and not everything:
        yield f"  另有 {len(entries) - PER_LIST} 处未列出"


def _of_figures(changes: Changes) -> str:
    large = sum(one.large for one in changes.leading)
    follow = len(changes.figures) - len(changes.leading)
    more = f"，另有 {follow} 处随之变动" if follow else ""
    return f"，其中变动达到 {limit(changes.threshold)} 的 {large} 处{more}"


def _cut(entry: str) -> str:
    return entry if len(entry) <= WIDEST else entry[: WIDEST - 1] + "…"


def as_json(changes: Changes, *, ascii_only: bool = False) -> str:
    """All lists for machines, amounts as strings; a list is empty where nothing differs."""
    lists = {name: [_plain(one) for one in getattr(changes, name)] for name in LISTS}
    sides = {"old": _side(changes.old), "new": _side(changes.new)}
    return json.dumps({**sides, **lists}, ensure_ascii=ascii_only, indent=2)


def _side(side: Side) -> dict[str, Any]:
    return {"file": side.book.file, "edition": side.edition.id, "unit": side.unit, "year": side.year}


def _plain(one: DataclassInstance) -> dict[str, Any]:
    """A change by its attributes; its places in words, and as addresses by what is known of them."""
    told = {name: plain(v) if isinstance(v, Decimal) else v for name, v in asdict(one).items()}
    places = {name: getattr(one, name) for name in told if name.endswith("place")}
    return (
        told
        | {name: told_place(place) for name, place in places.items()}
        | {name.replace("place", "address"): parts_of(place) for name, place in places.items()}
    )
