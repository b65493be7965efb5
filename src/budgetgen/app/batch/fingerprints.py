"""What a result depends on: the files it is made from, how, and by which program with which editions."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from budgetgen.edition import own_folders
from budgetgen.values.keeping import loaded, replaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budgetgen.app.batch.jobs import Job, Sent

MADE_FROM: Final = frozenset({".py", ".toml", ".csv", ".docx", ".html"})
"""The files of the program and of editions that a result depends on."""
LIBRARIES: Final = (
    "docxtpl",
    "highspy",
    "lxml",
    "openpyxl",
    "pdfplumber",
    "pypdf",
    "python-docx",
    "xlsxwriter",
)
"""The libraries whose version shows in what is told or written; some may not be there, which shows, too."""


def program_fingerprint() -> str:
    """The program with its editions, those of the user too, and the libraries that work for it.

    It is the same on every machine; that of a program that was replaced since it was loaded is no other's.
    """
    told = hashlib.sha256(loaded().encode() if replaced() else b"")
    for name in LIBRARIES:
        told.update(f"{name} {_version(name)}\n".encode())
    for file, name in _files():
        told.update(f"{name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return told.hexdigest()


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""


def _files() -> Iterator[tuple[Path, str]]:
    """The files that decide, each with a name that is the same on every machine."""
    for number, home in enumerate((Path(__file__).parents[2], *own_folders())):
        for file in sorted(path for path in home.rglob("*") if path.suffix in MADE_FROM and path.is_file()):
            yield file, f"{number} {file.relative_to(home).as_posix()}"


def job_fingerprint(job: Job, program: str) -> str:
    """A job by the content of its files and how it is called; empty where a file cannot be read."""
    options = job.options
    told = hashlib.sha256(
        f"{program} {job.command} {options.edition} {options.draft} {options.also} {job.place}\n".encode()
    )
    try:
        for file in (*job.files, options.prior, options.template):
            told.update(_content(file))
    except OSError:
        return ""
    return told.hexdigest()


def unit_fingerprint(file: Sent, edition: str | None, program: str) -> str:
    """A unit's file by its content and what it is called; empty where it cannot be read."""
    told = hashlib.sha256(f"{program} unit {edition} {file.told}\n".encode())
    try:
        told.update(_content(file))
    except OSError:
        return ""
    return told.hexdigest()


def _content(file: Sent | None) -> bytes:
    if file is None:
        return b"-\n"
    return f"{file.name} {hashlib.sha256(Path(file.path).read_bytes()).hexdigest()}\n".encode()
