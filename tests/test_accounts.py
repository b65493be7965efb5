"""Final accounts are a format like any other: another kind, columns of budget and outcome, lines that are counted."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.edition import load
from budgetgen.reading.document.reader import read_document
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.values.model import Paragraph, PrintedTable
from tests.commands import run
from tests.conftest import SAMPLES
from tests.workbooks import examined

SAMPLE = SAMPLES / "xinjiang-2024-accounts-unit.xlsx"
EDITION = load("xinjiang-2024-accounts")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The document of the sample."""
    home = tmp_path_factory.mktemp("决算")
    code, told = run("build", SAMPLE, "-o", home)
    assert code == 0, told
    return next(home.glob("*公开.docx"))


@pytest.fixture(scope="module")
def disclosure():
    """What it says, before it is a file."""
    return compose(examined(SAMPLE).book, EDITION)


def cells(book):
    """Every value of a Book."""
    return {
        (name, row.key, column): cell.value
        for name, table in book.tables.items()
        for row in table.rows
        for column, cell in row.cells.items()
        if cell.value is not None
    }


def table(disclosure, number):
    """A printed table by its number."""
    blocks = (block for part in disclosure.parts for block in part.blocks)
    return next(block for block in blocks if isinstance(block, PrintedTable) and block.number == number)


# --- there and back -----------------------------------------------------------------------------------------


def test_its_own_document_gives_the_same_book(built):
    """Recognised by the kind on its cover, though budgets of that year and region are known too."""
    read = read_document(built)
    unread = [f.message for f in read.findings if f.rule in {"paragraph-unplaced", "table-unplaced"}]
    assert (read.edition.id, unread) == ("xinjiang-2024-accounts", [])
    assert cells(derive(read.book, EDITION)) == cells(examined(SAMPLE).book)


def test_its_own_document_is_verified(built):
    code, told = run("verify", built, SAMPLE)
    assert code == 0, told


def test_nothing_is_wrong_with_it():
    assert check(examined(SAMPLE).book, EDITION) == ()


# --- lines that are counted ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "lines"), [(1, 30), (4, 29)])
def test_lines_of_blocks_side_by_side_are_counted_through(disclosure, number, lines):
    """The blank ones, too: a line has the number that the form gives it."""
    rows = table(disclosure, number).rows
    counted = [[row[f"{block.name}.行次"] for row in rows] for block in EDITION.printed[number - 1].block]
    numbers = [str(i + 1) for i in range(2 * lines)]
    assert counted == [numbers[:lines], numbers[lines:]]


def test_the_three_blocks_of_basic_expenditure_end_together(disclosure):
    last = table(disclosure, 6).rows[-1]
    assert [last[f"{block.name}.科目名称"] for block in EDITION.tables["基本支出"].block] == [
        "人员经费合计",
        "",
        "公用经费合计",
    ]


# --- against the opening budget -----------------------------------------------------------------------------

OUTCOME = """单位信息 | 项目 | 内容
 | 单位名称 | 某馆
 | 公开主体 | 单位
 | 决算年度 | 2024
 | 机构类型 | 事业单位
一般公共预算支出 | 科目代码 | 年初预算数 | 基本支出 | 项目支出
 | 2012604 | {budget} | {spent} |
上年数 | 指标 | 科目代码 | 上年决算数
 | 一般公共预算支出 | 2012604 | 80.00
增减原因 | 指标 | 科目代码 | 原因
 | 一般公共预算支出 | 2012604 | 人员增加
完成原因 | 科目代码 | 原因
 | 2012604 | 年中追加
"""


@pytest.mark.parametrize(
    ("budget", "spent", "said"),
    [
        ("80.00", "100.00", "年初预算80.00万元，支出决算100.00万元，完成年初预算的125.00%，"),
        ("200.00", "100.00", "年初预算200.00万元，支出决算100.00万元，完成年初预算的50.00%，"),
        ("", "100.00", "年初未安排预算，支出决算100.00万元，"),
    ],
)
def test_a_line_tells_how_much_of_its_budget_was_spent(budget, spent, said):
    book, _ = read_grid(OUTCOME.format(budget=budget, spent=spent), EDITION)
    disclosure = compose(derive(book, EDITION), EDITION, draft=True)
    texts = [b.text for part in disclosure.parts for b in part.blocks if isinstance(b, Paragraph)]
    line = next(text for text in texts if "档案馆（项）" in text)
    reasons = "决算数与年初预算数不同的原因是年中追加。支出决算比上年决算增加20.00万元，增长25.00%，主要原因是人员增加。"
    assert line == f"1.一般公共服务支出（类）档案事务（款）档案馆（项）：{said}{reasons}"


def test_what_is_left_at_the_end_of_the_year_is_worked_out():
    grid = "政府性基金预算支出 | 科目代码 | 年初结转和结余 | 本年收入 | 项目支出\n | 2296010 | 5 | 10 | 12"
    book = derive(read_grid(grid, EDITION)[0], EDITION)
    assert book.cell("政府性基金预算支出", "总计", "年末结转和结余").value == Decimal(3)
    assert book.cell("财政拨款收支", "年末结转和结余", "政府性基金预算").value == Decimal(3)
