"""Performance tables with level rules only: read where the columns and groups can be told, else told as not read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from itertools import accumulate, pairwise

import pytest
from docx import Document

from budgetgen.edition import load
from budgetgen.reading.document.blocks import Grid, blocks
from budgetgen.reading.document.narrative.gathered import Gathered
from budgetgen.reading.document.pdf.flow import blocks_of
from budgetgen.reading.document.pdf.marks import Box
from budgetgen.reading.document.printed.performance import PerformanceReader
from budgetgen.values.model import Cell
from tests.conftest import FULL
from tests.reading.pages import sheet, signs

EDITION = load("xinjiang-2026")
DECLARED = next(one for one in EDITION.performance if one.by)
COLUMNS = tuple(field.column for field in DECLARED.columns)
EDGES = tuple(accumulate((50, 60, 100, 60, 50, 50, 45, 60, 60), initial=30.0))
SIZE = 8.0
LEADING = SIZE + 2
CAPTIONS = tuple(field.label for field in DECLARED.columns)
GROUPS = {
    ("产出指标", "数量指标"): [
        ("培训企业数量", "≥60家(次)", "计划标准", "—", "10", "按完成比例赋分", "工作资料"),
        ("印发材料数量", "=200份", "计划标准", "100%", "5", "按完成比例赋分", "工作资料"),
        ("参加科技型企业绩效评价的单位数量", "≥50家", "历史标准", "—", "4", "按完成比例赋分", "工作资料"),
    ],
    ("产出指标", "时效指标"): [("完成时限", "12月25日之前", "计划标准", "—", "5", "直接赋分", "工作资料")],
    ("成本指标", "经济成本指标"): [
        ("劳务费", "≤8.50万元", "计划标准", "—", "16", "按完成比例赋分", "原始凭证"),
        ("印刷费", "≤0.21万元", "计划标准", "—", "20", "按完成比例赋分", "原始凭证"),
    ],
    ("满意度指标", "服务对象满意度指标"): [
        ("企业满意度", "≥95%", "计划标准", "100%", "10", "满意度赋分", "工作资料")
    ],
}
ROWS = [(*group, *row) for group, rows in GROUPS.items() for row in rows]
HEADS = {
    "plain": [
        [(0, 2, "预算单位"), (2, 9, "某某中心")],
        [(0, 2, "项目名称"), (2, 6, "科技创新服务经费"), (6, 7, "项目负责人"), (7, 9, "张某")],
        [
            (0, 2, "项目资金（万元）"),
            (2, 3, "年度预算总额"),
            (3, 4, "32.21"),
            (4, 5, "财政拨款"),
            (5, 6, "32.21"),
            (6, 7, "其他资金"),
            (7, 9, "0.00"),
        ],
        [
            (0, 2, "项目总体目标"),
            (
                2,
                9,
                "培训企业，印发材料，开展绩效评价，帮助中小企业降低创新成本，带动全社会研发投入增长，提高管理水平。",
            ),
        ],
    ],
    "stacked": [
        [(0, 2, "预算单位"), (2, 4, "某某中心"), (4, 6, "项目负责人"), (6, 9, "张某")],
        [(0, 2, "项目名称"), (2, 9, "科技创新服务经费")],
        [(0, 2, "项目资金（万元）", 3), (2, 4, "年度预算总额"), (4, 9, "32.21")],
        [(2, 4, "其中：财政拨款"), (4, 9, "32.21")],
        [(2, 4, "其他资金"), (4, 9, "0.00")],
        [
            (0, 2, "项目总体目标"),
            (
                2,
                9,
                "培训企业，印发材料，开展绩效评价，帮助中小企业降低创新成本，带动全社会研发投入增长，提高管理水平。",
            ),
        ],
    ],
}
VALUES = {
    "预算单位": "某某中心",
    "项目名称": "科技创新服务经费",
    "项目负责人": "张某",
    "年度预算总额": "32.21",
    "财政拨款": "32.21",
    "其他资金": "0.00",
}


@dataclass(frozen=True)
class Placed:
    """A cell: its rows and columns, and what stands in it."""

    top: int
    bottom: int
    left: int
    right: int
    text: str

    @property
    def lines(self) -> list[str]:
        """The text as it is set: as many signs in a line as have room."""
        room, said = int((EDGES[self.right] - EDGES[self.left] - 6) // SIZE), [""]
        for sign in self.text:
            wide = sum(0.5 if one.isascii() else 1.0 for one in said[-1] + sign)
            said[-1:] = [said[-1] + sign] if wide <= room else [said[-1], sign]
        return said


def merged(rows, first, groups):
    """The cells of indicators below each other, with those of groups merged."""
    for n, row in enumerate(rows, start=first):
        for column, text in enumerate(row):
            same = [m for m in range(len(rows)) if rows[m][: column + 1] == row[: column + 1]]
            own = column < groups and len(same) > 1
            if not own or same[0] == n - first:
                yield Placed(n, first + same[-1] + 1 if own else n + 1, column, column + 1, text)


def table(head="plain", groups=2, captions=CAPTIONS, rows=ROWS):
    """The cells of a table.

    Args:
        head: which.
        groups: how many columns of groups are merged; names of others are repeated.
        captions: of the columns.
        rows: of indicators.
    """
    above = [
        Placed(n, n + (rest[0] if rest else 1), left, right, text)
        for n, line in enumerate(HEADS[head])
        for left, right, text, *rest in line
    ]
    first = len(HEADS[head])
    own = [Placed(first, first + 1, n, n + 1, text) for n, text in enumerate(captions)]
    return [*above, *own, *merged(rows, first + 1, groups)]


def pages(cells, *breaks, unruled=()):
    """The pages that a table is printed on, with level rules only.

    Args:
        cells: of it.
        breaks: before which rows a page ends.
        unruled: before which rows there is no rule.
    """
    last = max(cell.bottom for cell in cells)
    high = [
        6 + LEADING * max((len(c.lines) for c in cells if (c.top, c.bottom) == (n, n + 1)), default=1)
        for n in range(last)
    ]
    for number, (start, stop) in enumerate(pairwise([0, *breaks, last]), start=1):
        tops = list(accumulate(high[start:stop], initial=60.0))
        own = [
            replace(c, top=max(c.top, start) - start, bottom=min(c.bottom, stop) - start)
            for c in cells
            if c.top < stop and c.bottom > start
        ]
        begun = {
            id(o)
            for o, c in zip(own, [c for c in cells if c.top < stop and c.bottom > start], strict=True)
            if c.top >= start
        }
        said = [part for cell in own if id(cell) in begun for part in set_in(cell, tops)]
        ruled = []
        for n, y in enumerate(tops):
            through = [c for c in own if c.top < n < c.bottom]
            left = max((EDGES[c.right] for c in through), default=EDGES[0])
            if n + start not in unruled:
                ruled.append(Box(left, y, EDGES[-1], y))
        yield sheet(number, said, ruled)


def set_in(cell, tops):
    """A cell's text in its middle."""
    middle = (tops[cell.top] + tops[cell.bottom]) / 2
    first = middle - LEADING * len(cell.lines) / 2 + 1
    for n, line in enumerate(cell.lines):
        wide = SIZE * sum(0.5 if sign.isascii() else 1.0 for sign in line)
        x = (EDGES[cell.left] + EDGES[cell.right] - wide) / 2
        yield signs(line, x, first + n * LEADING, SIZE)


def in_word(cells):
    """The tables of the document that holds it."""
    document = Document()
    last = max(cell.bottom for cell in cells)
    made = document.add_table(last, len(EDGES) - 1)
    for cell in cells:
        made.cell(cell.top, cell.left).merge(made.cell(cell.bottom - 1, cell.right - 1)).text = cell.text
    data = BytesIO()
    document.save(data)
    return blocks(data.getvalue())


def read(found):
    """The head and the rows of indicators, as they are read; None where there is no such table."""
    reader = PerformanceReader(EDITION, DECLARED)
    for grid in (block for block in found if isinstance(block, Grid)):
        if told := reader.read(grid, Gathered(), 1):
            (head,), rows = told[DECLARED.heads], told[DECLARED.indicators]
            own = {
                name: f"{v:.2f}" if not isinstance(v, str) else v
                for name in VALUES
                if (v := head.cells.get(name, Cell()).value) is not None
            }
            return own, [tuple(str(row.cells[name].value or "") for name in COLUMNS) for row in rows]
    return None


WHOLE = (VALUES, ROWS)


def printed(cells, *breaks, **more):
    return read(blocks_of(tuple(pages(cells, *breaks, **more)), lambda: None))


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("groups", [0, 1, 2], ids=["repeated", "merged", "both-merged"])
def test_a_table_with_level_rules_only_is_read_as_in_a_document(head, groups):
    cells = table(head, groups)
    assert printed(cells) == read(in_word(cells)) == WHOLE


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("groups", [0, 2], ids=["repeated", "merged"])
def test_wherever_pages_end_a_table_is_read_whole_or_not_at_all(head, groups):
    cells = table(head, groups)
    rows = range(1, max(cell.bottom for cell in cells), 1 if FULL else 2)
    found = {row: printed(cells, row) for row in rows}
    assert {row: told for row, told in found.items() if told is not None and told != WHOLE} == {}
    assert sum(told is not None for told in found.values()) >= len(found) // 2


UNTOLD = {
    "a-caption-that-is-not-known": table(captions=(*CAPTIONS[:3], "其他内容", *CAPTIONS[4:])),
    "a-caption-that-is-not-there": table(captions=(*CAPTIONS[:3], "", *CAPTIONS[4:])),
    "a-text-across-two-columns": [*table(), Placed(7, 8, 3, 5, "指标值与依据都见附件")],
    "a-group-named-beside-its-second-row": table(
        groups=0, rows=[("", "", *ROWS[0][2:]), ROWS[1], ("", "", *ROWS[2][2:]), *ROWS[3:]]
    ),
    "a-text-in-a-row-of-labels-that-is-no-label": [*table(), Placed(0, 1, 7, 9, "说明")],
}


@pytest.mark.parametrize("name", UNTOLD)
def test_what_is_not_all_as_it_should_be_is_not_read(name):
    assert printed(UNTOLD[name]) is None


@pytest.mark.parametrize("groups", [0, 2], ids=["repeated", "merged"])
def test_rows_without_a_rule_between_them_are_not_read_as_one(groups):
    first = len(HEADS["plain"]) + 1
    assert {printed(table(groups=groups), unruled=(first + n,)) for n in range(1, len(ROWS))} == {None}


def test_the_name_of_a_group_may_stand_in_a_row_of_its_own():
    rows = [*ROWS[:4], ROWS[4], ROWS[5], ROWS[6]]
    first = len(HEADS["plain"]) + 1
    cells, at = [cell for cell in table(groups=0, rows=[]) if cell.top < first], first
    for n, row in enumerate(rows):
        if not n or row[0] != rows[n - 1][0]:
            cells.append(Placed(at, at + 1, 0, 9, row[0]))
            at += 1
        cells += [Placed(at, at + 1, c, c + 1, text) for c, text in enumerate(row) if c]
        at += 1
    assert printed(cells) == read(in_word(cells)) == WHOLE
