"""Write what is generated and committed: templates, samples and the lists in docs/. `--check` only compares."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from budgetgen.derivation import derive
from budgetgen.edition import available, load
from budgetgen.reading.grid import read_grid
from budgetgen.report import NAMES
from budgetgen.writing.template import render_template
from budgetgen.writing.workbook import render_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]


def generated() -> Iterator[tuple[Path, bytes]]:
    """Every generated file with what it must hold."""
    for name in available():
        edition = load(name)
        yield ROOT / "templates" / "xlsx" / f"{name}.xlsx", render_workbook(edition)
        yield ROOT / "templates" / "docx" / f"{name}.docx", render_template(edition)
    for source in sorted((ROOT / "samples").glob("*.txt")):
        edition = load(next(name for name in available() if source.stem.startswith(name)))
        book, findings = read_grid(source.read_text(encoding="utf-8"), edition)
        if findings:
            raise SystemExit(f"{source}: {findings}")
        yield source.with_suffix(".xlsx"), render_workbook(edition, derive(book, edition))
    yield ROOT / "docs" / "rules.md", rules_page().encode()


def rules_page() -> str:
    """The list of rules of every edition."""
    lines = [
        "# 规则一览",
        "",
        "由版式的声明生成（`make generated`），不要手改。`budgetgen explain 编号` 给出详细说明和例子。",
    ]
    for name in available():
        edition = load(name)
        lines += [
            "",
            f"## {edition.edition.title}（`{name}`）",
            "",
            "| 编号 | 级别 | 核对什么 | 关系式 | 依据 |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| `{rule.id}` | {NAMES[rule.severity]} | {rule.title} | {_code(rule.holds)} | {rule.basis} |"
            for rule in edition.rule
        ]
    return "\n".join(lines) + "\n"


def _code(formula: str) -> str:
    return f"`{formula}`" if formula else ""


def main() -> None:
    """Write, or compare with what is committed."""
    stale = [path for path, data in generated() if not path.is_file() or path.read_bytes() != data]
    if "--check" in sys.argv:
        sys.exit(f"out of date: {', '.join(map(str, stale))}" if stale else 0)
    for path, data in generated():
        if path in stale:
            path.write_bytes(data)


if __name__ == "__main__":
    main()
