"""Which things that went and came may be the same: renamed, divided, put together, made secret. Only proposed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from budgetgen.comparison.matching import rolled
from budgetgen.comparison.values import Link
from budgetgen.values.amounts import rounded
from budgetgen.values.likeness import likeness, likest
from budgetgen.values.text import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from budgetgen.comparison.matching import Both
    from budgetgen.values.places import FilePlace

SAME_AMOUNT = Decimal("0.25")
"""How much of the likeness of two projects is that of their amounts."""
MOST_PARTS, MOST_NAMES = 4, 16
"""Into how many parts a thing is thought to be divided, and among how many names they are sought."""


@dataclass(frozen=True)
class NamedPart:
    """A unit or project of one file.

    Attributes:
        name: as written where it is first met.
        tables: where it stands.
        amount: in the first printed table with one, None where there is none.
        place: where it is first met.
    """

    name: str
    tables: tuple[str, ...]
    amount: Decimal | None
    place: FilePlace | None


@dataclass(frozen=True, slots=True)
class Supposition:
    """Things that may be the same.

    Attributes:
        link: what may have become of them.
        old, new: their keys in each file.
        likeness: of two names, 0 to 1; None where it is the amounts that speak for it.
    """

    link: Link
    old: tuple[str, ...]
    new: tuple[str, ...]
    likeness: Decimal | None = None


def suppositions(
    both: Both, gone: Mapping[str, NamedPart], come: Mapping[str, NamedPart]
) -> tuple[Supposition, ...]:
    """What may be the same; each thing is proposed once.

    Args:
        both: the files.
        gone: what only the old file has, by the names that it is compared by.
        come: what only the new file has.
    """
    secret = both.new.edition.house.secret
    open_gone, open_come = (
        {key: named for key, named in sorted(side.items()) if secret not in key} for side in (gone, come)
    )
    found = [
        *(Supposition(Link.DIVIDED, (one,), parts) for one, parts in _sums(both, open_gone, open_come)),
        *(Supposition(Link.MERGED, parts, (one,)) for one, parts in _sums(both, open_come, open_gone)),
    ]
    taken = {key for one in found for key in (*one.old, *one.new)}
    open_gone, open_come = (
        {key: named for key, named in side.items() if key not in taken} for side in (open_gone, open_come)
    )
    found += _renamed(both, open_gone, open_come)
    taken |= {key for one in found for key in one.old}
    closed = {key: named for key, named in come.items() if secret in key}
    found += _closed({key: named for key, named in open_gone.items() if key not in taken}, closed)
    return tuple(found)


def _sums(
    both: Both, wholes: Mapping[str, NamedPart], parts: Mapping[str, NamedPart]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The wholes whose amount is that of several things alike in name, where only one choice adds up."""
    least = both.new.edition.review.similar / 2
    taken: set[str] = set()
    for key, whole in wholes.items():
        near = [
            part
            for part, named in parts.items()
            if part not in taken and named.amount and likeness(_form(both, whole), _form(both, named), least)
        ][:MOST_NAMES]
        found = [
            chosen
            for count in range(2, MOST_PARTS + 1)
            for chosen in combinations(near, count)
            if whole.amount and sum(parts[part].amount or 0 for part in chosen) == whole.amount
        ]
        if len(found) == 1:
            taken.update(found[0])
            yield key, found[0]


def _form(both: Both, named: NamedPart) -> str:
    """A name without the years that move on."""
    return rolled(canonical(named.name), both.old.year - both.new.year)


def _renamed(
    both: Both, gone: Mapping[str, NamedPart], come: Mapping[str, NamedPart]
) -> Iterator[Supposition]:
    least = Decimal(str(both.new.edition.review.similar))
    old, new = list(gone), list(come)
    found = likest(
        [rolled(canonical(gone[key].name), both.shift) for key in old],
        [canonical(come[key].name) for key in new],
        least,
        lambda i, j, names: _score(gone[old[i]], come[new[j]], names, least),
    )
    for i, j, score in found:
        yield Supposition(Link.RENAMED, (old[i],), (new[j],), rounded(score))


def _score(old: NamedPart, new: NamedPart, names: Decimal, least: Decimal) -> Decimal:
    """How alike two projects are: by name, and by amount where both have one."""
    if names * 2 < least or old.amount is None or new.amount is None:
        return names
    largest = max(abs(old.amount), abs(new.amount))
    near = 1 - min(abs(old.amount - new.amount) / largest, Decimal(1)) if largest else Decimal(1)
    return max(names, names * (1 - SAME_AMOUNT) + near * SAME_AMOUNT)


def _closed(gone: Mapping[str, NamedPart], come: Mapping[str, NamedPart]) -> Iterator[Supposition]:
    """Open things that went and secret ones that came with the same amount, where no other has it."""
    by_amount: dict[Decimal, tuple[list[str], list[str]]] = {}
    for side, named in enumerate((gone, come)):
        for key, one in named.items():
            if one.amount:
                by_amount.setdefault(one.amount, ([], []))[side].append(key)
    for old, new in by_amount.values():
        if len(old) == len(new) == 1:
            yield Supposition(Link.CLOSED, (old[0],), (new[0],))
