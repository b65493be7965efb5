"""Which single wrong figures of a document are seen: every figure of its sentences and tables, changed one at a time.

    python -m benchmarks.figures DOCUMENT.docx … [--count 100] [--seed S]

A figure is an amount, a percentage or a count of the narrative, or a cell of a table that is nothing but a number.
One of its digits is made another. The change is told where reading or checking finds something that it does not find
in the unharmed document; it is read where the Book is another. Prints both shares, and what is neither told nor read.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.reading.document.blocks import Block, Grid, Text, blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.guard import admit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.reading.cells import Raw

NUMBER = re.compile(r"(?<![\d.,])\d[\d,]*(?:\.\d+)?(?=万元|元|%|个|辆|台|平方米|家|人)")
CELL = re.compile(r"\s*-?[\d,]*\d(?:\.\d+)?%?\s*")
AROUND = 24


@dataclass(frozen=True)
class Figure:
    """A figure of a document.

    Attributes:
        block: which of its blocks.
        row, column: of a cell; -1 in a paragraph.
        start, text: where it stands in the text, and it.
    """

    block: int
    row: int
    column: int
    start: int
    text: str

    def place(self, found: Sequence[Block]) -> str:
        """Where it stands, with some words around it."""
        block = found[self.block]
        if isinstance(block, Grid):
            return f"{block.lines[self.row][self.column].place} {self.text}"
        end = self.start + len(self.text)
        return f"{block.place} {block.text[max(0, self.start - AROUND) : end + AROUND]}"


def figures(found: Sequence[Block]) -> Iterator[Figure]:
    """All figures of a document."""
    for index, block in enumerate(found):
        if isinstance(block, Text):
            yield from (Figure(index, -1, -1, m.start(), m[0]) for m in NUMBER.finditer(block.text))
            continue
        for row, line in enumerate(block.lines):
            if _numbers_columns(line):
                continue
            for column, raw in enumerate(line):
                if not raw.blank and CELL.fullmatch(str(raw.value)):
                    yield Figure(index, row, column, 0, str(raw.value))


def _numbers_columns(line: Sequence[Raw]) -> bool:
    """Whether a row numbers the columns."""
    texts = [str(raw.value) for raw in line if not raw.blank]
    return len(texts) > 1 and all(
        not CELL.fullmatch(text) or re.fullmatch(r"\d{1,2}", text) for text in texts
    )


def mistyped(draw: Random, text: str) -> str:
    """A figure with one digit another."""
    place = draw.choice([index for index, sign in enumerate(text) if sign.isdigit()])
    return text[:place] + draw.choice([d for d in "123456789" if d != text[place]]) + text[place + 1 :]


def changed(found: Sequence[Block], figure: Figure, new: str) -> tuple[Block, ...]:
    """The document with another figure."""
    block = found[figure.block]
    made: Block
    if isinstance(block, Text):
        end = figure.start + len(figure.text)
        made = replace(block, text=block.text[: figure.start] + new + block.text[end:])
    else:
        line = list(block.lines[figure.row])
        line[figure.column] = line[figure.column]._replace(value=new)
        lines = (*block.lines[: figure.row], tuple(line), *block.lines[figure.row + 1 :])
        made = replace(block, lines=lines)
    return (*found[: figure.block], made, *found[figure.block + 1 :])


@dataclass(frozen=True)
class Known:
    """What is known of a document.

    Attributes:
        told: rule and message of all findings.
        cells: its Book.
    """

    told: Counter[tuple[str, str]]
    cells: frozenset[tuple[str, str, str, str]]


def known(path: Path, found: Sequence[Block]) -> Known:
    """Read, derive and check."""
    reading = read_blocks(path, found)
    told = (
        *reading.findings,
        *check(derive(reading.book, reading.edition), reading.edition, reading.findings),
    )
    cells = (
        (table.name, row.key, column, str(cell.value))
        for table in reading.book.tables.values()
        for row in table.rows
        for column, cell in row.cells.items()
        if cell.value is not None
    )
    return Known(Counter((f.rule, f.message) for f in told), frozenset(cells))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("documents", nargs="+", type=Path)
    parser.add_argument(
        "--count", type=int, default=100, help="of how many figures of each document; 0 for all"
    )
    parser.add_argument("--seed", default="1")
    asked = parser.parse_args()
    for path in asked.documents:
        found = tuple(blocks(admit(path, "docx")))
        plain, every = known(path, found), list(figures(found))
        draw = Random(f"{asked.seed} {path.name}")  # noqa: S311 - a seeded choice
        chosen = draw.sample(every, min(asked.count or len(every), len(every)))
        counts: Counter[str] = Counter()
        for figure in chosen:
            new = mistyped(draw, figure.text)
            other = known(path, changed(found, figure, new))
            told, read = bool(other.told - plain.told), other.cells != plain.cells
            counts.update({"told": told, "read": read, "seen": told or read})
            if not told:
                print("  读到，没有说" if read else "  没有看见", figure.place(found), "→", new, flush=True)
        shares = "，".join(
            f"{name} {100 * counts[name] / len(chosen):.1f} %" for name in ("told", "read", "seen")
        )
        print(f"{path.name}：{len(chosen)} / {len(every)} 个数，{shares}", flush=True)


if __name__ == "__main__":
    main()
