"""Which cells a relation fills, which rows it speaks of: all relations of all editions, held against what they say."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from budgetgen.book.relations import ANY, Relation, derives, deriving, filled, instances, relations
from budgetgen.formula.evaluation import Scope
from budgetgen.reading.grid import read_grid
from budgetgen.values.model import TOTAL, Cell, Row

GRID = """支出总体 | 科目代码 | 合计 | 基本支出 | 项目支出
 | 总计 | 9.00 | 4.00 | 5.00
 | 206 | 9.00 | 4.00 | 5.00
 | 2060501 | 4.00 | 4.00 |
 | 2060599 | 5.00 | | 5.00
收支总体 | 项目 | 预算数
 | 收入总计 | 9.00
"""


def named(found):
    """The relations by rule and what 各列 stands for."""
    return [f"{relation.rule.id} {relation.column}".strip() for relation in found]


@pytest.mark.parametrize(
    ("table", "key", "column", "wanted"),
    [
        ("支出总体", "2060501", "合计", ["expenditure-row", "hierarchy 合计"]),
        ("支出总体", "2060501", "基本支出", ["hierarchy 基本支出"]),
        ("支出总体", "2060501", "科目代码", []),
        ("收支总体", "一般财力", "预算数", ["summary-general", "summary-category"]),
        ("收支总体", "206", "预算数", ["summary-category"]),
        ("收支总体", "事业收入", "预算数", ["summary-category"]),
        (
            "三公经费",
            "总计",
            "合计",
            ["three-public-row", "three-public-vehicles 合计", "three-public-total 合计"],
        ),
        ("采购与资产", "车辆", "数量", ["vehicles-count"]),
        ("采购与资产", "车辆", "金额", ["vehicles-value"]),
        ("采购与资产", "其他车辆", "数量", []),
    ],
)
def test_relations_that_may_fill_a_cell(newest, table, key, column, wanted):
    assert named(deriving(newest, table, key, column)) == wanted


@pytest.mark.parametrize(
    ("table", "key", "column", "of_lines", "of_sums"),
    [
        ("支出总体", "2060501", "合计", True, True),
        ("支出总体", "2060501", "基本支出", False, True),
        ("支出总体", "2060501", "科目代码", False, False),
        ("采购与资产", "车辆", "数量", True, True),
    ],
)
def test_what_is_filled_in_lines_and_in_sums(newest, table, key, column, of_lines, of_sums):
    assert derives(newest, table, key, column, line=True) == of_lines
    assert derives(newest, table, key, column, line=False) == of_sums


def test_columns_that_are_filled(newest):
    assert filled(newest, "支出总体") == {"合计", "基本支出", "项目支出"}
    assert filled(newest, "采购与资产") == {"数量", "金额"}
    assert filled(newest, "职能与机构") == frozenset()


def test_a_relation_fills_what_stands_alone_on_its_left_side_and_no_other(edition):
    """`甲 == 乙 + 丙` fills 甲, in every row or in one; what only checks, or compares by ≥ or ≤, fills nothing."""
    for relation in relations(edition):
        left, sign, _ = relation.rule.holds.partition(" == ")
        alone = sign and relation.rule.derives
        left = left.replace("各列", relation.column)
        if alone and left.isidentifier() and relation.table:
            assert relation.target == (relation.table, ANY, left)
        elif alone and left.count("[") == 1 and left.count(".") == 1:
            table, _, rest = left.partition("[")
            key, _, column = rest.partition("].")
            assert relation.target == (table, key.strip('"'), column)
        else:
            assert relation.target is None, relation.rule.id


def test_every_cell_that_is_filled_knows_its_relations_in_declared_order(edition):
    """Those of the one row come before those of every row."""
    known = relations(edition)
    targets = {relation.target for relation in known if relation.target}
    for table, key, column in targets:
        one_row = [r for r in known if key != ANY and r.target == (table, key, column)]
        every_row = [r for r in known if r.target == (table, ANY, column)]
        assert list(deriving(edition, table, key or "某行", column)) == [*one_row, *every_row]
    for table in edition.tables:
        assert filled(edition, table) == {column for name, _, column in targets if name == table}


def test_a_relation_speaks_of_rows_of_its_depth(edition):
    line, upper = Row("甲", "", None, {}, line=True), Row("乙", "", None, {}, line=False)
    spoken = {
        relation.rule.rows: [relation.covers(line), relation.covers(upper)] for relation in relations(edition)
    }
    assert spoken == {"all": [True, True], "lines": [True, False], "sums": [False, True]}


def test_every_relation_stands_at_every_row_that_it_speaks_of(newest):
    """In declared order, each at its rows in the order of the table; a single one once."""
    book, _ = read_grid(GRID, newest)
    found = [(r.rule.id, r.column, s.rows[""][1].key if s.rows else None) for r, s in instances(book, newest)]
    of = {
        rule: [key for name, _, key in found if name == rule]
        for rule in ("expenditure-row", "summary-balance")
    }
    assert of == {"expenditure-row": ["总计", "206", "2060501", "2060599"], "summary-balance": [None]}
    sums = [(column, key) for name, column, key in found if name == "hierarchy"]
    assert sums == [(column, key) for column in ("合计", "基本支出", "项目支出") for key in ("总计", "206")]
    assert [key for name, _, key in found if name == "expenditure-income"] == ["206", "2060501", "2060599"]
    declared = [relation.rule.id for relation in relations(newest)]
    assert [declared.index(name) for name, _, _ in found] == sorted(
        declared.index(name) for name, _, _ in found
    )


def relation_of(edition, rule, table="", column=""):
    return next(r for r in relations(edition) if (r.rule.id, r.table, r.column) == (rule, table, column))


def test_where_a_relation_is_worked_out_to_fill_a_cell(newest):
    book, _ = read_grid(GRID, newest)
    upper, line = book["支出总体"].get("206"), book["支出总体"].get("2060501")
    sums = relation_of(newest, "hierarchy", "支出总体", "合计")
    assert sums.at(book, "支出总体", upper).rows == {"": ("支出总体", upper)}
    assert sums.at(book, "支出总体", line) is None, "it speaks of sums"
    assert sums.at(book, "收入总体", upper) is None, "it speaks of another table"
    single = relation_of(newest, "summary-general")
    assert single.at(book, "收支总体", upper).rows == {}
    rest = relation_of(newest, "three-public-total", "三公经费", "合计")
    other, total = (book["三公经费"].get(key) for key in ("公务接待", TOTAL))
    assert rest.at(book, "三公经费", other) is None, "its precondition is not met"
    assert rest.at(book, "三公经费", total).rows == {"": ("三公经费", total)}


def test_cells_are_had_as_the_caller_says_and_those_of_a_precondition_are_not_noted(newest):
    book, _ = read_grid(GRID, newest)
    total = book["三公经费"].get(TOTAL)

    def fetch(_table, row, column):
        return row[column] if column == "项目" else Cell(Decimal(7))

    scope = relation_of(newest, "three-public-total", "三公经费", "合计").at(book, "三公经费", total, fetch)
    assert scope.fetch is fetch
    assert scope.read == []
    renamed = relation_of(newest, "three-public-total", "三公经费", "合计")
    assert not renamed.applies(Scope(book, {"": ("三公经费", total)}, lambda *_: Cell("别的")))


@pytest.mark.parametrize(
    ("formula", "target"),
    [
        ("合计 == 基本支出", ("支出总体", ANY, "合计")),
        ("支出总体[总计].合计 == 5", ("支出总体", TOTAL, "合计")),
        ("合计 >= 基本支出", None),
        ("合计 <= 基本支出", None),
        ("合计 != 基本支出", None),
        ("合计 + 1 == 基本支出", None),
        ("支出总体[科目代码].合计 == 5", None),
        ("有(合计)", None),
        ("5 == 合计", None),
    ],
)
def test_only_an_equation_fills_and_only_a_cell_that_is_fixed_or_of_the_row(newest, formula, target):
    rule = newest.rules["expenditure-row"]
    node = newest.formula(formula, each="支出总体")
    assert Relation(rule, "支出总体", "", node, None).target == target
    checks = replace(rule, derives=False)
    assert Relation(checks, "支出总体", "", node, None).target is None
