"""What tests share: editions, golden files, and what to do where LibreOffice or the published documents lack."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import settings

from budgetgen.app.garbage import collect_seldom
from budgetgen.edition import available, load
from tests import browser

if TYPE_CHECKING:
    from collections.abc import Iterable

os.environ["XDG_CACHE_HOME"] = str(Path(tempfile.gettempdir(), "budgetgen-tests"))
"""What is kept of editions, for all workers and all programs that they start; not that of who runs the tests."""
os.environ["XDG_CONFIG_HOME"] = str(Path(tempfile.gettempdir(), "budgetgen-tests", "config"))
"""No settings but those of a test."""
os.environ["BUDGETGEN_SOFFICE"] = ""
"""No page numbers by LibreOffice but where a test asks for them: it takes seconds each time."""
# Nothing that whoever runs the tests has set for the program.
for name in ("BUDGETGEN_EDITIONS", "BUDGETGEN_DATABASE"):
    os.environ.pop(name, None)

if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir(), "budgetgen-tests", "compiled"))
"""Programs that a test starts are compiled once, not each time they start: that takes longer than most of what they do."""

# As the program does at its start, which most tests go around.
collect_seldom()

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT.parent / "shared" / "published"
PROVINCE = ROOT.parent / "shared" / "published-shanghai"
COMPARE = ROOT.parent / "shared" / "fidelity" / "compare.py"
SAMPLES = ROOT / "samples"
GOLDEN = ROOT / "tests" / "golden"


@cache
def chinese_fonts() -> bool:
    """Whether there is a font with Chinese signs; without one a page holds none."""
    listed = shutil.which("fc-list") and subprocess.run(
        ["fc-list", ":lang=zh"], capture_output=True, check=False
    )
    return bool(listed and listed.stdout.strip())


WANTED = {
    "office": (
        lambda: all(map(shutil.which, ("soffice", "pdftoppm", "pdftotext", "pdffonts"))) and chinese_fonts(),
        "LibreOffice, poppler or a Chinese font is absent",
    ),
    "published": (PUBLISHED.is_dir, "the published documents (../shared/published) are absent"),
    "browser": (
        lambda: browser.present() and chinese_fonts(),
        "Chromium, its driver or a Chinese font is absent",
    ),
    "province": (
        lambda: PROVINCE.is_dir() and shutil.which("pdftotext") is not None,
        "the documents of another province (../shared/published-shanghai) or pdftotext are absent",
    ),
}
IN_CI = os.environ.get("CI") == "true"
FULL = os.environ.get("FULL") == "1"
"""Whether every case is tried, where there are many of a kind and each takes long; else a part of them."""

settings.register_profile("some", max_examples=40, deadline=None)
settings.register_profile("full", max_examples=400, deadline=None)
settings.load_profile("full" if FULL else "some")

Case = TypeVar("Case")


def some(cases: Iterable[Case], count: int) -> list[Case]:
    """So many of the cases, evenly spread, the first and the last among them; with FULL=1 all."""
    every = list(cases)
    if FULL or len(every) <= count:
        return every
    return [every[round(n * (len(every) - 1) / max(1, count - 1))] for n in range(count)]


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")
    parser.addoption(
        "--screenshots", action="store_true", help="take the pictures of the page for docs/ anew"
    )


def pytest_collection_modifyitems(items):
    """The files that start other programs come first: they take longest, and none is to be waited for at the end alone."""
    long = {item.path for item in items if any(map(item.get_closest_marker, ("office", "browser")))}
    items.sort(key=lambda item: item.path not in long)


def pytest_runtest_setup(item):
    """Skip with the reason what cannot run here; in CI nothing may be skipped."""
    for mark, (present, reason) in WANTED.items():
        if item.get_closest_marker(mark) and not present():
            (pytest.fail if IN_CI else pytest.skip)(reason)


@pytest.fixture(scope="session", params=available())
def edition(request):
    """Each edition in turn."""
    return load(request.param)


BUDGETS = [name for name in available() if re.fullmatch(r"xinjiang-\d+", name)]
"""The editions of the format that most examples are of."""


@pytest.fixture(scope="session", params=BUDGETS)
def of_xinjiang(request):
    """Each edition of the format that most examples are of."""
    return load(request.param)


@pytest.fixture(scope="session")
def newest():
    """The newest edition."""
    return load(available()[0])


@dataclass(frozen=True)
class Golden:
    """The committed texts.

    Attributes:
        update: write them instead of comparing.
    """

    update: bool

    def __call__(self, name: str, text: str) -> None:
        """Compare a text with the committed one of that name."""
        path = GOLDEN / name
        if self.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == (path.read_text(encoding="utf-8") if path.exists() else None)

    def only(self, folder: str, names: set[str]) -> None:
        """There is no committed text in a folder that nothing is compared with any more."""
        found = {path.name for path in (GOLDEN / folder).glob("*.txt")}
        if self.update:
            for name in found - names:
                (GOLDEN / folder / name).unlink()
            found &= names
        assert found <= names


@pytest.fixture(scope="session")
def golden(request):
    """Compares texts with the committed ones; `--update-golden` writes them."""
    return Golden(request.config.getoption("--update-golden"))


ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""
"""To LibreOffice: to compute every formula anew."""


@pytest.fixture(scope="session")
def convert(tmp_path_factory):
    """Convert files with LibreOffice into a folder: all in one start of it, for to start takes longest."""
    profile = tmp_path_factory.mktemp("office")
    registry = profile / "user" / "registrymodifications.xcu"
    registry.parent.mkdir()
    registry.write_text(ALWAYS_RECALCULATE, encoding="utf-8")
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to"]

    def converted(kind: str, folder: Path, *files: Path) -> list[Path]:
        call = [*command, kind, "--outdir", folder, *files]
        subprocess.run(call, check=True, capture_output=True, timeout=600)
        return [folder / f"{file.stem}.{kind.partition(':')[0]}" for file in files]

    return converted
