"""What the tests of files share: LibreOffice, made to compute every formula anew."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""


@pytest.fixture(scope="session")
def convert(tmp_path_factory):
    """Convert files with LibreOffice: all at once, each in a LibreOffice of its own."""

    def started(kind: str, folder: Path, file: Path) -> subprocess.Popen:
        profile = tmp_path_factory.mktemp("office")
        settings = profile / "user" / "registrymodifications.xcu"
        settings.parent.mkdir()
        settings.write_text(ALWAYS_RECALCULATE, encoding="utf-8")
        command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
        return subprocess.Popen([*command, "--convert-to", kind, "--outdir", folder, file])

    def converted(kind: str, folder: Path, *files: Path) -> list[Path]:
        running = [started(kind, folder, file) for file in files]
        assert [process.wait(timeout=180) for process in running] == [0] * len(files)
        return [folder / f"{file.stem}.{kind}" for file in files]

    return converted
