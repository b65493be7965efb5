"""The base of all declarations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from typing import Any, ClassVar, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def declaration(kind: type[T]) -> type[T]:
    """A dataclass of the standard library, frozen, named fields only, whose methods are those of `Declared`.

    There are some seventy declarations. To write and compile six methods for each of them would take longer, at every
    start, than to take back an edition.
    """
    return dataclass(init=False, repr=False, eq=False)(kind)


@declaration
class Declared:
    """Base of all declarations: immutable values; in the files of an edition a misspelt field is an error."""

    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "forbid"}
    ABOUT: ClassVar[frozenset[str]] = frozenset()
    """The fields that hold what is told about files, no words of the format."""

    def __init__(self, **given: Any) -> None:
        for one in fields(self):
            if one.name in given:
                self.__dict__[one.name] = given.pop(one.name)
            elif one.default_factory is not MISSING:
                self.__dict__[one.name] = one.default_factory()
            elif one.default is not MISSING:
                self.__dict__[one.name] = one.default
            else:
                raise TypeError(f"{type(self).__name__}: no {one.name}")
        if given:
            raise TypeError(f"{type(self).__name__}: unknown {', '.join(given)}")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise FrozenInstanceError(name)

    def __delattr__(self, name: str) -> NoReturn:
        raise FrozenInstanceError(name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and _values(self) == _values(other)

    def __hash__(self) -> int:
        return hash(_values(self))

    def __repr__(self) -> str:
        told = zip(keys_of(self), _values(self), strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in told)})"

    def __getstate__(self) -> dict[str, Any]:
        """What it declares: what was worked out of that is never kept with it."""
        return dict(zip(keys_of(self), _values(self), strict=True))


def keys_of(declared: type[Declared] | Declared) -> tuple[str, ...]:
    """The names of all that may be declared in it, in order."""
    return tuple(one.name for one in fields(declared))


def _values(declared: Declared) -> tuple[Any, ...]:
    return tuple(getattr(declared, one.name) for one in fields(declared))


def texts_of(declared: object) -> Iterator[str]:
    """The texts of a declaration, and of all within it, as far as they are words of the format."""
    match declared:
        case str():
            yield declared
        case Mapping():
            yield from texts_of(tuple(declared.items()))
        case tuple() | frozenset():
            for value in declared:
                yield from texts_of(value)
        case Declared():
            said = (name for name in keys_of(declared) if name not in declared.ABOUT)
            yield from texts_of(tuple(getattr(declared, name) for name in said))
