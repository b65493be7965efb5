"""Free texts: what is suspicious about them by themselves, and whether their amounts are those of the figures."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from budgetgen.checking.rules.registry import Complaint, rule, rules, spot
from budgetgen.lint import budgeted, lint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.declarations import Edition
    from budgetgen.findings import Spot
    from budgetgen.model import Book, Cell

TEXTS = frozenset({"text", "item"})
LINTED = (
    "text-residue",
    "text-doubled",
    "text-numeral",
    "text-mixed",
    "text-decimals",
    "text-date",
    "text-private",
)
"""The rules that need nothing but the text. Those of a document's paragraphs are told when it is read."""


@rules(*LINTED)
def _linted(book: Book, edition: Edition) -> Iterator[tuple[str, Complaint]]:
    for text, where in _texts(book, edition):
        yield from ((found, (words, (where,))) for found, words in lint(text, edition.lint))


@rule("subject-mixed")
def _subject(book: Book, edition: Edition) -> Iterator[Complaint]:
    typed = list(_texts(book, edition))
    said = {name: [where for text, where in typed if name in text] for name in edition.lint.selves}
    if all(said.values()):
        words = "”，又称“".join(said)
        yield f"文中既称“{words}”", tuple(found[0] for found in said.values())


def _texts(book: Book, edition: Edition) -> Iterator[tuple[str, Spot]]:
    """The texts that a person typed into a sheet."""
    for table in edition.table:
        for row in book[table.name].rows if table.name != edition.house.about else ():
            for name, cell in row.cells.items():
                if _typed(cell) and edition.kind(table.name, name, row.key) in TEXTS:
                    yield str(cell.value), spot(edition, table.name, row, name)


def _typed(cell: Cell) -> bool:
    """Whether a text stands in a sheet; one that stands in a document is told with its paragraph."""
    return cell.given and isinstance(cell.value, str) and "!" in cell.place


@rule("text-amount")
def _amounts(book: Book, edition: Edition) -> Iterator[Complaint]:
    """What a project's text calls its budget is a figure of that project, or the sum of two."""
    figures = _by_item(book, edition)
    for table in edition.table:
        items = [column.name for column in table.columns.values() if column.type == "item"]
        texts = [column.name for column in table.columns.values() if column.type == "text"]
        for row in book[table.name].lines() if items else ():
            known = figures.get(row.text(items[0]), frozenset())
            sums = {a + b for a in known for b in known} | known
            for column in texts:
                for told in budgeted(row.text(column), edition.lint):
                    if known and Decimal(told) not in sums:
                        words = f"“{row.text(items[0])}”的{column}说预算是 {told} 万元，各表没有这个数"
                        yield words, (spot(edition, table.name, row, column),)


def _by_item(book: Book, edition: Edition) -> dict[str, frozenset[Decimal]]:
    """The amounts that stand beside the name of each project, in any table."""
    found: dict[str, frozenset[Decimal]] = {}
    for table in edition.table:
        items = [column.name for column in table.columns.values() if column.type == "item"]
        money = [column.name for column in table.columns.values() if column.type == "money"]
        for row in book[table.name].lines() if items else ():
            values = {v for column in money if isinstance(v := row[column].value, Decimal)}
            found[row.text(items[0])] = found.get(row.text(items[0]), frozenset()) | values
    return found
