"""Whatever text a clerk fills in is published, or told."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn

from budgetgen.book.derivation import derive
from budgetgen.checking.checks import check
from budgetgen.edition import available, load
from budgetgen.reading.grid import read_grid
from budgetgen.saying.disclosure import compose
from budgetgen.values.findings import Finding, Spot
from budgetgen.values.model import Cell
from budgetgen.values.places import told_place
from budgetgen.writing.document.writer import render_document
from tests.conftest import SAMPLES
from tests.findings import at, worded

UNIT = "单位信息 | 项目 | 内容\n | 单位名称 | 示例单位\n | 预算年度 | 2026\n | 公开主体 | 单位\n"
FILLERS = {"item": "某项目", "unit": "某单位", "code": "2060501"}
FILLED = ["xinjiang-2026-unit.txt", "department-2024/xinjiang-2024-bureau.txt"]
KEYS = {("支出用途", "支出类别")}
"""Texts that are names of rows elsewhere: with another name they are another row."""


def marks(table, row, names):
    """A text that stands nowhere else for each cell of a row."""
    return {name: f"鸟{table}鸟{row.key}鸟{name}鸟" for name in names}


def texts_of(edition, table, row):
    """The columns of a row that hold free text."""
    names = (column.name for column in edition.tables[table].columns.values())
    return [n for n in names if edition.kind(table, n, row.key) == "text" and (table, n) not in KEYS]


def marked(book, edition, published):
    """A Book with marks in all its cells for free text, blank ones too, and the marks with their places."""
    placed, tables = {}, {}
    for table in published:
        rows = []
        for row in book[table.name].rows:
            own = marks(table.name, row, texts_of(edition, table.name, row)) if row.line else {}
            cells = {
                name: Cell(text, f"{table.name}!{len(placed)}{name}", given=True)
                for name, text in own.items()
            }
            placed |= {cell.value: told_place(cell.place) for cell in cells.values()}
            rows.append(row.with_cells(cells))
        tables[table.name] = replace(book[table.name], rows=tuple(rows))
    return book.with_tables(tables), placed


def published_tables(edition):
    return [t for t in edition.table if not t.optional and t.name != edition.house.about]


def told(findings):
    return {told_place(spot.place) for finding in findings for spot in finding.spots}


@pytest.mark.parametrize("name", FILLED)
def test_every_text_of_a_filled_workbook_is_in_the_document_or_told(name):
    edition = load(next(e for e in available() if name.rpartition("/")[2].startswith(e)))
    book, _ = read_grid((SAMPLES / name).read_text(encoding="utf-8"), edition)
    book, placed = marked(derive(book, edition), edition, published_tables(edition))
    document = Document(BytesIO(render_document(compose(book, edition), edition)))
    said = "".join(t.text or "" for t in document.element.body.iter(qn("w:t")))
    assert len(placed) > 300
    assert [
        m for m, place in placed.items() if m not in said and place not in told(check(book, edition))
    ] == []


def alone(edition):
    """Grids in which one table is all that is filled in: all its fixed rows, or one row of each kind."""
    for table in published_tables(edition):
        for block in table.block:
            kinds = next((c.choices for c in block.columns if c.choices), ("",))
            rows = [[_filler(c, kind) for c in block.columns] for kind in kinds]
            labelled = [
                [r.key, *("鸟" + c.name for c in block.columns[1:] if c is block.value)] for r in block.rows
            ]
            names = " | ".join(c.name for c in block.columns)
            for group in [*([row] for row in rows), *filter(None, [labelled])]:
                lines = "".join(f"\n | {' | '.join(row)}" for row in group)
                yield table.name, f"{UNIT}{table.name} | {names}{lines}"


def _filler(column, kind):
    if column.choices:
        return kind if kind in column.choices else column.choices[0]
    return f"鸟{column.name}" if column.type == "text" else FILLERS.get(column.type, "")


def test_a_text_that_nothing_goes_with_is_told(edition):
    """Without the amount, project or goal that it belongs to, a text has no place in the document."""
    lost = []
    for table, grid in alone(edition):
        read, found = read_grid(grid, edition)
        book = derive(read, edition)
        said = repr(compose(book, edition, draft=True))
        places = told([*found, *check(book, edition)])
        cells = (cell for row in book[table].rows for cell in row.cells.values() if cell.given)
        lost += [
            (grid, c.value)
            for c in cells
            if "鸟" in str(c.value) and str(c.value) not in said and told_place(c.place) not in places
        ]
    assert lost == []


def unsaid(grid, read=()):
    edition = load(available()[0])
    book, _ = read_grid(grid, edition)
    findings = check(derive(book, edition), edition, read)
    return [(f.message, told_place(f.spots[0].place)) for f in findings if f.rule == "text-unsaid"]


LOST = f"{UNIT}结转用途 | 项目名称 | 用途\n | 甲项目 | 购置设备"


def test_it_is_told_with_its_cell():
    assert unsaid(LOST) == [("“用途”填的“购置设备”没有写进公开文本", "结转用途!B6")]


def test_it_is_not_told_while_something_is_unread():
    unread = Finding.of(
        load(available()[0]).rules["cell-error"], worded(""), Spot("结转结余", place=at("结转结余!C9"))
    )
    assert unsaid(LOST, [unread]) == []


THREE = (
    UNIT
    + """三公经费 | 项目 | 合计
 | 公务接待 | {now}
上年数 | 指标 | 上年预算数
 | 三公：公务接待费 | {then}
增减原因 | 指标 | 原因
 | 三公：合计 | 甲
 | 三公：公务接待费 | {own}
"""
)


@pytest.mark.parametrize(
    ("now", "then", "own", "words"),
    [
        ("3.00", "1.00", "乙", ("，主要原因是甲；其中：", "，主要原因是乙")),
        ("", "", "乙", ("，主要原因是甲；其中：", "，主要原因是乙")),
        ("", "", "", ("，主要原因是甲。",)),
    ],
)
def test_the_reason_of_the_sum_leaves_those_of_the_items(of_xinjiang, now, then, own, words):
    book, _ = read_grid(THREE.format(now=now, then=then, own=own), of_xinjiang)
    document = compose(derive(book, of_xinjiang), of_xinjiang)
    sentences = [
        block.text
        for part in document.parts
        for block in part.blocks
        if getattr(block, "statement", "") == "three-public.change"
    ]
    assert len(sentences) == 1
    assert all(part in sentences[0] for part in words)
