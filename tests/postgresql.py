"""A PostgreSQL of one's own, in a folder of its own, until it is no longer needed; nothing where it is not installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

NUMBERS = count(1)


def present() -> bool:
    """Whether its programs are installed."""
    return _home() is not None


@contextmanager
def cluster(*, lasting: bool = False) -> Iterator[str]:
    """Where it is reached, with `{}` for the database.

    Args:
        lasting: whether it waits for the disk, as one that is meant to keep something.
    """
    home = _home()
    assert home is not None
    folder = Path(tempfile.mkdtemp(prefix="budgetgen-pg-", dir="/tmp"))
    if os.geteuid() == 0:  # it refuses to be root
        shutil.chown(folder, "nobody")
    data = folder / "data"
    options = f"{'' if lasting else '-F '}-c listen_addresses='' -c unix_socket_directories={folder}"
    _call(folder, home / "initdb", "-D", data, "-A", "trust", "-U", "board", "-E", "UTF8", "-N")
    _call(folder, home / "pg_ctl", "-D", data, "-w", "-o", options, "start")
    try:
        yield f"postgresql://board@/{{}}?host={folder}"
    finally:
        _call(folder, home / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def new_database(address: str) -> str:
    """The address of a new, empty database."""
    name = f"board{next(NUMBERS)}"
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]  # of our own words
    return address.format(name)


def _call(folder: Path, *command: object) -> None:
    owner = {"user": "nobody"} if os.geteuid() == 0 else {}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(list(map(str, command)), check=True, cwd=folder, **quiet, **owner)  # type: ignore[call-overload]


def _home() -> Path | None:
    """The folder of its programs."""
    found = shutil.which("pg_ctl")
    places = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((place for place in reversed(places) if (place / "initdb").exists()), None)
