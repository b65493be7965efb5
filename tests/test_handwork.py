"""What is typed into a workbook otherwise is told at its cell and on one line, whatever cell a draw chooses."""

from __future__ import annotations

from functools import partial
from random import Random

import pytest

from budgetgen.app.reports.changes import printed
from budgetgen.comparison import compare
from budgetgen.comparison.listings import told_linkage
from budgetgen.comparison.values import Link, Matter
from budgetgen.edition import load
from budgetgen.writing.workbook.writer import render_workbook
from tests.conftest import SAMPLES, some
from tests.handwork import KINDS, Ledger, read, saved
from tests.test_comparison import filled
from tests.test_planted import lines, moved_on
from tests.workbooks import opened

MENDED = (
    ("左右两格对调", "transfer"),
    ("错填一栏", "transfer"),
    ("金额清空", "information"),
    ("指标删去", "information"),
    ("删去一页", "transfer"),
    ("一页清空", "transfer"),
    ("科目代码改", "transfer"),
    ("科目代码改类", "information"),
    ("选项改", "transfer"),
    ("数字成文本", "transfer"),
    ("科目行移动", "information"),
)


@pytest.fixture(scope="module")
def ledgers():
    """The workbooks of two units, as something may be typed into them."""
    folder = SAMPLES / "department-2024"
    return {
        name: Ledger(saved(opened(folder / f"xinjiang-2024-{name}.xlsx")))
        for name in ("transfer", "information")
    }


def places(changes):
    told = (*changes.leading, *changes.wording, *changes.structure, *changes.linkage)
    names = ("place", "old_place", "new_place")
    return {getattr(one, name, None) for one in told for name in names}


@pytest.mark.parametrize(("kind", "unit"), some(MENDED, 4), ids=lambda one: one)
def test_what_is_typed_otherwise_is_told_at_its_cell_and_by_itself(ledgers, kind, unit):
    """As `benchmarks/revisions.py` measures it, for the kinds that were told in several lines, or elsewhere."""
    typed = KINDS[kind](ledgers[unit], Random(kind))  # noqa: S311 - a seeded choice
    changes = compare(ledgers[unit].side, read(typed.content))
    assert lines(changes) - len(changes.reasons) == typed.causes
    assert bool(typed.places & places(changes)) is bool(typed.places and typed.causes)
    assert typed.trace in printed(changes, everything=True)


def test_the_figures_that_follow_from_a_table_that_is_gone_stand_below_it(ledgers):
    typed = KINDS["删去一页"](ledgers["transfer"], Random("删去一页"))  # noqa: S311 - likewise
    changes = compare(ledgers["transfer"].side, read(typed.content))
    (gone,) = changes.structure
    assert changes.leading == ()
    assert set(changes.following) <= {gone.spot}


@pytest.fixture(scope="module")
def later(ledgers):
    """What a unit would hand in a year later, if nothing changed."""
    edition = load("xinjiang-2025")
    book = filled(ledgers["transfer"].side, edition, partial(moved_on, edition=edition))
    return Ledger(saved(opened(render_workbook(edition, book))))


@pytest.mark.parametrize("draw", ["a 0", "c 0"])
def test_a_code_that_is_another_one_a_year_later_is_told_once(ledgers, later, draw):
    """Whether the line is known by its code alone, or by its name too: what the code is called only follows."""
    typed = KINDS["科目代码改"](later, Random(draw))  # noqa: S311 - likewise
    changes = compare(ledgers["transfer"].side, read(typed.content))
    assert [one.matter for one in changes.structure if not one.template] == [Matter.CODE]
    assert lines(changes) == 1


def test_a_project_divided_in_two_is_told_once(ledgers):
    typed = KINDS["项目拆成两个"](ledgers["information"], Random("0"))  # noqa: S311 - likewise
    (told,) = compare(ledgers["information"].side, read(typed.content)).structure
    assert (told.link, told.old_amount, len(told.names)) == (Link.DIVIDED, told.new_amount, 3)


def test_last_years_amount_that_is_blank_is_told_among_others_that_are_filled(ledgers, later):
    typed = KINDS["上年数清空"](later, Random("0"))  # noqa: S311 - likewise
    (told,) = compare(ledgers["transfer"].side, read(typed.content)).linkage
    assert (told.told, told.difference, {told.place}) == (None, None, typed.places)
    assert told_linkage(told) == f"{told.name}：新文件没有填上年数，旧文件公开的是 {told.published}"
