"""The zip file of a workbook or document: its entries are measured before and while they are unpacked."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

from budgetgen.reading.guard import limits
from budgetgen.reading.guard.content import XML, XML_ENDINGS, as_utf8
from budgetgen.reading.guard.kinds import ZIP, check_identity
from budgetgen.reading.guard.refusals import DAMAGED, RefusalError, odd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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


def parts(data: bytes) -> dict[str, bytes]:
    """The parts that are XML, by name, in UTF-8."""
    # Counted before zipfile makes an object of each; stored packages inside count too, honestly few.
    if data.count(b"PK\x01\x02") > limits.MAX_ENTRIES:
        raise odd(f"内部的部分超过 {limits.MAX_ENTRIES} 个")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_identity(set(archive.namelist()))
            _check_entries(archive, data)
            return _unpack(archive)
    except _ZIP_TROUBLES:
        raise RefusalError(*DAMAGED) from None


_ENCRYPTED: Final = 0x2041
# The others unpack without a bound on each step; Office uses these two only.
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def _leads_astray(entry: zipfile.ZipInfo) -> bool:
    # As written: zipfile itself shortens a name at a zero byte, and turns backslashes on Windows.
    name = entry.orig_filename
    plain = posixpath.normpath(name) == name.rstrip("/") and not name.startswith(("/", ".."))
    return not plain or not name.isprintable() or any(character in name for character in "\\:")


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return (
        entry.file_size > limits.RATIO_MATTERS_BYTES
        and entry.file_size > limits.MAX_RATIO * entry.compress_size
    )


_ODD_ENTRIES: Final[tuple[tuple[Callable[[zipfile.ZipInfo], bool], str], ...]] = (
    (lambda entry: bool(entry.flag_bits & _ENCRYPTED), "有加了密码的内容"),
    (lambda entry: entry.compress_type not in _METHODS, "用了少见的压缩方法"),
    (lambda entry: entry.filename.endswith("/") and entry.file_size > 0, "文件夹里藏有内容"),
    (_leads_astray, "有指向文件之外的路径"),
    (_is_bomb, f"有的内容展开后是原来的 {limits.MAX_RATIO} 倍以上"),
)


def _check_entries(archive: zipfile.ZipFile, data: bytes) -> None:
    entries = archive.infolist()
    for entry in entries:
        for is_odd, what in _ODD_ENTRIES:
            if is_odd(entry):
                raise odd(what)
    # Part names are compared without regard to case by Office, but not by the libraries.
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise odd("有重名的部分")
    if _overlap(entries, data, archive.start_dir):
        raise odd("各部分互相重叠")
    largest = max(entry.file_size for entry in entries)
    if largest > limits.MAX_PART_BYTES or sum(entry.file_size for entry in entries) > limits.MAX_TOTAL_BYTES:
        raise _too_big()


def _too_big() -> RefusalError:
    return RefusalError(
        "文件展开后太大（全部超过 {total} MB，或其中一部分超过 {part} MB）",
        "在 {app} 中删除不需要的图片、附件和空白行列，另存为新的 {suffix} 文件",
        total=limits.MAX_TOTAL_BYTES // limits.MB,
        part=limits.MAX_PART_BYTES // limits.MB,
    )


def _overlap(entries: Iterable[zipfile.ZipInfo], data: bytes, directory: int) -> bool:
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        start = entry.header_offset
        if start < end or not data.startswith(ZIP, start):
            return True
        name_length, extra_length = struct.unpack_from("<HH", data, start + 26)
        end = start + 30 + name_length + extra_length + entry.compress_size
    return end > directory


def _unpack(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Unpack every part, and keep those that are XML by name or by content.

    By content too, because a relationship may call any part a worksheet, whatever its name.
    """
    texts: dict[str, bytes] = {}
    room = limits.MAX_TOTAL_BYTES
    for entry in archive.infolist():
        content = _unpack_entry(archive, entry, min(room, limits.MAX_PART_BYTES))
        room -= len(content)
        text = as_utf8(content)
        if entry.filename.lower().endswith(XML_ENDINGS) or XML.match(text):
            texts[entry.filename] = text
    return texts


def _unpack_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    with archive.open(entry) as stream:
        while chunk := stream.read(limits.MB // 4):
            size += len(chunk)
            if size > room:
                raise _too_big()
            chunks.append(chunk)
    if size != entry.file_size:
        raise RefusalError(*DAMAGED)
    return b"".join(chunks)
