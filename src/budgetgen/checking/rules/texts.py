"""Free texts: what is suspicious about them by themselves, and whether their amounts are those of the figures."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING

from budgetgen.book.spots import spot
from budgetgen.checking.rules.registry import Complaint, Where, rule, rules
from budgetgen.formula.evaluation import Scope, holds
from budgetgen.proofreading.citations import citations
from budgetgen.proofreading.homophones import MOST, homophones
from budgetgen.proofreading.lint import budgeted, calling, lint, selves
from budgetgen.proofreading.terms import known_terms, misspelt
from budgetgen.saying.disclosure import compose
from budgetgen.saying.interleaving import said_at, stations
from budgetgen.saying.rewording import WordedSentence
from budgetgen.values.listing import several
from budgetgen.values.places import SheetPlace
from budgetgen.values.sayings import listed, saying
from budgetgen.values.text import as_named, unspaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from budgetgen.edition.declarations import Edition, TableDeclaration
    from budgetgen.values.findings import Spot
    from budgetgen.values.model import Book, Cell

FIGURED = re.compile(r"\d")
TEXTS = frozenset({"text", "item"})
LINTED = (
    "text-residue",
    "text-doubled",
    "text-numeral",
    "text-mixed",
    "text-decimals",
    "text-date",
    "text-private",
    "text-joined",
    "text-stray",
    "text-level",
    "text-usage",
    "text-unended",
    "text-unfinished",
    "text-replaced",
    "text-marks",
    "text-brackets",
    "text-renamed",
    "text-parts",
)
"""The rules that need nothing but the text. Those of a document's paragraphs are told when it is read."""


@rules(*LINTED)
def _linted(book: Book, edition: Edition) -> Iterator[tuple[str, Complaint]]:
    linted = cache(lambda text: tuple(lint(text, edition.lint)))  # many a text stands in many cells
    for text, where in _texts(book, edition):
        yield from ((found, (words, (where(),))) for found, words in linted(text))


@rule("text-homophone")
def _homophones(book: Book, edition: Edition) -> Iterator[Complaint]:
    texts = list(dict(_texts(book, edition)).items())
    for first, second, words in homophones([text for text, _ in texts], edition.lint.interchangeable):
        spots = texts[second][1](), texts[first][1]()
        if not _told_apart(texts[second][0], texts[first][0], spots):
            yield words, spots


@rule("text-misspelt")
def _misspelt(book: Book, edition: Edition) -> Iterator[Complaint]:
    known = known_terms(edition)
    told = cache(lambda text: tuple(misspelt(text, known, edition.lint)))
    for text, where in _texts(book, edition):
        yield from ((words, (where(),)) for words in told(text))


@rule("text-citation")
def _citations(book: Book, edition: Edition) -> Iterator[Complaint]:
    texts = list(_texts(book, edition))
    for one, other, words in citations([text for text, _ in texts], edition.lint.cited):
        yield words, (texts[one][1](), texts[other][1]())


def _told_apart(one: str, other: str, spots: tuple[Spot, Spot]) -> bool:
    """Whether two rows of a table differ in nothing but these signs: then they are two things by that."""
    columns = {(spot.table, spot.column) for spot in spots}
    differing = sum(a != b for a, b in zip(one, other, strict=False))
    return len(columns) == 1 and len(one) == len(other) and differing <= MOST


@rules("paragraph-kept", "paragraph-nowhere")
def _kept(book: Book, edition: Edition) -> Iterator[tuple[str, Complaint]]:
    """Paragraphs that are printed as they were found, of whose figures nothing is known; and those that are not printed."""
    stored, places = edition.verbatim, stations(edition)
    rows = book[stored.table].rows
    given = said_at(compose(book, edition), edition) if rows else {}
    for row in rows:
        section, cell = row.text(stored.section), row[stored.text]
        if section and section not in places:  # where none is given, that is told
            told = saying(章节=section, 原文=row.text(stored.text), 各处=listed(places, "、"))
            yield "paragraph-nowhere", (told, (spot(edition, stored.table, row, stored.section),))
        elif section and _typed(cell) and FIGURED.search(str(cell.value)):
            text = str(cell.value)
            told = saying(原文=text)
            if beside := _beside(text, given.get(section, ())):
                told = saying("twice", 原文=text, 版式=listed(beside, "”“"))
            yield "paragraph-kept", (told, (spot(edition, stored.table, row, stored.text),))


def _beside(text: str, given: Sequence[str]) -> Sequence[str]:
    """What the format says in the same place that is much like a paragraph."""
    own = WordedSentence.parts(text)
    others = (one for paragraph in given for one in WordedSentence.parts(paragraph) if paragraph != text)
    return [one.text for one in others if any(part.like(one) for part in own)]


@rule("entry-several")
def _several(book: Book, edition: Edition) -> Iterator[Complaint]:
    """A row whose number is published names one thing."""
    words = edition.lint
    for counted in words.counted:
        formula = edition.formula(counted.where, each=counted.table) if counted.where else None
        for row in book[counted.table].lines():
            scope = Scope(book, {"": (counted.table, row)})
            if formula is not None and not holds(formula, scope):
                continue
            if parts := several(row.text(counted.column), words.joints, words.bodies):
                told = saying(个数=len(parts), 各项=listed(parts, "”“"))
                yield told, (spot(edition, counted.table, row, counted.column),)


@rule("subject-mixed")
def _subject(book: Book, edition: Edition) -> Iterator[Complaint]:
    texts = list(_texts(book, edition))
    said = selves((text for text, _ in texts), edition.lint)
    if len(said) > 1:
        places = (next(where for text, where in texts if name in unspaced(text)) for name in said)
        yield calling(said), tuple(where() for where in places)


def _texts(book: Book, edition: Edition) -> Iterator[tuple[str, Where]]:
    """The texts that a person typed into a sheet."""
    for table, columns in edition.once(_text_columns).items():
        for row in book[table].rows if columns else ():
            for name, cell in row.cells.items():
                if name in columns and _typed(cell) and edition.kind(table, name, row.key) in TEXTS:
                    yield str(cell.value), partial(spot, edition, table, row, name)


def _text_columns(edition: Edition) -> Mapping[str, frozenset[str]]:
    """The columns of each sheet that hold texts in some of its rows; of the unit nothing is free."""
    return {
        table.name: frozenset(_worded(table)) for table in edition.table if table.name != edition.house.about
    }


def _worded(table: TableDeclaration) -> Iterator[str]:
    columns = (
        *table.columns.values(),
        *(c for block, row in table.fixed.values() for c in block.of_row(row)),
    )
    return (column.name for column in columns if column.type in TEXTS)


def _typed(cell: Cell) -> bool:
    """Whether a text stands in a sheet; one that stands in a document is told with its paragraph."""
    return cell.given and isinstance(cell.value, str) and isinstance(cell.place, SheetPlace)


@rule("text-amount")
def _amounts(book: Book, edition: Edition) -> Iterator[Complaint]:
    """What a project's text calls its budget is a figure of that project, or the sum of two."""
    figures = _by_item(book, edition)
    said = cache(lambda text: tuple(budgeted(text, edition.lint)))  # many a text stands in many cells
    for table in edition.table:
        items = table.of_type("item")
        texts = table.of_type("text")
        for row in book[table.name].lines() if items else ():
            item = row.text(items[0])
            own = figures.get(as_named(item))
            for column in texts:
                for told in said(row.text(column)):
                    if own is not None and not _adds_up(Decimal(told), own):
                        stated = saying(项目=item, 列=column, 金额=told)
                        yield stated, (spot(edition, table.name, row, column),)


def _adds_up(amount: Decimal, known: set[Decimal]) -> bool:
    """Whether an amount is a known one, or the sum of two (or twice one)."""
    return amount in known or any(amount - one in known for one in known)


def _by_item(book: Book, edition: Edition) -> dict[str, set[Decimal]]:
    """The amounts that stand beside the name of each project, in any table; only of projects that have any."""
    found: defaultdict[str, set[Decimal]] = defaultdict(set)
    for table in edition.table:
        items = table.of_type("item")
        money = table.of_type("money")
        for row in book[table.name].lines() if items and money else ():
            if item := row.text(items[0]):
                values = (row[column].value for column in money)
                found[as_named(item)] |= {value for value in values if isinstance(value, Decimal)}
    return {item: amounts for item, amounts in found.items() if amounts}
