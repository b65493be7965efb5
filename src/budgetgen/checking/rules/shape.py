"""The shape of rows and codes: what a table may hold, whatever its figures are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from budgetgen.book.reviewed import listed
from budgetgen.checking.rules.registry import Complaint, marked, rule, spot
from budgetgen.saying.lint import folded
from budgetgen.values.amounts import HALF_CENT, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.edition.declarations import Block, Column, Edition, FixedRow, TableDeclaration
    from budgetgen.values.findings import Spot
    from budgetgen.values.model import Book, Row


OWN_LIST = 5
"""So many names of a table that differ come from a list of codes of its own."""


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
            wanted = "、".join(str(length) for length in lengths)
            yield (
                f"科目代码“{coded.code}”应为 {wanted} 位数字",
                (spot(edition, coded.table, coded.row, coded.column.name),),
            )


@rule("code-unknown")
def _unknown(book: Book, edition: Edition) -> Iterator[Complaint]:
    for coded in _coded(book, edition):
        if coded.code not in edition.codes(coded.kind) and coded.row[coded.column.name].given and coded.name:
            yield (
                f"代码表里没有 {coded.code}（{coded.name}）",
                (spot(edition, coded.table, coded.row, coded.column.name),),
            )


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
        yield f"科目 {'、'.join(dict.fromkeys(spots.values()))} 没有名称", tuple(spots)


@rule("code-name")
def _name(book: Book, edition: Edition) -> Iterator[Complaint]:
    """Names that differ in many codes of a table come from another list of codes: that is one cause."""
    for table, found in groupby(_misnamed(book, edition), key=lambda one: one[0].table):
        told = [
            (
                f"{coded.code} 写作“{coded.name}”，代码表是“{official}”",
                spot(edition, table, coded.row, coded.names),
            )
            for coded, official in found
        ]
        if len(told) < OWN_LIST:
            yield from ((words, (where,)) for words, where in told)
        else:
            words = f"“{table}”有 {len(told)} 个科目的名称与代码表不同，像是用了另一套代码："
            yield words + "；".join(one for one, _ in told), tuple(where for _, where in told)


def _misnamed(book: Book, edition: Edition) -> Iterator[tuple[_Coded, str]]:
    """The codes that go by another name than that of the list, brackets and widths of signs apart."""
    for coded in _coded(book, edition):
        official = edition.codes(coded.kind).get(coded.code)
        if official and coded.name and folded(coded.name) != folded(official):
            yield coded, official


@rule("row-duplicate")
def _duplicates(book: Book, edition: Edition) -> Iterator[Complaint]:
    for declared in edition.table:
        seen: dict[str, Row] = {}
        for row in book[declared.name].rows:
            if not declared.main.key and row.key not in declared.fixed:
                continue
            first = seen.setdefault(row.key, row)
            if first is not row:
                named = declared.fixed[row.key][1].caption if row.key in declared.fixed else row.key
                spots = (_named_by(edition, declared, row), _named_by(edition, declared, first))
                yield f"“{named}”在本表有重复的行", spots


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
        yield f"这一行填了内容，但没有“{missing}”", (spot(edition, table, row, missing),)


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
                    yield f"“{column.captions[-1]}”必须填", (spot(edition, declared.name, row, column.name),)


def _secret(edition: Edition, declared: TableDeclaration, row: Row) -> bool:
    """Whether a row is that of a secret item, whose texts are withheld."""
    items = (column.name for column in declared.columns.values() if column.type == "item")
    return any(row.text(item).startswith(edition.house.secret) for item in items)


def _required_fixed(
    edition: Edition, table: str, row: Row, declared: tuple[Block, FixedRow]
) -> Iterator[Complaint]:
    block, fixed = declared
    if fixed.required and block.value and row[block.value.name].value is None:
        yield f"“{fixed.caption}”必须填", (spot(edition, table, row, block.value.name),)


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
                    message = f"表格里的公式显示 {plain(shown)}，由其他数字推算是 {plain(value)}"
                    yield message, (spot(edition, declared.name, row, name),)


@rule("secret-inside")
def _secret_inside(book: Book, edition: Edition) -> Iterator[Complaint]:
    inside = re.compile(rf".*{edition.house.secret}\W*[0-9A-Za-z]{{3,}}", re.DOTALL)
    for declared in edition.table:
        items = {column.name for column in declared.columns.values() if column.type == "item"}
        for row in book[declared.name].rows:
            for name, cell in row.cells.items():
                if isinstance(cell.value, str) and name not in items and inside.match(cell.value):
                    yield "文字中提到了涉密项目的代码", (spot(edition, declared.name, row, name),)


@rule("secret-unmarked")
def _secret_unmarked(book: Book, edition: Edition) -> Iterator[Complaint]:
    code = re.compile(edition.house.secret_code)
    for declared in edition.table:
        items = [column.name for column in declared.columns.values() if column.type == "item"]
        for row in book[declared.name].rows if items else ():
            for item in items:
                found = code.search(row.text(item))
                if found and not row.text(item).startswith(edition.house.secret) and row[item].given:
                    message = f"名称里有 {found[0]}，像涉密项目的代码，却没有写“{edition.house.secret}”"
                    yield message, (spot(edition, declared.name, row, item),)


@rule("date-far")
def _date_far(book: Book, edition: Edition) -> Iterator[Complaint]:
    house = edition.house
    row = book[house.about].get(house.date)
    day = row[house.value].value if row else None
    own = edition.edition
    if row and isinstance(day, date) and day.year - own.year not in own.published:
        where = spot(edition, house.about, row, house.value)
        yield f"公开日期 {day.isoformat()}，{house.year}是 {own.year} 年", (where,)


@rule("negative")
def _negative(book: Book, edition: Edition) -> Iterator[Complaint]:
    for declared in edition.table:
        for row in book[declared.name].rows:
            for name, cell in row.cells.items():
                if cell.given and isinstance(cell.value, Decimal) and cell.value < 0:
                    yield f"{name} {plain(cell.value)}", (spot(edition, declared.name, row, name),)


@rule("carried-unreviewed")
def _carried(book: Book, edition: Edition) -> Iterator[Complaint]:
    """Sheet by sheet; marked texts of sheets that the checklist does not name are told by themselves."""
    stored = edition.carried
    open_sheets = listed(book, edition, done=False)
    for row in open_sheets:
        message = f"“{row.text(stored.sheet)}”沿用了去年的{row.text(stored.kept)}，还没有核对"
        yield message, (spot(edition, stored.table, row, stored.done),)
    told = {row.text(stored.sheet) for row in open_sheets}
    for message, spots in marked(book, edition, edition.house.carried):
        if spots[0].table not in told:
            yield message, spots
