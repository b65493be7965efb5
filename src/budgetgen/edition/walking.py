"""Every text of an edition with what its type says it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin, get_type_hints

from budgetgen.edition.declarations.base import Declared, keys_of
from budgetgen.edition.declarations.names import TextKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.edition.files import Location


@dataclass(frozen=True)
class DeclaredText:
    """A text of a declaration.

    Attributes:
        text: as written.
        kinds: what its type says it is.
        owners: the declarations that it stands in, the innermost last.
        location: the way to it.
        beside: of a text in a list: the list.
    """

    text: str
    kinds: tuple[TextKind, ...]
    owners: tuple[Declared, ...]
    location: Location
    beside: tuple[Any, ...] = ()


def texts(
    declared: Declared, location: Location = (), owners: tuple[Declared, ...] = ()
) -> Iterator[DeclaredText]:
    """Every text in a declaration and those below it, in declared order."""
    within = (*owners, declared)
    known = hints(type(declared))
    for name, hint in known.items():
        yield from _texts(getattr(declared, name), hint, (*location, name), within)


def hints(kind: type[Declared]) -> Mapping[str, Any]:
    """The types of a declaration's fields."""
    return _hints(kind)  # type: ignore[arg-type]  # the hash of a class is not that of its instances


@cache
def _hints(kind: type[Declared]) -> Mapping[str, Any]:
    found = get_type_hints(kind, include_extras=True)
    return {name: found[name] for name in keys_of(kind)}


def _texts(value: Any, hint: Any, location: Location, owners: tuple[Declared, ...]) -> Iterator[DeclaredText]:
    if isinstance(value, Declared):
        yield from texts(value, location, owners)
    elif isinstance(value, tuple):
        inner = _elements(hint)
        for index, part in enumerate(value):
            kind = inner[min(index, len(inner) - 1)]
            yield from (_beside(said, value) for said in _texts(part, kind, (*location, index), owners))
    elif isinstance(value, Mapping):
        key, inner = _arguments(hint)
        for name, part in value.items():
            yield from _texts(name, key, (*location, name), owners)
            yield from _texts(part, inner, (*location, name), owners)
    elif isinstance(value, str):
        yield DeclaredText(value, kinds_of(hint), owners, location)


def _beside(said: DeclaredText, value: tuple[Any, ...]) -> DeclaredText:
    return said if said.beside else DeclaredText(said.text, said.kinds, said.owners, said.location, value)


def _plain(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _elements(hint: Any) -> tuple[Any, ...]:
    return tuple(part for part in get_args(_plain(hint)) if part is not ...) or (Any,)


def _arguments(hint: Any) -> tuple[Any, Any]:
    found = get_args(_plain(hint))
    return (found[0], found[1]) if len(found) > 1 else (Any, Any)


def kinds_of(hint: Any) -> tuple[TextKind, ...]:
    """What a type says of its text."""
    return tuple(mark for mark in get_args(hint)[1:] if isinstance(mark, TextKind)) if get_args(hint) else ()
