"""An amount that no total counts is told to the author of a format, whatever relation, column or row it is."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from budgetgen.book.relations import ANY, instances
from budgetgen.book.verdicts import State, judge
from budgetgen.edition import available, load
from budgetgen.edition.declarations import Column, FixedRow
from budgetgen.specimen.counting import Counting, Lack, MoneyCell
from budgetgen.specimen.specimen import specimen
from budgetgen.values.findings import Severity
from budgetgen.values.model import Cell, Table
from tests.conftest import some

EDITIONS = {name: load(name) for name in available()}
SLIPS = (Decimal(-1000000), Decimal(1000000))
"""What a figure may be wrong by: so much that a bound tells it, too."""


@cache
def counting(name):
    return Counting.of(EDITIONS[name])


@pytest.mark.parametrize("name", EDITIONS)
def test_every_amount_of_the_formats_is_counted(name):
    assert list(counting(name).uncounted()) == []


# --- relations less -----------------------------------------------------------------------------------------


@cache
def sound(name, kind):
    """A Book with something wherever figures can stand together, and the errors that it has all the same."""
    book = specimen(EDITIONS[name], kind)
    return book, broken(book, EDITIONS[name])


def broken(book, edition):
    """The rules that are errors and do not hold."""
    return {
        relation.rule.id
        for relation, scope in instances(book, edition)
        if relation.rule.severity == Severity.ERROR and judge(relation, scope).state is State.BROKEN
    }


def slipped(book, table, rows, column, by):
    """The Book with some cells of a column wrong."""

    def wrong(row):
        return row.with_cells({column: Cell(row[column].amount + by, given=True, terms=1)})

    changed = tuple(wrong(row) if row.key in rows else row for row in book[table].rows)
    return book.with_tables({table: Table(table, changed)})


def slips(book, cell):
    """The rows in which an amount is wrong: a fixed one; a line with all sums above it, as if the line alone was typed."""
    if cell.key != ANY:
        return {cell.key}
    rows = {row.key: row for row in book[cell.table].rows}
    line = next((row for row in rows.values() if row.line and row[cell.column].amount), None)
    found = set()
    while line is not None:
        found.add(line.key)
        line = rows.get(line.parent)
    return found


def noticing(name, cell):
    """The rules that notice that an amount is wrong."""
    edition, found = EDITIONS[name], set()
    for kind in edition.choices(edition.house.kind):
        book, before = sound(name, kind)
        for by in SLIPS if (rows := slips(book, cell)) else ():
            found |= broken(slipped(book, cell.table, rows, cell.column, by), edition) - before
    return found


@pytest.mark.parametrize("name", EDITIONS)
def test_without_the_relations_that_notice_an_amount_it_is_told(name):
    edition, known = EDITIONS[name], counting(name)
    printed = {table.name: table for table in edition.printed}
    held = {cell for groups in known.held.values() for group in groups for cell in group}
    cells = [c for c in sorted(held & set(amounts(edition))) if printed[c.table].columns[c.column].counted]
    for cell in some(cells, 6):
        rules = noticing(name, cell)
        less = Counting(edition, {rule: told for rule, told in known.held.items() if rule not in rules})
        found = {one.cell for one in less.uncounted()}
        assert rules, cell
        assert {cell, cell._replace(key=ANY)} & found, (cell, rules)


# --- an amount more -----------------------------------------------------------------------------------------


def amounts(edition):
    """The amounts of the printed tables."""
    for table in edition.printed:
        for block in table.block:
            rows = [
                *((row.key, block.of_row(row)) for row in block.rows),
                *[(ANY, block.columns)] * (block.open > 0),
            ]
            yield from (
                MoneyCell(table.name, key, c.name) for key, own in rows for c in own if c.type == "money"
            )


def changed(edition, table, index, **told):
    """The edition with another block in a table."""
    own = edition.tables[table]
    blocks = [replace(b, **told) if n == index else b for n, b in enumerate(own.block)]
    tables = [replace(own, block=tuple(blocks)) if one is own else one for one in edition.table]
    return replace(edition, table=tuple(tables))


@pytest.mark.parametrize("name", EDITIONS)
def test_a_column_more_in_any_printed_table_is_told(name):
    edition, found = EDITIONS[name], []
    places = [
        (t.name, n)
        for t in edition.printed
        for n, b in enumerate(t.block)
        if any(c.type == "money" for c in b.columns)
    ]
    for table, index in some(places, 6):
        columns = edition.tables[table].block[index].columns
        wider = changed(edition, table, index, columns=(*columns, Column(name="新列", type="money")))
        wider.settle(edition.homes)
        known = Counting.of(wider)
        told = list(known.uncounted())
        summed = {c for groups in known.held.values() for group in groups if len(group) > 1 for c in group}
        own = {cell for cell in amounts(wider) if (cell.table, cell.column) == (table, "新列")}
        assert told or own <= summed, "of a block whose columns are each added up by themselves"
        assert {(one.cell.table, one.cell.column) for one in told} <= {(table, "新列")}
        assert {one.lack for one in told} <= {Lack.ROW, Lack.ALL}
        found += told
    assert Lack.ROW in {one.lack for one in found}


@pytest.mark.parametrize("name", EDITIONS)
def test_a_row_more_that_its_total_does_not_name_is_told(name):
    edition, found = EDITIONS[name], []
    places = [(t.name, n) for t in edition.printed for n, b in enumerate(t.block) if len(b.rows) > 1]
    for table, index in some(places, 4):
        rows = (*edition.tables[table].block[index].rows, FixedRow(key="新行"))
        longer = changed(edition, table, index, rows=rows)
        longer.settle(edition.homes)
        known = Counting.of(longer)
        told = {one.cell for one in known.uncounted()}
        groups = [group for held in known.held.values() for group in held]
        own = {cell for cell in amounts(longer) if (cell.table, cell.key) == (table, "新行")}
        summed = {
            cell
            for cell in own
            if any(
                cell in g and any(o != cell and (o.table, o.column) == (table, cell.column) for o in g)
                for g in groups
            )
        }
        assert told == own - summed, "a total of all rows but some counts it"
        found += told
    assert found


def test_what_stands_beside_the_totals_is_declared_so_and_only_that():
    edition = EDITIONS["shanghai-2025"]
    columns = edition.tables["三公经费"].block[0].columns
    turned = [replace(c, counted=c.name == "机关运行经费") if c.type == "money" else c for c in columns]
    told = Counting(
        changed(edition, "三公经费", 0, columns=tuple(turned)), counting("shanghai-2025").held
    ).uncounted()
    assert [(one.cell.column, one.lack, one.counting[0]) for one in told] == [
        ("合计", Lack.NONE, "three-public-row"),
        ("因公出国", Lack.NONE, "three-public-row"),
        ("公务接待", Lack.NONE, "three-public-row"),
        ("公务用车", Lack.NONE, "three-public-row"),
        ("购置费", Lack.NONE, "three-public-row"),
        ("运行费", Lack.NONE, "three-public-row"),
        ("机关运行经费", Lack.ROW, "three-public-row"),
    ]
