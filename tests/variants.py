"""Any published document in several kinds of variant at once: what Word holds, how it is worded, how tables are printed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.reading.document.blocks import blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.values.findings import Severity
from tests import layers, wordings
from tests.reading import table_variants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from budgetgen.reading.document.blocks import Block

ROWS = frozenset(
    {
        "columns_lettered",
        "codes_merged",
        "split_halves",
        "split_table",
        "head_repeat",
        "code_one",
        "extra_table",
    }
)
"""Kinds that change the rows of tables too: `table_variants` takes tables apart that are printed as usual."""
SPLITS = frozenset({"split_halves", "split_table"})
"""Of the parts only the first would be printed in another unit of money."""
BESIDE = frozenset({"titles_boxed", "nested", "tables_last"})
"""What these put beside the text, or at the end, `table_variants` does not find."""
LOST = {"performance_without_last": ("上年完成值",), "performance_unmerged": ("二级指标",)}
"""The columns that a kind leaves out, or fills where it was blank."""
UNLIKE = {"增减率"}
"""A published rate is kept or not as the amounts are printed."""
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
            if not any(_excludes(kind, one) or _excludes(one, kind) for one in chosen):
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


def lost(kinds: Sequence[str]) -> frozenset[str]:
    """The columns that are not compared."""
    return frozenset(column for kind in kinds for column in LOST.get(kind, ()))


def _excludes(kind: str, other: str) -> bool:
    """Whether two kinds are no two at once: one of them, of one family of tables, or one spoils what the other needs."""
    family = _family(other)
    spoils = (kind in ROWS and (other in ROWS or family in {"rows", "places", "captions"})) or (
        kind in BESIDE and family
    )
    spoils = spoils or (kind in SPLITS and other.startswith("yuan")) or {kind, other} <= wordings.COMPARISONS
    return kind == other or bool(spoils) or (bool(family) and _family(kind) == family)


def _family(kind: str) -> str:
    return next((family for family, kinds in table_variants.FAMILIES.items() if kind in kinds), "")


@dataclass(frozen=True)
class Outcome:
    """What is read of a document.

    Attributes:
        tables: the cells of the printed and of the performance tables that are neither blank nor zero.
        figures: the other numbers.
        errors: what stops a build, by rule.
    """

    tables: Mapping[tuple[str, str, str], object]
    figures: Mapping[tuple[str, str, str], object]
    errors: Counter[str]

    def faults(self, plain: Outcome, kinds: Sequence[str]) -> dict[str, Sequence[object]]:
        """What differs from the unchanged document, by what kind of fault it is.

        Args:
            plain: of the unchanged document.
            kinds: of the variant.
        """
        faults: dict[str, Sequence[object]] = {
            "新错误": sorted((self.errors - plain.errors).items()),
            "表": [one for one in _unlike(plain.tables, self.tables) if one[2] not in lost(kinds)],
            "数": list(_unlike(plain.figures, self.figures)),
        }
        return {kind: found for kind, found in faults.items() if found}


def outcome(path: Path, found: Sequence[Block]) -> Outcome:
    """Read, derive and check."""
    reading = read_blocks(path, found)
    told = (
        *reading.findings,
        *check(derive(reading.book, reading.edition), reading.edition, reading.findings),
    )
    edition = reading.edition
    performance = {name for one in edition.performance for name in (one.heads, one.indicators)}
    tables: dict[tuple[str, str, str], object] = {}
    figures: dict[tuple[str, str, str], object] = {}
    for table in reading.book.tables.values():
        held = edition.tables[table.name].printed or table.name in performance
        for row in table.rows:
            for column, cell in row.cells.items():
                key = table.name, row.key, column
                if cell.value and held:
                    tables[key] = "".join(cell.value.split()) if isinstance(cell.value, str) else cell.value
                elif cell.value and not isinstance(cell.value, str) and column not in UNLIKE:
                    figures[key] = cell.value
    return Outcome(tables, figures, Counter(f.rule for f in told if f.severity == Severity.ERROR))


def _unlike(plain: Mapping[Any, object], other: Mapping[Any, object]) -> Iterator[tuple[object, ...]]:
    for key in dict.fromkeys((*plain, *other)):
        if plain.get(key) != other.get(key):
            yield *key, plain.get(key), other.get(key)
