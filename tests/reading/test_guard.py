"""Every refusal of the guard with its whole wording, and the honest files that must pass."""

from __future__ import annotations

import io
import os
import socket
import struct
import zipfile
from functools import cache
from pathlib import Path

import docx
import openpyxl
import pytest
import xlsxwriter

from budgetgen.reading.guard import admit, door, limits, package, quantities, refusals
from budgetgen.reading.names import read_names
from budgetgen.values.findings import UnusableInputError

RESAVE = "在 WPS 或 Excel 中打开这个文件，另存为新的 .xlsx 文件"
RESAVE_DOCX = "在 WPS 或 Word 中打开这个文件，另存为新的 .docx 文件"
CHOOSE = "选择填好的 .xlsx 文件"
DAMAGED = (
    "文件不完整或已损坏，可能在复制、下载或传输时中断",
    "重新复制或下载这个文件；如果 WPS 或 Excel 还能打开它，就另存为新的 .xlsx 文件",
)
DAMAGED_DOCX = (DAMAGED[0], DAMAGED[1].replace("Excel", "Word").replace(".xlsx", ".docx"))
DECLARATION = (
    "文件内部带有自定义声明（DOCTYPE 或 ENTITY），正常的 Excel 工作簿没有这种内容，文件可能被人改动过",
    RESAVE,
)
SHEET = "xl/worksheets/sheet1.xml"
WORKBOOK = "xl/workbook.xml"
DOCUMENT = "word/document.xml"
TYPES = "[Content_Types].xml"
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def odd(what: str) -> tuple[str, str]:
    return f"文件的内部结构异常（{what}），不像是 WPS 或 Excel 直接保存的文件", RESAVE


# --- building files ---------------------------------------------------------------------------------


@cache
def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "支出总体"
    book.active.append(["科目编码", "金额"])
    book.active.append(["2050201", 10.5])
    book.active.merge_cells("A3:B3")
    return saved(book)


@cache
def document() -> bytes:
    text = docx.Document()
    text.add_paragraph("部门预算公开")
    text.add_table(rows=3, cols=3).cell(0, 0).merge(text.tables[0].cell(0, 2)).text = "合计"
    return saved(text)


def saved(book) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def altered(part: str, old: bytes, new: bytes, data: bytes | None = None) -> bytes:
    parts = parts_of(data or workbook())
    assert old in parts[part]
    return packed(parts | {part: parts[part].replace(old, new, 1)})


def with_part(name: str, content: bytes, data: bytes | None = None) -> bytes:
    return packed(parts_of(data or workbook()) | {name: content})


def with_tags(tags: bytes) -> bytes:
    """Put tags behind the cells of the only sheet."""
    return altered(SHEET, b"</sheetData>", b"</sheetData>" + tags)


def in_utf16(part: str, data: bytes, *, bom: bool = True) -> bytes:
    text = parts_of(data)[part].decode().replace("encoding='UTF-8'", "encoding='UTF-16'")
    return with_part(part, text.encode("utf-16" if bom else "utf-16-le"), data)


def with_header(data: bytes, name: str, central: dict[int, bytes], local: dict[int, bytes]) -> bytes:
    """Overwrite bytes in both headers of one zip entry, as a hostile writer would."""
    changed = bytearray(data)
    for fields, start in (
        (central, data.rindex(name.encode()) - 46),
        (local, data.index(name.encode()) - 30),
    ):
        for offset, field in fields.items():
            changed[start + offset : start + offset + len(field)] = field
    return bytes(changed)


def refusal(path: Path, content: bytes | None = None, kind: str = "xlsx") -> tuple[str, str]:
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnusableInputError) as caught:
        admit(path, kind)
    assert caught.value.path == path
    assert not caught.value.problem.endswith("。")
    assert "{" not in caught.value.problem + caught.value.fix
    return caught.value.problem, caught.value.fix


@pytest.fixture
def path(tmp_path):
    return tmp_path / "预算 表 (1).xlsx"


# --- what passes ------------------------------------------------------------------------------------


def admitted(path: Path, content: bytes, kind: str = "xlsx") -> bool:
    path.write_bytes(content)
    return admit(path, kind) == content


def test_openpyxl_workbook_passes(path):
    assert admitted(path, workbook())


def test_xlsxwriter_workbook_passes(path):
    book = xlsxwriter.Workbook(path)
    money = book.add_format({"num_format": "#,##0.00", "border": 1})
    for name in ("收支总体", "支出总体", "_meta"):
        sheet = book.add_worksheet(name)
        sheet.merge_range("A1:F1", "预算表 <10% & R&D", money)
        sheet.set_column("A:XFD", 12)
        sheet.data_validation("B2:B5000", {"validate": "decimal", "criteria": ">=", "value": 0})
        sheet.conditional_format("B2:B5000", {"type": "cell", "criteria": "<", "value": 0, "format": money})
        sheet.write_comment("A2", "按批复填写")
        sheet.write_url("A3", "internal:'_meta'!A1", string="说明")
        sheet.write_formula("B4", "=SUM(B2:B3)", money, 0)
    book.define_name("单位", "='_meta'!$A$1")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=支出总体!$B$2:$B$4"})
    sheet.insert_chart("D4", chart)
    book.close()
    assert admit(path, "xlsx") == path.read_bytes()


def test_python_docx_document_passes(path):
    assert admitted(path, document(), "docx")


def test_fifty_thousand_rows_of_ten_styled_blanks_pass(path):
    rows = (
        b'<row r="%d">%b</row>' % (row, b"".join(b'<c r="%c%d" s="0"/>' % (65 + at, row) for at in range(10)))
        for row in range(3, 50_003)
    )
    assert admitted(path, altered(SHEET, b"</sheetData>", b"".join(rows) + b"</sheetData>"))


def test_folders_inside_and_any_file_name_pass(tmp_path):
    assert admitted(tmp_path / "没有扩展名", packed({"xl/": b""} | parts_of(workbook())))


@pytest.mark.parametrize("bom", [True, False])
def test_utf16_parts_pass(path, bom):
    assert admitted(path, in_utf16(SHEET, workbook(), bom=bom))


def test_pictures_and_old_drawings_pass(path):
    drawing = b"<xml><br>unclosed</xml>"
    data = with_part("word/media/a.png", b"\x89PNG\r\n<!DOCTYPE", document())
    assert admitted(path, with_part("word/vmlDrawing1.vml", drawing, data), "docx")


# --- the file itself --------------------------------------------------------------------------------


def test_missing(path):
    assert refusal(path) == (
        "找不到这个文件",
        "检查文件名和文件夹是否写对，文件是否被移动、改名或删除",
    )


def test_directory(tmp_path):
    assert refusal(tmp_path) == ("这是一个文件夹，不是文件", "选择文件夹里的 .xlsx 文件")


@pytest.mark.parametrize(
    ("error", "problem", "fix"),
    [
        (
            PermissionError(),
            "没有权限读取这个文件，或者它被别的程序占用（可能正被 WPS 或 Excel 打开）",
            "在 WPS 或 Excel 中关闭这个文件后再试；仍然不行，就把它复制到自己的文件夹再用",
        ),
        (
            OSError(5, "Input/output error"),
            "这个文件读不出来，可能是 U 盘、网络盘或磁盘出了问题",
            "把文件复制到本机的文件夹后再试",
        ),
    ],
)
def test_unreadable(path, monkeypatch, error, problem, fix):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(door, "read_file", fail)
    assert refusal(path) == (problem, fix)


@pytest.mark.parametrize("name", ["~$预算表.xlsx", ".~预算表.xlsx"])
def test_lock_file(tmp_path, name):
    assert refusal(tmp_path / name, b"\x05clerk") == (
        "这是 WPS 或 Excel 打开文件时产生的临时文件，不是 Excel 工作簿本身",
        "选择名称开头没有“~$”或“.~”的那个 .xlsx 文件",
    )


def test_large_file(path, monkeypatch):
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 2 * limits.MB)
    assert refusal(path, bytes(2 * limits.MB + 1)) == (
        "文件太大，超过 2 MB",
        "在 WPS 或 Excel 中删除不需要的图片、附件和空白行列，另存为新的 .xlsx 文件",
    )


# --- files of other kinds ---------------------------------------------------------------------------

TEXT = ("这是纯文本或 CSV 文件，不是 Excel 工作簿", RESAVE)
IMAGE = ("这是图片，不是 Excel 工作簿", CHOOSE)
ARCHIVE = ("这是压缩包，不是 Excel 工作簿", "先解压，再选择其中的 .xlsx 文件")
WEB = ("这是网页内容，只是文件名的结尾像 Excel 工作簿（有的系统导出时会这样）", RESAVE)
MARKUP = ("这个文件是 RTF、XML 或单个网页格式，不是 .xlsx 格式", RESAVE)
UNKNOWN = (
    "认不出这个文件的内容：它不是 Excel 工作簿，或者被加密软件加了密，或者已损坏",
    "先用单位的加密软件解密；如果 WPS 或 Excel 能打开它，就另存为新的 .xlsx 文件",
)
ODF = ("这是 OpenDocument 文件（.ods 或 .odt），不是 .xlsx 格式", RESAVE)
PASSWORD = (
    "这个文件设置了打开密码",
    "在 WPS 或 Excel 中输入密码打开，去掉打开密码（文件—信息—加密，把密码清空），再保存为 .xlsx 文件",
)
FOREIGN = {
    "empty": (b"", ("这个文件是空的（0 字节）", "重新保存或重新索取这个文件")),
    "zeros": (
        bytes(9000),
        (
            "这个文件里没有内容（全是空字节），可能在保存或复制时中断",
            "重新复制这个文件，或向提供的人重新索取",
        ),
    ),
    "xls": (
        OLE2 + bytes(600) + "Workbook".encode("utf-16-le"),
        ("这是旧格式的文件（.xls、.doc 或 WPS 的 .et、.wps），不是 .xlsx 格式", RESAVE),
    ),
    "password": (OLE2 + bytes(600) + "EncryptedPackage".encode("utf-16-le"), PASSWORD),
    "pdf": (
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
        ("这是 PDF 文件，不是 Excel 工作簿", CHOOSE + "；要核对 PDF 公开文本，把它的文件名改成以 .pdf 结尾"),
    ),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(20), IMAGE),
    "jpeg": (b"\xff\xd8\xff\xe0" + bytes(20), IMAGE),
    "bmp": (b"BM\x36\x10\x00\x00" + bytes(20), IMAGE),
    "webp": (b"RIFF\x10\x00\x00\x00WEBPVP8 " + bytes(20), IMAGE),
    "html": ("\n<table><tr><td>合计</td></tr></table>".encode("gbk"), WEB),
    "html bom": (b"\xef\xbb\xbf<!DOCTYPE html><html>", WEB),
    "xml": (b'<?xml version="1.0"?><Workbook/>', MARKUP),
    "rtf": (rb"{\rtf1\ansi}", MARKUP),
    "csv utf-8": ("科目编码,金额\n2050201,10.5\n".encode("utf-8-sig"), TEXT),
    "csv gbk": (("科目编码,金额\n" * 999).encode("gbk"), TEXT),
    "text utf-16": ("科目编码\t金额".encode("utf-16"), TEXT),
    "rar": (b"Rar!\x1a\x07\x01\x00", ARCHIVE),
    "no entries": (packed({}), ARCHIVE),
    "zip of files": (packed({"预算表.xlsx": workbook()}), ARCHIVE),
    "ods": (
        packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}, 0),
        ODF,
    ),
    "ofd": (packed({"OFD.xml": b"<a/>"}), ("这是 OFD 版式文件，不是 Excel 工作簿", CHOOSE)),
    "binary": (b"\x62\x14\x23\x65\x00\xff\xfe\x81" * 99, UNKNOWN),
    "other package": (
        packed({TYPES: b"<Types/>", "a.nuspec": b"<a/>"}),
        ("这不是 Excel 工作簿：文件里没有 Excel 工作簿的主体内容", CHOOSE),
    ),
    "docx": (document(), ("这是 Word 文档，不是 Excel 工作簿", CHOOSE)),
    "pptx": (
        altered(TYPES, b"spreadsheetml.sheet.main", b"presentationml.presentation.main"),
        ("这是演示文稿（PPT），不是 Excel 工作簿", CHOOSE),
    ),
    "xltx": (
        altered(TYPES, b"spreadsheetml.sheet.main", b"spreadsheetml.template.main"),
        ("这是模板文件（.xltx 或 .dotx），不是 Excel 工作簿", RESAVE),
    ),
    "xlsb": (
        altered(
            TYPES,
            b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"vnd.ms-excel.sheet.binary.macroEnabled.main",
        ),
        ("这是二进制工作簿（.xlsb），不是 .xlsx 格式", RESAVE),
    ),
}


@pytest.mark.parametrize(("content", "expected"), FOREIGN.values(), ids=FOREIGN.keys())
def test_file_of_another_kind(path, content, expected):
    assert refusal(path, content) == expected


def test_workbook_where_a_document_is_wanted(path):
    assert refusal(path, workbook(), "docx") == (
        "这是 Excel 工作簿，不是 Word 文档",
        "选择填好的 .docx 文件",
    )


def test_old_document(path):
    assert refusal(path, OLE2 + bytes(600), "docx") == (
        "这是旧格式的文件（.xls、.doc 或 WPS 的 .et、.wps），不是 .docx 格式",
        RESAVE_DOCX,
    )


@pytest.mark.parametrize(
    "content",
    [
        with_part("xl/vbaProject.bin", b"\0"),
        altered(
            TYPES,
            b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
    ],
    ids=["project", "content type"],
)
def test_macros(path, content):
    assert refusal(path, content) == (
        "这个文件带有宏（程序代码），为安全起见不予打开",
        "在 WPS 或 Excel 中打开这个文件，另存为不含宏的 .xlsx 文件",
    )


STRICT = altered(
    WORKBOOK,
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/spreadsheetml/main",
)
STRICT_DOCUMENT = altered(
    DOCUMENT,
    b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    document(),
)


@pytest.mark.parametrize("content", [STRICT, in_utf16(WORKBOOK, STRICT)], ids=["utf-8", "utf-16"])
def test_strict_workbook(path, content):
    assert refusal(path, content) == (
        "这是“严格”（Strict Open XML）格式的文件，其中的内容读不出来",
        RESAVE + "（保存类型选普通的“Excel 工作簿”，不选带“Strict”或“严格”的那一种）",
    )


def test_strict_document(path):
    assert refusal(path, STRICT_DOCUMENT, "docx") == (
        "这是“严格”（Strict Open XML）格式的文件，其中的内容读不出来",
        RESAVE_DOCX + "（保存类型选普通的“Word 文档”，不选带“Strict”或“严格”的那一种）",
    )


# --- the package ------------------------------------------------------------------------------------


def duplicated() -> bytes:
    stream = io.BytesIO(workbook())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(SHEET.upper(), b"<worksheet/>")
    return stream.getvalue()


def overlapping() -> bytes:
    """Let two names share the bytes of one entry, as the densest zip bombs do."""
    stream = io.BytesIO(workbook())
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/media/a.bin", b"x")
        archive.writestr("xl/media/b.bin", b"x")
        archive.filelist[-1].header_offset = archive.filelist[-2].header_offset
    return stream.getvalue()


def oversized(size: int) -> bytes:
    """Declare less than is there, in both headers."""
    declared = struct.pack("<L", size)
    return with_header(workbook(), SHEET, {24: declared}, {22: declared})


ENCRYPTED = with_header(workbook(), SHEET, {8: b"\x01"}, {6: b"\x01"})
UNSAFE = {
    "truncated": (workbook()[:-300], DAMAGED),
    "broken inside": (with_header(workbook(), SHEET, {}, {70: b"\xff" * 40}), DAMAGED),
    "larger than declared": (oversized(10), DAMAGED),
    "smaller than declared": (oversized(9_000), DAMAGED),
    "encrypted entry": (ENCRYPTED, odd("有加了密码的内容")),
    "bzip2": (packed(parts_of(workbook()), zipfile.ZIP_BZIP2), odd("用了少见的压缩方法")),
    "absolute path": (with_part("/etc/passwd", b""), odd("有指向文件之外的路径")),
    "parent path": (with_part("xl/../../a.xml", b""), odd("有指向文件之外的路径")),
    "backslash": (with_part("xl/a.bin", b"").replace(b"xl/a.", b"xl\\a."), odd("有指向文件之外的路径")),
    "zero byte": (with_part("xl/a.bin", b"").replace(b"xl/a.", b"xl/a\0"), odd("有指向文件之外的路径")),
    "drive": (with_part("C:/a.xml", b""), odd("有指向文件之外的路径")),
    "content of a folder": (with_part("xl/media/", b"x"), odd("文件夹里藏有内容")),
    "same name": (duplicated(), odd("有重名的部分")),
    "overlap": (overlapping(), odd("各部分互相重叠")),
    "bomb": (with_part("xl/media/a.bin", bytes(9 * limits.MB)), odd("有的内容展开后是原来的 200 倍以上")),
    "many entries": (
        packed({f"a{number}": b"" for number in range(5_001)}),
        odd("内部的部分超过 5000 个"),
    ),
}


@pytest.mark.parametrize(("content", "expected"), UNSAFE.values(), ids=UNSAFE.keys())
def test_unsafe_package(path, content, expected):
    assert refusal(path, content) == expected


@pytest.mark.parametrize(
    ("limit", "total", "part"), [("MAX_TOTAL_BYTES", 1, 128), ("MAX_PART_BYTES", 256, 1)]
)
def test_unpacked_size(path, monkeypatch, limit, total, part):
    monkeypatch.setattr(limits, limit, limits.MB)
    assert refusal(path, with_part("xl/media/a.bin", bytes(limits.MB + 1))) == (
        f"文件展开后太大（全部超过 {total} MB，或其中一部分超过 {part} MB）",
        "在 WPS 或 Excel 中删除不需要的图片、附件和空白行列，另存为新的 .xlsx 文件",
    )


def test_unpacking_stops_at_the_limit_whatever_was_declared(monkeypatch):
    monkeypatch.setattr(limits, "MAX_TOTAL_BYTES", limits.MB)
    with (
        zipfile.ZipFile(io.BytesIO(packed({"a": bytes(3 * limits.MB)}))) as archive,
        pytest.raises(refusals.RefusalError, match="文件展开后太大"),
    ):
        package._unpack(archive)


# --- the XML ----------------------------------------------------------------------------------------

BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
XML = {
    "doctype": (with_part("docProps/custom.xml", BOMB), DECLARATION),
    "doctype in utf-16": (with_part("docProps/custom.xml", BOMB.decode().encode("utf-16")), DECLARATION),
    "doctype in utf-16, no mark": (with_part("a.rels", BOMB.decode().encode("utf-16-be")), DECLARATION),
    "entity": (with_part("xl/drawings/a.vml", b"<a/><!ENTITY b 'b'>"), DECLARATION),
    "doctype in a picture": (
        with_part("xl/media/a.svg", BOMB),
        (
            "文件里嵌入的网页或 SVG 矢量图带有不安全的声明（DOCTYPE 或 ENTITY）",
            "在 WPS 或 Excel 中删除嵌入的网页内容或 SVG 图片（可改用 PNG 图片），再保存为 .xlsx 文件",
        ),
    ),
    "utf-7": (
        with_part("a.xml", b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE'),
        odd("文字编码不是 UTF-8 或 UTF-16"),
    ),
    "utf-32": (with_part("a.xml", "<a/>".encode("utf-32-le")), odd("文字编码不是 UTF-8 或 UTF-16")),
    "utf-32 with mark": (with_part("a.xml", "<a/>".encode("utf-32")), DAMAGED),
    "no xml": (with_part("a.xml", b"\x4c\x6f\xa7\x94"), DAMAGED),
    "unclosed": (altered(WORKBOOK, b"</workbook>", b""), DAMAGED),
    "part of another name": (
        altered(TYPES, b"/xl/styles.xml", b"/xl/styles.png"),
        odd("有名称不符的部分"),
    ),
    "long catalogue": (
        altered(TYPES, b"<Default ", b'<Default Extension="a"/>' * 5_001 + b"<Default "),
        odd("内部目录太长"),
    ),
}


@pytest.mark.parametrize(("content", "expected"), XML.values(), ids=XML.keys())
def test_unsafe_xml(path, content, expected):
    assert refusal(path, content) == expected


# --- too much of it ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "limit",
    [limit for limit in limits.LIMITS if not limit.name.startswith(b"(")],
    ids=lambda limit: limit.name.decode(),
)
def test_too_many(path, limit):
    already = sum(quantities._tally(text)[limit.name] for text in parts_of(workbook()).values())
    tags = (limit.most - already) * (b"<%b/>" % limit.name) + b"<x:%b\t/>" % limit.name
    assert refusal(path, with_tags(tags)) == (
        f"文件里的{limit.thing}太多：约 {limit.most + 1:,} 个，最多 {limit.most:,} 个，多数在工作表“支出总体”中",
        limit.fix.format(app="WPS 或 Excel"),
    )


def test_as_many_as_allowed(path):
    assert admitted(path, with_tags(b'<mergeCell ref="A1:O1"/>' * 19_999))


COVERED = "取消整行、整列或大片的合并单元格和链接，保存后再试"
RANGES = "从下发的空白填报表重新开始，只用“选择性粘贴—数值”把数据粘贴过去"
SPREAD = {
    "merged": (b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', "17,179,869,186", COVERED),
    "merged, written oddly": (b"<x:mergeCell\ta='>'\nref = 'A1:T20000'/>", "400,002", COVERED),
    "merged backwards": (b'<mergeCell ref="T20000:A1"/>', "400,002", COVERED),
    "merged in pieces": (b'<mergeCell ref="A1:CV4"/>' * 1000, "400,002", COVERED),
    "linked": (b'<hyperlink ref="A1:A1048576" location="A1"/>', "1,048,578", COVERED),
    "ranges": (b'<conditionalFormatting sqref="' + b"A1 " * 100_000 + b'"/>', "100,001", RANGES),
}


@pytest.mark.parametrize(("tags", "amount", "fix"), SPREAD.values(), ids=SPREAD.keys())
def test_spread_too_far(path, tags, amount, fix):
    thing, most = (
        ("条件格式和数据有效性的区域", "100,000") if fix is RANGES else ("被合并或带链接的单元格", "300,000")
    )
    problem = f"文件里的{thing}太多：约 {amount} 个，最多 {most} 个，多数在工作表“支出总体”中"
    assert refusal(path, with_tags(tags)) == (problem, fix)


@pytest.mark.parametrize("ref", [b"A:XFD", b"A1&#58;XFD9", b"1:1048576", b"A1:B99999999", b""])
def test_merged_range_that_only_a_parser_understands(path, ref):
    assert refusal(path, with_tags(b'<mergeCell ref="%b"/>' % ref)) == odd("合并单元格或链接的位置写法不对")


@pytest.mark.parametrize(
    "row",
    [
        b'<row r="1000000000000"/>',
        b"<row\nr = '1e15'/>",
        b'<row r="&#49;00000000"/>',
        b'<row r="3"><c r="A99999999"/></row>',
        b'<row r="3"><c s="0" r="AAAA1"/></row>',
    ],
)
def test_position_beyond_the_sheet(path, row):
    assert refusal(path, with_tags(row)) == (
        "工作表“支出总体”里有位置不对的行或单元格，超出了工作表的范围",
        RESAVE,
    )


def test_sheets_of_one_part(path):
    sheet = b'<sheet name="b" sheetId="2" r:id="rId1" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
    assert refusal(path, altered(WORKBOOK, b"</sheets>", sheet + b"</sheets>")) == odd(
        "几个工作表共用一份内容"
    )


def test_relationships_of_one_number(path):
    part = "xl/_rels/workbook.xml.rels"
    again = b'<Relationship Id="rId1" Type="a" Target="b.xml"/></Relationships>'
    assert refusal(path, altered(part, b"</Relationships>", again)) == odd("有重复的编号")


def test_too_many_tags(path):
    data = with_part("xl/a.xml", b"<a/>" * 2_000_000)
    parts = parts_of(data) | {f"xl/b{number}.xml": b"<a/>" * 2_000_000 for number in range(4)}
    assert refusal(path, packed(parts)) == (
        "文件的内容太多，处理不了",
        "把内容分到几个文件里，或删除不需要的内容，保存后再试",
    )


# --- documents --------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [b"1000000000", b"-1", b"1e9", b"&#49;000000"])
def test_column_span(path, value):
    data = altered(DOCUMENT, b'<w:gridSpan w:val="3"/>', b'<w:gridSpan w:val="%b"/>' % value, document())
    assert refusal(path, data, "docx") == (
        "Word 表格里有单元格横跨的列数不对",
        "在 WPS 或 Word 中删除这个表格重新插入，再另存为新的 .docx 文件",
    )


def test_nesting(path):
    deep = b"<w:a>" * 300 + b"</w:a>" * 300
    data = altered(DOCUMENT, b"<w:body>", b"<w:body>" + deep, document())
    assert refusal(path, data, "docx") == (
        "文件的内部结构异常（内容嵌套得太深），不像是 WPS 或 Word 直接保存的文件",
        RESAVE_DOCX,
    )


def test_document_of_broken_xml(path):
    data = altered(DOCUMENT, b"</w:body>", b"", document())
    assert refusal(path, data, "docx") == DAMAGED_DOCX


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'Target="styles.xml"', b'Target="nowhere.xml"'),
        (b'Target="styles.xml"', b'Target="../NULL"'),
    ],
)
def test_a_document_that_names_a_part_that_is_not_there_is_refused(tmp_path, old, new):
    path = tmp_path / "公开.docx"
    path.write_bytes(altered("word/_rels/document.xml.rels", old, new, document()))
    with pytest.raises(UnusableInputError) as refused:
        admit(path, "docx")
    assert (refused.value.problem, refused.value.fix) == DAMAGED_DOCX


def test_a_document_without_a_body_is_refused(tmp_path):
    path = tmp_path / "公开.docx"
    empty = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
    path.write_bytes(with_part(DOCUMENT, empty, document()))
    with pytest.raises(UnusableInputError) as refused:
        admit(path, "docx")
    assert (refused.value.problem, refused.value.fix) == DAMAGED_DOCX


def test_many_paragraphs_outside_tables(path):
    """Refused before they are read, which would take seconds; paragraphs in cells are not counted."""
    data = altered(DOCUMENT, b"<w:body>", b"<w:body>" + b"<w:p/>" * 60_001, document())
    assert refusal(path, data, "docx") == (
        "文件里的表格之外的段落太多：约 60,002 个，最多 60,000 个",
        "检查是否选错了文件；删除不需要的空段落，或把文档分成几个文件",
    )
    cells = b"<w:tbl><w:tr>" + b"<w:tc><w:p/></w:tc>" * 60_001 + b"</w:tr></w:tbl>"
    path.write_bytes(altered(DOCUMENT, b"<w:body>", b"<w:body>" + cells, document()))
    assert admit(path, "docx")


# --- what is no file --------------------------------------------------------------------------------

NO_FILE = ("这是管道、设备之类的东西，不是文件", "选择 .xlsx 文件")
UNREADABLE = ("这个文件读不出来，可能是 U 盘、网络盘或磁盘出了问题", "把文件复制到本机的文件夹后再试")


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
@pytest.mark.parametrize(
    ("make", "told"),
    [
        (os.mkfifo, NO_FILE),
        (lambda path: path.symlink_to("/dev/zero"), NO_FILE),
        (lambda path: path.symlink_to(path), UNREADABLE),
        (Path.mkdir, ("这是一个文件夹，不是文件", "选择文件夹里的 .xlsx 文件")),
        (_socket, UNREADABLE),
    ],
    ids=["pipe", "device", "itself", "folder", "socket"],
)
def test_what_is_no_file_is_refused_and_not_waited_for(make, told, tmp_path, monkeypatch):
    """Also where a link leads to it, and where it should be a list of names."""
    monkeypatch.chdir(tmp_path)  # the name of a socket is short
    odd, link = Path("a.xlsx"), Path("b.xlsx")
    make(odd)
    link.symlink_to(odd)
    for path in (odd, link):
        with pytest.raises(UnusableInputError) as refused:
            admit(path, "xlsx")
        assert (refused.value.problem, refused.value.fix) == told
    names = Path("名单.txt")
    names.symlink_to(odd)
    with pytest.raises(UnusableInputError, match="读不了单位名单"):
        read_names(names)
