"""What is kept of an error inside the program: where it happened and in which versions, never what was in the files.

The message of an error may quote a cell, and so a secret. Of its words only those are kept that stand in the program
itself: in the code that failed, or in what Python says of any error.
"""

from __future__ import annotations

import os
import platform
import re
import sys
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_state_path

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence
    from types import CodeType

PACKAGE = "budgetgen"
KEPT = 20
"""How many logs are kept, the newest."""
HIDDEN = "…"
SHOWN = 3
"""How many parts of a source's path are told: no folder of a person."""
WORD = re.compile(r"\w+")
PLACE = re.compile(r'  File "([^"\n]+\.py)", line (\d+), in ([A-Za-z_<>]\w*>?)')
"""A line of a traceback that another process sent as text."""
REMOTE = "_RemoteTraceback"
"""How `concurrent.futures` calls the traceback of a worker."""
PYTHON = frozenset(
    WORD.findall(
        "a an and argument arguments as attribute base be before between bool by bytes can cannot character characters "
        "codec could decode depth dict division encode exceeded expected failed float for found from got has have in index "
        "instance instances int integer invalid is it iterable keyword key keys len length list literal local maximum "
        "missing module must named no None NoneType not object of operand or ordinal out position positional range "
        "recursion referenced required sequence set size str string subscriptable callable supported t takes than the to "
        "too many few tuple type types unexpected unhashable unpack unsupported utf value values variable was were with "
        "without zero"
    )
)
"""The words of which Python's own messages are made."""


@dataclass(frozen=True)
class Incident:
    """An error inside the program.

    Attributes:
        summary: what and where, on one line.
        text: the whole log.
        log: the file that holds it; None where it could not be written.
    """

    summary: str
    text: str
    log: Path | None


def keep(error: BaseException, arguments: Sequence[str], commands: Container[str]) -> Incident:
    """Log an error.

    Args:
        error: what was raised.
        arguments: of the command line, without the program.
        commands: the names of the commands, which are kept where they are given.
    """
    errors = _chain(error)
    summary = f"{type(error).__name__}：{_message(error)}，{_place(errors)}"
    text = "\n".join(
        [*_circumstances(arguments, commands), "", *(line for one in errors for line in _told(one)), ""]
    )
    return Incident(summary, text, _written(text))


def folder() -> Path:
    """Where the logs are."""
    return user_state_path(PACKAGE, appauthor=False)


def _written(text: str) -> Path | None:
    """The file that now holds the text; the oldest ones are removed."""
    name = f"error-{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}.log"
    try:
        home = folder()
        home.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
        for old in sorted(home.glob("error-*.log"))[:-KEPT]:
            old.unlink(missing_ok=True)
    except (OSError, RuntimeError):  # no place, no room, no right to write, no home
        return None
    return home / name


# --- circumstances ------------------------------------------------------------------------------------------


def _circumstances(arguments: Sequence[str], commands: Container[str]) -> Iterator[str]:
    yield f"{PACKAGE} {_version(PACKAGE)}"
    yield f"Python {platform.python_version()} ({platform.python_implementation()})"
    yield f"{platform.platform()}, {sys.getfilesystemencoding()}, {getattr(sys.stdout, 'encoding', None)}"
    yield "  ".join(f"{name} {_version(name)}" for name in _required())
    yield f"{PACKAGE} {' '.join(_argument(text, commands) for text in arguments)}"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "-"


def _required() -> Iterator[str]:
    """The names of the libraries, the optional ones too."""
    try:
        required = metadata.requires(PACKAGE) or ()
    except metadata.PackageNotFoundError:
        required = ()
    names = (re.split(r"[^\w.-]", text, maxsplit=1)[0] for text in required)
    yield from sorted({*names} - {PACKAGE})


def _argument(text: str, commands: Container[str]) -> str:
    """An argument as far as it holds nothing of a person: a command, the name of an option, the kind of a file."""
    if text.startswith("--"):
        return text.partition("=")[0]
    if text.startswith("-"):
        return text[:2]
    if re.fullmatch(r"[a-z]{2,12}", text):
        return text if text in commands else HIDDEN
    return (
        f"{HIDDEN}{suffix}" if re.fullmatch(r"\.\w{1,5}", suffix := Path(text).suffix, re.ASCII) else HIDDEN
    )


# --- the error ----------------------------------------------------------------------------------------------


def _chain(error: BaseException) -> Sequence[BaseException]:
    """The errors that led to this one, the first first."""
    met: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in met:
        met.append(one)
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    return met[::-1]


def _told(error: BaseException) -> Iterator[str]:
    yield f"{type(error).__module__}.{type(error).__qualname__}: {_message(error)}"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {_short(frame.filename)}:{frame.lineno} {frame.name}"
        if frame.line and frame.filename.endswith(".py"):  # what is made out of a template is no code of ours
            yield f"    {frame.line}"
    yield from (f"  {place}" for place in _sent(error))


def _place(errors: Sequence[BaseException]) -> str:
    """Where the last error was raised; in another process, if it comes from there."""
    sent = [place for one in errors for place in _sent(one)]
    if sent:
        return sent[-1].split(" ")[0].rpartition("/")[2]
    frames = traceback.extract_tb(errors[-1].__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def _sent(error: BaseException) -> Iterator[str]:
    """The places of an error in another process, which sends its traceback as text."""
    if type(error).__name__ == REMOTE:
        for found in PLACE.finditer(str(error)):
            yield f"{_short(found[1])}:{found[2]} {found[3]}"


def _short(filename: str) -> str:
    return "/".join(Path(filename).parts[-SHOWN:])


def _message(error: BaseException) -> str:
    """What the error says, in the words of the program; whatever else it quotes is hidden."""
    if type(error).__name__ == REMOTE:
        return HIDDEN
    known = PYTHON.union(*(_words(frame.f_code) for frame, _ in traceback.walk_tb(error.__traceback__)))
    return WORD.sub(lambda word: word[0] if word[0] in known else HIDDEN, " ".join(str(error).split()))


def _words(code: CodeType) -> set[str]:
    """The names and words that stand in a piece of code."""
    texts = (text for text in code.co_consts if isinstance(text, str))
    return {*code.co_names, *code.co_varnames, *(word for text in texts for word in WORD.findall(text))}
