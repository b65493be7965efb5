"""Tables without rules: read where amounts, rows and headers leave no doubt and the figures add up, else left as text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from budgetgen.edition import load
from budgetgen.reading.document.blocks import Grid, Text, blocks
from budgetgen.reading.document.pdf.flow import blocks_of
from budgetgen.reading.document.pdf.marks import Box
from budgetgen.reading.document.printed.sums import adds_up
from budgetgen.reading.document.reader import read_blocks
from budgetgen.reading.grid import read_grid
from tests.commands import run
from tests.conftest import SAMPLES
from tests.reading.pages import rules, sheet, signs

ENDS = {"名称": 60.0, "合计": 300.0, "基本": 400.0, "项目": 500.0}
"""Where a name begins, and where the amounts of each column end."""
ROWS = (
    ("教育支出", "12.00", "8.00", "4.00"),
    ("卫生支出", "120.00", "80.00", "40.00"),
    ("住房支出", "3.00", "3.00", ""),
    ("总计", "135.00", "91.00", "44.00"),
)


def ending(text, x, top):
    return signs(text, x - signs(text, 0, top)[-1].box.x1, top)


def centred(text, x, top):
    return signs(text, x - signs(text, 0, top)[-1].box.x1 / 2, top)


def line(row, top):
    name, *amounts = row
    ends = list(ENDS.values())[1:]
    return [
        *([signs(name, 60, top)] if name else []),
        *(ending(a, end, top) for a, end in zip(amounts, ends, strict=True) if a),
    ]


def header(top, upper=("支出预算",)):
    """Names of single columns in the middle of the whole height; one over the two last columns."""
    said = [centred("名称", 90, top + 9), centred("合计", 280, top + 9)]
    said += [centred("基本", 380, top + 18), centred("项目", 480, top + 18)]
    return [*said, *(centred(text, 430, top) for text in upper)]


def page(rows=ROWS, *, step=20.0, head=None, ruled=()):
    said = [signs("一般公共预算支出情况表", 200, 40, 16)]
    said += header(80) if head is None else head
    for n, row in enumerate(rows):
        said += line(row, 130 + step * n)
    return sheet(1, said, ruled)


def grids(*sheets):
    found = [block for block in blocks_of(sheets, lambda: None) if isinstance(block, Grid)]
    return [(grid.measured, [[raw.value or "" for raw in row] for row in grid.lines]) for grid in found]


WHOLE = [["名称", "合计", "支出预算", ""], ["", "", "基本", "项目"], *map(list, ROWS)]


def test_amounts_below_each_other_and_headers_in_the_middle_make_a_table_that_has_yet_to_add_up():
    assert grids(page()) == [(True, WHOLE)]


def test_rules_above_and_below_the_header_and_at_the_end_change_nothing():
    assert grids(page(ruled=[Box(58, y, 502, y) for y in (76.0, 122.0, 206.0)])) == [(True, WHOLE)]


def test_what_stands_around_a_table_stays_text():
    found = [block.text for block in blocks_of([page()], lambda: None) if isinstance(block, Text)]
    assert found == ["一般公共预算支出情况表"]


def test_a_table_with_rules_is_read_by_them():
    said = [cell for n, row in enumerate(ROWS) for cell in line(row, 103 + 20 * n)]
    ruled = rules((56.0, 240.0, 304.0, 404.0, 504.0), (100.0, 120.0, 140.0, 160.0, 180.0))
    assert grids(sheet(1, said, ruled)) == [(False, [list(row) for row in ROWS])]


UNTOLD = {
    "two-lines-of-a-name": page(
        (*ROWS[:2], ("住房保障支出及其他各项改革支出", "3.00", "3.00", ""), ("等", "", "", ""), ROWS[3])
    ),
    "two-lines-of-a-name-behind-a-code": sheet(
        1,
        [
            *header(80),
            *(
                part
                for n, row in enumerate(ROWS)
                for part in line(("206", *row[1:]), 130 + 20 * (n + (n > 1)))
            ),
            *(
                signs(name, 90, 130 + 20 * n)
                for n, name in enumerate(("教育", "卫生保障及其他各项", "改革", "住房", "总计"))
            ),
        ],
    ),
    "rows-nearer-than-others": sheet(
        1,
        [
            *header(80),
            *(cell for n, row in enumerate(ROWS) for cell in line(row, 130 + 20 * n)),
            *line(("其中", "1.00", "1.00", ""), 201),
        ],
    ),
    "one-header-for-two-columns": page(
        head=[centred("名称", 90, 98), centred("合计", 330, 98), centred("项目", 480, 98)]
    ),
    "the-same-header-twice": page(
        head=[centred(t, x, 98) for t, x in (("名称", 90), ("合计", 280), ("合计", 380), ("项目", 480))]
    ),
    "an-upright-rule-through-it": page(ruled=[Box(350, 80, 350, 210)]),
    "one-column-of-amounts": page([(name, total, "", "") for name, total, *_ in ROWS]),
    "two-amounts": page(ROWS[:2]),
    "codes-are-no-amounts": page([(name, "2060501", "2060502", "2060503") for name, *_ in ROWS]),
}


@pytest.mark.parametrize("name", UNTOLD)
def test_what_could_be_read_in_two_ways_stays_text(name):
    assert grids(UNTOLD[name]) == []


def test_pages_of_text_with_numbers_are_no_table():
    said = [signs(f"第{n}项支出{n}12.00万元，占{n}.00%，其余见表。" * 2, 60, 100 + 18 * n) for n in range(20)]
    assert grids(sheet(1, said)) == []


SUMS = """
支出总体 | 科目代码 | 合计 | 基本支出 | 项目支出
 | 总计 | {total} | 10.00 | 5.00
 | 206 | 15.00 | 10.00 | 5.00
 | 2060501 | 15.00 | 10.00 | 5.00
"""


@pytest.mark.parametrize(("total", "true"), [("15.00", True), ("16.00", False)])
def test_a_table_adds_up_by_the_relations_of_its_format(total, true):
    edition = load("xinjiang-2026")
    book, _ = read_grid(SUMS.format(total=total), edition)
    assert adds_up(edition, book["支出总体"], "单位") is true


def test_a_table_whose_total_was_not_read_may_go_on_elsewhere():
    edition = load("xinjiang-2026")
    part = "".join(line for line in SUMS.format(total="").splitlines(keepends=True) if "总计" not in line)
    book, _ = read_grid(part, edition)
    assert adds_up(edition, book["支出总体"], "单位") is False


def test_without_a_sum_that_is_printed_nothing_is_proven():
    edition = load("xinjiang-2026")
    book, _ = read_grid("支出总体 | 科目代码 | 基本支出\n | 2060501 | 10.00\n", edition)
    assert adds_up(edition, book["支出总体"], "单位") is False


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    assert run("build", SAMPLES / "shanghai-2024-unit.xlsx", "-o", folder)[0] == 0
    return next(folder.glob("*.docx"))


@pytest.mark.parametrize(("printed", "read"), [("1,696,828", True), ("1,696,829,999", False)])
def test_in_a_document_a_measured_table_counts_only_where_it_adds_up(document, printed, read):
    def measured(block):
        if not isinstance(block, Grid) or not any(raw.value == "支出预算" for raw in block.lines[0]):
            return block
        changed = [
            [raw._replace(value=printed) if raw.value == "1,696,828" else raw for raw in line]
            for line in block.lines
        ]
        return replace(block, lines=tuple(map(tuple, changed)), measured=True)

    found = read_blocks(document, tuple(map(measured, blocks(document.read_bytes()))))
    told = {(one.rule, one.spots[0].table) for one in found.findings if one.spots and one.severity == "error"}
    assert (bool(found.book["支出总体"].rows), ("sheet-missing", "支出总体") in told) == (read, not read)
    assert ("table-unplaced" in {one.rule for one in found.findings}) is not read
