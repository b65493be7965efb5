"""The changes between two files as workbook, page and comments: everything is there, and nothing runs."""

from __future__ import annotations

import zipfile
from base64 import b64encode
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from openpyxl import load_workbook

from budgetgen.app.reports.changes import printed
from budgetgen.comparison import compare
from budgetgen.comparison.listings import compared, listings, opposed
from budgetgen.reading.document.blocks import blocks
from budgetgen.reading.document.reader import read_blocks
from budgetgen.saying.disclosure import compose
from budgetgen.writing.changes.comments import comments
from budgetgen.writing.changes.page import render_page
from budgetgen.writing.changes.workbook import render_changes
from budgetgen.writing.document.writer import render_document
from budgetgen.writing.review.comments import commented
from tests.test_comparison import BOOK, LAST, NEXT, side

EDITED = (
    BOOK.replace("负责科学普及工作。", "=1+1<script>alert(1)</script>")
    .replace(" | 机房设备购置 | 4.00 | | 4.00", " | 机房设备购置 | 6.00 | | 6.00")
    .replace("新增设备购置", "购置设备增加")
)
LISTS = ["与上年衔接", "增减原因", "数字", "文字", "结构"]


@pytest.fixture(scope="module")
def changes():
    return compare(side(BOOK), side(EDITED))


@pytest.fixture(scope="module")
def workbook(changes):
    return load_workbook(BytesIO(render_changes(changes)))


def texts(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_a_sheet_for_each_list_and_for_each_table(workbook, changes):
    assert workbook.sheetnames == [
        "概览",
        *LISTS,
        *(f"对照 {table.name}" for table in opposed(changes)),
        "图表数据",
    ]
    assert workbook["图表数据"].sheet_state == "hidden"


def test_every_entry_stands_in_its_sheet_with_a_filter(workbook, changes):
    for listing in listings(changes):
        sheet = workbook[listing.name]
        rows = texts(sheet)
        assert len(rows) == (4 + len(listing.lines) if listing.lines else 2)
        if listing.lines:
            assert rows[3][: len(listing.headings)] == [heading.text for heading in listing.headings]
            assert sheet.auto_filter.ref.startswith("A4:")
            assert sheet.freeze_panes == "A5"


def test_texts_are_texts_in_the_workbook(workbook):
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert any("=1+1<script>" in str(cell.value) for cell in cells)


def test_a_text_of_which_a_piece_was_only_struck_out():
    shorter = BOOK.replace("承担科技统计和数据分析。", "承担科技数据分析。")
    rows = texts(load_workbook(BytesIO(render_changes(compare(side(BOOK), side(shorter)))))["文字"])
    assert rows[4][2:4] == ["（二）承担科技统计和数据分析。", "（二）承担科技数据分析。"]


@given(st.text("甲乙丙", max_size=12), st.text("甲乙丙", max_size=12))
def test_marked_pieces_are_the_texts_and_alternate(old, new):
    for text, marked in zip((old, new), compared(old, new), strict=True):
        assert str(marked) == text
        kinds = [changed for _, changed in marked.pieces]
        assert all(a != b for a, b in pairwise(kinds))


def test_both_years_stand_side_by_side(workbook):
    rows = texts(workbook["对照 项目支出"])
    assert rows[4][:4] == [None, "原文件", "新文件", "增减"]
    line = next(row for row in rows if row[0] == "2060599 机房设备购置")
    assert line[1:4] == [4, 6, 2]


def test_charts_are_native(changes):
    with zipfile.ZipFile(BytesIO(render_changes(changes))) as archive:
        charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
        assert len(charts) == 1  # only 项目支出 of the tables that are drawn has moved lines
        assert "图表数据" in archive.read(charts[0]).decode()


def test_the_same_changes_give_the_same_bytes(changes):
    assert render_changes(changes) == render_changes(changes)
    assert render_page(changes) == render_page(changes)


def test_the_page_needs_no_network_and_runs_its_own_script_only(changes):
    page = render_page(changes).decode()
    tree = html.fromstring(page)
    assert tree.xpath("//link | //img | //iframe | //*[@src]") == []
    (script,) = tree.xpath("//script[not(@type)]")
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    digest = b64encode(sha256(script.text.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    assert {href[:1] for href in tree.xpath("//@href")} == {"#"}
    assert tree.xpath("//@*[starts-with(name(), 'on')]") == []
    assert "&lt;script&gt;" in page


def test_the_page_holds_every_entry_and_marks_what_changed(changes):
    tree = html.fromstring(render_page(changes).decode())
    shown = {section.get("id"): section for section in tree.xpath("//h2")}
    assert [name for name in shown if name not in {"charts", "tables"}] == [
        listing.id for listing in listings(changes)
    ]
    for listing in listings(changes):
        rows = shown[listing.id].xpath("following-sibling::*[2]//tbody/tr") if listing.lines else []
        assert len(rows) == len(listing.lines)
    assert "增加" in "".join(tree.xpath("//ins//text()"))
    assert len(tree.xpath("//*[local-name()='svg']")) == 1
    assert len(tree.xpath("//details")) == len(opposed(changes))


def test_nothing_different_is_said_so():
    same = compare(side(BOOK), side(BOOK))
    assert printed(same).splitlines()[2:] == ["没有差异。"]
    assert load_workbook(BytesIO(render_changes(same)))["数字"]["A2"].value == "没有不同。"
    assert html.fromstring(render_page(same).decode()).xpath("//p[text()='没有不同。']")


def test_the_screen_is_no_longer_than_a_screen():
    changes = compare(side(LAST, "xinjiang-2025"), side(NEXT))
    lines = printed(changes).splitlines()
    assert len(lines) <= 33
    assert len(printed(changes, everything=True).splitlines()) > len(lines)


def placed(data):
    """Each comment of a document with the paragraph that it stands at."""
    document = docx.Document(BytesIO(data))
    body = document.element.body
    found = []
    for comment in document.comments:
        (mark,) = (
            m for m in body.iter(qn("w:commentReference")) if m.get(qn("w:id")) == str(comment.comment_id)
        )
        paragraph = next(mark.iterancestors(qn("w:p")))
        found.append(("".join(paragraph.itertext(qn("w:t"))), comment.text.splitlines()))
    return found


def test_comments_stand_where_the_thing_is_said(changes):
    new = changes.new
    data = render_document(compose(new.book, new.edition, draft=True), new.edition)
    found = tuple(blocks(data))
    read = read_blocks(Path("新.docx"), found, new.edition.id).book
    told = placed(commented(data, comments(changes, found, read)))
    assert ("6.00", ["【数字】表7 项目支出 2060599 机房设备购置"]) in [(at, lines[:1]) for at, lines in told]
    (function,) = [at for at, lines in told if "新增：" in lines[0]]
    assert function == "（一）=1+1<script>alert(1)</script>"
    (reason,) = [at for at, lines in told if lines[0].startswith("【增减原因】")]
    assert "购置设备增加" in reason
