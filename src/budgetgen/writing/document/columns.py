"""The columns of a Word table: what stands in them, how wide they are, and the captions above them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from budgetgen.writing.document.markup import points

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from budgetgen.edition.declarations import Block, Column, Edition, TableDeclaration, Typography
    from budgetgen.writing.document.base import Prototype, Role

ORDINALS = 3
"""The digits that a number of a line may have."""


@dataclass(frozen=True)
class Leaf:
    """A column of a Word table.

    Attributes:
        path: its captions from the outermost down.
        key: what its cells are called in a row.
        role: how its cells are set.
        weight: its share of the width.
        least: what it has to hold, in ems.
    """

    path: tuple[str, ...]
    key: str
    role: Role
    weight: float
    least: float = 0


class Caption(NamedTuple):
    """A cell of the head: its text, the columns that it spans, and its part in a vertical merge."""

    text: str
    columns: slice
    merge: str | None


def leaves_of(
    table: TableDeclaration, edition: Edition, without: Collection[str] = frozenset()
) -> list[Leaf]:
    """The columns of a numbered table, `without` some; one that alone is left under a caption has that for its own."""
    several = len(table.block) > 1
    every = [leaf for block in table.block for leaf in _block_leaves(block, edition, several=several)]
    if not without:
        return every
    left = [leaf for leaf in every if leaf.key not in without]
    lone = {path for path, count in _members(left).items() if count == 1 < _members(every)[path]}
    return [replace(leaf, path=leaf.path[:-1]) if leaf.path[:-1] in lone else leaf for leaf in left]


def _members(leaves: Sequence[Leaf]) -> Counter[tuple[str, ...]]:
    """How many columns stand under each caption."""
    return Counter(leaf.path[:end] for leaf in leaves for end in range(1, len(leaf.path)))


def _block_leaves(block: Block, edition: Edition, *, several: bool) -> Iterator[Leaf]:
    typography = edition.typography
    outer, prefix = ((block.name,), f"{block.name}.") if several else ((), "")
    for column in block.columns:
        path = (*outer, *column.captions)
        if column.parts:
            lengths = edition.code_lengths(column.of)
            digits = [end - begin for begin, end in pairwise((0, *lengths))]
            for part, count in zip(column.parts, digits, strict=True):
                weight = column.width * count / lengths[-1]
                yield Leaf((*path, part), prefix + part, "centre", weight, count * typography.digit_width)
        elif column.type != "unit":  # a unit has a row of its own
            least = typography.number_width if column.numeric else 0
            yield Leaf(path, prefix + column.name, role_of(column, typography), column.width, least)
        if column.type == "label" and block.ordinals:
            ordinals = (*outer, block.ordinals)
            yield Leaf(
                ordinals, prefix + block.ordinals, "centre", ORDINALS, ORDINALS * typography.digit_width
            )


def role_of(column: Column, typography: Typography) -> Role:
    """How the cells of a column are set."""
    if column.numeric:
        return "number"
    return "centre" if column.type == "code" or column.width <= typography.narrow else "text"


def widths_of(leaves: Sequence[Leaf], total: int, typography: Typography, grid: Prototype) -> list[int]:
    """Widths in proportion to the weights, none below what it has to hold, together exactly the total."""
    floors = [_floor(leaf, typography, grid) for leaf in leaves]
    fixed: dict[int, float] = {}
    while True:
        free = [index for index in range(len(leaves)) if index not in fixed]
        scale = (total - sum(fixed.values())) / (sum(leaves[index].weight for index in free) or 1)
        short = {index: floors[index] for index in free if leaves[index].weight * scale < floors[index]}
        if not short:
            break
        fixed |= short
    ideal = [fixed.get(index, leaf.weight * scale) for index, leaf in enumerate(leaves)]
    edges = [round(edge * total / sum(ideal)) for edge in accumulate(ideal, initial=0)]
    return [right - left for left, right in pairwise(edges)]


def _floor(leaf: Leaf, typography: Typography, grid: Prototype) -> float:
    ems = max(leaf.least, min(len(leaf.path[-1]), typography.caption_width))
    return points(ems * grid.sizes[leaf.role] + grid.edges)


def captions(leaves: Sequence[Leaf], level: int) -> Iterator[Caption]:
    """One row of the head: equal neighbours under one caption are one cell, a short path reaches down."""
    depth = max(len(leaf.path) for leaf in leaves)
    keys = [
        leaf.path[: level + 1] if level < len(leaf.path) - 1 else index for index, leaf in enumerate(leaves)
    ]
    for _, group in groupby(range(len(leaves)), key=keys.__getitem__):
        members = list(group)
        path = leaves[members[0]].path
        last = len(path) - 1
        reaches_down = last < depth - 1 and level >= last
        merge = ("restart" if level == last else "continue") if reaches_down else None
        yield Caption(path[level] if level <= last else "", slice(members[0], members[-1] + 1), merge)
