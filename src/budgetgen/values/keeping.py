"""What is kept from one run to the next, in the user's cache folder, each by a fingerprint of all that it is made of.

It is taken whole, under its own fingerprint and from where only this user can have written it, or not at all; nobody
else may read it; where nothing can be kept, nothing is lost. Of the program a fingerprint tells how it stood when it
was loaded (`loaded`), not how it stands when something is kept: it may have been replaced since.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from platformdirs import user_cache_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PACKAGE: Final = "budgetgen"
ENDING: Final = ".kept"
OWN_FOLDER, OWN_FILE = 0o700, 0o600
OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
MODULES: Final = (".py", ".csv")
"""The ends of the names of what the program consists of."""


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


def standing(*folders: Path | str) -> Mapping[str, str]:
    """Modules and what they read beside them, below folders: path → its size and when it was changed."""
    return dict(told for folder in folders for told in _standing(folder))


def _standing(folder: Path | str) -> Iterator[tuple[str, str]]:
    """In an order that depends on their names alone; none where the program is packed, for there it is one file."""
    if not os.path.isdir(folder):  # noqa: PTH112 - at every start
        return
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            if entry.is_dir():
                yield from _standing(entry.path)
            elif entry.name.endswith(MODULES):
                with suppress(FileNotFoundError):  # it is just being replaced
                    yield entry.path, f"{(state := entry.stat()).st_size} {state.st_mtime_ns}"


def loaded(*rooms: str) -> str:
    """The program as it stood when it was loaded: what it makes is none of a program that took its place since.

    Args:
        rooms: of these only; of none, the whole of it.
    """
    within = tuple(f"{HOME / room}{os.sep}" for room in rooms)
    stood = (f"{path} {state}\n" for path, state in LOADED.items() if path.startswith(within or str(HOME)))
    return "".join((EXECUTABLE, *stood))


def replaced() -> bool:
    """Whether another program has taken the place of this one since it was loaded."""
    return (_executable(), standing(HOME)) != (EXECUTABLE, LOADED)


def library(*names: str) -> str:
    """Libraries as they stand: to be asked before they are loaded."""
    origins = (spec.origin for name in names if (spec := find_spec(name)) and spec.origin)
    return "".join(
        f"{path} {state}\n" for path, state in standing(*(Path(o).parent for o in origins)).items()
    )


def _executable() -> str:
    """What runs the program; where it is packed, the program itself."""
    file = Path(sys.executable or "")
    return f"{file} {file.stat().st_size} {file.stat().st_mtime_ns}\n" if file.is_file() else ""


HOME: Final = Path(__file__).parents[1]
LOADED: Final = standing(HOME)
EXECUTABLE: Final = _executable()


def _is_own(path: Path) -> bool:
    """Whether only this user can have written there; on Windows that is a matter of the user's own folder."""
    if sys.platform == "win32":
        return True
    state = path.stat()
    return state.st_uid == os.geteuid() and not state.st_mode & OTHERS_WRITE


def _sum(key: str, data: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\n" + data).hexdigest().encode()
