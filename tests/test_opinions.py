"""Opinions on differences: typed into the workbook or the page, read back, open again where the figure changed."""

from __future__ import annotations

import json

import pytest
from lxml import html
from openpyxl import load_workbook

from budgetgen.edition import load
from budgetgen.writing.workbook.writer import render_workbook
from tests.commands import run
from tests.test_comparison import BOOK, book_of

CAPTIONS = ["编号", "意见", "状态", "审核人", "日期"]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("意见")
    texts = {
        "原": BOOK,
        "改": BOOK.replace("| 2 | 30.00", "| 3 | 30.00").replace("负责科学普及工作", "负责科学普及"),
        "再改": BOOK.replace("| 2 | 30.00", "| 4 | 30.00").replace("负责科学普及工作", "负责科学普及"),
    }
    for name, text in texts.items():
        data = render_workbook(load("xinjiang-2026"), book_of(text))
        folder.joinpath(f"{name}.xlsx").write_bytes(data)
    return folder


def column(sheet, caption):
    return next(cell.column for cell in sheet[4] if cell.value == caption)


def judged(files, tmp_path):
    """The workbook of a comparison with an opinion on each of both differences."""
    path = tmp_path / "比较.xlsx"
    run("diff", files / "原.xlsx", files / "改.xlsx", "-o", path)
    book = load_workbook(path)
    for name, said in (("数字", "车辆数已核实"), ("文字", "可以")):
        sheet = book[name]
        assert [cell.value for cell in sheet[4]][-5:] == CAPTIONS
        for caption, text in zip(CAPTIONS[1:], (said, "已认可", "审核甲", "2026-02-01"), strict=True):
            sheet.cell(5, column(sheet, caption), text)
    book.save(path)
    return path


def opinions(path):
    book = load_workbook(path)
    return {
        name: [book[name].cell(5, column(book[name], caption)).value for caption in CAPTIONS[1:]]
        for name in ("数字", "文字")
    }


def test_opinions_come_back_and_what_changed_since_is_open_again(files, tmp_path):
    before = judged(files, tmp_path)
    same, other = tmp_path / "同.xlsx", tmp_path / "异.xlsx"
    _, told = run("diff", files / "原.xlsx", files / "改.xlsx", "--opinions", before, "-o", same)
    assert told.startswith("带回意见 2 条，其中所说的又变了、要重新核对的 0 条\n")
    assert opinions(same) == opinions(before)
    _, told = run("diff", files / "原.xlsx", files / "再改.xlsx", "--opinions", before, "-o", other)
    assert told.startswith("带回意见 2 条，其中所说的又变了、要重新核对的 1 条\n")
    assert opinions(other) == {
        "数字": ["车辆数已核实", "重新核对", "审核甲", "2026-02-01"],
        "文字": ["可以", "已认可", "审核甲", "2026-02-01"],
    }


def test_an_opinion_whose_difference_is_gone_is_kept(files, tmp_path):
    before, after = judged(files, tmp_path), tmp_path / "无.xlsx"
    _, told = run("diff", files / "原.xlsx", files / "原.xlsx", "--opinions", before, "-o", after)
    assert "2 条所说的差异已经没有了" in told
    rows = [[cell.value for cell in row] for row in load_workbook(after)["已消除的意见"].iter_rows(min_row=5)]
    assert sorted(row[2] for row in rows) == ["可以", "车辆数已核实"]
    assert any("车辆" in row[0] for row in rows)
    again = tmp_path / "又有.xlsx"
    run("diff", files / "原.xlsx", files / "改.xlsx", "--opinions", after, "-o", again)
    assert opinions(again) == opinions(before)


def test_the_page_holds_opinions_and_saves_what_the_next_comparison_reads(files, tmp_path):
    page, saved = tmp_path / "比较.html", tmp_path / "意见.json"
    run("diff", files / "原.xlsx", files / "改.xlsx", "--opinions", judged(files, tmp_path), "-o", page)
    tree = html.fromstring(page.read_text(encoding="utf-8"))
    rows = tree.xpath("//tr[@data-mark]")
    assert {row.xpath(".//textarea")[0].text for row in rows} == {"车辆数已核实", "可以"}
    (words,) = tree.xpath("//script[@id='words']")
    assert json.loads(words.text)["captions"] == CAPTIONS
    entries = [{"编号": row.get("data-mark"), "意见": "网页上写的", "状态": "需修改"} for row in rows]
    saved.write_text(json.dumps({"opinions": entries}), encoding="utf-8")
    back = tmp_path / "回.xlsx"
    run("diff", files / "原.xlsx", files / "改.xlsx", "--opinions", saved, "-o", back)
    assert opinions(back) == {name: ["网页上写的", "需修改", None, None] for name in ("数字", "文字")}


def test_figures_link_to_their_row_on_the_page(files, tmp_path):
    page = tmp_path / "比较.html"
    other = tmp_path / "新.xlsx"
    text = BOOK.replace(" | 机房设备购置 | 4.00 | | 4.00", " | 机房设备购置 | 6.00 | | 6.00")
    other.write_bytes(render_workbook(load("xinjiang-2026"), book_of(text)))
    run("diff", files / "原.xlsx", other, "-o", page)
    tree = html.fromstring(page.read_text(encoding="utf-8"))
    (link,) = set(tree.xpath("//table[@class='list']//tr[not(contains(@class,'folded'))]//a/@href"))
    assert "机房设备购置" in tree.xpath(f"//tr[@id='{link[1:]}']/td[1]")[0].text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("坏.json", b"{", "这不是 diff 的意见文件"),
        ("坏.json", b'{"opinions": [{"\xe7\xbc\x96\xe5\x8f\xb7": "1"}]}', "不是 diff 写的编号"),
        ("无.xlsx", None, "没有“编号”列"),
    ],
)
def test_what_holds_no_opinions_is_refused_and_nothing_is_written(files, tmp_path, name, content, said):
    path, target = tmp_path / name, tmp_path / "比较.xlsx"
    path.write_bytes(content or (files / "原.xlsx").read_bytes())
    code, told = run("diff", files / "原.xlsx", files / "改.xlsx", "--opinions", path, "-o", target)
    assert (code, said in told, target.exists()) == (2, True, False)
