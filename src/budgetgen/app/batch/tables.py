"""The table of what happened: on the screen and as a workbook."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.writing.workbook.listing import COUNT, ListColumn, render_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.app.batch.jobs import State
    from budgetgen.app.batch.records import Entry
    from budgetgen.values.model import Value

STATES: Mapping[State, str] = {
    "done": "完成",
    "failed": "未通过",
    "unusable": "不能用",
    "unfinished": "没有做完",
    "broken": "程序出错",
}
COLUMNS = (
    ListColumn("文件", 36),
    ListColumn("单位", 30),
    ListColumn("状态", 10),
    ListColumn("错误", 8, COUNT),
    ListColumn("需说明", 8, COUNT),
    ListColumn("提示", 8, COUNT),
    ListColumn("写出", 50),
    ListColumn("说明", 50),
    ListColumn("本次", 10),
)
AGAIN, BEFORE = "处理", "没有变化"


def render_entries(title: str, entries: Sequence[Entry]) -> bytes:
    """The table as a workbook."""
    return render_list(title, COLUMNS, map(_row, entries))


def _row(one: Entry) -> tuple[Value, ...]:
    counts = (Decimal(number) for number in (one.errors, one.explains, one.notes))
    texts = "\n".join(one.written) or None, _remark(one) or None
    return one.file, one.unit or None, STATES[one.state], *counts, *texts, AGAIN if one.again else BEFORE


def _remark(one: Entry) -> str:
    kept = (f"原有的 {name} 改名保留为 {renamed}" for name, renamed in one.kept)
    return "；".join(filter(None, (one.remark, *kept)))


def shown(entries: Sequence[Entry]) -> Iterator[str]:
    """The table on the screen: one line for each file, how many of each kind below."""
    for number, one in enumerate(entries, start=1):
        unit = f"（{one.unit}）" if one.unit else ""
        again = "" if one.again else f"　{BEFORE}"
        yield f"{number:>4}  {STATES[one.state]:<4}  {one.file}{unit}{again}"
        if remark := _remark(one):
            yield f"          {remark}"
    counts = ((name, sum(one.state == state for one in entries)) for state, name in STATES.items())
    yield f"合计 {len(entries)} 个：" + "，".join(f"{name} {count} 个" for name, count in counts if count)
