"""What the benchmarks of planted slips have in common: kinds are tried in turn, each where there is a place for it."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    T = TypeVar("T")

ATTEMPTS = 40
"""How often a kind is drawn again that a file has no place for."""


def kinds_of(seed: str, known: Sequence[str], asked: Sequence[str] | None) -> Sequence[str]:
    """The kinds that are asked for, or all in an order of the seed."""
    return asked or Random(seed).sample(known, len(known))  # noqa: S311 - a seeded choice


def tried(
    seed: str, kinds: Sequence[str], count: int, trial: Callable[[int, str, Random], T | None]
) -> Iterator[T]:
    """So many trials of a seed: the kinds in turn; says which has no place.

    Args:
        seed: as it was asked for.
        kinds: in order.
        count: how many.
        trial: what comes of the number of a trial, its kind and a draw; None where there is no place.
    """
    for number in range(count):
        kind = kinds[number % len(kinds)]
        draws = (Random(f"{seed} {number} {attempt}") for attempt in range(ATTEMPTS))  # noqa: S311 - likewise
        found = next((one for draw in draws if (one := trial(number, kind, draw)) is not None), None)
        if found is None:
            print(f"没有地方：{kind}")
        else:
            yield found


def share(name: str, number: int, of: int) -> str:
    """A line that says how many of some there are."""
    return f"{name}\t{number} / {of} = {100 * number / max(1, of):.1f} %"
