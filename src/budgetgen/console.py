"""The command line in Chinese, on any console."""

from __future__ import annotations

import sys
from typing import IO, Any

import click

ENCODING_ERRORS = "backslashreplace"
"""A console of code page 936 cannot show every character: it shows its number, and does not fail."""


def prepare() -> None:
    """Make the standard streams take any text."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=ENCODING_ERRORS)


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
    """A command whose help and usage are Chinese."""

    context_class = ChineseContext

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """--help, with its Chinese help."""
        option = super().get_help_option(ctx)
        if option:
            option.help = "显示帮助后退出"
        return option

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """[选项] instead of [OPTIONS]."""
        return [piece.replace("[OPTIONS]", "[选项]") for piece in super().collect_usage_pieces(ctx)]


class ChineseGroup(ChineseCommand, click.Group):
    """A group of such commands."""

    command_class = ChineseCommand

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """命令 instead of COMMAND."""
        return [p.replace("COMMAND [ARGS]...", "命令 [参数]...") for p in super().collect_usage_pieces(ctx)]


def usage_message(error: click.UsageError) -> str:  # noqa: PLR0911 - one line per kind of slip
    """What is wrong with a call, in Chinese."""
    match error:
        case click.NoSuchOption():
            near = f"，您是否指 {'、'.join(error.possibilities)}" if error.possibilities else ""
            return f"没有选项 {error.option_name}{near}"
        case click.MissingParameter():
            name = error.param.make_metavar(error.ctx) if error.param and error.ctx else ""
            return f"缺少参数 {name}"
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 用法不对（要带一个值，或多带了值）"
        case click.BadParameter(param=click.Parameter(type=click.Choice(choices=choices)) as param):
            return f"{param.opts[0]} 只能是 {'、'.join(map(str, choices))}"
        case click.BadParameter():
            name = error.param.make_metavar(error.ctx) if error.param and error.ctx else ""
            return f"参数 {name} 不对：{error.message}"
    if "No such command" in error.message:
        return f"没有这个命令：{error.message.split(chr(39))[1]}"
    if "unexpected extra argument" in error.message:
        return "参数太多"
    return error.message
