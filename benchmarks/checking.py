"""What checking many files in one process costs.

    python -m benchmarks.checking [files]

Copies the sample workbook, every tenth copy with one wrong figure, checks them one after the other and prints: the
median processor time per file at the start and at the end (it must not grow), how many relations are evaluated per
second, and the share of the time that is not reading files.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from openpyxl import load_workbook

from budgetgen.book.derivation import derive
from budgetgen.book.relations import instances
from budgetgen.checking.checks import check
from budgetgen.localisation.culprits import Located
from budgetgen.localisation.search import localise
from budgetgen.reading.workbook import read
from budgetgen.values.findings import Severity

SAMPLE = Path(__file__).parents[1] / "samples" / "xinjiang-2026-unit.xlsx"
SHEET = "一般公共预算支出"
WRONG_EVERY = 10
WINDOW = 20
"""How many files at the start and at the end are compared."""


@dataclass(frozen=True)
class Timed:
    """One file.

    Attributes:
        reading, deriving, checking, locating: seconds of the processor.
        relations: how many instances were evaluated.
        errors: how many errors were found.
        located: what is wrong.
    """

    reading: float
    deriving: float
    checking: float
    locating: float
    relations: int
    errors: int
    located: Located

    @property
    def total(self) -> float:
        """All of it."""
        return self.reading + self.deriving + self.checking + self.locating


def copies(folder: Path, count: int) -> list[Path]:
    """Workbooks that differ: every tenth has one figure that is off by 10.00."""
    figures = [
        (line, column)
        for line, row in enumerate(load_workbook(SAMPLE)[SHEET].iter_rows(), start=1)
        for column, cell in enumerate(row, start=1)
        if isinstance(cell.value, int | float)
    ]
    data, made = SAMPLE.read_bytes(), []
    for number in range(count):
        path = folder / f"{number:03}.xlsx"
        path.write_bytes(data)
        if number % WRONG_EVERY == WRONG_EVERY - 1 and figures:
            book = load_workbook(SAMPLE)
            line, column = figures[number // WRONG_EVERY % len(figures)]
            cell = book[SHEET].cell(line, column)
            cell.value = float(Decimal(str(cell.value)) + 10)
            book.save(path)
        made.append(path)
    return made


def timed(path: Path) -> Timed:
    """Check one file as the command does."""
    clock = [time.process_time()]
    reading = read(path, None)
    clock.append(time.process_time())
    book = derive(reading.book, reading.edition)
    clock.append(time.process_time())
    found = (*reading.findings, *check(book, reading.edition, reading.findings))
    clock.append(time.process_time())
    errors = sum(finding.severity == Severity.ERROR for finding in found)
    located = localise(book, reading.edition, reading.findings) if errors else Located()
    clock.append(time.process_time())
    read_in, derived_in, checked_in, located_in = (after - before for before, after in pairwise(clock))
    spent = (read_in, derived_in, checked_in, located_in)
    return Timed(*spent, sum(1 for _ in instances(book, reading.edition)), errors, located)


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        files = [timed(path) for path in copies(Path(folder), count)]
    right = [one for one in files if not one.errors]
    window = min(WINDOW, len(right) // 2)
    start, end = (statistics.median(one.total for one in part) for part in (right[:window], right[-window:]))
    total = sum(one.total for one in files)
    wrong = [one for one in files if one.errors]
    print(f"{count} files, {len(wrong)} with errors")
    print(f"per file without errors: {start:.3f} s at the start, {end:.3f} s at the end: {end / start:.2f} x")
    rate = sum(one.relations for one in files) / sum(one.checking for one in files)
    print(f"{files[0].relations} relations a file, {rate:,.0f} evaluated a second")
    print(f"not reading files: {100 * (1 - sum(one.reading for one in files) / total):.0f} % of the time")
    if wrong:
        slowest = max(one.locating for one in wrong)
        located = sum(bool(one.located.culprits) for one in wrong)
        print(f"wrong figures located in {located} of {len(wrong)} files, slowest {slowest:.2f} s")


if __name__ == "__main__":
    main()
