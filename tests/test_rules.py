"""Every rule has a passing and a failing case: in its declaration, or in a test of reading."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from budgetgen.checking.checks import check
from budgetgen.checking.rules import RULES
from budgetgen.derivation import derive
from budgetgen.edition import available, load
from budgetgen.model import Cell
from budgetgen.pipeline.inputs import examine
from budgetgen.reading.grid import read_grid
from budgetgen.reading.workbook import read
from tests.conftest import PUBLISHED, SAMPLES

TESTS = Path(__file__).parent
CASES = [
    (name, rule.id)
    for name in available()
    for rule in load(name).rule
    if rule.holds or rule.passes or rule.fails
]


def broken(grid, edition):
    """The ids of the rules that a grid breaks, rounding tails apart."""
    book, _ = read_grid(grid, edition)
    return {finding.rule for finding in check(derive(book, edition), edition) if not finding.tail}


@pytest.mark.parametrize(("name", "rule"), CASES)
def test_rule_has_cases_that_pass_and_fail(name, rule):
    edition = load(name)
    declared = edition.rules[rule]
    assert declared.passes, "a rule ships with the smallest grid that satisfies it"
    assert declared.fails, "a rule ships with the smallest grid that breaks it"
    assert rule not in broken(declared.passes, edition)
    assert rule in broken(declared.fails, edition)


def test_every_rule_of_code_is_declared(edition):
    assert set(RULES) - set(edition.rules) == set()


def test_no_rule_is_without_a_case(edition):
    """A rule without a grid is provoked by a test that names it: rules of reading, and on several files."""
    ungridded = [rule.id for rule in edition.rule if not (rule.passes and rule.fails)]
    assert [name for name in ungridded if not _named_in_a_test(name)] == []


def _named_in_a_test(rule):
    return f'"{rule}"' in _tests()


@cache
def _tests():
    """All tests as one text."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted(TESTS.rglob("test_*.py")))


@pytest.mark.parametrize(("shown", "told"), [("10.00", False), ("10.01", True)])
def test_formula_that_shows_another_number_is_told(newest, shown, told):
    book, _ = read_grid("支出总体 | 科目代码 | 基本支出\n | 2060501 | 10.00", newest)
    table = book["支出总体"]
    rows = tuple(
        row.with_cells({"合计": Cell(shown=Decimal(shown), place="支出总体!C1")}) if row.line else row
        for row in table.rows
    )
    known = derive(book.with_tables({"支出总体": replace(table, rows=rows)}), newest)
    assert ("formula-differs" in {finding.rule for finding in check(known, newest)}) == told


def test_every_rule_says_what_to_do(edition):
    silent = [rule.id for rule in edition.rule if not (rule.title and rule.basis and rule.fix)]
    assert silent == []


def test_repeated_lead_of_a_reason_is_told(newest):
    _, told = read_grid("增减原因 | 指标 | 原因\n | 运行经费 | 主要原因是人员增加。", newest)
    _, silent = read_grid("增减原因 | 指标 | 原因\n | 运行经费 | 人员增加", newest)
    assert ([f.rule for f in told], [f.rule for f in silent]) == (["text-repeated"], [])


def test_text_for_a_number_and_a_doubled_caption_are_told(tmp_path):
    """Both are harms that only a workbook can show: the sample, with one cell and one caption changed."""
    book = load_workbook(SAMPLES / "xinjiang-2026-unit.xlsx")
    sheet = book["支出总体"]
    captions = {cell.value: cell for row in sheet.iter_rows(max_row=8) for cell in row if cell.value}
    captions["项目支出"].value = "基本支出"
    rows = book["一般公共预算支出"].iter_rows()
    amount = next(cell for row in rows for cell in row if isinstance(cell.value, int | float))
    amount.value = str(amount.value)
    book.save(tmp_path / "填报表.xlsx")
    rules = {finding.rule for finding in read(tmp_path / "填报表.xlsx").findings}
    assert {"text-number", "column-duplicate"} <= rules
    assert rules.isdisjoint({f.rule for f in read(SAMPLES / "xinjiang-2026-unit.xlsx").findings})


@pytest.mark.published
def test_last_year_of_another_unit_is_told():
    """Last year's document of another unit is taken, and its name is told."""
    this, last = SAMPLES / "xinjiang-2026-unit.xlsx", PUBLISHED / "2025-district.docx"
    told = {finding.rule for finding in examine(this, prior=last).findings}
    assert "prior-unit" in told
    assert "prior-unit" not in {finding.rule for finding in examine(this).findings}
