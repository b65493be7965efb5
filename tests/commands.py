"""The program as a person calls it, but within the process of the test: to start it anew costs more than most of what it does.

That it also runs as a process of its own is shown in `test_surroundings`.
"""

from __future__ import annotations

import os
import sys
from contextlib import chdir, contextmanager
from io import BytesIO, TextIOWrapper
from types import ModuleType
from typing import TYPE_CHECKING
from unittest import mock

from budgetgen.app.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def run(*args: object, cwd: Path | None = None, encoding: str = "utf-8") -> tuple[int, str]:
    """The exit code, and what was printed: first the output, then the errors."""
    output, errors = (TextIOWrapper(BytesIO(), encoding=encoding, write_through=True) for _ in range(2))
    with (
        chdir(cwd or "."),
        mock.patch.object(sys, "argv", ["budgetgen", *map(str, args)]),
        mock.patch.object(sys, "stdout", output),
        mock.patch.object(sys, "stderr", errors),
        _main_module(),
        mock.patch.dict(os.environ),
    ):
        code = _exit_code()
    return code, "".join(stream.buffer.getvalue().decode(encoding) for stream in (output, errors))


@contextmanager
def _main_module() -> Iterator[None]:
    """By its main module the program knows its name; the modules that it imports stay, unlike with `patch.dict`."""
    own = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = own


def _exit_code() -> int:
    try:
        main()
    except SystemExit as done:
        return int(done.code or 0)
