"""The office's own defaults for options: `budgetgen.toml` in the folder at hand, or in the user's folder of settings.

A table for each command, an entry for each long option; what is typed goes before:

    [build]
    output = "公开文本"
    template = "模板.docx"
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from budgetgen.values.findings import UnusableInputError
from budgetgen.values.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NAME = "budgetgen.toml"
NEVER = (
    "help",
    "debug",
    "version",
    "scheduler",
    "database",
    "department",
    "host",
    "address",
    "certificate",
    "key",
)
"""Options that are asked for each time: a file that lies in a folder must not send what is in it to other machines."""


@dataclass(frozen=True)
class Defaults:
    """The defaults of a file.

    Attributes:
        path: the file.
        tables: what it holds for each command.
    """

    path: Path
    tables: Mapping[str, Mapping[str, object]]

    def of(self, command: click.Command) -> dict[str, Any]:
        """The defaults of a command, by the names of its parameters; paths are seen from the file's folder.

        Raises:
            UnusableInputError: it has no such option, or the value is none of its kind.
        """
        told = self.tables.get(command.name or "", {})
        known = _options(command)
        for name in told:
            if name not in known:
                raise self._unknown(f"[{command.name}] 里的 {name}", name, known)
        return {known[name].name or "": self._value(known[name], value) for name, value in told.items()}

    def _value(self, option: click.Option, value: object) -> object:
        if option.multiple and isinstance(value, list):
            return [self._one(option, each) for each in value]
        return self._one(option, value)

    def _one(self, option: click.Option, value: object) -> object:
        kinds: tuple[type, ...] = (bool,) if option.is_flag else (str, int)
        if not isinstance(value, kinds) or (isinstance(value, bool) and not option.is_flag):
            wanted = "true 或 false" if option.is_flag else "文字或整数"
            raise UnusableInputError(
                self.path, f"{option.opts[-1].lstrip('-')} 的值要写成 {wanted}", "改正后再运行"
            )
        return self.path.parent / str(value) if isinstance(option.type, click.Path) else value

    def _unknown(self, what: str, name: str, known: Iterable[str]) -> UnusableInputError:
        return UnusableInputError(self.path, f"不认识 {what}{nearest(name, known)}", "改正后再运行")


def settings(commands: Iterable[str]) -> Defaults | None:
    """The defaults that apply here: those of the folder at hand, or else the user's; None where there are none.

    Raises:
        UnusableInputError: the file cannot be read, or speaks of no command.
    """
    path = next((path for path in _places() if path.is_file()), None)
    if path is None:
        return None
    import tomllib  # noqa: PLC0415 - start-up time counts

    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnusableInputError(path, f"设置读不出来（{error}）", "改正，或移走这个文件") from error
    found = Defaults(path, tables)
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise UnusableInputError(path, f"{name} 不在哪个命令下面", "写在命令的名称下面，例如 [build]")
        if name not in set(commands):
            raise found._unknown(f"[{name}]", name, commands)  # noqa: SLF001 - its own module
    return found


def _places() -> tuple[Path, ...]:
    from platformdirs import user_config_path  # noqa: PLC0415 - start-up time counts

    return Path(NAME).absolute(), user_config_path("budgetgen", appauthor=False) / NAME


def _options(command: click.Command) -> dict[str, click.Option]:
    """The options of a command that may have a default, by their long names."""
    options = (param for param in command.params if isinstance(param, click.Option))
    named = {name.lstrip("-"): option for option in options for name in option.opts if name.startswith("--")}
    return {name: option for name, option in named.items() if name not in NEVER}


def applied(context: click.Context) -> tuple[str, ...]:
    """The options of a call that the settings gave, as one would type them."""
    source = click.core.ParameterSource.DEFAULT_MAP
    options = (param for param in context.command.params if isinstance(param, click.Option))
    return tuple(
        f"{option.opts[-1]} {_typed(context.params[option.name or ''])}".rstrip()
        for option in options
        if context.get_parameter_source(option.name or "") == source
    )


def _typed(value: object) -> str:
    match value:
        case bool():
            return ""
        case tuple():
            return "、".join(map(os.fspath, value))
        case _:
            return str(value)
