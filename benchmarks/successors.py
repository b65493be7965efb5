"""What two years' documents are told to differ in, where one difference was planted into one of them.

    python -m benchmarks.successors [--seed S …] [--count 120] [--kind KIND …] [--pair PAIR …] [--earlier 5] [--all]
        [--published FOLDER] [--province FOLDER]

Pairs are the samples and what they would publish a year later; published documents and what would be rebuilt of them,
and the same with their own words, their years moved on; and real documents of two years. Each trial plants one of the
kinds of `tests/plants.py` into the later document, each n-th into the earlier one, and compares. Counted is what the
lists tell that they do not tell of the unplanted pair: whether anything, whether at its place, on how many lines (those
apart that stand for one of the unplanted pair, with another word or figure), and how many lines of the unplanted pair
are told no more. Prints each trial that is not told, is told elsewhere, or takes more than one line; and for each pair
what is told of it unplanted.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from benchmarks.trials import kinds_of, share, tried
from tests.conftest import PROVINCE, PUBLISHED, SAMPLES
from tests.plants import KINDS, Manuscript, Plant, planted
from tests.test_comparison import filled
from tests.test_planted import moved_on

from budgetgen.app.pipeline.diff import side_of
from budgetgen.app.pipeline.inputs import derived, unjudged
from budgetgen.book.derivation import derive
from budgetgen.comparison import Side, compare
from budgetgen.comparison.listings import lines_of
from budgetgen.comparison.matching import LASTING, YEAR
from budgetgen.edition import available, later, load
from budgetgen.reading.document.blocks import Grid, Text, blocks
from budgetgen.reading.document.published import published_blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.values.likeness import likest
from budgetgen.values.text import canonical
from budgetgen.writing.document.writer import render_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from random import Random

    from budgetgen.comparison import Changes
    from budgetgen.reading.document.blocks import Block
    from budgetgen.values.places import FilePlace

REWRITTEN = Decimal("0.8")
"""How alike a line is to one that is told no more, and only tells it in other words."""
LIKE = Decimal("0.6")
"""How alike a paragraph is at least to one that is gone, to be what stood in its place."""
YEARLY = ("公开日期",)
"""The kinds that are none over two years: each has its own."""
GONE = 12
"""So many signs of what is gone are as last year's, whose words are told: how it changed may not be."""


@dataclass(frozen=True)
class ToldLine:
    """One line of the lists.

    Attributes:
        text: as shown.
        known: the same without the heading that it stands under.
        places: where it says that it stands.
    """

    text: str
    known: str
    places: frozenset[FilePlace]


def told(changes: Changes) -> Iterator[ToldLine]:
    """Every line, those that only follow from others and the other format's own apart."""
    found = {
        "linkage": changes.linkage,
        "reasons": changes.reasons,
        "figures": changes.leading,
        "wording": changes.wording,
        "structure": changes.structure,
    }
    for kind, ones in found.items():
        for one, (text, _) in zip(ones, lines_of(changes, kind), strict=True):
            if not getattr(one, "template", False):
                names = ("place", "old_place", "new_place")
                places = (getattr(one, name, None) for name in names)
                known = text.removeprefix(getattr(one, "section", ""))
                yield ToldLine(f"{kind} {text}", known, frozenset(filter(None, places)))


def side(found: Sequence[Block]) -> Side:
    """A document as one side of a comparison."""
    path = Path("公开文本.docx")
    return side_of(unjudged(path, read_blocks(path, found)))


@dataclass(frozen=True)
class Succession:
    """Two years' documents.

    Attributes:
        name: of the pair.
        old, new: their paragraphs and tables.
    """

    name: str
    old: tuple[Block, ...]
    new: tuple[Block, ...]

    @cached_property
    def sides(self) -> tuple[Side, Side]:
        """Both as they are compared."""
        return side(self.old), side(self.new)

    @cached_property
    def manuscripts(self) -> tuple[Manuscript, Manuscript]:
        """Both as something may be planted in them."""
        return Manuscript(self.old), Manuscript(self.new)

    @cached_property
    def plain(self) -> Counter[str]:
        """What is told of them unplanted."""
        return Counter(line.known for line in told(compare(*self.sides)))

    def trial(self, kind: str, draw: Random, *, earlier: bool) -> Trial | None:
        """One difference planted; None where there is no place for it."""
        plant = planted(kind, draw, self.manuscripts[0 if earlier else 1])
        if plant is None or self._no_difference(plant, 0 if earlier else 1):
            return None
        sides = (side(plant.blocks), self.sides[1]) if earlier else (self.sides[0], side(plant.blocks))
        lines = list(told(compare(*sides)))
        fresh = Counter(line.known for line in lines) - self.plain
        mine = [line for line in lines if line.known in fresh]
        telling = [line.known for line in mine if _tells(line, plant)]
        lost = list((self.plain - Counter(line.known for line in lines)).elements())
        fresh_lines = more(list(fresh.elements()), lost) or telling[:1]
        return Trial(self.name, kind, earlier, plant.trace, bool(telling), tuple(fresh_lines), len(lost))

    def _no_difference(self, plant: Plant, side: int) -> bool:
        """Whether no reviewer could mark it: what is gone never stood in the other document, nor anything like it.

        Likewise an edit of what the earlier one alone says: the reason of a change is each year's own.
        """
        there = [re.sub(r"\d", "", text) for _, text in self.sides[1 - side].paragraphs or ()]
        if plant.place is None:
            return bool(plant.trace) and not list(likest([re.sub(r"\d", "", plant.trace)], there, LIKE))
        if side:
            return False
        said, now = (
            next((b.text for b in found if isinstance(b, Text) and b.place == plant.place), "")
            for found in (self.old, plant.blocks)
        )
        clause = _clause(said, now) if said else ""
        return bool(clause) and not any(clause in text for text in there)


@dataclass(frozen=True)
class Trial:
    """What became of one planted difference.

    Attributes:
        pair, kind: which.
        earlier: whether it stands in the earlier document.
        trace: what is to be told.
        right: whether it is, at its place.
        lines: all that is told which was not told without it.
        lost: how many lines are told no more.
    """

    pair: str
    kind: str
    earlier: bool
    trace: str
    right: bool
    lines: tuple[str, ...]
    lost: int

    def __str__(self) -> str:
        kind = f"{self.kind}{'（前一年）' if self.earlier else ''}"
        return "\n    ".join([f"{self.pair} {kind} “{self.trace}” −{self.lost}", *self.lines])


def _clause(said: str, now: str) -> str:
    """The clause of a paragraph, figures apart, that reads otherwise now; empty where it is not known."""
    at = next(
        (n for n, (a, b) in enumerate(zip(said, now, strict=False)) if a != b), min(len(said), len(now))
    )
    whole = re.split("[，。；：]", said[:at])[-1] + re.split("[，。；：]", said[at:])[0]
    return re.sub(r"\d", "", whole)


def more(fresh: Sequence[str], lost: Sequence[str]) -> list[str]:
    """The lines that are no lines of the unplanted pair, told with another word or figure."""
    now, before = ([re.sub(r"\d", "", text) for text in texts] for texts in (fresh, lost))
    again = {n for n, _, _ in likest(now, before, REWRITTEN)}
    return [text for n, text in enumerate(fresh) if n not in again]


def _tells(line: ToldLine, plant: Plant) -> bool:
    """Whether a line tells a difference: at its place, or in its words; a paragraph that is gone in last year's."""
    trace, text = (canonical(one).replace(",", "") for one in (plant.trace, line.text))
    if plant.place is None:
        trace, text = (re.sub(r"\d", "", one) for one in (trace, text))
        return trace in text or ("取消" in text and trace[:GONE] in text)
    return plant.place in line.places or trace in text


def printed(one: Side) -> tuple[Block, ...]:
    """The document that the Book of a side gives."""
    return tuple(blocks(render_document(compose(one.book, one.edition), one.edition)))


def rebuilt(one: Side, to: str) -> Side:
    """What a unit would publish if nothing changed but the year and the format."""
    edition = load(to)
    return Side(filled(one, edition, partial(moved_on, edition=edition)), edition)


def kept(found: Sequence[Block]) -> tuple[Block, ...]:
    """A document in its own words, its years moved on."""

    def moved(text: str) -> str:
        lasting = [m.span() for m in LASTING.finditer(text)]
        return YEAR.sub(
            lambda year: year[0] if any(a <= year.start() < b for a, b in lasting) else str(int(year[0]) + 1),
            text,
        )

    def cells(grid: Grid) -> Grid:
        lines = (
            tuple(r._replace(value=moved(r.value)) if isinstance(r.value, str) else r for r in line)
            for line in grid.lines
        )
        return Grid(tuple(lines), grid.number, grid.within, grid.page, grid.measured)

    return tuple(
        cells(one)
        if isinstance(one, Grid)
        else Text(moved(one.text), one.number, one.beside, one.cell, one.page, one.line)
        for one in found
    )


Asked: TypeAlias = "Callable[[str], bool]"
"""Whether some pair is asked for whose name begins so."""


def successions(published: Path, province: Path, names: Sequence[str] = ()) -> Mapping[str, Succession]:
    """The pairs of these names, or all; only what they need is read."""

    def asked(part: str) -> bool:
        return not names or any(name.startswith(part) for name in names)

    found = (*_of_samples(asked), *_of_published(published, asked), *_of_province(province, asked))
    return {one.name: one for one in found if not names or one.name in names}


def _of_samples(asked: Asked) -> Iterator[Succession]:
    if asked("部门"):
        one = side_of(derived(SAMPLES / "xinjiang-2024-department.xlsx"))
        for year in (2025, 2026):
            other = rebuilt(one, f"xinjiang-{year}")
            yield Succession(f"部门{year - 1}", printed(one), printed(other))
            one = other
    for name in filter(lambda name: asked(f"样例{name}"), ("xinjiang-2026", "shanghai-2024")):
        edition = load(name)
        book, _ = read_grid((SAMPLES / f"{name}-unit.txt").read_text(encoding="utf-8"), edition)
        one = Side(derive(book, edition), edition)
        year = edition.edition.year
        other = rebuilt(one, later(name, year, year + 1))
        yield Succession(f"样例{name}", printed(one), printed(other))


def _of_published(folder: Path, asked: Asked) -> Iterator[Succession]:
    for path in filter(lambda path: asked(path.stem), sorted(folder.glob("*.docx"))):
        found = tuple(published_blocks(path))
        one = side(found)
        name, year = one.edition.id, one.edition.edition.year
        other = rebuilt(one, later(name, year, year + 1))
        own = printed(one)
        yield Succession(f"{path.stem}重写", own, printed(other))
        if later(name, year, year + 1) not in available():
            yield Succession(f"{path.stem}沿用", found, kept(found))
        if name == "xinjiang-2024":
            yield Succession(
                f"{path.stem}重写两次", printed(other), printed(rebuilt(other, later(name, year, year + 2)))
            )


def _of_province(folder: Path, asked: Asked) -> Iterator[Succession]:
    paths = {path.stem: path for path in sorted(folder.glob("*.pdf"))}
    wanted = {name: path for name, path in paths.items() if asked(name) or asked(f"{name[5:]}两年")}
    found = {name: tuple(published_blocks(path)) for name, path in wanted.items()}
    for name, one in found.items():
        nexts = [other for other in found if other[:4] == str(int(name[:4]) + 1) and other[4:] == name[4:]]
        yield from (Succession(f"{name[5:]}两年", one, found[other]) for other in nexts)
        if name[:4] == "2025":
            yield Succession(f"{name}沿用", one, kept(one))


def trials(pairs: Sequence[Succession], asked: argparse.Namespace, seed: str) -> Iterator[Trial]:
    """So many trials of a seed, each in a pair that has a place for it."""

    def trial(number: int, kind: str, draw: Random) -> Trial | None:
        earlier = bool(asked.earlier) and number % asked.earlier == asked.earlier - 1
        return draw.choice(pairs).trial(kind, draw, earlier=earlier)

    known = [kind for kind in KINDS if kind not in YEARLY]
    yield from tried(seed, kinds_of(seed, known, asked.kind), asked.count, trial)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", nargs="+", default=["1"])
    parser.add_argument("--count", type=int, default=120, help="how many trials for each seed")
    parser.add_argument("--kind", nargs="+", help="these kinds only")
    parser.add_argument("--pair", nargs="+", help="these pairs only")
    parser.add_argument(
        "--earlier", type=int, default=5, help="each so many-th in the earlier document; 0: none"
    )
    parser.add_argument("--all", action="store_true", help="print what is told of every trial")
    parser.add_argument("--published", type=Path, default=PUBLISHED)
    parser.add_argument("--province", type=Path, default=PROVINCE)
    asked = parser.parse_args()
    pairs = list(successions(asked.published, asked.province, asked.pair or ()).values())
    for pair in pairs:
        print(f"{pair.name}\t未改动时 {pair.plain.total()} 行", flush=True)
    done = []
    for seed in asked.seed:
        for one in trials(pairs, asked, seed):
            done.append(one)
            if asked.all or not one.right or len(one.lines) != 1:
                print(one, flush=True)
    _summed(done)


def _summed(done: Sequence[Trial]) -> None:
    count = len(done)
    for name, number in (
        ("有说到", sum(bool(one.lines) for one in done)),
        ("说到处对", sum(one.right for one in done)),
        ("一行说完", sum(one.right and len(one.lines) == 1 for one in done)),
    ):
        print(share(name, number, count))
    kinds = len({one.kind for one in done})
    print(f"{kinds} 种；行数 {dict(sorted(Counter(len(one.lines) for one in done).items()))}")
    weak = Counter(one.kind for one in done if not one.right or len(one.lines) != 1)
    print("，".join(f"{kind} {number}" for kind, number in weak.most_common()))


if __name__ == "__main__":
    main()
