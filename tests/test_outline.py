"""Rows and the rows that add them up: whatever a clerk types as a key, a row is read or told, never lost."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from budgetgen.derivation import derive
from budgetgen.edition import available, load
from budgetgen.reading.grid import read_grid

EDITION = load(available()[0])
CODES = st.sampled_from(
    ["", "2", "20", "206", "20605", "2060501", "2060599", "2060", "20605011", "其中", "abc", "2080505"]
)
NAMES = st.sampled_from(["", "甲项目", "乙项目", "特定目标A1"])


def read(table, columns, rows):
    grid = "\n".join([f"{table} | {' | '.join(columns)}", *(f" | {' | '.join(row)}" for row in rows)])
    return read_grid(grid, EDITION)


def kept(codes):
    """The amounts of the rows whose code may be one: 1.00 for the first, 2.00 for the second…"""
    return [number for number, code in enumerate(codes, start=1) if code != "其中"]


def given_amounts(book, table, column):
    return sorted(row[column].value for row in book[table].rows if row[column].given)


def unread(findings):
    """How many rows are told not to be read."""
    return sum(finding.rule == "row-not-code" for finding in findings)


@settings(max_examples=60, deadline=None)
@given(st.lists(CODES, min_size=1, max_size=8))
def test_no_row_of_a_code_table_is_lost(codes):
    rows = [[code, f"{index}.00"] for index, code in enumerate(codes, start=1)]
    book, findings = read("支出总体", ["科目代码", "基本支出"], rows)
    assert given_amounts(derive(book, EDITION), "支出总体", "基本支出") == kept(codes)
    assert unread(findings) == len(codes) - len(kept(codes))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CODES, NAMES), min_size=1, max_size=8))
def test_no_row_of_the_projects_is_lost(keys):
    rows = [["", code, name, f"{index}.00"] for index, (code, name) in enumerate(keys, start=1)]
    book, findings = read("项目支出", ["单位", "科目代码", "项目名称", "其他支出"], rows)
    codes = [code for code, _ in keys]
    assert given_amounts(derive(book, EDITION), "项目支出", "其他支出") == kept(codes)
    assert unread(findings) == len(codes) - len(kept(codes))
