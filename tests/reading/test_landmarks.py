"""A place of a document is told with what helps to find it."""

from __future__ import annotations

import pytest

from budgetgen.reading.cells import Raw
from budgetgen.reading.document.blocks import Grid, Text
from budgetgen.reading.document.landmarks import Landmarks
from budgetgen.values.places import DocumentPlace
from budgetgen.values.sayings import saying

TITLE = "收入支出总表"
FORM = "项目绩效目标表"
HEADING = Text("二、关于收支", 2)


def grid(number, page, *rows):
    """A table; a cell that goes on with the one to its left is written as `<`."""
    lines = []
    for index, row in enumerate(rows, start=1):
        line = []
        for column, text in enumerate(row, start=1):
            merged = text == "<"
            place = line[-1].place if merged else DocumentPlace(number, index, column, page=page)
            line.append(Raw(None if merged else text or None, place=place))
        lines.append(tuple(line))
    return Grid(tuple(lines), number, page=page)


def around(block, *lines):
    """What is known of the places of a block that follows these lines."""
    titled = {TITLE: True, FORM: None}
    marks = Landmarks.of((*lines, block), frozenset({HEADING.place}), lambda line: titled.get(line, False))
    return {str(place): place.parts for place in marks.known.values()}


def test_a_paragraph_is_told_with_the_heading_above_it_and_one_beside_the_text_with_none():
    first, boxed = Text("封面", 1), Text("注", 1, beside="脚注")
    assert around(Text("收入 10.00 万元。", 3), first, HEADING, boxed) == {
        "文档第1段": {"paragraph": 1},
        "文档第2段": {"paragraph": 2, "heading": "二、关于收支"},
        "文档脚注第1段": {"paragraph": 1, "beside": "脚注"},
        "文档第3段": {"paragraph": 3, "heading": "二、关于收支"},
    }


@pytest.mark.parametrize("inside", [False, True])
def test_a_cell_is_told_with_its_table_the_words_to_its_left_and_the_caption_above(inside):
    """Of two blocks side by side each has its own words; captions may stand in two lines, the title in the table."""
    rows = (("收入", "<", "支出", ""), ("项目", "金额", "项目", "金额"), ("拨款", "8.00", "教育", "9.00"))
    title = ((TITLE, "<", "<", "<"),) if inside else ()
    above = (
        (HEADING, Text("编制单位：某中心", 4)) if inside else (HEADING, Text(TITLE, 3), Text("单位：万元", 4))
    )
    found = around(grid(2, 7, *title, *rows), *above)
    row = 3 + inside
    told = {"table": 2, "row": row, "page": 7, "heading": "二、关于收支", "title": TITLE}
    assert found[f"PDF第7页第2个表第{row}行第2列"] == told | {"column": 2, "label": "拨款", "caption": "金额"}
    assert found[f"PDF第7页第2个表第{row}行第4列"] == told | {"column": 4, "label": "教育", "caption": "金额"}
    assert found[f"PDF第7页第2个表第{row - 1}行第1列"] == told | {"row": row - 1, "column": 1}


def test_a_form_has_no_captions():
    rows = (("项目名称", "甲"), ("联系电话", "——"), ("金额", "8.00"))
    found = around(grid(1, 0, *rows), Text(FORM, 3), Text("（2026年）", 4))
    assert found["文档第1个表第3行第2列"] == {"table": 1, "row": 3, "column": 2, "title": FORM}


def test_places_are_equal_whatever_stands_around_them_and_words_at_the_edge():
    bare, found = DocumentPlace(3, 4, 2), DocumentPlace(3, 4, 2, title=TITLE, label="教育", caption="合计")
    assert (bare, hash(bare)) == (found, hash(found))
    assert saying(格=found).worded({"it": "{格}"}).told() == "文档第3个表第4行第2列"
    assert found.around == f"《{TITLE}》“教育”行“合计”列"
    assert DocumentPlace(
        paragraph=1, heading="三、关于某中心二〇二六年收入支出预算情况的总体说明"
    ).around == ("“三、关于某中心二…六年收入支出预算情况的总体说明”下")
