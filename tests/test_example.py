"""The complete edition of three tables that the guide shows: it is checked, filled, built and read back."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from decimal import Decimal

import pytest

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.edition import FOLDERS, load
from budgetgen.reading.cells import CellReader, Raw
from budgetgen.reading.document.blocks import Grid, Text, blocks
from budgetgen.reading.document.facts import Facts
from budgetgen.reading.document.printed.captions import Captions
from budgetgen.reading.document.reader import read_blocks, read_document
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.values.amounts import tolerance
from budgetgen.writing.document.writer import render_document
from budgetgen.writing.workbook.writer import render_workbook
from tests.commands import run
from tests.conftest import ROOT
from tests.workbooks import values

FILLED = """单位信息 | 项目 | 内容
 | 单位名称 | 示例学校
 | 公开主体 | 单位
 | 预算年度 | 2025
 | 金额单位 | 万元
 | 公开日期 | 2025-02-20
 | 千分位 | 是
 | 列表序号 | 1.
 | 上年为零时的增长率 | 100.00%
 | 去掉末尾零 | 否
收支总体 | 项目 | 预算数
 | 财政拨款收入 | 1200.00
 | 其他收入 | 30.00
支出总体 | 科目代码 | 基本支出 | 项目支出
 | 2050202 | 1000.00 | 130.00
 | 2080505 | 100.00 |
三公经费 | 项目 | 预算数
 | 公务接待 | 1.50
上年数 | 指标 | 上年预算数
 | 收入：财政拨款 | 1000.00
增减原因 | 指标 | 原因
 | 收入：财政拨款 | 人员增加
"""


@pytest.fixture
def example(monkeypatch):
    """The edition of the guide, looked for where it lies."""
    monkeypatch.setenv(FOLDERS, str(ROOT / "docs" / "example"))
    return load("sample-2025")


def test_the_example_of_the_guide_is_complete(example, tmp_path):
    code, told = run("edition", "check", example.id)
    assert (code, "举例都对，金额都计入合计，合计都有关系推算，各章节都有语句" in told) == (0, True), told
    book = derive(read_grid(FILLED, example)[0], example)
    (tmp_path / "填报表.xlsx").write_bytes(render_workbook(example, book))
    code, told = run("build", tmp_path / "填报表.xlsx", "-o", tmp_path)
    assert code == 0, told
    document = next(tmp_path.glob("*.docx"))
    read = read_document(document)
    unread = [f.message for f in read.findings if f.rule in {"paragraph-unplaced", "table-unplaced"}]
    assert (read.edition.id, unread) == (example.id, [])
    assert values(derive(read.book, example)) == values(book)
    assert run("verify", document, tmp_path / "填报表.xlsx")[0] == 0


CHANGED = """[money.tables]
unit = "元"
label = "金额单位：元"

[typography]
table_number = "表{号}"

""" + "".join(
    f"""[[table]]
name = "{name}"
mark = "{mark}"

"""
    for name, mark in {"收支总体": "1", "支出总体": "1-1", "三公经费": "2"}.items()
)
"""What another format does otherwise: its tables are in 元 and numbered 1, 1-1, 2."""


@pytest.fixture
def marked(monkeypatch, tmp_path):
    """The edition of the guide in 元, with tables that are numbered otherwise than one after the other."""
    monkeypatch.setenv(FOLDERS, str(tmp_path))
    home = tmp_path / "marked-2025"
    shutil.copytree(ROOT / "docs" / "example" / "sample-2025", tmp_path / "sample-2025")
    home.mkdir()
    own = """extends = "sample-2025"

[edition]
id = "marked-2025"
title = "另一省单位预算公开（2025年）"
year = 2025
region = "另一省"

"""
    (home / "edition.toml").write_text(own + CHANGED, encoding="utf-8")
    return load("marked-2025")


def test_tables_are_numbered_by_their_marks_in_print_in_the_workbook_and_when_read(marked, tmp_path):
    filled = re.sub(r"\.(?=\d\d(?: |$))", "00", FILLED.replace("| 万元", "| 元"), flags=re.MULTILINE)
    book = derive(read_grid(filled, marked)[0], marked)
    (tmp_path / "填报表.xlsx").write_bytes(render_workbook(marked, book))
    code, told = run("build", tmp_path / "填报表.xlsx", "-o", tmp_path)
    assert code == 0, told
    (document,) = tmp_path.glob("*.docx")
    lines = [block.text for block in blocks(document.read_bytes()) if isinstance(block, Text)]
    assert [line for line in lines if re.fullmatch(r"表[\d-]+", line)] == ["表1", "表1-1", "表2"]
    read = read_document(document, marked.edition.id)
    assert values(derive(read.book, marked)) == values(book)
    assert run("check", tmp_path / "填报表.xlsx")[1].count("outside-table") == 0
    assert "没有“表1-1”（支出总体）" in told_without(document, "1-1", marked)


@pytest.mark.parametrize(
    ("line", "number"), [("表1", 1), ("表1-1", 2), ("表2", 3), ("表1-3", None), ("表3", None)]
)
def test_a_number_that_no_table_is_marked_with_is_that_of_none(marked, line, number):
    assert Captions(marked, Facts(marked, ())).number(line) == number


ROUND = """extends = "sample-2025"

[edition]
id = "round-2025"
title = "又一省单位预算公开（2025年）"
year = 2025
region = "又一省"

[money.tables]
places = 0

[typography]
table_number = "{号}"

[[part]]
number = 2
heading = "第二部分　{单位}{年}年预算情况说明"

[[table]]
name = "收支总体"
mark = "1-1"
[[table.block]]
name = "收入"
rows = [{ key = "上年结转", bottom = true, counted = false }]

[[table]]
name = "支出总体"
mark = "1-2"

[[table]]
name = "三公经费"
mark = "2"

[[table]]
name = "转移支付"
number = 4
mark = "3"
title = "转移支付分地区预算表"
total = "last"
total_name = "合计"
[[table.block]]
key = ["地区"]
open = 5
levels = [{ name = "地区", by = "地区" }]
columns = [{ name = "地区", width = 20 }, { name = "金额", type = "money", counted = false }]
"""
"""What yet another format does otherwise: whole 万元, a bare mark above each table, lines that go by a text."""
WHOLE = (
    FILLED.replace("1200.00", "1200.40")
    .replace("30.00", "30.40")
    .replace("130.00", "130.30")
    .replace("1000.00 |", "1000.50 |")
    .replace("示例学校", "南方省江北市河东区第一中等职业技术学校")
)
REGIONS = "转移支付 | 地区 | 金额\n | 甲市 | 10.50\n | 乙自治州 | 20.50\n"


@pytest.fixture
def whole(monkeypatch, tmp_path):
    """The edition of the guide in whole 万元."""
    monkeypatch.setenv(FOLDERS, str(tmp_path))
    shutil.copytree(ROOT / "docs" / "example" / "sample-2025", tmp_path / "sample-2025")
    (tmp_path / "round-2025").mkdir()
    (tmp_path / "round-2025" / "edition.toml").write_text(ROUND, encoding="utf-8")
    return load("round-2025")


def test_a_document_in_whole_wan_with_bare_marks_and_lines_of_texts_is_read_as_it_was(whole, tmp_path):
    """Sums of rounded figures, and the narrative's finer ones, are off by rounding alone; a total has its name."""
    book = derive(read_grid(WHOLE + REGIONS, whole)[0], whole)
    printed = render_document(compose(book, whole), whole)
    found = list(blocks(printed))
    *_, regions = (block for block in found if isinstance(block, Grid))
    assert [[raw.value for raw in line] for line in regions.lines] == [
        ["地区", "金额"],
        ["甲市", "11"],
        ["乙自治州", "21"],
        ["合计", "31"],
    ]
    read = read_blocks(tmp_path / "公开文本.docx", found)
    told = (*read.findings, *check(derive(read.book, whole), whole, read.findings))
    assert [f.message for f in told if not f.tail and f.rule not in {"document-read", "fact-assumed"}] == []
    *_, page = (n for n, b in enumerate(found) if isinstance(b, Text) and b.text.startswith("第二部分"))
    heading = found[page].text
    lines = [replace(found[page], text=text) for text in (heading[:14], heading[14:])]
    again = read_blocks(tmp_path / "公开文本.docx", [*found[:page], *lines, *found[page + 1 :]])
    assert again.book == read.book


ROW = "支出总体 | 科目代码 | 合计 | 基本支出 | 项目支出\n | 2050202 | {} | {} | {}\n"


def test_a_relation_in_whole_wan_allows_a_document_its_rounding_and_no_more(whole):
    """Three printed figures may be off by 1.5 together, two by less than 1; one with cents was not rounded so."""
    reader = CellReader("万元", whole.scale("支出总体"), printed=True)
    column = whole.tables["支出总体"].columns["合计"]

    def slack(*figures):
        cells = [reader.read(Raw(figure), column, derived=False)[0] for figure in figures]
        return tolerance(sum(cell.terms for cell in cells))

    assert Decimal("0.99") < slack("31", "31") < 1
    assert Decimal("1.49") < slack("31", "10", "20") < Decimal("1.5")
    assert slack("31.00", "10.30", "20.30") == Decimal("1.5") - Decimal("0.49") - Decimal("0.50005")
    assert slack("31.50", "10.30") == Decimal("0.01")


@pytest.mark.parametrize("figures", [("31", "10", "20"), ("31.00", "10.30", "20.30"), ("32", "10", "20")])
def test_a_workbook_of_a_format_in_whole_wan_is_allowed_no_more_than_others(whole, figures):
    """Its amounts were not rounded by printing them: a wrong total stays an error."""
    book = derive(read_grid(ROW.format(*figures), whole)[0], whole)
    found = [f for f in check(book, whole, only="expenditure-row") if "2050202" in f.message]
    assert [f.tail for f in found] == [False]


@pytest.mark.parametrize(
    ("line", "number"),
    [("1-1", 1), ("2", 3), ("3", 4), ("4", None), ("1", None), ("2025-1", None), ("-", None), ("12", None)],
)
def test_a_bare_mark_is_one_of_the_formats_own(whole, line, number):
    assert Captions(whole, Facts(whole, ())).number(line) == number


@pytest.mark.parametrize("cells", [("2", "3"), ("2",), ("1-1", "", "3")])
def test_figures_in_a_table_are_no_marks_of_tables(whole, cells):
    """What stands above a table as its mark is a figure within one: no row is lost."""
    head = [("科目代码", "科目名称", "合计", "基本支出", "项目支出"), ("2050202", "小学教育", "5", "2", "3")]
    rows = (*head, cells, ("合计", "", "5", "2", "3"))
    grid = Grid(tuple(tuple(Raw(text or None) for text in row) for row in rows), 0)
    (kept,) = Captions(whole, Facts(whole, ())).apart([grid])
    assert len(kept.lines) == len(rows)


@pytest.mark.parametrize(
    ("line", "number"), [("表1-9", 9), ("表 9", 9), ("续表3", 3), ("表-", None), ("表", None)]
)
def test_a_number_within_its_part_is_that_of_the_table(line, number):
    edition = load("xinjiang-2026")
    assert Captions(edition, Facts(edition, ())).number(line) == number


def test_a_row_at_the_foot_that_is_no_total_needs_no_relation(whole, tmp_path):
    told = run("edition", "check", tmp_path / whole.edition.id)[1]
    assert "收支总体[上年结转]" not in told


def told_without(document, mark, edition):
    """What is told of a document of which the table with a mark is taken out."""
    found = list(blocks(document.read_bytes()))
    at = next(n for n, b in enumerate(found) if isinstance(b, Text) and b.text == f"表{mark}")
    end = next(n for n in range(at, len(found)) if isinstance(found[n], Grid))
    read = read_blocks(document, [*found[:at], *found[end + 1 :]], edition.edition.id)
    return [finding.message for finding in read.findings]


def test_a_blank_workbook_of_a_format_in_yuan_is_in_yuan(marked, example):
    unit = [edition.tables["单位信息"].fixed["金额单位"][1].default for edition in (marked, example)]
    assert unit == ["元", "万元"]


def test_what_the_guide_shows_of_changing_an_edition_is_sound_as_it_stands(tmp_path):
    guide = (ROOT / "docs" / "editions.md").read_text(encoding="utf-8")
    shown = [block for block in re.findall(r"```toml\n(.*?)```", guide, re.DOTALL) if "…" not in block]
    run("edition", "new", "--from", "xinjiang-2026", "--year", "2027", "-o", tmp_path)
    home = tmp_path / "xinjiang-2027"
    (home / "more.toml").write_text("\n".join(shown), encoding="utf-8")
    code, told = run("edition", "diff", "xinjiang-2026", home)
    assert [len(shown), code] == [3, 1], told
    assert "支出总体：改为“支出预算／支出合计”，原为“支出预算／合计”" in told
    assert "支出：新增“社会保障和就业支出〔……〕万元，占〔……〕。”" in told


def test_an_edition_that_is_not_found_is_not_taken_for_that_of_the_year_before(tmp_path):
    """Its author would read that all is well, and that nothing changes."""
    for command in (["check", "xinjiang-2027"], ["diff", "xinjiang-2026", "xinjiang-2027"]):
        code, told = run("edition", *command)
        assert (code, "填报时由 xinjiang-2026 暂代" in told, "--editions" in told) == (2, True, True), told


def test_numbers_of_tables_that_nobody_has_and_examples_that_lack_are_told(tmp_path):
    home = tmp_path / "sample-2025"
    shutil.copytree(ROOT / "docs" / "example" / "sample-2025", home)
    for file, old, new in (
        ("tables/03-three-public.toml", "number = 3", "number = 4"),
        (
            "tables/03-three-public.toml",
            'fails = """\n三公经费 | 项目 | 预算数\n | 公务接待 | 1.00\n | 总计 | 2.00\n"""\n',
            "",
        ),
    ):
        text = (home / file).read_text(encoding="utf-8")
        assert old in text
        (home / file).write_text(text.replace(old, new), encoding="utf-8")
    told = run("edition", "check", home)[1]
    assert "缺一不可） 1 处：\n  three-public" in told
    assert "也改） 1 处：\n  表3" in told


TOLD_FREELY = """
[[figure]]
id = "收入：捐赠"
group = "收入"
name = "捐赠收入"
value = "收支总体[财政拨款收入].预算数 - 1200"
"""


def test_what_is_said_without_last_years_amount_is_neither_steady_nor_published(tmp_path, monkeypatch):
    """The sentence has no condition, and the figure is not always asked for: no rule wants its amount of last year."""
    home = tmp_path / "版式" / "sample-2025"
    shutil.copytree(ROOT / "docs" / "example" / "sample-2025", home)
    sheet = home / "sheets" / "02-comparisons.toml"
    sheet.write_text(sheet.read_text(encoding="utf-8") + TOLD_FREELY, encoding="utf-8")
    monkeypatch.setenv(FOLDERS, str(home.parent))
    edition = load("sample-2025")

    def build(given, *options):
        path = tmp_path / "填报表.xlsx"
        path.write_bytes(render_workbook(edition, derive(read_grid(given, edition)[0], edition)))
        return run("build", path, "-o", tmp_path / "公开", *options)

    code, told = build(FILLED)
    assert (code, (tmp_path / "公开").exists()) == (2, False)
    assert "公开文本里有 1 段还有没填的：“2025年捐赠收入0.00万元，比2024年【待补：增减】。”" in told
    assert build(FILLED, "--draft")[0] == 0
    known = FILLED.replace(
        " | 收入：财政拨款 | 1000.00\n", " | 收入：财政拨款 | 1000.00\n | 收入：捐赠 | 0\n", 1
    )
    assert build(known)[0] == 0
