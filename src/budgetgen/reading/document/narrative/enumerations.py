"""An enumeration in a sentence: what it should name, against what it names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.values.likeness import alike, telling

if TYPE_CHECKING:
    from collections.abc import Mapping

    from budgetgen.values.model import Row

SIGNS = 3
"""So many signs a name has at least of which one may be wrong."""


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

    @cached_property
    def miswritten(self) -> Mapping[str, Row]:
        """The names that no row has and that are much like those of one row alone which it does not name."""
        found: dict[str, Row] = {}
        for name in self.extra:
            near = [row for row in self.missing if any(_meant(name, own) for own in self._names(row))]
            if len(near) == 1 and near[0] not in found.values():
                found[name] = near[0]
        return found

    def _names(self, row: Row) -> frozenset[str]:
        return next(own for known, own in self.called if known is row)

    def parted(self, separators: str) -> bool:
        """Whether a separator of the entries is part of a name, so that they cannot be told apart."""
        return any(separator in name for name in self.known for separator in separators)


def _meant(name: str, own: str) -> bool:
    """Whether a name is much like another, or but one sign of it is another; none that tells it from its like."""
    odd = [a for a, b in zip(name, own, strict=False) if a != b]
    near = alike(name, own) or (len(name) == len(own) >= SIGNS and len(odd) == 1)
    return near and telling(name) == telling(own)
