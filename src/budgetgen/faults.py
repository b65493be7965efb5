"""A defect of the program leaves a trace: a log with where it happened and in which versions, nothing of any file."""

from __future__ import annotations

import platform
import sys
import traceback
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import click
from platformdirs import user_state_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PACKAGES = (
    "budgetgen",
    "click",
    "docxtpl",
    "highspy",
    "lxml",
    "openpyxl",
    "pydantic",
    "python-docx",
    "xlsxwriter",
)
KEPT = 20
"""How many logs are kept."""


def record(error: BaseException, call: Sequence[str]) -> Path | None:
    """Write the log of a defect; None where it cannot be written.

    What an error says may quote a file, and the words of a call name one: neither is written, only how long it is.

    Args:
        error: the defect.
        call: the words of the command line.
    """
    folder = user_state_path("budgetgen", appauthor=False) / "log"
    path = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([*_about(call), *_trace(error)]) + "\n", encoding="utf-8")
        for old in sorted(folder.glob("*.txt"))[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return None
    return path


def _about(call: Sequence[str]) -> Iterator[str]:
    yield "budgetgen " + " ".join(map(_harmless, call))
    yield f"{platform.platform()}, Python {platform.python_version()}, {sys.getfilesystemencoding()}"
    yield ", ".join(f"{name} {_version(name)}" for name in PACKAGES)


def _harmless(word: str) -> str:
    """A word of a call: a command or an option as it is, of anything else what kind of file it may be."""
    option, joint, value = word.partition("=")
    if option.startswith("-"):
        return f"{option}{joint}{_harmless(value) if value else ''}"
    plain = word.isascii() and word.isalpha() and word.islower()
    return word if plain else f"({len(word)}){Path(word).suffix[:6]}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"


def _trace(error: BaseException) -> Iterator[str]:
    """Where it happened, and what kind of error it was; those that led to it first."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from (*_trace(before), "")
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"{frame.filename}:{frame.lineno} {frame.name}: {frame.line}"
    yield f"{type(error).__name__} ({len(str(error))})"


def told(error: BaseException, call: Sequence[str]) -> str:
    """What a user is told of a defect."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"，{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    path = record(error, call)
    trace = f"记录（不含文件内容）在 {path}" if path else "记录没有写成"
    return (
        f"程序内部出错，没有写出文件（{type(error).__name__}{where}）。{trace}。\n"
        "  请：把这个记录和出错的命令交给软件维护人员；加 --debug 再运行一次可以看到详细经过。"
    )


def shown(error: BaseException) -> None:
    """Print how a defect came about, for who looks for it."""
    click.echo("".join(traceback.format_exception(error)), err=True)
