"""Pack the program into one folder that needs no Python, for the system that this runs on: `python packaging/pack.py [FOLDER]`.

Needs `pip install ".[all]" pyinstaller`. On Windows the folder holds what a clerk double-clicks, too.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
STARTERS = sorted((HERE / "windows").iterdir())


def pack(folder: Path) -> Path:
    """Pack into a folder; the folder that was made."""
    with tempfile.TemporaryDirectory() as work:
        options = ["--noconfirm", "--log-level", "ERROR", "--distpath", str(folder), "--workpath", work]
        subprocess.run(
            [sys.executable, "-m", "PyInstaller", *options, str(HERE / "budgetgen.spec")], check=True
        )
    packed = folder / "budgetgen"
    if sys.platform == "win32":
        for starter in STARTERS:
            shutil.copy(starter, packed)
    return packed


if __name__ == "__main__":
    print(pack(Path(sys.argv[1] if len(sys.argv) > 1 else "dist")))
