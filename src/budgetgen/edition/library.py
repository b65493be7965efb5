"""Which editions there are: those that come with the program, and those of folders that the user names."""

from __future__ import annotations

import os
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from budgetgen.edition.errors import EditionError
from budgetgen.edition.files import homes, read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

EDITIONS = "editions"
FOLDERS = "BUDGETGEN_EDITIONS"
"""The environment variable with further folders of editions, separated as in PATH; workers inherit it."""
LIBRARY = "library.toml"
"""The file of a folder of editions that says which region's edition is taken where none is asked for."""


def folder() -> Traversable:
    """Where the editions of the program are declared."""
    return files("budgetgen") / EDITIONS


def folders() -> tuple[Traversable, ...]:
    """The folders of editions: the user's own first, then the program's."""
    own = (Path(path) for path in os.environ.get(FOLDERS, "").split(os.pathsep) if path)
    return (*(path for path in own if path.is_dir()), folder())


def available() -> tuple[str, ...]:
    """The ids of all editions: those of the default region first, of each region the newest first.

    An edition whose files cannot be read comes last; asked for by its id it says why.
    """
    return _ordered(folders())


@cache
def _ordered(among: tuple[Traversable, ...]) -> tuple[str, ...]:
    found = {home.name: home for one in reversed(among) for home in homes(one)}
    default = next(filter(None, map(_default, among)), "")

    def rank(name: str) -> tuple[bool, bool, str, int, str]:
        about = _settings(found, name)
        region, year = str(about.get("region", "")), about.get("year")
        known = isinstance(year, int)
        return not known, region != default, region, -year if isinstance(year, int) else 0, name

    return tuple(sorted(found, key=rank))


def _default(folder: Traversable) -> str:
    """The region that a folder of editions is for, where it says so."""
    file = folder / LIBRARY
    return str(read(file, LIBRARY).get("region", "")) if file.is_file() else ""


def _settings(found: Mapping[str, Traversable], name: str) -> dict[str, Any]:
    """`[edition]` of an edition, with what it takes from those that it extends; of a broken one what can be read."""
    settings: dict[str, Any] = {}
    seen: set[str] = set()
    while name in found and name not in seen:
        seen.add(name)
        try:
            data = read(found[name] / "edition.toml", name)
        except EditionError:
            return {}
        settings = {**data.get("edition", {}), **settings}
        name = str(data.get("extends", ""))
    return settings
