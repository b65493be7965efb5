"""Sums over the rows of a condition: rows that it plainly leaves out are not asked, and nothing else changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgetgen.edition import available, load
from budgetgen.formula.evaluation import Scope, evaluate, holds, matching
from budgetgen.values.model import Book, Cell, Row, Table

if TYPE_CHECKING:
    from budgetgen.formula.nodes import Aggregate

EDITION = load(available()[0])
LEVELS = tuple(EDITION.levels("项目支出"))
CONDITIONS = (
    "行.项目名称 == 项目名称",
    "项目名称 == 行.项目名称",
    "行.项目名称 == 项目名称 and 行.科目代码 == 科目代码",
    "行.科目代码 == 科目代码 and 行.合计 > 0",
    '行.项目名称 == "甲"',
    "行.项目名称 == 行.科目代码",
    "行.合计 == 合计",
    "行.项目名称 == 合计",
    "行.合计 == 项目名称",
    "not 行.项目名称 == 项目名称",
    "行.项目名称 == 项目名称 or 有(行.合计)",
    "行.项目名称 == 支出总体[总计].合计",
    "个数(项 for 项 in 项目支出 if 项.项目名称 == 行.项目名称) > 1",
)
values = st.sampled_from(
    [
        None,
        "",
        "甲",
        "乙",
        "甲（一）",
        "甲(一)",
        "1",
        "1.0",
        Decimal(1),
        Decimal("1.0"),
        Decimal(0),
        date(2026, 1, 1),
    ]
)
rows = st.lists(st.tuples(values, values, values, st.booleans()), max_size=8)


def table(drawn):
    return Table(
        "项目支出",
        tuple(
            Row(
                f"第{number}行",
                LEVELS[-1] if line else LEVELS[0],
                None,
                {"项目名称": Cell(a), "科目代码": Cell(b), "合计": Cell(c, terms=1)},
                line,
            )
            for number, (a, b, c, line) in enumerate(drawn)
        ),
    )


def asked_one_by_one(node: Aggregate, scope: Scope):
    """The rows of an aggregate as the language defines them."""
    every = scope.book[node.source.table].rows
    for row in (r for r in every if (r.level == node.source.level if node.source.level else r.line)):
        inner = scope.bound(node.variable, node.source.table, row)
        if holds(node.condition, Scope(inner.book, inner.rows, inner.fetch)):
            yield row


def filling(_table, row, column):
    """Blank cells are computed, as in derivation."""
    cell = row[column]
    computed = {"项目名称": "甲", "合计": Decimal(len(row.key))}
    return Cell(computed.get(column)) if cell.value is None else cell


@pytest.mark.parametrize("condition", CONDITIONS)
@given(
    drawn=rows,
    own=st.tuples(values, values, values),
    computed=st.booleans(),
    level=st.sampled_from(["", f".{LEVELS[0]}"]),
)
def test_the_same_rows_in_the_same_order_as_if_each_were_asked(condition, drawn, own, computed, level):
    node = EDITION.formula(f"求和(行.合计 for 行 in 项目支出{level} if {condition})", each="项目支出")
    at_hand = Row("", "", None, dict(zip(("项目名称", "科目代码", "合计"), map(Cell, own), strict=True)))
    book = Book(EDITION.id, "", {**{n: Table(n) for n in EDITION.tables}, "项目支出": table(drawn)})
    fetch = {"fetch": filling} if computed else {}
    scope = Scope(book, {"": ("项目支出", at_hand)}, **fetch)
    wanted = list(asked_one_by_one(node, scope))
    assert [inner.rows["行"][1] for inner in matching(node, scope)] == wanted
    evaluate(node, scope)
    assert [reference.row for reference in scope.read] == wanted
