"""The command line in Chinese, on any console."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib import import_module
from keyword import iskeyword
from typing import IO, TYPE_CHECKING, Any

import click

from budgetgen.values.text import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

ENCODING_ERRORS = "backslashreplace"
"""A console of code page 936 cannot show every character: it shows its number, and does not fail."""


SAMPLE = "预算公开"
UTF8 = "PYTHONUTF8"
STDOUT = 1


@dataclass
class Invocation:
    """How the program was called.

    Attributes:
        debug: whether errors inside the program are shown with all that is known of them.
    """

    debug: bool = False


def prepare() -> None:
    """Make file names and the standard streams take any text, and keep the output to ourselves."""
    _speak_utf8()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=ENCODING_ERRORS)
    _keep_output()


def _speak_utf8() -> None:
    """Start anew in Python's UTF-8 mode where the system's language (`LC_ALL=C`) knows no Chinese file names.

    Workers inherit it. Windows is always in it as far as file names go.
    """
    try:
        SAMPLE.encode(sys.getfilesystemencoding())
    except UnicodeEncodeError:
        if os.name == "posix" and os.environ.get(UTF8) != "1":
            os.environ[UTF8] = "1"
            executable = sys.executable or sys.orig_argv[0]
            os.execv(executable, [executable, *sys.orig_argv[1:]])  # noqa: S606 - the same program, no shell
        sys.stderr.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # the one of the interpreter
        click.echo(
            f"系统的语言设置写不出中文文件名。\n  请：设置环境变量 {UTF8}=1 或 LC_ALL=C.UTF-8 后再运行。",
            err=True,
        )
        sys.exit(2)


def _keep_output() -> None:
    """Let nobody else print into our output: neither a library written in C nor a process that works for us.

    Our stream gets a descriptor of its own; what others write to the standard output is lost.
    """
    stream = sys.stdout
    try:
        if stream.fileno() != STDOUT:
            return
        stream.flush()
    except (AttributeError, OSError, ValueError):  # none, closed, or one of a test
        return
    sys.stdout = open(  # noqa: PTH123, SIM115 - a descriptor, open as long as the program runs
        os.dup(STDOUT),
        "w",
        encoding=stream.encoding,
        errors=stream.errors,
        buffering=1 if stream.isatty() else -1,
    )
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STDOUT)
    os.close(nowhere)


def shows_everything(stream: IO[Any] | None = None) -> bool:
    """Whether a stream can take every character as it is."""
    encoding = (getattr(stream or sys.stdout, "encoding", "") or "").lower().replace("-", "")
    return encoding.startswith("utf")


class ChineseFormatter(click.HelpFormatter):
    """click's help with Chinese captions."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The usage line."""
        del prefix
        super().write_usage(prog, args, prefix="用法：")

    def write_heading(self, heading: str) -> None:
        """A caption of a section."""
        super().write_heading({"Options": "选项", "Commands": "命令"}.get(heading, heading))


class ChineseContext(click.Context):
    """Uses the Chinese help."""

    formatter_class = ChineseFormatter


class ChineseCommand(click.Command):
    """A command whose help and usage are Chinese, and that can tell all of an error inside the program."""

    context_class = ChineseContext

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.params.append(
            click.Option(
                ["--debug"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_set_debug,
                help="程序内部出错时，把记录也显示在屏幕上",
            )
        )

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """--help, with its Chinese help."""
        option = super().get_help_option(ctx)
        if option:
            option.help = "显示帮助后退出"
        return option

    def invoke(self, ctx: click.Context) -> Any:
        """Do it; what the settings gave is told, for the screen may show another outcome than that of a colleague."""
        if ctx.default_map:
            from budgetgen.app.settings import NAME, applied  # noqa: PLC0415 - only where there are any

            told = applied(ctx)
            if told:
                click.echo(f"（按设置文件 {NAME}：{'，'.join(told)}）", err=True)
        return super().invoke(ctx)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """[选项] instead of [OPTIONS]."""
        return [piece.replace("[OPTIONS]", "[选项]") for piece in super().collect_usage_pieces(ctx)]


def _set_debug(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    call = ctx.find_object(Invocation)
    if call and value:
        call.debug = True


class LazyGroup(ChineseCommand, click.Group):
    """A group whose commands are modules of a package, each imported only when it is called.

    Args:
        package: its modules are named as the commands (import as `import_`) and hold a `command`.
        summaries: command → the line about it in the help, in the order of the help.
    """

    command_class = ChineseCommand

    def __init__(self, *args: Any, package: str, summaries: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self._package, self._summaries = package, summaries

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands."""
        del ctx
        return list(self._summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name."""
        del ctx
        if cmd_name not in self._summaries:
            return None
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command: click.Command = import_module(f"{self._package}.{module}").command
        command.name = cmd_name
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of the commands, without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(self._summaries.items()))

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """命令 instead of COMMAND."""
        return [p.replace("COMMAND [ARGS]...", "命令 [参数]...") for p in super().collect_usage_pieces(ctx)]


def usage_message(error: click.UsageError) -> str:  # noqa: PLR0911 - one line per kind of slip
    """What is wrong with a call, in Chinese."""
    match error:
        case click.NoSuchOption():
            return f"没有选项 {error.option_name}{nearest(error.option_name, error.possibilities or ())}"
        case click.MissingParameter():
            name = error.param.make_metavar(error.ctx) if error.param and error.ctx else ""
            return f"缺少参数 {name.removesuffix('...')}"
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 用法不对（要带一个值，或多带了值）"
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=choices)) as param):
            return f"{param.opts[0]} 只能是 {'、'.join(map(str, choices))}"
        case click.BadParameter(param=click.Parameter(type=click.IntRange() as numbers) as param):
            return f"{param.opts[0]} 要填{_range(numbers)}的整数"
        case click.BadParameter():
            name = error.param.make_metavar(error.ctx) if error.param and error.ctx else ""
            return f"参数 {name} 不对：{error.message}"
    if "No such command" in error.message:
        return _no_command(error)
    if "unexpected extra argument" in error.message:
        return "参数太多"
    return error.message


def _range(numbers: click.IntRange) -> str:
    """The whole numbers that an option takes: 不小于 1."""
    bounds = (("不小于", numbers.min), ("不大于", numbers.max))
    return "、".join(f"{called} {bound} " for called, bound in bounds if bound is not None)


def _no_command(error: click.UsageError) -> str:
    wanted = error.message.split("'")[1]
    context = error.ctx
    group = context.command if context and isinstance(context.command, click.Group) else None
    known = group.list_commands(context) if group and context else []
    return f"没有这个命令：{wanted}{nearest(wanted, known)}"
