"""Files of old formats, made new by LibreOffice where it is installed.

It works on a copy in a folder of its own, with a profile of its own in which no macro runs and nothing is fetched,
and is ended with all that it started when it takes too long. The file itself is never opened by it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from budgetgen.reading.guard.kinds import OLE2
from budgetgen.reading.guard.refusals import RESAVE, RefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping

PROGRAMS: Final = ("soffice", "libreoffice")
PLACES: Final = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
"""Where it is installed without being found by its name."""
LONGEST: Final = 120.0
"""How many seconds it may take."""
SETTINGS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>"""
_OLD: Final[Mapping[str, tuple[bytes, ...]]] = {
    "docx": ("WordDocument".encode("utf-16-le"),),
    "xlsx": ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le")),
}
"""The streams that tell what an old file is."""
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
"""Tells a new file that opens with a password."""
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
    program = next(filter(None, map(shutil.which, (*PROGRAMS, *PLACES))), None)
    if program is None:
        raise RefusalError(
            "这是旧格式的文件（.xls、.doc 或 WPS 的 .et、.wps），本机没有装 LibreOffice，不能代为转换", RESAVE
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
    profile = folder / "profile"
    registry = profile / "user" / "registrymodifications.xcu"
    registry.parent.mkdir(parents=True)
    registry.write_text(SETTINGS, encoding="utf-8")
    command = [
        program,
        f"-env:UserInstallation={profile.as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", f"--infilter={_FILTER[kind]}"),
        *("--convert-to", kind, "--outdir", str(folder)),
        str(old),
    ]
    own_group = sys.platform != "win32"
    # The program is found in the system's own places, and its arguments are the program's own.
    process = subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=own_group,
    )
    try:
        process.wait(LONGEST)
    except subprocess.TimeoutExpired:
        raise RefusalError("这是旧格式的文件，转换用的时间太长，没有读取", RESAVE) from None
    finally:
        _end(process, own_group=own_group)


def _end(process: subprocess.Popen[bytes], *, own_group: bool) -> None:
    """End what may still run: LibreOffice starts another process, which does the work."""
    try:
        if own_group:
            os.killpg(process.pid, signal.SIGKILL)
        elif process.poll() is None:
            process.kill()
    except ProcessLookupError:
        pass
    process.wait()
