"""The expenditure classifications: 功能分类 (类 款 项) and 经济分类 (类 款), one csv per kind and year.

Source: 政府收支分类科目. The lists are not complete at 项: an unknown code is information, never an error.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from budgetgen.edition.errors import EditionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable

COLUMNS: Final = ["code", "name"]
CODE: Final = re.compile(r"[0-9]{3}(?:[0-9]{2}){0,2}")


@cache
def load(name: str, homes: tuple[Traversable, ...] = ()) -> Mapping[str, str]:
    """A classification by the name of its file: code → official name, in code order.

    Args:
        name: of the file.
        homes: the folders of an edition that may have lists of its own; they come before the program's.

    Raises:
        EditionError: the list cannot be read; every line that is wrong is named.
    """
    file = next(file for folder in _folders(homes) if (file := folder / f"{name}.csv").is_file())
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise EditionError(f"{file.name}：不是 UTF-8 编码，在 Excel 里另存为“CSV UTF-8”") from None
    rows = list(csv.reader(text.splitlines()))
    if wrong := list(_wrong(file.name, rows)):
        raise EditionError("\n".join(wrong))
    return MappingProxyType(dict(filter(None, rows[1:])))


def _wrong(file: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """What is wrong with the lines of a list, the first of which heads its columns."""
    if not rows or list(rows[0]) != COLUMNS:
        yield f"{file}:1：第一行应是“{','.join(COLUMNS)}”"
    for number, row in enumerate(rows[1:], start=2):
        if row and (len(row) != len(COLUMNS) or not CODE.fullmatch(row[0]) or not row[1].strip()):
            told = ",".join(row)
            yield f"{file}:{number}：应是“代码,名称”（半角逗号；代码是 3、5、7 位数字），这里是“{told}”"


def names(homes: tuple[Traversable, ...] = ()) -> frozenset[str]:
    """The classifications that there are."""
    found = (file.name for folder in _folders(homes) for file in folder.iterdir())
    return frozenset(name.removesuffix(".csv") for name in found if name.endswith(".csv"))


def _folders(homes: tuple[Traversable, ...]) -> tuple[Traversable, ...]:
    return (*homes, files(__name__))
