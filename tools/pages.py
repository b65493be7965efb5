"""The pages of docs/ that are drawn from the code and the declarations."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

from budgetgen.app.cli import program
from budgetgen.app.reports.rules import groups
from budgetgen.edition import available, load
from budgetgen.edition.declarations import Edition
from budgetgen.edition.declarations.base import Declared
from budgetgen.edition.declarations.names import Inside
from budgetgen.edition.walking import hints, kinds_of
from budgetgen.formula.functions import AGGREGATES, FUNCTIONS
from budgetgen.values.findings import NAMES

if TYPE_CHECKING:
    import click

    from budgetgen.edition.declarations import Rule

ROOT = Path(__file__).parents[1]
KINDS = {"truth": "是非", "money": "金额", "count": "个数", "number": "数", "percent": "百分比"}
TYPES = {"str": "text", "bool": "true or false", "int": "whole number", "float": "number"}
WIDTH = 100
"""Of the help texts, in columns."""
SHOWN = 40
"""How long a default may be that is shown."""


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


def keys_page() -> str:
    """Every key that an edition may declare, as the types of the declarations say it."""
    lines = [
        "# Keys of an edition",
        "",
        "Generated from `edition/declarations/` (`make generated`). How they work together: [editions.md](editions.md).",
        "A key without a default has to be there, in the edition or in one that it extends.",
    ]
    for model in declared():
        told, types = attributes(model), hints(model)
        lines += ["", f"## {model.__name__}", "", (model.__doc__ or "").partition("\n")[0], ""]
        lines += ["| key | type | default | what it is |", "|---|---|---|---|"]
        for field in fields(model):
            kind = types[field.name]
            meant = told.get(field.name) or _meant(kind)
            lines.append(f"| `{field.name}` | {_type(kind)} | {_default(field)} | {meant} |")
    return "\n".join(lines) + "\n"


def declared() -> Iterator[type[Declared]]:
    """All declarations, each where it is first met."""
    waiting: list[type[Declared]] = [Edition]
    met = set(waiting)
    while waiting:
        model = waiting.pop(0)
        yield model
        inner = [each for kind in hints(model).values() for each in _models(kind)]
        waiting[:0] = [each for each in dict.fromkeys(inner) if each not in met]
        met.update(inner)


def _models(annotation: object) -> Iterator[type[Declared]]:
    if isinstance(annotation, type) and issubclass(annotation, Declared):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _type(annotation: object) -> str:
    """A type as an author reads it: a list of texts, a table of …, one of …."""
    inner = tuple(each for each in get_args(annotation) if each is not Ellipsis)
    kind = get_origin(annotation)
    if kind is Annotated:
        return _type(inner[0])
    if kind is Literal:
        return "one of " + ", ".join(f"`{each}`" for each in inner)
    if kind in (tuple, frozenset):
        return "list of " + " and ".join(dict.fromkeys(map(_type, inner)))
    if kind is Mapping:
        return f"table of {_type(inner[1])}"
    if inner:
        return " or ".join(_type(each) for each in inner if each is not type(None))
    name = getattr(annotation, "__name__", str(annotation))
    return f"[{name}](#{name.lower()})" if any(_models(annotation)) else TYPES.get(name, name)


def attributes(declared: type[Declared]) -> Mapping[str, str]:
    """What a declaration's docstring says of its keys."""
    told = inspect.cleandoc(declared.__doc__ or "").partition("Attributes:\n")[2].partition("\n\n")[0]
    entries = re.findall(r"^    (\w+(?:, \w+)*): ?(.*(?:\n        .*)*)", told, re.MULTILINE)
    return {name: " ".join(text.split()) for names, text in entries for name in names.split(", ")}


def _meant(kind: object) -> str:
    """Of a key without words of its own: what the declaration is that it holds, or of what it is a name."""
    held = next(_models(kind), None)
    inside = [f"a {of.what} of `{of.table}`" for of in kinds_of(kind) if isinstance(of, Inside)]
    return (held.__doc__ or "").partition("\n")[0] if held else ", ".join(inside)


def _default(field: Field[Any]) -> str:
    if field.default is MISSING and field.default_factory is MISSING:
        return ""
    told = repr(field.default if field.default_factory is MISSING else field.default_factory())
    return f"`{told}`" if len(told) <= SHOWN else "declared in the code"


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


PAGES: Mapping[str, Callable[[], str]] = {
    "commands": commands_page,
    "keys": keys_page,
    "rules": rules_page,
    "functions": functions_page,
    "modules": modules_page,
}
"""What makes each page, by the name of its file."""
