"""The folder of a run: nobody else's, and empty again when the run has ended, however it ended."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

if TYPE_CHECKING:
    from collections.abc import Iterator

PRIVATE: Final = 0o700
LOCK: Final = ".lock"


def home() -> Path:
    """Where the folders of all runs are."""
    return user_cache_path("budgetgen", appauthor=False) / "serve"


@contextmanager
def workspace() -> Iterator[Path]:
    """A folder for this run; what runs that were killed have left is deleted first.

    A run holds the lock beside its folder as long as it lives, whatever ends it.
    """
    base = home()
    base.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
    base.chmod(PRIVATE)
    _sweep(base)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=base))
    folder.chmod(PRIVATE)
    with FileLock(_lock(folder)):
        try:
            yield folder
        finally:
            rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        _lock(folder).unlink(missing_ok=True)


def _lock(folder: Path) -> Path:
    return folder.with_name(folder.name + LOCK)


def _sweep(base: Path) -> None:
    """Delete the folders whose lock nobody holds."""
    for folder in base.glob("run-*"):
        lock = folder if folder.name.endswith(LOCK) else _lock(folder)
        own = folder.with_name(lock.name.removesuffix(LOCK))
        with suppress(Timeout, OSError):
            with FileLock(lock, timeout=0):
                rmtree(own, ignore_errors=True)
            lock.unlink(missing_ok=True)
