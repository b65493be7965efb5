"""How large a file may be, and how often something may stand in it, all parts together."""

from __future__ import annotations

from typing import Final, NamedTuple

from budgetgen.reading.guard.refusals import PASTE, TRIM

MB: Final = 1024 * 1024
MAX_FILE_BYTES: Final = 50 * MB
"""The file itself."""
MAX_TOTAL_BYTES: Final = 256 * MB
"""Everything in it, unpacked."""
MAX_PART_BYTES: Final = 128 * MB
"""One part of it, unpacked."""
MAX_RATIO: Final = 200
"""Unpacked to packed size; honest sheets of repeated blanks reach about 15, tables in documents 100."""
RATIO_MATTERS_BYTES: Final = 8 * MB
"""A smaller part may be packed as tightly as it likes: a blank picture is."""
MAX_ENTRIES: Final = 5_000
MAX_DEPTH: Final = 250
"""Nesting of elements in a document; lxml gives up, in English, at 256."""


class Limit(NamedTuple):
    """How often something may stand in one file, all parts together."""

    name: bytes
    most: int
    thing: str
    fix: str


COVERED: Final = b"(covered)"
RANGES: Final = b"(ranges)"
LOOSE: Final = b"(loose)"
"""Paragraphs outside tables: hardly ever more than a page for each of a thousand projects."""
LIMITS: Final = (
    Limit(b"sheet", 300, "工作表", "把工作表分到几个文件里，每个单位一个文件"),
    Limit(b"c", 2_000_000, "有内容或格式的单元格", TRIM),
    Limit(b"row", 500_000, "有内容或格式的行", TRIM),
    Limit(b"col", 20_000, "列宽设置", PASTE),
    Limit(b"mergeCell", 20_000, "合并单元格", "取消不需要的合并单元格，保存后再试"),
    Limit(COVERED, 300_000, "被合并或带链接的单元格", "取消整行、整列或大片的合并单元格和链接，保存后再试"),
    Limit(RANGES, 100_000, "条件格式和数据有效性的区域", PASTE),
    Limit(b"hyperlink", 50_000, "链接", "清除不需要的链接，保存后再试"),
    Limit(b"conditionalFormatting", 10_000, "条件格式", "清除不需要的条件格式，保存后再试"),
    Limit(b"cfRule", 20_000, "条件格式的规则", "清除不需要的条件格式，保存后再试"),
    Limit(b"dataValidation", 10_000, "数据有效性设置", PASTE),
    Limit(b"comment", 20_000, "批注", "删除不需要的批注，保存后再试"),
    Limit(b"definedName", 20_000, "定义的名称", "在“公式—名称管理器”中删除不需要的名称，保存后再试"),
    Limit(b"si", 1_000_000, "不同的文字", TRIM),
    Limit(b"xf", 70_000, "单元格格式的种类", PASTE),
    Limit(b"font", 70_000, "字体设置", PASTE),
    Limit(b"fill", 70_000, "底色设置", PASTE),
    Limit(b"border", 70_000, "边框设置", PASTE),
    Limit(b"numFmt", 20_000, "数字格式", PASTE),
    Limit(b"dxf", 20_000, "条件格式的样式", PASTE),
    Limit(b"cellStyle", 20_000, "单元格样式", PASTE),
    Limit(b"p", 300_000, "段落", "把文档分成几个文件"),
    Limit(LOOSE, 60_000, "表格之外的段落", "检查是否选错了文件；删除不需要的空段落，或把文档分成几个文件"),
    Limit(b"tc", 300_000, "Word 表格的单元格", "把文档分成几个文件，或删除不需要的表格"),
    Limit(b"gridCol", 100_000, "Word 表格的列", "删除不需要的表格，保存后再试"),
)
COUNTED: Final = frozenset(limit.name for limit in LIMITS)
