"""What a published document says twice, elsewhere, or not at all is told: nothing is lost, nothing is made up.

Each test alters the paragraphs and tables of the document of a sample.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.checking.unread import ABSENT
from budgetgen.reading.document.blocks import BOX, HIDDEN, Grid, Text, blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.values.findings import UnusableInputError
from budgetgen.values.places import DocumentPlace, SheetPlace, told_place
from budgetgen.writing.document.writer import render_document
from tests.conftest import SAMPLES, some


@pytest.fixture(scope="module")
def found(newest):
    """The paragraphs and tables of the document of the sample."""
    book, _ = read_grid((SAMPLES / "xinjiang-2026-unit.txt").read_text(encoding="utf-8"), newest)
    return tuple(blocks(render_document(compose(derive(book, newest), newest), newest)))


@pytest.fixture(scope="module")
def plain(found):
    """The reading of it as it is."""
    return read(found)


def read(found):
    return read_blocks(Path("公开文本.docx"), found)


def messages(reading, rule):
    return [finding.message for finding in reading.findings if finding.rule == rule]


def grid_of(found, number):
    return next(block for block in found if isinstance(block, Grid) and block.number == number)


def after(found, block, *more):
    at = next(index for index, one in enumerate(found) if one is block)
    return [*found[: at + 1], *more, *found[at + 1 :]]


def held(book):
    return {name: [(row.key, row.cells) for row in table.rows] for name, table in book.tables.items()}


def test_a_table_printed_twice_is_read_once_and_told(found, plain):
    second = replace(grid_of(found, 2), number=99)
    reading = read(after(found, grid_of(found, 2), second))
    assert held(reading.book) == held(plain.book)
    (told,) = messages(reading, "table-repeated")
    assert told.startswith("文档第99个表")
    assert told.endswith("与前面的表相同，只读了一次")


def test_a_table_within_a_cell_is_told(found, plain):
    nested = Grid(grid_of(found, 2).lines[:1], 2, DocumentPlace(2, 3, 1))
    reading = read(after(found, grid_of(found, 2), nested))
    assert held(reading.book) == held(plain.book)
    (finding,) = (f for f in reading.findings if f.rule == "table-unplaced")
    assert (finding.message[:13], told_place(finding.spots[0].place)) == (
        "没有读懂文档第2个表里的表",
        str(nested.within),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (Text("另有国债资金6.66万元。", 1, "脚注"), ["脚注里的文字没有读取（13 字）"]),
        (Text("内部资料", 1, "页眉"), ["页眉里的文字没有读取（4 字）"]),
        (Text("第 12 页 共 30 页", 1, "页脚"), []),
        (Text("- 12 -", 1, "页脚"), []),
    ],
)
def test_texts_beside_the_text_are_told_if_they_are_more_than_the_page(found, plain, text, told):
    reading = read((*found, text))
    assert held(reading.book) == held(plain.book)
    assert messages(reading, "paragraph-unplaced") == told


@pytest.mark.parametrize("words", ["收支总预算", "乌鲁木齐科技信息服务中心"])
def test_a_text_box_is_told_and_belongs_to_no_free_text(found, plain, words):
    last = [block for block in found if isinstance(block, Text) and words in block.text[:40]][
        0 if "中心" in words else -1
    ]
    reading = read(after(found, last, Text("另有国债资金6.66万元。", 1, BOX)))
    assert held(reading.book) == held(plain.book)
    (finding,) = (f for f in reading.findings if f.rule == "paragraph-unplaced")
    assert (finding.message, told_place(finding.spots[0].place)) == (
        "文本框里的文字没有读取（13 字）",  # not repeated: this document tells of secret items
        "文档文本框第1段",
    )


def test_another_preparer_is_told_with_its_place(found, plain):
    line = next(b for b in found if isinstance(b, Text) and b.text.startswith("编制"))
    wrong = replace(line, text=line.text.replace(str(_unit(plain)), "某市另一单位"))
    reading = read([wrong if block is line else block for block in found])
    (finding,) = (f for f in reading.findings if f.rule == "unit-variant")
    assert finding.message == f"1 个表的编制单位写作“某市另一单位”，别处是“{_unit(plain)}”"
    assert [told_place(spot.place) for spot in finding.spots] == [told_place(line.place)]


def test_the_unit_is_what_most_tables_say_where_the_cover_says_nothing(found, plain):
    first = next(b for b in found if isinstance(b, Text) and b.text.startswith("编制"))
    wrong = replace(first, text=first.text.replace(str(_unit(plain)), "某市另一单位"))
    cover = replace(found[0], text="2026年")
    altered = [{id(first): wrong, id(found[0]): cover}.get(id(block), block) for block in found]
    assert _unit(read(altered)) == _unit(plain)


def _unit(reading):
    house = reading.edition.house
    return reading.book.cell(house.about, house.unit, house.value).value


@pytest.mark.parametrize("number", some(range(1, 8), 3))
def test_what_a_missing_table_would_tell_is_not_said_to_differ(found, plain, number):
    """Only the table itself is complained of: no sentence is held against it, no last year's amount made up."""
    reading = read([block for block in found if block is not grid_of(found, number)])
    told = {f.rule for f in reading.findings if f.rule.startswith("sentence-")}
    assert (len(messages(reading, "sheet-missing")), told) == (1, set())
    stored = reading.edition.comparisons
    before = {row.key: row[stored.basis[0].amount].value for row in plain.book[stored.prior].rows}
    made_up = {
        row.key: row[stored.basis[0].amount].value
        for row in reading.book[stored.prior].rows
        if row[stored.basis[0].amount].value not in {None, before.get(row.key)}
    }
    assert made_up == {}
    checked = check(derive(reading.book, reading.edition), reading.edition, reading.findings)
    assert "reason-direction" not in {finding.rule for finding in checked}


@pytest.mark.parametrize("number", [8, 9])
def test_a_table_in_place_of_which_a_sentence_says_that_there_is_nothing_is_empty(found, plain, number):
    reading = read([block for block in found if block is not grid_of(found, number)])
    table = next(table for table in reading.edition.printed if table.number == number)
    amounts = [row[column].value for row in reading.book[table.name].rows for column in table.measures()]
    assert (messages(reading, "sheet-missing"), set(amounts) <= {None}) == ([], True)
    assert held(reading.book)["收入总体"] == held(plain.book)["收入总体"]


def test_a_paragraph_is_told_at_its_own_place_though_another_says_the_same(found):
    strange = "另有国债资金6.66万元。"
    heading = next(b for b in reversed(found) if isinstance(b, Text) and "收支总预算" in b.text)
    first, second = Text(strange, 901), Text(f"又及：{strange}", 902)
    reading = read(after(found, heading, second, first))
    places = [f.spots[0].place for f in reading.findings if f.rule == "paragraph-unplaced"]
    assert places == [second.place, first.place]


def test_a_fact_that_no_sentence_tells_is_named_with_its_default(found, plain):
    assert "机构类型" not in "".join(messages(plain, "fact-assumed"))
    silent = [b for b in found if not (isinstance(b, Text) and "运行经费" in b.text)]
    assert "“机构类型”（事业单位）" in "".join(messages(read(silent), "fact-assumed"))


def test_a_performance_table_that_goes_on_after_its_repeated_head_is_one(found, plain):
    declared = {
        caption for table in plain.edition.performance for field in table.columns for caption in [field.label]
    }
    grids = [
        b
        for b in found
        if isinstance(b, Grid) and any(raw.value in declared for line in b.lines for raw in line)
    ]
    assert len(grids) == 4
    for from_line in (0, None):
        parts = {id(grid): in_two(grid, declared, from_line) for grid in grids}
        reading = read([part for block in found for part in parts.get(id(block), [block])])
        assert held(reading.book) == held(plain.book)
        assert messages(reading, "table-unplaced") == []


def in_two(grid, declared, from_line):
    """A table that goes on in a second one, which repeats its head from a line on, or only the row of captions."""
    header = next(i for i, line in enumerate(grid.lines) if sum(raw.value in declared for raw in line) > 2)
    head = grid.lines[header if from_line is None else from_line : header + 1]
    return replace(grid, lines=grid.lines[: header + 2]), Grid((*head, *grid.lines[header + 2 :]), 99)


def test_a_fixed_row_printed_twice_is_told(found, newest):
    grid, line = next(
        (block, line)
        for block in found
        if isinstance(block, Grid)
        for line in block.lines
        if line[0].value == "公务接待费"
    )
    second = replace(grid, lines=(*grid.lines, line))
    book = read([second if block is grid else block for block in found]).book
    told = [f.message for f in check(derive(book, newest), newest) if f.rule == "row-duplicate"]
    assert told == ["“公务接待费”在本表有重复的行"]


COUNTED = "{单位}下设{个}个处室，分别是：{列举}。"


@pytest.mark.parametrize(
    ("count", "words", "rows", "told"),
    [
        (2, "办公室和业务室", ["办公室", "业务室"], []),
        (1, "计划和财务科", ["计划和财务科"], []),
        (3, "办公室、人事科及业务室", ["办公室", "人事科", "业务室"], []),
        (3, "办公室、业务室", ["办公室", "业务室"], ["说是 3 个，读出 2 个：办公室；业务室"]),
    ],
)
def test_what_is_listed_is_counted_as_the_sentence_says(found, count, words, rows, told):
    """Into a workbook of the next year, too, each goes on its own line, and so is counted."""
    before = next(b for b in found if isinstance(b, Text) and "无下属预算单位" in b.text)
    said = COUNTED.format(单位=before.text.partition("无下属")[0], 个=count, 列举=words)
    reading = read(after(found, before, Text(said, 99)))
    table = reading.book["职能与机构"]
    assert [row.text("内容") for row in table.rows if row.text("类别") == "内设机构"] == rows
    assert messages(reading, "list-miscounted") == told


def test_hidden_text_is_told_and_not_carried(found, plain):
    reading = read([*found, Text("99.99", 1, HIDDEN)])
    assert held(reading.book) == held(plain.book)
    assert messages(reading, "text-hidden") == [
        "隐藏的文字5 字没有读取"
    ]  # beside secret items no word of it is told


# --- tables and sentences that somebody has broken ------------------------------------------------------------


def instead(found, block, other):
    return [other if one is block else one for one in found]


def with_cell(grid, row, column, value):
    """A table with another text in a cell, by its place from 0."""
    lines = [list(line) for line in grid.lines]
    lines[row][column] = lines[row][column]._replace(value=value)
    return replace(grid, lines=tuple(map(tuple, lines)))


@pytest.mark.parametrize("label", ["项目名称（8）", "项目名", None])
def test_a_key_column_under_another_caption_is_told(found, label):
    grid = grid_of(found, 11)
    assert grid.lines[0][0].value == "项目名称"
    assert "表11没有“项目名称”列" in messages(
        read(instead(found, grid, with_cell(grid, 0, 0, label))), "column-missing"
    )


@pytest.mark.parametrize("lines", [(), ((), ())], ids=["no rows", "rows without cells"])
@pytest.mark.parametrize("kept", [0, 1], ids=["every other", "the others"])
def test_a_table_without_cells_is_told_and_those_between_are_read_as_ever(found, plain, lines, kept):
    grids = [block for block in found if isinstance(block, Grid)]
    emptied = {id(grid): replace(grid, lines=lines) for n, grid in enumerate(grids) if n % 2 != kept}
    reading = read([emptied.get(id(block), block) for block in found])
    names = [table.name for table in plain.edition.table if table.printed]
    filled = {
        name
        for name in names
        if any(cell.given for row in plain.book[name].rows for cell in row.cells.values())
    }
    missing = {
        name for n, name in enumerate(names) if n % 2 != kept
    } & filled  # the document says that others are empty
    told = {spot.table for f in reading.findings if f.rule in ABSENT for spot in f.spots}
    assert told == missing
    before, after = held(plain.book), held(reading.book)
    assert [name for n, name in enumerate(names) if n % 2 == kept and after[name] != before[name]] == []


def test_a_document_of_tables_without_cells_is_refused(found):
    with pytest.raises(UnusableInputError, match="12 张表只找到"):
        read([replace(block, lines=()) if isinstance(block, Grid) else block for block in found])


def test_a_blank_line_in_the_head_of_a_performance_table_changes_nothing(found, plain):
    grid = grid_of(found, 13)
    blank = tuple(raw._replace(value=None) for raw in grid.lines[1])
    longer = replace(grid, lines=(*grid.lines[:1], blank, *grid.lines[1:]))
    assert held(read(instead(found, grid, longer)).book) == held(plain.book)


def test_an_amount_outside_the_fields_of_a_performance_table_is_told(found):
    grid = grid_of(found, 13)
    beside = grid.lines[-1][-1]._replace(value="912.34", place=SheetPlace("旁"))
    longer = replace(grid, lines=(*grid.lines[:-1], (*grid.lines[-1], beside)))
    told = messages(read(instead(found, grid, longer)), "cell-unread")
    assert told == ["“912.34”不在该填的格里"]


def test_an_amount_in_the_header_of_a_printed_table_is_told(found):
    grid = grid_of(found, 4)
    altered = with_cell(grid, 0, 1, "912.34")
    (told,) = [f for f in read(instead(found, grid, altered)).findings if f.rule == "outside-table"]
    assert [spot.place for spot in told.spots] == [grid.lines[0][1].place]


def test_what_stands_before_the_first_part_is_told_where_it_tells_an_amount(found):
    amount, words = Text("另安排专项资金912.34万元。", 9998), Text("内部资料", 9999)
    table = replace(grid_of(found, 2), number=99)
    reading = read([found[0], amount, words, table, *found[1:]])
    assert messages(reading, "paragraph-unplaced") == ["没有读懂：另安排专项资金912.34万元。"]
    assert [m[:11] for m in messages(reading, "table-unplaced")] == ["没有读懂文档第99个表"]


def test_an_amount_inside_a_name_is_not_lost_in_it(found):
    text = next(b for b in found if isinstance(b, Text) and "（项）：2026年预算数为" in b.text)
    altered = replace(text, text=text.text.replace("预算数为", "预算（912.34万元）数为"))
    told = messages(read(instead(found, text, altered)), "paragraph-unplaced")
    assert [altered.text in message for message in told] == [True]


def test_a_unit_with_an_amount_in_its_name_is_no_unit(found):
    text = next(
        b for b in found if isinstance(b, Text) and "财政拨款“三公”经费" in b.text and "其中" in b.text
    )
    altered = replace(text, text=f"912.34{text.text}")
    told = messages(read(instead(found, text, altered)), "paragraph-unplaced")
    assert told == [f"没有读懂：{altered.text}"]


def test_a_paragraph_continues_no_amount(found, plain):
    name = plain.book["项目说明"].rows[0].text("项目名称")
    at = next(i for i, b in enumerate(found) if isinstance(b, Text) and b.text.startswith("预算安排规模"))
    more = Text("另安排专项资金912.34万元。", 9999)
    reading = read([*found[: at + 1], more, *found[at + 1 :]])
    assert reading.book.cell("项目说明", name, "预算安排规模") == plain.book.cell(
        "项目说明", name, "预算安排规模"
    )
    assert messages(reading, "paragraph-unplaced") == [f"没有读懂：{more.text}"]


def test_a_column_of_a_performance_table_with_a_strange_caption_is_told_once(found, plain):
    grid = grid_of(found, 13)
    at = next(n for n, line in enumerate(grid.lines) if any(raw.value == "上年完成值" for raw in line))
    captions = [
        raw._replace(value="去年做到") if raw.value == "上年完成值" else raw for raw in grid.lines[at]
    ]
    column = next(n for n, raw in enumerate(captions) if raw.value == "去年做到")
    below = [  # amounts, which are told one by one where their column is known
        tuple(raw._replace(value="12.34") if n == column else raw for n, raw in enumerate(line))
        for line in grid.lines[at + 1 :]
    ]
    strange = replace(grid, lines=(*grid.lines[:at], tuple(captions), *below))
    reading = read(instead(found, grid, strange))
    assert messages(plain, "cell-unread") == []
    assert messages(reading, "cell-unread") == ["不认得列名“去年做到”，这一列没有读取"]


def test_lines_of_a_project_whose_first_line_lost_its_words_are_read_without_it(found):
    first = next(block for block in found if isinstance(block, Text) and "项目名称：" in block.text)
    reading = read(instead(found, first, replace(first, text="（一）")))
    assert messages(reading, "document-read") != []
    assert reading.book["项目支出"].rows != ()


PROJECTS = """
单位信息 | 项目 | 内容
 | 单位名称 | 示例中心
 | 公开主体 | 单位
 | 预算年度 | 2026
项目支出 | 科目代码 | 项目名称 | 商品和服务支出
 | 2060599 | 甲项目 | 1.00
 | 2060599 | 特定目标2410010U | 2.00
 | 2060599 | 乙项目 | 3.00
 | 2060599 | 丙项目 | 4.00
项目说明 | 项目名称 | 政策依据 | 预算安排规模 | 承担单位 | 资金分配情况 | 资金执行时间 | 补贴人数
 | 甲项目 | 甲办法 | 1.00 | 甲中心 | 甲用途 | 2026年1月 | 1人
 | 特定目标2410010U |  | 2.00 | 密中心 |  |  |
 | 乙项目 | 乙办法 | 3.00 | 乙中心 | 乙用途 | 2026年3月 |
 | 丙项目 | 丙办法 | 4.00 | 丙中心 | 丙用途 | 2026年4月 | 4人
项目绩效 | 项目名称 | 预算单位 | 年度预算总额 | 财政拨款 | 总体目标
 | 甲项目 | 示例中心 | 1.00 | 1.00 | 甲目标
 | 乙项目 | 示例中心 | 3.00 | 3.00 | 乙目标
 | 丙项目 | 示例中心 | 4.00 | 4.00 | 丙目标
项目绩效指标 | 项目名称 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 权重
 | 甲项目 | 产出指标 | 数量指标 | 甲场次 | ≥1场 | 50
 |  | 满意度指标 | 满意度指标 | 甲满意度 | ≥91% | 40
 | 乙项目 | 产出指标 | 数量指标 | 乙场次 | ≥3场 | 50
 |  | 满意度指标 | 满意度指标 | 乙满意度 | ≥93% | 40
 | 丙项目 | 产出指标 | 数量指标 | 丙场次 | ≥4场 | 50
 |  | 满意度指标 | 满意度指标 | 丙满意度 | ≥94% | 40
"""
MARKED = "甲", "密", "乙", "丙"
"""Each stands in all texts of one project, and in no other's."""


def without_a_line(found):
    """The document without each of the lines that tell of projects: paragraphs, and rows of performance tables."""
    told = [n for n, b in enumerate(found) if isinstance(b, Text) and "项目名称：" in b.text]
    last = next(n for n in range(told[-1], len(found)) if "政府性基金" in found[n].text)
    yield from ([*found[:n], *found[n + 1 :]] for n in range(told[0], last))
    for n, grid in enumerate(found):
        if isinstance(grid, Grid) and any(
            "项目总体目标" in str(raw.value) for line in grid.lines for raw in line
        ):
            for at in range(len(grid.lines)):
                shorter = replace(grid, lines=(*grid.lines[:at], *grid.lines[at + 1 :]))
                yield [*found[:n], shorter, *found[n + 1 :]]


def mixed(book):
    """The rows that tell of several projects."""
    for name in ("项目说明", "项目绩效", "项目绩效指标"):
        for row in book[name].rows:
            texts = "".join(str(cell.value) for cell in row.cells.values()).replace("示例中心", "")
            if sum(mark in texts for mark in MARKED) > 1:
                yield name, texts


@pytest.fixture(scope="module")
def whole(newest):
    """The document of these projects."""
    book = derive(read_grid(PROJECTS, newest)[0], newest)
    return tuple(blocks(render_document(compose(book, newest), newest)))


@pytest.fixture(scope="module")
def told_of_projects(whole):
    """What is read of each."""
    return read(whole).book["项目说明"].rows


def test_without_a_line_no_project_is_told_as_another_s(whole):
    """A lost line costs its own project what it told, and never another one a word."""
    tried = list(without_a_line(whole))
    assert len(tried) > 40
    for one in (whole, *some(tried, 9)):
        assert list(mixed(read(one).book)) == []


@pytest.mark.parametrize("nth", [0, 2, 3])
def test_a_project_without_its_name_is_a_row_of_its_own_and_told(newest, whole, told_of_projects, nth):
    named = [n for n, b in enumerate(whole) if isinstance(b, Text) and "项目名称：" in b.text]
    reading = read([*whole[: named[nth]], *whole[named[nth] + 1 :]])
    rows = reading.book["项目说明"].rows
    told = [{name: cell.value for name, cell in row.cells.items()} for row in rows]
    wanted = [{name: cell.value for name, cell in row.cells.items()} for row in told_of_projects]
    del wanted[nth]["项目名称"]
    assert told == wanted
    assert any(f.rule == "required-missing" for f in check(derive(reading.book, newest), newest))


def test_a_line_of_a_project_told_in_two_paragraphs_is_one_text_of_one_row(found, plain):
    """Behind lines of other labels it is of a row of its own."""
    line = next(b for b in found if isinstance(b, Text) and b.text.startswith("资金分配情况："))
    more = replace(line, text="资金分配情况：另安排培训费0.50万元")
    first, *rest = [row.cells["资金分配情况"].value for row in plain.book["项目说明"].rows]
    column = [row.cells["资金分配情况"].value for row in read(after(found, line, more)).book["项目说明"].rows]
    assert column == [f"{first}；另安排培训费0.50万元", *rest]
    times = [row.text("资金执行时间") for row in read(after(found, line, more)).book["项目说明"].rows]
    assert times == [row.text("资金执行时间") for row in plain.book["项目说明"].rows]
    time = next(b for b in found if isinstance(b, Text) and b.text.startswith("资金执行时间："))
    rows = read(after(found, time, more)).book["项目说明"].rows
    told = [(row.text("项目名称") != "", row.text("资金分配情况")) for row in rows]
    assert told[:2] == [(True, first), (False, "另安排培训费0.50万元")]
