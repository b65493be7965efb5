"""Where the declarations of an edition stand, and which of them change what another edition declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from budgetgen.edition.files import PLACES, MergedFiles, by_name, place_of
from budgetgen.edition.library import folders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.edition.declarations import Edition
    from budgetgen.edition.files import DeclaredAt

REMOVE: Final = "remove"
ABOUT: Final = frozenset({"edition.id", "edition.title", "edition.year"})
"""What every edition says of itself."""


class Doing(Enum):
    """What a declaration does to that of the same name in the edition below."""

    NEW = "新增"
    CHANGED = "改了原有的"
    REPEATED = "与原来一样，可以不写"
    REMOVED = "去掉"


@dataclass(frozen=True, slots=True)
class Overriding:
    """A declaration of an edition's own files.

    Attributes:
        doing: what it does.
        called: its kind and name, as its author knows it: `rule“general-row”`.
        place: where it stands: `file:line`.
        before: where what it changes or takes away stands; empty where nothing was there.
        parts: what of it differs.
    """

    doing: Doing
    called: str
    place: str
    before: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Origins:
    """The declarations of an edition as they are written.

    Attributes:
        base: those of the edition that it extends; of none, what holds in all.
        own: those of its own files.
        extends: whether there is such an edition.
    """

    base: Mapping[str, Any]
    own: Mapping[str, Any]
    extends: bool

    @classmethod
    def of(cls, edition: Edition) -> Origins:
        """Those of an edition that was loaded; of one that stands in for another, its own."""
        merging = MergedFiles(folders())
        base, own = merging.apart(edition.homes[0].name)
        return cls(base, own, len(merging.homes) > 1)

    def places(self, kind: str, name: str) -> tuple[DeclaredAt, ...]:
        """Where a declaration of a list stands, first what holds, then what that changes."""
        found = (by_name(side.get(kind)).get(name, {}) for side in (self.own, self.base))
        return tuple(place for entry in found for place in entry.get(PLACES, ()))

    def line(self, kind: str, name: str, *words: str) -> str:
        """`file:line` of the first of some words in a declaration of a list, else of the declaration; empty where unknown."""
        known = [by_name(side.get(kind)).get(name, {}) for side in (self.own, self.base)]
        around = [place for entry in known for place in _places(entry)]
        found = (place.of(word) for word in words for place in around)
        header = f"{around[0].file}:{around[0].line}" if around else ""
        return next(filter(None, found), header).removesuffix(": ")

    def overridings(self) -> Iterator[Overriding]:
        """Everything that the edition's own files declare, against the edition below."""
        for key, value in self.own.items():
            if isinstance(value, list):
                before = by_name(self.base.get(key))
                for name, entry in by_name(value).items():
                    yield _against(f"{key}“{name}”", before.get(name), entry)
            elif isinstance(value, Mapping):
                yield from self._of_mapping(key, value)

    def _of_mapping(self, key: str, value: Mapping[str, Any]) -> Iterator[Overriding]:
        known = self.base.get(key, {})
        for name, said in value.items():
            if name == PLACES or f"{key}.{name}" in ABOUT:
                continue
            old, at = known.get(name), _header(value, name)
            before = "" if old is None else _header(known, name)
            doing = (
                Doing.NEW if old is None else Doing.CHANGED if [*_differing(old, said)] else Doing.REPEATED
            )
            yield Overriding(doing, f"{key}.{name}", at, before)


def _against(called: str, old: Mapping[str, Any] | None, entry: Mapping[str, Any]) -> Overriding:
    """An entry of a list against that of the same name below."""
    at = _header(entry)
    if old is None:
        return Overriding(Doing.NEW, called, at)
    if entry.get(REMOVE):
        return Overriding(Doing.REMOVED, called, at, _header(old))
    parts = tuple(_differing(old, entry))
    return Overriding(Doing.CHANGED if parts else Doing.REPEATED, called, at, _header(old), parts)


def _places(declared: Any) -> Iterator[DeclaredAt]:
    """The places of a declaration and of all within it."""
    if isinstance(declared, Mapping):
        yield from declared.get(PLACES, ())
        yield from (place for key, value in declared.items() if key != PLACES for place in _places(value))
    elif isinstance(declared, list):
        yield from (place for value in declared for place in _places(value))


def _header(entry: Mapping[str, Any], part: str = "") -> str:
    """Where an entry stands, or a part of it: of a list of tables the first."""
    found: Any = entry.get(part)
    if isinstance(found, list) and found and isinstance(found[0], Mapping) and PLACES in found[0]:
        return _header(found[0])
    return place_of(entry, (part,) if part else (), part).removesuffix(": ")


def _differing(old: Any, new: Any, way: str = "") -> Iterator[str]:
    """The ways to what a declaration says otherwise than that below."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key, value in new.items():
            if key != PLACES:
                yield from _differing(old.get(key), value, f"{way}.{key}" if way else key)
    elif by_name(old) and by_name(new):
        before = by_name(old)
        for name, entry in by_name(new).items():
            yield from _differing(before.get(name), entry, f"{way}“{name}”")
    elif old != new:
        yield way
