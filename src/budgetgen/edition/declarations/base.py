"""The base of all declarations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ConfigDict


class Declared(BaseModel):
    """Base of all declarations: immutable, and a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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
            yield from texts_of(tuple(getattr(declared, name) for name in type(declared).model_fields))
