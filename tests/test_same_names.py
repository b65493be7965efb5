"""One name in several forms (widths, blanks, dashes, quotation marks) is one name to all that compare names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.comparison.compare import compare
from budgetgen.comparison.values import Link, Side
from budgetgen.department.owners import told_apart
from budgetgen.edition import load
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.values.model import Table
from budgetgen.values.text import as_named
from tests.extremes.budgets import Budget, Line, Writer
from tests.extremes.test_extremes import printed

NAME = "乡村（一期）“三支一扶”—养护 A·B【示范】"
"""A project with every sign that is written in several forms."""
OTHER = '乡村(一期)"三支一扶"--养护Ａ・Ｂ[示范]'
FORMS = {
    "brackets": NAME.replace("（", "(").replace("）", " )"),
    "quotation marks": NAME.replace("“", "「").replace("”", "」"),
    "dashes": NAME.replace("—", "－－"),
    "letters": NAME.replace("A", "Ａ").replace("B", "Ｂ"),
    "all": OTHER,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_name_in_another_form_is_the_same(form):
    assert as_named(form) == as_named(NAME)


@pytest.mark.parametrize(
    "name",
    [
        "乡村（二期）A1",
        "乡村一期A1",
        "乡村（一期A1",
        "乡村（一期）AB1",
        "乡村/一期A1",
        "乡村（一期）a1",
        "乡村（一期）A①",
    ],
)
def test_other_words_are_another_name(name):
    assert as_named(name) != as_named("乡村（一期）A1")


LINES = (
    Line("2060501", "一般公共预算", "30101", "10.00"),
    Line("2060599", "一般公共预算", NAME, "20.00"),
    Line("2060599", "财政拨款结转", NAME, "7.00"),
    Line("2060599", "一般公共预算", "另一项目", "3.00"),
)
EDITION = load("xinjiang-2026")
BOOK = Writer(EDITION).book(Budget(LINES, LINES, unchanged="标准没有变化"))
TABLES = [
    table.name
    for table in EDITION.table
    if any(
        NAME in row.text(c)
        for row in BOOK[table.name].rows
        for c, d in table.columns.items()
        if d.type == "item"
    )
]


def renamed(table, book=BOOK):
    """The Book with the project in its other form in one table."""
    rows = (
        replace(
            row,
            key=row.key.replace(NAME, OTHER),
            cells={c: replace(x, value=OTHER) if x.value == NAME else x for c, x in row.cells.items()},
        )
        for row in book[table].rows
    )
    return book.with_tables({table: Table(table, tuple(rows))})


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_said_of_a_name_in_another_form_but_that_it_is_written_so(table):
    other = derive(renamed(table), EDITION)
    before = {(finding.rule, *finding.spots) for finding in check(BOOK, EDITION)}
    told = [f for f in check(other, EDITION) if (f.rule, *f.spots) not in before]
    assert {finding.rule for finding in told} <= {"item-variant"}


def test_every_project_keeps_its_indicators_whatever_form_they_name_it_in():
    own, other = (compose(b, EDITION, draft=True) for b in (BOOK, renamed("项目绩效指标")))
    assert list(printed(other)) == list(printed(own))


@pytest.mark.parametrize("table", TABLES)
def test_a_project_that_is_written_with_other_signs_is_told_once_and_nothing_of_it_changed(table):
    changes = compare(Side(BOOK, EDITION), Side(derive(renamed(table), EDITION), EDITION))
    assert [(one.link, one.old, one.new) for one in changes.structure] == [(Link.SPELT, NAME, OTHER)]
    assert not changes.figures + changes.wording + changes.reasons + changes.linkage


def test_brackets_of_another_width_are_no_other_way_of_writing_a_name():
    other = renamed("项目说明", book=BOOK)
    rows = tuple(
        replace(
            row,
            cells={
                c: replace(x, value=FORMS["brackets"]) if x.value == OTHER else x
                for c, x in row.cells.items()
            },
        )
        for row in other["项目说明"].rows
    )
    narrow = other.with_tables({"项目说明": Table("项目说明", rows)})
    assert not compare(Side(BOOK, EDITION), Side(derive(narrow, EDITION), EDITION)).differs


def test_a_project_of_two_units_is_of_each_in_whatever_form_it_is_written():
    """Rows of both tell their unit: else each would be of both, and counted twice."""
    text = f"""
    项目支出 | 单位 | 科目代码 | 项目名称 | 合计
     | 甲所 | 2060599 | {NAME} | 1.00
     | 乙所 | 2060599 | {OTHER} | 2.00
    项目绩效 | 项目名称 | 所属单位 | 财政拨款
     | {NAME} | 甲所 | 1.00
     | {OTHER} | 乙所 | 2.00
    """
    book, _ = told_apart(EDITION, derive(read_grid(text, EDITION)[0], EDITION))
    assert [row.text("所属单位") for row in book["项目绩效"].rows] == ["甲所", "乙所"]


def test_a_project_that_is_filled_in_twice_is_told_whatever_form_it_is_written_in():
    """Else it is published twice, each time with all its indicators."""
    rows = (*BOOK["项目说明"].rows, *(r for r in renamed("项目说明")["项目说明"].rows if r.key == OTHER))
    told = check(derive(BOOK.with_tables({"项目说明": Table("项目说明", rows)}), EDITION), EDITION)
    spots = [[spot.row for spot in f.spots] for f in told if f.rule == "row-duplicate"]
    assert spots == [[OTHER, NAME]]
