"""A file from outside is opened without waiting for it, and only if it is one."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class NotAFileError(OSError):
    """A pipe, a device or a socket: whoever reads it may wait for ever."""


def read_file(path: Path, most: int) -> bytes:
    """The bytes of a file, at most so many.

    Raises:
        NotAFileError: it is neither a file nor a folder.
        OSError: it cannot be opened or read.
    """
    with open(path, "rb", opener=_open) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise NotAFileError(path)
        return file.read(most)


def _open(path: str, flags: int) -> int:
    """Open without waiting until somebody writes into a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))
