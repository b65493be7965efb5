"""What checking tells of one slip in a document: of each kind of `tests/redpen.py`, in documents of all samples.

    python -m benchmarks.marks [--seed S …] [--count 80] [--kind KIND …] [--all]

Counted is what is told that is not told of the document without the slip: whether anything, whether at its place, on how
many lines, each with what follows from it below it; how much of a document was read is no line of its own. Prints each trial of which nothing is told, or not at its place, or on more than one line.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.successors import printed, rebuilt
from benchmarks.trials import kinds_of, share, tried
from tests.conftest import SAMPLES
from tests.plants import Manuscript
from tests.redpen import CELLS, SENTENCES, Marked, slip

from budgetgen.app.pipeline.diff import side_of
from budgetgen.app.pipeline.inputs import derived, judged
from budgetgen.app.reports.problems import problems
from budgetgen.edition import available, later
from budgetgen.reading.document.reader import read_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from budgetgen.app.reports.problems import Problem
    from budgetgen.reading.document.blocks import Block

READ = "document-read"
"""The rule that tells how much was read: it is told of every document, with another count."""


def told(blocks: Sequence[Block]) -> list[Problem]:
    """The lines of what is wrong with a document."""
    path = Path("公开文本.docx")
    return list(problems(judged(path, read_blocks(path, blocks), locating=False), tails=True).all)


@dataclass(frozen=True)
class Proof:
    """A document that is proofread.

    Attributes:
        name: of its sample.
        manuscript: it.
    """

    name: str
    manuscript: Manuscript

    @cached_property
    def plain(self) -> Counter[str]:
        """What is told of it without a slip."""
        return Counter(map(known, told(self.manuscript.blocks)))

    def trial(self, kind: str, draw: Random) -> MarkTrial | None:
        """One slip; None where there is no place for it."""
        marked = slip(kind, draw, self.manuscript)
        if marked is None:
            return None
        lines = told(marked.blocks)
        fresh = Counter(map(known, lines)) - self.plain
        mine = [line for line in lines if known(line) in fresh]
        there = any(_at(line, marked) for line in mine)
        return MarkTrial(self.name, kind, marked, there, tuple(f"{p.place} {known(p)}" for p in mine))


def known(line: Problem) -> str:
    """A line by what it says."""
    return f"{line.severity} {line.rule} {'' if line.rule == READ else line.message}"


def _at(line: Problem, marked: Marked) -> bool:
    return any(spot.place == marked.place for spot in line.spots) or str(marked.place) in line.place


@dataclass(frozen=True)
class MarkTrial:
    """What became of one slip.

    Attributes:
        name, kind: which.
        marked: the slip.
        there: whether it is told at its place.
        lines: all that is told which was not told without it.
    """

    name: str
    kind: str
    marked: Marked
    there: bool
    lines: tuple[str, ...]

    def __str__(self) -> str:
        head = f"{self.name} {self.kind} {self.marked.place} “{self.marked.said[:120]}”"
        return "\n    ".join([head, *(line[:160] for line in self.lines)])


def proofs() -> Iterator[Proof]:
    """The documents of the samples, and what these would publish a year later."""
    for path in sorted(SAMPLES.glob("*.xlsx")):
        side = side_of(derived(path))
        yield Proof(path.stem, Manuscript(printed(side)))
        year = side.edition.edition.year
        if (name := later(side.edition.id, year, year + 1)) in available():
            yield Proof(f"{path.stem}下年", Manuscript(printed(rebuilt(side, name))))


def trials(found: Sequence[Proof], asked: argparse.Namespace, seed: str) -> Iterator[MarkTrial]:
    """So many trials of a seed, each in a document that has a place for it."""
    kinds = kinds_of(seed, [*SENTENCES, *CELLS], asked.kind)
    yield from tried(seed, kinds, asked.count, lambda _, kind, draw: draw.choice(found).trial(kind, draw))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", nargs="+", default=["1"])
    parser.add_argument("--count", type=int, default=80, help="how many trials for each seed")
    parser.add_argument("--kind", nargs="+", help="these kinds only")
    parser.add_argument("--all", action="store_true", help="print what is told of every trial")
    asked = parser.parse_args()
    found = list(proofs())
    for one in found:
        print(f"{one.name}\t未改动时 {one.plain.total()} 行", flush=True)
    done = []
    for seed in asked.seed:
        for trial in trials(found, asked, seed):
            done.append(trial)
            if asked.all or not trial.there or len(trial.lines) != 1:
                print(trial, flush=True)
    for name, number in (
        ("有说到", sum(bool(one.lines) for one in done)),
        ("说到处对", sum(one.there for one in done)),
        ("一行说完", sum(one.there and len(one.lines) == 1 for one in done)),
    ):
        print(share(name, number, len(done)))
    print(f"{len({one.kind for one in done})} 种")


if __name__ == "__main__":
    main()
