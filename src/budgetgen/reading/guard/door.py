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

from io import BytesIO
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from budgetgen.reading.guard import limits
from budgetgen.reading.guard.content import check_content
from budgetgen.reading.guard.files import NotAFileError, read_file
from budgetgen.reading.guard.kinds import check_format, is_pdf, is_web
from budgetgen.reading.guard.office import is_old, made_new
from budgetgen.reading.guard.package import parts
from budgetgen.reading.guard.refusals import DAMAGED, DOCX, PDF, WEB, XLSX, RefusalError
from budgetgen.reading.guard.streams import check_streams
from budgetgen.values.findings import Blame, UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from budgetgen.reading.guard.refusals import FileWords

FileKind: TypeAlias = Literal["xlsx", "docx"]


def admit(path: Path, kind: FileKind) -> bytes:
    """Read a whole file and refuse it unless a library can open it safely.

    Args:
        path: the file, as the user named it.
        kind: what it has to be; the content decides, not the file name's ending.

    Returns:
        The file's bytes, exactly those that were checked: open `io.BytesIO` of them, not the path.

    Raises:
        UnusableInputError: the file is missing, locked, damaged, of another kind, or hostile.
    """
    return _admitted(path, kind)[0]


def admit_parts(path: Path, kind: FileKind) -> Mapping[str, bytes]:
    """The same, with the parts of the file that are XML, by name, in UTF-8.

    Raises:
        UnusableInputError: as for `admit`.
    """
    return _admitted(path, kind)[1]


def _admitted(path: Path, kind: FileKind) -> tuple[bytes, Mapping[str, bytes]]:
    wanted = {"xlsx": XLSX, "docx": DOCX}[kind]
    try:
        data = _read(path)
        if is_old(path, data, kind):
            data = made_new(data, kind)
        check_format(data)
        texts = parts(data)
        check_content(texts, wanted)
        if wanted is DOCX:
            _check_opens(data)
    except RefusalError as refusal:
        raise refusal.worded(path, wanted) from None
    return data, texts


def admit_pdf(path: Path) -> bytes:
    """Read a whole PDF and refuse it where it is none, or unpacks to too much.

    What else may be wrong with one shows when it is read, in a process of its own (`confined`).

    Raises:
        UnusableInputError: as for `admit`.
    """
    data = _of_kind(path, PDF, is_pdf)
    try:
        check_streams(data)
    except RefusalError as refusal:
        raise refusal.worded(path, PDF) from None
    return data


def admit_web(path: Path) -> bytes:
    """Read a whole saved web page and refuse it where it is none.

    Raises:
        UnusableInputError: as for `admit`.
    """
    return _of_kind(path, WEB, is_web)


def _of_kind(path: Path, wanted: FileWords, matches: Callable[[bytes], bool]) -> bytes:
    """A file whose bytes tell that it is of that kind."""
    try:
        data = _read(path)
        if not matches(data):
            check_format(data)
    except RefusalError as refusal:
        raise refusal.worded(path, wanted) from None
    if not matches(data):
        fix = f"核对文件名的结尾：{wanted.noun}才是 {wanted.suffix}，Word 文档是 .docx"
        raise UnusableInputError(path, f"这不是 {wanted.noun}", fix)
    return data


def _check_opens(data: bytes) -> None:
    """Refuse a document whose parts name others that are not there, or that has no body.

    The library opens all parts at once, in a moment; a workbook is opened sheet by sheet, where it is read.
    """
    from docx import Document  # noqa: PLC0415 - not for a workbook
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415
    from lxml.etree import XMLSyntaxError  # noqa: PLC0415

    try:
        body = Document(BytesIO(data)).element.body
    except (LookupError, ValueError, TypeError, AttributeError, XMLSyntaxError, PackageNotFoundError):
        raise RefusalError(*DAMAGED) from None
    if body is None:
        raise RefusalError(*DAMAGED)


_OS_TROUBLES: Final[tuple[tuple[type[OSError], Blame, str, str], ...]] = (
    (
        FileNotFoundError,
        Blame.FILE,
        "找不到这个文件",
        "检查文件名和文件夹是否写对，文件是否被移动、改名或删除",
    ),
    (IsADirectoryError, Blame.FILE, "这是一个文件夹，不是文件", "选择文件夹里的 {suffix} 文件"),
    (NotAFileError, Blame.FILE, "这是管道、设备之类的东西，不是文件", "选择 {suffix} 文件"),
    (
        PermissionError,
        Blame.MACHINE,
        "没有权限读取这个文件，或者它被别的程序占用（可能正被 {app} 打开）",
        "在 {app} 中关闭这个文件后再试；仍然不行，就把它复制到自己的文件夹再用",
    ),
    (
        OSError,
        Blame.MACHINE,
        "这个文件读不出来，可能是 U 盘、网络盘或磁盘出了问题",
        "把文件复制到本机的文件夹后再试",
    ),
)


def _read(path: Path) -> bytes:
    if path.name.startswith(("~$", ".~")):
        raise RefusalError(
            "这是 {app} 打开文件时产生的临时文件，不是 {noun}本身",
            "选择名称开头没有“~$”或“.~”的那个 {suffix} 文件",
        )
    try:
        data = read_file(path, limits.MAX_FILE_BYTES + 1)
    except OSError as error:
        raise _unreadable(path, error) from None
    if len(data) > limits.MAX_FILE_BYTES:
        raise RefusalError(
            "文件太大，超过 {limit} MB",
            "在 {app} 中删除不需要的图片、附件和空白行列，另存为新的 {suffix} 文件",
            limit=limits.MAX_FILE_BYTES // limits.MB,
        )
    return data


def _unreadable(path: Path, error: OSError) -> RefusalError:
    # Windows answers "permission denied" when a directory is opened.
    trouble = IsADirectoryError if path.is_dir() else type(error)
    return next(
        RefusalError(problem, fix, blame=blame)
        for kind, blame, problem, fix in _OS_TROUBLES
        if issubclass(trouble, kind)
    )
