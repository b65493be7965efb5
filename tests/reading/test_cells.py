"""What a file may hold in a cell, and what the Book holds then."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from budgetgen.edition.declarations import Column
from budgetgen.reading.cells import CellReader, Raw
from budgetgen.values.places import told_place
from tests.findings import at

MONEY = Column(name="金额", type="money")


def read(value, column=MONEY, *, unit="万元", formula=False, derived=False):
    """The value, and the rules that complain."""
    cell, complaints = CellReader(unit).read(Raw(value, formula, at("甲!A1")), column, derived=derived)
    assert told_place(cell.place) == "甲!A1"
    return cell.value, [complaint.rule for complaint in complaints]


@pytest.mark.parametrize(
    ("stored", "value", "rules"),
    [
        (12, Decimal(12), []),
        (12.5, Decimal("12.5"), []),
        (0, Decimal(0), []),
        ("１，２３４．５０", Decimal("1234.5"), []),
        (" 7 ", Decimal(7), []),
        ("—", None, []),
        ("无", None, []),
        ("  ", None, []),
        (None, None, []),
        (12.345678, Decimal("12.345678"), ["extra-decimals"]),
        (0.1 + 0.2, Decimal("0.3"), []),
        ("十万", None, ["not-a-number"]),
        ("12万元", None, ["not-a-number"]),
        (True, None, ["not-a-number"]),
        (float("nan"), None, ["not-a-number"]),
        (1e300, None, ["not-a-number"]),
        ("#REF!", None, ["cell-error"]),
        ("#DIV/0!", None, ["cell-error"]),
        (datetime(2026, 1, 2), None, ["cell-date"]),
        (date(2026, 1, 2), None, ["cell-date"]),
        (time(1, 2), None, ["cell-date"]),
    ],
)
def test_money(stored, value, rules):
    assert read(stored) == (value, rules)


def test_money_in_yuan_becomes_wan_exactly():
    assert read(1234567.89, unit="元") == (Decimal("123.456789"), [])


def test_formulas():
    assert read(5.0, formula=True) == (Decimal(5), [])
    assert read(None, formula=True) == (None, ["formula-uncomputed"])
    assert read(5.0, formula=True, derived=True) == (None, [])


@pytest.mark.parametrize(
    ("stored", "value", "rules"),
    [
        (3, Decimal(3), []),
        ("３", Decimal(3), []),
        (2.5, Decimal("2.5"), ["not-whole"]),
        ("三", None, ["not-a-number"]),
    ],
)
def test_counts(stored, value, rules):
    assert read(stored, Column(name="数量", type="count")) == (value, rules)


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        (2060501, "2060501"),
        (2060501.0, "2060501"),
        ("２０６０５０１", "2060501"),
        (" 206 05 01 ", "2060501"),
        ("206-05-01", "2060501"),
        ("二〇六", "二〇六"),
        (71656.84, "71656.84"),  # no code of seven digits
    ],
)
def test_codes_are_text(stored, value):
    assert read(stored, Column(name="代码", type="code")) == (value, [])


@pytest.mark.parametrize(
    ("stored", "value", "rules"),
    [
        (datetime(2026, 2, 27), date(2026, 2, 27), []),
        ("2026年2月27日", date(2026, 2, 27), []),
        ("2026/2/27", date(2026, 2, 27), []),
        ("20260227", date(2026, 2, 27), []),
        ("2026年2月30日", None, ["not-a-date"]),
        ("下个月", None, ["not-a-date"]),
    ],
)
def test_dates(stored, value, rules):
    assert read(stored, Column(name="日期", type="date")) == (value, rules)


@pytest.mark.parametrize(
    ("stored", "value", "rules"),
    [
        ("正常文字", "正常文字", []),
        ("第一段\r\n第二段", "第一段\n第二段", []),
        ("第一段_x000D_\n第二段", "第一段\n第二段", []),
        ("倒\u202e序", "倒序", ["text-cleaned"]),
        ("零\u200b宽\x07响", "零宽响", ["text-cleaned"]),
        ("=1+1", "=1+1", []),
        ("{{ 单位 }}<b>&", "{{ 单位 }}<b>&", []),
        (2026.0, "2026", []),
        ("\x00\x01", None, ["text-cleaned"]),
    ],
)
def test_text_is_cleaned_once(stored, value, rules):
    assert read(stored, Column(name="文字")) == (value, rules)


def test_names_stand_on_one_line():
    assert read("某项目\n（二期）", Column(name="项目", type="item")) == ("某项目（二期）", [])


def test_choices():
    column = Column(name="单位", type="choice", choices=("万元", "元"))
    assert read("万元", column) == ("万元", [])
    assert read("千元", column) == ("千元", ["not-a-choice"])


def test_the_printed_blank_is_blank():
    assert read("-", Column(name="上年完成值", blank="-")) == (None, [])
