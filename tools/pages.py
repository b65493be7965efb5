"""The pages of docs/ that are drawn from the code and the declarations."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

from keys import keys_page

from budgetgen.app.cli import program
from budgetgen.app.reports.rules import groups
from budgetgen.edition import available, load
from budgetgen.formula.functions import AGGREGATES, FUNCTIONS
from budgetgen.values.findings import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import click

    from budgetgen.edition.declarations import Rule

ROOT = Path(__file__).parents[1]
KINDS = {"truth": "是非", "money": "金额", "count": "个数", "number": "数", "percent": "百分比"}
WIDTH = 100
"""Of the help texts, in columns."""
SHOWN = "xinjiang-2026"
"""The format whose files stand for those of all others."""


def commands_page() -> str:
    """Every command as its --help tells it."""
    lines = ["# 命令", "", "由各命令的 `--help` 生成（`make generated`），不要手改。"]
    whole = _context(program, "budgetgen")
    commands = {name: program.get_command(whole, name) for name in program.list_commands(whole)}
    named = ((f"budgetgen {name}", command) for name, command in commands.items() if command)
    for title, command in (("budgetgen", program), *named):
        told = "\n".join(line.rstrip() for line in command.get_help(_context(command, title)).splitlines())
        lines += ["", f"## {title}", "", "```text", told, "```"]
    return "\n".join(lines) + "\n"


def _context(command: click.Command, name: str) -> click.Context:
    return command.context_class(command, info_name=name, max_content_width=WIDTH, terminal_width=WIDTH)


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
    return "\n".join([*lines, *_declared(package / "editions")]) + "\n"


def _declared(editions: Path) -> Iterator[str]:
    """What is declared and no code: the files that all formats share, and those of one format, by their first line."""
    yield from (
        "",
        "## `editions/`",
        "",
        "Formats: tables, relations, messages, wording. A folder of TOML each.",
        "",
    )
    yield from ("| file | what it is |", "|---|---|")
    for folder in ("common", SHOWN):
        for path in sorted((editions / folder).rglob("*.toml")):
            said = path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
            yield f"| `{path.relative_to(editions).with_suffix('').as_posix()}` | {said.strip('- ').partition('。')[0]} |"


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


PAGES: Mapping[str, Callable[[], str]] = {
    "commands": commands_page,
    "keys": keys_page,
    "rules": rules_page,
    "functions": functions_page,
    "modules": modules_page,
}
"""What makes each page, by the name of its file."""
