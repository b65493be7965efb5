"""Files out: nothing is overwritten unseen."""

from __future__ import annotations

import re
import unicodedata
from itertools import count
from typing import TYPE_CHECKING

from budgetgen.values.findings import UnusableInputError
from budgetgen.writing.archive import move_file, replace_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OLD = "（旧{}）"
SET_ASIDE = re.compile(OLD.format("[0-9]+") + "$")
ANNOTATED = "（审核）"
"""Ends the name of an annotated copy."""
COMPLETED = "（补全）"
"""Ends the name of a workbook with what was worked out."""
STATUSES = "（汇总情况）"
"""Ends the name of the file that tells why nothing was consolidated."""
LONGEST_NAME = 180
"""In bytes: most systems take 255, and marks such as （草稿）（补全） follow."""


def refuse_existing(path: Path) -> None:
    """Stop before a file that is there is written over.

    Raises:
        UnusableInputError: the file exists.
    """
    if path.exists():
        raise UnusableInputError(path, "文件已经存在，没有覆盖", "换一个文件名，或先把原来的文件移走")


def beside(path: Path, target: Path, mark: str) -> Path:
    """Where a file is written: never over the input."""
    return target.with_stem(target.stem + mark) if target.exists() and target.samefile(path) else target


def file_name(text: str) -> str:
    """A name that every system takes: no bidi marks, reserved names or separators; not too long."""
    from pathvalidate import sanitize_filename  # noqa: PLC0415 - only where something is written

    # The library leaves bidi marks.
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    name = str(sanitize_filename(seen, replacement_text="_")).strip(" .")
    short = name.encode()[:LONGEST_NAME].decode(errors="ignore")
    return short or "预算公开"


def save(path: Path, data: bytes) -> Iterator[tuple[str, str]]:
    """Write a file; what stood there and differs is kept under another name, which is told."""
    if path.is_file() and path.read_bytes() != data:
        yield set_aside(path)
    replace_file(path, data)


def set_aside(path: Path) -> tuple[str, str]:
    """Keep a file under another name: its name, and that."""
    old = next(p for n in count(1) if not (p := path.with_stem(path.stem + OLD.format(n))).exists())
    move_file(path, old)
    return path.name, old.name


def is_old(path: Path) -> bool:
    """Whether a file was set aside."""
    return bool(SET_ASIDE.search(path.stem))
