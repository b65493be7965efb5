"""Any published document in several kinds of variant at once: what Word holds, how it is worded, how tables are printed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from budgetgen.reading.document.blocks import blocks
from tests import layers, wordings
from tests.reading import table_variants

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from budgetgen.reading.document.blocks import Block

OWN: Mapping[str, Callable[[bytes], bytes]] = {}
"""No kinds from elsewhere."""


@dataclass(frozen=True)
class Variants:
    """The kinds that there are.

    Attributes:
        more: kinds from elsewhere, by name; they change the file, before all others.
    """

    more: Mapping[str, Callable[[bytes], bytes]]

    @property
    def names(self) -> tuple[str, ...]:
        """Of all kinds."""
        return (*self.more, *layers.KINDS, *wordings.KINDS, *table_variants.KINDS)

    def drawn(self, seed: str, count: int) -> tuple[str, ...]:
        """Some kinds; the same for the same seed. Kinds of one family of tables exclude each other."""
        draw = Random(seed)  # noqa: S311 - a seeded choice
        chosen: list[str] = []
        while len(chosen) < count:
            kind = draw.choice(self.names)
            if kind not in chosen and _family(kind) not in {_family(one) for one in chosen} - {""}:
                chosen.append(kind)
        return tuple(sorted(chosen, key=self.names.index))

    def varied(self, data: bytes, kinds: Sequence[str]) -> tuple[Block, ...]:
        """The paragraphs and tables of a document in some kinds of variant."""
        for kind in kinds:
            data = self.more[kind](data) if kind in self.more else data
        held = tuple(kind for kind in kinds if kind in layers.KINDS)
        found = tuple(blocks(layers.layered(data, held) if held else data))
        printed = [kind for family in table_variants.FAMILIES.values() for kind in family if kind in kinds]
        if printed:
            found = table_variants.varied(table_variants.taken_apart(found), printed)
        return wordings.reworded(found, [kind for kind in kinds if kind in wordings.KINDS])


def _family(kind: str) -> str:
    return next((family for family, kinds in table_variants.FAMILIES.items() if kind in kinds), "")
