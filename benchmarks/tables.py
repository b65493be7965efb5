"""How tables are read that are printed in other ways: variants of published documents against the documents themselves.

    python -m benchmarks.tables 2024-bureau.docx 2026-center.docx [--kinds bare,yuan] [--mixed 20] [--show 5]

Each document is read as it is, then in each kind of variant (tests/reading/table_variants.py), or in seeded mixtures
of three. Told are the cells of tables that differ, errors and points to explain that the document itself does not
have, and refusals.
"""

from __future__ import annotations

import argparse
import traceback
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from tests.reading.table_variants import KINDS, mixture, put_together, taken_apart, varied

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.checking.documents import of_document
from budgetgen.reading.document.blocks import blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.values.findings import Severity, UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from budgetgen.reading.document.blocks import Block
    from budgetgen.values.model import Cell


@dataclass
class Outcome:
    """What a document gave.

    Attributes:
        cells: every cell of the numbered and the performance tables that is not blank or zero.
        told: errors and points to explain, by rule and first cell.
        failed: why it was not read.
    """

    cells: Mapping[tuple[str, str, str], object] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    failed: str = ""


def outcome(path: Path, seen: Sequence[Block]) -> Outcome:
    """What is read of a document, and what is told of it."""
    try:
        reading = read_blocks(path, seen)
        book = derive(reading.book, reading.edition)
        found = (*reading.findings, *check(book, reading.edition, reading.findings))
        findings = of_document(found, book, reading.edition)
    except UnusableInputError as error:
        return Outcome(failed=f"refused: {error.problem}")
    except Exception:  # noqa: BLE001 - a crash is an outcome here
        return Outcome(failed=traceback.format_exc(limit=-2))
    performance = {t for p in reading.edition.performance for t in (p.heads, p.indicators)}
    cells = {
        (table.name, row.key, column): _shown(cell)
        for table in reading.book.tables.values()
        if reading.edition.tables[table.name].printed or table.name in performance
        for row in table.rows
        for column, cell in row.cells.items()
        if cell.value
    }
    told = Counter(
        f"{f.severity.value[:3]} {f.rule} {f.spots[0].table if f.spots else ''} {f.spots[0].row if f.spots else ''}"
        for f in findings
        if f.severity != Severity.NOTE
    )
    return Outcome(cells, told)


def _shown(cell: Cell) -> object:
    return cell.value.normalize() if isinstance(cell.value, Decimal) else str(cell.value).replace("\n", "")


def told(name: str, kinds: Sequence[str], base: Outcome, made: Outcome, show: int) -> bool:
    """Print how an outcome differs from that of the document itself; whether it does."""
    if made.failed:
        print(f"{name:14} {'+'.join(kinds):40} {made.failed}")
        return True
    keys = {*base.cells, *made.cells}
    off = sorted(k for k in keys if base.cells.get(k) != made.cells.get(k))
    new = made.told - base.told
    if off or new:
        errors = sum(n for key, n in new.items() if key.startswith("err"))
        print(
            f"{name:14} {'+'.join(kinds):40} cells {len(off):4}  errors {errors:3}  explain {new.total() - errors:3}"
        )
        for key in off[:show]:
            print(f"      {'.'.join(key)}: {base.cells.get(key)} -> {made.cells.get(key)}")
        for told, count in list(new.items())[:show]:
            print(f"      {count} × {told}")
    return bool(off or new)


def main() -> None:
    """Read the documents and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", nargs="+", type=Path)
    parser.add_argument("--kinds", default="")
    parser.add_argument("--mixed", type=int, default=0)
    parser.add_argument("--show", type=int, default=0)
    arguments = parser.parse_args()
    chosen = arguments.kinds.split(",") if arguments.kinds else list(KINDS)
    wanted: list[tuple[str, ...]] = [(name,) for name in chosen]
    if arguments.mixed:
        wanted = [mixture(str(seed)) for seed in range(arguments.mixed)]
    for path in arguments.documents:
        document = taken_apart(tuple(blocks(path.read_bytes())))
        base = outcome(path, put_together(document))
        failed = 0
        for kinds in wanted:
            failed += told(path.stem, kinds, base, outcome(path, varied(document, kinds)), arguments.show)
        print(f"{path.stem}: {failed} of {len(wanted)} differ")


if __name__ == "__main__":
    main()
