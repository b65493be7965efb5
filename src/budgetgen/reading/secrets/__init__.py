"""Secret items: whatever a file says of them but their codes and amounts is dropped at the door.

A file is read twice. The first reading only tells which of its cells and paragraphs speak of secret items; these are
reduced to what is declared harmless, and what comes of reading the rest is the Book. So no later stage can print a
secret, and no finding can quote one, whatever column or sentence it was written in: nobody but this package has seen
it. Of what was dropped the places are told. Basis: 预算法第十四条, 涉及国家秘密的除外.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from budgetgen.book.facts import fact
from budgetgen.reading.secrets.cells import CellSealer, Dropped, standings, texts_in, units_of
from budgetgen.reading.secrets.known import Secrets, marked, ordinary, spoken
from budgetgen.values.findings import NARRATIVE, Finding, Spot
from budgetgen.values.model import Cell, Table
from budgetgen.values.places import sheet_of
from budgetgen.values.sayings import saying

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from budgetgen.edition.declarations import Edition
    from budgetgen.values.model import Book, Row
    from budgetgen.values.places import FilePlace

__all__ = [
    "EXPOSING",
    "CellSealer",
    "Dropped",
    "Secrets",
    "dropped_findings",
    "marked",
    "ordinary",
    "sealer",
    "spoken",
    "texts_in",
    "without_secrets",
]

TEXT, ECHO, UNIT = "secret-text", "secret-echo", "secret-unit"
EXPOSING: Final = frozenset({TEXT, ECHO})
"""The rules that a file holds nothing of a secret item but its code and its amounts."""


def sealer(book: Book, edition: Edition, texts: Iterable[str], *, listed: bool = False) -> CellSealer | None:
    """What seals a file; None where it speaks of no secret item.

    Args:
        book: what a first reading gave.
        edition: its format.
        texts: all texts of the file.
        listed: whether nothing is to be told of cells that were not read.
    """
    every = tuple(texts)
    items = (
        row.text(item)
        for name, table in book.tables.items()
        for item in edition.tables[name].of_type("item")
        for row in table.rows
    )
    house = edition.house
    own = fact(book, edition, house.unit)
    secrets = Secrets.of(edition, filter(None, items), every, (own,))
    if not secrets:
        return None
    files = frozenset(_files(book, edition, secrets))
    return CellSealer(secrets, units_of(book, edition, secrets), standings(book, edition), files, listed)


def _files(book: Book, edition: Edition, secrets: Secrets) -> Iterator[str]:
    """The names of the files of units, of those that speak of no secret item."""
    if edition.consolidation is None:
        return
    traces = edition.consolidation.traces
    for row in book[traces.statuses].rows:
        if not secrets.speaks(row.text(traces.remark)) and not secrets.speaks(row.text(traces.file)):
            yield row.text(traces.file)


def without_secrets(book: Book, edition: Edition, dropped: Sequence[Dropped]) -> Book:
    """What reading a sealed file gave, without what secret items have none of.

    Their performance tables are not published; and a unit that was dropped is not the unit of the file, for which a
    blank stands.
    """
    blank = {one.place for one in dropped if one.blank}
    performance = {name for table in edition.performance for name in (table.heads, table.indicators)}
    tables = {}
    for name, table in book.tables.items():
        items = edition.tables[name].of_type("item")
        secret = {id(r) for r in table.rows if any(marked(r.text(item), edition) for item in items)}
        if secret and name in performance:
            tables[name] = Table(name, tuple(row for row in table.rows if id(row) not in secret))
        elif secret and blank:
            tables[name] = Table(name, tuple(_blanked(row, blank) for row in table.rows))
    return book.with_tables(tables)


def _blanked(row: Row, places: Collection[FilePlace | None]) -> Row:
    return row.with_cells(
        {c: Cell(place=cell.place) for c, cell in row.cells.items() if cell.place in places}
    )


def dropped_findings(dropped: Iterable[Dropped], edition: Edition) -> Iterator[Finding]:
    """Where a file holds more of secret items than their codes and amounts: the places only, by table."""
    told: dict[tuple[str, str], list[Spot]] = {}
    for one in dropped:
        table = one.table or sheet_of(one.place) or NARRATIVE
        spot = Spot(table, one.row, one.column, one.place)
        for rule in filter(None, (TEXT, ECHO * one.echo, UNIT * one.unit)):
            told.setdefault((rule, table), []).append(spot)
    for (rule, table), spots in told.items():
        yield Finding.of(edition.rules[rule], saying(表=table, 格数=len(spots)), *spots)
