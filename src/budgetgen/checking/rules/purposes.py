"""What reasons and uses say of their own item: nothing, another item's, or of some items only."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from budgetgen.book.figures import change_of, figure_name
from budgetgen.book.spots import spot
from budgetgen.checking.rules.registry import Complaint, rule
from budgetgen.edition.declarations import FIGURES, FigureColumn
from budgetgen.values.sayings import listed, saying
from budgetgen.values.text import unspaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from budgetgen.edition.declarations import Edition
    from budgetgen.edition.declarations.lint import Uses
    from budgetgen.values.findings import Spot
    from budgetgen.values.model import Book, Row
    from budgetgen.values.sayings import Stated

OWN = FigureColumn.NAME, FigureColumn.CLASS, FigureColumn.SECTION, FigureColumn.ITEM
LONG = 5
"""A shorter name of an item may stand in a text as common words."""
SHORT = 4
"""By so many signs of its beginning a figure is named."""
SEVERAL = 2
"""A text that names so many items lists them."""


@rule("reason-bare")
def _bare_reasons(book: Book, edition: Edition) -> Iterator[Complaint]:
    """Reasons of which nothing is left without the names of their own item; told once for all."""
    bare: dict[Spot, str] = {}
    for row, where, said in _reasons(book, edition):
        if change_of(row) and not said:
            bare[where] = figure_name(row)
    if bare:
        number = saying("places", 处=len(bare)) if len(bare) > 1 else None
        yield saying(几处=number, 指标=listed(bare.values(), "”、“")), tuple(bare)


@rule("reason-other")
def _others_reasons(book: Book, edition: Edition) -> Iterator[Complaint]:
    """Reasons that hold nothing but the name of another item."""
    items = {row.text(FigureColumn.ITEM) for row in book[FIGURES].rows}
    bare = _bare_names(items, edition)
    for row, where, said in _reasons(book, edition):
        if said in bare and bare[said] != row.text(FigureColumn.ITEM):
            yield saying(指标=figure_name(row), 别的=bare[said]), (where,)
    yield from _of_siblings(book, edition)


def _of_siblings(book: Book, edition: Edition) -> Iterator[Complaint]:
    """Reasons of figures that have to do with no other of their group, and name one of these and not their own."""
    stored = edition.comparisons
    for group in edition.lint.apart:
        rows = [row for row in book[FIGURES].rows if row.text(FigureColumn.GROUP) == group]
        names = {row.key: unspaced(row.text(FigureColumn.NAME)).rstrip("费用") for row in rows}
        for row in rows:
            own = book[stored.reasons].get(row.key)
            said = unspaced(own.text(stored.reason)) if own is not None else ""
            named = [other for other in rows if other is not row and names[other.key] in said]
            meant = names[row.key][:SHORT] in said or _own_words(names, row.key) & _pairs(said)
            if own is not None and len(named) == 1 and not meant:
                where = spot(edition, stored.reasons, own, stored.reason)
                yield saying(指标=figure_name(row), 别的=named[0].text(FigureColumn.NAME)), (where,)


def _own_words(names: Mapping[str, str], key: str) -> frozenset[str]:
    """The pairs of signs of a name that no other has: by these it is spoken of."""
    return _pairs(names[key]) - {
        pair for other, name in names.items() if other != key for pair in _pairs(name)
    }


def _pairs(text: str) -> frozenset[str]:
    """Every two signs of a text that stand side by side."""
    return frozenset(map("".join, pairwise(text)))


@rule("use-bare")
def _bare_uses(book: Book, edition: Edition) -> Iterator[Complaint]:
    """Uses of which nothing is left without the names of their own item; told once for all."""
    bare = {where: title for where, title, said in _uses(book, edition) if not said}
    if bare:
        several = saying("several", 处=len(bare)) if len(bare) > 1 else None
        yield saying(几处=several, 各项=listed(bare.values(), "”、“")), tuple(bare)


def _uses(book: Book, edition: Edition) -> Iterator[tuple[Spot, str, str]]:
    """What is said of the use of each code: where, the code's title, and what is left without its own names."""
    uses = edition.lint.uses
    if uses is None or not uses.code:
        return
    titles = _titles(book, uses)
    for row in book[uses.table].lines():
        code = row.text(uses.code)
        above = (titles.get(code[:end], "") for end in range(len(code) + 1))
        if row.text(uses.text):
            said = _left(row.text(uses.text), above, edition)
            yield spot(edition, uses.table, row, uses.text), titles.get(code, code), said


def _reasons(book: Book, edition: Edition) -> Iterator[tuple[Row, Spot, str]]:
    """The figures with reasons, where these stand, and what is left of them without their own names and idle words."""
    stored = edition.comparisons
    for row in book[FIGURES].rows:
        own = book[stored.reasons].get(row.key)
        if own is not None and own.text(stored.reason):
            left = _left(own.text(stored.reason), (row.text(name) for name in OWN), edition)
            yield row, spot(edition, stored.reasons, own, stored.reason), left


def _left(text: str, names: Iterable[str], edition: Edition) -> str:
    """A text without some names and without the words that tell nothing by themselves."""
    said, idle = unspaced(text), edition.lint.idle
    if idle is None:
        return said
    for name in sorted(filter(None, map(unspaced, names)), key=len, reverse=True):
        said = said.replace(name, "").replace(idle.sub("", name), "")
    return idle.sub("", said)


def _bare_names(names: Iterable[str], edition: Edition) -> Mapping[str, str]:
    """Names of items without the words that tell nothing, each that only one item has → the name."""
    found: dict[str, str] = {}
    for name in filter(None, names):
        found.setdefault(_left(name, (), edition), name)
    return {bare: name for bare, name in found.items() if len(bare) >= LONG}


@rule("use-other")
def _others_uses(book: Book, edition: Edition) -> Iterator[Complaint]:
    """Uses that hold nothing but the name of another item."""
    uses = edition.lint.uses
    if uses is None or not uses.code:
        return
    names = (name for code, name in _titles(book, uses).items() if _item(edition, code))
    bare = _bare_names(names, edition)
    for where, title, said in _uses(book, edition):
        if said in bare and bare[said] != title:
            yield saying(科目=title, 别的=bare[said]), (where,)


@rule("use-items")
def _listed_uses(book: Book, edition: Edition) -> Iterator[Complaint]:
    """Uses of a 类 that list its items: those with money that they leave out, and those that are not budgeted."""
    uses = edition.lint.uses
    if uses is None or not uses.kind:
        return
    titles = _titles(book, uses)
    kinds = {name: code for code, name in titles.items() if len(code) == min(map(len, titles))}
    for row in book[uses.table].lines():
        kind = kinds.get(row.text(uses.kind), "")
        for told in _mislisted(unspaced(row.text(uses.text)), kind, titles, edition) if kind else ():
            yield saying(科目=row.text(uses.kind), 情况=told), (spot(edition, uses.table, row, uses.text),)


def _mislisted(said: str, kind: str, titles: Mapping[str, str], edition: Edition) -> Iterator[Stated]:
    own = {code: unspaced(name) for code, name in titles.items() if code.startswith(kind) and code != kind}
    official = {
        code: unspaced(name)
        for code, name in edition.codes("function").items()
        if code.startswith(kind) and code != kind and len(name) >= LONG - 1
    }
    named = _named(said, {*own.values(), *official.values()})
    items = {name for code, name in own.items() if _item(edition, code)}
    named_items = items & named
    if len(named_items) >= SEVERAL and (missing := sorted(items - named)):
        yield saying("left", 个数=len(named_items), 没有列=listed(missing, "”“"))
    known = {*own.values(), *(official[code] for code in own if code in official)}
    if len(named & known) >= SEVERAL and (strange := sorted(named & set(official.values()) - known)):
        yield saying("strange", 说到=listed(strange, "”“"))


def _named(said: str, names: Iterable[str]) -> set[str]:
    """The names that stand in a text, longer ones first: a name within another is not meant."""
    found = set()
    for name in sorted(names, key=len, reverse=True):
        if name in said:
            found.add(name)
            said = said.replace(name, "\n")
    return found


def _item(edition: Edition, code: str) -> bool:
    """Whether a code is one of the last level: an item of its own."""
    return len(code) == max(map(len, edition.codes("function")))


def _titles(book: Book, uses: Uses) -> Mapping[str, str]:
    """The codes of a table that have money, each with its name."""
    return {
        row.text(uses.codes): row.text(uses.names)
        for row in book[uses.amounts].rows
        if row[uses.amount].value and row.text(uses.codes).isdigit()
    }
