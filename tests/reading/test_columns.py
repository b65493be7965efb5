"""Tables without upright rules: read where what is printed tells the columns, else left as text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from budgetgen.reading.document.blocks import Grid
from budgetgen.reading.document.pdf.flow import blocks_of
from budgetgen.reading.document.pdf.marks import Box
from tests.reading.pages import rules, sheet, signs

EDGES = (60.0, 160.0, 300.0, 400.0, 500.0)
"""Where the columns would begin and end."""
HEAD = "名称   |合计   |基本支出   |项目支出"
ROWS = ("教育支出|12.00|8.00|4.00", "卫生|120.00|80.00|40.00", "住房保障|3.00|3.00|")


def placed(text, column, top, how):
    """A cell as it is set: l, c, r."""
    left, right = EDGES[column] + 4, EDGES[column + 1] - 4
    width = signs(text, 0, top)[-1].box.x1 if text else 0.0
    return signs(text, {"l": left, "c": (left + right - width) / 2, "r": right - width}[how], top)


def line(row, top, how):
    return [
        placed(cell.strip(), n, top, sign)
        for n, (cell, sign) in enumerate(zip(row.split("|"), how, strict=False))
    ]


def level(*tops, left=EDGES[0], right=EDGES[-1]):
    return [Box(left, top, right, top) for top in tops]


def grids(*sheets):
    """The tables but those of which it is not known how far their headers reach: no figure of them is taken."""
    found = [b for b in blocks_of(sheets, lambda: None) if isinstance(b, Grid) and not b.banded]
    return [[[raw.value or "" for raw in row] for row in grid.lines] for grid in found]


def page(*rows, how, head=HEAD, ruled=None):
    """A table whose header is centred and whose rows are set as told."""
    said = [*line(head, 104, "cccc")]
    for n, row in enumerate(rows, start=1):
        said += line(row, 104 + 20 * n, how)
    return sheet(1, said, ruled or level(*range(100, 122 + 20 * len(rows), 20)))


WHOLE = [[cell.strip() for cell in row.split("|")] for row in (HEAD, *ROWS)]


@pytest.mark.parametrize("how", ["lrrr", "lllr", "lccc"], ids=["right", "left", "centred"])
def test_level_rules_are_enough_where_columns_are_aligned(how):
    assert grids(page(*ROWS, how=how)) == [WHOLE]


def test_headers_over_several_columns_stand_in_their_middle():
    upper = [signs("项目", 60 + 120 - 10, 84), signs("本年支出", 300 + 100 - 20, 84)]
    below = page(*ROWS, how="lrrr")
    found = sheet(1, [*upper, below.signs], [*level(80), *below.rules])
    assert grids(found) == [[["项目", "", "本年支出", ""], *WHOLE]]


def test_headers_over_several_columns_may_begin_with_the_first_of_them():
    upper = [signs("项目", 64, 84), signs("本年支出", 304, 84)]
    said = [*upper, *line("名称|合计|基本支出|项目支出", 104, "llll")]
    for n, row in enumerate(ROWS, start=1):
        said += line(row, 104 + 20 * n, "llll")
    found = grids(sheet(1, said, level(*range(80, 182, 20))))
    assert found == [[["项目", "", "本年支出", ""], *WHOLE]]


def test_below_the_end_of_one_table_the_number_of_another_is_no_figure_of_it():
    end = line("住房保障支出|3.00|3.00|", 64, "lrrr")
    titles = [
        signs("表 5", 64, 104),
        signs("支出预算总表", 64, 124),
        signs("编制单位：某某市某某区某某局机关后勤服务保障中心（本级）", 64, 144),
    ]
    below = page(*ROWS, how="lrrr", ruled=level(60, 80, *range(160, 242, 20)))
    moved = [
        replace(s, box=replace(s.box, top=s.box.top + 60, bottom=s.box.bottom + 60)) for s in below.signs
    ]
    assert grids(sheet(1, [*end, *titles, moved], below.rules)) == [WHOLE]


def test_a_rule_below_a_header_says_over_which_columns_it_stands():
    said = [placed("名称", 0, 94, "c"), placed("合计", 1, 94, "c"), signs("其中", 390, 84)]
    said += [placed("基本", 2, 104, "c"), placed("项目", 3, 104, "c")]
    for n, row in enumerate(ROWS, start=1):
        said += line(row, 104 + 20 * n, "lrrr")
    ruled = [*level(80, 120, 140, 160, 180), *level(100, left=300.0)]
    assert grids(sheet(1, said, ruled)) == [
        [["名称", "合计", "其中", ""], ["", "", "基本", "项目"], *WHOLE[1:]]
    ]


UNTOLD = {
    # the figure may be that of the header before it, or of that behind it
    "no-alignment": page("教育支出||8.00|", "卫生||8.00|", how="lrrr", head="名称|合计|基本支出|项目"),
    "two-figures-in-a-cell": page("教育支出|1|2|3", "卫生|1111111111111111111111111 2|2|3", how="lrrr"),
    "two-rows-between-rules": sheet(
        1,
        [cell for n, row in enumerate((HEAD, *ROWS, *ROWS)) for cell in line(row, 104 + 14 * n, "lrrr")],
        level(100, 118, 146, 174, 202),
    ),
    "header-beside-its-columns": sheet(
        1,
        [signs("项目", 64, 84), signs("支出", 200, 84), page(*ROWS, how="lrrr").signs],
        level(80, 100, 120, 140, 160, 180),
    ),
}


@pytest.mark.parametrize("name", UNTOLD)
def test_a_table_whose_columns_cannot_be_told_is_no_table(name):
    assert grids(UNTOLD[name]) == []


def test_rules_at_head_and_foot_of_a_page_are_no_table():
    said = [signs("一" * 40, 60, 120 + 16 * n) for n in range(20)]
    assert grids(sheet(1, said, level(60, 700, 720))) == []


def test_a_table_with_inner_rules_only_has_its_outer_rows_and_columns():
    tops = (100.0, 120.0, 140.0, 160.0, 180.0)
    inner = [
        box
        for box in rules(EDGES, tops)
        if not (box.x0 == box.x1 in EDGES[::4] or box.top == box.bottom in tops[::4])
    ]
    assert grids(page(*ROWS, how="lrrr", ruled=inner)) == [WHOLE]


def test_two_tables_of_one_width_with_a_title_between_are_two():
    first = page(*ROWS, how="lrrr")
    title = [signs("某某年度政府性基金预算支出情况表的题名", 190, 190), signs("编制单位：某某", 64, 206)]
    second = [cell for n, row in enumerate((HEAD, *ROWS)) for cell in line(row, 224 + 20 * n, "lrrr")]
    found = sheet(1, [first.signs, *title, *second], [*first.rules, *level(220, 240, 260, 280, 300)])
    assert grids(found) == [WHOLE, WHOLE]
