"""What the program costs beside the usual libraries, measured in turn, in one run.

    python -m benchmarks.ratios [--runs N] [--units N …] [--write PAGE.md]

Told are seconds of a processor (not of the clock, so that others on the machine matter less) of each whole process with
all that it starts, their median, and the ratio to what `benchmarks/usual.py` takes for the same file in the same run;
memory is told by `benchmarks/departments.py`. Departments are made as in `benchmarks/departments.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.departments import DEPARTMENT, made

from budgetgen.app.pipeline.inputs import examine
from budgetgen.saying.disclosure import compose
from budgetgen.writing.document.lines import LineRoom
from budgetgen.writing.document.writer import _context, default_template
from budgetgen.writing.package import OfficePackage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SAMPLE = Path(__file__).parents[1] / "samples" / "xinjiang-2026-unit.xlsx"
USUAL = Path(__file__).with_name("usual.py")
MANY = 50
"""So many files are checked in one call."""
PAGE = """\
# Benchmarks

Written by `make bench` on {date}: {machine}, {processors} processors, {system}, Python {python}.

Read the ratios, not the seconds: another machine has other seconds, and about the same ratios. Runs: {runs}. Each row is
the median of whole processes, start-up included, in seconds of a processor; ours and the usual stack took turns in each
run. The usual stack is `benchmarks/usual.py`: openpyxl reads, `Decimal` adds up, docxtpl renders, openpyxl saves; it
neither derives nor explains anything. `usual check` is 1 for everything that has no counterpart of its own.

| what | CPU s | beside | ratio |
|---|---:|---|---:|
{rows}

A department's row is one `consolidate` of so many generated units with all checks, six faults in every hundred among them,
divided by the number of units; “again” is the same after one unit has changed, the others taken from the cache.
`python -m benchmarks.departments` tells the clock, the memory, the same again, and the Word document of 10, 100 and 1,000
units.
"""


@dataclass(frozen=True)
class Measured:
    """A row of the page; the ratio is to another row."""

    name: str
    seconds: float
    beside: str
    files: int = 1


def cost(command: Sequence[object], cache: Path) -> float:
    """Seconds of processors of a command, with all that it starts; one that finds errors has done its work as well.

    LibreOffice, which numbers the pages of a document where it is there, takes no part: the usual stack has no such thing.
    Modules are compiled at the first run of each, as they are where a program is installed, and stay so.
    """
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept = {"XDG_CACHE_HOME": str(cache), "PYTHONPYCACHEPREFIX": str(cache / "compiled")}
    running = subprocess.Popen(
        [sys.executable, *map(str, command)],
        env={**own, **kept, "BUDGETGEN_SOFFICE": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode not in {0, 1}:
        raise SystemExit(f"{command} ended with {running.returncode}")
    return used.ru_utime + used.ru_stime


def files_rows(folder: Path, runs: int) -> Iterator[Measured]:
    """One file through each command, and many through one."""
    commands = dict(_commands(folder))
    costs: dict[str, list[float]] = {name: [] for name in commands}
    for command, _, files in commands.values():
        if files == 1:
            cost(command, folder)  # compiled, and with what is kept for the next start
    for number in range(runs):
        for name, (command, _, _) in commands.items():
            for written in (folder / "out", folder / "new.xlsx", folder / "imported.xlsx"):
                shutil.rmtree(written) if written.is_dir() else written.unlink(missing_ok=True)
            costs[name].append(cost(command, folder))
        print(f"{number + 1} of {runs}", file=sys.stderr)
    for name, (_, beside, files) in commands.items():
        yield Measured(name, statistics.median(costs[name]), beside, files)


def _commands(folder: Path) -> Iterator[tuple[str, tuple[list[object], str, int]]]:
    """Name → the command, what it is held against, how many files it does."""
    template, context = _inputs(folder)
    document = next((folder / "built").glob("*.docx"))
    many = [shutil.copy(SAMPLE, folder / f"{number:02d}.xlsx") for number in range(MANY)]
    own = ["-m", "budgetgen"]
    check, build = "usual check", "usual build"
    yield check, ([USUAL, "check", SAMPLE], check, 1)
    yield build, ([USUAL, "build", SAMPLE, context, template, folder], build, 1)
    yield "check", ([*own, "check", SAMPLE], check, 1)
    yield "build", ([*own, "build", SAMPLE, "-o", folder / "out"], build, 1)
    yield "diff of two workbooks", ([*own, "diff", SAMPLE, SAMPLE], check, 1)
    yield "new", ([*own, "new", "-o", folder / "new.xlsx"], check, 1)
    yield "check of a .docx", ([*own, "check", document], check, 1)
    yield "import of a .docx", ([*own, "import", document, "-o", folder / "imported.xlsx"], check, 1)
    yield "verify", ([*own, "verify", document, SAMPLE], check, 1)
    yield f"check of {MANY} files, each", ([*own, "check", *many], check, MANY)


def _inputs(folder: Path) -> tuple[Path, Path]:
    """The template and what the program fills it with; and a document that the program has built."""
    cost(["-m", "budgetgen", "build", SAMPLE, "-o", folder / "built"], folder)
    checked = examine(SAMPLE)
    template, context = folder / "template.docx", folder / "context.json"
    template.write_bytes(default_template(checked.edition))
    room = LineRoom.of(OfficePackage.read(template.read_bytes()))
    filled = _context(compose(checked.book, checked.edition), checked.edition, room)
    context.write_text(json.dumps(filled, ensure_ascii=False), encoding="utf-8")
    return template, context


def department_rows(folder: Path, size: int) -> Iterator[Measured]:
    """A department of so many units, and once more after one has changed."""
    units, cache = folder / f"{size}", folder / "cache"
    units.mkdir()
    made(units, size)
    for name in ("", " again"):
        target = folder / f"{size}{name}.xlsx"
        command = ["-m", "budgetgen", "consolidate", units, "--partial", "--name", DEPARTMENT, "-o", target]
        yield Measured(f"department of {size}{name}, each", cost(command, cache), "usual check", size)
        shutil.copy(units / f"{size - 1:04d}.xlsx", units / f"{size - 2:04d}.xlsx")


def told(rows: Sequence[Measured]) -> Iterator[str]:
    """The rows of the page."""
    known = {row.name: row.seconds for row in rows}
    for row in rows:
        seconds = row.seconds / row.files
        ratio = seconds / known[row.beside]
        yield f"| {row.name} | {seconds:.2f} | {row.beside} | {ratio:.2f} |"


def processor() -> str:
    """What the machine's processor is called."""
    listed = Path("/proc/cpuinfo")
    lines = listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def main() -> None:
    """Measure, print, and write the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--units", type=int, nargs="*", default=[10, 100])
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        rows = list(files_rows(home, given.runs))
        for size in given.units:
            rows += department_rows(home, size)
    page = PAGE.format(
        date=date.today().isoformat(),  # noqa: DTZ011 - of whoever reads it
        machine=processor(),
        processors=os.cpu_count(),
        system=platform.system(),
        python=platform.python_version(),
        runs=given.runs,
        rows="\n".join(told(rows)),
    )
    print(page)
    if given.write:
        given.write.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
