"""The expenditure classifications: 功能分类 (类 款 项) and 经济分类 (类 款), one csv per kind and year.

Source: 政府收支分类科目. The lists are not complete at 项: an unknown code is information, never an error.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable


@cache
def load(name: str, homes: tuple[Traversable, ...] = ()) -> Mapping[str, str]:
    """A classification by the name of its file: code → official name, in code order.

    Args:
        name: of the file.
        homes: the folders of an edition that may have lists of its own; they come before the program's.
    """
    file = next(file for folder in _folders(homes) if (file := folder / f"{name}.csv").is_file())
    rows = csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
    return MappingProxyType({row["code"]: row["name"] for row in rows})


def names(homes: tuple[Traversable, ...] = ()) -> frozenset[str]:
    """The classifications that there are."""
    found = (file.name for folder in _folders(homes) for file in folder.iterdir())
    return frozenset(name.removesuffix(".csv") for name in found if name.endswith(".csv"))


def _folders(homes: tuple[Traversable, ...]) -> tuple[Traversable, ...]:
    return (*homes, files(__name__))
