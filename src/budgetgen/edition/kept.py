"""Editions that were found sound, kept as they are: the next start neither merges, validates nor resolves them again.

What is kept is data, never code: declarations and the values in them are taken back, nothing else. It goes by all that
it was made from: the files of the folders of editions and the program itself. Where nothing can be kept, all is read
anew.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import sys
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from budgetgen.edition import declarations
from budgetgen.edition.declarations import Declared, Edition, Settings
from budgetgen.edition.files import OF_TABLES
from budgetgen.values.keeping import Shelf, loaded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.resources.abc import Traversable

MADE_FROM: Final = (".toml", ".csv")
"""The kinds of file that an edition is made from."""
PLACED: Final = ("*", "*/*", *(f"*/{folder}/*" for folder in OF_TABLES))
"""Where such files stand in a folder of editions."""
JUDGES: Final = ("edition", "formula", "values")
"""The rooms of the program that decide what an edition is and whether it is sound."""
KEPT: Final = Shelf("editions", 24)
"""Where they are kept, and how many."""
VALUES: Final = {("decimal", "Decimal"), ("re", "_compile"), ("budgetgen.values.findings", "Severity")}
"""What stands in declarations beside texts, numbers and declarations."""


def fingerprint(name: str, made_of: str) -> str:
    """What an edition is known by, of those that are made of the same; empty where it cannot be known."""
    return made_of and hashlib.sha256(f"{name} {made_of}".encode()).hexdigest()


def all_made_of(among: Sequence[Traversable]) -> str:
    """All that editions are made from and are judged by; empty where that is not in folders."""
    folders = [folder for folder in among if isinstance(folder, Path)]
    if len(folders) < len(among):
        return ""
    told = hashlib.sha256(f"{sys.version}\n".encode())
    for file in _declared(folders):
        told.update(f"{file}\n".encode())
        told.update(file.read_bytes())
    told.update(loaded(*JUDGES).encode())
    return told.hexdigest()


def _declared(folders: Sequence[Path]) -> Iterator[Path]:
    for folder in folders:
        files = (file for pattern in PLACED for file in folder.glob(pattern))
        yield from sorted(file for file in files if file.suffix in MADE_FROM and file.is_file())


class Unpacker(pickle.Unpickler):
    """Takes back what an edition is made of; anything else is none of ours."""

    def find_class(self, module: str, name: str) -> Any:
        """A type of declaration or of a value.

        Raises:
            UnpicklingError: it is neither.
        """
        declared = module.startswith(f"{declarations.__name__}.")
        found = super().find_class(module, name) if declared or (module, name) in VALUES else None
        if declared and not (isinstance(found, type) and issubclass(found, Declared)):
            found = None  # a name with dots leads anywhere
        if found is None:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return found


def recall(key: str, among: Sequence[Traversable]) -> Edition | None:
    """The edition that was kept under a fingerprint."""
    data = KEPT.recall(key)
    if data is None:
        return None
    try:
        stream = io.BytesIO(data)
        Unpacker(stream).load()  # what stands at its head
        edition, where = Unpacker(stream).load()
        homes = tuple(among[index] / folder for index, folder in where)
    except Exception:  # noqa: BLE001 - whatever it is, it is not one of ours: all is read anew
        return None
    if not isinstance(edition, Edition):
        return None
    edition.settle(homes)
    return edition


def introduced(key: str) -> Settings | None:
    """What the edition that was kept under a fingerprint says of itself."""
    data = KEPT.recall(key)
    try:
        told = Unpacker(io.BytesIO(data)).load() if data else None
    except Exception:  # noqa: BLE001 - as above
        return None
    return told if isinstance(told, Settings) else None


def keep(key: str, edition: Edition, among: Sequence[Traversable]) -> None:
    """Keep what was found sound, with what it says of itself at the head."""
    where = [
        (index, home.name)
        for home in edition.homes
        for index, one in enumerate(among)
        if one / home.name == home
    ]
    bare = copy(edition)
    bare.settle(())
    told = (pickle.dumps(each, protocol=pickle.HIGHEST_PROTOCOL) for each in (bare.edition, (bare, where)))
    KEPT.keep(key, b"".join(told))
    KEPT.clear()
