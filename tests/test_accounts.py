"""Final accounts are a format like any other: another kind, columns of budget and outcome, lines that are counted."""

from __future__ import annotations

import json
from decimal import Decimal

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.edition import load
from budgetgen.reading.document.reader import read_document
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.specimen.specimen import specimen
from budgetgen.values.findings import Severity
from budgetgen.values.model import Cell, Paragraph, PrintedTable, Table
from budgetgen.writing.workbook.writer import render_workbook
from tests.commands import run
from tests.conftest import SAMPLES
from tests.workbooks import examined, values

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


def table(disclosure, number):
    """A printed table by its number."""
    blocks = (block for part in disclosure.parts for block in part.blocks)
    return next(block for block in blocks if isinstance(block, PrintedTable) and block.number == number)


# --- as it is printed ---------------------------------------------------------------------------------------


def test_the_table_of_most_rows_and_columns_is_kept_on_one_page(built):
    """Every row is kept with the next, which is done only where all of them and the remarks find room."""
    tables = docx.Document(built).element.body.iter(qn("w:tbl"))
    table = next(table for table in tables if "年末财政拨款结转和结余" in "".join(table.itertext()))
    loose = [
        "".join(line.itertext())
        for line in table.iter(qn("w:tr"))
        if not any(
            kept.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None for kept in line.iter(qn("w:p"))
        )
    ]
    assert loose == []


# --- there and back -----------------------------------------------------------------------------------------


def test_its_own_document_gives_the_same_book(built):
    """Recognised by the kind on its cover, though budgets of that year and region are known too."""
    read = read_document(built)
    unread = [f.message for f in read.findings if f.rule in {"paragraph-unplaced", "table-unplaced"}]
    assert (read.edition.id, unread) == ("xinjiang-2024-accounts", [])
    assert values(derive(read.book, EDITION)) == values(examined(SAMPLE).book)


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


# --- the budget beside the accounts -------------------------------------------------------------------------

PLANNED = """单位信息 | 项目 | 内容
 | 单位名称 | 某馆
 | 公开主体 | 单位
 | 预算年度 | 2024
支出总体 | 科目代码 | 基本支出 | 项目支出
 | 2012604 | 80.00 |
 | 2012602 | | 20.00
基本支出 | 科目代码 | 人员经费 | 公用经费
 | 30101 | 50.00 |
 | 39999 | | 4.00
三公经费 | 项目 | 一般公共预算
 | 公务用车运行 | 3.00
"""
SPENT = """单位信息 | 项目 | 内容
 | 单位名称 | 某馆
 | 公开主体 | 单位
 | 决算年度 | 2024
支出总体 | 科目代码 | 基本支出 | 项目支出
 | 2012604 | 100.00 |
 | 2012699 | | 5.00
基本支出 | 科目名称 | 人员经费
 | 基本工资 | 60.00
基本支出 | 科目名称 | 公用经费
 | 其他支出（款） | 2.00
三公经费 | 运行费
 | 2.40
"""


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The workbooks of a budget and of the accounts of its year."""
    home = tmp_path_factory.mktemp("对照")
    files = []
    for edition, grid in ((load("xinjiang-2024"), PLANNED), (EDITION, SPENT)):
        book = derive(read_grid(grid, edition)[0], edition)
        files.append(home / f"{edition.edition.kind}.xlsx")
        files[-1].write_bytes(render_workbook(edition, book))
    return files


def test_a_budget_and_the_accounts_of_its_year_stand_side_by_side(both):
    """By code, whatever the tables are shaped like: what one of them has not is told as well."""
    code, told = run("diff", *both, "--format", "json")
    found = {
        (one["table"], one["name"], one["column"]): (
            one["budget"],
            one["outcome"],
            one["difference"],
            one["rate"],
        )
        for one in json.loads(told)
    }
    assert code == 1
    lines = {
        key: value for key, value in found.items() if key[1][:5] in {"20126", "30101", "39999", "公务用车运"}
    }
    assert lines == {
        ("", "公务用车运行维护费", ""): ("3.00", "2.40", "-0.60", "80.00"),
        ("支出总体", "20126 档案事务", "合计"): ("100.00", "105.00", "5.00", "105.00"),
        ("支出总体", "20126 档案事务", "基本支出"): ("80.00", "100.00", "20.00", "125.00"),
        ("支出总体", "20126 档案事务", "项目支出"): ("20.00", "5.00", "-15.00", "25.00"),
        ("支出总体", "2012604 档案馆", "合计"): ("80.00", "100.00", "20.00", "125.00"),
        ("支出总体", "2012604 档案馆", "基本支出"): ("80.00", "100.00", "20.00", "125.00"),
        ("支出总体", "2012699 其他档案事务支出", "合计"): (None, "5.00", "5.00", None),
        ("支出总体", "2012699 其他档案事务支出", "项目支出"): (None, "5.00", "5.00", None),
        ("支出总体", "2012602 一般行政管理事务", "合计"): ("20.00", None, "-20.00", "0.00"),
        ("支出总体", "2012602 一般行政管理事务", "项目支出"): ("20.00", None, "-20.00", "0.00"),
        ("基本支出", "30101 基本工资", "人员经费"): ("50.00", "60.00", "10.00", "120.00"),
        ("基本支出", "39999 其他支出", "公用经费"): ("4.00", "2.00", "-2.00", "50.00"),
    }
    assert found["基本支出", "人员经费合计", "人员经费"] == ("50.00", "60.00", "10.00", "120.00")


def test_they_are_written_as_a_workbook(both, tmp_path):
    target = tmp_path / "对照.xlsx"
    code, told = run("diff", *both, "-o", target)
    assert code == 1, told
    sheet = openpyxl.load_workbook(target)["预决算对照"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert rows[0] == ["表", "项目", "列", "预算数", "决算数", "差额", "完成率（%）"]
    assert ["", "公务用车运行维护费", "", 3, 2.4, -0.6, 80] in rows


def test_the_accounts_come_second(both):
    code, told = run("diff", *reversed(both))
    assert (code, "次序反了" in told) == (2, True)
    assert "不能写成 docx" in run("diff", *both, "--format", "docx")[1]


def test_accounts_of_two_units_are_consolidated(tmp_path):
    """What may come from within is what the tables of accounts call so, and every figure adds up."""
    edition = load("xinjiang-2024-accounts")
    grid = (SAMPLES / "xinjiang-2024-accounts-unit.txt").read_text(encoding="utf-8")
    book = specimen(edition, "单位")
    about = edition.house.about
    rows = (
        row.with_cells({"内容": Cell("示例州图书馆", given=True)}) if row.key == edition.house.unit else row
        for row in book[about].rows
    )
    books = {
        "1": derive(read_grid(grid, edition)[0], edition),
        "2": book.with_tables({about: Table(about, tuple(rows))}),
    }
    for name, own in books.items():
        (tmp_path / f"{name}.xlsx").write_bytes(render_workbook(edition, own))
    done = tmp_path / "部门" / "部门.xlsx"
    done.parent.mkdir()
    code, told = run(
        "consolidate", tmp_path / "1.xlsx", tmp_path / "2.xlsx", "--name", "示例州档案局", "-o", done
    )
    assert code == 0, told
    checked = examined(done)
    errors = {f.rule for f in checked.findings if f.severity == Severity.ERROR}
    assert errors <= {"draft-unreviewed", "required-missing"}, "what a person has to write and to decide"
    kinds = {row.text("收入项目") for row in checked.book["内部抵销"].lines()}
    assert kinds == {"上级补助收入", "附属单位上缴收入"}
    parts = [own.cell("收支总体", "收入总计", "决算数").amount for own in books.values()]
    assert checked.book.cell("收支总体", "收入总计", "决算数").value == sum(parts)
