"""Documents that are no budget disclosure of a known format: each is refused with what it is and what to do."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from docx import Document

from budgetgen.edition import load
from budgetgen.reading.document.reader import read_document
from budgetgen.values.findings import UnusableInputError


@pytest.fixture
def refused(tmp_path):
    """What is said of a document that is refused, as (problem, fix)."""

    def read(document, edition=None):
        path = tmp_path / "文本.docx"
        document.save(path)
        with pytest.raises(UnusableInputError) as raised:
            read_document(path, edition)
        assert raised.value.path == path
        return raised.value.problem, raised.value.fix

    return read


def written(*paragraphs, tables=0):
    """A document of paragraphs, with small tables at the end."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    for _ in range(tables):
        document.add_table(2, 2).cell(0, 0).text = "项目"
    return document


def disclosure(cover, titles=()):
    """A document of the usual four parts, its tables under these titles."""
    document = written(*cover, "第一部分 概况", "第二部分 预算公开表")
    for title in titles:
        document.add_paragraph(title)
        document.add_table(2, 2).cell(0, 0).text = "项目"
    document.add_paragraph("第三部分 预算情况说明")
    document.add_table(2, 2)
    return document


def picture():
    """A white point as PNG."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return BytesIO(
        b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\xff")) + chunk(b"IEND", b"")
    )


def test_an_empty_document(refused):
    assert refused(Document()) == ("是空文档，没有文字", "检查是否选错了文件")


def test_a_scan(refused):
    document = Document()
    document.add_picture(picture())
    assert refused(document) == (
        "是扫描件：只有图片，没有文字",
        "换成 Word 编辑的原文件；只有扫描件的，新建空白填报表（网页首页，或用 budgetgen new），照着填",
    )


@pytest.mark.parametrize("tables", [0, 3])
def test_a_document_that_is_no_disclosure(refused, tables):
    document = written("关于开展2025年安全检查的通知", "各科室：", tables=tables)
    assert refused(document) == (
        "不是单位（部门）预算、决算公开文本：没有“第一部分”等标题",
        "换一个文件",
    )


def test_a_disclosure_whose_tables_cannot_be_told(refused):
    document = written("第一部分 单位概况", "第二部分 预算公开表", "第三部分 情况说明")
    assert refused(document) == (
        "没有读到表格",
        "PDF 里的表没有框线、列分不清的，换成 Word 文档；本来就没有表格的，不是预算、决算公开文本",
    )


def test_final_accounts_of_a_year_without_an_edition(refused):
    """A budget of that year is no format for them."""
    document = disclosure(["2023年度某中心", "单位决算公开"])
    assert refused(document) == (
        "没有 2023 年的决算版式",
        "用 --edition 指定最接近的版式，现有年份：2024",
    )


def test_a_disclosure_without_a_year(refused):
    document = disclosure(["某中心", "单位预算公开"])
    assert refused(document) == (
        "封面上没有年份，看不出是哪一年的预算公开",
        "用 --edition 指定版式，现有年份：2026、2025、2024",
    )


def test_a_disclosure_of_a_year_without_an_edition(refused):
    document = disclosure(["2019年某中心", "单位预算公开"])
    assert refused(document) == (
        "没有 2019 年的预算版式",
        "用 --edition 指定最接近的版式，现有年份：2026、2025、2024",
    )


OTHER = ["表1 部门收支总表", "表2 部门收入总表", "表3 部门支出总表", "表4 财政拨款收支总表"]


@pytest.mark.parametrize("edition", [None, "xinjiang-2026"])
def test_a_disclosure_of_another_province(refused, edition):
    """Whichever way its edition was chosen: by the cover, or by --edition."""
    document = disclosure(["2026年某中心", "单位预算公开"], OTHER)
    assert refused(document, edition) == (
        "不是新疆维吾尔自治区的预算公开格式：12 张表只找到 0 张",
        "换成本地区的公开文本，或用 --edition 指定它的版式",
    )


def test_half_of_the_tables_are_enough(tmp_path):
    """A document with gaps is read, and its gaps are told."""
    tables = load("xinjiang-2026").printed
    path = tmp_path / "文本.docx"
    titles = [f"表{table.number} {table.title.removeprefix('{年}年')}" for table in tables[:6]]
    disclosure(["2026年某中心", "单位预算公开"], titles).save(path)
    missing = [f.spots[0].table for f in read_document(path).findings if f.rule == "sheet-missing"]
    assert missing == [table.name for table in tables[6:]]
