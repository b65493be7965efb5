"""Word documents into PDF by LibreOffice: one process for all, a profile of its own, and a limit of time."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from budgetgen.values.findings import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

SOFFICE: Final = "BUDGETGEN_SOFFICE"
"""The environment variable with the program; empty where it is not to be used."""
_PLACES: Final = (
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "C:/Program Files (x86)/LibreOffice/program/soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
"""Where it is installed on systems that do not put it on the path."""
_START, _EACH = 90, 60
"""Seconds that are waited for the program and for each document."""
_SETTINGS: Final[Mapping[str, tuple[str, str]]] = {
    "SelectPdfVersion": ("long", "2"),  # PDF/A-2b: fonts embedded, nothing outside the file
    "UseTaggedPDF": ("boolean", "true"),
    "ExportBookmarks": ("boolean", "true"),
    "ExportNotes": ("boolean", "false"),
    "ExportFormFields": ("boolean", "false"),
}


def program() -> str | None:
    """The program, None where it is not there or not wanted."""
    if SOFFICE in os.environ:
        return shutil.which(os.environ[SOFFICE]) if os.environ[SOFFICE] else None
    found = (shutil.which(name) for name in ("soffice", "libreoffice", *_PLACES))
    return next(filter(None, found), None)


def available() -> bool:
    """Whether PDF can be made here: by the program, with the library that reads them."""
    return program() is not None and find_spec("pypdf") is not None


def to_pdf(documents: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Tagged PDF/A-2 with bookmarks of Word documents, by their names; the same document gives the same bytes.

    Raises:
        UnusableInputError: LibreOffice is not there, takes too long, or cannot do it.
    """
    soffice = program()
    if soffice is None:
        fix = f"安装 LibreOffice（免费），或把环境变量 {SOFFICE} 设为它的 soffice 程序；也可以在 WPS、Word 里另存为 PDF"
        raise UnusableInputError("LibreOffice", "没有找到这个程序，不能生成 PDF", fix)
    if find_spec("pypdf") is None:
        raise UnusableInputError(
            "pypdf", "没有安装这个程序库，不能生成 PDF", "pip install budgetgen[publish]"
        )
    with TemporaryDirectory(prefix="budgetgen-") as name:
        folder = Path(name)
        files = {call: folder / f"{number}.docx" for number, call in enumerate(documents)}
        for call, path in files.items():
            path.write_bytes(documents[call])
        _convert(soffice, folder, list(files.values()))
        return {call: _pdf(call, path, documents[call]) for call, path in files.items()}


def _convert(soffice: str, folder: Path, files: list[Path]) -> None:
    settings = {key: {"type": kind, "value": value} for key, (kind, value) in _SETTINGS.items()}
    command = [
        soffice,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nologo", "--convert-to"),
        f"pdf:writer_pdf_Export:{json.dumps(settings)}",
        *("--outdir", str(folder), *map(str, files)),
    ]
    limit = _START + _EACH * len(files)
    try:
        code = _run(command, limit)
    except subprocess.TimeoutExpired:
        fix = "关闭其他程序后再试；还不行，在 WPS、Word 里另存为 PDF"
        raise UnusableInputError("LibreOffice", f"{limit} 秒还没有做完，已停止", fix) from None
    except OSError:
        code = -1
    if code:
        fix = "重新安装 LibreOffice，或在 WPS、Word 里另存为 PDF"
        raise UnusableInputError("LibreOffice", "这个程序启动不了", fix)


def _run(command: list[str], limit: float) -> int:
    """Its exit code; what does not end in time is stopped, with all that it has started."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(  # noqa: S603 - no shell, own files
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    ) as process:
        try:
            return process.wait(limit)
        except subprocess.TimeoutExpired:
            if os.name == "posix":
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            raise


def _pdf(name: str, path: Path, document: bytes) -> bytes:
    made = path.with_suffix(".pdf")
    if not made.is_file():
        raise UnusableInputError("LibreOffice", f"{name} 转不成 PDF", "在 WPS、Word 里另存为 PDF")
    return _timeless(made.read_bytes(), sha256(document).hexdigest())


# --- the same bytes -----------------------------------------------------------------------------------------

_VERSION: Final = "%PDF-1.7"
_DATE: Final = "D:20000101000000Z"
_XMP_DATE: Final = re.compile(rb"(?<=Date>)\d{4}-[^<]*(?=</xmp:)")
_XMP_EPOCH: Final = b"2000-01-01T00:00:00Z"
_ICC_DATE: Final = slice(24, 36)
"""Where a colour profile says when it was made."""


def _timeless(data: bytes, identity: str) -> bytes:
    """The same file without the time at which it was made, known by what it was made from."""
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415 - only where a PDF is made
    from pypdf.generic import ArrayObject, ByteStringObject  # noqa: PLC0415

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.pdf_header = _VERSION
    writer.add_metadata({"/CreationDate": _DATE})
    root: Any = writer.root_object
    for intent in root.get("/OutputIntents", ()):
        profile = intent.get_object()["/DestOutputProfile"].get_object()
        content = bytearray(profile.get_data())
        content[_ICC_DATE] = bytes(12)
        profile.set_data(bytes(content))
    metadata = root["/Metadata"].get_object()
    metadata.set_data(_XMP_DATE.sub(_XMP_EPOCH, metadata.get_data()))
    known = ByteStringObject(bytes.fromhex(identity[:32]))
    writer._ID = ArrayObject((known, known))  # noqa: SLF001 - pypdf only makes one by chance
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
