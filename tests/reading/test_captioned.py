"""Tables without rules, known by the captions of their format: set in many ways they say what they say with rules."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from budgetgen.edition import load
from budgetgen.reading.cells import Raw
from budgetgen.reading.document.blocks import Grid, PlacedText, Text, blocks
from budgetgen.reading.document.facts import Facts
from budgetgen.reading.document.printed.captioned import rows as dividing
from budgetgen.reading.document.printed.captioned.regions import with_captioned
from budgetgen.reading.document.printed.captions import Captions
from tests.commands import run
from tests.conftest import FULL, SAMPLES
from tests.reading.typesetting import Style, unruled
from tests.variants import outcome

STYLES = {
    "usual": Style(),
    "centred": Style(0.5, 0.5, 0.5),
    "left": Style(0.0, 0.0, 0.0),
    "headed": Style(level=False, apart=0.0),
    "low": Style(high=260.0),
    "unrepeated": Style(high=260.0, repeated=False),
    "small": Style(size=7.5),
}
NAMES = (
    "xinjiang-2026-unit",
    "shanghai-2024-unit",
    "xinjiang-2024-accounts-unit",
    *(f"department-2024/xinjiang-2024-{name}" for name in (("bureau", "transfer") if FULL else ())),
)
QUICK = {
    ("xinjiang-2026-unit", "usual"),
    ("shanghai-2024-unit", "left"),
    ("xinjiang-2024-accounts-unit", "unrepeated"),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """What a document of a sample holds, by its name, and what is read of it."""
    held = {}

    def one(name):
        if name not in held:
            folder = tmp_path_factory.mktemp("built")
            assert run("build", SAMPLES / f"{name}.xlsx", "-o", folder)[0] == 0
            (path,) = folder.glob("*.docx")
            found = tuple(blocks(path.read_bytes()))
            held[name] = path, found, outcome(path, found)
        return held[name]

    return one


@pytest.mark.parametrize(
    ("name", "style"), [(n, s) for n in NAMES for s in STYLES if FULL or (n, s) in QUICK]
)
def test_a_document_without_rules_is_read_as_with_them_but_for_its_performance_tables(built, name, style):
    path, found, own = built(name)
    other = outcome(path, unruled(found, STYLES[style]))
    differing = {key for key in {*own.tables, *other.tables} if own.tables.get(key) != other.tables.get(key)}
    assert {table for table, *_ in differing} <= {"项目绩效", "项目绩效指标", "整体绩效", "整体绩效指标"}
    assert {other.tables.get(key) for key in differing} <= {None}


EDITION = load("xinjiang-2026")
COLUMNS = {"项目名称": 60, "合计": 200, "一般公共预算": 300, "政府性基金": 400, "国有资本经营预算": 500}
"""The columns of the table of contracts, and where each begins."""


def text(said, x, top, page=1):
    wide = sum(5 if sign.isascii() else 10 for sign in said)
    return PlacedText(said, page, x, top, x + wide, top + 10, 10)


def row(top, **said):
    return [text(one, COLUMNS[column], top) for column, one in said.items()]


HEAD = [text("资金来源", 300, 100), *(text(name, x, 112) for name, x in COLUMNS.items())]
BODY = [
    *row(130, 项目名称="技术咨询", 合计="24.00", 一般公共预算="24.00"),
    *row(145, 项目名称="材料印刷", 合计="2.00", 一般公共预算="2.00"),
    *row(160, 项目名称="总计", 合计="26.00", 一般公共预算="26.00"),
]
WHOLE = [
    ["项目名称", "合计", "资金来源", "资金来源", "资金来源"],
    ["", "", "一般公共预算", "政府性基金", "国有资本经营预算"],
    ["技术咨询", "24.00", "24.00", "", ""],
    ["材料印刷", "2.00", "2.00", "", ""],
    ["总计", "26.00", "26.00", "", ""],
]


def read(parts, title="财政拨款委托业务费支出情况表"):
    """The rows of the tables below a title, and the paragraphs that are left."""
    below = [Text(part.text, n, page=part.page, laid=(part,)) for n, part in enumerate(parts, start=2)]
    found = with_captioned((Text(title, 1, page=1, laid=(text(title, 200, 60),)), *below), EDITION)
    assert all(not block.laid for block in found)
    grids = [block for block in found if isinstance(block, Grid)]
    return [[[raw.value or "" for raw in line] for line in grid.lines] for grid in grids], [
        block.text for block in found[1:] if isinstance(block, Text)
    ]


def test_what_stands_below_the_captions_of_a_table_is_its_columns():
    assert read([*HEAD, *BODY]) == ([WHOLE], [])


def test_what_stands_around_a_table_stays_text():
    around = [text("编制单位：某中心", 60, 80)], [text("备注：无内容应公开空表。", 60, 180)]
    assert read([*around[0], *HEAD, *BODY, *around[1]]) == (
        [WHOLE],
        ["编制单位：某中心", "备注：无内容应公开空表。"],
    )


def test_a_caption_and_a_name_may_take_several_lines_and_signs_may_stand_apart():
    heads = [part for part in HEAD if part.text not in {"国有资本经营预算", "合计"}]
    cut = [text("国有资本", 500, 112), text("经营预算", 500, 124), text("合", 200, 112), text("计", 222, 112)]
    body = [
        *row(145, 项目名称="技术咨", 合计="24.00", 一般公共预算="24.00"),
        text("询", 60, 157),
        *row(172, 项目名称="材料印刷", 合计="2.00", 一般公共预算="2.00"),
        *row(190, 项目名称="总计", 合计="26.00", 一般公共预算="26.00"),
    ]
    assert read([*heads, *cut, *body]) == ([WHOLE], [])


def test_a_table_without_figures_is_one():
    assert read([*HEAD, text("总计", 60, 130)]) == ([[*WHOLE[:2], ["总计", "", "", "", ""]]], [])


def test_tables_of_one_page_have_places_of_their_own():
    title = "财政拨款委托业务费支出情况表"
    parts = [*HEAD, *BODY]
    texts = [Text(part.text, n, page=1, laid=(part,)) for n, part in enumerate(parts)]
    head = Text(title, 50, page=1, laid=(text(title, 200, 60),))
    other = Text("上年结转结余情况表", 60, page=1, laid=(text("上年结转结余情况表", 200, 60),))
    found = with_captioned((head, *texts, other, head, *texts), EDITION)
    places = [raw.place for block in found if isinstance(block, Grid) for line in block.lines for raw in line]
    over_three = 2
    assert len(set(places)) == 2 * (len(WHOLE) * len(COLUMNS) - over_three)


UNTOLD = {
    "a caption that is not known": [*HEAD, text("备用金", 600, 112), *BODY],
    "a caption that is missing": [part for part in (*HEAD, *BODY) if part.text != "政府性基金"],
    "an amount between two columns": [*HEAD, *BODY, text("1.00", 465, 145)],
    "an amount over two columns": [*HEAD, *BODY, text("1234567890.00", 250, 145)],
    "words where amounts belong": [*HEAD, *BODY, text("待定", 300, 152)],
    "a line between two rows": [*HEAD, *BODY, text("改造", 60, 137)],
    "an amount of no row": [*HEAD, *BODY[:3], *BODY[6:], text("2.00", 200, 141), text("服务", 60, 152)],
}


@pytest.mark.parametrize("name", UNTOLD)
def test_what_may_be_read_in_two_ways_stays_text(name):
    parts = UNTOLD[name]
    assert read(parts) == ([], [part.text for part in parts])


def test_a_table_that_rules_part_as_declared_stays_as_it_is():
    title = Text("财政拨款委托业务费支出情况表", 1, page=1)
    ruled = Grid((), 1, page=1)
    assert with_captioned((title, ruled), EDITION) == (title, ruled)


def test_a_figure_that_its_column_cuts_is_one():
    body = [replace(part, text="24.0") if part.text == "24.00" else part for part in BODY]
    rests = [text("0", 200, 142), text("0", 300, 142)]
    moved = [replace(p, top=p.top + 15, bottom=p.bottom + 15) if p.top > 130 else p for p in body]
    assert read([*HEAD, *moved, *rests]) == ([WHOLE], [])


NAMED = ("牧区无数据地块监测", "不涉及土地的规划", "未安排资金的项目")
"""Names with words that remarks have too."""


@pytest.mark.parametrize("name", NAMED)
def test_the_words_of_a_remark_in_a_name_do_not_end_a_table(name):
    body = [
        *row(130, 项目名称="技术咨询", 合计="24.00", 一般公共预算="24.00"),
        *row(145, 项目名称=name, 合计="2.00", 一般公共预算="2.00"),
        *row(160, 项目名称="总计", 合计="26.00", 一般公共预算="26.00"),
    ]
    named = [[name if cell == "材料印刷" else cell for cell in line] for line in WHOLE]
    assert read([*HEAD, *body]) == ([named], [])
    assert read([*HEAD, *body, text("本单位未安排其他的政府性基金预算委托业务费支出项目", 60, 190)]) == (
        [named],
        ["本单位未安排其他的政府性基金预算委托业务费支出项目"],
    )


def test_a_table_is_not_empty_where_figures_stand_below_a_remark():
    parts = [*HEAD, text("注：本表无数据", 60, 122), *BODY]
    assert read(parts) == ([], [part.text for part in parts])


@pytest.mark.parametrize("remark", ["本表无数据", "本单位未安排政府性基金预算支出", "不涉及", "无"])
def test_a_table_without_figures_ends_at_a_remark_in_any_words(remark):
    assert read([*HEAD, text(remark, 60, 130)]) == ([WHOLE[:2]], [remark])


@pytest.mark.parametrize("name", ["材料印刷", "技术", "其他的委托"])
def test_a_row_without_amounts_is_never_part_of_the_name_above(name):
    blank = text(name, 60, 160)
    below = row(175, 项目名称="总计", 合计="26.00", 一般公共预算="26.00")
    parts = [*HEAD, *BODY[:6], blank, *below]
    assert read(parts) == ([], [part.text for part in parts])


def test_twice_as_many_rows_take_twice_as_many_steps(monkeypatch):
    steps = Counter()

    def counted(above, below, own=dividing.stacked_near):
        steps[size] += 1
        return own(above, below)

    monkeypatch.setattr(dividing, "stacked_near", counted)
    for size in (100, 200, 400):
        rows = [row(130 + 15 * n, 项目名称=f"咨询{n}", 合计="1.00", 一般公共预算="1.00") for n in range(size)]
        last = row(130 + 15 * size, 项目名称="总计", 合计=f"{size}.00", 一般公共预算=f"{size}.00")
        ((lines,), _) = read([*HEAD, *(part for own in rows for part in own), *last])
        assert len(lines) == size + 3
    assert steps[400] - steps[200] == 2 * (steps[200] - steps[100]) > 0


MARKS = ("1", "2", "①", "*", "[1]", "（1）", "注1", "：", "（万元）")


@pytest.mark.parametrize("mark", MARKS)
def test_the_name_of_a_project_keeps_what_stands_at_its_end(mark):
    heads = ("单位", "科目代码", "科目名称", f"项目名称{mark}", "合计", "一般公共预算")
    names = sorted({c.captions[-1] for t in EDITION.printed for b in t.block for c in b.columns})
    rows = [("某中心", "2060501", f"{n}{mark}", f"{n}{mark}", "1.00", "1.00") for n in names]
    grid = Grid(tuple(tuple(map(Raw, line)) for line in (heads, *rows)), 0)
    *_, kept = Captions(EDITION, Facts(EDITION, ())).apart([grid])
    assert [tuple(raw.value for raw in line) for line in kept.lines[1:]] == rows
