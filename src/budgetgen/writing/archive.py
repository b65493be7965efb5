"""Files as they are put on the disk: the same content gives the same bytes, and a file is whole or not there.

Word and Excel files are zip archives. The libraries that make them put the time of day and their own
order into them; `normalise` takes both out. `replace_file` never leaves half a file behind.
"""

from __future__ import annotations

import errno
import io
import os
import stat
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from budgetgen.values.findings import UnusableInputError
from budgetgen.values.troubles import blame_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip archive can tell."""

CONTENT_TYPES: Final = "[Content_Types].xml"
_FIRST: Final = (CONTENT_TYPES, "_rels/.rels")
"""Programs that look at the beginning of a file only expect these there."""


def pack(parts: Mapping[str, bytes | Iterable[bytes]]) -> bytes:
    """An archive of these parts, whole or in pieces, the same whenever and wherever it is made."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=_place):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # else it tells on which system it was made
            part = parts[name]
            with archive.open(entry, "w") as target:
                target.writelines((part,) if isinstance(part, bytes) else part)
    return buffer.getvalue()


def _place(name: str) -> tuple[int, str]:
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)


def normalise(data: bytes) -> bytes:
    """The same archive without the time and the order in which it was made."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return pack({name: archive.read(name) for name in archive.namelist()})


def replace_file(path: Path, data: bytes) -> None:
    """Write a file beside its place and move it there.

    Args:
        path: the file, as the user named it; it may exist.
        data: all of it.

    Raises:
        UnusableInputError: it cannot be written; what stood there before is untouched.
    """
    target = path.resolve()  # a link stays one
    # The name is short: a Chinese file name may already be as long as a name can be.
    beside = target.with_name(f".budgetgen-{os.urandom(4).hex()}.tmp")
    try:
        _require_writable(target)
        _write(beside, data)
        beside.replace(target)
    except OSError as error:
        raise UnusableInputError(path, *_trouble(error, replacing=beside.exists()), blame_of(error)) from None
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, where they do not exist.

    Raises:
        UnusableInputError: it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableInputError(path, *_trouble(error, replacing=False), blame_of(error)) from None


def move_file(path: Path, target: Path) -> None:
    """Give a file another name.

    Raises:
        UnusableInputError: it cannot be moved.
    """
    try:
        path.rename(target)
    except OSError as error:
        raise UnusableInputError(path, *_trouble(error, replacing=True), blame_of(error)) from None


def _require_writable(target: Path) -> None:
    """Moving a file over a read-only one succeeds on some systems; no one wants that."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if target.exists() and not target.stat().st_mode & stat.S_IWUSR:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


_FULL: Final = ("磁盘或 U 盘已满，写不下这个文件", "清理出一些空间，或换一个位置保存")
_TOO_LONG: Final = ("文件名或文件夹的路径太长", "缩短文件名，或换到路径较短的文件夹")
_NO_FOLDER: Final = ("要保存到的文件夹不存在", "先建好这个文件夹，或检查路径是否写对")
_READ_ONLY: Final = (
    "这个文件是只读的，或所在的磁盘、U 盘不允许写入",
    "在文件“属性”里去掉“只读”，或换一个文件名或位置保存",
)
_TROUBLES: Final[Mapping[int, tuple[str, str]]] = {
    errno.ENOENT: _NO_FOLDER,
    errno.ENOTDIR: _NO_FOLDER,
    errno.EEXIST: ("这里已有一个同名的文件，建不了文件夹", "换一个文件夹，或给那个文件改名"),
    errno.EISDIR: ("这里已有一个同名的文件夹", "换一个文件名，或给那个文件夹改名"),
    errno.EROFS: _READ_ONLY,
    errno.ENOSPC: _FULL,
    errno.EFBIG: _FULL,
    errno.EDQUOT: _FULL,
    errno.ENAMETOOLONG: _TOO_LONG,
    errno.EINVAL: ("文件名或路径里有系统不允许的字符", "换一个文件名"),
}
_IN_USE: Final = (
    "这个文件正被 Word、WPS 或 Excel 等程序打开，写不进去",
    "关闭打开它的程序后再试，或换一个文件名",
)
_FORBIDDEN: Final = ("没有在这里写入的权限", "换到自己的文件夹（例如“文档”或桌面）保存")
_OTHER: Final = ("这个文件写不出来，可能是 U 盘、网络盘或磁盘出了问题", "换到本机的文件夹保存后再试")


def _trouble(error: OSError, *, replacing: bool) -> tuple[str, str]:
    """What went wrong and what to do; `replacing` where only the file in that place was in the way."""
    if isinstance(error, PermissionError):
        return _IN_USE if replacing else _FORBIDDEN
    return _TROUBLES.get(error.errno or 0, _OTHER)
