"""budgetgen consolidate"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from budgetgen.app import console
from budgetgen.app.cli import CLEAN, FAILED
from budgetgen.app.cli.arguments import (
    FILE,
    edition_option,
    format_option,
    output_option,
    scheduler_option,
    workers_option,
)
from budgetgen.app.console import ChineseCommand
from budgetgen.app.pipeline.consolidate import gather
from budgetgen.app.pipeline.unit_files import Sources, files_in
from budgetgen.app.progress import shown
from budgetgen.app.reports import findings as report
from budgetgen.values.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from budgetgen.app.pipeline.consolidate import ConsolidationRun
    from budgetgen.department.submissions import Status


@click.command(cls=ChineseCommand)
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="文件或文件夹...")
@output_option
@click.option(
    "--name", default="", metavar="部门名称", help="部门全称；默认取各单位填的主管部门，或本级单位的名称"
)
@click.option(
    "--units",
    "listed",
    type=FILE,
    metavar="名单",
    help="全部单位的名单（.txt 一行一个，或 .xlsx 一行一个）：按此顺序汇总，缺的、多的都指出",
)
@click.option("--partial", is_flag=True, help="有单位缺报或有错误也先汇总其余的；公开文本每页标明不完整")
@click.option(
    "--from",
    "earlier",
    type=FILE,
    metavar="部门填报表",
    help="上次汇总后改过的部门填报表：取其中确认的内部抵销、部门改写的文字和填的数；带不过来的逐项指出",
)
@click.option(
    "--no-cache",
    "anew",
    is_flag=True,
    help="各单位的文件全部重新核对：不取、也不留下核对结果（平时没有改过的不再核对）",
)
@workers_option
@scheduler_option
@format_option
@edition_option
def command(  # noqa: PLR0913 - one for each option
    files: tuple[Path, ...],
    *,
    output: Path | None,
    name: str,
    listed: Path | None,
    earlier: Path | None,
    workers: int | None,
    scheduler: str | None,
    form: str,
    edition: str | None,
    partial: bool,
    anew: bool,
) -> int:
    """把所属各单位的填报表（或公开文本）汇总成部门的填报表，再用 build 生成部门的公开文本。

    每个单位先核对；年度、版式、金额单位不同，重复，不属于本部门，有错误或缺报的，全部列出，不汇总（除非加
    --partial）。不会覆盖已有的文件。全部汇总了返回 0，有单位没有汇总、
    有确认的抵销没有这么多可减返回 1。
    """
    named = tuple(files_in(file, output) for file in files)
    found = tuple(path for one in named for path in one.files)
    sources = Sources(found, listed, earlier, edition, workers, scheduler, not anew)
    with shown():
        done = gather(sources, name=name, output=output, partial=partial)
    if form == "json":
        text = json.dumps(_machine(done), ensure_ascii=not console.shows_everything(), indent=2)
        click.echo(text)
    else:
        click.echo("\n".join(_told(done, tuple(path for one in named for path in one.other))))
    wrong = done.admission.faults or any(found.severity == Severity.ERROR for found in done.findings)
    return CLEAN if done.written and not wrong else FAILED


def _told(done: ConsolidationRun, other: Sequence[Path]) -> Iterator[str]:
    """How every unit stands, what was not read, what is wrong, and what was written."""
    yield from _table(done)
    if other:
        yield f"文件夹里的其他文件没有读取：{'、'.join(path.name for path in other)}"
    admission = done.admission
    yield from (f"{file} 是上次汇总的结果，已跳过" for file in admission.skipped)
    if admission.faults:
        yield ""
        yield report.understood(admission.faults, done.edition)
    if done.findings:
        yield ""
        yield report.understood(done.findings, done.edition)
    yield ""
    if done.written is None:
        yield "没有汇总。改正后再试；确需先汇总其余的单位，加 --partial。"
        yield f"报送情况写在 {done.statuses}" + (f"，原来的改名为 {done.replaced}" if done.replaced else "")
        return
    names = "、".join(admission.missing)
    yield f"已汇总 {len(admission.taken)} 个单位，写出 {done.written}"
    if names:
        yield f"不完整：缺{names}。公开文本每页都会标明，补齐后重新汇总。"
    declared = done.edition.consolidating
    if done.without_own:
        yield (
            f"各单位里没有{declared.own}（“{admission.name}”或“{admission.name}（{declared.own}）”），"
            f"{declared.own}自己的收支不在合计里；有{declared.own}的填报表的，放进来重新汇总。"
        )
    yield declared.advice.format(标记=declared.draft)


def _table(done: ConsolidationRun) -> Iterator[str]:
    """The status table: one line for each unit, how many of each kind below."""
    states = done.edition.consolidating.traces.states
    counts: dict[str, int] = {}
    for number, status in enumerate(done.admission.statuses, start=1):
        state = states[status.state]
        counts[state] = counts.get(state, 0) + 1
        sent = status.submission
        told = f"（{sent.file}）" if sent else ""
        yield f"{number:>4}  {state:<4}  {status.unit or '（没有单位名称）'}{told}"
    yield "合计：" + "，".join(f"{state} {count} 个" for state, count in counts.items())


def _machine(done: ConsolidationRun) -> dict[str, object]:
    return {
        "department": done.admission.name,
        "edition": done.edition.id,
        "written": str(done.written) if done.written else None,
        "statuses": str(done.statuses) if done.statuses else None,
        "missing": list(done.admission.missing),
        "skipped": list(done.admission.skipped),
        "units": [_unit(status) for status in done.admission.statuses],
        "faults": [{"rule": f.rule, "message": f.message, "fix": f.fix} for f in done.admission.faults],
        "findings": [{"rule": f.rule, "message": f.message, "fix": f.fix} for f in done.findings],
    }


def _unit(status: Status) -> dict[str, object]:
    sent = status.submission
    return {
        "unit": status.unit,
        "file": sent.file if sent else None,
        "state": status.state,
        "taken": status.taken,
        "errors": sent.errors if sent else None,
        "explains": sent.explains if sent else None,
        "notes": sent.notes if sent else None,
        "remark": status.remark,
    }
