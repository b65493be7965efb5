"""Names: one unit, one project and one code go by one name throughout."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from budgetgen.checking.rules.registry import Complaint, rule, spot
from budgetgen.lint import alike, folded

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from budgetgen.declarations import Edition
    from budgetgen.findings import Spot
    from budgetgen.model import Book

Named = tuple[str, "Spot"]


@rule("unit-variant")
def _units(book: Book, edition: Edition) -> Iterator[Complaint]:
    """In the tables of a unit only itself is known; in those of a department, all that they name."""
    house = edition.house
    own = str(book.cell(house.about, house.unit, house.value).value or "")
    printed = {table.name for table in edition.printed}
    named = list(_of_type(book, edition, "unit"))
    shown = [(name, where) for name, where in named if where.table in printed]
    alone = own and book.cell(house.about, house.kind, house.value).value != edition.consolidation.kind
    if alone:
        odd = [(name, own) for name in dict.fromkeys(name for name, _ in shown) if _foreign(name, own)]
    else:
        odd = list(_rivals(named, printed, variant))
    known = {own} if alone else {own, *(name for name, _ in shown)} - {""}
    for name, near in odd:
        yield f"单位写作“{name}”，别处是“{near}”", (*_places(shown, name), *_places(named, near)[:1])
    for name, spots in _grouped(named, printed).items():
        if near := variant(name, known):
            yield f"单位写作“{name}”，别处是“{near}”", spots


@rule("item-variant")
def _items(book: Book, edition: Edition) -> Iterator[Complaint]:
    """The projects of the numbered tables are known, those that are slips of others among them apart."""
    printed = {table.name for table in edition.printed}
    named = list(_of_type(book, edition, "item"))
    for name, near in _rivals(named, printed, _variant_of_item):
        spots = (*_places(named, name), *_places(named, near)[:1])
        yield f"项目写作“{name}”，{_places(named, near)[0].table}等处是“{near}”", spots
    known = {name for name, where in named if where.table in printed}
    for name, spots in _grouped(named, printed).items():
        if name not in known and (near := _variant_of_item(name, known)):
            yield f"项目写作“{name}”，公开表中是“{near}”", (*spots, *_places(named, near)[:1])


@rule("code-variant")
def _codes(book: Book, edition: Edition) -> Iterator[Complaint]:
    """A code whose names differ between tables; the most frequent one is taken for right."""
    named: dict[tuple[str, str], list[Named]] = {}
    for table in edition.printed:
        pairs = [(c.of, c.name, table.columns[c.of].of) for c in table.columns.values() if c.type == "name"]
        for row in book[table.name].rows:
            for code, name, kind in pairs:
                if row.text(code) and row.text(name):
                    found = (folded(row.text(name)), spot(edition, table.name, row, name))
                    named.setdefault((kind, row.text(code)), []).append(found)
    for (_, code), called in named.items():
        usual = Counter(name for name, _ in called).most_common(1)[0][0]
        yield from (
            (f"{code} 写作“{name}”，别处是“{usual}”", (where,)) for name, where in called if name != usual
        )


def _rivals(
    named: Iterable[Named], printed: Collection[str], like: Callable[[str, Collection[str]], str]
) -> Iterator[tuple[str, str]]:
    """Names of the numbered tables that are slips of others in them, each with the right one.

    Two that stand in the same table are two; of two that never do, the one that fewer tables have is the slip.
    """
    tables: dict[str, set[str]] = {}
    for name, where in named:
        tables.setdefault(name, set()).add(where.table)
    shown = [name for name, found in tables.items() if found & set(printed)]
    rank = {name: (-len(tables[name]), number) for number, name in enumerate(shown)}
    for name in shown:
        better = [o for o in shown if rank[o] < rank[name] and tables[o].isdisjoint(tables[name])]
        if near := like(name, better):
            yield name, near


def _places(named: Iterable[Named], wanted: str) -> tuple[Spot, ...]:
    return tuple(where for name, where in named if name == wanted)


def _foreign(name: str, own: str) -> bool:
    """Whether a name is not that of the unit, in short or with its number."""
    one, other = bare(name), bare(own)
    return bool(one) and one not in other and other not in one


def _grouped(named: Iterable[Named], printed: Collection[str]) -> dict[str, tuple[Spot, ...]]:
    """The names outside the numbered tables, each with its cells."""
    found: dict[str, tuple[Spot, ...]] = {}
    for name, where in named:
        if where.table not in printed:
            found[name] = (*found.get(name, ()), where)
    return found


def variant(name: str, known: Collection[str]) -> str:
    """The known name that a name is a variant of; empty where it is known, a short form of one, or another name."""
    short = bare(name)
    if not short or any(short in bare(other) or bare(other) in short for other in known):
        return ""
    return next((other for other in known if alike(short, bare(other))), "")


def bare(name: str) -> str:
    """A name without remarks in brackets."""
    return re.sub(r"\([^)]*\)", "", folded(name))


def _variant_of_item(name: str, known: Collection[str]) -> str:
    """The known project that a name is most like; names that differ in their numbers are different projects."""
    plain = folded(name)
    if any(plain.startswith(f"{folded(other)}(") for other in known):
        return ""  # a remark in brackets is no other name
    digits = re.sub(r"\D", "", plain)
    same = [other for other in known if re.sub(r"\D", "", folded(other)) == digits]
    return next((other for other in same if alike(plain, folded(other))), "")


def _of_type(book: Book, edition: Edition, kind: str) -> Iterator[Named]:
    """All names in columns of a type, with their cells, in order."""
    for table in edition.table:
        columns = [column.name for column in table.columns.values() if column.type == kind]
        for row in book[table.name].rows:
            for column in columns:
                if row.line and row.text(column):
                    yield row.text(column), spot(edition, table.name, row, column)
