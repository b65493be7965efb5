"""How much is left to fill in when last year's document is rolled forward.

    .venv/bin/python benchmarks/rolling.py LAST.docx …

Next year is taken to be like last year: every cell of last year's file that a person fills in (what the workbook works
out apart) and that the rolled workbook does not hold is one to type; every sheet of the checklist is one to review.
"""

from __future__ import annotations

import sys
from pathlib import Path

from budgetgen.app.pipeline.inputs import derived, last_of
from budgetgen.edition import later, load
from budgetgen.years.rolling import roll


def main(paths: list[str]) -> None:
    """One line for each file, and one for each of its sheets."""
    for path in map(Path, paths):
        last = derived(path)
        year = last.year or last.edition.edition.year
        done = roll(last_of(last), load(later(last.edition.id, last.edition.edition.year, year + 1)))
        print(
            f"{path.name}: {sum(done.anew.values())} cells to type, {len(done.unreviewed)} sheets to review"
        )
        for sheet, count in done.anew.items():
            print(f"  {sheet}: {count}")


if __name__ == "__main__":
    main(sys.argv[1:])
