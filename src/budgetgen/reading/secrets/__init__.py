"""Secret items: whatever a file says of them but their codes and amounts is dropped at the door.

A file is read twice. The first reading only tells which of its cells and paragraphs speak of secret items; these are
reduced to what is declared harmless, and what comes of reading the rest is the Book. So no later stage can print a
secret, and no finding can quote one, whatever column or sentence it was written in: nobody but this package has seen
it. Of what was dropped the places are told. Basis: 预算法第十四条, 涉及国家秘密的除外.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from budgetgen.findings import Finding, Spot
from budgetgen.model import Table
from budgetgen.reading.secrets.cells import CellSealer, Dropped, items_of, standings, texts_in, units_of
from budgetgen.reading.secrets.known import Secrets, marked, ordinary, spoken
from budgetgen.reading.secrets.paragraphs import Understood, sealed_paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from budgetgen.declarations import Edition
    from budgetgen.model import Book

__all__ = [
    "EXPOSING",
    "CellSealer",
    "Dropped",
    "Secrets",
    "Understood",
    "dropped_findings",
    "marked",
    "ordinary",
    "sealed_paragraphs",
    "sealer",
    "spoken",
    "texts_in",
    "without_performance",
]

TEXT, ECHO, UNIT = "secret-text", "secret-echo", "secret-unit"
EXPOSING: Final = frozenset({TEXT, ECHO})
"""The rules that a file holds nothing of a secret item but its code and its amounts."""
NARRATIVE: Final = "正文"
"""What findings call the place of a sentence."""


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
        for item in items_of(edition.tables[name])
        for row in table.rows
    )
    where = standings(book, edition)
    house = edition.house
    own = str(book.cell(house.about, house.unit, house.value).value or "")
    secrets = Secrets.of(edition, filter(None, items), every, (own,))
    if not secrets:
        return None
    return CellSealer(secrets, units_of(book, edition, secrets), where, listed)


def without_performance(book: Book, edition: Edition) -> Book:
    """The Book without the performance tables of secret items, which are not published."""
    names = {name for table in edition.performance for name in (table.heads, table.indicators)}
    kept = {}
    for name in names:
        items = items_of(edition.tables[name])
        rows = (r for r in book[name].rows if not any(marked(r.text(item), edition) for item in items))
        kept[name] = Table(name, tuple(rows))
    return book.with_tables(kept)


def dropped_findings(dropped: Iterable[Dropped], edition: Edition) -> Iterator[Finding]:
    """Where a file holds more of secret items than their codes and amounts: the places only, by table."""
    told: dict[tuple[str, str], list[Spot]] = {}
    for one in dropped:
        table = one.table or (one.place.partition("!")[0] if "!" in one.place else NARRATIVE)
        spot = Spot(table, one.row, one.column, one.place)
        for rule in filter(None, (TEXT, ECHO * one.echo, UNIT * one.unit)):
            told.setdefault((rule, table), []).append(spot)
    said = {
        TEXT: "涉密项目在“{}”有 {} 格写了代码以外的文字，没有读入，但还在文件里",
        ECHO: "“{}”有 {} 格写了涉密项目的名称或代码，却没有标明，文字不在这里重复",
        UNIT: "涉密项目在“{}”有 {} 格的单位不是别处写明的单位，没有读入",
    }
    for (rule, table), spots in told.items():
        yield Finding.of(edition.rules[rule], said[rule].format(table, len(spots)), *spots)
