"""What a cell shows, as expected and as LibreOffice shows it."""

from __future__ import annotations

import csv
import re

import pytest
from xlsxwriter import Workbook

from budgetgen.reading.number_formats import CHINESE, UNKNOWN, is_plain, shown, style_of, tells

DAY, AFTERNOON = 46387, 46387.75
"""The 31st of December 2026, and six in the afternoon of that day."""
BOTH = [
    ("General", 95, "95"),
    ("General", 0.1 + 0.2, "0.3"),
    ("General", -1234.56, "-1234.56"),
    ('General"个"', 3, "3个"),
    ("0", 0.5, "1"),
    ("0", -2.5, "-3"),
    ("0.00", 2.675, "2.68"),
    ("#,##0.00", 1234567.891, "1,234,567.89"),
    ("0,000.0", 12.34, "0,012.3"),
    ("0%", 0.95, "95%"),
    ("0%", 1, "100%"),
    ("0.00%", 0.1328, "13.28%"),
    ("0.0%;-0.0%", -0.025, "-2.5%"),
    ("0.00E+00", 12345, "1.23E+04"),
    ("0.00E+00", 0.00099996, "1.00E-03"),
    ("# ?/?", 1.5, "1 1/2"),
    ("# ?/?", 0.25, "1/4"),
    ("# ?/?", 3, "3"),
    ("# ??/??", 0.95, "19/20"),
    ("# ?/8", 1.5, "1 4/8"),
    ("0000", 12, "0012"),
    ("000-0000", 5551234, "555-1234"),
    ('00"号"', 7, "07号"),
    ('0.00"万元"', 364.684, "364.68万元"),
    ('"约"#,##0"人"', 1200, "约1,200人"),
    ("#,##0.0,", 3646789, "3,646.8"),
    ('0.0,,"百万"', 3646789, "3.6百万"),
    ("0.0#", 1.5, "1.5"),
    ("#.0#", 0.25, ".25"),
    ("???", 7, "7"),
    ("[$¥-804]#,##0.00", 1234.5, "¥1,234.50"),
    ("¥0", -3, "-¥3"),
    ("#,##0;[Red](#,##0)", -1234, "(1,234)"),
    (r'_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)', 0, "-"),
    ('0;-0;"零"', 0, "零"),
    ('[>=100]"多";"少"', 99, "少"),
    ('[>=100]"多";"少"', 100, "多"),
    ('[=0]"无";[<10]0.0;#,##0', 1234, "1,234"),
    ("[<1]0.00%;0", 0.5, "50.00%"),
    (";;;", 5, ""),
    ("0;;", -5, ""),
    ("@", 12, "12"),
    ("yyyy-mm-dd", DAY, "2026-12-31"),
    ("yyyy/m/d", 46023, "2026/1/1"),
    ('yyyy"年"m"月"d"日"', DAY, "2026年12月31日"),
    ("yyyy年m月", DAY, "2026年12月"),
    ("yyyymmdd", DAY, "20261231"),
    ("yy-m-d h:mm", AFTERNOON, "26-12-31 18:00"),
    ("h:mm AM/PM", AFTERNOON, "6:00 PM"),
    ("h:mm:ss", 0.5, "12:00:00"),
    ("mm:ss", 0.5 / 24, "30:00"),
    ("[h]:mm", 1.5, "36:00"),
    ("[mm]:ss", 0.5, "720:00"),
]
"""Formats, numbers, and what both Excel and LibreOffice show."""
CHINESE_ONLY = [
    ('0!.0,"万元"', 3646789, "364.7万元"),
    ("aaaa", DAY, "星期四"),
    ('上午/下午h"时"mm"分"', AFTERNOON, "下午6时00分"),
    (style_of(31, {}).code, DAY, "2026年12月31日"),
    (style_of(14, {}).code, DAY, "2026/12/31"),
    ("G/通用格式", 12, "12"),
]
"""What only programs in Chinese show so, and LibreOffice in English otherwise."""
UNCLEAR = [
    ("General", 1 / 3),
    ("General", 123456789012),
    ("General", 0.00001),
    ("@", 123456789012),
    ("mmm", DAY),
    ("dddd", DAY),
    ("[$-F800]dddd, mmmm dd, yyyy", DAY),
    ("[DBNum2]General", 123),
    ("[DBNum1]yyyy年m月d日", DAY),
    ("e年", DAY),
    ("##0.0E+0", 12345),
    ("0.00", -0.001),
    ("#.##", 12),
    ("yyyy-mm-dd", 60),
    ("yyyy-mm-dd", -1),
    ("h:mm:ss", 0.123456),
    ("[>5]0;0", -3),
    ("[>5]0;[>3]0", 1),
    ("[未知]0", 1),
    ("0x", 1),
    ("0.0.0", 1),
    ("0 ,", 1),
    ('"负"', -1),
    ('@"元"', 5),
    ("# ?/?", -0.001),
    ("上午/下午h时", 0.5),
    (UNKNOWN, 5),
    (style_of(44, {}).code, 5),
    (style_of(999, {}).code, 5),
    ("0", float("inf")),
]
"""What depends on the width of a column, the program or its language."""


@pytest.mark.parametrize(("code", "value", "text"), [*BOTH, *CHINESE_ONLY])
def test_number_is_shown(code, value, text):
    assert shown(value, code) == text


@pytest.mark.parametrize(("code", "value"), UNCLEAR)
def test_what_is_not_certain_is_not_guessed(code, value):
    assert shown(value, code) is None


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("General", "95", "95"),
        ("0.00", "约九成", "约九成"),
        ('@"单位"', "某", "某单位"),
        ('0;-0;0;"（"@"）"', "甲", "（甲）"),
        (";;;", "看不见", ""),
        ("0%", True, "TRUE"),
        ("@", False, "FALSE"),
    ],
)
def test_texts_and_truths_are_shown(code, value, text):
    assert shown(value, code) == text


@pytest.mark.parametrize("number", sorted(CHINESE))
def test_every_format_of_chinese_programs_is_known(number):
    assert re.search(r"\d", shown(46401.75, style_of(number, {}).code))


@pytest.mark.parametrize(
    ("code", "value", "same"),
    [
        ("General", 1234.5, True),
        ("#,##0.00", -1234.567, True),
        ("0.00;[Red]0.00", -5.25, True),
        ('0.00"万元"', 12, True),
        ("0%", 0.13, False),
        ("0.00,", 1234.5, False),
        (";;;", 5, False),
        (";;;", 0, True),
        ("0;;", -5, False),
        ('[<1]"少";0.00', 0.5, False),
        ("mmm", 5, True),
    ],
)
def test_a_number_shown_as_another_is_known(code, value, same):
    assert tells(value, code) == same
    assert same or not is_plain(code)


@pytest.mark.office
def test_libreoffice_shows_the_same(tmp_path, convert):
    with Workbook(tmp_path / "格式.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.set_column(0, 0, 60)
        for row, (code, value, _) in enumerate(BOTH):
            sheet.write_number(row, 0, value, book.add_format({"num_format": code}))
    kind = "csv:Text - txt - csv (StarCalc):44,34,76"
    (shown,) = convert(kind, tmp_path, tmp_path / "格式.xlsx")
    with shown.open(encoding="utf-8", newline="") as table:
        told = [re.sub(" {2,}", " ", line[0]).strip() if line else "" for line in csv.reader(table)]
    assert [(c, v, t) for (c, v, _), t in zip(BOTH, told, strict=True)] == BOTH
