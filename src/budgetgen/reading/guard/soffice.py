"""LibreOffice as a program that is started for one job: in a profile of its own, with a limit of time."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SOFFICE: Final = "BUDGETGEN_SOFFICE"
"""The environment variable with the program; empty where it is not to be used."""
_NAMES: Final = (
    "soffice",
    "libreoffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
"""What it is called, and where it is on systems that do not put it on the path."""
_SETTINGS: Final = """<?xml version="1.0" encoding="UTF-8"?>
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
"""No macro runs, nothing is fetched."""


def soffice() -> str | None:
    """The program, None where it is not there or not wanted."""
    if SOFFICE in os.environ:
        return shutil.which(os.environ[SOFFICE]) if os.environ[SOFFICE] else None
    return next(filter(None, map(shutil.which, _NAMES)), None)


def run_soffice(program: str, arguments: Sequence[str], folder: Path, limit: float) -> int:
    """Its exit code; whatever it has started is ended with it, and when it takes too long.

    Args:
        program: as found.
        arguments: what it is to do.
        folder: its profile is put there, and everything that it writes has to go there.
        limit: in seconds.

    Raises:
        TimeoutExpired: it took longer.
        OSError: it does not start.
    """
    profile = folder / "profile"
    registry = profile / "user" / "registrymodifications.xcu"
    registry.parent.mkdir(parents=True)
    registry.write_text(_SETTINGS, encoding="utf-8")
    command = [program, f"-env:UserInstallation={profile.as_uri()}"]
    command += ["--headless", "--norestore", "--nolockcheck", "--nologo", *arguments]
    own_group, quiet = sys.platform != "win32", subprocess.DEVNULL
    # The program is found in the system's own places, and its arguments are ours.
    process = subprocess.Popen(  # noqa: S603
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=own_group
    )
    try:
        return process.wait(limit)
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
