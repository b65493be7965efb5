"""How much the streams of a PDF unpack to, measured before what reads it unpacks them without measure."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Final

from budgetgen.reading.guard import limits
from budgetgen.reading.guard.refusals import RefusalError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK: Final = re.compile(rb"(?<!end)stream\r?\n|endstream")
_PICTURE: Final = re.compile(rb"/Subtype\s{0,8}/Image")
"""Pictures are never unpacked."""
_HEAD: Final = 1024
"""How far before a stream its description may begin."""
_STEP: Final = limits.MB


def check_streams(data: bytes) -> None:
    """Refuse a PDF whose streams unpack to more than any disclosure has."""
    room = limits.MAX_TOTAL_BYTES
    for stream in _streams(data):
        room -= _unpacked(stream, min(room, limits.MAX_PART_BYTES))
        if room < 0:
            raise RefusalError(
                "文件展开后太大（全部超过 {total} MB，或其中一部分超过 {part} MB），不像是公开文本",
                "检查是否选错了文件；用 Word、WPS 把原文档重新存为 PDF",
                total=limits.MAX_TOTAL_BYTES // limits.MB,
                part=limits.MAX_PART_BYTES // limits.MB,
            )


def _streams(data: bytes) -> Iterator[memoryview]:
    """The streams that are no pictures; each byte stands in one at most."""
    view, begin, before = memoryview(data), -1, 0
    for mark in _MARK.finditer(data):
        if mark[0] != b"endstream":
            begin = mark.end() if begin < 0 else begin
        elif begin >= 0:
            if not _PICTURE.search(data, max(before, begin - _HEAD), begin):
                yield view[begin : mark.start()]
            begin, before = -1, mark.end()


def _unpacked(stream: memoryview, most: int) -> int:
    """How much a stream unpacks to, as far as it can be unpacked; more than the most is as bad as any."""
    packed, size, unpacker = bytes(stream), 0, zlib.decompressobj()
    try:
        while packed and not unpacker.eof and size <= most:
            size += len(unpacker.decompress(packed, _STEP))
            packed = unpacker.unconsumed_tail
    except zlib.error:  # not packed, or in another way: then the process that reads it is what is bounded
        pass
    return size if size <= most else limits.MAX_TOTAL_BYTES + 1
