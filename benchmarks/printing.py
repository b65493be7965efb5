"""Whether documents are read the same however their pages are laid out, printed and turned.

    python -m benchmarks.printing DOCUMENT.docx … [--only NAME …]

Each document is laid out in each way of `tests/printings`, printed by LibreOffice (one start for all), its pages
turned; each is read, derived and checked, and compared with the document itself. Prints how many cells of the tables
and other figures there are, how many are lost, and how many are others: of those there must be none.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.printings import LAYOUTS, TURNS, laid_out, turned
from tests.variants import outcome

from budgetgen.reading.document.blocks import blocks
from budgetgen.reading.document.pdf.reader import read
from budgetgen.reading.guard.soffice import run_soffice, soffice
from budgetgen.values.findings import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from tests.variants import Outcome

LIMIT = 900
"""Seconds that all are printed in."""
SHOWN = 4
PLAIN = "plain"
"""The layout as it is, which is turned."""


def printed(document: Path, only: Collection[str]) -> Mapping[str, bytes]:
    """A document in each layout, printed, and as it is, turned each way; of these only some, if any are asked for."""
    program = soffice()
    if program is None:
        raise SystemExit("LibreOffice is absent")
    with TemporaryDirectory() as name:
        folder = Path(name)
        asked = {name: change for name, change in LAYOUTS.items() if not only or name in {*only, PLAIN}}
        for layout, change in asked.items():
            (folder / f"{layout}.docx").write_bytes(laid_out(document.read_bytes(), change))
        files = [str(file) for file in sorted(folder.glob("*.docx"))]
        run_soffice(program, ["--convert-to", "pdf", "--outdir", name, *files], folder, LIMIT)
        found = {layout: (folder / f"{layout}.pdf").read_bytes() for layout in asked}
    turns = {name: change for name, change in TURNS.items() if not only or name in only}
    return found | {turn: turned(found[PLAIN], change) for turn, change in turns.items()}


def told(document: Path, own: Outcome, data: bytes) -> tuple[str, Sequence[object]]:
    """What of a printed document is read otherwise, in short and some of it."""
    try:
        faults = outcome(document, read(data, lambda: None)).faults(own, ())
    except UnusableInputError as refused:
        return f"拒绝：{refused.problem}", ()
    differing = [one for kind in ("表", "数") for one in faults.get(kind, ()) if isinstance(one, tuple)]
    others = [one for one in differing if one[-1] is not None]
    errors = faults.get("新错误", ())
    said = f"缺 {len(differing) - len(others)}，错 {len(others)}，新错误 {len(errors)}"
    return said, (*errors[:SHOWN], *others[:SHOWN])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("documents", nargs="+", type=Path)
    parser.add_argument("--only", nargs="+", help="these layouts and turns")
    asked = parser.parse_args()
    for document in asked.documents:
        own = outcome(document, tuple(blocks(document.read_bytes())))
        print(f"{document.stem}：{len(own.tables)} 格，{len(own.figures)} 数")
        for name, data in printed(document, asked.only or ()).items():
            said, some = told(document, own, data)
            print(f"  {name:20}{said}", *some, sep="\n      ")


if __name__ == "__main__":
    main()
