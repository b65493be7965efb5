"""Write what is generated and committed: templates, samples and the lists in docs/. `--check` only compares."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from budgetgen.app.pipeline.consolidate import Sources, gather
from budgetgen.app.reports.rules import groups
from budgetgen.book.derivation import derive
from budgetgen.edition import available, load
from budgetgen.formula.functions import AGGREGATES, FUNCTIONS
from budgetgen.reading.grid import read_grid
from budgetgen.values.findings import NAMES
from budgetgen.writing.document.template import render_template
from budgetgen.writing.workbook.writer import render_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from budgetgen.edition.declarations import Rule

ROOT = Path(__file__).parents[1]
UNITS = ROOT / "samples" / "department-2024"
KINDS = {"truth": "是非", "money": "金额", "count": "个数", "number": "数", "percent": "百分比"}
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
    yield ROOT / "docs" / "rules.md", rules_page().encode()
    yield ROOT / "docs" / "functions.md", functions_page().encode()
    yield ROOT / "docs" / "modules.md", modules_page().encode()


def samples() -> Iterator[tuple[Path, bytes]]:
    """The workbooks of the samples: each of its grid, and the department's of its units' workbooks."""
    for source in sorted((ROOT / "samples").glob("**/*.txt")):
        edition = load(next(name for name in available() if source.stem.startswith(name)))
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


def rules_page() -> str:
    """The list of rules of every edition."""
    lines = [
        "# 规则一览",
        "",
        "由版式的声明生成（`make generated`），不要手改。`budgetgen rules` 列出，`budgetgen explain 编号` 举例。",
        "",
        "错误：必须改正。需说明：核实无误的，写在填报表的“审核说明”页。提示：供参考。",
    ]
    for name in available():
        edition = load(name)
        lines += ["", f"## {edition.edition.title}（`{name}`）"]
        for table, rules in groups(edition).items():
            lines += [
                "",
                f"### {table}",
                "",
                "| 编号 | 级别 | 核对什么 | 关系式 | 依据 | 怎么改 |",
                "|---|---|---|---|---|---|",
            ]
            lines += [_row(rule) for rule in rules]
    return "\n".join(lines) + "\n"


def functions_page() -> str:
    """The functions of the formula language."""
    lines = [
        "# 公式里的函数",
        "",
        "由 `formula/functions.py` 生成（`make generated`），不要手改。公式的写法见 [editions.md](editions.md)。",
        "“Excel”：填报表的“校验”页自己也能算；没有的，由程序核对。",
        "",
        "| 写法 | 得到 | 意思 | Excel |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{name}(行.列 for 行 in 表 if 条件)` | 数 | {meaning} | 是 |"
        for name, meaning in AGGREGATES.items()
    ]
    lines += [
        f"| `{function.name}({', '.join(function.arguments)})` | {KINDS[function.kind]} | {function.meaning} | "
        f"{'是' if function.excel or function.present else ''} |"
        for function in FUNCTIONS.values()
    ]
    return "\n".join(lines) + "\n"


def modules_page() -> str:
    """Every module with what it says of itself, room by room."""
    lines = [
        "# Modules",
        "",
        "Generated from the code (`make generated`): what each module says of itself. The rooms: [architecture.md](architecture.md).",
    ]
    package = ROOT / "src" / "budgetgen"
    rooms = re.findall(
        r"^\| \d+ \| `(\w+)/` \|", (ROOT / "docs" / "architecture.md").read_text("utf-8"), re.MULTILINE
    )
    for room in rooms:
        lines += [
            "",
            f"## `{room}/`",
            "",
            _summary(package / room / "__init__.py"),
            "",
            "| module | what it is |",
            "|---|---|",
        ]
        modules = sorted(
            path
            for path in (package / room).rglob("*.py")
            if path.parent != package / room or path.stem != "__init__"
        )
        lines += [f"| `{_module(path, package / room)}` | {_summary(path)} |" for path in modules]
    return "\n".join(lines) + "\n"


def _module(path: Path, room: Path) -> str:
    inner = path.relative_to(room)
    return f"{inner.parent.as_posix()}/" if path.stem == "__init__" else inner.with_suffix("").as_posix()


def _summary(path: Path) -> str:
    """The first line of a module's docstring."""
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]


def _row(rule: Rule) -> str:
    precondition = f"<br>前提：{_code(rule.where)}" if rule.where else ""
    cells = (
        f"`{rule.id}`",
        NAMES[rule.severity],
        rule.title,
        _code(rule.holds) + precondition,
        rule.basis,
        rule.fix,
    )
    return f"| {' | '.join(cells)} |"


def _code(formula: str) -> str:
    return f"`{formula}`" if formula else ""


def main() -> None:
    """Write, or compare with what is committed."""
    stale = {path: data for path, data in generated() if not path.is_file() or path.read_bytes() != data}
    if "--check" in sys.argv:
        sys.exit(f"out of date: {', '.join(map(str, stale))}" if stale else 0)
    for path, data in stale.items():
        path.write_bytes(data)


if __name__ == "__main__":
    main()
