"""What consolidation costs, from ten units to a thousand, with six kinds of fault among them.

    python -m benchmarks.departments [sizes …] [--workers N]

Unit workbooks are made from one of the sample's: its name, its items and an amount differ in each. In every
hundred units there are six faults: another year, another edition, another department's, an error in a figure, a damaged file, and one unit twice. Each size is consolidated by a process of its own with
`--partial`; told are seconds (of the clock, and of all processors), units per second, the peak memory of that
process and of its largest worker, how many files were taken, how many were left out, and how many of these were
left out by mistake or without the right fault being named. Then one file changes and all is consolidated once more, the
others taken from the cache: seconds, of processors too. Last its Word document is built: seconds, of a processor too, and
the peak memory; the numbers of its pages, which LibreOffice would give, are left out.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from budgetgen.app.garbage import collect_seldom
from budgetgen.app.pipeline.consolidate import gather
from budgetgen.app.pipeline.unit_files import Sources, files_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SAMPLE = Path(__file__).parents[1] / "samples" / "department-2024" / "xinjiang-2024-information.xlsx"
DEPARTMENT = "乌鲁木齐市科学技术局"
NAMES = ("乌鲁木齐科技信息服务中心", "乌鲁木齐市科技信息中心", "乌鲁木齐科技信息中心")
"""All the names that the sample's unit goes by."""
ITEMS = ("“科教兴市”影视宣传及业务经费", "乌鲁木齐地区科技统计与文献服务工作经费", "机房运行维护费")
STRINGS = "xl/sharedStrings.xml"
EVERY = 100
"""In so many units stands each kind of fault once."""


def replaced(parts: Mapping[str, bytes], *pairs: tuple[str, str]) -> dict[str, bytes]:
    """The parts of a workbook with texts replaced in its strings."""
    text = parts[STRINGS].decode()
    for old, new in pairs:
        if old not in text:
            raise SystemExit(f"the sample does not hold {old}")
        text = text.replace(old, new)
    return {**parts, STRINGS: text.encode()}


def typed(parts: Mapping[str, bytes], old: str, new: str) -> dict[str, bytes]:
    """The parts with a number typed over wherever it stands in a cell."""
    if not any(f"<v>{old}</v>".encode() in data for data in parts.values()):
        raise SystemExit(f"the sample does not hold {old}")
    return {
        name: data.replace(f"<v>{old}</v>".encode(), f"<v>{new}</v>".encode()) for name, data in parts.items()
    }


def first_typed(parts: Mapping[str, bytes], old: str, new: str) -> dict[str, bytes]:
    """The parts with a number typed over where it stands first."""
    name = next(n for n, data in parts.items() if f"<v>{old}</v>".encode() in data)
    return {**parts, name: parts[name].replace(f"<v>{old}</v>".encode(), f"<v>{new}</v>".encode(), 1)}


FAULTS: Mapping[str, Callable[[Mapping[str, bytes]], dict[str, bytes]]] = {
    "unit-year": lambda parts: first_typed(parts, "2024", "2023"),
    "unit-edition": lambda parts: replaced(parts, ("xinjiang-2024", "xinjiang-2025")),
    "unit-of-another": lambda parts: replaced(parts, (f"<t>{DEPARTMENT}</t>", "<t>别的局</t>")),
    "unit-errors": lambda parts: first_typed(parts, "18000", "19000"),
}
"""Kinds of fault that are typed into a workbook; a damaged file and a second one come besides."""


def made(folder: Path, count: int) -> None:
    """The workbooks of so many units."""
    with zipfile.ZipFile(SAMPLE) as package:
        sample = {name: package.read(name) for name in package.namelist()}
    for number in range(count):
        items = ((item, f"{item}{number:04d}") for item in ITEMS)
        names = ((name, f"单位{number:04d}") for name in NAMES)
        parts = typed(replaced(sample, *names, *items), "67500", str(67500 + number))
        kinds = tuple(FAULTS.items())
        kind = number % EVERY
        if kind < len(kinds):
            parts = kinds[kind][1](parts)
        data = packed(parts)
        if kind == len(kinds):
            data = data[: len(data) // 2]
        (folder / f"{number:04d}.xlsx").write_bytes(data)
        if kind == len(kinds) + 1:
            (folder / f"{number:04d} (1).xlsx").write_bytes(data)


def expected(count: int) -> dict[str, str]:
    """The files that are to be left out, with the fault to be named for each."""
    kinds = dict(enumerate((*FAULTS, "unit-unreadable", "unit-twice")))  # of equal files the first stays
    return {f"{n:04d}.xlsx": kinds[n % EVERY] for n in range(count) if n % EVERY in kinds}


def missed(left_out: Mapping[str, list[str]], count: int) -> int:
    """How many files were left out by mistake, taken by mistake, or left out without their fault being named."""
    wanted = expected(count)
    wrong = left_out.keys() ^ wanted.keys()
    return len(wrong) + sum(wanted[file] not in rules for file, rules in left_out.items() if file in wanted)


def packed(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return buffer.getvalue()


def measured(folder: Path, workers: int, target: Path) -> dict[str, object]:
    """One consolidation, in this process and its workers, which look for garbage as seldom as the command does."""
    collect_seldom()
    started = time.perf_counter()
    sources = Sources(files_in(folder).files, workers=workers, kept=True)
    done = gather(sources, name=DEPARTMENT, output=target, partial=True)
    seconds = time.perf_counter() - started
    statuses = (status for status in done.admission.statuses if not status.taken)
    left_out: dict[str, list[str]] = {s.submission.file: [] for s in statuses if s.submission}
    for fault in done.admission.faults:
        left_out[fault.message.partition("：")[0]].append(fault.rule)
    return {
        "seconds": seconds,
        "processor": sum(os.times()[:4]),
        "taken": len(done.admission.taken),
        "left": left_out,
        "parent": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "worker": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        "written": target.stat().st_size / 1e6,
    }


def consolidated(home: Path, units: Path, workers: int, name: str) -> dict[str, Any]:
    """One consolidation in a process of its own, with a cache that is kept for the next."""
    command = [sys.executable, __file__, "--measure", units, "--workers", workers, "--target", home / name]
    env = {**os.environ, "XDG_CACHE_HOME": str(home / "cache")}
    told = subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, env=env).stdout
    found: dict[str, Any] = json.loads(told)
    return found


def documented(home: Path, name: str) -> tuple[float, float, float]:
    """The Word document of a department: seconds, those of a processor, peak memory in MB."""
    command = [sys.executable, "-m", "budgetgen", "build", "--draft", home / name, "-o", home / "built"]
    env = {**os.environ, "XDG_CACHE_HOME": str(home / "cache"), "BUDGETGEN_SOFFICE": ""}
    started = time.perf_counter()
    running = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, env=env)
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if not list((home / "built").rglob("*.docx")):
        raise SystemExit(f"no document was built: {running.returncode}")
    return time.perf_counter() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def rows(sizes: list[int], workers: int) -> Iterator[str]:
    """A line for each size."""
    yield (
        f"{'单位':>6}{'秒':>9}{'处理器秒':>9}{'个/秒':>8}{'主进程MB':>10}{'读取进程MB':>12}{'表MB':>7}{'汇总':>7}{'未汇总':>8}{'未指出':>8}"
        f"{'改一份再汇总秒':>9}{'处理器秒':>9}{'文档秒':>9}{'处理器秒':>9}{'文档MB':>8}"
    )
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            home, units = Path(folder), Path(folder) / "units"
            units.mkdir()
            made(units, size)
            told = consolidated(home, units, workers, "部门.xlsx")
            shutil.copy(units / f"{size - 1:04d}.xlsx", units / f"{size - 2:04d}.xlsx")
            again = consolidated(home, units, workers, "部门再汇总.xlsx")
            document = documented(home, "部门.xlsx")
        yield (
            f"{size:>6}{told['seconds']:>9.1f}{told['processor']:>12.1f}{size / told['seconds']:>8.2f}{told['parent']:>10.0f}"
            f"{told['worker']:>12.0f}{told['written']:>7.2f}{told['taken']:>7}{len(told['left']):>8}{missed(told['left'], size):>8}"
            f"{again['seconds']:>14.1f}{again['processor']:>12.1f}{document[0]:>11.1f}{document[1]:>12.1f}{document[2]:>9.0f}"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="*", type=int, default=[10, 100, 1000])
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--measure", type=Path, help="the folder of units, in a process of its own")
    parser.add_argument("--target", type=Path, help="the workbook that it writes")
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measured(given.measure, given.workers, given.target)))
        return
    for row in rows(given.sizes, given.workers):
        print(row, flush=True)


if __name__ == "__main__":
    multiprocessing.freeze_support()
    main()
