"""Which editions there are: those that come with the program, and those of folders that the user names."""

from __future__ import annotations

import os
import re
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
SETTINGS = "edition.toml"
"""The file that makes a folder an edition."""
FOLDERS = "BUDGETGEN_EDITIONS"
"""The environment variable with further folders of editions, separated as in PATH; workers inherit it."""
AHEAD = 5
"""So many years after its own an edition may stand in for those that are not there yet."""
LIBRARY = "library.toml"
"""The file of a folder of editions that says which region's edition is taken where none is asked for."""


def folder() -> Traversable:
    """Where the editions of the program are declared."""
    return files("budgetgen") / EDITIONS


def folders() -> tuple[Traversable, ...]:
    """The folders of editions: the user's own first, then the program's."""
    return (*own_folders(), folder())


def own_folders() -> tuple[Path, ...]:
    """The folders of editions that the user names."""
    return tuple(path for path in named_folders() if path.is_dir())


def named_folders() -> tuple[Path, ...]:
    """The same, whether they are there or not."""
    return tuple(Path(path) for path in os.environ.get(FOLDERS, "").split(os.pathsep) if path)


def look_in(*first: Path) -> None:
    """Look for editions in these folders, too, and there first; workers do so as well."""
    named = (*(str(path.resolve()) for path in first), os.environ.get(FOLDERS, ""))
    os.environ[FOLDERS] = os.pathsep.join(filter(None, named))


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


def known(name: str) -> bool:
    """Whether there is an edition of that id, or one that stands in for it."""
    among = folders()
    return any(home.name == name for one in among for home in homes(one)) or bool(stand_in(name, among))


def stand_in(name: str, among: tuple[Traversable, ...]) -> tuple[str, int] | None:
    """The newest edition that stands in for one of a later year that is not there yet, and that year.

    A format is published shortly before it is due; what is rolled forward before goes by that of the year before.
    """
    if name in _ordered(among):
        return None
    found = {home.name: home for one in reversed(among) for home in homes(one)}
    years = {known: _settings(found, known).get("year") for known in found}
    later = (
        (own, int(match[1]), known)
        for known, own in years.items()
        if isinstance(own, int) and (match := re.fullmatch(_of_any_year(known, own), name))
    )
    nearest = max(
        ((own, year, known) for own, year, known in later if own < year <= own + AHEAD), default=None
    )
    return (nearest[2], nearest[1]) if nearest else None


def _of_any_year(name: str, year: int) -> str:
    """The ids that an edition would have in other years."""
    return re.escape(name).replace(str(year), r"(\d{4})", 1)


def later(name: str, year: int, to: int) -> str:
    """The id that an edition of one year would have in another."""
    return name.replace(str(year), str(to), 1)


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
            data = read(found[name] / SETTINGS, name)
        except EditionError:
            return {}
        own = data.get("edition")
        settings = {**(own if isinstance(own, dict) else {}), **settings}
        name = str(data.get("extends", ""))
    return settings
