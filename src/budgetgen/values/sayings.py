"""What is told, as values: which of a rule's sayings it is and what it states. Words are made of it where it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from budgetgen.values.amounts import plain
from budgetgen.values.patterns import pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from budgetgen.values.amounts import Amount
    from budgetgen.values.places import FilePlace

ONLY = "it"
"""The name of a rule's saying that has no other name."""

Field: TypeAlias = "str | int | Decimal | Amount | date | Series | Stated | Sayable | FilePlace | None"
"""What a saying states in a slot; None where there is nothing to tell."""


class Sayable:
    """Something that has its own words in a saying."""

    __slots__ = ()

    @property
    def stated(self) -> Stated:
        """It as it is told there."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Series:
    """Several things that are told one after the other.

    Attributes:
        entries: each of them.
        between: what stands between two.
    """

    entries: tuple[Field, ...]
    between: str | Stated = "、"


@dataclass(frozen=True, slots=True)
class Stated:
    """One of the sayings of a rule, with what it states. Two are equal that state the same, however they are worded.

    Attributes:
        which: its name among the sayings of its rule.
        fields: slot → what stands there.
        words: the sayings of its rule, by name: patterns with slots; those of the saying around it where there are none.
    """

    which: str
    fields: tuple[tuple[str, Field], ...] = ()
    words: Mapping[str, str] | None = field(default=None, compare=False, repr=False)

    def worded(self, words: Mapping[str, str]) -> Stated:
        """The same in the words of a rule, unless it has words of its own."""
        return self if self.words else replace(self, words=words)

    def told(self, around: Mapping[str, str] | None = None) -> str:
        """It in words.

        Args:
            around: the words of the saying that it is a part of.
        """
        words, fields = self.words or around or {}, dict(self.fields)
        return "".join(
            piece if isinstance(piece, str) else phrase(fields[piece.name], words)
            for piece in pieces(words[self.which])
        )

    @property
    def leaves(self) -> Iterator[Field]:
        """Everything that it states, of what is told by several sayings what each of them states."""
        return _leaves(value for _, value in self.fields)

    @property
    def texts(self) -> Iterator[str]:
        """The texts that it states."""
        for value in self.leaves:
            if isinstance(value, Sayable):
                yield from value.stated.texts
            elif isinstance(value, str):
                yield value


def saying(which: str = ONLY, /, **fields: Field) -> Stated:
    """What is told by one of the sayings of a rule."""
    return Stated(which, tuple(fields.items()))


def listed(entries: Iterable[Field], between: str | Stated = "、") -> Series:
    """Several things as they are told one after the other."""
    return Series(tuple(entries), between)


def phrase(value: Field, words: Mapping[str, str]) -> str:
    """What stands in a slot, as it is told."""
    match value:
        case Decimal():
            return plain(value)
        case date():
            return value.isoformat()
        case Stated():
            return value.told(words)
        case Sayable():
            return value.stated.told(words)
        case Series():
            return phrase(value.between, words).join(phrase(entry, words) for entry in value.entries)
    return "" if value is None else str(value)


def _leaves(values: Iterable[Field]) -> Iterator[Field]:
    for value in values:
        match value:
            case Stated():
                yield from value.leaves
            case Series():
                yield from _leaves(value.entries)
            case _:
                yield value
