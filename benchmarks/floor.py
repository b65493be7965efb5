"""Where the instructions of one `check` and one `build` go, stage by stage, beside the usual stack's.

    python -m benchmarks.floor            (needs valgrind; ten minutes)

Instructions are counted, not seconds: they are the same on a machine that does other work beside. Each stage is a process
of its own that goes as far as that stage and ends; a row is what it takes more than the one before. The first four rows
are no work on what the clerk typed: no reader or writer, however quick, gets below them.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.ratios import SAMPLE, USUAL, _inputs

if TYPE_CHECKING:
    from collections.abc import Sequence

STAGES: Final = {
    "Python itself": "",
    "the modules": "import budgetgen.app.cli.{command}, budgetgen.app.batch.inputs, budgetgen.app.reports.findings",
    "the edition": "from budgetgen.edition import load; edition = load('{edition}')",
    "the file, through the door": (
        "from pathlib import Path; from budgetgen.reading.workbook import opened, read; path = Path('{path}')\nbook = opened(path)"
    ),
    "cells to tables": "reading = read(path, None, book)",
    "sums and figures": "from budgetgen.book.derivation import derive; derived = derive(reading.book, edition)",
    "relations and rules": (
        "from budgetgen.checking.checks import check; check(derived, edition, reading.findings)"
    ),
}
WRITING: Final = {
    "the narrative": "from budgetgen.saying.disclosure import compose; said = compose(derived, edition)",
    "the document": (
        "from budgetgen.writing.document.writer import render_document; render_document(said, edition, None)"
    ),
    "the completed workbook": (
        "from budgetgen.writing.workbook.writer import render_workbook; render_workbook(edition, derived)"
    ),
}
BARE: Final = 4
"""So many stages are no work on what was typed."""
EDITION: Final = "xinjiang-2026"


def instructions(command: Sequence[object], kept: Path) -> float:
    """Billions of instructions of a process; it has run once before, so that what is kept for the next start is there."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    own |= {"PYTHONHASHSEED": "0", "XDG_CACHE_HOME": str(kept), "PYTHONPYCACHEPREFIX": str(kept / "compiled")}
    own |= {"BUDGETGEN_SOFFICE": ""}
    words = [sys.executable, *map(str, command)]
    subprocess.run(words, env=own, check=True, capture_output=True)
    counter = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    told = subprocess.run([*counter, *words], env=own, check=True, capture_output=True, text=True).stderr
    counted = re.search(r"I\s+refs:\s+([\d,]+)", told)
    if counted is None:
        raise SystemExit(told)
    return int(counted[1].replace(",", "")) / 1e9


def table(command: str, stages: dict[str, str], usual: float, kept: Path) -> None:
    """Print the rows of a command."""
    print(f"\n| {command} | 10⁹ instructions | of the usual {command} |\n|---|---:|---:|")
    before = 0.0
    for number, name in enumerate(stages, start=1):
        program = "\n".join([*stages.values()][:number])
        total = instructions(["-c", program.format(command=command, edition=EDITION, path=SAMPLE)], kept)
        print(f"| {name} | {total - before:.2f} | {(total - before) / usual:.2f} |")
        before = total
        if number == BARE:
            print(f"| *so far, the floor* | {total:.2f} | {total / usual:.2f} |")
    print(f"| together | {before:.2f} | {before / usual:.2f} |\n| the usual stack | {usual:.2f} | 1.00 |")


def main() -> None:
    """Count and print."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        template, context = _inputs(home)
        table("check", STAGES, instructions([USUAL, "check", SAMPLE], home), home)
        usual = instructions([USUAL, "build", SAMPLE, context, template, home], home)
        table("build", STAGES | WRITING, usual, home)


if __name__ == "__main__":
    main()
