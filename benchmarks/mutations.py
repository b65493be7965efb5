"""Which single wrong figures the rules see: every given money cell of the numbered tables, changed by 10.00.

    python -m benchmarks.mutations 2024-bureau.docx 2026-center.docx [--every 7] [--locate]

The document is opened once; each change is made among its paragraphs and tables, which are then read, derived and
checked as if they had been published so. A change is seen where an error that the unharmed document does not have
names the table of the changed cell. Prints, for each table, how many were seen, and every cell that was not; with
--locate also how often the changed cell is the first culprit, with its right value, and where it is not.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.localisation.search import localise
from budgetgen.reading.document.blocks import Block, Grid, blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.guard import admit
from budgetgen.values.amounts import written
from budgetgen.values.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from budgetgen.edition.declarations import Edition
    from budgetgen.reading.workbook import Reading
    from budgetgen.values.model import Book, Cell
    from budgetgen.values.places import FilePlace

CHANGE = Decimal("10.00")


@dataclass(frozen=True)
class Given:
    """A figure that stands in a numbered table.

    Attributes:
        table, key, column: where, by stable names.
        cell: the figure, with its place in the document.
    """

    table: str
    key: str
    column: str
    cell: Cell


@dataclass(frozen=True)
class Mutant:
    """A document with one wrong figure.

    Attributes:
        given: the figure before.
        wrong: what stands there instead.
        book: the Book read from the changed document, derived.
        edition: its format.
        findings: of reading and of checking.
        read: of reading.
    """

    given: Given
    wrong: Decimal
    book: Book
    edition: Edition
    findings: tuple[Finding, ...]
    read: tuple[Finding, ...]

    def named(self) -> str:
        """What is told to be wrong instead of the changed cell being what it was; empty where that is told."""
        located = localise(self.book, self.edition, self.read)
        mends = located.culprits[0].mends if located.culprits else ()
        if any(m.spot.place == self.given.cell.place and m.should == self.given.cell.value for m in mends):
            return ""
        return "；".join(f"{m.spot.name} {m.sign} {m.should}" for m in mends) or located.note or "没有指出"

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that stop a build."""
        return tuple(finding for finding in self.findings if finding.severity == Severity.ERROR)

    def seen(self, before: frozenset[Finding]) -> bool:
        """Whether an error that was not there before names the table of the wrong figure."""
        own = (error for error in self.errors if error not in before)
        return any(spot.table == self.given.table for error in own for spot in error.spots)


def opened(path: Path) -> tuple[Block, ...]:
    """The paragraphs and tables of a document."""
    return tuple(blocks(admit(path, "docx")))


def examined(reading: Reading) -> tuple[Book, tuple[Finding, ...]]:
    """The derived Book and all findings."""
    book = derive(reading.book, reading.edition)
    return book, (*reading.findings, *check(book, reading.edition, reading.findings))


def given(reading: Reading) -> Iterator[Given]:
    """Every figure of the numbered tables, in order."""
    for table in reading.edition.printed:
        money = [column.name for column in table.columns.values() if column.type == "money"]
        for row in reading.book[table.name].rows:
            for column in money:
                if isinstance(row[column].value, Decimal) and row[column].given:
                    yield Given(table.name, row.key, column, row[column])


def mutants(path: Path, change: Decimal = CHANGE, every: int = 1) -> Iterator[Mutant]:
    """The document with one figure changed, for every n-th figure in turn."""
    found = opened(path)
    for one in list(given(read_blocks(path, found)))[::every]:
        assert isinstance(one.cell.value, Decimal)  # noqa: S101 - `given` yields figures only
        wrong = one.cell.value + change
        reading = read_blocks(path, changed(found, one.cell.place, wrong))
        book, findings = examined(reading)
        yield Mutant(one, wrong, book, reading.edition, findings, reading.findings)


def changed(found: Sequence[Block], place: FilePlace | None, value: Decimal) -> tuple[Block, ...]:
    """The blocks with another figure at a place."""
    return tuple(_changed(block, place, value) if isinstance(block, Grid) else block for block in found)


def _changed(grid: Grid, place: FilePlace | None, value: Decimal) -> Grid:
    if not any(raw.place == place for line in grid.lines for raw in line):
        return grid
    lines = tuple(
        tuple(r._replace(value=written(value)) if r.place == place and not r.blank else r for r in line)
        for line in grid.lines
    )
    return replace(grid, lines=lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", nargs="+", type=Path)
    parser.add_argument("--every", type=int, default=1, help="only each n-th figure")
    parser.add_argument("--locate", action="store_true", help="also which cell is told to be wrong")
    asked = parser.parse_args()
    for path in asked.documents:
        _report(path, asked.every, locate=asked.locate)


def _report(path: Path, every: int, *, locate: bool) -> None:
    _, findings = examined(read_blocks(path, opened(path)))
    before = frozenset(finding for finding in findings if finding.severity == Severity.ERROR)
    tried: Counter[str] = Counter()
    missed: list[Given] = []
    mistaken: list[tuple[Given, str]] = []
    for mutant in mutants(path, every=every):
        tried[mutant.given.table] += 1
        if not mutant.seen(before):
            missed.append(mutant.given)
        if locate and (named := mutant.named()):
            mistaken.append((mutant.given, named))
    unseen = Counter(one.table for one in missed)
    print(path.name)
    for table, number in tried.items():
        print(f"  {table}\t{number - unseen[table]} / {number}")
    total = sum(tried.values())
    print(f"  {'合计'}\t{total - len(missed)} / {total} = {100 * (total - len(missed)) / total:.1f} %")
    for one in missed:
        print(f"  未发现：{one.table} {one.key} {one.column} {one.cell.value}")
    if locate:
        share = 100 * (total - len(mistaken)) / total
        print(f"  首先指出且数值正确\t{total - len(mistaken)} / {total} = {share:.1f} %")
    for one, named in mistaken:
        print(f"  指错：{one.table} {one.key} {one.column} {one.cell.value}，指为：{named}")


if __name__ == "__main__":
    main()
