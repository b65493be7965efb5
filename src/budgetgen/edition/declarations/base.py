"""The base of all declarations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar


@dataclass(frozen=True, eq=False)
class Declared:
    """Base of all declarations: immutable values; in the files of an edition a misspelt field is an error.

    They have no slots: an edition is back faster without, and some keep what was worked out of them.
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "forbid"}

    def __getstate__(self) -> dict[str, Any]:
        """What it declares: what was worked out of that is never kept with it."""
        return {name: getattr(self, name) for name in keys_of(self)}


def keys_of(declared: type[Declared] | Declared) -> tuple[str, ...]:
    """The names of all that may be declared in it, in order."""
    return tuple(field.name for field in fields(declared))


def texts_of(declared: object) -> Iterator[str]:
    """The texts of a declaration, and of all within it."""
    match declared:
        case str():
            yield declared
        case Mapping():
            yield from texts_of(tuple(declared.items()))
        case tuple() | frozenset():
            for value in declared:
                yield from texts_of(value)
        case Declared():
            yield from texts_of(tuple(getattr(declared, name) for name in keys_of(declared)))
