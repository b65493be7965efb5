"""What changes between two formats, for the screen, for machines and as a page to be passed on."""

from __future__ import annotations

import json
from itertools import groupby, takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.edition.declarations import Edition
    from budgetgen.edition.differences import FormatChange

WIDEST = 60
"""Signs of a text on the screen; of a longer one stands what differs, and AROUND signs before and after."""
AROUND = 12


def printed(changes: Sequence[FormatChange], old: Edition, new: Edition) -> str:
    """Each change on a line, below its subject."""
    lines = [f"旧：{old.edition.title}（{old.id}）", f"新：{new.edition.title}（{new.id}）"]
    for subject, group in _groups(changes):
        lines.append(f"── {subject} {len(group)} 处 ──")
        lines += (f"  {_line(one, WIDEST)}" for one in group)
    return "\n".join([*lines, *([] if changes else ["填报的人看得见的都一样。"])])


def as_markdown(changes: Sequence[FormatChange], old: Edition, new: Edition) -> str:
    """The same as a page with headings, every text whole."""
    lines = [f"# {new.edition.title}的变化", "", f"与{old.edition.title}相比，共 {len(changes)} 处。"]
    for subject, group in _groups(changes):
        lines += ["", f"## {subject}（{len(group)} 处）", "", *(f"* {_line(one)}" for one in group)]
    return "\n".join(lines)


def as_json(changes: Sequence[FormatChange], *, ascii_only: bool = False) -> str:
    """The changes for machines."""
    entries = [
        {"subject": one.subject, "where": one.where, "old": one.old or None, "new": one.new or None}
        for one in changes
    ]
    return json.dumps(entries, ensure_ascii=ascii_only, indent=2)


def _groups(changes: Sequence[FormatChange]) -> Iterator[tuple[str, list[FormatChange]]]:
    for subject, group in groupby(changes, key=lambda one: one.subject):
        yield subject, list(group)


def _line(change: FormatChange, widest: int | None = None) -> str:
    old, new = (change.old, change.new) if widest is None else _excerpts(change.old, change.new, widest)
    told = f"改为“{new}”，原为“{old}”" if old and new else f"新增“{new}”" if new else f"取消“{old}”"
    return f"{change.where}：{told}" if change.where else told


def _excerpts(old: str, new: str, widest: int) -> tuple[str, str]:
    """Two texts, of which what both begin and end with is cut where they are long."""
    if max(len(old), len(new)) <= widest:
        return old, new
    begin = max(0, _shared(old, new) - AROUND)
    end = max(0, _shared(old[begin:][::-1], new[begin:][::-1]) - AROUND)
    return _cut(old, begin, end, widest), _cut(new, begin, end, widest)


def _shared(one: str, other: str) -> int:
    """With how many signs both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _cut(text: str, begin: int, end: int, widest: int) -> str:
    own = text[begin : len(text) - end]
    after = "…" if end or len(own) > widest else ""
    return f"{'…' if begin else ''}{own[:widest]}{after}"
