"""Advice is safe to obey: a small seeded sample of benchmarks/advice.py, and what obeying it brings about."""

from __future__ import annotations

import importlib.util
import random
import sys
from decimal import Decimal

import pytest

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.values.findings import Severity
from tests.conftest import ROOT, SAMPLES

SPEC = importlib.util.spec_from_file_location("advice", ROOT / "benchmarks" / "advice.py")
assert SPEC
assert SPEC.loader
advice = importlib.util.module_from_spec(SPEC)
sys.modules["advice"] = advice
SPEC.loader.exec_module(advice)

NAMED = ("元当万元", "填错行", "手填合计")
"""Mistakes that are told first, with the right value, wherever they are in the sample."""
SEVERAL = ("两位颠倒", "两格", "读不了+一格", "两处读不了+手填合计+插行+元当万元")
"""Mistakes of which some can only be told to be among several figures."""


@pytest.fixture(scope="module")
def workbook():
    """The sample workbook of a unit, whose cells can be changed."""
    return advice.Workbook(SAMPLES / "xinjiang-2026-unit.xlsx")


def obeyed(one, workbook):
    """The relations that are broken when every figure that was named is mended as told."""
    told = {
        mend.spot.place: mend.should
        for culprit in one.located.culprits
        for mend in culprit.mends
        if mend.spot.place and mend.sign == "=="
    }
    values = {**one.mistake.values, **told}
    reading = workbook.read(advice.Mistake(values, one.mistake.rows, {}))
    book = derive(reading.book, workbook.edition)
    return errors(check(book, workbook.edition, reading.findings))


def errors(findings):
    """The relations that do not hold: rule and first cell."""
    broken = (f for f in findings if f.severity == Severity.ERROR and f.difference is not None)
    return {(f.rule, f.spots[0].name) for f in broken}


@pytest.mark.parametrize("kind", NAMED)
def test_a_mistake_that_can_be_found_out_is_named_first(workbook, kind):
    (one,) = advice.cases(workbook, kind, 1, seed=1)
    assert one.outcome == advice.FIRST, advice.told(one)


@pytest.mark.parametrize("kind", SEVERAL)
def test_no_right_figure_is_ever_told_to_be_wrong(workbook, kind):
    for one in advice.cases(workbook, kind, 2, seed=2):
        assert one.outcome != advice.WRONG, advice.told(one)


def test_a_line_that_stands_in_one_table_only_may_be_too_much_there():
    department = advice.Workbook(SAMPLES / "xinjiang-2024-department.xlsx")
    place = next(
        f.place
        for f in department.figures(given=True)
        if f.key[0] == "支出总体" and f.key[2] == "基本支出" and f.value == Decimal("480.7849")
    )
    (line,) = (line for s in department.sheets for line in s.lines if any(raw.place == place for raw in line))
    code, column = 0, next(i for i, raw in enumerate(line) if raw.place == place)
    added = ((place, {code: "2130501", column: Decimal("480.7849")}),)
    mistake = advice.Mistake({}, added, {("支出总体", "2130501", "基本支出"): None})
    assert advice.tried(department, mistake).outcome == advice.LISTED


@pytest.mark.parametrize("kind", ["十倍", "手填合计"])
def test_obeying_mends_what_is_said_and_breaks_nothing_else(workbook, kind):
    for one in advice.cases(workbook, kind, 2, seed=3):
        before, after = errors(one.findings), obeyed(one, workbook)
        mended = {
            (f.rule, f.spots[0].name)
            for culprit in one.located.culprits
            if culprit.mends
            for f in culprit.explains
            if f.difference is not None
        }
        assert after <= before - mended


def test_unreadable_amounts_alone_bring_no_advice(workbook):
    chance = random.Random(5)  # noqa: S311 - the same cells each time
    mistake = advice.unreadable(chance, workbook) | advice.unreadable(chance, workbook)
    assert advice.tried(workbook, mistake).located.culprits == ()
