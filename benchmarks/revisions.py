"""What two workbooks are told to differ in, where one difference was typed into one of them.

    python -m benchmarks.revisions [--seed S …] [--count 120] [--kind KIND …] [--pair PAIR …] [--all]

Pairs are each sample and itself, corrected; and each sample and what it would hand in a year later if nothing changed.
Each trial types one of the kinds of `tests/handwork.py` into the later workbook, and compares. Counted is what the lists
tell that they do not tell of the untyped pair: whether anything, whether at its cell, on how many lines (as many as were
changed); and of what nobody could mark, whether nothing. Prints each trial in which something of this fails.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from benchmarks.successors import ToldLine, more, rebuilt, told
from benchmarks.trials import kinds_of, share, tried
from tests.conftest import SAMPLES
from tests.handwork import KINDS, Ledger, Typed, read, saved
from tests.workbooks import opened

from budgetgen.comparison import compare
from budgetgen.edition import available, later
from budgetgen.values.text import canonical
from budgetgen.writing.workbook.writer import render_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from budgetgen.comparison import Side


@dataclass(frozen=True)
class Revision:
    """Two workbooks.

    Attributes:
        name: of the pair.
        old, new: the files.
    """

    name: str
    old: Ledger
    new: Ledger

    @cached_property
    def plain(self) -> Counter[str]:
        """What is told of them untyped."""
        return Counter(line.known for line in told(compare(self.old.side, self.new.side)))

    def trial(self, kind: str, draw: Random) -> RevisionTrial | None:
        """One difference typed; None where there is no place for it."""
        typed = KINDS[kind](self.new, draw)
        if typed is None:
            return None
        lines = list(told(compare(self.old.side, read(typed.content))))
        fresh = Counter(line.known for line in lines) - self.plain
        mine = [line for line in lines if line.known in fresh]
        lost = list((self.plain - Counter(line.known for line in lines)).elements())
        rest = tuple(more([line.text for line in mine], lost)) or tuple(line.text for line in mine[:1])
        said = any(_says(line, typed) for line in mine)
        there = not typed.places or any(typed.places & line.places for line in mine)
        return RevisionTrial(self.name, kind, typed, said, said and there, rest, tuple(lost))


def _says(line: ToldLine, typed: Typed) -> bool:
    return bool(typed.places & line.places) or bool(
        typed.trace and canonical(typed.trace) in canonical(line.text)
    )


@dataclass(frozen=True)
class RevisionTrial:
    """What became of one difference.

    Attributes:
        pair, kind: which.
        typed: what was typed.
        said: whether it is told.
        there: whether at its cell.
        lines: all that is told which was not told without it.
        lost: what is told no more.
    """

    pair: str
    kind: str
    typed: Typed
    said: bool
    there: bool
    lines: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether as many things are told as were changed, at their cells; that a reason lacks is another matter."""
        lines = [line for line in self.lines if not line.startswith("reasons ")] or self.lines[:1]
        return self.there and len(lines) <= self.typed.causes if self.typed.causes else not self.lines

    def __str__(self) -> str:
        places = "、".join(map(str, sorted(self.typed.places)[:4]))
        head = f"{self.pair} {self.kind} {places} “{self.typed.trace}”"
        return "\n    ".join([head, *self.lines, *(f"− {line}" for line in self.lost)])


def revisions(names: Sequence[str]) -> Iterator[Revision]:
    """The pairs of these names, or all."""
    for path in sorted(SAMPLES.glob("**/*.xlsx")):
        own = Ledger(saved(opened(path)))
        years = [own, *_years(own.side)]
        for end, (old, new) in zip(("更正", "下年", "再下年"), pairwise([own, *years]), strict=False):
            if not names or f"{path.stem}{end}" in names:
                yield Revision(f"{path.stem}{end}", old, new)


def _years(side: Side) -> Iterator[Ledger]:
    """What would be handed in year by year, as far as there are formats."""
    year = side.edition.edition.year
    while (name := later(side.edition.id, year, year + 1)) in available():
        side, year = rebuilt(side, name), year + 1
        yield Ledger(saved(opened(render_workbook(side.edition, side.book))))


def trials(pairs: Sequence[Revision], asked: argparse.Namespace, seed: str) -> Iterator[RevisionTrial]:
    """So many trials of a seed, each in a pair that has a place for it."""
    kinds = kinds_of(seed, list(KINDS), asked.kind)
    yield from tried(seed, kinds, asked.count, lambda _, kind, draw: draw.choice(pairs).trial(kind, draw))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", nargs="+", default=["1"])
    parser.add_argument("--count", type=int, default=120, help="how many trials for each seed")
    parser.add_argument("--kind", nargs="+", help="these kinds only")
    parser.add_argument("--pair", nargs="+", help="these pairs only")
    parser.add_argument("--all", action="store_true", help="print what is told of every trial")
    asked = parser.parse_args()
    pairs = list(revisions(asked.pair or ()))
    for pair in pairs:
        print(f"{pair.name}\t未改动时 {pair.plain.total()} 行", *pair.plain, sep="\n  ", flush=True)
    done = []
    for seed in asked.seed:
        for one in trials(pairs, asked, seed):
            done.append(one)
            if asked.all or not one.right:
                print(one, flush=True)
    _summed(done)


def _summed(done: Sequence[RevisionTrial]) -> None:
    real = [one for one in done if one.typed.causes]
    for name, of, number in (
        ("有说到", real, sum(one.said for one in real)),
        ("说到处对", real, sum(one.there for one in real)),
        ("一处一行", real, sum(one.right for one in real)),
        (
            "没有不同的不说",
            (none := [one for one in done if not one.typed.causes]),
            sum(one.right for one in none),
        ),
    ):
        print(share(name, number, len(of)))
    print(f"{len({one.kind for one in done})} 种，{len({one.pair for one in done})} 对")
    weak = Counter(one.kind for one in done if not one.right)
    print("，".join(f"{kind} {number}" for kind, number in weak.most_common()))


if __name__ == "__main__":
    main()
