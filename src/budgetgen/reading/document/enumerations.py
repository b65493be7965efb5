"""An enumeration in a sentence: what it should name, against what it names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from budgetgen.values.model import Row


@dataclass(frozen=True)
class Enumeration:
    """What a list should name, and what it names.

    Attributes:
        called: the rows that it should name, each with the names that it may go by, folded.
        names: those that it names, folded, in order.
    """

    called: tuple[tuple[Row, frozenset[str]], ...]
    names: tuple[str, ...]

    @cached_property
    def known(self) -> frozenset[str]:
        """All names of the rows."""
        return frozenset(name for _, own in self.called for name in own)

    @property
    def extra(self) -> tuple[str, ...]:
        """The names that no such row has, each once."""
        return tuple(name for name in dict.fromkeys(self.names) if name not in self.known)

    @property
    def missing(self) -> tuple[Row, ...]:
        """The rows that it does not name."""
        return tuple(row for row, own in self.called if own.isdisjoint(self.names))

    def parted(self, separators: str) -> bool:
        """Whether a separator of the entries is part of a name, so that they cannot be told apart."""
        return any(separator in name for name in self.known for separator in separators)
