"""Write what is generated and committed: templates, samples and pages of docs/. `--check` only compares."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pages import PAGES
from schema import edition_schema

from budgetgen.app.pipeline.consolidate import gather
from budgetgen.app.pipeline.unit_files import Sources
from budgetgen.book.derivation import derive
from budgetgen.edition import available, load
from budgetgen.reading.grid import read_grid
from budgetgen.writing.document.template import render_template
from budgetgen.writing.workbook.writer import render_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


ROOT = Path(__file__).parents[1]
UNITS = ROOT / "samples" / "department-2024"
DEPARTMENT = ROOT / "samples" / "xinjiang-2024-department.xlsx"


def generated() -> Iterator[tuple[Path, bytes]]:
    """Every generated file with what it must hold."""
    for name in available():
        edition = load(name)
        yield ROOT / "templates" / "xlsx" / f"{name}.xlsx", render_workbook(edition)
        yield ROOT / "templates" / "docx" / f"{name}.docx", render_template(edition)
    made = dict(samples())
    yield from made.items()
    yield DEPARTMENT, department({path: data for path, data in made.items() if path.parent == UNITS})
    yield ROOT / "docs" / "schema" / "edition.json", edition_schema().encode()
    for name, page in PAGES.items():
        yield ROOT / "docs" / f"{name}.md", page().encode()


def samples() -> Iterator[tuple[Path, bytes]]:
    """The workbooks of the samples: each of its grid, and the department's of its units' workbooks."""
    for source in sorted((ROOT / "samples").glob("**/*.txt")):
        edition = load(max((n for n in available() if source.stem.startswith(n)), key=len))
        book, findings = read_grid(source.read_text(encoding="utf-8"), edition)
        if findings:
            raise SystemExit(f"{source}: {findings}")
        yield source.with_suffix(".xlsx"), render_workbook(edition, derive(book, edition))


def department(units: Mapping[Path, bytes]) -> bytes:
    """The workbook of the department that these workbooks are the units of."""
    with TemporaryDirectory() as folder:
        files = [Path(folder, path.name) for path in units]
        for file, data in zip(files, units.values(), strict=True):
            file.write_bytes(data)
        done = gather(Sources(tuple(files), workers=1), output=Path(folder, DEPARTMENT.name))
        if done.written is None:
            raise SystemExit(f"{DEPARTMENT}: {done.admission.faults}")
        return done.written.read_bytes()


def main() -> None:
    """Write, or compare with what is committed."""
    stale = {path: data for path, data in generated() if not path.is_file() or path.read_bytes() != data}
    if "--check" in sys.argv:
        sys.exit(f"out of date: {', '.join(map(str, stale))}" if stale else 0)
    for path, data in stale.items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    main()
