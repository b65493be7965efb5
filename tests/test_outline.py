"""Rows and the rows that add them up: whatever a clerk types as a key, a row is read or told, never lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budgetgen.book.derivation import derive
from budgetgen.book.outline import outline, sums
from budgetgen.edition import available, load
from budgetgen.reading.grid import read_grid
from budgetgen.values.model import Cell, Row, Table

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


# --- where rows belong --------------------------------------------------------------------------------------


def outlined(edition, grid, table):
    """The rows of a derived table as `level key ← parent`, lines marked by a dash."""
    book = derive(read_grid(grid, edition)[0], edition)
    return [
        f"{'-' if row.line else ''}{row.level} {row.key} ← {row.parent or ''}".rstrip(" ←")
        for row in book[table].rows
    ]


def test_sums_stand_before_what_they_add_up_in_the_order_of_the_codes(newest):
    grid = """支出总体 | 科目代码 | 基本支出
 | 2080505 | 1.00
 | 2060599 | 2.00
 | 2060201 | 3.00
 | 2060501 | 4.00
"""
    assert outlined(newest, grid, "支出总体") == [
        "总计 总计",
        "类 206 ← 总计",
        "款 20602 ← 206",
        "-项 2060201 ← 20602",
        "款 20605 ← 206",
        "-项 2060501 ← 20605",
        "-项 2060599 ← 20605",
        "类 208 ← 总计",
        "款 20805 ← 208",
        "-项 2080505 ← 20805",
    ]


def test_a_code_that_is_none_is_a_line_below_what_it_tells(newest):
    """Too short, too long, between two lengths or no digits: kept as a line, below the levels that it names."""
    grid = """支出总体 | 科目代码 | 基本支出
 | 2060 | 1.00
 | 206050 | 2.00
 | 20605011 | 3.00
 | 20 | 4.00
 | 2o60501 | 5.00
 | | 6.00
"""
    assert outlined(newest, grid, "支出总体") == [
        "总计 总计",
        "-项 20 ← 总计",
        "类 206 ← 总计",
        "-项 2060 ← 206",
        "款 20605 ← 206",
        "-项 206050 ← 20605",
        "-项 20605011 ← 20605",
        "-项 2o60501 ← 总计",
        "-项 第6行 ← 总计",
    ]


def test_a_line_that_stands_twice_is_kept_twice_and_summed_twice(newest):
    grid = "支出总体 | 科目代码 | 基本支出\n | 2060501 | 1.00\n | 2080505 | 4.00\n | 2060501 | 2.00"
    assert outlined(newest, grid, "支出总体") == [
        "总计 总计",
        "类 206 ← 总计",
        "款 20605 ← 206",
        "-项 2060501 ← 20605",
        "-项 2060501 ← 20605",
        "类 208 ← 总计",
        "款 20805 ← 208",
        "-项 2080505 ← 20805",
    ]
    book = derive(read_grid(grid, newest)[0], newest)
    assert [str(book["支出总体"].get(key)["基本支出"].value) for key in ("20605", "总计")] == ["3", "7"]


PROJECTS = """项目支出 | 单位 | 科目代码 | 项目名称 | 其他支出
 | 乙所 | 2060599 | 丙项目 | 1.00
 | 甲局 | 2060502 | 乙项目 | 2.00
 | 乙所 | 2060599 | 甲项目 | 3.00
 | 乙所 | 2050101 | 丁项目 | 4.00
"""


def test_units_are_a_level_of_a_department_in_the_order_given(newest):
    about = "单位信息 | 项目 | 内容\n | 单位名称 | 甲局\n | 公开主体 | 部门\n"
    assert outlined(newest, about + PROJECTS, "项目支出") == [
        "总计 总计",
        "单位 乙所 ← 总计",
        "类 乙所/205 ← 乙所",
        "款 乙所/20501 ← 乙所/205",
        "-项目 乙所/2050101/丁项目 ← 乙所/20501",
        "类 乙所/206 ← 乙所",
        "款 乙所/20605 ← 乙所/206",
        "-项目 乙所/2060599/丙项目 ← 乙所/20605",
        "-项目 乙所/2060599/甲项目 ← 乙所/20605",
        "单位 甲局 ← 总计",
        "类 甲局/206 ← 甲局",
        "款 甲局/20605 ← 甲局/206",
        "-项目 甲局/2060502/乙项目 ← 甲局/20605",
    ]


def test_projects_of_a_unit_have_no_level_of_units(newest):
    about = "单位信息 | 项目 | 内容\n | 单位名称 | 乙所\n | 公开主体 | 单位\n"
    assert outlined(newest, about + PROJECTS, "项目支出") == [
        "总计 总计",
        "类 205 ← 总计",
        "款 20501 ← 205",
        "-项目 2050101/丁项目 ← 20501",
        "类 206 ← 总计",
        "款 20605 ← 206",
        "-项目 2060599/丙项目 ← 20605",
        "-项目 2060502/乙项目 ← 20605",
        "-项目 2060599/甲项目 ← 20605",
    ]


def test_a_table_that_nothing_adds_up_keeps_its_rows_as_they_are(newest):
    grid = "项目说明 | 项目名称 | 政策依据\n | 乙项目 | 一\n | 甲项目 | 二\n | | 三"
    assert outlined(newest, grid, "项目说明") == ["-项目 乙项目", "-项目 甲项目", "-项目 第3行"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text("0123456789", min_size=1, max_size=8), min_size=1, max_size=6, unique=True))
def test_every_row_stands_below_the_longest_part_of_its_code_that_is_a_level(codes):
    """Held against what the code of a function is: 类 3, 款 5, 项 7 signs."""
    tree = outline(EDITION, "支出总体", "单位")
    places = [tree.position({"科目代码": code}, 1) for code in codes]
    lines = tuple(
        Row(at.key, at.level, tree.above(at).key, {"科目代码": Cell(code)}, at.line)
        for code, at in zip(codes, places, strict=True)
    )
    rows = sums(tree, Table("支出总体", lines)).rows
    for row in rows:
        upper = ["总计", *(row.key[:length] for length in (3, 5) if length < len(row.key))]
        assert row.parent == (None if row.key == "总计" else upper[-1])
        assert row.line == (len(row.key) not in {3, 5} and row.key != "总计")
    position = {row.key: number for number, row in enumerate(rows)}
    assert len(position) == len(rows)
    assert all(position[row.parent] < position[row.key] for row in rows if row.parent)
    siblings = {}
    for row in rows:
        siblings.setdefault(row.parent, []).append(row.key)
    assert all(keys == sorted(keys) for keys in siblings.values())
    assert set(codes) <= set(position)


@pytest.mark.parametrize(
    ("table", "kind", "keys", "place"),
    [
        ("上年数", "单位", {"指标": "一般公共预算支出", "科目代码": "2060501"}, "- 一般公共预算支出/2060501"),
        ("上年数", "单位", {"指标": "", "科目代码": "2060501"}, "- 2060501"),
        ("上年数", "单位", {}, "- 第7行"),
        ("差额表", "部门", {"表": "支出总体", "行": "总计", "列": "合计"}, "-合计数 支出总体/总计/合计"),
        ("委托业务费", "部门", {"单位": "甲", "项目名称": ""}, "单位 甲"),
        ("委托业务费", "部门", {"单位": "甲局", "项目名称": "乙"}, "-项目 甲局/乙"),
        ("项目支出", "单位", {"单位": "甲局", "科目代码": "2060599", "项目名称": "乙"}, "-项目 2060599/乙"),
        ("委托业务费", "部门", {}, "-项目 第7行"),
        ("项目支出", "部门", {"单位": "甲局", "科目代码": "20605"}, "款 甲局/20605"),
        ("项目支出", "部门", {"单位": "", "科目代码": "205"}, "类 205"),
    ],
)
def test_where_a_row_belongs_by_its_keys(table, kind, keys, place):
    found = outline(EDITION, table, kind).position(keys, 7)
    assert f"{'-' if found.line else ''}{found.level} {found.key}" == place


def test_an_empty_table_has_its_total_where_it_has_one():
    assert [row.key for row in sums(outline(EDITION, "支出总体", "单位"), Table("支出总体")).rows] == ["总计"]
    assert sums(outline(EDITION, "项目说明", "单位"), Table("项目说明")).rows == ()


def test_a_unit_that_is_called_like_the_total_loses_no_line():
    tree = outline(EDITION, "项目支出", "部门")
    lines = []
    for unit, name in (("总计", "甲"), ("乙所", "总计")):
        keys = {"单位": unit, "科目代码": "2060599", "项目名称": name}
        at = tree.position(keys, 1)
        lines.append(
            Row(at.key, at.level, tree.above(at).key, {c: Cell(text) for c, text in keys.items()}, at.line)
        )
    kept = sums(tree, Table("项目支出", tuple(lines))).rows
    assert [row for row in kept if row.line] == lines
    assert len({row.key for row in kept}) == len(kept)
