"""Names: one unit, one project and one code go by one name throughout."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from budgetgen.checking.rules.registry import Complaint, rule, spot
from budgetgen.lint import alike, folded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from budgetgen.declarations import Edition
    from budgetgen.findings import Spot
    from budgetgen.model import Book

Named = tuple[str, "Spot"]


@rule("unit-variant")
def _units(book: Book, edition: Edition) -> Iterator[Complaint]:
    """The units of the numbered tables and the unit itself are known; what the other sheets call a unit is one."""
    house = edition.house
    own = str(book.cell(house.about, house.unit, house.value).value or "")
    printed = {table.name for table in edition.printed}
    known = {own, *(name for name, where in _of_type(book, edition, "unit") if where.table in printed)} - {""}
    for name, spots in _grouped(_of_type(book, edition, "unit"), printed).items():
        if near := variant(name, known):
            yield f"单位写作“{name}”，别处是“{near}”", spots


@rule("item-variant")
def _items(book: Book, edition: Edition) -> Iterator[Complaint]:
    """The projects of the numbered tables are known."""
    printed = {table.name for table in edition.printed}
    named = list(_of_type(book, edition, "item"))
    known = {name for name, where in named if where.table in printed}
    for name, spots in _grouped(named, printed).items():
        if name not in known and (near := _variant_of_item(name, known)):
            yield f"项目写作“{name}”，公开表中是“{near}”", spots


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
