"""Files of old formats, made new by LibreOffice where it is installed.

It works on a copy in a folder of its own (`soffice`); the file itself is never opened by it.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from budgetgen.reading.guard.kinds import OLE2
from budgetgen.reading.guard.refusals import RESAVE, RefusalError
from budgetgen.values.findings import Blame

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST: Final = 120.0
"""How many seconds it may take."""
_OLD: Final[Mapping[str, tuple[bytes, ...]]] = {
    "docx": ("WordDocument".encode("utf-16-le"),),
    "xlsx": ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le")),
}
"""The streams that tell what an old file is."""
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
"""Tells a new file that opens with a password."""
_AGAIN: Final = f"再试一次；或者{RESAVE}"
_SUFFIX: Final = {"docx": ".doc", "xlsx": ".xls"}
_FILTER: Final = {"docx": "MS Word 97", "xlsx": "MS Excel 97"}
"""What it has to be read as: whatever cannot be, LibreOffice would take for a text."""
ENDINGS: Final = {"docx": frozenset({".doc", ".wps"}), "xlsx": frozenset({".xls", ".et"})}


def is_old(path: Path, data: bytes, kind: str) -> bool:
    """Whether a file is an old one of that kind, and called so."""
    named = path.suffix.lower() in ENDINGS[kind]
    return (
        named and data.startswith(OLE2) and _LOCKED not in data and any(mark in data for mark in _OLD[kind])
    )


def made_new(data: bytes, kind: str) -> bytes:
    """An old file in the new format.

    Args:
        data: of the file.
        kind: what it is to be, docx or xlsx.
    """
    from budgetgen.reading.guard.soffice import soffice  # noqa: PLC0415 - processes are started for old files only

    program = soffice()
    if program is None:
        raise RefusalError(
            "这是旧格式的文件（.xls、.doc 或 WPS 的 .et、.wps），本机没有装 LibreOffice，不能代为转换",
            RESAVE,
        )
    # Windows keeps files open for a moment after their program has ended.
    with tempfile.TemporaryDirectory(prefix="budgetgen-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        old = folder / f"old{_SUFFIX[kind]}"
        old.write_bytes(data)
        _run(program, folder, old, kind)
        new = folder / f"old.{kind}"
        if not new.is_file():
            raise RefusalError("这是旧格式的文件，LibreOffice 打不开它，可能已损坏或设了密码", RESAVE)
        return new.read_bytes()


def _run(program: str, folder: Path, old: Path, kind: str) -> None:
    from subprocess import TimeoutExpired  # noqa: PLC0415 - as above

    from budgetgen.reading.guard.soffice import run_soffice  # noqa: PLC0415

    asked = [f"--infilter={_FILTER[kind]}", "--convert-to", kind, "--outdir", str(folder), str(old)]
    try:
        code = run_soffice(program, asked, folder, LONGEST)
    except TimeoutExpired:
        problem = "这是旧格式的文件，转换用的时间太长，没有读取"
        raise RefusalError(problem, _AGAIN, blame=Blame.MACHINE) from None
    except OSError:
        problem = "这是旧格式的文件，本机的 LibreOffice 启动不了，不能代为转换"
        raise RefusalError(problem, RESAVE, blame=Blame.MACHINE) from None
    if code < 0:  # the system has ended it
        raise RefusalError("这是旧格式的文件，转换它的程序中途被结束", _AGAIN, blame=Blame.MACHINE)
