"""Captions of tables that one of two documents has otherwise than its format, and what is not known because of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from budgetgen.comparison.values import Kind, Matter, WordingChange
from budgetgen.values.header import is_header
from budgetgen.values.text import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from budgetgen.comparison.matching import Both
    from budgetgen.comparison.values import FigureChange, StructureChange
    from budgetgen.reading.document.printed.altered import AlteredCaption
    from budgetgen.values.model import Value


@dataclass(frozen=True)
class Labels:
    """The captions that are altered in one of two documents and not in the other."""

    both: Both

    def changes(self) -> Iterator[WordingChange]:
        """Each as a text that reads otherwise."""
        for side, found in enumerate(self.altered):
            for one in found:
                if one.table not in self._unread:
                    said = one.meant, one.said
                    yield self.change(one, *(said if side else said[::-1]))

    def headers(self, said: Iterable[WordingChange]) -> tuple[WordingChange, ...]:
        """The paragraphs without headers of tables that differ only in captions which are told themselves."""
        captions = [(one.old, one.new) for one in self.changes()]

        def retold(one: WordingChange) -> bool:
            old = one.old
            for before, after in captions:
                old = old.replace(before, after, 1)
            return is_header(one.new) and one.old != old == one.new

        return tuple(one for one in said if not retold(one))

    @property
    def _unread(self) -> frozenset[str]:
        """The tables that one file lacks: where a caption is why, that is told with the table."""
        return self.both.old.absent ^ self.both.new.absent

    def structure(self, found: Iterable[StructureChange]) -> tuple[StructureChange, ...]:
        """The tables that were not read, each with the captions that are why."""
        why = {one.table: f"“{one.meant}”写作“{one.said}”" for side in self.altered for one in side}
        return tuple(
            replace(one, why=why.get(one.table, "")) if one.matter is Matter.TABLE else one for one in found
        )

    @staticmethod
    def change(one: AlteredCaption, old: str, new: str) -> WordingChange:
        """A caption that reads otherwise."""
        place = one.place if new == one.said else None
        before = None if place else one.place
        kind, about = Kind.CHANGED, (one.table, "", one.meant, "", "", "")
        return WordingChange(kind, *about, old, new, old, new, place, old_place=before)

    def figures(self, found: Iterable[FigureChange]) -> tuple[FigureChange, ...]:
        """The figures without those that were not read under such a caption."""
        return tuple(
            one for one in found if not (self._lacks(one, 0, one.old) or self._lacks(one, 1, one.new))
        )

    def wording(self, found: Iterable[WordingChange]) -> tuple[WordingChange, ...]:
        """The texts without those."""
        return tuple(
            one
            for one in found
            if not (self._lacks(one, 0, one.old or None) or self._lacks(one, 1, one.new or None))
        )

    def _lacks(self, one: FigureChange | WordingChange, side: int, value: Value) -> bool:
        """Whether a file has nothing in a cell of which the caption is altered there."""
        return not value and any(
            one.table == caption.table
            and not caption.tells.isdisjoint({one.column or self._names.get(one.table, ""), one.key})
            for caption in self.altered[side]
        )

    @property
    def _names(self) -> Mapping[str, str]:
        """The columns by which the performance tables are known, by the tables of their heads: their rows lack without."""
        return {one.heads: one.by for one in self.both.new.edition.performance}

    @cached_property
    def altered(self) -> tuple[Sequence[AlteredCaption], Sequence[AlteredCaption]]:
        """Those of each file."""
        old, new = self.both.old.altered, self.both.new.altered
        return _beyond(old, new), _beyond(new, old)


def _beyond(mine: Sequence[AlteredCaption], other: Sequence[AlteredCaption]) -> Sequence[AlteredCaption]:
    """The captions that are altered oftener here than there."""
    there = Counter((one.table, canonical(one.said)) for one in other)
    left: list[AlteredCaption] = []
    for one in mine:
        known = (one.table, canonical(one.said))
        if there[known]:
            there[known] -= 1
        else:
            left.append(one)
    return left
