"""The XML of a workbook or document: its encoding, what it declares itself to be, how its parts hang together."""

from __future__ import annotations

import codecs
import posixpath
import re
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from budgetgen.reading.guard import limits
from budgetgen.reading.guard.kinds import KINDS, TYPES_PART
from budgetgen.reading.guard.quantities import check_amounts
from budgetgen.reading.guard.refusals import CHOOSE, DAMAGED, RESAVE, SPLIT, XLSX, RefusalError, odd

if TYPE_CHECKING:
    from collections.abc import Callable

    from budgetgen.reading.guard.refusals import Wanted

XML: Final = re.compile(rb"[ \t\r\n]*<")
XML_ENDINGS: Final = (".xml", ".rels", ".vml")
_UTF16: Final = (
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_ENCODING: Final = re.compile(rb"<\?xml[^<]*?encoding\s*=\s*[\"']([^\"']*)")
_ENCODED: Final = re.compile(rb"<\?xml[^<>?]*+\?>")
_ENCODINGS: Final = {b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii"}
_DECLARATION: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
# Other than A1 or 1: beyond any sheet, or written so that only a parser sees how far (`1e15`, `&#49;`).
_FAR: Final = re.compile(rb"r(?<=\sr)\s*=\s*[\"'](?![A-Z]{0,3}[0-9]{1,7}[\"'])")
_SPANS: Final = {"gridSpan", "gridBefore", "gridAfter"}
# Word allows 63 columns.
_SPAN: Final = re.compile(r"[0-9]{1,3}")


def as_utf8(content: bytes) -> bytes:
    """A part as UTF-8, whichever encoding it has by its first bytes."""
    codec = next((codec for mark, codec in _UTF16 if content.startswith(mark)), None)
    # Half a character is no XML: what is replaced here is refused by the parser later.
    if codec is None:
        return content.removeprefix(codecs.BOM_UTF8)
    text = content.decode(codec, "replace").encode()
    # It would still declare what it was.
    return _ENCODED.sub(b"", text.removeprefix(codecs.BOM_UTF8), count=1)


def check_content(texts: dict[str, bytes], wanted: Wanted) -> None:
    """Refuse XML that is damaged, hostile, too much, or of another kind of file.

    Args:
        texts: the parts, in UTF-8, by name.
        wanted: the kind of file it has to be.
    """
    try:
        _check_parts(texts, wanted)
    except expat.ExpatError:
        raise RefusalError(*DAMAGED) from None


def _check_parts(texts: dict[str, bytes], wanted: Wanted) -> None:
    for part, text in texts.items():
        _check_text(part, text)
    if sum(text.count(b"<") for text in texts.values()) > wanted.most_tags:
        raise RefusalError("文件的内容太多，处理不了", SPLIT)
    main = _main_part(_attributes(texts[TYPES_PART], "Default", "Override"), wanted)
    if main not in texts:
        raise RefusalError("这不是 {noun}：文件里没有 {noun}的主体内容", CHOOSE)
    if f"http://purl.oclc.org/ooxml/{wanted.dialect}/main".encode() in texts[main]:
        raise RefusalError(
            "这是“严格”（Strict Open XML）格式的文件，其中的内容读不出来",
            RESAVE + "（保存类型选普通的“{noun}”，不选带“Strict”或“严格”的那一种）",
        )
    if wanted is XLSX:
        _check_sheets(texts, _sheet_titles(texts, main))
    else:
        check_amounts(texts, {})
        for part, text in texts.items():
            _check_outline(part, text)


def _has_odd_encoding(text: bytes) -> bool:
    declared = _ENCODING.match(text)
    return b"\0" in text or (declared is not None and declared[1].lower() not in _ENCODINGS)


def _check_text(part: str, text: bytes) -> None:
    if not XML.match(text):
        raise RefusalError(*DAMAGED)
    if _has_odd_encoding(text):
        raise odd("文字编码不是 UTF-8 或 UTF-16")
    if not _DECLARATION.search(text):
        return
    if part.lower().endswith(XML_ENDINGS):
        raise RefusalError(
            "文件内部带有自定义声明（DOCTYPE 或 ENTITY），正常的 {noun}没有这种内容，文件可能被人改动过",
            RESAVE,
        )
    raise RefusalError(
        "文件里嵌入的网页或 SVG 矢量图带有不安全的声明（DOCTYPE 或 ENTITY）",
        "在 {app} 中删除嵌入的网页内容或 SVG 图片（可改用 PNG 图片），再保存为 {suffix} 文件",
    )


def _main_part(declared: list[dict[str, str]], wanted: Wanted) -> str:
    types = [each.get("ContentType", "") for each in declared]
    for fragment, problem, fix in KINDS:
        if fragment not in wanted.main_type and any(fragment in kind for kind in types):
            raise RefusalError(problem, fix)
    for each, kind in zip(declared, types, strict=True):
        name = each.get("PartName") or "." + each.get("Extension", "")
        # The libraries parse such a part, so it must be one that was looked at as XML.
        if re.fullmatch(r"application/vnd\..*\+xml", kind) and not name.lower().endswith(XML_ENDINGS):
            raise odd("有名称不符的部分")
    named = (
        each["PartName"]
        for each in declared
        if each.get("ContentType") == wanted.main_type and "PartName" in each
    )
    return next(named, wanted.main_part).removeprefix("/")


def _check_sheets(texts: dict[str, bytes], titles: dict[str, str]) -> None:
    check_amounts(texts, titles)
    for part, title in titles.items():
        # openpyxl counts through all the rows before one that claims to be the 10¹⁵th.
        if _FAR.search(texts.get(part, b"")):
            raise RefusalError(
                "工作表“{title}”里有位置不对的行或单元格，超出了工作表的范围", RESAVE, title=title
            )


def _sheet_titles(texts: dict[str, bytes], main: str) -> dict[str, str]:
    """Find which part is which sheet.

    Each part may be one sheet only: five hundred sheets made of one part would be read five hundred times.
    """
    folder, file = posixpath.split(main)
    links = _attributes(texts.get(f"{folder}/_rels/{file}.rels", b"<none/>"), "Relationship")
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    titles: dict[str, str] = {}
    for sheet in _attributes(texts[main], "sheet"):
        for link in (value for name, value in sheet.items() if name.endswith(":id")):
            part = posixpath.normpath(posixpath.join("/", folder, targets.get(link, ""))).lstrip("/")
            if part in titles:
                raise odd("几个工作表共用一份内容")
            titles[part] = sheet.get("name", "")
    if len(targets) < len(links):
        raise odd("有重复的编号")
    return titles


def _check_outline(part: str, text: bytes) -> None:
    def visit(name: str, attributes: dict[str, str], depth: int) -> None:
        if depth > limits.MAX_DEPTH:
            raise odd("内容嵌套得太深")
        if name in _SPANS and not all(_SPAN.fullmatch(value) for value in attributes.values()):
            raise RefusalError(
                "Word 表格里有单元格横跨的列数不对",
                "在 {app} 中删除这个表格重新插入，再另存为新的 {suffix} 文件",
            )

    try:
        _walk(text, visit)
    except expat.ExpatError:
        # Old drawings and embedded pages are not well-formed, and no library parses them.
        if part.lower().endswith((".xml", ".rels")):
            raise


# --- elements -----------------------------------------------------------------------------------------------


def _attributes(text: bytes, *elements: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def visit(name: str, attributes: dict[str, str], _: int) -> None:
        if name in elements:
            found.append(attributes)
        if len(found) > limits.MAX_ENTRIES:
            raise odd("内部目录太长")

    _walk(text, visit)
    return found


def _walk(text: bytes, visit: Callable[[str, dict[str, str], int], None]) -> None:
    """Call `visit` with each element's local name, its attributes and its depth."""
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        visit(name.rpartition(":")[2], attributes, depth)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    # The text was recoded, whatever encoding it still declares.
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(text, True)
