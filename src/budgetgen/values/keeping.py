"""What is kept from one run to the next, in the user's cache folder, each by a fingerprint of all that it is made of.

It is taken whole, under its own fingerprint and from where only this user can have written it, or not at all; nobody
else may read it; where nothing can be kept, nothing is lost.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from platformdirs import user_cache_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PACKAGE: Final = "budgetgen"
ENDING: Final = ".kept"
OWN_FOLDER, OWN_FILE = 0o700, 0o600
OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True)
class Shelf:
    """A folder of things of one kind.

    Attributes:
        name: of the folder within the cache.
        most: how many are kept, those that were last of use.
    """

    name: str
    most: int

    @property
    def folder(self) -> Path:
        """Where it is.

        Raises:
            RuntimeError: the user has no home.
        """
        return user_cache_path(PACKAGE, appauthor=False) / self.name

    def recall(self, key: str) -> bytes | None:
        """What was kept under a fingerprint; None where there is none, or what is there is not what was kept."""
        try:
            file = self.folder / f"{key}{ENDING}"
            if not (_is_own(self.folder) and _is_own(file)):
                return None
            total, _, data = file.read_bytes().partition(b"\n")
            if total != _sum(key, data):
                return None
            os.utime(file)
        except (OSError, RuntimeError):
            return None
        return data

    def keep(self, key: str, data: bytes) -> None:
        """Keep data, whole or not at all."""
        try:
            folder = self.folder
            folder.mkdir(parents=True, exist_ok=True, mode=OWN_FOLDER)
            part = folder / f"{key}.{os.getpid()}.part"
            try:
                part.touch(OWN_FILE)
                part.write_bytes(_sum(key, data) + b"\n" + data)
                part.replace(folder / f"{key}{ENDING}")
            finally:
                part.unlink(missing_ok=True)
        except (OSError, RuntimeError):  # no place, no right to write, no home
            return

    def clear(self) -> None:
        """Remove what is more than is kept, the longest unused first."""
        try:
            files = sorted(self.folder.glob(f"*{ENDING}"), key=lambda f: f.stat().st_mtime, reverse=True)
            for old in files[self.most :]:
                old.unlink(missing_ok=True)
        except (OSError, RuntimeError):  # another program is at it, too
            return


def standing(files: Iterable[Path]) -> str:
    """Files as they stand here: while none of them was changed, this says the same."""
    states = ((file, file.stat()) for file in files if file.is_file())
    return "".join(f"{file} {state.st_size} {state.st_mtime_ns}\n" for file, state in states)


def _is_own(path: Path) -> bool:
    """Whether only this user can have written there; on Windows that is a matter of the user's own folder."""
    if sys.platform == "win32":
        return True
    state = path.stat()
    return state.st_uid == os.geteuid() and not state.st_mode & OTHERS_WRITE


def _sum(key: str, data: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\n" + data).hexdigest().encode()
