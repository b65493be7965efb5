"""The kinds of file that are not ours: those told by their first bytes, and those told by what a package declares."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from budgetgen.reading.guard.refusals import CHOOSE, RESAVE, RefusalError

if TYPE_CHECKING:
    from collections.abc import Callable

# --- by their bytes -----------------------------------------------------------------------------------------

OLE2: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP: Final = b"PK\x03\x04"
_IMAGES: Final = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
_PACKED: Final = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"PK\x05\x06")
_HTML: Final = re.compile(rb"\s*<(?:!doctype html|html|head|meta|body|table|style|script)\b", re.IGNORECASE)
_PAGE: Final = re.compile(rb"<(?:!doctype html|html|body|table)\b", re.IGNORECASE)
_MAIL: Final = re.compile(rb"^MIME-Version:", re.IGNORECASE | re.MULTILINE)
"""How a page that is saved with its pictures tells that it is one (RFC 2557)."""
_PROBE: Final = 4096
_PDF_PROBE: Final = 1024


def is_pdf(data: bytes) -> bool:
    """Whether a file is a PDF: readers take one that begins within the first bytes."""
    return b"%PDF-" in data[:_PDF_PROBE] and not data.startswith((ZIP, OLE2))


def is_web(data: bytes) -> bool:
    """Whether a file is a web page, or one with all that belongs to it."""
    head = data[:_PROBE]
    packed = head.startswith((ZIP, OLE2)) or is_pdf(data)
    return not packed and (_PAGE.search(head) or _MAIL.search(head)) is not None


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
        lambda data: data.startswith(OLE2) and "EncryptedPackage".encode("utf-16-le") in data,
        "这个文件设置了打开密码",
        "在 {app} 中输入密码打开，去掉打开密码（文件—信息—加密，把密码清空），再保存为 {suffix} 文件",
    ),
    _Format(
        _starts(OLE2),
        "这是旧格式的文件（.xls、.doc 或 WPS 的 .et、.wps），不是 {suffix} 格式",
        RESAVE,
    ),
    _Format(
        is_pdf,
        "这是 PDF 文件，不是 {noun}",
        CHOOSE + "；要核对 PDF 公开文本，把它的文件名改成以 .pdf 结尾",
    ),
    _Format(_is_image, "这是图片，不是 {noun}", CHOOSE),
    _Format(
        lambda data: data.startswith(ZIP) and b"application/vnd.oasis.opendocument." in data[:200],
        "这是 OpenDocument 文件（.ods 或 .odt），不是 {suffix} 格式",
        RESAVE,
    ),
    _Format(_starts(*_PACKED), "这是压缩包，不是 {noun}", "先解压，再选择其中的 {suffix} 文件"),
    _Format(
        lambda data: bool(_HTML.match(data.removeprefix(codecs.BOM_UTF8)[:_PROBE])),
        "这是网页内容，只是文件名的结尾像 {noun}（有的系统导出时会这样）",
        RESAVE,
    ),
    _Format(
        lambda data: data.startswith((b"{\\rtf", b"MIME-Version:", b"<?xml", codecs.BOM_UTF8 + b"<?xml")),
        "这个文件是 RTF、XML 或单个网页格式，不是 {suffix} 格式",
        RESAVE,
    ),
    _Format(_is_text, "这是纯文本或 CSV 文件，不是 {noun}", RESAVE),
    _Format(
        lambda data: not data.startswith(ZIP),
        "认不出这个文件的内容：它不是 {noun}，或者被加密软件加了密，或者已损坏",
        "先用单位的加密软件解密；如果 {app} 能打开它，就另存为新的 {suffix} 文件",
    ),
)


def check_format(data: bytes) -> None:
    """Refuse a file whose bytes tell that it is of another kind."""
    for known in _FORMATS:
        if known.matches(data):
            raise RefusalError(known.problem, known.fix)


# --- by what they declare -----------------------------------------------------------------------------------

TYPES_PART: Final = "[Content_Types].xml"
_MACROS: Final = ("这个文件带有宏（程序代码），为安全起见不予打开", RESAVE.replace("新的", "不含宏的"))
KINDS: Final = (
    ("sheet.binary.macroEnabled.main", "这是二进制工作簿（.xlsb），不是 {suffix} 格式", RESAVE),
    ("presentationml.presentation.main", "这是演示文稿（PPT），不是 {noun}", CHOOSE),
    ("macroEnabled.main", *_MACROS),
    ("macroEnabledTemplate.main", *_MACROS),
    (".template.main", "这是模板文件（.xltx 或 .dotx），不是 {noun}", RESAVE),
    ("spreadsheetml.sheet.main", "这是 Excel 工作簿，不是 {noun}", CHOOSE),
    ("wordprocessingml.document.main", "这是 Word 文档，不是 {noun}", CHOOSE),
)


def check_identity(names: set[str]) -> None:
    """Refuse a zip file whose parts tell that it is of another kind."""
    if "OFD.xml" in names:
        raise RefusalError("这是 OFD 版式文件，不是 {noun}", CHOOSE)
    if TYPES_PART not in names:
        raise RefusalError("这是压缩包，不是 {noun}", "先解压，再选择其中的 {suffix} 文件")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise RefusalError(*_MACROS)
