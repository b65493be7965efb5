"""Editions that were found sound, kept as one mapping: the next start neither merges nor resolves them again.

What is kept is data, never code, and is validated when it is taken. It goes by all that it was made from: the files of
the folders of editions and the program itself. Where nothing can be kept, all is read anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from platformdirs import user_cache_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable

PACKAGE: Final = "budgetgen"
MADE_FROM: Final = (".toml", ".csv")
"""The kinds of file that an edition is made from."""
JUDGES: Final = ("edition", "formula")
"""The rooms of the program that decide what an edition is and whether it is sound."""
KEPT: Final = 24
"""How many editions are kept, the newest."""


def fingerprint(name: str, among: Sequence[Traversable]) -> str:
    """What an edition is known by: all that it is made from and is judged by; empty where that is not in folders."""
    folders = [folder for folder in among if isinstance(folder, Path)]
    if len(folders) < len(among):
        return ""
    told = hashlib.sha256(f"{name} {sys.version} {metadata.version('pydantic')}\n".encode())
    for file in _declared(folders):
        told.update(f"{file}\n".encode())
        told.update(file.read_bytes())
    for file in _judging():
        state = file.stat()
        told.update(f"{file} {state.st_size} {state.st_mtime_ns}\n".encode())
    return told.hexdigest()


def _declared(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        files = (*folder.glob("*"), *folder.glob("*/*"))
        yield from sorted(file for file in files if file.suffix in MADE_FROM and file.is_file())


def _judging() -> Iterator[Path]:
    package = Path(__file__).parents[1]
    for room in JUDGES:
        yield from sorted(file for file in (package / room).rglob("*") if file.suffix in {".py", ".csv"})


def recall(key: str, among: Sequence[Traversable]) -> tuple[dict[str, Any], tuple[Traversable, ...]] | None:
    """What was kept under a fingerprint: the declarations, and the folders that they are from."""
    try:
        total, _, text = _file(key).read_text(encoding="utf-8").partition("\n")
        told = json.loads(text)
        homes = tuple(among[index] / folder for index, folder in told["homes"])
        return (dict(told["declarations"]), homes) if total == _sum(text) else None
    except (
        OSError,
        RuntimeError,
        ValueError,
        LookupError,
        TypeError,
    ):  # none, or not one of ours: all is read anew
        return None


def keep(
    key: str, declarations: Mapping[str, Any], homes: Sequence[Traversable], among: Sequence[Traversable]
) -> None:
    """Keep what was found sound; where that cannot be, nothing is lost."""
    where = [
        (index, home.name) for home in homes for index, one in enumerate(among) if one / home.name == home
    ]
    try:
        text = json.dumps({"homes": where, "declarations": declarations}, ensure_ascii=False)
        _write(_file(key), f"{_sum(text)}\n{text}")
    except (OSError, RuntimeError, TypeError):  # no place, no right to write, no home; a date
        return


def _file(key: str) -> Path:
    return user_cache_path(PACKAGE, appauthor=False) / f"{key}.json"


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _write(file: Path, text: str) -> None:
    """A whole file or none; the oldest are removed."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(f".{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    others = sorted(file.parent.glob("*.json"), key=lambda other: other.stat().st_mtime, reverse=True)
    for old in others[KEPT:]:
        old.unlink(missing_ok=True)
