"""The edition that a person asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from budgetgen.edition import FOLDERS, EditionError, available, known, load, look_in, named_folders
from budgetgen.edition.files import homes
from budgetgen.edition.library import SETTINGS
from budgetgen.values.findings import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from budgetgen.edition.declarations import Edition


def edition_of(name: str | None) -> Edition:
    """An edition by its id, the newest by default.

    Raises:
        UnusableInputError: no such edition.
    """
    try:
        return load(name or available()[0])
    except EditionError as error:
        broken = name is not None and known(name)
        fix = "改正版式里的这些地方" if broken else "用 --edition 指定现有的版式"
        raise UnusableInputError(name or "", str(error), fix) from error


def look_for_editions(first: Sequence[Path]) -> tuple[Path, ...]:
    """Look for editions in these folders, too, and in those that the environment names; which of them have none.

    Raises:
        UnusableInputError: one of them is not there, or is that of a single edition.
    """
    named = {**dict.fromkeys(named_folders(), f"环境变量 {FOLDERS}"), **dict.fromkeys(first, "--editions")}
    for folder, where in named.items():
        if not folder.is_dir():
            raise UnusableInputError(folder, "没有这个版式文件夹", f"核对 {where} 里的路径")
        if (folder / SETTINGS).is_file():
            above = folder.resolve().parent
            problem = f"这是一个版式自己的文件夹（里面有 {SETTINGS}），不是放各版式的文件夹"
            raise UnusableInputError(folder, problem, f"在 {where} 里写它的上一级：{above}")
    look_in(*first)
    return tuple(folder for folder in named if not homes(folder))
