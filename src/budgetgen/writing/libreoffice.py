"""Word documents into PDF by LibreOffice: one process for all."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from budgetgen.reading.guard.soffice import SOFFICE, run_soffice, soffice
from budgetgen.values.findings import Blame, UnusableInputError
from budgetgen.writing.archive import pack

if TYPE_CHECKING:
    from collections.abc import Mapping

_STRETCHED: Final = re.compile(rb'(<w:jc w:val=")both(")')
_START, _EACH = 90, 60
"""Seconds that are waited for the program and for each document."""
_SETTINGS: Final[Mapping[str, tuple[str, str]]] = {
    "SelectPdfVersion": ("long", "2"),  # PDF/A-2b: fonts embedded, nothing outside the file
    "UseTaggedPDF": ("boolean", "true"),
    "ExportBookmarks": ("boolean", "true"),
    "ExportNotes": ("boolean", "false"),
    "ExportFormFields": ("boolean", "false"),
}


def available() -> bool:
    """Whether PDF can be made here: by the program, with the library that reads them."""
    return soffice() is not None and find_spec("pypdf") is not None


def to_pdf(documents: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Tagged PDF/A-2 with bookmarks of Word documents, by their names; the same document gives the same bytes.

    Raises:
        UnusableInputError: LibreOffice is not there, takes too long, or cannot do it.
    """
    program = soffice()
    if program is None:
        fix = f"安装 LibreOffice（免费），或把环境变量 {SOFFICE} 设为它的 soffice 程序；也可以在 WPS、Word 里另存为 PDF"
        raise UnusableInputError("LibreOffice", "没有找到这个程序，不能生成 PDF", fix)
    if find_spec("pypdf") is None:
        fix = "pip install budgetgen[publish]"
        raise UnusableInputError("pypdf", "没有安装这个程序库，不能生成 PDF", fix)
    with TemporaryDirectory(prefix="budgetgen-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        files = {call: folder / f"{number}.docx" for number, call in enumerate(documents)}
        for call, path in files.items():
            path.write_bytes(_ragged(documents[call]))
        _convert(program, folder, list(files.values()))
        return {call: _pdf(call, path, documents[call]) for call, path in files.items()}


def _ragged(document: bytes) -> bytes:
    """A document whose lines are not stretched to the margin: of those, LibreOffice loses signs at their ends."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return pack({name: _STRETCHED.sub(rb"\1left\2", data) for name, data in parts.items()})


def _convert(program: str, folder: Path, files: list[Path]) -> None:
    settings = {key: {"type": kind, "value": value} for key, (kind, value) in _SETTINGS.items()}
    asked = ["--convert-to", f"pdf:writer_pdf_Export:{json.dumps(settings)}", "--outdir", str(folder)]
    limit = _START + _EACH * len(files)
    try:
        code = run_soffice(program, [*asked, *map(str, files)], folder, limit)
    except subprocess.TimeoutExpired:
        fix = "关闭其他程序后再试；还不行，在 WPS、Word 里另存为 PDF"
        raise UnusableInputError("LibreOffice", f"{limit} 秒还没有做完，已停止", fix, Blame.MACHINE) from None
    except OSError:
        code = -1
    if code:
        fix = "重新安装 LibreOffice，或在 WPS、Word 里另存为 PDF"
        raise UnusableInputError("LibreOffice", "这个程序启动不了", fix, Blame.MACHINE)


def _pdf(name: str, path: Path, document: bytes) -> bytes:
    made = path.with_suffix(".pdf")
    if not made.is_file():
        fix = "在 WPS、Word 里另存为 PDF"
        raise UnusableInputError("LibreOffice", f"{name} 转不成 PDF", fix, Blame.MACHINE)
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
