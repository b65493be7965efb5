"""Editions that were found sound, kept as one mapping: the next start neither merges nor resolves them again.

What is kept is data, never code, and is validated when it is taken. It goes by all that it was made from: the files of
the folders of editions and the program itself. Where nothing can be kept, all is read anew.
"""

from __future__ import annotations

import hashlib
import json
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from budgetgen.values.keeping import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable

MADE_FROM: Final = (".toml", ".csv")
"""The kinds of file that an edition is made from."""
JUDGES: Final = ("edition", "formula")
"""The rooms of the program that decide what an edition is and whether it is sound."""
KEPT: Final = Shelf("editions", 24)
"""Where they are kept, and how many."""


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
    data = KEPT.recall(key)
    if data is None:
        return None
    try:
        told = json.loads(data)
        homes = tuple(among[index] / folder for index, folder in told["homes"])
        return dict(told["declarations"]), homes
    except (ValueError, LookupError, TypeError):  # not one of ours: all is read anew
        return None


def keep(
    key: str, declarations: Mapping[str, Any], homes: Sequence[Traversable], among: Sequence[Traversable]
) -> None:
    """Keep what was found sound."""
    where = [
        (index, home.name) for home in homes for index, one in enumerate(among) if one / home.name == home
    ]
    try:
        text = json.dumps({"homes": where, "declarations": declarations}, ensure_ascii=False)
    except TypeError:  # a date
        return
    KEPT.keep(key, text.encode())
    KEPT.clear()
