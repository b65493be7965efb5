"""Where the instructions of one command on one file go, stage by stage, beside the usual stack's.

    python -m benchmarks.floor [COMMAND …]            (needs valgrind; half an hour for all)

Instructions are counted, not seconds: they are the same on a machine that does other work beside. Each stage is a process
of its own that goes as far as that stage and ends; a row is what it takes more than the one before. The first four rows
are no work on what the clerk typed: no reader or writer, however quick, gets below them.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.ratios import SAMPLE, USUAL, _inputs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
DOCUMENT: Final = {
    "Python itself": "",
    "the modules": (
        "import budgetgen.app.cli.check, budgetgen.app.batch.inputs, budgetgen.app.reports.findings, "
        "budgetgen.reading.document.reader"
    ),
    "the file, through the door": (
        "from pathlib import Path; from budgetgen.reading.document.published import published_blocks; "
        "path = Path('{document}'); found = published_blocks(path)"
    ),
    "the edition, of those that there are": (
        "from budgetgen.reading.document.recognition import edition_of; edition = edition_of(path, found, None)"
    ),
    "paragraphs and tables to a Book": (
        "from budgetgen.reading.document.reader import read_blocks; reading = read_blocks(path, found)"
    ),
    "sums and figures": STAGES["sums and figures"],
    "relations and rules": STAGES["relations and rules"],
}
DIFF: Final = {
    **dict(itertools.islice(STAGES.items(), 4)),
    "the modules": "import budgetgen.app.cli.diff, budgetgen.app.batch.inputs, budgetgen.app.pipeline.diff",
    "cells to tables, sums, twice": (
        "from budgetgen.app.pipeline.inputs import derived; sides = [derived(path), derived(path)]"
    ),
    "what differs": (
        "from budgetgen.app.pipeline.diff import side_of; from budgetgen.comparison import compare; "
        "compare(*map(side_of, sides))"
    ),
}
VERIFY: Final = {
    "Python itself": "",
    "the modules": (
        "import budgetgen.app.cli.verify, budgetgen.app.batch.inputs, budgetgen.app.pipeline.verify, "
        "budgetgen.reading.workbook"
    ),
    "the edition": STAGES["the edition"],
    "the document, through the door": (
        "from pathlib import Path; from budgetgen.reading.document.published import published_manuscript; "
        "held = published_manuscript(Path('{document}'))"
    ),
    "the workbook, checked": (
        "from budgetgen.app.pipeline.inputs import examine; truth = examine(Path('{path}'), locating=False)"
    ),
    "the narrative": (
        "from budgetgen.saying.disclosure import compose; said = compose(truth.book, truth.edition)"
    ),
    "the document again": (
        "from budgetgen.writing.document.writer import render_document; "
        "given = render_document(said, truth.edition, None)"
    ),
    "each number beside its own": (
        "from budgetgen.app.pipeline.verify import compared; compared(truth, said, given, held)"
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


def table(command: str, stages: Mapping[str, str], usual: float, kept: Path) -> None:
    """Print the rows of a command; where the usual stack has no such thing, its check is what they are held against."""
    names = {"command": command, "edition": EDITION, "path": SAMPLE}
    names["document"] = next((kept / "built").glob("*.docx"))
    print(f"\n| {command} | 10⁹ instructions | of the usual one |\n|---|---:|---:|")
    before = 0.0
    for number, name in enumerate(stages, start=1):
        program = "\n".join([*stages.values()][:number])
        total = instructions(["-c", program.format_map(names)], kept)
        print(f"| {name} | {total - before:.2f} | {(total - before) / usual:.2f} |")
        before = total
        if number == BARE:
            print(f"| *so far, the floor* | {total:.2f} | {total / usual:.2f} |")
    print(
        f"| together | {before:.2f} | {before / usual:.2f} |\n| the usual stack | {usual:.2f} | 1.00 |",
        flush=True,
    )


COMMANDS: Final[Mapping[str, Mapping[str, str]]] = {
    "check": STAGES,
    "build": STAGES | WRITING,
    "check of a document": DOCUMENT,
    "diff": DIFF,
    "verify": VERIFY,
}


def main() -> None:
    """Count and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("commands", nargs="*", choices=[*COMMANDS, []], metavar="COMMAND")
    wanted = parser.parse_args().commands or COMMANDS
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        template, context = _inputs(home)
        check = instructions([USUAL, "check", SAMPLE], home)
        for command in wanted:
            usual = check
            if command == "build":
                usual = instructions([USUAL, "build", SAMPLE, context, template, home], home)
            table(command, COMMANDS[command], usual, home)


if __name__ == "__main__":
    main()
