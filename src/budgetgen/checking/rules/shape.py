"""The shape of rows and codes: what a table may hold, whatever its figures are."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from budgetgen.book import reviewed
from budgetgen.book.spots import spot
from budgetgen.checking.rules.registry import Complaint, marked, rule
from budgetgen.values.amounts import HALF_CENT
from budgetgen.values.likeness import likeness
from budgetgen.values.sayings import listed, saying
from budgetgen.values.text import as_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from budgetgen.edition.declarations import Block, Column, Edition, FixedRow, TableDeclaration
    from budgetgen.values.findings import Spot
    from budgetgen.values.model import Book, Row
    from budgetgen.values.sayings import Stated


OWN_LIST = 5
"""So many names of a table that differ come from a list of codes of its own."""
SAME = 0.5
"""As alike as a name and its rewording are at least."""


@dataclass(frozen=True, slots=True)
class _Coded:
    """A row with a code."""

    table: str
    row: Row
    code: str
    name: str
    kind: str
    column: Column
    names: str


def _coded(book: Book, edition: Edition) -> Iterator[_Coded]:
    for declared in edition.table:
        names = {column.of: column.name for column in declared.columns.values() if column.type == "name"}
        for column in declared.columns.values():
            if column.type != "code":
                continue
            for row in book[declared.name].rows:
                if code := row.text(column.name):
                    name = names.get(column.name, "")
                    yield _Coded(declared.name, row, code, row.text(name), column.of, column, name)


def _wanted_lengths(edition: Edition, coded: _Coded) -> tuple[int, ...]:
    """A line needs the whole code; a row that adds others up may have a shorter one."""
    lengths = edition.code_lengths(coded.kind)
    return lengths[-1:] if coded.row.line else lengths


@rule("code-malformed")
def _malformed(book: Book, edition: Edition) -> Iterator[Complaint]:
    for coded in _coded(book, edition):
        lengths = _wanted_lengths(edition, coded)
        if not coded.code.isascii() or not coded.code.isdigit() or len(coded.code) not in lengths:
            yield (
                saying(代码=coded.code, 位数=listed(lengths)),
                (spot(edition, coded.table, coded.row, coded.column.name),),
            )


@rule("code-unknown")
def _unknown(book: Book, edition: Edition) -> Iterator[Complaint]:
    for coded in _unlisted(_coded(book, edition), edition):
        where = spot(edition, coded.table, coded.row, coded.column.name)
        yield saying(代码=coded.code, 名称=coded.name), (where,)


def _unlisted(found: Iterable[_Coded], edition: Edition) -> Iterator[_Coded]:
    """The codes with a name that the list does not have."""
    for coded in found:
        if coded.code not in edition.codes(coded.kind) and coded.row[coded.column.name].given and coded.name:
            yield coded


@rule("code-unnamed")
def _unnamed(book: Book, edition: Edition) -> Iterator[Complaint]:
    """Codes without a name, those of one branch told once: a wrong code brings unknown codes above it."""
    branches: dict[str, dict[Spot, str]] = {}
    unnamed = [coded for coded in _coded(book, edition) if coded.names and not coded.name]
    for coded in sorted(unnamed, key=lambda coded: len(coded.code)):
        root = next((known for known in branches if coded.code.startswith(known)), coded.code)
        where = spot(edition, coded.table, coded.row, coded.column.name)
        branches.setdefault(root, {})[where] = coded.code
    for spots in branches.values():
        yield saying(代码=listed(dict.fromkeys(spots.values()))), tuple(spots)


@rule("code-name")
def _name(book: Book, edition: Edition) -> Iterator[Complaint]:
    """A name that differs, once for all tables; those of many codes of a table come from another list: one cause.

    What other tables call by the name of the list is told as their difference (`code-variant`).
    """
    once: dict[Stated, tuple[Spot, ...]] = {}
    printed = {table.name for table in edition.printed}
    every = tuple(_coded(book, edition))
    right = {(c.kind, c.code) for c in every if c.table in printed and _official(edition, c)}
    for table, found in groupby(_misnamed(every, edition), key=lambda one: one[0].table):
        told = [
            (
                saying(代码=coded.code, 写作=coded.name, 代码表=official),
                spot(edition, table, coded.row, coded.names),
            )
            for coded, official in found
            if table not in printed or (coded.kind, coded.code) not in right
        ]
        if len(told) < OWN_LIST:
            once |= {stated: (*once.get(stated, ()), where) for stated, where in told}
        else:
            stated = saying("list", 表=table, 个数=len(told), 各项=listed((one for one, _ in told), "；"))
            strange = (
                spot(edition, table, c.row, c.names) for c in _unlisted(every, edition) if c.table == table
            )
            yield stated, (*(where for _, where in told), *strange)
    yield from once.items()


def _misnamed(found: Iterable[_Coded], edition: Edition) -> Iterator[tuple[_Coded, str]]:
    """The codes that go by another name than that of the list, brackets and widths of signs apart."""
    for coded in found:
        official = edition.codes(coded.kind).get(coded.code)
        if official and coded.name and not _official(edition, coded):
            yield coded, official


def _official(edition: Edition, coded: _Coded) -> bool:
    """Whether a code goes by the name that the list has for it."""
    return as_named(coded.name) == as_named(edition.codes(coded.kind).get(coded.code, ""))


def own_lists(book: Book, edition: Edition) -> frozenset[tuple[str, str]]:
    """The rows, as (table, key), whose codes are those of a list of the table's own, and mean something else there.

    Such a list shows by what it calls by other codes: several names are those of other codes of the edition's list.
    """
    misnamed = tuple(_misnamed(_coded(book, edition), edition))
    names = {
        kind: frozenset(map(as_named, edition.codes(kind).values())) for kind in {c.kind for c, _ in misnamed}
    }
    moved = Counter(coded.table for coded, _ in misnamed if as_named(coded.name) in names[coded.kind])
    return frozenset(
        (coded.table, coded.row.key)
        for coded, official in misnamed
        if moved[coded.table] >= OWN_LIST and likeness(as_named(coded.name), as_named(official)) < SAME
    )


@rule("row-duplicate")
def _duplicates(book: Book, edition: Edition) -> Iterator[Complaint]:
    for declared in edition.table:
        seen: dict[str, Row] = {}
        for row in book[declared.name].rows:
            if not declared.main.key and row.key not in declared.fixed:
                continue
            first = seen.setdefault(as_named(row.key), row)
            if first is not row:
                named = declared.fixed[row.key][1].caption if row.key in declared.fixed else row.key
                spots = (_named_by(edition, declared, row), _named_by(edition, declared, first))
                yield saying(行=named), spots


def _named_by(edition: Edition, declared: TableDeclaration, row: Row) -> Spot:
    """The cell that a row is known by: its label, or the last of its keys; else the first that stands in the file."""
    block = declared.fixed[row.key][0] if row.key in declared.fixed else declared.main
    column = block.label.name if row.key in declared.fixed and block.label else block.key[-1]
    placed = (name for name, cell in row.cells.items() if cell.place)
    return spot(edition, declared.name, row, column if row[column].place else next(placed, column))


def nameless(book: Book, edition: Edition) -> Iterator[tuple[str, Row, str]]:
    """The lines that hold something and lack a part of what they are known by: table, row, column."""
    for declared in edition.table:
        block = declared.main
        wanted = [name for name in block.key if declared.columns[name].type != "unit"]
        for row in book[declared.name].lines():
            missing = [c for c in wanted if row.key not in declared.fixed and row[c].value is None]
            if missing and any(row[c].value is not None for c in declared.columns if c not in block.key):
                yield declared.name, row, missing[0]


@rule("row-without-key")
def _without_key(book: Book, edition: Edition) -> Iterator[Complaint]:
    for table, row, missing in nameless(book, edition):
        yield saying(列=missing), (spot(edition, table, row, missing),)


@rule("required-missing")
def _required(book: Book, edition: Edition) -> Iterator[Complaint]:
    for declared in edition.table:
        for row in book[declared.name].lines():
            fixed = declared.fixed.get(row.key)
            if fixed:
                yield from _required_fixed(edition, declared.name, row, fixed)
                continue
            secret = _secret(edition, declared, row)
            for column in declared.main.columns:
                if (
                    column.required
                    and row[column.name].value is None
                    and not (secret and column.type == "text")
                ):
                    yield saying(名称=column.captions[-1]), (spot(edition, declared.name, row, column.name),)


def _secret(edition: Edition, declared: TableDeclaration, row: Row) -> bool:
    """Whether a row is that of a secret item, whose texts are withheld."""
    items = declared.of_type("item")
    return any(row.text(item).startswith(edition.house.secret) for item in items)


def _required_fixed(
    edition: Edition, table: str, row: Row, declared: tuple[Block, FixedRow]
) -> Iterator[Complaint]:
    block, fixed = declared
    if fixed.required and block.value and row[block.value.name].value is None:
        yield saying(名称=fixed.caption), (spot(edition, table, row, block.value.name),)


@rule("formula-differs")
def _differs(book: Book, edition: Edition) -> Iterator[Complaint]:
    for declared in edition.table:
        for row in book[declared.name].rows:
            for name, cell in row.cells.items():
                shown, value = cell.shown, cell.value or Decimal(0)
                if (
                    isinstance(shown, Decimal)
                    and isinstance(value, Decimal)
                    and abs(shown - value) > HALF_CENT
                ):
                    yield saying(显示=shown, 推算=value), (spot(edition, declared.name, row, name),)


@rule("secret-inside")
def _secret_inside(book: Book, edition: Edition) -> Iterator[Complaint]:
    inside = re.compile(rf".*{edition.house.secret}\W*[0-9A-Za-z]{{3,}}", re.DOTALL)
    for declared in edition.table:
        items = set(declared.of_type("item"))
        for row in book[declared.name].rows:
            for name, cell in row.cells.items():
                if isinstance(cell.value, str) and name not in items and inside.match(cell.value):
                    yield saying(), (spot(edition, declared.name, row, name),)


@rule("secret-unmarked")
def _secret_unmarked(book: Book, edition: Edition) -> Iterator[Complaint]:
    code = re.compile(edition.house.secret_code)
    for declared in edition.table:
        items = declared.of_type("item")
        for row in book[declared.name].rows if items else ():
            for item in items:
                found = code.search(row.text(item))
                if found and not row.text(item).startswith(edition.house.secret) and row[item].given:
                    told = saying(代码=found[0], 记号=edition.house.secret)
                    yield told, (spot(edition, declared.name, row, item),)


@rule("date-far")
def _date_far(book: Book, edition: Edition) -> Iterator[Complaint]:
    house = edition.house
    row = book[house.about].get(house.date)
    day = row[house.value].value if row else None
    own = edition.edition
    if not row or not isinstance(day, date):
        return
    early = day.year < own.year and day.month < own.opening
    if early or day.year - own.year not in own.published:
        where = spot(edition, house.about, row, house.value)
        yield saying(日期=day, 年度=house.year, 年=own.year), (where,)


@rule("negative")
def _negative(book: Book, edition: Edition) -> Iterator[Complaint]:
    for declared in edition.table:
        for row in book[declared.name].rows:
            for name, cell in row.cells.items():
                if cell.given and isinstance(cell.value, Decimal) and cell.value < 0:
                    yield saying(列=name, 数=cell.value), (spot(edition, declared.name, row, name),)


@rule("carried-unreviewed")
def _carried(book: Book, edition: Edition) -> Iterator[Complaint]:
    """All sheets at once; marked texts of sheets that the checklist does not name are told by themselves.

    Not targets in the place of results: what is to be done about them is another thing (`result-carried`).
    """
    stored = edition.carried
    open_sheets = reviewed.rows_reviewed(book, edition, done=False)
    if open_sheets:
        names = [row.text(stored.sheet) for row in open_sheets]
        spots = tuple(spot(edition, stored.table, row, stored.done) for row in open_sheets)
        yield saying(页数=len(names), 各页=listed(names)), spots
    named = {row.text(stored.sheet) for row in open_sheets}
    for told, spots in marked(book, edition, edition.house.carried):
        table, column = spots[0].table, spots[0].column
        if table not in named and column not in reviewed.standing_in(edition, table):
            yield told, spots
