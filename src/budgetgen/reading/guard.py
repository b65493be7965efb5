"""The door: no library opens a file before this module has admitted it.

Workbooks and documents come from many hands, by mail, chat and USB stick. The libraries that read
them trust what they are given: openpyxl makes an object for every cell of a merged range, python-docx
counts through any column span, an unzipped part may be a thousand times its packed size, and a file
in the strict dialect reads as a workbook without sheets. So the file is read once, whole and bounded;
everything in it is unpacked in small steps and measured; and the very bytes that were measured are
handed on, so that nothing can change between the check and the reading.

Two ways of looking at XML are used, on purpose. Names are *counted in the raw text*: an element cannot
be there without its name being there, so such a count may be too high but never too low, and it is
fast enough to be done on every file. Where exact attributes or nesting matter, expat reads the part.

A refusal speaks to a finance clerk: what is wrong, and what to do about it in WPS, Excel or Word.
"""

from __future__ import annotations

import codecs
import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from xml.parsers import expat

from budgetgen.findings import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

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

_RESAVE: Final = "在 {app} 中打开这个文件，另存为新的 {suffix} 文件"
_CHOOSE: Final = "选择填好的 {suffix} 文件"
_DAMAGED: Final = (
    "文件不完整或已损坏，可能在复制、下载或传输时中断",
    "重新复制或下载这个文件；如果 {app} 还能打开它，就另存为新的 {suffix} 文件",
)
_ODD: Final = "文件的内部结构异常（{what}），不像是 {app} 直接保存的文件"
_SPLIT: Final = "把内容分到几个文件里，或删除不需要的内容，保存后再试"
_PASTE: Final = "从下发的空白填报表重新开始，只用“选择性粘贴—数值”把数据粘贴过去"
_TRIM: Final = "在 {app} 中选中数据下方的全部空行和右侧的全部空列，删除后保存再试"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the caller came for, and how it is called.

    Attributes:
        suffix: the file name's ending.
        app: the programs that make such files.
        noun: what such a file is.
        main_type: the content type of its main part.
        main_part: where the main part is unless the file says otherwise.
        dialect: the word in the main part's namespace.
        most_tags: how many tags all parts may have together.
    """

    suffix: str
    app: str
    noun: str
    main_type: str
    main_part: str
    dialect: str
    most_tags: int


_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_XLSX: Final = _Wanted(
    suffix=".xlsx",
    app="WPS 或 Excel",
    noun="Excel 工作簿",
    main_type=_OFFICE + "spreadsheetml.sheet.main+xml",
    main_part="xl/workbook.xml",
    dialect="spreadsheetml",
    most_tags=10_000_000,
)
_DOCX: Final = _Wanted(
    suffix=".docx",
    app="WPS 或 Word",
    noun="Word 文档",
    main_type=_OFFICE + "wordprocessingml.document.main+xml",
    main_part="word/document.xml",
    dialect="wordprocessingml",
    most_tags=3_000_000,
)


class _RefusalError(Exception):
    """A refusal before it is worded for the kind of file that was wanted."""

    def __init__(self, problem: str, fix: str, **facts: str | int) -> None:
        super().__init__(problem)
        self.problem, self.fix, self.facts = problem, fix, facts

    def worded(self, wanted: _Wanted) -> tuple[str, str]:
        words = asdict(wanted) | self.facts
        return self.problem.format(**words), self.fix.format(**words)


def admit(path: Path, kind: Literal["xlsx", "docx"]) -> bytes:
    """Read a whole file and refuse it unless a library can open it safely.

    Args:
        path: the file, as the user named it.
        kind: what it has to be; the content decides, not the file name's ending.

    Returns:
        The file's bytes, exactly those that were checked: open `io.BytesIO` of them, not the path.

    Raises:
        UnusableInputError: the file is missing, locked, damaged, of another kind, or hostile.
    """
    wanted = {"xlsx": _XLSX, "docx": _DOCX}[kind]
    try:
        data = _read(path)
        _check_format(data)
        _check_package(data, wanted)
    except _RefusalError as refusal:
        raise UnusableInputError(path, *refusal.worded(wanted)) from None
    return data


# --- the file ---------------------------------------------------------------------------------------

_OS_TROUBLES: Final[tuple[tuple[type[OSError], str, str], ...]] = (
    (FileNotFoundError, "找不到这个文件", "检查文件名和文件夹是否写对，文件是否被移动、改名或删除"),
    (IsADirectoryError, "这是一个文件夹，不是文件", "选择文件夹里的 {suffix} 文件"),
    (
        PermissionError,
        "没有权限读取这个文件，或者它被别的程序占用（可能正被 {app} 打开）",
        "在 {app} 中关闭这个文件后再试；仍然不行，就把它复制到自己的文件夹再用",
    ),
    (
        OSError,
        "这个文件读不出来，可能是 U 盘、网络盘或磁盘出了问题",
        "把文件复制到本机的文件夹后再试",
    ),
)


def _read(path: Path) -> bytes:
    if path.name.startswith(("~$", ".~")):
        raise _RefusalError(
            "这是 {app} 打开文件时产生的临时文件，不是 {noun}本身",
            "选择名称开头没有“~$”或“.~”的那个 {suffix} 文件",
        )
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, error) from None
    if len(data) > MAX_FILE_BYTES:
        raise _RefusalError(
            "文件太大，超过 {limit} MB",
            "在 {app} 中删除不需要的图片、附件和空白行列，另存为新的 {suffix} 文件",
            limit=MAX_FILE_BYTES // MB,
        )
    return data


def _unreadable(path: Path, error: OSError) -> _RefusalError:
    # Windows answers "permission denied" when a directory is opened.
    trouble = IsADirectoryError if path.is_dir() else type(error)
    return next(
        _RefusalError(problem, fix) for kind, problem, fix in _OS_TROUBLES if issubclass(trouble, kind)
    )


# --- what the bytes are -----------------------------------------------------------------------------

_OLE2: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = b"PK\x03\x04"
_IMAGES: Final = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
_PACKED: Final = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"PK\x05\x06")
_HTML: Final = re.compile(rb"\s*<(?:!doctype html|html|head|meta|body|table|style|script)\b", re.IGNORECASE)
_XML: Final = re.compile(rb"[ \t\r\n]*<")
_PROBE: Final = 4096


def _starts(*magic: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(magic)


def _is_image(data: bytes) -> bool:
    bitmap = data.startswith(b"BM") and data[6:10] == bytes(4)
    webp = data.startswith(b"RIFF") and data[8:12] == b"WEBP"
    return data.startswith(_IMAGES) or bitmap or webp


def _is_text(data: bytes) -> bool:
    head = data[:_PROBE]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    return b"\0" not in head and any(_decodes(head, codec) for codec in ("utf-8", "gb18030"))


def _decodes(head: bytes, codec: str) -> bool:
    try:
        # Not final: the probe may end in the middle of a character.
        codecs.getincrementaldecoder(codec)().decode(head, final=False)
    except UnicodeDecodeError:
        return False
    return True


class _Format(NamedTuple):
    """A kind of file that is not ours, told by its bytes."""

    matches: Callable[[bytes], bool]
    problem: str
    fix: str


_FORMATS: Final = (
    _Format(lambda data: not data, "这个文件是空的（0 字节）", "重新保存或重新索取这个文件"),
    _Format(
        lambda data: not data[:_PROBE].strip(b"\0"),
        "这个文件里没有内容（全是空字节），可能在保存或复制时中断",
        "重新复制这个文件，或向提供的人重新索取",
    ),
    _Format(
        lambda data: data.startswith(_OLE2) and "EncryptedPackage".encode("utf-16-le") in data,
        "这个文件设置了打开密码",
        "在 {app} 中输入密码打开，去掉打开密码（文件—信息—加密，把密码清空），再保存为 {suffix} 文件",
    ),
    _Format(
        _starts(_OLE2),
        "这是旧格式的文件（.xls、.doc 或 WPS 的 .et、.wps），不是 {suffix} 格式",
        _RESAVE,
    ),
    _Format(lambda data: data[:_PROBE].lstrip().startswith(b"%PDF-"), "这是 PDF 文件，不是 {noun}", _CHOOSE),
    _Format(_is_image, "这是图片，不是 {noun}", _CHOOSE),
    _Format(
        lambda data: data.startswith(_ZIP) and b"application/vnd.oasis.opendocument." in data[:200],
        "这是 OpenDocument 文件（.ods 或 .odt），不是 {suffix} 格式",
        _RESAVE,
    ),
    _Format(_starts(*_PACKED), "这是压缩包，不是 {noun}", "先解压，再选择其中的 {suffix} 文件"),
    _Format(
        lambda data: bool(_HTML.match(data.removeprefix(codecs.BOM_UTF8)[:_PROBE])),
        "这是网页内容，只是文件名的结尾像 {noun}（有的系统导出时会这样）",
        _RESAVE,
    ),
    _Format(
        lambda data: data.startswith((b"{\\rtf", b"MIME-Version:", b"<?xml", codecs.BOM_UTF8 + b"<?xml")),
        "这个文件是 RTF、XML 或单个网页格式，不是 {suffix} 格式",
        _RESAVE,
    ),
    _Format(_is_text, "这是纯文本或 CSV 文件，不是 {noun}", _RESAVE),
    _Format(
        lambda data: not data.startswith(_ZIP),
        "认不出这个文件的内容：它不是 {noun}，或者被加密软件加了密，或者已损坏",
        "先用单位的加密软件解密；如果 {app} 能打开它，就另存为新的 {suffix} 文件",
    ),
)


def _check_format(data: bytes) -> None:
    for known in _FORMATS:
        if known.matches(data):
            raise _RefusalError(known.problem, known.fix)


# --- the package ------------------------------------------------------------------------------------

_TYPES_PART: Final = "[Content_Types].xml"
_ZIP_TROUBLES: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


def _check_package(data: bytes, wanted: _Wanted) -> None:
    # Counted before zipfile makes an object of each; stored packages inside count too, honestly few.
    if data.count(b"PK\x01\x02") > MAX_ENTRIES:
        raise _odd(f"内部的部分超过 {MAX_ENTRIES} 个")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_identity(set(archive.namelist()))
            _check_entries(archive, data)
            texts = _unpack(archive)
    except _ZIP_TROUBLES:
        raise _RefusalError(*_DAMAGED) from None
    try:
        _check_content(texts, wanted)
    except expat.ExpatError:
        raise _RefusalError(*_DAMAGED) from None


def _odd(what: str) -> _RefusalError:
    return _RefusalError(_ODD, _RESAVE, what=what)


def _check_identity(names: set[str]) -> None:
    if "OFD.xml" in names:
        raise _RefusalError("这是 OFD 版式文件，不是 {noun}", _CHOOSE)
    if _TYPES_PART not in names:
        raise _RefusalError("这是压缩包，不是 {noun}", "先解压，再选择其中的 {suffix} 文件")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _RefusalError(*_MACROS)


_ENCRYPTED: Final = 0x2041
# The others unpack without a bound on each step; Office uses these two only.
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def _leads_astray(entry: zipfile.ZipInfo) -> bool:
    # As written: zipfile itself shortens a name at a zero byte, and turns backslashes on Windows.
    name = entry.orig_filename
    plain = posixpath.normpath(name) == name.rstrip("/") and not name.startswith(("/", ".."))
    return not plain or not name.isprintable() or any(character in name for character in "\\:")


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > RATIO_MATTERS_BYTES and entry.file_size > MAX_RATIO * entry.compress_size


_ODD_ENTRIES: Final[tuple[tuple[Callable[[zipfile.ZipInfo], bool], str], ...]] = (
    (lambda entry: bool(entry.flag_bits & _ENCRYPTED), "有加了密码的内容"),
    (lambda entry: entry.compress_type not in _METHODS, "用了少见的压缩方法"),
    (lambda entry: entry.filename.endswith("/") and entry.file_size > 0, "文件夹里藏有内容"),
    (_leads_astray, "有指向文件之外的路径"),
    (_is_bomb, f"有的内容展开后是原来的 {MAX_RATIO} 倍以上"),
)


def _check_entries(archive: zipfile.ZipFile, data: bytes) -> None:
    entries = archive.infolist()
    for entry in entries:
        for is_odd, what in _ODD_ENTRIES:
            if is_odd(entry):
                raise _odd(what)
    # Part names are compared without regard to case by Office, but not by the libraries.
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise _odd("有重名的部分")
    if _overlap(entries, data, archive.start_dir):
        raise _odd("各部分互相重叠")
    largest = max(entry.file_size for entry in entries)
    if largest > MAX_PART_BYTES or sum(entry.file_size for entry in entries) > MAX_TOTAL_BYTES:
        raise _too_big()


def _too_big() -> _RefusalError:
    return _RefusalError(
        "文件展开后太大（全部超过 {total} MB，或其中一部分超过 {part} MB）",
        "在 {app} 中删除不需要的图片、附件和空白行列，另存为新的 {suffix} 文件",
        total=MAX_TOTAL_BYTES // MB,
        part=MAX_PART_BYTES // MB,
    )


def _overlap(entries: Iterable[zipfile.ZipInfo], data: bytes, directory: int) -> bool:
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        start = entry.header_offset
        if start < end or not data.startswith(_ZIP, start):
            return True
        name_length, extra_length = struct.unpack_from("<HH", data, start + 26)
        end = start + 30 + name_length + extra_length + entry.compress_size
    return end > directory


_XML_ENDINGS: Final = (".xml", ".rels", ".vml")


def _unpack(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Unpack every part, and keep those that are XML by name or by content.

    By content too, because a relationship may call any part a worksheet, whatever its name.
    """
    texts: dict[str, bytes] = {}
    room = MAX_TOTAL_BYTES
    for entry in archive.infolist():
        content = _unpack_entry(archive, entry, min(room, MAX_PART_BYTES))
        room -= len(content)
        text = _as_utf8(content)
        if entry.filename.lower().endswith(_XML_ENDINGS) or _XML.match(text):
            texts[entry.filename] = text
    return texts


def _unpack_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    with archive.open(entry) as stream:
        while chunk := stream.read(MB // 4):
            size += len(chunk)
            if size > room:
                raise _too_big()
            chunks.append(chunk)
    if size != entry.file_size:
        raise _RefusalError(*_DAMAGED)
    return b"".join(chunks)


# --- what the package holds -------------------------------------------------------------------------

_UTF16: Final = (
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_ENCODING: Final = re.compile(rb"<\?xml[^<]*?encoding\s*=\s*[\"']([^\"']*)")
_ENCODINGS: Final = {b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii"}
_DECLARATION: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


def _as_utf8(content: bytes) -> bytes:
    codec = next((codec for mark, codec in _UTF16 if content.startswith(mark)), None)
    # Half a character is no XML: what is replaced here is refused by the parser later.
    text = content.decode(codec, "replace").encode() if codec else content
    return text.removeprefix(codecs.BOM_UTF8)


def _has_odd_encoding(text: bytes) -> bool:
    declared = _ENCODING.match(text)
    return b"\0" in text or (declared is not None and declared[1].lower() not in _ENCODINGS)


def _check_content(texts: dict[str, bytes], wanted: _Wanted) -> None:
    for part, text in texts.items():
        _check_text(part, text)
    if sum(text.count(b"<") for text in texts.values()) > wanted.most_tags:
        raise _RefusalError("文件的内容太多，处理不了", _SPLIT)
    main = _main_part(_attributes(texts[_TYPES_PART], "Default", "Override"), wanted)
    if main not in texts:
        raise _RefusalError("这不是 {noun}：文件里没有 {noun}的主体内容", _CHOOSE)
    if f"http://purl.oclc.org/ooxml/{wanted.dialect}/main".encode() in texts[main]:
        raise _RefusalError(
            "这是“严格”（Strict Open XML）格式的文件，其中的内容读不出来",
            _RESAVE + "（保存类型选普通的“{noun}”，不选带“Strict”或“严格”的那一种）",
        )
    if wanted is _XLSX:
        _check_sheets(texts, _sheet_titles(texts, main))
    else:
        _check_amounts(texts, {})
        for part, text in texts.items():
            _check_outline(part, text)


def _check_text(part: str, text: bytes) -> None:
    if not _XML.match(text):
        raise _RefusalError(*_DAMAGED)
    if _has_odd_encoding(text):
        raise _odd("文字编码不是 UTF-8 或 UTF-16")
    if not _DECLARATION.search(text):
        return
    if part.lower().endswith(_XML_ENDINGS):
        raise _RefusalError(
            "文件内部带有自定义声明（DOCTYPE 或 ENTITY），正常的 {noun}没有这种内容，文件可能被人改动过",
            _RESAVE,
        )
    raise _RefusalError(
        "文件里嵌入的网页或 SVG 矢量图带有不安全的声明（DOCTYPE 或 ENTITY）",
        "在 {app} 中删除嵌入的网页内容或 SVG 图片（可改用 PNG 图片），再保存为 {suffix} 文件",
    )


_MACROS: Final = ("这个文件带有宏（程序代码），为安全起见不予打开", _RESAVE.replace("新的", "不含宏的"))
_KINDS: Final = (
    ("sheet.binary.macroEnabled.main", "这是二进制工作簿（.xlsb），不是 {suffix} 格式", _RESAVE),
    ("presentationml.presentation.main", "这是演示文稿（PPT），不是 {noun}", _CHOOSE),
    ("macroEnabled.main", *_MACROS),
    ("macroEnabledTemplate.main", *_MACROS),
    (".template.main", "这是模板文件（.xltx 或 .dotx），不是 {noun}", _RESAVE),
    ("spreadsheetml.sheet.main", "这是 Excel 工作簿，不是 {noun}", _CHOOSE),
    ("wordprocessingml.document.main", "这是 Word 文档，不是 {noun}", _CHOOSE),
)


def _main_part(declared: list[dict[str, str]], wanted: _Wanted) -> str:
    types = [each.get("ContentType", "") for each in declared]
    for fragment, problem, fix in _KINDS:
        if fragment not in wanted.main_type and any(fragment in kind for kind in types):
            raise _RefusalError(problem, fix)
    for each, kind in zip(declared, types, strict=True):
        name = each.get("PartName") or "." + each.get("Extension", "")
        # The libraries parse such a part, so it must be one that was looked at as XML.
        if re.fullmatch(r"application/vnd\..*\+xml", kind) and not name.lower().endswith(_XML_ENDINGS):
            raise _odd("有名称不符的部分")
    named = (
        each["PartName"]
        for each in declared
        if each.get("ContentType") == wanted.main_type and "PartName" in each
    )
    return next(named, wanted.main_part).removeprefix("/")


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


def _attributes(text: bytes, *elements: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def visit(name: str, attributes: dict[str, str], _: int) -> None:
        if name in elements:
            found.append(attributes)
        if len(found) > MAX_ENTRIES:
            raise _odd("内部目录太长")

    _walk(text, visit)
    return found


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
                raise _odd("几个工作表共用一份内容")
            titles[part] = sheet.get("name", "")
    if len(targets) < len(links):
        raise _odd("有重复的编号")
    return titles


# --- how much of everything -------------------------------------------------------------------------


class _Limit(NamedTuple):
    """How often something may stand in one file, all parts together."""

    name: bytes
    most: int
    thing: str
    fix: str


_COVERED: Final = b"(covered)"
_RANGES: Final = b"(ranges)"
_LIMITS: Final = (
    _Limit(b"sheet", 300, "工作表", "把工作表分到几个文件里，每个单位一个文件"),
    _Limit(b"c", 2_000_000, "有内容或格式的单元格", _TRIM),
    _Limit(b"row", 500_000, "有内容或格式的行", _TRIM),
    _Limit(b"col", 20_000, "列宽设置", _PASTE),
    _Limit(b"mergeCell", 20_000, "合并单元格", "取消不需要的合并单元格，保存后再试"),
    _Limit(_COVERED, 300_000, "被合并或带链接的单元格", "取消整行、整列或大片的合并单元格和链接，保存后再试"),
    _Limit(_RANGES, 100_000, "条件格式和数据有效性的区域", _PASTE),
    _Limit(b"hyperlink", 50_000, "链接", "清除不需要的链接，保存后再试"),
    _Limit(b"conditionalFormatting", 10_000, "条件格式", "清除不需要的条件格式，保存后再试"),
    _Limit(b"cfRule", 20_000, "条件格式的规则", "清除不需要的条件格式，保存后再试"),
    _Limit(b"dataValidation", 10_000, "数据有效性设置", _PASTE),
    _Limit(b"comment", 20_000, "批注", "删除不需要的批注，保存后再试"),
    _Limit(b"definedName", 20_000, "定义的名称", "在“公式—名称管理器”中删除不需要的名称，保存后再试"),
    _Limit(b"si", 1_000_000, "不同的文字", _TRIM),
    _Limit(b"xf", 70_000, "单元格格式的种类", _PASTE),
    _Limit(b"font", 70_000, "字体设置", _PASTE),
    _Limit(b"fill", 70_000, "底色设置", _PASTE),
    _Limit(b"border", 70_000, "边框设置", _PASTE),
    _Limit(b"numFmt", 20_000, "数字格式", _PASTE),
    _Limit(b"dxf", 20_000, "条件格式的样式", _PASTE),
    _Limit(b"cellStyle", 20_000, "单元格样式", _PASTE),
    _Limit(b"p", 300_000, "段落", "把文档分成几个文件"),
    _Limit(b"tc", 300_000, "Word 表格的单元格", "把文档分成几个文件，或删除不需要的表格"),
    _Limit(b"gridCol", 100_000, "Word 表格的列", "删除不需要的表格，保存后再试"),
)
_COUNTED: Final = frozenset(limit.name for limit in _LIMITS)

_TAG: Final = re.compile(rb"<([^ \t\r\n<>/!?]+)")
# Two patterns, not one with a choice: a pattern that begins with a fixed word is ten times faster.
_EXPANDED: Final = (re.compile(rb"mergeCell(\s[^<]*)"), re.compile(rb"hyperlink(\s[^<]*)"))
_REF: Final = re.compile(rb"\sref\s*=\s*([\"'])([^<]*?)\1")
_AREA: Final = re.compile(rb"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")
_SQREF: Final = re.compile(rb"sqref\s*=\s*([\"'])([^<]*?)\1")
# Other than A1 or 1: beyond any sheet, or written so that only a parser sees how far (`1e15`, `&#49;`).
_FAR: Final = re.compile(rb"r(?<=\sr)\s*=\s*[\"'](?![A-Z]{0,3}[0-9]{1,7}[\"'])")
_SPANS: Final = {"gridSpan", "gridBefore", "gridAfter"}
# Word allows 63 columns.
_SPAN: Final = re.compile(r"[0-9]{1,3}")


def _check_sheets(texts: dict[str, bytes], titles: dict[str, str]) -> None:
    _check_amounts(texts, titles)
    for part, title in titles.items():
        # openpyxl counts through all the rows before one that claims to be the 10¹⁵th.
        if _FAR.search(texts.get(part, b"")):
            raise _RefusalError(
                "工作表“{title}”里有位置不对的行或单元格，超出了工作表的范围", _RESAVE, title=title
            )


def _check_amounts(texts: dict[str, bytes], titles: dict[str, str]) -> None:
    tallies = {part: _tally(text) for part, text in texts.items()}
    for limit in _LIMITS:
        amount = sum(tally[limit.name] for tally in tallies.values())
        if amount > limit.most:
            _, worst = max((tally[limit.name], part) for part, tally in tallies.items())
            where = f"，多数在工作表“{titles[worst]}”中" if worst in titles else ""
            raise _RefusalError(
                "文件里的{thing}太多：约 {amount:,} 个，最多 {most:,} 个{where}",
                limit.fix,
                thing=limit.thing,
                amount=amount,
                most=limit.most,
                where=where,
            )


def _tally(text: bytes) -> Counter[bytes]:
    tally: Counter[bytes] = Counter()
    start = 0
    while start < len(text):
        # In slices, so that millions of tags are never a list; each begins at a tag.
        end = start + MB
        cut = text.rfind(b"<", start + 1, end) if end < len(text) else -1
        end = end if cut < 0 else cut
        for name, times in Counter(_TAG.findall(text, start, end)).items():
            local = name.rpartition(b":")[2]
            if local in _COUNTED:
                tally[local] += times
        start = end
    tally[_RANGES] = sum(len(found[2].split()) + found[2].count(b"&") for found in _SQREF.finditer(text))
    tally[_COVERED] = sum(
        _area(ref[2])
        for expanded in _EXPANDED
        for element in expanded.finditer(text)
        for ref in _REF.finditer(element[1])
    )
    return tally


def _area(ref: bytes) -> int:
    """Count the cells of `A1:C5`, for openpyxl makes an object of each."""
    corners = _AREA.fullmatch(ref)
    if corners is None:
        raise _odd("合并单元格或链接的位置写法不对")
    left, top, right, bottom = corners.groups()
    columns = abs(_column(right or left) - _column(left)) + 1
    return columns * (abs(int(bottom or top) - int(top)) + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_outline(part: str, text: bytes) -> None:
    def visit(name: str, attributes: dict[str, str], depth: int) -> None:
        if depth > MAX_DEPTH:
            raise _odd("内容嵌套得太深")
        if name in _SPANS and not all(_SPAN.fullmatch(value) for value in attributes.values()):
            raise _RefusalError(
                "Word 表格里有单元格横跨的列数不对",
                "在 {app} 中删除这个表格重新插入，再另存为新的 {suffix} 文件",
            )

    try:
        _walk(text, visit)
    except expat.ExpatError:
        # Old drawings and embedded pages are not well-formed, and no library parses them.
        if part.lower().endswith((".xml", ".rels")):
            raise
